//! The `shapegate` command.
fn main() {}
