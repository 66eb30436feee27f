//! Text that is none of the enumeration.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unknown-enum-value",
    summary: "text that is none of the enumeration",
    explain: "\
What it does: reports a text that is none of the values its enumeration lists, and names the listed value that is most
like it. A value that differs in upper and lower case alone is reported as such.

Why: no SDK refuses it. Typed ones turn it into an unknown variant, and code that switches over the values takes the
default branch.

Example: `\"status\": \"COMPLETED\"` where a protected query's status is SUCCESS.

What to do: use a listed value, or check against the release that added this one.
",
    weights: Weights::same(Severity::Error),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let subject = text::subject(finding);
    let found = text::json(finding, "found");
    let only_case = finding.values.get("onlyCase") == Some(&true.into());
    let allowed = text::some(finding, "allowed");
    match text::value(finding, "nearest") {
        "" => format!("{subject} is {found}, which is none of {allowed}"),
        nearest if only_case => format!("{subject} is {found}, which differs from {nearest} in case alone"),
        nearest => format!("{subject} is {found}, which is none of {allowed}; nearest is {nearest}"),
    }
}
