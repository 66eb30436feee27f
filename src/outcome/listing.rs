//! [`Seen`]: one exchange, as it was understood.

use crate::finding::Location;
use crate::model::Protocol;

/// One exchange, or one payload, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Where it stands.
    pub location: Location,
    /// Service that it was judged by; where there is no contract for it, as the recording names it.
    pub service: String,
    /// Its operation; empty where that is not known.
    pub operation: String,
    /// Protocol, where it was decoded from HTTP.
    pub protocol: Option<Protocol>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Whether it was checked, and what was found.
    pub state: State,
    /// Why it is taken for one of its service, the weightiest reason first.
    pub why: Vec<String>,
}

/// Whether an exchange was checked, and what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It was held against a contract, with so many findings.
    Checked(usize),
    /// It is of an AWS service that there is no contract of.
    Unchecked,
    /// It calls no AWS API that a model describes, as far as it says.
    Elsewhere,
}
