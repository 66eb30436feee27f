//! [`Only`]: the findings that a user asks for.

use crate::finding::{Finding, Rule};
use crate::outcome::Coverage;
use crate::text::is_like;

/// The findings that a user asks for, each list with `*` for any characters. An empty list asks for all.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Only {
    /// Ids of rules.
    pub rules: Vec<String>,
    /// Canonical names of services.
    pub services: Vec<String>,
    /// Operations.
    pub operations: Vec<String>,
}

impl Only {
    /// Whether a rule is asked for by its name.
    pub(super) fn names(&self, rule: &Rule) -> bool {
        !self.rules.is_empty() && is_among(&self.rules, [rule.id])
    }

    /// Whether a finding is among them. What cannot be read always is, for it may hold anything.
    pub fn has(&self, finding: &Finding) -> bool {
        let operations = finding.operation.iter().chain(&finding.operations).map(String::as_str);
        finding.rule.needs_paths
            || is_among(&self.rules, [finding.rule.id])
                && is_among(&self.services, finding.service.as_deref())
                && is_among(&self.operations, operations)
    }

    /// Whether a fingerprint is of what is asked for. Other than [`has`](Self::has) this is of what cannot be read only where
    /// it is asked for by its rule, and by nothing that it does not name.
    pub fn has_named(&self, fingerprint: &str) -> bool {
        let mut parts = fingerprint.split(':').map(|part| Some(part).filter(|part| !part.is_empty()));
        let [rule, service, operation] = [parts.next(), parts.next(), parts.next()].map(Option::flatten);
        is_among(&self.rules, rule) && is_among(&self.services, service) && is_among(&self.operations, operation)
    }

    /// Leaves the services and operations that are asked for.
    pub(super) fn narrow(&self, coverage: &mut Coverage) {
        coverage.services.retain(|service, _| is_among(&self.services, [service.as_str()]));
        for covered in coverage.services.values_mut() {
            covered.operations.retain(|operation, _| is_among(&self.operations, [operation.as_str()]));
        }
    }
}

/// Whether one of the names is like one of the patterns, or there are none.
pub(super) fn is_among<'n>(patterns: &[String], names: impl IntoIterator<Item = &'n str>) -> bool {
    let mut names = names.into_iter();
    patterns.is_empty() || names.any(|name| patterns.iter().any(|pattern| is_like(pattern, name)))
}
