//! JSON Schemas from outside the contract, compiled the same way: offline, with a keyword of ours.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::full::does_not_compile;
use super::keyword;
use crate::error::Result;
use crate::recording::json::{child, segments};
use crate::schema::pattern::BACKTRACK_LIMIT;

/// The keyword that compares response and request.
const ECHOES: &str = "x-shapegate-echoes";

/// A compiled schema. Presence expectations are made of these.
pub struct ForeignSchema(Validator);

impl ForeignSchema {
    /// Compiles the schema.
    ///
    /// # Errors
    /// It is no JSON Schema 2020-12, or refers to something outside of itself.
    pub fn compile(schema: &Value) -> Result<Self> {
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
            .with_keyword(ECHOES, keyword::echoes)
            .build(schema);
        validator.map(Self).map_err(|error| does_not_compile(&error))
    }

    /// Everything about `value` that the schema refuses: pointer and reason.
    pub fn refusals(&self, value: &Value) -> Vec<(String, String)> {
        self.0.iter_errors(value).flat_map(|error| refusals(&error)).collect()
    }
}

/// Where and why a foreign schema refuses a value. Values stay out of the reasons: they may be sensitive, and a foreign
/// schema does not know.
fn refusals(error: &ValidationError<'_>) -> Vec<(String, String)> {
    let at = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| (child(at, name), format!("`{name}` is there"))).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![(child(at, name), format!("`{name}` is not there"))]
        }
        ValidationErrorKind::FalseSchema => {
            let name = segments(at).last().unwrap_or_default();
            vec![(at.to_owned(), format!("`{name}` is there"))]
        }
        ValidationErrorKind::MinProperties { .. } => vec![(at.to_owned(), "it is empty".to_owned())],
        ValidationErrorKind::Custom { message, .. } => {
            // Our own keyword names the place itself, on a line of its own.
            let (pointer, reason) = message.split_once('\n').unwrap_or((at, message));
            vec![(pointer.to_owned(), reason.to_owned())]
        }
        ValidationErrorKind::Pattern { pattern } => vec![(at.to_owned(), format!("a text does not match {pattern}"))],
        _ => vec![(at.to_owned(), error.masked_with("a value").to_string())],
    }
}
