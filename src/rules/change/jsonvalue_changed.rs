//! A text is parsed as JSON in one model alone.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "jsonvalue-changed",
    summary: "a text is parsed as JSON in one model alone",
    explain: "\
What it does: reports a member that SDKs hand over as parsed JSON by one of the models and as text by the other.

Why: code gets another type.

Example: `PriceList` of pricing in July 2022.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["jsonValue"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::JsonvalueChanged { json_value } => Some(Values::from([("jsonValue", (*json_value).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is {} now",
            text::subject(finding),
            if text::flag(finding, "jsonValue") { "parsed as JSON" } else { "plain text" }
        )
    },
};
