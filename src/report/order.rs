//! The order in which differences between models are listed: a page or a screen shows the first of them alone.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::finding::{Finding, Severity};

/// What recorded traffic uses comes first, then what weighs most; among alike ones services take turns, so that one service
/// with many does not hide the others.
pub(super) fn in_turn<T>(all: Vec<T>, finding: impl Fn(&T) -> &Finding, is_unused: impl Fn(&T) -> bool) -> Vec<T> {
    let mut turns: HashMap<(bool, Severity, Option<String>), usize> = HashMap::new();
    let mut placed: Vec<_> = all
        .into_iter()
        .map(|one| {
            let (unused, weight) = (is_unused(&one), finding(&one).weight);
            let turn = turns.entry((unused, weight, finding(&one).service.clone())).or_default();
            *turn += 1;
            ((unused, Reverse(weight), *turn), one)
        })
        .collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, one)| one).collect()
}

/// Whether traffic was asked, no exchange has its subject, and nothing recorded is broken by it.
pub(super) fn is_unused(finding: &Finding) -> bool {
    finding.is_unused() && finding.witness().is_none_or(|witness| witness.recorded.is_none())
}

#[cfg(test)]
mod tests {
    use super::super::tests::gate;
    use super::*;

    #[test]
    fn services_take_turns_and_what_is_used_comes_first() {
        let template = gate().findings.into_iter().next().expect("differences");
        let of = |(service, weight, unused): (&str, Severity, bool)| {
            let mut finding = template.clone();
            (finding.service, finding.weight) = (Some(service.to_owned()), weight);
            (finding, unused)
        };
        let (error, warning) = (Severity::Error, Severity::Warning);
        let all = [
            ("a", error, true),
            ("a", warning, false),
            ("a", error, false),
            ("a", error, false),
            ("a", error, false),
            ("b", error, false),
            ("c", error, false),
            ("c", error, false),
        ];
        let placed = in_turn(all.map(of).to_vec(), |(finding, _)| finding, |(_, unused)| *unused);
        let shown: Vec<(&str, Severity, bool)> = placed
            .iter()
            .map(|(finding, unused)| (finding.service.as_deref().unwrap_or_default(), finding.weight, *unused))
            .collect();
        let expected = [
            ("a", error, false),
            ("b", error, false),
            ("c", error, false),
            ("a", error, false),
            ("c", error, false),
            ("a", error, false),
            ("a", warning, false),
            ("a", error, true),
        ];
        assert_eq!(shown, expected);
    }
}
