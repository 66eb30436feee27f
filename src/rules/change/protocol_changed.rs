//! The service is spoken to in another protocol.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "protocol-changed",
    summary: "the service is spoken to in another protocol",
    explain: "\
What it does: reports a service whose protocol differs, as clients choose it. What differs in the layout of messages
is part of it and not told again.

Why: code stays as it is; every recording and mock of the service has the old form.

Example: SQS changed from awsQuery to awsJson in botocore 1.31.81.

What to do: record all its traffic again; `shapegate check` reads either form.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ProtocolChanged { old, new } => Some(old_new(old.as_str(), new.as_str())),
        _ => None,
    },
    message: |finding| format!("the protocol of the service changed {}", text::from_to(finding)),
};
