//! Holds the fast path against the full path on payloads that are broken at random: `agreement COUNT [SEED]`.
//!
//! ```sh
//! cargo run --release --manifest-path fuzz/Cargo.toml --bin agreement -- 10000000
//! ```
//!
//! Payloads of our own service and of Clean Rooms, each with a change of its bytes, tokens or JSON (`fuzz/src/mutation.rs`), are
//! judged as texts and, where they are JSON, as values that a protocol put together. What both paths find, part by part where
//! the fast one is in doubt, is what the full path finds of the whole by itself. Exit code 1 where it is not.

use std::io::Write as _;
use std::process::ExitCode;

use shapegate_fuzz::targets::{Agreement, Inputs, find, hold};

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>().ok());
    let Some(Some(count)) = numbers.next() else {
        let _ = writeln!(std::io::stderr(), "agreement COUNT [SEED]");
        return ExitCode::from(2);
    };
    let seed = numbers.next().flatten().unwrap_or(1);
    let inputs = Inputs::new(find("paths").expect("a target"), seed);
    let mut all = Agreement::default();
    let mut out = std::io::stdout().lock();
    for number in 0..usize::try_from(count).unwrap_or(usize::MAX) {
        let input = inputs.input(number);
        let held = hold(&input);
        all.add(&held);
        if held.apart > 0 {
            let _ = writeln!(out, "number {number}: {}", String::from_utf8_lossy(&input));
        }
        if (number + 1) % 1_000_000 == 0 {
            let _ = writeln!(out, "{} inputs: {all}", number + 1).and_then(|()| out.flush());
        }
    }
    let _ = writeln!(out, "{count} inputs of seed {seed}: {all}");
    if all.apart == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
