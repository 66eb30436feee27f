//! Which files below paths are recordings, without judging what is in them.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use super::content::{Content, OTHER};
use super::units::{Unit, Units, unread};
use super::{Catalog, Input, Options};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::recording::{Filter, packed};

/// The files below paths, told apart as [`run`](super::run) does.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Files that have something to judge, or that a run has a finding about because they cannot be read.
    pub recordings: Vec<PathBuf>,
    /// Files that are no recordings, with the reason.
    pub others: Vec<(PathBuf, String)>,
}

/// Looks at every file below some paths, in the order of a run.
///
/// # Errors
/// One of the paths is not there.
pub fn survey(paths: Vec<PathBuf>, options: &Options<'_>) -> Result<Survey> {
    for path in &paths {
        fs::symlink_metadata(path).map_err(|error| Error::io(path, error))?;
    }
    let mut seen = Survey::default();
    for unit in Units::new(paths.into_iter().map(Input::Path).collect(), options) {
        seen.add(unit, options);
    }
    Ok(seen)
}

/// Whether a file is a recording, so far as that is seen without judging it. What is not there, or cannot be read, is none, nor is
/// a pipe, which is not read for that.
pub fn is_recording(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let (catalog, expectations) = (Catalog::default(), Expectations::default());
    let options = Options { filter: &Filter::NOTHING, ..Options::new(&catalog, &expectations) };
    let mut units = Units::new(vec![Input::Path(path.to_owned())], &options);
    match units.next().and_then(|unit| telling(unit, &options)) {
        Some(Unit::Whole { path, bytes, .. }) => matches!(Content::of(&path, &bytes, &options), Content::Recording(_)),
        unit => matches!(unit, Some(Unit::Document(_) | Unit::Piece { .. })),
    }
}

/// The unit that says what a file is: a small one is read, and of a packed one it is the first, if it has any.
fn telling(unit: Unit, options: &Options<'_>) -> Option<Unit> {
    let Unit::File(path, mut file) = unit else { return Some(unit) };
    let mut bytes = Vec::new();
    match file.read_to_end(&mut bytes) {
        Ok(_) if packed::is_packed(&bytes) => Units::of_stream(path, Box::new(Cursor::new(bytes)), options).next(),
        Ok(read) => Some(Unit::Whole { path, bytes, read: read as u64 }),
        Err(error) => Some(unread(path, &error)),
    }
}

impl Survey {
    fn add(&mut self, unit: Unit, options: &Options<'_>) {
        let Some(unit) = telling(unit, options) else { return };
        match unit {
            Unit::Document(document) => self.recordings.push(document.path),
            Unit::Whole { path, bytes, .. } => self.whole(path, &bytes, options),
            // A file is read, and the other pieces are of the same file.
            Unit::Piece { path, chunk, .. } if chunk.first_line == 1 => self.recordings.push(path.to_path_buf()),
            Unit::File(..) | Unit::Piece { .. } => {}
            Unit::Skipped { path, reason } | Unit::Unreadable { path, reason, harmless: true } => {
                self.others.push((path, reason));
            }
            Unit::Omitted { path, reason } => self.others.push((path, reason.as_str().to_owned())),
            Unit::Unreadable { path, .. } | Unit::TooLarge { path, .. } if self.recordings.last() == Some(&path) => {}
            Unit::Unreadable { path, .. } | Unit::TooLarge { path, .. } => self.recordings.push(path),
        }
    }

    fn whole(&mut self, path: PathBuf, bytes: &[u8], options: &Options<'_>) {
        match Content::of(&path, bytes, options) {
            Content::Recording(_) | Content::Broken { .. } => self.recordings.push(path),
            Content::Other => self.others.push((path, OTHER.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Catalog;
    use crate::expectation::Expectations;

    #[test]
    fn tells_recordings_from_other_files() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let record = r#"{"service": "a", "operation": "B", "direction": "request", "payload": {}}"#;
        for (name, text) in [("a.ndjson", record), ("b.json", "{"), ("c.md", "# Notes"), ("d.json", r#"{"x": 1}"#)] {
            fs::write(dir.path().join(name), text).expect("writable");
        }
        let (catalog, expectations) = (Catalog::default(), Expectations::default());
        let options = Options { threads: 1, ..Options::new(&catalog, &expectations) };
        let seen = survey(vec![dir.path().to_owned()], &options).expect("the folder is there");
        let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(seen.recordings.iter().map(name).collect::<Vec<_>>(), ["a.ndjson", "b.json"]);
        assert_eq!(seen.others.iter().map(|(path, _)| name(path)).collect::<Vec<_>>(), ["c.md", "d.json"]);
        assert!(survey(vec![dir.path().join("nowhere")], &options).is_err());
    }
}
