//! A model whose shapes are read when they are asked for.
//!
//! A service has hundreds of shapes, and traffic reaches a few: its text is walked once for where each of them is written,
//! and the rest is left as text. What is wrong with a shape is found when it is read.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use memchr::memmem;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::{Parts, assemble, operations, prose, shapes};
use crate::counters::MODELS;
use crate::error::{Error, Result};
use crate::ingest::errata;
use crate::ingest::fields::{Fields, Losses};
use crate::ingest::in_model;
use crate::ingest::json::Json;
use crate::ingest::targets::undefined;
use crate::model::{Correction, Service, Shape, ShapeId, ShapeSource, Shapes};

/// Reads a model's metadata and operations, and finds its shapes; `None` where it is not simply a model, for which
/// [`super::parse`] has the words.
pub(in crate::ingest) fn parse(
    text: Vec<u8>,
    own: Option<&str>,
    model: &Path,
    corrections: &Corrections<'_>,
) -> Option<Service> {
    MODELS.add(1);
    let mut text = String::from_utf8(prose::without(text)).ok()?;
    let mut document: Document<'_> = serde_json::from_str(&text).ok()?;
    let (changed, corrected) = corrections.apply(&mut document)?;
    let mut losses = Losses::default();
    let written = document.operations?.0.into_iter().map(|(name, raw)| (name, Json::of(raw.get())));
    let operations = written.chain(changed.operations.into_iter().map(|(name, value)| (name, Ok(value.into()))));
    let operations = operations.map(|(name, json)| {
        let fields = Fields::new(json?, format!("operations.{name}"))?;
        Ok((name.clone(), operations::operation(name, fields, &mut losses)?))
    });
    let operations = operations.collect::<Result<_>>().ok()?;
    let start = text.as_ptr() as usize;
    let place = |raw: &RawValue| {
        let at = raw.get().as_ptr() as usize - start;
        at..at + raw.get().len()
    };
    let places = document.shapes?.0.into_iter().map(|(name, raw)| (ShapeId::new(name), place(raw)));
    let mut places: Vec<(ShapeId, Range<usize>)> = places.collect();
    for (name, value) in changed.shapes {
        let at = text.len();
        text.push_str(&value.to_string());
        places.push((ShapeId::new(name), at..text.len()));
    }
    let shapes = Shapes::unread(places, Arc::new(Text { all: text, model: model.to_owned() }));
    let metadata = Fields::new(changed.metadata, "metadata").ok()?;
    let (mut service, _) = assemble(Parts { metadata, operations, shapes }, own, &mut losses).ok()?;
    service.corrections = corrected;
    let mut targets = service.operations.values().flat_map(|operation| {
        operation.input.iter().chain(&operation.output).chain(operation.errors.known().into_iter().flatten())
    });
    targets.all(|target| service.shapes.contains_key(target)).then_some(())?;
    drop(targets);
    Some(service)
}

fn parsed(raw: &RawValue) -> Result<Value> {
    serde_json::from_str(raw.get()).map_err(|error| Error::not_json(&error))
}

/// What corrects a model.
pub(in crate::ingest) struct Corrections<'c> {
    /// The parts that may be changed, by the service id that the model states; `None` where those are not only some.
    pub(in crate::ingest) parts: &'c dyn Fn(Option<&str>) -> Option<errata::Parts>,
    /// Changes the parts of a document that are there.
    pub(in crate::ingest) correct: &'c dyn Fn(&mut Value) -> Result<Vec<Correction>>,
}

/// The parts of a model that are not as its text has them.
struct Changed {
    metadata: Value,
    operations: Map<String, Value>,
    shapes: Map<String, Value>,
}

impl Corrections<'_> {
    /// Takes the parts that may be changed out of the document, and changes them as they would be within the whole.
    fn apply(&self, document: &mut Document<'_>) -> Option<(Changed, Vec<Correction>)> {
        let metadata = parsed(document.metadata?).ok()?;
        let parts = (self.parts)(metadata["serviceId"].as_str())?;
        let operations = document.operations.as_mut()?.take("operations", &parts).ok()?;
        let shapes = document.shapes.as_mut()?.take("shapes", &parts).ok()?;
        let mut part = json!({"metadata": metadata, "operations": operations, "shapes": shapes});
        let corrections = (self.correct)(&mut part).ok()?;
        let mut section = |name: &str| match part[name].take() {
            Value::Object(members) => Some(members),
            _ => None,
        };
        let (operations, shapes) = (section("operations")?, section("shapes")?);
        Some((Changed { metadata: part["metadata"].take(), operations, shapes }, corrections))
    }
}

impl Members<'_> {
    /// Takes out those that are among the parts.
    fn take(&mut self, section: &str, parts: &errata::Parts) -> Result<Map<String, Value>> {
        let names: HashSet<&str> = parts.iter().filter(|(own, _)| own == section).map(|(_, name)| &**name).collect();
        let taken = self.0.extract_if(.., |(name, _)| names.contains(name.as_str()));
        taken.map(|(name, raw)| Ok((name, parsed(raw)?))).collect()
    }
}

/// A model's text.
struct Text {
    all: String,
    /// The file that it is of.
    model: PathBuf,
}

impl Text {
    fn shape(&self, id: &ShapeId, place: Range<usize>, is_there: &dyn Fn(&ShapeId) -> bool) -> Result<Shape> {
        let fields = Fields::new(Json::of(&self.all[place])?, format!("shapes.{id}"))?;
        let shape = shapes::shape(id.clone(), fields, &mut Losses::default())?;
        match shape.kind.targets().into_iter().find(|target| !is_there(target)) {
            Some(target) => Err(undefined(target, id.as_str())),
            None => Ok(shape),
        }
    }
}

impl ShapeSource for Text {
    fn read(&self, id: &ShapeId, place: Range<usize>, is_there: &dyn Fn(&ShapeId) -> bool) -> Result<Shape> {
        self.shape(id, place, is_there).map_err(|error| in_model(&error, &self.model))
    }

    fn located(&self, error: Error) -> Error {
        in_model(&error, &self.model)
    }

    fn may_be_error(&self, place: Range<usize>) -> bool {
        static TRAITS: LazyLock<[memmem::Finder<'static>; 2]> =
            LazyLock::new(|| ["\"exception\"", "\"error\""].map(memmem::Finder::new));
        let text = self.all[place].as_bytes();
        TRAITS.iter().any(|name| name.find(text).is_some())
    }

    fn may_name(&self, place: Range<usize>, name: &memmem::Finder<'_>) -> bool {
        let text = self.all[place].as_bytes();
        // With escapes a name may be spelt otherwise.
        name.find(text).is_some() || memchr::memchr(b'\\', text).is_some()
    }
}

/// A model, its parts as they are written.
#[derive(Default)]
struct Document<'t> {
    metadata: Option<&'t RawValue>,
    operations: Option<Members<'t>>,
    shapes: Option<Members<'t>>,
}

/// Members of an object, in the text's order.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> serde::Deserialize<'t> for Document<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'t> Visitor<'t> for Parts {
            type Value = Document<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a model")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Document<'t>, A::Error> {
                let mut document = Document::default();
                while let Some(key) = members.next_key::<String>()? {
                    match key.as_str() {
                        "metadata" => document.metadata = Some(members.next_value()?),
                        "operations" => document.operations = Some(members.next_value()?),
                        "shapes" => document.shapes = Some(members.next_value()?),
                        _ => drop(members.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(document)
            }
        }
        deserializer.deserialize_map(Parts)
    }
}

impl<'t> serde::Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'t> Visitor<'t> for All {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Members<'t>, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = members.next_entry()? {
                    all.push(member);
                }
                Ok(Members(all))
            }
        }
        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse as whole;
    use super::*;

    fn model(shapes: &Value) -> Vec<u8> {
        let operation = json!({"name": "Act", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "In"}, "errors": [{"shape": "Gone"}]});
        json!({"version": "2.0", "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {"Act": operation}, "shapes": shapes, "documentation": "<p>"})
        .to_string()
        .into_bytes()
    }

    fn shapes() -> Value {
        json!({
            "In": {"type": "structure", "members": {"é\n": {"shape": "Text"}, "error": {"shape": "Text"}}},
            "Gone": {"type": "structure", "members": {}, "exception": true},
            "Text": {"type": "string", "documentation": "x", "pattern": "[a-z]\\n"}})
    }

    fn unread(text: Vec<u8>) -> Option<Service> {
        let none = Corrections { parts: &|_| Some(errata::Parts::new()), correct: &|_| Ok(Vec::new()) };
        parse(text, None, Path::new("x"), &none)
    }

    #[test]
    fn it_is_the_same_service_as_one_that_is_read_whole() {
        let text = model(&shapes());
        let expected = whole(&text, None).expect("a sound model").service;
        let service = unread(text).expect("a sound model");
        assert!(service.shapes.is_lazy() && !expected.shapes.is_lazy());
        assert_eq!(service.shapes.errors().map(|shape| shape.id.as_str()).collect::<Vec<_>>(), ["Gone"]);
        assert_eq!(service, expected);
    }

    #[test]
    fn corrections_change_what_they_would_change_of_the_whole() {
        let correct = |document: &mut Value| {
            document["shapes"]["Text"]["pattern"] = "x".into();
            document["shapes"]["New"] = json!({"type": "string"});
            document["shapes"].as_object_mut().expect("shapes").shift_remove("Absent");
            document["operations"]["Act"]["input"]["shape"] = "New".into();
            document["metadata"]["apiVersion"] = "2020-01-01".into();
            Ok(Vec::new())
        };
        let parts = [("shapes", "Text"), ("shapes", "New"), ("shapes", "Absent"), ("operations", "Act")];
        let parts: errata::Parts = parts.iter().map(|(section, name)| ((*section).into(), (*name).into())).collect();
        let corrections = Corrections { parts: &|_| Some(parts.clone()), correct: &correct };
        let text = model(&shapes());
        let service = parse(text.clone(), None, Path::new("x"), &corrections).expect("a sound model");
        let expected = super::super::parse_corrected(&text, None, |_| true, correct).expect("a sound model").service;
        assert_eq!(service, expected);
        assert_eq!(service.shapes["Text"].constraints.known().and_then(|own| own.pattern.as_deref()), Some("x"));
    }

    #[test]
    fn what_is_wrong_with_a_shape_is_told_when_it_is_read() {
        for (shape, told) in [
            (json!({"type": "list", "member": {"shape": "Nobody"}}), "Nobody is used at Text and not defined"),
            (json!({"type": "quux"}), "shapes.Text: unknown type \"quux\""),
        ] {
            let mut shapes = shapes();
            shapes["Text"] = shape;
            let service = unread(model(&shapes)).expect("a model");
            let id = ShapeId::new("Text");
            let error = service.shapes.read(&id).expect_err("a broken shape").to_string();
            assert!(error.contains(told), "{error}");
            assert!(service.shape(&id).is_none() && service.shapes.contains_key("Text"));
        }
    }

    #[test]
    fn what_is_no_model_is_left_to_the_other_reader() {
        let mut undefined = shapes();
        undefined.as_object_mut().expect("shapes").shift_remove("Gone");
        for text in [&b"{"[..], b"[]", b"{\"metadata\": {}}", b"\xff", &model(&undefined), &model(&json!(1))] {
            assert!(unread(text.to_vec()).is_none(), "{}", String::from_utf8_lossy(text));
        }
    }
}
