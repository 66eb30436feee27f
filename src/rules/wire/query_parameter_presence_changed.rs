//! A parameter of the URL is sent more or less often.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "query-parameter-presence-changed",
        summary: "a parameter of the URL is sent always and was not, or the other way round",
        explain: "\
What it does: reports a parameter of the URL, no member, that was in all requests of the operation and is in some,
or the other way round.

Why: recordings and mocks are matched by the whole URL.

Example: `x-id` is in some requests only, for two clients of different releases run side by side.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["name"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::QueryPresence { name, old, new } => Some(Values::from([
            ("name", name.clone().into()),
            ("old", old.as_str().into()),
            ("new", new.as_str().into()),
        ])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| {
        format!(
            "the parameter {} was {} sent, and is {} sent",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
};
