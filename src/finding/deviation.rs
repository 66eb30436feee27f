//! [`Deviation`]: the fact that a finding is about, as one of three modules found it.

use serde::Serialize;
use serde_json::Value;

use super::Values;
use crate::contract::{Allowed, BreachKind};
use crate::{diff, wire};

/// A fact that some rule judges, before anybody weighs it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Deviation {
    /// Recorded traffic deviates from its contract.
    Breach(BreachKind),
    /// Two models differ.
    Change(diff::Change),
    /// Two snapshots of traffic differ.
    Wire(wire::Change),
    /// Recorded traffic deviates, as another run said it: its sentence, and whether a part of a recording was not read.
    Told {
        /// The sentence.
        message: String,
        /// Whether it is about a part that was not read.
        unread: bool,
    },
}

impl Deviation {
    /// The parts, by name.
    pub fn values(&self) -> Values {
        let parts = |deviation: &Self| match serde_json::to_value(deviation) {
            Ok(Value::Object(parts)) => parts.into_iter().collect(),
            // It has no parts.
            _ => Values::default(),
        };
        let Self::Breach(BreachKind::UnknownEnumValue { found, allowed, nearest, only_case }) = self else {
            return parts(self);
        };
        // Thousands of values are not written out for each finding.
        let (found, nearest, only_case) = (found.clone(), nearest.clone(), *only_case);
        let none = Allowed::of([]);
        let mut values =
            parts(&Self::Breach(BreachKind::UnknownEnumValue { found, allowed: none, nearest, only_case }));
        values.share("allowed", allowed.list());
        values
    }

    /// The deviation of traffic, where it is one.
    pub fn breach(&self) -> Option<&BreachKind> {
        if let Self::Breach(kind) = self { Some(kind) } else { None }
    }

    /// The difference between snapshots, where it is one.
    pub fn wire(&self) -> Option<&wire::Change> {
        if let Self::Wire(change) = self { Some(change) } else { None }
    }

    /// The difference between models, where it is one.
    pub fn change(&self) -> Option<&diff::Change> {
        if let Self::Change(change) = self { Some(change) } else { None }
    }
}
