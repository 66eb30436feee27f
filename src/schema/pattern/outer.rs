//! The ends of a pattern: what stands for anything before and behind what it asks for.

use std::collections::BTreeSet;

use crate::model::pattern::{Anchored, branches, ends_in_escape};

/// Places of the dots, in characters, that stand for anything as `.*` at an end of a branch. Models write `.*X.*` for
/// text that holds X somewhere, and text has several lines.
pub(super) fn wide_dots(pattern: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut start = 0;
    for branch in branches(pattern) {
        let inner = Anchored::of(branch).inner;
        // Both are within the same text.
        let from = start + branch[..inner.as_ptr() as usize - branch.as_ptr() as usize].chars().count();
        if inner.starts_with(".*") {
            found.insert(from);
        }
        if let Some(before) = inner.strip_suffix(".*").filter(|before| !ends_in_escape(before)) {
            found.insert(from + before.chars().count());
        }
        start += branch.chars().count() + 1;
    }
    found
}

/// The pattern with whatever may stand at ends that are open, where a branch is anchored at one end alone; `None` where
/// none is. Whether its author meant a full match, nothing says.
pub fn open_reading(pattern: &str) -> Option<String> {
    let is_half = |part: &Anchored<'_>| part.start != part.end;
    let parts: Vec<Anchored<'_>> = branches(pattern).map(Anchored::of).collect();
    parts.iter().any(is_half).then(|| {
        let opened = parts.iter().map(|part| match (part.start, part.end) {
            (true, false) => format!("{}.*", part.inner),
            (false, true) => format!(".*{}", part.inner),
            _ => part.inner.to_owned(),
        });
        opened.collect::<Vec<_>>().join("|")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_at_the_ends_of_branches_are_wide() {
        for (pattern, places) in [
            (".*a.*", vec![0, 3]),
            (".*", vec![0]),
            ("^.*a.b.*$", vec![1, 6]),
            (r"a\.*|.*b", vec![5]),
            (r"\u{e9}é.*", vec![7]),
            ("(.*a.*)", vec![]),
            (".+a", vec![]),
        ] {
            let found = wide_dots(pattern);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), places, "{pattern}");
        }
    }

    #[test]
    fn an_end_without_its_anchor_is_open() {
        assert_eq!(open_reading("^ab").as_deref(), Some("ab.*"));
        assert_eq!(open_reading("ab$|^c$|d").as_deref(), Some(".*ab|c|d"));
        assert_eq!((open_reading("ab"), open_reading("^ab$")), (None, None));
    }
}
