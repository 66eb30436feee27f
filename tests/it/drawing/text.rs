//! JSON texts that need not be sound: what a payload becomes when something is wrong with it, or only unusual.

use std::fmt::Write as _;

use serde_json::Value;

use super::draw::Draw;

/// Texts to put in place of a value: every type, the edges of numbers, forms that readers read differently, and what
/// is no JSON.
const STRANGE: &[&str] = &[
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"a\": 1, \"a\": 2}",
    "{\"\": {}}",
    "{\"__type\": \"x\"}",
    "0",
    "-0",
    "-0.0",
    "1.0",
    "1e0",
    "10E-1",
    "1.5",
    "-1",
    "8",
    "1e400",
    "-1e400",
    "1e-400",
    "4e38",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740992",
    "9007199254740993",
    "9007199254740992.0",
    "9223372036854775807",
    "9223372036854775808",
    "9223372036854775807.0",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "1693400000123",
    "1693400000.5",
    "253402300799.5",
    "\"NaN\"",
    "\"nan\"",
    "\"-Infinity\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"a\\u0000b\"",
    "\"\\u0041\"",
    "\"YQ==\"",
    "\"YQ=\"",
    "\"YWJjZGVmZ2g=\"",
    "\"=\"",
    "\"====\"",
    "\"2023-08-30T12:34:56Z\"",
    "\"2023-08-30 12:34:56+00:00\"",
    "\"Wed, 30 Aug 2023 12:34:56 GMT\"",
    "\"1693400000\"",
    "\"ACTIVE\"",
    "\"red\"",
    "\"  \"",
    "\"é\u{301}\"",
    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    "",
    "nul",
    "01",
    ".5",
    "+1",
    "'a'",
    "{\"a\": 1,}",
    "[1,]",
    "\"raw\ttab\"",
    "\"\\x\"",
    "1 2",
    "//",
    "NaN",
    "{\"$serde_json::private::RawValue\": \"1\"}",
    "{\"$serde_json::private::Number\": \"1\"}",
];

/// Keys to put in place of others: of other structures, and those that are passed over.
const OTHER_KEYS: &[&str] = &[
    "\"resultConfiguration\"",
    "\"roleArn\"",
    "\"kids\"",
    "\"__type\"",
    "\"message\"",
    "\"Message\"",
    "\"code\"",
    "\"\"",
    "\"a/b~c\"",
];

/// A JSON text in parts: keys and scalars as they are written.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Raw(String),
    List(Vec<Node>),
    /// Keys with their quotes.
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(map) => Self::Object(
                map.iter().map(|(key, value)| (Value::from(key.as_str()).to_string(), Self::of(value))).collect(),
            ),
            scalar => Self::Raw(scalar.to_string()),
        }
    }

    /// Changes up to three things, mostly one.
    pub(crate) fn mutate(&mut self, draw: &mut Draw<'_>) {
        for _ in 0..*draw.of(&[1, 1, 1, 1, 2, 3]) {
            let spare = self.clone();
            let graft = spare.nth(draw.pick(spare.count())).clone();
            let at = draw.pick(self.count());
            self.nth_mut(at).change(draw, graft);
        }
    }

    fn change(&mut self, draw: &mut Draw<'_>, graft: Node) {
        match self {
            Self::Object(entries) if !entries.is_empty() && !draw.once_in(4) => change_entry(entries, draw, graft),
            Self::List(items) if !items.is_empty() && !draw.once_in(4) => {
                let at = draw.pick(items.len());
                match draw.pick(4) {
                    0 => drop(items.remove(at)),
                    1 => items.insert(at, graft),
                    2 => items.push(Self::Raw((*draw.of(STRANGE)).to_owned())),
                    _ => (0..40).for_each(|_| items.push(items[at].clone())),
                }
            }
            _ => match draw.pick(6) {
                0 => *self = graft,
                1 => *self = Self::List(vec![self.clone()]),
                2 => *self = Self::Object(vec![("\"a\"".to_owned(), self.clone())]),
                3 => self.change_text(draw),
                4 if draw.once_in(8) => {
                    let depth = 100 + draw.pick(60);
                    *self = Self::Raw(format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
                }
                _ => *self = Self::Raw((*draw.of(STRANGE)).to_owned()),
            },
        }
    }

    /// Changes a text, and only a text, by a little.
    fn change_text(&mut self, draw: &mut Draw<'_>) {
        let Self::Raw(raw) = self else { return };
        let Ok(Value::String(text)) = serde_json::from_str(raw) else { return };
        let changed = match draw.pick(7) {
            0 => format!("{text}x"),
            1 => text.to_lowercase(),
            2 => text.repeat(20),
            3 => text.chars().skip(1).collect(),
            4 => format!("{text}\n"),
            5 => text.chars().rev().collect(),
            // The same text, written in another way.
            _ => return *raw = escaped(&text),
        };
        *raw = Value::from(changed).to_string();
    }

    /// The text. Spaces and lines are put in where JSON allows them, or not at all.
    pub(crate) fn write(&self, draw: &mut Draw<'_>) -> String {
        let mut out = String::new();
        let airy = draw.once_in(2);
        self.write_to(&mut out, &mut |out| {
            if airy {
                out.push_str(["", " ", "\n\t", "\r\n"][draw.pick(4)]);
            }
        });
        out
    }

    fn write_to(&self, out: &mut String, air: &mut impl FnMut(&mut String)) {
        air(out);
        match self {
            Self::Raw(raw) => out.push_str(raw),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write_to(out, air);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    air(out);
                    out.push_str(key);
                    air(out);
                    out.push(':');
                    value.write_to(out, air);
                }
                out.push('}');
            }
        }
        air(out);
    }

    fn children(&self) -> Vec<&Node> {
        match self {
            Self::Raw(_) => Vec::new(),
            Self::List(items) => items.iter().collect(),
            Self::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
        }
    }

    fn count(&self) -> usize {
        1 + self.children().into_iter().map(Self::count).sum::<usize>()
    }

    /// The value of that number, counted from the outside.
    fn nth(&self, mut number: usize) -> &Node {
        if number > 0 {
            number -= 1;
            for child in self.children() {
                if number < child.count() {
                    return child.nth(number);
                }
                number -= child.count();
            }
        }
        self
    }

    fn nth_mut(&mut self, mut number: usize) -> &mut Node {
        if number == 0 {
            return self;
        }
        number -= 1;
        let children: Vec<&mut Node> = match self {
            Self::Raw(_) => Vec::new(),
            Self::List(items) => items.iter_mut().collect(),
            Self::Object(entries) => entries.iter_mut().map(|(_, value)| value).collect(),
        };
        for child in children {
            if number < child.count() {
                return child.nth_mut(number);
            }
            number -= child.count();
        }
        unreachable!("numbers are below the count")
    }
}

fn change_entry(entries: &mut Vec<(String, Node)>, draw: &mut Draw<'_>, graft: Node) {
    let at = draw.pick(entries.len());
    let (key, value) = entries[at].clone();
    match draw.pick(11) {
        0 => drop(entries.remove(at)),
        1 => entries[at].0.replace_range(.., draw.of::<&str>(OTHER_KEYS)),
        2 => entries[at].0 = if draw.once_in(2) { key.to_uppercase() } else { key.to_lowercase() },
        3 => entries.push((key, graft)),
        4..=6 => entries.insert(0, (key, value)),
        7 => entries.push(((*draw.of(OTHER_KEYS)).to_owned(), Node::Raw("null".to_owned()))),
        8 => {
            let text: String = serde_json::from_str(&key).unwrap_or_default();
            entries[at].0 = escaped(&text);
        }
        9 => entries[at].1 = graft,
        _ => entries.reverse(),
    }
}

/// The text with every character escaped.
fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        write!(out, "\\u{unit:04x}").expect("writing to a String cannot fail");
    }
    out + "\""
}
