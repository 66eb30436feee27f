//! What SDKs make of responses that break a rule, as measured: faults were served to them, and what each did was noted.
//!
//! `fixtures/sdk-faults` has the faults with the traffic; a test holds this table against it. What no row says was not measured.

use std::fmt;

use crate::contract::BreachKind;
use crate::finding::{Finding, Spoken};
use crate::model::{Aspect, Direction, Protocol, Service, ShapeKind};

/// An SDK that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sdk {
    /// boto3 1.28.38; beyond restJson1 botocore 1.44.8.
    Boto3,
    /// AWS SDK for JavaScript 3.1048.0.
    JavaScript,
    /// AWS SDK for Rust 1.147.0; beyond restJson1 its clients of four services.
    Rust,
    /// AWS SDK for Go 2, its clients of three services as Debian 12 has them.
    Go,
}

impl Sdk {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Boto3, Self::JavaScript, Self::Rust, Self::Go];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boto3 => "boto3",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
            Self::Go => "Go",
        }
    }

    /// The version that was measured, in restJson1 where others differ.
    pub fn version(self) -> &'static str {
        match self {
            Self::Boto3 => "1.28.38 (beyond restJson1: botocore 1.44.8)",
            Self::JavaScript => "3.1048.0",
            Self::Go => "2 (DynamoDB 1.17.3, Auto Scaling 1.23.18, Route 53 1.22.4)",
            Self::Rust => {
                "1.147.0 (beyond restJson1: DynamoDB 1.136.0, Auto Scaling 1.141.0, Route 53 1.132.0, CloudWatch 1.140.0)"
            }
        }
    }
}

/// What an SDK does with a faulty response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It raises an error that is none of the service's.
    Raises,
    /// It shows the value as one that it does not know.
    ShowsUnknown,
    /// It hands over a value that nobody sent.
    Invents,
    /// It goes on as if nothing were wrong.
    Takes,
}

impl Effect {
    /// As a verb.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raises => "raises",
            Self::ShowsUnknown => "shows unknown",
            Self::Invents => "invents",
            Self::Takes => "takes",
        }
    }
}

/// What SDKs do where a rule is broken by a shape of one kind in one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Id of the rule.
    pub rule: &'static str,
    /// Protocol of the response.
    pub protocol: Protocol,
    /// Kind of shape that the finding is about, as models name it; `message` where it is about all of it.
    pub kind: &'static str,
    /// What each of [`Sdk::ALL`] did, by case: several where cases of one kind differ, none where it was not measured.
    pub effects: [&'static [Effect]; Sdk::ALL.len()],
}

/// What was measured of a rule.
pub fn of(rule: &str) -> impl Iterator<Item = &'static Measured> {
    MEASURED.iter().filter(move |one| one.rule == rule)
}

/// What each SDK makes of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// The response that it is about.
    pub spoken: Spoken,
    /// What each of [`Sdk::ALL`] does; none where it was not measured.
    by_sdk: [&'static [Effect]; Sdk::ALL.len()],
}

impl Effects {
    /// Of a finding; `None` where it is not about a response whose protocol is known.
    pub fn of(finding: &Finding) -> Option<Self> {
        let spoken = finding.spoken.clone()?;
        let is_it = |one: &&Measured| one.protocol == spoken.protocol && one.kind == spoken.kind;
        let by_sdk = of(finding.rule.id).find(is_it).map_or_else(Default::default, |one| one.effects);
        Some(Self { spoken, by_sdk })
    }

    /// SDKs with what they do; nothing where it was not measured.
    pub fn iter(&self) -> impl Iterator<Item = (Sdk, &'static [Effect])> {
        Sdk::ALL.into_iter().zip(self.by_sdk)
    }
}

/// `boto3 takes, JavaScript not measured, Rust raises or takes, Go raises`, for people.
impl fmt::Display for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (sdk, effects)) in self.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{} {}", sdk.as_str(), words(effects))?;
        }
        Ok(())
    }
}

/// `raises or takes`, or `not measured`.
pub fn words(effects: &[Effect]) -> String {
    let words: Vec<&str> = effects.iter().copied().map(Effect::as_str).collect();
    if words.is_empty() { "not measured".to_owned() } else { words.join(" or ") }
}

/// The response that a finding of a service's contract is about; `protocol` is that of the exchange, where it is known.
pub fn spoken(service: &Service, finding: &Finding, protocol: Option<Protocol>) -> Option<Spoken> {
    let protocol = protocol.or_else(|| service.protocol())?;
    // What SDKs make of bodies that break off is not what they make of another root element.
    if matches!(finding.deviation.breach(), Some(BreachKind::Undecodable { root: Some(_), .. })) {
        return None;
    }
    (finding.direction == Some(Direction::Response)).then(|| Spoken::new(protocol, kind(service, finding)))
}

/// The kind of shape that a finding is about.
fn kind(service: &Service, finding: &Finding) -> &'static str {
    let Some(shape) = finding.shape.as_deref().and_then(|shape| service.shapes.get(shape)) else { return "message" };
    let member = finding.member.as_deref().and_then(|name| shape.structure()?.member(name));
    let Some(target) = member.and_then(|member| service.shape(&member.target)) else { return shape.kind.name() };
    let inner = match (&target.kind, finding.aspect) {
        (ShapeKind::List(list), Aspect::Element) => service.shape(&list.target),
        (ShapeKind::Map(map), Aspect::Element) => service.shape(&map.value),
        (ShapeKind::Map(map), Aspect::Key) => service.shape(&map.key),
        _ => None,
    };
    inner.unwrap_or(target).kind.name()
}

const fn measured(
    rule: &'static str,
    protocol: Protocol,
    kind: &'static str,
    effects: [&'static [Effect]; Sdk::ALL.len()],
) -> Measured {
    Measured { rule, protocol, kind, effects }
}

use Effect::{Invents, Raises, ShowsUnknown, Takes};
use Protocol::{AwsJson, AwsQuery, Ec2Query, RestJson, RestXml, RpcV2Cbor};

/// All that was measured, by rule, protocol and kind.
#[rustfmt::skip]
pub const MEASURED: &[Measured] = &[
    measured("blob-form", AwsJson, "blob", [&[Invents], &[Raises], &[Raises], &[Raises]]),
    measured("blob-form", AwsQuery, "blob", [&[Invents], &[Invents], &[], &[]]),
    measured("blob-form", Ec2Query, "blob", [&[Invents], &[Invents], &[], &[]]),
    measured("blob-form", RestXml, "blob", [&[Invents], &[Invents], &[], &[]]),
    measured("duplicate-key", RestJson, "enum", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("duplicate-key", RestJson, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("error-in-success", RestJson, "message", [&[Takes], &[Takes], &[ShowsUnknown, Takes], &[]]),
    measured("error-status-mismatch", RestJson, "message", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("length-out-of-range", AwsJson, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("length-out-of-range", AwsQuery, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("length-out-of-range", Ec2Query, "string", [&[Takes], &[Takes], &[], &[]]),
    measured("length-out-of-range", RestJson, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("length-out-of-range", RestXml, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("length-out-of-range", RpcV2Cbor, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("misplaced-member", RestJson, "structure", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("missing-error-code", AwsJson, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("missing-error-code", AwsQuery, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("missing-error-code", Ec2Query, "message", [&[Raises], &[Raises], &[], &[]]),
    measured("missing-error-code", RestJson, "message", [&[Raises], &[Raises], &[Raises], &[]]),
    measured("missing-error-code", RestXml, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("missing-error-code", RpcV2Cbor, "message", [&[Raises], &[Raises], &[Raises], &[]]),
    measured("missing-member", AwsJson, "enum", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", AwsJson, "string", [&[Takes], &[Takes], &[Invents], &[Takes]]),
    measured("missing-member", AwsQuery, "double", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", AwsQuery, "enum", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", AwsQuery, "integer", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", AwsQuery, "string", [&[Takes], &[Takes], &[Invents], &[Takes]]),
    measured("missing-member", AwsQuery, "timestamp", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", Ec2Query, "string", [&[Takes], &[Takes], &[], &[]]),
    measured("missing-member", RestJson, "enum", [&[Takes], &[Takes], &[Invents], &[]]),
    measured("missing-member", RestJson, "list", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("missing-member", RestJson, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("missing-member", RestJson, "structure", [&[Takes], &[Takes], &[Invents], &[]]),
    measured("missing-member", RestJson, "timestamp", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("missing-member", RestJson, "union", [&[Takes], &[Takes], &[Invents], &[]]),
    measured("missing-member", RestXml, "double", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", RestXml, "enum", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", RestXml, "long", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", RestXml, "string", [&[Takes], &[Takes], &[Invents], &[Takes]]),
    measured("missing-member", RestXml, "structure", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", RestXml, "timestamp", [&[], &[], &[Invents], &[Takes]]),
    measured("missing-member", RpcV2Cbor, "string", [&[Takes], &[Takes], &[Invents], &[]]),
    measured("null-member", AwsJson, "enum", [&[], &[], &[Invents], &[Takes]]),
    measured("null-member", AwsJson, "string", [&[Takes], &[Takes], &[Invents], &[Takes]]),
    measured("null-member", RestJson, "enum", [&[Takes], &[Takes], &[Raises, Invents], &[]]),
    measured("null-member", RestJson, "list", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("null-member", RestJson, "string", [&[Takes], &[Takes], &[Raises, Takes], &[]]),
    measured("null-member", RestJson, "structure", [&[Raises, Takes], &[Raises, Takes], &[Raises, Takes], &[]]),
    measured("null-member", RestJson, "timestamp", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("null-member", RpcV2Cbor, "string", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("number-out-of-range", AwsJson, "integer", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("number-out-of-range", AwsQuery, "integer", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("number-out-of-range", Ec2Query, "integer", [&[Takes], &[Takes], &[], &[]]),
    measured("number-out-of-range", RestJson, "long", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("number-out-of-range", RestXml, "integer", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("number-out-of-range", RpcV2Cbor, "integer", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("pattern-mismatch", AwsJson, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("pattern-mismatch", AwsQuery, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("pattern-mismatch", Ec2Query, "string", [&[Takes], &[Takes], &[], &[]]),
    measured("pattern-mismatch", RestJson, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("pattern-mismatch", RestXml, "string", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("pattern-mismatch", RpcV2Cbor, "string", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("timestamp-form", AwsJson, "timestamp", [&[Raises, Takes], &[Raises], &[Raises], &[Raises]]),
    measured("timestamp-form", AwsQuery, "timestamp", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("timestamp-form", Ec2Query, "timestamp", [&[Raises], &[Raises], &[], &[]]),
    measured("timestamp-form", RestJson, "timestamp", [&[Raises, Takes], &[Raises, Takes], &[Raises, Takes], &[]]),
    measured("timestamp-form", RestXml, "timestamp", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("timestamp-form", RpcV2Cbor, "timestamp", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("undeclared-error", AwsJson, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("undeclared-error", AwsQuery, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("undeclared-error", Ec2Query, "message", [&[Raises], &[Raises], &[], &[]]),
    measured("undeclared-error", RestJson, "message", [&[Raises, Takes], &[Raises, Takes], &[Raises], &[]]),
    measured("undeclared-error", RestXml, "message", [&[Raises], &[Raises], &[Raises], &[Raises]]),
    measured("undeclared-error", RpcV2Cbor, "message", [&[Raises], &[Raises], &[Raises], &[]]),
    measured("undecodable-body", AwsJson, "message", [&[Takes], &[Raises], &[Raises], &[Raises]]),
    measured("undecodable-body", AwsQuery, "message", [&[Raises], &[Raises], &[Takes], &[Raises]]),
    measured("undecodable-body", Ec2Query, "message", [&[Raises], &[Raises], &[], &[]]),
    measured("undecodable-body", RestJson, "message", [&[Raises, Takes], &[Raises, Takes], &[Raises], &[]]),
    measured("undecodable-body", RestXml, "message", [&[Raises], &[Raises], &[Invents], &[Raises]]),
    measured("undecodable-body", RpcV2Cbor, "message", [&[Raises], &[Raises], &[Raises], &[]]),
    measured("unexpected-content-type", RestJson, "message", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("unexpected-status", RestJson, "message", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("union-arity", AwsJson, "union", [&[Raises], &[Takes], &[Raises], &[Takes]]),
    measured("union-arity", RestJson, "union", [&[Raises], &[Takes], &[Raises], &[]]),
    measured("union-arity", RpcV2Cbor, "union", [&[Raises], &[Takes], &[], &[]]),
    measured("unknown-enum-value", AwsJson, "enum", [&[Takes], &[Takes], &[ShowsUnknown], &[Takes]]),
    measured("unknown-enum-value", AwsQuery, "enum", [&[Takes], &[Takes], &[ShowsUnknown], &[Takes]]),
    measured("unknown-enum-value", Ec2Query, "enum", [&[Takes], &[Takes], &[], &[]]),
    measured("unknown-enum-value", RestJson, "enum", [&[Takes], &[Takes], &[ShowsUnknown], &[]]),
    measured("unknown-enum-value", RestXml, "enum", [&[Takes], &[Takes], &[ShowsUnknown], &[Takes]]),
    measured("unknown-enum-value", RpcV2Cbor, "enum", [&[Takes], &[Takes], &[ShowsUnknown], &[]]),
    measured("unknown-member", AwsJson, "structure", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("unknown-member", AwsJson, "union", [&[], &[], &[Raises], &[Takes]]),
    measured("unknown-member", AwsQuery, "structure", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("unknown-member", Ec2Query, "structure", [&[Takes], &[Takes], &[], &[]]),
    measured("unknown-member", RestJson, "structure", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("unknown-member", RestJson, "union", [&[Raises, Takes], &[Takes], &[Raises, ShowsUnknown], &[]]),
    measured("unknown-member", RestXml, "structure", [&[Takes], &[Takes], &[Takes], &[Takes]]),
    measured("unknown-member", RpcV2Cbor, "structure", [&[Takes], &[Takes], &[Takes], &[]]),
    measured("wrong-output", RestJson, "message", [&[Takes], &[Takes], &[ShowsUnknown, Takes], &[]]),
    measured("wrong-type", AwsJson, "boolean", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", AwsJson, "double", [&[Takes], &[Takes], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "enum", [&[], &[], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "integer", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", AwsJson, "list", [&[Invents], &[Takes], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "long", [&[], &[], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "map", [&[Raises], &[Takes], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "string", [&[Takes], &[Takes], &[Raises], &[Raises]]),
    measured("wrong-type", AwsJson, "structure", [&[Raises], &[Invents, Takes], &[Raises], &[Raises]]),
    measured("wrong-type", AwsQuery, "boolean", [&[Invents], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", AwsQuery, "double", [&[Raises], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", AwsQuery, "integer", [&[Raises], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", Ec2Query, "boolean", [&[Invents], &[Invents], &[], &[]]),
    measured("wrong-type", Ec2Query, "double", [&[Raises], &[Invents], &[], &[]]),
    measured("wrong-type", Ec2Query, "integer", [&[Raises], &[Invents], &[], &[]]),
    measured("wrong-type", RestJson, "double", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestJson, "enum", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestJson, "list", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestJson, "long", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestJson, "string", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestJson, "structure", [&[Raises], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RestXml, "boolean", [&[Invents], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", RestXml, "double", [&[Raises], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", RestXml, "integer", [&[Raises], &[Invents], &[Raises], &[Raises]]),
    measured("wrong-type", RestXml, "long", [&[], &[], &[Raises], &[Raises]]),
    measured("wrong-type", RpcV2Cbor, "blob", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "boolean", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "double", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "enum", [&[], &[], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "integer", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "list", [&[Invents], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "map", [&[Takes], &[Takes], &[], &[]]),
    measured("wrong-type", RpcV2Cbor, "string", [&[Takes], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "structure", [&[Raises], &[Takes], &[Raises], &[]]),
    measured("wrong-type", RpcV2Cbor, "timestamp", [&[Takes], &[Takes], &[Raises], &[]]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Breach;

    #[test]
    fn another_root_element_was_not_measured() {
        let embedded = crate::ingest::embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
        let service = embedded.load().expect("it is sound").service;
        let told = |root: Option<&str>| {
            let kind =
                BreachKind::Undecodable { reason: String::new(), at: 0, root: root.map(str::to_owned), refused: None };
            let breach = Breach { direction: Some(Direction::Response), ..Breach::whole(kind) };
            spoken(&service, &crate::rules::exchange::judge(&breach, None, None), Some(Protocol::RestXml))
        };
        assert!(told(None).is_some() && told(Some("Other")).is_none());
    }

    #[test]
    fn effects_are_words_for_people() {
        let spoken = Spoken { protocol: Protocol::RestJson, kind: "string".into() };
        let effects = Effects { spoken, by_sdk: [&[Effect::Takes], &[], &[Effect::Raises, Effect::ShowsUnknown], &[]] };
        assert_eq!(
            effects.to_string(),
            "boto3 takes, JavaScript not measured, Rust raises or shows unknown, Go not measured"
        );
    }
}
