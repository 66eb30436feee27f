//! What the full path asks of payloads that the fast path is not sure of.
//!
//! A validator of all that an operation leads to takes longer to make than most payloads to judge, and they reach few of its
//! shapes. So the first is made of those that a payload reaches; where another one reaches more, of all.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use super::reached::reached;
use super::{Contract, Half, Judge, Subject, full};
use crate::counters::SCHEMAS;
use crate::error::Result;
use crate::model::ShapeId;

/// What payloads of one half in one form are held against, as far as they were in doubt.
#[derive(Default)]
pub(super) struct Doubts(Mutex<Option<Arc<Full>>>);

/// What the full path asks of a payload.
pub(super) struct Full {
    /// Shapes whose definitions are in the schema; `None` for all that there are.
    shapes: Option<BTreeSet<ShapeId>>,
    pub(super) schema: Arc<Value>,
    pub(super) validator: Validator,
}

impl Full {
    fn has(&self, shapes: &BTreeSet<&ShapeId>) -> bool {
        self.shapes.as_ref().is_none_or(|own| shapes.iter().all(|id| own.contains(*id)))
    }
}

impl Contract {
    /// What the full path asks of a payload that has these values.
    pub(super) fn full<'v>(&self, judge: &Judge, values: impl Iterator<Item = &'v Value>) -> Result<Arc<Full>> {
        let known = || judge.doubts.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = known().clone();
        if let Some(full) = made.filter(|full| full.shapes.is_none()) {
            return Ok(full);
        }
        // Nobody waits while a payload is walked.
        let encoding = judge.half.written.encoding;
        let shapes = self.root_of(judge).map(|root| reached(&self.service, root, encoding, values)).unwrap_or_default();
        let mut known = known();
        if let Some(full) = known.as_ref().filter(|full| full.has(&shapes)) {
            return Ok(Arc::clone(full));
        }
        // Where the schema of all is at hand, to leave something out would save little.
        let is_first = known.is_none() && judge.schema.get().is_none();
        let (shapes, schema) = if is_first {
            let shapes = shapes.into_iter().cloned().collect();
            let schema = Arc::new(self.emitted(judge, Some(&shapes)));
            (Some(shapes), schema)
        } else {
            (None, Arc::clone(self.schema_of(judge)))
        };
        let validator = full::validator(&schema)?;
        let full = Arc::new(Full { shapes, schema, validator });
        *known = Some(Arc::clone(&full));
        Ok(full)
    }

    /// The schema of all payloads of a half.
    pub(super) fn schema_of<'j>(&self, judge: &'j Judge) -> &'j Arc<Value> {
        judge.schema.get_or_init(|| Arc::new(self.emitted(judge, None)))
    }

    /// The schema of payloads of a half; of those that reach `only` these shapes, where some are named.
    fn emitted(&self, judge: &Judge, only: Option<&BTreeSet<ShapeId>>) -> Value {
        SCHEMAS.add(1);
        let Half { direction, written, .. } = judge.half;
        let emitter = self.emitter(written);
        let emitter = match only {
            Some(shapes) => emitter.for_values_of(shapes),
            None => emitter,
        };
        let schema = match &judge.subject {
            Subject::Operation(name) => emitter.operation(name, direction, written.encoding),
            Subject::Error(shape) => emitter.error(shape, written.encoding),
        };
        schema.expect("a judge is of what the service has")
    }

    fn root_of<'j>(&'j self, judge: &'j Judge) -> Option<&'j ShapeId> {
        match &judge.subject {
            Subject::Operation(name) => self.service.operations.get(name)?.root(judge.half.direction),
            Subject::Error(shape) => Some(shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::ValueForm;
    use crate::ingest::embedded;
    use crate::model::{Direction, Encoding};

    #[test]
    fn of_what_a_payload_reaches_all_is_told() {
        let embedded = embedded::find("cleanrooms@2023-08-30").expect("it is built in");
        let contract = Contract::new(embedded.load().expect("it can be read").service);
        let form = ValueForm { encoding: Encoding::Wire, protocol: None };
        let judge = contract.judge("GetProtectedQuery", Direction::Response, form).expect("sound").expect("there");
        let told = |validator: &Validator, value: &Value| {
            let told = validator.iter_errors(value).map(|error| format!("{} {error}", error.instance_path().as_str()));
            told.collect::<Vec<_>>()
        };
        let whole = full::validator(&contract.emitted(judge, None)).expect("it compiles");
        let ask = |value: &Value| contract.full(judge, [value].into_iter()).expect("it compiles");
        let shallow = json!({"protectedQuery": {"id": 1, "status": "GONE", "x": 2, "result": null}});
        let deep = json!({"protectedQuery": {"result": {"output": {"s3": {"location": 7}}}, "error": {"code": []}}});
        let first = ask(&shallow);
        assert!(first.shapes.as_ref().is_some_and(|shapes| shapes.contains("ProtectedQueryStatus")));
        assert!(Arc::ptr_eq(&first, &ask(&json!({}))) && Arc::ptr_eq(&first, &ask(&shallow)));
        let second = ask(&deep);
        assert!(second.shapes.is_none() && Arc::ptr_eq(&second, &ask(&shallow)));
        for (full, value) in [(&first, &shallow), (&second, &deep), (&second, &shallow)] {
            let expected = told(&whole, value);
            assert!(expected.len() > 2 && told(&full.validator, value) == expected, "{expected:?}");
        }
    }
}
