//! Requests are signed for another name.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "signing-name-changed",
    summary: "requests are signed for another name",
    explain: "\
What it does: reports a service whose name within signatures differs.

Why: policies, proxies and recordings that look at the scope have the old one.

Example: `ses` becomes `email`.

What to do: look at what reads the credential scope.
",
    weights: Weights::both([BREAKING, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::SigningNameChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the signing name of the service changed {}", text::from_to(finding)),
};
