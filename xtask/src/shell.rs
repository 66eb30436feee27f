//! Other programs, run at the package's root with its streams.

use std::path::PathBuf;
use std::process::Command;

use shapegate::error::{Error, Result};

use super::root;

/// Runs a program; one that fails is an error.
pub(super) fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).envs(environment.iter().copied()).current_dir(root());
    let status = command.status().map_err(|error| Error::io(PathBuf::from(program), error))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(format!("`{program} {}` failed: {status}", arguments.join(" "))))
}

/// Whether a program is on the search path.
pub(super) fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
