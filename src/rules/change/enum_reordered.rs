//! An enumeration lists its values in another order.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "enum-reordered",
    summary: "an enumeration lists its values in another order",
    explain: "\
What it does: reports an enumeration with the same values in another order.

Why: order means nothing.

Example: `CSV, PARQUET` becomes `PARQUET, CSV`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::EnumReordered => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} lists its values in another order", text::subject(finding)),
};
