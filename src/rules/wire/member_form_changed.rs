//! A member's value is written in another form.

use super::{Mirror, WireRule, lighter_if_more, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "member-form-changed",
        summary: "a value is written in another form",
        explain: "\
What it does: reports a member whose values are of other forms than before: a number for a string, ISO 8601 for
epoch seconds, an empty list, null. Where forms are only added, or only fewer, it is a warning.

Why: the service may refuse what it cannot read, or read it otherwise; recordings that are matched by body do not
match. In a response it is a note: check judges it by the contract.

Example: a timestamp was 1693562400 and is 2023-09-01T10:00:00Z, for the protocol changed.

What to do: hold the traffic against the contract with `shapegate check`. If it is meant, `--accept` takes it into
the snapshot.
",
        request: Severity::Error,
        response: Severity::Note,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::MemberForm { old, new, .. } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |change| match change {
        Change::MemberForm { old, new, .. } => lighter_if_more(old, new),
        _ => None,
    },
    message: |finding| format!("the form of {} changed {}", text::member(finding), text::from_to(finding)),
};
