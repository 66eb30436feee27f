//! A member is part of the host in one model alone.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "host-label-changed",
    summary: "a member is part of the host in one model alone",
    explain: "\
What it does: reports a member that is written into the host name by one of the models.

Why: recordings and mocks that match on the host have the old one.

Example: `AccountId` becomes part of the host.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["hostLabel"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HostLabelChanged { host_label } => Some(Values::from([("hostLabel", (*host_label).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {} part of the host",
            text::subject(finding),
            if text::flag(finding, "hostLabel") { "is now" } else { "is no longer" }
        )
    },
};
