//! An error that does not come back any more.

use super::{Mirror, WireRule};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "error-no-longer-seen",
        summary: "an error does not come back any more",
        explain: "\
What it does: reports an error code that some exchange of the operation had and none has any more.

Why: its handling has no traffic any more.

Example: `PutObject` is not refused with `BadDigest` any more.

What to do: see that the traffic still exercises what it should. If it is meant, `--accept` takes it into the
snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("error-newly-seen"),
    values: |change| match change {
        Change::ErrorGone => Some(Values::new()),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| {
        format!("the error {} does not come back any more", finding.shape.as_deref().unwrap_or_default())
    },
};
