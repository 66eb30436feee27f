//! Globs of the configuration and of approvals that nothing in a run is about, for a folder that was renamed leaves them
//! behind; and approvals of services that there are none of.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::names::Names;
use crate::config::{Config, FILE, Set};
use crate::gate::{Approval, Approvals};
use crate::outcome::{MoreModels, Outcome};
use crate::paths::{Paths, STDIN};
use crate::recording::Omission;

/// Globs that are reported one by one; more are counted.
const SHOWN: usize = 20;

/// Reports on stderr the globs that can match nothing, and those that would have matched below the named paths and do not.
/// What else is elsewhere this run does not know.
pub(super) fn tell_unused(
    config: &Config,
    approvals: (&Approvals, &Path),
    named: &[PathBuf],
    outcome: &Outcome,
    models: &dyn Names,
) {
    let read: Vec<Cow<'_, str>> = outcome.scope.files.keys().map(Into::into).collect();
    let is_excluded = |reason: &str| reason == Omission::Excluded.as_str();
    let excluded = outcome.tally.omitted.iter().filter(|(_, reason)| is_excluded(reason));
    let excluded: Vec<Cow<'_, str>> = excluded.map(|(path, _)| path.to_string_lossy()).collect();
    let place = config.file.as_deref().unwrap_or(Path::new(FILE)).display();
    let mut told = Vec::new();
    for (glob, why) in config.excluded.iter().flat_map(|paths| unused(paths, named, &excluded)) {
        // What it excludes is named and read, which was said.
        if config.excluded.iter().any(|paths| is_of_named(glob, paths, named)) {
            continue;
        }
        let line = config.exclude.iter().find(|set| set.value == glob).map_or(1, |set| set.line);
        told.push(format!("{place}:{line}: nothing is excluded by {glob:?}{why}"));
    }
    let services = config.services.iter().map(|Set { value, line }| (Some(&value.paths), *line));
    let overrides = config.overrides.iter().map(|Set { value, line }| (value.paths.as_ref(), *line));
    for (paths, line) in services.chain(overrides) {
        for (glob, why) in paths.into_iter().flat_map(|paths| unused(paths, named, &read)) {
            told.push(format!("{place}:{line}: no recording is at {glob:?}{why}"));
        }
    }
    let (approvals, place) = approvals;
    for approval in approvals.iter() {
        for (glob, why) in approval.paths().into_iter().flat_map(|paths| unused(paths, named, &read)) {
            told.push(format!("{}: {}: no recording is at {glob:?}{why}", place.display(), approval.fingerprint));
        }
    }
    // Models that were not looked for are not looked for because of this.
    let are_known = matches!(outcome.tally.more_models, MoreModels::Named | MoreModels::Installed);
    let of_nobody = |approval: &&Approval| approval.service().is_some_and(|own| !is_service(own, outcome, models));
    for approval in approvals.iter().filter(|_| are_known).filter(of_nobody) {
        let service = approval.service().unwrap_or_default();
        told.push(format!("{}: {}: no service is called {service:?}", place.display(), approval.fingerprint));
    }
    for line in told.iter().take(SHOWN) {
        super::tell(format_args!("{line}"));
    }
    if let Some(more @ 1..) = told.len().checked_sub(SHOWN) {
        super::tell(format_args!("and {more} more that match nothing"));
    }
}

/// Whether findings may be of a service of that name. Where a model cannot be read, nobody knows.
fn is_service(name: &str, outcome: &Outcome, models: &dyn Names) -> bool {
    let mut seen = outcome.tally.contracts.keys().chain(outcome.tally.unchecked.keys());
    seen.any(|own| own == name) || models.called(name).map_or(true, |called| called.as_deref() == Some(name))
}

/// Whether a path that is named is what a glob excludes.
fn is_of_named(glob: &str, paths: &Paths, named: &[PathBuf]) -> bool {
    let mut own = paths.each().filter(|(one, _)| *one == glob);
    own.any(|(_, paths)| named.iter().any(|path| path.as_os_str() != STDIN && paths.cover(path)))
}

/// Globs that are about nothing, with the reason where there is one, and globs that are about something below a named path
/// and about none of the files.
fn unused<'p>(paths: &'p Paths, named: &[PathBuf], files: &[Cow<'_, str>]) -> Vec<(&'p str, String)> {
    let of_one = |(glob, paths): (&'p str, Paths)| {
        if let Some((_, missing)) = paths.missing().next() {
            let root = if glob.starts_with('/') { "; `/` at its beginning is the root of the file system" } else { "" };
            return Some((glob, format!(": there is no {missing}{root}")));
        }
        let is_sought = named.iter().any(|path| paths.are_within(path));
        (is_sought && !files.iter().any(|file| paths.has(file))).then(|| (glob, String::new()))
    };
    paths.each().filter_map(of_one).collect()
}
