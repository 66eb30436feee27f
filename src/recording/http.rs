//! HTTP exchanges as recorders of every kind keep them, before a protocol has read them.
//!
//! Every part knows the bytes of the source it was written at ([`Written`]). Credentials are masked as the parts are made; see [`super::redact`].

use std::borrow::Cow;

use super::written::Written;
use super::{Fidelity, coding, redact};
use crate::limits::{Limit, Limits};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// One HTTP request and what came back.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else of the recorder")]
pub struct HttpExchange<'a> {
    /// What was sent.
    pub request: HttpRequest<'a>,
    /// What came back; `None` where nothing did.
    pub response: Option<HttpResponse<'a>>,
    /// When it was recorded (RFC 3339).
    pub recorded_at: Option<Cow<'a, str>>,
    /// Secret texts that stand beside the messages, masked: a stub matches more than what it is.
    pub asides: Vec<Written<'a>>,
    /// Parameters that stand parsed beside the messages, by their names.
    pub pairs: Vec<(Cow<'a, str>, Written<'a>)>,
    /// What a stub matches of the request in another way than by all of it: nobody tells what is secret there.
    pub patterns: Vec<Pattern>,
    /// It is a stub: of the request it keeps what is matched.
    pub is_stub: bool,
    /// Its recorder writes placeholders such as `<AWS_ACCOUNT_ID>` in the place of what it was told to hide.
    pub has_placeholders: bool,
    /// Its recorder removes and replaces what it was told to.
    pub(super) is_scrubbed: bool,
    /// Number within the file, from 0.
    pub entry: usize,
    /// Byte of the source at which it begins.
    pub offset: usize,
    /// No recorder stood between, which may have left headers out.
    pub(super) is_at_hand: bool,
}

impl<'a> HttpExchange<'a> {
    /// An exchange whose time and place are not known yet.
    pub fn new(request: HttpRequest<'a>, response: Option<HttpResponse<'a>>) -> Self {
        Self {
            request,
            response,
            recorded_at: None,
            asides: Vec::new(),
            pairs: Vec::new(),
            patterns: Vec::new(),
            is_stub: false,
            has_placeholders: false,
            is_scrubbed: false,
            entry: 0,
            offset: 0,
            is_at_hand: false,
        }
    }

    /// The same exchange as one that no recorder has written, so that a header that it lacks was not there.
    #[must_use]
    pub fn at_hand(self) -> Self {
        Self { is_at_hand: true, ..self }
    }

    /// How much of what travelled the recording keeps. Every request has headers, and every response of AWS tells its date
    /// and an id of its request; where none is there, or neither, the recorder left headers out.
    pub fn fidelity(&self) -> Fidelity {
        if self.is_stub {
            return Fidelity::Stub;
        }
        let begins = |name: &str| name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("x-amz"));
        let of_aws = |name: &str| name.eq_ignore_ascii_case("date") || begins(name);
        let has_got =
            self.response.as_ref().is_none_or(|response| response.headers.iter().any(|(name, _)| of_aws(name)));
        let has_sent = !self.request.headers.are_left_out();
        if self.is_scrubbed {
            return if has_got { Fidelity::Scrubbed } else { Fidelity::ScrubbedHeadless };
        }
        match (has_sent || self.is_at_hand, has_got || self.is_at_hand) {
            (true, true) => Fidelity::Exact,
            (true, false) => Fidelity::Headless,
            (false, true) => Fidelity::HeadlessRequest,
            (false, false) => Fidelity::HeadlessBoth,
        }
    }

    /// The exchange without the body of its request, where the request itself says that another one was sent, or where it
    /// lacks a part that the service had and is shorter than it was; `None` where nothing proves that.
    pub fn without_other_body(&self, lacks_part: bool) -> Option<Self> {
        let is_cut = || lacks_part && self.request.is_shorter();
        let is_other = !self.is_stub && !self.request.lacks_content() && (self.request.is_disproved() || is_cut());
        is_other.then(|| {
            let mut exchange = self.clone();
            (exchange.request.body, exchange.request.had_other) = (None, true);
            exchange
        })
    }

    /// Whether the request may have had a form that was not recorded, which names the operation in the query protocols: none
    /// is there, and nothing says that there was none.
    pub fn may_lack_a_form(&self) -> bool {
        let HttpRequest { method, headers, body, .. } = &self.request;
        let UrlParts { path, query, .. } = self.request.parts();
        let is_at_root = method == "POST" && matches!(path, "" | "/") && query.is_empty();
        let is_empty = || headers.get("content-length").is_some_and(|length| length.trim() == "0");
        is_at_root && body.is_none() && !self.is_at_hand && !is_empty() && !self.request.is_proved_empty()
    }

    /// Whether it had one: its headers say so.
    pub fn lacks_a_form(&self) -> bool {
        self.may_lack_a_form() && (self.request.lacks_content() || self.request.headers.are_of_a_form())
    }

    /// The exchange with compressed bodies unpacked, which some recorders keep as they travelled.
    ///
    /// # Errors
    /// One unpacks to more than a limit.
    pub fn unpacked(mut self, limits: &Limits) -> Result<Self, Limit> {
        let (sent, got) = (&mut self.request, self.response.as_mut());
        let halves = [Some((&sent.headers, &mut sent.body)), got.map(|got| (&got.headers, &mut got.body))];
        for (headers, body) in halves.into_iter().flatten() {
            let Some(body) = body else { continue };
            let coding = headers.get("content-encoding");
            if let Some((bytes, codings)) = coding::decoded(&body.bytes, coding.as_deref(), limits)? {
                body.bytes = bytes.into();
                body.codings = codings;
            }
        }
        Ok(self)
    }
}

/// A part of a request that a stub matches by a pattern, or by a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// The body, or a parameter of its form.
    Body,
    /// The query parameter of that name.
    Query(String),
    /// The header of that name.
    Header(String),
}

/// An HTTP request.
#[derive(Debug, Clone)]
pub struct HttpRequest<'a> {
    /// Method in upper case.
    pub method: Cow<'a, str>,
    /// The whole URL, with host and query string.
    pub url: Written<'a>,
    /// Headers in the recording's order.
    pub headers: Headers<'a>,
    /// Content; `None` where there is none or it was not recorded.
    pub body: Option<Written<'a>>,
    /// There was content, which the recorder did not keep.
    left_out: bool,
    /// The recording keeps other content than was sent.
    had_other: bool,
}

/// An HTTP response.
#[derive(Debug, Clone)]
pub struct HttpResponse<'a> {
    /// Status code.
    pub status: u16,
    /// Headers in the recording's order.
    pub headers: Headers<'a>,
    /// Content; `None` where there is none or it was not recorded.
    pub body: Option<Written<'a>>,
    /// The recording keeps the content, and there is none.
    bare: bool,
    /// There was content, which the recorder did not keep.
    left_out: bool,
}

impl<'a> HttpRequest<'a> {
    /// A request; what is secret in its URL is masked.
    pub fn new(method: &str, url: Written<'a>, headers: Headers<'a>, body: Option<Written<'a>>) -> Self {
        let masked = redact::url(&url.text());
        let body = body.filter(|body| !body.bytes.is_empty());
        let left_out = is_left_out(&headers, body.as_ref());
        Self {
            method: method.to_ascii_uppercase().into(),
            url: match masked {
                Some(masked) => url.masked(masked),
                None => url,
            },
            headers,
            body: body.filter(|body| !redact::is_placeholder_of_a_body(&body.bytes)),
            left_out,
            had_other: false,
        }
    }

    /// The same, of which the recording tells in a place of its own that it had so many bytes of content.
    #[must_use]
    pub(super) fn of_size(self, size: u64) -> Self {
        Self { left_out: self.left_out || size > 0 && self.body.is_none(), ..self }
    }

    /// Whether there was content that the recorder did not keep, so that nothing is known of what is in it.
    pub fn lacks_content(&self) -> bool {
        (self.left_out || self.had_other) && self.body.is_none()
    }

    /// Whether the recording keeps other content than was sent.
    pub fn had_other_content(&self) -> bool {
        self.had_other
    }

    /// Scheme, host (lower case, without port), path and query string.
    pub fn parts(&self) -> UrlParts<'_> {
        UrlParts::split(std::str::from_utf8(&self.url.bytes).unwrap_or_default())
    }
}

impl<'a> HttpResponse<'a> {
    /// A response.
    pub fn new(status: u16, headers: Headers<'a>, body: Option<Written<'a>>) -> Self {
        let is_empty = |body: &&Written<'_>| body.bytes.is_empty();
        // That of a body which the client has already tells its length.
        let left_out = status != 304 && is_left_out(&headers, body.as_ref().filter(|body| !is_empty(body)));
        let bare = !left_out && body.as_ref().is_some_and(|body| is_empty(&body));
        let is_known = |body: &Written<'_>| !is_empty(&body) && !redact::is_placeholder_of_a_body(&body.bytes);
        Self { status, headers, body: body.filter(is_known), bare, left_out }
    }

    /// Whether there was content that the recorder did not keep, so that nothing is known of what is in it.
    pub fn lacks_content(&self) -> bool {
        self.left_out && self.body.is_none()
    }

    /// The same, of which the recording tells in a place of its own that it had so many bytes of content.
    #[must_use]
    pub(super) fn of_size(self, size: u64) -> Self {
        Self { left_out: self.left_out || size > 0 && self.body.is_none(), ..self }
    }

    /// Whether it is known to have had no content, rather than none that was recorded.
    pub fn is_empty(&self) -> bool {
        let has_none = || self.headers.get("content-length").is_some_and(|length| length.trim() == "0");
        self.body.is_none() && (self.bare || has_none())
    }
}

/// Whether a message had content that the recorder left out: a placeholder stands for it, or the length alone is there.
fn is_left_out(headers: &Headers<'_>, body: Option<&Written<'_>>) -> bool {
    let length = || headers.get("content-length")?.trim().parse::<u64>().ok();
    match body {
        Some(body) => redact::is_placeholder_of_a_body(&body.bytes),
        None => length().is_some_and(|length| length > 0),
    }
}

/// The parts of a URL, undecoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlParts<'u> {
    /// Host without port; empty where the URL has none.
    pub host: &'u str,
    /// Path, beginning with a slash unless empty.
    pub path: &'u str,
    /// Query string without the question mark.
    pub query: &'u str,
}

impl<'u> UrlParts<'u> {
    fn split(url: &'u str) -> Self {
        let (authority, rest) = match url.split_once("://") {
            Some((_, rest)) => {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                rest.split_at(end)
            }
            None => ("", url),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or_default();
        // An IPv6 address holds colons within its brackets.
        let host = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        Self { host, path, query }
    }
}

/// A name or value as a form's body holds it. Some recorders keep it encoded already, as far as that can be told.
pub(super) fn form_encoded(text: &str) -> String {
    if is_encoded(text) {
        return text.to_owned();
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let encoded = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encoded).collect()
}

/// Whether a text has escapes, and nothing that is always escaped.
fn is_encoded(text: &str) -> bool {
    let is_escape = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.contains('%')
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'&' | b'"' | b'<' | b'>'))
        && text.split('%').skip(1).all(is_escape)
}

/// Headers, looked up without regard to case.
#[derive(Debug, Clone, Default)]
pub struct Headers<'a> {
    list: Vec<(Cow<'a, str>, Written<'a>)>,
    /// Something stands where they do, or among them, that is no name with a value.
    has_unread: bool,
    /// More may have travelled than is kept.
    are_some: bool,
}

impl<'a> Headers<'a> {
    /// Adds a header; what is secret in it is masked.
    pub fn push(&mut self, name: Cow<'a, str>, value: Written<'a>) {
        let value = match redact::header(&name, &value.text()) {
            Some(masked) => value.masked(masked),
            None => value,
        };
        self.list.push((name, value));
    }

    /// Notes whether something is left out that is no name with a value.
    pub(super) fn leaves_out(&mut self, is_unread: bool) {
        self.has_unread |= is_unread;
    }

    /// Whether something is left out that is no name with a value.
    pub(super) fn has_unread(&self) -> bool {
        self.has_unread
    }

    /// Notes that more may have travelled than is kept.
    #[must_use]
    pub(super) fn some(self) -> Self {
        Self { are_some: true, ..self }
    }

    /// Whether a header that is not there proves nothing: none is, or the recorder keeps some alone.
    fn are_left_out(&self) -> bool {
        self.are_some || self.list.is_empty() && !self.has_unread
    }

    /// The first header of that name.
    pub fn written(&self, name: &str) -> Option<&Written<'a>> {
        self.list.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The first header of that name, as text.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.written(name).map(Written::text)
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Written<'a>)> {
        self.list.iter().map(|(name, value)| (&**name, value))
    }

    /// Media type of the content, in lower case and without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.get("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// Whether they say that the content is a form, as requests of the query protocols are.
    pub(super) fn are_of_a_form(&self) -> bool {
        self.media_type().is_some_and(|media| media == FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_what_all_have_lost_headers() {
        let headers = |names: &[&'static str]| {
            let mut headers = Headers::default();
            for name in names {
                headers.push((*name).into(), Written::verbatim("x", 0));
            }
            headers
        };
        let exchange = |sent: Headers<'static>, got: Option<&[&'static str]>| {
            let request = HttpRequest::new("GET", Written::verbatim("http://h/", 0), sent, None);
            HttpExchange::new(request, got.map(|got| HttpResponse::new(200, headers(got), None)))
        };
        let told = |sent: &[&'static str], got| exchange(headers(sent), got).fidelity();
        assert_eq!(told(&["Host"], Some(&[])), Fidelity::Headless);
        assert_eq!(told(&["Host"], Some(&["Content-Type", "Content-Length"])), Fidelity::Headless);
        for names in [&["Date"][..], &["x-amzn-RequestId"], &["content-type", "X-Amz-Id-2"]] {
            assert_eq!(told(&["Accept"], Some(names)), Fidelity::Exact, "{names:?}");
            assert_eq!(told(&[], Some(names)), Fidelity::HeadlessRequest, "{names:?}");
        }
        assert_eq!(told(&["Host"], None), Fidelity::Exact, "nothing came back");
        assert_eq!(told(&[], Some(&["Content-Type"])), Fidelity::HeadlessBoth);
        assert_eq!(exchange(headers(&[]), Some(&[])).at_hand().fidelity(), Fidelity::Exact, "nobody left them out");
        assert_eq!(exchange(headers(&["Host"]).some(), None).fidelity(), Fidelity::HeadlessRequest);
        let mut unread = headers(&[]);
        unread.leaves_out(true);
        assert_eq!(exchange(unread, None).fidelity(), Fidelity::Exact, "something is there");
    }

    #[test]
    fn a_form_may_be_missing_where_one_would_name_the_operation() {
        let told = |method: &str, url: &'static str, headers: &[(&'static str, &'static str)], body| {
            let mut own = Headers::default();
            for (name, value) in headers {
                own.push((*name).into(), Written::verbatim(value, 0));
            }
            let request = HttpRequest::new(method, Written::verbatim(url, 0), own, body);
            let exchange = HttpExchange::new(request, None);
            (exchange.may_lack_a_form(), exchange.lacks_a_form(), exchange.at_hand().may_lack_a_form())
        };
        let form = ("content-type", FORM);
        assert_eq!(told("POST", "https://h/", &[], None), (true, false, false));
        assert_eq!(told("POST", "https://h", &[form], None), (true, true, false));
        assert_eq!(told("POST", "https://h/", &[("content-length", "12")], None), (true, true, false));
        assert_eq!(told("POST", "https://h/", &[form, ("content-length", "0")], None), (false, false, false));
        assert_eq!(told("POST", "https://h/", &[form], Some(Written::verbatim("Action=A", 0))), (false, false, false));
        for (method, url) in [("GET", "https://h/"), ("POST", "https://h/a"), ("POST", "https://h/?Action=A")] {
            assert_eq!(told(method, url, &[form], None), (false, false, false), "{method} {url}");
        }
    }

    #[test]
    fn an_empty_body_beside_a_length_was_left_out() {
        let told = |status: u16, length: &'static str, body: &'static str| {
            let mut headers = Headers::default();
            headers.push("content-length".into(), Written::verbatim(length, 0));
            let response = HttpResponse::new(status, headers, Some(Written::verbatim(body, 0)));
            (response.lacks_content(), response.is_empty())
        };
        assert_eq!(told(200, "12", ""), (true, false));
        assert_eq!(told(304, "12", ""), (false, true), "the client has it");
        assert_eq!(told(200, "0", ""), (false, true));
        assert_eq!(told(200, "2", "{}"), (false, false));
    }

    #[test]
    fn values_of_forms_are_encoded_once() {
        for (text, expected) in [
            ("a b", "a%20b"),
            ("a%2Bb", "a%2Bb"),
            ("a%2Fb+c==", "a%2Fb+c=="),
            ("%ff", "%ff"),
            ("100% b", "100%25%20b"),
            ("100%", "100%25"),
            ("a%2", "a%252"),
            ("%zz", "%25zz"),
            ("a%20b&c", "a%2520b%26c"),
            ("%2\u{fc}", "%252%C3%BC"),
        ] {
            assert_eq!(form_encoded(text), expected, "{text}");
        }
    }

    #[test]
    fn urls_fall_into_parts() {
        let parts = |url| UrlParts::split(url);
        let whole = parts("https://user@Example.com:443/a/b?c=d&e#f");
        assert_eq!((whole.host, whole.path, whole.query), ("Example.com", "/a/b", "c=d&e"));
        assert_eq!(parts("http://[::1]:80/x").host, "[::1]");
        assert_eq!(parts("https://host?x=1"), UrlParts { host: "host", path: "", query: "x=1" });
        assert_eq!(parts("/only/path"), UrlParts { host: "", path: "/only/path", query: "" });
    }
}
