//! Text that does not match its pattern.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct PatternMismatch;

const INFO: Info = Info {
    id: "pattern-mismatch",
    summary: "text that does not match its pattern",
    explain: "\
What it does: reports a text that its shape's pattern does not match from end to end. botocore writes patterns without
anchors and means a full match; shapegate reads them so.

Why: the service refuses such a request. Its own responses break their patterns now and then, so it weighs less there.

Example: `\"roleArn\": \"admin\"`.

What to do: send text of that form. `shapegate schema` shows the pattern as it is checked.
",
    request: Severity::Error,
    response: Severity::Warning,
    identity: &[],
};

impl ExchangeRule for PatternMismatch {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Pattern { found, pattern } => {
                Some(Values::from([("found", found.clone()), ("pattern", pattern.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let pattern = text::value(finding, "pattern");
        format!("{} is {}, which does not match {pattern}", text::subject(finding), text::shown(finding, "found"))
    }
}
