//! What a repository says of how it is checked: which of its files are read, what its `shapegate.toml` says, and
//! what corrects its models.

mod command;
mod errata;
#[cfg(feature = "harness")]
mod harness;
mod keys;
mod reading;
