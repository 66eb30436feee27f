//! Ranges of a text that must not be shown.

use std::ops::Range;

/// Ranges in their order, none within another, so that a byte is looked up in few steps.
#[derive(Debug, Default, Clone)]
pub(super) struct Hidden(Vec<Range<usize>>);

impl Hidden {
    /// Puts ranges in order. Those that overlap are one.
    pub(super) fn of(ranges: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut sorted: Vec<Range<usize>> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
        sorted.sort_by_key(|range| range.start);
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match apart.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push(range),
            }
        }
        Self(apart)
    }

    /// The range that holds a byte.
    pub(super) fn around(&self, at: usize) -> Option<&Range<usize>> {
        let behind = self.0.partition_point(|range| range.start <= at);
        self.0[..behind].last().filter(|range| range.contains(&at))
    }

    /// Where the first range behind a byte begins.
    pub(super) fn next_start(&self, at: usize) -> Option<usize> {
        self.0.get(self.0.partition_point(|range| range.start <= at)).map(|range| range.start)
    }

    /// All ranges.
    pub(super) fn ranges(&self) -> &[Range<usize>] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::reversed_empty_ranges, clippy::single_range_in_vec_init, reason = "ranges are the values here")]
    fn bytes_are_looked_up_in_ranges_of_any_order() {
        let hidden = Hidden::of([20..25, 3..9, 4..6, 8..12, 30..30, 12..14]);
        assert_eq!(hidden.ranges(), [3..12, 12..14, 20..25]);
        for at in 0..40 {
            let plain = [3..12, 12..14, 20..25].into_iter().find(|range| range.contains(&at));
            assert_eq!(hidden.around(at), plain.as_ref(), "{at}");
            let next = [3, 12, 20].into_iter().find(|start| *start > at);
            assert_eq!(hidden.next_start(at), next, "{at}");
        }
    }
}
