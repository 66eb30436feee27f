//! [`Row`]: one finding as data.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Deviation, Finding, Location, Note, Severity, shallow};
use crate::gate::Reported;
use crate::model::Direction;
use crate::rules::effects::Effects;

/// One finding.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Row<'f> {
    rule: &'static str,
    severity: &'static str,
    service: Option<&'f str>,
    operation: Option<&'f str>,
    direction: Option<&'static str>,
    shape: Option<&'f str>,
    member: Option<&'f str>,
    pointer: &'f str,
    location: &'f Location,
    /// Absent where the recording does not keep HTTP messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'f>>,
    /// Absent where it is not about a response whose protocol is known.
    #[serde(rename = "sdkEffects", skip_serializing_if = "Option::is_none")]
    effects: Option<OnSdks>,
    message: String,
    values: BTreeMap<&'f str, Cow<'f, Value>>,
    fingerprint: String,
}

/// A part of an HTTP message.
#[derive(Debug, Serialize)]
struct Origin<'f> {
    part: &'static str,
    name: Option<&'f str>,
    line: Option<usize>,
    column: Option<usize>,
}

/// What SDKs make of a faulty response, as measured.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OnSdks {
    protocol: &'static str,
    kind: String,
    effects: BTreeMap<&'static str, Vec<&'static str>>,
    not_measured: Vec<&'static str>,
}

impl OnSdks {
    fn of(finding: &Finding) -> Option<Self> {
        let all = Effects::of(finding)?;
        let (unknown, known): (Vec<_>, Vec<_>) = all.iter().partition(|(_, effects)| effects.is_empty());
        let known = known.into_iter().map(|(sdk, own)| (sdk.as_str(), own.iter().map(|one| one.as_str()).collect()));
        Some(Self {
            protocol: all.spoken.protocol.as_str(),
            kind: all.spoken.kind.into_owned(),
            effects: known.collect(),
            not_measured: unknown.into_iter().map(|(sdk, _)| sdk.as_str()).collect(),
        })
    }
}

impl<'f> Row<'f> {
    /// A finding with its level.
    pub(super) fn of(reported: &'f Reported) -> Self {
        row(&reported.finding, reported.level)
    }
}

/// A finding as data, as JSON reports have it.
pub fn row(finding: &Finding, level: Severity) -> Row<'_> {
    Row {
        rule: finding.rule.id,
        severity: level.as_str(),
        service: finding.service.as_deref(),
        operation: finding.operation.as_deref(),
        direction: finding.direction.map(Direction::as_str),
        shape: finding.shape.as_deref(),
        member: finding.member.as_deref(),
        pointer: &finding.pointer,
        location: &finding.location,
        origin: finding.origin.as_ref().map(|origin| {
            let (line, column) = origin.position.unzip();
            Origin { part: origin.part, name: origin.name.as_deref(), line, column }
        }),
        effects: OnSdks::of(finding),
        message: finding.message(),
        values: values(finding),
        fingerprint: finding.fingerprint().to_string(),
    }
}

/// The parts of the deviation, the operations that a difference concerns, and the notes.
fn values(finding: &Finding) -> BTreeMap<&str, Cow<'_, Value>> {
    let own = finding.values.iter().map(|(name, value)| (name, Cow::Borrowed(value)));
    let mut values: BTreeMap<_, _> = own.collect();
    if let Deviation::Change(_) = finding.deviation {
        values.insert("operations", Cow::Owned(finding.operations.clone().into()));
    }
    for note in &finding.notes {
        let (name, value) = match note {
            Note::Fallout(counts) => ("fallout", serde_json::to_value(counts)),
            Note::Recorded(recorded) => ("recorded", serde_json::to_value(recorded)),
            Note::Witness(witness) => ("witness", serde_json::to_value(witness)),
        };
        values.insert(name, Cow::Owned(value.unwrap_or_default()));
    }
    values.into_iter().map(|(name, value)| (name, shallow(value))).collect()
}
