//! Values in place of secret ones: of the same type and length, so that they still fit the contract.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::recording::escapes;

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

    /// Text within a form or a URL. What is escaped and is no letter or digit stays so.
    pub(super) fn escaped(self, text: &str) -> String {
        self.pieces(text, |rest| if rest.starts_with('%') { self.of_escapes(rest) } else { None })
    }

    /// Text within a form, a URL or XML. Tags stay, without the values of their attributes, and so does what is escaped and is no
    /// letter or digit.
    pub(super) fn marked_up(self, text: &str) -> String {
        self.pieces(text, |rest| match rest.as_bytes()[0] {
            b'%' => self.of_escapes(rest),
            b'&' => self.of_reference(rest),
            b'<' => self.of_cdata(rest).or_else(|| self.of_tag(rest)),
            _ => None,
        })
    }

    /// A text by its characters, but for what `piece` makes more of where it begins: how many bytes, and what stands for them.
    fn pieces(self, text: &str, piece: impl Fn(&str) -> Option<(usize, String)>) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((length, piece)) = piece(rest) {
                masked.push_str(&piece);
                rest = &rest[length..];
                continue;
            }
            masked.push(self.character(first));
            rest = &rest[first.len_utf8()..];
        }
        masked
    }

    /// Escapes of a URL, one behind the other: together they are characters.
    fn of_escapes(self, text: &str) -> Option<(usize, String)> {
        let code = |escape: &[u8]| match escape {
            [b'%', digits @ ..] => u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok(),
            _ => None,
        };
        let bytes: Vec<u8> = text.as_bytes().chunks_exact(3).map_while(code).collect();
        let (mut masked, mut at) = (String::new(), 0);
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                let length = 3 * character.len_utf8();
                if character.is_alphanumeric() {
                    masked.push(self.character(character));
                } else {
                    masked.push_str(&text[at..at + length]);
                }
                at += length;
            }
            // Of another encoding each byte is a character.
            masked.extend(chunk.invalid().iter().map(|_| self.character('x')));
            at += 3 * chunk.invalid().len();
        }
        (at > 0).then_some((at, masked))
    }

    /// A reference of XML to a character.
    fn of_reference(self, text: &str) -> Option<(usize, String)> {
        let whole = REFERENCE.find(text)?.as_str();
        let meant = escapes::unescaped(whole).and_then(|meant| meant.chars().next());
        let masked = match meant.filter(|meant| meant.is_alphanumeric()) {
            Some(meant) => self.character(meant).to_string(),
            None => whole.to_owned(),
        };
        Some((whole.len(), masked))
    }

    /// A section of CDATA, in which nothing is a tag.
    fn of_cdata(self, text: &str) -> Option<(usize, String)> {
        const START: &str = "<![CDATA[";
        let inner = text.strip_prefix(START)?;
        let inner = &inner[..inner.find("]]>").unwrap_or(inner.len())];
        let masked = inner.chars().map(|character| self.character(character));
        Some((START.len() + inner.len(), START.chars().chain(masked).collect()))
    }

    /// A tag. Names of attributes and of namespaces are none of the text.
    fn of_tag(self, text: &str) -> Option<(usize, String)> {
        let tag = TAG.find(text)?.as_str();
        let masked = ATTRIBUTE.replace_all(tag, |found: &Captures<'_>| {
            let is_namespace = found[1].trim_start().starts_with("xmlns");
            let value = if is_namespace { found[2].to_owned() } else { self.marked_up(&found[2]) };
            format!("{}{value}{}", &found[1], &found[3])
        });
        Some((tag.len(), masked.into_owned()))
    }
}

/// A reference to a character of XML. Anything else that begins so is text of a form or of a statement.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});").expect("a pattern of ours")
});

/// A tag of XML, likewise.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let attribute = r#"\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')"#;
    Regex::new(&format!(r"^</?[A-Za-z_][\w.:-]*(?:{attribute})*\s*/?>")).expect("a pattern of ours")
});

/// An attribute within a tag: what is before its value, the value, and the quote behind it.
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(\s+[\w.:-]+\s*=\s*["'])([^"'<]*)(["'])"#).expect("a pattern of ours"));

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
    use crate::recording::credential::is_of_a_mask;

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
    fn what_masks_leave_is_known_as_theirs() {
        for mask in Mask::ALL {
            for character in ['a', 'f', 'z', 'A', 'F', 'Z', '0', '9', 'ü', 'Ü', 'ß', 'ǅ', '٣', 'Ⅷ', '½', '中']
            {
                let left = mask.character(character);
                assert!(is_of_a_mask(left), "{mask:?}: {character} becomes {left}");
            }
        }
    }

    #[test]
    fn escapes_and_tags_stay_and_what_they_say_does_not() {
        for (text, masked) in [
            ("a%2Fb&amp;c<b>d</b>", "x%2Fx&amp;x<b>x</b>"),
            ("<a b=\"c\" d = 'e&#65;'/>d&#65;&#x412;&#32;", "<a b=\"x\" d = 'xx'/>xxx&#32;"),
            ("<a xmlns:b=\"c\"><b:d>e</b:d></a>", "<a xmlns:b=\"c\"><b:d>x</b:d></a>"),
            ("<![CDATA[ab <cd> &amp;]]><?x ab?>", "<![CDATA[xx <xx> &xxx;]]><?x xx?>"),
            ("<![CDATA[ab", "<![CDATA[xx"),
            ("%D0%92%d0%b8%20%4A%61.%E9%20", "xx%20xx.x%20"),
            ("&eacute;", "&xxxxxx;"),
        ] {
            assert_eq!(Mask::Lower.marked_up(text), masked, "{text}");
        }
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
