//! Tagged netstrings, `LENGTH:PAYLOAD` and a character for the type: bytes, text, numbers, booleans, null, lists and dicts.
//!
//! Each string knows its place in the source. What is written into one changes the lengths around it ([`rewritten`]).

use std::ops::Range;

use crate::limits::{DEPTH, Limit, Limits};

/// A value.
#[derive(Debug)]
pub(super) enum Item {
    /// Bytes (`,`) or text (`;`), by their place in the source.
    String(Range<usize>),
    /// A number, boolean or null, by the place of its text.
    Other(Range<usize>),
    /// A list.
    List(Vec<Item>),
    /// Keys and values.
    Dict(Vec<(Item, Item)>),
}

/// Digits of a length. No file is longer.
const DIGITS: usize = 12;

impl Item {
    /// The member of that name.
    pub(super) fn get(&self, source: &[u8], name: &str) -> Option<&Item> {
        let Item::Dict(members) = self else { return None };
        let is_named =
            |key: &Item| matches!(key, Item::String(range) if source.get(range.clone()) == Some(name.as_bytes()));
        members.iter().find(|(key, _)| is_named(key)).map(|(_, value)| value)
    }

    /// The place of a string.
    pub(super) fn string(&self) -> Option<Range<usize>> {
        match self {
            Item::String(range) => Some(range.clone()),
            _ => None,
        }
    }

    /// The text of a number, boolean or null.
    pub(super) fn word<'s>(&self, source: &'s [u8]) -> Option<&'s str> {
        match self {
            Item::Other(range) => std::str::from_utf8(source.get(range.clone())?).ok(),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(super) fn items(&self) -> &[Item] {
        match self {
            Item::List(items) => items,
            _ => &[],
        }
    }
}

/// What keeps a value from being read, and the byte it is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is broken: the reason, as a clause.
    Broken(&'static str, usize),
    /// It is more than a limit allows.
    Beyond(Limit, usize),
}

/// What reads values, as far as the limits allow.
pub(super) struct Values<'s> {
    source: &'s [u8],
    /// Levels that a value may have.
    depth: u64,
    /// Values that may still come.
    spare: u64,
}

impl<'s> Values<'s> {
    pub(super) fn new(source: &'s [u8], limits: &Limits) -> Self {
        Self { source, depth: limits.depth, spare: limits.document_values }
    }

    /// The value that begins at byte `at`, and the byte behind it.
    pub(super) fn read(&mut self, at: usize) -> Result<(Item, usize), Wrong> {
        self.value(at, self.source.len(), self.depth)
    }

    /// A value that ends before byte `end`.
    fn value(&mut self, at: usize, end: usize, depth: u64) -> Result<(Item, usize), Wrong> {
        self.spare = self.spare.checked_sub(1).ok_or(Wrong::Beyond(Limit::DocumentValues, at))?;
        let (range, tag, behind) = element(&self.source[..end], at)?;
        let below = || depth.checked_sub(1).ok_or(Wrong::Beyond(Limit::Depth, at));
        let item = match tag {
            b',' | b';' => Item::String(range),
            b'#' | b'^' | b'!' | b'~' => Item::Other(range),
            b']' => Item::List(self.values(range, below()?)?),
            b'}' => {
                let mut members = Vec::new();
                let mut items = self.values(range, below()?)?.into_iter();
                while let Some(key) = items.next() {
                    members.push((key, items.next().ok_or(Wrong::Broken("a key has no value", at))?));
                }
                Item::Dict(members)
            }
            _ => return Err(Wrong::Broken("a value has no type", behind - 1)),
        };
        Ok((item, behind))
    }

    fn values(&mut self, within: Range<usize>, depth: u64) -> Result<Vec<Item>, Wrong> {
        let (mut items, mut at) = (Vec::new(), within.start);
        while at < within.end {
            let (item, behind) = self.value(at, within.end, depth)?;
            items.push(item);
            at = behind;
        }
        Ok(items)
    }
}

/// The payload of the value at a byte, its type, and the byte behind it.
fn element(source: &[u8], at: usize) -> Result<(Range<usize>, u8, usize), Wrong> {
    let rest = source.get(at..).unwrap_or_default();
    let digits = rest.iter().take(DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > DIGITS || rest.get(digits) != Some(&b':') {
        return Err(Wrong::Broken("a value does not begin with its length", at));
    }
    let length = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse::<usize>().ok());
    let start = at + digits + 1;
    let end = length
        .and_then(|length| start.checked_add(length))
        .ok_or(Wrong::Broken("a length is beyond all bounds", at))?;
    let tag = source.get(end).ok_or(Wrong::Broken("it ends too early", at))?;
    Ok((start..end, *tag, end + 1))
}

/// The value at byte `at` with its strings as `edit` has them and with the lengths that follow, and the byte behind it; what
/// cannot be read stays as it is.
pub(super) fn rewritten(source: &[u8], at: usize, edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>) -> (Vec<u8>, usize) {
    rewritten_within(source, at, DEPTH, edit)
}

fn rewritten_within(
    source: &[u8],
    at: usize,
    depth: usize,
    edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>,
) -> (Vec<u8>, usize) {
    let Ok((range, tag, end)) = element(source, at) else { return (source[at..].to_vec(), source.len()) };
    let payload = match tag {
        b',' | b';' => edit(range),
        b']' | b'}' if depth > 0 => {
            let (mut payload, mut here) = (Vec::new(), range.start);
            while here < range.end {
                let (item, next) = rewritten_within(&source[..range.end], here, depth - 1, edit);
                payload.extend(item);
                here = next;
            }
            payload
        }
        _ => source[range].to_vec(),
    };
    let mut item = format!("{}:", payload.len()).into_bytes();
    item.extend(payload);
    item.push(tag);
    (item, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], depth: u64) -> Result<(Item, usize), Wrong> {
        let mut limits = Limits::default();
        (limits.depth, limits.document_values) = (depth, 20);
        Values::new(text, &limits).read(0)
    }

    const SOURCE: &[u8] = b"45:1:a,11:2:bc;3:200#]1:d,0:~1:e;11:1:f,4:true!}}";

    #[test]
    fn values_know_their_places() {
        let source = SOURCE;
        let (item, end) = read(source, 9).expect("sound");
        assert_eq!(end, source.len());
        let list = item.get(source, "a").expect("a member");
        assert_eq!(list.items()[0].string().map(|range| &source[range]), Some(&b"bc"[..]));
        assert_eq!(
            (list.items()[1].word(source), item.get(source, "d").and_then(|one| one.word(source))),
            (Some("200"), Some(""))
        );
        assert!(item.get(source, "none").is_none() && list.get(source, "a").is_none());
        assert_eq!(read(source, 1).map(|_| ()), Err(Wrong::Beyond(Limit::Depth, 7)));
    }

    #[test]
    fn broken_values_are_told() {
        for (text, wrong) in [
            ("", ("a value does not begin with its length", 0)),
            ("x", ("a value does not begin with its length", 0)),
            ("3:ab", ("it ends too early", 0)),
            ("2:abz", ("a value has no type", 4)),
            ("4:1:a,}", ("a key has no value", 0)),
            ("5:9:ab,]", ("it ends too early", 2)),
            ("99999999999999:", ("a value does not begin with its length", 0)),
        ] {
            assert_eq!(read(text.as_bytes(), 9).map(|_| ()), Err(Wrong::Broken(wrong.0, wrong.1)), "{text}");
        }
        let many = format!("{}:{}]", 3 * 30, "0:~".repeat(30));
        assert_eq!(read(many.as_bytes(), 9).map(|_| ()), Err(Wrong::Beyond(Limit::DocumentValues, 3 + 3 * 19)));
        let deep = (0..100_000)
            .fold("0:~".to_owned(), |deep, _| if deep.len() < 4000 { format!("{}:{deep}]", deep.len()) } else { deep });
        assert!(matches!(read(deep.as_bytes(), 9), Err(Wrong::Beyond(Limit::Depth, _))));
        assert_eq!(rewritten(deep.as_bytes(), 0, &mut |_| Vec::new()).0, deep.as_bytes());
    }

    #[test]
    fn lengths_follow_what_is_written() {
        let source = b"16:1:k;9:3:abc,0:~]}";
        let edit = &mut |range: Range<usize>| {
            if &source[range.clone()] == b"abc" { b"longer text".to_vec() } else { source[range].to_vec() }
        };
        let (text, end) = rewritten(source, 0, edit);
        assert_eq!((String::from_utf8(text).as_deref(), end), (Ok("26:1:k;18:11:longer text,0:~]}"), source.len()));
        let (broken, end) = rewritten(b"3:ab", 0, &mut |_| Vec::new());
        assert_eq!((&broken[..], end), (&b"3:ab"[..], 4));
    }
}
