//! From a breach to a finding with its place: file, line and column, part of the message, and the line to show.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::excerpt;
use super::hidden::Hidden;
use super::url;
use crate::contract::{Breach, BreachKind, Contract, REDACTED, range_within};
use crate::finding::{Excerpt, Finding, Location, Origin, Severity};
use crate::model::{Aspect, Direction};
use crate::recording::json;
use crate::recording::json_index::Index;
use crate::recording::{self, Exchange, Fidelity, Headers, HttpExchange, Mark, Payload, Ruler, Source, Trail, Written};
use crate::{protocol, rules};

/// What is needed to find the places of an exchange.
pub(super) struct Places<'p> {
    source: &'p Source<'p>,
    exchange: &'p Exchange<'p>,
    http: Option<&'p HttpExchange<'p>>,
    contract: &'p Contract,
    /// Sensitive parts of payloads that are JSON texts.
    secrets: OnceCell<Vec<&'p str>>,
    /// What is looked up for each finding, of the request and of the response.
    halves: [Half<'p>; 2],
    /// Parts of the source that must not be shown, where payloads stand in it as they are.
    hidden: OnceCell<Hidden>,
    /// The URL as it is shown.
    url: OnceCell<Option<Excerpt>>,
    /// Parts of the URL that must not be shown.
    hidden_in_url: OnceCell<Hidden>,
    /// Headers as they are shown, by the first byte of their values and their names.
    headers: RefCell<HashMap<(usize, String), Option<Excerpt>>>,
}

/// What is found once of a half of an exchange, with its first finding, however many there are.
#[derive(Default)]
struct Half<'p> {
    /// The places of the payload's text.
    index: OnceCell<Rc<Index<'p>>>,
    /// Ranges of the body that must not be shown.
    hidden: OnceCell<Hidden>,
    /// Where the bytes of the body stand.
    body: OnceCell<Body<'p>>,
}

/// A body measured once.
struct Body<'p> {
    /// Its lines and columns.
    ruler: Ruler<'p>,
    /// Where it is written in the source.
    trail: Trail<'p>,
    /// Whether it can be shown.
    is_text: bool,
}

/// Something sensitive within an HTTP message.
pub(super) enum Secret {
    /// Bytes of the body.
    Body(Range<usize>),
    /// All of a header.
    Header(String),
    /// Parts of the URL.
    Url(Hidden),
}

/// The header in which JSON protocols name an error.
const ERROR_TYPE: &str = "x-amzn-errortype";
/// The header that names an operation of awsJson.
const TARGET: &str = "x-amz-target";

/// Bytes of a URL in which single parameters are shown.
const URL_BYTES: usize = 4096;

/// A place within the source.
struct Spot {
    offset: usize,
    origin: Option<Origin>,
    excerpt: Option<Excerpt>,
}

impl<'p> Places<'p> {
    pub(super) fn new(
        source: &'p Source<'p>,
        exchange: &'p Exchange<'p>,
        http: Option<&'p HttpExchange<'p>>,
        contract: &'p Contract,
    ) -> Self {
        let (secrets, halves, hidden, url, hidden_in_url, headers) = Default::default();
        Self { source, exchange, http, contract, secrets, halves, hidden, url, hidden_in_url, headers }
    }

    /// Judges a breach and finds its place: an offset, of which the location follows.
    pub(super) fn place(&self, breach: &Breach) -> (usize, Finding) {
        let service = &self.contract.service().name;
        let mut finding = rules::exchange::judge(breach, Some(service), Some(&self.exchange.operation));
        let spot = match self.http {
            Some(http) => self.in_message(http, breach),
            None => self.in_source(breach),
        };
        // A log rewrites what it keeps in ways that nobody documents, so it proves nothing. Nor does a pattern of which
        // nobody says whether it holds the end that it does not anchor.
        if self.exchange.fidelity == Fidelity::Logged
            || matches!(breach.kind, BreachKind::Pattern { half_open: true, .. })
        {
            finding.provable = Some(Severity::Warning);
        }
        finding.spoken = rules::effects::spoken(self.contract.service(), &finding, self.exchange.protocol);
        finding.origin = spot.origin;
        // Of what cannot be read nobody tells what is secret in it.
        let is_unread = matches!(breach.kind, BreachKind::Undecodable { .. });
        let may_be_secret = |half| is_unread && self.contract.may_be_sensitive(&self.exchange.operation, half);
        finding.excerpt = spot.excerpt.filter(|_| !breach.direction.is_some_and(may_be_secret));
        if breach.sensitive && breach.aspect == Aspect::Key {
            // The key is the value at fault. Elsewhere keys stay in pointers, for a finding must be findable.
            let above = finding.pointer.rfind('/').unwrap_or_default();
            finding.pointer.replace_range(above.., &format!("/{REDACTED}"));
        }
        finding.values.own_mut().for_each(excerpt::mask_credentials);
        (spot.offset, finding)
    }

    /// The place within a payload that stands in the source as it is.
    fn in_source(&self, breach: &Breach) -> Spot {
        let payload = breach.direction.and_then(|direction: Direction| self.exchange.payload(direction));
        let Some(payload) = payload else {
            return Spot { offset: self.exchange.offset, origin: None, excerpt: None };
        };
        let start = self.source.offset_of(payload.text);
        let within = self.located(payload, &breach.pointer, breach);
        let range = start + within.start..start + within.end;
        let hidden = self.hidden.get_or_init(|| self.ranges(self.source.bytes));
        Spot { offset: range.start, origin: None, excerpt: excerpt::excerpt(self.source, range, hidden) }
    }

    /// The place within an HTTP message.
    fn in_message(&self, http: &'p HttpExchange<'p>, breach: &Breach) -> Spot {
        let Some(direction) = breach.direction else { return nowhere_at(http) };
        let (headers, body) = match (direction, &http.response) {
            (Direction::Request, _) => (&http.request.headers, http.request.body.as_ref()),
            (Direction::Response, Some(response)) => (&response.headers, response.body.as_ref()),
            (Direction::Response, None) => return nowhere_at(http),
        };
        if let Some(spot) = self.by_kind(http, (headers, body), breach) {
            return spot;
        }
        let payload = self.exchange.payload(direction);
        let origin =
            payload.and_then(|payload| payload.origins.as_ref()).and_then(|origins| origins.find(&breach.pointer));
        match (origin, payload, body) {
            (Some((recording::Origin::Label(name), _)), ..) => {
                Spot { origin: Some(part("path label", Some(name))), ..self.at_url(http, breach) }
            }
            (Some((recording::Origin::Query(name), _)), ..) => {
                let origin = Some(part("query parameter", Some(name)));
                let spot = self.at_url(http, breach);
                let excerpt = spot.excerpt.and_then(|whole| self.at_parameter(http, name).or(Some(whole)));
                Spot { origin, excerpt, ..spot }
            }
            (Some((recording::Origin::Header(name), _)), ..) => self.at_header(headers.written(name), name, breach),
            (Some((recording::Origin::Status, _)), ..) => {
                Spot { origin: Some(part("status", None)), ..nowhere_at(http) }
            }
            (Some((recording::Origin::Part { name, range }, _)), _, Some(body)) => {
                let spot = self.at_body(direction, body, range.clone(), self.hidden(direction, body));
                let position = spot.origin.and_then(|origin| origin.position);
                Spot { origin: Some(Origin { part: "body", name: Some(name.clone()), position }), ..spot }
            }
            (Some((recording::Origin::Body(above), rest)), Some(payload), Some(body)) => {
                let range = self.located(payload, &format!("{above}{rest}"), breach);
                self.at_body(direction, body, range, self.hidden(direction, body))
            }
            (None, Some(payload), Some(body)) if is_within(payload, body) => {
                let range = self.located(payload, &breach.pointer, breach);
                self.at_body(direction, body, range, self.hidden(direction, body))
            }
            (None, _, Some(body)) => Spot { excerpt: None, ..self.at_body(direction, body, 0..0, &Hidden::default()) },
            _ => Spot { origin: Some(part("body", None)), ..nowhere_at(http) },
        }
    }

    /// The place within an HTTP message that follows from the kind of breach alone.
    fn by_kind(
        &self,
        http: &HttpExchange<'_>,
        (headers, body): (&Headers<'_>, Option<&'p Written<'p>>),
        breach: &Breach,
    ) -> Option<Spot> {
        Some(match &breach.kind {
            BreachKind::EmptyLabel { name } => {
                Spot { origin: Some(part("path label", Some(name))), ..self.at_url(http, breach) }
            }
            BreachKind::ContentType { .. } => self.at_header(headers.written("content-type"), "content-type", breach),
            BreachKind::OtherRelease { .. } => self.at_header(Some(headers.written(TARGET)?), TARGET, breach),
            BreachKind::UnexpectedStatus { .. }
            | BreachKind::ErrorStatus { .. }
            | BreachKind::MissingErrorCode { .. }
            | BreachKind::MissingQueryError { .. } => Spot { origin: Some(part("status", None)), ..nowhere_at(http) },
            // The header says which error it is, and wins over the body.
            BreachKind::ErrorInSuccess { .. }
            | BreachKind::UndeclaredError { .. }
            | BreachKind::ContradictingCodes { .. } => {
                self.at_header(Some(headers.written(ERROR_TYPE)?), ERROR_TYPE, breach)
            }
            BreachKind::Undecodable { at, .. } => {
                let at_body = |body| self.at_body(breach.direction?, body, *at..at + 1, &Hidden::default()).into();
                body.and_then(at_body).unwrap_or_else(|| nowhere_at(http))
            }
            _ => return None,
        })
    }

    fn at_url(&self, http: &HttpExchange<'_>, breach: &Breach) -> Spot {
        let url = &http.request.url;
        let shown = || self.url.get_or_init(|| self.line(&url.text(), self.in_url(http))).clone();
        Spot { offset: url.range.start, origin: None, excerpt: (!breach.sensitive).then(shown).flatten() }
    }

    /// A query parameter within its URL; `None` where it is not there, or the URL too long to be looked through for each.
    fn at_parameter(&self, http: &HttpExchange<'_>, name: &str) -> Option<Excerpt> {
        if http.request.url.bytes.len() > URL_BYTES {
            return None;
        }
        let url = http.request.url.text();
        let range = protocol::parameter_within(&url, name)?;
        excerpt::excerpt(&Source::whole(self.source.path, url.as_bytes()), range, self.in_url(http))
    }

    /// What of the URL must not be shown.
    fn in_url(&self, http: &HttpExchange<'_>) -> &Hidden {
        self.hidden_in_url.get_or_init(|| url::sensitive(&http.request.url.text(), self.exchange, self.contract))
    }

    fn at_header(&self, value: Option<&Written<'_>>, name: &str, breach: &Breach) -> Spot {
        let origin = Some(part("header", Some(name)));
        match value {
            Some(value) => {
                let shown = || {
                    let mut known = self.headers.borrow_mut();
                    let line = || self.line(&format!("{name}: {}", value.text()), &Hidden::default());
                    known.entry((value.range.start, name.to_owned())).or_insert_with(line).clone()
                };
                Spot { offset: value.range.start, origin, excerpt: (!breach.sensitive).then(shown).flatten() }
            }
            None => Spot { offset: self.exchange.offset, origin, excerpt: None },
        }
    }

    fn at_body(&self, direction: Direction, body: &'p Written<'p>, range: Range<usize>, hidden: &Hidden) -> Spot {
        let within = Source::whole(self.source.path, &body.bytes);
        let Body { ruler, trail, is_text } = self.half(direction).body.get_or_init(|| Body {
            ruler: within.ruler(),
            trail: Trail::of(body, self.source.bytes),
            is_text: std::str::from_utf8(&body.bytes).is_ok(),
        });
        let range = range.start.min(body.bytes.len())..range.end.min(body.bytes.len());
        Spot {
            offset: trail.offset(range.start),
            origin: Some(Origin { part: "body", name: None, position: Some(ruler.mark(range.start).place()) }),
            excerpt: is_text.then(|| excerpt::excerpt(&within, range, hidden)).flatten(),
        }
    }

    /// What is sensitive in one half of an HTTP exchange.
    pub(super) fn secrets(&self, direction: Direction) -> Vec<Secret> {
        let Some(http) = self.http else { return Vec::new() };
        let body = match direction {
            Direction::Request => http.request.body.as_ref(),
            Direction::Response => http.response.as_ref().and_then(|response| response.body.as_ref()),
        };
        let mut found: Vec<Secret> = body
            .map(|body| self.hidden(direction, body))
            .into_iter()
            .flat_map(Hidden::ranges)
            .cloned()
            .map(Secret::Body)
            .collect();
        if direction == Direction::Request {
            found.push(Secret::Url(self.in_url(http).clone()));
        }
        let payload = self.exchange.payload(direction);
        let Some(origins) = payload.and_then(|payload| payload.origins.as_ref()) else { return found };
        for pointer in self.contract.sensitive_pointers(self.exchange, direction) {
            if let Some((recording::Origin::Header(name), _)) = origins.find(&pointer) {
                found.push(Secret::Header(name.clone()));
            }
        }
        found
    }

    fn half(&self, direction: Direction) -> &Half<'p> {
        &self.halves[usize::from(direction == Direction::Response)]
    }

    /// The places of a payload's text.
    fn index(&self, direction: Direction, payload: &Payload<'p>) -> &Rc<Index<'p>> {
        self.half(direction).index.get_or_init(|| Rc::new(Index::of_payload(payload)))
    }

    /// Sensitive parts of payloads that are JSON texts.
    fn sensitive(&self) -> Vec<&'p str> {
        self.contract.sensitive_by(self.exchange, &|direction, payload| {
            let is_own = self.exchange.payload(direction).is_some_and(|own| std::ptr::eq(own, payload));
            if is_own { Rc::clone(self.index(direction, payload)) } else { Rc::new(Index::of_payload(payload)) }
        })
    }

    /// Ranges of a body that must not be shown.
    fn hidden(&self, direction: Direction, body: &Written<'_>) -> &Hidden {
        self.half(direction).hidden.get_or_init(|| self.find_hidden(direction, body))
    }

    fn find_hidden(&self, direction: Direction, body: &Written<'_>) -> Hidden {
        let Some(payload) = self.exchange.payload(direction) else { return Hidden::default() };
        let Some(origins) = &payload.origins else { return self.ranges(&body.bytes) };
        let index = self.index(direction, payload);
        let pointers = self.contract.sensitive_pointers(self.exchange, direction);
        let range = |pointer: &String| match origins.find(pointer) {
            Some((recording::Origin::Part { range, .. }, _)) => Some(range.clone()),
            Some((recording::Origin::Body(above), rest)) => {
                Some(index.locate(&format!("{above}{rest}"), json::Part::Value))
            }
            Some(_) => None,
            None => Some(index.locate(pointer, json::Part::Value)),
        };
        let in_form = match direction {
            Direction::Request => url::meant_in_form(&body.bytes, self.exchange, self.contract),
            Direction::Response => Vec::new(),
        };
        Hidden::of(pointers.iter().filter_map(range).chain(in_form))
    }

    /// The bytes of a payload's text that a breach is about.
    fn located(&self, payload: &Payload<'p>, pointer: &str, breach: &Breach) -> Range<usize> {
        let direction = breach.direction.unwrap_or(Direction::Request);
        let mut within = self.index(direction, payload).locate(pointer, breach.part);
        if breach.kind.is_absence() {
            // What should hold it is shown by its beginning.
            within.end = within.end.min(within.start + 1);
        }
        within
    }

    fn ranges(&self, bytes: &[u8]) -> Hidden {
        let secrets = self.secrets.get_or_init(|| self.sensitive());
        Hidden::of(secrets.iter().filter_map(|part| range_within(bytes, part)))
    }

    /// One line of text as an excerpt, all of it meant.
    fn line(&self, text: &str, hidden: &Hidden) -> Option<Excerpt> {
        let source = Source::whole(self.source.path, text.as_bytes());
        excerpt::excerpt(&source, 0..text.len(), hidden)
    }
}

fn part(part: &'static str, name: Option<&str>) -> Origin {
    Origin { part, name: name.map(str::to_owned), position: None }
}

fn nowhere_at(http: &HttpExchange<'_>) -> Spot {
    Spot { offset: http.offset, origin: None, excerpt: None }
}

/// The location of a byte of the source; `known` is an earlier byte whose line is counted already.
pub(super) fn location(source: &Source<'_>, offset: usize, known: Mark, entry: Option<usize>) -> Location {
    Location { file: source.path.display().to_string(), position: Some(source.mark(offset, known).place()), entry }
}

/// Whether the payload's text is the body's.
fn is_within(payload: &Payload<'_>, body: &Written<'_>) -> bool {
    range_within(&body.bytes, payload.text).is_some()
}
