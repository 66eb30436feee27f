//! A Smithy pattern is searched for; the model's must match all of a text.

use crate::model::pattern::{Anchored, branches, ends_in_escape};

/// The pattern that matches all of those texts which the given one is found in.
///
/// `.` stands for what is before and behind a match, as it does in botocore's models.
pub(super) fn full_match(pattern: &str) -> String {
    let parts: Vec<Anchored> = branches(pattern).map(Anchored::of).collect();
    if parts.iter().all(|part| part.start && part.end) {
        // Anchors within say nothing where all of a text must match; the text stays as botocore has it.
        return Anchored::of(pattern).inner.to_owned();
    }
    parts.iter().map(widened).collect::<Vec<_>>().join("|")
}

/// A branch with whatever may stand before and behind it.
fn widened(part: &Anchored<'_>) -> String {
    let starts_wide = part.start || part.inner.starts_with(".*") || part.inner.starts_with(".+");
    let ends_wide = part.end || ends_with_any(part.inner);
    let before = if starts_wide { "" } else { ".*" };
    let behind = if ends_wide || (part.inner.is_empty() && !starts_wide) { "" } else { ".*" };
    format!("{before}{}{behind}", part.inner)
}

/// Whether a branch ends with a dot repeated without end, so that more of the same says nothing.
fn ends_with_any(branch: &str) -> bool {
    let dot = branch.strip_suffix('*').or_else(|| branch.strip_suffix('+')).and_then(|rest| rest.strip_suffix('.'));
    dot.is_some_and(|before| !ends_in_escape(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_dropped_and_their_absence_is_spelt_out() {
        for (searched, full) in [
            ("^[a-z]+$", "[a-z]+"),
            ("[a-z]+", ".*[a-z]+.*"),
            ("^arn:", "arn:.*"),
            ("suffix$", ".*suffix"),
            ("^(a|b)$", "(a|b)"),
            ("(^a$)", ".*(^a$).*"),
            ("^$", ""),
            ("", ".*"),
        ] {
            assert_eq!(full_match(searched), full, "{searched}");
        }
    }

    #[test]
    fn each_branch_has_its_own_anchors() {
        for (searched, full) in [
            ("^a|b$", "a.*|.*b"),
            ("^a$|^b$", "a$|^b"),
            ("^$|^arn:.+", "|arn:.+"),
            ("a|b", ".*a.*|.*b.*"),
            ("^[|^]$", "[|^]"),
        ] {
            assert_eq!(full_match(searched), full, "{searched}");
        }
    }

    #[test]
    fn what_is_wide_already_stays() {
        for (searched, full) in [
            ("^arn:.*", "arn:.*"),
            (".*x.*", ".*x.*"),
            (".+x$", ".+x"),
            (r"^a\.*", r"a\.*.*"),
            ("^a[b.*]", "a[b.*].*"),
            ("^a[b]c.*", "a[b]c.*"),
            (r"cost\$", r".*cost\$.*"),
        ] {
            assert_eq!(full_match(searched), full, "{searched}");
        }
    }
}
