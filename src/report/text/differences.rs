//! What differs between two models as text: a line for each fact.

use std::io::{self, Write};

use super::super::facts::{Row, rows};
use super::super::sentence::sentence;
use crate::gate::Verdict;
use crate::outcome::{Differences, OfService};

/// Operations that a line names; more are counted.
const NAMED: usize = 4;

/// Writes what differs.
pub(super) fn write(verdict: &Verdict, differences: &Differences, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {}\n", differences.from, differences.to)?;
    for service in differences.services.iter().filter(|service| !service.differences.is_empty()) {
        write_service(service, out)?;
    }
    writeln!(out, "{}", sentence(verdict))
}

fn write_service(service: &OfService, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}:", service.name)?;
    for row in rows(service.facts()) {
        writeln!(out, "  {}{}", row.line(), concerned(&row))?;
    }
    writeln!(out)
}

/// The operations that a shape's difference concerns.
fn concerned(row: &Row<'_>) -> String {
    match row.operations.len() {
        0 => String::new(),
        _ if !row.of_shape => String::new(),
        many if many <= NAMED => format!(" in {}", row.operations.join(", ")),
        many => format!(" in {} and {} more", row.operations[..NAMED - 1].join(", "), many + 1 - NAMED),
    }
}
