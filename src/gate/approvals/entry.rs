//! One line of a file of approvals, as it is written and as it is used.

use std::path::Path;

use serde::Deserialize;

use super::pattern::Pattern;
use super::{Day, Find};
use crate::error::{Error, Result};
use crate::finding::{Area, Rule};
use crate::paths::Paths;

/// One approval.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Approval {
    /// The fingerprint, perhaps with wildcards, as the file has it.
    pub fingerprint: String,
    /// Why the finding is accepted.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Option<Day>,
    /// Findings that it accepts at most in one run.
    pub at_most: Option<usize>,
    /// Files in which it accepts findings; all without it.
    pub(super) paths: Option<Paths>,
    pub(super) pattern: Pattern,
}

impl Approval {
    /// The last day on which it counted, where that is over.
    pub(super) fn expired(&self, today: Day) -> Option<Day> {
        self.expires.filter(|day| today > *day)
    }

    /// The files that it is about, where it is not about all.
    pub fn paths(&self) -> Option<&Paths> {
        self.paths.as_ref()
    }

    /// The service that it is about, where it names one and no pattern of several.
    pub fn service(&self) -> Option<&str> {
        self.pattern.service().filter(|service| !service.is_empty() && !service.contains('*'))
    }

    /// Whether it is about a file.
    pub(super) fn is_about(&self, file: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.has(file))
    }
}

/// An approval as it is written, behind its fingerprint.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    reason: String,
    expires: Option<Date>,
    paths: Option<Vec<String>>,
    at_most: Option<usize>,
}

/// A date as TOML has it, or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Toml(toml::value::Datetime),
    Text(String),
}

/// The approval that an entry says, whose paths are seen from a folder; an error where it could never accept anything.
pub(super) fn approval(fingerprint: String, entry: Entry, find: Find<'_>, folder: &Path) -> Result<Approval> {
    if entry.reason.trim().is_empty() {
        return Err(Error::new(format!("the approval of {fingerprint} gives no reason"))
            .remedy("Say in `reason` why it is accepted; who reads it later was not there."));
    }
    let pattern = Pattern::parse(&fingerprint);
    let rule = rule_of(&fingerprint, &pattern, find)?;
    if let Some(mistake) = misplaced(rule, &entry) {
        let remedy =
            "Each line is \"fingerprint\" = { reason = \"why\" }; `expires`, `paths` and `at_most` are optional.";
        return Err(Error::new(format!("the approval of {fingerprint} {mistake}")).remedy(remedy));
    }
    if rule.needs_paths && entry.paths.is_none() {
        return Err(Error::new(format!("the approval of {fingerprint} names no paths")).remedy(
            "What cannot be read may hold anything: say in `paths` which files are meant, such as [\"tests/old/*.json\"].",
        ));
    }
    let expires = entry.expires.map(|date| match date {
        Date::Toml(date) => date.to_string(),
        Date::Text(text) => text,
    });
    let day = |text: String| {
        Day::parse(&text).ok_or_else(|| {
            Error::new(format!("the approval of {fingerprint} expires on {text:?}, which is not a day"))
                .remedy("Write the last day on which it counts, such as 2027-01-31.")
        })
    };
    let expires = expires.map(day).transpose()?;
    let paths = entry.paths.as_deref().map(|globs| Paths::parse(globs, folder)).transpose()?;
    let pattern = pattern.of_rule(rule.id);
    Ok(Approval { reason: entry.reason, expires, at_most: entry.at_most, paths, pattern, fingerprint })
}

/// The rule that a fingerprint names; an error where no finding can have such a fingerprint.
fn rule_of(fingerprint: &str, pattern: &Pattern, find: Find<'_>) -> Result<&'static Rule> {
    let Some(rule) = find(pattern.rule()) else {
        return Err(Error::new(format!("the approval of {fingerprint} names no rule"))
            .remedy("A fingerprint begins with the id of a rule; `shapegate rules` lists them."));
    };
    if !pattern.is_whole() {
        return Err(Error::new(format!("the approval of {fingerprint} accepts nothing")).remedy(
            "A fingerprint is rule:service:operation:direction:subject, then perhaps values; all but the rule and values may be `*`.",
        ));
    }
    Ok(rule)
}

/// What keeps an approval from ever accepting a finding.
fn misplaced(rule: &Rule, entry: &Entry) -> Option<&'static str> {
    if entry.paths.as_ref().is_some_and(Vec::is_empty) {
        return Some("accepts nothing, for `paths` is empty");
    }
    if entry.paths.is_some() && rule.area == Area::Upgrade {
        return Some("has `paths`, and a difference between models is in no recording");
    }
    (entry.at_most == Some(0)).then_some("accepts nothing, for `at_most` is 0")
}
