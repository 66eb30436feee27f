//! [`Case`]: the recordings that one trial judges.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::session::Session;
use crate::text::plural;

/// Everything a harness has to judge.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cases {
    /// The cases, in the order of the paths of their recordings.
    pub cases: Vec<Case>,
    /// Files that are no recordings, with the reason.
    pub others: Vec<(PathBuf, String)>,
}

/// One recording to judge, or several.
#[derive(Debug)]
pub struct Case {
    name: String,
    work: Work,
}

#[derive(Debug)]
enum Work {
    /// Recordings, each with its name.
    Judge {
        recordings: Vec<(String, PathBuf)>,
        session: Arc<Session>,
    },
    Impossible(String),
}

impl Case {
    /// A case of recordings that are there.
    pub(super) fn of(name: String, recordings: Vec<(String, PathBuf)>, session: Arc<Session>) -> Self {
        Self { name, work: Work::Judge { recordings, session } }
    }

    /// A case that fails.
    pub(super) fn impossible(name: String, reason: String) -> Self {
        Self { name, work: Work::Impossible(reason) }
    }

    /// The path of the recording relative to the directory, with `/` between its parts; of several recordings a pattern of
    /// their paths, such as `memberships/Get*`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many recordings it judges.
    pub fn recordings(&self) -> usize {
        match &self.work {
            Work::Judge { recordings, .. } => recordings.len(),
            Work::Impossible(_) => 0,
        }
    }

    /// Judges the recordings, each by itself.
    ///
    /// # Errors
    /// One does not pass; the report of each that does not, as text.
    pub fn judge(&self) -> Result<(), String> {
        let (recordings, session) = match &self.work {
            Work::Judge { recordings, session } => (recordings, session),
            Work::Impossible(reason) => return Err(reason.clone()),
        };
        let judged = |path: &Path| judge(path, session).map_err(|error| error.to_string()).flatten();
        if let [(_, only)] = &recordings[..] {
            return judged(only);
        }
        let failed = recordings.iter().filter_map(|(name, path)| Some((name.as_str(), judged(path).err()?)));
        let failed: Vec<(&str, String)> = failed.collect();
        if failed.is_empty() { Ok(()) } else { Err(together(&failed, recordings.len())) }
    }
}

fn judge(path: &Path, session: &Session) -> Result<Result<(), String>> {
    let mut verdict = session.check(path)?;
    if verdict.passed {
        return Ok(Ok(()));
    }
    // Another recording may need them.
    verdict.stale.clear();
    Ok(Err(verdict.to_string()))
}

/// The reports of the recordings that fail, and their names at the end, where a runner that cuts output leaves them.
fn together(failed: &[(&str, String)], all: usize) -> String {
    let mut text = String::new();
    for (name, report) in failed {
        write!(text, "---- {name} ----\n{}\n\n", report.trim_end()).expect("a String takes everything");
    }
    write!(text, "{} of {} failed:", failed.len(), plural(all, "recording")).expect("a String takes everything");
    for (name, _) in failed {
        write!(text, "\n    {name}").expect("a String takes everything");
    }
    text
}
