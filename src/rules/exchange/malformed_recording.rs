//! A part of a recording that cannot be read.

use crate::contract::{Breach, BreachKind};
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct MalformedRecording;

const INFO: Info = Info {
    id: "malformed-recording",
    summary: "a part of a recording that cannot be read",
    explain: "\
What it does: reports a file, or a record within one, that should be a recording and cannot be read: truncated or
invalid JSON, text that is not UTF-8, an empty file, a record without its keys, a file the system refuses. Everything
else is still checked.

Why: traffic that is not read is not checked.

Example: `{\"membership\": {\"id\":` at the end of a file.

What to do: record it again, or remove the file. What loses nothing (a byte order mark, a link in a circle) is told as a
note or warning.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["reason"],
};

impl ExchangeRule for MalformedRecording {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Malformed { reason, harmless } => {
                Some(Values::from([("reason", reason.clone().into()), ("harmless", (*harmless).into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        text::value(finding, "reason").to_owned()
    }

    fn severity(&self, breach: &Breach) -> Severity {
        match breach.kind {
            BreachKind::Malformed { harmless: true, .. } => Severity::Note,
            _ => Severity::Error,
        }
    }
}
