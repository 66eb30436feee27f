//! What the full path asks of payloads that the fast path is not sure of.
//!
//! A validator of all that an operation leads to takes longer to make than most payloads to judge, and is another one for each
//! operation. So the fast path says which parts of a payload are in doubt, and each is asked about by its shape alone, whose
//! validator serves all operations.

use std::sync::Arc;

use jsonschema::ValidationError;
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

/// A part of a payload in which something deviates.
pub(super) struct Deviating<'d> {
    /// What the full path asks of it.
    pub(super) part: &'d Part,
    /// Where it stands.
    pub(super) pointer: String,
    pub(super) errors: Vec<ValidationError<'d>>,
}

impl Contract {
    /// What deviates in a payload that has this value.
    pub(super) fn deviating<'d>(
        &'d self,
        judge: &'d Judge,
        value: &'d Value,
        paths: Paths,
    ) -> Result<Vec<Deviating<'d>>> {
        let errors = |doubt: Doubt<'_, 'd>| {
            let part = match self.part(judge, doubt.shape, doubt.extent) {
                Ok(part) => part,
                Err(error) => return Some(Err(error)),
            };
            let errors: Vec<_> = part.validator.iter_errors(doubt.value).collect();
            (!errors.is_empty()).then(|| Ok(Deviating { part, pointer: doubt.pointer.to_owned(), errors }))
        };
        self.asked(judge, value, paths, &errors).into_iter().collect()
    }

    /// Whether a value is one of a half.
    pub(super) fn is_valid(&self, judge: &Judge, value: &Value, paths: Paths) -> Result<bool> {
        let refusal = |doubt: Doubt<'_, '_>| match self.part(judge, doubt.shape, doubt.extent) {
            Ok(part) => (!part.validator.is_valid(doubt.value)).then_some(Ok(())),
            Err(error) => Some(Err(error)),
        };
        let refused: Vec<()> = self.asked(judge, value, paths, &refusal).into_iter().collect::<Result<_>>()?;
        Ok(refused.is_empty())
    }

    /// What `ask` finds of the parts of a value that are in doubt, or of all of it.
    fn asked<'v, T>(
        &self,
        judge: &Judge,
        value: &'v Value,
        paths: Paths,
        ask: &dyn Fn(Doubt<'_, 'v>) -> Option<T>,
    ) -> Vec<T> {
        match paths {
            Paths::Both => self.nodes(judge).doubts(&judge.root.node, value, ask),
            Paths::FullAlone => {
                ask(Doubt { shape: None, extent: Extent::Whole, pointer: "", value }).into_iter().collect()
            }
        }
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
    fn parts_find_what_the_whole_finds() {
        let embedded = embedded::find("cleanrooms@2023-08-30").expect("it is built in");
        let contract = Contract::new(embedded.load().expect("it can be read").service);
        let form = ValueForm { encoding: Encoding::Wire, protocol: None };
        let judge = contract.judge("GetProtectedQuery", Direction::Response, form).expect("sound").expect("there");
        let told = |value: &Value, paths: Paths| {
            let mut told = Vec::new();
            for Deviating { pointer, errors, .. } in contract.deviating(judge, value, paths).expect("it compiles") {
                told.extend(errors.iter().map(|error| format!("{pointer}{} {error}", error.instance_path().as_str())));
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

    #[test]
    fn members_that_are_called_like_keywords_are_members() {
        let names = ["propertyNames", "properties", "items", "$ref", "additionalProperties", "required"];
        let member = |name: &&str| ((*name).to_owned(), json!({"shape": "List"}));
        let members: serde_json::Map<_, _> = names.iter().map(member).collect();
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {"Op": {"name": "Op", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "members": members},
                "List": {"type": "list", "member": {"shape": "Text"}}, "Text": {"type": "string", "max": 1}}});
        let service = crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a model").service;
        let contract = Contract::new(service);
        let form = ValueForm { encoding: Encoding::Wire, protocol: None };
        let judge = contract.judge("Op", Direction::Request, form).expect("sound").expect("there");
        for name in names {
            let value = json!({name: ["ab", "c"], "x": 1});
            let pointers = |paths: Paths| {
                let deviating = contract.deviating(judge, &value, paths).expect("it compiles");
                let all = deviating.iter().flat_map(|own| {
                    own.errors.iter().map(move |error| format!("{}{}", own.pointer, error.instance_path().as_str()))
                });
                let mut all: Vec<String> = all.collect();
                all.sort();
                all
            };
            assert_eq!(pointers(Paths::Both), [String::new(), format!("/{name}/0")], "{name}");
            assert_eq!(pointers(Paths::Both), pointers(Paths::FullAlone), "{name}");
        }
    }
}
