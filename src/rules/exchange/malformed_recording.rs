//! A part of a recording that cannot be read.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "malformed-recording",
    summary: "a part of a recording that cannot be read",
    explain: "\
What it does: reports a file, or a record within one, that should be a recording and cannot be read: truncated or
invalid JSON, text that is not UTF-8, an empty file, a record without its keys, a file the system refuses. A path that
was named and is no recording is a warning. Everything else is still checked.

Why: traffic that is not read is not checked.

Example: `{\"membership\": {\"id\":` at the end of a file.

What to do: record it again, or remove the file. What loses nothing (a byte order mark, a link in a circle) is
reported as a note or warning.
",
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::Malformed { harmless: true, .. }) => Some(Severity::Note),
        Deviation::Breach(BreachKind::NoRecording { .. }) => Some(Severity::Warning),
        _ => None,
    },
    needs_paths: true,
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    text::value(finding, "reason").to_owned()
}
