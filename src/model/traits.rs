//! Traits of shapes and members that several kinds of them have.

use serde::{Serialize, Serializer};

/// How a timestamp is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TimestampFormat {
    /// Seconds since 1970, perhaps with a fraction (`epoch-seconds`).
    UnixTimestamp,
    /// RFC 3339 (`date-time`).
    Iso8601,
    /// RFC 7231 (`http-date`), written `rfc822` in botocore models.
    HttpDate,
}

impl TimestampFormat {
    /// The format as botocore models spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnixTimestamp => "unixTimestamp",
            Self::Iso8601 => "iso8601",
            Self::HttpDate => "rfc822",
        }
    }
}

impl Serialize for TimestampFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Bounds and pattern of a shape. What `min` and `max` measure depends on its kind: code points of a string, bytes
/// of a blob, elements of a list, entries of a map, the value of a number.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Constraints {
    /// Smallest legal measure.
    pub min: Option<Bound>,
    /// Largest legal measure.
    pub max: Option<Bound>,
    /// Pattern in the model's dialect, meaning a full match.
    pub pattern: Option<String>,
}

/// One bound, exact as the source writes it.
pub type Bound = serde_json::Number;

/// The trait that marks a structure as an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ErrorTrait {
    /// Code on the wire where it differs from the shape's name.
    pub code: Option<String>,
    /// HTTP status, where the model states it.
    pub status: Option<u16>,
    /// The sender is at fault (4xx) rather than the service.
    pub sender_fault: bool,
    /// Safe to try again.
    pub retryable: bool,
}

/// XML layout of a member, shape or operation input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct XmlTraits {
    /// Element name set on the shape.
    pub name: Option<String>,
    /// Namespace URI.
    pub namespace: Option<String>,
    /// Written as an attribute.
    pub attribute: bool,
    /// List or map without a wrapping element.
    pub flattened: bool,
    /// Result wrapped once more (query protocols).
    pub wrapper: bool,
}
