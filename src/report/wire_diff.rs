//! Two snapshots of traffic as a unified diff, without what was approved.

use crate::finding::Finding;
use crate::gate::Verdict;
use crate::outcome::Wire;
use crate::wire::{Difference, unified};

/// The diff of all that nobody approved; empty where that is nothing.
pub(super) fn wire_diff(verdict: &Verdict, about: &Wire) -> String {
    let mut before = about.before.clone();
    for one in &verdict.approved {
        let own = one.finding.fingerprint.as_str();
        let with_it = about.fallout.iter().filter(|of| of.under == own).map(|of| &of.finding);
        for difference in with_it.chain([&one.finding.finding]).filter_map(difference) {
            before.adopt(&about.after, &difference);
        }
    }
    unified(&before, &about.after, &about.snapshot, "traffic")
}

fn difference(finding: &Finding) -> Option<Difference> {
    Some(Difference {
        service: finding.service.clone()?,
        operation: finding.operation.clone()?,
        direction: finding.direction,
        error: finding.shape.clone(),
        change: finding.deviation.wire()?.clone(),
    })
}
