//! A parameter of the URL that is not sent any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "query-parameter-disappeared",
        summary: "a parameter of the URL is not sent any more",
        explain: "\
What it does: reports a parameter of the URL that is no member, that some request of the operation had and none has
any more.

Why: recordings and mocks are matched by the whole URL.

Example: `list-type=2` is not sent any more.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["name"],
    },
    mirror: Mirror::Rule("query-parameter-appeared"),
    values: |change| match change {
        Change::QueryGone { name } => Some(Values::from([("name", name.clone().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the URL does not have the parameter {} any more", text::name(finding)),
};
