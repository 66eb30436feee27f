//! One JSON object; its schema is `schemas/formats/differences.v1.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{Differences, Format};
use crate::diff::Difference;
use crate::finding::Finding;
use crate::model::Direction;
use crate::rules;

pub(super) struct Json;

/// Version of the form of JSON and NDJSON.
pub(super) const VERSION: u32 = 1;

impl Format for Json {
    fn id(&self) -> &'static str {
        "json"
    }

    fn write(&self, differences: &Differences, out: &mut dyn Write) -> io::Result<()> {
        let whole =
            Whole { diff: VERSION, summary: Summary::of(differences), differences: each_row(differences).collect() };
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Whole<'d> {
    diff: u32,
    summary: Summary<'d>,
    differences: Vec<Row<'d>>,
}

/// What was compared.
#[derive(Serialize)]
pub(super) struct Summary<'d> {
    from: &'d str,
    to: &'d str,
    services: usize,
    /// Services of which a part alone was compared.
    partial: Vec<&'d str>,
    differences: usize,
}

impl<'d> Summary<'d> {
    pub(super) fn of(differences: &'d Differences) -> Self {
        Self {
            from: &differences.from,
            to: &differences.to,
            services: differences.services.len(),
            partial: differences.partial(),
            differences: differences.count(),
        }
    }
}

/// One fact.
#[derive(Serialize)]
pub(super) struct Row<'d> {
    kind: &'static str,
    service: &'d str,
    operations: &'d [String],
    direction: Option<&'static str>,
    shape: Option<&'d str>,
    #[serde(rename = "olderShape")]
    older_shape: Option<&'d str>,
    member: Option<&'d str>,
    message: String,
    values: BTreeMap<&'static str, &'d Value>,
}

/// A row for each fact, in order.
pub(super) fn each_row(differences: &Differences) -> impl Iterator<Item = Row<'_>> {
    let services = differences.services.iter();
    services.flat_map(|service| service.facts().map(|(difference, finding)| row(&service.name, difference, finding)))
}

fn row<'d>(service: &'d str, difference: &'d Difference, finding: &'d Finding) -> Row<'d> {
    let own = finding.values.iter().filter(|(name, _)| **name != "operations");
    Row {
        kind: finding.rule,
        service,
        operations: &difference.operations,
        direction: difference.direction.map(Direction::as_str),
        shape: difference.shape.as_deref(),
        older_shape: difference.older_shape.as_deref(),
        member: difference.member.as_deref(),
        message: rules::message(finding),
        values: own.map(|(name, value)| (*name, value)).collect(),
    }
}
