//! A union without exactly one member.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "union-arity",
    summary: "a union without exactly one member",
    explain: "\
What it does: reports a union with no member or with several. A union holds exactly one.

Why: readers take the first member they know, or none; two SDKs need not take the same.

Example: a protected query's `output` with both `s3` and `memberList`.

What to do: leave one member.
",
    weights: Weights::same(Severity::Error),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    match text::list(finding, "set", "and").as_str() {
        "" => format!("{} is a union and has no member; exactly one belongs there", text::subject(finding)),
        set => format!("{} is a union and has {set}; exactly one member belongs there", text::subject(finding)),
    }
}
