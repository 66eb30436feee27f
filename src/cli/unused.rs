//! Globs of the configuration and of approvals that nothing in a run is about: a folder that was renamed leaves them behind.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::config::{Config, FILE, Set};
use crate::gate::Approvals;
use crate::outcome::Outcome;
use crate::paths::Paths;
use crate::recording::Omission;

/// Reports on stderr the globs that would have matched below the named paths, and do not. What is elsewhere this run does
/// not know.
pub(super) fn tell_unused(config: &Config, approvals: (&Approvals, &Path), named: &[PathBuf], outcome: &Outcome) {
    let read: Vec<Cow<'_, str>> = outcome.scope.files.keys().map(Into::into).collect();
    let is_excluded = |reason: &str| reason == Omission::Excluded.as_str();
    let excluded = outcome.tally.omitted.iter().filter(|(_, reason)| is_excluded(reason));
    let excluded: Vec<Cow<'_, str>> = excluded.map(|(path, _)| path.to_string_lossy()).collect();
    let place = config.file.as_deref().unwrap_or(Path::new(FILE)).display();
    for glob in config.excluded.iter().flat_map(|paths| unused(paths, named, &excluded)) {
        let line = config.exclude.iter().find(|set| set.value == glob).map_or(1, |set| set.line);
        super::tell(format_args!("{place}:{line}: nothing is excluded by {glob:?}"));
    }
    let services = config.services.iter().map(|Set { value, line }| (Some(&value.paths), *line));
    let overrides = config.overrides.iter().map(|Set { value, line }| (value.paths.as_ref(), *line));
    for (paths, line) in services.chain(overrides) {
        for glob in paths.into_iter().flat_map(|paths| unused(paths, named, &read)) {
            super::tell(format_args!("{place}:{line}: no recording is at {glob:?}"));
        }
    }
    let (approvals, place) = approvals;
    for approval in approvals.iter() {
        for glob in approval.paths().into_iter().flat_map(|paths| unused(paths, named, &read)) {
            let told = format_args!("{}: {}: no recording is at {glob:?}", place.display(), approval.fingerprint);
            super::tell(told);
        }
    }
}

/// Globs that are about something below a named path, and about none of the files.
fn unused<'p>(paths: &'p Paths, named: &[PathBuf], files: &[Cow<'_, str>]) -> Vec<&'p str> {
    let is_sought = |paths: &Paths| named.iter().any(|path| paths.are_within(path));
    let is_unused = |paths: &Paths| is_sought(paths) && !files.iter().any(|file| paths.has(file));
    paths.each().filter(|(_, paths)| is_unused(paths)).map(|(glob, _)| glob).collect()
}
