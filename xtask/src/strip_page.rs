//! `cargo xtask strip-page`: a saved page of the API change log without its prose.
//!
//! Which lines are prose is what the crate's own parser says; a page that it refuses is not stripped.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use shapegate::error::{Error, Result};
use shapegate::ingest::api_changes;

#[derive(Args)]
/// Print a saved page of the API change log without its prose, as fixtures/pages keeps them
pub(super) struct StripPage {
    /// The page
    page: PathBuf,
}

impl StripPage {
    pub(super) fn run(self) -> Result<()> {
        let page = std::fs::read_to_string(&self.page).map_err(|error| Error::io(&self.page, error))?;
        let stripped = api_changes::without_prose(&page, &self.page.to_string_lossy())?;
        std::io::stdout().write_all(stripped.as_bytes()).map_err(|error| Error::io("-", error))
    }
}
