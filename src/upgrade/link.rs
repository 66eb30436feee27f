//! Which difference of two contracts is why an exchange keeps the older and breaks the newer.

use serde_json::Value;

use crate::finding::Finding;
use crate::model::{Member, Service, ShapeId, ShapeKind};

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
    anywhere(
        &["json-version-changed", "payload-changed", "protocol-changed", "result-wrapper-changed"],
        &["undecodable-body", "unexpected-content-type", "wrong-type"],
    ),
];

/// Whether `change`, a difference, is why `broken`, by the newer contract `new`, was found.
pub(super) fn explains(change: &Finding, broken: &Finding, new: &Service) -> bool {
    let same_half = change.direction.is_none() || broken.direction.is_none() || change.direction == broken.direction;
    if change.service != broken.service || !same_half || !concerns(change, broken.operation.as_deref()) {
        return false;
    }
    CONSEQUENCES.iter().any(|consequence| {
        consequence.changes.contains(&change.rule)
            && consequence.found.contains(&broken.rule)
            && (!consequence.in_place || is_at(change, broken, new))
            && is_that_end(change, broken)
    })
}

/// Whether what is out of range is beyond the bound that differs, where it is bounds that do.
fn is_that_end(change: &Finding, broken: &Finding) -> bool {
    let above = broken.values.get("above").and_then(Value::as_bool);
    above.is_none_or(|above| !change.rule.starts_with(if above { "min-" } else { "max-" }))
}

/// Whether a difference concerns an operation. What an unknown one is called says nothing.
fn concerns(change: &Finding, operation: Option<&str>) -> bool {
    let names = change.values.get("operations").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    names.is_empty()
        || operation.is_none_or(|name| name.contains(' ') || names.iter().any(|known| known.as_str() == Some(name)))
}

/// Whether a difference is about the member that was found, or about the shape of its value.
fn is_at(change: &Finding, broken: &Finding, new: &Service) -> bool {
    let (Some(changed), Some(holder)) = (&change.shape, &broken.shape) else { return false };
    match (&change.member, &broken.member) {
        (Some(member), Some(found)) if changed == holder => {
            // On the wire it may be called as it was.
            member == found || change.values.get("old").and_then(Value::as_str) == Some(found)
        }
        (None, Some(found)) => member_of(new, holder, found).is_some_and(|of| is_made_of(new, &of.target, changed)),
        (None, None) => changed == holder,
        _ => false,
    }
}

fn member_of<'m>(service: &'m Service, shape: &str, member: &str) -> Option<&'m Member> {
    match &service.shapes.get(shape)?.kind {
        ShapeKind::Structure(structure) => structure.member(member),
        _ => None,
    }
}

/// Whether a shape is the wanted one, or a list or map of it.
fn is_made_of(service: &Service, shape: &ShapeId, wanted: &str) -> bool {
    // Lists of lists end, but for a model that was made to have no end.
    let mut open = vec![(shape, 0)];
    while let Some((id, depth)) = open.pop() {
        if id.as_str() == wanted {
            return true;
        }
        match service.shape(id).map(|shape| &shape.kind) {
            Some(ShapeKind::List(list)) if depth < 16 => open.push((&list.target, depth + 1)),
            Some(ShapeKind::Map(map)) if depth < 16 => open.extend([(&map.key, depth + 1), (&map.value, depth + 1)]),
            _ => {}
        }
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
