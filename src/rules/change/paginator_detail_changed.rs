//! A paginator differs in a lesser key.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "paginator-detail-changed",
    summary: "a paginator differs in a lesser key",
    explain: "\
What it does: reports a paginator that differs in its limit, in what says that there is more, or in results beside the
primary one.

Why: most code sees nothing of it.

Example: a second result key comes.

What to do: look at code that sets the size of pages.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PaginatorDetailChanged => Some(Values::new()),
        _ => None,
    },
    message: |finding| {
        format!(
            "the paginator of {} differs in its limit, in what says that there is more, or in further results",
            text::operations(finding)
        )
    },
};
