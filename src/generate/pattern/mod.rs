//! Texts that match a pattern from end to end, of a given length.
//!
//! A translated pattern is taken apart by [`crate::schema::pattern::pieces`]. For each part it is known which lengths it
//! can have, so that a text of a wanted length is built and not hoped for. What the parts do not say (look-around,
//! anchors within) is tried out with the matcher that judges traffic, a limited number of times.

mod chars;
mod lengths;

use std::sync::OnceLock;

pub(super) use self::chars::Chars;
pub(super) use self::lengths::LONGEST;
use self::lengths::Lengths;
use super::source::Source;
use crate::schema::pattern::{self, Matcher, Piece};

/// How often a text is tried before it counts as not to be had.
const TRIES: u64 = 1000;
/// How often where a part is repeated so often that judging a text takes long: each of its characters costs a step for each
/// copy of the part.
const FEW_TRIES: u64 = 50;
/// Times that a part is repeated in such a pattern.
const LARGE: u64 = 5_000;
/// Characters of all tries together.
const EFFORT: u32 = 4 * LONGEST;
/// Of these so many are plain, each a little longer.
const PLAIN_TRIES: u64 = 4;

/// Makes texts of one pattern.
#[derive(Debug)]
pub(super) struct Sampler {
    whole: Part,
    exact: bool,
    tries: u64,
    matcher: OnceLock<Option<Matcher>>,
    translated: String,
}

#[derive(Debug)]
struct Part {
    form: Form,
    lengths: Lengths,
}

#[derive(Debug)]
enum Form {
    Literal(String),
    Chars(Chars),
    /// Parts, and for each the lengths of all from it on.
    Sequence(Vec<(Part, Lengths)>),
    Choice(Vec<Part>),
    Repeat(Box<Part>, u32, Option<u32>),
}

impl Sampler {
    /// A sampler of a translated pattern; `None` where it cannot be taken apart.
    pub(super) fn new(translated: &str) -> Option<Self> {
        let pieces = pattern::pieces(translated)?;
        let whole = Part::new(pieces.piece);
        let tries = if pattern::largest_count(translated) > LARGE { FEW_TRIES } else { TRIES };
        Some(Self { whole, exact: pieces.exact, tries, matcher: OnceLock::new(), translated: translated.to_owned() })
    }

    /// The pattern.
    pub(super) fn translated(&self) -> &str {
        &self.translated
    }

    /// Whether the pattern allows the text; `None` where that is undecided.
    pub(super) fn allows(&self, text: &str) -> Option<bool> {
        let matcher = self.matcher.get_or_init(|| Some(pattern::compile(&self.translated).ok()?.for_trials()));
        matcher.as_ref()?.is_match(text).ok()
    }

    /// A text within the bounds, as its carrier takes it; `None` where none was found.
    pub(super) fn text(&self, (min, max): (u64, u64), ascii: bool, source: &mut Source) -> Option<String> {
        let end = |bound: u64| u32::try_from(bound).unwrap_or(LONGEST).min(LONGEST);
        if min > u64::from(LONGEST) {
            return None;
        }
        let possible = self.whole.lengths.between(end(min), end(max));
        let tries = if self.exact && !ascii { 8 } else { self.tries };
        let mut effort = EFFORT;
        for attempt in 0..tries {
            let length = possible.pick(attempt, source)?;
            // A try of a long text costs more than one of a short text.
            let Some(left) = effort.checked_sub(length) else { break };
            effort = left;
            let mut text = String::new();
            // After the plainest texts the next ones differ from them, however simple the choices are meant to be.
            let mut aside = Source::aside(attempt ^ u64::from(length) << 32);
            let chosen = if source.is_simplest() && attempt >= PLAIN_TRIES { &mut aside } else { &mut *source };
            let made = self.whole.write(length, ascii, chosen, &mut text).is_some();
            if made && (self.exact || self.allows(&text) == Some(true)) && (!ascii || fits_a_header(&text)) {
                return Some(text);
            }
        }
        None
    }

    /// The longest text below a bound; `None` where no end is known below [`LONGEST`].
    pub(super) fn longest(&self, max: u64) -> Option<u64> {
        let max = u32::try_from(max).unwrap_or(LONGEST).min(LONGEST);
        self.whole.lengths.between(0, max).longest().map(u64::from)
    }
}

/// Blanks at the ends of a header get lost on the way, and other characters than visible ASCII may.
pub(super) fn fits_a_header(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

impl Lengths {
    /// One of the lengths: the shortest first; then mostly short ones, and now and then the longest.
    fn pick(&self, attempt: u64, source: &mut Source) -> Option<u32> {
        let shortest = self.shortest()?;
        let longest = self.longest()?;
        if source.is_simplest() {
            // The shortest may not do, where something is looked for ahead; then longer ones.
            let more = if attempt < PLAIN_TRIES { attempt } else { attempt % 40 };
            let wanted = shortest.saturating_add(u32::try_from(more).unwrap_or(0)).min(longest);
            return self.between(wanted, longest).shortest();
        }
        let far = [shortest, longest.min(shortest.saturating_add(256)), longest.min(shortest.saturating_add(1))];
        if source.once_in(6) {
            let end = *source.of(&far);
            return if self.contains(end) { Some(end) } else { Some(shortest) };
        }
        let near = self.between(shortest, shortest.saturating_add(40));
        let (low, high) = *source.of(near.ranges());
        Some(low + u32::try_from(source.below(u64::from(high - low) + 1)).unwrap_or(0))
    }
}

impl Part {
    fn new(piece: Piece) -> Self {
        match piece {
            Piece::Literal(text) => Self { lengths: Lengths::exactly(text.chars().count()), form: Form::Literal(text) },
            Piece::Chars(ranges) => {
                let lengths = if ranges.is_empty() { Lengths::default() } else { Lengths::exactly(1) };
                Self { lengths, form: Form::Chars(Chars::new(ranges)) }
            }
            Piece::Sequence(pieces) => {
                let mut rest = Lengths::exactly(0);
                let mut parts: Vec<(Self, Lengths)> = Vec::new();
                for part in pieces.into_iter().rev().map(Self::new) {
                    rest = part.lengths.and(&rest);
                    parts.push((part, rest.clone()));
                }
                parts.reverse();
                Self { lengths: rest, form: Form::Sequence(parts) }
            }
            Piece::Choice(pieces) => {
                let parts: Vec<Self> = pieces.into_iter().map(Self::new).collect();
                let lengths = parts.iter().fold(Lengths::default(), |all, part| all.or(&part.lengths));
                Self { lengths, form: Form::Choice(parts) }
            }
            Piece::Repeat { piece, min, max } => {
                let part = Self::new(*piece);
                Self { lengths: part.lengths.times(min, max), form: Form::Repeat(Box::new(part), min, max) }
            }
        }
    }

    /// Writes a text of exactly that length; `None` where it was not found.
    fn write(&self, length: u32, ascii: bool, source: &mut Source, out: &mut String) -> Option<()> {
        if !self.lengths.contains(length) {
            return None;
        }
        match &self.form {
            Form::Literal(text) => out.push_str(text),
            Form::Chars(chars) => out.push(chars.pick(ascii, source)),
            Form::Sequence(parts) => {
                let mut left = length;
                for (at, (part, _)) in parts.iter().enumerate() {
                    let nothing = Lengths::exactly(0);
                    let rest = parts.get(at + 1).map_or(&nothing, |(_, rest)| rest);
                    let own = one_of(&part.lengths.leaving(left, rest), source)?;
                    part.write(own, ascii, source, out)?;
                    left -= own;
                }
            }
            Form::Choice(parts) => {
                let possible: Vec<&Self> = parts.iter().filter(|part| part.lengths.contains(length)).collect();
                source.of(&possible).write(length, ascii, source, out)?;
            }
            Form::Repeat(part, min, max) => match &part.form {
                Form::Chars(chars) => out.extend((0..length).map(|_| chars.pick(ascii, source))),
                _ => {
                    for own in spread(part, (*min, *max), length, source)? {
                        part.write(own, ascii, source, out)?;
                    }
                }
            },
        }
        Some(())
    }
}

/// Lengths of a part's repetitions that fill a length together.
fn spread(part: &Part, (min, max): (u32, Option<u32>), length: u32, source: &mut Source) -> Option<Vec<u32>> {
    if length == 0 && (min == 0 || part.lengths.contains(0)) {
        return Some(vec![0; min as usize]);
    }
    let (shortest, longest) = (part.lengths.shortest()?, part.lengths.longest()?);
    let fewest = length.div_ceil(longest.max(1)).max(min);
    let most = length.checked_div(shortest).unwrap_or(length.max(min)).min(max.unwrap_or(u32::MAX));
    let any = |source: &mut Source| {
        fewest + u32::try_from(source.below(u64::from(most.saturating_sub(fewest)) + 1)).unwrap_or(0)
    };
    let drawn: Vec<u32> = (0..6).map(|_| any(source)).collect();
    // Where lengths have gaps a number of repetitions may not do; its neighbours, and the ends, mostly will.
    let near = [drawn[0].saturating_add(1), drawn[0].saturating_sub(1), most, fewest];
    let counts = drawn.into_iter().chain(near).filter(|count| (fewest..=most).contains(count));
    counts.into_iter().find_map(|count| spread_over(&part.lengths, count, length, source))
}

/// So many lengths of a set that fill a length together. Only towards the end gaps are minded.
fn spread_over(lengths: &Lengths, count: u32, length: u32, source: &mut Source) -> Option<Vec<u32>> {
    let (shortest, longest) = (lengths.shortest()?, lengths.longest()?);
    let mut left = length;
    let mut parts = Vec::new();
    for rest in (0..count).rev() {
        let possible = if rest < 4 {
            lengths.leaving(left, &lengths.times(rest, Some(rest)))
        } else {
            let low = left.saturating_sub(rest.saturating_mul(longest));
            lengths.between(low, left.checked_sub(rest.saturating_mul(shortest))?)
        };
        let own = one_of(&possible, source)?;
        parts.push(own);
        left -= own;
    }
    (left == 0).then_some(parts)
}

/// One of the lengths; the shortest is the simplest.
fn one_of(lengths: &Lengths, source: &mut Source) -> Option<u32> {
    if lengths.ranges().is_empty() {
        return None;
    }
    let (low, high) = *source.of(lengths.ranges());
    Some(low + u32::try_from(source.below(u64::from(high - low) + 1)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(pattern: &str) -> Sampler {
        Sampler::new(&pattern::translate(pattern).expect("a pattern that can be checked")).expect("it comes apart")
    }

    #[test]
    fn every_text_matches_and_keeps_its_length() {
        let cases = [
            (r"[a-z]{3}(-[0-9]{2,3})*", 0, 20),
            (r"arn:aws:[a-z]+:(\d{12})?:(a|bcd|[ef]{5})+", 19, 19),
            (r"(ab|cde){2,4}", 7, 7),
            (r"(?!xn--)[a-z-]{4,8}", 4, 8),
            (r"(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{8,}", 8, 64),
            (r".*(^[a-z]+$).*", 1, 5),
            (r"[^\u0000-\u007F]+", 2, 3),
            (r"\S(.*\S)?", 1, 4),
        ];
        for (pattern, min, max) in cases {
            let sampler = sampler(pattern);
            for seed in 0..64 {
                let mut source = if seed == 0 { Source::simplest() } else { Source::seeded(seed) };
                let text = sampler.text((min, max), false, &mut source).expect(pattern);
                assert!((min..=max).contains(&(text.chars().count() as u64)), "{pattern}: {text:?}");
                assert_eq!(sampler.allows(&text), Some(true), "{pattern}: {text:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_had_is_not_made_up() {
        assert_eq!(sampler("(ab){2,4}").text((5, 5), false, &mut Source::simplest()), None);
        assert_eq!(sampler("(?!a)a").text((0, 9), false, &mut Source::simplest()), None);
    }

    #[test]
    fn the_simplest_text_is_short_and_plain() {
        let simplest = |pattern, min| sampler(pattern).text((min, 99), false, &mut Source::simplest());
        assert_eq!(simplest(r"[\w-]+", 3).as_deref(), Some("aaa"));
        assert_eq!(simplest(r"[0-9A-F]{2}x?", 0).as_deref(), Some("AA"));
        assert_eq!(simplest(r"(?!\s*$)[\s\S]*", 0).as_deref(), Some("a"));
    }
}
