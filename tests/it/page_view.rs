//! What a page of the API change log shows of an upgrade: as the published page has it, as Python prints it, and as it
//! is read again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert_eq, test_runner::TestCaseResult};
use serde_json::{Value, json};
use shapegate::diff::added::shown;
use shapegate::ingest::api_changes::{self, ChangeStatus, ChangeTree, OperationChanges};
use shapegate::ingest::source::Source;
use shapegate::model::{Service, ShapeId, ShapeKind};
use shapegate::report::changes_block;

use crate::drawing::contracts::{self, embedded};
use crate::drawing::hold;
use crate::support::wheels::wheel;

const FIXTURE: &str = include_str!("../../fixtures/pages/cleanrooms-2023-08-30.txt");

/// What the documented release added.
const ADDED: [(&str, &str); 4] = [
    ("CreateMembershipInput", "defaultResultConfiguration"),
    ("UpdateMembershipInput", "defaultResultConfiguration"),
    ("Membership", "defaultResultConfiguration"),
    ("ProtectedQueryOutput", "memberList"),
];

/// The contract of the documented release without what it added.
fn before() -> Service {
    let mut service = embedded("cleanrooms@2023-08-30");
    for (shape, member) in ADDED {
        let shape = service.shapes.get_mut(&ShapeId::new(shape)).expect("the contract has it");
        let ShapeKind::Structure(structure) = &mut shape.kind else { panic!("not a structure") };
        let all = structure.members.len();
        structure.members.retain(|other| other.name != member);
        assert_eq!(structure.members.len(), all - 1, "{member}");
    }
    service
}

fn page() -> Service {
    api_changes::parse(FIXTURE, "page.txt").expect("a sound page").ingested.service
}

/// Headings and `Changes` blocks of two models.
fn printed(old: Option<&Service>, new: &Service) -> Vec<String> {
    let heading = |changes: &OperationChanges| {
        let word = if changes.status == ChangeStatus::Added { "new" } else { "updated" };
        format!("{}\u{a0}({word}) Link ¶\n{}", changes.operation, changes_block(changes))
    };
    shown(old, new).operations.iter().map(heading).collect()
}

/// Headings and `Changes` blocks of a page: from each heading to the blank line.
fn blocks(page: &str) -> Vec<String> {
    let lines: Vec<&str> = page.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.ends_with("Link ¶"));
    let block = |start: usize| lines[start..].iter().take_while(|line| !line.is_empty());
    starts.map(|(start, _)| block(start).flat_map(|line| [line, "\n"]).collect()).collect()
}

#[test]
fn what_the_documented_release_added_is_printed_as_on_its_page() {
    let expected = blocks(FIXTURE);
    assert_eq!(expected.len(), 6);
    assert_eq!(printed(Some(&before()), &embedded("cleanrooms@2023-08-30")), expected);
}

#[test]
fn a_page_in_the_newer_models_place_shows_what_it_says() {
    assert_eq!(printed(Some(&before()), &page()), blocks(FIXTURE));
}

#[test]
fn a_page_in_the_older_models_place_proves_no_operation_new() {
    let shown = printed(Some(&page()), &embedded("cleanrooms"));
    assert!(!shown.is_empty());
    assert!(shown.iter().all(|block| block.contains("(updated) Link ¶\nChanges (")), "{shown:?}");
}

#[test]
fn a_model_beside_itself_shows_nothing_and_without_an_older_one_all_is_new() {
    for service in contracts::all() {
        assert_eq!(printed(Some(&service), &service), Vec::<String>::new());
        let new: Vec<String> = service.operations.keys().map(|name| format!("{name}\u{a0}(new) Link ¶\n")).collect();
        assert_eq!(printed(None, &service), new);
    }
}

/// The whole way: the command, on the models of the releases before and after, beside the page as it was published.
#[test]
#[ignore = "needs SHAPEGATE_WHEELS and ../shared/seed, run by .ci/run"]
fn the_published_page_is_printed_byte_for_byte() {
    let published = fs::read_to_string("../shared/seed/api-changes-cleanrooms-2023-08-30.txt").expect("the page");
    let [old, new] = ["1.31.37", "1.31.38"].map(|version| wheel(version).display().to_string());
    for new in [&new, "cleanrooms@2023-08-30"] {
        let told = diff(&["--from", &old, "--to", new, "--service", "cleanrooms", "--format", "api-changes"]);
        let (page, beyond) = told.split_once("--- What the page does not say:").expect("two parts");
        assert_eq!(blocks(page), blocks(&published), "{new}");
        let expected: String = blocks(&published).join("\n");
        assert!(page.ends_with(&format!(" - 6 updated api methods\n\n{expected}\n")), "{page}");
        assert_tells_the_rest(beyond);
    }
    let read = |path: &str| Source::open(path.as_ref()).expect("a wheel").load("cleanrooms").expect("a sound model");
    let older = read(&old).expect("the wheel has it").service;
    assert_eq!(printed(Some(&older), &page()), blocks(FIXTURE));
}

/// What this release changed and its page does not show, with the operations it concerns.
fn assert_tells_the_rest(beyond: &str) {
    let section = |operation: &str| {
        let start = beyond.find(&format!("\n\n{operation}\n")).unwrap_or_else(|| panic!("{operation}: {beyond}"));
        beyond[start + 2..].split("\n\n").next().expect("a section")
    };
    for operation in ["GetProtectedQuery", "StartProtectedQuery", "UpdateProtectedQuery"] {
        for fact in [
            "`sqlParameters` of ProtectedQuery became optional (response)",
            "`resultConfiguration` of ProtectedQuery became optional (response)",
            r"the pattern of KeyPrefix changed from `[\w!.*/-]*` to `[\w!.=*/-]*`",
            "KeyPrefix must be at most 512 now",
            "KeyPrefix has a minimum of 0",
        ] {
            assert!(section(operation).contains(fact), "{operation}: {fact}: {beyond}");
        }
    }
    let start = "`resultConfiguration` of StartProtectedQueryInput became optional (request)";
    assert!(section("StartProtectedQuery").contains(start), "{beyond}");
    let columns = "the maximum of AllowedColumnList is loosened from 100 to 225";
    assert!(section("CreateConfiguredTable").contains(&format!("{columns} (both)")), "{beyond}");
    assert!(section("GetConfiguredTable").contains(columns), "{beyond}");
    assert!(!beyond.contains("defaultResultConfiguration"), "the page says that: {beyond}");
}

fn diff(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_shapegate")).arg("diff").args(arguments).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn what_is_written_is_read_again() {
    let texts = || text(READABLE);
    let root = || btree_map(texts(), tree(texts()), 1..5).prop_map(structure);
    hold(2000, &(proptest::option::of(root()), root(), any::<bool>()), |(request, response, both)| {
        let request = if both { Some(response.clone()) } else { request };
        let changes = OperationChanges {
            operation: "GetThing".to_owned(),
            status: ChangeStatus::Updated,
            request,
            response: Some(response),
        };
        let block = changes_block(&changes);
        let (request, response) = api_changes::parse_changes(&block).unwrap_or_else(|error| panic!("{error}\n{block}"));
        prop_assert_eq!((request, response), (changes.request, changes.response), "{}", block);
        Ok(())
    });
}

/// A second opinion on the layout: Python's own.
#[test]
#[ignore = "needs python3, run by .ci/run"]
fn python_prints_the_same() {
    let trees = vec(tree(text(ANY)), 100);
    let ends = std::cell::Cell::new(0);
    hold(50, &trees, |trees| python_agrees(&trees).inspect(|()| ends.set(ends.get() + 1)));
    assert!(ends.get() > 0);
}

fn python_agrees(trees: &[ChangeTree]) -> TestCaseResult {
    let ours: Vec<String> = trees.iter().map(pformat).collect();
    let theirs = python(&Value::Array(trees.iter().map(encoded).collect()));
    prop_assert_eq!(ours.len(), theirs.len());
    for ((tree, ours), theirs) in trees.iter().zip(&ours).zip(&theirs) {
        prop_assert_eq!(ours, theirs, "{:?}", tree);
    }
    Ok(())
}

/// A tree as it is printed below `Changes (request)`.
fn pformat(tree: &ChangeTree) -> String {
    let request = Some(tree.clone());
    let (operation, status) = ("GetThing".to_owned(), ChangeStatus::Updated);
    let block = changes_block(&OperationChanges { operation, status, request, response: None });
    let printed = block.strip_prefix("Changes (request)\n").and_then(|block| block.strip_suffix('\n'));
    printed.expect("a heading and a final newline").to_owned()
}

/// Reads trees as JSON and prints them. A set on one line is put in order, which Python leaves to its hash table.
const SCRIPT: &str = r#"
import json, pprint, sys

class Sorted(pprint.PrettyPrinter):
    def format(self, value, context, maxlevels, level):
        if isinstance(value, set):
            return "{%s}" % ", ".join(repr(item) for item in sorted(value)), True, False
        return super().format(value, context, maxlevels, level)

def build(tree):
    (kind, value), = tree.items()
    if kind == "list":
        return [build(value)]
    if kind == "dict":
        return {name: build(member) for name, member in value}
    return {"text": lambda: value, "set": lambda: set(value), "recursive": tuple}[kind]()

print(json.dumps([Sorted().pformat(build(tree)) for tree in json.load(sys.stdin)]))
"#;

fn python(trees: &Value) -> Vec<String> {
    let mut child = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    // The script reads all before it prints.
    child.stdin.take().expect("piped").write_all(trees.to_string().as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("a list of texts")
}

fn encoded(tree: &ChangeTree) -> Value {
    match tree {
        ChangeTree::Scalar(text) => json!({"text": text}),
        ChangeTree::List(element) => json!({"list": encoded(element)}),
        ChangeTree::EnumValues(values) => json!({"set": values}),
        ChangeTree::Recursive => json!({"recursive": null}),
        ChangeTree::Structure(members) => {
            json!({"dict": members.iter().map(|(name, member)| json!([name, encoded(member)])).collect::<Vec<_>>()})
        }
    }
}

/// Characters that pages have and that are read as they are, among them all that `repr` looks at twice.
const READABLE: &[char] = &['a', 'Z', '0', '_', '|', ' ', '\'', '"', '\\', '{', ',', ':', 'é', '€', '😀'];

/// These, and whatever ends lines, is white space in one place alone, or is not printed as it is.
const ANY: &[char] = &[
    'a',
    'Z',
    '|',
    ' ',
    ' ',
    '\'',
    '"',
    '\\',
    'é',
    '€',
    '😀',
    '\n',
    '\r',
    '\t',
    '\u{0}',
    '\u{b}',
    '\u{c}',
    '\u{1b}',
    '\u{1c}',
    '\u{1d}',
    '\u{1e}',
    '\u{1f}',
    '\u{7f}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{300}',
    '\u{378}',
    '\u{1680}',
    '\u{2003}',
    '\u{200b}',
    '\u{2028}',
    '\u{2029}',
    '\u{202f}',
    '\u{3000}',
    '\u{e000}',
    '\u{feff}',
    '\u{ffff}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{10ffff}',
];

/// A name, or values joined as pages join them, or anything of these characters.
fn text(characters: &'static [char]) -> impl Strategy<Value = String> + Clone {
    let name = vec(select(&['a', 'R', 'e', 'S'][..]), 1..24).prop_map(String::from_iter);
    let values = vec(vec(select(&['A', 'B', '_', '-'][..]), 1..30).prop_map(String::from_iter), 1..8)
        .prop_map(|values: Vec<String>| values.join(" | "));
    let any = vec(select(characters), 0..60).prop_map(String::from_iter);
    prop_oneof![name, values, any].boxed()
}

fn tree(texts: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = ChangeTree> {
    let leaf = prop_oneof![
        4 => texts.clone().prop_map(ChangeTree::Scalar),
        2 => btree_set(texts.clone(), 1..6).prop_map(|values| ChangeTree::EnumValues(values.into_iter().collect())),
        1 => Just(ChangeTree::Recursive),
    ];
    leaf.prop_recursive(9, 40, 4, move |inner| {
        prop_oneof![
            1 => inner.clone().prop_map(|element| ChangeTree::List(Box::new(element))),
            3 => btree_map(texts.clone(), inner, 0..4).prop_map(structure),
        ]
    })
}

fn structure(members: BTreeMap<String, ChangeTree>) -> ChangeTree {
    ChangeTree::Structure(members.into_iter().collect())
}
