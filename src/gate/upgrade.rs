//! Differences + policy + approvals → [`Verdict`].

use std::collections::BTreeMap;

use super::approvals::{Approvals, Day};
use super::{Policy, Tally, Verdict};
use crate::finding::Finding;

/// What a verdict on an upgrade is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Upgrade {
    /// The older source, as people name it.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// For whom differences were weighed.
    pub profile: &'static str,
    /// Services that were compared.
    pub services: usize,
    /// Those of which one source knows a part alone.
    pub partial: Vec<String>,
    /// Findings that were approved, with the reasons.
    pub approved: Vec<(Finding, String)>,
    /// Fingerprints of approvals that no finding has any more.
    pub stale: Vec<String>,
    /// Fingerprints of approvals that were good until a day, where a finding still has it.
    pub expired: BTreeMap<String, String>,
    /// What recorded traffic says, where it was asked.
    pub replay: Option<Replay>,
}

/// Recorded traffic, held against both contracts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replay {
    /// Exchanges and single payloads of the services compared.
    pub exchanges: usize,
    /// Those that break the older contract already.
    pub broken_before: usize,
    /// Those that keep the older contract and break the newer.
    pub broken_by_it: Vec<Broken>,
    /// Findings that weigh less because no exchange has what they are about.
    pub downgraded: usize,
}

/// An exchange that an upgrade breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Its first finding by the newer contract.
    pub finding: Finding,
    /// How many more it has.
    pub more: usize,
}

/// Judges an upgrade by a policy. Approved findings are put aside.
pub fn judge_upgrade(
    mut upgrade: Upgrade,
    tally: Tally,
    findings: Vec<Finding>,
    policy: Policy,
    approvals: &Approvals,
    today: Day,
) -> Verdict {
    let mut kept = Vec::new();
    let mut met = std::collections::BTreeSet::new();
    for finding in findings {
        let fingerprint = finding.fingerprint().to_string();
        match approvals.get(&fingerprint) {
            Some(approval) if approval.expires.is_none_or(|day| today <= day) => {
                upgrade.approved.push((finding, approval.reason.clone()));
            }
            Some(approval) => {
                let day = approval.expires.map(|day| day.to_string()).unwrap_or_default();
                upgrade.expired.insert(fingerprint.clone(), day);
                kept.push(finding);
            }
            None => kept.push(finding),
        }
        met.insert(fingerprint);
    }
    let stale = approvals.fingerprints().filter(|fingerprint| !met.contains(*fingerprint));
    upgrade.stale = stale.map(str::to_owned).collect();
    let passed = policy.fail_on.is_none_or(|least| kept.iter().all(|finding| finding.severity < least));
    Verdict { tally, findings: kept, passed, upgrade: Some(upgrade) }
}
