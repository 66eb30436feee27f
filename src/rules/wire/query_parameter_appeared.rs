//! A parameter of the URL that was not sent before.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "query-parameter-appeared",
        summary: "a parameter of the URL is sent that was not sent before",
        explain: "\
What it does: reports a parameter of the URL that is no member and that no request of the operation had.

Why: recordings and mocks are matched by the whole URL.

Example: SDKs for JavaScript of version 3 add `x-id=GetObject` to calls of S3.

What to do: record the operation again, or leave the parameter out of matching. If it is meant, `--accept` takes it
into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["name"],
    },
    mirror: Mirror::Rule("query-parameter-disappeared"),
    values: |change| match change {
        Change::QueryAppeared { name, sent } => {
            Some(Values::from([("name", name.clone().into()), ("sent", sent.as_str().into())]))
        }
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the URL has the parameter {}{}", text::name(finding), text::share(finding)),
};
