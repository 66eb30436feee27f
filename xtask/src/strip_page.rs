//! Reads a saved page of the API change log and writes it without its prose:
//!
//! ```text
//! cargo run --example strip_page -- page.txt > fixtures/pages/service-date.txt
//! ```
//!
//! Which lines are prose is what the crate's own parser says; a page that it refuses is not stripped.

use std::io::Write;
use std::process::ExitCode;

use shapegate::error::{Error, Result};
use shapegate::ingest::api_changes;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if stderr is gone too.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| Error::new("usage: strip_page PAGE > OUTPUT"))?;
    let page = std::fs::read_to_string(&path).map_err(|error| Error::io(&path, error))?;
    let stripped = api_changes::without_prose(&page, &path)?;
    std::io::stdout().write_all(stripped.as_bytes()).map_err(|error| Error::io("-", error))
}
