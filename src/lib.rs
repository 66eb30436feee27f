//! **shapegate** checks recorded AWS API traffic against the API's documented contract.
//!
//! ```
//! use shapegate::Session;
//!
//! # fn main() -> shapegate::Result<()> {
//! let verdict = Session::new().contract("cleanrooms@2023-08-30")?.check("fixtures/recordings/cleanrooms")?;
//! assert!(verdict.passed, "{verdict}");
//! # Ok(())
//! # }
//! ```
//!
//! [`Session`] judges files, bytes and messages at hand; the [`Verdict`] holds the [`Finding`]s and displays as the report
//! does. A [`Contract`] comes from within ([`Contract::embedded`]) or from any service's model
//! ([`Contract::from_model`]). `harness` makes a test of each recording and has `assert_conforms!`; `generate` makes
//! payloads, as strategies for `proptest`.
//!
//! The way of a payload: a [`recording`] yields exchanges, a [`contract`] (made from a [`model`] by way of JSON
//! [`schema`]s) says what deviates, [`rules`] turn deviations into [`finding`]s, the [`gate`] weighs them into a
//! verdict, and a [`report`] tells it. [`check`] runs the whole way; `ARCHITECTURE.md` draws it.
//!
//! The way of an upgrade: two models differ ([`diff`]), the rules weigh each difference, and [`upgrade`] runs the whole of
//! it and asks recorded traffic. [`history`] holds traffic against every release of a contract, [`snapshot`] condenses it
//! into what travels on the [`wire`].

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
pub mod session;
pub mod snapshot;
mod text;
pub mod upgrade;
pub mod wire;

pub use self::contract::Contract;
pub use self::error::{Error, Result};
pub use self::finding::{Finding, Severity};
pub use self::gate::Verdict;
pub use self::model::{Direction, Encoding};
pub use self::recording::{Request, Response};
pub use self::session::Session;
