//! [`Levels`]: what a team makes of findings: more or less than their weight, or nothing.

#[cfg(test)]
mod tests;

use super::Edition;
use super::only::is_among;
use crate::finding::{Finding, Severity};
use crate::model::Direction;
use crate::paths::Paths;

/// What a team makes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// It is counted and not listed, and never fails.
    Off,
    /// It counts as this severity.
    At(Severity),
}

/// A level for some findings. Each part narrows it; one without parts is about all findings.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Override {
    /// The level.
    pub level: Level,
    /// Ids of rules, with `*` for any characters.
    pub rules: Vec<String>,
    /// Canonical names of services, likewise.
    pub services: Vec<String>,
    /// Operations, likewise.
    pub operations: Vec<String>,
    /// The half of an exchange.
    pub direction: Option<Direction>,
    /// Files.
    pub paths: Option<Paths>,
}

impl Override {
    /// A level for all findings.
    pub fn all(level: Level) -> Self {
        Self { level, rules: Vec::new(), services: Vec::new(), operations: Vec::new(), direction: None, paths: None }
    }

    /// Whether it is about a finding.
    fn fits(&self, finding: &Finding) -> bool {
        let operations = finding.operation.iter().chain(&finding.operations).map(String::as_str);
        is_among(&self.rules, [finding.rule.id])
            && is_among(&self.services, finding.service.as_deref())
            && is_among(&self.operations, operations)
            && (self.direction.is_none() || self.direction == finding.direction)
            && self.paths.as_ref().is_none_or(|paths| paths.has(&finding.location.file))
    }
}

/// What a team makes of findings.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Levels {
    edition: Option<Edition>,
    overrides: Vec<Override>,
}

impl Levels {
    /// Levels of a team. Of overrides that are about one finding the last counts. Rules that are younger than the edition
    /// are notes, unless an override names them.
    pub fn new(edition: Option<Edition>, overrides: Vec<Override>) -> Self {
        Self { edition, overrides }
    }

    /// The level of a finding; `None` where it is off, or without effect and neither `asked` for by its rule nor given a level
    /// by it. What says that something was not judged at all is never less than its weight: what cannot be read may hold
    /// anything.
    pub(super) fn of(&self, finding: &Finding, asked: bool) -> Option<Severity> {
        let (rule, weight) = (finding.rule, finding.weight);
        let chosen = self.overrides.iter().rfind(|one| one.fits(finding));
        let is_younger = self.edition.is_some_and(|edition| Edition::parse(rule.since) > Some(edition));
        let names = |one: &Override| one.rules.iter().any(|own| own == rule.id);
        let is_quiet = is_younger || rule.is_noise;
        let level = match chosen.map(|one| (one.level, !is_quiet || names(one))) {
            Some((level @ Level::Off, _) | (level, true)) => level,
            _ if rule.is_noise && !asked => Level::Off,
            _ if is_younger => Level::At(Severity::Note),
            _ => Level::At(weight),
        };
        match level {
            Level::Off if rule.needs_paths => Some(weight),
            Level::Off => None,
            Level::At(level) if rule.needs_paths => Some(level.max(weight)),
            Level::At(level) => Some(level),
        }
    }
}
