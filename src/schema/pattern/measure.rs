//! How long a match can be, to find constraints that nothing satisfies.

use regex_syntax::hir::{Hir, HirKind};

/// Shortest and longest match in code points; `None` for no upper end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Code points of the shortest match.
    pub min: u64,
    /// Code points of the longest match.
    pub max: Option<u64>,
}

/// Measures a translated pattern; `None` where it uses look-around, which is beyond this.
pub fn measure(translated: &str) -> Option<Measure> {
    regex_syntax::parse(translated).ok().map(|hir| of(&hir))
}

fn of(hir: &Hir) -> Measure {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Measure { min: 0, max: Some(0) },
        HirKind::Literal(literal) => {
            let length = std::str::from_utf8(&literal.0).map_or(literal.0.len(), |text| text.chars().count()) as u64;
            Measure { min: length, max: Some(length) }
        }
        HirKind::Class(_) => Measure { min: 1, max: Some(1) },
        HirKind::Repetition(repetition) => {
            let one = of(&repetition.sub);
            let max = match (one.max, repetition.max) {
                (Some(0), _) => Some(0),
                (Some(length), Some(times)) => length.checked_mul(u64::from(times)),
                _ => None,
            };
            Measure { min: one.min.saturating_mul(u64::from(repetition.min)), max }
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(of).fold(Measure { min: 0, max: Some(0) }, |sum, part| Measure {
            min: sum.min.saturating_add(part.min),
            max: sum.max.zip(part.max).and_then(|(a, b)| a.checked_add(b)),
        }),
        HirKind::Alternation(branches) => branches
            .iter()
            .map(of)
            .reduce(|a, b| Measure { min: a.min.min(b.min), max: a.max.zip(b.max).map(|(a, b)| a.max(b)) })
            .unwrap_or(Measure { min: 0, max: Some(0) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_code_points() {
        let cases = [
            ("^(?:[0-9]{12})$", 12, Some(12)),
            ("^(?:a*|bcd)$", 0, None),
            ("^(?:é{2,3}x?)$", 2, Some(4)),
            ("^(?:(ab|c)d+)$", 2, None),
        ];
        for (pattern, min, max) in cases {
            assert_eq!(measure(pattern), Some(Measure { min, max }), "{pattern}");
        }
        assert_eq!(measure("^(?:(?!a)b)$"), None);
    }
}
