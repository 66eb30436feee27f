//! The fast path: does this text surely conform?
//!
//! A [`Program`] is compiled from an emitted JSON Schema and run by `serde_json`'s parser over the bytes, without
//! building values. It answers *conforms* or *not sure*, never *breaks*: whatever it cannot decide with certainty (an
//! unknown keyword, a repeated key, a number in an unusual form) goes to the full path. A property test holds
//! the two against each other.

mod compile;
mod scan;

use serde::de::DeserializeSeed as _;

use self::scan::Scan;
use super::written::is_fine_text;
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
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Scan { program: self, node: self.root }.deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok()
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

/// The members of a structure with their nodes, sorted by the length of their keys: that differs for most, and is quicker
/// compared than the keys themselves.
#[derive(Debug)]
struct Members(Vec<(Box<str>, usize)>);

impl Members {
    fn new(mut members: Vec<(Box<str>, usize)>) -> Self {
        members.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        Self(members)
    }

    /// The number of a member.
    fn position(&self, key: &str) -> Option<usize> {
        let order = |(own, _): &(Box<str>, usize)| own.len().cmp(&key.len()).then_with(|| (**own).cmp(key));
        self.0.binary_search_by(order).ok()
    }

    /// The node of a member.
    fn node(&self, at: usize) -> usize {
        self.0[at].1
    }
}

/// Up to here floating point holds every whole number.
const MOST_EXACT: u64 = 1 << 53;

/// One bit a member. Structures with more members are beyond the fast path.
type Seen = [u64; 4];
const MOST_MEMBERS: usize = 256;

#[derive(Debug, Clone)]
struct Text {
    /// In code points.
    min: usize,
    max: Option<usize>,
    values: Option<Vec<Box<str>>>,
    pattern: Option<Matcher>,
    /// Bytes behind base64.
    bytes: Option<(u64, u64)>,
    /// It is a timestamp, of which the full path tells more where it is finer than milliseconds.
    is_time: bool,
}

impl Text {
    fn accepts(&self, text: &str) -> bool {
        if let Some(values) = &self.values {
            return values.iter().any(|value| **value == *text);
        }
        // A code point takes one to four bytes, so most lengths are settled without counting.
        if text.len() < self.min || self.max.is_some_and(|max| text.len() > max) || self.min > 1 {
            let length = text.chars().count();
            if length < self.min || self.max.is_some_and(|max| length > max) {
                return false;
            }
        }
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text).unwrap_or(false)
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
