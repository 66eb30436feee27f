//! What `shapegate merge` adds up, as one line of JSON.

use std::io::{self, Write};

use super::{Report, Style};
use crate::gate::Verdict;
use crate::merge;
use crate::text::Escaping;

pub(super) struct Part;

impl Report for Part {
    fn id(&self) -> &'static str {
        "part"
    }

    fn about(&self) -> &'static str {
        "what `shapegate merge` adds up, as a line of JSON (schemas/formats/part.v1.schema.json)"
    }

    fn shows(&self, job: &str) -> bool {
        merge::adds_up(job)
    }

    fn write(&self, verdict: &Verdict, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let part = merge::Part::of(verdict).map_err(|error| io::Error::other(error.to_string()))?;
        serde_json::to_writer(Escaping(&mut *out), &part)?;
        writeln!(out)
    }
}
