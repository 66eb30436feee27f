//! Forms by their text alone: pairs of a urlencoded one, and the parts of a multipart body (RFC 7578).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;

/// A pair of a form.
#[derive(Debug)]
pub(super) struct Pair {
    /// What its name is about.
    pub(super) name: String,
    /// Bytes of the text with the value.
    pub(super) value: Range<usize>,
}

/// A part of a multipart body.
#[derive(Debug)]
pub(super) struct FormPart {
    /// What its name is about, where it has one.
    pub(super) name: Option<String>,
    /// Bytes of the text with its content.
    pub(super) body: Range<usize>,
}

/// The pairs of a text that is a urlencoded form, and nothing else.
pub(super) fn pairs(text: &str) -> Option<Vec<Pair>> {
    let form = text.trim_ascii_end();
    if !form.contains('=') || form.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>')) {
        return None;
    }
    let is_named = |c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '[' | ']' | '%' | '+' | '$' | ':' | '*' | '!')
    };
    let (mut pairs, mut at) = (Vec::new(), 0);
    for pair in form.split('&') {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        if !name.chars().all(is_named) {
            return None;
        }
        let start = at + (name.len() + 1).min(pair.len());
        pairs.push(Pair { name: last_of_name(name), value: start..at + pair.len() });
        at += pair.len() + 1;
    }
    Some(pairs)
}

/// What a value of a form means.
pub(crate) fn decoded(value: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'%', b'+', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let spaced = value.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

/// The parts of a text that is a multipart body.
pub(super) fn parts(text: &str) -> Option<Vec<FormPart>> {
    let (mark, mut at) = first_mark(text)?;
    let mut parts = Vec::new();
    loop {
        let end = next_mark(text, mark, at);
        let part = &text[at..end.map_or(text.len(), |(end, _)| end)];
        let (headers, body) = split(part);
        parts.push(FormPart { name: name_of(headers), body: at + body.start..at + body.end });
        match end {
            Some((_, behind)) if !text[behind..].starts_with("--") => at = behind + line_end(&text[behind..]),
            _ => return Some(parts),
        }
    }
}

/// The line that parts begin with, and the byte behind the first one: two dashes before headers that say what is in a part.
/// Three alone are a mark of YAML.
fn first_mark(text: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let mark = line.trim_end();
        if mark.len() > 2 && mark.starts_with("--") && mark != "---" && !mark.contains(' ') && has_headers(&text[at..])
        {
            return Some((mark, at));
        }
    }
    None
}

/// Whether a text begins with headers, of which one is about the content.
fn has_headers(text: &str) -> bool {
    const CONTENT: &str = "content-";
    const HEADERS: usize = 20;
    let mut headers = text.lines().take(HEADERS).take_while(|line| !line.is_empty());
    headers.any(|line| line.get(..CONTENT.len()).is_some_and(|start| start.eq_ignore_ascii_case(CONTENT)))
}

/// Where the part ends that begins at a byte, and the byte behind the mark.
fn next_mark(text: &str, mark: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let found = at + text[at..].find(mark)?;
        let before = &text[from..found];
        if before.is_empty() || before.ends_with('\n') {
            let end =
                before.strip_suffix('\n').map_or(before, |before| before.strip_suffix('\r').unwrap_or(before)).len();
            return Some((from + end, found + mark.len()));
        }
        at = found + mark.len();
    }
}

fn line_end(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

/// The headers of a part, and where its body stands. One that is cut within its headers has no body.
fn split(part: &str) -> (&str, Range<usize>) {
    let mut at = 0;
    for line in part.split_inclusive('\n') {
        if line.trim_end().is_empty() {
            return (&part[..at], at + line.len()..part.len());
        }
        at += line.len();
    }
    (part, part.len()..part.len())
}

/// What the name of a part is about, in quotes or not, whatever other headers and parameters there are.
pub(super) fn name_of(headers: &str) -> Option<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        let form = r#"(?im)^content-disposition[ \t]*:(?:[^\r\n]|\r?\n[ \t])*?;\s*name(?:\*[0-9]*\*?)?\s*=\s*(?:[\w-]*'[\w-]*')?(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^'\r\n]*)'|(?P<bare>[^;\s]+))"#;
        Regex::new(form).expect("a pattern of ours")
    });
    let found = NAME.captures(headers)?;
    let name = ["double", "single", "bare"].iter().find_map(|group| found.name(group))?;
    Some(last_of_name(name.as_str()))
}

/// What a name of a form is about: `c` of `a[b][c]` and of `A.b.member.1.c`, and `b` of `a.b.member.2`.
pub(super) fn last_of_name(name: &str) -> String {
    let name = percent_decode_str(name).decode_utf8_lossy();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.rsplit(['.', '[', ']', '$', ':']);
    let mut parts = parts.filter(|part| !part.is_empty() && *part != "member" && !is_number(part));
    parts.next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_pairs(text: &str) -> Option<Vec<(String, &str)>> {
        Some(pairs(text)?.into_iter().map(|pair| (pair.name, &text[pair.value])).collect())
    }

    fn named_parts(text: &str) -> Vec<(Option<String>, &str)> {
        parts(text).unwrap_or_default().into_iter().map(|part| (part.name, &text[part.body])).collect()
    }

    #[test]
    fn a_form_is_pairs_and_nothing_else() {
        let of = |name: &str, value: &'static str| (name.to_owned(), value);
        assert_eq!(named_pairs("a=b&c=it's!(*)~\n"), Some(vec![of("a", "b"), of("c", "it's!(*)~")]));
        let names = "user[word]=1&A.b.member.2=2&%61.member.1.Key=3&x&y=";
        let expected = [of("word", "1"), of("b", "2"), of("Key", "3"), of("x", ""), of("y", "")];
        assert_eq!(named_pairs(names), Some(expected.into()));
        for other in ["", "a", "a b=c", "{\"a\":\"b=c\"}", "https://h/?a=b", "<a b=c>", "a=b\nc=d"] {
            assert_eq!(named_pairs(other), None, "{other}");
        }
    }

    #[test]
    fn parts_are_called_by_their_disposition_wherever_it_stands() {
        let disposition = [
            "Content-Disposition: form-data; name=\"word\"",
            "content-disposition: form-data; name=word",
            "Content-Disposition:form-data; filename=\"name=x.txt\"; name='word'",
            "Content-Disposition: form-data; name=word; filename=\"a;b\"",
            "Content-Disposition: form-data;\n name=\"user[word]\"",
            "Content-Disposition: form-data; name*=UTF-8''wo%72d",
        ];
        for own in disposition {
            let more = "Content-Type: text/plain; name=other";
            for headers in [own.to_owned(), format!("{more}\n{own}"), format!("{own}\n{more}\nX-A: b")] {
                let text = format!("--b\n{headers}\n\none\n\ntwo --b\n--b\nContent-Type: a\n\n\n--b--\n");
                let expected = [(Some("word".to_owned()), "one\n\ntwo --b"), (None, "")];
                assert_eq!(named_parts(&text), expected, "{headers}");
                let wide = text.replace('\n', "\r\n");
                let expected = [(Some("word".to_owned()), "one\r\n\r\ntwo --b"), (None, "")];
                assert_eq!(named_parts(&format!("before\r\n{wide}")), expected, "{headers}");
                let cut = &text[..text.find("two").expect("there")];
                assert_eq!(named_parts(cut), [(Some("word".to_owned()), "one\n\n")], "{headers}");
            }
        }
        for other in ["", "--b", "--b\n", "--b\nA: b\n\nc", "-- b\nContent-A: b\n\nc", "---\ncontent-a: b\n\nc"] {
            assert_eq!(named_parts(other), [], "{other}");
        }
    }
}
