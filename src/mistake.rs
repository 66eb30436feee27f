//! Mistakes in TOML that people write: where they are and what was probably meant.

use std::path::Path;

use toml::Spanned;

use crate::error::Error;
use crate::text::{AMONG_FEW, nearest};

/// A value with the line of the file that sets it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// The line, from 1.
    pub line: usize,
}

/// The text of a file, for places in it.
pub(crate) struct Text<'t> {
    pub(crate) text: &'t str,
    pub(crate) path: &'t Path,
}

impl Text<'_> {
    /// A value with its line.
    pub(crate) fn set<T>(&self, spanned: Spanned<T>) -> Set<T> {
        let line = self.text[..spanned.span().start.min(self.text.len())].matches('\n').count() + 1;
        Set { value: spanned.into_inner(), line }
    }

    /// An error about something in the file.
    pub(crate) fn error<T>(&self, about: &Spanned<T>, cause: impl Into<String>) -> Error {
        Error::new(cause).at(self.path).byte(self.text, about.span().start)
    }

    /// What keeps the file from being read. `otherwise` is the remedy where nothing says what was meant.
    pub(crate) fn unread(&self, error: &toml::de::Error, otherwise: Option<&str>) -> Error {
        let at = error.span().map_or(0, |span| span.start.min(self.text.len()));
        let (before, after) = self.text.split_at(at);
        let (cause, remedy) = explained(error.message(), before, after, otherwise);
        let made = Error::new(cause).at(self.path).byte(self.text, at);
        match remedy.as_deref().or(otherwise) {
            Some(remedy) => made.remedy(remedy),
            None => made,
        }
    }
}

/// Did you mean …? There are ….
pub(crate) fn suggestion(name: &str, known: &[&str]) -> String {
    meant(name, known).unwrap_or_else(|| format!("There are {}.", known.join(", ")))
}

fn meant(name: &str, known: &[&str]) -> Option<String> {
    nearest(name, known.iter().copied(), AMONG_FEW).map(|meant| format!("Did you mean {meant:?}?"))
}

/// What serde says of a key or value, in words for people, with a suggestion. `before` and `after` are the text around it.
fn explained(message: &str, before: &str, after: &str, otherwise: Option<&str>) -> (String, Option<String>) {
    let unknown = [("unknown field ", "key"), ("unknown variant ", "value")];
    if let Some((rest, what)) = unknown.iter().find_map(|(start, what)| Some((message.strip_prefix(start)?, *what))) {
        let mut names = rest.split('`').skip(1).step_by(2);
        let name = names.next().unwrap_or_default();
        let known: Vec<&str> = names.collect();
        let remedy = meant(name, &known).or_else(|| otherwise.is_none().then(|| suggestion(name, &known)));
        return (format!("unknown {what} {name:?}"), remedy);
    }
    if let Some(key) = message.strip_prefix("missing field ") {
        return (format!("{key} is missing"), None);
    }
    if let Some(table) = after.strip_prefix('[').filter(|_| message.contains("map, expected a sequence")) {
        let name = table.split(']').next().unwrap_or_default();
        return (format!("`[{name}]` is one table, and there may be several"), Some(format!("Write [[{name}]].")));
    }
    match type_error(message, after) {
        Some(told) => (format!("{}{told}", key(before).map_or(String::new(), |key| format!("`{key}` "))), None),
        None => (message.to_owned(), None),
    }
}

/// `takes a list; this is a text`: what serde says of a value of another type.
fn type_error(message: &str, value: &str) -> Option<String> {
    if message.starts_with("data did not match any variant") {
        let takes = if message.ends_with(" Date") {
            "a day, such as 2027-01-31"
        } else if message.ends_with(" Least") {
            "a whole number, or a percentage such as \"80%\""
        } else {
            "true, false or a list of texts"
        };
        return Some(format!("takes {takes}"));
    }
    let of_enum = message == "wanted string or table";
    let types = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let (found, expected) = if of_enum { ("", "a string") } else { types?.rsplit_once(", expected ")? };
    let takes = match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        "u64" => "a whole number from 1 on",
        "usize" => "a whole number",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    let kinds = [
        ("string ", "a text"),
        ("sequence", "a list"),
        ("map", "a table"),
        ("floating point ", "a number with a fraction"),
    ];
    let kind = kinds.iter().find(|(start, _)| found.starts_with(start)).map(|(_, kind)| (*kind).to_owned());
    // Numbers and truth values are short, so that they are shown.
    let shown = || value.split(['\n', '#', ',', ']', '}']).next().unwrap_or_default().trim().to_owned();
    Some(format!("takes {takes}; this is {}", kind.unwrap_or_else(shown)))
}

/// The key of the value that follows a text.
fn key(before: &str) -> Option<&str> {
    let (line, _) = before.rsplit_once('=')?;
    Some(line.rsplit(['\n', '{', ',']).next()?.trim().trim_matches('"')).filter(|key| !key.is_empty())
}
