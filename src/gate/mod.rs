//! Outcome + settings + approvals → [`Verdict`]: the one judge of every job.

mod approvals;
mod day;
mod edition;
mod levels;
mod listed;
mod minimums;
mod nothing;
mod only;
mod reported;
mod scorecard;
mod sorted;
#[cfg(test)]
mod tests;
mod unchecked;
mod verdict;

pub use self::approvals::{Approval, Approvals, Draft, FILE as APPROVALS, ToApprove};
pub use self::day::Day;
pub use self::edition::Edition;
pub use self::levels::{Level, Levels, Override};
pub use self::listed::Kind;
pub use self::minimums::{Least, Minimums, Shortfall};
pub use self::only::Only;
pub use self::reported::{Approved, Reported};
pub use self::scorecard::{Fix, Scorecard, Trend};
pub use self::unchecked::FailOnUnchecked;
pub use self::verdict::{Cause, Verdict, judge};
use crate::finding::{Finding, Severity};

/// What a team makes of findings.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Severity from which on findings fail; `None`: never.
    pub fail_on: Option<Severity>,
    /// Which exchanges without a contract fail.
    pub fail_on_unchecked: FailOnUnchecked,
    /// Whether approvals that nothing needs any more fail.
    pub fail_on_stale: bool,
    /// Whether differences between models fail where they are listed without weights.
    pub fail_on_difference: bool,
    /// The highest level of a difference that no recorded exchange uses.
    pub unused_as: Option<Severity>,
    /// Levels that differ from weights.
    pub levels: Levels,
    /// The findings that are asked for; all others are counted alone.
    pub only: Only,
    /// How much of their contracts traffic has to touch, where that was counted.
    pub minimums: Minimums,
    /// How many findings are listed, the most severe first; the others are counted alone. `None`: all.
    pub max_findings: Option<usize>,
}

impl Default for Settings {
    /// Errors fail, and nothing else.
    fn default() -> Self {
        Self {
            fail_on: Some(Severity::Error),
            fail_on_unchecked: FailOnUnchecked::Never,
            fail_on_stale: false,
            fail_on_difference: false,
            unused_as: None,
            levels: Levels::default(),
            only: Only::default(),
            minimums: Minimums::default(),
            max_findings: None,
        }
    }
}

impl Settings {
    /// What a finding counts for the team: the level that it chose or the weight, as far as the recording can prove it.
    /// `None` where it is off, or has no effect on anybody and nobody named its rule.
    pub fn level(&self, finding: &Finding) -> Option<Severity> {
        let chosen = self.levels.of(finding, self.only.names(finding.rule))?;
        let used = match self.unused_as {
            Some(most) if finding.is_unused() => chosen.min(most),
            _ => chosen,
        };
        Some(finding.provable.map_or(used, |most| used.min(most)))
    }
}
