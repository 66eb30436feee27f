//! Bodies of any kind: as text, and what is said of one that cannot be read.

use crate::model::Direction;
use crate::recording::{Flaw, FlawKind, Written};

/// A body as text, or what keeps it from being one.
pub(super) fn text<'h>(body: &'h Written<'_>, direction: Direction) -> Result<&'h str, Flaw> {
    std::str::from_utf8(&body.bytes)
        .map_err(|error| undecodable(direction, "it is not UTF-8".to_owned(), error.valid_up_to()))
}

/// The statement that a body cannot be decoded; `at` is the byte that shows it.
pub(super) fn undecodable(direction: Direction, reason: String, at: usize) -> Flaw {
    Flaw { direction, pointer: String::new(), kind: FlawKind::Undecodable { reason, at } }
}

/// The text of a body; empty where there is none.
pub(super) fn text_of<'h>(body: Option<&'h Written<'_>>) -> &'h str {
    body.and_then(|body| std::str::from_utf8(&body.bytes).ok()).unwrap_or_default()
}
