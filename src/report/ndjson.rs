//! A finding a line, then a line with the summary: for pipes, and for runs with very many findings.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Row, Summary, VERSION};
use super::{Report, Style};
use crate::gate::Verdict;

pub(super) struct Ndjson;

impl Report for Ndjson {
    fn id(&self) -> &'static str {
        "ndjson"
    }

    fn write(&self, verdict: &Verdict, _: Style, out: &mut dyn Write) -> io::Result<()> {
        for finding in &verdict.findings {
            serde_json::to_writer(&mut *out, &Row::of(finding))?;
            writeln!(out)?;
        }
        serde_json::to_writer(&mut *out, &Last { report: VERSION, summary: Summary::of(verdict) })?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Last<'v> {
    report: u32,
    summary: Summary<'v>,
}
