//! What several modules of tests need.

pub(crate) mod changes;
#[cfg(feature = "cli")]
pub(crate) mod folder;
#[cfg(all(feature = "cli", target_os = "linux"))]
pub(crate) mod memory;
pub(crate) mod smithy;
pub(crate) mod traffic;
pub(crate) mod wheels;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::finding::{Finding, Severity};
use shapegate::gate::{Approvals, Day, Settings, Verdict, judge};
use shapegate::ingest::embedded;
use shapegate::outcome::Outcome;

/// Folder of the package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A catalog of one embedded contract.
pub(crate) fn catalog(contract: &str) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find(contract).expect("an embedded contract"));
    catalog
}

/// The same, which tests share: what a check makes of a contract is made once.
pub(crate) fn shared(contract: &'static str) -> &'static Catalog {
    static SHARED: Mutex<BTreeMap<&str, &'static Catalog>> = Mutex::new(BTreeMap::new());
    let mut known = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(contract).or_insert_with(|| Box::leak(Box::new(catalog(contract))))
}

/// What is shipped, which tests share.
pub(crate) static EXPECTATIONS: LazyLock<Expectations> =
    LazyLock::new(|| Expectations::shipped().expect("shipped expectations compile"));

/// Checks inputs against a catalog, with shipped expectations.
pub(crate) fn check(catalog: &Catalog, inputs: Vec<Input>, threads: usize) -> Checked {
    let options = Options { threads, ..Options::new(catalog, &EXPECTATIONS) };
    run(inputs, &options).expect("the paths are there and the contract is sound")
}

/// Checks paths against an embedded contract.
pub(crate) fn check_paths(contract: &'static str, paths: &[PathBuf]) -> Checked {
    check(shared(contract), paths.iter().cloned().map(Input::Path).collect(), 2)
}

/// Judges an outcome without approvals.
pub(crate) fn judged(outcome: Outcome, settings: &Settings) -> Verdict {
    judge(outcome, settings, &Approvals::default(), Day::of_unix_time(0)).expect("something was read")
}

/// What a finding counts where a team decides nothing.
pub(crate) fn level(finding: &Finding) -> Severity {
    Settings::default().level(finding).expect("nothing is off by default")
}

/// Folders within a folder, sorted.
pub(crate) fn folders(path: &Path) -> Vec<PathBuf> {
    entries(path).into_iter().filter(|entry| entry.is_dir()).collect()
}

/// What is in a folder, sorted.
pub(crate) fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.sort();
    paths
}

/// The last part of a path.
pub(crate) fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names of fixtures and sources are text")
}
