//! Query parameters that no member explains.

use crate::finding::{Mirror, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static QUERY_PARAMETER_APPEARED: Rule = Rule {
    id: "query-parameter-appeared",
    summary: "a parameter of the URL is sent that was not sent before",
    explain: "\
What it does: reports a parameter of the URL that is not a member and that no request of the operation had.

Why: recordings and mocks are matched by the whole URL.

Example: SDKs for JavaScript of version 3 add `x-id=GetObject` to calls of S3.

What to do: record the operation again, or leave the parameter out of matching. If it is meant, `--accept` takes it
into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["name"],
    mirror: Mirror::Rule("query-parameter-disappeared"),
    message: |finding| format!("the URL has the parameter {}{}", text::name(finding), text::share(finding)),
    ..Rule::WIRE
};

pub(super) static QUERY_PARAMETER_DISAPPEARED: Rule = Rule {
    id: "query-parameter-disappeared",
    summary: "a parameter of the URL is no longer sent",
    explain: "\
What it does: reports a parameter of the URL that is not a member, that some request of the operation had and none has
now.

Why: recordings and mocks are matched by the whole URL.

Example: `list-type=2` is no longer sent.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["name"],
    mirror: Mirror::Rule("query-parameter-appeared"),
    message: |finding| format!("the URL no longer has the parameter {}", text::name(finding)),
    ..Rule::WIRE
};

pub(super) static QUERY_PARAMETER_PRESENCE_CHANGED: Rule = Rule {
    id: "query-parameter-presence-changed",
    summary: "a parameter of the URL is sent always and was not, or the other way round",
    explain: "\
What it does: reports a parameter of the URL, no member, that was in all requests of the operation and is in some,
or the other way round.

Why: recordings and mocks are matched by the whole URL.

Example: `x-id` is in some requests only, for two clients of different releases run side by side.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Warning),
    identity: &["name", "new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the parameter {} was {} sent, and is {} sent",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
    ..Rule::WIRE
};
