//! The main function of a test target: arguments in, exit code out. The only file of the harness that touches the
//! process.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::{Arguments, Failed, Trial};

use super::{Case, Cases, Harness};
use crate::config::{Config, find};
use crate::error::Result;
use crate::gate::Day;
use crate::ingest::installed::{self, INSTALLED, Surroundings};

impl Harness {
    /// Runs one trial for each recording, with the arguments of the process, as Rust's own test harness does: filters,
    /// `--list`, `--exact`, `--ignored`, and what `cargo nextest` asks for.
    ///
    /// Under `cargo nextest`, which starts a process for each trial, there are at most 4 of them, or as many as
    /// [`Harness::nextest_trials`] says; each judges the recordings that its name is a pattern of, and reports every one
    /// that fails.
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
        let most = if is_nextest(std::env::var_os("NEXTEST")) { harness.nextest_trials } else { usize::MAX };
        // A runner that starts a process for each trial names it exactly: the other files are not its business.
        let named = arguments.filter.as_deref().filter(|_| arguments.exact && !arguments.list);
        let cases = harness.named_or_all(named, most);
        // A list has readers that take each line for a test, and a runner that starts a process for each trial would
        // show the same files each time.
        if !arguments.list && !arguments.exact {
            for (path, reason) in &cases.others {
                // Nothing is lost where nobody reads it.
                let _ = writeln!(io::stderr(), "not a recording: {}: {reason}", path.display());
            }
        }
        let trial = |case: Case| {
            let name = case.name().to_owned();
            // The process ends with its trials, and frees contracts faster than one by one.
            let case = ManuallyDrop::new(case);
            Trial::test(name, move || case.judge().map_err(Failed::from))
        };
        libtest_mimic::run(&arguments, cases.cases.into_iter().map(trial).collect()).exit_code()
    }
}

impl Harness {
    fn named_or_all(&self, named: Option<&str>, most: usize) -> Cases {
        if let Some(case) = named.and_then(|name| self.case(name, most)) {
            return Cases { cases: vec![case], others: Vec::new() };
        }
        let mut all = self.grouped_cases(most);
        let is_missing = |name: &&str| most < usize::MAX && all.cases.iter().all(|case| case.name() != *name);
        if let Some(name) = named.filter(is_missing) {
            // Without a trial the process would pass.
            let reason = "the recordings of this trial are gone since it was listed";
            all.cases.push(Case::impossible(name.to_owned(), reason.to_owned()));
        }
        all
    }
}

/// Whether the variable `NEXTEST` says who runs this: it is set for the list of trials and for each of them.
fn is_nextest(variable: Option<OsString>) -> bool {
    variable.is_some_and(|value| value == "1")
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const RECORD: &str =
        r#"{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {}}"#;

    fn names(cases: &Cases) -> Vec<&str> {
        cases.cases.iter().map(Case::name).collect()
    }

    #[test]
    fn nextest_is_known_by_its_variable() {
        assert!(is_nextest(Some("1".into())));
        assert!(!is_nextest(Some("0".into())) && !is_nextest(None));
    }

    #[test]
    fn what_is_listed_is_found_by_its_exact_name() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for (folder, count) in [("a", 150), ("b", 49)] {
            fs::create_dir(dir.path().join(folder)).expect("writable");
            for number in 0..count {
                fs::write(dir.path().join(format!("{folder}/{number:03}.ndjson")), RECORD).expect("writable");
            }
        }
        for name in ["a.ndjson", "z.ndjson"] {
            fs::write(dir.path().join(name), RECORD).expect("writable");
        }
        fs::write(dir.path().join("b/NOTES.md"), "# Notes").expect("writable");
        let harness = Harness::new(dir.path()).contract("cleanrooms@2023-08-30");
        let most = harness.nextest_trials;
        let listed = harness.named_or_all(None, most);
        assert!((2..=most).contains(&listed.cases.len()), "{:?}", names(&listed));
        let mut recordings = 0;
        for case in &listed.cases {
            let alone = harness.case(case.name(), most).expect("it needs no other file");
            assert_eq!(alone.judge().expect_err("all are faulty"), case.judge().expect_err("all are faulty"));
            assert_eq!(names(&harness.named_or_all(Some(case.name()), most)), [case.name()]);
            recordings += case.recordings();
        }
        assert_eq!(recordings, 201);
        assert_eq!(names(&harness.named_or_all(Some("b/007.ndjson"), most)), ["b/007.ndjson"]);

        let gone = harness.named_or_all(Some("c/*"), most);
        let failed = gone.cases.iter().find(|case| case.name() == "c/*").expect("it is not passed over");
        assert!(failed.judge().is_err_and(|reason| reason.contains("gone since it was listed")));
        assert_eq!(harness.nextest_trials(7).nextest_trials, 7);
    }
}
