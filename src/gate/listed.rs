//! How many findings a report lists. Those beyond are judged, approved and counted as all others are.

use std::cmp::Reverse;

use crate::finding::Severity;

/// The properties of a finding that statistics count by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// Canonical name of the service, where it is known.
    pub service: Option<String>,
    /// Operation, where it is known and the only one.
    pub operation: Option<String>,
    /// Id of the rule.
    pub rule: &'static str,
    /// Its level.
    pub level: Severity,
}

/// Takes out of lists, in this order, what is beyond a number of items: the least severe, and of those alike the last.
pub(super) fn beyond<T>(most: Option<usize>, lists: &mut [&mut Vec<T>], level: fn(&T) -> Severity) -> Vec<T> {
    let levels: Vec<Severity> = lists.iter().flat_map(|list| list.iter().map(level)).collect();
    let Some(most) = most.filter(|most| *most < levels.len()) else { return Vec::new() };
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by_key(|at| Reverse(levels[*at]));
    let mut is_listed = vec![false; levels.len()];
    order[..most].iter().for_each(|at| is_listed[*at] = true);
    let mut is_listed = is_listed.into_iter();
    let beyond =
        lists.iter_mut().flat_map(|list| list.extract_if(.., |_| is_listed.next() == Some(false)).collect::<Vec<_>>());
    beyond.collect()
}
