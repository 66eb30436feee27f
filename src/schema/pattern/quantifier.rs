//! Quantifiers that ECMAScript does not have, in words that it has.

use std::fmt::Write as _;

use super::{PatternReader, Unsupported};
use crate::model::pattern::at_depth;

/// How the last thing of a pattern was repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeated {
    /// It was not.
    Not,
    /// So many times and no other.
    Exactly,
    /// So many times as there is room for.
    Greedily,
    /// As few times as will do.
    Lazily,
}

impl Repeated {
    /// What the item at the beginning of `rest` does.
    pub(super) fn by(c: char, in_braces: bool, rest: &[char]) -> Self {
        match c {
            '{' if in_braces && rest.iter().take_while(|c| **c != '}').all(|c| *c != ',') => Self::Exactly,
            '{' if in_braces => Self::Greedily,
            '*' | '+' | '?' => Self::Greedily,
            _ => Self::Not,
        }
    }
}

impl PatternReader<'_> {
    /// Writes a quantifier otherwise, where ECMAScript does not take it as it is; whether it did.
    pub(super) fn respelt(&mut self, c: char, in_braces: bool) -> Result<bool, Unsupported> {
        let quantifies = in_braces || matches!(c, '*' | '+' | '?');
        if quantifies && self.repeated == Repeated::Not && self.is_behind_a_look() {
            self.drop_quantifier();
            return Ok(true);
        }
        if c == '+' && self.repeated != Repeated::Not {
            if self.repeated == Repeated::Greedily {
                self.make_possessive()?;
                self.repeated = Repeated::Not;
            }
            self.at += 1;
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether the last thing takes no text: an anchor, or what looks ahead or behind.
    fn is_behind_a_look(&self) -> bool {
        let last = self.out.get(self.last..).unwrap_or_default();
        let looks = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| last.starts_with(look));
        looks && last.ends_with(')') || matches!(last, "^" | "$" | r"\b" | r"\B")
    }

    /// Passes over the quantifier of a look, which takes no text: asked once is asked often enough, or not at all.
    fn drop_quantifier(&mut self) {
        let rest: String = self.chars[self.at..].iter().collect();
        let length = if rest.starts_with('{') { rest.find('}').map_or(1, |end| end + 1) } else { 1 };
        let is_optional = rest.starts_with(['*', '?']) || rest.starts_with("{0");
        if is_optional {
            self.out.truncate(self.last);
            self.out.push_str("(?:)");
        }
        self.at += length;
        if matches!(self.peek(0), Some('?' | '+')) {
            self.at += 1;
        }
    }

    /// Makes the last thing keep what it took: a look does not try again.
    fn make_possessive(&mut self) -> Result<(), Unsupported> {
        let refers = |pair: &[char]| pair[0] == '\\' && matches!(pair[1], '1'..='9');
        if self.chars.windows(2).any(refers) {
            return Err(Unsupported("a possessive quantifier beside a reference has no common spelling".into()));
        }
        let taken = self.out.split_off(self.last);
        let number = groups(&self.out) + 1;
        write!(self.out, "(?:(?=({taken}))\\{number})").expect("writing to a String cannot fail");
        Ok(())
    }
}

/// How many groups a text opens that can be referred to.
fn groups(text: &str) -> usize {
    let count = std::cell::Cell::new(0);
    at_depth(text, |at, _, c| {
        count.set(count.get() + usize::from(c == '(' && !text[at + 1..].starts_with('?')));
        false
    });
    count.get()
}

#[cfg(test)]
mod tests {
    use super::super::{compile, translate};

    #[test]
    fn what_ecmascript_lacks_is_written_otherwise() {
        for (pattern, expected) in [
            (r"\d{1}+:\d{12}+", "^(?:[0-9]{1}:[0-9]{12})$"),
            ("a?+b", r"^(?:(?:(?=(a?))\1)b)$"),
            ("(x)[a-c]{1,2}+c", r"^(?:(x)(?:(?=([a-c]{1,2}))\2)c)$"),
            (r"(\/(?!\.)+[a.]+){1,4}", r"^(?:(/(?!\.)[.a]+){1,4})$"),
            ("(?=a)?b(?!c)*d", "^(?:(?:)b(?:)d)$"),
            ("a${1,9}|^*b", "^(?:a$|(?:)b)$"),
            ("a+?b*?c??", "^(?:a+?b*?c??)$"),
            (r"[*+]+\*+", r"^(?:[*+]+\*+)$"),
            ("a**|b+*|[c]?*", "^(?:(?:a*)*|(?:b+)*|(?:[c]?)*)$"),
            ("a+{4,9}|(b)*{2}", "^(?:(?:a+){4,9}|(?:(b)*){2})$"),
            ("a???|b*??", "^(?:(?:a??)?|(?:b*?)?)$"),
            ("a{2}*|a{2}{3}", "^(?:(?:a{2})*|(?:a{2}){3})$"),
        ] {
            assert_eq!(translate(pattern).as_deref(), Ok(expected), "{pattern}");
        }
        assert!(translate(r"(a)\1b++").is_err());
    }

    #[test]
    fn a_possessive_quantifier_gives_nothing_back() {
        let matches = |pattern: &str, text: &str| {
            let translated = translate(pattern).expect("a pattern that can be checked");
            compile(&translated).expect("sound").is_match(text).expect("decidable")
        };
        assert!(matches("a*b", "aab") && matches("a*+b", "aab"));
        assert!(matches("a*a", "aa") && !matches("a*+a", "aa"));
        assert!(!matches("[a-c]{1,2}+c", "ac") && matches("[a-c]{1,2}+c", "abc"));
    }
}
