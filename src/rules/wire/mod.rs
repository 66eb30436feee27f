//! Rules on the differences of two snapshots of traffic, by family: a change and its mirror are read together.

mod answers;
mod headers;
mod members;
mod operations;
mod query;
mod request_line;

use crate::finding::{Deviation, Finding, Location, Profile, Rule, Severity};
use crate::wire::{Change, Difference, Moved};

/// Every rule on snapshots, sorted by id.
pub static RULES: &[&Rule] = &[
    &members::ENUM_VALUE_NEWLY_SENT,
    &members::ENUM_VALUE_NO_LONGER_SENT,
    &answers::ERROR_NEWLY_SEEN,
    &answers::ERROR_NO_LONGER_SEEN,
    &members::MEMBER_FORM_CHANGED,
    &members::MEMBER_NEWLY_SENT,
    &members::MEMBER_NO_LONGER_SENT,
    &members::MEMBER_PRESENCE_CHANGED,
    &operations::MESSAGE_NEWLY_RECORDED,
    &operations::MESSAGE_NO_LONGER_RECORDED,
    &operations::OPERATION_NEWLY_RECORDED,
    &operations::OPERATION_NO_LONGER_RECORDED,
    &query::QUERY_PARAMETER_APPEARED,
    &query::QUERY_PARAMETER_DISAPPEARED,
    &query::QUERY_PARAMETER_PRESENCE_CHANGED,
    &headers::REQUEST_HEADER_APPEARED,
    &headers::REQUEST_HEADER_DISAPPEARED,
    &headers::REQUEST_HEADER_PRESENCE_CHANGED,
    &headers::REQUEST_HEADER_SIGNING_CHANGED,
    &headers::REQUEST_HEADER_VALUE_CHANGED,
    &answers::RESPONSE_CONTENT_TYPE_CHANGED,
    &answers::STATUS_NEWLY_SEEN,
    &answers::STATUS_NO_LONGER_SEEN,
    &members::WIRE_ESCAPING_CHANGED,
    &request_line::WIRE_HOST_CHANGED,
    &request_line::WIRE_METHOD_CHANGED,
    &request_line::WIRE_PROTOCOL_CHANGED,
    &request_line::WIRE_URI_CHANGED,
    &request_line::WIRE_VERSION_CHANGED,
];

impl Change {
    /// The rule that judges it.
    pub fn rule(&self) -> &'static Rule {
        use Change as C;
        match self {
            C::OperationAppeared => &operations::OPERATION_NEWLY_RECORDED,
            C::OperationGone => &operations::OPERATION_NO_LONGER_RECORDED,
            C::RecordedAppeared { .. } => &operations::MESSAGE_NEWLY_RECORDED,
            C::RecordedGone { .. } => &operations::MESSAGE_NO_LONGER_RECORDED,
            C::Protocol(_) => &request_line::WIRE_PROTOCOL_CHANGED,
            C::Method(_) => &request_line::WIRE_METHOD_CHANGED,
            C::Host(_) => &request_line::WIRE_HOST_CHANGED,
            C::Uri(_) => &request_line::WIRE_URI_CHANGED,
            C::Version(_) => &request_line::WIRE_VERSION_CHANGED,
            C::QueryAppeared { .. } => &query::QUERY_PARAMETER_APPEARED,
            C::QueryGone { .. } => &query::QUERY_PARAMETER_DISAPPEARED,
            C::QueryPresence { .. } => &query::QUERY_PARAMETER_PRESENCE_CHANGED,
            C::HeaderAppeared { .. } => &headers::REQUEST_HEADER_APPEARED,
            C::HeaderGone { .. } => &headers::REQUEST_HEADER_DISAPPEARED,
            C::HeaderPresence { .. } => &headers::REQUEST_HEADER_PRESENCE_CHANGED,
            C::HeaderSigned { .. } => &headers::REQUEST_HEADER_SIGNING_CHANGED,
            C::HeaderValue { .. } => &headers::REQUEST_HEADER_VALUE_CHANGED,
            C::MemberAppeared { .. } => &members::MEMBER_NEWLY_SENT,
            C::MemberGone { .. } => &members::MEMBER_NO_LONGER_SENT,
            C::MemberPresence { .. } => &members::MEMBER_PRESENCE_CHANGED,
            C::MemberForm { .. } => &members::MEMBER_FORM_CHANGED,
            C::MemberEscape { .. } => &members::WIRE_ESCAPING_CHANGED,
            C::EnumValueAppeared { .. } => &members::ENUM_VALUE_NEWLY_SENT,
            C::EnumValueGone { .. } => &members::ENUM_VALUE_NO_LONGER_SENT,
            C::StatusAppeared { .. } => &answers::STATUS_NEWLY_SEEN,
            C::StatusGone { .. } => &answers::STATUS_NO_LONGER_SEEN,
            C::ContentType(_) => &answers::RESPONSE_CONTENT_TYPE_CHANGED,
            C::ErrorAppeared => &answers::ERROR_NEWLY_SEEN,
            C::ErrorGone => &answers::ERROR_NO_LONGER_SEEN,
        }
    }
}

/// Judges one difference. `first` is where the newer traffic begins to have the operation.
pub fn judge(difference: &Difference, first: Location) -> Finding {
    let (rule, deviation) = (difference.change.rule(), Deviation::Wire(difference.change.clone()));
    let weight = rule.weigh(&deviation, Profile::default(), difference.direction);
    Finding {
        service: Some(difference.service.clone()),
        operation: Some(difference.operation.clone()),
        direction: difference.direction,
        shape: difference.error.clone(),
        member: difference.change.member().map(str::to_owned),
        location: first,
        ..Finding::new(rule, deviation, weight)
    }
}

/// Where one of the two has all that the other has, what each of them does is known already: it weighs less.
fn lighter_if_more(moved: &Moved) -> Option<Severity> {
    moved.is_of_more_or_fewer().then_some(Severity::Warning)
}

/// Behind what a value is of, how it differs.
fn predicate(finding: &Finding) -> String {
    match &finding.deviation {
        Deviation::Wire(change) => change.moved().map(Moved::predicate).unwrap_or_default(),
        _ => String::new(),
    }
}
