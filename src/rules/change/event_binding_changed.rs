//! A member of an event travels elsewhere.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "event-binding-changed",
    summary: "a member of an event travels elsewhere",
    explain: "\
What it does: reports a member of an event that is its payload, or a header of it, in one of the models.

Why: events are laid out otherwise.

Example: `bytes` becomes the payload of its event.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["payload", "header"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::EventBindingChanged { payload, header } => {
            Some(Values::from([("payload", (*payload).into()), ("header", (*header).into())]))
        }
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is {} of its event now",
            text::subject(finding),
            match (text::flag(finding, "payload"), text::flag(finding, "header")) {
                (true, _) => "the payload",
                (_, true) => "a header",
                _ => "part of the payload",
            }
        )
    },
};
