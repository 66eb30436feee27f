//! What an override does to findings.

use super::*;
use crate::finding::Rule;
use crate::gate::tests::{A, approvals, day, finding, outcome, traffic};
use crate::gate::{Approvals, Settings, judge};
use crate::outcome::{Broken, Fallout, Particulars, Replay, Upgrade};
use std::collections::BTreeMap;
use std::path::Path;

fn configured(overrides: Vec<Override>) -> Settings {
    Settings { levels: Levels::new(None, overrides), ..Settings::default() }
}

fn off(rule: &str) -> Override {
    Override { rules: vec![rule.into()], ..Override::all(Level::Off) }
}

#[test]
fn an_override_is_about_what_all_of_its_parts_name() {
    let mut one = finding("unknown-member", Severity::Error);
    one.operation = Some("GetThing".into());
    one.direction = Some(Direction::Response);
    one.location.file = "tests/old/a.json".into();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let all = || Override::all(Level::At(Severity::Note));
    let paths = |globs: &[&str]| Some(Paths::parse(&names(globs), Path::new(".")).expect("globs"));
    for (of, expected) in [
        (all(), Severity::Note),
        (Override { rules: names(&["unknown-member"]), ..all() }, Severity::Note),
        (Override { rules: names(&["missing-*", "unknown-*"]), ..all() }, Severity::Note),
        (Override { rules: names(&["missing-*"]), ..all() }, Severity::Error),
        (Override { services: names(&["th*"]), ..all() }, Severity::Note),
        (Override { services: names(&["s3"]), ..all() }, Severity::Error),
        (Override { operations: names(&["Get*"]), ..all() }, Severity::Note),
        (Override { operations: names(&["Put*"]), ..all() }, Severity::Error),
        (Override { direction: Some(Direction::Response), ..all() }, Severity::Note),
        (Override { direction: Some(Direction::Request), ..all() }, Severity::Error),
        (Override { paths: paths(&["tests/old"]), ..all() }, Severity::Note),
        (Override { paths: paths(&["tests/new"]), ..all() }, Severity::Error),
        (Override { services: names(&["thing"]), operations: names(&["Put*"]), ..all() }, Severity::Error),
    ] {
        assert_eq!(configured(vec![of.clone()]).level(&one), Some(expected), "{of:?}");
    }
    let last = configured(vec![off("unknown-member"), all()]);
    assert_eq!(last.level(&one), Some(Severity::Note), "the last one counts");
    one.service = None;
    let of_service = configured(vec![Override { services: names(&["*"]), ..all() }]);
    assert_eq!(of_service.level(&one), Some(Severity::Error), "it is about no service");
}

#[test]
fn a_difference_is_of_any_of_its_operations() {
    let mut one = finding("member-removed", Severity::Error);
    one.operations = vec!["GetThing".into(), "PutThing".into()];
    let of = Override { operations: vec!["PutThing".into()], ..Override::all(Level::Off) };
    assert_eq!(configured(vec![of]).level(&one), None);
}

#[test]
fn what_a_recording_cannot_prove_stays_capped() {
    let mut one = finding("unknown-member", Severity::Note);
    one.provable = Some(Severity::Warning);
    let settings = configured(vec![Override::all(Level::At(Severity::Error))]);
    assert_eq!(settings.level(&one), Some(Severity::Warning));
}

#[test]
fn what_was_not_judged_at_all_cannot_be_off_or_less() {
    for level in [Level::Off, Level::At(Severity::Note)] {
        let settings = configured(vec![Override::all(level)]);
        let broken = finding("malformed-recording", Severity::Error);
        assert_eq!(settings.level(&broken), Some(Severity::Error), "{level:?}");
    }
}

#[test]
fn rules_younger_than_the_edition_are_notes_unless_they_are_named() {
    static YOUNG: Rule = Rule { id: "young", since: "0.2.0", ..Rule::TRAFFIC };
    let of = |edition: &str, overrides: Vec<Override>| {
        let young = Finding { rule: &YOUNG, ..finding("unknown-member", Severity::Error) };
        let levels = Levels::new(Edition::parse(edition), overrides);
        Settings { levels, ..Settings::default() }.level(&young)
    };
    assert_eq!(of("0.1.9", Vec::new()), Some(Severity::Note));
    assert_eq!(of("0.2.0", Vec::new()), Some(Severity::Error));
    let warning = Level::At(Severity::Warning);
    assert_eq!(of("0.1.9", vec![Override::all(warning)]), Some(Severity::Note));
    assert_eq!(of("0.1.9", vec![Override::all(Level::Off)]), None);
    let named = Override { rules: vec!["young".into()], ..Override::all(warning) };
    assert_eq!(of("0.1.9", vec![named]), Some(Severity::Warning));
}

#[test]
fn what_is_off_is_counted_and_fails_nothing() {
    let findings = || vec![finding("unknown-member", Severity::Error), finding("wrong-type", Severity::Error)];
    let verdict = traffic(findings(), &configured(vec![off("unknown-member"), off("wrong-*")]));
    assert!(verdict.passed && verdict.findings.is_empty() && verdict.to_approve.is_empty());
    assert_eq!(verdict.off, BTreeMap::from([("unknown-member", 1), ("wrong-type", 1)]));
    let verdict = traffic(findings(), &configured(vec![off("unknown-member")]));
    assert!(!verdict.passed);
    assert_eq!(verdict.count(Severity::Error), 1);
}

#[test]
fn an_approval_of_what_is_off_is_not_stale() {
    let lines = "\"unknown-member:thing:Do::\" = { reason = \"x\" }";
    let mut one = finding("unknown-member", Severity::Error);
    one.operation = Some("Do".into());
    let judged = |findings, settings| {
        let outcome = outcome(findings, Particulars::Traffic);
        judge(outcome, &settings, &approvals(lines), day("2026-01-01")).expect("something was read").stale
    };
    assert_eq!(judged(Vec::new(), Settings::default()).len(), 1, "nothing needs it");
    assert!(judged(vec![one], configured(vec![off("unknown-member")])).is_empty());
}

#[test]
fn a_difference_that_is_off_takes_its_fallout_and_what_it_breaks_with_it() {
    let about = || {
        let fallout = vec![Fallout { finding: finding("type-changed", Severity::Error), under: A.to_owned() }];
        let broken =
            Broken { findings: vec![finding("unknown-member", Severity::Error)], by: vec![Some(A.to_owned())] };
        let replay = Replay { exchanges: 1, broken_by_it: vec![broken], ..Replay::default() };
        Upgrade { fallout, replay: Some(replay), services: vec!["thing".into()], ..Upgrade::default() }
    };
    let judged = |settings: Settings| {
        let findings = vec![finding("member-removed", Severity::Error)];
        let outcome = outcome(findings, Particulars::Upgrade(about()));
        judge(outcome, &settings, &Approvals::default(), day("2026-01-01")).expect("an upgrade")
    };
    assert!(!judged(Settings::default()).passed);
    let verdict = judged(configured(vec![off("member-removed")]));
    assert!(verdict.passed, "{:?}", verdict.to_approve);
    assert_eq!(verdict.off, BTreeMap::from([("member-removed", 1), ("type-changed", 1)]));
}

#[test]
fn what_has_no_effect_is_counted_and_listed_for_those_who_name_it() {
    const NOISE: &str = "constraint-noop";
    let findings = || vec![finding(NOISE, Severity::Note)];
    let judged = |settings: Settings, lines: &str| {
        let outcome = outcome(findings(), Particulars::Upgrade(Upgrade::default()));
        judge(outcome, &settings, &approvals(lines), day("2026-01-01")).expect("an upgrade")
    };
    let strict = |levels: Levels| Settings { fail_on: Some(Severity::Note), levels, ..Settings::default() };
    let at = |rules: &[&str], level: Level| {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        strict(Levels::new(None, vec![Override { rules, ..Override::all(level) }]))
    };
    let warning = Level::At(Severity::Warning);
    for settings in
        [strict(Levels::default()), at(&[], warning), at(&["constraint-*"], warning), at(&[NOISE], Level::Off)]
    {
        let verdict = judged(settings, "");
        assert!(verdict.passed && verdict.findings.is_empty() && verdict.off.is_empty(), "{:?}", verdict.to_approve);
        assert_eq!(verdict.without_effect, BTreeMap::from([(NOISE, 1)]));
        assert!(!verdict.has_nothing(), "something differs");
    }
    let asked = |rule: &str| {
        let mut settings = strict(Levels::default());
        settings.only.rules = vec![rule.into()];
        settings
    };
    for (settings, level) in [
        (at(&[NOISE], warning), Severity::Warning),
        (asked(NOISE), Severity::Note),
        (asked("constraint-*"), Severity::Note),
    ] {
        let verdict = judged(settings, "");
        assert!(!verdict.passed && verdict.without_effect.is_empty());
        assert_eq!(verdict.findings.iter().map(|one| one.level).collect::<Vec<_>>(), [level]);
    }
    let verdict = judged(asked("other"), "");
    assert_eq!((verdict.beside, verdict.without_effect.len()), (1, 0), "nobody asked for it at all");
    let line = format!("\"{}\" = {{ reason = \"x\" }}", findings()[0].fingerprint());
    assert_eq!(judged(strict(Levels::default()), &line).stale, Vec::<String>::new(), "who lists it again needs it");
}
