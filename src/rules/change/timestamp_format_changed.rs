//! A timestamp is written in another form.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "timestamp-format-changed",
    summary: "a timestamp is written in another form",
    explain: "\
What it does: reports a timestamp whose form differs as it takes effect: by the member, the shape, the place, or the
protocol.

Why: text on the wire differs; SDKs hand over the same.

Example: `createTime` was a number of seconds and is ISO 8601 now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::TimestampFormatChanged { old, new } => Some(old_new(old.as_str(), new.as_str())),
        _ => None,
    },
    message: |finding| format!("{} is written in another form, {}", text::subject(finding), text::from_to(finding)),
};
