//! The rules that choose an endpoint differ.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "endpoint-rules-changed",
    summary: "the rules that choose an endpoint differ",
    explain: "\
What it does: reports endpoint rules that differ, by a digest of them.

Why: what they mean takes evaluating them for each region and setting, which is not done.

Example: a partition comes.

What to do: look at hosts of recorded traffic after the upgrade: `shapegate snapshot`.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::EndpointRulesChanged => Some(Values::new()),
        _ => None,
    },
    message: |_| "the endpoint rules of the service differ; what they choose was not evaluated".to_owned(),
};
