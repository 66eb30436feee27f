//! Additions as Python's `pprint` lays them out at width 80, byte for byte (`Lib/pprint.py` of the reference implementation).
//!
//! Only what additions are made of is here: dicts, lists, sets, texts and the empty tuple. Python prints a set that fits
//! on a line in the order of its hash table, which differs from run to run; here values are sorted there, too.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::api_changes::ChangeTree;

const WIDTH: usize = 80;

/// The text of a tree, without a final newline.
pub(super) fn pformat(tree: &ChangeTree) -> String {
    let mut printer = Printer { out: String::new() };
    printer.value(tree, At { indent: 0, allowance: 0, level: 0 });
    printer.out
}

struct Printer {
    out: String,
}

/// Where a value is printed.
#[derive(Clone, Copy)]
struct At {
    /// The column it begins in.
    indent: usize,
    /// Characters that have to follow on its last line.
    allowance: usize,
    /// How many values are around it.
    level: usize,
}

impl At {
    /// The place of a value within this one.
    fn within(self, indent: usize, allowance: usize) -> Self {
        Self { indent, allowance, level: self.level + 1 }
    }

    fn fits(self, one_line: &str) -> bool {
        one_line.chars().count() + self.indent + self.allowance <= WIDTH
    }
}

impl Printer {
    fn value(&mut self, tree: &ChangeTree, at: At) {
        let one_line = repr(tree);
        if at.fits(&one_line) {
            self.out.push_str(&one_line);
            return;
        }
        match tree {
            ChangeTree::Scalar(text) => self.text(text, at),
            ChangeTree::List(element) => {
                self.out.push('[');
                self.value(element, at.within(at.indent + 1, at.allowance + 1));
                self.out.push(']');
            }
            ChangeTree::Structure(members) => self.dict(members, at),
            ChangeTree::EnumValues(values) => self.set(values, at),
            ChangeTree::Recursive => self.out.push_str(&one_line),
        }
    }

    fn dict(&mut self, members: &[(String, ChangeTree)], at: At) {
        self.out.push('{');
        let last = members.len().saturating_sub(1);
        for (index, (name, member)) in sorted(members).into_iter().enumerate() {
            self.next_line(index, at.indent + 1);
            let name = quoted(name);
            let indent = at.indent + 1 + name.chars().count() + 2;
            self.out.push_str(&name);
            self.out.push_str(": ");
            self.value(member, at.within(indent, if index == last { at.allowance + 1 } else { 1 }));
        }
        self.out.push('}');
    }

    fn set(&mut self, values: &[String], at: At) {
        self.out.push('{');
        let last = values.len().saturating_sub(1);
        for (index, value) in sorted_values(values).into_iter().enumerate() {
            self.next_line(index, at.indent + 1);
            let value = ChangeTree::Scalar(value.clone());
            self.value(&value, at.within(at.indent + 1, if index == last { at.allowance + 1 } else { 1 }));
        }
        self.out.push('}');
    }

    /// Before each item but the first.
    fn next_line(&mut self, index: usize, indent: usize) {
        if index > 0 {
            self.out.push(',');
            self.break_line(indent);
        }
    }

    fn break_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// A text that is too long for its line: adjacent texts, one a line. The outermost value gets brackets around them.
    fn text(&mut self, text: &str, at: At) {
        let brackets = usize::from(at.level == 0);
        let (indent, allowance) = (at.indent + brackets, at.allowance + brackets);
        let chunks = chunks(text, WIDTH.saturating_sub(indent), allowance);
        let brackets = brackets == 1 && chunks.len() != 1;
        self.out.push_str(if brackets { "(" } else { "" });
        for (index, chunk) in chunks.iter().enumerate() {
            if index > 0 {
                self.break_line(indent);
            }
            self.out.push_str(chunk);
        }
        self.out.push_str(if brackets { ")" } else { "" });
    }
}

/// A text in quoted pieces that fit into `width` if words do; the last one leaves room for `allowance`.
fn chunks(text: &str, width: usize, allowance: usize) -> Vec<String> {
    let lines = lines(text);
    let mut chunks = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let is_last = index + 1 == lines.len();
        let room = |is_last| if is_last { width.saturating_sub(allowance) } else { width };
        let whole = quoted(line);
        if whole.chars().count() <= room(is_last) {
            chunks.push(whole);
            continue;
        }
        let words = words(line);
        let mut current = String::new();
        for (word_index, word) in words.iter().enumerate() {
            let candidate = format!("{current}{word}");
            if quoted(&candidate).chars().count() <= room(is_last && word_index + 1 == words.len()) {
                current = candidate;
                continue;
            }
            if !current.is_empty() {
                chunks.push(quoted(&current));
            }
            (*word).clone_into(&mut current);
        }
        if !current.is_empty() {
            chunks.push(quoted(&current));
        }
    }
    if chunks.is_empty() { vec![quoted(text)] } else { chunks }
}

/// Lines with what ends them, as Python's `str.splitlines(True)` cuts them.
fn lines(text: &str) -> Vec<&str> {
    let ends = |c: char| {
        matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((at, end)) = rest.char_indices().find(|(_, c)| ends(*c)) {
        let pair = usize::from(end == '\r' && rest[at + 1..].starts_with('\n'));
        let (line, after) = rest.split_at(at + end.len_utf8() + pair);
        found.push(line);
        rest = after;
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

/// Words with the white space after them.
fn words(line: &str) -> Vec<&str> {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
    let (mut found, mut rest) = (Vec::new(), line);
    while !rest.is_empty() {
        let word = rest.find(is_space).unwrap_or(rest.len());
        let space = rest[word..].find(|c| !is_space(c)).map_or(rest.len(), |length| word + length);
        found.push(&rest[..space]);
        rest = &rest[space..];
    }
    found
}

/// All of a tree on one line.
fn repr(tree: &ChangeTree) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    match tree {
        ChangeTree::Scalar(text) => quoted(text),
        ChangeTree::List(element) => format!("[{}]", repr(element)),
        ChangeTree::Structure(members) => {
            let item = |(name, member): &(String, ChangeTree)| format!("{}: {}", quoted(name), repr(member));
            format!("{{{}}}", joined(sorted(members).into_iter().map(item).collect()))
        }
        ChangeTree::EnumValues(values) if values.is_empty() => "set()".to_owned(),
        ChangeTree::EnumValues(values) => {
            format!("{{{}}}", joined(sorted_values(values).into_iter().map(|value| quoted(value)).collect()))
        }
        ChangeTree::Recursive => "()".to_owned(),
    }
}

fn sorted(members: &[(String, ChangeTree)]) -> Vec<&(String, ChangeTree)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    members
}

fn sorted_values(values: &[String]) -> Vec<&String> {
    let mut values: Vec<_> = values.iter().collect();
    values.sort();
    values
}

/// What Python does not take for printable, the space aside.
static UNPRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{C}\p{Z}--\x20]").expect("a pattern of ours compiles"));

/// A text as Python's `repr` writes it.
fn quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    let mut bytes = [0; 4];
    for c in text.chars() {
        let code = u32::from(c);
        let written = match c {
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            '\\' => write!(out, "\\\\"),
            _ if c == quote => write!(out, "\\{c}"),
            ' '..='~' => write!(out, "{c}"),
            _ if !UNPRINTABLE.is_match(c.encode_utf8(&mut bytes)) => write!(out, "{c}"),
            _ if code <= 0xff => write!(out, "\\x{code:02x}"),
            _ if code <= 0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
        written.expect("writing to a String cannot fail");
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> ChangeTree {
        ChangeTree::Scalar(text.to_owned())
    }

    #[test]
    fn quotes_as_python_does() {
        for (text, expected) in [
            ("plain", "'plain'"),
            ("it's", r#""it's""#),
            (r#"it's "so""#, r#"'it\'s "so"'"#),
            ("a\\b\t\r\n", r"'a\\b\t\r\n'"),
            ("é€😀", "'é€😀'"),
            ("\u{0}\u{7f}\u{a0}\u{200b}\u{e0001}", r"'\x00\x7f\xa0\u200b\U000e0001'"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn breaks_what_is_too_wide() {
        let long = "ONE_OF_THE_VALUES | ANOTHER_OF_THE_VALUES";
        let set = ChangeTree::EnumValues(vec!["X".repeat(40), "A".repeat(40)]);
        let members = [("b", scalar(long)), ("a", ChangeTree::List(Box::new(scalar("string")))), ("c", set)];
        let inner = ChangeTree::Structure(members.map(|(name, tree)| (name.to_owned(), tree)).to_vec());
        let tree = ChangeTree::Structure(vec![("thirtyTwoCharactersAreInThisName".to_owned(), inner)]);
        let expected = [
            "{'thirtyTwoCharactersAreInThisName': {'a': ['string'],".to_owned(),
            format!("{:38}'b': 'ONE_OF_THE_VALUES | '", ""),
            format!("{:43}'ANOTHER_OF_THE_VALUES',", ""),
            format!("{:38}'c': {{'{}',", "", "A".repeat(40)),
            format!("{:44}'{}'}}}}}}", "", "X".repeat(40)),
        ];
        assert_eq!(pformat(&tree), expected.join("\n"));
    }
}
