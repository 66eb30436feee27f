//! The rules on snapshots: every fixture case has the findings it should have, and the registry is complete.
//!
//! `fixtures/rules/<rule-id>/<case>/` holds recordings in `before` and `after`, and `expected.txt`: severity and
//! fingerprint of each finding; `fixtures/rules/SOURCE.md` describes it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use shapegate::check::{Catalog, Input, Options};
use shapegate::expectation::Expectations;
use shapegate::finding::{Finding, Location, Mirror};
use shapegate::ingest::source::Source;
use shapegate::rules::find;
use shapegate::rules::wire::{RULES, judge};
use shapegate::snapshot::take;
use shapegate::wire::{Change, Escaped, Moved, Recorded, Sent, Snapshot, Texts, compare, file, unified};

use crate::support::{catalog, level, root};

const FIXTURES: &str = "fixtures/rules";
const DEFAULT_CONTRACT: &str = "cleanrooms@2023-08-30";
/// Begins values and keys that no snapshot may show.
const SECRET: &str = "secret-";

struct Case {
    rule: String,
    name: String,
    expected: String,
    before: Snapshot,
    after: Snapshot,
}

impl Case {
    fn findings(&self) -> Vec<Finding> {
        judged(&self.before, &self.after)
    }
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let default = catalog(DEFAULT_CONTRACT);
    let of_rule = |rule: &str| entries(&root().join(FIXTURES).join(rule));
    let all: Vec<Case> = RULES.iter().flat_map(|rule| of_rule(rule.id)).map(|folder| case(&folder, &default)).collect();
    assert!(!all.is_empty(), "no cases in {FIXTURES}");
    all
});

#[test]
fn every_case_has_the_findings_it_should_have() {
    let mut differing = String::new();
    for case in CASES.iter() {
        let line = |finding: &Finding| {
            format!("{} {}\n", level(finding), finding.fingerprint().to_string().replace("%3A", ":"))
        };
        let actual: String = case.findings().iter().map(line).collect();
        if actual != case.expected {
            write!(differing, "\n{}/{}: expected\n{}found\n{actual}", case.rule, case.name, case.expected)
                .expect("a String");
        }
    }
    assert!(differing.is_empty(), "cases that differ:\n{differing}");
}

#[test]
fn every_rule_has_cases_in_which_it_fires_and_look_alikes_in_which_it_does_not() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for kind in ["fires-", "quiet-"] {
            if !CASES.iter().any(|case| case.rule == rule.id && case.name.starts_with(kind)) {
                wrong.push(format!("{} has no case {kind}…", rule.id));
            }
        }
    }
    for case in CASES.iter() {
        let fires = case.findings().iter().any(|finding| finding.rule.id == case.rule);
        let (promised, quiet) = (case.name.starts_with("fires-"), case.name.starts_with("quiet-"));
        if promised == quiet || fires != promised || quiet && !case.expected.is_empty() {
            wrong.push(format!("{}/{}: the rule {}", case.rule, case.name, if fires { "fires" } else { "is quiet" }));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_rule_has_its_mirror() {
    let mut wrong = Vec::new();
    for case in CASES.iter().filter(|case| case.name.starts_with("fires-")) {
        let rule = find(&case.rule).expect("the folder of a rule");
        let mirror = match rule.mirror {
            Mirror::Itself => rule.id,
            Mirror::Rule(other) => other,
            Mirror::None(_) => continue,
            _ => panic!("{:?} has a mirror that is not looked at here", rule.mirror),
        };
        if !judged(&case.after, &case.before).iter().any(|finding| finding.rule.id == mirror) {
            wrong.push(format!("{}/{}: swapped, {mirror} is quiet", case.rule, case.name));
        }
        let back = find(mirror).map(|other| match other.mirror {
            Mirror::Rule(back) => back == rule.id,
            _ => mirror == rule.id,
        });
        if back != Some(true) {
            wrong.push(format!("{mirror} does not mirror {}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_snapshot_against_itself_is_silent_and_is_read_as_it_was_written() {
    for case in CASES.iter() {
        for snapshot in [&case.before, &case.after] {
            assert_eq!(compare(snapshot, snapshot), [], "{}/{}", case.rule, case.name);
            assert_eq!(unified(snapshot, snapshot, "a", "b"), "");
            let text = file::write(snapshot);
            assert_eq!(file::read(&text, Path::new("a")).expect(&text), *snapshot, "{text}");
        }
        // The diff and the findings are two views of one thing.
        let differs = !unified(&case.before, &case.after, "a", "b").is_empty();
        assert_eq!(differs, !case.findings().is_empty(), "{}/{}", case.rule, case.name);
    }
}

#[test]
fn messages_read_well() {
    let mut lines = String::new();
    for case in CASES.iter().filter(|case| case.name.starts_with("fires-")) {
        for finding in case.findings().iter().filter(|finding| finding.rule.id == case.rule) {
            let message = finding.message();
            let odd = message.is_empty() || message.contains("  ") || message.contains(char::is_control);
            assert!(!odd && !message.ends_with('.'), "{}/{}: {message:?}", case.rule, case.name);
            writeln!(lines, "{}/{}: {message}", case.rule, case.name).expect("a String");
        }
    }
    insta::assert_snapshot!("messages", lines);
}

#[test]
fn nothing_secret_is_in_a_snapshot() {
    let mut seen = 0;
    for case in CASES.iter() {
        let folder = root().join(FIXTURES).join(&case.rule).join(&case.name);
        let traffic = entries(&folder.join("after"))
            .iter()
            .map(|path| fs::read_to_string(path).expect("text"))
            .collect::<String>();
        seen += usize::from(traffic.contains(SECRET));
        for text in [file::write(&case.after), format!("{:?}", case.findings())] {
            for found in [SECRET, "3e3be000", "111122223333", "20230901", "testing", "us-east-1"] {
                assert!(!text.contains(found), "{}/{}: {found} in {text}", case.rule, case.name);
            }
        }
    }
    assert!(seen > 0, "no case has anything secret");
}

fn judged(before: &Snapshot, after: &Snapshot) -> Vec<Finding> {
    compare(before, after).iter().map(|difference| judge(difference, Location::default())).collect()
}

fn case(folder: &Path, default: &Catalog) -> Case {
    let rule = folder.parent().expect("a case is in the folder of its rule");
    let expected = fs::read_to_string(folder.join("expected.txt"));
    let expected = expected.unwrap_or_else(|error| panic!("{}: expected.txt: {error}", folder.display()));
    let model = folder.join("service-2.json");
    let own = model.exists().then(|| {
        let mut catalog = Catalog::default();
        catalog.add_source(Source::open(&model).expect("a case's model can be read"));
        catalog
    });
    let [before, after] = ["before", "after"].map(|side| snapshot(own.as_ref().unwrap_or(default), folder.join(side)));
    Case { rule: name_of(rule).to_owned(), name: name_of(folder).to_owned(), expected, before, after }
}

fn snapshot(catalog: &Catalog, traffic: PathBuf) -> Snapshot {
    let expectations = Expectations::default();
    let options = Options { threads: 2, ..Options::new(catalog, &expectations) };
    let place = traffic.display().to_string();
    let taken = take(vec![Input::Path(traffic)], &options).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(taken.unseen, [], "{place}");
    taken.snapshot
}

/// What is in a folder, sorted.
fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names of fixtures and sources are text")
}

/// Makes the list of examples and, of the same names, a match without a wildcard: a kind that has no example here does
/// not compile.
macro_rules! examples {
    ($($kind:ident $fields:tt),* $(,)?) => {
        pub(crate) fn examples() -> Vec<Change> {
            let all = vec![$(examples!(@make $kind $fields)),*];
            for example in &all {
                match example {
                    $(examples!(@pattern $kind $fields) => {})*
                }
            }
            all
        }
    };
    (@make $kind:ident {}) => { Change::$kind };
    (@make $kind:ident $fields:tt) => { Change::$kind $fields };
    (@pattern $kind:ident $fields:tt) => { Change::$kind { .. } };
}

fn moved() -> Moved {
    Moved::between(&texts("a"), &texts("b")).remove(0)
}

fn texts(text: &str) -> Texts {
    Texts::from([text.to_owned()])
}

examples! {
    OperationAppeared {},
    OperationGone {},
    RecordedAppeared { part: Recorded::Http },
    RecordedGone { part: Recorded::Requests },
    Protocol { 0: moved() },
    Method { 0: moved() },
    Host { 0: moved() },
    Uri { 0: moved() },
    Version { 0: moved() },
    QueryAppeared { name: "a".into(), sent: Sent::Always },
    QueryGone { name: "a".into() },
    QueryPresence { name: "a".into(), old: Sent::Always, new: Sent::Sometimes },
    HeaderAppeared { name: "a".into(), sent: Sent::Always, value: texts("b") },
    HeaderGone { name: "a".into() },
    HeaderPresence { name: "a".into(), old: Sent::Always, new: Sent::Sometimes },
    HeaderSigned { name: "a".into(), old: None, new: Some(Sent::Always) },
    HeaderValue { name: "a".into(), moved: moved() },
    MemberAppeared { path: "a".into(), sent: None },
    MemberGone { path: "a".into() },
    MemberPresence { path: "a".into(), old: Sent::Always, new: Sent::Sometimes },
    MemberForm { path: "a".into(), moved: moved() },
    MemberEscape { path: "a".into(), old: texts("%3A"), new: texts(":"), how: Escaped::Otherwise },
    EnumValueAppeared { path: "a".into(), value: "A".into() },
    EnumValueGone { path: "a".into(), value: "A".into() },
    StatusAppeared { status: 200 },
    StatusGone { status: 200 },
    ContentType { 0: moved() },
    ErrorAppeared {},
    ErrorGone {},
}

#[test]
fn a_snapshot_takes_over_single_differences() {
    let mut seen = 0;
    for case in CASES.iter() {
        for (before, after) in [(&case.before, &case.after), (&case.after, &case.before)] {
            let all = compare(before, after);
            let mut whole = before.clone();
            for (at, difference) in all.iter().enumerate() {
                let mut one = before.clone();
                one.adopt(after, difference);
                let others = [&all[..at], &all[at + 1..]].concat();
                assert_eq!(compare(&one, after), others, "{}/{}: {difference:?}", case.rule, case.name);
                whole.adopt(after, difference);
                seen += 1;
            }
            assert_eq!(whole, *after, "{}/{}", case.rule, case.name);
        }
    }
    assert!(seen > RULES.len(), "{seen}");
}
