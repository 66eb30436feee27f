//! The view of a page of the API change log, and below it what such a page does not say.
//!
//! The upper part has a page's title, headings and `Changes` blocks as a page prints them; prose, syntax and bullets
//! are not repeated. The lower part is ours.

mod pprint;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use self::pprint::pformat;
use super::facts::{Row, line, rows};
use super::{Report, Style};
use crate::diff::Difference;
use crate::gate::Verdict;
use crate::ingest::api_changes::{ChangeStatus, OperationChanges};
use crate::model::Direction;
use crate::outcome::{Differences, OfService, Particulars};
use crate::text::{inert, visible};

pub(super) struct ApiChanges;

/// Facts about more operations than this are stated once, below the list of the operations.
const EACH: usize = 5;
/// Columns of a list of operations.
const WIDTH: usize = 100;

impl Report for ApiChanges {
    fn id(&self) -> &'static str {
        "api-changes"
    }

    fn about(&self) -> &'static str {
        "what the public API change log would show (diff only)"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn shows(&self, job: &str) -> bool {
        job == "diff"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let Particulars::Differences(differences) = &verdict.particulars else { return Ok(()) };
        let mut text = Vec::new();
        write(differences, &mut text)?;
        out.write_all(inert(&String::from_utf8_lossy(&text), style.color).as_bytes())
    }
}

fn write(differences: &Differences, out: &mut dyn Write) -> io::Result<()> {
    let differing = differences.services.iter().filter(|service| !service.differences.is_empty());
    for service in differing {
        page(service, out)?;
        hidden(service, out)?;
    }
    if differences.count() == 0 {
        let verdict = if differences.partial().is_empty() { "no differences" } else { "nothing is shown that differs" };
        writeln!(out, "{verdict} between {} and {}", differences.from, differences.to)?;
    }
    for service in differences.partial() {
        writeln!(out, "only part of {service} is known, and what it does not show was not compared")?;
    }
    Ok(())
}

fn page(service: &OfService, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", visible(&service.full_name))?;
    let operations = &service.shown.operations;
    if operations.is_empty() {
        return writeln!(out, "(a page would show nothing)\n");
    }
    writeln!(out, "{}\n", date_line(service))?;
    for changes in operations {
        let word = if changes.status == ChangeStatus::Added { "new" } else { "updated" };
        writeln!(out, "{}\u{a0}({word}) Link ¶\n{}", visible(&changes.operation), changes_block(changes))?;
    }
    Ok(())
}

/// `2023/08/30 - AWS Clean Rooms Service - 6 updated api methods`; without the day where it is not known.
fn date_line(service: &OfService) -> String {
    let day = service.release.as_ref().map_or_else(String::new, |day| format!("{} - ", day.replace('-', "/")));
    let operations = &service.shown.operations;
    let new = operations.iter().filter(|changes| changes.status == ChangeStatus::Added).count();
    let mut counts = String::new();
    for (count, word) in [(new, "new"), (operations.len() - new, "updated")] {
        if count > 0 {
            counts = format!("{counts}{count} {word} ");
        }
    }
    format!("{day}{} - {counts}api methods", visible(&service.full_name))
}

/// The `Changes` of an operation as a page prints them, the first line among them; nothing where all of it is new.
pub fn changes_block(changes: &OperationChanges) -> String {
    match (&changes.request, &changes.response) {
        (None, None) => String::new(),
        (Some(request), None) => format!("Changes (request)\n{}\n", pformat(request)),
        (None, Some(response)) => format!("Changes (response)\n{}\n", pformat(response)),
        (Some(request), Some(response)) if request == response => format!("Changes (both)\n{}\n", pformat(request)),
        (Some(request), Some(response)) => {
            format!("Changes (request, response)\nRequest\n{}\nResponse\n{}\n", pformat(request), pformat(response))
        }
    }
}

/// What the page does not say: of the service, of many operations at once, of each operation.
fn hidden(service: &OfService, out: &mut dyn Write) -> io::Result<()> {
    let facts: Vec<_> = service.facts().map(|(difference, finding)| (beyond(service, difference), finding)).collect();
    let facts = facts.iter().filter_map(|(difference, finding)| Some((difference.as_ref()?, *finding)));
    let rows = rows(facts);
    if rows.is_empty() {
        let told = if service.partial { "Nothing more is known." } else { "All of it is on the page." };
        return writeln!(out, "--- {told}\n");
    }
    writeln!(out, "--- What the page does not say:\n")?;
    let (many, few): (Vec<&Row<'_>>, Vec<_>) = rows.iter().partition(|row| row.operations.len() > EACH);
    section("the service", few.iter().copied().filter(|row| row.operations.is_empty()), out)?;
    let mut alike: Vec<(&[String], Vec<&Row<'_>>)> = Vec::new();
    for row in many {
        match alike.iter_mut().find(|(operations, _)| *operations == row.operations) {
            Some((_, rows)) => rows.push(row),
            None => alike.push((row.operations, vec![row])),
        }
    }
    for (operations, rows) in alike {
        section(&format!("{} operations:\n{}", operations.len(), wrapped(operations)), rows.into_iter(), out)?;
    }
    let operations: BTreeSet<&String> = few.iter().flat_map(|row| row.operations).collect();
    for operation in operations {
        section(&visible(operation), few.iter().copied().filter(|row| row.operations.contains(operation)), out)?;
    }
    Ok(())
}

/// The difference for those operations alone whose part of the page does not say it; `None` where all do.
fn beyond(service: &OfService, difference: &Difference) -> Option<Difference> {
    if difference.operations.is_empty() {
        return (!service.shown.holds(difference, "")).then(|| difference.clone());
    }
    let hides = |operation: &&String| !service.shown.holds(difference, operation);
    let operations: Vec<String> = difference.operations.iter().filter(hides).cloned().collect();
    (!operations.is_empty()).then(|| Difference { operations, ..difference.clone() })
}

/// A heading and a line for each sentence, in whichever halves it holds.
fn section<'r>(title: &str, rows: impl Iterator<Item = &'r Row<'r>>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines: Vec<(&str, &str, Vec<Direction>)> = Vec::new();
    for row in rows {
        match lines.iter_mut().find(|(message, rule, _)| (*message, *rule) == (&row.message, row.rule)) {
            Some((_, _, halves)) => halves.extend(&row.halves),
            None => lines.push((&row.message, row.rule, row.halves.clone())),
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    for (message, rule, halves) in lines {
        writeln!(out, "  {}", line(message, &halves, rule))?;
    }
    writeln!(out)
}

/// Names, indented and joined by commas.
fn wrapped(names: &[String]) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for (index, name) in names.iter().map(|name| visible(name)).enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if column == 0 || column + name.len() + 2 > WIDTH {
            write!(text, "{}      {name}{comma}", if column == 0 { "" } else { "\n" }).expect("a String takes it");
            column = 6;
        } else {
            write!(text, " {name}{comma}").expect("a String takes it");
        }
        column += name.len() + 2;
    }
    text
}
