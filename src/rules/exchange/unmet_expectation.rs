//! A presence expectation that does not hold.

use crate::contract::{Breach, BreachKind};
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnmetExpectation;

const INFO: Info = Info {
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
    request: Severity::Error,
    response: Severity::Error,
    identity: &["expectation"],
};

impl ExchangeRule for UnmetExpectation {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Unmet { expectation, statement, stated, reason } => Some(Values::from([
                ("expectation", expectation.clone().into()),
                ("statement", statement.clone().into()),
                ("stated", (*stated).into()),
                ("reason", reason.clone().into()),
            ])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let statement = text::value(finding, "statement").trim_end_matches('.');
        let source = if finding.values.get("stated") == Some(&true.into()) { "documented" } else { "inferred" };
        let (expectation, reason) = (text::value(finding, "expectation"), text::value(finding, "reason"));
        format!("{statement} ({source}; {expectation}): {reason}")
    }

    fn severity(&self, breach: &Breach) -> Severity {
        match breach.kind {
            BreachKind::Unmet { stated: false, .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
