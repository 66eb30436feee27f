//! Verdict → bytes. One file per format; sentences come from the rules.

pub mod differences;
pub mod history;
mod json;
mod ndjson;
mod text;
mod upgrade;
pub mod wire;

use std::io::{self, Write};

use crate::gate::Verdict;

/// How a report is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With colours (text only).
    pub color: bool,
    /// Lists skipped files too (text only; the others always do).
    pub verbose: bool,
}

/// One report format.
pub trait Report: Sync {
    /// Name for `--format`.
    fn id(&self) -> &'static str;

    /// Writes the whole report.
    ///
    /// # Errors
    /// The stream does not take it.
    fn write(&self, verdict: &Verdict, style: Style, out: &mut dyn Write) -> io::Result<()>;
}

/// Every format, the default first.
pub const FORMATS: &[&dyn Report] = &[&text::Text, &json::Json, &ndjson::Ndjson];

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Report> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}
