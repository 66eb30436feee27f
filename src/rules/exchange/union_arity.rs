//! A union without exactly one member.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnionArity;

const INFO: Info = Info {
    id: "union-arity",
    summary: "a union without exactly one member",
    explain: "\
What it does: reports a union with no member or with several. A union holds exactly one.

Why: readers take the first member they know, or none; two SDKs need not take the same.

Example: a protected query's `output` with both `s3` and `memberList`.

What to do: leave one member.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for UnionArity {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Arity { set } => Some(Values::from([("set", set.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        match text::list(finding, "set", "and").as_str() {
            "" => format!("{} is a union and has no member; exactly one belongs there", text::subject(finding)),
            set => format!("{} is a union and has {set}; exactly one member belongs there", text::subject(finding)),
        }
    }
}
