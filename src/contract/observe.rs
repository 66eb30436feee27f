//! Holding one exchange against the contract.

use std::cell::Cell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use super::common_errors::is_of_malformed;
use super::fidelity::excuse;
use super::full::BreachReader;
use super::log::Restored;
use super::passed_over::PassedOver;
use super::place::Place;
use super::{Contract, Judge, Paths, ValueForm};
use crate::counters::DOUBTS;
use crate::error::Result;
use crate::model::{Direction, Encoding, Fact, Location, Operation, Protocol, ShapeId};
use crate::recording::json;
use crate::recording::{Exchange, Excuse, Failure, Fidelity, Flaw, FlawKind, Origins, Payload, other_root};
use crate::schema::member_keys;
use crate::text::{AMONG_MANY, nearest};

/// The result of holding one exchange against the contract.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Observation {
    /// Everything that deviates, request first.
    pub breaches: Vec<Breach>,
    /// Payloads that were judged.
    pub payloads: usize,
    /// Payloads of which the fast path was sure.
    pub surely: usize,
    /// Why breaches are left out, one for each: the recording does not keep what they are about.
    pub excused: Vec<Excuse>,
    /// What was undone in a payload before it was judged.
    pub undone: BTreeSet<Excuse>,
}

impl Contract {
    /// Holds an exchange of this service against the contract.
    ///
    /// # Errors
    /// A schema of the contract does not compile, which is a fault of ours or of the model's.
    pub fn observe(&self, exchange: &Exchange<'_>) -> Result<Observation> {
        self.observe_by(exchange, Paths::Both)
    }

    /// The result of [`Contract::observe`], found without the fast path: the judge that the fast path is held against.
    ///
    /// # Errors
    /// Those of [`Contract::observe`].
    pub fn observe_in_full(&self, exchange: &Exchange<'_>) -> Result<Observation> {
        self.observe_by(exchange, Paths::FullAlone)
    }

    /// The same by the paths that are named, which makes no difference to what is found.
    ///
    /// # Errors
    /// Those of [`Contract::observe`].
    pub fn observe_by(&self, exchange: &Exchange<'_>, paths: Paths) -> Result<Observation> {
        self.observed(exchange, Look { paths, closely: true })
    }

    /// The same of an exchange that may be another service's: whether anything deviates, of which no more is found out than
    /// that.
    ///
    /// # Errors
    /// Those of [`Contract::observe`].
    pub fn observe_roughly(&self, exchange: &Exchange<'_>, paths: Paths) -> Result<Observation> {
        self.observed(exchange, Look { paths, closely: false })
    }

    fn observed(&self, exchange: &Exchange<'_>, look: Look) -> Result<Observation> {
        let mut seen = Observation::default();
        let Some(operation) = self.service().operations.get(&*exchange.operation) else {
            let unrecorded = |flaw: &Flaw| match flaw.kind {
                FlawKind::Unrecorded { has_other } => Some((flaw.direction, has_other)),
                _ => None,
            };
            let unrecorded = exchange.flaws.iter().find_map(unrecorded).filter(|_| self.is_named_by_body());
            if let Some((direction, has_other)) = unrecorded {
                let kind = BreachKind::Unrecorded { has_other };
                seen.breaches.push(Breach { direction: Some(direction), ..Breach::whole(kind) });
                return Ok(seen);
            }
            let nearest = match exchange.operation.split_once(' ') {
                Some((method, path)) => self.meant.by_route(self.service(), method, path),
                None => self.meant.by_name(self.service(), &exchange.operation),
            };
            let nearest = nearest.map(str::to_owned);
            seen.breaches.push(Breach::whole(BreachKind::UnknownOperation { nearest }));
            return Ok(seen);
        };
        for flaw in &exchange.flaws {
            seen.breaches.push(self.flaw(operation, exchange, flaw));
        }
        for (direction, payload) in [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)]
        {
            if let Some(payload) = payload {
                let written = ValueForm { encoding: payload.encoding, protocol: exchange.protocol };
                let root = operation.root(direction);
                let fidelity = exchange.fidelity;
                let judged = Judged { operation, root, direction, error: false, look, written, fidelity };
                if let Some(judge) = self.judge(&operation.name, direction, written)? {
                    let before = seen.breaches.len();
                    self.payload(&judged, judge, payload, &mut seen)?;
                    if direction == Direction::Response && look.closely && !Excuse::OutputOfLog.holds(fidelity) {
                        self.wrong_output(&judged, payload, before, &mut seen.breaches)?;
                    }
                }
            }
        }
        if let Some(error) = &exchange.error {
            self.error(operation, error, exchange, look, &mut seen)?;
        }
        seen.breaches.extend(self.status(operation, exchange));
        seen.breaches.iter_mut().for_each(|breach| note_refusal(breach, exchange));
        let empty = |breach: &Breach| matches!(breach.kind, BreachKind::EmptyLabel { .. });
        let empty: Vec<String> = seen.breaches.iter().filter(|b| empty(b)).map(|b| b.pointer.clone()).collect();
        // A label that is empty is not missing as well.
        seen.breaches.retain(|breach| !breach.kind.is_absence() || !empty.contains(&breach.pointer));
        Ok(seen)
    }

    /// Whether a request's body names the operation.
    fn is_named_by_body(&self) -> bool {
        self.service().protocols.known().is_some_and(|protocols| protocols.iter().any(|own| own.is_query()))
    }

    /// What a protocol could not make sense of, as a breach.
    fn flaw(&self, operation: &Operation, exchange: &Exchange<'_>, flaw: &Flaw) -> Breach {
        let is_named = exchange.error.as_ref().is_some_and(|error| error.code.is_some());
        let root = match flaw.direction {
            Direction::Response if is_named => self.shape_of(Some(operation), exchange),
            direction => operation.root(direction),
        };
        let place = Place::find(self.service(), root, json::segments(&flaw.pointer), Encoding::Wire);
        let kind = match &flaw.kind {
            FlawKind::Undecodable { reason, at } => {
                BreachKind::Undecodable { reason: reason.clone(), at: *at, root: None, refused: None }
            }
            FlawKind::OtherRoot { found, expected, at } => {
                let reason = other_root(found, expected);
                BreachKind::Undecodable { reason, at: *at, root: Some(found.clone()), refused: None }
            }
            FlawKind::Unrecorded { has_other } => BreachKind::Unrecorded { has_other: *has_other },
            FlawKind::EmptyLabel { name } => BreachKind::EmptyLabel { name: name.clone() },
            FlawKind::ContentType { found, expected } => {
                BreachKind::ContentType { found: found.clone(), expected: expected.clone() }
            }
            FlawKind::OtherRelease { found, expected } => {
                BreachKind::OtherRelease { found: found.clone(), expected: expected.clone() }
            }
            FlawKind::ErrorCodes { header, body } => {
                BreachKind::ContradictingCodes { header: header.clone(), body: body.clone() }
            }
            FlawKind::Stray { name, place: stands } => {
                let at_home = place.member.map(|_| format!("/{name}, which is not part of the {stands}"));
                let known = place.structures.first().and_then(|shape| shape.structure());
                let names = known.into_iter().flat_map(|structure| member_keys(structure, Encoding::Wire));
                let nearest = nearest(name, names.map(|(key, _)| key), AMONG_MANY).map(str::to_owned);
                let nearest = nearest.filter(|_| at_home.is_none());
                BreachKind::UnexpectedMember {
                    elsewhere: at_home.into_iter().collect(),
                    namesakes: Vec::new(),
                    nearest,
                }
            }
            FlawKind::WrongType { expected, found } => BreachKind::wrong_type(expected, found, Value::Null),
            FlawKind::NoQueryError { code, in_query } => {
                BreachKind::MissingQueryError { code: code.clone(), in_query: in_query.clone() }
            }
        };
        let of_member = !flaw.pointer.is_empty();
        Breach {
            direction: Some(flaw.direction),
            pointer: flaw.pointer.clone(),
            shape: of_member.then(|| place.holder().map(|shape| shape.id.to_string())).flatten(),
            member: match &flaw.kind {
                FlawKind::Stray { name, .. } => Some(name.clone()),
                _ => place.member.map(str::to_owned),
            },
            aspect: place.aspect,
            sensitive: place.sensitive,
            ..Breach::whole(kind)
        }
    }

    fn error(
        &self,
        operation: &Operation,
        error: &Failure<'_>,
        exchange: &Exchange<'_>,
        look: Look,
        seen: &mut Observation,
    ) -> Result<()> {
        let Some(code) = error.plain_code() else { return Ok(()) };
        if exchange.status.is_some_and(|status| status < 300) {
            // Whether it is an error or an output is open, so its members are neither's.
            return Ok(());
        }
        let written = ValueForm { encoding: error.payload.encoding, protocol: exchange.protocol };
        let fidelity = exchange.fidelity;
        let shape = self.error_shape(operation, code, exchange.protocol);
        if !Excuse::CodeOfLog.holds(fidelity)
            && let Some(kind) = self.undeclared(operation, code, exchange.protocol)
        {
            seen.breaches.push(Breach { direction: Some(Direction::Response), ..Breach::whole(kind) });
        }
        if let Some(shape) = shape {
            let judge = self.error_judge(shape, written)?;
            let direction = Direction::Response;
            let judged = Judged { operation, root: Some(shape), direction, error: true, look, written, fidelity };
            self.payload(&judged, judge, &error.payload, seen)?;
        }
        Ok(())
    }

    fn payload(&self, judged: &Judged<'_>, judge: &Judge, payload: &Payload<'_>, seen: &mut Observation) -> Result<()> {
        seen.payloads += 1;
        if judged.look.paths == Paths::Both && self.surely_conforms(judged, judge, payload) {
            seen.surely += 1;
            return Ok(());
        }
        DOUBTS.add(1);
        let parsed;
        let (value, repeated, rounded) = match (&payload.value, &payload.origins) {
            (Some(value), Some(origins)) => (value, &origins.repeated, &origins.rounded),
            (value, _) => match json::parse(payload.text) {
                Ok(read) => {
                    parsed = read;
                    (value.as_ref().unwrap_or(&parsed.0), &parsed.1.repeated, &parsed.1.rounded)
                }
                Err(error) => {
                    let (reason, at) = json::complaint(payload.text, &error);
                    let kind = match judged.written.protocol {
                        Some(_) => BreachKind::Undecodable { reason, at, root: None, refused: None },
                        None => BreachKind::Malformed { reason, harmless: false },
                    };
                    seen.breaches.push(Breach { direction: Some(judged.direction), ..Breach::whole(kind) });
                    return Ok(());
                }
            },
        };
        let restored = match judged.fidelity {
            Fidelity::Logged => Some(Restored::new(self.service(), judged.root, value)),
            _ => None,
        };
        seen.undone.extend(restored.iter().flat_map(|restored| &restored.undone));
        let value = restored.as_ref().map_or(value, |restored| &restored.value);
        let reader = self.reader(judged, payload.encoding);
        seen.breaches.extend(repeated.iter().map(|pointer| reader.repeated(pointer)));
        let misnamed = payload.origins.iter().flat_map(|origins| &origins.misnamed);
        seen.breaches.extend(misnamed.map(|misnamed| reader.misnamed(misnamed)));
        let partial = payload.origins.as_ref().is_some_and(|origins| origins.partial);
        let mut breaches = reader.read(&self.deviating(judge, value, judged.look.paths)?, value);
        reader.tell_rounded(rounded, &mut breaches);
        if let Some(alternative) = payload.alternative.as_ref().filter(|_| !breaches.is_empty()) {
            // Either reading is right, so the one that keeps the contract better is meant.
            let others = reader.read(&self.deviating(judge, alternative, judged.look.paths)?, alternative);
            if others.len() < breaches.len() {
                breaches = others;
            }
        }
        if judged.fidelity == Fidelity::Objects {
            reader.tell_objects(payload, value, &mut breaches);
        }
        let told = breaches
            .into_iter()
            .filter(|breach| !reader.passed_over.has_breach(breach, value))
            .filter(|breach| !partial || !self.may_be_in_body(judged, breach))
            .filter(|breach| !is_hidden(payload, breach));
        for breach in told {
            // Bytes that are text were no object of the language.
            let is_object = payload.objects.iter().any(|object| object.pointer == breach.pointer);
            let excuse = excuse(judged.fidelity, self.service(), &breach, value);
            if let Some(excuse) = excuse.filter(|excuse| !(is_object && *excuse == Excuse::BlobAsText)) {
                seen.excused.push(excuse);
                continue;
            }
            seen.breaches.push(match &restored {
                Some(restored) => Breach { pointer: restored.recorded(&breach.pointer), ..breach },
                None => breach,
            });
        }
        Ok(())
    }

    /// Whether the fast path is sure of a payload, and nothing else is to be said about it.
    fn surely_conforms(&self, judged: &Judged<'_>, judge: &Judge, payload: &Payload<'_>) -> bool {
        let nodes = self.nodes(judge);
        let is_as_it_was = payload.objects.is_empty() && judged.fidelity != Fidelity::Logged;
        let Some(value) = &payload.value else {
            return (!payload.is_doubted && nodes.conforms(&judge.root.node, payload.text))
                || (is_as_it_was && self.text_surely_conforms(judged, judge, payload));
        };
        // What a protocol put together says more than its value; of a log, values are restored before they are judged.
        let is_plain = |origins: &Origins| {
            origins.repeated.is_empty() && origins.rounded.is_empty() && origins.misnamed.is_empty()
        };
        // Without them keys that stand twice, and numbers out of range, are known from the text alone.
        payload.origins.as_deref().is_some_and(is_plain)
            && is_as_it_was
            && (nodes.conforms_value(&judge.root.node, value)
                || self.rest_surely_conforms(judged, judge, payload, value))
    }

    /// The same of a text that may have members which are passed over.
    fn text_surely_conforms(&self, judged: &Judged<'_>, judge: &Judge, payload: &Payload<'_>) -> bool {
        if !self.passed_over(judged).may_be_in(payload.text) {
            return false;
        }
        let Ok((value, oddities)) = json::parse(payload.text) else { return false };
        oddities == json::Oddities::default() && self.rest_surely_conforms(judged, judge, payload, &value)
    }

    /// Whether the fast path is sure of a payload without the members that are passed over.
    fn rest_surely_conforms(&self, judged: &Judged<'_>, judge: &Judge, payload: &Payload<'_>, value: &Value) -> bool {
        let structure = judged.root.and_then(|root| self.service().structure(root));
        let rest = |structure| self.passed_over(judged).left_out_of(value, structure, payload.encoding);
        structure.and_then(rest).is_some_and(|rest| self.nodes(judge).conforms_value(&judge.root.node, &rest))
    }

    fn passed_over(&self, judged: &Judged<'_>) -> PassedOver {
        PassedOver::of(judged.direction, judged.error, judged.written.encoding, self.service().protocol())
    }

    /// Whether a missing member may be in the body that could not be decoded.
    fn may_be_in_body(&self, judged: &Judged<'_>, breach: &Breach) -> bool {
        let root = judged.root.and_then(|root| self.service().structure(root));
        let (Some(structure), Some(name)) = (root, &breach.member) else { return false };
        let at_root = breach.pointer.rfind('/') == Some(0);
        let member = structure.member(name).filter(|_| at_root && breach.kind.is_absence());
        member.is_some_and(|member| {
            matches!(member.location_in(judged.direction), Fact::Unknown | Fact::Known(Location::Body))
        })
    }

    fn reader<'m>(&'m self, judged: &Judged<'m>, encoding: Encoding) -> BreachReader<'m> {
        let protocol = judged.written.protocol;
        // The parameters of awsQuery and ec2Query have names without elements.
        let is_xml = protocol.is_some_and(Protocol::is_xml)
            && (judged.direction == Direction::Response || protocol == Some(Protocol::RestXml));
        let in_protocol = protocol.and_then(|protocol| self.service().in_protocol(protocol));
        BreachReader {
            service: self.service(),
            elements: in_protocol.filter(|_| is_xml),
            is_all_text: protocol.is_some_and(Protocol::is_xml),
            root: judged.root,
            direction: judged.direction,
            encoding,
            contract: self,
            operation: judged.operation,
            error: judged.root.filter(|_| judged.error),
            passed_over: self.passed_over(judged),
            closely: judged.look.closely,
            seeks: Cell::new(false),
        }
    }
}

/// Notes at a body of a request that cannot be decoded that the service refused it for that.
fn note_refusal(breach: &mut Breach, exchange: &Exchange<'_>) {
    let code = exchange.error.as_ref().and_then(Failure::plain_code).filter(|code| is_of_malformed(code));
    if let (BreachKind::Undecodable { refused, .. }, Some(Direction::Request)) = (&mut breach.kind, breach.direction) {
        *refused = code.map(str::to_owned);
    }
}

/// Whether a breach is about what a recorder wrote in the place of what it hid.
fn is_hidden(payload: &Payload<'_>, breach: &Breach) -> bool {
    let Some(origins) = &payload.origins else { return false };
    (breach.kind.is_about_a_text() || matches!(breach.kind, BreachKind::BlobForm { .. }))
        && origins.hidden.contains(&breach.pointer)
}

/// The half of an exchange at hand.
pub(super) struct Judged<'m> {
    pub(super) operation: &'m Operation,
    root: Option<&'m ShapeId>,
    direction: Direction,
    error: bool,
    pub(super) look: Look,
    pub(super) written: ValueForm,
    fidelity: Fidelity,
}

/// How an exchange is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) paths: Paths,
    /// Whether anybody asks what was meant in the place of what deviates.
    closely: bool,
}
