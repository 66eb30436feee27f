//! A member is deprecated.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-deprecated",
    summary: "a member is deprecated",
    explain: "\
What it does: reports a member, or a shape, that the newer model alone marks deprecated.

Why: it works as before, but it is announced to go; compilers of typed SDKs warn.

Example: `UsageQuantity` is to be replaced by `UsageQuantityAsDecimal`.

What to do: plan its replacement.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::None("a mark that is taken back promises more than before"),
    values: |difference| match &difference.change {
        Change::MemberDeprecated => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is deprecated", text::subject(finding)),
};
