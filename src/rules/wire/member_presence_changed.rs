//! A member is there more or less often.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "member-presence-changed",
        summary: "a member is there always and was not, or the other way round",
        explain: "\
What it does: reports a member that was in all structures that may have it and is in some, in requests a warning;
or was in some and is in all, a note.

Why: what is only sometimes there cannot be relied on.

Example: `DelaySeconds` was in each request and is left out where it is 0.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::MemberPresence { old, new, .. } => {
            Some(Values::from([("old", old.as_str().into()), ("new", new.as_str().into())]))
        }
        _ => None,
    },
    lighter: |change| match change {
        Change::MemberPresence { old, new, .. } if old < new => Some(Severity::Note),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} was {} there, and is {} there",
            text::member(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
};
