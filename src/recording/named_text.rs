//! Values that stand under the name of a credential in a text, by its structure: in JSON or lines of that, in YAML, in a form, in
//! the parts of a multipart body. And the texts within it, which may have a structure of their own.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::document::begins_json;
use super::named::{Named, Seen, Tree, is_open, named};
use super::node::{Kind, Node};
use super::written::{Notation, Written};
use super::{credential, form_text, json_node, yaml_node};
use crate::limits::Limits;

/// Whether a name is that of a credential where the usual ones are not.
pub(crate) type Names<'n> = dyn Fn(&str) -> bool + 'n;

/// A part of a text.
#[derive(Debug)]
pub(crate) struct Piece<'t> {
    /// What it means, with its place in the text.
    pub(crate) written: Written<'t>,
    /// What it is.
    pub(crate) what: What,
    /// It is a value of a form: escapes of it stay, and what is written in its place is encoded.
    pub(crate) is_encoded: bool,
}

/// What a part of a text is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The value of a credential of that name.
    Secret(String),
    /// The same as a number.
    SecretNumber(String),
    /// A text that may have a structure of its own.
    Text,
}

/// What is looked for.
#[derive(Clone, Copy)]
pub(crate) struct Search<'n> {
    /// Further names of credentials.
    pub(crate) names: Option<&'n Names<'n>>,
    /// Characters that a value has at least.
    pub(crate) least: usize,
    /// The text is all of a body or file: one line of it may be YAML, which within another text is prose.
    pub(crate) is_whole: bool,
}

impl Search<'_> {
    fn is_name(&self, name: &str) -> bool {
        credential::is_name(name) || self.names.is_some_and(|names| names(name))
    }

    /// Whether there may be something in a text.
    fn may_be_in(&self, text: &str) -> bool {
        self.names.is_some()
            || credential::may_have_any(text)
            || memchr::memchr2(b'\\', b'%', text.as_bytes()).is_some()
    }
}

/// The secret values of a text, and the texts within it that may hold some.
pub(crate) fn pieces<'t>(text: &'t str, search: &Search<'_>, limits: &Limits) -> Vec<Piece<'t>> {
    if !search.may_be_in(text) {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    if let Some(start) = json_start(text) {
        for (at, root) in documents(text, start) {
            of_tree(&root, "", at, search, &mut pieces);
        }
    } else if let Some(parts) = form_text::parts(text) {
        pieces.extend(parts.into_iter().filter_map(|part| {
            let secret = part.name.filter(|name| search.is_name(name));
            of_range(text, part.body, secret, false, search)
        }));
    } else if let Some(pairs) = form_text::pairs(text) {
        pieces.extend(pairs.into_iter().filter_map(|pair| {
            let secret = Some(pair.name).filter(|name| search.is_name(name) || credential::is_parameter(name));
            of_range(text, pair.value, secret, true, search)
        }));
    } else if text.contains(':') {
        let document = yaml_node::parse(text, limits);
        for root in document.roots.iter().filter(|root| is_yaml(root, text, search.is_whole)) {
            of_tree(root, text, 0, search, &mut pieces);
        }
    }
    pieces
}

/// The byte at which JSON begins, behind lines of comments.
fn json_start(text: &str) -> Option<usize> {
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    for line in text[at..].split_inclusive('\n') {
        let is_comment = ["//", "#", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
        if !is_comment && !line.trim().is_empty() {
            return begins_json(&text.as_bytes()[at..]).then_some(at);
        }
        at += line.len();
    }
    None
}

/// The values of JSON that a text holds from a byte on, one or many that follow each other, and where each begins. One that is
/// broken is there as far as it goes, and lines behind it that begin another one.
fn documents(text: &str, mut from: usize) -> Vec<(usize, Node<'_>)> {
    let mut documents = Vec::new();
    while from < text.len() {
        let mut stream = serde_json::Deserializer::from_str(&text[from..]).into_iter::<IgnoredAny>();
        let mut start = from;
        while let Some(Ok(_)) = stream.next() {
            let end = from + stream.byte_offset();
            documents.extend(json_node::parse(&text[start..end]).roots.into_iter().map(|root| (start, root)));
            start = end;
        }
        if text[start..].trim().is_empty() {
            break;
        }
        documents.extend(json_node::parse(&text[start..]).roots.into_iter().map(|root| (start, root)));
        let behind = start + (text[start..].len() - text[start..].trim_start().len());
        from = memchr::memmem::find(&text.as_bytes()[behind..], b"\n{").map_or(text.len(), |at| behind + at + 1);
    }
    documents
}

/// Whether a document of YAML is meant as one: a map, or a list of such, whose keys are words.
fn is_yaml(root: &Node<'_>, text: &str, is_whole: bool) -> bool {
    let are_words = |members: &[(Cow<'_, str>, Node<'_>)]| {
        !members.is_empty() && members.iter().all(|(key, _)| !key.is_empty() && !key.contains(char::is_whitespace))
    };
    let is_meant = match &root.kind {
        Kind::Map(members) => are_words(members),
        Kind::List(items) => {
            items.iter().any(Node::is_map) && items.iter().all(|item| !item.is_map() || are_words(item.members()))
        }
        Kind::Scalar(_) => false,
    };
    is_meant && (is_whole || text.trim_end().contains('\n'))
}

/// The pieces of a tree that begins at a byte.
fn of_tree<'t>(root: &Node<'t>, text: &str, start: usize, search: &Search<'_>, pieces: &mut Vec<Piece<'t>>) {
    let is_more = |name: &str| search.names.is_some_and(|names| names(name));
    let found = named(root, &is_more);
    let mut secret: Vec<usize> = Vec::new();
    for own in found.iter().filter(|own| own.is_open(search.least) && !is_tagged(text, own.value.range.start)) {
        secret.push(own.value.range.start);
        pieces.extend(of_secret(own, start));
    }
    secret.sort_unstable();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        open.extend(node.items().iter().chain(node.members().iter().map(|(_, member)| member)));
        let Kind::Scalar(scalar) = &node.kind else { continue };
        if secret.binary_search(&node.range.start).is_ok() || !may_be_structured(&scalar.text, scalar.binary) {
            continue;
        }
        // Bytes are looked at where they are known to be a body.
        let is_text =
            |written: &Written<'_>| std::str::from_utf8(&written.bytes).is_ok_and(|text| search.may_be_in(text));
        let written = node.written().ok().flatten().filter(is_text);
        pieces.extend(written.map(|written| Piece {
            what: What::Text,
            is_encoded: false,
            written: shifted(written, start),
        }));
    }
}

fn of_secret<'t>(own: &Named<'_, Node<'t>>, start: usize) -> Option<Piece<'t>> {
    let written = own.value.written().ok()??;
    let (what, form) = match own.value.seen() {
        // Within quotes it would be a text.
        Seen::Number(_) => (What::SecretNumber(own.name.clone()), Notation::Verbatim),
        _ => (What::Secret(own.name.clone()), written.form),
    };
    Some(Piece { what, is_encoded: false, written: shifted(Written { form, ..written }, start) })
}

fn shifted(written: Written<'_>, start: usize) -> Written<'_> {
    let range = written.range.start + start..written.range.end + start;
    Written { range, ..written }
}

/// A part of a text that stands there as it is, or with the escapes of a form.
fn of_range<'t>(
    text: &'t str,
    range: Range<usize>,
    secret: Option<String>,
    is_encoded: bool,
    search: &Search<'_>,
) -> Option<Piece<'t>> {
    let raw = text.get(range.clone())?;
    let meant = if is_encoded { form_text::decoded(raw) } else { Cow::Borrowed(raw) };
    let what = match secret {
        Some(name) if is_open(&meant, search.least) => What::Secret(name),
        None if may_be_structured(&meant, false) && search.may_be_in(&meant) => What::Text,
        _ => return None,
    };
    let bytes = match meant {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Some(Piece { written: Written::new(bytes, range, Notation::Verbatim), what, is_encoded })
}

/// Whether a text may be more than a word.
fn may_be_structured(text: &str, is_binary: bool) -> bool {
    is_binary || text.contains([':', '='])
}

/// Whether a value of YAML is what a tag makes of it (`!Ref`), and none itself. Of JSON there is no text.
fn is_tagged(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '\t']);
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.starts_with('!') && !word.starts_with("!!") && before.len() < start
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secrets of a text, as they stand there.
    fn secrets(text: &str) -> Vec<&str> {
        let search = Search { names: None, least: 1, is_whole: true };
        let found = pieces(text, &search, &Limits::default()).into_iter().filter(|piece| piece.what != What::Text);
        found.map(|piece| &text[piece.written.range]).collect()
    }

    /// The texts within a text.
    fn texts(text: &str) -> Vec<String> {
        let search = Search { names: None, least: 1, is_whole: true };
        let found = pieces(text, &search, &Limits::default()).into_iter().filter(|piece| piece.what == What::Text);
        found.map(|piece| piece.written.text().into_owned()).collect()
    }

    #[test]
    fn a_secret_is_found_in_each_structure() {
        for (text, expected) in [
            (r#"{"password": "one", "a": [{"Name": "password", "Value": 12345}]}"#, vec![r#""one""#, "12345"]),
            ("\u{feff}{\"a\": 1}\n{\"password\": \"one\"}\n", vec![r#""one""#]),
            ("// a note\n{\"a\": 1}\nbroken {\n{\"password\": \"one\"}\n", vec![r#""one""#]),
            ("{\"password\": \"one\", \"a\": {\"b", vec![r#""one""#]),
            ("{\n  \"password\": \"one\"\n}\n{\n  \"password\": \"two\"\n}", vec![r#""one""#, r#""two""#]),
            ("a: b\npassword: 'one'\n---\npassword: two words\n", vec!["'one'", "two words"]),
            ("- password: one\n- a\n", vec!["one"]),
            ("---\na: b\n\npassword: one\n", vec!["one"]),
            ("a=b&password=it's&c", vec!["it's"]),
            ("--b\nContent-Disposition: form-data; name=password\n\none\n--b--\n", vec!["one"]),
        ] {
            assert_eq!(secrets(text), expected, "{text}");
        }
        for text in [
            r#"{"password": "xxxx", "nextToken": "one"}"#,
            "password: !Ref Name\nb: c\n",
            "Your password: one\nb: c\n",
            "password",
            "/a?password=one",
            "",
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn texts_within_a_text_are_there_as_they_are_meant() {
        assert_eq!(texts(r#"{"a": "{\"password\": 1}", "b": "token", "c": "no: credential"}"#), ["{\"password\": 1}"]);
        assert_eq!(texts("payload=%7B%22password%22%3A+1%7D&a=b"), ["{\"password\": 1}"]);
        assert_eq!(texts("--b\nContent-A: b\n\nsecret_key: one\ntwo: 2\n--b--"), ["secret_key: one\ntwo: 2"]);
    }

    #[test]
    fn one_line_is_yaml_where_it_is_all_there_is() {
        let of = |is_whole| {
            let search = Search { names: None, least: 1, is_whole };
            pieces("password: one and two", &search, &Limits::default()).len()
        };
        assert_eq!((of(true), of(false)), (1, 0));
    }
}
