//! What is secret in the matchers of a stub, by the names of what they match.

use super::node::Node;
use super::written::{Notation, Written};
use super::{credential, form_text, redact};

/// What matches all of a text.
pub(super) const EQUAL: &str = "equalTo";
/// What matches a part of a document that a path leads to.
const PATHS: &[&str] = &["matchesJsonPath", "matchesXPath"];
/// Members that hold the name and the password of whoever asks.
const USERS: &[&str] = &["basicAuthCredentials", "basicAuth"];
/// Characters of a word that may be a secret's: of patterns, most are none.
const WORD: usize = 8;

/// What a text of that name is masked to, where it is secret.
type Masked = fn(&str, &str) -> Option<String>;

const PARAMETER: Masked = |name, text| match redact::url(&format!("?{name}={text}")) {
    Some(pair) => Some(pair.split_once('=')?.1.to_owned()),
    None if credential::is_parameter(&form_text::last_of_name(name)) => ANY(name, text),
    None => None,
};
const HEADER: Masked = |name, text| {
    if name.eq_ignore_ascii_case("authorization") {
        redact::part_of_signature(text)
    } else {
        redact::header(name, text)
    }
};
const ANY: Masked = |_, text| (text != redact::MASK).then(|| redact::MASK.to_owned());

/// Secret texts that the stub matches, masked; of one that is read, those that it matches in another way than by all of them,
/// for these are in no message.
pub(super) fn asides<'a>(request: &Node<'a>, is_read: bool) -> Vec<Written<'a>> {
    let mut asides = Vec::new();
    let parts = [("queryParameters", PARAMETER), ("formParameters", PARAMETER), ("headers", HEADER), ("cookies", ANY)];
    for (part, masked) in parts {
        for (name, matcher) in request.get(part).members() {
            // All of a text is in the messages.
            let is_own = is_read && matches!(part, "queryParameters" | "headers");
            matched(("", matcher), is_own, &|text| masked(name, text), &mut asides);
        }
    }
    for key in USERS {
        matched((EQUAL, request.get(key).get("password")), false, &|text| ANY("", text), &mut asides);
    }
    for part in request.get("multipartPatterns").items().iter().filter(|part| is_secret_part(part)) {
        matched(("", part.get("bodyPatterns")), false, &|text| ANY("", text), &mut asides);
    }
    for key in ["bodyPatterns", "multipartPatterns"] {
        led_to(request.get(key), &mut asides);
    }
    asides
}

/// Secret texts of a stub that is no exchange, beside those that it matches.
pub(super) fn of_no_exchange<'a>(request: &Node<'a>, response: &Node<'a>) -> Vec<Written<'a>> {
    let urls = ["url", "urlPath", "proxyBaseUrl"].iter().flat_map(|key| [request.get(key), response.get(key)]);
    let mut asides: Vec<Written<'a>> = urls
        .filter_map(|node| {
            let url = node.written().ok()??;
            let masked = redact::url(&url.text())?;
            Some(url.masked(masked))
        })
        .collect();
    for key in ["headers", "additionalProxyRequestHeaders"] {
        for (name, value) in response.get(key).members() {
            let secret = |text: Written<'a>| HEADER(name, &text.text()).map(|mask| text.masked(mask));
            asides.extend(texts(value).into_iter().filter_map(secret));
        }
    }
    asides
}

/// What a matcher of a secret matches, masked: all of a text however short that is, and of patterns those in which a word is
/// long enough to be one. `is_own` leaves out what is in the messages.
fn matched<'a>(
    (key, matcher): (&str, &Node<'a>),
    is_own: bool,
    masked: &dyn Fn(&str) -> Option<String>,
    asides: &mut Vec<Written<'a>>,
) {
    let mut open: Vec<(&str, bool, &Node<'a>)> = vec![(key, key.is_empty(), matcher)];
    while let Some((key, is_top, node)) = open.pop() {
        if is_top && is_own && key == EQUAL {
            continue;
        }
        open.extend(node.items().iter().map(|item| (key, false, item)));
        open.extend(node.members().iter().map(|(own, member)| (&**own, is_top && key.is_empty(), member)));
        let is_word = |text: &str| {
            let holds_word = || text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.len() >= WORD);
            key == EQUAL && !matches!(text, "true" | "false" | "") || holds_word()
        };
        asides.extend(node.written().ok().flatten().and_then(|text| of_text(text, &is_word, masked)));
    }
}

/// What matchers match of a part of a document, where the path to it ends with the name of a credential.
fn led_to<'a>(matchers: &Node<'a>, asides: &mut Vec<Written<'a>>) {
    let mut open = vec![matchers];
    while let Some(node) = open.pop() {
        open.extend(node.items().iter().chain(node.members().iter().map(|(_, member)| member)));
        for path in PATHS.iter().map(|key| node.get(key)) {
            let is_secret = path.get("expression").text().is_some_and(|path| is_path_to_secret(&path));
            for (key, member) in path.members().iter().filter(|(key, _)| is_secret && key != "expression") {
                matched((key, member), false, &|text| ANY("", text), asides);
            }
        }
    }
}

/// Whether the last name of a path of JSON (`$.a['b']`) or XML (`//a/b/text()`) is that of a credential.
fn is_path_to_secret(path: &str) -> bool {
    let path = path.trim_end_matches("/text()");
    let mut names = path.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
    let last = names.rfind(|name| name.bytes().any(|byte| !byte.is_ascii_digit()));
    last.is_some_and(credential::is_parameter)
}

/// Whether a part of a multipart body is called like a credential, by its name or by the header with that.
fn is_secret_part(part: &Node<'_>) -> bool {
    let is_secret = |name: &str| credential::is_parameter(&form_text::last_of_name(name));
    let is_named = |header: &str| {
        form_text::name_of(&format!("content-disposition:;{header}")).is_some_and(|name| is_secret(&name))
    };
    let mut headers = part.get("headers").members().iter().flat_map(|(_, matcher)| texts(matcher));
    part.get("name").text().is_some_and(|name| is_secret(&name)) || headers.any(|text| is_named(&text.text()))
}

/// A text that is masked, where `is_one` says that it may be a secret.
fn of_text<'a>(
    text: Written<'a>,
    is_one: &dyn Fn(&str) -> bool,
    masked: &dyn Fn(&str) -> Option<String>,
) -> Option<Written<'a>> {
    let mask = is_one(&text.text()).then(|| masked(&text.text())).flatten()?;
    // A number stays one.
    let is_number = text.form == Notation::Verbatim;
    let mask = if is_number { "0".to_owned() } else { mask };
    (mask != text.text()).then(|| text.masked(mask))
}

/// Every text within a node.
pub(super) fn texts<'a>(node: &Node<'a>) -> Vec<Written<'a>> {
    let (mut open, mut texts) = (vec![node], Vec::new());
    while let Some(node) = open.pop() {
        open.extend(node.items().iter().chain(node.members().iter().map(|(_, member)| member)));
        texts.extend(node.written().ok().flatten());
    }
    texts
}
