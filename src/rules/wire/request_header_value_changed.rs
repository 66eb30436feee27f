//! A header of the protocol says something else.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "request-header-value-changed",
        summary: "a header of the protocol says something else",
        explain: "\
What it does: reports another value of a header that belongs to the protocol: media types, encodings, checksum
algorithms, the form of the payload's hash.

Why: the service reads the body by it, and may refuse it or answer otherwise.

Example: `x-amz-content-sha256` goes from UNSIGNED-PAYLOAD to STREAMING-UNSIGNED-PAYLOAD-TRAILER.

What to do: see that what stands between client and service knows the new value. If it is meant, `--accept` takes
it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["name", "new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::HeaderValue { name, old, new } => {
            let mut values = old_new(old, new);
            values.insert("name", name.clone().into());
            Some(values)
        }
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the header {} changed {}", text::name(finding), text::from_to(finding)),
};
