//! Smithy models as JSON: one file of the [JSON AST](https://smithy.io/2.0/spec/json-ast.html) → [`Service`].
//!
//! What is read is the closure of the one service: its operations, those of its resources, and the shapes they lead to,
//! named without their namespaces (`rename` applied), with mixins and `apply` written out. The model speaks botocore's
//! dialect, so that the same service from both is the same model:
//!
//! - a pattern means a full match (what the missing anchors of a searched one allow is spelt out);
//! - traits that a member sets over its target make a shape of their own (`FooBarInteger`, `SyntheticTimestamp_date_time`);
//! - names count as the protocol writes them that clients choose: `jsonName` in restJson1, `xmlName` in those of XML
//!   and query strings; bindings to HTTP in the rest protocols alone;
//! - streams of events are structures with events, documents are documents, absent and zero are told apart (boxed)
//!   where there is no default; bigInteger and bigDecimal are numbers of unknown width;
//! - an operation whose signing is optional, or that has no scheme, is not signed.
//!
//! What only botocore states (`signatureVersion`) stays unknown. The service's name follows from its service id
//! ([`super::names`]), which is the name of its shape where the model states none. Every trait that has no place in the model is a [`Loss`](super::Loss), by its absolute id. Paginators, waiters and endpoint
//! rules are read as Smithy writes them. They, defaults and media types are told apart between two Smithy models
//! alone: botocore's are written by other hands, or not at all.

mod closure;
mod companions;
mod document;
pub(super) mod layout;
mod members;
mod mixins;
mod operations;
mod pattern;
mod raw;
mod service;
mod shapes;
mod stated;
#[cfg(test)]
mod tests;
mod traits;
mod version;
mod xml;

use std::collections::BTreeMap;

use self::closure::Closure;
use self::document::{Document, short};
use self::operations::Around;
use self::raw::RawShape;
use self::service::Facts;
pub(super) use self::stated::stated;
use super::aliases::Stated;
use super::fields::Losses;
use super::names::canonical;
use super::nesting::check_nesting;
use super::targets::check_targets;
use super::{Dialect, Identity, Ingested};
use crate::error::Result;
use crate::model::{Fact, Protocol, Routes, Service};

/// Whether a JSON text is meant as a Smithy model: it looks at the keys of the top alone.
pub fn is_model(text: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Top {
        smithy: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Top>(text).is_ok_and(|top| top.smithy.is_some())
}

/// Reads a model.
///
/// # Errors
/// The text is no JSON, no Smithy model of one service, names shapes that it does not define, or speaks a protocol that
/// is not known.
pub fn parse(text: &[u8]) -> Result<Ingested> {
    let document = Document::read(text)?;
    let (id, written) = the_service(&document)?;
    let mut losses = Losses::default();
    let (service, stated) = lower(&document, &id, &written, &mut losses)?;
    check_targets(&service)?;
    check_nesting(&service)?;
    losses.found.sort();
    losses.found.dedup();
    // What was stripped of its prose says nothing of it.
    let prose = Some(losses.prose).filter(|prose| *prose != 0);
    Ok(Ingested { dialect: Dialect::Smithy, service, stated, losses: losses.found, prose })
}

/// What names a service in traffic, without the rest of its model.
///
/// # Errors
/// The text is no model of one service.
pub fn identity(text: &[u8]) -> Result<Identity> {
    let document = Document::read(text)?;
    let (id, written) = the_service(&document)?;
    Ok(Facts::read(&id, &written, &mut Losses::default())?.identity())
}

/// Names of the operations, without the rest of the model.
///
/// # Errors
/// The text is no model of one service.
pub fn operation_names(text: &[u8]) -> Result<Vec<String>> {
    let document = Document::read(text)?;
    let (id, written) = the_service(&document)?;
    Ok(closure::operations(&document, &id, &written)?.iter().map(|id| short(id).to_owned()).collect())
}

fn the_service(document: &Document) -> Result<(String, RawShape)> {
    let id = document.service()?;
    Ok((id.to_owned(), document.shape(id).unwrap_or_default()))
}

fn lower(document: &Document, id: &str, written: &RawShape, losses: &mut Losses) -> Result<(Service, Stated)> {
    let facts = Facts::read(id, written, losses)?;
    let closure = Closure::of(document, id, written)?;
    let stated = facts.stated(id);
    let in_query = match facts.in_query() {
        // What is lost is told once.
        Some(facts) => {
            Some(Fact::Known(Box::new(service(document, &closure, written, facts, &mut Losses::default())?)))
        }
        None => None,
    };
    let service = Service { in_query, ..service(document, &closure, written, facts, losses)? };
    Ok((service, stated))
}

fn service(
    document: &Document,
    closure: &Closure,
    written: &RawShape,
    facts: Facts,
    losses: &mut Losses,
) -> Result<Service> {
    let around = Around { document, closure, service: written, facts: &facts };
    let mut operations = BTreeMap::new();
    for id in &closure.operations {
        operations.insert(short(id).to_owned(), operations::lower(&around, id, losses)?);
    }
    let mut shapes = shapes::lower(&around, losses)?;
    let spoken = facts.protocol();
    xml::settle_flattened(&mut shapes, spoken);
    if spoken == Some(Protocol::RestXml) {
        xml::name_roots(&mut operations, &mut shapes, &facts);
    }
    xml::forget_names_of_members(&mut shapes);
    let companions = companions::lower(document, &facts, closure.operations.iter(), losses)?;
    let name = canonical(&facts.sdk_id);
    Ok(Service {
        full_name: facts.title.clone().unwrap_or_else(|| name.clone()),
        name,
        api_version: facts.api_version.clone().map_or(Fact::Unknown, Fact::Known),
        release: Fact::Unknown,
        signing_name: facts.signing_name.map_or(Fact::Unknown, Fact::Known),
        endpoint_prefix: Fact::Known(facts.endpoint_prefix),
        signature_version: Fact::Unknown,
        auth_schemes: if facts.auth_schemes.is_empty() { Fact::Unknown } else { Fact::Known(facts.auth_schemes) },
        target_prefix: facts.target_prefix,
        json_version: facts.json_version,
        protocols: Fact::Known(facts.protocols),
        in_query: None,
        operations,
        shapes: shapes.into(),
        companions,
        corrections: Vec::new(),
        routes: Routes::default(),
    })
}
