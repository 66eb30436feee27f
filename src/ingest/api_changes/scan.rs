//! Characters of a block of Python that runs over several lines: what `syntax` and `changes` have in common.
//!
//! It knows brackets, commas and quotes as characters only.

use super::lines::{Line, LineColumn, Lines, shorten};
use crate::error::{Error, Result};
use crate::limits::DEPTH;

/// A cursor over the characters of a block. It begins at a line and ends with the line that closes the block.
pub(super) struct Scanner<'l, 'a> {
    lines: &'l mut Lines<'a>,
    line: Option<Line<'a>>,
    /// What is left of the line.
    rest: &'a str,
    /// The block's name in messages.
    block: &'static str,
    depth: usize,
}

impl<'l, 'a> Scanner<'l, 'a> {
    pub(super) fn new(lines: &'l mut Lines<'a>, block: &'static str) -> Self {
        let line = lines.take();
        Self { lines, line, rest: line.map_or("", |line| line.text), block, depth: 0 }
    }

    /// The next character that is not white space, on whichever line.
    pub(super) fn peek(&mut self) -> Option<char> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(next) = self.rest.chars().next() {
                return Some(next);
            }
            let line = self.lines.take()?;
            self.rest = line.text;
            self.line = Some(line);
        }
    }

    /// Where the next character is.
    pub(super) fn place(&mut self) -> LineColumn {
        match (self.peek(), self.line) {
            (Some(_), Some(line)) => {
                let consumed = line.text.chars().count() - self.rest.chars().count();
                LineColumn { line: line.number, column: line.indent + consumed + 1 }
            }
            _ => self.lines.end(),
        }
    }

    /// Takes the text if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        self.peek();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the text, which has to come next.
    pub(super) fn expect(&mut self, text: &str) -> Result<()> {
        if self.eat(text) { Ok(()) } else { Err(self.unexpected(&format!("`{text}`"))) }
    }

    /// Takes characters of this line while they fit.
    pub(super) fn eat_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        self.peek();
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Takes a quoted text without escapes, which ends on its line.
    pub(super) fn plain_text(&mut self) -> Result<String> {
        self.expect("'")?;
        match self.rest.split_once('\'') {
            Some((text, rest)) => {
                self.rest = rest;
                Ok(text.to_owned())
            }
            None => Err(self.unexpected("a closing quote")),
        }
    }

    /// Takes a text as Python's `repr` writes it: either quote, backslash before a quote or backslash.
    pub(super) fn repr_text(&mut self) -> Result<String> {
        let Some(quote @ ('\'' | '"')) = self.peek() else { return Err(self.unexpected("a quoted text")) };
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\\' | '\'' | '"'))) => text.push(escaped),
                    _ => return Err(self.unexpected("a text without this escape")),
                },
                _ if character == quote => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                _ => text.push(character),
            }
        }
        Err(self.unexpected("a closing quote"))
    }

    /// Goes one bracket deeper.
    pub(super) fn descend(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH { Err(self.unexpected("fewer nested brackets")) } else { Ok(()) }
    }

    /// Comes back from a bracket.
    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Ends the block: nothing may follow on the line.
    pub(super) fn finish(mut self) -> Result<()> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() { Ok(()) } else { Err(self.unexpected("the end of the line")) }
    }

    /// The error that something else stands where `wanted` has to be, or that the page ends there.
    pub(super) fn unexpected(&mut self, wanted: &str) -> Error {
        let (block, found) = (self.block, self.peek().is_some());
        let place = self.place();
        if found {
            place.error(format!("{block}: expected {wanted}, found `{}`", shorten(self.rest)))
        } else {
            place.error(format!("the page ends early, within {block}: expected {wanted}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan<T>(text: &str, read: impl FnOnce(&mut Scanner<'_, '_>) -> T) -> T {
        read(&mut Scanner::new(&mut Lines::new(text), "block"))
    }

    #[test]
    fn crosses_lines_and_counts_columns_in_characters() {
        scan("é{\n\n   }", |scanner| {
            assert!(scanner.eat("é"));
            assert_eq!(scanner.place(), LineColumn { line: 1, column: 2 });
            assert!(scanner.eat("{"));
            assert_eq!(scanner.place(), LineColumn { line: 3, column: 4 });
            assert!(scanner.eat("}"));
            assert_eq!(
                scanner.expect("x").expect_err("to be refused").cause(),
                "the page ends early, within block: expected `x`"
            );
        });
    }

    #[test]
    fn reads_both_kinds_of_text() {
        assert_eq!(scan(r"'a\b'", |s| s.plain_text().expect("to be read")), r"a\b");
        assert_eq!(scan(r#""it's""#, |s| s.repr_text().expect("to be read")), "it's");
        assert_eq!(scan(r"'a\\\'b'", |s| s.repr_text().expect("to be read")), r"a\'b");
        assert!(scan(r"'a\x00'", |s| s.repr_text().is_err()));
        assert!(scan("'open", |s| s.repr_text().is_err()));
        assert!(scan("'open", |s| s.plain_text().is_err()));
        assert!(scan("open", |s| s.plain_text().is_err()));
    }

    #[test]
    fn refuses_what_follows_a_block() {
        let mut lines = Lines::new("} tail\nnext");
        let mut scanner = Scanner::new(&mut lines, "block");
        assert!(scanner.eat("}"));
        let error = scanner.finish().expect_err("to be refused");
        assert_eq!(error.line_and_column(), Some((1, 3)));
    }

    #[test]
    fn refuses_endless_nesting() {
        scan("[", |scanner| {
            assert!((0..DEPTH).all(|_| scanner.descend().is_ok()));
            assert!(scanner.descend().is_err());
        });
    }
}
