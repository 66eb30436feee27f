#![no_main]

use libfuzzer_sys::fuzz_target;
use shapegate_fuzz::targets;

fuzz_target!(|input: &[u8]| (targets::find("models").expect("it is in the list").run)(input));
