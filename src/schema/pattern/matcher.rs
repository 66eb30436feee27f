//! Matching a translated pattern, as fast as its form allows.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use fancy_regex::RegexBuilder;
use regex::Regex;

use super::class::Class;
use super::cost::{is_cheap, largest_count};
use super::kept::Kept;
use super::runs::Runs;
use super::{BACKTRACK_LIMIT, Unsupported, first_line};
use crate::counters::PATTERNS;
use crate::model::pattern::at_depth;

/// A compiled pattern.
///
/// Most patterns go to an engine without backtracking. Of those with look-around many only look ahead from the very
/// beginning, which is as much as asking a second pattern of the same text; the rest backtrack, up to a limit.
///
/// One that the engine takes for certain is compiled when it is first asked: a contract has thousands of patterns, and traffic
/// shows it values of a few.
#[derive(Debug, Clone)]
pub struct Matcher(Arc<Compiled>);

/// The same as runs, for texts of ASCII.
#[derive(Debug)]
struct Quick {
    aheads: Vec<(bool, Runs)>,
    body: Runs,
}

#[derive(Debug)]
struct Compiled {
    translated: Box<str>,
    engine: OnceLock<Result<Engine, Unsupported>>,
    /// What most texts are matched by that do, so that their patterns are never compiled.
    quick: OnceLock<Option<Quick>>,
}

#[derive(Debug)]
enum Engine {
    /// Every ahead holds (`true`) or fails (`false`) at the beginning, and the body matches.
    Linear {
        aheads: Vec<(bool, Regex)>,
        body: Regex,
    },
    Backtracking(fancy_regex::Regex),
}

/// Matchers by their text. Each half of each operation repeats the patterns of its service, and compiling one costs more
/// than matching it.
static KNOWN: Kept<Result<Matcher, Unsupported>> = Kept::new();

/// Bytes of a translated pattern. An engine that does not backtrack takes a step for each of them and each character of the
/// text; patterns of services have less than a thousand.
const LONGEST: usize = 16 << 10;

/// Times that a part of a pattern for the backtracking engine may be repeated: that engine has as many copies of the part, each
/// of some kilobytes. Of the patterns of services that look around none has a tenth.
const MOST_REPEATED: u64 = 10_000;

/// The limit on backtracking was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;

impl Matcher {
    /// The matcher of a translated pattern, compiled once for each text.
    pub(super) fn of(translated: &str) -> Result<Self, Unsupported> {
        KNOWN.get(translated, || {
            let (engine, quick) = (OnceLock::new(), OnceLock::new());
            let matcher = Self(Arc::new(Compiled { translated: translated.into(), engine, quick }));
            if !is_cheap(translated) {
                matcher.0.engine().as_ref().map_err(Clone::clone)?;
            }
            Ok(matcher)
        })
    }

    /// The same pattern for texts that are tried out, many of them one after the other: where it backtracks, it gives up after
    /// a hundredth of the steps.
    #[must_use]
    pub fn for_trials(&self) -> Self {
        let translated = &self.0.translated;
        match self.0.engine() {
            Ok(Engine::Backtracking(_)) => {
                let engine = OnceLock::from(Engine::backtracking(translated, BACKTRACK_LIMIT / 100));
                Self(Arc::new(Compiled { translated: translated.clone(), engine, quick: OnceLock::new() }))
            }
            _ => self.clone(),
        }
    }

    /// Whether the text matches for certain. `false` may also mean that it took too many steps to say.
    pub fn surely_matches(&self, text: &str, is_ascii: bool) -> bool {
        let quick = self.0.quick().filter(|_| is_ascii);
        quick.is_some_and(|quick| quick.surely_matches(text)) || self.is_match(text) == Ok(true)
    }

    /// Whether the text matches from end to end.
    ///
    /// # Errors
    /// It took too many steps to say.
    pub fn is_match(&self, text: &str) -> Result<bool, Undecided> {
        match self.0.engine() {
            Ok(Engine::Linear { aheads, body }) => {
                Ok(aheads.iter().all(|(holds, ahead)| ahead.is_match(text) == *holds) && body.is_match(text))
            }
            Ok(Engine::Backtracking(regex)) => {
                let matched = catch_unwind(AssertUnwindSafe(|| regex.is_match(text)));
                matched.map_err(|_| Undecided)?.map_err(|_| Undecided)
            }
            // What is compiled late is compiled for certain.
            Err(_) => Err(Undecided),
        }
    }
}

impl Compiled {
    fn engine(&self) -> &Result<Engine, Unsupported> {
        self.engine.get_or_init(|| Engine::new(&self.translated))
    }

    fn quick(&self) -> Option<&Quick> {
        self.quick.get_or_init(|| Quick::of(&self.translated)).as_ref()
    }
}

impl Engine {
    fn new(translated: &str) -> Result<Self, Unsupported> {
        PATTERNS.add(1);
        if translated.len() > LONGEST {
            return Err(Unsupported(format!("it has more than {LONGEST} bytes")));
        }
        if let Some(linear) = Self::linear(translated) {
            return Ok(linear);
        }
        Self::backtracking(translated, BACKTRACK_LIMIT)
    }

    fn backtracking(translated: &str, limit: usize) -> Result<Self, Unsupported> {
        // One that does not look around is a single part of the other engine, which has a limit of its own.
        if largest_count(translated) > MOST_REPEATED && regex_syntax::parse(translated).is_err() {
            return Err(Unsupported(format!("it looks around and repeats a part more than {MOST_REPEATED} times")));
        }
        // A hostile pattern may be more than this engine was made for, and is none of ours then.
        let make = || RegexBuilder::new(translated).backtrack_limit(limit).build();
        let built = catch_unwind(make).map_err(|_| Unsupported("the engine fails on it".into()))?;
        built.map(Self::Backtracking).map_err(|error| Unsupported(first_line(&error.to_string())))
    }

    fn linear(translated: &str) -> Option<Self> {
        let Linear { aheads, body } = Linear::of(translated)?;
        let ahead = |(holds, ahead): (bool, String)| Some((holds, Regex::new(&ahead).ok()?));
        let aheads = aheads.into_iter().map(ahead).collect::<Option<_>>()?;
        Some(Self::Linear { aheads, body: Regex::new(&body).ok()? })
    }
}

impl Quick {
    /// The same pattern, where its parts are runs.
    fn of(translated: &str) -> Option<Self> {
        let Linear { aheads, body } = Linear::of(translated)?;
        let ahead = |(holds, ahead): &(bool, String)| Some((*holds, Runs::of(ahead)?));
        Some(Self { aheads: aheads.iter().map(ahead).collect::<Option<_>>()?, body: Runs::of(&body)? })
    }

    fn surely_matches(&self, text: &str) -> bool {
        let is_sure =
            |(holds, ahead): &(bool, Runs)| if *holds { ahead.surely_match(text) } else { ahead.surely_fail(text) };
        self.aheads.iter().all(is_sure) && self.body.surely_match(text)
    }
}

/// A pattern that looks ahead from its beginning alone, as the patterns that it asks for.
struct Linear {
    /// What holds (`true`) or fails at the beginning.
    aheads: Vec<(bool, String)>,
    body: String,
}

impl Linear {
    fn of(translated: &str) -> Option<Self> {
        let mut rest = without_idle_ends(translated.strip_prefix("^(?:")?.strip_suffix(")$")?);
        let mut aheads = Vec::new();
        while let Some(ahead) = rest.strip_prefix("(?!").or(rest.strip_prefix("(?=")) {
            let holds = rest.starts_with("(?=");
            let (inner, after) = split_group(ahead)?;
            aheads.push((holds, format!("^(?:{inner})")));
            rest = after;
        }
        // `(?!a)b|c` looks ahead in its first branch alone.
        let is_linear = aheads.is_empty() || !has_branches(rest);
        is_linear.then(|| Self { aheads, body: format!("^(?:{rest})$") })
    }
}

/// A pattern without a `.*` at its ends that can only be empty, because an anchor follows or precedes it. Exports of
/// models put these around patterns that had anchors of their own: `.*(?!^x)(^y$).*`.
fn without_idle_ends(pattern: &str) -> &str {
    if has_branches(pattern) {
        return pattern;
    }
    let mut rest = pattern;
    let anything = anything();
    if let Some(behind) = rest.strip_prefix(".*").or_else(|| rest.strip_prefix(&anything)) {
        let mut anchored = behind;
        while let Some(ahead) = anchored.strip_prefix("(?!").or(anchored.strip_prefix("(?=")) {
            let Some((_, after)) = split_group(ahead) else { return pattern };
            anchored = after;
        }
        // Within a group the anchor is certain only where the group has no other branch, and is there at all.
        let may_be_missing = |after: &str| after.starts_with(['*', '?', '{']);
        let is_certain = |(inner, after): (&str, &str)| !has_branches(inner) && !may_be_missing(after);
        let grouped = anchored.strip_prefix("(^").and_then(split_group).is_some_and(is_certain);
        let plain = anchored.strip_prefix('^').is_some_and(|after| !may_be_missing(after));
        if plain || grouped {
            rest = behind;
        }
    }
    match rest.strip_suffix(".*").or_else(|| rest.strip_suffix(&anything)) {
        Some(before) if before.ends_with('$') && !before.ends_with(r"\$") => before,
        Some(before) if before.ends_with("$)") && !before.ends_with(r"\$)") && ends_in_one_branch(before) => before,
        _ => rest,
    }
}

/// A dot that takes line breaks, repeated without end, as translated.
fn anything() -> String {
    let mut text = String::new();
    Class::everything().write(&mut text);
    text.push('*');
    text
}

/// Whether the pattern ends with a group that has a single branch, and takes what it matches: an anchor at the end of what is
/// looked ahead for holds nothing behind it.
fn ends_in_one_branch(pattern: &str) -> bool {
    let last = Cell::new(None);
    at_depth(pattern, |at, depth, c| {
        if c == '(' && depth == 1 {
            last.set(Some(at));
        }
        false
    });
    let inner = last.get().and_then(|at| split_group(&pattern[at + 1..]));
    let takes = |inner: &str| !inner.starts_with('?') || inner.starts_with("?:");
    inner.is_some_and(|(inner, after)| after.is_empty() && takes(inner) && !has_branches(inner))
}

/// The inside of a group that is open, and what follows its end.
pub(super) fn split_group(text: &str) -> Option<(&str, &str)> {
    let end = at_depth(text, |_, depth, c| depth == -1 && c == ')')?;
    Some((&text[..end], &text[end + 1..]))
}

fn has_branches(text: &str) -> bool {
    at_depth(text, |_, depth, c| depth == 0 && c == '|').is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_linear(translated: &str) -> bool {
        matches!(Engine::new(translated).expect("legal"), Engine::Linear { .. })
    }

    #[test]
    fn an_engine_that_fails_decides_nothing() {
        // Bounds whose product is beyond any number; without checks of arithmetic the engine goes on.
        let translated = r"^(?:(?=x)(a)\1(?:(?:b{15884696285694336110}){12}))$";
        let matched = Matcher::of(translated).map(|matcher| matcher.is_match("x"));
        assert!(!cfg!(debug_assertions) || !matches!(matched, Ok(Ok(_))), "{matched:?}");
    }

    #[test]
    fn what_backtracks_repeats_no_part_without_end() {
        let of = |count: usize| Matcher::of(&format!(r"^(?:(?<!b)(?:a(?!b)){{2,{count}}})$")).is_ok();
        assert!(of(9_000) && !of(90_000));
        assert!(Matcher::of("^(?:a{2,90000})$").is_ok(), "one that does not backtrack");
    }

    #[test]
    fn texts_that_are_tried_out_take_fewer_steps() {
        let matcher = Matcher::of(r"^(?:(?:(?:(?!b)\w+)\s*)+(?!$))$").expect("legal");
        let trial = matcher.for_trials();
        let text = |length: usize| format!("{}b", "a".repeat(length));
        let undecided = |matcher: &Matcher| (1..40).find(|length| matcher.is_match(&text(*length)).is_err());
        let (judged, tried) =
            (undecided(&matcher).expect("it has a limit"), undecided(&trial).expect("it has a limit"));
        assert!(tried < judged && tried > 5, "{tried} characters and {judged}");
        let linear = Matcher::of("^(?:a+)$").expect("legal");
        assert!(Arc::ptr_eq(&linear.0, &linear.for_trials().0));
    }

    #[test]
    fn a_pattern_is_compiled_once_for_each_text() {
        let text = "^(?:[a-f]{3,9}once)$";
        assert!(Matcher::of(text).expect("legal").is_match("abconce").expect("short"));
        assert!(KNOWN.has(text));
        let again = Matcher::of(text).expect("legal");
        assert!(again.is_match("abconce").expect("short") && !again.is_match("ab").expect("short"));
        assert!(Matcher::of("^(?:[)$").is_err());
    }

    #[test]
    fn a_pattern_of_modest_size_is_compiled_when_it_is_first_asked() {
        let lazy = Matcher::of("^(?:[a-f]{3,9}late)$").expect("legal");
        assert!(lazy.0.engine.get().is_none());
        assert!(lazy.is_match("abclate").expect("short") && lazy.0.engine.get().is_some());
        let large = Matcher::of(r"^(?:[\x00-\uD7FF]{1,2000})$").expect("legal");
        assert!(large.0.engine.get().is_some(), "what may be too large is tried at once");
    }

    /// Whatever the form, the answer is the backtracking engine's.
    #[test]
    fn looking_ahead_from_the_beginning_is_asking_twice() {
        let cases = [
            (r"^(?:(?![ ]*$)[a ]*)$", true, vec!["", " ", "a", " a ", "b"]),
            (r"^(?:(?=.{0,3}$)(?!x)[a-z]+)$", true, vec!["abc", "abcd", "xab", ""]),
            (r"^(?:(?!a)b|c)$", false, vec!["b", "c", "a"]),
            (r"^(?:(?!a)(?:b|a))$", true, vec!["b", "a"]),
            (r"^(?:(?![)|]$)[)|x]+)$", true, vec![")", "|", "x", "))"]),
            (r"^(?:a(?!b)[a-c]*)$", false, vec!["ab", "ac", "a"]),
            (r"^(?:.*(?!^x+$)(^[a-z]+$).*)$", true, vec!["abc", "xx", "xa", "a b", ""]),
            (
                r"^(?:.*(?!^([0-9]+\.)+[0-9]+$)(^[a-z0-9.]+[a-z0-9]$).*)$",
                true,
                vec!["acme", "1.2.3", "1.a", "1.2.", ""],
            ),
            (r"^(?:(?!([a-z]{2}-)$)[\x00-\u{D7FF}\u{E000}-\u{10FFFF}]*)$", true, vec!["ab", "ab-", "ab-c", ""]),
            (r"^(?:(?!-+$).*)$", true, vec!["ab", "--", "-a", ""]),
            (r"^(?:(?:a(?=b$).*))$", false, vec!["ab", "abc", "a"]),
            (r"^(?:.*(^a|b)$)$", true, vec!["a", "b", "xb", "xa"]),
            (r"^(?:(a$|b).*)$", true, vec!["a", "b", "bx", "ax"]),
            (r"^(?:(a|b)[($].*)$", true, vec!["a(", "b$x", "a"]),
            (r"^(?:a(?!b)$.*)$", false, vec!["a", "ab"]),
            (r"^(?:.*(?!^x)(^a)*b?)$", false, vec!["a", "ab", "xb", "cb", "b"]),
            (r"^(?:.*(?!x)(^a){0,1})$", false, vec!["a", "b", "ca"]),
            (r"^(?:.*(?!^x)(^a)+b?)$", true, vec!["a", "ab", "xb", "cb"]),
            (r"^(?:.*(^a)?)$", true, vec!["a", "b", "ca"]),
            (r"^(?:a($)?.*)$", true, vec!["a", "ab", "b"]),
            (r"^(?:[+]+a)$", true, vec!["+a", "a"]),
            (r"^(?:\++a\|b)$", true, vec!["++a|b", "a|b"]),
            (r"^(?:(x|a\(b$).*)$", true, vec!["xy", "a(b", "a(by"]),
        ];
        for (pattern, linear, texts) in cases {
            assert_eq!(is_linear(pattern), linear, "{pattern}");
            let judge = fancy_regex::Regex::new(pattern).expect("legal");
            for text in texts {
                let matched = Matcher::of(pattern).expect("legal").is_match(text);
                assert_eq!(matched, Ok(judge.is_match(text).expect("decidable")), "{pattern} {text:?}");
                let surely = Matcher::of(pattern).expect("legal").surely_matches(text, text.is_ascii());
                assert_eq!(Ok(surely), matched, "{pattern} {text:?}");
            }
        }
    }
}
