//! The service takes other signing schemes.

use super::{ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "auth-schemes-changed",
    summary: "the service takes other signing schemes",
    explain: "\
What it does: reports a service whose list of signing schemes differs as it takes effect.

Why: credentials that worked may not, or others are preferred.

Example: `smithy.api#httpBearerAuth` comes first.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::AuthSchemesChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the signing schemes of the service changed {}", text::from_to(finding)),
};
