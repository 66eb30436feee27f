//! Rules on the differences of two models: one rule, one file.
//!
//! The catalogue weighs each difference for three kinds of user, by the half of the exchange where it is about one.

mod text;

mod api_version_added;
mod api_version_removed;
mod auth_schemes_changed;
mod box_changed;
mod constraint_noop;
mod default_changed;
mod document_changed;
mod documentation_changed;
mod endpoint_prefix_changed;
mod endpoint_rules_changed;
mod enum_added;
mod enum_dropped;
mod enum_reordered;
mod enum_value_added;
mod enum_value_removed;
mod error_added;
mod error_code_changed;
mod error_fault_changed;
mod error_removed;
mod error_retryable_changed;
mod error_status_changed;
mod event_binding_changed;
mod eventstream_changed;
mod flattened_changed;
mod host_label_changed;
mod http_method_changed;
mod http_response_code_changed;
mod http_uri_changed;
mod http_uri_cosmetic_changed;
mod http_uri_label_renamed;
mod idempotency_token_added;
mod idempotency_token_removed;
mod json_version_changed;
mod jsonvalue_changed;
mod location_changed;
mod max_added;
mod max_loosened;
mod max_removed;
mod max_tightened;
mod mediatype_changed;
mod member_added;
mod member_became_optional;
mod member_became_required;
mod member_case_renamed;
mod member_deprecated;
mod member_order_changed;
mod member_removed;
mod min_added;
mod min_loosened;
mod min_removed;
mod min_tightened;
mod numeric_type_narrowed;
mod numeric_type_widened;
mod operation_added;
mod operation_auth_changed;
mod operation_checksum_changed;
mod operation_compression_changed;
mod operation_deprecated;
mod operation_endpoint_changed;
mod operation_input_added;
mod operation_input_removed;
mod operation_output_added;
mod operation_output_removed;
mod operation_removed;
mod operation_renamed;
mod operation_unsigned_payload_changed;
mod paginator_added;
mod paginator_detail_changed;
mod paginator_removed;
mod paginator_result_key_changed;
mod paginator_token_changed;
mod pattern_added;
mod pattern_anchors_changed;
mod pattern_changed;
mod pattern_removed;
mod payload_changed;
mod protocol_changed;
mod protocols_list_changed;
mod query_name_changed;
mod required_member_added;
mod requires_length_changed;
mod result_wrapper_changed;
mod sensitive_added;
mod sensitive_removed;
mod service_added;
mod service_removed;
mod shape_renamed;
mod signature_version_changed;
mod signing_name_changed;
mod sparse_changed;
mod streaming_changed;
mod target_prefix_changed;
mod timestamp_format_changed;
mod type_changed;
mod union_changed;
mod union_variant_added;
mod union_variant_removed;
mod unjudged_difference;
mod waiter_acceptors_changed;
mod waiter_added;
mod waiter_operation_changed;
mod waiter_removed;
mod wire_name_changed;
mod xml_attribute_changed;
mod xml_namespace_changed;

use serde_json::Value;

use super::Values;
use crate::diff::Difference;
use crate::finding::{Finding, Location, Severity};
use crate::model::{self, Aspect, Checksum, Direction};

/// For whom differences are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// SDKs that read the model as they run: boto3, JavaScript, Ruby.
    #[default]
    Dynamic,
    /// SDKs with compiled types: Rust, Java, Go, Kotlin.
    Typed,
    /// Recorded traffic, mocks, emulators: whatever holds bytes of the older contract.
    Replay,
}

impl Profile {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Dynamic, Self::Typed, Self::Replay];

    /// `dynamic`, `typed` or `replay`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::Typed => "typed",
            Self::Replay => "replay",
        }
    }
}

/// Old code fails, or its recordings do not match.
const BREAKING: Severity = Severity::Error;
/// Old code may meet what it does not expect.
const RISKY: Severity = Severity::Warning;
/// Old code goes on.
const COMPATIBLE: Severity = Severity::Note;

/// How much a difference weighs, for the profiles in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// In requests, and where no half of the exchange is concerned.
    pub request: [Severity; 3],
    /// In responses.
    pub response: [Severity; 3],
}

impl Weights {
    const fn both(weights: [Severity; 3]) -> Self {
        Self { request: weights, response: weights }
    }

    const fn each(request: [Severity; 3], response: [Severity; 3]) -> Self {
        Self { request, response }
    }

    /// The weight for that profile and half.
    pub fn of(&self, profile: Profile, direction: Option<Direction>) -> Severity {
        let weights = if direction == Some(Direction::Response) { &self.response } else { &self.request };
        weights[profile as usize]
    }
}

/// What a rule finds where the two models are swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mirror {
    /// The same.
    Itself,
    /// Another rule.
    Rule(&'static str),
    /// Nothing, for this reason.
    None(&'static str),
}

/// A rule on differences.
pub struct ChangeRule {
    /// Id, as in reports and `explain`.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Several paragraphs: what it does, why it matters, an example, what to do.
    pub explain: &'static str,
    /// How much it weighs, and for whom.
    pub weights: Weights,
    /// Names of values that belong to a finding's identity.
    pub identity: &'static [&'static str],
    /// What the other direction is.
    pub mirror: Mirror,
    /// The facts of a finding, where the difference is this rule's business.
    pub values: fn(&Difference) -> Option<Values>,
    /// The sentence about a finding of this rule.
    pub message: fn(&Finding) -> String,
}

/// Every rule on differences, sorted by id.
pub const RULES: &[ChangeRule] = &[
    api_version_added::RULE,
    api_version_removed::RULE,
    auth_schemes_changed::RULE,
    box_changed::RULE,
    constraint_noop::RULE,
    default_changed::RULE,
    document_changed::RULE,
    documentation_changed::RULE,
    endpoint_prefix_changed::RULE,
    endpoint_rules_changed::RULE,
    enum_added::RULE,
    enum_dropped::RULE,
    enum_reordered::RULE,
    enum_value_added::RULE,
    enum_value_removed::RULE,
    error_added::RULE,
    error_code_changed::RULE,
    error_fault_changed::RULE,
    error_removed::RULE,
    error_retryable_changed::RULE,
    error_status_changed::RULE,
    event_binding_changed::RULE,
    eventstream_changed::RULE,
    flattened_changed::RULE,
    host_label_changed::RULE,
    http_method_changed::RULE,
    http_response_code_changed::RULE,
    http_uri_changed::RULE,
    http_uri_cosmetic_changed::RULE,
    http_uri_label_renamed::RULE,
    idempotency_token_added::RULE,
    idempotency_token_removed::RULE,
    json_version_changed::RULE,
    jsonvalue_changed::RULE,
    location_changed::RULE,
    max_added::RULE,
    max_loosened::RULE,
    max_removed::RULE,
    max_tightened::RULE,
    mediatype_changed::RULE,
    member_added::RULE,
    member_became_optional::RULE,
    member_became_required::RULE,
    member_case_renamed::RULE,
    member_deprecated::RULE,
    member_order_changed::RULE,
    member_removed::RULE,
    min_added::RULE,
    min_loosened::RULE,
    min_removed::RULE,
    min_tightened::RULE,
    numeric_type_narrowed::RULE,
    numeric_type_widened::RULE,
    operation_added::RULE,
    operation_auth_changed::RULE,
    operation_checksum_changed::RULE,
    operation_compression_changed::RULE,
    operation_deprecated::RULE,
    operation_endpoint_changed::RULE,
    operation_input_added::RULE,
    operation_input_removed::RULE,
    operation_output_added::RULE,
    operation_output_removed::RULE,
    operation_removed::RULE,
    operation_renamed::RULE,
    operation_unsigned_payload_changed::RULE,
    paginator_added::RULE,
    paginator_detail_changed::RULE,
    paginator_removed::RULE,
    paginator_result_key_changed::RULE,
    paginator_token_changed::RULE,
    pattern_added::RULE,
    pattern_anchors_changed::RULE,
    pattern_changed::RULE,
    pattern_removed::RULE,
    payload_changed::RULE,
    protocol_changed::RULE,
    protocols_list_changed::RULE,
    query_name_changed::RULE,
    required_member_added::RULE,
    requires_length_changed::RULE,
    result_wrapper_changed::RULE,
    sensitive_added::RULE,
    sensitive_removed::RULE,
    service_added::RULE,
    service_removed::RULE,
    shape_renamed::RULE,
    signature_version_changed::RULE,
    signing_name_changed::RULE,
    sparse_changed::RULE,
    streaming_changed::RULE,
    target_prefix_changed::RULE,
    timestamp_format_changed::RULE,
    type_changed::RULE,
    union_changed::RULE,
    union_variant_added::RULE,
    union_variant_removed::RULE,
    unjudged_difference::RULE,
    waiter_acceptors_changed::RULE,
    waiter_added::RULE,
    waiter_operation_changed::RULE,
    waiter_removed::RULE,
    wire_name_changed::RULE,
    xml_attribute_changed::RULE,
    xml_namespace_changed::RULE,
];

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static ChangeRule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Judges one difference.
///
/// # Panics
/// No rule claims the difference, which a test excludes.
pub fn judge(difference: &Difference, service: &str, profile: Profile) -> Finding {
    let judged = RULES.iter().find_map(|rule| Some((rule, (rule.values)(difference)?)));
    let (rule, mut values) = judged.expect("each kind of difference has its rule; a test sees to it");
    values.insert("operations", difference.operations.clone().into());
    let operation = match &difference.operations[..] {
        [one] => Some(one.clone()),
        _ => None,
    };
    Finding {
        rule: rule.id,
        severity: rule.weights.of(profile, difference.direction),
        service: Some(service.to_owned()),
        operation,
        direction: difference.direction,
        shape: difference.shape.clone(),
        member: difference.member.clone(),
        aspect: Aspect::Whole,
        pointer: String::new(),
        location: Location::default(),
        origin: None,
        values,
        identity: rule.identity,
        excerpt: None,
    }
}

/// The values that most rules have.
fn old_new(old: impl serde::Serialize, new: impl serde::Serialize) -> Values {
    Values::from([("old", json(old)), ("new", json(new))])
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn location(location: model::Location) -> &'static str {
    match location {
        model::Location::Body => "body",
        model::Location::Label => "path",
        model::Location::Query => "query string",
        model::Location::Header => "header",
        model::Location::PrefixHeaders => "headers with a prefix",
        model::Location::Status => "status",
    }
}

fn checksum(of: &Checksum) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(of.required.then(|| "required".to_owned()));
    parts.extend(of.request_member.as_ref().map(|member| format!("request by {member}")));
    parts.extend(of.validation_member.as_ref().map(|member| format!("response if {member}")));
    if !of.response_algorithms.is_empty() {
        parts.push(format!("response {}", of.response_algorithms.join("/")));
    }
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
