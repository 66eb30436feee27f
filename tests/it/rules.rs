//! The rules on traffic: every fixture case has the findings it should have, and the registry is complete.
//!
//! `fixtures/rules/<rule-id>/<case>/` holds recordings and `expected.txt`; `fixtures/rules/SOURCE.md` describes both.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::json;
use shapegate::check::{Catalog, Input, Options, run};
use shapegate::contract::{Allowed, BreachKind, Paths};
use shapegate::expectation::Expectations;
use shapegate::finding::{Area, Finding};
use shapegate::ingest::source::Source;
use shapegate::model::{Direction, End};
use shapegate::rules;
use shapegate::rules::exchange::RULES;
use similar::TextDiff;

use crate::support::{catalog, check, entries, folders, level, name_of, root};

const FIXTURES: &str = "fixtures/rules";
const DEFAULT_CONTRACT: &str = "cleanrooms@2023-08-30";
/// Files of a case that are no recordings.
const NOT_TRAFFIC: &[&str] = &[EXPECTED, MODEL, MODELS];
const EXPECTED: &str = "expected.txt";
const MODEL: &str = "service-2.json";
const MODELS: &str = "models";
/// Begins values and keys of fixtures that a model marks sensitive.
const SECRET: &str = "secret-";

/// One folder of fixtures, checked.
struct Case {
    folder: PathBuf,
    /// Folder of the rule.
    rule: String,
    /// Folder of the case.
    name: String,
    expected: String,
    findings: Vec<Finding>,
}

/// All cases, sorted by rule and name. Read and checked once for all tests of this file.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let default = catalog(DEFAULT_CONTRACT);
    let rules = of_exchanges();
    let all: Vec<Case> = rules.iter().flat_map(|rule| folders(rule)).map(|folder| case(folder, &default)).collect();
    assert!(!all.is_empty(), "no cases in {FIXTURES}");
    all
});

#[test]
fn every_case_has_the_findings_it_should_have() {
    let mut differing = String::new();
    for case in CASES.iter() {
        let actual: String = case.findings.iter().map(|finding| line(case, finding)).collect();
        if actual != case.expected {
            let diff = TextDiff::from_lines(&case.expected, &actual);
            let shown = diff.unified_diff().context_radius(9).header("expected", "found").to_string();
            write!(differing, "\n{}/{}\n{shown}", case.rule, case.name).expect("writing to a String cannot fail");
        }
    }
    assert!(differing.is_empty(), "cases that differ:\n{differing}");
}

#[test]
fn every_rule_has_cases_in_which_it_fires_and_look_alikes_in_which_it_does_not() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let mut wrong = Vec::new();
    for folder in of_exchanges() {
        if !ids.contains(name_of(&folder)) {
            wrong.push(format!("{} is the folder of no rule", folder.display()));
        }
    }
    for id in &ids {
        for kind in ["fires-", "quiet-"] {
            if !CASES.iter().any(|case| case.rule == *id && case.name.starts_with(kind)) {
                wrong.push(format!("{id} has no case {kind}…"));
            }
        }
    }
    for Case { rule, name, findings, .. } in CASES.iter() {
        let fires = findings.iter().any(|finding| finding.rule.id == rule);
        let promised = name.starts_with("fires-");
        if !promised && !name.starts_with("quiet-") {
            wrong.push(format!("{rule}/{name} begins with neither fires- nor quiet-"));
        } else if fires != promised {
            wrong.push(format!("{rule}/{name}: the rule {}", if fires { "fires" } else { "does not fire" }));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_rule_on_one_half_has_findings_in_that_alone() {
    for Case { findings, name, .. } in CASES.iter() {
        for finding in findings.iter().filter(|finding| finding.rule.half.is_some()) {
            let is_of_it = finding.direction.is_none() || finding.direction == finding.rule.half;
            assert!(is_of_it, "{name}: {} on a {:?}", finding.rule.id, finding.direction);
        }
    }
    // What concerns an error, a status or an output is of responses.
    for rule in RULES.iter().filter(|rule| ["error", "status", "output"].iter().any(|word| rule.id.contains(word))) {
        assert_eq!(rule.half, Some(Direction::Response), "{}", rule.id);
    }
}

#[test]
fn messages_read_well() {
    let mut lines = String::new();
    for case in CASES.iter().filter(|case| case.name.starts_with("fires-")) {
        for finding in case.findings.iter().filter(|finding| finding.rule.id == case.rule) {
            let message = finding.message();
            let odd = message.is_empty() || message.contains("  ") || message.contains(char::is_control);
            assert!(!odd && !message.ends_with('.'), "{}/{}: {message:?}", case.rule, case.name);
            writeln!(lines, "{}/{}: {message}", case.rule, case.name).expect("writing to a String cannot fail");
        }
    }
    insta::assert_snapshot!("messages", lines);
}

#[test]
fn sensitive_values_stay_out_of_findings() {
    let mut shown = Vec::new();
    for case in CASES.iter() {
        for finding in &case.findings {
            let told = format!("{} {} {finding:?}", finding.message(), finding.fingerprint());
            if told.contains(SECRET) {
                shown.push(format!("{}/{}: {told}", case.rule, case.name));
            }
        }
    }
    assert!(shown.is_empty(), "\n{}", shown.join("\n"));
    let holds_secrets = |case: &&Case| case.name.contains("sensitive");
    assert!(CASES.iter().filter(holds_secrets).count() > 1, "no case has a sensitive value");
}

/// Severity, rule, place and pointer of a finding, as `expected.txt` writes them.
fn line(case: &Case, finding: &Finding) -> String {
    let file = Path::new(&finding.location.file);
    let file = file.strip_prefix(&case.folder).unwrap_or(file).display().to_string().replace('\\', "/");
    let entry = finding.location.entry.map_or("-".to_owned(), |entry| entry.to_string());
    let direction = finding.direction.map_or("-", Direction::as_str);
    let pointer = if finding.pointer.is_empty() { "-" } else { &finding.pointer };
    format!("{} {} {file}:{entry} {direction} {pointer}\n", level(finding), finding.rule.id)
}

fn case(folder: PathBuf, default: &Catalog) -> Case {
    let rule = folder.parent().expect("a case is in the folder of its rule");
    let expected = fs::read_to_string(folder.join(EXPECTED))
        .unwrap_or_else(|error| panic!("{}: {EXPECTED} cannot be read: {error}", folder.display()));
    let traffic = entries(&folder).into_iter().filter(|path| !NOT_TRAFFIC.contains(&name_of(path)));
    let traffic: Vec<PathBuf> = traffic.collect();
    assert!(!traffic.is_empty(), "{} holds no recording", folder.display());
    let own = own_catalog(&folder);
    let catalog = own.as_ref().unwrap_or(default);
    let inputs = || traffic.iter().cloned().map(Input::Path).collect::<Vec<_>>();
    let findings = check(catalog, inputs(), 1).findings;
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let in_full = Options { paths: Paths::FullAlone, threads: 1, ..Options::new(catalog, &expectations) };
    let in_full = run(inputs(), &in_full).expect("it ran before").findings;
    assert_eq!(findings, in_full, "{}: by both paths, and by the full one alone", folder.display());
    Case {
        rule: name_of(rule).to_owned(),
        name: name_of(&folder).to_owned(),
        expected: expected.lines().map(|line| line.replace('\t', " ") + "\n").collect(),
        findings,
        folder,
    }
}

/// The contracts of a case that brings its own.
fn own_catalog(folder: &Path) -> Option<Catalog> {
    let models = [MODEL, MODELS].map(|name| folder.join(name));
    let source = models.iter().find(|path| path.exists())?;
    let mut catalog = Catalog::default();
    catalog.add_source(Source::open(source).expect("a case's model can be read"));
    Some(catalog)
}

/// Folders of rules but for those on differences, which `change_rules.rs` runs, and on snapshots, which `wire_rules.rs` does.
fn of_exchanges() -> Vec<PathBuf> {
    let mut rules = folders(&root().join(FIXTURES));
    rules.retain(|folder| rules::find(name_of(folder)).is_none_or(|rule| rule.area == Area::Traffic));
    rules
}

/// Makes the list of examples, and that of their names.
macro_rules! examples {
    ($($kind:ident $fields:tt),* $(,)?) => {
        const NAMES: &[&str] = &[$(stringify!($kind)),*];

        fn examples() -> Vec<BreachKind> {
            vec![$(BreachKind::$kind $fields),*]
        }
    };
}

/// Other crates cannot match all kinds, so the source says which there are.
#[test]
fn every_kind_has_an_example() {
    let source = fs::read_to_string(root().join("src/contract/breach.rs")).expect("a source file");
    let (_, kinds) = source.split_once("pub enum BreachKind {\n").expect("the enum");
    let (kinds, _) = kinds.split_once("\n}").expect("its end");
    let name = |line: &str| {
        let name = line.strip_prefix("    ")?.split([' ', ',', '(']).next()?.to_owned();
        name.starts_with(char::is_uppercase).then_some(name)
    };
    let kinds: Vec<String> = kinds.lines().filter_map(name).collect();
    assert!(kinds.len() > 20, "{kinds:?}");
    let without: Vec<&String> = kinds.iter().filter(|kind| !NAMES.contains(&kind.as_str())).collect();
    assert!(without.is_empty(), "{without:?}");
}

examples! {
    Malformed { reason: "it is not JSON".into(), harmless: false },
    NoRecording { reason: "it was named and not read: no recording of a known format".into() },
    LimitReached { limit: "values", about: "values of one payload", most: 5 },
    Undecodable { reason: "its root element is <Other>".into(), at: 0, root: Some("Other".into()), refused: None },
    Unrecorded { has_other: false },
    EmptyLabel { name: "id".into() },
    OtherRelease { found: "2010-05-08".into(), expected: "2011-06-15".into() },
    ContentType { found: "text/html".into(), expected: Some("application/json".into()) },
    UnexpectedStatus { found: 201, expected: Some(200) },
    ContradictingCodes { header: "Gone".into(), body: "Conflict".into() },
    ErrorStatus { code: "Gone".into(), found: 400, expected: 410 },
    ErrorInSuccess { code: "Gone".into(), status: 200 },
    MissingErrorCode { status: None },
    MissingQueryError { code: "Gone".into(), in_query: None },
    WrongOutput { fits: Some("ListThings".into()) },
    UnknownOperation { nearest: None },
    AmbiguousOperation { candidates: vec!["GetThing".into(), "MakeThing".into()] },
    AmbiguousService { candidates: vec!["thing".into(), "thing-classic".into()] },
    UndeclaredError { code: "Gone".into(), declared: Vec::new(), known: None },
    UnexpectedMember { elsewhere: Vec::new(), namesakes: Vec::new(), nearest: None },
    AbsentMember { element: None },
    Null { expected: "string" },
    WrongType { expected: "string", found: "number", value: json!(7), element: None, in_text: false },
    UnknownEnumValue { found: json!("C"), allowed: Allowed::of(["A"]), nearest: None, only_case: false },
    Length { unit: "bytes", found: 5, limit: 4, end: End::Max },
    RepeatedItem { items: [0, 1] },
    Number { found: json!(5), limit: json!(4), end: End::Max },
    Pattern { found: json!("b"), pattern: "a".into(), half_open: false },
    Arity { found: "none", set: Vec::new() },
    TimestampForm { expected: "epoch seconds", found: json!("today"), form: "string" },
    TimestampPrecision { found: json!(0.123_456) },
    BlobForm { found: "number" },
    RepeatedKey {},
    Unsatisfiable { reason: "min 2 is above max 1".into() },
    NotChecked { constraint: "pattern".into(), reason: "too large".into() },
    Undecided { reason: "it ran away".into() },
    Unmet { expectation: "e".into(), statement: "It holds.".into(), stated: true, reason: "it is empty".into() },
}

/// An example of each kind; of a member that does not belong there two, for its home decides on the rule.
pub(crate) fn every_kind() -> Vec<BreachKind> {
    let examples = examples();
    let kinds: Vec<Discriminant<BreachKind>> = examples.iter().map(discriminant).collect();
    assert!((1..kinds.len()).all(|at| !kinds[..at].contains(&kinds[at])), "one example of each kind");
    let elsewhere = vec!["/name".into()];
    let misplaced = BreachKind::UnexpectedMember { elsewhere, namesakes: Vec::new(), nearest: None };
    examples.into_iter().chain([misplaced]).collect()
}
