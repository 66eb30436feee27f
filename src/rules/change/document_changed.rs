//! A structure became a free document, or one a structure.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "document-changed",
    summary: "a structure became a free document, or one a structure",
    explain: "\
What it does: reports a shape that is any JSON in one model and has a type in the other.

Why: SDKs hand it over in another form.

Example: `inputSchema` was a structure and is any JSON now.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["document"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::DocumentChanged { document } => Some(Values::from([("document", (*document).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {}",
            text::subject(finding),
            if text::flag(finding, "document") { "is any JSON now" } else { "has members of its own now" }
        )
    },
};
