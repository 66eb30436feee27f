//! The main function of a test target: arguments in, exit code out. The only file of the harness that touches the
//! process.

use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::{Arguments, Failed, Trial};

use super::Harness;
use crate::config::{Config, find};
use crate::error::Result;
use crate::gate::Day;
use crate::ingest::installed::{self, INSTALLED, Surroundings};

impl Harness {
    /// Runs one trial for each recording, with the arguments of the process, as Rust's own test harness does: filters,
    /// `--list`, `--exact`, `--ignored`, and what `cargo nextest` asks for.
    ///
    /// What is not said here is taken from the nearest `shapegate.toml`, where there is one: in the package's folder or above
    /// it, up to the repository's root or the user's home.
    ///
    /// Files that are no recordings are no trials; they are listed on standard error.
    pub fn run(mut self) -> ExitCode {
        if self.config.is_none() {
            self.config = Some(configured().map_err(|error| error.to_string()));
        }
        let arguments = Arguments::from_args();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let today = self.today.unwrap_or_else(|| Day::of_unix_time(since.as_secs()));
        let harness = self.today(today);
        // A runner that starts a process for each trial names it exactly: the other files are not its business.
        let named = arguments.filter.as_deref().filter(|_| arguments.exact && !arguments.list);
        let cases = named.and_then(|name| harness.case(name)).unwrap_or_else(|| harness.cases());
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
            // The process ends with its trials, and frees contracts faster than one by one.
            let case = ManuallyDrop::new(case);
            Trial::test(name, move || case.judge().map_err(Failed::from))
        };
        libtest_mimic::run(&arguments, cases.cases.into_iter().map(trial).collect()).exit_code()
    }
}

/// The nearest configuration, with the place of what is installed.
fn configured() -> Result<Config> {
    let directory = std::env::current_dir().unwrap_or_default();
    let home = installed::home(|name| std::env::var_os(name));
    let Some(found) = find(&directory, home.as_deref()) else { return Ok(Config::default()) };
    let mut config = Config::read(&found)?;
    for model in config.models.iter_mut().filter(|model| model.value.source == Path::new(INSTALLED)) {
        let surroundings = Surroundings::of(
            |name| std::env::var_os(name),
            |list| std::env::split_paths(list).collect(),
            Some(directory.clone()),
        );
        if let Some(installed) = installed::find(&surroundings) {
            model.value.source = installed.folder;
        }
    }
    Ok(config)
}
