//! Bounds and patterns, by what they mean.

use std::cmp::Ordering;

use super::{Change, Way};
use crate::model::pattern::{Anchored, branches};
use crate::model::{Bound, Constraints, End};

/// What became of both bounds. A number may be below 0, nothing else is: there, a minimum of 0 says nothing.
pub(super) fn bounds(old: &Constraints, new: &Constraints, is_number: bool) -> impl Iterator<Item = Change> {
    let effective = |min: &Option<Bound>| min.clone().filter(|min| is_number || min.as_f64() != Some(0.0));
    let min = bound(End::Min, effective(&old.min), effective(&new.min));
    let noop = min.is_none() && old.min.is_some() != new.min.is_some();
    let max = bound(End::Max, old.max.clone(), new.max.clone());
    min.into_iter().chain(max).chain(noop.then_some(Change::ConstraintNoop))
}

fn bound(end: End, old: Option<Bound>, new: Option<Bound>) -> Option<Change> {
    let way = match (&old, &new) {
        (None, None) => return None,
        (None, Some(_)) => Way::Added,
        (Some(_), None) => Way::Removed,
        (Some(one), Some(two)) => match (order(one, two), end) {
            (Ordering::Equal, _) => return None,
            (Ordering::Less, End::Min) | (Ordering::Greater, End::Max) => Way::Tightened,
            (Ordering::Greater, End::Min) | (Ordering::Less, End::Max) => Way::Loosened,
        },
    };
    Some(Change::BoundChanged { end, old, new, way })
}

/// Whole numbers exactly, others as they are read.
fn order(one: &Bound, other: &Bound) -> Ordering {
    let whole = |bound: &Bound| bound.as_i64().map(i128::from).or_else(|| bound.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// What became of a pattern, which must match all of a text, so that anchors at its ends say nothing.
pub(super) fn patterns(old: Option<&str>, new: Option<&str>) -> Option<Change> {
    match (old, new) {
        (Some(old), Some(new)) if old == new => None,
        (Some(one), Some(two)) => {
            let (old, new) = (one.to_owned(), two.to_owned());
            Some(if without_anchors(one) == without_anchors(two) {
                Change::PatternAnchorsChanged { old, new }
            } else {
                Change::PatternChanged { old, new }
            })
        }
        (None, Some(new)) => Some(Change::PatternAdded { new: new.to_owned() }),
        (Some(old), None) => Some(Change::PatternRemoved { old: old.to_owned() }),
        (None, None) => None,
    }
}

/// A pattern without anchors at the ends of its branches. All of a text must match, so there they say nothing.
fn without_anchors(pattern: &str) -> String {
    branches(pattern).map(|branch| Anchored::of(branch).inner).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(min: Option<i64>, max: Option<i64>) -> Constraints {
        Constraints { min: min.map(Bound::from), max: max.map(Bound::from), pattern: None }
    }

    fn ways(old: &Constraints, new: &Constraints, is_number: bool) -> Vec<String> {
        let told = bounds(old, new, is_number).map(|change| match change {
            Change::BoundChanged { end, way, .. } => format!("{end:?} {way:?}"),
            other => format!("{other:?}"),
        });
        told.collect()
    }

    #[test]
    fn bounds_by_what_they_allow() {
        let none = of(None, None);
        assert_eq!(ways(&of(Some(1), Some(5)), &of(Some(2), Some(4)), false), ["Min Tightened", "Max Tightened"]);
        assert_eq!(ways(&of(Some(2), Some(4)), &of(Some(1), Some(5)), false), ["Min Loosened", "Max Loosened"]);
        assert_eq!(ways(&none, &of(Some(1), Some(5)), false), ["Min Added", "Max Added"]);
        assert_eq!(ways(&of(Some(1), Some(5)), &none, false), ["Min Removed", "Max Removed"]);
        assert_eq!(ways(&of(Some(1), None), &of(Some(1), None), false), [""; 0]);
        assert_eq!(ways(&none, &of(Some(0), None), false), ["ConstraintNoop"]);
        assert_eq!(ways(&of(Some(0), None), &of(Some(1), None), false), ["Min Added"]);
        assert_eq!(ways(&none, &of(Some(0), None), true), ["Min Added"]);
        assert_eq!(ways(&of(None, Some(i64::MAX)), &of(None, Some(i64::MAX - 1)), true), ["Max Tightened"]);
    }

    #[test]
    fn anchors_at_the_ends_say_nothing() {
        for (old, new) in [
            ("a+", "^a+$"),
            ("a|b", "^a|b$"),
            ("^$|a", "$|a"),
            ("^a", "a$"),
            ("(a|b)", "^(a|b)$"),
            ("[|]", "^[|]$"),
            (r"a\\", r"a\\$"),
        ] {
            let told = patterns(Some(old), Some(new));
            assert!(matches!(told, Some(Change::PatternAnchorsChanged { .. })), "{old} {new} {told:?}");
        }
        for (old, new) in [("a|b", "^(a|c)$"), (r"a\$", "a"), (r"a\$", r"a\"), ("a", ".*a.*"), ("a", "b")] {
            let told = patterns(Some(old), Some(new));
            assert!(matches!(told, Some(Change::PatternChanged { .. })), "{old} {new} {told:?}");
        }
        assert_eq!(patterns(Some("a"), Some("a")), None);
        assert!(matches!(patterns(None, Some("a")), Some(Change::PatternAdded { .. })));
        assert!(matches!(patterns(Some("a"), None), Some(Change::PatternRemoved { .. })));
    }
}
