//! A token is filled in.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "idempotency-token-added",
    summary: "a token is filled in",
    explain: "\
What it does: reports a member that SDKs fill in when it is left out, in the newer model alone.

Why: bodies of requests get a field that is random: recordings stop matching.

Example: `clientRequestToken` of `StartBackup`.

What to do: pass a token of your own in tests, or leave the field out when matching.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, RISKY], [COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("idempotency-token-removed"),
    values: |difference| match &difference.change {
        Change::IdempotencyTokenAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is filled in by SDKs now", text::subject(finding)),
};
