//! Contracts in `cargo test` (feature `harness`): a trial for each recording, an assertion on single values, and
//! filters for snapshots.
//!
//! A test target without Rust's own harness holds a directory of recordings against a contract:
//!
//! ```no_run
//! # #[allow(clippy::needless_doctest_main)]
//! fn main() -> std::process::ExitCode {
//!     shapegate::harness::Harness::new("tests/recordings").contract("cleanrooms@2023-08-30").run()
//! }
//! ```
//!
//! ```toml
//! [[test]]
//! name = "recordings"
//! harness = false
//! ```
//!
//! Any other service is held against its model, which a crate commits beside its tests (or names its folder, a wheel, a
//! Smithy model): `.model("tests/models/sqs/2012-11-05/service-2.json.gz")` in place of `.contract(…)`.
//!
//! A value that a test has at hand is held against one operation by [`assert_conforms!`](crate::assert_conforms).
//! Strategies for `proptest` are in `shapegate::generate` (feature `generate`). `examples/downstream` uses all of it.

mod cases;
mod conform;
mod excerpt;
mod failure;
mod filters;
mod repair;
mod run;
mod subject;

pub use self::cases::{Case, Cases, Harness};
pub use self::conform::conforms;
pub use self::failure::Failure;
pub use self::filters::redactions;

/// What [`assert_conforms!`](crate::assert_conforms) expands to; no interface of its own.
#[doc(hidden)]
pub mod expansion {
    pub use std::borrow::Borrow;

    use super::conforms;
    pub use crate::contract::Contract;
    pub use crate::model::{Direction, Encoding};

    /// Panics, at the place of the macro, where [`conforms`] fails.
    ///
    /// # Panics
    /// The value does not conform.
    #[track_caller]
    pub fn assert<V>(contract: &Contract, operation: &str, direction: Direction, encoding: Encoding, value: &V)
    where
        V: serde::Serialize + ?Sized,
    {
        if let Err(failure) = conforms(contract, operation, direction, encoding, value) {
            panic!("{failure}");
        }
    }
}

/// Panics where a value does not keep the contract of an operation's request or response.
///
/// `contract` is anything that gives a [`Contract`](crate::contract::Contract): itself, a reference, a `Box`, an `Arc`.
/// The value is anything that serde can serialise. It is held in the `wire` encoding (wire names, epoch seconds);
/// `, parsed` at the end asks for the encoding in which SDKs hand values over. Findings from a warning on fail;
/// [`harness::conforms`](crate::harness::conforms) gives them as a value.
///
/// ```
/// use shapegate::assert_conforms;
/// use shapegate::contract::Contract;
///
/// # fn main() -> Result<(), shapegate::error::Error> {
/// let contract = Contract::embedded("cleanrooms@2023-08-30")?;
/// let request = serde_json::json!({"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"});
/// assert_conforms!(contract, "GetMembership", request, &request);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! assert_conforms {
    ($contract:expr, $operation:expr, request, $value:expr $(,)?) => {
        $crate::harness::expansion::assert(
            $crate::harness::expansion::Borrow::<$crate::harness::expansion::Contract>::borrow(&$contract),
            $operation,
            $crate::harness::expansion::Direction::Request,
            $crate::harness::expansion::Encoding::Wire,
            &$value,
        )
    };
    ($contract:expr, $operation:expr, request, $value:expr, parsed $(,)?) => {
        $crate::harness::expansion::assert(
            $crate::harness::expansion::Borrow::<$crate::harness::expansion::Contract>::borrow(&$contract),
            $operation,
            $crate::harness::expansion::Direction::Request,
            $crate::harness::expansion::Encoding::Parsed,
            &$value,
        )
    };
    ($contract:expr, $operation:expr, response, $value:expr $(,)?) => {
        $crate::harness::expansion::assert(
            $crate::harness::expansion::Borrow::<$crate::harness::expansion::Contract>::borrow(&$contract),
            $operation,
            $crate::harness::expansion::Direction::Response,
            $crate::harness::expansion::Encoding::Wire,
            &$value,
        )
    };
    ($contract:expr, $operation:expr, response, $value:expr, parsed $(,)?) => {
        $crate::harness::expansion::assert(
            $crate::harness::expansion::Borrow::<$crate::harness::expansion::Contract>::borrow(&$contract),
            $operation,
            $crate::harness::expansion::Direction::Response,
            $crate::harness::expansion::Encoding::Parsed,
            &$value,
        )
    };
}
