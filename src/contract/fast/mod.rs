//! The fast path: does this text surely conform?
//!
//! A [`Program`] is compiled from an emitted JSON Schema and run over the bytes of a text ([`Cursor`]), without building
//! values. It answers *conforms* or *not sure*, never *breaks*: whatever it cannot decide with certainty (an unknown
//! keyword, a repeated key, a number in an unusual form) goes to the full path. A property test holds the two against each
//! other.

mod compile;
mod scan;
mod value;

use std::cmp::Ordering;
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;

use self::scan::Scan;
use super::written::is_fine_text;
use crate::recording::cursor::{Cursor, LEVELS, Quoted};
use crate::schema::pattern::Matcher;

/// A compiled schema.
#[derive(Debug)]
pub(super) struct Program {
    nodes: Vec<Node>,
    root: usize,
}

impl Program {
    /// Whether the JSON text conforms for certain.
    pub(super) fn conforms(&self, text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        self.conforms_at(&mut cursor) && cursor.is_done()
    }

    /// Whether the value that comes next conforms for certain; it is passed over.
    pub(super) fn conforms_at(&self, cursor: &mut Cursor<'_>) -> bool {
        Scan { program: self, cursor, levels: LEVELS }.value(self.root).is_some()
    }
}

/// What a value must be.
#[derive(Debug)]
enum Node {
    /// Anything at all.
    Any,
    /// Beyond this path.
    NotSure,
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
    Sparse(usize),
    Array {
        items: usize,
        min: usize,
        max: usize,
    },
    Map {
        keys: Text,
        values: usize,
        min: usize,
        max: usize,
    },
    Object(Object),
}

/// A structure.
#[derive(Debug)]
struct Object {
    members: Members,
    /// Bit `i` is set where member `i` is required.
    required: Seen,
    min: u32,
    max: u32,
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
    key: Box<str>,
    /// As it stands in a text, where nobody writes it with needless escapes.
    quoted: Box<str>,
    node: usize,
}

impl Members {
    /// `None` where a key cannot be written without escapes.
    fn new(members: Vec<(Box<str>, usize)>) -> Option<Self> {
        let plain = |key: &str| !key.bytes().any(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
        if !members.iter().all(|(key, _)| plain(key)) {
            return None;
        }
        let member = |(key, node): (Box<str>, usize)| Member { quoted: format!("\"{key}\"").into(), key, node };
        let mut all: Vec<Member> = members.into_iter().map(member).collect();
        all.sort_by(|a, b| by_length(&a.key, &b.key));
        let behind = (0..=all.len()).map(|_| AtomicU16::new(u16::MAX)).collect();
        Some(Self { all, behind })
    }

    /// The number of a member.
    fn position(&self, key: &str) -> Option<usize> {
        self.all.binary_search_by(|own| by_length(&own.key, key)).ok()
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

    /// The node of a member.
    fn node(&self, at: usize) -> usize {
        self.all[at].node
    }
}

fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Up to here floating point holds every whole number.
const MOST_EXACT: u64 = 1 << 53;
#[allow(clippy::cast_precision_loss, reason = "it is held")]
const MOST_EXACT_FLOAT: f64 = MOST_EXACT as f64;

/// One bit a member. Structures with more members are beyond the fast path.
type Seen = [u64; 4];
const MOST_MEMBERS: usize = 256;

#[derive(Debug, Clone)]
struct Text {
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
