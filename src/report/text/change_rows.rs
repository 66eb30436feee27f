//! Differences as lines of text, each with what is known of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use super::super::facts::{by_halves, counted, fallout, line, witness};
use super::super::order::is_unused;
use super::Style;
use crate::diff::Change;
use crate::finding::{Finding, Recorded, Severity};
use crate::gate::Reported;
use crate::model::Direction;
use crate::text::{plural, visible};

/// New values of an enumeration that a line names; more are counted.
const VALUES: usize = 2;

/// Findings that are shown in one line: the same in both halves of the exchange, and new values of one enumeration.
pub(super) struct Row<'v> {
    first: &'v Reported,
    /// The same in the other half.
    second: Option<&'v Reported>,
    /// New values of the same enumeration, in the same halves.
    more: Vec<&'v Reported>,
    message: String,
}

/// Differences of that level, by rows.
pub(super) fn rows(findings: &[Reported], severity: Severity) -> Vec<Row<'_>> {
    let own = findings.iter().filter(|finding| finding.level == severity && is_difference(finding));
    let own = own.map(|finding| (finding, finding.sentence()));
    let key = |(finding, message): &(&Reported, String)| (finding.rule.id, finding.service.clone(), message.clone());
    let rows = by_halves(own, key, |(finding, _)| finding.direction).into_iter();
    by_enumeration(rows.map(|((first, message), second)| Row {
        first,
        second: second.map(|(second, _)| second),
        more: Vec::new(),
        message,
    }))
}

/// Puts new values of one enumeration into the row of the first of them.
fn by_enumeration<'v>(all: impl Iterator<Item = Row<'v>>) -> Vec<Row<'v>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known = HashMap::new();
    for row in all {
        let shape = row.new_value().and(row.first.shape.as_deref());
        let key = shape.map(|shape| (row.first.service.as_deref(), shape, row.first.direction, row.second.is_some()));
        if let Some(at) = key.and_then(|key| known.get(&key)) {
            let first: &mut Row<'_> = &mut rows[*at];
            first.more.extend([row.first].into_iter().chain(row.second));
        } else {
            known.extend(key.map(|key| (key, rows.len())));
            rows.push(row);
        }
    }
    rows
}

impl<'v> Row<'v> {
    fn both(&self) -> impl Iterator<Item = &'v Finding> {
        std::iter::once(self.first).chain(self.second).map(|one| &one.finding)
    }

    fn all(&self) -> impl Iterator<Item = &'v Finding> {
        self.both().chain(self.more.iter().map(|one| &one.finding))
    }

    /// The finding that it begins with.
    pub(super) fn first(&self) -> &Finding {
        &self.first.finding
    }

    /// Number of its findings.
    pub(super) fn count(&self) -> usize {
        self.all().count()
    }

    /// The value that the first of its findings says is new.
    fn new_value(&self) -> Option<&'v str> {
        new_value(&self.first.finding)
    }

    /// Its sentence; of new values the first ones and how many more there are.
    fn sentence(&self, style: &Style) -> String {
        let mut values: Vec<&str> = self.all().filter_map(new_value).collect();
        values.dedup();
        let mut known = BTreeSet::new();
        values.retain(|value| known.insert(*value));
        let (Some(shape), false) = (&self.first.shape, self.more.is_empty()) else { return self.message.clone() };
        let shown = if style.is_verbose() || values.len() <= VALUES + 1 { values.len() } else { VALUES };
        let mut list = values[..shown].join(", ");
        if values.len() > shown {
            list = format!("{list}, … and {} more", values.len() - shown);
        }
        visible(&format!("{shape} has the new values {list}"))
    }

    /// No recorded exchange has what it is about, and nothing recorded is broken by it.
    pub(super) fn is_unused(&self) -> bool {
        self.all().all(is_unused)
    }

    /// The operations that a shape's difference concerns, in either half.
    fn concerned(&self) -> String {
        let names: BTreeSet<&str> = self.all().flat_map(|finding| &finding.operations).map(String::as_str).collect();
        let first: Vec<&str> = names.iter().copied().take(if names.len() <= 4 { 4 } else { 3 }).collect();
        match names.len() {
            0..=4 => first.join(", "),
            many => format!("{}, … ({many} operations)", first.join(", ")),
        }
    }

    /// In how many exchanges its subject was recorded, where the traffic can tell.
    fn recorded(&self) -> Option<String> {
        let recorded: Vec<&Recorded> = self.both().filter_map(Finding::recorded).collect();
        let of_half = |half: Direction| recorded.iter().find(|own| own.part == half.as_str()).copied();
        let halves: Vec<&Recorded> =
            [Direction::Request, Direction::Response].into_iter().filter_map(of_half).collect();
        let [request, response] = halves[..] else {
            // Where a half is counted alone, what it counts is the subject.
            let own = halves.first().or(recorded.first())?;
            return Some(format!("recorded: {}", counted(own)));
        };
        let part = |own: &Recorded| format!("{} of {}", own.exchanges, plural(own.of, own.part));
        let counts = match (request.what == response.what, request.whose == response.whose) {
            (true, true) => {
                format!("{} in {} and {} of {}", request.what, part(request), part(response), request.whose)
            }
            (true, false) => {
                let of = |own| format!("{} of {}", part(own), own.whose);
                format!("{} in {} and {}", request.what, of(request), of(response))
            }
            (false, _) => format!("{} and {}", counted(request), counted(response)),
        };
        Some(format!("recorded: {counts}"))
    }

    pub(super) fn write(&self, many: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let halves: Vec<Direction> = self.both().filter_map(|finding| finding.direction).collect();
        let service = match &self.first.service {
            Some(service) if many => format!("{service}: "),
            _ => String::new(),
        };
        writeln!(out, "  {service}{}", line(&self.sentence(style), &halves, self.first.rule.id))?;
        if self.first.shape.is_some() {
            writeln!(out, "      in {}", self.concerned())?;
        }
        let witness = self.all().find_map(|finding| witness(finding, style.is_verbose()));
        for line in [fallout(self.both()), self.recorded(), witness].into_iter().flatten() {
            writeln!(out, "      {line}")?;
        }
        Ok(())
    }
}

/// Numbers of findings by rule, the commonest first.
pub(super) fn counts<'v>(rows: &[Row<'v>]) -> Vec<(&'v str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.first.rule.id).or_default() += row.count();
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (Reverse(*count), *rule));
    counts
}

/// `3 max-tightened, 1 pattern-changed`
pub(super) fn listed(rows: &[Row<'_>]) -> String {
    let counts: Vec<String> = counts(rows).iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    counts.join(", ")
}

fn new_value(finding: &Finding) -> Option<&str> {
    match finding.deviation.change()? {
        Change::EnumValueAdded { value } => Some(value),
        _ => None,
    }
}

/// Whether it is a difference, rather than traffic that cannot be read.
pub(super) fn is_difference(finding: &Finding) -> bool {
    finding.deviation.change().is_some()
}
