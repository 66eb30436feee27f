//! The lines of a value that a finding is about, and the lines in which two values differ.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::recording::json::{self, Part};

/// Lines shown before and after the place.
const AROUND: usize = 2;

/// The lines around a pointer, numbered, the place underlined as far as its first line goes. Where the pointer leads
/// nowhere, those around the value that should hold it.
pub(super) fn around(text: &str, pointer: &str, part: Part) -> String {
    let range = json::locate(text, pointer, part);
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let number = text[..start].matches('\n').count();
    let place = text[range.clone()].lines().next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let (from, to) = (number.saturating_sub(AROUND), (number + AROUND + 1).min(lines.len()));
    let width = to.to_string().len();
    let mut shown = String::new();
    for (index, line) in lines[from..to].iter().enumerate().map(|(index, line)| (from + index, line)) {
        let _ = writeln!(shown, "{:>width$} | {line}", index + 1);
        if index == number {
            let indent = text[start..range.start].chars().count();
            let carets = "^".repeat(place.chars().count().max(1));
            let _ = writeln!(shown, "{:>width$} | {}{carets}", "", " ".repeat(indent));
        }
    }
    shown
}

/// A unified diff.
pub(super) fn difference(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(AROUND).missing_newline_hint(false).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_place_with_two_lines_around() {
        let text = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": \"dé\"\n  }\n}";
        let expected = "2 |   \"a\": 1,\n3 |   \"b\": {\n4 |     \"c\": \"dé\"\n  |          ^^^^\n5 |   }\n6 | }\n";
        assert_eq!(around(text, "/b/c", Part::Value), expected);
        assert!(around(text, "/b/missing", Part::Value).contains("3 |   \"b\": {\n  |        ^\n"));
    }
}
