//! Writes the requests of a recording as values, one in a line, for whoever wants to compare them with what was sent:
//!
//! ```text
//! cargo run --example decode -- service-2.json requests.har
//! ```
//!
//! A line is `{"entry", "operation", "request"}`; values stand under their wire names.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use shapegate::check::{self, Catalog, Input, Judged, Options};
use shapegate::error::{Error, Result};
use shapegate::expectation::Expectations;
use shapegate::ingest::source::Source;

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
    let mut arguments = std::env::args_os().skip(1);
    let (Some(model), Some(recording)) = (arguments.next(), arguments.next()) else {
        return Err(Error::new("usage: decode MODEL RECORDING"));
    };
    let mut catalog = Catalog::default();
    catalog.add_source(Source::open(model.as_ref())?);
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
    check::run(vec![Input::Path(recording.into())], &options)?;
    let mut out = std::io::stdout().lock();
    for line in lines.into_inner().unwrap_or_else(PoisonError::into_inner) {
        writeln!(out, "{line}").map_err(|error| Error::io("-", error))?;
    }
    Ok(())
}
