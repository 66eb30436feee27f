//! The service lists other protocols.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;
use crate::model::Protocol;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "protocols-list-changed",
    summary: "the service lists other protocols",
    explain: "\
What it does: reports a service that lists other protocols while clients choose the same one.

Why: a next release may switch.

Example: `rpcv2Cbor` is listed beside `awsJson`.

What to do: nothing yet.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ProtocolsListChanged { old, new } => {
            let names = |list: &[Protocol]| list.iter().map(|protocol| protocol.as_str()).collect::<Vec<_>>();
            Some(old_new(names(old), names(new)))
        }
        _ => None,
    },
    message: |finding| format!("the protocols of the service changed {}", text::from_to(finding)),
};
