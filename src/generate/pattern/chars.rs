//! One character of a set.

use std::sync::LazyLock;

use crate::generate::source::Source;

/// A set of characters.
#[derive(Debug, Clone)]
pub(in crate::generate) struct Chars {
    ranges: Vec<(char, char)>,
    /// The one that reads best.
    plainest: char,
    /// Those of visible ASCII, or the blank.
    ascii: Vec<(char, char)>,
    /// Those of [`EDGES`].
    edges: Vec<char>,
}

/// Characters that trip programs: astral, combining, right to left, an override of direction, no character at all, the
/// ends of the ranges in UTF-8 and UTF-16, and what JSON escapes.
pub(in crate::generate) const EDGES: &[char] = &[
    '\u{1F600}',
    '\u{301}',
    '\u{5D0}',
    '\u{202E}',
    '\0',
    '\u{7F}',
    '\u{80}',
    '\u{7FF}',
    '\u{800}',
    '\u{D7FF}',
    '\u{E000}',
    '\u{FEFF}',
    '\u{FFFD}',
    '\u{FFFF}',
    '\u{10000}',
    '\u{10FFFF}',
    'é',
    'ß',
    '"',
    '\\',
    '/',
    '~',
    '\t',
    '\n',
    '\u{200D}',
];

/// Ends of lines that engines do not agree on when they read a dot.
const DISPUTED: &[char] = &['\r', '\u{85}', '\u{2028}', '\u{2029}'];

impl Chars {
    pub(super) fn new(ranges: Vec<(char, char)>) -> Self {
        let within = |c: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
        let plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(' '..='~').find(|c| within(*c));
        let first = ranges.iter().map(|range| range.0).find(|c| !DISPUTED.contains(c));
        let plainest = plain.or(first).or(ranges.first().map(|range| range.0)).unwrap_or('a');
        let overlap = |low: char, high: char| (low.max(' '), high.min('~'));
        let ascii = ranges.iter().map(|(low, high)| overlap(*low, *high)).filter(|(low, high)| low <= high).collect();
        let edges = EDGES.iter().copied().filter(|c| within(*c)).collect();
        Self { ranges, plainest, ascii, edges }
    }

    /// Every character.
    pub(in crate::generate) fn all() -> &'static Self {
        static ALL: LazyLock<Chars> =
            LazyLock::new(|| Chars::new(vec![('\0', '\u{D7FF}'), ('\u{E000}', '\u{10FFFF}')]));
        &ALL
    }

    /// A text of so many of them.
    pub(in crate::generate) fn text(&self, length: u64, ascii: bool, source: &mut Source) -> String {
        if source.is_simplest() {
            return self.plainest.to_string().repeat(usize::try_from(length).unwrap_or_default());
        }
        (0..length).map(|_| self.pick(ascii, source)).collect()
    }

    /// One of them.
    pub(in crate::generate) fn pick(&self, ascii: bool, source: &mut Source) -> char {
        if source.is_simplest() {
            return self.plainest;
        }
        let all_edges = !ascii && !self.edges.is_empty();
        if all_edges && source.once_in(8) {
            return *source.of(&self.edges);
        }
        let plain = !self.ascii.is_empty() && (ascii || !source.once_in(16));
        let picked = within(if plain { &self.ascii } else { &self.ranges }, source);
        let known = picked.filter(|c| !DISPUTED.contains(c));
        known.unwrap_or(self.plainest)
    }
}

/// A character of a range; `None` where the number hits none.
fn within(ranges: &[(char, char)], source: &mut Source) -> Option<char> {
    let (low, high) = *source.of(ranges);
    let (low, high) = (u32::from(low), u32::from(high));
    let drawn = match source.below(8) {
        0 => low,
        1 => high,
        _ => low + u32::try_from(source.below(u64::from(high - low) + 1)).unwrap_or(0),
    };
    char::from_u32(drawn)
}
