//! The fast path: does this text surely conform?
//!
//! A [`Node`] is compiled from the emitted JSON Schema of one shape, when a value first asks for it ([`Programs`]), and run
//! over the bytes of a text ([`Cursor`]), without building values. It answers *conforms* or *not sure*, never *breaks*:
//! whatever it cannot decide with certainty (an unknown keyword, a repeated key, a number in an unusual form) goes to the full
//! path. A property test holds the two against each other.

mod compile;
mod doubts;
mod programs;
mod scan;
mod value;

use std::cmp::Ordering;
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;

pub(super) use self::doubts::Doubt;
pub(super) use self::programs::{Nodes, Program, Programs};
use super::written::is_fine_text;
use crate::recording::cursor::{Cursor, Quoted};
use crate::schema::pattern::Matcher;

/// Where the node of a value within another is.
#[derive(Debug)]
pub(super) enum Link {
    /// Here: it is that of no shape alone.
    Own(Box<Node>),
    /// It is that of the shape with this number.
    Shape(u32),
}

impl Link {
    fn own(node: Node) -> Self {
        Self::Own(Box::new(node))
    }
}

/// What a value must be.
#[derive(Debug)]
pub(super) enum Node {
    /// Anything at all.
    Any,
    /// Beyond this path.
    NotSure {
        /// Its schema refers to other shapes.
        refers: bool,
    },
    Boolean,
    /// A whole number, written without a fraction, within bounds.
    Integer {
        min: i64,
        max: i64,
    },
    /// A number within bounds, or, where set, a text.
    Number {
        min: f64,
        max: f64,
        text: Option<Text>,
        /// It is a timestamp.
        is_time: bool,
    },
    Text(Text),
    /// An element that may be null.
    Sparse(Link),
    Array {
        items: Link,
        min: usize,
        max: usize,
    },
    Map {
        keys: Link,
        values: Link,
        min: usize,
        max: usize,
    },
    Object(Object),
}

/// A structure.
#[derive(Debug)]
pub(super) struct Object {
    members: Members,
    /// Bit `i` is set where member `i` is required.
    required: Seen,
    min: u32,
    max: u32,
}

impl Object {
    /// Whether all members are there that have to be, and so many may be.
    fn is_complete(&self, seen: &Seen, count: usize) -> bool {
        let complete = self.required.iter().zip(seen).all(|(required, seen)| required & !seen == 0);
        complete && u32::try_from(count).is_ok_and(|count| (self.min..=self.max).contains(&count))
    }
}

/// The members of a structure, sorted by the length of their keys: that differs for most, and is quicker compared than the
/// keys themselves.
#[derive(Debug)]
struct Members {
    all: Vec<Member>,
    /// The member that was seen behind each one, and first of all, by which most are found at once. What is noted here
    /// makes no difference to a verdict.
    behind: Box<[AtomicU16]>,
}

#[derive(Debug)]
struct Member {
    /// The key as it stands in a text, where nobody writes it with needless escapes.
    quoted: Box<str>,
    value: Link,
}

impl Member {
    fn key(&self) -> &str {
        &self.quoted[1..self.quoted.len() - 1]
    }
}

impl Members {
    /// `None` where a key cannot be written without escapes.
    fn new<'k>(members: impl Iterator<Item = (&'k str, Link)>) -> Option<Self> {
        let plain = |key: &str| !key.bytes().any(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
        let member = |(key, value): (&str, Link)| {
            plain(key).then(|| Member { quoted: ["\"", key, "\""].concat().into(), value })
        };
        let mut all: Vec<Member> = members.map(member).collect::<Option<_>>()?;
        all.sort_by(|a, b| by_length(a.key(), b.key()));
        let behind = (0..=all.len()).map(|_| AtomicU16::new(u16::MAX)).collect();
        Some(Self { all, behind })
    }

    /// The number of a member.
    fn position(&self, key: &str) -> Option<usize> {
        self.all.binary_search_by(|own| by_length(own.key(), key)).ok()
    }

    /// Reads a key: the number of its member. `last` is the one before it.
    fn read(&self, cursor: &mut Cursor<'_>, last: Option<usize>) -> Option<usize> {
        cursor.next()?;
        let slot = self.behind.get(last.map_or(0, |last| last + 1))?;
        let mut expected = usize::from(slot.load(Relaxed));
        // Where a member is left out, the one behind it is next.
        for _ in 0..Self::TRIES {
            let Some(member) = self.all.get(expected) else { break };
            if cursor.takes_text(&member.quoted) {
                return Some(expected);
            }
            expected = usize::from(self.behind.get(expected + 1)?.load(Relaxed));
        }
        let found = self.position(&cursor.string()?.text()?)?;
        slot.store(u16::try_from(found).unwrap_or(u16::MAX), Relaxed);
        Some(found)
    }

    /// Members that are tried before one is looked up.
    const TRIES: usize = 4;

    /// What a member's value must be.
    fn value(&self, at: usize) -> &Link {
        &self.all[at].value
    }
}

fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Up to here floating point holds every whole number.
const MOST_EXACT: u64 = 1 << 53;
#[allow(clippy::cast_precision_loss, reason = "it is held")]
const MOST_EXACT_FLOAT: f64 = MOST_EXACT as f64;

/// Whether floating point holds a number as it is written; `is_whole_exact` says so of one that is written as a whole one.
/// Beyond the limit it may be rounded, also where it has a fraction.
fn holds(value: f64, is_whole_exact: bool) -> bool {
    is_whole_exact && value.abs() <= MOST_EXACT_FLOAT
}

/// One bit a member. Structures with more members are beyond the fast path.
type Seen = [u64; 4];
const MOST_MEMBERS: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Text {
    /// In code points.
    min: usize,
    max: Option<usize>,
    values: Option<Values>,
    pattern: Option<Matcher>,
    /// Bytes behind base64.
    bytes: Option<(u64, u64)>,
    /// It is a timestamp, of which the full path tells more where it is finer than milliseconds.
    is_time: bool,
}

/// The values of an enumeration, sorted as members are.
#[derive(Debug, Clone)]
struct Values(Vec<Box<str>>);

impl Values {
    /// So many are compared one by one.
    const FEW: usize = 8;

    fn new(mut values: Vec<Box<str>>) -> Self {
        values.sort_by(|a, b| by_length(a, b));
        Self(values)
    }

    fn has(&self, text: &str) -> bool {
        if self.0.len() <= Self::FEW {
            return self.0.iter().any(|value| **value == *text);
        }
        self.0.binary_search_by(|value| by_length(value, text)).is_ok()
    }
}

impl Text {
    /// Whether every text will do.
    fn is_free(&self) -> bool {
        let Self { min, max, values, pattern, bytes, is_time } = self;
        *min == 0 && max.is_none() && values.is_none() && pattern.is_none() && bytes.is_none() && !is_time
    }

    fn accepts(&self, quoted: Quoted<'_>) -> bool {
        if self.is_free() {
            return quoted.is_sound();
        }
        let Self { min, max, values: None, pattern: None, bytes: None, is_time: false } = self else {
            return self.accepts_read(quoted);
        };
        match quoted.length() {
            Some(length) => length >= *min && max.is_none_or(|max| length <= max),
            None => self.accepts_read(quoted),
        }
    }

    fn accepts_read(&self, quoted: Quoted<'_>) -> bool {
        match quoted.plain() {
            Some(text) => self.accepts_text(text, quoted.is_ascii),
            None => quoted.text().is_some_and(|text| self.accepts_text(&text, text.is_ascii())),
        }
    }

    fn accepts_text(&self, text: &str, is_ascii: bool) -> bool {
        if let Some(values) = &self.values {
            return values.has(text);
        }
        if self.min > 0 || self.max.is_some() {
            let length = if is_ascii { text.len() } else { text.chars().count() };
            if length < self.min || self.max.is_some_and(|max| length > max) {
                return false;
            }
        }
        if let Some(pattern) = &self.pattern
            && !pattern.surely_matches(text, is_ascii)
        {
            return false;
        }
        if self.is_time && is_fine_text(text) {
            return false;
        }
        match self.bytes {
            None => true,
            Some((min, max)) => super::keyword::decoded_length(text).is_some_and(|count| (min..=max).contains(&count)),
        }
    }
}
