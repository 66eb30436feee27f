//! Findings + policy → [`Verdict`].

mod approvals;
mod upgrade;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use self::approvals::{Approval, Approvals, Day, FILE as APPROVALS};
pub use self::upgrade::{Broken, Fallout, Replay, Upgrade, judge_upgrade};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};

/// What was read, and what became of it. Nothing that was found is missing from these counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that are recordings.
    pub recordings: usize,
    /// Exchanges that were read: a request, its response, or both.
    pub exchanges: usize,
    /// Payloads that were judged.
    pub payloads: usize,
    /// Files that are no recordings, with the reason.
    pub skipped: Vec<(PathBuf, String)>,
    /// Attempts at a call that an earlier exchange was an attempt at.
    pub retries: usize,
    /// Bodies that are streams, which are not judged.
    pub streams: usize,
    /// Events within them.
    pub events: usize,
    /// Exchanges and payloads of services without a contract, by the service's name in the recording.
    pub unchecked: BTreeMap<String, usize>,
    /// Parts of recordings that are no exchanges or that nothing names the operation of, by what they are.
    pub passed_over: BTreeMap<&'static str, usize>,
    /// Exchanges and payloads by the contract that their time chose (`cleanrooms@2023-08-30`), where it was to choose.
    pub releases: BTreeMap<String, usize>,
    /// Those that tell no time, or one before the first release, by the contract they were held against instead.
    pub undated: BTreeMap<String, usize>,
}

impl Tally {
    /// Adds what another part of the work counted.
    pub fn add(&mut self, other: Self) {
        self.recordings += other.recordings;
        self.exchanges += other.exchanges;
        self.payloads += other.payloads;
        self.retries += other.retries;
        self.streams += other.streams;
        self.events += other.events;
        self.skipped.extend(other.skipped);
        for (own, others) in [(&mut self.releases, other.releases), (&mut self.undated, other.undated)] {
            for (release, count) in others {
                *own.entry(release).or_default() += count;
            }
        }
        for (service, count) in other.unchecked {
            *self.unchecked.entry(service).or_default() += count;
        }
        for (what, count) in other.passed_over {
            *self.passed_over.entry(what).or_default() += count;
        }
    }
}

/// From which severity on findings fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// `None`: never.
    pub fail_on: Option<Severity>,
    /// Whether exchanges without a contract fail.
    pub fail_on_unchecked: bool,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What was read.
    pub tally: Tally,
    /// What was found, in the order of the input.
    pub findings: Vec<Finding>,
    /// No finding reaches the policy's severity, and nothing was left unchecked that should not be.
    pub passed: bool,
    /// What was compared, where the verdict is on an upgrade.
    pub upgrade: Option<Upgrade>,
}

impl Verdict {
    /// How many findings weigh so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Judges a run by a policy.
///
/// # Errors
/// Nothing was read: no recording, and no finding that says why. That is never a pass.
pub fn judge(tally: Tally, findings: Vec<Finding>, policy: Policy) -> Result<Verdict> {
    if findings.is_empty() && tally.recordings == 0 {
        let seen = match tally.skipped.len() {
            0 => "there are no files".to_owned(),
            1 => "the one file there is none".to_owned(),
            many => format!("none of the {many} files there is one"),
        };
        return Err(Error::new(format!("no recordings: {seen}")).remedy(
            "`shapegate check --help` lists the formats; --recording-format names one; --verbose lists files.",
        ));
    }
    if findings.is_empty() && tally.payloads == 0 && !tally.unchecked.is_empty() {
        let services: Vec<&str> = tally.unchecked.keys().map(String::as_str).collect();
        return Err(Error::new(format!("nothing was checked: there is no contract for {}", services.join(", "))).remedy(
            "`pip install botocore` brings every service; so does --model SOURCE: a botocore wheel, folder or service-2.json.",
        ));
    }
    if findings.is_empty() && tally.payloads == 0 && tally.exchanges == 0 && !tally.passed_over.is_empty() {
        let what: Vec<String> = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})")).collect();
        return Err(Error::new(format!("nothing was checked: there are only {}", what.join(", ")))
            .remedy("--service and --operation say what a recording does not."));
    }
    let sound = policy.fail_on.is_none_or(|least| findings.iter().all(|finding| finding.severity < least));
    let complete = tally.unchecked.is_empty() || !policy.fail_on_unchecked;
    let passed = sound && complete;
    Ok(Verdict { tally, findings, passed, upgrade: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Location;
    use crate::model::Aspect;

    /// A finding of that rule about the service `thing`.
    pub(in crate::gate) fn finding(rule: &'static str, severity: Severity) -> Finding {
        Finding {
            rule,
            severity,
            service: Some("thing".into()),
            operation: None,
            direction: None,
            shape: None,
            member: None,
            aspect: Aspect::Whole,
            pointer: String::new(),
            location: Location::default(),
            origin: None,
            values: BTreeMap::new(),
            identity: &[],
            excerpt: None,
        }
    }

    fn tally() -> Tally {
        Tally { recordings: 1, payloads: 1, ..Tally::default() }
    }

    #[test]
    fn findings_fail_from_the_policys_severity_on() {
        let passed = |severity, fail_on| {
            judge(tally(), vec![finding("x", severity)], Policy { fail_on, fail_on_unchecked: false })
                .expect("something was read")
                .passed
        };
        assert!(!passed(Severity::Error, Some(Severity::Error)));
        assert!(passed(Severity::Warning, Some(Severity::Error)));
        assert!(!passed(Severity::Warning, Some(Severity::Warning)));
        assert!(!passed(Severity::Note, Some(Severity::Note)));
        assert!(passed(Severity::Error, None));
    }

    #[test]
    fn what_was_not_checked_fails_where_asked() {
        let tally = Tally { unchecked: BTreeMap::from([("s3".to_owned(), 2)]), ..tally() };
        for asked in [false, true] {
            let policy = Policy { fail_on: Some(Severity::Error), fail_on_unchecked: asked };
            let verdict = judge(tally.clone(), Vec::new(), policy).expect("something was checked");
            assert_eq!(verdict.passed, !asked);
        }
    }

    #[test]
    fn nothing_read_is_not_a_pass() {
        let policy = Policy { fail_on: Some(Severity::Error), fail_on_unchecked: false };
        let error = judge(Tally::default(), Vec::new(), policy).expect_err("nothing was read");
        assert!(error.to_string().contains("no recordings"), "{error}");
        let unchecked = BTreeMap::from([("s3".to_owned(), 2)]);
        let error = judge(Tally { recordings: 1, unchecked, ..Tally::default() }, Vec::new(), policy);
        assert!(error.expect_err("nothing was checked").to_string().contains("contract for s3"));
    }
}
