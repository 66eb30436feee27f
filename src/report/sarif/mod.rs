//! SARIF 2.1.0, for code scanning and viewers: every rule, every finding, approved ones as suppressed.
//!
//! The structs have what is written here and no more; their members mean what the standard says. A result always names a
//! file, for GitHub rejects a whole report for one result without.

mod location;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use self::location::{Location, PhysicalLocation, Region, artifact, logical};
use super::document::Document;
use super::facts::{recorded, witness};
use super::in_file::{InFile, hash};
use super::remarks::{Remark, not_listed};
use super::{Base, Report, Style};
use crate::finding::{Rule, Severity};
use crate::gate::{Approved, Reported, Verdict};
use crate::rules;
use crate::text::{Escaping, visible};

pub(super) struct Sarif;

impl Report for Sarif {
    fn id(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning and viewers"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let out = &mut Escaping(out);
        let document = Document::of(verdict);
        serde_json::to_writer(&mut *out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run(&document, style)] })?;
        writeln!(out)
    }
}

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to: the repository's root, wherever it is checked out.
const ROOT: &str = "SRCROOT";

#[derive(Serialize)]
struct Log<'v> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'v>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'v> {
    tool: Tool,
    automation_details: Automation,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    column_kind: &'static str,
    results: Vec<Scanned<'v>>,
}

fn run<'v>(document: &'v Document<'_>, style: &'v Style) -> Run<'v> {
    let mut results = Results { document, base: &style.base, numbers: numbers(), alike: InFile::default() };
    let compatible = document.findings.iter().filter(|finding| document.is_compatible(finding)).count();
    let counted = if style.is_verbose() || compatible <= LISTED { 0 } else { compatible };
    let is_listed = |finding: &&&Reported| counted == 0 || !document.is_compatible(finding);
    let open = document.findings.iter().filter(is_listed).map(|finding| (*finding, None));
    let approved = document.approved.iter().map(|Approved { finding, reason }| (finding, Some(reason.as_str())));
    Run {
        tool: Tool { driver: Driver::new() },
        // The category, up to the last slash: code scanning keeps the alerts of each beside those of the others.
        automation_details: Automation { id: format!("shapegate/{}/", document.job) },
        invocations: [Invocation {
            execution_successful: true,
            exit_code: i32::from(!document.passed),
            exit_code_description: visible(&document.headline),
            tool_execution_notifications: notifications(document, counted),
        }],
        original_uri_base_ids: BTreeMap::from([(ROOT, BaseId { description: Text::of("The repository's root.") })]),
        column_kind: "unicodeCodePoints",
        results: open.chain(approved).map(|(finding, reason)| results.result(finding, reason)).collect(),
    }
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

impl Driver {
    fn new() -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self {
            name: "shapegate",
            version,
            semantic_version: version,
            information_uri: env!("CARGO_PKG_HOMEPAGE"),
            rules: rules::all().map(Descriptor::of).collect(),
        }
    }
}

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    deprecated_ids: &'static [&'static str],
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: RuleProperties,
}

impl Descriptor {
    fn of(rule: &'static Rule) -> Self {
        Self {
            id: rule.id,
            deprecated_ids: rule.aliases,
            short_description: Text { text: unlinked(&sentence(rule.summary)) },
            full_description: Text { text: unlinked(&first_paragraph(rule.explain)) },
            help: Help { text: unlinked(rule.explain), markdown: unlinked(&markdown(rule.explain)) },
            default_configuration: Configuration { level: rule.heaviest().as_str() },
            properties: RuleProperties {
                area: rule.area.as_str(),
                since: rule.since,
                tags: ["api-contract", rule.area.as_str()],
            },
        }
    }
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    area: &'static str,
    since: &'static str,
    tags: [&'static str; 2],
}

#[derive(Serialize)]
struct Automation {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: i32,
    exit_code_description: String,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

/// Why the run fails beside results, and what else to know. So many compatible differences are no results.
fn notifications(document: &Document<'_>, counted: usize) -> Vec<Notification> {
    let reasons = document.reasons.iter().map(|reason| (Severity::Error, &reason.text));
    let remarks = document.compared.iter().chain(&document.remarks);
    let remarks = remarks.map(|Remark { level, text, .. }| (*level, text));
    let rest = (counted > 0).then(|| not_listed(counted));
    let rest = rest.iter().map(|text| (Severity::Note, text));
    let of = |(level, text): (Severity, &String)| Notification { level: level.as_str(), message: Text::of(text) };
    reasons.chain(remarks).chain(rest).map(of).collect()
}

#[derive(Serialize)]
struct BaseId {
    description: Text,
}

/// Compatible differences that are results; where there are more none is, unless all are asked for.
const LISTED: usize = 100;

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scanned<'v> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: PartialFingerprints,
    /// On every result or on none, says the standard; empty means that it counts.
    suppressions: Vec<Suppression>,
    properties: ResultProperties<'v>,
}

#[derive(Serialize)]
struct PartialFingerprints {
    /// The same wherever the deviation is found.
    #[serde(rename = "shapegate/v1")]
    deviation: String,
    /// By this GitHub distinguishes alerts of one file. What it computes itself comes from the line's text, and a recording
    /// often has only one line.
    #[serde(rename = "primaryLocationLineHash")]
    in_file: String,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
struct ResultProperties<'v> {
    /// What an approval has to name; of a recorded exchange that an upgrade breaks, the difference.
    fingerprint: &'v str,
}

/// Makes results, one after the other.
struct Results<'v, 'd> {
    document: &'v Document<'d>,
    base: &'v Base,
    numbers: HashMap<&'static str, usize>,
    alike: InFile,
}

/// Numbers of the rules, as [`Driver`] lists them.
fn numbers() -> HashMap<&'static str, usize> {
    rules::all().enumerate().map(|(number, rule)| (rule.id, number)).collect()
}

impl<'v> Results<'v, '_> {
    /// What a finding says, and of a difference what recorded traffic and a payload say of it.
    fn message(&self, finding: &Reported) -> String {
        let said = [recorded(finding), witness(finding, false)].into_iter().flatten();
        let said = said.map(|text| format!(" {}", capital(&sentence(&text))));
        sentence(&self.document.message(finding)) + &said.collect::<String>()
    }

    fn result(&mut self, finding: &'v Reported, reason: Option<&str>) -> Scanned<'v> {
        let (path, position) = self.document.place(finding, self.base);
        let fingerprint = finding.fingerprint.as_str();
        Scanned {
            rule_id: finding.rule.id,
            rule_index: self.numbers.get(finding.rule.id).copied().expect("every rule of a finding is registered"),
            level: finding.level.as_str(),
            message: Text::of(&self.message(finding)),
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: artifact(&path),
                    region: position.map(|(start_line, start_column)| Region { start_line, start_column }),
                },
                logical_locations: logical(finding),
            }],
            partial_fingerprints: PartialFingerprints {
                deviation: format!("{:016x}", hash(fingerprint)),
                in_file: self.alike.identity(fingerprint, &path),
            },
            suppressions: reason
                .map(|reason| Suppression { kind: "external", status: "accepted", justification: visible(reason) })
                .into_iter()
                .collect(),
            properties: ResultProperties { fingerprint: finding.approved_by() },
        }
    }
}

/// Plain text as the standard has it.
#[derive(Serialize)]
struct Text {
    text: String,
}

impl Text {
    /// A text that may hold anything.
    fn of(text: &str) -> Self {
        Self { text: unlinked(&visible(text)) }
    }
}

/// Text without what readers take for a link, `[text](target)`, or for a placeholder, `{0}`. Viewers find links without a
/// look at escapes, so the two brackets must not touch; doubled braces are the standard's.
fn unlinked(text: &str) -> String {
    static PLACEHOLDER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{([0-9]+)\}").expect("a pattern of ours compiles"));
    PLACEHOLDER.replace_all(&text.replace("](", r"]\("), "{{$1}}").into_owned()
}

/// A message as a sentence: with a full stop.
fn sentence(message: &str) -> String {
    format!("{}.", message.trim_end_matches('.'))
}

/// What a rule does, in one line.
fn first_paragraph(explain: &str) -> String {
    let text = explain.split("\n\n").next().unwrap_or_default();
    let text = text.split_once(": ").map_or(text, |(_, text)| text).replace('\n', " ");
    capital(&text)
}

/// A text that begins with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A rule's text with its headings in bold.
fn markdown(explain: &str) -> String {
    let bold = |paragraph: &str| match paragraph.split_once(": ") {
        Some((heading, text)) => format!("**{heading}:** {text}"),
        None => paragraph.to_owned(),
    };
    explain.split("\n\n").map(bold).collect::<Vec<_>>().join("\n\n")
}
