//! The service has another host.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "endpoint-prefix-changed",
    summary: "the service has another host",
    explain: "\
What it does: reports a service whose host name begins with another label.

Why: recordings, mocks and rules of firewalls have the old one.

Example: `email` becomes `ses`.

What to do: look at what names the host.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::EndpointPrefixChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the endpoint prefix of the service changed {}", text::from_to(finding)),
};
