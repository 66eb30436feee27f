//! [`Wire`]: what a comparison of two snapshots of traffic is about.

use super::Fallout;
use crate::wire::Snapshot;

/// A comparison of recorded traffic with an older snapshot.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Wire {
    /// The older snapshot's file.
    pub snapshot: String,
    /// The older snapshot.
    pub before: Snapshot,
    /// What travels now.
    pub after: Snapshot,
    /// Service and operation of each operation in either of the two.
    pub operations: Vec<(String, String)>,
    /// What comes with a protocol that gave way to another one, which alone is judged.
    pub fallout: Vec<Fallout>,
    /// The file was written anew.
    pub accepted: bool,
}
