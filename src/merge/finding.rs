//! [`Told`]: a finding as a part keeps it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::finding::{Deviation, Excerpt, Finding, Location, Origin, Severity, Spoken, Values};
use crate::model::{Aspect, Direction};
use crate::rules;

/// A finding as a part keeps it: with its sentence, for the fact that it was made from is not kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Told {
    rule: String,
    weight: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provable: Option<String>,
    service: Option<String>,
    operation: Option<String>,
    direction: Option<Direction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spoken: Option<Spoken>,
    shape: Option<String>,
    member: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aspect: Option<String>,
    pointer: String,
    file: String,
    position: Option<(usize, usize)>,
    entry: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Origins>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excerpt: Option<(String, usize, usize)>,
    values: Values,
    message: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unread: bool,
}

/// Part of an HTTP message.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Origins {
    part: String,
    name: Option<String>,
    position: Option<(usize, usize)>,
}

/// What parts of an HTTP message are called.
const PARTS: [&str; 5] = ["path label", "query parameter", "header", "status", "body"];

const ASPECTS: [(Aspect, &str); 3] = [(Aspect::Whole, "whole"), (Aspect::Element, "element"), (Aspect::Key, "key")];

impl Told {
    pub(super) fn of(finding: &Finding) -> Self {
        let aspect = ASPECTS.iter().find(|(aspect, _)| *aspect == finding.aspect && *aspect != Aspect::Whole);
        Self {
            rule: finding.rule.id.to_owned(),
            weight: finding.weight.to_string(),
            provable: finding.provable.map(|most| most.to_string()),
            service: finding.service.clone(),
            operation: finding.operation.clone(),
            direction: finding.direction,
            spoken: finding.spoken.clone(),
            shape: finding.shape.clone(),
            member: finding.member.clone(),
            aspect: aspect.map(|(_, word)| (*word).to_owned()),
            pointer: finding.pointer.clone(),
            file: finding.location.file.clone(),
            position: finding.location.position,
            entry: finding.location.entry,
            origin: finding.origin.as_ref().map(|origin| Origins {
                part: origin.part.to_owned(),
                name: origin.name.clone(),
                position: origin.position,
            }),
            excerpt: finding
                .excerpt
                .as_ref()
                .map(|excerpt| (excerpt.text.clone(), excerpt.highlight.start, excerpt.highlight.end)),
            values: finding.values.shallow(),
            message: finding.message(),
            unread: finding.is_unread(),
        }
    }

    /// The finding again.
    pub(super) fn finding(&self) -> Result<Finding> {
        let rule = rules::find(&self.rule).ok_or_else(|| Error::new(format!("there is no rule {:?}", self.rule)))?;
        let severity = |word: &str| {
            let found = Severity::ALL.into_iter().find(|one| one.as_str() == word);
            found.ok_or_else(|| Error::new(format!("{word:?} is no severity")))
        };
        let deviation = Deviation::Told { message: self.message.clone(), unread: self.unread };
        let aspect = self.aspect.as_deref().and_then(|word| ASPECTS.iter().find(|(_, own)| *own == word));
        let origin = self.origin.as_ref().and_then(|origin| {
            let part = PARTS.into_iter().find(|part| *part == origin.part)?;
            Some(Origin { part, name: origin.name.clone(), position: origin.position })
        });
        // A range that is none would cut a character in two.
        let excerpt = self.excerpt.as_ref().and_then(|(text, start, end)| {
            text.get(*start..*end).map(|_| Excerpt { text: text.clone(), highlight: *start..*end })
        });
        Ok(Finding {
            values: self.values.clone(),
            provable: self.provable.as_deref().map(severity).transpose()?,
            service: self.service.clone(),
            operation: self.operation.clone(),
            direction: self.direction,
            spoken: self.spoken.clone(),
            shape: self.shape.clone(),
            member: self.member.clone(),
            aspect: aspect.map_or(Aspect::Whole, |(aspect, _)| *aspect),
            pointer: self.pointer.clone(),
            location: Location { file: self.file.clone(), position: self.position, entry: self.entry },
            origin,
            excerpt,
            ..Finding::new(rule, deviation, severity(&self.weight)?)
        })
    }
}
