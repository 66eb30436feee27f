//! A token is not filled in any more.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "idempotency-token-removed",
    summary: "a token is not filled in any more",
    explain: "\
What it does: reports a member that SDKs filled in when it was left out, by the older model.

Why: callers must pass it, or calls are no longer safe to repeat.

Example: `clientToken` must be passed.

What to do: pass it.
",
    weights: Weights::each([BREAKING, RISKY, RISKY], [COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("idempotency-token-added"),
    values: |difference| match &difference.change {
        Change::IdempotencyTokenRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is not filled in by SDKs any more", text::subject(finding)),
};
