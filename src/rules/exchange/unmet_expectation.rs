//! A presence expectation that does not hold.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unmet-expectation",
    summary: "a presence expectation that does not hold",
    explain: "\
What it does: reports an exchange that does not meet an expectation: a statement about presence that types cannot make,
such as \"no result while the query has not ended\". Shipped ones are in schemas/expectations; `--expectations DIR` adds
your own.

Why: each half may be well formed and the exchange still wrong.

Example: a protected query that is SUBMITTED and has a `result` already.

What to do: look at the statement. One that the documentation states is an error, one that is inferred a warning.
",
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::Unmet { stated: false, .. }) => Some(Severity::Warning),
        _ => None,
    },
    identity: &["expectation"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let statement = text::value(finding, "statement").trim_end_matches('.');
    let source = if finding.values.get("stated") == Some(&true.into()) { "documented" } else { "inferred" };
    let (expectation, reason) = (text::value(finding, "expectation"), text::value(finding, "reason"));
    format!("{statement} ({source}; {expectation}): {reason}")
}
