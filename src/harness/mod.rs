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

mod case;
mod cases;
mod conform;
mod excerpt;
mod failure;
mod filters;
mod groups;
mod repair;
mod run;
mod subject;

pub use self::case::{Case, Cases};
pub use self::cases::Harness;
pub use self::conform::conforms;
pub use self::failure::Failure;
pub use self::filters::redactions;

/// What [`assert_conforms!`](crate::assert_conforms) expands to; no interface of its own.
#[doc(hidden)]
pub mod expansion {
    use std::fmt::Arguments;

    use super::conforms;
    pub use crate::contract::Contract;
    pub use crate::model::{Direction, Encoding};

    /// Panics, at the place of the macro, where [`conforms`] fails.
    ///
    /// # Panics
    /// The value does not conform.
    #[track_caller]
    pub fn assert<V>(
        contract: &Contract,
        operation: &str,
        (direction, encoding): (Direction, Encoding),
        value: &V,
        message: Option<Arguments<'_>>,
    ) where
        V: serde::Serialize + ?Sized,
    {
        let Err(failure) = conforms(contract, operation, direction, encoding, value) else { return };
        match message {
            Some(message) => panic!("{message}\n{failure}"),
            None => panic!("{failure}"),
        }
    }
}

/// Panics where a value does not keep the contract of an operation's request or response.
///
/// `contract` is a [`Contract`](crate::contract::Contract) or whatever leads to one: a reference, a `Box`, an `Arc`, a
/// `LazyLock`. The direction is `request`, `response` or a [`Direction`](crate::model::Direction). The value is anything
/// that serde can serialise. It is held in the `wire` encoding (wire names, epoch seconds); `, parsed` behind it asks for
/// the encoding in which SDKs hand values over. A message with arguments, as of `assert!`, may come last. Findings from a
/// warning on fail; [`harness::conforms`](crate::harness::conforms) gives them as a value.
///
/// ```
/// use std::sync::LazyLock;
///
/// use shapegate::assert_conforms;
/// use shapegate::contract::Contract;
/// use shapegate::model::Direction;
///
/// static CLEANROOMS: LazyLock<Contract> =
///     LazyLock::new(|| Contract::embedded("cleanrooms@2023-08-30").expect("a contract within shapegate"));
///
/// let request = serde_json::json!({"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"});
/// assert_conforms!(CLEANROOMS, "GetMembership", request, &request);
/// assert_conforms!(CLEANROOMS, "GetMembership", Direction::Request, &request, "the {} case", "first");
/// ```
#[macro_export]
macro_rules! assert_conforms {
    ($contract:expr, $operation:expr, request, $($rest:tt)+) => {
        $crate::assert_conforms!(@value $contract, $operation, $crate::harness::expansion::Direction::Request, $($rest)+)
    };
    ($contract:expr, $operation:expr, response, $($rest:tt)+) => {
        $crate::assert_conforms!(@value $contract, $operation, $crate::harness::expansion::Direction::Response, $($rest)+)
    };
    ($contract:expr, $operation:expr, $direction:expr, $($rest:tt)+) => {
        $crate::assert_conforms!(@value $contract, $operation, $direction, $($rest)+)
    };
    // What remains is not for callers: the value, its encoding and the message are taken apart.
    (@value $contract:expr, $operation:expr, $direction:expr, $value:expr, parsed $(, $($message:tt)*)?) => {
        $crate::assert_conforms!(@held $contract, $operation, ($direction, Parsed), $value, $($($message)*)?)
    };
    (@value $contract:expr, $operation:expr, $direction:expr, $value:expr $(, $($message:tt)*)?) => {
        $crate::assert_conforms!(@held $contract, $operation, ($direction, Wire), $value, $($($message)*)?)
    };
    (@held $contract:expr, $operation:expr, ($direction:expr, $encoding:ident), $value:expr,) => {
        $crate::harness::expansion::assert(
            &$contract,
            $operation,
            ($direction, $crate::harness::expansion::Encoding::$encoding),
            &$value,
            ::core::option::Option::None,
        )
    };
    (@held $contract:expr, $operation:expr, ($direction:expr, $encoding:ident), $value:expr, $($message:tt)+) => {
        $crate::harness::expansion::assert(
            &$contract,
            $operation,
            ($direction, $crate::harness::expansion::Encoding::$encoding),
            &$value,
            ::core::option::Option::Some(::core::format_args!($($message)+)),
        )
    };
}
