//! The full path: `serde_json` and the `jsonschema` crate, which alone produce breaches.

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::Contract;
use super::breach::{Breach, BreachKind, REDACTED};
use super::doubt::Deviating;
use super::keyword::{self, FINE, MISMATCH};
use super::passed_over::PassedOver;
use super::place::{Place, member};
use super::sensitive::is_container_of_secrets;
use super::sizes::{equal_items, length, size, text_length};
use super::{elements, written};
use crate::model::{Aspect, Direction, Encoding, End, Operation, Service, Shape, ShapeId, ShapeKind};
use crate::recording::Misnamed;
use crate::recording::json::{Part, child, segments};
use crate::schema::{ANNOTATIONS, is_union, pattern};
use crate::text::{AMONG_FEW, nearest};

/// Turns a validator's errors into breaches, with what the model says about each place.
pub(super) struct BreachReader<'m> {
    pub(super) service: &'m Service,
    pub(super) root: Option<&'m ShapeId>,
    pub(super) direction: Direction,
    pub(super) encoding: Encoding,
    /// The names of elements, where the payload is XML.
    pub(super) elements: Option<&'m Service>,
    /// Its protocol writes all of a body as text.
    pub(super) is_all_text: bool,
    /// What names are at home in, where one stands elsewhere.
    pub(super) contract: &'m Contract,
    pub(super) operation: &'m Operation,
    /// The error that the payload is of.
    pub(super) error: Option<&'m ShapeId>,
    /// Members that are not expected and passed over, so that nothing is found out about them.
    pub(super) passed_over: PassedOver,
    /// Whether anybody asks what was meant in the place of what deviates.
    pub(super) closely: bool,
    /// Whether the nearest value is looked for where one of an enumeration is not known.
    pub(super) seeks: Cell<bool>,
}

/// An error of a validator, and where it stands.
pub(super) struct Located<'e> {
    pub(super) error: &'e ValidationError<'e>,
    /// The place that it is about, from the payload's root.
    pub(super) pointer: &'e str,
    /// The validator's schema.
    pub(super) schema: &'e Value,
}

/// Unknown values of enumerations in one payload, up to which the nearest of each is looked for. Who has more has another
/// trouble than a slip of the pen.
const SOUGHT: usize = 1_000;

/// Texts for numbers beyond every bound.
const INFINITIES: [Option<&str>; 2] = [Some("Infinity"), Some("-Infinity")];

impl<'m> BreachReader<'m> {
    /// The breaches of a value in which these parts deviate.
    pub(super) fn read(&self, deviating: &[Deviating<'_>], value: &Value) -> Vec<Breach> {
        let all = || deviating.iter().flat_map(|own| own.errors.iter().map(move |error| (own, error)));
        self.seeks.set(self.closely && all().filter(|(_, error)| is_of_values(error)).count() <= SOUGHT);
        let mut breaches: Vec<Breach> = Vec::new();
        for (own, error) in all() {
            self.push(error, own, &mut breaches);
        }
        // Whatever the parts that they were found in.
        breaches.sort_by(|a, b| (&a.pointer, a.part).cmp(&(&b.pointer, b.part)));
        let settled: HashSet<String> =
            breaches.iter().filter(|b| b.kind.settles_the_value()).map(|b| b.pointer.clone()).collect();
        let is_empty = |kind: &BreachKind| matches!(kind, BreachKind::Length { found: 0, end: End::Min, .. });
        let empty: HashSet<String> = breaches.iter().filter(|b| is_empty(&b.kind)).map(|b| b.pointer.clone()).collect();
        let mut told = HashSet::new();
        breaches.retain(|breach| {
            if breach.kind.settles_the_value() {
                return told.insert(breach.pointer.clone());
            }
            // Of a value that is none of its kind nothing else is worth telling, nor of an empty text but that it is empty.
            let is_settled = settled.contains(&breach.pointer) && is_about_the_value(&breach.kind);
            let is_empty = empty.contains(&breach.pointer) && matches!(breach.kind, BreachKind::Pattern { .. });
            !is_settled && !is_empty
        });
        breaches.retain(|breach| !self.is_beside_a_variant(breach, value));
        breaches
    }

    fn push(&self, error: &ValidationError<'_>, deviating: &Deviating<'_>, breaches: &mut Vec<Breach>) {
        let pointer = &[&deviating.pointer, error.instance_path().as_str()].concat();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                breaches.extend(unexpected.iter().map(|name| self.unexpected(pointer, name, error.instance())));
            }
            ValidationErrorKind::Required { property } => {
                breaches.push(self.absent(pointer, property.as_str().unwrap_or_default()));
            }
            ValidationErrorKind::PropertyNames { error: of_key } => {
                let key = of_key.instance().as_str().unwrap_or_default().to_owned();
                let at = child(pointer, &key);
                let place = self.place(&at);
                let holder = self.place(pointer);
                let shape = match holder.target.map(|shape| &shape.kind) {
                    Some(ShapeKind::Map(map)) => self.service.shape(&map.key),
                    _ => None,
                };
                let located = Located { error: of_key, pointer: &at, schema: &deviating.part.schema };
                let kind = self.value_kind(&located, shape, place.sensitive);
                breaches.push(Breach { aspect: Aspect::Key, ..self.breach(kind, &at, &place, Part::Key) });
            }
            ValidationErrorKind::MinProperties { .. } | ValidationErrorKind::MaxProperties { .. }
                if self.place(pointer).target.is_some_and(|shape| is_union(&shape.kind)) =>
            {
                breaches.extend(self.arity(pointer, error.instance()));
            }
            _ => {
                let mut place = self.place(pointer);
                let is_of_another_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
                let holds_secrets = |shape: &Shape| is_container_of_secrets(self.service, &shape.id);
                place.sensitive |= is_of_another_type && place.target.is_some_and(holds_secrets);
                let located = Located { error, pointer, schema: &deviating.part.schema };
                let mut kind = self.value_kind(&located, place.target, place.sensitive);
                if let BreachKind::WrongType { element, .. } = &mut kind {
                    *element = self.elements.and_then(|service| elements::of_parts(service, &place));
                }
                breaches.push(self.breach(kind, pointer, &place, Part::Value));
            }
        }
    }

    /// A union with none or several of its members. Members that it does not have, and nulls, are told as such, and are
    /// no reason to tell of their number too.
    fn arity(&self, pointer: &str, value: &Value) -> Option<Breach> {
        let place = self.place(pointer);
        let union = place.structure()?;
        let entries = value.as_object()?;
        let is_set = |(key, value): &(&String, &Value)| !value.is_null() && member(union, key, self.encoding).is_some();
        let set: Vec<String> = entries.iter().filter(is_set).map(|(key, _)| key.clone()).collect();
        if set.len() == 1 || (set.is_empty() && !entries.is_empty()) {
            return None;
        }
        Some(self.breach(
            BreachKind::Arity { found: if set.is_empty() { "none" } else { "several" }, set },
            pointer,
            &place,
            Part::Value,
        ))
    }

    /// Whether it is about a null beside the one variant of a union that is set, which is as good as none.
    fn is_beside_a_variant(&self, breach: &Breach, value: &Value) -> bool {
        let Some((above, _)) = breach.pointer.rsplit_once('/') else { return false };
        if !matches!(breach.kind, BreachKind::Null { .. }) || breach.aspect != Aspect::Whole {
            return false;
        }
        let place = self.place(above);
        let Some(union) = place.target.filter(|shape| is_union(&shape.kind)).and_then(Shape::structure) else {
            return false;
        };
        let entries = value.pointer(above).and_then(Value::as_object).into_iter().flatten();
        entries.filter(|(key, value)| !value.is_null() && member(union, key, self.encoding).is_some()).count() == 1
    }

    fn absent(&self, pointer: &str, key: &str) -> Breach {
        let at = child(pointer, key);
        let place = self.place(&at);
        let element = self.elements.and_then(|service| elements::of_member(service, &place));
        self.breach(BreachKind::AbsentMember { element }, &at, &place, Part::Value)
    }

    /// Tells of numbers that floating point does not hold as they are written. Whole numbers end at a fraction that is
    /// rounded away, and a type without bounds where floating point does.
    pub(super) fn tell_rounded(&self, rounded: &[(String, String)], breaches: &mut Vec<Breach>) {
        for (pointer, text) in rounded {
            let place = self.place(pointer);
            let written = Value::from(if place.sensitive { REDACTED } else { text.as_str() });
            let mut of_number = breaches.iter_mut().filter(|breach| breach.pointer == *pointer);
            let told = of_number.find_map(|breach| match &mut breach.kind {
                BreachKind::Number { found, .. } => Some(found),
                _ => None,
            });
            if let Some(found) = told {
                *found = written;
                continue;
            }
            let kind = match place.target.map(|shape| &shape.kind) {
                Some(ShapeKind::Float(_)) if text.parse().is_ok_and(f64::is_infinite) => {
                    let (end, limit) = if text.starts_with('-') { (End::Min, f64::MIN) } else { (End::Max, f64::MAX) };
                    BreachKind::Number { found: written, limit: limit.into(), end }
                }
                // What is out of bounds or no number's place is told already.
                Some(kind @ ShapeKind::Integer(_)) if !breaches.iter().any(|breach| breach.pointer == *pointer) => {
                    BreachKind::wrong_type(kind.name(), "number", written)
                }
                _ => continue,
            };
            breaches.push(self.breach(kind, pointer, &place, Part::Value));
        }
    }

    /// A key that stands more than once in its object.
    pub(super) fn repeated(&self, pointer: &str) -> Breach {
        let place = self.place(pointer);
        self.breach(BreachKind::RepeatedKey, pointer, &place, Part::Key)
    }

    /// A member under a name that its protocol does not know it by.
    pub(super) fn misnamed(&self, misnamed: &Misnamed) -> Breach {
        let place = self.place(&misnamed.pointer);
        let kind = BreachKind::UnexpectedMember {
            elsewhere: Vec::new(),
            namesakes: Vec::new(),
            nearest: Some(misnamed.own.clone()),
        };
        Breach {
            direction: Some(self.direction),
            pointer: child(&misnamed.pointer, &misnamed.name),
            part: Part::Key,
            shape: place.target.map(|shape| shape.id.to_string()),
            member: Some(misnamed.name.clone()),
            sensitive: place.sensitive,
            ..Breach::whole(kind)
        }
    }

    pub(super) fn place(&self, pointer: &str) -> Place<'m> {
        Place::find(self.service, self.root, segments(pointer), self.encoding)
    }

    pub(super) fn breach(&self, kind: BreachKind, pointer: &str, place: &Place<'_>, part: Part) -> Breach {
        Breach {
            kind,
            direction: Some(self.direction),
            pointer: pointer.to_owned(),
            part,
            shape: place.holder().map(|shape| shape.id.to_string()),
            member: place.member.map(str::to_owned),
            aspect: place.aspect,
            sensitive: place.sensitive,
        }
    }

    /// What an error about a single value means, given the shape that belongs there.
    fn value_kind(&self, located: &Located<'_>, shape: Option<&Shape>, sensitive: bool) -> BreachKind {
        use ValidationErrorKind as E;
        let error = located.error;
        let value = error.instance().as_ref();
        let shown = || if sensitive { Value::from(REDACTED) } else { value.clone() };
        let kind = shape.map(|shape| &shape.kind);
        let mismatch =
            matches!(error.kind(), E::Custom { keyword, message } if keyword == "pattern" && message == MISMATCH);
        let of_another_form = mismatch || matches!(error.kind(), E::Type { .. });
        match error.kind() {
            E::Type { .. } if value.is_null() => BreachKind::Null { expected: expected(kind, error) },
            E::Minimum { .. } | E::Maximum { .. } if matches!(kind, Some(ShapeKind::Timestamp(_))) => {
                let (expected, form) = (self.timestamp_form(located), written::timestamp(value));
                BreachKind::TimestampForm { expected, found: shown(), form }
            }
            _ if of_another_form && matches!(kind, Some(ShapeKind::Timestamp(_))) => {
                let (expected, form) = (self.timestamp_form(located), written::timestamp(value));
                BreachKind::TimestampForm { expected, found: shown(), form }
            }
            _ if of_another_form && matches!(kind, Some(ShapeKind::Blob(_))) => {
                BreachKind::BlobForm { found: written::json_type(value) }
            }
            E::Type { .. } => self.wrong_type(located, expected(kind, error), shown()),
            _ if mismatch && matches!(kind, Some(ShapeKind::Float(_))) && INFINITIES.contains(&value.as_str()) => {
                let end = if value == "Infinity" { End::Max } else { End::Min };
                let given = shape.and_then(|shape| shape.constraints.known());
                let limit = given.and_then(|given| match end {
                    End::Max => given.max.clone(),
                    End::Min => given.min.clone(),
                });
                BreachKind::Number { found: shown(), limit: limit.map_or(Value::Null, Value::Number), end }
            }
            _ if mismatch && matches!(kind, Some(ShapeKind::Float(_))) => {
                self.wrong_type(located, expected(kind, error), shown())
            }
            _ if mismatch => {
                let of_model = shape.and_then(|shape| shape.constraints.known()).and_then(|c| c.pattern.clone());
                let pattern = of_model.unwrap_or_default();
                let half_open = value.as_str().is_some_and(|text| is_found_half_open(&pattern, text));
                BreachKind::Pattern { found: shown(), pattern, half_open }
            }
            E::Enum { options } => self.unknown_enum_value(options, value, sensitive),
            E::MinLength { limit } => length(text_length(value), *limit, End::Min, "characters"),
            E::MaxLength { limit } => length(text_length(value), *limit, End::Max, "characters"),
            E::MinItems { limit } => length(size(value), *limit, End::Min, "elements"),
            E::MaxItems { limit } => length(size(value), *limit, End::Max, "elements"),
            E::MinProperties { limit } => length(size(value), *limit, End::Min, "entries"),
            E::MaxProperties { limit } => length(size(value), *limit, End::Max, "entries"),
            E::UniqueItems => BreachKind::RepeatedItem { items: equal_items(value) },
            E::Minimum { limit } => BreachKind::Number { found: shown(), limit: limit.clone(), end: End::Min },
            E::Maximum { limit } => BreachKind::Number { found: shown(), limit: limit.clone(), end: End::Max },
            E::Custom { message, .. } if message == FINE => BreachKind::TimestampPrecision { found: shown() },
            E::Custom { message, .. } => keyword::told(message),
            other => BreachKind::Undecided { reason: format!("`{}` could not be decided", other.keyword()) },
        }
    }

    fn unknown_enum_value(&self, options: &Arc<Value>, value: &Value, sensitive: bool) -> BreachKind {
        let found = value.as_str().unwrap_or_default();
        let (allowed, is_long) = self.contract.shortened.listed(options);
        let mut all = options.as_array().into_iter().flatten().filter_map(Value::as_str);
        let same = all.find(|option| option.eq_ignore_ascii_case(found));
        let only_case = same.is_some();
        // Each value that is unknown is held against all of them.
        let is_sought = self.seeks.get() && !is_long;
        let nearest = same.or_else(|| is_sought.then(|| nearest(found, allowed.texts(), AMONG_FEW))?);
        let nearest = nearest.map(str::to_owned).filter(|_| !sensitive);
        let found = if sensitive { Value::from(REDACTED) } else { value.clone() };
        BreachKind::UnknownEnumValue { found, nearest, only_case, allowed }
    }

    /// The form that the schema chose from the model, the place and the protocol.
    fn timestamp_form(&self, located: &Located<'_>) -> &'static str {
        let keyword = located.error.schema_path().as_str();
        let of_shape = keyword.rsplit_once('/').and_then(|(shape, _)| located.schema.pointer(shape));
        let format = of_shape.and_then(|shape| shape.get(ANNOTATIONS)?.get("timestampFormat")?.as_str());
        match (self.encoding, format) {
            (Encoding::Parsed, _) => "ISO 8601 text",
            (_, Some("unixTimestamp")) => "epoch seconds",
            (_, Some("iso8601")) => "RFC 3339 text",
            (_, Some("rfc822")) => "an HTTP date",
            _ => "epoch seconds, RFC 3339 text or an HTTP date",
        }
    }
}

/// Whether a pattern that is anchored at one end alone matches a text in which more stands at the other.
fn is_found_half_open(pattern: &str, text: &str) -> bool {
    let opened = pattern::open_reading(pattern).and_then(|opened| pattern::translate(&opened).ok());
    let matcher = opened.and_then(|opened| pattern::compile(&opened).ok());
    matcher.is_some_and(|matcher| matcher.is_match(text) == Ok(true))
}

/// Whether an error is about a value, or key, that an enumeration does not have.
fn is_of_values(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::Enum { .. } => true,
        ValidationErrorKind::PropertyNames { error } => is_of_values(error),
        _ => false,
    }
}

fn is_about_the_value(kind: &BreachKind) -> bool {
    matches!(
        kind,
        BreachKind::UnknownEnumValue { .. }
            | BreachKind::Length { .. }
            | BreachKind::Number { .. }
            | BreachKind::Pattern { .. }
            | BreachKind::Arity { .. }
            | BreachKind::TimestampPrecision { .. }
    )
}

fn expected(kind: Option<&ShapeKind>, error: &ValidationError<'_>) -> &'static str {
    match (kind, error.kind()) {
        (Some(kind), _) => kind.name(),
        (None, ValidationErrorKind::Type { kind: TypeKind::Single(single) }) => match single.as_str() {
            "object" => "object",
            "array" => "list",
            _ => "value of another type",
        },
        _ => "value of another type",
    }
}
