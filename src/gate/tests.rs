use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::contract::BreachKind;
use crate::diff::Change;
use crate::error::Result;
use crate::finding::{Deviation, Note, Recorded};
use crate::outcome::{Broken, Outcome, Particulars, Replay, Scope, Tally, Upgrade};
use crate::rules::find;

/// A finding of that rule about the service `thing`; what it is about does not matter here.
fn finding(rule: &str, weight: Severity) -> Finding {
    let rule = find(rule).expect("a rule");
    let deviation = Deviation::Change(Change::MemberRemoved);
    Finding { service: Some("thing".into()), ..Finding::new(rule, deviation, weight) }
}

const A: &str = "member-removed:thing:::";
const B: &str = "member-added:thing:::";

fn outcome(findings: Vec<Finding>, particulars: Particulars) -> Outcome {
    let tally = Tally { recordings: 1, payloads: 1, ..Tally::default() };
    let operations = BTreeMap::from([("thing".to_owned(), ["Do".to_owned()].into())]);
    Outcome { tally, scope: Scope { operations, ..Scope::default() }, findings, particulars }
}

fn approvals(lines: &str) -> Approvals {
    Approvals::parse(&format!("[approvals]\n{lines}"), Path::new("a.toml")).expect("sound")
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// Two findings of an upgrade, the one breaking and the other risky, judged on a day.
fn upgrade(replay: Option<Replay>, lines: &str, today: &str) -> Verdict {
    let findings = vec![finding("member-removed", Severity::Error), finding("member-added", Severity::Warning)];
    let about = Upgrade { replay, services: vec!["thing".into()], ..Upgrade::default() };
    let outcome = outcome(findings, Particulars::Upgrade(about));
    judge(outcome, &Settings::default(), &approvals(lines), day(today)).expect("an upgrade needs no traffic")
}

fn traffic(findings: Vec<Finding>, settings: Settings) -> Verdict {
    let outcome = outcome(findings, Particulars::Traffic);
    judge(outcome, &settings, &Approvals::default(), Day::of_unix_time(0)).expect("something was read")
}

#[test]
fn findings_fail_from_the_severity_of_the_settings_on() {
    let passed = |weight, fail_on| {
        traffic(vec![finding("member-removed", weight)], Settings { fail_on, ..Settings::default() }).passed
    };
    assert!(!passed(Severity::Error, Some(Severity::Error)));
    assert!(passed(Severity::Warning, Some(Severity::Error)));
    assert!(!passed(Severity::Warning, Some(Severity::Warning)));
    assert!(!passed(Severity::Note, Some(Severity::Note)));
    assert!(passed(Severity::Error, None));
}

#[test]
fn what_was_not_checked_fails_where_asked() {
    for asked in [false, true] {
        let mut outcome = outcome(Vec::new(), Particulars::Traffic);
        outcome.tally.unchecked.insert("s3".into(), 2);
        let settings = Settings { fail_on_unchecked: asked, ..Settings::default() };
        let verdict = judge(outcome, &settings, &Approvals::default(), Day::of_unix_time(0)).expect("some was");
        assert_eq!(verdict.passed, !asked);
    }
}

#[test]
fn nothing_read_is_not_a_pass() {
    let refused = |tally: Tally| -> Result<Verdict> {
        let outcome = Outcome { tally, ..outcome(Vec::new(), Particulars::Traffic) };
        judge(outcome, &Settings::default(), &Approvals::default(), Day::of_unix_time(0))
    };
    let error = refused(Tally::default()).expect_err("nothing was read");
    assert!(error.to_string().contains("no recordings"), "{error}");
    let unchecked = BTreeMap::from([("s3".to_owned(), 2)]);
    let error = refused(Tally { recordings: 1, unchecked, ..Tally::default() }).expect_err("nothing was checked");
    assert!(error.to_string().contains("contract for s3"), "{error}");
    let error = refused(Tally { recordings: 1, ..Tally::default() }).expect_err("nothing was held");
    assert!(error.to_string().contains("the recording holds no exchange"), "{error}");
    assert!(refused(Tally { recordings: 1, exchanges: 1, ..Tally::default() }).is_ok(), "a call without payloads");
}

#[test]
fn a_level_is_the_weight_but_for_what_is_unused_or_cannot_be_proven() {
    let level = |finding: &Finding, unused_as| Settings { unused_as, ..Settings::default() }.level(finding);
    let mut one = finding("member-removed", Severity::Error);
    assert_eq!(level(&one, Some(Severity::Note)), Severity::Error, "traffic was not asked");
    for (exchanges, expected) in [(0, Severity::Note), (1, Severity::Error)] {
        one.notes = vec![Note::Recorded(Recorded { what: "it".into(), exchanges, of: 9 })];
        assert_eq!(level(&one, Some(Severity::Note)), expected);
        assert_eq!(level(&one, None), Severity::Error);
    }
    one.provable = Some(Severity::Warning);
    assert_eq!((level(&one, None), one.weight), (Severity::Warning, Severity::Error));
}

#[test]
fn what_is_approved_is_put_aside_until_it_expires() {
    assert!(!upgrade(None, "", "2026-01-01").passed);
    let lines = format!("\"{A}\" = {{ reason = \"seen\", expires = 2026-01-31 }}");
    let verdict = upgrade(None, &lines, "2026-01-31");
    assert!(verdict.passed && verdict.findings.len() == 1);
    assert_eq!((verdict.approved.len(), verdict.stale.len(), verdict.expired.len()), (1, 0, 0));
    assert_eq!(verdict.accepted, [(A.to_owned(), "seen".to_owned(), 1)]);
    let verdict = upgrade(None, &lines, "2026-02-01");
    assert!(!verdict.passed);
    assert_eq!(verdict.expired[A], day("2026-01-31"));
}

#[test]
fn an_approval_that_nothing_needs_is_stale_where_the_run_would_have_found_it() {
    let lines = "\"member-deprecated:thing:::\" = { reason = \"seen\" }\n\
                 \"member-deprecated:other:::\" = { reason = \"another service\" }\n\
                 \"wrong-type:thing:::\" = { reason = \"another job\" }";
    let verdict = upgrade(None, lines, "2026-01-01");
    assert_eq!(verdict.stale, ["member-deprecated:thing:::"]);
    let about = Upgrade { services: vec!["thing".into()], partial: vec!["thing".into()], ..Upgrade::default() };
    let outcome = outcome(Vec::new(), Particulars::Upgrade(about));
    let settings = Settings { fail_on_stale: true, ..Settings::default() };
    let verdict = judge(outcome, &settings, &approvals(lines), day("2026-01-01")).expect("sound");
    assert!(verdict.stale.is_empty() && verdict.passed, "a part shows nothing");
}

#[test]
fn one_line_approves_all_that_has_its_fingerprint() {
    let twice = vec![finding("member-removed", Severity::Error), finding("member-removed", Severity::Error)];
    let open = traffic(twice, Settings::default()).to_approve;
    assert_eq!(open, [ToApprove { fingerprint: A.into(), paths: Vec::new() }]);
}

#[test]
fn at_most_so_many_findings_are_accepted() {
    let one = || finding("member-removed", Severity::Error);
    let lines = format!("\"{A}\" = {{ reason = \"seen\", at_most = 2 }}");
    for (count, left) in [(2, 0), (3, 1)] {
        let all = outcome((0..count).map(|_| one()).collect(), Particulars::Traffic);
        let verdict = judge(all, &Settings::default(), &approvals(&lines), day("2026-01-01")).expect("sound");
        assert_eq!((verdict.findings.len(), verdict.passed), (left, left == 0));
    }
}

#[test]
fn broken_exchanges_fail_unless_what_breaks_them_is_approved() {
    let found = || {
        let deviation = Deviation::Breach(BreachKind::AbsentMember);
        let rule = find("missing-member").expect("a rule");
        Finding { service: Some("thing".into()), ..Finding::new(rule, deviation, Severity::Error) }
    };
    let broken = |by: &[Option<&str>]| {
        let findings = by.iter().map(|_| found()).collect();
        let by = by.iter().map(|by| by.map(str::to_owned)).collect();
        Some(Replay { exchanges: 1, broken_before: 0, broken_by_it: vec![Broken { findings, by }] })
    };
    let a = format!("\"{A}\" = {{ reason = \"seen\" }}");
    let both = format!("{a}\n\"{B}\" = {{ reason = \"seen\" }}");
    let passed = |by: &[Option<&str>], lines: &str| upgrade(broken(by), lines, "2026-01-01").passed;
    assert!(passed(&[Some(A)], &a));
    assert!(!passed(&[Some(A), Some(B)], &a));
    assert!(passed(&[Some(A), Some(B)], &both));
    // What no difference explains has a fingerprint of its own, so that every gate can be passed.
    let verdict = upgrade(broken(&[Some(A), None]), &both, "2026-01-01");
    assert!(!verdict.passed);
    assert_eq!(verdict.to_approve, [ToApprove { fingerprint: "missing-member:thing:::".into(), paths: Vec::new() }]);
    assert!(passed(&[Some(A), None], &format!("{both}\n\"missing-member:thing:::\" = {{ reason = \"seen\" }}")));
    let verdict = upgrade(broken(&[Some(B)]), &a, "2026-01-01");
    assert_eq!(verdict.to_approve, [ToApprove { fingerprint: B.into(), paths: Vec::new() }]);
}
