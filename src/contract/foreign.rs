//! JSON Schemas from outside the contract, compiled the same way: offline, with a keyword of ours.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::budget;
use super::keyword;
use super::part::does_not_compile;
use crate::error::{Error, Result};
use crate::recording::json::{child, segments};
use crate::schema::pattern::BACKTRACK_LIMIT;

/// The keyword that compares response and request.
const ECHOES: &str = "x-shapegate-echoes";

/// A compiled schema. Presence expectations are made of these.
#[derive(Debug)]
pub struct ForeignSchema(Validator);

impl ForeignSchema {
    /// Compiles the schema.
    ///
    /// # Errors
    /// It is no JSON Schema 2020-12, refers to something outside of itself, or consists of too many parts.
    pub fn compile(schema: &Value) -> Result<Self> {
        if references(schema) > REFERENCES {
            return Err(Error::new(format!("the schema has more than {REFERENCES} references")));
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
            .with_keyword(ECHOES, keyword::echoes)
            .with_keyword(budget::STEP, budget::step)
            .build(&budget::counting(schema));
        validator.map(Self).map_err(|error| does_not_compile(&error))
    }

    /// Everything about `value` that the schema refuses, or that it could not be decided.
    pub fn refusals(&self, value: &Value) -> Vec<Refusal> {
        let decided = budget::within(|| {
            if self.0.is_valid(value) {
                return Vec::new();
            }
            self.0.iter_errors(value).flat_map(|error| refusals(&error)).collect()
        });
        let given_up = |_| {
            let reason = "the schema asks for too many steps".to_owned();
            vec![Refusal { pointer: String::new(), reason, undecided: true }]
        };
        let refusals: Vec<Refusal> = decided.unwrap_or_else(given_up);
        // What else is refused may follow from what was not decided.
        match refusals.iter().position(|refusal| refusal.undecided) {
            Some(at) => vec![refusals[at].clone()],
            None => refusals,
        }
    }
}

/// References of a schema. A row of them, each to the next, is followed on the stack.
const REFERENCES: usize = 1_000;

fn references(schema: &Value) -> usize {
    match schema {
        Value::Object(keywords) => {
            usize::from(keywords.contains_key("$ref")) + keywords.values().map(references).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(references).sum(),
        _ => 0,
    }
}

/// Something that a foreign schema refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Where.
    pub pointer: String,
    /// Why, as a clause.
    pub reason: String,
    /// It is not known whether it is refused.
    pub undecided: bool,
}

/// Where and why a foreign schema refuses a value. Values stay out of the reasons: they may be sensitive, and a foreign
/// schema does not know.
fn refusals(error: &ValidationError<'_>) -> Vec<Refusal> {
    let undecided = is_undecided(error);
    let told = places(error).into_iter();
    told.map(|(pointer, reason)| Refusal { pointer, reason, undecided }).collect()
}

/// Whether the error, or one that it follows from, is that matching was given up.
fn is_undecided(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::BacktrackLimitExceeded { .. } => true,
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().flatten().any(is_undecided)
        }
        ValidationErrorKind::PropertyNames { error } => is_undecided(error),
        _ => false,
    }
}

fn places(error: &ValidationError<'_>) -> Vec<(String, String)> {
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
        ValidationErrorKind::BacktrackLimitExceeded { .. } => {
            vec![(at.to_owned(), "its pattern went back and forth too often".to_owned())]
        }
        _ => vec![(at.to_owned(), error.masked_with("a value").to_string())],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Goes back and forth on a row of `x` until it is given up.
    const RUNAWAY: &str = "^(?:(?=x)x+)+y$";

    fn refusals_of(schema: &Value, value: &Value) -> Vec<Refusal> {
        ForeignSchema::compile(schema).expect("a schema").refusals(value)
    }

    #[test]
    fn what_a_pattern_decides_that_was_given_up_is_undecided_wherever_it_stands() {
        let text = json!({"pattern": RUNAWAY});
        let key = json!({"patternProperties": {RUNAWAY: false}});
        let subject = "x".repeat(60);
        let of_text = [
            json!({"pattern": RUNAWAY}),
            json!({"not": text}),
            json!({"not": {"not": text}}),
            json!({"if": text, "then": false}),
            json!({"if": text, "else": false}),
            json!({"if": {"not": text}, "then": {"maxLength": 1}}),
            json!({"allOf": [text, {"type": "string"}]}),
            json!({"anyOf": [text, {"maxLength": 1}]}),
            json!({"oneOf": [text, {"type": "string"}]}),
            json!({"not": {"anyOf": [text, {"maxLength": 1}]}}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": text}}),
        ];
        for schema in &of_text {
            let told = refusals_of(schema, &json!(subject));
            assert!(matches!(&told[..], [one] if one.undecided), "{schema}: {told:?}");
            // What is referred to stands at the top.
            let definitions = schema.get("$defs").cloned().unwrap_or_else(|| json!({}));
            let below = json!({"properties": {"a": schema}, "$defs": definitions});
            let told = refusals_of(&below, &json!({"a": subject}));
            assert!(matches!(&told[..], [one] if one.undecided), "below a member, {schema}: {told:?}");
        }
        let of_parts = [
            (json!({"contains": text}), json!([subject])),
            (json!({"contains": {"not": text}}), json!([subject])),
            (json!({"contains": text, "minContains": 0, "maxContains": 0}), json!([subject])),
            (json!({"prefixItems": [{"not": text}]}), json!([subject])),
            (json!({"items": {"if": text, "then": false}}), json!([subject])),
            (json!({"dependentSchemas": {"a": {"properties": {"a": {"not": text}}}}}), json!({"a": subject})),
            (key.clone(), json!({subject.as_str(): 1})),
            (json!({"not": key}), json!({subject.as_str(): 1})),
            (
                json!({"patternProperties": {RUNAWAY: true}, "additionalProperties": false}),
                json!({subject.as_str(): 1}),
            ),
            (
                json!({"patternProperties": {RUNAWAY: true}, "unevaluatedProperties": false}),
                json!({subject.as_str(): 1}),
            ),
            (json!({"propertyNames": {"not": text}}), json!({subject.as_str(): 1})),
            (json!({"not": {"propertyNames": text}}), json!({subject.as_str(): 1})),
        ];
        for (schema, value) in &of_parts {
            let told = refusals_of(schema, value);
            assert!(matches!(&told[..], [one] if one.undecided), "{schema}: {told:?}");
        }
    }

    #[test]
    fn what_does_not_depend_on_a_pattern_that_was_given_up_is_decided() {
        let text = json!({"pattern": RUNAWAY});
        let subject = json!("x".repeat(60));
        for kept in [
            json!({"anyOf": [text, {"type": "string"}]}),
            json!({"if": text, "then": {"type": "string"}, "else": {"minLength": 1}}),
            json!({"anyOf": [text, {"not": text}]}),
        ] {
            assert_eq!(refusals_of(&kept, &subject), [], "{kept}");
        }
        for broken in
            [json!({"allOf": [text, {"maxLength": 1}]}), json!({"oneOf": [{"type": "string"}, text, {"not": text}]})]
        {
            let told = refusals_of(&broken, &subject);
            assert!(!told.is_empty() && told.iter().all(|one| !one.undecided), "{broken}: {told:?}");
        }
    }

    #[test]
    fn more_patterns_than_can_be_told_apart_are_undecided() {
        let parts: Vec<Value> = (0..12).map(|at| json!({"not": {"pattern": format!("^(?:(?=x)x+)+{at}$")}})).collect();
        let told = refusals_of(&json!({"allOf": parts}), &json!("x".repeat(60)));
        assert!(matches!(&told[..], [one] if one.undecided), "{told:?}");
    }
}
