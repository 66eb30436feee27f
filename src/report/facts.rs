//! Facts about models, those alike together: what text and the change log's view list.

use std::collections::BTreeMap;

use crate::diff::Difference;
use crate::finding::Finding;
use crate::model::Direction;

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
