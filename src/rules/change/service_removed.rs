//! A service is gone.

use super::{BREAKING, ChangeRule, Mirror, Weights};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "service-removed",
    summary: "a service is gone",
    explain: "\
What it does: reports a service that only the older source holds.

Why: no client can be made for it.

Example: `worklink` is gone.

What to do: stay with the older release, or do without the service.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("service-added"),
    values: |difference| match &difference.change {
        Change::ServiceRemoved => Some(Values::new()),
        _ => None,
    },
    message: |_| "the service is gone".to_owned(),
};
