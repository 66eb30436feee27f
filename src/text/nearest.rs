//! Which known name somebody probably meant.

use std::ops::RangeInclusive;

use similar::TextDiff;

/// Share of common letters from which a value is taken for one of few others.
pub(crate) const AMONG_FEW: f32 = 0.6;
/// The same for names, of which there are many and which new ones join.
pub(crate) const AMONG_MANY: f32 = 0.75;

/// Candidates that are compared letter by letter, those that may be most like first.
const COMPARED: usize = 128;

/// The candidate most like `name`, where one is like enough to be meant.
pub(crate) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>, enough: f32) -> Option<&'c str> {
    let name = Letters::of(name.to_lowercase());
    let mut likely: Vec<(f32, Letters, &str)> = candidates
        .filter_map(|candidate| {
            let length = candidate.len();
            // Lower case may have more letters than upper case, but never thrice as many.
            let lengths = if candidate.is_ascii() { length..=length } else { length / 4..=length * 3 };
            let may_be = name.at_most_by_length(lengths) >= enough;
            let other = may_be.then(|| Letters::of(candidate.to_lowercase()))?;
            let most = name.at_most(&other);
            (most >= enough).then_some((most, other, candidate))
        })
        .collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(b.2)));
    let mut best: Option<(f32, &str)> = None;
    for (most, other, candidate) in likely.into_iter().take(COMPARED) {
        if best.is_some_and(|(ratio, _)| most < ratio) {
            break;
        }
        let own = (ratio(&name.text, &other.text), candidate);
        let is_better = |best: (f32, &str)| own.0.total_cmp(&best.0).then(best.1.cmp(own.1)).is_gt();
        if own.0 >= enough && best.is_none_or(is_better) {
            best = Some(own);
        }
    }
    best.map(|(_, name)| name)
}

/// A text with its letters counted, which says cheaply how like another one it is at most.
struct Letters {
    text: String,
    length: usize,
    /// How many there are of each letter, some of them counted together.
    counts: [u32; 64],
}

impl Letters {
    fn of(text: String) -> Self {
        let mut counts = [0; 64];
        text.chars().for_each(|letter| counts[letter as usize % 64] += 1);
        Self { length: text.chars().count(), text, counts }
    }

    /// No less than the ratio with any text of so many letters.
    fn at_most_by_length(&self, lengths: RangeInclusive<usize>) -> f32 {
        let nearest = self.length.clamp(*lengths.start(), *lengths.end());
        bound(self.length.min(nearest), self.length + nearest)
    }

    /// No less than the ratio with another text: letters that both have, in whatever order.
    fn at_most(&self, other: &Self) -> f32 {
        let common = self.counts.iter().zip(&other.counts).map(|(a, b)| *a.min(b) as usize).sum();
        bound(common, self.length + other.length)
    }
}

/// The ratio where so many of all letters are common, and a little more for what is rounded.
#[allow(clippy::cast_precision_loss, reason = "a bound of a ratio")]
fn bound(common: usize, all: usize) -> f32 {
    if all == 0 { 1.0 } else { 2.0 * common as f32 / all as f32 + 1e-3 }
}

fn ratio(a: &str, b: &str) -> f32 {
    #[cfg(test)]
    tests::CALLS.set(tests::CALLS.get() + 1);
    TextDiff::from_chars(a, b).ratio()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// Texts that were compared letter by letter.
        pub(super) static CALLS: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn what_cannot_be_meant_is_not_compared() {
        let candidates: Vec<String> = (0..20_000).map(|number| format!("{:x}-{number:05}", number * 7919)).collect();
        let name = "c".repeat(60);
        CALLS.set(0);
        assert_eq!(nearest(&name, candidates.iter().map(String::as_str), AMONG_FEW), None);
        assert_eq!(nearest("quick brown", candidates.iter().map(String::as_str), AMONG_FEW), None);
        assert_eq!(CALLS.get(), 0, "too short, or of other letters");
        let alike: Vec<String> = (0..20_000).map(|number| format!("value-{number:05}-alpha")).collect();
        nearest("value-99999-beta", alike.iter().map(String::as_str), AMONG_FEW);
        assert!(CALLS.get() <= COMPARED, "{} were compared", CALLS.get());
        // Up to as many as are compared, the answer is that of comparing all.
        for name in ["1eef-00001", "f2b71-00019", "SUBMITTED", "İSTANBUL-00001", "ẞ"] {
            let all = candidates[..COMPARED - 4].iter().map(String::as_str).chain([
                "SUBMIT",
                "ıstanbul-00001",
                "İstanbul-00001",
                "ß",
            ]);
            let lower = name.to_lowercase();
            let ranked = all.clone().map(|one| (ratio(&lower, &one.to_lowercase()), one));
            let best = ranked.filter(|(ratio, _)| *ratio >= AMONG_FEW);
            let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, one)| one);
            assert_eq!(nearest(name, all, AMONG_FEW), best, "{name}");
        }
    }

    #[test]
    fn names_what_was_meant_or_nothing() {
        let statuses = ["SUBMITTED", "STARTED", "CANCELLED", "CANCELLING", "SUCCESS"];
        let meant = |name| nearest(name, statuses.into_iter(), AMONG_FEW);
        assert_eq!(meant("SUCCEEDED"), Some("SUCCESS"));
        assert_eq!(meant("canceled"), Some("CANCELLED"));
        assert_eq!(meant("SUCCESS_V2"), Some("SUCCESS"));
        assert_eq!(meant("xyz"), None);
        assert_eq!(meant(""), None);
        let members = ["defaultResultConfiguration", "queryLogStatus"];
        assert_eq!(nearest("paymentConfiguration", members.into_iter(), AMONG_MANY), None);
        assert_eq!(nearest("queryLogsStatus", members.into_iter(), AMONG_MANY), Some("queryLogStatus"));
    }
}
