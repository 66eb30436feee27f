//! A fact a line, then a line with what was compared.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Summary, VERSION, each_row};
use super::{Differences, Format};

pub(super) struct Ndjson;

impl Format for Ndjson {
    fn id(&self) -> &'static str {
        "ndjson"
    }

    fn write(&self, differences: &Differences, out: &mut dyn Write) -> io::Result<()> {
        for row in each_row(differences) {
            serde_json::to_writer(&mut *out, &row)?;
            writeln!(out)?;
        }
        serde_json::to_writer(&mut *out, &Last { diff: VERSION, summary: Summary::of(differences) })?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Last<'d> {
    diff: u32,
    summary: Summary<'d>,
}
