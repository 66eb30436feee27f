//! [`Data`]: what the page's script gets: the JSON report, and what people see beside it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Style;
use super::super::document::Document;
use super::super::facts::LEGEND;
use super::super::json::Whole;
use crate::finding::{Excerpt, Finding, Profile, Rule, Severity};
use crate::gate::{Reported, Verdict};
use crate::model::Direction;
use crate::rules::effects::{self, Measured, Sdk};

#[derive(Serialize)]
pub(super) struct Data<'v> {
    headline: String,
    compared: Option<String>,
    remarks: Vec<Remark>,
    /// What the columns of a scorecard count.
    legend: &'static str,
    report: Whole<'v>,
    /// Excerpts of the report's findings, in their order.
    excerpts: Vec<Option<[&'v str; 3]>>,
    /// The rules of all findings that the page shows.
    rules: BTreeMap<&'static str, About>,
    /// The SDKs that were measured, with their versions.
    sdks: Vec<[&'static str; 2]>,
}

#[derive(Serialize)]
struct Remark {
    level: &'static str,
    text: String,
}

/// What the page says of a rule.
#[derive(Serialize)]
struct About {
    area: &'static str,
    summary: &'static str,
    explain: &'static str,
    /// By profile: in requests and in responses. Of differences between models alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weights: Vec<[&'static str; 3]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    effects: Vec<Effects>,
}

/// What each SDK was measured to make of it, in the order of the SDKs.
#[derive(Serialize)]
struct Effects {
    protocol: &'static str,
    kind: &'static str,
    sdks: Vec<String>,
}

impl<'v> Data<'v> {
    pub(super) fn of(verdict: &'v Verdict, _: &Style) -> Self {
        let document = Document::of(verdict);
        let remark = |one: super::super::remarks::Remark| Remark { level: one.level.as_str(), text: one.text };
        let approved = verdict.approved.iter().map(|one| &one.finding);
        let all = verdict.open().chain(&verdict.broken).chain(approved).map(|one: &Reported| one.rule);
        Self {
            headline: document.headline,
            compared: document.compared.map(|one| one.text),
            remarks: document.remarks.into_iter().map(remark).collect(),
            legend: LEGEND,
            report: Whole::of(verdict),
            excerpts: verdict.open().map(|one| excerpt(&one.finding)).collect(),
            rules: all.map(|rule| (rule.id, About::of(rule))).collect(),
            sdks: Sdk::ALL.iter().map(|sdk| [sdk.as_str(), sdk.version()]).collect(),
        }
    }
}

/// Before what is meant, that, and behind it.
fn excerpt(finding: &Finding) -> Option<[&str; 3]> {
    let Excerpt { text, highlight } = finding.excerpt.as_ref()?;
    Some([text.get(..highlight.start)?, text.get(highlight.clone())?, text.get(highlight.end..)?])
}

impl About {
    fn of(rule: &'static Rule) -> Self {
        let weight = |profile: Profile, half: Direction| word(rule.weights.of(profile, Some(half)));
        let weights = Profile::ALL.map(|profile| {
            [profile.as_str(), weight(profile, Direction::Request), weight(profile, Direction::Response)]
        });
        let is_difference = rule.area == crate::finding::Area::Upgrade;
        Self {
            area: rule.area.as_str(),
            summary: rule.summary,
            explain: rule.explain,
            weights: if is_difference { weights.to_vec() } else { Vec::new() },
            effects: effects::of(rule.id).map(Effects::of).collect(),
        }
    }
}

/// A difference's weight.
fn word(weight: Severity) -> &'static str {
    match weight {
        Severity::Error => "breaking",
        Severity::Warning => "risky",
        Severity::Note => "compatible",
    }
}

impl Effects {
    fn of(measured: &Measured) -> Self {
        let sdks = measured.effects.iter().copied().map(effects::words).collect();
        Self { protocol: measured.protocol.as_str(), kind: measured.kind, sdks }
    }
}
