//! Breaches that a recording cannot prove, for it does not keep what they are about.

use std::borrow::Cow;

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use super::written;
use crate::model::{Aspect, Direction, End, Fact, Location, Member, Protocol, Service, ShapeId, ShapeKind};
use crate::recording::{CLEARED, Excuse, Fidelity, json};

/// Members that `CloudTrail` alone shows, seen in public logs: service, structure, name.
const OF_LOG: &[(&str, &str, &str)] = &[
    ("ec2-instance-connect", "SendSerialConsoleSSHPublicKeyRequest", "monitorMode"),
    ("lambda", "Layer", "uncompressedCodeSize"),
    ("lambda", "UpdateFunctionCodeRequest", "fullyQualifiedArn"),
    ("route53resolver", "DeleteResolverQueryLogConfigRequest", "originSequenceNumber"),
    ("ssm", "Command", "clientName"),
    ("ssm", "Command", "clientSourceId"),
    ("ssm", "Command", "hasCancelCommandSignature"),
    ("ssm", "Command", "hasSendCommandSignature"),
    ("ssm", "Command", "interactive"),
    ("ssm", "SendCommandRequest", "interactive"),
];

/// Members that it shows in outputs of whatever operation of a service: the key that a call of KMS was about, since December 2022.
const OF_LOGGED_OUTPUTS: &[(&str, &str)] = &[("kms", "keyId")];

/// Places of members that travel in headers.
const OF_HEADERS: &[Location] = &[Location::Header, Location::PrefixHeaders];

/// Why a breach is the recording's doing rather than the traffic's, where it is. `value` is the payload.
pub(super) fn excuse(fidelity: Fidelity, service: &Service, breach: &Breach, value: &Value) -> Option<Excuse> {
    if fidelity == Fidelity::Exact {
        return None;
    }
    let doubt = Doubt { service, breach, value };
    Excuse::of(fidelity).find(|excuse| doubt.is_by(*excuse))
}

/// A breach that may be no fault.
struct Doubt<'d> {
    service: &'d Service,
    breach: &'d Breach,
    value: &'d Value,
}

impl Doubt<'_> {
    /// Whether it is what an excuse is for.
    fn is_by(&self, excuse: Excuse) -> bool {
        let Self { service, breach, .. } = *self;
        match excuse {
            Excuse::PolicyDecoded => self.is_decoded("iam", "policyDocumentType"),
            Excuse::TemplateDecoded => self.is_decoded("cloudformation", "TemplateBody"),
            Excuse::LocationNulled => self.is_nulled("s3", "LocationConstraint"),
            Excuse::LocationBesideError => self.is_null_beside("s3", "LocationConstraint"),
            Excuse::ExpiresTwice => self.is_added("s3", "ExpiresString", "Expires"),
            Excuse::BlobAsText => matches!(breach.kind, BreachKind::BlobForm { found: "string" }),
            Excuse::HeaderLeftOut => lacks(service, breach, Direction::Response, OF_HEADERS),
            Excuse::SentHeaderLeftOut => lacks(service, breach, Direction::Request, OF_HEADERS),
            Excuse::ParameterRemoved => lacks(service, breach, Direction::Request, &[Location::Query]),
            Excuse::ValueCleared => {
                let is_of_a_value = breach.kind.is_about_a_text() || matches!(breach.kind, BreachKind::BlobForm { .. });
                is_of_a_value && breach.aspect != Aspect::Key && self.text().is_some_and(|text| text.contains(CLEARED))
            }
            Excuse::PartNotMatched => {
                let places = [Location::Header, Location::PrefixHeaders, Location::Query];
                lacks(service, breach, Direction::Request, &places)
            }
            Excuse::PagesJoined => {
                matches!(breach.kind, BreachKind::Length { unit: "elements", end: End::Max, .. })
            }
            Excuse::TimeAsItCame => {
                let as_it_came = [written::EPOCH_SECONDS, written::OF_HTTP];
                matches!(breach.kind, BreachKind::TimestampForm { form, .. } if as_it_came.contains(&form))
            }
            Excuse::TimeAsShown | Excuse::TimeLogged => matches!(breach.kind, BreachKind::TimestampForm { .. }),
            Excuse::BlobAsShown | Excuse::BlobLogged => matches!(breach.kind, BreachKind::BlobForm { .. }),
            Excuse::MemberLeftOut => breach.kind.is_absence(),
            Excuse::MemberOfLog => self.is_of_log(),
            Excuse::EmptyForLeftOut => {
                let is_told = matches!(breach.kind, BreachKind::UnknownEnumValue { .. } | BreachKind::Pattern { .. });
                is_told && breach.aspect != Aspect::Key && self.text() == Some("")
            }
            Excuse::CutShort => matches!(breach.kind, BreachKind::Length { end: End::Min, .. }),
            Excuse::VariantLeftOut => matches!(&breach.kind, BreachKind::Arity { set, .. } if set.is_empty()),
            Excuse::OtherNames => {
                let has_own_names = matches!(service.protocol(), Some(Protocol::RestXml | Protocol::Ec2Query));
                has_own_names && matches!(breach.kind, BreachKind::UnexpectedMember { .. })
            }
            of_a_snapshot_or_none => self.is_by_snapshot(of_a_snapshot_or_none),
        }
    }

    /// Whether a snapshot has something else in place of the value, or of its key. boto never hands over a list, map or
    /// structure as something else: where one is, the test made it, to keep the names of what it holds or the first of its
    /// elements.
    ///
    /// What a log does is undone before a payload is judged (`log.rs`), and some things are not asked for where they are
    /// excused; no breach is left of these.
    fn is_by_snapshot(&self, excuse: Excuse) -> bool {
        let Self { breach, .. } = *self;
        match (excuse, &breach.kind) {
            (Excuse::TextParsed, BreachKind::WrongType { expected: "string", found: "object" | "list", .. })
            | (Excuse::ListMade, BreachKind::WrongType { expected: "list", found: "string" | "object", .. })
            | (
                Excuse::ContainerMade,
                BreachKind::WrongType { expected: "map" | "structure" | "union", found: "string" | "list", .. },
            )
            | (Excuse::BlobMade, BreachKind::BlobForm { found: "object" | "list" | "string" }) => true,
            (Excuse::DataParsed, BreachKind::WrongType { expected: "string", found: "number" | "boolean", .. }) => {
                let data = ["SensitiveData", "SensitiveDataJobInput"];
                self.service.name == "stepfunctions" && self.target().is_some_and(|own| data.contains(&own.as_str()))
            }
            (Excuse::IdsSideBySide, BreachKind::WrongType { expected: "integer" | "long", found: "list", .. }) => {
                self.found().is_some_and(are_integers)
            }
            (Excuse::ItemsReplaced, BreachKind::RepeatedItem { .. }) => self.found().is_some_and(holds_a_placeholder),
            (Excuse::KeyReplaced, kind) if kind.is_about_a_text() && breach.aspect == Aspect::Key => {
                self.key().is_some_and(|key| is_replaced(&key))
            }
            (Excuse::ValueReplaced, kind) if kind.is_about_a_text() && breach.aspect != Aspect::Key => {
                self.text().is_some_and(is_replaced)
            }
            (Excuse::NamedAfterMember, kind) if kind.is_about_a_text() && breach.aspect != Aspect::Key => {
                self.key().is_some_and(|key| self.text() == Some(&hyphenated(&key)))
            }
            // No value of AWS's is too short and such words.
            (Excuse::NamedByTest, BreachKind::Length { unit: "characters", end: End::Min, .. }) => {
                self.text().is_some_and(are_words)
            }
            _ => false,
        }
    }

    /// The value at fault.
    fn found(&self) -> Option<&Value> {
        self.value.pointer(&self.breach.pointer)
    }

    fn text(&self) -> Option<&str> {
        self.found().and_then(Value::as_str)
    }

    /// The key that the value stands under.
    fn key(&self) -> Option<Cow<'_, str>> {
        json::segments(&self.breach.pointer).last()
    }

    fn target(&self) -> Option<&ShapeId> {
        target(self.service, self.breach)
    }

    /// Whether a member is one that `CloudTrail` adds.
    fn is_of_log(&self) -> bool {
        let is_unknown = matches!(self.breach.kind, BreachKind::UnexpectedMember { .. });
        let (shape, key) = (self.breach.shape.as_deref(), self.key());
        let is_it = |&(service, own, name): &(&str, &str, &str)| {
            self.service.name == service && shape == Some(own) && key.as_deref() == Some(name)
        };
        let is_of_output = |&(service, name): &(&str, &str)| {
            self.is_response_of(service) && self.breach.pointer.strip_prefix('/') == Some(name)
        };
        is_unknown && (OF_LOG.iter().any(is_it) || OF_LOGGED_OUTPUTS.iter().any(is_of_output))
    }

    fn is_response_of(&self, service: &str) -> bool {
        self.breach.direction == Some(Direction::Response) && self.service.name == service
    }

    /// Whether a text of a shape became the JSON in it.
    fn is_decoded(&self, service: &str, shape: &str) -> bool {
        let is_json =
            matches!(self.breach.kind, BreachKind::WrongType { expected: "string", found: "object" | "list", .. });
        self.is_response_of(service) && is_json && self.target().is_some_and(|own| own.as_str() == shape)
    }

    /// Whether a member that stands for nothing is null.
    fn is_nulled(&self, service: &str, member: &str) -> bool {
        let is_null = matches!(self.breach.kind, BreachKind::Null { .. });
        self.is_response_of(service) && is_null && self.breach.member.as_deref() == Some(member)
    }

    /// Whether a member that is null was added at the root of what has none.
    fn is_null_beside(&self, service: &str, member: &str) -> bool {
        let is_unknown = matches!(self.breach.kind, BreachKind::UnexpectedMember { .. });
        let is_there = self.breach.pointer == format!("/{member}") && self.found().is_some_and(Value::is_null);
        self.is_response_of(service) && is_unknown && is_there
    }

    /// Whether a member was added beside another, whose text it keeps.
    fn is_added(&self, service: &str, member: &str, beside: &str) -> bool {
        let is_unknown = matches!(self.breach.kind, BreachKind::UnexpectedMember { .. });
        let holder = self.breach.pointer.strip_suffix(member).filter(|holder| holder.ends_with('/'));
        let is_beside = |holder: &str| self.value.pointer(&format!("{holder}{beside}")).is_some_and(Value::is_string);
        self.is_response_of(service) && is_unknown && holder.is_some_and(is_beside)
    }
}

/// The shape of the value that a breach is about.
fn target<'m>(service: &'m Service, breach: &Breach) -> Option<&'m ShapeId> {
    let target = &of_member(service, breach)?.target;
    match (breach.aspect, &service.shape(target)?.kind) {
        (Aspect::Element, ShapeKind::List(list)) => Some(&list.target),
        (Aspect::Element, ShapeKind::Map(map)) => Some(&map.value),
        _ => Some(target),
    }
}

/// The member that a breach is about.
fn of_member<'m>(service: &'m Service, breach: &Breach) -> Option<&'m Member> {
    let structure = service.structure(&ShapeId::new(breach.shape.as_deref()?))?;
    structure.member(breach.member.as_deref()?)
}

/// Whether a half lacks a member that travels in one of these places.
fn lacks(service: &Service, breach: &Breach, half: Direction, places: &[Location]) -> bool {
    let travels_there = |member: &Member| matches!(member.location, Fact::Known(place) if places.contains(&place));
    breach.direction == Some(half) && breach.kind.is_absence() && of_member(service, breach).is_some_and(travels_there)
}

/// Whether a list holds integers alone: a snapshot keeps the ids of steps that ran side by side as lists, for their order
/// differs from run to run.
fn are_integers(value: &Value) -> bool {
    let integer = |item: &Value| item.is_i64() || item.is_u64();
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(integer))
}

/// Whether a text within a value is a placeholder.
fn holds_a_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_replaced(text),
        Value::Array(items) => items.iter().any(holds_a_placeholder),
        Value::Object(members) => members.values().any(holds_a_placeholder),
        _ => false,
    }
}

/// A member's name as the placeholder that `LocalStack` makes of it where it is given none: a hyphen before each letter
/// in upper case.
fn hyphenated(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text.trim_matches('-').to_owned()
}

/// Whether a text is words in small letters with hyphens between them, as tests call what they replace.
fn are_words(text: &str) -> bool {
    text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether a text is a placeholder, or has one within.
fn is_replaced(text: &str) -> bool {
    let within = |text: &str| text.split_once('<').is_some_and(|(_, rest)| rest.find('>').is_some_and(|end| end > 0));
    matches!(text, "timestamp" | "datetime") || within(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in ["<name:1>", "arn:<partition>:x", "timestamp", "datetime"] {
            assert!(is_replaced(text), "{text}");
        }
        for text in ["a < b", "<>", "time", "ACTIVE", "a>b<"] {
            assert!(!is_replaced(text), "{text}");
        }
    }

    /// What excuses a breach of a recording, whatever service it is of.
    fn told(fidelity: Fidelity, breach: &Breach, value: &Value) -> Option<Excuse> {
        let embedded = crate::ingest::embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
        excuse(fidelity, &embedded.load().expect("it is sound").service, breach, value)
    }

    fn placeholder(pointer: &str, kind: BreachKind, value: &Value) -> bool {
        told(Fidelity::Placeholders, &Breach { pointer: pointer.into(), ..Breach::whole(kind) }, value).is_some()
    }

    fn wrong(expected: &'static str, found: &'static str) -> BreachKind {
        BreachKind::WrongType { expected, found, value: Value::Null, element: None, in_text: false }
    }

    #[test]
    fn a_placeholder_says_nothing_about_its_value() {
        let pattern = || BreachKind::Pattern { found: json!("x"), pattern: "y".into(), half_open: false };
        let told = |kind, value| placeholder("/a", kind, &value);
        assert!(told(pattern(), json!({"a": "<x>"})) && !told(pattern(), json!({"a": "x"})));
        assert!(!told(BreachKind::AbsentMember { element: None }, json!({"a": "<x>"})));
        assert!(
            told(wrong("long", "string"), json!({"a": "<x>"})) && !told(wrong("long", "string"), json!({"a": "x"}))
        );
        let list = |expected, items: Value| told(wrong(expected, "list"), json!({"a": items}));
        assert!(list("long", json!([0])) && list("integer", json!([3, 4])));
        assert!(!list("long", json!([])) && !list("long", json!(["0"])) && !list("boolean", json!([0])));
        assert!(!told(wrong("long", "object"), json!({"a": {}})));
        for (expected, found) in
            [("list", "number"), ("structure", "number"), ("string", "number"), ("boolean", "string")]
        {
            assert!(!told(wrong(expected, found), json!({"a": 1})), "{expected} {found}");
        }
    }

    #[test]
    fn a_member_s_own_name_stands_for_its_value() {
        let time = || BreachKind::TimestampForm { expected: "", found: Value::Null, form: "string" };
        let told = |key: &str, text: &str| placeholder(&format!("/x/{key}"), time(), &json!({"x": {key: text}}));
        assert!(told("creationDate", "creation-date") && told("CreationDate", "creation-date"));
        assert!(told("KMSKey", "k-m-s-key"), "a hyphen for each letter");
        assert!(!told("lastDate", "creation-date") && !told("creationDate", "creation_date"));
        assert!(!told("Body", r"b'\x00'"));
    }

    #[test]
    fn the_cli_prints_times_as_they_came() {
        let time = |found: Value| {
            let kind = BreachKind::TimestampForm { expected: "", form: written::timestamp(&found), found };
            told(Fidelity::Printed, &Breach::whole(kind), &Value::Null).is_some()
        };
        assert!(time(json!(1_700_000_000.5)) && time(json!("Wed, 30 Aug 2023 12:34:56 GMT")));
        assert!(!time(json!(1_700_000_000_000_i64)) && !time(json!("yesterday")) && !time(json!(true)));
        let length = |end, unit| {
            let kind = BreachKind::Length { unit, found: 9, limit: 5, end };
            told(Fidelity::Printed, &Breach::whole(kind), &Value::Null)
        };
        assert_eq!(length(End::Max, "elements"), Some(Excuse::PagesJoined));
        assert_eq!([length(End::Min, "elements"), length(End::Max, "characters")], [None; 2]);
    }
}
