//! What reports say of one job alone: facts about models, those alike together, and what a score counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::diff::Difference;
use crate::finding::{Finding, Recorded, Witness};
use crate::gate::Trend;
use crate::model::Direction;
use crate::outcome::{Count, Covered, Measure, Present, Totals, Undetected};
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

/// What is the same in both halves of the exchange side by side, in the order of the first of each.
pub(super) fn by_halves<T, K: Hash + Eq>(
    all: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
    half: impl Fn(&T) -> Option<Direction>,
) -> Vec<(T, Option<T>)> {
    let mut rows: Vec<(T, Option<T>)> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for one in all {
        let at = *known.entry(key(&one)).or_insert(rows.len());
        match rows.get_mut(at) {
            Some((first, second)) if second.is_none() && half(&one).is_some() && half(first) != half(&one) => {
                *second = Some(one);
            }
            _ => {
                known.insert(key(&one), rows.len());
                rows.push((one, None));
            }
        }
    }
    rows
}

/// Rows in the order of the facts.
pub(super) fn rows<'d>(facts: impl Iterator<Item = (&'d Difference, &'d Finding)>) -> Vec<Row<'d>> {
    let facts = facts.map(|(difference, finding)| (difference, finding.rule.id, finding.sentence()));
    let key =
        |(difference, rule, message): &(&'d Difference, _, String)| (*rule, message.clone(), &difference.operations);
    let row = |((first, rule, message), second): ((&'d Difference, _, _), Option<(&'d Difference, _, _)>)| Row {
        rule,
        message,
        halves: [Some(first), second.map(|(second, ..)| second)]
            .into_iter()
            .flatten()
            .filter_map(|one| one.direction)
            .collect(),
        operations: &first.operations,
        of_shape: first.shape.is_some(),
    };
    by_halves(facts, key, |(difference, ..)| difference.direction).into_iter().map(row).collect()
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

/// What comes with the findings of a row, the commonest first.
pub(super) fn fallout<'f>(findings: impl Iterator<Item = &'f Finding>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, count) in findings.filter_map(Finding::fallout).flatten() {
        *counts.entry(rule).or_default() += count;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (Reverse(*count), *rule));
    let listed: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    (!listed.is_empty()).then(|| format!("with it: {}", listed.join(", ")))
}

/// In how many exchanges a difference's subject was recorded, where the traffic can tell.
pub(super) fn recorded(finding: &Finding) -> Option<String> {
    finding.recorded().map(|recorded| format!("recorded: {}", counted(recorded)))
}

/// `Note in 2 of 3 requests of PlaceOrder`: in how many exchanges a difference's subject was recorded.
pub(super) fn counted(recorded: &Recorded) -> String {
    let Recorded { what, exchanges, of, part, whose } = recorded;
    format!("{what} in {exchanges} of {} of {whose}", plural(*of, part))
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

/// How much of how much.
#[derive(Clone, Copy)]
pub(super) struct Ratio {
    pub(super) seen: usize,
    pub(super) of: usize,
}

impl Ratio {
    pub(super) fn of(measure: Measure, seen: &Totals, all: &Totals) -> Self {
        Self { seen: measure.of(seen), of: measure.of(all) }
    }

    /// Rounded down, so that only what is complete is 100.
    pub(super) fn percent(self) -> String {
        match (self.seen * 1000).checked_div(self.of) {
            Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
            None => "-".to_owned(),
        }
    }
}

/// What the operations that were called never had. Each name is of the operation, the half, and the shape with its member
/// or value; values are told by shape alone, for what one operation has seen the service knows.
#[derive(Default)]
pub(super) struct NeverSeen {
    pub(super) values: Vec<String>,
    pub(super) variants: Vec<String>,
    pub(super) optional: Vec<String>,
    /// Optional members that were always there.
    pub(super) always: Vec<String>,
    pub(super) required: Vec<String>,
    pub(super) errors: Vec<String>,
}

pub(super) fn never_seen(covered: &Covered) -> NeverSeen {
    let mut never = NeverSeen::default();
    let (mut values, mut variants) = (BTreeMap::new(), BTreeMap::new());
    for (operation, _, calls) in covered.called() {
        for direction in [Direction::Request, Direction::Response] {
            let half = calls.half(direction);
            for (shape, all) in &half.values {
                for (value, times) in all {
                    *values.entry(format!("{shape}.{value}")).or_insert(0) += times;
                }
            }
            for (shape, member, present) in half.each() {
                let name = || format!("{operation} {direction} {shape}.{member}");
                let Present { times, of, required, variant } = *present;
                match (of, times) {
                    _ if variant => *variants.entry(format!("{shape}.{member}")).or_insert(0) += times,
                    (0, _) => {}
                    (_, 0) if required => never.required.push(name()),
                    (_, 0) => never.optional.push(name()),
                    (of, times) if of == times && !required => never.always.push(name()),
                    _ => {}
                }
            }
        }
        let errors = calls.errors.iter().filter(|(_, times)| **times == 0);
        never.errors.extend(errors.map(|(error, _)| format!("{operation} {error}")));
    }
    let unseen =
        |counts: BTreeMap<String, usize>| counts.into_iter().filter(|(_, times)| *times == 0).map(|(name, _)| name);
    never.values = unseen(values).collect();
    never.variants = unseen(variants).collect();
    never
}

/// What the numbers of a scorecard count: an operation may conform that was never answered with an output.
pub(super) const LEGEND: &str =
    "answered: with an output; conforming: that, or an error that the model declares, and no fault";

/// `3 fixed, 1 new, 40 unchanged, 5 of operations not called before, 2 unknown (operations not called this time)`
pub(super) fn counts_of(trend: &Trend<'_>) -> String {
    let not_called = match trend.not_called.len() {
        0 => String::new(),
        some => format!(", {some} unknown (operations not called this time)"),
    };
    let before = match trend.not_called_before.len() {
        0 => String::new(),
        some => format!(", {some} of operations not called before"),
    };
    format!("{} fixed, {} new, {} unchanged{before}{not_called}", trend.fixed.len(), trend.new.len(), trend.unchanged)
}

/// `6 of 90 operations called, 40 of 900 members seen` of a service.
pub(super) fn covered(covered: &Covered) -> String {
    let (seen, all) = (covered.seen(), covered.all(false));
    let measures = [Measure::Operations, Measure::Members, Measure::Values, Measure::Errors];
    let parts = measures.into_iter().filter(|measure| measure.of(&all) > 0).map(|measure| {
        let ratio = Ratio::of(measure, &seen, &all);
        format!("{} of {} {}", ratio.seen, ratio.of, measure.about())
    });
    parts.collect::<Vec<_>>().join(", ")
}
