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

/// The lines of a recording, from 1, in which its copy masks something that is no mask itself. A value that stands on several
/// lines and on fewer in the copy, such as a folded header, is told by all of its own.
pub(super) fn open_lines(plain: &[u8], copy: &[u8]) -> Vec<usize> {
    let lines = |text| <[u8]>::split(text, |byte| *byte == b'\n').collect::<Vec<_>>();
    let (own, copied) = (lines(plain), lines(copy));
    let (mut at, mut in_copy, mut open) = (0, 0, Vec::new());
    while at < own.len() || in_copy < copied.len() {
        let (rest, rest_of_copy) = (own.get(at..).unwrap_or_default(), copied.get(in_copy..).unwrap_or_default());
        // Where all that is left has as many lines, each is the copy of one.
        let (taken, given) =
            if rest.len() == rest_of_copy.len() { (rest.len(), rest.len()) } else { before_common(rest, rest_of_copy) };
        if taken == given {
            let pairs = (at + 1..).zip(rest.iter().zip(rest_of_copy).take(taken));
            open.extend(pairs.filter(|(_, (own, copied))| is_open(own, copied)).map(|(line, _)| line));
        } else {
            open.extend((at..at + taken.max(1)).map(|line| own.len().min(line + 1)));
        }
        // The line that both have is passed over.
        let common = usize::from(own.get(at + taken).is_some_and(|line| copied.get(in_copy + given) == Some(line)));
        (at, in_copy) = (at + taken + common, in_copy + given + common);
    }
    open.dedup();
    open
}

/// Lines that are looked at for those that both have: as many as a folded value may take.
const LOOKED_AT: usize = 64;

/// How many lines of each come before the next two that both have, for one alone may stand in many places; one of each where
/// none are near.
fn before_common(own: &[&[u8]], copied: &[&[u8]]) -> (usize, usize) {
    let is_common = |(taken, given): &(usize, usize)| {
        let (own, copied) = (own.get(*taken..).unwrap_or_default(), copied.get(*given..).unwrap_or_default());
        let enough = if taken + given == 0 { 1 } else { 2 };
        !own.is_empty() && own.iter().take(enough).eq(copied.iter().take(enough))
    };
    let ways = (0..LOOKED_AT).flat_map(|sum| (0..=sum).map(move |given| (sum - given, given)));
    ways.into_iter().find(is_common).unwrap_or((own.len().min(1), copied.len().min(1)))
}

/// Whether a line differs from that of the copy in something that is no mask itself.
fn is_open(own: &[u8], copied: &[u8]) -> bool {
    let differs = |(own, copied): (&u8, &u8)| own != copied && !is_of_a_mask(char::from(*own));
    own.len() != copied.len() || own.iter().zip(copied).any(differs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_told_in_which_something_is_open() {
        let told = |own: &[&str], copy: &[&str]| open_lines(own.join("\n").as_bytes(), copy.join("\n").as_bytes());
        assert!(told(&["a", "b", ""], &["a", "b", ""]).is_empty());
        assert_eq!(told(&["a: secret", "b", "c: other"], &["a: xxxxxx", "b", "c: xxxxx"]), [1, 3]);
        assert!(told(&["a: x1xxX0", "b: xx1x"], &["a: xxxxxx", "b: xxxx"]).is_empty(), "masks of another mask");
        // Folded on three lines, and on one in the copy.
        let own = ["h:", "- one", "  two", "  three", "s: 1", "t: 2", "u: abc"];
        assert_eq!(told(&own, &["h:", "- xxx", "s: 1", "t: 2", "u: xxx"]), [2, 3, 4, 7]);
        let (own, copy) = (["- |", "  one", "h:", "- |", "  b"], ["- xxx", "h:", "- |", "  b"]);
        assert_eq!(told(&own, &copy), [1, 2], "a line that stands in many places");
        assert_eq!(told(&["h:", "- one", "  two"], &["h:", "- xxx"]), [2, 3], "at the end");
        assert_eq!(told(&["h: one", "s"], &["h:", "  xxx", "s"]), [1], "on more lines in the copy");
        assert_eq!(told(&["s"], &["s", "t"]), [1]);
    }

    #[test]
    fn long_texts_without_a_line_in_common_end() {
        let text = |word: &str, lines: usize| vec![word; lines].join("\n");
        assert_eq!(open_lines(text("one", 3_000).as_bytes(), text("two", 2_000).as_bytes()).len(), 3_000);
    }
}
