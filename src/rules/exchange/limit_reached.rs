//! A part of a recording that exceeds a limit.

use crate::contract::BreachKind;
use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "limit-reached",
    summary: "a part of a recording that is larger, deeper or more than what is read",
    explain: "\
What it does: reports a record, document or body that exceeds a limit: bytes of a record (one line of a file of records,
or one exchange of a list; the file may be of any size), bytes or values of a document, bytes that a body or an archive
unpacks to, values of a payload or levels of them. That part is not judged; everything else is.

Why: input from elsewhere must not take all time and memory, and what is not judged must not look clean.

Example: a line of 1 GiB without a line feed.

What to do: where the recording is meant to be so, set the limit higher: `--limit record-bytes=200000000`.
",
    weights: Weights::same(Severity::Error),
    identity: &["limit"],
    needs_paths: true,
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let Some(BreachKind::LimitReached { limit, about, most }) = finding.deviation.breach() else {
        return text::value(finding, "limit").to_owned();
    };
    format!("more than {most} {about}: it is not read (limit `{limit}`)")
}
