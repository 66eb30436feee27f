//! Operation shapes.

use super::closure::{Closure, references, root};
use super::document::{Document, short};
use super::raw::RawShape;
use super::service::Facts;
use super::traits::{deprecated, finish, of};
use crate::error::{Error, Result};
use crate::ingest::bodies::{checksum, compression};
use crate::ingest::fields::{Fields, Losses};
use crate::model::{Fact, Http, Operation, Protocol, ShapeId, XmlTraits};

/// What operations need to know of the service around them.
pub(super) struct Around<'s> {
    pub(super) document: &'s Document,
    pub(super) closure: &'s Closure,
    pub(super) service: &'s RawShape,
    pub(super) facts: &'s Facts,
}

/// Reads the operation of that id.
pub(super) fn lower(around: &Around<'_>, id: &str, losses: &mut Losses) -> Result<Operation> {
    let written = around.document.shape(id).unwrap_or_default();
    let name = short(id).to_owned();
    let mut traits = of(&written, &format!("operations.{name}"))?;
    // Taken by the companions.
    traits.ignore(&["smithy.api#paginated", "smithy.waiters#waitable"]);
    let output = root(&written, "output").map(|id| around.closure.name(id));
    let is_query = around.facts.protocols.contains(&Protocol::AwsQuery);
    let unsigned_payload = traits.is_set("aws.auth#unsignedPayload");
    let auth_schemes = auth_schemes(&mut traits)?;
    let checksum_required = traits.is_set("smithy.api#httpChecksumRequired");
    let operation = Operation {
        input: root(&written, "input").map(|id| around.closure.name(id)),
        result_wrapper: (is_query && output.is_some()).then(|| format!("{name}Result")),
        output,
        errors: Fact::Known(errors(around, &written)),
        http: Fact::Known(http(around.facts, &name, &mut traits, losses)?),
        deprecated: deprecated(&mut traits),
        input_xml: XmlTraits::default(),
        host_prefix: host_prefix(&mut traits, losses)?,
        // What older models write beside the schemes.
        auth: match &auth_schemes {
            Some(schemes) if *schemes == [NO_AUTH] => Some("none".to_owned()),
            _ => unsigned_payload.then(|| "v4-unsigned-body".to_owned()),
        },
        auth_schemes,
        unsigned_payload,
        checksum: checksum(&mut traits, "aws.protocols#httpChecksum", checksum_required, losses)?,
        compression: compression(&mut traits, "smithy.api#requestCompression", losses)?,
        name,
    };
    finish(traits, losses);
    Ok(operation)
}

const NO_AUTH: &str = "smithy.api#noAuth";

/// Signing schemes where the operation has its own. No scheme, and one that may be left out, is none: that is what
/// botocore's models say of both.
fn auth_schemes(traits: &mut Fields) -> Result<Option<Vec<String>>> {
    let optional = traits.is_set("smithy.api#optionalAuth");
    Ok(match traits.texts("smithy.api#auth")? {
        Some(schemes) if !schemes.is_empty() && !optional => Some(schemes),
        None if !optional => None,
        _ => Some(vec![NO_AUTH.to_owned()]),
    })
}

/// Errors of the operation, then those of the service, which every operation may return.
fn errors(around: &Around<'_>, written: &RawShape) -> Vec<ShapeId> {
    let mut errors: Vec<ShapeId> = Vec::new();
    for id in references(written, "errors").chain(references(around.service, "errors")) {
        let name = around.closure.name(id);
        if !errors.contains(&name) {
            errors.push(name);
        }
    }
    errors
}

/// The HTTP trait, which counts for protocols with bindings alone; all others post to one path.
fn http(facts: &Facts, operation: &str, traits: &mut Fields, losses: &mut Losses) -> Result<Http> {
    let place = traits.place().to_owned();
    let written = traits.opt_object("smithy.api#http")?;
    if !facts.protocol().is_some_and(Protocol::is_rest) {
        return Ok(Http { method: "POST".to_owned(), uri: "/".to_owned(), status: None });
    }
    let Some(mut http) = written else {
        return Err(Error::new(format!("{place} has no smithy.api#http, which its protocol needs")));
    };
    let facts = Http {
        method: http.required_text("method")?,
        uri: without_hint(&http.required_text("uri")?, operation),
        status: http.status("code")?,
    };
    http.finish(losses);
    Ok(facts)
}

/// The template without `x-id=<Operation>`, a hint for servers that clients need not send and botocore's models lack.
fn without_hint(uri: &str, operation: &str) -> String {
    let Some((path, query)) = uri.split_once('?') else { return uri.to_owned() };
    let hint = format!("x-id={operation}");
    let kept: Vec<&str> = query.split('&').filter(|parameter| *parameter != hint).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

fn host_prefix(traits: &mut Fields, losses: &mut Losses) -> Result<Option<String>> {
    let Some(mut endpoint) = traits.opt_object("smithy.api#endpoint")? else { return Ok(None) };
    let prefix = endpoint.text("hostPrefix")?;
    endpoint.finish(losses);
    Ok(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_for_servers_is_no_part_of_the_template() {
        for (written, kept) in [
            ("/a/{b+}?x-id=Act", "/a/{b+}"),
            ("/a?list&x-id=Act", "/a?list"),
            ("/a?x-id=Other", "/a?x-id=Other"),
            ("/a?list", "/a?list"),
            ("/a", "/a"),
        ] {
            assert_eq!(without_hint(written, "Act"), kept);
        }
    }
}
