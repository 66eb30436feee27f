//! [`Seen`]: one exchange, as it was understood.

use crate::finding::Location;
use crate::model::Protocol;

/// One exchange, or one payload, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whether there was a contract to hold it against.
    pub checked: bool,
    /// Number of findings.
    pub findings: usize,
}
