//! What reports say of one job alone: facts about models, those alike together, and what a score counts.

use std::collections::BTreeMap;

use crate::diff::Difference;
use crate::finding::{Finding, Recorded, Witness};
use crate::model::Direction;
use crate::outcome::{Count, Undetected};
use crate::text::plural;

/// Facts with one sentence about the same operations, in one half of the exchange or in both.
pub(super) struct Row<'d> {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) halves: Vec<Direction>,
    pub(super) operations: &'d [String],
    /// It is about a shape, so that the sentence does not name the operations.
    pub(super) of_shape: bool,
}

/// Rows in the order of the facts.
pub(super) fn rows<'d>(facts: impl Iterator<Item = (&'d Difference, &'d Finding)>) -> Vec<Row<'d>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, String, &[String]), usize> = BTreeMap::new();
    for (difference, finding) in facts {
        let (message, operations) = (finding.sentence(), &difference.operations[..]);
        let key = (finding.rule.id, message.clone(), operations);
        match known.get(&key) {
            Some(at) if difference.direction.is_some_and(|half| !rows[*at].halves.contains(&half)) => {
                rows[*at].halves.extend(difference.direction);
            }
            _ => {
                known.insert(key, rows.len());
                let (halves, of_shape) = (difference.direction.into_iter().collect(), difference.shape.is_some());
                rows.push(Row { rule: finding.rule.id, message, halves, operations, of_shape });
            }
        }
    }
    rows
}

impl Row<'_> {
    /// The sentence, the half and the rule.
    pub(super) fn line(&self) -> String {
        line(&self.message, &self.halves, self.rule)
    }
}

pub(super) fn line(message: &str, halves: &[Direction], rule: &str) -> String {
    match halves {
        [] => format!("{message} [{rule}]"),
        [one] => format!("{message} ({one}) [{rule}]"),
        _ => format!("{message} (both) [{rule}]"),
    }
}

/// Percent of what could be detected, rounded down, so that only what is complete is 100.
pub(super) fn percent(count: Count) -> String {
    let provable = count.faults - count.excused;
    if provable == 0 {
        return "-".to_owned();
    }
    let tenths = count.detected * 1000 / provable;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A fault that its rule did not find, in a line.
pub(super) fn undetected(one: &Undetected) -> String {
    let line = one.location.position.map_or(0, |(line, _)| line);
    let place = if one.pointer.is_empty() { "the exchange" } else { &one.pointer };
    let instead: Vec<String> = one.instead.iter().map(|(rule, pointer)| format!("{rule} at {pointer:?}")).collect();
    let instead = if instead.is_empty() { String::new() } else { format!(", found instead: {}", instead.join(", ")) };
    let Undetected { location, operation, direction, rule, .. } = one;
    format!("{}:{line}: {rule} at {place}, {operation} {direction}{instead}", location.file)
}

/// In how many exchanges a difference's subject was recorded, where the traffic can tell.
pub(super) fn recorded(finding: &Finding) -> Option<String> {
    let Recorded { what, exchanges, of, part, whose } = finding.recorded()?;
    Some(format!("recorded: {what} in {exchanges} of {} of {whose}", plural(*of, part)))
}

/// Something that is legal before and illegal after; a generated payload as a whole or by the place in it.
pub(super) fn witness(finding: &Finding, with_payload: bool) -> Option<String> {
    let Witness { recorded, generated, pointer, message, .. } = finding.witness()?;
    let Some(place) = recorded else {
        let payload = if with_payload { generated.as_ref()?.to_string() } else { pointer.clone() };
        return Some(format!("now rejected: {message} (generated: {payload})"));
    };
    Some(format!("now rejected: {}: {message}", place.text()))
}
