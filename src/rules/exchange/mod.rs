//! Rules on recorded traffic: one rule, one file.

mod ambiguous_operation;
mod ambiguous_service;
mod blob_form;
mod constraint_not_checked;
mod contradicting_error_codes;
mod duplicate_item;
mod duplicate_key;
mod empty_label;
mod error_in_success;
mod error_status_mismatch;
mod length_out_of_range;
mod limit_reached;
mod malformed_recording;
mod misplaced_member;
mod missing_error_code;
mod missing_member;
mod missing_query_error;
mod null_member;
mod number_out_of_range;
mod other_api_version;
mod pattern_mismatch;
mod timestamp_form;
mod timestamp_precision;
mod undecided;
mod undeclared_error;
mod undecodable_body;
mod unexpected_content_type;
mod unexpected_status;
mod union_arity;
mod unknown_enum_value;
mod unknown_member;
mod unknown_operation;
mod unmet_expectation;
mod unrecorded_body;
mod unsatisfiable_constraint;
mod wrong_output;
mod wrong_type;

use crate::contract::{Breach, BreachKind};
use crate::finding::{Deviation, Finding, Profile, Rule};

/// Every rule on traffic, sorted by id.
pub static RULES: &[&Rule] = &[
    &ambiguous_operation::RULE,
    &ambiguous_service::RULE,
    &blob_form::RULE,
    &constraint_not_checked::RULE,
    &contradicting_error_codes::RULE,
    &duplicate_item::RULE,
    &duplicate_key::RULE,
    &empty_label::RULE,
    &error_in_success::RULE,
    &error_status_mismatch::RULE,
    &length_out_of_range::RULE,
    &limit_reached::RULE,
    &malformed_recording::RULE,
    &misplaced_member::RULE,
    &missing_error_code::RULE,
    &missing_member::RULE,
    &missing_query_error::RULE,
    &null_member::RULE,
    &number_out_of_range::RULE,
    &other_api_version::RULE,
    &pattern_mismatch::RULE,
    &timestamp_form::RULE,
    &timestamp_precision::RULE,
    &undecided::RULE,
    &undeclared_error::RULE,
    &undecodable_body::RULE,
    &unexpected_content_type::RULE,
    &unexpected_status::RULE,
    &union_arity::RULE,
    &unknown_enum_value::RULE,
    &unknown_member::RULE,
    &unknown_operation::RULE,
    &unmet_expectation::RULE,
    &unrecorded_body::RULE,
    &unsatisfiable_constraint::RULE,
    &wrong_output::RULE,
    &wrong_type::RULE,
];

impl BreachKind {
    /// The rule that judges it.
    pub fn rule(&self) -> &'static Rule {
        use BreachKind as B;
        match self {
            B::Malformed { .. } | B::NoRecording { .. } => &malformed_recording::RULE,
            B::LimitReached { .. } => &limit_reached::RULE,
            B::UnknownOperation { .. } => &unknown_operation::RULE,
            B::AmbiguousService { .. } => &ambiguous_service::RULE,
            B::AmbiguousOperation { .. } => &ambiguous_operation::RULE,
            B::Undecodable { .. } => &undecodable_body::RULE,
            B::Unrecorded { .. } => &unrecorded_body::RULE,
            B::EmptyLabel { .. } => &empty_label::RULE,
            B::OtherRelease { .. } => &other_api_version::RULE,
            B::ContentType { .. } => &unexpected_content_type::RULE,
            B::UnexpectedStatus { .. } => &unexpected_status::RULE,
            B::ContradictingCodes { .. } => &contradicting_error_codes::RULE,
            B::ErrorStatus { .. } => &error_status_mismatch::RULE,
            B::ErrorInSuccess { .. } => &error_in_success::RULE,
            B::MissingErrorCode { .. } => &missing_error_code::RULE,
            B::MissingQueryError { .. } => &missing_query_error::RULE,
            B::WrongOutput { .. } => &wrong_output::RULE,
            B::UndeclaredError { .. } => &undeclared_error::RULE,
            B::UnexpectedMember { elsewhere, .. } if !elsewhere.is_empty() => &misplaced_member::RULE,
            B::UnexpectedMember { .. } => &unknown_member::RULE,
            B::AbsentMember { .. } => &missing_member::RULE,
            B::Null { .. } => &null_member::RULE,
            B::WrongType { .. } => &wrong_type::RULE,
            B::UnknownEnumValue { .. } => &unknown_enum_value::RULE,
            B::Length { .. } => &length_out_of_range::RULE,
            B::Number { .. } => &number_out_of_range::RULE,
            B::Pattern { .. } => &pattern_mismatch::RULE,
            B::Arity { .. } => &union_arity::RULE,
            B::TimestampForm { .. } => &timestamp_form::RULE,
            B::TimestampPrecision { .. } => &timestamp_precision::RULE,
            B::BlobForm { .. } => &blob_form::RULE,
            B::RepeatedItem { .. } => &duplicate_item::RULE,
            B::RepeatedKey => &duplicate_key::RULE,
            B::Unsatisfiable { .. } => &unsatisfiable_constraint::RULE,
            B::NotChecked { .. } => &constraint_not_checked::RULE,
            B::Undecided { .. } => &undecided::RULE,
            B::Unmet { .. } => &unmet_expectation::RULE,
        }
    }
}

/// Judges one breach. The finding's place in the input is left to the caller, who has the input.
pub fn judge(breach: &Breach, service: Option<&str>, operation: Option<&str>) -> Finding {
    let (rule, deviation) = (breach.kind.rule(), Deviation::Breach(breach.kind.clone()));
    let weight = rule.weigh(&deviation, Profile::default(), breach.direction);
    Finding {
        service: service.map(str::to_owned),
        operation: operation.map(str::to_owned),
        direction: breach.direction,
        shape: breach.shape.clone(),
        member: breach.member.clone(),
        aspect: breach.aspect,
        pointer: breach.pointer.clone(),
        ..Finding::new(rule, deviation, weight)
    }
}
