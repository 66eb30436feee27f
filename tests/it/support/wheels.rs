//! Botocore's wheels, which are no part of the project: `.ci/run` fetches them and says where they are.

use std::env;
use std::fs;
use std::path::PathBuf;

use shapegate::ingest::source::Source;

use super::root;

/// The newest release that `.ci/run` fetches.
pub(crate) const NEWEST: &str = "1.44.5";

/// A release's wheel. Panics for a release that `.ci/run` does not fetch, also where somebody's folder has it: a new machine
/// has no other.
pub(crate) fn wheel(version: &str) -> PathBuf {
    let script = fs::read_to_string(root().join(".ci/run")).expect("part of the project");
    let fetched =
        script.lines().find_map(|line| line.trim_start().strip_prefix("fetch_wheels ")).expect("it fetches wheels");
    assert!(fetched.split(' ').any(|one| one == version), ".ci/run fetches no botocore {version}, but {fetched}");
    let folder = env::var_os("SHAPEGATE_WHEELS").expect("SHAPEGATE_WHEELS names the folder of botocore's wheels");
    PathBuf::from(folder).join(format!("botocore-{version}-py3-none-any.whl"))
}

/// The models of a release.
pub(crate) fn release(version: &str) -> Source {
    Source::open(&wheel(version)).expect("a wheel")
}
