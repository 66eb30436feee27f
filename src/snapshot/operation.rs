//! What is counted of one operation.

use std::collections::{BTreeMap, BTreeSet};

use super::headers::{Headers, told_as_headers};
use super::members::{Context, Members};
use crate::check::Judged;
use crate::evidence::Evidence;
use crate::finding::Location;
use crate::model::{self, Direction, Structure};
use crate::protocol::{self, Address, OTHER, is_plain};
use crate::recording::{HttpExchange, HttpResponse, Payload};
use crate::schema::RESPONSE_METADATA;
use crate::text::is_day;
use crate::wire::{Answer, Operation, Query, Request, Sent};

/// Keys that SDKs and records put beside the members of an answer.
const BESIDE: &[&str] = &[RESPONSE_METADATA, "code"];

/// Exchanges of one operation, counted.
#[derive(Default)]
pub(super) struct Counted {
    first: Option<Location>,
    request: Option<Requests>,
    response: Option<Answers>,
    errors: BTreeMap<String, Answers>,
}

/// Requests, counted.
#[derive(Default)]
struct Requests {
    /// Facts that are not counted.
    facts: Request,
    messages: usize,
    query: BTreeMap<String, usize>,
    headers: Headers,
    members: Members,
}

/// Answers of one kind, counted.
#[derive(Default)]
struct Answers {
    facts: Answer,
    members: Members,
}

impl Counted {
    /// Adds an exchange.
    pub(super) fn add(&mut self, judged: &Judged<'_>, operation: &model::Operation) {
        if self.first.as_ref().is_none_or(|first| judged.location < *first) {
            self.first = Some(judged.location.clone());
        }
        if judged.exchange.request.is_some() || judged.http.is_some() {
            self.request.get_or_insert_default().add(judged, operation);
        }
        let response = judged.http.and_then(|http| http.response.as_ref());
        let service = judged.contract.service();
        match &judged.exchange.error {
            Some(failure) => {
                let code = match failure.plain_code() {
                    Some(code) if is_plain(code) => code,
                    Some(_) => OTHER,
                    None => "-",
                };
                let shape = failure.plain_code();
                let shape =
                    shape.and_then(|code| judged.contract.error_shape(operation, code, judged.exchange.protocol));
                let answers = self.errors.entry(code.to_owned()).or_default();
                answers.add(judged, shape.and_then(|shape| service.structure(shape)), Some(&failure.payload), response);
            }
            None if judged.exchange.response.is_some() || response.is_some() => {
                let output = service.half(operation, Direction::Response);
                let answers = self.response.get_or_insert_default();
                answers.add(judged, output, judged.exchange.response.as_ref(), response);
            }
            None => {}
        }
    }

    /// The facts, and where the first exchange stands.
    pub(super) fn finish(self) -> (Operation, Location) {
        let facts = Operation {
            request: self.request.map(Requests::finish),
            response: self.response.map(Answers::finish),
            error: self.errors.into_iter().map(|(code, answers)| (code, answers.finish())).collect(),
        };
        (facts, self.first.unwrap_or_default())
    }
}

impl Requests {
    fn add(&mut self, judged: &Judged<'_>, operation: &model::Operation) {
        let service = judged.contract.service();
        let input = service.half(operation, Direction::Request);
        if let (Some(payload), Some(input)) = (&judged.exchange.request, input) {
            let headers = if judged.http.is_some() { told_as_headers(input) } else { BTreeSet::new() };
            let has_body = judged.http.map(|http| http.request.body.is_some());
            add(&mut self.members, judged, payload, input, (headers, has_body));
        }
        if let Some(http) = judged.http {
            self.message(judged, http, operation);
        }
    }

    fn message(&mut self, judged: &Judged<'_>, http: &HttpExchange<'_>, operation: &model::Operation) {
        self.messages += 1;
        let service = judged.contract.service();
        let facts = &mut self.facts;
        facts.method.insert(plain(&http.request.method));
        facts.protocol.extend(judged.exchange.protocol.map(|protocol| protocol.as_str().to_owned()));
        let evidence = Evidence::of(&http.request);
        facts.version.extend(evidence.action.as_ref().and_then(|action| action.version.as_deref()).map(plain));
        self.headers.add(&http.request, service, operation);
        let mut likely = protocol::routes(service, &http.request, &evidence).into_iter();
        let Some(routed) = likely.find(|routed| routed.operation.name == operation.name) else { return };
        let address = Address::of(service, &routed, &http.request, &evidence);
        facts.host.insert(address.host);
        facts.uri.insert(address.uri);
        for name in address.query {
            *self.query.entry(name).or_default() += 1;
        }
        self.members.escapes(address.escapes);
    }

    fn finish(self) -> Request {
        let query = |(name, there)| (name, Query { sent: Sent::of(there, self.messages) });
        Request {
            query: self.query.into_iter().map(query).collect(),
            header: self.headers.finish(),
            member: self.members.finish(),
            ..self.facts
        }
    }
}

impl Answers {
    fn add(
        &mut self,
        judged: &Judged<'_>,
        structure: Option<&Structure>,
        payload: Option<&Payload<'_>>,
        response: Option<&HttpResponse<'_>>,
    ) {
        self.facts.status.extend(judged.exchange.status);
        if let (Some(payload), Some(structure)) = (payload, structure) {
            let has_body = response.map(|response| response.body.is_some());
            add(&mut self.members, judged, payload, structure, (BTreeSet::new(), has_body));
        }
        // Of what a user stored, the type is the user's.
        if !structure.is_some_and(|structure| structure.has_header("content-type"))
            && let Some(found) = response.and_then(|response| response.headers.media_type())
        {
            self.facts.content_type.insert(media_type(found));
        }
    }

    fn finish(self) -> Answer {
        Answer { member: self.members.finish(), ..self.facts }
    }
}

/// Adds a payload. `told`: members that are told as headers, and whether there is a body.
fn add(
    members: &mut Members,
    judged: &Judged<'_>,
    payload: &Payload<'_>,
    structure: &Structure,
    told: (BTreeSet<&str>, Option<bool>),
) {
    // Of a body that cannot be decoded, members are unknown rather than absent.
    if payload.is_partial() {
        return;
    }
    let Some(value) = payload.read() else { return };
    let (headers, has_body) = told;
    let context = Context {
        service: judged.contract.service(),
        encoding: payload.encoding,
        protocol: judged.exchange.protocol,
        headers,
        beside: if judged.http.is_none() { BESIDE } else { &[] },
        has_body,
    };
    members.add(&value, structure, &context);
}

fn plain(text: &str) -> String {
    if is_plain(text) || is_day(text) { text.to_owned() } else { OTHER.to_owned() }
}

fn media_type(text: String) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"./+-_*".contains(&byte);
    if text.len() <= 100 && text.bytes().all(plain) { text } else { OTHER.to_owned() }
}
