use std::path::PathBuf;

use serde_json::Value;

use super::super::tests::{check, fixture, gate, gate_of_releases, judged, snapshot, unknown_members, written};
use super::*;
use crate::finding::Finding;
use crate::gate::APPROVALS;
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
        assert_eq!(results.len(), Document::of(&verdict).findings.len());
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

/// A wheel lies wherever it was downloaded to, and nobody who reads the report has it there.
#[test]
fn what_is_outside_of_the_repository_is_no_place_of_a_difference() {
    let of = |file: PathBuf| {
        let mut outcome = gate();
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        upgrade.to_file = Some((file.display().to_string(), None));
        judged(outcome, "")
    };
    let far = fixture("..").join("../wheels/botocore-1.44.8-py3-none-any.whl");
    for (file, expected) in
        [(far, APPROVALS), (fixture("upgrades/orders/new.json"), "fixtures/upgrades/orders/new.json")]
    {
        let verdict = of(file);
        let report = report(&verdict);
        let results = report["results"].as_array().expect("results").iter();
        let mut places = results.filter_map(|result| uri(result)["uri"].as_str());
        assert!(places.any(|place| place == expected));
        let annotations = written(&super::super::github::Github, &verdict);
        assert!(!annotations.contains("wheels/"), "{annotations}");
        assert_eq!(annotations.contains("file=fixtures/upgrades/orders/new.json"), expected != APPROVALS);
        assert!(!report.to_string().contains("wheels/"), "{report}");
    }
}

#[test]
fn a_difference_says_what_uses_it_and_what_it_breaks() {
    let results = results(gate(), "");
    let texts: Vec<&str> = results.iter().filter_map(|result| result["message"]["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(". Recorded: ") && text.contains(". Now rejected: ")), "{texts:#?}");
    // What recordings break by themselves says its sentence alone.
    let own = self::results(check(), "");
    assert!(own.iter().all(|result| !result["message"]["text"].to_string().contains("Recorded: ")));
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
        let print = |result: &Value, name: &str| result["partialFingerprints"][name].as_str().expect("text").to_owned();
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

#[test]
fn what_was_compared_is_no_warning() {
    let log: Value = serde_json::from_str(&written(&Sarif, &judged(gate(), ""))).expect("JSON");
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().is_some_and(|text| text.starts_with("compared: ")), "{notes}");
    assert_eq!(notes[0]["level"], "note");
}

#[test]
fn many_compatible_differences_are_counted() {
    let mut outcome = gate();
    let compatible = outcome.findings.iter().find(|finding| finding.rule.id == "member-became-required");
    let mut compatible = compatible.expect("there is one").clone();
    compatible.notes.clear();
    outcome.findings.extend(std::iter::repeat_n(compatible, LISTED));
    let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
    upgrade.replay.as_mut().expect("traffic was given").broken_by_it.clear();
    let verdict = judged(outcome, "");
    let run = report(&verdict);
    let counted = run["results"].as_array().expect("results").iter().filter(|result| result["level"] == "note").count();
    let notes = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(counted == 0 && notes.contains("101 compatible differences not listed: `--verbose` lists all"), "{notes}");
    let mut whole = Vec::new();
    let style = super::super::tests::style().detail(super::super::Detail::All);
    Sarif.write(&verdict, &style, &mut whole).expect("a Vec takes everything");
    assert_eq!(
        String::from_utf8_lossy(&whole).matches("\"level\":\"note\",\"message\":{\"text\":\"`price`").count(),
        101
    );
}
