//! A request for another release of an API than the contract's.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "other-api-version",
    summary: "a request for another version of the API, or another service, than the contract's",
    explain: "\
What it does: reports a request whose `Version` parameter (awsQuery, ec2Query) is not the API version of the contract,
or whose target names another service than the contract's: the part of `X-Amz-Target` before the operation (awsJson), or
of the path `/service/NAME/operation/…` (rpcv2Cbor). It is a warning where the version, or the day at the end of the
target, is an older one, for services take requests for older versions of their own. The request is judged by the
contract all the same.

Why: the service knows its operations by version. It answers `InvalidAction` or `UnknownOperationException` where it has
no such version, while emulators take any.

Example: AssumeRole of STS with `Version=2010-05-08`, which is the version of IAM; `X-Amz-Target:
DynamoDB_20111205.GetItem`.

What to do: correct the version in the client, or check against a model of that version.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::OtherRelease { found, expected }) => {
            is_older(found, expected).then_some(Severity::Warning)
        }
        _ => None,
    },
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

/// Whether two names differ in the day alone that they end with, and the first is the older one.
fn is_older(found: &str, expected: &str) -> bool {
    let ((name, day), (other, other_day)) = (dated(found), dated(expected));
    name == other && day.len() == DAY && other_day.len() == DAY && day < other_day
}

/// Digits of a day.
const DAY: usize = 8;

/// A name and the digits of the day that it ends with: `DynamoDB_20120810`, `2011-06-15`.
fn dated(text: &str) -> (&str, String) {
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    (name, text[name.len()..].replace('-', ""))
}

fn message(finding: &Finding) -> String {
    let (found, expected) = (text::value(finding, "found"), text::value(finding, "expected"));
    let service = finding.service.as_deref().unwrap_or("the service");
    let newer = if is_older(found, expected) { "the newer " } else { "" };
    format!("the request is for {found}; the contract of {service} is for {newer}{expected}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_day_of_the_same_name_is_older() {
        assert!(is_older("2010-05-08", "2011-06-15") && is_older("DynamoDB_20111205", "DynamoDB_20120810"));
        for (found, expected) in [
            ("2011-06-15", "2010-05-08"),
            ("2010-05-08", "2010-05-08"),
            ("Other_20111205", "DynamoDB_20120810"),
            ("2010", "2011-06-15"),
            ("DynamoDB", "DynamoDB_20120810"),
            ("", "2011-06-15"),
        ] {
            assert!(!is_older(found, expected), "{found} {expected}");
        }
    }
}
