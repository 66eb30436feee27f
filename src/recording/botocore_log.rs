//! Debug logs of botocore (`aws --debug`, `boto3.set_stream_logger('')`, `logging.basicConfig`): the messages that tell
//! request, status, headers and body of each call.
//!
//! A log has a form of its own in every program, so a message is known by its words, whatever stands before them on its
//! line. Threads are told apart where lines name them as the AWS CLI's do.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::document::numbered;
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse};
use super::lines::NOT_UTF8;
use super::python_repr::Repr;
use super::written::{Notation, Written};
use super::{Entry, Format, Malformed, Probe, Source};

/// What botocore says before it builds a request: operation, and the parts of the request as a dict.
const CALL: &str = "Making request for OperationModel(name=";
const PARAMS: &str = ") with params: ";
/// What it says each time that it sends one.
const SENT: &str = "Sending http request: <AWSPreparedRequest ";
const HEADERS: &str = "Response headers: ";
const BODY: &str = "Response body:";
/// What stands before that which is read of a line.
const READ: [&str; 3] = [PARAMS, "Sending http request: ", HEADERS];

pub(super) struct BotocoreLog;

impl Format for BotocoreLog {
    fn id(&self) -> &'static str {
        "botocore-log"
    }

    fn about(&self) -> &'static str {
        "debug logs of botocore: aws --debug, boto3.set_stream_logger('')"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        static SOUGHT: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [CALL, SENT].map(Finder::new));
        // Programs that write such messages hold their words, too, but not behind the name of a logger.
        let is_message = |line: &[u8]| {
            let text = String::from_utf8_lossy(line);
            let at = text.find(CALL).or_else(|| text.find(SENT));
            at.is_some_and(|at| text[..at].contains("botocore.endpoint") || text[..at].contains("botocore.httpsession"))
        };
        SOUGHT.iter().any(|sought| sought.find(probe.start).is_some())
            && probe.start.split(|byte| *byte == b'\n').any(is_message)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let (text, unreadable) = match source.text() {
            Ok(text) => (text, None),
            Err(at) => (std::str::from_utf8(&source.bytes[..at]).unwrap_or_default(), Some(at)),
        };
        let mut log = Log::default();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            log.line(text, at..at + line.len());
            at += line.len();
        }
        for (entry, call) in log.calls.into_iter().enumerate() {
            sink(read(call, entry, source));
        }
        let cut = unreadable.is_none().then(|| cut(text)).flatten();
        if let Some(at) = cut {
            sink(Entry::Malformed(Malformed::new("it ends within a message", at, None)));
        }
        if let Some(at) = unreadable {
            sink(Entry::Malformed(Malformed::new(NOT_UTF8, at, None)));
        }
    }
}

/// What a log has told so far.
#[derive(Default)]
struct Log<'a> {
    calls: Vec<Call<'a>>,
    /// Of each thread, the body of the request that it makes.
    bodies: HashMap<&'a str, Option<Written<'a>>>,
    /// Of each thread, the call that it waits for.
    current: HashMap<&'a str, usize>,
    /// The call whose response's body the next line is.
    awaited: Option<usize>,
}

/// Where a log breaks off, if that is within what is read of it.
fn cut(text: &str) -> Option<usize> {
    let start = text.rfind('\n').map_or(0, |end| end + 1);
    let (before, line) = text.split_at(start);
    let read = if before.lines().next_back().is_some_and(|line| line.contains(BODY)) {
        line
    } else {
        let words = READ.into_iter().find(|words| line.contains(words))?;
        line.split_once(words)?.1
    };
    (!is_closed(read)).then_some(text.len())
}

/// Whether each quote and bracket of what Python prints is closed.
fn is_closed(repr: &str) -> bool {
    let (mut depth, mut quote, mut rest) = (0, None, repr.chars());
    while let Some(c) = rest.next() {
        match (c, quote) {
            ('\\', Some(_)) => _ = rest.next(),
            (c, Some(open)) => quote = (c != open).then_some(open),
            ('\'' | '"', None) => quote = Some(c),
            ('{' | '[' | '(' | '<', None) => depth += 1,
            ('}' | ']' | ')' | '>', None) => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && quote.is_none() && repr.contains(['\'', '"', '{', '<'])
}

/// A request that was sent, and what came back of it.
struct Call<'a> {
    offset: usize,
    request: Result<HttpRequest<'a>, String>,
    status: Option<u16>,
    headers: Option<Headers<'a>>,
    body: Option<Written<'a>>,
}

impl<'a> Log<'a> {
    fn line(&mut self, text: &'a str, range: Range<usize>) {
        let line = &text[range.clone()];
        if let Some(call) = self.awaited.take() {
            let indented = line.len() - line.trim_start().len();
            self.calls[call].body = Repr::new(text, range.start + indented).literal();
            return;
        }
        let behind = |words: &str| line.find(words).map(|at| range.start + at + words.len());
        if let Some(params) = behind(PARAMS).filter(|_| line.contains(CALL)) {
            self.bodies.insert(thread(line), body(text, params));
        } else if let Some(at) = behind(SENT) {
            self.sent(text, range.start, (at, range.end), thread(line));
        } else if let Some(&call) = self.current.get(thread(line)) {
            self.answered(text, call, line, &behind);
        }
    }

    fn sent(&mut self, text: &'a str, offset: usize, (at, end): (usize, usize), thread: &'a str) {
        // Each attempt sends the same.
        let body = self.bodies.get(thread).cloned().flatten();
        let request = request(text, at, end, body);
        self.current.insert(thread, self.calls.len());
        self.calls.push(Call { offset, request, status: None, headers: None, body: None });
    }

    fn answered(&mut self, text: &'a str, number: usize, line: &str, behind: &dyn Fn(&str) -> Option<usize>) {
        let call = &mut self.calls[number];
        if let Some(status) = status(line) {
            call.status = call.status.or(Some(status));
        } else if let Some(at) = behind(HEADERS) {
            // Errors are parsed, and told, twice.
            call.headers.get_or_insert_with(|| headers(Repr::new(text, at)));
        } else if behind(BODY).is_some() && call.body.is_none() {
            self.awaited = Some(number);
        }
    }
}

fn read<'a>(call: Call<'a>, entry: usize, source: &Source<'a>) -> Entry<'a> {
    let malformed = |reason: String| Entry::Malformed(Malformed::new(reason, call.offset, Some(entry)));
    let request = match call.request {
        Ok(request) => request,
        Err(reason) => return malformed(reason),
    };
    let response = match (call.status, call.headers) {
        (Some(status), Some(headers)) => Some(HttpResponse::new(status, headers, call.body)),
        (None, Some(_)) => {
            return Entry::PassedOver("calls of a log that lacks urllib3's lines, so that no status is known");
        }
        (_, None) => None,
    };
    match numbered(HttpExchange::new(request, response), entry, call.offset).unpacked(&source.limits) {
        Ok(exchange) => Entry::Http(Box::new(exchange)),
        Err(limit) => Entry::Malformed(Malformed::beyond(limit, &source.limits, call.offset, Some(entry))),
    }
}

/// The thread that a line of the AWS CLI names (`TIME - THREAD - LOGGER - LEVEL - …`); of other lines, none.
fn thread(line: &str) -> &str {
    let mut parts = line.split(" - ");
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(thread), Some(logger)) if !logger.contains(' ') => thread,
        _ => "",
    }
}

/// The status in what urllib3 says of a response: `HOST "METHOD PATH HTTP/1.1" STATUS LENGTH`.
fn status(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once(" HTTP/1.")?;
    let (_, rest) = rest.split_once("\" ")?;
    rest.split(' ').next()?.trim().parse().ok().filter(|status| (100..1000).contains(status))
}

/// `stream_output=False, method=…, url=…, headers={…}>`
fn request<'a>(text: &'a str, at: usize, end: usize, body: Option<Written<'a>>) -> Result<HttpRequest<'a>, String> {
    let told = &text[at..end];
    let method = told.split_once("method=").and_then(|(_, rest)| rest.split(',').next()).ok_or("it has no method")?;
    let url = told.find("url=").ok_or("it has no url")? + 4;
    let length = told[url..].find(", headers=").ok_or("it has no headers")?;
    let start = at + url;
    let headers = headers(Repr::new(text, start + length + ", headers=".len()));
    let method = method.trim_start_matches("b'").trim_matches('\'');
    Ok(HttpRequest::new(method, Written::verbatim(&text[start..start + length], start), headers, body))
}

fn headers(repr: Repr<'_>) -> Headers<'_> {
    let mut headers = Headers::default();
    for (name, value) in repr.members() {
        if let Some(value) = value.literal() {
            headers.push(name.into(), value);
        }
    }
    headers
}

/// The body of a request; `None` where it is a file of the program's.
fn body(text: &str, params: usize) -> Option<Written<'_>> {
    let (_, body) = Repr::new(text, params).members().into_iter().find(|(name, _)| name == "body")?;
    body.literal().or_else(|| form(body))
}

/// A form, whose fields stand as a dict.
fn form(dict: Repr<'_>) -> Option<Written<'_>> {
    let fields = dict.members();
    let range = fields.first()?.1.literal()?.range;
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pair = |(name, value): &(String, Repr<'_>)| {
        let value = value.literal().map_or_else(|| value.word().to_owned(), |value| value.text().into_owned());
        format!("{}={}", encoded(name), encoded(&value))
    };
    let bytes = fields.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes().into();
    Some(Written::new(bytes, range, Notation::Pieces))
}

#[cfg(test)]
mod tests {
    use super::super::document::shown;
    use super::super::json::peek_keys;
    use super::*;

    const START: &str = "2023-09-01 10:00:00,000 botocore.endpoint [DEBUG] ";

    fn call(thread: &str, body: &str) -> String {
        format!(
            "{START}{thread}Making request for OperationModel(name=GetThing) with params: {{'url_path': '/', 'body': {body}, \
             'url': 'https://h/', 'context': {{'a': <x.Y object at 0x1>}}}}\n"
        )
    }

    fn sent() -> String {
        format!(
            "{START}Sending http request: <AWSPreparedRequest stream_output=False, method=POST, url=https://h/a?b=1,2, \
             headers={{'Content-Type': b'application/json', 'X': 'y'}}>\n"
        )
    }

    fn answered(status: u16, body: &str) -> String {
        format!(
            "x urllib3.connectionpool [DEBUG] https://h:443 \"POST /a?b=1,2 HTTP/1.1\" {status} 12\n\
             x botocore.parsers [DEBUG] Response headers: {{'Content-Type': 'application/json'}}\n\
             x botocore.parsers [DEBUG] Response body:\n{body}\n"
        )
    }

    #[test]
    fn calls_are_put_together_from_messages() {
        let log = [call("", "b'{\"a\": 1}'"), sent(), answered(200, "b'{\"c\": \"it\\'s\"}'")].concat();
        assert_eq!(shown(&BotocoreLog, &log), ["POST https://h/a?b=1,2 {\"a\": 1} > 200 {\"c\": \"it's\"}"]);
        let (keys, _) = peek_keys(log.as_bytes());
        let probe = |start: &str| {
            let path = std::path::Path::new("x.log");
            BotocoreLog.recognises(&Probe { path, start: start.as_bytes(), keys: &keys, first_line_is_object: false })
        };
        assert!(probe(&log) && !probe(&format!("const CALL: &str = \"{CALL}\";\n")));
    }

    #[test]
    fn a_log_that_ends_within_a_message_is_told() {
        let log = [call("", "b'it\\'s'"), sent(), answered(200, "b'{\"a\": \"b\"}'")].concat();
        let last = log.trim_end().len();
        for at in (1..=log.len()).filter(|at| log.is_char_boundary(*at)) {
            let line = log[..at].rsplit('\n').next().unwrap_or_default();
            let starts = READ.iter().any(|words| line.contains(words));
            let is_within = at < last && (starts && log.as_bytes()[at] != b'\n' || log[..at].contains(BODY));
            let told = cut(&log[..at]).is_some();
            // The word that announces a body may stand without its line.
            assert!(told == is_within || at < last && log[..at].ends_with(BODY), "{:?}", &log[..at]);
        }
    }

    #[test]
    fn each_attempt_and_each_second_telling_of_an_error_is_known() {
        let answer = answered(500, "b'x'");
        let told = answer.lines().skip(1).fold(String::new(), |told, line| told + line + "\n");
        let log = [call("", "b'q'"), sent(), answer, told.clone(), sent(), answered(200, "b''"), told].concat();
        assert_eq!(shown(&BotocoreLog, &log), ["POST https://h/a?b=1,2 q > 500 x", "POST https://h/a?b=1,2 q > 200 -"]);
    }

    #[test]
    fn what_a_log_does_not_tell_is_not_made_up() {
        let form = [call("", "{'Action': 'A', 'V': 'x y', 'N': 3}"), sent()].concat();
        assert_eq!(shown(&BotocoreLog, &form), ["POST https://h/a?b=1,2 Action=A&V=x%20y&N=3 > -"]);
        let stream =
            [call("", "<_io.BytesIO object at 0x1>"), sent(), answered(200, "<urllib3 object at 0x2>")].concat();
        assert_eq!(shown(&BotocoreLog, &stream), ["POST https://h/a?b=1,2 - > 200 -"]);
        let without: String = answered(200, "b''").lines().skip(1).fold(String::new(), |told, line| told + line + "\n");
        let told = shown(&BotocoreLog, &[call("", "b''"), sent(), without].concat());
        assert!(told[0].contains("PassedOver"), "{told:?}");
        let broken = format!("{START}Sending http request: <AWSPreparedRequest stream_output=False>\n");
        assert_eq!(shown(&BotocoreLog, &broken), ["it has no method @Some(0)"]);
    }

    #[test]
    fn threads_that_are_named_are_told_apart() {
        let named = |thread: &str, lines: String| {
            lines
                .lines()
                .map(|line| match line.split_once("] ") {
                    Some((_, message)) => format!("T - {thread} - botocore.x - DEBUG - {message}\n"),
                    None => format!("{line}\n"),
                })
                .collect::<Vec<_>>()
        };
        let one = named("One", [call("", "b'1'"), sent(), answered(200, "b'a'")].concat());
        let two = named("Two", [call("", "b'2'"), sent(), answered(404, "b'b'")].concat());
        let at = |lines: &[String], from: usize, to: usize| lines[from..to].concat();
        let log = [at(&one, 0, 2), at(&two, 0, 3), at(&one, 2, 4), at(&two, 3, 6), at(&one, 4, 6)].concat();
        assert_eq!(shown(&BotocoreLog, &log), ["POST https://h/a?b=1,2 1 > 200 a", "POST https://h/a?b=1,2 2 > 404 b"]);
    }
}
