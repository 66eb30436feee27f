//! What a repository says of how it is checked: which of its files are read, and what its `shapegate.toml` says.

mod command;
mod keys;
mod reading;
