//! What is named by the user and holds no recording: found in a folder it would be passed over, but who names it expects it
//! to be read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::reading::no_recording;
use super::{Checked, Input};
use crate::contract::{Breach, BreachKind};
use crate::finding::Finding;
use crate::outcome::Tally;
use crate::rules;

/// The paths that a user names.
pub(super) struct Named {
    files: HashSet<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Named {
    pub(super) fn of(inputs: &[Input]) -> Self {
        let paths = inputs.iter().filter_map(|input| match input {
            Input::Path(path) => Some(path.clone()),
            Input::Stream(_) => None,
        });
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
        Self { files: files.into_iter().collect(), folders }
    }

    /// Findings about files that were named and skipped.
    pub(super) fn skipped(&self, tally: &Tally) -> Vec<Finding> {
        let named = tally.skipped.iter().filter(|(path, _)| self.files.contains(path));
        named.map(|(path, reason)| no_recording(path, &format!("it was named and not read: {reason}"))).collect()
    }

    /// Makes errors of broken files that were named, whether anything else says that they are recordings or not.
    pub(super) fn insist(&self, part: &mut Checked) {
        for finding in part.findings.iter_mut().filter(|_| part.tally.recordings == 0) {
            if let Some(BreachKind::Malformed { reason, harmless: true }) = finding.deviation.breach()
                && self.files.contains(Path::new(&finding.location.file))
            {
                let kind = BreachKind::Malformed { reason: reason.clone(), harmless: false };
                let (location, excerpt) = (finding.location.clone(), finding.excerpt.clone());
                *finding = Finding { location, excerpt, ..rules::exchange::judge(&Breach::whole(kind), None, None) };
            }
        }
    }

    /// The folders that were named, where nothing but folders was and there was no file in them.
    pub(super) fn empty(&self, checked: &Checked) -> Vec<PathBuf> {
        let tally = &checked.tally;
        let has_nothing = tally.recordings == 0 && tally.skipped.is_empty() && tally.omitted.is_empty();
        if has_nothing && self.files.is_empty() && checked.findings.is_empty() {
            self.folders.clone()
        } else {
            Vec::new()
        }
    }

    /// Findings about folders that were named and hold no recording. Where there is none at all, the gate says so.
    pub(super) fn without_recording(&self, checked: &Checked) -> Vec<Finding> {
        if checked.tally.recordings == 0 {
            return Vec::new();
        }
        let read = checked.scope.files.keys().chain(checked.findings.iter().map(|finding| &finding.location.file));
        let read: Vec<&Path> = read.map(Path::new).collect();
        let is_read = |folder: &PathBuf| {
            read.iter().any(|file| file.starts_with(folder))
                || checked.tally.omitted.iter().any(|(file, _)| file.starts_with(folder))
        };
        let told = |folder: &PathBuf| no_recording(folder, "it was named and holds no recording");
        self.folders.iter().filter(|folder| !is_read(folder)).map(told).collect()
    }
}
