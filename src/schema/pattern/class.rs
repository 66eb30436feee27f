//! Character classes: sets of code points with named Unicode classes beside them.

use super::Unsupported;

const MAX: u32 = 0x0010_FFFF;
const SURROGATES: std::ops::RangeInclusive<u32> = 0xD800..=0xDFFF;
const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const SPACE: &[(u32, u32)] = &[(0x09, 0x0D), (0x20, 0x20)];
/// Java's names of ASCII classes (its `POSIX character classes`).
const JAVA: &[(&str, &[(u32, u32)])] = &[
    ("Lower", &[(0x61, 0x7A)]),
    ("Upper", &[(0x41, 0x5A)]),
    ("ASCII", &[(0x00, 0x7F)]),
    ("Alpha", &[(0x41, 0x5A), (0x61, 0x7A)]),
    ("Digit", DIGIT),
    ("Alnum", &[(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)]),
    ("Punct", &[(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)]),
    ("Graph", &[(0x21, 0x7E)]),
    ("Print", &[(0x20, 0x7E)]),
    ("Blank", &[(0x09, 0x09), (0x20, 0x20)]),
    ("Cntrl", &[(0x00, 0x1F), (0x7F, 0x7F)]),
    ("XDigit", &[(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
    ("Space", SPACE),
];

/// A set of characters: ranges of code units as written, and Unicode classes by name.
#[derive(Debug, Default)]
pub(super) struct Class {
    negated: bool,
    bracketed: bool,
    ranges: Vec<(u32, u32)>,
    /// `\p{…}` and `\P{…}`, spelt as all engines take them.
    named: Vec<String>,
    /// The class mentions surrogates, which stand for all characters beyond U+FFFF.
    astral: bool,
}

impl Class {
    pub(super) fn of(c: u32) -> Self {
        Self { ranges: vec![(c, c)], ..Self::default() }
    }

    fn of_ranges(ranges: &[(u32, u32)]) -> Self {
        Self { ranges: ranges.to_vec(), bracketed: true, ..Self::default() }
    }

    /// Every character.
    pub(super) fn everything() -> Self {
        Self::of_ranges(&complement(&[]))
    }

    /// The class with both cases of its letters of ASCII.
    pub(super) fn in_any_case(mut self) -> Self {
        for &(low, high) in &self.ranges.clone() {
            for (from, until, other) in [(0x41, 0x5A, 0x61), (0x61, 0x7A, 0x41)] {
                let (low, high) = (low.max(from), high.min(until));
                if low <= high {
                    self.ranges.push((low - from + other, high - from + other));
                }
            }
        }
        self
    }

    fn named(name: String) -> Self {
        Self { named: vec![name], ..Self::default() }
    }

    /// The one character it holds, where it is just that.
    pub(super) fn single(&self) -> Option<u32> {
        match self.ranges[..] {
            [(low, high)] if low == high && !self.negated && self.named.is_empty() => Some(low),
            _ => None,
        }
    }

    /// Adds a range that starts below or above the surrogates.
    fn add(&mut self, low: u32, high: u32) {
        if SURROGATES.contains(&high) {
            self.astral = true;
            self.ranges.push((low, 0xD7FF));
        } else {
            self.ranges.push((low, high));
        }
    }

    /// Writes the class in the common syntax.
    pub(super) fn write(&self, out: &mut String) {
        if let Some(c) = self.single()
            && !self.bracketed
            && let Some(c) = char::from_u32(c)
        {
            return push_literal(out, c, false);
        }
        if self.ranges.is_empty()
            && !self.bracketed
            && let [name] = &self.named[..]
        {
            return out.push_str(name);
        }
        out.push('[');
        if self.negated {
            out.push('^');
        }
        for (low, high) in merged(&self.ranges) {
            push_bound(out, low);
            if high > low {
                if high > low + 1 {
                    out.push('-');
                }
                push_bound(out, high);
            }
        }
        if self.astral {
            out.push_str("\u{10000}-\u{10FFFF}");
        }
        self.named.iter().for_each(|name| out.push_str(name));
        out.push(']');
    }
}

/// Reads the class that opens at `start`; returns it with the place behind it.
pub(super) fn read_class(chars: &[char], start: usize) -> Result<(Class, usize), Unsupported> {
    let mut class = Class { bracketed: true, ..Class::default() };
    let mut at = start + 1;
    if chars.get(at) == Some(&'^') {
        class.negated = true;
        at += 1;
    }
    // Java and Python read a leading `]` as itself; ECMAScript would read an empty class, which no model means.
    let first = at;
    loop {
        match chars.get(at) {
            None => return Err(Unsupported("a class is not closed".into())),
            Some(']') if at > first => return Ok((class, at + 1)),
            Some('[') if chars.get(at + 1) == Some(&':') => at = posix(chars, at, &mut class)?,
            Some('&') if chars[at..].starts_with(&['&', '&', '[']) => {
                return Err(Unsupported("an intersection of classes has no common spelling".into()));
            }
            Some(_) => at = member(chars, at, &mut class)?,
        }
    }
}

/// Reads one member or range of a class.
fn member(chars: &[char], at: usize, class: &mut Class) -> Result<usize, Unsupported> {
    let (low, mut next) = atom(chars, at)?;
    let Some(low_char) = low.single() else {
        merge(class, low);
        return Ok(next);
    };
    if SURROGATES.contains(&low_char) {
        return surrogates(chars, next, class);
    }
    if chars.get(next) != Some(&'-') || matches!(chars.get(next + 1), None | Some(']')) {
        class.add(low_char, low_char);
        return Ok(next);
    }
    let (high, after) = atom(chars, next + 1)?;
    let Some(high_char) = high.single() else {
        // `[a-\d]`: the hyphen stands for itself.
        class.add(low_char, low_char);
        class.add(0x2D, 0x2D);
        merge(class, high);
        return Ok(after);
    };
    next = after;
    if high_char < low_char {
        return Err(Unsupported(format!("a class runs backwards, from U+{low_char:04X} to U+{high_char:04X}")));
    }
    class.add(low_char, high_char);
    Ok(next)
}

/// Models spell "any character beyond U+FFFF" in several ways, `\uD800\uDC00-\uDBFF\uDFFF` among them; each is a run
/// of surrogates and hyphens.
fn surrogates(chars: &[char], mut at: usize, class: &mut Class) -> Result<usize, Unsupported> {
    class.astral = true;
    loop {
        let hyphen = usize::from(chars.get(at) == Some(&'-'));
        if chars.get(at + hyphen) != Some(&'\\') {
            return Ok(at);
        }
        let (next_class, next) = atom(chars, at + hyphen)?;
        match next_class.single() {
            Some(c) if SURROGATES.contains(&c) => at = next,
            // `\uD800-\uFFFF` goes on behind the surrogates.
            Some(c @ 0xE000..) if hyphen == 1 => {
                class.ranges.push((0xE000, c));
                return Ok(next);
            }
            _ => return Ok(at),
        }
    }
}

fn merge(class: &mut Class, other: Class) {
    class.ranges.extend(other.ranges);
    class.named.extend(other.named);
}

fn atom(chars: &[char], at: usize) -> Result<(Class, usize), Unsupported> {
    match chars[at] {
        '\\' if chars.get(at + 1) == Some(&'b') => Ok((Class::of(0x08), at + 2)),
        '\\' => escape(chars, at),
        c => Ok((Class::of(u32::from(c)), at + 1)),
    }
}

/// Reads an escape outside of a class. A high surrogate and the low one behind it are one character; one alone is none.
pub(super) fn read_escape(chars: &[char], at: usize) -> Result<(Class, usize), Unsupported> {
    let (class, next) = escape(chars, at)?;
    let Some(half) = class.single().filter(|c| SURROGATES.contains(c)) else { return Ok((class, next)) };
    if half < 0xDC00
        && chars.get(next) == Some(&'\\')
        && let (low, end) = escape(chars, next)?
        && let Some(low @ 0xDC00..=0xDFFF) = low.single()
    {
        return Ok((Class::of(0x10000 + ((half - 0xD800) << 10) + (low - 0xDC00)), end));
    }
    Err(Unsupported("half a surrogate pair is no character".into()))
}

fn escape(chars: &[char], at: usize) -> Result<(Class, usize), Unsupported> {
    let Some(&c) = chars.get(at + 1) else { return Err(Unsupported("it ends with a backslash".into())) };
    let next = at + 2;
    let set = |ranges: &[(u32, u32)]| Ok((Class::of_ranges(ranges), next));
    match c {
        'd' => set(DIGIT),
        'D' => set(&complement(DIGIT)),
        'w' => set(WORD),
        'W' => set(&complement(WORD)),
        's' => set(SPACE),
        'S' => set(&complement(SPACE)),
        't' => Ok((Class::of(0x09), next)),
        'n' => Ok((Class::of(0x0A), next)),
        'v' => Ok((Class::of(0x0B), next)),
        'f' => Ok((Class::of(0x0C), next)),
        'r' => Ok((Class::of(0x0D), next)),
        'a' => Ok((Class::of(0x07), next)),
        'e' => Ok((Class::of(0x1B), next)),
        '0' => Ok(octal(chars, next)),
        'u' => hex(chars, next, 4),
        'x' => hex(chars, next, 2),
        'p' | 'P' => Ok(property(chars, at)),
        c if c.is_ascii_alphanumeric() => Err(Unsupported(format!("no common spelling of \\{c}"))),
        c => Ok((Class::of(u32::from(c)), next)),
    }
}

/// `\0`, `\012`: Java's octal escapes.
fn octal(chars: &[char], at: usize) -> (Class, usize) {
    let digits = chars[at..].iter().take(2).map_while(|c| c.to_digit(8));
    let (value, length) = digits.fold((0, 0), |(value, length), digit| (value * 8 + digit, length + 1));
    (Class::of(value), at + length)
}

fn hex(chars: &[char], at: usize, digits: usize) -> Result<(Class, usize), Unsupported> {
    let (text, next): (String, usize) = if chars.get(at) == Some(&'{') {
        let inside: String = chars[at + 1..].iter().take_while(|c| **c != '}').collect();
        let length = inside.chars().count();
        (inside, at + length + 2)
    } else {
        (chars[at.min(chars.len())..].iter().take(digits).collect(), at + digits)
    };
    match u32::from_str_radix(&text, 16) {
        Ok(c) if c <= MAX && next <= chars.len() => Ok((Class::of(c), next)),
        _ => Err(Unsupported(format!("{text:?} is no code point"))),
    }
}

/// `\p{Name}`, `\P{Name}` and `\pL`.
fn property(chars: &[char], at: usize) -> (Class, usize) {
    let negated = chars[at + 1] == 'P';
    let (name, next): (String, usize) = match chars.get(at + 2) {
        Some('{') => {
            let name: String = chars[at + 3..].iter().take_while(|c| **c != '}').collect();
            let length = name.chars().count();
            (name, at + length + 4)
        }
        Some(letter) => (letter.to_string(), at + 3),
        None => (String::new(), at + 2),
    };
    if let Some((_, ranges)) = JAVA.iter().find(|(java, _)| *java == name) {
        let class = if negated { Class::of_ranges(&complement(ranges)) } else { Class::of_ranges(ranges) };
        return (class, next);
    }
    let name = match name.as_str() {
        "IsAlphabetic" => "Alphabetic",
        "IsWhitespace" | "IsWhite_Space" => "White_Space",
        "all" => return (Class::everything(), next),
        "LD" => return (Class { named: vec![r"\p{L}".into(), r"\p{Nd}".into()], ..Class::default() }, next),
        other => other,
    };
    (Class::named(format!("\\{}{{{name}}}", chars[at + 1])), next)
}

/// `[:alpha:]` within a class.
fn posix(chars: &[char], at: usize, class: &mut Class) -> Result<usize, Unsupported> {
    let name: String = chars[at + 2..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
    let end = at + 2 + name.len();
    let found = JAVA.iter().find(|(java, _)| java.eq_ignore_ascii_case(&name));
    match found {
        Some((_, ranges)) if chars[end..].starts_with(&[':', ']']) => {
            class.ranges.extend_from_slice(ranges);
            Ok(end + 2)
        }
        _ => member(chars, at, class),
    }
}

fn complement(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut outside = Vec::new();
    let mut from = 0;
    for &(low, high) in ranges {
        if low > from {
            outside.push((from, low - 1));
        }
        from = high + 1;
    }
    // Surrogates are no characters; ranges step over them.
    outside.extend([(from, 0xD7FF), (0xE000, MAX)]);
    outside
}

/// The same characters as ranges in order, none twice.
fn merged(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (low, high) in sorted {
        match merged.last_mut() {
            Some((_, end)) if low <= *end => *end = high.max(*end),
            _ => merged.push((low, high)),
        }
    }
    merged
}

fn push_bound(out: &mut String, c: u32) {
    if let Some(c) = char::from_u32(c) {
        push_literal(out, c, true);
    }
}

/// Writes a character that stands for itself.
pub(super) fn push_literal(out: &mut String, c: char, in_class: bool) {
    use std::fmt::Write as _;
    let special = if in_class { r"\]^[-&~" } else { r"\^$.|?*+()[]{}" };
    match c {
        '\0'..='\x1F' | '\x7F' => write!(out, "\\x{:02X}", u32::from(c)).expect("writing to a String cannot fail"),
        '\u{80}'..='\u{FFFF}' => write!(out, "\\u{:04X}", u32::from(c)).expect("writing to a String cannot fail"),
        // No escape for these is common to all engines but the character itself.
        _ if in_class && matches!(c, '&' | '~') => write!(out, "\\x{:02X}", u32::from(c)).expect("writing to a String"),
        _ if special.contains(c) => out.extend(['\\', c]),
        _ => out.push(c),
    }
}
