//! Inputs that are broken at random, and what holds of each of them.
//!
//! One place for seeds, mutations and invariants: the integration tests run a small share of them, the bin `robust` runs the
//! whole counts, and the targets of libFuzzer hand over inputs of their own.

pub mod invariants;
pub mod mutation;
pub mod random;
pub mod seeds;
pub mod targets;

use std::path::{Path, PathBuf};

/// The folder of the package that is tested. Tests of the package itself compile these files, too.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    if own.ends_with("fuzz") { own.parent().unwrap_or(own).to_owned() } else { own.to_owned() }
}
