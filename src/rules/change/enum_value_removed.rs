//! An enumeration lost a value.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "enum-value-removed",
    summary: "an enumeration lost a value",
    explain: "\
What it does: reports a value that only the older model lists.

Why: the service refuses it in requests, and constants of typed SDKs are gone.

Example: `MemberAbility` has no `CAN_AUDIT` any more.

What to do: use another value; `--traffic` says where it occurs.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [RISKY, BREAKING, RISKY]),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-added"),
    values: |difference| match &difference.change {
        Change::EnumValueRemoved { value } => Some(Values::from([("value", value.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} has no value {} any more", text::subject(finding), text::value(finding, "value")),
};
