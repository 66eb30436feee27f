//! Exchanges as text: a line each, with tabs between its columns.

use std::io::{self, Write};

use crate::model::Protocol;
use crate::outcome::{Seen, State};
use crate::text::visible;

/// Writes a line for each exchange.
pub(super) fn write(seen: &[Seen], out: &mut dyn Write) -> io::Result<()> {
    let says_why = seen.iter().any(|one| !one.why.is_empty());
    seen.iter().try_for_each(|one| {
        let why = if says_why { format!("\t{}", visible(&why(one))) } else { String::new() };
        writeln!(out, "{}{why}", line(one))
    })
}

fn line(seen: &Seen) -> String {
    let unknown = || "-".to_owned();
    let operation = if seen.operation.is_empty() { "-" } else { &seen.operation };
    [
        place(seen),
        seen.location.entry.map_or_else(unknown, |entry| entry.to_string()),
        seen.service.clone(),
        operation.to_owned(),
        seen.protocol.map_or("-", Protocol::as_str).to_owned(),
        seen.status.map_or_else(unknown, |status| status.to_string()),
        match seen.state {
            State::Checked(findings) => findings.to_string(),
            State::Unchecked => "unchecked".to_owned(),
            State::Elsewhere => "elsewhere".to_owned(),
        },
    ]
    .map(|column| visible(&column))
    .join("\t")
}

/// Why it is taken for one of its service.
fn why(seen: &Seen) -> String {
    if seen.why.is_empty() { "-".to_owned() } else { seen.why.join("; ") }
}

fn place(seen: &Seen) -> String {
    let line = seen.location.position.map_or(0, |(line, _)| line);
    format!("{}:{line}", seen.location.file)
}
