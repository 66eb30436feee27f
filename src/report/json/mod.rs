//! One JSON object for every job; its schema is `schemas/formats/report.v2.schema.json`.

mod coverage;
mod particulars;
mod row;
mod summary;

use std::io::{self, Write};

use serde::Serialize;

use self::coverage::Coverage;
use self::particulars::Own;
use self::row::Row;
pub use self::row::row;
use self::summary::{Approvals, ContractRow, Summary};
use super::{Report, Style};
use crate::gate::Verdict;
use crate::text::Escaping;

pub(super) struct Json;

/// Version of the form of JSON and NDJSON reports.
pub(crate) const VERSION: u32 = 2;

impl Report for Json {
    fn id(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON object (schemas/formats/report.v2.schema.json)"
    }

    fn write(&self, verdict: &Verdict, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let out = &mut Escaping(out);
        serde_json::to_writer_pretty(&mut *out, &Whole::of(verdict))?;
        writeln!(out)
    }
}

/// A whole report.
#[derive(Serialize)]
pub(super) struct Whole<'v> {
    #[serde(flatten)]
    head: Head<'v>,
    findings: Vec<Row<'v>>,
}

impl<'v> Whole<'v> {
    pub(super) fn of(verdict: &'v Verdict) -> Self {
        Self { findings: verdict.open().map(Row::of).collect(), head: Head::of(verdict, true) }
    }
}

/// Everything but the findings.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head<'v> {
    /// Version of the report's form.
    report: u32,
    /// Version of shapegate.
    shapegate: &'static str,
    job: &'static str,
    summary: Summary<'v>,
    /// Absent where nothing was held against a contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contracts: Vec<ContractRow<'v>>,
    approvals: Approvals<'v>,
    /// Absent where it was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage<'v>>,
    #[serde(flatten)]
    own: Option<Own<'v>>,
}

impl<'v> Head<'v> {
    /// `is_whole` says that the job's own list is within; else it is written beside.
    pub(super) fn of(verdict: &'v Verdict, is_whole: bool) -> Self {
        Self {
            report: VERSION,
            shapegate: env!("CARGO_PKG_VERSION"),
            job: verdict.particulars.job(),
            summary: Summary::of(verdict),
            contracts: ContractRow::all(verdict),
            approvals: Approvals::of(verdict),
            coverage: Coverage::of(verdict, is_whole),
            own: Own::of(verdict, is_whole),
        }
    }
}

/// Writes each item of the list that is the job's own, a line each; findings for most jobs.
///
/// # Errors
/// The stream does not take it.
pub(super) fn write_lines(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    for finding in verdict.open() {
        serde_json::to_writer(&mut *out, &Row::of(finding))?;
        writeln!(out)?;
    }
    particulars::write_lines(verdict, out)
}
