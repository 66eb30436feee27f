//! The registry: one rule, one file, and all of them in one list.
//!
//! A rule turns a fact into a [`Finding`] and renders the sentence about it. It sees no files and no options. Each
//! fact of the contract is judged by exactly one rule; a test holds the list to that and to the files on disk.

pub mod change;
pub mod exchange;
pub mod wire;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Breach, BreachKind};
use crate::finding::{Finding, Location, Severity};
use crate::model::Direction;

/// What a rule knows about itself.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// Id, as in reports and `explain`.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Several paragraphs: what it does, why it matters, an example, what to do.
    pub explain: &'static str,
    /// Severity on requests, and where no half is concerned.
    pub request: Severity,
    /// Severity on responses.
    pub response: Severity,
    /// Names of values that belong to a finding's identity.
    pub identity: &'static [&'static str],
}

/// The facts of a finding.
pub type Values = BTreeMap<&'static str, Value>;

/// A rule on recorded traffic.
pub trait ExchangeRule: Sync {
    /// What the rule is.
    fn info(&self) -> &'static Info;

    /// The facts of a finding, where the breach is this rule's business.
    fn values(&self, breach: &BreachKind) -> Option<Values>;

    /// The sentence about a finding of this rule, without its place.
    fn message(&self, finding: &Finding) -> String;

    /// Its weight: by direction, unless the breach itself weighs otherwise.
    fn severity(&self, breach: &Breach) -> Severity {
        match breach.direction {
            Some(Direction::Response) => self.info().response,
            Some(Direction::Request) | None => self.info().request,
        }
    }
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static dyn ExchangeRule> {
    exchange::RULES.iter().copied().find(|rule| rule.info().id == id)
}

/// Judges one breach. The finding's place in the input is left to the caller, who has the input.
///
/// # Panics
/// No rule claims the breach, which a test excludes.
pub fn judge(breach: &Breach, service: Option<&str>, operation: Option<&str>) -> Finding {
    let judged = exchange::RULES.iter().find_map(|rule| Some((rule, rule.values(&breach.kind)?)));
    let (rule, values) = judged.expect("each kind of breach has its rule; a test sees to it");
    let info = rule.info();
    Finding {
        rule: info.id,
        severity: rule.severity(breach),
        service: service.map(str::to_owned),
        operation: operation.map(str::to_owned),
        direction: breach.direction,
        shape: breach.shape.clone(),
        member: breach.member.clone(),
        aspect: breach.aspect,
        pointer: breach.pointer.clone(),
        location: Location::default(),
        origin: None,
        values,
        identity: info.identity,
        excerpt: None,
    }
}

/// The sentence a person reads.
pub fn message(finding: &Finding) -> String {
    match (find(finding.rule), change::find(finding.rule)) {
        (Some(rule), _) => rule.message(finding),
        (None, Some(rule)) => (rule.message)(finding),
        (None, None) => wire::find(finding.rule).map_or_else(String::new, |rule| (rule.message)(finding)),
    }
}

/// Helpers for messages.
mod text {
    use super::{Finding, Value};
    use crate::model::Aspect;
    pub(super) use crate::text::article;

    /// What the finding is about: a member, an element or key of it, or the payload.
    pub(super) fn subject(finding: &Finding) -> String {
        let name = key(finding);
        let (shape, member) = match (&finding.shape, &finding.member) {
            (Some(shape), Some(member)) => (shape, member),
            (Some(shape), None) => return shape.clone(),
            _ if name.is_empty() => return "the payload".to_owned(),
            _ => return format!("`{name}`"),
        };
        match finding.aspect {
            // On the wire a member may have another name.
            Aspect::Whole if *member != name => format!("`{member}` (`{name}`) of {shape}"),
            Aspect::Whole => format!("`{member}` of {shape}"),
            Aspect::Element if name.bytes().all(|b| b.is_ascii_digit()) => {
                format!("element {name} of `{member}` of {shape}")
            }
            Aspect::Element => format!("entry {name:?} of `{member}` of {shape}"),
            Aspect::Key => format!("a key of `{member}` of {shape}"),
        }
    }

    /// The last key or index of the finding's pointer.
    pub(super) fn key(finding: &Finding) -> String {
        finding.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
    }

    /// A value of the finding as text.
    pub(super) fn value<'f>(finding: &'f Finding, name: &str) -> &'f str {
        finding.values.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A value of the finding as JSON, shortened.
    pub(super) fn shown(finding: &Finding, name: &str) -> String {
        let text = finding.values.get(name).map(ToString::to_string).unwrap_or_default();
        if text.chars().count() <= 60 {
            return text;
        }
        let start: String = text.chars().take(57).collect();
        format!("{start}…")
    }

    /// The items of a list value, joined by commas and before the last one by `word`.
    pub(super) fn list(finding: &Finding, name: &str, word: &str) -> String {
        let items = finding.values.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut items: Vec<&str> = items.filter_map(Value::as_str).collect();
        match items.pop() {
            None => String::new(),
            Some(only) if items.is_empty() => only.to_owned(),
            Some(last) => format!("{} {word} {last}", items.join(", ")),
        }
    }

    /// `at most` or `at least`, from the finding's `above`.
    pub(super) fn bound(finding: &Finding) -> &'static str {
        if finding.values.get("above") == Some(&true.into()) { "at most" } else { "at least" }
    }
}
