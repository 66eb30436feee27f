//! Values in place of secret ones: of the same type and length, so that they still fit the contract.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Members with which placebo says what an object of Python is.
const CLASS: [&str; 2] = ["__class__", "__module__"];

/// How characters are replaced. What fits one pattern does not fit another, so there are several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    /// Each by one of its kind: `x`, `X` or `0`.
    Kind,
    /// Letters and digits by `x`.
    Lower,
    /// Letters and digits by `X`.
    Upper,
    /// Letters and digits by `0`.
    Digits,
    /// Letters by `a`, digits by `1`.
    Hexadecimal,
}

impl Mask {
    /// All ways, in the order in which they are tried.
    pub(super) const ALL: [Self; 5] = [Self::Kind, Self::Lower, Self::Upper, Self::Digits, Self::Hexadecimal];

    /// Whether a text is what some mask leaves of itself.
    pub(super) fn is_mask(text: &str) -> bool {
        Self::ALL.iter().any(|mask| mask.text(text) == text)
    }

    fn character(self, character: char) -> char {
        match self {
            _ if !character.is_alphanumeric() => character,
            Self::Kind if character.is_numeric() => '0',
            Self::Kind if character.is_uppercase() => 'X',
            Self::Kind | Self::Lower => 'x',
            Self::Upper => 'X',
            Self::Digits => '0',
            Self::Hexadecimal if character.is_numeric() => '1',
            Self::Hexadecimal => 'a',
        }
    }

    /// A text of as many characters. Dates stay dates, ARNs and identifiers stay such.
    pub(super) fn text(self, text: &str) -> String {
        if let Some(same_form) = date(text).or_else(|| arn(text)) {
            return same_form;
        }
        let mask = if is_identifier(text) { Self::Hexadecimal } else { self };
        text.chars().map(|character| mask.character(character)).collect()
    }

    /// A JSON value of the same structure. Keys, booleans, nulls, the size of numbers and the texts in `kept` stay.
    pub(super) fn value(self, value: &mut Value, kept: &[String]) {
        match value {
            Value::String(text) if kept.contains(text) => {}
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item, kept)),
            Value::Object(members) => {
                let own = members.iter_mut().filter(|(key, _)| !CLASS.contains(&key.as_str()));
                own.for_each(|(_, member)| self.value(member, kept));
            }
            Value::Number(number) => {
                if let Ok(same_size) = serde_json::from_str(&digits(&number.to_string())) {
                    *value = same_size;
                }
            }
            Value::Bool(_) | Value::Null => {}
        }
    }

    /// Text within a form or a URL: escapes stay.
    pub(super) fn escaped(self, text: &str) -> String {
        self.but(text, |rest| if rest.starts_with('%') { escape(rest) } else { 0 })
    }

    /// Text within a form, a URL or XML: escapes and tags stay.
    pub(super) fn marked_up(self, text: &str) -> String {
        self.but(text, |rest| match rest.as_bytes()[0] {
            b'%' => escape(rest),
            b'&' | b'<' => MARKUP.find(rest).map_or(0, |found| found.len()),
            _ => 0,
        })
    }

    /// A text without its characters but for what `kept` tells the length of, where it begins.
    fn but(self, text: &str, kept: impl Fn(&str) -> usize) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let whole = kept(rest);
            if whole > 0 {
                masked.push_str(&rest[..whole]);
                rest = &rest[whole..];
                continue;
            }
            masked.push(self.character(first));
            rest = &rest[first.len_utf8()..];
        }
        masked
    }
}

/// The bytes of an escape that a text begins with.
fn escape(text: &str) -> usize {
    let is_one = text.as_bytes().get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if is_one { 3 } else { 0 }
}

/// What is no text in XML where it begins: an entity, a tag, the beginning of CDATA. Anything else with such a character is
/// text of a form or of a statement.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    let attribute = r#"\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')"#;
    let form = format!(
        r"^(?:&(?:[A-Za-z]{{2,6}}|#[0-9]{{1,7}}|#x[0-9A-Fa-f]{{1,6}});|</?[A-Za-z_][\w.:-]*(?:{attribute})*\s*/?>|<!\[CDATA\[)"
    );
    Regex::new(&form).expect("a pattern of ours")
});

/// The same digits' places with others in them: the first stays above zero.
fn digits(number: &str) -> String {
    let mut first = true;
    let exponent = number.find(['e', 'E']).unwrap_or(number.len());
    let masked = number[..exponent].chars().map(|character| match character {
        '0' if first => '0',
        digit if digit.is_ascii_digit() => {
            let mask = if first { '1' } else { '0' };
            first = false;
            mask
        }
        other => other,
    });
    masked.chain(number[exponent..].chars()).collect()
}

/// A date of the same form, where the text is one.
fn date(text: &str) -> Option<String> {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let is_iso = text.len() >= 19 && [0, 3, 5, 8, 11, 14, 17].into_iter().all(digit) && &text[4..5] == "-";
    is_iso.then(|| format!("2000-01-01{}00:00:00{}", text.get(10..11).unwrap_or("T"), text.get(19..).unwrap_or("Z")))
}

/// An ARN with another account and other identifiers. Kept are service and region and, in the resource, its type and
/// the types before an identifier.
fn arn(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, region, account, resource] = parts[..] else { return None };
    let hidden = |text: &str| text.chars().map(|c| Mask::Hexadecimal.character(c)).collect::<String>();
    let tokens: Vec<&str> = resource.split_inclusive(['/', ':']).collect();
    let resource: String = tokens
        .iter()
        .enumerate()
        .map(|(at, token)| {
            let is_type =
                tokens.get(at + 1).is_some_and(|next| at == 0 || is_identifier(next.trim_end_matches(['/', ':'])));
            if is_type { (*token).to_owned() } else { hidden(token) }
        })
        .collect();
    Some(format!("arn:{partition}:{service}:{region}:{}:{resource}", hidden(account)))
}

/// A UUID, or another long hexadecimal identifier.
fn is_identifier(text: &str) -> bool {
    text.len() >= 8
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn masks_keep_type_and_length() {
        let mut value = json!({"key": ["kept", "Secret-1ü", 1234, -0.5, true, null, "2023-08-30T12:34:56.5Z"]});
        Mask::Kind.value(&mut value, &["kept".to_owned()]);
        assert_eq!(value, json!({"key": ["kept", "Xxxxxx-0x", 1000, -0.1, true, null, "2000-01-01T00:00:00.5Z"]}));
        let mut body = json!({"__class__": "StreamingBody", "__module__": "botocore.response", "body": "Zm9v"});
        Mask::Kind.value(&mut body, &[]);
        assert_eq!(body, json!({"__class__": "StreamingBody", "__module__": "botocore.response", "body": "Xx0x"}));
        assert_eq!(Mask::Upper.text("Beef-42"), "XXXX-XX");
        assert_eq!(Mask::Kind.text("3e3be000-5c1d"), "1a1aa111-1a1a");
        assert_eq!(Mask::Kind.text("arn:aws:s:r:123:role/path/me"), "arn:aws:s:r:111:role/aaaa/aa");
        assert_eq!(
            Mask::Kind.text("arn:aws:s:r:123:membership/3e3be000-5c1d/template/3e3be000"),
            "arn:aws:s:r:111:membership/1a1aa111-1a1a/template/1a1aa111"
        );
    }

    #[test]
    fn escapes_and_tags_stay() {
        assert_eq!(Mask::Lower.marked_up("a%2Fb&amp;c<b>d</b>"), "x%2Fx&amp;x<b>x</b>");
        assert_eq!(Mask::Lower.marked_up("<a b=\"c\"/>d&#65;"), "<a b=\"c\"/>x&#65;");
        assert_eq!(Mask::Lower.marked_up("<![CDATA[ab]]><?x ab?>"), "<![CDATA[xx]]><?x xx?>");
    }

    #[test]
    fn what_only_looks_like_a_tag_or_an_escape_is_masked() {
        for (text, masked) in [
            ("x<5 AND ssn=12;", "x<x xxx xxx=xx;"),
            ("a & b; c", "x & x; x"),
            ("a<b and c>d", "x<x xxx x>x"),
            ("ab<cd", "xx<xx"),
            ("100%of%zz", "xxx%xx%xx"),
        ] {
            assert_eq!(Mask::Lower.marked_up(text), masked, "{text}");
        }
        assert_eq!(Mask::Lower.escaped("a%2F<b>c</b>&amp;"), "x%2F<x>x</x>&xxx;");
    }
}
