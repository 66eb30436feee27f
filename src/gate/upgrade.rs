//! Differences + policy + approvals → [`Verdict`].

use std::collections::{BTreeMap, BTreeSet};

use super::approvals::{Approvals, Day};
use super::{Policy, Tally, Verdict};
use crate::finding::{Finding, Severity};

/// What a verdict on an upgrade is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Upgrade {
    /// The older source, as people name it.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// For whom differences were weighed.
    pub profile: &'static str,
    /// Names of the services that were compared.
    pub services: Vec<String>,
    /// Those of which one source knows a part alone.
    pub partial: Vec<String>,
    /// Findings that come with another one, which alone is judged.
    pub fallout: Vec<Fallout>,
    /// Findings that were approved, with the reasons.
    pub approved: Vec<(Finding, String)>,
    /// Fingerprints of approvals that no finding has any more.
    pub stale: Vec<String>,
    /// Fingerprints of approvals that were good until a day, where a finding still has it.
    pub expired: BTreeMap<String, String>,
    /// Fingerprints whose approval would let the upgrade pass, in the order of the findings.
    pub to_approve: Vec<String>,
    /// What recorded traffic says, where it was asked.
    pub replay: Option<Replay>,
}

/// A finding that has its cause in another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Fallout {
    /// The finding.
    pub finding: Finding,
    /// Fingerprint of the one that it comes with.
    pub under: String,
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
    /// Parts of the traffic that cannot be read, so that they weigh nothing.
    pub unreadable: Vec<Finding>,
}

/// An exchange that an upgrade breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Its first finding by the newer contract.
    pub finding: Finding,
    /// How many more it has.
    pub more: usize,
    /// For each of them the difference that it comes from, by its fingerprint; `None` where none is known.
    pub by: Vec<Option<String>>,
}

/// Judges an upgrade by a policy. Approved findings are put aside. Recorded exchanges that the upgrade breaks make it
/// fail, too, unless all that breaks them was approved; so does traffic that cannot be read, for it may hold others.
pub fn judge_upgrade(
    mut upgrade: Upgrade,
    tally: Tally,
    findings: Vec<Finding>,
    policy: Policy,
    approvals: &Approvals,
    today: Day,
) -> Verdict {
    let mut kept = Vec::new();
    let mut met: BTreeSet<String> = upgrade.fallout.iter().map(|of| of.finding.fingerprint().to_string()).collect();
    let mut approved: BTreeSet<String> = BTreeSet::new();
    for finding in findings {
        let fingerprint = finding.fingerprint().to_string();
        match approvals.get(&fingerprint) {
            Some(approval) if approval.expires.is_none_or(|day| today <= day) => {
                approved.insert(fingerprint.clone());
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
    // An approval for a service that was not compared, or of which a part alone is known, says nothing here.
    let is_compared = |of: &str| [&upgrade.services, &upgrade.partial].map(|named| named.iter().any(|one| one == of));
    let is_stale = |fingerprint: &&str| {
        let of = fingerprint.split(':').nth(1);
        !met.contains(*fingerprint) && of.is_none_or(|of| is_compared(of) == [true, false])
    };
    upgrade.stale = approvals.fingerprints().filter(is_stale).map(str::to_owned).collect();
    let Some(least) = policy.fail_on else {
        return Verdict { tally, findings: kept, passed: true, upgrade: Some(upgrade) };
    };
    let is_taken = |broken: &Broken| {
        !broken.by.is_empty() && broken.by.iter().all(|by| by.as_ref().is_some_and(|by| approved.contains(by)))
    };
    let broken: Vec<&Broken> = upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it).collect();
    let is_read =
        upgrade.replay.iter().flat_map(|replay| &replay.unreadable).all(|lost| lost.severity < Severity::Error);
    let passed =
        is_read && broken.iter().all(|broken| is_taken(broken)) && kept.iter().all(|finding| finding.severity < least);
    let breaks: BTreeSet<&String> = broken.iter().flat_map(|broken| broken.by.iter().flatten()).collect();
    let fails = |finding: &&Finding| finding.severity >= least || breaks.contains(&finding.fingerprint().to_string());
    let failing = kept.iter().filter(fails).map(|finding| finding.fingerprint().to_string());
    // One line approves all that has its fingerprint, and a second is no TOML.
    let mut told = BTreeSet::new();
    let open = |fingerprint: &String| !upgrade.expired.contains_key(fingerprint) && told.insert(fingerprint.clone());
    upgrade.to_approve = failing.filter(open).collect();
    Verdict { tally, findings: kept, passed, upgrade: Some(upgrade) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::tests::finding;
    use super::*;

    fn judged(replay: Option<Replay>, approvals: &str, today: (u16, u8, u8)) -> Verdict {
        let approvals = Approvals::parse(approvals, Path::new("a.toml")).expect("sound");
        let today = Day::new(today.0, today.1, today.2).expect("a day");
        let policy = Policy { fail_on: Some(Severity::Error), fail_on_unchecked: false };
        let findings = vec![finding("a", Severity::Error), finding("b", Severity::Warning)];
        let about = Upgrade { replay, services: vec!["thing".into()], ..Upgrade::default() };
        judge_upgrade(about, Tally::default(), findings, policy, &approvals, today)
    }

    #[test]
    fn what_is_approved_is_put_aside_until_it_expires() {
        assert!(!judged(None, "[approvals]", (2026, 1, 1)).passed);
        let approvals = "[approvals]\n\"a:thing:::\" = { reason = \"seen\", expires = 2026-01-31 }";
        let verdict = judged(None, approvals, (2026, 1, 31));
        assert!(verdict.passed && verdict.findings.len() == 1);
        let about = verdict.upgrade.expect("of an upgrade");
        assert_eq!((about.approved.len(), about.stale.len(), about.expired.len()), (1, 0, 0));
        let verdict = judged(None, approvals, (2026, 2, 1));
        assert!(!verdict.passed);
        assert_eq!(verdict.upgrade.expect("of an upgrade").expired["a:thing:::"], "2026-01-31");
    }

    #[test]
    fn what_a_part_of_a_service_does_not_show_is_not_stale() {
        let approvals = "[approvals]\n\"c:thing:::\" = { reason = \"seen\" }";
        let approvals = Approvals::parse(approvals, Path::new("a.toml")).expect("sound");
        let (services, partial) = (vec!["thing".into()], vec!["thing".into()]);
        let about = Upgrade { services, partial, ..Upgrade::default() };
        let policy = Policy { fail_on: Some(Severity::Error), fail_on_unchecked: false };
        let verdict = judge_upgrade(about, Tally::default(), Vec::new(), policy, &approvals, Day::of_unix_time(0));
        assert!(verdict.upgrade.expect("of an upgrade").stale.is_empty());
    }

    #[test]
    fn one_line_approves_all_that_has_its_fingerprint() {
        let policy = Policy { fail_on: Some(Severity::Error), fail_on_unchecked: false };
        let findings = vec![finding("a", Severity::Error), finding("a", Severity::Error)];
        let (approvals, day) = (Approvals::default(), Day::of_unix_time(0));
        let verdict = judge_upgrade(Upgrade::default(), Tally::default(), findings, policy, &approvals, day);
        assert_eq!(verdict.upgrade.expect("of an upgrade").to_approve, ["a:thing:::"]);
    }

    #[test]
    fn what_nothing_has_any_more_is_stale() {
        let approvals =
            "[approvals]\n\"c:thing:::\" = { reason = \"seen\" }\n\"c:other:::\" = { reason = \"not asked\" }";
        let verdict = judged(None, approvals, (2026, 1, 1));
        assert_eq!(verdict.upgrade.expect("of an upgrade").stale, ["c:thing:::"]);
    }

    #[test]
    fn broken_exchanges_fail_unless_what_breaks_them_is_approved() {
        let broken = |by: &[Option<&str>]| {
            let by = by.iter().map(|by| by.map(str::to_owned)).collect();
            let broken = Broken { finding: finding("unknown-member", Severity::Error), more: 0, by };
            Some(Replay { exchanges: 1, broken_by_it: vec![broken], ..Replay::default() })
        };
        let both = "[approvals]\n\"a:thing:::\" = { reason = \"seen\" }\n\"b:thing:::\" = { reason = \"seen\" }";
        let a = "[approvals]\n\"a:thing:::\" = { reason = \"seen\" }";
        let (by_a, by_b) = (Some("a:thing:::"), Some("b:thing:::"));
        assert!(judged(broken(&[by_a]), a, (2026, 1, 1)).passed);
        assert!(!judged(broken(&[by_a, by_b]), a, (2026, 1, 1)).passed);
        assert!(judged(broken(&[by_a, by_b]), both, (2026, 1, 1)).passed);
        assert!(!judged(broken(&[by_a, None]), both, (2026, 1, 1)).passed);
        let lost =
            |severity| Some(Replay { unreadable: vec![finding("malformed-recording", severity)], ..Replay::default() });
        assert!(!judged(lost(Severity::Error), both, (2026, 1, 1)).passed);
        assert!(judged(lost(Severity::Note), both, (2026, 1, 1)).passed);
        let verdict = judged(broken(&[by_b]), a, (2026, 1, 1));
        assert!(!verdict.passed);
        assert_eq!(verdict.upgrade.expect("of an upgrade").to_approve, ["b:thing:::"]);
    }
}
