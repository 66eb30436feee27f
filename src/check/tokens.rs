//! Names within base64, as tokens of pages hold them: the text is written anew, with what stands for the names.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::Regex;

use super::identities::Identities;

/// Base64 within base64 that is looked into.
const NESTED: usize = 3;
/// Digits of the shortest name.
const SHORTEST: usize = 10;

/// A run of digits, with what pads it however that is written.
static RUNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<digits>[A-Za-z0-9+/_-]+)(?P<padding>(?:=|%3[Dd]|\\u003[dD]){0,2})").expect("a pattern of ours")
});

/// A text with the names replaced that stand within base64 of text, and how many were.
pub(super) fn without_names(text: &str, identities: &mut Identities) -> (String, usize) {
    within(text, identities, NESTED)
}

fn within(text: &str, identities: &mut Identities, depth: usize) -> (String, usize) {
    let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for found in RUNS.captures_iter(text) {
        let (Some(digits), Some(padding)) = (found.name("digits"), found.name("padding")) else { continue };
        if digits.len() < SHORTEST {
            continue;
        }
        let anew = starts(text, digits.range()).into_iter().find_map(|start| {
            let (token, names) = anew(&text[start..digits.end()], padding.as_str(), identities, depth)?;
            Some((start, token, names))
        });
        if let Some((start, token, names)) = anew {
            without.push_str(&text[at..start]);
            without.push_str(&token);
            (at, count) = (padding.end(), count + names);
        }
    }
    without.push_str(&text[at..]);
    (without, count)
}

/// Where a token may begin in a run of digits: behind an escape, or behind a part of a path.
fn starts(text: &str, run: Range<usize>) -> Vec<usize> {
    let before = &text[..run.start];
    let escape = match before.as_bytes().last() {
        Some(b'%') => 2,
        Some(b'\\') if text[run.clone()].starts_with('u') => 5,
        Some(b'\\') => 1,
        _ => 0,
    };
    let first = run.start + escape;
    let parts = text[run.clone()].match_indices('/').map(|(at, _)| run.start + at + 1);
    let fits = |start: &usize| *start >= first && start + SHORTEST <= run.end && text.is_char_boundary(*start);
    std::iter::once(first).chain(parts).filter(fits).collect()
}

/// A token with other names in it; `None` where it is none, or holds no name.
fn anew(digits: &str, padding: &str, identities: &mut Identities, depth: usize) -> Option<(String, usize)> {
    let engine: &GeneralPurpose = if digits.contains(['-', '_']) { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD };
    let text = String::from_utf8(engine.decode(digits).ok()?).ok()?;
    if text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace()) {
        return None;
    }
    let (text, names) = identities.without(&text);
    let (text, below) = match depth.checked_sub(1) {
        Some(depth) => within(&text, identities, depth),
        None => (text, 0),
    };
    if names + below == 0 {
        return None;
    }
    let mut token = engine.encode(&text);
    // Who pads one pads all; a whole number of fours says nothing.
    let unit = match padding.get(..1) {
        Some("=") => "=",
        Some("%") => &padding[..3],
        Some(_) => &padding[..6],
        None if digits.len().is_multiple_of(4) => "=",
        None => "",
    };
    token.push_str(&unit.repeat((4 - token.len() % 4) % 4));
    Some((token, names + below))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    #[test]
    fn names_in_tokens_are_replaced_and_the_rest_stays() {
        let account = ["4567", "89012345"].concat();
        for (plain, expected) in [
            (format!("{{\"account\": \"{account}\", \"n\": 1}}"), "{\"account\": \"100000000001\", \"n\": 1}"),
            (format!("{account}?>?>"), "100000000001?>?>"),
            ("of jane.doe@corp.example.org".to_owned(), "of xxxx.xxb@xxxx.xxxxxxx.org"),
            ("of 203.0.113.7".to_owned(), "of 198.18.0.1"),
        ] {
            for encode in [
                |text: &str| STANDARD.encode(text),
                |text: &str| STANDARD_NO_PAD.encode(text),
                |text: &str| URL_SAFE.encode(text),
                |text: &str| STANDARD.encode(text).replace('=', "%3D"),
                |text: &str| STANDARD.encode(text).replace('=', "\\u003d"),
                |text: &str| STANDARD.encode(STANDARD.encode(text)),
            ] {
                for around in ["{\"token\": \"{}\"}", "?a={}&b", "%2F{}", "\\n{} x", "/a/b_c/{}", "{}"] {
                    let (before, after) =
                        (around.replace("{}", &encode(&plain)), around.replace("{}", &encode(expected)));
                    assert_eq!(without_names(&before, &mut Identities::default()), (after, 1), "{before}");
                }
            }
        }
    }

    #[test]
    fn what_holds_no_name_stays() {
        for plain in ["a page of results", "{\"n\": 123456789}", "127.0.0.1", "\u{1}\u{2}456789012345"] {
            let token = STANDARD.encode(plain);
            assert_eq!(without_names(&token, &mut Identities::default()), (token, 0), "{plain}");
        }
        let words = "AWSServiceRoleForAutoScaling/arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole";
        assert_eq!(without_names(words, &mut Identities::default()), (words.to_owned(), 0));
    }
}
