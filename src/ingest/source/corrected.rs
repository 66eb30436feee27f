//! Models as they are corrected when they are read: by botocore's own extras, and by errata.

use std::path::Path;

use serde_json::Value;

use super::folder::{self, MODEL};
use crate::error::Result;
use crate::ingest::botocore::companions::{extras, to_merge};
use crate::ingest::errata::{Errata, Parts, merge, parts_of_merge};
use crate::ingest::names::canonical;
use crate::model::Correction;

/// The parts of a model that [`correct`] may change; `None` where that is not only some, or where they cannot be read.
pub(super) fn parts(
    service_id: Option<&str>,
    own: Option<&str>,
    errata: &Errata,
    text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>,
) -> Option<Parts> {
    let mut parts = to_merge(text_of, MODEL).ok()?.as_ref().map_or_else(|| Some(Parts::new()), parts_of_merge)?;
    if let Some(service) = meant(service_id, own) {
        parts.extend(errata.parts(&service)?);
    }
    Some(parts)
}

/// Whether [`correct`] may change a model, or fail.
pub(super) fn may_correct(
    service_id: Option<&str>,
    own: Option<&str>,
    errata: &Errata,
    text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>,
) -> bool {
    let is_alone = matches!(to_merge(text_of, MODEL), Ok(None));
    !is_alone || meant(service_id, own).is_some_and(|service| errata.concern(&service))
}

/// The service of a model, by the id that it states or else by its `own` name.
fn meant(service_id: Option<&str>, own: Option<&str>) -> Option<String> {
    service_id.map(canonical).or_else(|| own.map(str::to_owned))
}

/// Corrects a model as botocore writes it: first by the extras that stand beside it, as botocore does when it loads it, then
/// by errata. `own` is the service's name where the model does not state its id.
pub(super) fn correct(
    document: &mut Value,
    place: &Path,
    own: Option<&str>,
    errata: &Errata,
    text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    if folder::is_model_file(place)
        && let Some(more) = to_merge(text_of, MODEL)?
    {
        let places = merge(document, &more);
        if !places.is_empty() {
            let about = Some("botocore merges it over the model".to_owned());
            corrections.push(Correction { erratum: extras(MODEL), about, references: Vec::new(), places });
        }
    }
    if let Some(service) = meant(document["metadata"]["serviceId"].as_str(), own) {
        corrections.extend(errata.correct(&service, document));
    }
    Ok(corrections)
}
