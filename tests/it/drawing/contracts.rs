//! Contracts that several tests hold something against.

use std::path::Path;

use shapegate::ingest::embedded;
use shapegate::ingest::source::Source;
use shapegate::model::Service;

/// The operations that the page of 2023-08-30 documents.
pub(crate) const DOCUMENTED: [&str; 6] = [
    "CreateMembership",
    "GetMembership",
    "GetProtectedQuery",
    "StartProtectedQuery",
    "UpdateMembership",
    "UpdateProtectedQuery",
];

/// An embedded contract, such as `cleanrooms@2023-08-30`.
pub(crate) fn embedded(name: &str) -> Service {
    embedded::find(name).expect("an embedded contract").load().expect("a sound contract").service
}

/// The embedded contract of the page's release, the newest one, and the service of our own making.
pub(crate) fn all() -> Vec<Service> {
    vec![embedded("cleanrooms@2023-08-30"), embedded("cleanrooms"), thing()]
}

/// The service of our own making: every kind of shape, at its edges.
pub(crate) fn thing() -> Service {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/contracts/thing/2020-01-01/service-2.json");
    let loaded = Source::open(&path).expect("a model").load("thing").expect("a sound model");
    loaded.expect("the source holds it").service
}
