//! Words and days as texts spell them, and names from anywhere as they may be shown.

mod apart;
mod escaping;
mod nearest;

use std::borrow::Cow;
use std::fmt::Write as _;

pub(crate) use self::apart::apart;
pub(crate) use self::escaping::Escaping;
pub(crate) use self::nearest::{AMONG_FEW, AMONG_MANY, Known, nearest};

/// A count with its noun.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The article before a noun.
pub(crate) fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

/// A name with its first letter in upper case.
pub(crate) fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

/// At most so many characters of a text: where it has more, one less and `…`.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(most.saturating_sub(1)).map_or(0, |(end, _)| end);
    Cow::Owned(format!("{}…", &text[..end]))
}

/// Whether a text is a day, `YYYY-MM-DD`.
pub(crate) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let [year, month, day] = parts[..] else { return false };
    (year.len(), month.len(), day.len()) == (4, 2, 2)
        && number(year).is_some()
        && number(month).is_some_and(|month| (1..=12).contains(&month))
        && number(day).is_some_and(|day| (1..=31).contains(&day))
}

/// Text with each character that terminals, logs and pages obey instead of showing it as its code point, `<U+202E>`.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_obeyed(c) {
            write!(shown, "<U+{:04X}>", u32::from(c)).expect("a String takes everything");
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Control characters, line ends, those that turn, join or hide others, and code points that are no character, of which
/// XML allows some nowhere.
pub(crate) fn is_obeyed(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_format || u32::from(c) & 0xfffe == 0xfffe
}

/// A whole text for people that nothing obeys, whatever names are in it: characters as [`visible`] shows them but for
/// line ends, tabs and, where it is coloured, colours; and no line that a CI system takes for a command.
pub(crate) fn inert(text: &str, coloured: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // GitHub reads `::error::`, Azure `##vso[` and `##[`.
        let is_command = line.trim_start().starts_with("::");
        safe.push_str(if is_command { "<U+003A>" } else { "" });
        let line = if is_command { line.trim_start().trim_start_matches(':') } else { line };
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let colour = if coloured { colour(rest) } else { 0 };
            let length = colour.max(c.len_utf8());
            match c {
                _ if colour > 0 => safe.push_str(&rest[..colour]),
                '\n' | '\t' => safe.push(c),
                '#' if rest.starts_with("##[") || rest.starts_with("##vso[") => safe.push_str("<U+0023>"),
                _ => safe.push_str(&visible(&rest[..length])),
            }
            rest = &rest[length..];
        }
    }
    safe
}

/// Bytes of the colour (`ESC [ … m`) that a text begins with.
fn colour(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if rest.as_bytes().get(digits) == Some(&b'm') { 2 + digits + 1 } else { 0 }
}

/// Whether a text is what a pattern with `*` describes.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*b*b*", "abb", true),
            ("*b*b*", "ab", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("", "a", false),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_text_is_shortened_to_what_there_is_room_for() {
        assert_eq!([shortened("12345678", 8), shortened("123456é8", 8)], ["12345678", "123456é8"]);
        assert_eq!([shortened("1234567é9", 8), shortened("éééééééé9", 8)], ["1234567…", "ééééééé…"]);
        assert_eq!([shortened("", 0), shortened("ab", 1)], ["", "…"]);
    }

    #[test]
    fn what_would_be_obeyed_is_shown() {
        assert_eq!(visible("`größe` [a-z]{1,3} 𝄞"), "`größe` [a-z]{1,3} 𝄞");
        assert_eq!(visible("a\n\u{1b}[31m\u{202e}b\u{e0041}"), "a<U+000A><U+001B>[31m<U+202E>b<U+E0041>");
        assert_eq!(visible("\u{fffd}\u{fffe}\u{ffff}\u{1ffff}"), "\u{fffd}<U+FFFE><U+FFFF><U+1FFFF>");
    }

    #[test]
    fn nothing_in_a_text_is_obeyed() {
        let harmful = "a\n::error::x\n  ::warning::y\n##[group]z ##vso[task]\n\u{1b}]0;t\u{7}\u{202e}\u{9b}2J\r\n";
        let shown = "a\n<U+003A>error::x\n<U+003A>warning::y\n<U+0023>#[group]z <U+0023>#vso[task]\n\
                     <U+001B>]0;t<U+0007><U+202E><U+009B>2J<U+000D>\n";
        assert_eq!(inert(harmful, true), shown);
        assert_eq!(inert("\u{1b}[1;31mred\u{1b}[0m\tx\n", true), "\u{1b}[1;31mred\u{1b}[0m\tx\n");
        assert_eq!(inert("\u{1b}[1m", false), "<U+001B>[1m");
        assert_eq!(inert("a :: b # ## c", false), "a :: b # ## c");
    }
}
