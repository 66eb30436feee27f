//! The `shapegate` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    shapegate::cli::run()
}
