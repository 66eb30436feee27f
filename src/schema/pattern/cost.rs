//! How large a pattern is for an engine, so that one which is taken for certain need not be tried.

use regex_syntax::hir::{Class, Hir, HirKind};

/// States of an automaton that every engine here takes. Its limit is ten megabytes, which are more than a hundred thousand.
const CHEAP: u64 = 20_000;

/// Whether an engine takes the pattern for certain: its syntax is what engines without backtracking read, and it is small.
pub(super) fn is_cheap(translated: &str) -> bool {
    let parsed = regex_syntax::Parser::new().parse(translated);
    parsed.is_ok_and(|hir| states(&hir) <= CHEAP)
}

/// The largest number that a part is repeated, as it stands in braces; 0 where none does.
pub fn largest_count(translated: &str) -> u64 {
    let inner = translated.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(inner, _)| inner));
    inner.flat_map(|inner| inner.split(',')).filter_map(|count| count.trim().parse().ok()).max().unwrap_or_default()
}

/// States of its automaton, at most.
fn states(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        // A range of characters beyond ASCII is several sequences of bytes.
        HirKind::Class(Class::Unicode(class)) if !class.is_ascii() => 24 * class.ranges().len() as u64,
        HirKind::Class(Class::Unicode(class)) => 1 + class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => 1 + class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1));
            (states(&repetition.sub) + 1).saturating_mul(times)
        }
        HirKind::Capture(capture) => states(&capture.sub).saturating_add(2),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().map(states).fold(all.len() as u64, u64::saturating_add)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_in_braces() {
        for (pattern, count) in [("a{2,30}b{7}", 30), ("a{5,}", 5), ("a+", 0), (r"\p{L}{3}", 3), ("{", 0), ("a{,9}", 9)]
        {
            assert_eq!(largest_count(pattern), count, "{pattern}");
        }
    }

    #[test]
    fn what_engines_may_refuse_is_not_cheap() {
        for cheap in ["^(?:a|b)$", "^(?:[a-z0-9-]{1,512})$", "^(?:.*)$", r"^(?:[^\x00-\x1F]{0,50})$"] {
            assert!(is_cheap(cheap), "{cheap}");
        }
        for other in ["^(?:(?!a)b)$", r"^(?:(a)\1)$", "^(?:[)$", "^(?:(?:[a-z]{1,1000}){1,1000})$", "^(?:.{1,2048})$"] {
            assert!(!is_cheap(other), "{other}");
        }
    }
}
