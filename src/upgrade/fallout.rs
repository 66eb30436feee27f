//! Which differences come with another one, so that one cause is told once.
//!
//! A root has one weight and one approval; what comes with it is kept beside it, not lost. Nothing is put under a root
//! that could have come without it: a member that goes while the protocol switches stays a finding of its own.

use crate::diff::{Change, Difference};
use crate::finding::{Finding, Severity};
use crate::ingest::Ingested;
use crate::model::{Service, ShapeKind};

/// A kind of root, and what comes with it.
struct Cause {
    /// Rules of the root.
    roots: &'static [&'static str],
    /// Rules of what comes with it.
    rules: &'static [&'static str],
    /// So are members of errors that came or went, and traits of the service as a whole that no rule judges.
    and_what_it_writes: bool,
    /// The root is about one operation, and so is what comes with it.
    by_operation: bool,
}

const CAUSES: &[Cause] = &[
    // A model that is written for another protocol names its errors anew: what the older protocol put into an error
    // body by itself (code, status, message) is modelled now, and shapes that only boxed a value go.
    Cause {
        roots: &["protocol-changed"],
        rules: &[
            "error-added",
            "error-code-changed",
            "error-fault-changed",
            "error-removed",
            "error-retryable-changed",
            "error-status-changed",
            "box-changed",
            "json-version-changed",
            "protocols-list-changed",
            "shape-renamed",
            "target-prefix-changed",
        ],
        and_what_it_writes: true,
        by_operation: false,
    },
    Cause {
        roots: &["operation-removed", "operation-renamed"],
        rules: &["paginator-removed", "waiter-removed"],
        and_what_it_writes: false,
        by_operation: true,
    },
    // An operation that moves from GET to POST moves its members with it.
    Cause {
        roots: &["http-method-changed", "http-uri-changed"],
        rules: &["http-uri-changed", "location-changed", "payload-changed"],
        and_what_it_writes: false,
        by_operation: true,
    },
];

/// For each finding the number of the one that it comes with. `findings` judge `differences`, in the same order.
pub(super) fn roots(
    old: &Ingested,
    new: &Ingested,
    differences: &[Difference],
    findings: &[Finding],
) -> Vec<Option<usize>> {
    let under = |at: usize| {
        CAUSES.iter().find_map(|cause| {
            let comes_with = cause.rules.contains(&findings[at].rule)
                || cause.and_what_it_writes && is_written_anew([&old.service, &new.service], &differences[at]);
            let is_root = |root: &usize| {
                *root != at
                    && cause.roots.contains(&findings[*root].rule)
                    && is_borne(&findings[*root], &findings[at])
                    && (!cause.by_operation || same_operation(&differences[*root], &differences[at]))
            };
            (0..findings.len()).filter(|_| comes_with).find(is_root)
        })
    };
    let found: Vec<Option<usize>> = (0..findings.len()).map(under).collect();
    // A root that itself comes with another hands over what is under it.
    let top = |at: usize| found[at].map(|root| found[root].unwrap_or(root));
    (0..found.len()).map(top).collect()
}

/// Whether the root weighs enough to stand for it: what breaks is not told under something that does not.
fn is_borne(root: &Finding, other: &Finding) -> bool {
    other.severity < Severity::Error || root.severity == Severity::Error
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
