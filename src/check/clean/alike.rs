//! Whether a copy says what its recording says.

use std::path::Path;

use crate::check::content::MARK;
use crate::check::{Identities, Options};
use crate::finding::Finding;
use crate::model::Direction;
use crate::recording::credential::is_of_a_mask;
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
    let key = |finding: &Finding, pointer: String| {
        let Finding { location, rule, weight, direction, .. } = finding;
        (location.entry, rule.id, *weight, direction.map(Direction::as_str), pointer)
    };
    let mut before: Vec<_> = before.iter().map(|finding| key(finding, pointer(finding))).collect();
    let mut after: Vec<_> = after.iter().map(|finding| key(finding, finding.pointer.clone())).collect();
    // What was in a file of its own stands elsewhere in the copy, and with it its findings.
    before.sort_unstable();
    after.sort_unstable();
    before == after
}

/// The lines of a recording, from 1, in which its copy masks something that is no mask itself. Where the copy has other lines
/// the first one stands for all.
pub(super) fn open_lines(plain: &[u8], copy: &[u8]) -> Vec<usize> {
    let lines = |text| <[u8]>::split(text, |byte| *byte == b'\n');
    if lines(plain).count() != lines(copy).count() {
        return vec![1];
    }
    let is_open = |(own, copied): (&[u8], &[u8])| {
        let differs = |(own, copied): (&u8, &u8)| own != copied && !is_of_a_mask(char::from(*own));
        own.len() != copied.len() || own.iter().zip(copied).any(differs)
    };
    let both = (1..).zip(lines(plain).zip(lines(copy)));
    both.filter(|(_, both)| is_open(*both)).map(|(line, _)| line).collect()
}
