//! What a repository says of how it is checked: which of its files are read.

mod reading;
