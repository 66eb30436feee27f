//! [`Reported`]: a finding with what it counts for the team, and [`Approved`]: one that was accepted.

use std::fmt;
use std::ops::Deref;

use super::listed::Kind;
use crate::finding::{Finding, Fingerprint, Severity};
use crate::text::visible;

/// A finding with what it counts for the team.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// Its level; reports call it severity.
    pub level: Severity,
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Whether it keeps the run from passing. What is approved never does.
    pub fails: bool,
    /// Of a recorded exchange that an upgrade breaks, the fingerprint of the difference that it comes from.
    pub comes_from: Option<String>,
}

impl Reported {
    pub(super) fn of(finding: Finding, level: Severity) -> Self {
        Self { level, fingerprint: finding.fingerprint(), fails: false, comes_from: None, finding }
    }

    /// The fingerprint that an approval has to name for it to be accepted.
    pub fn approved_by(&self) -> &str {
        self.comes_from.as_deref().unwrap_or(self.fingerprint.as_str())
    }

    pub(super) fn kind(&self) -> Kind {
        let Finding { rule, service, operation, .. } = &self.finding;
        Kind { service: service.clone(), operation: operation.clone(), rule: rule.id, level: self.level }
    }
}

/// The headline of its level, with the place.
impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.finding.headline(self.level))?;
        match self.finding.location.file.as_str() {
            "" => Ok(()),
            _ => write!(f, " --> {}", visible(&self.finding.location.text())),
        }
    }
}

impl Deref for Reported {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

/// A finding that was approved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Approved {
    /// The finding.
    pub finding: Reported,
    /// Why it is accepted.
    pub reason: String,
}
