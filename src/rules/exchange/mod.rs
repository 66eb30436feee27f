//! Rules on recorded traffic.

mod ambiguous_operation;
mod ambiguous_service;
mod blob_form;
mod constraint_not_checked;
mod duplicate_key;
mod empty_label;
mod error_in_success;
mod error_status_mismatch;
mod length_out_of_range;
mod malformed_recording;
mod misplaced_member;
mod missing_error_code;
mod missing_member;
mod null_member;
mod number_out_of_range;
mod pattern_mismatch;
mod timestamp_form;
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
mod unsatisfiable_constraint;
mod wrong_output;
mod wrong_type;

use super::ExchangeRule;

/// Every rule on traffic, sorted by id.
pub const RULES: &[&dyn ExchangeRule] = &[
    &ambiguous_operation::AmbiguousOperation,
    &ambiguous_service::AmbiguousService,
    &blob_form::BlobForm,
    &constraint_not_checked::ConstraintNotChecked,
    &duplicate_key::DuplicateKey,
    &empty_label::EmptyLabel,
    &error_in_success::ErrorInSuccess,
    &error_status_mismatch::ErrorStatusMismatch,
    &length_out_of_range::LengthOutOfRange,
    &malformed_recording::MalformedRecording,
    &misplaced_member::MisplacedMember,
    &missing_error_code::MissingErrorCode,
    &missing_member::MissingMember,
    &null_member::NullMember,
    &number_out_of_range::NumberOutOfRange,
    &pattern_mismatch::PatternMismatch,
    &timestamp_form::TimestampForm,
    &undecided::Undecided,
    &undeclared_error::UndeclaredError,
    &undecodable_body::UndecodableBody,
    &unexpected_content_type::UnexpectedContentType,
    &unexpected_status::UnexpectedStatus,
    &union_arity::UnionArity,
    &unknown_enum_value::UnknownEnumValue,
    &unknown_member::UnknownMember,
    &unknown_operation::UnknownOperation,
    &unmet_expectation::UnmetExpectation,
    &unsatisfiable_constraint::UnsatisfiableConstraint,
    &wrong_output::WrongOutput,
    &wrong_type::WrongType,
];
