//! A structure is a stream of events in one model alone.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "eventstream-changed",
    summary: "a structure is a stream of events in one model alone",
    explain: "\
What it does: reports a structure that is an event stream, or an event of one, in one of the models.

Why: messages are framed otherwise.

Example: `chunks` becomes an event stream.

What to do: rewrite what sends or reads it.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["eventStream"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::EventstreamChanged { event_stream } => Some(Values::from([("eventStream", (*event_stream).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is {} now",
            text::subject(finding),
            if text::flag(finding, "eventStream") { "part of an event stream" } else { "part of no event stream" }
        )
    },
};
