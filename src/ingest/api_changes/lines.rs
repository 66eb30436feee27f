//! The page as a row of lines: a cursor that skips blanks, knows its place and remembers which lines were prose.
//!
//! It knows nothing of what the lines mean; the callers say which are structure and which are prose.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::text::shortened;

/// Line and column within the page, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineColumn {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl LineColumn {
    /// An error here. The page's name is added where the whole page is known.
    pub(super) fn error(self, cause: impl Into<String>) -> Error {
        Error::new(cause).position(self.line, self.column)
    }
}

/// One line that is not blank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Number from 1.
    pub(super) number: usize,
    /// Leading spaces.
    pub(super) indent: usize,
    /// The line without leading spaces and trailing white space.
    pub(super) text: &'a str,
}

impl Line<'_> {
    /// Where the text of the line begins.
    pub(super) fn place(&self) -> LineColumn {
        LineColumn { line: self.number, column: self.indent + 1 }
    }
}

/// A cursor over the lines of a page.
pub(super) struct Lines<'a> {
    raw: Vec<&'a str>,
    /// How many bytes of each line come before its prose; `None` for all.
    structure: Vec<Option<usize>>,
    next: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let raw: Vec<&str> = text.strip_prefix('\u{feff}').unwrap_or(text).lines().collect();
        Self { structure: vec![None; raw.len()], raw, next: 0 }
    }

    /// The next line that is not blank.
    pub(super) fn peek(&mut self) -> Option<Line<'a>> {
        while self.raw.get(self.next).is_some_and(|line| line.trim().is_empty()) {
            self.next += 1;
        }
        let raw = *self.raw.get(self.next)?;
        let text = raw.trim_start_matches(' ');
        Some(Line { number: self.next + 1, indent: raw.len() - text.len(), text: text.trim_end() })
    }

    /// Takes the next line that is not blank.
    pub(super) fn take(&mut self) -> Option<Line<'a>> {
        let line = self.peek();
        self.next += usize::from(line.is_some());
        line
    }

    /// Takes the next line that is not blank as prose.
    pub(super) fn take_prose(&mut self) {
        if let Some(line) = self.take() {
            self.structure[line.number - 1] = Some(0);
        }
    }

    /// Takes the next line that is not blank as structure with prose after it, which is a part of the line's text.
    pub(super) fn take_with_prose(&mut self, prose: &str) {
        if let Some(line) = self.take() {
            self.structure[line.number - 1] = Some(line.indent + line.text.len().saturating_sub(prose.len()));
        }
    }

    /// Takes the next line, which has to be exactly this at the left margin.
    pub(super) fn expect(&mut self, text: &str) -> Result<Line<'a>> {
        let wanted = format!("`{text}`");
        match self.peek() {
            Some(line) if line.indent == 0 && line.text == text => {
                self.next += 1;
                Ok(line)
            }
            _ => Err(self.unexpected(&wanted)),
        }
    }

    /// The error that something else stands where `wanted` has to be, or that the page ends there.
    pub(super) fn unexpected(&mut self, wanted: &str) -> Error {
        match self.peek() {
            Some(line) => line.place().error(format!("expected {wanted}, found `{}`", shorten(line.text))),
            None => self.end().error(format!("the page ends early: expected {wanted}")),
        }
    }

    /// Where the last line ends.
    pub(super) fn end(&self) -> LineColumn {
        let column = self.raw.last().map_or(0, |line| line.chars().count());
        LineColumn { line: self.raw.len().max(1), column: column + 1 }
    }

    /// The page without the lines taken as prose and without repeated blank lines.
    pub(super) fn without_prose(&self) -> String {
        let mut kept = String::new();
        let mut blank = false;
        for (line, structure) in self.raw.iter().zip(&self.structure).filter(|(_, structure)| **structure != Some(0)) {
            let line = &line[..structure.unwrap_or(line.len())];
            if line.trim().is_empty() {
                blank = true;
                continue;
            }
            if blank && !kept.is_empty() {
                kept.push('\n');
            }
            blank = false;
            kept.push_str(line.trim_end());
            kept.push('\n');
        }
        kept
    }
}

/// The beginning of a line, for messages.
pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    shortened(text, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_blanks_and_keeps_count() {
        let mut lines = Lines::new("\u{feff}a\r\n\r\n \u{a0}\n  b \n");
        let (first, second) = (lines.take().expect("to be read"), lines.take().expect("to be read"));
        assert_eq!((first.text, first.place()), ("a", LineColumn { line: 1, column: 1 }));
        assert_eq!((second.text, second.place()), ("b", LineColumn { line: 4, column: 3 }));
        assert!(lines.take().is_none());
        assert_eq!(lines.end(), LineColumn { line: 4, column: 5 });
    }

    #[test]
    fn tells_a_wrong_line_from_an_early_end() {
        let mut lines = Lines::new("returns\n  rtype");
        assert!(lines.expect("returns").is_ok());
        let wrong = lines.expect("rtype").expect_err("to be refused");
        assert_eq!(wrong.line_and_column(), Some((2, 3)), "the margin counts");
        lines.take();
        let early = lines.expect("rtype").expect_err("to be refused");
        assert_eq!(early.cause(), "the page ends early: expected `rtype`");
        assert_eq!(early.line_and_column(), Some((2, 8)));
    }

    #[test]
    fn leaves_prose_out() {
        let mut lines = Lines::new("a\n\nsome words\n\nb\n  • c words");
        lines.take();
        lines.take_prose();
        lines.take();
        lines.take_with_prose("words");
        assert_eq!(lines.without_prose(), "a\n\nb\n  • c\n");
    }
}
