//! Mistakes in a file of configuration: where they are and what was probably meant.

use std::path::Path;

use toml::Spanned;

use super::Set;
use crate::error::Error;
use crate::text::{AMONG_FEW, nearest};

/// The text of a file, for places in it.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) path: &'t Path,
}

impl Text<'_> {
    /// A value with its line.
    pub(super) fn set<T>(&self, spanned: Spanned<T>) -> Set<T> {
        let line = self.text[..spanned.span().start.min(self.text.len())].matches('\n').count() + 1;
        Set { value: spanned.into_inner(), line }
    }

    /// An error about something in the file.
    pub(super) fn error<T>(&self, about: &Spanned<T>, cause: impl Into<String>) -> Error {
        Error::new(cause).at(self.path).byte(self.text, about.span().start)
    }

    /// What keeps the file from being read.
    pub(super) fn unread(&self, error: &toml::de::Error) -> Error {
        let at = error.span().map_or(0, |span| span.start);
        let (cause, remedy) = explained(error.message());
        let made = Error::new(cause).at(self.path).byte(self.text, at);
        match remedy {
            Some(remedy) => made.remedy(remedy),
            None => made,
        }
    }
}

/// Did you mean …? There are ….
fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied(), AMONG_FEW) {
        Some(meant) => format!("Did you mean {meant:?}?"),
        None => format!("There are {}.", known.join(", ")),
    }
}

/// What serde says of an unknown key or value in words for people, with a suggestion.
fn explained(message: &str) -> (String, Option<String>) {
    let unknown = [("unknown field ", "key"), ("unknown variant ", "value")];
    let found = unknown.iter().find_map(|(start, what)| Some((message.strip_prefix(start)?, *what)));
    let Some((rest, what)) = found else { return (message.to_owned(), None) };
    let mut names = rest.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    (format!("unknown {what} {name:?}"), Some(suggestion(name, &known)))
}
