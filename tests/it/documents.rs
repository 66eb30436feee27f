//! The README and the book below `docs/` say what is true: commands that they show print what is shown, options that they
//! name exist, links lead somewhere, and reference pages say what the code says.
//!
//! After a change that is meant, `UPDATE_DOCS=1 cargo test --test it documents::` writes the new output into them.

#[cfg(unix)]
mod console;
mod generated;
mod links;
mod package;

use std::fs;
use std::path::PathBuf;

use similar::TextDiff;
use walkdir::WalkDir;

use crate::support::root;

/// The book's sources.
pub(super) const BOOK: &str = "docs/src";

/// A page of the book, or a document outside of it that is held to the same.
pub(super) struct Document {
    /// Path from the package's folder, with `/`.
    pub(super) name: String,
    pub(super) text: String,
}

/// The README, what lies beside each integration, and all pages of the book.
pub(super) fn documents() -> Vec<Document> {
    let below =
        [BOOK, "integrations"].into_iter().flat_map(|folder| WalkDir::new(root().join(folder)).sort_by_file_name());
    let paths = below.map(|entry| entry.expect("a readable folder").into_path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let document = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("below the package").to_string_lossy().replace('\\', "/");
        Document { name, text: fs::read_to_string(&path).expect("UTF-8") }
    };
    std::iter::once(root().join("README.md")).chain(paths).map(document).collect()
}

impl Document {
    /// Holds the document to what it should be, or writes that.
    fn should_be(&self, actual: &str) -> Result<(), String> {
        if self.text == actual {
            return Ok(());
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            return fs::write(root().join(&self.name), actual).map_err(|error| error.to_string());
        }
        let diff = TextDiff::from_lines(self.text.as_str(), actual);
        Err(format!("{}:\n{}", self.name, diff.unified_diff()))
    }

    /// The parts of the document, in order: together, with the fences of blocks, they are its text.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut rest = self.text.as_str();
        while let Some(start) = fence(rest) {
            let (before, fenced) = rest.split_at(start);
            let (info, block) = fenced[3..].split_once('\n').expect("a line ends");
            let end = if block.starts_with("```") { 0 } else { block.find("\n```").expect("a block ends") + 1 };
            parts.push(Part::Text(before));
            parts.push(Part::Block { info, text: &block[..end] });
            rest = &block[end + 3..];
        }
        parts.push(Part::Text(rest));
        parts
    }
}

/// Where the next block begins.
fn fence(text: &str) -> Option<usize> {
    if text.starts_with("```") { Some(0) } else { text.find("\n```").map(|at| at + 1) }
}

/// A part of a document.
#[derive(Clone, Copy)]
pub(super) enum Part<'d> {
    Text(&'d str),
    /// A block of code, without its fences: what its first fence says, and its lines.
    Block {
        info: &'d str,
        text: &'d str,
    },
}

/// Fails with all that is wrong.
pub(super) fn hold(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
