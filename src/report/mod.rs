//! Verdict → bytes. One file per format, for every job; sentences come from the rules.
//!
//! JSON, NDJSON and text show what only one job has; all other formats see the [`document`] that every verdict lowers to,
//! so that a format is one file and one entry of [`FORMATS`].

mod api_changes;
mod document;
mod facts;
mod json;
mod ndjson;
mod text;

use std::io::{self, Write};

pub use self::api_changes::changes_block;
pub use self::document::Base;
pub use self::json::row;
pub(crate) use self::text::left_out;
use crate::gate::Verdict;

/// How a report is written.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Style {
    /// With colours (text only).
    pub color: bool,
    /// Lists what is only counted otherwise (text only; data has everything).
    pub verbose: bool,
    /// Where files are named from in forms that a CI system reads.
    pub base: Base,
}

impl Style {
    /// The same with colours, or without.
    #[must_use]
    pub fn color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// The same with everything listed, or not.
    #[must_use]
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.verbose = verbose;
        self
    }

    /// The same with files named from a repository's root.
    #[must_use]
    pub fn base(mut self, base: Base) -> Self {
        self.base = base;
        self
    }
}

/// One report format.
pub trait Report: Sync {
    /// Name for `--report`.
    fn id(&self) -> &'static str;

    /// One line about it.
    fn about(&self) -> &'static str;

    /// Whether it is text for people rather than data: a terminal's escapes are taken out where there is no terminal.
    fn is_for_people(&self) -> bool {
        false
    }

    /// Whether it can show the outcome of a job, by the job's name.
    fn shows(&self, _job: &str) -> bool {
        true
    }

    /// Markdown for the page that a CI system shows for a run, where the format belongs to one.
    fn page(&self, _verdict: &Verdict, _style: &Style) -> Option<String> {
        None
    }

    /// Writes the whole report.
    ///
    /// # Errors
    /// The stream does not take it.
    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()>;
}

/// Every format, the default first.
pub const FORMATS: &[&dyn Report] = &[&text::Text, &json::Json, &ndjson::Ndjson, &api_changes::ApiChanges];

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Report> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}
