//! A value of another type than modelled.

use crate::contract::REDACTED;
use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "wrong-type",
    summary: "a value of another type than modelled",
    explain: "\
What it does: reports a value whose JSON type is not the one of its shape: a number where text is modelled, a fraction
where a whole number is, an object where a list is.

Why: dynamic SDKs hand the value on as it is, and code fails far from the cause; typed SDKs refuse the whole response.

Example: `\"totalDurationInMillis\": \"1200\"` where a long is modelled.

What to do: send the value as its own type.
",
    weights: Weights::same(Severity::Error),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

/// Kinds of shape that a text may hold.
const SCALARS: &[&str] =
    &["boolean", "byte", "double", "float", "floating point number", "integer", "long", "short", "whole number"];

fn message(finding: &Finding) -> String {
    let expected = text::value(finding, "expected");
    let found = text::value(finding, "found");
    let subject = text::subject(finding);
    let parts = text::value(finding, "element");
    if !parts.is_empty() {
        return format!("{subject} should be {} {expected} of {parts}, and is not", text::article(expected));
    }
    // Where everything is text, that it is one says nothing.
    if text::flag(finding, "inText") && found == "string" && SCALARS.contains(&expected) {
        let text = text::json(finding, "value");
        let shown = if text.contains(REDACTED) { String::new() } else { format!(" {text}, which is") };
        return format!("{subject} is{shown} not {} {expected}", text::article(expected));
    }
    format!("{subject} should be {} {expected} and is {} {found}", text::article(expected), text::article(found))
}
