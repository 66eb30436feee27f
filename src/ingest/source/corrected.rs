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
    if let Some(service) = service_id.map(canonical).or_else(|| own.map(str::to_owned)) {
        parts.extend(errata.parts(&service)?);
    }
    Some(parts)
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
    let stated = document["metadata"]["serviceId"].as_str().map(canonical);
    if let Some(service) = stated.or_else(|| own.map(str::to_owned)) {
        corrections.extend(errata.correct(&service, document));
    }
    Ok(corrections)
}
