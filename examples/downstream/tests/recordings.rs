//! Every recording in `tests/recordings` keeps the contract: one trial for each file.

use std::process::ExitCode;

use shapegate::harness::Harness;

fn main() -> ExitCode {
    Harness::new("tests/recordings").contract("cleanrooms@2023-08-30").run()
}
