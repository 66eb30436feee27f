//! [`InFile`]: identities of findings within a run, for readers that tell findings of one file apart by them.

use std::collections::HashMap;

/// Findings so far by the hash of their deviation and file.
#[derive(Default)]
pub(super) struct InFile(HashMap<u64, usize>);

impl InFile {
    /// Identity of the next finding of that deviation in that file: what it is, where it is, and which of them.
    pub(super) fn identity(&mut self, fingerprint: &str, path: &str) -> String {
        let hash = hash(&format!("{fingerprint}\n{path}"));
        let ordinal = self.0.entry(hash).or_default();
        *ordinal += 1;
        format!("{hash:016x}:{ordinal}")
    }
}

/// FNV-1a of 64 bits. It is to be the same in every version of this tool and of Rust, which `std` does not promise of its
/// own hashes, and nobody gains by making two that are the same.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
