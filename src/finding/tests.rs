use serde_json::json;

use super::*;
use crate::contract::{Allowed, BreachKind};
use crate::rules::find;

fn finding() -> Finding {
    let deviation = Deviation::Breach(BreachKind::UnknownEnumValue {
        found: json!("DONE: 100 %"),
        allowed: Allowed::of(["SUCCESS"]),
        nearest: Some("SUCCESS".into()),
        only_case: false,
    });
    Finding {
        service: Some("cleanrooms".into()),
        operation: Some("GetProtectedQuery".into()),
        direction: Some(Direction::Response),
        shape: Some("ProtectedQuery".into()),
        member: Some("status".into()),
        pointer: "/protectedQuery/status".into(),
        location: Location { file: "a.json".into(), position: Some((3, 9)), entry: Some(0) },
        ..Finding::new(find("unknown-enum-value").expect("a rule"), deviation, Severity::Error)
    }
}

/// Approvals hold fingerprints, so their form must not change unnoticed.
#[test]
fn the_fingerprint_has_this_form() {
    assert_eq!(
        finding().fingerprint().as_str(),
        "unknown-enum-value:cleanrooms:GetProtectedQuery:response:ProtectedQuery.status:DONE%3A 100 %25"
    );
}

#[test]
fn a_star_is_escaped_where_an_approval_may_have_a_wildcard() {
    let mut starred = finding();
    starred.member = Some("sta*us".into());
    starred.values.insert("found".into(), json!("A*"));
    let fingerprint = starred.fingerprint();
    assert!(fingerprint.as_str().ends_with(":ProtectedQuery.sta%2Aus:A*"), "{fingerprint}");
}

#[test]
fn what_turns_or_hides_text_is_escaped() {
    let member = "a\u{202e}b\u{61c}c\u{2028}\n\u{9b}d".to_owned();
    let fingerprint = Finding { member: Some(member), ..finding() }.fingerprint();
    let end = "a%E2%80%AEb%D8%9Cc%E2%80%A8%0A%C2%9Bd:";
    assert!(fingerprint.as_str().contains(end), "{fingerprint}");
}

#[test]
fn a_rule_says_what_a_run_reports_once() {
    let of = |rule: &str, member: &str, candidates: &[&str]| {
        let mut finding = Finding { rule: find(rule).expect("a rule"), member: Some(member.into()), ..finding() };
        finding.values.insert("candidates".into(), json!(candidates));
        finding.once()
    };
    assert_eq!(of("unknown-enum-value", "a", &[]), None, "each is reported");
    for rule in ["constraint-not-checked", "unsatisfiable-constraint"] {
        let once = of(rule, "a", &["x"]);
        assert!(once.is_some() && once == of(rule, "a", &["y"]) && once != of(rule, "b", &["x"]), "{rule}");
    }
    let once = of("ambiguous-service", "a", &["rds", "neptune"]);
    assert!(once.is_some() && once == of("ambiguous-service", "b", &["neptune", "rds"]));
    assert_ne!(once, of("ambiguous-service", "a", &["rds"]));
}

#[test]
fn the_fingerprint_ignores_the_place() {
    let mut elsewhere = finding();
    elsewhere.location = Location { file: "b.json".into(), position: Some((1, 1)), entry: Some(7) };
    elsewhere.pointer = "/other/0/status".into();
    assert_eq!(elsewhere.fingerprint(), finding().fingerprint());
    let mut other_value = finding();
    other_value.values.insert("found".into(), json!("OVER"));
    assert_ne!(other_value.fingerprint(), finding().fingerprint());
}

#[test]
fn a_deviation_serialises_to_the_values_of_reports() {
    let expected = json!({"found": "DONE: 100 %", "allowed": ["SUCCESS"], "nearest": "SUCCESS", "onlyCase": false});
    assert_eq!(serde_json::to_value(finding().values).expect("data"), expected);
    assert!(Deviation::Breach(BreachKind::AbsentMember { element: None }).values().is_empty());
}

#[test]
fn severities_are_ordered_by_weight() {
    assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
}

#[test]
fn a_recorded_witness_replaces_a_generated_one_and_the_first_stays() {
    let mut shown = finding();
    let at = |file: &str| Finding { location: Location { file: file.into(), ..Location::default() }, ..finding() };
    shown.show(Witness::generated(json!({}), &finding()));
    for file in ["first", "second"] {
        shown.show(Witness::recorded(&at(file)));
    }
    shown.show(Witness::generated(json!({}), &finding()));
    let recorded = shown.witness().and_then(|witness| witness.recorded.as_ref());
    assert_eq!(recorded.map(|location| location.file.as_str()), Some("first"));
}
