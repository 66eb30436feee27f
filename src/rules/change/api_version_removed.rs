//! An API version of a service is gone.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "api-version-removed",
    summary: "an API version of a service is gone",
    explain: "\
What it does: reports an API version of a service that only the older source holds.

Why: a client that names it cannot be made.

Example: `2019-03-26` of cloudfront is gone.

What to do: name another version, or none.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["version"],
    mirror: Mirror::Rule("api-version-added"),
    values: |difference| match &difference.change {
        Change::ApiVersionRemoved { version } => Some(Values::from([("version", version.clone().into())])),
        _ => None,
    },
    message: |finding| format!("API version {} is gone", text::value(finding, "version")),
};
