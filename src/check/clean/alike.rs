//! Whether a copy says what its recording says.

use std::path::Path;

use crate::check::content::MARK;
use crate::check::{Identities, Options};
use crate::finding::Finding;
use crate::recording::{Entry, Format, Source};

/// Which bodies are JSON, in their order. Those of other hosts are judged by nothing else.
pub(super) fn json(path: &Path, bytes: &[u8], format: &dyn Format, options: &Options<'_>) -> Vec<bool> {
    let source = Source::whole(path, bytes.strip_prefix(MARK).unwrap_or(bytes)).within(options.limits);
    let mut are_json = Vec::new();
    format.read(&source, &mut |entry| {
        let Entry::Http(http) = entry else { return };
        let bodies = http.request.body.iter().chain(http.response.iter().filter_map(|response| response.body.as_ref()));
        are_json.extend(bodies.map(|body| serde_json::from_slice::<serde::de::IgnoredAny>(&body.bytes).is_ok()));
    });
    are_json
}

/// Whether two lists of findings say the same of the same places.
pub(super) fn same(before: &[Finding], after: &[Finding], mut identities: Option<&mut Identities>) -> bool {
    let mut pointer = |finding: &Finding| match &mut identities {
        // Keys stand in pointers.
        Some(identities) => identities.without(&finding.pointer).0,
        None => finding.pointer.clone(),
    };
    before.len() == after.len()
        && before.iter().zip(after).all(|(a, b)| {
            (a.location.entry, a.rule.id, a.weight, a.direction, pointer(a))
                == (b.location.entry, b.rule.id, b.weight, b.direction, b.pointer.clone())
        })
}
