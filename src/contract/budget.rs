//! A bound on the steps of a foreign schema: `oneOf` within `oneOf` takes steps without end.
//!
//! The validator cannot be told to stop. So a subschema that is applied to the same value as the one around it gets a
//! keyword of ours in front, which counts and, where the budget is spent, ends the run by unwinding it. Without such, a
//! schema takes no more steps than the value has parts.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value, json};

use super::keyword::Made;

/// Subschemas that may be applied to one exchange.
const STEPS: u64 = 100_000;

/// The keyword that counts.
pub(super) const STEP: &str = "x-shapegate-step";

thread_local! {
    /// Steps that the run of this thread may still take.
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// The budget was spent.
#[derive(Debug)]
pub(super) struct Spent;

/// Runs a validation within the budget.
pub(super) fn within<T>(run: impl FnOnce() -> T) -> Result<T, Spent> {
    LEFT.set(STEPS);
    // Nothing that the run changes outlives it.
    catch_unwind(AssertUnwindSafe(run)).map_err(|stopped| match stopped.downcast::<Spent>() {
        Ok(spent) => *spent,
        Err(other) => resume_unwind(other),
    })
}

struct Step;

#[allow(clippy::unnecessary_wraps, reason = "the signature is the validator's")]
pub(super) fn step<'a>(_parent: &'a Map<String, Value>, _value: &'a Value, _path: Location) -> Made<'a> {
    Ok(Box::new(Step))
}

impl<'i> Keyword<'i> for Step {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.is_valid(instance);
        Ok(())
    }

    fn is_valid(&self, _: &'i Value) -> bool {
        match LEFT.get().checked_sub(1) {
            Some(left) => LEFT.set(left),
            // No panic: nothing is printed.
            None => resume_unwind(Box::new(Spent)),
        }
        true
    }
}

/// The schema with the counting keyword in front of whatever it applies to the same value.
pub(super) fn counting(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let all_of = |all: &Map<String, Value>, each: fn(&Value) -> Value| {
        Value::Object(all.iter().map(|(name, schema)| (name.clone(), each(schema))).collect())
    };
    let counted = keywords.iter().map(|(keyword, value)| {
        let below = match (keyword.as_str(), value) {
            ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => all.iter().map(counted).collect(),
            ("not" | "if" | "then" | "else", schema) => counted(schema),
            ("dependentSchemas", Value::Object(all)) => all_of(all, counted),
            ("$defs" | "definitions" | "properties" | "patternProperties", Value::Object(all)) => all_of(all, counting),
            ("prefixItems", Value::Array(all)) => all.iter().map(counting).collect(),
            (
                "items"
                | "contains"
                | "additionalProperties"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                schema,
            ) => counting(schema),
            _ => value.clone(),
        };
        (keyword.clone(), below)
    });
    Value::Object(counted.collect())
}

/// A subschema that counts before it does anything else: keywords beside each other are applied in an order that nobody
/// promises.
fn counted(schema: &Value) -> Value {
    json!({"allOf": [{STEP: true}, counting(schema)]})
}
