//! `JUnit`: a suite for each file and a test for each finding in it, and one test for the run.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::document::{Document, called};
use super::{Report, Style};
use crate::gate::{Approved, Reported, Verdict};
use crate::text::visible;

pub(super) struct Junit;

impl Report for Junit {
    fn id(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML, a test for each finding and one for the run"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::of(verdict);
        let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
        let mut names = Names::default();
        let mut add = |finding: &Reported, status: TestCaseStatus| {
            let file = document.file(finding, &style.base).map(|file| visible(&file));
            let class = visible(&called(finding));
            let mut case = TestCase::new(names.of(&class, finding, file.as_deref()), status);
            case.set_classname(class);
            // What is about no file stands under the job's name.
            let path = file.unwrap_or_else(|| document.job.to_owned());
            // What an approval has to name.
            case.add_property(("fingerprint", visible(finding.approved_by()).as_str()));
            suites.entry(path.clone()).or_insert_with(|| TestSuite::new(path)).add_test_case(case);
        };
        for &finding in &document.findings {
            add(finding, open(finding, &document.message(finding)));
        }
        for Approved { finding, reason } in document.approved {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(visible(&format!("approved: {reason}"))).set_description(visible(&finding.message()));
            add(finding, skipped);
        }
        let mut report = Suites::new(format!("shapegate {}", document.job));
        report.add_test_suite(run(&document));
        report.add_test_suites(suites.into_values());
        // Written to the stream by the library, an error would no longer say what the stream's was.
        let text = report.to_string().map_err(io::Error::other)?;
        out.write_all(text.as_bytes())
    }
}

/// The run as a test, so that there is one where nothing was found, and one that fails for what is no finding.
fn run(document: &Document<'_>) -> TestSuite {
    let mut status = TestCaseStatus::success();
    if !document.passed {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("verdict").set_message(visible(&document.headline));
    }
    let mut case = TestCase::new("verdict", status);
    case.set_classname(document.job);
    let said: Vec<String> = document.lines().map(visible).collect();
    case.set_system_out(said.join("\n"));
    let mut suite = TestSuite::new("shapegate");
    suite.add_test_case(case);
    suite
}

/// What keeps the run from passing is a failure. The rest is skipped with its level and message, for readers fail a run that
/// has a failed test.
fn open(finding: &Reported, message: &str) -> TestCaseStatus {
    let text = visible(message);
    if !finding.fails {
        let mut told = TestCaseStatus::skipped();
        told.set_message(format!("{}: {text}", finding.level));
        return told;
    }
    let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
    failed.set_type(finding.rule.id).set_message(text);
    failed
}

/// Names of tests by class, each with how many would be called so. Readers tell tests apart by both, whatever suite they are in.
#[derive(Default)]
struct Names(HashMap<(String, String), usize>);

impl Names {
    /// A name that no other test of its class has: `unknown-member Shape.member at a.json:3:17 /members/0`, as far as there
    /// is one, and a number behind it where that says the same of several.
    fn of(&mut self, class: &str, finding: &Reported, file: Option<&str>) -> String {
        let place = match (file.filter(|_| !finding.location.file.is_empty()), finding.location.position) {
            (Some(file), Some((line, column))) => Some(format!("at {file}:{line}:{column}")),
            (Some(file), None) => Some(format!("at {file}")),
            // Standard input has places, too.
            (None, position) => position.map(|(line, column)| format!("at {line}:{column}")),
        };
        let parts =
            [Some(finding.rule.id), Some(finding.fingerprint.subject()), place.as_deref(), Some(&finding.pointer)];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let name = visible(&parts.join(" "));
        let count = self.0.entry((class.to_owned(), name.clone())).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{HOSTILE, check, gate, gate_of_releases, judged, snapshot, unknown_members, written};
    use super::*;
    use crate::finding::Severity;

    fn suites(verdict: &Verdict) -> Suites {
        Suites::deserialize_from_str(&written(&Junit, verdict)).expect("what the library reads")
    }

    fn cases(suites: &Suites) -> Vec<&TestCase> {
        suites.test_suites.iter().flat_map(|suite| &suite.test_cases).collect()
    }

    fn is_failure(case: &TestCase) -> bool {
        matches!(case.status, TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. })
    }

    #[test]
    fn what_fails_the_run_is_a_failure_and_so_is_the_run() {
        for outcome in [check(), gate(), gate_of_releases(), snapshot()] {
            let verdict = judged(outcome, "");
            let suites = suites(&verdict);
            let cases = cases(&suites);
            let document = Document::of(&verdict);
            assert_eq!(cases.len(), document.findings.len() + 1);
            let expected = document.findings.iter().filter(|finding| finding.fails).count();
            assert_eq!(expected > 0, !verdict.to_approve.is_empty());
            let failed = cases.iter().filter(|case| is_failure(case)).count();
            assert_eq!(failed, expected + usize::from(!verdict.passed));
            assert_eq!(suites.failures, failed);
        }
    }

    #[test]
    fn what_says_the_same_twice_is_numbered() {
        let mut outcome = unknown_members(&["a"]);
        let first = outcome.findings[0].clone();
        outcome.findings = vec![first.clone(), first.clone(), first];
        let suites = suites(&judged(outcome, ""));
        let names: Vec<&str> = cases(&suites).iter().map(|case| case.name.as_str()).collect();
        let [_, first, second, third] = names[..] else { panic!("three findings and the run: {names:?}") };
        assert_eq!([second, third], [2, 3].map(|number| format!("{first} ({number})")));
    }

    #[test]
    fn a_clean_run_is_a_test_that_passes() {
        let mut outcome = unknown_members(&["a"]);
        outcome.findings.clear();
        let suites = suites(&judged(outcome, ""));
        let [case] = cases(&suites)[..] else { panic!("one test: {suites:?}") };
        assert!(matches!(case.status, TestCaseStatus::Success { .. }) && case.name.as_str() == "verdict");
    }

    #[test]
    fn what_is_approved_or_lighter_is_skipped_and_says_why() {
        let mut outcome = unknown_members(&["a", "b"]);
        outcome.findings.retain(|finding| finding.rule.id == "unknown-member");
        outcome.findings[1].weight = Severity::Note;
        let approval =
            r#""unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.a" = { reason = "a ticket" }"#;
        let text = written(&Junit, &judged(outcome, approval));
        assert!(text.contains("<skipped message=\"approved: a ticket\""), "{text}");
        assert!(text.contains("<skipped message=\"note: GetMembershipInput has no member `b`"), "{text}");
    }

    #[test]
    fn names_in_traffic_are_text() {
        let verdict = judged(unknown_members(&[HOSTILE]), "");
        let text = written(&Junit, &verdict);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']) && !text.contains("<script>"), "{text}");
        assert!(cases(&suites(&verdict)).iter().any(|case| case.name.as_str().contains("<script>")));
        // XML has no way to write these, not even as references.
        let text = written(&Junit, &judged(unknown_members(&["a\u{fffe}b\u{ffff}"]), ""));
        assert!(text.contains("U+FFFE") && !text.contains(['\u{fffe}', '\u{ffff}']), "{text}");
    }
}
