//! HTTP exchanges of the tests: made, decoded and checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::check::{Catalog, Input};
use shapegate::evidence::Evidence;
use shapegate::finding::Finding;
use shapegate::ingest::source::Source as Models;
use shapegate::protocol::{decode, route};
use shapegate::recording::{self, Entry, Source};

use crate::support::{check, root};

/// An exchange as a HAR file holds it.
pub(crate) struct Case {
    model: &'static str,
    pub(crate) request: Value,
    pub(crate) response: Value,
}

/// What an exchange decodes to.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) operation: String,
    pub(crate) request: Value,
    /// The output's members, or the error's.
    pub(crate) response: Value,
    pub(crate) code: Option<String>,
    /// Bodies that are streams, and events within them.
    pub(crate) streams: (usize, usize),
}

impl Case {
    pub(crate) fn new(model: &'static str, method: &str, path: &str) -> Self {
        let url = format!("https://{model}.us-east-1.amazonaws.com{path}");
        let response = json!({"status": 200, "headers": [], "content": {"text": ""}});
        Self { model, request: json!({"method": method, "url": url, "headers": []}), response }
    }

    /// A call of a query protocol, without an answer.
    pub(crate) fn form(model: &'static str, body: &str) -> Self {
        Self::new(model, "POST", "/").sending(body).answered(0, &[], "")
    }

    pub(crate) fn cbor(operation: &str, body: &[u8]) -> Self {
        let mut case = Self::new("rpc-v2-cbor", "POST", &format!("/service/ThingService/operation/{operation}"));
        case.request["postData"] = json!({"text": STANDARD.encode(body), "encoding": "base64"});
        case
    }

    pub(crate) fn sending(mut self, body: &str) -> Self {
        self.request["postData"] = json!({"text": body});
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.request["headers"].as_array_mut().expect("a list").push(json!({"name": name, "value": value}));
        self
    }

    pub(crate) fn answered(mut self, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers: Vec<Value> = headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.response = json!({"status": status, "headers": headers, "content": {"text": body}});
        self
    }

    pub(crate) fn answered_in_cbor(mut self, status: u16, body: &[u8]) -> Self {
        self = self.answered(status, &[("content-type", "application/cbor")], "");
        self.response["content"] = json!({"text": STANDARD.encode(body), "encoding": "base64"});
        self
    }

    fn har(&self) -> String {
        json!({"log": {"version": "1.2", "entries": [{"request": self.request, "response": self.response}]}})
            .to_string()
    }

    fn models(&self) -> Models {
        Models::open(&root().join("fixtures/contracts").join(self.model)).expect("a model")
    }

    pub(crate) fn decoded(&self) -> Decoded {
        let service = self.models().load(self.model).expect("a sound model").expect("its one service").service;
        let har = self.har();
        let source = Source::whole("case.har".as_ref(), har.as_bytes());
        let mut decoded = None;
        recording::format("har").expect("a format").read(&source, &mut |entry| {
            let Entry::Http(http) = entry else { panic!("no exchange: {har}") };
            let evidence = Evidence::of(&http.request);
            let routed = route(&service, &http.request, &evidence).expect("an operation of the model");
            let exchange = decode(&service, &routed, &http);
            let value = |payload: &recording::Payload<'_>| {
                payload.value.clone().unwrap_or_else(|| serde_json::from_str(payload.text).expect("JSON"))
            };
            let answer = exchange.response.as_ref().or(exchange.error.as_ref().map(|error| &error.payload));
            decoded = Some(Decoded {
                operation: exchange.operation.to_string(),
                request: exchange.request.as_ref().map(value).unwrap_or_default(),
                response: answer.map(value).unwrap_or_default(),
                code: exchange.error.as_ref().and_then(|error| error.plain_code()).map(str::to_owned),
                streams: (exchange.streams, exchange.events),
            });
        });
        decoded.expect("one entry")
    }

    /// Rule, pointer and origin of each finding.
    pub(crate) fn findings(&self) -> Vec<(&'static str, String, String)> {
        let mut catalog = Catalog::default();
        catalog.add_source(self.models());
        let input = Input::Stream(Box::new(std::io::Cursor::new(self.har().into_bytes())));
        let checked = check(&catalog, vec![input], 1);
        assert_eq!(checked.tally.exchanges, 1, "{:?}", checked.tally);
        let told = |finding: Finding| {
            let origin = finding.origin.map(|origin| origin.to_string()).unwrap_or_default();
            (finding.rule.id, finding.pointer, origin)
        };
        checked.findings.into_iter().map(told).collect()
    }

    #[track_caller]
    pub(crate) fn finds(&self, expected: &[(&str, &str, &str)]) {
        let found = self.findings();
        let found: Vec<_> = found.iter().map(|(rule, pointer, origin)| (*rule, &**pointer, &**origin)).collect();
        assert_eq!(found, expected);
    }
}

/// A map in CBOR, of keys and values that are CBOR already.
pub(crate) fn map(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0xA0 | u8::try_from(entries.len()).expect("few")];
    for (key, value) in entries {
        bytes.push(0x60 | u8::try_from(key.len()).expect("short"));
        bytes.extend(key.bytes());
        bytes.extend(*value);
    }
    bytes
}

/// A message of an event stream.
pub(crate) fn message(event_type: &str, payload: &[u8]) -> Vec<u8> {
    let word = |length: usize| u32::try_from(length).expect("short").to_be_bytes();
    let sum = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_be_bytes()
    };
    let length = u8::try_from(event_type.len()).expect("short");
    let headers = [b"\x0b:event-type\x07\x00", &[length][..], event_type.as_bytes()].concat();
    let mut message = [word(16 + headers.len() + payload.len()), word(headers.len())].concat();
    message.extend(sum(&message));
    message.extend(headers);
    message.extend(payload);
    message.extend(sum(&message));
    message
}
