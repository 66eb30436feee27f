//! The main function of a test target: arguments in, exit code out. The only file of the harness that touches the
//! process.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::{Arguments, Failed, Trial};

use super::Harness;
use crate::gate::Day;

impl Harness {
    /// Runs one trial for each recording, with the arguments of the process, as Rust's own test harness does: filters,
    /// `--list`, `--exact`, `--ignored`, and what `cargo nextest` asks for.
    ///
    /// Files that are no recordings are no trials; they are listed on standard error.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::from_args();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let today = self.today.unwrap_or_else(|| Day::of_unix_time(since.as_secs()));
        let cases = self.today(today).cases();
        // A list has readers that take each line for a test, and a runner that starts a process for each trial would
        // show the same files each time.
        if !arguments.list && !arguments.exact {
            for (path, reason) in &cases.others {
                // Nothing is lost where nobody reads it.
                let _ = writeln!(io::stderr(), "not a recording: {}: {reason}", path.display());
            }
        }
        let trial = |case: super::Case| {
            let name = case.name().to_owned();
            Trial::test(name, move || case.judge().map_err(Failed::from))
        };
        libtest_mimic::run(&arguments, cases.cases.into_iter().map(trial).collect()).exit_code()
    }
}
