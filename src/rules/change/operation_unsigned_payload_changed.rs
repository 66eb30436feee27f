//! The body is signed in one model alone.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-unsigned-payload-changed",
    summary: "the body is signed in one model alone",
    explain: "\
What it does: reports an operation whose body is left out of the signature in one of the models.

Why: the header with the digest of the body is another.

Example: `PutThing` is sent with `UNSIGNED-PAYLOAD`.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["unsigned"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationUnsignedPayloadChanged { unsigned } => Some(Values::from([("unsigned", (*unsigned).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "the body of {} {} signed",
            text::operations(finding),
            if text::flag(finding, "unsigned") { "is no longer" } else { "is now" }
        )
    },
};
