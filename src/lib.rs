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
//! The way of a payload: a recording yields exchanges, a [`contract`] (made from a [`model`] by way of JSON Schemas) says
//! what deviates, [`rules`] turn deviations into [`finding`]s, the [`gate`] weighs them into a verdict, and a [`report`]
//! tells it. `ARCHITECTURE.md` draws it, and the modules behind it that are no interface.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod config;
pub mod contract;
pub mod error;
pub mod finding;
pub mod gate;
#[cfg(feature = "generate")]
#[cfg_attr(docsrs, doc(cfg(feature = "generate")))]
pub mod generate;
#[cfg(feature = "harness")]
#[cfg_attr(docsrs, doc(cfg(feature = "harness")))]
pub mod harness;
pub mod model;
pub mod outcome;
pub mod report;
pub mod rules;
pub mod session;

// Behind this door are the command, the tests and the benchmarks of this package. What is in these modules may change in any
// release; what programs need of them has a name in the modules above.
#[doc(hidden)]
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod counters;
#[doc(hidden)]
pub mod coverage;
#[doc(hidden)]
pub mod diff;
#[doc(hidden)]
pub mod evidence;
#[doc(hidden)]
pub mod expectation;
#[doc(hidden)]
pub mod history;
#[doc(hidden)]
pub mod ingest;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod merge;
mod mistake;
#[cfg(feature = "generate")]
#[doc(hidden)]
pub mod mutate;
#[doc(hidden)]
pub mod output;
#[doc(hidden)]
pub mod paths;
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod recording;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod snapshot;
mod text;
#[doc(hidden)]
pub mod upgrade;
#[doc(hidden)]
pub mod wire;

pub use self::contract::Contract;
pub use self::error::{Error, ErrorKind, Result};
pub use self::finding::{Finding, Severity};
pub use self::gate::Verdict;
pub use self::model::{Direction, Encoding};
#[doc(inline)]
pub use self::recording::{Request, Response};
pub use self::session::Session;
