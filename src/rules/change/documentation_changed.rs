//! The documentation differs.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "documentation-changed",
    summary: "the documentation differs",
    explain: "\
What it does: reports that the words of the documentation differ, by a digest of them; they are not read.

Why: words change no message, though they may tell of a change that the model does not show.

Example: a sentence about limits comes.

What to do: read the change log of the release.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::DocumentationChanged => Some(Values::new()),
        _ => None,
    },
    message: |_| "the words of the documentation differ".to_owned(),
};
