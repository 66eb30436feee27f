//! A protocol that gave way to another one: what else differs in the messages of an operation because of it comes with it.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::outcome::Fallout;
use crate::wire::{Change, Difference};

/// Headers that say how a body is written and which operation is called.
const HEADERS: &[&str] =
    &["accept", "content-type", "smithy-protocol", "x-amz-target", "x-amzn-query-mode", "x-amzn-errortype"];

/// Findings that stand for themselves, and those that come with a switch of the protocol.
pub(super) fn folded(judged: Vec<(Difference, Finding)>) -> (Vec<Finding>, Vec<Fallout>) {
    let (mut findings, mut fallout): (Vec<Finding>, Vec<Fallout>) = (Vec::new(), Vec::new());
    let key = |one: &Difference| (one.service.clone(), one.operation.clone());
    let mut roots: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut others = Vec::new();
    for (difference, finding) in judged {
        if is_switch(&difference.change) {
            roots.entry(key(&difference)).or_insert(findings.len());
            findings.push(finding);
        } else {
            others.push((difference, finding));
        }
    }
    for (difference, finding) in others {
        match roots.get(&key(&difference)).filter(|_| follows(&difference.change)) {
            Some(root) => {
                findings[*root].count_fallout(finding.rule.id);
                fallout.push(Fallout { under: findings[*root].fingerprint().to_string(), finding });
            }
            None => findings.push(finding),
        }
    }
    findings.sort_by(|one, two| (&one.service, &one.operation).cmp(&(&two.service, &two.operation)));
    (findings, fallout)
}

/// Whether no request is in a protocol of before any more.
fn is_switch(change: &Change) -> bool {
    matches!(change, Change::Protocol(moved) if !moved.old.is_empty() && moved.old.is_disjoint(&moved.new))
}

/// Whether a protocol alone decides it.
fn follows(change: &Change) -> bool {
    match change {
        Change::Method(_) | Change::Uri(_) | Change::Version(_) | Change::ContentType(_) => true,
        Change::HeaderAppeared { name, .. }
        | Change::HeaderGone { name }
        | Change::HeaderPresence { name, .. }
        | Change::HeaderSigned { name, .. }
        | Change::HeaderValue { name, .. } => HEADERS.contains(&&**name),
        Change::QueryAppeared { name, .. } | Change::QueryGone { name } | Change::QueryPresence { name, .. } => {
            matches!(&**name, "Action" | "Version")
        }
        Change::OperationAppeared
        | Change::OperationGone
        | Change::RecordedAppeared { .. }
        | Change::RecordedGone { .. }
        | Change::Protocol(_)
        | Change::Host(_)
        | Change::MemberAppeared { .. }
        | Change::MemberGone { .. }
        | Change::MemberPresence { .. }
        | Change::MemberForm { .. }
        | Change::MemberEscape { .. }
        | Change::EnumValueAppeared { .. }
        | Change::EnumValueGone { .. }
        | Change::StatusAppeared { .. }
        | Change::StatusGone { .. }
        | Change::ErrorAppeared
        | Change::ErrorGone => false,
    }
}
