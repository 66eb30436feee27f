//! A finding a line (or what else the job lists), then a line with the rest: for pipes, and for runs with very many findings.

use std::io::{self, Write};

use super::json::{Head, write_lines};
use super::{Report, Style};
use crate::gate::Verdict;
use crate::text::Escaping;

pub(super) struct Ndjson;

impl Report for Ndjson {
    fn id(&self) -> &'static str {
        "ndjson"
    }

    fn about(&self) -> &'static str {
        "the same as lines: each finding, then the rest"
    }

    fn write(&self, verdict: &Verdict, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let out = &mut Escaping(out);
        write_lines(verdict, out)?;
        serde_json::to_writer(&mut *out, &Head::of(verdict, false))?;
        writeln!(out)
    }
}
