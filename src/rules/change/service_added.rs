//! A service is new.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "service-added",
    summary: "a service is new",
    explain: "\
What it does: reports a service that only the newer source holds.

Why: nothing that is called today is concerned.

Example: `cleanroomsml` came in botocore 1.33.3.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("service-removed"),
    values: |difference| match &difference.change {
        Change::ServiceAdded => Some(Values::new()),
        _ => None,
    },
    message: |_| "the service is new".to_owned(),
};
