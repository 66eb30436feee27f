//! Which difference of two contracts is why an exchange keeps the older and breaks the newer.

use serde_json::Value;

use crate::diff::Difference;
use crate::finding::Finding;
use crate::model::{Aspect, Member, Service, ShapeId, ShapeKind};

/// Rules on differences, and the rules on exchanges that find what they lead to.
struct Consequence {
    changes: &'static [&'static str],
    found: &'static [&'static str],
    /// At the member or shape that differs, rather than anywhere in the exchange.
    in_place: bool,
}

const fn anywhere(changes: &'static [&'static str], found: &'static [&'static str]) -> Consequence {
    Consequence { changes, found, in_place: false }
}

const fn in_place(changes: &'static [&'static str], found: &'static [&'static str]) -> Consequence {
    Consequence { changes, found, in_place: true }
}

const CONSEQUENCES: &[Consequence] = &[
    in_place(&["member-added", "member-became-required", "required-member-added"], &["missing-member"]),
    in_place(
        &["member-case-renamed", "member-removed", "union-variant-removed"],
        &["misplaced-member", "missing-member", "union-arity", "unknown-member"],
    ),
    in_place(
        &["location-changed", "payload-changed", "wire-name-changed", "xml-attribute-changed", "xml-namespace-changed"],
        &["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"],
    ),
    in_place(&["enum-added", "enum-value-removed"], &["unknown-enum-value"]),
    in_place(&["max-added", "max-tightened"], &["length-out-of-range", "number-out-of-range"]),
    in_place(&["min-added", "min-tightened"], &["length-out-of-range", "number-out-of-range"]),
    in_place(&["pattern-added", "pattern-changed"], &["pattern-mismatch"]),
    in_place(&["numeric-type-narrowed"], &["number-out-of-range", "wrong-type"]),
    in_place(&["sparse-changed"], &["null-member"]),
    in_place(&["union-changed", "union-variant-added"], &["union-arity"]),
    in_place(
        &["document-changed", "flattened-changed", "jsonvalue-changed", "streaming-changed", "type-changed"],
        &["blob-form", "misplaced-member", "missing-member", "timestamp-form", "unknown-member", "wrong-type"],
    ),
    // With another type come its own constraints.
    in_place(
        &["type-changed"],
        &["length-out-of-range", "null-member", "number-out-of-range", "pattern-mismatch", "unknown-enum-value"],
    ),
    in_place(&["timestamp-format-changed"], &["timestamp-form"]),
    anywhere(
        &[
            "http-method-changed",
            "http-uri-changed",
            "http-uri-cosmetic-changed",
            "operation-removed",
            "operation-renamed",
            "protocol-changed",
            "target-prefix-changed",
        ],
        &["unknown-operation"],
    ),
    anywhere(&["error-code-changed", "error-removed"], &["undeclared-error"]),
    anywhere(&["error-status-changed"], &["error-status-mismatch"]),
    anywhere(&["http-response-code-changed"], &["unexpected-status"]),
    // What was written for another protocol has other names, places and forms, where it can be read at all. Shapes of an
    // operation that was renamed are not compared.
    anywhere(
        &["operation-renamed", "protocol-changed"],
        &["blob-form", "misplaced-member", "missing-member", "timestamp-form", "unknown-member"],
    ),
    anywhere(
        &["json-version-changed", "operation-renamed", "payload-changed", "protocol-changed", "result-wrapper-changed"],
        &["undecodable-body", "unexpected-content-type", "wrong-type"],
    ),
];

/// How near a difference is to what it explains, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// It is about the very member or shape.
    InPlace,
    /// It is about the operation, or the service.
    Anywhere,
}

/// The two contracts, the older first.
#[derive(Clone, Copy)]
pub(super) struct Link<'m>(pub(super) [&'m Service; 2]);

impl Link<'_> {
    /// Whether `change`, what a difference means, is why `broken` was found by the newer contract. `operation` is what the
    /// older calls it: where a path is known no more, the newer has no name for it.
    pub(super) fn explains(
        self,
        (difference, change): (&Difference, &Finding),
        broken: &Finding,
        operation: &str,
    ) -> Option<Nearness> {
        let same_half =
            change.direction.is_none() || broken.direction.is_none() || change.direction == broken.direction;
        let concerns =
            difference.operations.is_empty() || difference.operations.iter().any(|concerned| concerned == operation);
        if change.service != broken.service || !same_half || !concerns || !is_that_end(change, broken) {
            return None;
        }
        let leads_there = |consequence: &&Consequence| {
            consequence.changes.contains(&change.rule)
                && consequence.found.contains(&broken.rule)
                && (!consequence.in_place || self.is_at(difference, change, broken))
        };
        let nearness = |of: &Consequence| if of.in_place { Nearness::InPlace } else { Nearness::Anywhere };
        CONSEQUENCES.iter().filter(leads_there).map(nearness).min()
    }

    /// Whether a difference is about the member that was found, or about the shape of its value.
    fn is_at(self, difference: &Difference, change: &Finding, broken: &Finding) -> bool {
        let (Some(changed), Some(holder)) = (&change.shape, &broken.shape) else { return false };
        match (&change.member, &broken.member) {
            (Some(member), Some(found)) if changed == holder => {
                member == found || self.was_called(difference, found) || is_called_now(change, found)
            }
            (None, Some(found)) => {
                let is_part = |of: &Member| is_part_of(self.0[1], &of.target, changed, broken);
                // A shape that had no members of its own now demands or refuses some.
                changed == holder && matches!(change.rule, "document-changed" | "type-changed")
                    || member_of(self.0[1], holder, found).is_some_and(is_part)
            }
            (None, None) => changed == holder,
            _ => false,
        }
    }

    /// Whether the older contract calls the member so on the wire.
    fn was_called(self, difference: &Difference, found: &str) -> bool {
        let (Some(shape), Some(member)) = (&difference.older_shape, &difference.member) else { return false };
        member_of(self.0[0], shape, member).is_some_and(|member| member.wire_name() == found)
    }
}

/// Whether a member that differs in case alone is now called so.
fn is_called_now(change: &Finding, found: &str) -> bool {
    change.rule == "member-case-renamed" && change.values.get("new").and_then(Value::as_str) == Some(found)
}

/// Whether what is out of range is beyond the bound that differs, where it is bounds that do.
fn is_that_end(change: &Finding, broken: &Finding) -> bool {
    let above = broken.values.get("above").and_then(Value::as_bool);
    above.is_none_or(|above| !change.rule.starts_with(if above { "min-" } else { "max-" }))
}

fn member_of<'m>(service: &'m Service, shape: &str, member: &str) -> Option<&'m Member> {
    match &service.shapes.get(shape)?.kind {
        ShapeKind::Structure(structure) => structure.member(member),
        _ => None,
    }
}

/// Whether the wanted shape is that part of a value of `shape` in which something was found.
fn is_part_of(service: &Service, shape: &ShapeId, wanted: &str, broken: &Finding) -> bool {
    let is_whole = shape.as_str() == wanted;
    // It is lists that allow `null` in them, not their elements.
    if broken.aspect == Aspect::Whole || is_whole && broken.rule == "null-member" {
        return is_whole;
    }
    // Lists of lists end, but for a model that was made to have no end.
    let mut open = vec![(shape, 0)];
    while let Some((id, depth)) = open.pop() {
        let (key, value) = match service.shape(id).map(|shape| &shape.kind) {
            Some(ShapeKind::List(list)) if depth < 16 => (None, &list.target),
            Some(ShapeKind::Map(map)) if depth < 16 => (Some(&map.key), &map.value),
            _ => continue,
        };
        let part = if broken.aspect == Aspect::Key { key } else { Some(value) };
        if part.is_some_and(|part| part.as_str() == wanted) {
            return true;
        }
        open.push((value, depth + 1));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_rules_that_there_are() {
        for Consequence { changes, found, .. } in CONSEQUENCES {
            for change in *changes {
                assert!(crate::rules::change::find(change).is_some(), "{change}");
            }
            for rule in *found {
                assert!(crate::rules::find(rule).is_some(), "{rule}");
            }
        }
    }
}
