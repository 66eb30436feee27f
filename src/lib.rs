//! **shapegate** checks recorded AWS API traffic against the API's documented contract.
#![doc = ""]

pub mod contract;
pub mod error;
pub mod expectation;
pub mod finding;
pub mod ingest;
pub mod model;
pub mod recording;
pub mod rules;
pub mod schema;
