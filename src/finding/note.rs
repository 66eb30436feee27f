//! [`Note`]: what an upgrade knows of a difference beyond the fact.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Finding, Location};

/// Something known of a finding beyond its fact.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// How many findings come with it, by their rules.
    Fallout(BTreeMap<&'static str, usize>),
    /// How often recorded traffic has the subject of a difference.
    Recorded(Recorded),
    /// Something that the older contract accepts and the newer rejects.
    Witness(Witness),
}

/// How often recorded traffic has the subject of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Recorded {
    /// The subject, for people.
    pub what: String,
    /// Exchanges that have it.
    pub exchanges: usize,
    /// Exchanges that could have it.
    pub of: usize,
    /// What of them could: `exchange`, `request` or `response`.
    pub part: &'static str,
    /// What they are of: operations, or where none of these was recorded the service.
    pub whose: String,
}

/// A payload that one contract accepts and another rejects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// Place of a recorded payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Location>,
    /// A generated payload; `null` where it is too large to show. Absent where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Value>,
    /// Operation that the payload is of.
    pub operation: Option<String>,
    /// Place within the payload.
    pub pointer: String,
    /// Id of the rule that rejects it.
    pub rule: &'static str,
    /// The rule's sentence.
    pub message: String,
}

impl Witness {
    /// A recorded exchange, and what the newer contract finds in it.
    pub fn recorded(broken: &Finding) -> Self {
        Self { recorded: Some(broken.location.clone()), generated: None, ..Self::of(broken) }
    }

    /// A generated payload, and what the newer contract finds in it.
    pub fn generated(payload: Value, broken: &Finding) -> Self {
        Self { recorded: None, generated: Some(payload), ..Self::of(broken) }
    }

    fn of(broken: &Finding) -> Self {
        Self {
            recorded: None,
            generated: None,
            operation: broken.operation.clone(),
            pointer: broken.pointer.clone(),
            rule: broken.rule.id,
            message: broken.message(),
        }
    }
}

impl Finding {
    /// How many findings come with it, by their rules.
    pub fn fallout(&self) -> Option<&BTreeMap<&'static str, usize>> {
        self.notes.iter().find_map(|note| if let Note::Fallout(counts) = note { Some(counts) } else { None })
    }

    /// The payload that shows it.
    pub fn witness(&self) -> Option<&Witness> {
        self.notes.iter().find_map(|note| if let Note::Witness(witness) = note { Some(witness) } else { None })
    }

    /// How often recorded traffic has its subject; `None` where that was not asked or cannot be told.
    pub fn recorded(&self) -> Option<&Recorded> {
        self.notes.iter().find_map(|note| if let Note::Recorded(recorded) = note { Some(recorded) } else { None })
    }

    /// Whether traffic was asked, and no exchange has its subject.
    pub fn is_unused(&self) -> bool {
        self.recorded().is_some_and(|recorded| recorded.exchanges == 0)
    }

    /// Counts a finding that comes with this one.
    pub fn count_fallout(&mut self, rule: &'static str) {
        if self.fallout().is_none() {
            self.notes.push(Note::Fallout(BTreeMap::new()));
        }
        for note in &mut self.notes {
            if let Note::Fallout(counts) = note {
                *counts.entry(rule).or_default() += 1;
            }
        }
    }

    /// Shows it by a payload. What was recorded shows more than what was generated, and the first more than the next.
    pub fn show(&mut self, witness: Witness) {
        match self.notes.iter_mut().find_map(|note| if let Note::Witness(known) = note { Some(known) } else { None }) {
            None => self.notes.push(Note::Witness(witness)),
            Some(known) if known.recorded.is_none() && witness.recorded.is_some() => *known = witness,
            Some(_) => {}
        }
    }
}
