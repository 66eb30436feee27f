//! Text that is none of the enumeration.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnknownEnumValue;

const INFO: Info = Info {
    id: "unknown-enum-value",
    summary: "text that is none of the enumeration",
    explain: "\
What it does: reports a text that is none of the values its enumeration lists, and names the listed value that is most
like it. A value that differs in upper and lower case alone is told as such.

Why: no SDK refuses it. Typed ones turn it into an unknown variant, and code that switches over the values takes the
default branch.

Example: `\"status\": \"COMPLETED\"` where a protected query's status is SUCCESS.

What to do: use a listed value, or check against the release that added this one.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["found"],
};

impl ExchangeRule for UnknownEnumValue {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::UnknownEnumValue { found, allowed, nearest, only_case } => Some(Values::from([
                ("found", found.clone()),
                ("allowed", allowed.clone().into()),
                ("nearest", nearest.clone().into()),
                ("onlyCase", (*only_case).into()),
            ])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let subject = text::subject(finding);
        let found = text::shown(finding, "found");
        let only_case = finding.values.get("onlyCase") == Some(&true.into());
        let allowed = text::list(finding, "allowed", "and");
        match text::value(finding, "nearest") {
            "" => format!("{subject} is {found}, which is none of {allowed}"),
            nearest if only_case => format!("{subject} is {found}, which differs from {nearest} in case alone"),
            nearest => format!("{subject} is {found}, which is none of {allowed}; nearest is {nearest}"),
        }
    }
}
