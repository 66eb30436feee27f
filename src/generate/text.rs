//! Texts of strings: within their lengths, and as their pattern and their carrier have them.

use std::sync::OnceLock;

use super::pattern::{Chars, LONGEST, Sampler, fits_a_header};
use super::source::Source;
use crate::protocol::encode::is_xml;

/// Texts up to so many characters are made simpler by one character at a time.
const ONE_BY_ONE: usize = 64;
/// Characters that others are replaced by, the plainest first.
const PLAIN: [char; 4] = ['a', 'A', '0', '-'];

/// How plain a character is; lower is plainer.
fn rank(c: char) -> u32 {
    match PLAIN.iter().position(|plain| *plain == c) {
        Some(at) => u32::try_from(at).unwrap_or(u32::MAX),
        None if c.is_ascii_alphanumeric() => 10,
        None if c.is_ascii_graphic() => 11,
        None => 12,
    }
}

/// Texts that are a little simpler: without some of the characters, the most at first, and with one of them plainer.
fn nearly(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let count = chars.len();
    let is_short = count <= ONE_BY_ONE;
    let fewest = if is_short { 1 } else { count.div_ceil(ONE_BY_ONE) };
    let sizes = std::iter::successors(Some(count / 2), |size| Some(size / 2)).take_while(|size| *size >= fewest);
    let cuts = sizes.flat_map(|size| (0..count).step_by(size).map(move |from| from..count.min(from + size)));
    let mut found: Vec<String> = cuts.map(|cut| chars[..cut.start].iter().chain(&chars[cut.end..]).collect()).collect();
    for at in 0..if is_short { count } else { 0 } {
        for plain in PLAIN.iter().filter(|plain| rank(**plain) < rank(chars[at])) {
            found.push(chars[..at].iter().chain([plain]).chain(&chars[at + 1..]).collect());
        }
    }
    found
}

/// What a member travels in, as far as that narrows its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Carrier {
    #[default]
    Body,
    /// A path, whose parts are not empty.
    Label,
    /// A header, which is visible ASCII and, where it is empty, as good as not there.
    Header,
    /// A document of XML, which does not have every character.
    Xml,
}

impl Carrier {
    /// How many there are.
    const ALL: usize = Self::Xml as usize + 1;
}

/// What a text must be.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) min: u64,
    pub(super) max: u64,
    pattern: Option<Sampler>,
    /// The simplest text in each carrier, which most payloads have.
    simplest: [OnceLock<Option<String>>; Carrier::ALL],
}

impl Text {
    /// A text without a pattern.
    pub(super) fn free(min: u64, max: u64) -> Self {
        Self { min, max, pattern: None, simplest: Default::default() }
    }

    /// A text that matches.
    pub(super) fn patterned(min: u64, max: u64, pattern: Sampler) -> Self {
        Self { min, max, pattern: Some(pattern), simplest: Default::default() }
    }

    /// The fewest characters, in that carrier.
    fn fewest(&self, carrier: Carrier) -> u64 {
        self.min.max(u64::from(matches!(carrier, Carrier::Label | Carrier::Header)))
    }

    /// A text that fits; one that the carrier would spoil only where no other is found.
    pub(super) fn draw(&self, carrier: Carrier, source: &mut Source) -> Option<String> {
        if source.is_simplest() {
            return self.simplest[carrier as usize].get_or_init(|| self.drawn(carrier, source)).clone();
        }
        self.drawn(carrier, source)
    }

    fn drawn(&self, carrier: Carrier, source: &mut Source) -> Option<String> {
        let bounds = (self.fewest(carrier).min(self.max), self.max);
        if let Some(text) = self.of_length(bounds, carrier == Carrier::Header, source) {
            if carrier == Carrier::Xml && !text.chars().all(is_xml) {
                return self.of_length(bounds, true, source).or(Some(text));
            }
            return Some(text);
        }
        self.of_length((self.min, self.max), false, source)
            .or_else(|| self.of_length((self.min, self.max), false, &mut Source::simplest()))
    }

    /// A text that matches, of a length within these bounds and not its own.
    pub(super) fn of_length(&self, (min, max): (u64, u64), ascii: bool, source: &mut Source) -> Option<String> {
        if min > u64::from(LONGEST) || min > max {
            return None;
        }
        if let Some(pattern) = &self.pattern {
            return pattern.text((min, max), ascii, source);
        }
        let more = match source.below(8) {
            0 => 0,
            1 => source.below(64),
            2 if max <= 256 => max - min,
            _ => source.below(12),
        };
        let length = min.saturating_add(more).min(max);
        let text = Chars::all().text(length, ascii, source);
        let spoilt = ascii && !fits_a_header(&text);
        Some(if spoilt { text.replace(' ', "-") } else { text })
    }

    /// Whether both are the same texts by their bounds and pattern.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let patterns = [self, other].map(|text| text.pattern.as_ref().map(Sampler::translated));
        (self.min, self.max) == (other.min, other.max) && patterns[0] == patterns[1]
    }

    /// Whether a text is none of these for certain.
    pub(super) fn surely_refuses(&self, text: &str) -> bool {
        let length = text.chars().count() as u64;
        let is_mismatch = || self.pattern.as_ref().is_some_and(|pattern| pattern.allows(text) == Some(false));
        !(self.min..=self.max).contains(&length) || is_mismatch()
    }

    /// The shortest text and the longest, where the latter is no longer than texts are made.
    pub(super) fn ends(&self, carrier: Carrier) -> Vec<String> {
        let ascii = carrier == Carrier::Header;
        let shortest = self.draw(carrier, &mut Source::simplest());
        let reach = match &self.pattern {
            Some(pattern) => pattern.longest(self.max).filter(|reach| self.max.min(reach + 1) <= u64::from(LONGEST)),
            None => Some(self.max).filter(|max| *max <= u64::from(LONGEST)),
        };
        let longest = reach.and_then(|reach| self.of_length((reach, reach), ascii, &mut Source::simplest()));
        shortest.into_iter().chain(longest).collect()
    }

    /// Texts that match and are one too short, or too long.
    pub(super) fn beyond(&self) -> Vec<String> {
        let short = self.min.checked_sub(1).and_then(|end| self.of_length((0, end), false, &mut Source::simplest()));
        let long = self.max.checked_add(1).filter(|start| *start <= u64::from(LONGEST));
        let long = long.and_then(|start| {
            let nearest = self.of_length((start, start), false, &mut Source::simplest());
            nearest.or_else(|| self.of_length((start, u64::from(LONGEST)), false, &mut Source::simplest()))
        });
        short.into_iter().chain(long).collect()
    }

    /// A text within the bounds that does not match; `None` where there is no pattern, or none that refuses what is
    /// tried.
    pub(super) fn mismatch(&self) -> Option<String> {
        let pattern = self.pattern.as_ref()?;
        let fits = self.draw(Carrier::Body, &mut Source::simplest())?;
        let within = |text: &String| (self.min..=self.max).contains(&(text.chars().count() as u64));
        let length = fits.chars().count().max(1);
        let swapped = |c: char| fits.chars().take(length.saturating_sub(1)).chain([c]).collect::<String>();
        let odd = ['!', ' ', '-', '.', 'a', 'A', '0', 'é', '\n', '\0', '\u{1F600}'];
        let one = odd.iter().map(|c| swapped(*c));
        let longer = odd.iter().map(|c| format!("{fits}{c}"));
        let only = odd.iter().flat_map(|c| {
            let lengths = [self.min.max(1), length as u64];
            lengths.map(|length| c.to_string().repeat(usize::try_from(length.min(LONGEST.into())).unwrap_or(1)))
        });
        let mut tried = one.chain(longer).chain(only).chain([String::new()]);
        tried.find(|text| within(text) && pattern.allows(text) == Some(false))
    }

    /// A simpler text between the simplest and this one.
    pub(super) fn simpler(&self, text: &str, carrier: Carrier) -> Vec<String> {
        let length = text.chars().count() as u64;
        let least = self.fewest(carrier).min(self.max);
        let halves = [least + length.saturating_sub(least) / 2, length.saturating_sub(1)];
        let mut found = Vec::new();
        for shorter in halves.into_iter().filter(|shorter| (least..length).contains(shorter)) {
            if self.pattern.is_some() {
                found.extend(self.of_length((shorter, shorter), carrier == Carrier::Header, &mut Source::simplest()));
            } else {
                let end = usize::try_from(shorter).unwrap_or(usize::MAX);
                found.push(text.chars().take(end).collect());
                found.push(text.chars().skip(text.chars().count() - end).collect());
            }
        }
        found.extend(nearly(text).into_iter().filter(|near| self.may_be(near, least, carrier)));
        found.retain(|shorter| carrier != Carrier::Header || fits_a_header(shorter));
        found
    }

    /// Whether a text may stand in a carrier.
    fn may_be(&self, text: &str, least: u64, carrier: Carrier) -> bool {
        let length = text.chars().count() as u64;
        let is_allowed = || self.pattern.as_ref().is_none_or(|pattern| pattern.allows(text) == Some(true));
        let is_carried = carrier != Carrier::Xml || text.chars().all(is_xml);
        (least..=self.max).contains(&length) && is_carried && is_allowed()
    }
}
