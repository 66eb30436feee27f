//! Presence expectations: what types cannot say, as JSON Schemas over a whole exchange.
//!
//! An expectation sees `{"service", "operation", "status", "request", "response", "error"}`, each part where the
//! recording has it. Shipped ones are in `schemas/expectations/`; a user's own come from a folder. Single payloads,
//! recorded without what came before or after, are not held against expectations.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::contract::{Breach, BreachKind, ForeignSchema, Refusal};
use crate::error::{Error, Result};
use crate::ingest::names::canonical;
use crate::limits::{self, WRITTEN_BYTES};
use crate::model::{Direction, Fact, Service};
use crate::recording::{Exchange, Extent, Payload};
use crate::schema::ANNOTATIONS;

macro_rules! shipped {
    ($id:literal) => {
        ($id, include_str!(concat!("../../schemas/expectations/", $id, ".schema.json")))
    };
}

/// Shipped expectations: file name and text.
const SHIPPED: &[(&str, &str)] = &[
    shipped!("cleanrooms-default-result-configuration-echo"),
    shipped!("cleanrooms-enum-values"),
    shipped!("cleanrooms-error-when-failed"),
    shipped!("cleanrooms-member-list-accounts"),
    shipped!("cleanrooms-member-list-place"),
    shipped!("cleanrooms-no-result-before-the-end"),
    shipped!("cleanrooms-output-on-success"),
    shipped!("cleanrooms-role-arn-place"),
];

/// What an expectation says of itself, under `x-shapegate`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct About {
    /// Id, as findings name it.
    pub expectation: String,
    /// The service it concerns.
    pub service: String,
    /// Operations it concerns; all where empty.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Release it concerns; all where absent.
    pub release: Option<String>,
    /// `stated` by the documentation or `inferred`.
    pub source: Basis,
    /// Where the documentation states it, or what it is inferred from.
    pub evidence: String,
}

/// What an expectation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The documentation says it: an error where it does not hold.
    Stated,
    /// It follows from names, descriptions or observed traffic: a warning.
    Inferred,
}

#[derive(Debug)]
struct Expectation {
    about: About,
    statement: String,
    document: Value,
    /// Compiled when an exchange that it concerns is first seen: a test's process sees one recording.
    schema: OnceLock<Result<ForeignSchema>>,
}

/// A set of expectations.
#[derive(Debug, Default)]
pub struct Expectations(Vec<Expectation>);

impl Expectations {
    /// The shipped ones.
    ///
    /// # Errors
    /// One is damaged, which a test excludes for a built binary.
    pub fn shipped() -> Result<Self> {
        let mut all = Self::default();
        for (name, text) in SHIPPED {
            all.add(text).map_err(|error| error.at(format!("{name}.schema.json")))?;
        }
        Ok(all)
    }

    /// Adds every `*.schema.json` of a folder.
    ///
    /// # Errors
    /// The folder cannot be read or holds none, or a file is no expectation.
    pub fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| Error::io(folder, error))?.path();
            if path.to_string_lossy().ends_with(".schema.json") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(Error::new("no expectations in this folder").at(folder).remedy(REMEDY));
        }
        paths.sort();
        for path in paths {
            let text = limits::read_text(&path, WRITTEN_BYTES)?;
            let added = self.add(&text).and_then(|added| added.schema().map(drop));
            added.map_err(|error| error.at(&path).remedy(REMEDY))?;
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<&Expectation> {
        let document: Value = serde_json::from_str(text).map_err(|error| Error::not_json(&error))?;
        let about = document.get(ANNOTATIONS).cloned().unwrap_or(Value::Null);
        let about: About = serde_json::from_value(about)
            .map_err(|error| Error::new(format!("`{ANNOTATIONS}` does not describe an expectation: {error}")))?;
        let statement = document.get("description").and_then(Value::as_str);
        let statement = statement.ok_or_else(|| Error::new("`description` should hold the statement"))?.to_owned();
        self.0.push(Expectation { about, statement, document, schema: OnceLock::new() });
        Ok(&self.0[self.0.len() - 1])
    }

    /// What each expectation is about.
    pub fn about(&self) -> impl Iterator<Item = &About> {
        self.0.iter().map(|expectation| &expectation.about)
    }

    /// Expectations that an exchange of `service` does not meet. A place that `known` breaches tell of already is not
    /// told again.
    pub fn observe(&self, service: &Service, exchange: &Exchange<'_>, known: &[Breach]) -> Vec<Breach> {
        if exchange.extent == Extent::Payload {
            return Vec::new();
        }
        let concerned: Vec<_> = self.0.iter().filter(|one| one.about.concerns(service, &exchange.operation)).collect();
        if concerned.is_empty() {
            return Vec::new();
        }
        let whole = whole(service, exchange);
        let mut breaches = Vec::new();
        for one in concerned {
            // Those of a folder compiled as they were read, and to those within the binary a test holds.
            let schema = one.schema().expect("expectations compile");
            for refusal in schema.refusals(&whole) {
                let breach = one.breach(refusal);
                let told = |other: &Breach| other.direction == breach.direction && other.pointer == breach.pointer;
                let half = breach.direction.and_then(|half| exchange.payload(half));
                // Of a body that was not recorded nothing is to be expected.
                if !half.is_some_and(Payload::is_partial) && !known.iter().chain(&breaches).any(told) {
                    breaches.push(breach);
                }
            }
        }
        breaches
    }
}

const REMEDY: &str =
    "An expectation is a JSON Schema over an exchange; docs/src/expectations.md of the documentation shows one.";

impl About {
    fn concerns(&self, service: &Service, operation: &str) -> bool {
        (self.operations.is_empty() || self.operations.iter().any(|own| own == operation))
            && (self.service == service.name || canonical(&self.service) == service.name)
            && self.release.as_ref().is_none_or(|release| service.release == Fact::Known(release.clone()))
    }
}

impl Expectation {
    fn schema(&self) -> Result<&ForeignSchema> {
        let compiled = self.schema.get_or_init(|| ForeignSchema::compile(&self.document));
        compiled.as_ref().map_err(Clone::clone)
    }

    fn breach(&self, refusal: Refusal) -> Breach {
        let Refusal { pointer, reason, undecided } = refusal;
        let (direction, pointer) = match pointer.strip_prefix("/request") {
            Some(rest) => (Direction::Request, rest),
            None => (
                Direction::Response,
                pointer.strip_prefix("/response").or(pointer.strip_prefix("/error")).unwrap_or_default(),
            ),
        };
        if undecided {
            let kind = BreachKind::Undecided { reason: format!("{reason} (expectation {})", self.about.expectation) };
            return Breach { direction: Some(direction), pointer: pointer.to_owned(), ..Breach::whole(kind) };
        }
        let kind = BreachKind::Unmet {
            expectation: self.about.expectation.clone(),
            statement: self.statement.clone(),
            stated: self.about.source == Basis::Stated,
            reason,
        };
        Breach { direction: Some(direction), pointer: pointer.to_owned(), ..Breach::whole(kind) }
    }
}

/// The exchange as expectations see it.
fn whole(service: &Service, exchange: &Exchange<'_>) -> Value {
    let mut whole = Map::new();
    whole.insert("service".into(), service.name.as_str().into());
    whole.insert("operation".into(), exchange.operation.as_ref().into());
    if let Some(status) = exchange.status {
        whole.insert("status".into(), status.into());
    }
    let error = exchange.error.as_ref().map(|error| &error.payload);
    for (half, payload) in
        [("request", exchange.request.as_ref()), ("response", exchange.response.as_ref()), ("error", error)]
    {
        if let Some(value) = payload.and_then(Payload::read) {
            whole.insert(half.into(), value.into_owned());
        }
    }
    Value::Object(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_is_what_is_on_disk() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/expectations");
        let mut on_disk: Vec<String> = fs::read_dir(folder)
            .expect("the folder is part of the project")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".schema.json").map(str::to_owned))
            .collect();
        on_disk.sort();
        assert_eq!(SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>(), on_disk);
    }

    #[test]
    fn shipped_expectations_compile_and_are_named_by_their_files() {
        let all = Expectations::shipped().expect("shipped expectations are sound");
        assert!(all.0.iter().all(|one| one.schema().is_ok()));
        let names: Vec<&str> = all.about().map(|about| about.expectation.as_str()).collect();
        assert_eq!(names, SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }

    #[test]
    fn a_service_may_be_named_by_its_id() {
        let text = r#"{"metadata":{"serviceId":"API Gateway","protocol":"json"},"operations":{},"shapes":{}}"#;
        let service = crate::ingest::botocore::parse(text.as_bytes(), None).expect("a sound model").service;
        let about = |service: &str| About {
            expectation: "is-tested".to_owned(),
            service: service.to_owned(),
            operations: vec!["GetThing".to_owned()],
            release: None,
            source: Basis::Stated,
            evidence: String::new(),
        };
        for name in ["apigateway", "api-gateway", "API Gateway"] {
            assert!(about(name).concerns(&service, "GetThing"), "{name}");
            assert!(!about(name).concerns(&service, "PutThing"), "{name}");
        }
        assert!(!about("gateway").concerns(&service, "GetThing"));
    }

    #[test]
    fn a_folder_without_expectations_is_an_error() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let error = Expectations::default().add_folder(dir.path()).expect_err("nothing there");
        assert!(error.to_string().contains("no expectations"), "{error}");
        fs::write(dir.path().join("x.schema.json"), "{}").expect("writable");
        let error = Expectations::default().add_folder(dir.path()).expect_err("says nothing of itself");
        assert!(error.to_string().contains("x.schema.json"), "{error}");
    }
}
