//! Python's `repr` of values, as logs of Python hold them: literals of text and bytes with their places, and the members
//! of dicts. What it does not know is passed over up to the next comma or bracket.

use std::borrow::Cow;

use super::python_literal::meant;
use super::written::{Notation, Written};

/// A place in a text at which a value may stand.
#[derive(Clone, Copy)]
pub(super) struct Repr<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Repr<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// The text or bytes here; `None` where something else stands.
    pub(super) fn literal(self) -> Option<Written<'a>> {
        let end = self.behind_literal()?;
        let raw = &self.text[self.at..end];
        let is_bytes = raw.starts_with(['b', 'B']);
        let inner = &raw[usize::from(is_bytes) + 1..raw.len() - 1];
        let bytes = if inner.contains('\\') { meant(inner, is_bytes).into() } else { Cow::Borrowed(inner.as_bytes()) };
        Some(Written::new(bytes, self.at..end, Notation::Python))
    }

    /// The members of the dict here, or of one within the brackets of a class (`HTTPHeaderDict({…})`): their keys, and
    /// where their values begin. One that breaks off is read as far as it goes.
    pub(super) fn members(self) -> Vec<(String, Self)> {
        let mut here = self.skip_to('{').map_or(self.text.len(), |at| at + 1);
        let mut members = Vec::new();
        loop {
            let key = self.moved(here).past_spaces();
            let Some(end) = key.behind_literal() else { return members };
            let Some(name) = key.literal().map(|literal| literal.text().into_owned()) else { return members };
            let colon = self.moved(end).past_spaces();
            if !colon.rest().starts_with(':') {
                return members;
            }
            let value = self.moved(colon.at + 1).past_spaces();
            members.push((name, value));
            let behind = value.behind_value();
            if !self.text[behind..].starts_with(',') {
                return members;
            }
            here = behind + 1;
        }
    }

    /// What stands here up to the next comma or bracket: a number, or a name.
    pub(super) fn word(self) -> &'a str {
        self.text[self.at..self.behind_value()].trim()
    }

    fn moved(self, at: usize) -> Self {
        Self { at, ..self }
    }

    fn rest(self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn past_spaces(self) -> Self {
        let rest = self.rest();
        self.moved(self.text.len().min(self.at + rest.len() - rest.trim_start().len()))
    }

    /// Where that character stands, with nothing before it but the name of a class and its bracket.
    fn skip_to(self, wanted: char) -> Option<usize> {
        let at = self.rest().find(wanted)?;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '(' | ' ');
        self.rest()[..at].chars().all(is_name).then_some(self.at + at)
    }

    /// The byte behind the literal here.
    fn behind_literal(self) -> Option<usize> {
        let rest = self.rest();
        let start = usize::from(rest.starts_with(['b', 'B']));
        let quote = rest[start..].chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut escaped = false;
        for (at, c) in rest[start + 1..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return Some(self.at + start + 1 + at + 1),
                '\n' => return None,
                _ => {}
            }
        }
        None
    }

    /// The byte behind the value here: a comma or a closing bracket of what is around it, or the end.
    fn behind_value(self) -> usize {
        let (mut at, mut open) = (self.at, 0_usize);
        while let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            match c {
                '\'' | '"' => match self.moved(at).behind_literal() {
                    Some(end) => {
                        at = end;
                        continue;
                    }
                    None => return self.text.len(),
                },
                '(' | '[' | '{' | '<' => open += 1,
                ')' | ']' | '}' | '>' | ',' if open == 0 => return at,
                ')' | ']' | '}' | '>' => open -= 1,
                _ => {}
            }
            at += c.len_utf8();
        }
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Option<Vec<u8>> {
        Repr::new(text, 0).literal().map(|written| written.bytes.into_owned())
    }

    #[test]
    fn literals_mean_what_python_means() {
        assert_eq!(literal("b'a\\xc3\\xbc\\n\\'\\\\' rest").as_deref(), Some("aü\n'\\".as_bytes()));
        assert_eq!(literal("b\"it's\"").as_deref(), Some(&b"it's"[..]));
        assert_eq!(literal("'ü\\xfc\\u20ac\\U0001f350'").as_deref(), Some("üü€🍐".as_bytes()));
        assert_eq!(literal("b'\\xff'").as_deref(), Some(&b"\xff"[..]));
        for other in ["b'open", "None", "<x>", "", "'a\nb'"] {
            assert_eq!(literal(other), None, "{other}");
        }
    }

    #[test]
    fn members_are_found_whatever_their_values_are() {
        let text = "{'a': <x.Y object at 0x1, {'k': 2}>, \"b\": {'c': ('d', [1, b'}'])}, 'e': None, 'f': b'g'} h";
        let members = Repr::new(text, 0).members();
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "e", "f"]);
        let text_of = |at: usize| members[at].1.literal().map(|written| written.text().into_owned());
        assert_eq!((text_of(0), text_of(2), text_of(3)), (None, None, Some("g".into())));
        assert_eq!(Repr::new("HTTPHeaderDict({'A': 'b', 'C", 0).members().len(), 1);
        assert_eq!(Repr::new("none {'A': 'b'}", 5).members().len(), 1);
        assert!(Repr::new("<object>, {'A': 'b'}", 0).members().is_empty() && Repr::new("", 0).members().is_empty());
    }
}
