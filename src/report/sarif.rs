//! SARIF 2.1.0, for code scanning and viewers: every rule, every finding, approved ones as suppressed.
//!
//! The structs have what is written here and no more; their members mean what the standard says. A result always names a
//! file, for GitHub rejects a whole report for one result without.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex::Regex;
use serde::Serialize;

use super::document::Document;
use super::{Base, Report, Style};
use crate::finding::{Finding, Rule};
use crate::gate::{APPROVALS, Approved, Reported, Verdict};
use crate::model::Direction;
use crate::rules;
use crate::text::visible;

pub(super) struct Sarif;

impl Report for Sarif {
    fn id(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning and viewers"
    }

    fn shows(&self, job: &str) -> bool {
        !matches!(job, "list" | "diff" | "mutate")
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::of(verdict);
        serde_json::to_writer(
            &mut *out,
            &Log { schema: SCHEMA, version: "2.1.0", runs: [run(&document, &style.base)] },
        )?;
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

fn run<'v>(document: &'v Document<'_>, base: &'v Base) -> Run<'v> {
    let mut results = Results { document, base, numbers: numbers(), alike: HashMap::new() };
    let open = document.findings.iter().map(|finding| (*finding, None));
    let approved = document.approved.iter().map(|Approved { finding, reason }| (finding, Some(reason.as_str())));
    Run {
        tool: Tool { driver: Driver::new() },
        // The category, up to the last slash: code scanning keeps the alerts of each beside those of the others.
        automation_details: Automation { id: format!("shapegate/{}/", document.job) },
        invocations: [Invocation {
            execution_successful: true,
            exit_code: i32::from(!document.passed),
            exit_code_description: visible(&document.headline),
            tool_execution_notifications: document.notes.iter().map(|note| Notification::new(note)).collect(),
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

impl Notification {
    fn new(note: &str) -> Self {
        Self { level: "warning", message: Text::of(note) }
    }
}

#[derive(Serialize)]
struct BaseId {
    description: Text,
}

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
    /// What an approval names.
    fingerprint: &'v str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

/// Makes results, one after the other.
struct Results<'v, 'd> {
    document: &'v Document<'d>,
    base: &'v Base,
    numbers: HashMap<&'static str, usize>,
    /// Results so far by the hash of their deviation and file.
    alike: HashMap<u64, usize>,
}

/// Numbers of the rules, as [`Driver`] lists them.
fn numbers() -> HashMap<&'static str, usize> {
    rules::all().enumerate().map(|(number, rule)| (rule.id, number)).collect()
}

impl<'v> Results<'v, '_> {
    fn result(&mut self, finding: &'v Reported, reason: Option<&str>) -> Scanned<'v> {
        // What is about no file is placed where a team would accept it, which is a file of the repository; GitHub takes no
        // result without, and a name such as `cleanrooms@2023-08-30` would be a file that nobody has.
        let file = self.document.file(finding);
        let path = self.base.path(file.unwrap_or(APPROVALS));
        let fingerprint = finding.fingerprint.as_str();
        let in_file = hash(&format!("{fingerprint}\n{path}"));
        let ordinal = self.alike.entry(in_file).or_default();
        *ordinal += 1;
        let region = finding.location.position.filter(|_| file.is_some());
        Scanned {
            rule_id: finding.rule.id,
            rule_index: self.numbers.get(finding.rule.id).copied().expect("every rule of a finding is registered"),
            level: finding.level.as_str(),
            message: Text::of(&sentence(&finding.message())),
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: artifact(&path),
                    region: region.map(|(start_line, start_column)| Region { start_line, start_column }),
                },
                logical_locations: logical(finding),
            }],
            partial_fingerprints: PartialFingerprints {
                deviation: format!("{:016x}", hash(fingerprint)),
                in_file: format!("{in_file:016x}:{ordinal}"),
            },
            suppressions: reason
                .map(|reason| Suppression { kind: "external", status: "accepted", justification: visible(reason) })
                .into_iter()
                .collect(),
            properties: ResultProperties { fingerprint },
        }
    }
}

/// The operation (or service), the member (or shape) and the place in the payload.
fn logical(finding: &Finding) -> Vec<LogicalLocation> {
    let joined = |parts: &[Option<&str>]| parts.iter().flatten().copied().collect::<Vec<_>>().join(".");
    let (service, operation) = (finding.service.as_deref(), finding.operation.as_deref());
    let (shape, member) = (finding.shape.as_deref(), finding.member.as_deref());
    let pointer = Some(finding.pointer.as_str()).filter(|pointer| !pointer.is_empty());
    let called = operation.map(|name| (name, "function")).or(service.map(|name| (name, "module")));
    let half = finding.direction.map(Direction::as_str);
    let typed = member.map(|name| (name, "member")).or(shape.map(|name| (name, "type")));
    let place = pointer.map(|pointer| (pointer.rsplit('/').next().unwrap_or_default(), "value"));
    [
        (called, joined(&[service, operation, half])),
        (typed, joined(&[service, shape, member])),
        (place, pointer.unwrap_or_default().to_owned()),
    ]
    .into_iter()
    .filter_map(|(named, whole)| named.map(|(name, kind)| (visible(name), visible(&whole), kind)))
    .map(|(name, fully_qualified_name, kind)| LogicalLocation { name, fully_qualified_name, kind })
    .collect()
}

/// A path as a URI: below the repository's root a relative one.
fn artifact(path: &str) -> ArtifactLocation {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    let encoded = utf8_percent_encode(path, KEPT).to_string();
    let is_drive = cfg!(windows) && path.as_bytes().get(1..3) == Some(b":/");
    let (uri, uri_base_id) = match path.starts_with('/') {
        true => (format!("file://{encoded}"), None),
        false if is_drive => (format!("file:///{}", encoded.replacen("%3A", ":", 1)), None),
        false => (encoded, Some(ROOT)),
    };
    ArtifactLocation { uri, uri_base_id }
}

/// FNV-1a of 64 bits. It is to be the same in every version of this tool and of Rust, which `std` does not promise of its
/// own hashes, and nobody gains by making two that are the same.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::tests::{check, fixture, gate, gate_of_releases, judged, snapshot, unknown_members, written};
    use super::*;
    use crate::outcome::Outcome;

    /// The run of a report.
    fn report(verdict: &Verdict) -> Value {
        let mut log: Value = serde_json::from_str(&written(&Sarif, verdict)).expect("JSON");
        assert_eq!(log["version"], "2.1.0");
        log["runs"][0].take()
    }

    fn results(outcome: Outcome, approvals: &str) -> Vec<Value> {
        report(&judged(outcome, approvals))["results"].as_array().expect("results").clone()
    }

    fn uri(result: &Value) -> &Value {
        &result["locations"][0]["physicalLocation"]["artifactLocation"]
    }

    #[test]
    fn every_rule_is_declared_and_each_result_names_its_own() {
        for outcome in [check(), gate(), snapshot()] {
            let verdict = judged(outcome, "");
            let run = report(&verdict);
            let declared = run["tool"]["driver"]["rules"].as_array().expect("rules");
            assert_eq!(declared.len(), rules::all().count());
            for (rule, declared) in rules::all().zip(declared) {
                assert_eq!(declared["id"], rule.id);
                assert_eq!(declared["properties"]["since"], rule.since);
                assert_eq!(declared["defaultConfiguration"]["level"], rule.heaviest().as_str(), "{}", rule.id);
                let former = declared["deprecatedIds"].as_array().map_or(0, Vec::len);
                assert_eq!(former, rule.aliases.len(), "{}", rule.id);
            }
            let results = run["results"].as_array().expect("results");
            assert_eq!(results.len(), verdict.findings.len() + verdict.unexplained.len());
            for result in results {
                let number = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("a small one");
                assert_eq!(declared[number]["id"], result["ruleId"]);
            }
            assert_eq!(run["automationDetails"]["id"], format!("shapegate/{}/", verdict.particulars.job()));
            assert_eq!(run["invocations"][0]["exitCode"], i32::from(!verdict.passed));
        }
    }

    #[test]
    fn a_result_says_where_it_is() {
        let results = results(check(), "");
        let result = results
            .iter()
            .find(|result| uri(result)["uri"] == "fixtures/faulty/cleanrooms/exchanges/error-string-for-double.ndjson");
        let result = result.expect("there is one");
        assert_eq!(uri(result)["uriBaseId"], ROOT);
        let place = &result["locations"][0];
        assert_eq!(place["physicalLocation"]["region"], serde_json::json!({"startLine": 1, "startColumn": 544}));
        let logical: Vec<&str> = place["logicalLocations"]
            .as_array()
            .expect("an array")
            .iter()
            .filter_map(|location| location["fullyQualifiedName"].as_str())
            .collect();
        let expected = [
            "cleanrooms.StartProtectedQuery.response",
            "cleanrooms.ServiceQuotaExceededException.quotaValue",
            "/quotaValue",
        ];
        assert_eq!(logical, expected);
    }

    #[test]
    fn differences_are_about_the_newer_model() {
        let results = results(gate(), "");
        let change = results.iter().find(|result| result["ruleId"] == "operation-removed").expect("there is one");
        assert_eq!(uri(change)["uri"], "fixtures/upgrades/orders/new.json");
        assert_eq!(change["locations"][0]["physicalLocation"].get("region"), None);
    }

    #[test]
    fn what_is_no_file_is_none_in_a_report() {
        for outcome in [gate_of_releases(), unknown_members(&["a"])] {
            let results = results(outcome, "");
            assert!(!results.is_empty());
            for result in results {
                assert_eq!(uri(&result)["uri"], APPROVALS);
                assert_eq!(result["locations"][0]["physicalLocation"].get("region"), None);
                assert_ne!(result["locations"][0]["logicalLocations"], Value::Null);
            }
        }
    }

    #[test]
    fn approved_findings_are_suppressed() {
        let approvals = r#""unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.a" = { reason = "of old" }
            "unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.gone" = { reason = "not any more" }"#;
        let verdict = judged(unknown_members(&["a", "b"]), approvals);
        let run = report(&verdict);
        let of = |name: &str| {
            let results = run["results"].as_array().expect("results").iter();
            let mut own =
                results.filter(|result| result["properties"]["fingerprint"].as_str().expect("text").ends_with(name));
            own.next().expect(name)["suppressions"].clone()
        };
        let accepted = serde_json::json!([{"kind": "external", "status": "accepted", "justification": "of old"}]);
        assert_eq!([of(".a"), of(".b")], [accepted, serde_json::json!([])]);
        let notes = run["invocations"][0]["toolExecutionNotifications"].to_string();
        assert!(notes.contains("stale") && notes.contains(".gone"), "{notes}");
    }

    #[test]
    fn fingerprints_outlive_lines_and_folders() {
        let prints = |change: fn(&mut Finding)| -> Vec<(String, String)> {
            let mut outcome = check();
            outcome.findings.iter_mut().for_each(change);
            let print =
                |result: &Value, name: &str| result["partialFingerprints"][name].as_str().expect("text").to_owned();
            results(outcome, "")
                .iter()
                .map(|result| (print(result, "shapegate/v1"), print(result, "primaryLocationLineHash")))
                .collect()
        };
        let before = prints(|_| {});
        let shifted = prints(|finding| {
            finding.location.position = finding.location.position.map(|(line, column)| (line + 7, column + 1));
        });
        assert_eq!(before, shifted);
        let moved = prints(|finding| finding.location.file = finding.location.file.replace("faulty", "moved"));
        assert!(before.iter().map(|(deviation, _)| deviation).eq(moved.iter().map(|(deviation, _)| deviation)));
        assert!(before.iter().zip(&moved).all(|((_, before), (_, moved))| before != moved));
        // No two results are the same for GitHub.
        let mut in_file: Vec<&String> = before.iter().map(|(_, in_file)| in_file).collect();
        let all = in_file.len();
        in_file.sort();
        in_file.dedup();
        assert_eq!(in_file.len(), all);
    }

    #[test]
    fn hashes_stay_what_they_are() {
        // Of the algorithm's own examples, and one of ours: a report of today is compared with one of next year.
        assert_eq!([hash(""), hash("a")], [0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c]);
        assert_eq!(hash("missing-member:cleanrooms:GetMembership:response:Membership.status"), 0x4585_fdaa_87aa_ab32);
    }

    #[test]
    fn paths_become_uris() {
        for (path, uri, base) in [
            ("tests/a.json", "tests/a.json", Some(ROOT)),
            ("tests/a b%20ü#?.json", "tests/a%20b%2520%C3%BC%23%3F.json", Some(ROOT)),
            ("a:b/c\n.json", "a%3Ab/c%0A.json", Some(ROOT)),
            ("/elsewhere/a.json", "file:///elsewhere/a.json", None),
        ] {
            let location = artifact(path);
            assert_eq!((location.uri.as_str(), location.uri_base_id), (uri, base), "{path}");
        }
        let mut outcome = check();
        let inside = fixture("faulty/a.json").display().to_string();
        outcome.findings.truncate(2);
        outcome.findings[0].location.file = inside;
        outcome.findings[1].location.file = "/elsewhere/a.json".to_owned();
        let found: Vec<String> = results(outcome, "").iter().map(|result| uri(result)["uri"].to_string()).collect();
        assert!(found.contains(&"\"fixtures/faulty/a.json\"".to_owned()), "{found:?}");
        assert!(found.contains(&"\"file:///elsewhere/a.json\"".to_owned()), "{found:?}");
    }

    #[test]
    fn names_in_traffic_are_text_alone() {
        let name = "[a](https://example.com) {0} {1,2}\n\u{202e}<script>|`";
        let results = results(unknown_members(&[name]), "");
        let texts: Vec<&str> = results.iter().filter_map(|result| result["message"]["text"].as_str()).collect();
        let hit = texts.iter().find(|text| text.contains("example")).expect("there is one");
        assert!(hit.contains(r"[a]\(https://example.com) {{0}} {1,2}<U+000A><U+202E><script>|`"), "{hit}");
        assert!(hit.ends_with('.'), "{hit}");
    }

    #[test]
    fn texts_of_rules_are_markdown_without_html() {
        for rule in rules::all() {
            let descriptor = Descriptor::of(rule);
            let markdown = &descriptor.help.markdown;
            assert!(markdown.starts_with("**What it does:** "), "{}: {markdown}", rule.id);
            let prose: String = markdown.split('`').step_by(2).collect();
            assert!(!prose.contains(['<', '[', '_', '#']), "{}: {prose}", rule.id);
            let full = descriptor.full_description.text;
            assert!(
                full.starts_with(char::is_uppercase) && full.ends_with('.') && !full.contains('\n'),
                "{}: {full}",
                rule.id
            );
        }
        assert_eq!(first_paragraph("What it does: reports\nthis.\n\nWhy: so"), "Reports this.");
        assert_eq!(markdown("What it does: a.\n\nWhy: b.\n"), "**What it does:** a.\n\n**Why:** b.\n");
    }
}
