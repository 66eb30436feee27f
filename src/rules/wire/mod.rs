//! Rules on the differences of two snapshots of traffic: one rule, one file.

mod text;

mod enum_value_newly_sent;
mod enum_value_no_longer_sent;
mod error_newly_seen;
mod error_no_longer_seen;
mod member_form_changed;
mod member_newly_sent;
mod member_no_longer_sent;
mod member_presence_changed;
mod message_newly_recorded;
mod message_no_longer_recorded;
mod operation_newly_recorded;
mod operation_no_longer_recorded;
mod query_parameter_appeared;
mod query_parameter_disappeared;
mod query_parameter_presence_changed;
mod request_header_appeared;
mod request_header_disappeared;
mod request_header_presence_changed;
mod request_header_signing_changed;
mod request_header_value_changed;
mod response_content_type_changed;
mod status_newly_seen;
mod status_no_longer_seen;
mod wire_escaping_changed;
mod wire_host_changed;
mod wire_method_changed;
mod wire_protocol_changed;
mod wire_uri_changed;
mod wire_version_changed;

use super::change::Mirror;
use super::{Info, Values};
use crate::finding::{Finding, Location, Severity};
use crate::model::{Aspect, Direction};
use crate::wire::{Change, Difference, Texts};

/// A rule on differences of two snapshots.
pub struct WireRule {
    /// What the rule is; its severities are the heaviest it has.
    pub info: Info,
    /// What it finds where the two are swapped.
    pub mirror: Mirror,
    /// The facts of a finding, where the difference is this rule's business.
    pub values: fn(&Change) -> Option<Values>,
    /// A lighter weight, where the difference itself weighs less.
    pub lighter: fn(&Change) -> Option<Severity>,
    /// The sentence about a finding of this rule.
    pub message: fn(&Finding) -> String,
}

/// Every rule on snapshots, sorted by id.
pub const RULES: &[WireRule] = &[
    enum_value_newly_sent::RULE,
    enum_value_no_longer_sent::RULE,
    error_newly_seen::RULE,
    error_no_longer_seen::RULE,
    member_form_changed::RULE,
    member_newly_sent::RULE,
    member_no_longer_sent::RULE,
    member_presence_changed::RULE,
    message_newly_recorded::RULE,
    message_no_longer_recorded::RULE,
    operation_newly_recorded::RULE,
    operation_no_longer_recorded::RULE,
    query_parameter_appeared::RULE,
    query_parameter_disappeared::RULE,
    query_parameter_presence_changed::RULE,
    request_header_appeared::RULE,
    request_header_disappeared::RULE,
    request_header_presence_changed::RULE,
    request_header_signing_changed::RULE,
    request_header_value_changed::RULE,
    response_content_type_changed::RULE,
    status_newly_seen::RULE,
    status_no_longer_seen::RULE,
    wire_escaping_changed::RULE,
    wire_host_changed::RULE,
    wire_method_changed::RULE,
    wire_protocol_changed::RULE,
    wire_uri_changed::RULE,
    wire_version_changed::RULE,
];

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static WireRule> {
    RULES.iter().find(|rule| rule.info.id == id)
}

/// Judges one difference. `first` is where the newer traffic begins to have the operation.
///
/// # Panics
/// No rule claims the difference, which a test excludes.
pub fn judge(difference: &Difference, first: Location) -> Finding {
    let judged = RULES.iter().find_map(|rule| Some((rule, (rule.values)(&difference.change)?)));
    let (rule, values) = judged.expect("each kind of difference has its rule; a test sees to it");
    let heaviest = match difference.direction {
        Some(Direction::Response) => rule.info.response,
        Some(Direction::Request) | None => rule.info.request,
    };
    let lighter = (rule.lighter)(&difference.change);
    Finding {
        rule: rule.info.id,
        severity: lighter.map_or(heaviest, |lighter| lighter.min(heaviest)),
        service: Some(difference.service.clone()),
        operation: Some(difference.operation.clone()),
        direction: difference.direction,
        shape: difference.error.clone(),
        member: member(&difference.change).map(str::to_owned),
        aspect: Aspect::Whole,
        pointer: String::new(),
        location: first,
        origin: None,
        values,
        identity: rule.info.identity,
        excerpt: None,
    }
}

/// Path of the member that a difference is about.
fn member(change: &Change) -> Option<&str> {
    match change {
        Change::MemberAppeared { path, .. }
        | Change::MemberGone { path }
        | Change::MemberPresence { path, .. }
        | Change::MemberForm { path, .. }
        | Change::MemberEscape { path, .. }
        | Change::EnumValueAppeared { path, .. }
        | Change::EnumValueGone { path, .. } => Some(path),
        _ => None,
    }
}

/// The values that rules on spellings have.
fn old_new(old: &Texts, new: &Texts) -> Values {
    Values::from([("old", list(old)), ("new", list(new))])
}

fn list(texts: &Texts) -> serde_json::Value {
    texts.iter().map(String::as_str).collect::<Vec<_>>().into()
}

/// Where one of the two has all that the other has, what each of them does is known already: it weighs less.
fn lighter_if_more(old: &Texts, new: &Texts) -> Option<Severity> {
    (old.is_subset(new) || new.is_subset(old)).then_some(Severity::Warning)
}
