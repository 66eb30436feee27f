//! A member differs in case alone.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-case-renamed",
    summary: "a member differs in case alone",
    explain: "\
What it does: reports a member that is gone where one came that differs from it in upper and lower case alone.

Why: names are compared exactly, so the old one is unknown.

Example: `Dbname` becomes `dbName`.

What to do: rename it wherever it is used.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::MemberCaseRenamed { new } => Some(Values::from([("new", new.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} is now `{}`", text::subject(finding), text::value(finding, "new")),
};
