//! A service has another API version.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "api-version-added",
    summary: "a service has another API version",
    explain: "\
What it does: reports an API version of a service that only the newer source holds. Models are compared by the newest
version of each source.

Why: clients take the newest version unless told otherwise, so that calls may change.

Example: `2020-05-31` comes beside `2019-03-26` of cloudfront.

What to do: look at the differences told beside it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["version"],
    mirror: Mirror::Rule("api-version-removed"),
    values: |difference| match &difference.change {
        Change::ApiVersionAdded { version } => Some(Values::from([("version", version.clone().into())])),
        _ => None,
    },
    message: |finding| format!("API version {} is new", text::value(finding, "version")),
};
