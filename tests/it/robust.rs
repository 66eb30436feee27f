//! Inputs that are broken at random (`fuzz/`): a small share of them on every run, those that failed once by themselves.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;

use shapegate::recording::FORMATS;

use crate::fuzz::targets::{self, Inputs, Slot, TARGETS};
use crate::support::{entries, folders, name_of, root};

/// What is run of each target by `cargo test`; `fuzz/README.md` has the whole counts.
const SHARES: [(&str, usize); 8] = [
    ("recordings", 400),
    ("protocols", 400),
    ("models", 80),
    ("paths", 300),
    ("patterns", 80),
    ("reports", 40),
    ("settings", 300),
    ("redact", 60),
];

#[test]
fn broken_inputs_are_judged_and_every_report_is_whole() {
    assert_eq!(TARGETS.iter().map(|target| target.id).collect::<Vec<_>>(), SHARES.map(|(id, _)| id));
    for (id, count) in SHARES {
        let target = targets::find(id).expect("it is in the list");
        let inputs = Inputs::new(target, 1);
        for number in 0..count {
            let input = inputs.input(number);
            let ran = catch_unwind(|| (target.run)(&input));
            assert!(ran.is_ok(), "`robust {id} {} --from {number}` (fuzz/README.md) fails", number + 1);
        }
    }
}

#[test]
fn every_format_of_recordings_is_broken() {
    let slots: BTreeSet<&str> = Slot::ALL.iter().map(|slot| slot.format).collect();
    let formats: BTreeSet<&str> = FORMATS.iter().map(|format| format.id()).collect();
    assert_eq!(slots, formats);
}

/// `tests/regression/<target>/<what was wrong>`: inputs as the target takes them.
#[test]
fn inputs_that_failed_once_do_so_no_more() {
    let mut ran = 0;
    for folder in folders(&root().join("tests/regression")) {
        let target = targets::find(name_of(&folder)).unwrap_or_else(|| panic!("no target for {}", folder.display()));
        for file in entries(&folder) {
            let input = fs::read(&file).expect("readable");
            assert!(catch_unwind(|| (target.run)(&input)).is_ok(), "{} fails again", file.display());
            ran += 1;
        }
    }
    assert!(ran >= 3, "{ran} inputs");
}
