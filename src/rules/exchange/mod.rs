//! Rules on recorded traffic.

mod ambiguous_service;
mod blob_form;
mod constraint_not_checked;
mod duplicate_key;
mod length_out_of_range;
mod malformed_recording;
mod misplaced_member;
mod missing_member;
mod null_member;
mod number_out_of_range;
mod pattern_mismatch;
mod timestamp_form;
mod undecided;
mod undeclared_error;
mod union_arity;
mod unknown_enum_value;
mod unknown_member;
mod unknown_operation;
mod unmet_expectation;
mod unsatisfiable_constraint;
mod wrong_type;

use super::ExchangeRule;

/// Every rule on traffic, sorted by id.
pub const RULES: &[&dyn ExchangeRule] = &[
    &ambiguous_service::AmbiguousService,
    &blob_form::BlobForm,
    &constraint_not_checked::ConstraintNotChecked,
    &duplicate_key::DuplicateKey,
    &length_out_of_range::LengthOutOfRange,
    &malformed_recording::MalformedRecording,
    &misplaced_member::MisplacedMember,
    &missing_member::MissingMember,
    &null_member::NullMember,
    &number_out_of_range::NumberOutOfRange,
    &pattern_mismatch::PatternMismatch,
    &timestamp_form::TimestampForm,
    &undecided::Undecided,
    &undeclared_error::UndeclaredError,
    &union_arity::UnionArity,
    &unknown_enum_value::UnknownEnumValue,
    &unknown_member::UnknownMember,
    &unknown_operation::UnknownOperation,
    &unmet_expectation::UnmetExpectation,
    &unsatisfiable_constraint::UnsatisfiableConstraint,
    &wrong_type::WrongType,
];
