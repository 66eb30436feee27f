//! Recordings → [`Coverage`]: which operations, members, values, variants and errors of its contracts traffic has touched.
//!
//! Exchanges come from [`check`](crate::check), by its onlooker: where nobody asks for coverage nothing is counted, and
//! payloads that surely conform are not even parsed into values. What there is to touch is the model's.

mod counting;
mod space;

use crate::check::{Checked, Input, Judged, Options, run};
use crate::error::Result;
use crate::outcome::Coverage;
use counting::Counting;

/// Checks everything in `inputs` and counts what of the contracts it touches. Of `options`, the onlooker is put aside.
///
/// # Errors
/// Those of [`check::run`](crate::check::run).
pub fn run_counting(inputs: Vec<Input>, options: &Options<'_>) -> Result<(Checked, Coverage)> {
    counting(options, |options| run(inputs, options))
}

/// Counts what a check touches.
///
/// # Errors
/// Those of the check.
pub fn counting<T>(options: &Options<'_>, check: impl FnOnce(&Options<'_>) -> Result<T>) -> Result<(T, Coverage)> {
    let counting = Counting::default();
    let onlooker = |judged: &Judged<'_>| {
        counting.add(judged);
        Ok(())
    };
    let checked = check(&Options { onlooker: Some(&onlooker), ..*options })?;
    Ok((checked, counting.finish()))
}
