//! Which known name somebody probably meant.

use std::fmt;
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
    let [name, none] = [name, ""].map(|text| Letters::of(text.to_lowercase()));
    let mut likely: Vec<(f32, Letters, &str)> = candidates
        .filter_map(|candidate| {
            let length = candidate.len();
            // Lower case may have more letters than upper case, but never thrice as many.
            let lengths = if candidate.is_ascii() { length..=length } else { length / 4..=length * 3 };
            let may_be = name.at_most_by_length(lengths) >= enough;
            let other = may_be.then(|| Letters::of(candidate.to_lowercase()))?;
            let most = name.at_most(&other, &none);
            (most >= enough).then_some((most, other, candidate))
        })
        .collect();
    let by_likelihood = |a: &(f32, Letters, &str), b: &(f32, Letters, &str)| b.0.total_cmp(&a.0).then(a.2.cmp(b.2));
    if likely.len() > COMPARED {
        likely.select_nth_unstable_by(COMPARED, by_likelihood);
        likely.truncate(COMPARED);
    }
    likely.sort_by(by_likelihood);
    best(&name, likely.iter().map(|(most, letters, own)| (*most, letters, *own)), enough)
}

/// The one that is most like a name, of those that may be, the likeliest first.
fn best<'l, 'c>(
    name: &Letters,
    likely: impl Iterator<Item = (f32, &'l Letters, &'c str)>,
    enough: f32,
) -> Option<&'c str> {
    let mut best: Option<(f32, &str)> = None;
    for (most, other, candidate) in likely {
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

/// Names among which the nearest is looked for again and again: their letters are counted once.
pub(crate) struct Known(Vec<(Box<str>, Letters)>);

impl Known {
    /// Of all these names.
    pub(crate) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        Self(names.into_iter().map(|name| (name.into(), Letters::of(name.to_lowercase()))).collect())
    }

    /// What [`nearest`] finds among them.
    pub(crate) fn nearest(&self, name: &str, enough: f32) -> Option<&str> {
        let name = Letters::of(name.to_lowercase());
        let likely = self.likeliest(&name, &Letters::of(String::new()), enough);
        best(&name, likely.into_iter().map(|(most, at)| (most, &self.0[at].1, &*self.0[at].0)), enough)
    }

    /// Names that may be most like `name` if each of them had more letters, by their numbers in sorted order.
    pub(crate) fn likely(&self, name: &str, more: &str, enough: f32) -> impl Iterator<Item = usize> {
        let [name, more] = [name, more].map(|text| Letters::of(text.to_lowercase()));
        self.likeliest(&name, &more, enough).into_iter().map(|(_, at)| at)
    }

    fn likeliest(&self, name: &Letters, more: &Letters, enough: f32) -> Vec<(f32, usize)> {
        let bounds = self.0.iter().map(|(_, letters)| name.at_most(letters, more)).enumerate();
        let mut likely: Vec<(f32, usize)> =
            bounds.filter(|(_, most)| *most >= enough).map(|(at, most)| (most, at)).collect();
        let by_likelihood = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if likely.len() > COMPARED {
            likely.select_nth_unstable_by(COMPARED, by_likelihood);
            likely.truncate(COMPARED);
        }
        likely.sort_by(by_likelihood);
        likely
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A text with its letters counted, which says cheaply how like another one it is at most.
struct Letters {
    text: String,
    length: usize,
    /// How many there are of each letter, some of them counted together; of more than 255 that there are so many.
    counts: [u8; 64],
}

impl Letters {
    fn of(text: String) -> Self {
        let mut counts = [0_u8; 64];
        let mut length = 0;
        for letter in text.chars() {
            let count = &mut counts[letter as usize % 64];
            *count = count.saturating_add(1);
            length += 1;
        }
        Self { text, length, counts }
    }

    /// No less than the ratio with any text of so many letters.
    fn at_most_by_length(&self, lengths: RangeInclusive<usize>) -> f32 {
        let nearest = self.length.clamp(*lengths.start(), *lengths.end());
        bound(self.length.min(nearest), self.length + nearest)
    }

    /// No less than the ratio with another text that has the letters of a third as well: letters that both have, in whatever
    /// order.
    fn at_most(&self, other: &Self, more: &Self) -> f32 {
        let length = other.length + more.length;
        // Of a long text, counts may not say all.
        if self.length.max(length) > usize::from(u8::MAX) {
            let common = |(a, (b, c)): (&u8, (&u8, &u8))| match (*a, b.saturating_add(*c)) {
                (u8::MAX, u8::MAX) => self.length,
                (u8::MAX, b) => usize::from(b),
                (a, _) => usize::from(a.min(b.saturating_add(*c))),
            };
            let common: usize = self.counts.iter().zip(other.counts.iter().zip(&more.counts)).map(common).sum();
            return bound(common.min(self.length).min(length), self.length + length);
        }
        let mut common = 0;
        for at in 0..self.counts.len() {
            common += u32::from(self.counts[at].min(other.counts[at] + more.counts[at]));
        }
        bound(common as usize, self.length + length)
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
            assert_eq!(nearest(name, all.clone(), AMONG_FEW), best, "{name}");
            assert_eq!(Known::new(all).nearest(name, AMONG_FEW), best, "{name}");
        }
        let many = [&candidates[..], &alike[..]].concat();
        let known = Known::new(many.iter().map(String::as_str));
        for name in ["1eef-00001", "value-00077-alpha", "VALUE-99999-alfa", &"1eef-".repeat(80), ""] {
            assert_eq!(
                known.nearest(name, AMONG_FEW),
                nearest(name, many.iter().map(String::as_str), AMONG_FEW),
                "{name}"
            );
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
