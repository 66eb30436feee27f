//! **shapegate** checks recorded AWS API traffic against the API's documented contract.
//!
//! The way of a payload: a [`recording`] yields exchanges, a [`contract`] (made from a [`model`] by way of JSON
//! [`schema`]s) says what deviates, [`rules`] turn deviations into [`finding`]s, the [`gate`] weighs them into a
//! verdict, and a [`report`] tells it. [`check`] runs the whole way; `ARCHITECTURE.md` draws it.
//!
//! The way of an upgrade: two models differ ([`diff`]), the rules weigh each difference, and [`upgrade`] runs the whole of
//! it and asks recorded traffic. [`history`] holds traffic against every release of a contract, [`snapshot`] condenses it
//! into what travels on the [`wire`].
//!
//! ```
//! use shapegate::check::{Catalog, Input, Options, run};
//! use shapegate::expectation::Expectations;
//! use shapegate::ingest::embedded;
//!
//! # fn main() -> Result<(), shapegate::error::Error> {
//! let mut catalog = Catalog::default();
//! catalog.add_embedded(embedded::find("cleanrooms@2023-08-30")?);
//! let record = r#"{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {}}"#;
//! let checked = run(
//!     vec![Input::Stream(Box::new(record.as_bytes()))],
//!     &Options::new(&catalog, &Expectations::shipped()?),
//! )?;
//! assert_eq!(checked.findings[0].rule.id, "missing-member");
//! assert_eq!(checked.findings[0].pointer, "/membershipIdentifier");
//! # Ok(())
//! # }
//! ```

pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod config;
pub mod contract;
pub mod diff;
pub mod error;
pub mod evidence;
pub mod expectation;
pub mod finding;
pub mod gate;
#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "harness")]
pub mod harness;
pub mod history;
pub mod ingest;
pub mod limits;
pub mod model;
#[cfg(feature = "generate")]
pub mod mutate;
pub mod outcome;
pub mod output;
pub mod paths;
pub mod protocol;
pub mod recording;
pub mod report;
pub mod rules;
pub mod schema;
pub mod snapshot;
mod text;
pub mod upgrade;
pub mod wire;
