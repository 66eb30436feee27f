//! A blob is a stream in one model alone.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "streaming-changed",
    summary: "a blob is a stream in one model alone",
    explain: "\
What it does: reports a blob that is streamed in one of the models.

Why: SDKs hand over another kind of object.

Example: `body` of `GetObject` becomes a stream.

What to do: read it as a stream, or as bytes.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["streaming"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::StreamingChanged { streaming } => Some(Values::from([("streaming", (*streaming).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is {} now",
            text::subject(finding),
            if text::flag(finding, "streaming") { "a stream" } else { "no stream" }
        )
    },
};
