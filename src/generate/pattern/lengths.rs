//! Which lengths a part of a pattern can have, as ranges of code points.

/// The longest text that is made.
pub(crate) const LONGEST: u32 = 131_072;

/// Ranges that are kept of one part. What lies beyond is forgotten: then fewer lengths are known to be possible, and
/// none is wrongly.
const MOST: usize = 256;

/// A set of lengths: ranges in order that neither overlap nor touch, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lengths(Vec<(u32, u32)>);

impl Lengths {
    pub(super) fn exactly(length: usize) -> Self {
        Self(u32::try_from(length).ok().filter(|length| *length <= LONGEST).map(|one| (one, one)).into_iter().collect())
    }

    /// The set of these ranges, whatever their order.
    fn of(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.retain(|(low, high)| low <= high && *low <= LONGEST);
        ranges.sort_unstable();
        let mut kept: Vec<(u32, u32)> = Vec::new();
        for (low, high) in ranges {
            let high = high.min(LONGEST);
            let count = kept.len();
            match kept.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ if count == MOST => break,
                _ => kept.push((low, high)),
            }
        }
        Self(kept)
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub(super) fn shortest(&self) -> Option<u32> {
        self.0.first().map(|range| range.0)
    }

    pub(super) fn longest(&self) -> Option<u32> {
        self.0.last().map(|range| range.1)
    }

    pub(super) fn contains(&self, length: u32) -> bool {
        self.0.iter().any(|(low, high)| (*low..=*high).contains(&length))
    }

    /// Those between two lengths.
    pub(super) fn between(&self, low: u32, high: u32) -> Self {
        Self::of(self.0.iter().map(|range| (range.0.max(low), range.1.min(high))).collect())
    }

    /// Those of this set that leave a length of `rest` out of `total`.
    pub(super) fn leaving(&self, total: u32, rest: &Self) -> Self {
        let mut ranges = Vec::new();
        for (low, high) in rest.0.iter().filter(|range| range.0 <= total) {
            let (low, high) = (total - (*high).min(total), total - low);
            ranges.extend(self.0.iter().map(|range| (range.0.max(low), range.1.min(high))));
        }
        Self::of(ranges)
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied().collect())
    }

    /// One of this set and one of the other together.
    pub(super) fn and(&self, other: &Self) -> Self {
        let sums = self.0.iter().flat_map(|a| other.0.iter().map(|b| (a.0 + b.0, a.1.saturating_add(b.1))));
        Self::of(sums.collect())
    }

    /// So many of this set together.
    pub(super) fn times(&self, min: u32, max: Option<u32>) -> Self {
        match self.0[..] {
            [] if min == 0 => Self::exactly(0),
            [] => Self::default(),
            [(low, high)] => times_a_range(low, high, min, max),
            // With parts of one character every further length can be had.
            [(low, _), ..] if low <= 1 && max.is_none() && self.contains(1) => Self::of(vec![(low * min, LONGEST)]),
            _ => self.times_in_steps(min, max),
        }
    }

    fn times_in_steps(&self, min: u32, max: Option<u32>) -> Self {
        let mut now = Self::exactly(0);
        let mut all = if min == 0 { now.clone() } else { Self::default() };
        let most = max.unwrap_or(u32::MAX);
        // Enough rounds for real patterns; what further ones would add is forgotten.
        for round in 1..=most.min(128) {
            now = now.and(self);
            if now.0.is_empty() {
                break;
            }
            if round >= min {
                let more = all.or(&now);
                if more == all {
                    break;
                }
                all = more;
            }
        }
        all
    }
}

fn times_a_range(low: u32, high: u32, min: u32, max: Option<u32>) -> Lengths {
    let most = max.map_or(u64::MAX, u64::from);
    let (low, high) = (u64::from(low), u64::from(high));
    let end = |length: u64| u32::try_from(length.min(u64::from(LONGEST))).unwrap_or(LONGEST);
    let mut ranges = Vec::new();
    let mut times = u64::from(min);
    while times <= most && times * low <= u64::from(LONGEST) && ranges.len() < MOST {
        // From here on the ranges touch, so all further ones are one.
        if (times + 1) * low <= times * high + 1 {
            ranges.push((end(times * low), end(most.saturating_mul(high))));
            break;
        }
        ranges.push((end(times * low), end(times * high)));
        times += 1;
    }
    Lengths::of(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_add_up() {
        let pair = Lengths::of(vec![(2, 2), (5, 6)]);
        assert_eq!(pair.times(2, Some(2)).ranges(), [(4, 4), (7, 8), (10, 12)]);
        assert_eq!(Lengths::exactly(3).times(1, Some(3)).ranges(), [(3, 3), (6, 6), (9, 9)]);
        assert_eq!(Lengths::exactly(1).times(2, None).ranges(), [(2, LONGEST)]);
        assert_eq!(Lengths::of(vec![(0, 3)]).times(0, Some(2)).ranges(), [(0, 6)]);
        assert_eq!(Lengths::of(vec![(2, 3)]).times(0, None).ranges(), [(0, 0), (2, LONGEST)]);
        assert_eq!(Lengths::exactly(0).times(0, None).ranges(), [(0, 0)]);
        assert_eq!(pair.leaving(8, &Lengths::of(vec![(2, 3)])).ranges(), [(5, 6)]);
    }
}
