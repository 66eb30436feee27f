//! An error that did not come back before.

use super::{Mirror, WireRule};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "error-newly-seen",
        summary: "an error comes back that did not",
        explain: "\
What it does: reports an error code that no exchange of the operation had.

Why: the calls are the same and one of them is refused: often the request changed.

Example: `PutObject` is refused with `NotImplemented` by a service that does not know trailers.

What to do: see what the refused request has that it did not have. If it is meant, `--accept` takes it into the
snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("error-no-longer-seen"),
    values: |change| match change {
        Change::ErrorAppeared => Some(Values::new()),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the error {} comes back", finding.shape.as_deref().unwrap_or_default()),
};
