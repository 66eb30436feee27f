//! An operation has another name.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-renamed",
    summary: "an operation has another name",
    explain: "\
What it does: reports an operation that is gone where another one with the same method and path came, or one that
differs from it in case alone.

Why: the client method is called otherwise; on the wire a REST call may be the same.

Example: `GetItem` becomes `GetItems` at `GET /items`.

What to do: rename the calls. Recordings of REST services go on matching.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationRenamed { new } => Some(Values::from([("new", new.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} is now {}", text::operations(finding), text::value(finding, "new")),
};
