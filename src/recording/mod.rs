//! Recorded traffic: files → [`Exchange`]s, as they stand in the file.
//!
//! One file per format. A reader says which service, operation and encoding a value has; it judges nothing. Text is
//! borrowed from the file, so that an exchange nobody has a finding on is never copied. [`walk()`] finds files,
//! [`Chunks`] streams large ones.

pub(crate) mod ahead;
mod body_file;
mod botocore_examples;
mod botocore_log;
mod bounds;
mod cli_output;
mod cloudtrail;
pub(crate) mod coding;
pub mod credential;
mod credential_names;
pub(crate) mod cursor;
mod dd_apm;
mod decoded;
mod digits;
mod document;
mod entries;
pub mod escapes;
mod event_bridge;
mod exchange_record;
mod excuse;
mod extent;
mod form_text;
mod go_vcr;
mod har;
mod http;
mod http_list;
mod http_replay;
mod httprr;
mod ignored;
mod joined;
pub mod json;
pub mod json_comments;
mod json_entries;
pub(crate) mod json_index;
mod json_node;
mod json_stream;
mod json_value;
pub(crate) mod keys;
mod langchain_tests;
mod lines;
mod localstack;
mod marks;
mod messages;
mod mitmproxy;
pub mod moment;
pub(crate) mod named;
pub(crate) mod named_text;
mod nock;
mod node;
mod notation;
pub(crate) mod number;
pub mod packed;
mod payload;
mod payload_file;
mod payload_record;
mod placebo;
mod placeholder;
mod probe;
mod proof;
mod python_literal;
mod python_repr;
pub mod redact;
mod ruby_vcr;
mod selection;
mod service_name;
mod smithy_dvr;
mod smithy_kotlin;
mod source;
mod tnetstring;
mod unnamed;
pub(crate) mod values;
mod vcr;
mod vcrpy;
mod walk;
mod window;
mod wiremock;
mod wiremock_secrets;
mod written;
mod yaml_node;
mod yaml_stream;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

pub use self::bounds::exceeded;
pub use self::cli_output::{BARE, printed_keys};
pub use self::coding::Coding;
pub(crate) use self::decoded::other_root;
pub use self::decoded::{Flaw, FlawKind, Misnamed, Origin, Origins, XML_ERROR_PARTS};
pub(crate) use self::digits::hexadecimal;
pub use self::digits::{Digits, Within};
pub use self::document::{NO_LIST, begins_json as is_json};
pub use self::entries::{Entries, Layout};
pub use self::excuse::Excuse;
pub use self::extent::{Extent, Fidelity};
pub(crate) use self::form_text::decoded as form_decoded;
pub use self::http::{Headers, HttpExchange, HttpRequest, HttpResponse, Pattern, UrlParts};
pub use self::http_replay::CLEARED;
pub use self::joined::{Edits, Joined};
pub use self::lines::{Chunk, Chunks};
pub use self::marks::{Marks, has_marks, may_begin, nearly};
pub use self::messages::{Messages, Request, Response};
pub use self::payload::{Class, Object, Payload, Syntax};
pub(crate) use self::payload::{Unescaped, unescaped};
pub use self::payload_record::Head;
pub(crate) use self::placeholder::placeholders;
pub use self::probe::Probe;
pub use self::selection::{Filter, LeftOut, Omission, omission};
pub use self::service_name::ServiceName;
pub(crate) use self::source::Ruler;
pub use self::source::{Mark, Source};
pub use self::unnamed::{Clue, Unnamed};
pub use self::walk::{Found, walk};
pub use self::window::Piece;
pub(crate) use self::written::Trail;
pub use self::written::{Notation, Written};
use crate::limits::{Limit, Limits};
use crate::model::{Direction, Encoding, Protocol};

/// Every format, in the order in which they are tried on a file.
pub const FORMATS: &[&dyn Format] = &[
    &payload_record::PayloadRecords,
    &exchange_record::ExchangeRecords,
    &placebo::Placebo,
    &har::Har,
    &botocore_examples::BotocoreExamples,
    &cloudtrail::CloudTrail,
    &localstack::LocalStack,
    &vcrpy::Vcrpy,
    &ruby_vcr::RubyVcr,
    &go_vcr::GoVcr,
    &smithy_dvr::SmithyDvr,
    &nock::Nock,
    &langchain_tests::LangchainTests,
    &dd_apm::DdApmTestAgent,
    &smithy_kotlin::SmithyKotlin,
    &http_replay::HttpReplay,
    &wiremock::WireMock,
    &mitmproxy::Mitmproxy,
    &httprr::Httprr,
    &botocore_log::BotocoreLog,
    &payload_file::PayloadFile,
    &cli_output::CliOutput,
];

/// The format of that id.
pub fn format(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}

/// The format of a file, judged by what is in it and, where a format has no marks of its own, by its name.
pub fn recognise(probe: &Probe<'_>) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.recognises(probe))
}

/// What the response in a file would be called if the file's name is that of an operation, in the spelling of the CLI or
/// of the API. Many files are named so; whether a service has that operation, its model says.
pub fn named_by_file(path: &Path) -> Option<Exchange<'_>> {
    cli_output::may_be(path)
}

/// The service that the AWS CLI calls by that command, as its model is named.
pub fn service_of_command(command: &str) -> &str {
    cli_output::model_name(command)
}

/// What is wrong with a YAML text that is a cassette as far as it goes, and the byte it is about; `None` where it is
/// sound, or something else.
pub fn broken_yaml(text: &str) -> Option<(String, usize)> {
    probe::broken_yaml(text, &["interactions", "http_interactions"])
}

/// Whether the name of a file alone says that it is a recording.
pub fn is_named(path: &Path) -> bool {
    let unread = Probe { path, start: b"", keys: &[], first_line_is_object: false };
    placebo::named(path).is_some() || recognise(&unread).is_some()
}

/// Services that an exchange of a log may be of where the one that it names has no such operation: services that share the
/// source of their events. None of other recordings.
pub fn siblings(exchange: &Exchange<'_>) -> &'static [&'static str] {
    match (exchange.fidelity, &exchange.service) {
        (Fidelity::Logged, ServiceName::EndpointPrefix(source)) => cloudtrail::siblings(source),
        _ => &[],
    }
}

/// One way of recording traffic.
pub trait Format: Sync {
    /// Name for `--recording-format`.
    fn id(&self) -> &'static str;

    /// One line on what it is.
    fn about(&self) -> &'static str;

    /// Whether the file is of this format.
    fn recognises(&self, probe: &Probe<'_>) -> bool;

    /// The keys that its objects have.
    fn marks(&self) -> Marks {
        Marks::NONE
    }

    /// Whether each line of the file stands alone, so that it may be read in pieces.
    fn is_by_line(&self, _probe: &Probe<'_>) -> bool {
        false
    }

    /// Keys that lead to the list of exchanges, where a document of this format is one, so that each may be read by itself.
    fn entries(&self) -> Option<&'static [&'static str]> {
        None
    }

    /// Reads a file, or a piece of whole lines of one, and hands over each entry in order.
    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>));

    /// Reads an entry of such a document, which the source is. Whether it is sound and no key stands twice in it.
    fn read_entry<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) -> bool {
        self.read(source, sink);
        true
    }

    /// The same as [`Format::read`], where payloads may be judged as they are read: of a record whose payload `sure` is sure of,
    /// which is most of them, it hands over the names alone.
    fn read_surely<'a>(&self, source: &Source<'a>, _sure: &SureOf<'_>, sink: &mut dyn FnMut(Entry<'a>)) {
        self.read(source, sink);
    }

    /// The text of a file of this format in which `edit` has changed each part that may be changed by itself. In a format
    /// that counts bytes those are its strings; of others it is the whole.
    fn rewritten(&self, source: &[u8], edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>) -> Vec<u8> {
        edit(0..source.len())
    }
}

/// Bytes of the value that a text begins with, where it is a payload with these names and conforms for certain.
pub type SureOf<'s> = dyn Fn(&Head<'_>, &str) -> Option<usize> + 's;

/// What a reader hands over.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are exchanges, and boxing each would cost more")]
pub enum Entry<'a> {
    /// An exchange, or one half of it, whose operation and values the recording tells.
    Exchange(Exchange<'a>),
    /// An exchange as it went over HTTP, for its protocol to read.
    Http(Box<HttpExchange<'a>>),
    /// An exchange whose operation the recording does not name as the API does.
    Unnamed(Unnamed<'a>),
    /// A record that was judged as it was read: its payload conforms.
    Sure(Head<'a>),
    /// A part of the file that is sound and no exchange with an API: what it is, as a noun for several of them.
    PassedOver(&'static str),
    /// Texts of what is passed over or broken that are secret, masked; to a copy alone they say something.
    Masked {
        /// Number of the entry within the file, from 0.
        entry: usize,
        /// The texts.
        texts: Vec<Written<'a>>,
    },
    /// A part of the file that could not be read.
    Malformed(Malformed),
    /// An exchange in which something is wrong, whose request says for whom it was.
    Broken(Broken<'a>),
}

impl<'a> Entry<'a> {
    /// What is wrong with an exchange, whose request may say for whom it was; whether the exchange is handed over as well.
    pub(crate) fn of_broken(request: Option<HttpRequest<'a>>, told: Malformed, is_read: bool) -> Self {
        match request {
            Some(request) => Self::Broken(Broken { request: Box::new(request), told: vec![told], is_read }),
            None => Self::Malformed(told),
        }
    }
}

/// What is wrong with an exchange that may be with anybody.
#[derive(Debug)]
pub struct Broken<'a> {
    /// Its request, as far as it can be read.
    pub request: Box<HttpRequest<'a>>,
    /// What is wrong, by its places. It may be thousands of things.
    pub told: Vec<Malformed>,
    /// The exchange is handed over as well.
    pub is_read: bool,
}

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong, as a clause.
    pub reason: String,
    /// Byte of the source it is about.
    pub offset: usize,
    /// Number of the entry within the file, where entries are told apart.
    pub entry: Option<usize>,
    /// Nothing was lost by it.
    pub harmless: bool,
    /// The limit that it exceeds, where it is sound otherwise, and what that is set to.
    pub limit: Option<(Limit, u64)>,
}

impl Malformed {
    /// A part that is broken.
    pub(crate) fn new(reason: impl Into<String>, offset: usize, entry: Option<usize>) -> Self {
        Self { reason: reason.into(), offset, entry, harmless: false, limit: None }
    }

    /// A part that exceeds a limit.
    pub(crate) fn beyond(limit: Limit, limits: &Limits, offset: usize, entry: Option<usize>) -> Self {
        Self { limit: Some((limit, limits.of(limit))), ..Self::new(limit.about(), offset, entry) }
    }
}

/// A request and its response, or one of the two.
#[derive(Debug, Clone)]
pub struct Exchange<'a> {
    /// The service as the recording names it.
    pub service: ServiceName<'a>,
    /// Name of the operation.
    pub operation: Cow<'a, str>,
    /// What was sent.
    pub request: Option<Payload<'a>>,
    /// What came back, where the request was accepted.
    pub response: Option<Payload<'a>>,
    /// What came back, where it was refused.
    pub error: Option<Failure<'a>>,
    /// What its protocol could not make sense of.
    pub flaws: Vec<Flaw>,
    /// The protocol it was written in, where it was decoded from HTTP.
    pub protocol: Option<Protocol>,
    /// Bodies that are streams, which are not judged.
    pub streams: usize,
    /// Events within them.
    pub events: usize,
    /// HTTP status.
    pub status: Option<u16>,
    /// When it was recorded (RFC 3339).
    pub recorded_at: Option<Cow<'a, str>>,
    /// Whether the recording holds exchanges or single payloads.
    pub extent: Extent,
    /// How much of what travelled the recording keeps.
    pub fidelity: Fidelity,
    /// Number within the file, from 0.
    pub entry: usize,
    /// Byte of the source at which it begins.
    pub offset: usize,
}

/// A refused request's answer.
#[derive(Debug, Clone)]
pub struct Failure<'a> {
    /// The error's code as on the wire; `None` where nothing says it.
    pub code: Option<Cow<'a, str>>,
    /// The recording would hold a code if there were one: a redirection has none.
    pub needs_code: bool,
    /// The error's members.
    pub payload: Payload<'a>,
}

impl Failure<'_> {
    /// The code as the model spells it.
    pub fn plain_code(&self) -> Option<&str> {
        self.code.as_deref().map(plain_code)
    }
}

/// An error code without its namespace (`com.amazonaws.x#Code`) and without a URI behind it (`Code:http://…`).
pub fn plain_code(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    code.split_once(':').map_or(code, |(code, _)| code).trim()
}

impl<'a> Exchange<'a> {
    /// The halves that the recording holds; of HTTP it holds both, though a body may be a stream or empty.
    pub fn halves(&self) -> impl Iterator<Item = Direction> {
        let is_http = self.protocol.is_some();
        let request = (is_http || self.request.is_some()).then_some(Direction::Request);
        let response = is_http || self.response.is_some() || self.error.is_some();
        request.into_iter().chain(response.then_some(Direction::Response))
    }

    /// An exchange of which nothing but its name is known yet.
    pub fn named(service: ServiceName<'a>, operation: Cow<'a, str>, extent: Extent) -> Self {
        Self {
            service,
            operation,
            request: None,
            response: None,
            error: None,
            flaws: Vec::new(),
            protocol: None,
            streams: 0,
            events: 0,
            status: None,
            recorded_at: None,
            extent,
            fidelity: Fidelity::Exact,
            entry: 0,
            offset: 0,
        }
    }

    /// A payload that stands alone.
    pub fn of_payload(
        service: ServiceName<'a>,
        operation: Cow<'a, str>,
        direction: Direction,
        payload: Payload<'a>,
    ) -> Self {
        let mut exchange = Self::named(service, operation, Extent::Payload);
        match direction {
            Direction::Request => exchange.request = Some(payload),
            Direction::Response => exchange.response = Some(payload),
        }
        exchange
    }

    /// The payload of that direction; an error's members are a response.
    pub fn payload(&self, direction: Direction) -> Option<&Payload<'a>> {
        match direction {
            Direction::Request => self.request.as_ref(),
            Direction::Response => self.response.as_ref().or(self.error.as_ref().map(|error| &error.payload)),
        }
    }
}

/// `request` or `response` as recordings spell it.
fn direction(text: &str) -> Option<Direction> {
    match text {
        "request" => Some(Direction::Request),
        "response" => Some(Direction::Response),
        _ => None,
    }
}

/// A record's `encoding`; wire where it says none.
fn encoding_of(text: Option<&str>) -> Result<Encoding, (String, usize)> {
    match text {
        None | Some("wire") => Ok(Encoding::Wire),
        Some("parsed") => Ok(Encoding::Parsed),
        Some(other) => Err((format!("encoding is {other:?}, neither \"wire\" nor \"parsed\""), 0)),
    }
}
