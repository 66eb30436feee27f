//! Text that does not match its pattern.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "pattern-mismatch",
    summary: "text that does not match its pattern",
    explain: "\
What it does: reports a text that its shape's pattern does not match from end to end. botocore writes patterns without
anchors and means a full match; shapegate reads them so. Where a pattern has an anchor at one end alone and the text has
more at the other, it is a warning: what was meant, the model does not say. A `.*` at an end takes line breaks.

Why: the service refuses such a request. Its own responses break their patterns now and then, so it weighs less there.

Example: `\"roleArn\": \"admin\"`.

What to do: send text of that form. `shapegate schema` shows the pattern as it is checked.
",
    weights: Weights::by_half(Severity::Error, Severity::Warning),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let pattern = text::value(finding, "pattern");
    let open = finding.values.get("halfOpen").is_some();
    let how = if open { "matches but for its open end" } else { "does not match" };
    format!("{} is {}, which {how} {pattern}", text::subject(finding), text::json(finding, "found"))
}
