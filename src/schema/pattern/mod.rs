//! AWS's pattern dialect → one that JSON Schema validators share.
//!
//! Models write patterns in a mixture of ECMAScript and Java syntax and mean a full match (botocore drops the outer
//! anchors). [`translate`] is the one way from there to `pattern` in a schema: classes such as `\d` become ASCII,
//! UTF-16 surrogates become code points, Java's names of classes and its flags are spelt out, characters that engines
//! read differently are escaped, quantifiers that ECMAScript lacks are written otherwise, a `.*` at the ends takes line
//! breaks, and the whole is anchored. What cannot be said is refused with the reason; it is never
//! passed on in the hope that an engine reads it alike.

mod class;
mod cost;
mod kept;
mod matcher;
mod measure;
mod outer;
mod piece;
mod quantifier;
mod runs;

use std::collections::BTreeSet;

use self::class::{Class, read_class};
pub use self::cost::largest_count;
use self::kept::Kept;
pub use self::matcher::{Matcher, Undecided};
pub use self::measure::{Measure, measure};
pub use self::outer::open_reading;
pub use self::piece::{Piece, Pieces, is_impossible, pieces};
use self::quantifier::Repeated;

/// Steps a match may take back before it counts as undecided.
pub const BACKTRACK_LIMIT: usize = 200_000;

/// A pattern that no engine at hand can check, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

/// Compiles a translated pattern, for callers that match it themselves.
///
/// # Errors
/// The engine refuses it.
pub fn compile(translated: &str) -> Result<Matcher, Unsupported> {
    Matcher::of(translated)
}

/// Translates a model's pattern to `^(?:…)$` in syntax common to ECMAScript (`u`), Rust and Python, and makes sure that
/// the engine takes it.
///
/// # Errors
/// The pattern says something that has no common spelling, or is too large.
pub fn translate(pattern: &str) -> Result<String, Unsupported> {
    let chars: Vec<char> = pattern.chars().collect();
    let out = String::with_capacity(pattern.len() + 6);
    let mut reader = PatternReader {
        chars: &chars,
        at: 0,
        out,
        open: Vec::new(),
        last: 0,
        repeated: Repeated::Not,
        wide: outer::wide_dots(pattern),
        flags: Flags::default(),
    };
    reader.out.push_str("^(?:");
    while reader.at < chars.len() {
        reader.next()?;
    }
    reader.out.push_str(")$");
    compile(&reader.out)?;
    Ok(reader.out)
}

/// [`translate`], once for each pattern: a service repeats its patterns, and trying one out in an engine is slow.
///
/// # Errors
/// Those of [`translate`].
pub fn translated(pattern: &str) -> Result<String, Unsupported> {
    static KNOWN: Kept<Result<String, Unsupported>> = Kept::new();
    KNOWN.get(pattern, || translate(pattern))
}

/// Which texts a translated pattern can match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// None at all, for it asks for characters where a text begins or ends.
    pub(super) is_empty: bool,
    /// How long they are; `None` where that is not known.
    pub(super) measure: Option<Measure>,
}

/// Which texts a translated pattern can match, found out once for each: a schema of many shapes has few patterns.
pub(super) fn reach(translated: &str) -> Reach {
    static KNOWN: Kept<Reach> = Kept::new();
    KNOWN.get(translated, || Reach { is_empty: is_impossible(translated), measure: measure(translated) })
}

struct PatternReader<'p> {
    chars: &'p [char],
    at: usize,
    out: String,
    /// Where the groups that are open begin in `out`, and the flags around each.
    open: Vec<(usize, Flags)>,
    /// Where the last thing that a quantifier can be about begins in `out`.
    last: usize,
    /// How the last thing was repeated.
    repeated: Repeated,
    /// Places of dots that stand for every character.
    wide: BTreeSet<usize>,
    flags: Flags,
}

/// What `(?i)` and `(?s)` ask for, up to the end of the group that they stand in. Engines disagree on where flags may
/// stand, and on which letters have two cases.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    /// Letters of ASCII stand for both their cases, as Java has it.
    any_case: bool,
    /// A dot is every character.
    dot_is_all: bool,
}

impl PatternReader<'_> {
    /// Copies one item and keeps account of what a quantifier would be about.
    fn next(&mut self) -> Result<(), Unsupported> {
        if self.set_flags() {
            return Ok(());
        }
        let before = self.out.len();
        let c = self.chars[self.at];
        let in_braces = c == '{' && self.is_quantifier();
        if self.respelt(c, in_braces)? {
            return Ok(());
        }
        let earlier = self.repeated;
        let again = in_braces || c == '*' || c == '?' && earlier == Repeated::Lazily;
        self.repeated = Repeated::by(c, in_braces, &self.chars[self.at..]);
        if earlier != Repeated::Not && again {
            // A repetition of a repetition is an error to some engines and another thing to others.
            self.out.insert_str(self.last, "(?:");
            self.out.push(')');
            return self.item();
        }
        if c == '?' && earlier != Repeated::Not {
            self.repeated = Repeated::Lazily;
        }
        self.item()?;
        match c {
            '(' => self.open.push((before, self.flags)),
            // Closed by what is put around the pattern, it would be another pattern.
            ')' => {
                (self.last, self.flags) =
                    self.open.pop().ok_or_else(|| Unsupported("a group is closed that is not open".into()))?;
            }
            '*' | '+' | '?' => {}
            _ if in_braces => {}
            _ => self.last = before,
        }
        Ok(())
    }

    /// Reads flags, where such stand here. Others than these two are left to the engine.
    fn set_flags(&mut self) -> bool {
        let inside = |rest: &[char]| rest.iter().take_while(|c| matches!(c, 'i' | 's')).count();
        let Some(rest) = self.chars[self.at..].strip_prefix(&['(', '?']) else { return false };
        let count = inside(rest);
        if count == 0 || rest.get(count) != Some(&')') {
            return false;
        }
        self.flags.any_case |= rest[..count].contains(&'i');
        self.flags.dot_is_all |= rest[..count].contains(&'s');
        self.at += count + 3;
        true
    }

    /// Copies a class, as the flags have it.
    fn push_class(&mut self, class: Class) {
        let class = if self.flags.any_case { class.in_any_case() } else { class };
        class.write(&mut self.out);
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn rest(&self) -> String {
        self.chars[self.at..].iter().collect()
    }

    /// Copies one item outside of a class.
    fn item(&mut self) -> Result<(), Unsupported> {
        let c = self.chars[self.at];
        match c {
            '\\' => return self.escape(),
            '[' => {
                let (class, next) = read_class(self.chars, self.at)?;
                self.push_class(class);
                self.at = next;
                return Ok(());
            }
            '{' if !self.is_quantifier() => self.out.push_str(r"\{"),
            '{' => {
                // A quantifier's closing brace goes with it, so that a stray one can be told apart.
                while self.chars[self.at] != '}' {
                    self.out.push(self.chars[self.at]);
                    self.at += 1;
                }
                self.out.push('}');
            }
            '}' => self.out.push_str(r"\}"),
            ']' => self.out.push_str(r"\]"),
            '.' if self.flags.dot_is_all || self.wide.contains(&self.at) => Class::everything().write(&mut self.out),
            // Conditions, comments and what else some engine alone has for a group.
            '(' if self.peek(1) == Some('?')
                && !self
                    .peek(2)
                    .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, ':' | '=' | '!' | '<' | '>' | '-')) =>
            {
                return Err(Unsupported(format!("no common spelling of {}", self.rest())));
            }
            '(' | ')' | '|' | '*' | '+' | '?' | '.' | '^' | '$' => self.out.push(c),
            _ => self.push_class(Class::of(c.into())),
        }
        self.at += 1;
        Ok(())
    }

    fn is_quantifier(&self) -> bool {
        let inside: String = self.chars[self.at + 1..].iter().take_while(|c| **c != '}').collect();
        let closed = self.at + 1 + inside.chars().count() < self.chars.len();
        let mut bounds = inside.splitn(2, ',');
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let low = bounds.next().unwrap_or_default();
        let high = bounds.next();
        closed && number(low) && high.is_none_or(|high| high.is_empty() || number(high))
    }

    /// Copies one escape outside of a class.
    fn escape(&mut self) -> Result<(), Unsupported> {
        match self.peek(1) {
            None => Err(Unsupported("it ends with a backslash".into())),
            Some(anchor @ ('b' | 'B')) => {
                self.out.extend(['\\', anchor]);
                self.at += 2;
                Ok(())
            }
            Some(end @ ('A' | 'z' | 'Z')) => {
                self.out.push(if end == 'A' { '^' } else { '$' });
                self.at += 2;
                Ok(())
            }
            Some(digit @ '1'..='9') => {
                self.out.extend(['\\', digit]);
                self.at += 2;
                Ok(())
            }
            Some('k' | 'Q' | 'E' | 'G') => Err(Unsupported(format!("no common spelling of {}", self.rest()))),
            Some(_) => {
                let (class, next) = class::read_escape(self.chars, self.at)?;
                self.at = next;
                self.push_class(class);
                Ok(())
            }
        }
    }
}

fn first_line(text: &str) -> String {
    // Engines draw the pattern over several lines; the reason stands in the last one.
    let line = text.lines().last().unwrap_or_default().trim();
    if line.contains("error building NFA") {
        return "it is too large for the engine".to_owned();
    }
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern).expect("a pattern that can be checked");
        compile(&translated).expect("translate made sure").is_match(text).expect("a decidable match")
    }

    #[test]
    fn a_pattern_means_a_full_match() {
        assert!(matches(r"\d+", "123"));
        assert!(!matches(r"\d+", "x123"));
        assert!(!matches(r"a|b", "ab"));
        assert!(matches(r".*[0-9a-f]{8}.*", "x 0123abcd"));
    }

    #[test]
    fn classes_are_ascii() {
        assert!(!matches(r"\d", "٣"), "an Arabic-Indic digit");
        assert!(!matches(r"\w", "é"));
        assert!(matches(r"[^\d]", "٣"));
        assert!(matches(r"\S", "é"));
        assert!(matches(r"[\S\s]*", "é \n𐍈"));
    }

    #[test]
    fn surrogate_ranges_mean_astral_characters() {
        for pattern in [
            r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF\t]*",
            r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*",
            r"[\t\u0020-\uFFFF\uD800-\uDFFF]*",
        ] {
            assert!(matches(pattern, "plain 𝒳 😀\t"), "{pattern}");
            assert!(!matches(pattern, "new\nline"), "{pattern}");
        }
        assert!(matches(r"\uD83D\uDE00", "😀"));
        for half in [r"\uD83D", r"\uDE00", r"\uD83D-\uDE00", r"a\uDE00\uD83D"] {
            assert!(translate(half).is_err(), "{half}: half a character is no text");
        }
    }

    #[test]
    fn characters_that_engines_read_differently_are_escaped() {
        assert!(matches(r"[a&&b]", "&"));
        assert!(matches(r"[[a]", "["));
        assert!(matches(r"a{b}", "a{b}"));
        assert!(matches(r"\<a\>", "<a>"));
        assert!(matches(r"[\w-.]+", "a-b.c"));
        assert!(matches(r"[a~~b]+", "~b"));
        assert!(matches(r"x]", "x]"));
        assert!(matches("#[ #]", "# "));
    }

    #[test]
    fn groups_are_closed_where_they_are_opened() {
        for pattern in ["(?(5)}=x)(x)", "(?#a)b", "(?'a'b)", "(?", "a)|(b", "x+)+y|(?:[a-z]", ")(", "a)", "(a", "((a)"]
        {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
        assert!(matches(r"a\)|\(b", "a)") && matches("[)](a)[(]", ")a("));
    }

    #[test]
    fn java_names_are_spelt_out() {
        assert!(matches(r"\p{Alnum}+", "aZ9") && !matches(r"\p{Alnum}+", "é"));
        assert!(matches(r"[\p{ASCII}]+", "a~") && !matches(r"\p{ASCII}", "é"));
        assert!(matches(r"[\p{L}\p{M}*]+", "é*"));
        assert!(matches(r"\p{IsAlphabetic}", "é"));
        assert!(matches(r"\P{C}+", "abc"));
    }

    #[test]
    fn look_around_works_and_a_runaway_is_undecided() {
        assert!(!matches(r"(?!\s*$)[a ]*", "   ") && matches(r"(?!\s*$)[a ]*", " a "));
        let runaway = compile(&translate(r"x(?=x)(x+x+)+y").expect("legal")).expect("compiles");
        assert!(runaway.is_match(&"x".repeat(60)).is_err());
    }

    #[test]
    fn a_repetition_of_a_repetition_is_spelt_out() {
        for (pattern, expected) in [
            ("a{2}{0,3}", "^(?:(?:a{2}){0,3})$"),
            ("x(ab|[c-e]{2}){2}{3}y", "^(?:x(?:(ab|[c-e]{2}){2}){3}y)$"),
            ("[0-9]{2}*", "^(?:(?:[0-9]{2})*)$"),
            ("a{2}?b{1,}c{2}d{3}", "^(?:a{2}?b{1,}c{2}d{3})$"),
        ] {
            assert_eq!(translate(pattern).as_deref(), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn flags_are_spelt_out() {
        for (pattern, expected) in [
            ("(?i)ab1|[^c-e]", "^(?:[Aa][Bb]1|[^C-Ec-e])$"),
            ("a(?!(?i)b)b.", "^(?:a(?![Bb])b.)$"),
            ("((?s).)?.", "^(?:([\\x00-\\uD7FF\\uE000-\u{10FFFF}])?.)$"),
            ("(?is)k{2}", "^(?:[Kk]{2})$"),
            ("(?i)(k){2}{3}", "^(?:(?:([Kk]){2}){3})$"),
        ] {
            assert_eq!(translate(pattern).as_deref(), Ok(expected), "{pattern}");
        }
        assert!(!matches("(?i)k", "\u{212A}"), "the sign of Kelvin is a k to some engines");
        assert!(matches("(?s).", "\n") && !matches(".", "\n"));
    }

    #[test]
    fn refuses_with_a_reason() {
        for (pattern, reason) in [(r"(", "parenthesis"), ("*a", "repe"), ("a\\", "backslash"), (r"\Qa\E", "common")] {
            let Unsupported(told) = translate(pattern).expect_err(pattern);
            assert!(told.to_lowercase().contains(reason), "{pattern}: {told}");
        }
    }
}
