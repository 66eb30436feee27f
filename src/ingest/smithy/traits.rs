//! Traits of shapes and members, taken one by one, so that what nobody took is known.

use serde_json::Value;

use super::raw::RawShape;
use crate::error::Result;
use crate::ingest::fields::{Fields, Losses};

/// Traits for documentation, tests and the makers of models; left out by decision, so no loss.
const FOR_PEOPLE: &[&str] = &[
    "aws.api#data",
    "aws.iam#actionPermissionDescription",
    "smithy.api#addedDefault",
    "smithy.api#box",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#input",
    "smithy.api#internal",
    "smithy.api#mixin",
    "smithy.api#output",
    "smithy.api#recommended",
    "smithy.api#since",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.api#title",
    "smithy.api#unstable",
    "smithy.rules#endpointTests",
    "smithy.test#httpMalformedRequestTests",
    "smithy.test#httpRequestTests",
    "smithy.test#httpResponseTests",
    "smithy.test#smokeTests",
];
/// Names in `aws.api#service` that traffic does not show.
pub(super) const NAMES_FOR_PEOPLE: &[&str] = &["cloudFormationName", "cloudTrailEventSource", "docId"];

/// The traits of a shape or member at `place`.
pub(super) fn of(written: &RawShape, place: &str) -> Result<Fields<'static>> {
    let traits = written.get("traits").cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    Fields::new(traits, place)
}

/// Counts the traits that are left as lost.
pub(super) fn finish(mut traits: Fields, losses: &mut Losses) {
    traits.ignore(FOR_PEOPLE);
    traits.finish(losses);
}

/// Whether it is deprecated. Since when, and what to use instead, is prose.
pub(super) fn deprecated(traits: &mut Fields) -> bool {
    traits.is_set("smithy.api#deprecated")
}
