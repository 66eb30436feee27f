//! What SDKs make of responses that break a rule, as measured: faults were served to them, and what each did was noted.
//!
//! `fixtures/sdk-faults` has the faults with the traffic; a test holds this table against it. What no row says was not measured.

use crate::model::Protocol;

/// An SDK that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sdk {
    /// boto3 1.28.38.
    Boto3,
    /// AWS SDK for JavaScript 3.1048.0.
    JavaScript,
    /// AWS SDK for Rust 1.147.0.
    Rust,
}

impl Sdk {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Boto3, Self::JavaScript, Self::Rust];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boto3 => "boto3",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
        }
    }

    /// The version that was measured.
    pub fn version(self) -> &'static str {
        match self {
            Self::Boto3 => "1.28.38",
            Self::JavaScript => "3.1048.0",
            Self::Rust => "1.147.0",
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
    pub effects: [&'static [Effect]; 3],
}

/// What was measured of a rule.
pub fn of(rule: &str) -> impl Iterator<Item = &'static Measured> {
    MEASURED.iter().filter(move |one| one.rule == rule)
}

const fn measured(
    rule: &'static str,
    protocol: Protocol,
    kind: &'static str,
    effects: [&'static [Effect]; 3],
) -> Measured {
    Measured { rule, protocol, kind, effects }
}

use Effect::{Invents, Raises, ShowsUnknown, Takes};
use Protocol::{AwsJson, AwsQuery, RestJson, RestXml};

/// All that was measured, by rule, protocol and kind.
#[rustfmt::skip]
pub const MEASURED: &[Measured] = &[
    measured("blob-form", AwsJson, "blob", [&[Invents], &[], &[]]),
    measured("blob-form", AwsQuery, "blob", [&[Invents], &[], &[]]),
    measured("blob-form", RestXml, "blob", [&[Invents], &[], &[]]),
    measured("duplicate-key", RestJson, "enum", [&[Takes], &[Takes], &[Takes]]),
    measured("duplicate-key", RestJson, "string", [&[Takes], &[Takes], &[Takes]]),
    measured("error-in-success", RestJson, "message", [&[Takes], &[Takes], &[ShowsUnknown, Takes]]),
    measured("error-status-mismatch", RestJson, "message", [&[Takes], &[Takes], &[Takes]]),
    measured("length-out-of-range", AwsJson, "string", [&[Takes], &[], &[]]),
    measured("length-out-of-range", AwsQuery, "string", [&[Takes], &[], &[]]),
    measured("length-out-of-range", RestJson, "string", [&[Takes], &[Takes], &[Takes]]),
    measured("length-out-of-range", RestXml, "string", [&[Takes], &[], &[]]),
    measured("misplaced-member", RestJson, "structure", [&[Takes], &[Takes], &[Takes]]),
    measured("missing-error-code", AwsJson, "message", [&[Raises], &[], &[]]),
    measured("missing-error-code", AwsQuery, "message", [&[Raises], &[], &[]]),
    measured("missing-error-code", RestJson, "message", [&[Raises], &[Raises], &[Raises]]),
    measured("missing-error-code", RestXml, "message", [&[Raises], &[], &[]]),
    measured("missing-member", AwsJson, "string", [&[Takes], &[], &[]]),
    measured("missing-member", AwsQuery, "string", [&[Takes], &[], &[]]),
    measured("missing-member", RestJson, "enum", [&[Takes], &[Takes], &[Invents]]),
    measured("missing-member", RestJson, "list", [&[Takes], &[Takes], &[Takes]]),
    measured("missing-member", RestJson, "string", [&[Takes], &[Takes], &[Takes]]),
    measured("missing-member", RestJson, "structure", [&[Takes], &[Takes], &[Invents]]),
    measured("missing-member", RestJson, "timestamp", [&[Takes], &[Takes], &[Takes]]),
    measured("missing-member", RestJson, "union", [&[Takes], &[Takes], &[Invents]]),
    measured("missing-member", RestXml, "string", [&[Takes], &[], &[]]),
    measured("null-member", AwsJson, "string", [&[Takes], &[], &[]]),
    measured("null-member", RestJson, "enum", [&[Takes], &[Takes], &[Raises, Invents]]),
    measured("null-member", RestJson, "list", [&[Takes], &[Takes], &[Takes]]),
    measured("null-member", RestJson, "string", [&[Takes], &[Takes], &[Raises, Takes]]),
    measured("null-member", RestJson, "structure", [&[Raises, Takes], &[Raises, Takes], &[Raises, Takes]]),
    measured("null-member", RestJson, "timestamp", [&[Takes], &[Takes], &[Takes]]),
    measured("number-out-of-range", AwsJson, "integer", [&[Takes], &[], &[]]),
    measured("number-out-of-range", AwsQuery, "integer", [&[Takes], &[], &[]]),
    measured("number-out-of-range", RestJson, "long", [&[Takes], &[Takes], &[Raises]]),
    measured("number-out-of-range", RestXml, "integer", [&[Takes], &[], &[]]),
    measured("pattern-mismatch", AwsJson, "string", [&[Takes], &[], &[]]),
    measured("pattern-mismatch", AwsQuery, "string", [&[Takes], &[], &[]]),
    measured("pattern-mismatch", RestJson, "string", [&[Takes], &[Takes], &[Takes]]),
    measured("pattern-mismatch", RestXml, "string", [&[Takes], &[], &[]]),
    measured("timestamp-form", AwsJson, "timestamp", [&[Raises, Takes], &[], &[]]),
    measured("timestamp-form", AwsQuery, "timestamp", [&[Raises], &[], &[]]),
    measured("timestamp-form", RestJson, "timestamp", [&[Raises, Takes], &[Raises, Takes], &[Raises, Takes]]),
    measured("timestamp-form", RestXml, "timestamp", [&[Raises], &[], &[]]),
    measured("undeclared-error", AwsJson, "message", [&[Raises], &[], &[]]),
    measured("undeclared-error", AwsQuery, "message", [&[Raises], &[], &[]]),
    measured("undeclared-error", RestJson, "message", [&[Raises, Takes], &[Raises, Takes], &[Raises]]),
    measured("undeclared-error", RestXml, "message", [&[Raises], &[], &[]]),
    measured("undecodable-body", AwsJson, "message", [&[Takes], &[], &[]]),
    measured("undecodable-body", AwsQuery, "message", [&[Raises], &[], &[]]),
    measured("undecodable-body", RestJson, "message", [&[Raises, Takes], &[Raises, Takes], &[Raises]]),
    measured("undecodable-body", RestXml, "message", [&[Raises], &[], &[]]),
    measured("unexpected-content-type", RestJson, "message", [&[Takes], &[Takes], &[Takes]]),
    measured("unexpected-status", RestJson, "message", [&[Takes], &[Takes], &[Takes]]),
    measured("union-arity", AwsJson, "union", [&[Raises], &[], &[]]),
    measured("union-arity", RestJson, "union", [&[Raises], &[Takes], &[Raises]]),
    measured("unknown-enum-value", AwsJson, "enum", [&[Takes], &[], &[]]),
    measured("unknown-enum-value", AwsQuery, "enum", [&[Takes], &[], &[]]),
    measured("unknown-enum-value", RestJson, "enum", [&[Takes], &[Takes], &[ShowsUnknown]]),
    measured("unknown-enum-value", RestXml, "enum", [&[Takes], &[], &[]]),
    measured("unknown-member", AwsJson, "structure", [&[Takes], &[], &[]]),
    measured("unknown-member", AwsQuery, "structure", [&[Takes], &[], &[]]),
    measured("unknown-member", RestJson, "structure", [&[Takes], &[Takes], &[Takes]]),
    measured("unknown-member", RestJson, "union", [&[Raises, Takes], &[Takes], &[Raises, ShowsUnknown]]),
    measured("unknown-member", RestXml, "structure", [&[Takes], &[], &[]]),
    measured("wrong-output", RestJson, "message", [&[Takes], &[Takes], &[ShowsUnknown, Takes]]),
    measured("wrong-type", AwsJson, "boolean", [&[Takes], &[], &[]]),
    measured("wrong-type", AwsJson, "double", [&[Takes], &[], &[]]),
    measured("wrong-type", AwsJson, "integer", [&[Takes], &[], &[]]),
    measured("wrong-type", AwsJson, "list", [&[Invents], &[], &[]]),
    measured("wrong-type", AwsJson, "map", [&[Raises], &[], &[]]),
    measured("wrong-type", AwsJson, "string", [&[Takes], &[], &[]]),
    measured("wrong-type", AwsJson, "structure", [&[Raises], &[], &[]]),
    measured("wrong-type", AwsQuery, "boolean", [&[Invents], &[], &[]]),
    measured("wrong-type", AwsQuery, "double", [&[Raises], &[], &[]]),
    measured("wrong-type", AwsQuery, "integer", [&[Raises], &[], &[]]),
    measured("wrong-type", RestJson, "double", [&[Takes], &[Takes], &[Raises]]),
    measured("wrong-type", RestJson, "enum", [&[Takes], &[Takes], &[Raises]]),
    measured("wrong-type", RestJson, "list", [&[Takes], &[Takes], &[Raises]]),
    measured("wrong-type", RestJson, "long", [&[Takes], &[Takes], &[Raises]]),
    measured("wrong-type", RestJson, "string", [&[Takes], &[Takes], &[Raises]]),
    measured("wrong-type", RestJson, "structure", [&[Raises], &[Takes], &[Raises]]),
    measured("wrong-type", RestXml, "boolean", [&[Invents], &[], &[]]),
    measured("wrong-type", RestXml, "double", [&[Raises], &[], &[]]),
    measured("wrong-type", RestXml, "integer", [&[Raises], &[], &[]]),
];
