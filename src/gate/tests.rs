use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::contract::BreachKind;
use crate::diff::Change;
use crate::error::Result;
use crate::finding::{Deviation, Note, Recorded};
use crate::model::Direction;
use crate::outcome::{
    Broken, History, OfRelease, Operations, Outcome, Particulars, Release, Replay, Scope, Tally, Upgrade,
};
use crate::rules::find;

/// A finding of that rule about the service `thing`; what it is about does not matter here.
pub(super) fn finding(rule: &str, weight: Severity) -> Finding {
    let rule = find(rule).expect("a rule");
    let deviation = Deviation::Change(Change::MemberRemoved);
    Finding { service: Some("thing".into()), ..Finding::new(rule, deviation, weight) }
}

const HALVES: [Direction; 2] = [Direction::Request, Direction::Response];
pub(super) const A: &str = "member-removed:thing:::";
const B: &str = "member-added:thing:::";

pub(super) fn outcome(findings: Vec<Finding>, particulars: Particulars) -> Outcome {
    let tally = Tally { recordings: 1, payloads: 1, ..Tally::default() };
    let mut scope = Scope::default();
    scope.judged("a.json", operations("Do"));
    Outcome { tally, scope, findings, coverage: None, particulars }
}

pub(super) fn approvals(lines: &str) -> Approvals {
    Approvals::parse(&format!("[approvals]\n{lines}"), Path::new("a.toml")).expect("sound")
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// Two findings of an upgrade, the one breaking and the other risky, judged on a day.
fn upgrade(replay: Option<Replay>, lines: &str, today: &str) -> Verdict {
    let findings = vec![finding("member-removed", Severity::Error), finding("member-added", Severity::Warning)];
    let about = Upgrade { replay, services: vec!["thing".into()], ..Upgrade::default() };
    let outcome = outcome(findings, Particulars::Upgrade(about));
    judge(outcome, &Settings::default(), &approvals(lines), day(today)).expect("an upgrade needs no traffic")
}

fn operations(operation: &str) -> Operations {
    let mut operations = Operations::default();
    operations.add("thing", operation, HALVES);
    operations
}

pub(super) fn traffic(findings: Vec<Finding>, settings: &Settings) -> Verdict {
    let outcome = outcome(findings, Particulars::Traffic);
    judge(outcome, settings, &Approvals::default(), Day::of_unix_time(0)).expect("something was read")
}

#[test]
fn findings_fail_from_the_severity_of_the_settings_on() {
    let passed = |weight, fail_on| {
        traffic(vec![finding("member-removed", weight)], &Settings { fail_on, ..Settings::default() }).passed
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
        let settings = Settings {
            fail_on_unchecked: if asked { FailOnUnchecked::Any } else { FailOnUnchecked::Never },
            ..Settings::default()
        };
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
    assert_eq!(level(&one, Some(Severity::Note)), Some(Severity::Error), "traffic was not asked");
    for (exchanges, expected) in [(0, Severity::Note), (1, Severity::Error)] {
        one.notes = vec![Note::Recorded(Recorded {
            what: "it".into(),
            exchanges,
            of: 9,
            part: "exchange",
            whose: "it".into(),
        })];
        assert_eq!(level(&one, Some(Severity::Note)), Some(expected));
        assert_eq!(level(&one, None), Some(Severity::Error));
    }
    one.provable = Some(Severity::Warning);
    assert_eq!((level(&one, None), one.weight), (Some(Severity::Warning), Severity::Error));
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
    let open = traffic(twice, &Settings::default()).to_approve;
    assert_eq!(open, [ToApprove { fingerprint: A.into(), ..ToApprove::default() }]);
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
        let deviation = Deviation::Breach(BreachKind::AbsentMember { element: None });
        let rule = find("missing-member").expect("a rule");
        Finding { service: Some("thing".into()), ..Finding::new(rule, deviation, Severity::Error) }
    };
    let broken = |by: &[Option<&str>]| {
        let findings = by.iter().map(|_| found()).collect();
        let by = by.iter().map(|by| by.map(str::to_owned)).collect();
        Some(Replay { exchanges: 1, broken_by_it: vec![Broken { findings, by }], ..Replay::default() })
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
    assert_eq!(
        verdict.to_approve,
        [ToApprove { fingerprint: "missing-member:thing:::".into(), ..ToApprove::default() }]
    );
    assert!(passed(&[Some(A), None], &format!("{both}\n\"missing-member:thing:::\" = {{ reason = \"seen\" }}")));
    let verdict = upgrade(broken(&[Some(B)]), &a, "2026-01-01");
    assert_eq!(verdict.to_approve, [ToApprove { fingerprint: B.into(), ..ToApprove::default() }]);
}

/// Findings of traffic in files, each of one operation of `thing`, judged on a day before any of the tests' approvals ends.
fn in_files(findings: Vec<Finding>, files: &[(&str, &str)], lines: &str) -> Verdict {
    let mut all = outcome(findings, Particulars::Traffic);
    all.scope = Scope::default();
    for (file, operation) in files {
        all.scope.judged(file, operations(operation));
    }
    judge(all, &Settings::default(), &approvals(lines), day("2026-01-01")).expect("something was read")
}

fn found_in(file: &str) -> Finding {
    let location = crate::finding::Location { file: file.into(), ..Default::default() };
    Finding { operation: Some("Do".into()), location, ..finding("wrong-type", Severity::Error) }
}

/// What cannot be read has no service.
fn broken_file(file: &str) -> Finding {
    Finding {
        service: None,
        operation: None,
        ..Finding { rule: find("malformed-recording").expect("a rule"), ..found_in(file) }
    }
}

const C: &str = "wrong-type:thing:Do::";
const BROKEN: &str = "malformed-recording::::";

#[test]
fn an_approval_of_named_files_is_stale_where_one_of_them_has_the_operation() {
    let lines = format!("\"{C}\" = {{ reason = \"seen\", paths = [\"old\"] }}");
    let stale = |files: &[(&str, &str)]| in_files(Vec::new(), files, &lines).stale.len();
    assert_eq!(stale(&[("old/a.json", "Do")]), 1);
    assert_eq!(stale(&[("new/a.json", "Do")]), 0, "no such file was read");
    assert_eq!(stale(&[("new/a.json", "Do"), ("old/a.json", "Other")]), 0, "none of them has the operation");
    // The same finding in another file needs another approval.
    let verdict = in_files(vec![found_in("new/a.json")], &[("new/a.json", "Do"), ("old/a.json", "Do")], &lines);
    assert_eq!((verdict.stale.len(), verdict.findings.len()), (1, 1));
}

#[test]
fn an_approval_of_broken_files_is_stale_where_one_of_them_was_read() {
    let lines = format!("\"{BROKEN}\" = {{ reason = \"seen\", paths = [\"old\"] }}");
    let verdict = in_files(vec![broken_file("old/a.json")], &[("new/a.json", "Do")], &lines);
    assert!(verdict.passed && verdict.stale.is_empty());
    assert!(!in_files(vec![broken_file("new/a.json")], &[], &lines).passed, "another file");
    assert!(in_files(Vec::new(), &[("new/a.json", "Do")], &lines).stale.is_empty());
    assert_eq!(in_files(Vec::new(), &[("old/a.json", "Do")], &lines).stale, [BROKEN]);
}

#[test]
fn a_note_about_what_was_passed_over_is_no_reason_why_nothing_was_read() {
    let nothing = |finding: Finding| {
        let all = Outcome { tally: Tally::default(), ..outcome(vec![finding], Particulars::Traffic) };
        judge(all, &Settings::default(), &approvals(""), day("2026-01-01")).map(|verdict| verdict.passed)
    };
    let harmless = Finding { weight: Severity::Note, ..broken_file("a.json") };
    assert!(nothing(harmless.clone()).is_err());
    assert_eq!(nothing(Finding { weight: Severity::Error, ..harmless }).ok(), Some(false));
    assert_eq!(nothing(finding("null-member", Severity::Note)).ok(), Some(true));
}

#[test]
fn one_expired_approval_is_reported_once_and_by_its_own_name() {
    let findings = || ["A", "B"].map(|member| Finding { member: Some(member.into()), ..found_in("a.json") }).to_vec();
    let files = [("a.json", "Do")];
    let wild = "\"wrong-type:*:Do::*\" = { reason = \"seen\", expires = 2025-12-31 }";
    let verdict = in_files(findings(), &files, wild);
    assert_eq!(verdict.expired, BTreeMap::from([("wrong-type:*:Do::*".to_owned(), day("2025-12-31"))]));
    assert!(verdict.stale.is_empty() && verdict.to_approve.iter().all(|one| !one.has_line));
    // Another one that accepts the same is enough.
    let verdict =
        in_files(findings(), &files, &format!("{wild}\n\"wrong-type:thing:Do::*\" = {{ reason = \"again\" }}"));
    assert!(verdict.passed && verdict.expired.is_empty());
}

#[test]
fn what_a_line_lacks_is_needed() {
    let needed = |findings: Vec<Finding>, line: &str| {
        let lines = format!("\"{C}\" = {{ reason = \"seen\"{line} }}");
        let verdict = in_files(findings, &[], &lines);
        (verdict.to_approve.first().cloned(), verdict.exceeded)
    };
    let all = || vec![found_in("old/a.json"), found_in("new/a.json"), found_in("new/b.json"), found_in("new/a.json")];
    let (one, _) = needed(all(), ", paths = [\"old\"]");
    let paths = vec!["new/a.json".to_owned(), "new/b.json".to_owned()];
    let of_c = |paths, at_most| Some(ToApprove { fingerprint: C.into(), paths, at_most, has_line: true });
    assert_eq!(one, of_c(paths, None));
    let (one, exceeded) = needed(all(), ", at_most = 2");
    assert_eq!((one, exceeded), (of_c(Vec::new(), Some(4)), BTreeMap::from([(C.to_owned(), (2, 4))])));
    assert_eq!(needed(all(), ", expires = 2025-01-01").0, of_c(Vec::new(), None));
    assert_eq!(needed(all(), ", expires = 2026-01-01").0, None);
    // What cannot be read needs paths in any case, which are globs.
    let verdict = in_files(vec![broken_file("a[1].json")], &[], "");
    let paths = vec!["a[[]1[]].json".to_owned()];
    assert_eq!(verdict.to_approve, [ToApprove { fingerprint: BROKEN.into(), paths, ..ToApprove::default() }]);
}

#[test]
fn each_release_of_a_history_has_its_findings_anew() {
    let of_release = |day: &str, count| OfRelease {
        release: Release { day: day.to_owned(), ..Release::default() },
        findings: (0..count).map(|_| (found_in("a.json"), Severity::Error)).collect(),
    };
    let history = || History {
        service: "thing".to_owned(),
        recordings: 1,
        least: Severity::Error,
        findings: vec![of_release("2025-01-01", 3), of_release("2025-02-01", 2), of_release("2025-03-01", 0)],
        releases: Vec::new(),
        always: 0,
    };
    let judged = |lines: &str, newest: usize| {
        let findings = (0..newest).map(|_| found_in("a.json")).collect();
        let all = outcome(findings, Particulars::History(history()));
        judge(all, &Settings { fail_on: None, ..Settings::default() }, &approvals(lines), day("2026-01-01"))
            .expect("sound")
    };
    let failing = |verdict: &Verdict| match &verdict.particulars {
        Particulars::History(history) => history.releases.iter().map(|one| one.failing).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(failing(&judged("", 0)), [1, 1, 0]);
    let verdict = judged(&format!("\"{C}\" = {{ reason = \"seen\", at_most = 2 }}"), 0);
    assert_eq!(failing(&verdict), [1, 0, 0], "two of three are accepted, then two of two");
    assert_eq!(verdict.exceeded[C], (2, 3));
    assert!(verdict.stale.is_empty(), "an older release needs it");
    let verdict = judged(&format!("\"{C}\" = {{ reason = \"seen\", expires = 2025-01-01 }}"), 0);
    assert_eq!((failing(&verdict), verdict.expired.len()), (vec![1, 1, 0], 1));
    // What makes exchanges fail today can be approved, though nothing makes the job fail.
    let verdict = judged("", 1);
    assert_eq!((verdict.passed, verdict.to_approve.len()), (true, 1));
}

/// What a run says that it needs is all it needs, so that no gate exists that can never be passed.
#[test]
fn what_is_to_approve_is_enough() {
    let found = |rule: &str, member: &str| Finding {
        member: Some(member.into()),
        ..Finding { rule: find(rule).expect("a rule"), ..finding("wrong-type", Severity::Error) }
    };
    let findings =
        vec![found("missing-member", "a"), found("unknown-member", "\"b\" #'\\"), found("missing-member", "a")];
    let by = vec![None, None, Some(B.to_owned())];
    let replay = || Replay {
        exchanges: 1,
        broken_by_it: vec![Broken { findings: findings.clone(), by: by.clone() }],
        ..Replay::default()
    };
    let old = format!("# ours\n[approvals]\n\"{A}\" = {{ reason = \"old\", expires = 2025-01-01 }}\n");
    let today = day("2026-01-01");
    let judged = |text: &str| {
        let all = vec![finding("member-removed", Severity::Error), finding("member-added", Severity::Note)];
        let about = Upgrade { replay: Some(replay()), services: vec!["thing".into()], ..Upgrade::default() };
        let approvals = Approvals::parse(text, Path::new("a.toml")).expect("sound");
        judge(outcome(all, Particulars::Upgrade(about)), &Settings::default(), &approvals, today).expect("sound")
    };
    let verdict = judged(&old);
    assert!(!verdict.passed);
    let mut draft = Draft::parse(&old, Path::new("a.toml"), today).expect("sound");
    draft.add(&verdict.to_approve, "seen", None).expect("sound");
    assert_eq!((draft.added, draft.renewed), (3, 1));
    let verdict = judged(&draft.text().expect("sound"));
    assert!(verdict.passed && verdict.to_approve.is_empty() && verdict.unexplained.is_empty(), "{verdict:?}");
}
