//! Patterns as runs of bytes: a quick way to say that a text matches, and never that it does not.
//!
//! Nearly all patterns of models are runs of a class of characters with literal text between them. [`Runs`] takes them one
//! after the other, each as far as it goes, and the first branch of several that fits; it takes nothing back. A text that is
//! used up in that way matches, whatever other ways there are. What it does not find the engine is asked for.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A pattern whose texts of ASCII may be matched so.
#[derive(Debug)]
pub(super) struct Runs(Vec<Item>);

/// The bytes of a class. Those beyond ASCII are in none.
type Table = [bool; 256];

#[derive(Debug)]
enum Item {
    /// This text.
    Text(Box<[u8]>),
    /// Characters of a class, as many as there are or as few as there must be.
    Run { class: Box<Table>, min: u32, max: u32, is_short: bool },
    /// A part, as often as it fits.
    Group { items: Vec<Item>, min: u32, max: u32 },
    /// The first of these that fits.
    Choice(Vec<Vec<Item>>),
    /// The beginning (`false`) or end (`true`) of the text.
    Edge(bool),
}

/// Parts of a pattern, above which it is left to the engine.
const MOST: usize = 200;

impl Runs {
    /// The runs of a pattern; `None` where it is more than that.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let hir = regex_syntax::parse(pattern).ok()?;
        let mut count = 0;
        let mut items = Vec::new();
        push(&hir, &mut items, &mut count)?;
        shorten(&mut items);
        Some(Self(items))
    }

    /// Whether a text of ASCII matches for certain.
    pub(super) fn surely_match(&self, text: &str) -> bool {
        take(&self.0, text.as_bytes(), 0).is_some()
    }

    /// Whether a text of ASCII does not match for certain: of a run up to the end of the text that is known.
    pub(super) fn surely_fail(&self, text: &str) -> bool {
        let [Item::Edge(false), Item::Run { class, min, max: u32::MAX, .. }, Item::Edge(true)] = &self.0[..] else {
            return false;
        };
        let all_of_it = text.bytes().all(|byte| holds(class, byte));
        !(all_of_it && text.len() >= *min as usize)
    }
}

fn push(hir: &Hir, items: &mut Vec<Item>, count: &mut usize) -> Option<()> {
    *count += 1;
    if *count > MOST {
        return None;
    }
    let mut below = |hir: &Hir| {
        let mut items = Vec::new();
        push(hir, &mut items, count)?;
        shorten(&mut items);
        Some(items)
    };
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => items.push(Item::Text(literal.0.clone())),
        HirKind::Class(class) => {
            items.push(Item::Run { class: Box::new(table(class)), min: 1, max: 1, is_short: false });
        }
        HirKind::Look(Look::Start) => items.push(Item::Edge(false)),
        HirKind::Look(Look::End) => items.push(Item::Edge(true)),
        HirKind::Look(_) => return None,
        HirKind::Repetition(repetition) => {
            let (min, max) = (repetition.min, repetition.max.unwrap_or(u32::MAX));
            items.push(match repetition.sub.kind() {
                HirKind::Class(class) => Item::Run { class: Box::new(table(class)), min, max, is_short: false },
                _ => Item::Group { items: below(&repetition.sub)?, min, max },
            });
        }
        HirKind::Capture(capture) => push(&capture.sub, items, count)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| push(part, items, count))?,
        HirKind::Alternation(branches) => {
            items.push(Item::Choice(branches.iter().map(below).collect::<Option<_>>()?));
        }
    }
    Some(())
}

/// The characters of ASCII in a class.
fn table(class: &Class) -> Table {
    let mut table = [false; 256];
    let mut hold = |low: u32, high: u32| {
        for byte in low..=high.min(127) {
            table[byte as usize] = true;
        }
    };
    match class {
        Class::Unicode(class) => class.ranges().iter().for_each(|range| hold(range.start().into(), range.end().into())),
        Class::Bytes(class) => class.ranges().iter().for_each(|range| hold(range.start().into(), range.end().into())),
    }
    table
}

/// Has a run that would take what comes behind it take as little as it may.
fn shorten(items: &mut [Item]) {
    for at in 0..items.len() {
        let (before, behind) = items.split_at_mut(at + 1);
        if let Some(Item::Run { class, min, max, is_short }) = before.last_mut() {
            *is_short = min != max && may_begin(behind, class);
        }
    }
}

/// Whether a character of the class may begin what these take.
fn may_begin(items: &[Item], class: &Table) -> bool {
    for item in items {
        let (begins, may_be_empty) = match item {
            Item::Text(text) => (text.first().is_some_and(|byte| holds(class, *byte)), text.is_empty()),
            Item::Run { class: own, min, .. } => (class.iter().zip(&**own).any(|(a, b)| *a && *b), *min == 0),
            Item::Group { items, min, .. } => (may_begin(items, class), *min == 0),
            Item::Choice(branches) => {
                (branches.iter().any(|items| may_begin(items, class)), branches.iter().any(Vec::is_empty))
            }
            Item::Edge(_) => (false, true),
        };
        if begins {
            return true;
        }
        if !may_be_empty {
            return false;
        }
    }
    false
}

fn holds(class: &Table, byte: u8) -> bool {
    class[usize::from(byte)]
}

/// How many bytes of the class a text begins with.
fn run(class: &Table, text: &[u8]) -> usize {
    let (eights, _) = text.as_chunks::<8>();
    let whole =
        eights.iter().take_while(|eight| eight.iter().fold(true, |all, byte| all & holds(class, *byte))).count();
    let rest = &text[whole * 8..];
    whole * 8 + rest.iter().take_while(|byte| holds(class, **byte)).count()
}

/// The byte behind what the items take from `at` on.
fn take(items: &[Item], text: &[u8], mut at: usize) -> Option<usize> {
    for item in items {
        at = match item {
            Item::Text(own) => text.get(at..)?.starts_with(own).then_some(at + own.len())?,
            Item::Run { class, min, max, is_short } => {
                let most = if *is_short { *min } else { *max } as usize;
                let rest = text.get(at..)?;
                let count = run(class, &rest[..rest.len().min(most)]);
                (count >= *min as usize).then_some(at + count)?
            }
            Item::Group { items, min, max } => repeated(items, text, at, (*min, *max))?,
            Item::Choice(branches) => branches.iter().find_map(|items| take(items, text, at))?,
            Item::Edge(is_end) => (at == if *is_end { text.len() } else { 0 }).then_some(at)?,
        };
    }
    Some(at)
}

fn repeated(items: &[Item], text: &[u8], mut at: usize, (min, max): (u32, u32)) -> Option<usize> {
    let mut count = 0;
    while count < max {
        match take(items, text, at) {
            // What takes nothing does so as often as it is asked.
            Some(next) if next == at => return Some(at),
            Some(next) => at = next,
            None => break,
        }
        count += 1;
    }
    (count >= min).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_patterns_need_no_engine() {
        for (pattern, matching, others) in [
            ("^(?:[!*\\-./0-9=A-Z_a-z]*)$", &["", "a-b=="][..], &["a b", "é"][..]),
            (
                "^(?:[0-9A-Z_a-z]{2}-[0-9A-Z_a-z]{4,9}-[0-9])$",
                &["us-east-1"],
                &["us-eas-1", "us-east-12", "us-east-1\n"],
            ),
            (
                "^(?:[\\x00-\\uD7FF]*[0-9a-f]{8}-[0-9a-f]{4}[\\x00-\\uD7FF]*)$".replace("\\uD7FF", "\\u{D7FF}").leak(),
                &["01234567-89ab", "01234567-89ab and more"],
                &["0123456-89ab"],
            ),
            (
                "^(?:a+(?:\\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2}))$",
                &["aZ", "a.5+0100", "aa.55-01:00"],
                &["a.Z", "Z", "a+01"],
            ),
            ("^(?:[a-z]+(?:-[a-z]+)*)$", &["a", "ab-c-d"], &["-a", "a-", ""]),
            ("^(?:a)$|^(?:b)$", &["a", "b"], &["ab", ""]),
        ] {
            let runs = Runs::of(pattern).expect("runs");
            let engine = regex::Regex::new(pattern).expect("legal");
            for text in matching {
                assert!(runs.surely_match(text) && engine.is_match(text), "{pattern} {text}");
            }
            for text in others {
                assert!(!runs.surely_match(text) && !engine.is_match(text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn what_begins_as_nothing_does_that_matches_is_not_taken() {
        for (pattern, failing, others) in [
            ("^(?:^(?:[0-9]+\\.)+[0-9]+$)", &["acme", "", ".1"][..], &["1.2", "1x", "1"][..]),
            ("^(?:ab|cd)", &["b", "ac", ""], &["ab", "cd1"]),
            ("^(?:[é-ü]a)", &["a", "e"], &[]),
            // What may be empty begins with whatever comes behind it.
            ("^(?:[0-9]*a)", &[], &["a", "1a", "b"]),
            ("^(?:(?:|1)a)", &[], &["a", "b"]),
            ("[0-9]", &[], &["a1", "a"]),
        ] {
            let (runs, engine) = (Runs::of(pattern).expect("runs"), regex::Regex::new(pattern).expect("legal"));
            for text in failing {
                assert!(!runs.surely_match(text) && !engine.is_match(text), "{pattern} {text}");
            }
            assert!(others.iter().all(|text| !runs.surely_fail(text)), "{pattern}");
        }
    }

    #[test]
    fn what_would_take_something_back_is_left_to_the_engine() {
        for (pattern, text) in [("^(?:[a-z]*b)$", "abb"), ("^(?:(?:a|ab)c)$", "abc"), ("^(?:(?:ab)*a)$", "aba")] {
            let engine = regex::Regex::new(pattern).expect("legal");
            assert!(engine.is_match(text), "{pattern}");
            // Either answer would be right; only a wrong one would not.
            let _ = Runs::of(pattern).expect("runs").surely_match(text);
        }
        for (pattern, text) in
            [("^(?:[a-z]*b)$", "abc"), ("^(?:(?:)*a)$", "b"), ("^(?:(?:a?)*)$", "b"), ("^(?:a$b)$", "ab")]
        {
            assert!(!Runs::of(pattern).expect("runs").surely_match(text), "{pattern}");
        }
        let blank = Runs::of("^(?:[\\t ]*$)").expect("runs");
        assert!(
            blank.surely_fail("a") && blank.surely_fail(" a") && !blank.surely_fail(" \t") && !blank.surely_fail("")
        );
        assert!(!Runs::of("^(?:a*b$)").expect("runs").surely_fail("c"), "it may well fail");
        assert!(Runs::of("^(?:(?!a)b)$").is_none() && Runs::of("^(?:a\\bb)$").is_none());
        assert!(Runs::of(&format!("^(?:{})$", "(?:a|bc)".repeat(300))).is_none());
    }
}
