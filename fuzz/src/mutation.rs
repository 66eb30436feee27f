//! Ways to break an input: its bytes, its tokens, its JSON.

use std::ops::Range;

use serde_json::{Map, Value};

use super::random::Random;

/// Numbers at and beyond the bounds of types, and texts that are nearly numbers.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "-0",
    "00",
    "1e400",
    "-1e400",
    "1e-400",
    "1e999999999",
    "NaN",
    "Infinity",
    "0x10",
    "2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775808",
    "18446744073709551616",
    "253402300800",
    "-62135596801",
    "1000000000000000000000000000000000000000",
    "0.1",
    "1.5e3",
    "65536",
    "999",
    "1_000",
    "٣",
];

/// Texts that change their length in another case, that are no characters of their own, that something obeys, or that end
/// what they stand in.
const TEXTS: &[&str] = &[
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{10ffff}",
    "\u{fffd}",
    "İ",
    "ß",
    "\u{212a}",
    "ﬁ",
    "🏳️\u{200d}🌈",
    "e\u{301}\u{301}\u{301}\u{301}",
    "\r\n",
    "\n::error::x",
    "\u{1b}[31m",
    "\u{9b}2J",
    "##[group]",
    "]]>",
    "<!--",
    "&#x0;",
    "&amp;amp;",
    "%00",
    "%",
    "%zz",
    "%f0%9f",
    "../../x",
    "=1+1",
    "\\",
    "\\u",
    "\\ud800",
    "\"",
    "'",
    "`",
    "{{",
    "}}",
    "*a",
    "&a ",
    "!!binary ",
    "<<: ",
    "%TAG ! x",
    "--- ",
    "...\n",
    "# ",
    ": ",
    "- ",
    "? ",
    "|2+\n",
    ">\n",
    "\t",
    "$serde_json::private::Number",
    "__type",
    "null",
    "true",
    "[]",
    "{}",
    "~",
    "2023-02-30T25:61:61Z",
    "https://[::1",
    "http://a@b:99999/?&=&",
    "data:;base64,=",
];

/// One to four random changes of an input, some of which take parts of another one.
pub fn bytes(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..=random.below(4) {
        change(random, &mut out, other);
    }
    out.truncate(1 << 20);
    out
}

/// As [`bytes`], or a change of the JSON that the input is or that its lines are.
pub fn text(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    if random.once_in(2) {
        return bytes(random, seed, other);
    }
    match json_lines(random, seed) {
        Some(changed) if random.once_in(4) => bytes(random, &changed, other),
        Some(changed) => changed,
        None => bytes(random, seed, other),
    }
}

fn change(random: &mut Random, out: &mut Vec<u8>, other: &[u8]) {
    let (part, at) = (range(random, out.len()), random.below(out.len() + 1));
    match random.below(13) {
        0 if at < out.len() => out[at] ^= 1 << random.below(8),
        1 if at < out.len() => out[at] = (random.number() & 0xFF) as u8,
        2 => out.truncate(at),
        3 => drop(out.drain(..at)),
        4 => drop(out.drain(part)),
        5 => {
            let copy = out[part].to_vec();
            insert(out, at, &copy.repeat(1 + random.below(3)));
        }
        6 => {
            let piece = other[range(random, other.len())].to_vec();
            out.splice(part, piece);
        }
        7 => number(random, out, at),
        8 => insert(out, at, random.of(TEXTS).as_bytes()),
        9 => insert(out, at, random.of(TEXTS).repeat(1 + random.below(400)).as_bytes()),
        10 => nest(random, out, at),
        11 => string(random, out, at),
        _ => lines(random, out),
    }
}

/// A short part of so many bytes; seldom a long one.
fn range(random: &mut Random, length: usize) -> Range<usize> {
    let start = random.below(length + 1);
    let most = if random.once_in(4) { length } else { 24 };
    start..(start + random.below(most + 1)).min(length)
}

fn insert(out: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let at = at.min(out.len());
    out.splice(at..at, piece.iter().copied());
}

/// Another number in place of the next one.
fn number(random: &mut Random, out: &mut Vec<u8>, at: usize) {
    let Some(start) = out[at..].iter().position(u8::is_ascii_digit).map(|found| at + found) else { return };
    let end = out[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(out.len(), |found| start + found);
    out.splice(start..end, random.of(NUMBERS).bytes());
}

/// Another text in place of the next one in quotes.
fn string(random: &mut Random, out: &mut Vec<u8>, at: usize) {
    let quote = |from: usize| out[from..].iter().position(|byte| *byte == b'"').map(|found| from + found);
    let Some(start) = quote(at) else { return };
    let Some(end) = quote(start + 1) else { return };
    let text = Value::from(*random.of(TEXTS)).to_string();
    out.splice(start..=end, text.bytes());
}

/// Brackets, many of them.
fn nest(random: &mut Random, out: &mut Vec<u8>, at: usize) {
    let levels = *random.of(&[3, 40, 126, 127, 128, 129, 1_000, 20_000]);
    let (open, close) =
        *random.of(&[("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>"), ("(", ")"), ("\u{9f}", ""), ("- ", "")]);
    let within = if open.starts_with('{') { "1" } else { "" };
    let close = if random.once_in(3) { "" } else { close };
    insert(out, at, format!("{}{within}{}", open.repeat(levels), close.repeat(levels)).as_bytes());
}

/// Lines in another order, twice, or not at all.
fn lines(random: &mut Random, out: &mut Vec<u8>) {
    let mut lines: Vec<&[u8]> = out.split_inclusive(|byte| *byte == b'\n').collect();
    if lines.len() < 2 {
        return;
    }
    let (one, two) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => lines.swap(one, two),
        1 => drop(lines.remove(one)),
        _ => lines.insert(two, lines[one]),
    }
    *out = lines.concat();
}

/// The input with one to three changes of the JSON that it is or that one of its lines is; `None` where none is JSON.
fn json_lines(random: &mut Random, seed: &[u8]) -> Option<Vec<u8>> {
    if let Ok(value) = serde_json::from_slice::<Value>(seed) {
        return Some(json(random, value).into_bytes());
    }
    let mut lines: Vec<Vec<u8>> = seed.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let at = random.below(lines.len());
    let value = serde_json::from_slice(&lines[at]).ok()?;
    lines[at] = json(random, value).into_bytes();
    Some(lines.join(&b'\n'))
}

/// The text of a value after one to three changes. Perhaps a key appears twice in it.
pub fn json(random: &mut Random, mut value: Value) -> String {
    for _ in 0..=random.below(3) {
        let mut left = random.below(size(&value).max(1));
        change_at(random, &mut value, &mut left);
    }
    let text = value.to_string();
    if !random.once_in(6) {
        return text;
    }
    // A key that appears twice is beyond what a value holds.
    let at = random.below(text.len());
    let Some(key) = text.get(at..).and_then(|rest| rest.split_once(",\"")).and_then(|(_, rest)| rest.split_once("\":"))
    else {
        return text;
    };
    text.replacen(&format!(",\"{}\":", key.0), &format!(",\"{0}\":1,\"{0}\":", key.0), 1)
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

/// Changes the value that is reached after so many others.
fn change_at(random: &mut Random, value: &mut Value, left: &mut usize) -> bool {
    if *left == 0 {
        change_value(random, value);
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|item| change_at(random, item, left)),
        Value::Object(map) => map.values_mut().any(|item| change_at(random, item, left)),
        _ => false,
    }
}

fn change_value(random: &mut Random, value: &mut Value) {
    match value {
        Value::Object(map) if !map.is_empty() && !random.once_in(3) => change_map(random, map),
        Value::Array(list) if !list.is_empty() && !random.once_in(3) => change_list(random, list),
        Value::String(text) if !random.once_in(3) => *text = change_text(random, text),
        _ => *value = other_value(random, value.take()),
    }
}

fn change_map(random: &mut Random, map: &mut Map<String, Value>) {
    let keys: Vec<String> = map.keys().cloned().collect();
    let key = random.of(&keys).clone();
    match random.below(4) {
        0 => drop(map.shift_remove(&key)),
        1 => drop(map.insert((*random.of(TEXTS)).to_owned(), map[&key].clone())),
        2 => {
            let moved = map.shift_remove(&key).unwrap_or_default();
            let name = if random.once_in(2) { key.to_uppercase() } else { format!("{key}{}", random.of(TEXTS)) };
            map.insert(name, moved);
        }
        _ => {
            let copy = map[random.of(&keys)].clone();
            map.insert(key, copy);
        }
    }
}

fn change_list(random: &mut Random, list: &mut Vec<Value>) {
    let at = random.below(list.len());
    match random.below(3) {
        0 => drop(list.remove(at)),
        1 => {
            let copies = vec![list[at].clone(); 1 + random.below(30)];
            list.extend(copies);
        }
        _ => list[at] = other_value(random, list[at].clone()),
    }
}

/// A text in a text may be JSON, as the bodies of most recordings are.
fn change_text(random: &mut Random, text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(inner) if inner.is_object() || inner.is_array() => {
            let mut inner = inner;
            let mut left = random.below(size(&inner));
            change_at(random, &mut inner, &mut left);
            inner.to_string()
        }
        _ => String::from_utf8_lossy(&bytes(random, text.as_bytes(), random.clone().of(TEXTS).as_bytes())).into_owned(),
    }
}

/// A value of another type.
fn other_value(random: &mut Random, value: Value) -> Value {
    match random.below(9) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => serde_json::from_str(random.of::<&str>(NUMBERS)).unwrap_or_default(),
        3 => Value::from(*random.of(TEXTS)),
        4 => Value::from(random.of(NUMBERS).to_string()),
        5 => Value::Array(vec![value]),
        6 => Value::Object(Map::from_iter([((*random.of(TEXTS)).to_owned(), value)])),
        7 => (0..*random.of(&[5, 60, 140])).fold(value, |inner, _| Value::Array(vec![inner])),
        _ => Value::from(value.to_string()),
    }
}
