//! `cargo xtask decode`: the requests of a recording as values, for whoever wants to compare them with what was sent.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use serde_json::{Value, json};
use shapegate::check::{self, Catalog, Input, Judged, Options};
use shapegate::error::{Error, Result};
use shapegate::expectation::Expectations;
use shapegate::ingest::source::Source;

#[derive(Args)]
/// Print the requests of a recording as values: `{"entry", "operation", "request"}`, one a line, under their wire names
pub(super) struct Decode {
    /// The service's model
    model: PathBuf,

    /// The recording
    recording: PathBuf,
}

impl Decode {
    pub(super) fn run(self) -> Result<()> {
        let mut catalog = Catalog::default();
        catalog.add_source(Source::open(&self.model)?);
        let lines = Mutex::new(Vec::new());
        let onlooker = |judged: &Judged<'_>| {
            let exchange = judged.exchange;
            let value = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
            let request = exchange.request.as_ref().map(|own| own.value.clone().unwrap_or_else(|| value(own.text)));
            let line = json!({"entry": judged.location.entry, "operation": exchange.operation, "request": request});
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            Ok(())
        };
        let expectations = Expectations::default();
        let options = Options { onlooker: Some(&onlooker), ..Options::new(&catalog, &expectations) };
        check::run(vec![Input::Path(self.recording)], &options)?;
        let mut out = std::io::stdout().lock();
        for line in lines.into_inner().unwrap_or_else(PoisonError::into_inner) {
            writeln!(out, "{line}").map_err(|error| Error::io("-", error))?;
        }
        Ok(())
    }
}
