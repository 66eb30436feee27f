//! What the property tests share: how they run, and what they draw.

pub(crate) mod contracts;
pub(crate) mod draw;
pub(crate) mod text;

use std::env;

use proptest::collection::vec;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};

/// Runs a property. The cases are the same on every run, but where `PROPTEST_CASES` or `PROPTEST_RNG_SEED` ask for more
/// or for others: `PROPTEST_CASES=100000 PROPTEST_RNG_SEED=1 cargo test --release --test it properties::`.
pub(crate) fn hold<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let asked = Config::default();
    let config = Config {
        cases: if env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases },
        rng_seed: if env::var_os("PROPTEST_RNG_SEED").is_some() { asked.rng_seed } else { RngSeed::Fixed(20_230_830) },
        // Shrinking takes as long as running: some properties look at megabytes.
        max_shrink_iters: cases * 10,
        // The seed repeats a failure; what is found becomes a test of its own.
        failure_persistence: None,
        ..asked
    };
    if let Err(error) = TestRunner::new(config).run(strategy, property) {
        panic!("{error}");
    }
}

/// Numbers for [`draw::Draw`].
pub(crate) fn choices(most: usize) -> impl Strategy<Value = Vec<u32>> {
    vec(proptest::num::u32::ANY, 0..most)
}
