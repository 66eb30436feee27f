//! Outcome + settings + approvals → [`Verdict`]: the one judge of every job.

mod approvals;
mod day;
mod nothing;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::approvals::{Approval, Approvals, Draft, FILE as APPROVALS, ToApprove};
pub use self::day::Day;
pub use self::verdict::{Approved, Reported, Verdict, judge};
use crate::finding::{Finding, Severity};

/// What a team makes of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Severity from which on findings fail; `None`: never.
    pub fail_on: Option<Severity>,
    /// Whether exchanges without a contract fail.
    pub fail_on_unchecked: bool,
    /// Whether approvals that nothing needs any more fail.
    pub fail_on_stale: bool,
    /// Whether differences between models fail where they are listed without weights.
    pub fail_on_difference: bool,
    /// The highest level of a difference that no recorded exchange uses.
    pub unused_as: Option<Severity>,
}

impl Default for Settings {
    /// Errors fail, and nothing else.
    fn default() -> Self {
        Self {
            fail_on: Some(Severity::Error),
            fail_on_unchecked: false,
            fail_on_stale: false,
            fail_on_difference: false,
            unused_as: None,
        }
    }
}

impl Settings {
    /// What a finding counts for the team: its weight, as far as settings and what the recording can prove allow.
    pub fn level(&self, finding: &Finding) -> Severity {
        let chosen = match self.unused_as {
            Some(most) if finding.is_unused() => finding.weight.min(most),
            _ => finding.weight,
        };
        finding.provable.map_or(chosen, |most| chosen.min(most))
    }
}
