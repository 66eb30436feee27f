//! What the full path asks of payloads that the fast path is not sure of.
//!
//! A validator of all that an operation leads to takes longer to make than most payloads to judge, and is another one for each
//! operation. So the fast path says which parts of a payload are in doubt, and each is asked about by its shape alone, whose
//! validator serves all operations.

use std::sync::Arc;

use serde_json::Value;

use super::fast::Doubt;
use super::part::{Extent, Part, alone};
use super::{Contract, Half, Judge, Subject};
use crate::counters::SCHEMAS;
use crate::error::Result;
use crate::model::ShapeId;

/// Which of the two paths to a verdict are taken. What is found is the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paths {
    /// The full path where the fast one is not sure.
    #[default]
    Both,
    /// The full path for everything: the judge that the fast path is held against.
    FullAlone,
}

/// A part of a payload that is in doubt, with what the full path asks of it.
pub(super) struct Doubted<'c, 'v> {
    pub(super) part: &'c Part,
    /// Where it stands.
    pub(super) pointer: String,
    pub(super) value: &'v Value,
}

impl Contract {
    /// What the full path is asked of a payload that has this value.
    pub(super) fn doubted<'c, 'v>(
        &'c self,
        judge: &'c Judge,
        value: &'v Value,
        paths: Paths,
    ) -> Result<Vec<Doubted<'c, 'v>>> {
        let doubts = match paths {
            Paths::Both => self.nodes(judge).doubts(&judge.root.node, value),
            Paths::FullAlone => {
                vec![Doubt { shape: None, extent: Extent::Whole, pointer: String::new(), value }]
            }
        };
        let asked = |Doubt { shape, extent, pointer, value }| {
            Ok(Doubted { part: self.part(judge, shape, extent)?, pointer, value })
        };
        doubts.into_iter().map(asked).collect()
    }

    /// Whether a value is one of a half.
    pub(super) fn is_valid(&self, judge: &Judge, value: &Value, paths: Paths) -> Result<bool> {
        let doubted = self.doubted(judge, value, paths)?;
        Ok(doubted.iter().all(|doubted| doubted.part.validator.is_valid(doubted.value)))
    }

    /// What the full path asks by a shape; `None` stands for the whole payload.
    fn part<'c>(&'c self, judge: &'c Judge, shape: Option<u32>, extent: Extent) -> Result<&'c Part> {
        let nodes = self.nodes(judge);
        let Half { direction, written, .. } = judge.half;
        let definition = |shape: &ShapeId| self.emitter(written).definition(shape, written.encoding, direction);
        let cut = |schema| {
            SCHEMAS.add(1);
            alone(schema, &|name| definition(&ShapeId::new(name)))
        };
        let Some(number) = shape else {
            return judge.root.parts.get(extent, || match extent {
                Extent::Whole => Arc::clone(self.schema_of(judge)),
                Extent::Alone => {
                    let body = self.emitter(written).body(self.root_of(judge), written.encoding, direction);
                    Arc::new(cut(body))
                }
            });
        };
        let shape = nodes.shape(number);
        nodes.program(number).parts.get(extent, || {
            let schema = match extent {
                Extent::Whole => {
                    SCHEMAS.add(1);
                    self.emitter(written).with_definitions(shape, written.encoding, direction).map(Value::Object)
                }
                Extent::Alone => definition(shape).map(cut),
            };
            Arc::new(schema.expect("a program is of a shape that there is"))
        })
    }

    /// The schema of all payloads of a half.
    pub(super) fn schema_of<'j>(&self, judge: &'j Judge) -> &'j Arc<Value> {
        judge.schema.get_or_init(|| {
            SCHEMAS.add(1);
            let Half { direction, written, .. } = judge.half;
            let schema = match &judge.subject {
                Subject::Operation(name) => self.emitter(written).operation(name, direction, written.encoding),
                Subject::Error(shape) => self.emitter(written).error(shape, written.encoding),
            };
            Arc::new(schema.expect("a judge is of what the service has"))
        })
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
    fn parts_tell_what_the_whole_tells() {
        let embedded = embedded::find("cleanrooms@2023-08-30").expect("it is built in");
        let contract = Contract::new(embedded.load().expect("it can be read").service);
        let form = ValueForm { encoding: Encoding::Wire, protocol: None };
        let judge = contract.judge("GetProtectedQuery", Direction::Response, form).expect("sound").expect("there");
        let told = |value: &Value, paths: Paths| {
            let mut told = Vec::new();
            for doubted in contract.doubted(judge, value, paths).expect("it compiles") {
                for error in doubted.part.validator.iter_errors(doubted.value) {
                    told.push(format!("{}{} {error}", doubted.pointer, error.instance_path().as_str()));
                }
            }
            told.sort();
            told
        };
        let status = json!({"id": 1, "status": "GONE", "x": 2, "result": null});
        for (value, least) in [
            (json!({"protectedQuery": status}), 3),
            (json!({"protectedQuery": {"result": {"output": {"s3": {"location": 7}}}, "error": {"code": []}}}), 3),
            (json!({"protectedQuery": {"sqlParameters": {"parameters": {"": "", "a/b": 1}}}}), 1),
            (json!({}), 1),
            (json!(null), 1),
        ] {
            let whole = told(&value, Paths::FullAlone);
            assert!(whole.len() >= least, "{whole:?}");
            assert_eq!(told(&value, Paths::Both), whole, "{value}");
            assert!(!contract.is_valid(judge, &value, Paths::Both).expect("it compiles"));
        }
    }
}
