//! What differs between two models as text: a line for each fact.

use std::io::{self, Write};

use super::super::facts::{Row, rows};
use crate::outcome::{Differences, OfService};
use crate::text::plural;

/// Operations that a line names; more are counted.
const NAMED: usize = 4;

/// Writes what differs.
pub(super) fn write(differences: &Differences, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {}\n", differences.from, differences.to)?;
    for service in differences.services.iter().filter(|service| !service.differences.is_empty()) {
        write_service(service, out)?;
    }
    writeln!(out, "{}", summary(differences))
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

fn summary(differences: &Differences) -> String {
    let services = plural(differences.services.len(), "service");
    let partial = differences.partial();
    let count = match differences.count() {
        0 if !partial.is_empty() => "nothing is shown that differs".to_owned(),
        0 => "no differences".to_owned(),
        some => plural(some, "difference"),
    };
    let partial = if partial.is_empty() {
        String::new()
    } else {
        format!("; of {} only a part is known, and what it does not show was not compared", partial.join(", "))
    };
    format!("{count} in {services}{partial}")
}
