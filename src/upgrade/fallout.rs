//! Which differences come with another one, so that one cause is reported once.
//!
//! A root has one weight and one approval; what comes with it is kept beside it, not lost. Which rules come with which is
//! theirs to say ([`crate::finding::Rule::comes_with`]); nothing is put under a root that could have come without it: a
//! member that goes while the protocol switches stays a finding of its own.

use std::collections::HashMap;

use crate::diff::{Change, Difference};
use crate::finding::{Finding, Root, Severity};
use crate::ingest::Ingested;
use crate::model::{Service, ShapeKind};

/// Where the protocol switches, so does what a protocol used to write by itself.
const SWITCH: Root = Root::of_service("protocol-changed");

/// For each finding the number of the one that it comes with. `findings` judge `differences`, in the same order.
pub(super) fn roots(
    old: &Ingested,
    new: &Ingested,
    differences: &[Difference],
    findings: &[Finding],
) -> Vec<Option<usize>> {
    let mut by_rule: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        by_rule.entry(finding.rule.id).or_default().push(at);
    }
    let under = |at: usize| {
        let is_root_of = |by: &Root, root: usize| {
            root != at
                && is_borne(&findings[root], &findings[at])
                && (!by.by_operation || same_operation(&differences[root], &differences[at]))
        };
        let written_anew = is_written_anew([&old.service, &new.service], &differences[at]).then_some(&SWITCH);
        let mut causes = findings[at].rule.comes_with.iter().chain(written_anew);
        let judged_by = |by: &Root| by_rule.get(by.rule).into_iter().flatten().copied();
        causes.find_map(|by| judged_by(by).find(|root| is_root_of(by, *root)))
    };
    let found: Vec<Option<usize>> = (0..findings.len()).map(under).collect();
    // A root that itself comes with another hands over what is under it.
    let top = |at: usize| found[at].map(|root| found[root].unwrap_or(root));
    (0..found.len()).map(top).collect()
}

/// Whether the root weighs enough to stand for it: what breaks is not reported under something that does not.
fn is_borne(root: &Finding, other: &Finding) -> bool {
    other.weight < Severity::Error || root.weight == Severity::Error
}

fn same_operation(root: &Difference, other: &Difference) -> bool {
    !root.operations.is_empty() && root.operations == other.operations
}

/// Whether it is something that a protocol used to write by itself, or a trait that tells how to.
fn is_written_anew(services: [&Service; 2], difference: &Difference) -> bool {
    match &difference.change {
        Change::MemberAdded { .. } | Change::MemberRemoved => is_about_an_error(services, difference),
        Change::Unmodelled { places, .. } => places.iter().all(|place| place == "metadata"),
        _ => false,
    }
}

fn is_about_an_error(services: [&Service; 2], difference: &Difference) -> bool {
    let names = [&difference.older_shape, &difference.shape];
    services.iter().zip(names).any(|(service, name)| {
        let shape = name.as_ref().and_then(|name| service.shapes.get(name.as_str()));
        matches!(shape.map(|shape| &shape.kind), Some(ShapeKind::Structure(structure)) if structure.error.is_some())
    })
}
