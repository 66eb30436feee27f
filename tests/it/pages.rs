//! Pages of the API change log: the fixture gives the model one can read off it, and nothing damaged passes.

use std::fmt::Write as _;

use shapegate::error::Error;
use shapegate::ingest::api_changes::{self, ChangeStatus, ChangeTree, Page};
use shapegate::model::{EnumValues, Fact, Presence, Service, ShapeId, ShapeKind};

const FIXTURE: &str = include_str!("../../fixtures/pages/cleanrooms-2023-08-30.txt");
const NAME: &str = "cleanrooms-2023-08-30.txt";

#[test]
fn the_fixture_gives_its_model() {
    let page = read(FIXTURE);
    assert!(api_changes::is_page(FIXTURE));
    assert_eq!(page.ingested.losses, []);
    assert_eq!(page.ingested.service.operations.len(), 6);
    insta::assert_snapshot!("cleanrooms-2023-08-30", outline(&page));
}

#[test]
fn every_shape_is_reached_and_every_target_resolves() {
    let service = read(FIXTURE).ingested.service;
    let mut reached = std::collections::BTreeSet::new();
    let roots = service.operations.values().flat_map(|operation| [&operation.input, &operation.output]);
    let mut open: Vec<ShapeId> = roots.flatten().cloned().collect();
    while let Some(id) = open.pop() {
        let shape = service.shape(&id).unwrap_or_else(|| panic!("{id} is not a shape"));
        if reached.insert(id) {
            match &shape.kind {
                ShapeKind::Structure(structure) => open.extend(structure.members.iter().map(|m| m.target.clone())),
                ShapeKind::List(list) => open.push(list.target.clone()),
                ShapeKind::Map(map) => open.extend([map.key.clone(), map.value.clone()]),
                _ => {}
            }
        }
    }
    assert!(reached.iter().eq(service.shapes.keys()));
    assert!(service.shapes.values().all(|shape| shape.constraints == Fact::Unknown));
}

#[test]
#[ignore = "needs ../shared/seed, run by .ci/run"]
fn the_published_page_gives_the_same_as_the_fixture() {
    let path = "../shared/seed/api-changes-cleanrooms-2023-08-30.txt";
    let published = std::fs::read_to_string(path).expect("the published page");
    assert_eq!(read(&published), read(FIXTURE));
    assert_eq!(api_changes::without_prose(&published, path).expect("to be read"), FIXTURE);
    let lines: Vec<&str> = published.lines().collect();
    // The page ends with the prose of its last bullet. Without that prose nothing is missing that could be missed.
    assert_eq!(lines[lines.len() - 3].trim(), "• code (string) --");
    assert_every_cut_is_noticed(&lines[..lines.len() - 2]);
}

#[test]
fn stripping_the_fixture_changes_nothing() {
    assert_eq!(api_changes::without_prose(FIXTURE, NAME).expect("to be read"), FIXTURE);
}

#[test]
fn prose_is_passed_over_wherever_it_may_be() {
    let mut page = String::new();
    for line in FIXTURE.lines() {
        page.push_str(line);
        page.push('\n');
        let indent = line.len() - line.trim_start().len();
        if line.ends_with("api methods") {
            page.push_str("\nChanges\u{a0} Own words.\n");
        } else if line.trim_start().starts_with('•') {
            writeln!(page, "\n{0:indent$}  Own words.\n\n{0:indent$}  • own words in a list", "")
                .expect("a String takes it");
        } else if line == "See also: AWS API Documentation" || line.starts_with("param ") {
            page.push_str(if line.starts_with("param ") { "" } else { "\nOwn words.\n" });
        }
    }
    let page = page.replace("[REQUIRED]\n\ntype", "[REQUIRED]\n\nOwn words (two of them).\n\ntype");
    assert!(page.matches("wn words").count() > 200);
    assert_eq!(read(&page), read(FIXTURE));
    assert_eq!(api_changes::without_prose(&page, NAME).expect("to be read"), FIXTURE);
}

/// The page can be cut anywhere but in the prose of its last bullet (the fixture has none): then nothing is missing
/// that the page has announced before.
#[test]
fn a_page_cut_after_any_line_is_refused() {
    assert_every_cut_is_noticed(&FIXTURE.lines().collect::<Vec<_>>());
}

#[test]
fn a_page_cut_within_any_line_is_refused() {
    let full = read(FIXTURE);
    let text = FIXTURE.trim_end();
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(|at| !text[*at..].trim().is_empty()).collect();
    assert!(cuts.len() > 15_000);
    // Every seventh place, which comes by every column of the page's repeated lines, and all of the last 400.
    let tail = cuts.len() - 400;
    for at in cuts.iter().enumerate().filter(|(index, _)| index % 7 == 0 || *index >= tail).map(|(_, at)| *at) {
        let cut = api_changes::parse(&text[..at], NAME);
        assert!(cut.is_err(), "cut after {:?}: {:?}", &text[at.saturating_sub(40)..at], cut.map(|page| page == full));
    }
}

fn assert_every_cut_is_noticed(lines: &[&str]) {
    assert!(lines.len() > 900);
    for length in 0..lines.len() {
        let cut = lines[..length].join("\n");
        let error = refused(&cut, &format!("cut after line {length}"));
        assert!(error.cause().contains("the page ends early"), "cut after line {length}: {error}");
        assert!(error.line_and_column().is_some(), "cut after line {length}: {error}");
    }
}

#[test]
fn cut_blank_lines_are_no_loss() {
    assert_eq!(read(FIXTURE.trim_end()), read(FIXTURE));
    assert_eq!(read(&format!("{FIXTURE}\n\n\n")), read(FIXTURE));
    assert_eq!(read(&FIXTURE.replace('\n', "\r\n")), read(FIXTURE));
}

/// One kind of damage: its name, what it replaces by what, and the line and cause it has to be refused with.
type Damage = (&'static str, &'static str, &'static str, usize, &'static str);

const DAMAGES: &[Damage] = &[
    ("dropped bullet", "      • arn (string) --\n", "", 98, "`arn` of the syntax block has no bullet"),
    ("dropped element", "        • (string) --\n", "", 108, "the list's element of the syntax block has no bullet"),
    (
        "dropped parameter",
        "type tags\n\ndict\n\nparam tags\n\n  • (string) --\n\n    • (string) --\n",
        "",
        29,
        "`tags` of",
    ),
    (
        "dropped key",
        "  • (string) --\n\n    • (string) --\n",
        "  • (string) --\n",
        30,
        "the map's value of the syntax block",
    ),
    (
        "broken nesting",
        "    • s3 (dict) --",
        "        • s3 (dict) --",
        77,
        "broken nesting: this bullet is indented by 8",
    ),
    (
        "shifted bullet",
        "      • bucket (string) -- [R",
        "    • bucket (string) -- [R",
        36,
        "`bucket` of the syntax block has no",
    ),
    (
        "changed type",
        "• createTime (datetime)",
        "• createTime (string)",
        144,
        "is string here and datetime(2015, 1, 1) at line 104",
    ),
    ("unknown type", "• createTime (datetime)", "• createTime (date)", 144, "`date` is not a type that pages use"),
    (
        "changed stand-in",
        "'createTime': datetime(2015, 1, 1),",
        "'createTime': 123,",
        144,
        "is datetime here and 123 at line 104",
    ),
    (
        "other type of parameter",
        "type tags\n\ndict",
        "type tags\n\nlist",
        59,
        "`tags` is list here and a dict at line 29",
    ),
    (
        "missing in syntax",
        "        'arn': 'string',\n",
        "",
        131,
        "`arn` is not in the syntax block, whose dict is at line 96",
    ),
    (
        "out of order",
        "'id': 'string',\n        'arn'",
        "'arn': 'string',\n        'id'",
        130,
        "`id` is out of order: line 97",
    ),
    (
        "member twice",
        "        'arn': 'string',",
        "        'id': 'string',",
        98,
        "`id` is here a second time, first at line 97",
    ),
    ("not Python", "        'id': 'string',", "        'id': string,", 97, "expected a stand-in value"),
    (
        "missing comma",
        "        'id': 'string',",
        "        'id': 'string'",
        98,
        "expected `,` or `}`, found `'arn': 'string',`",
    ),
    ("lower count", "6 updated", "5 updated", 3, "but the page ends after 0 new and 6 updated"),
    (
        "higher count",
        "6 updated",
        "7 updated",
        919,
        "the page ends early: the date line (line 3) says `7 updated api methods`",
    ),
    ("other count", "6 updated", "1 new 5 updated", 3, "but the page ends after 0 new and 6 updated"),
    ("new with Changes", "(updated)", "(new)", 6, "expected no `Changes`, because all of `CreateMembership` is new"),
    (
        "other method",
        "client.create_membership(",
        "client.delete_membership(",
        26,
        "is not how `CreateMembership` is called",
    ),
    ("other parameter", "param tags", "param tag", 63, "expected `param tags`, found `param tag`"),
    (
        "required in a response",
        "• id (string) --",
        "• id (string) -- [REQUIRED]",
        130,
        "[REQUIRED] is for members of requests",
    ),
    (
        "addition missing",
        "'roleArn': 'string'}}\nR",
        "'roleName': 'string'}}\nR",
        13,
        "Changes adds `roleName`, which the structure at",
    ),
    ("other addition", "'| '\n", "'& '\n", 10, "Changes adds `CSV & PARQUET`, where line 35 has an enumeration"),
    (
        "addition of a list",
        "[{'accountId': 'string'}]",
        "['string']",
        279,
        "Changes adds `string`, where line 345 has a structure",
    ),
    (
        "incomplete addition",
        "[{'accountId': 'string'}]",
        "[{}]",
        279,
        "Changes adds the structure at line 345 without `accountId`",
    ),
    (
        "no Changes",
        "Changes (request, response)",
        "",
        7,
        "expected the `Changes` of `CreateMembership`, found `Request`",
    ),
    ("left out", "client.create_membership(", "(section too large to render)", 26, "the page leaves something out"),
    (
        "stray text",
        "      • arn (string) --\n",
        "  Stray.\n\n      • arn (string) --\n",
        132,
        "expected a bullet, or text indented",
    ),
    ("stray heading", "CreateMembership\u{a0}", "Create Membership\u{a0}", 5, "expected an operation's heading"),
];

#[test]
fn damage_is_located() {
    for (name, wanted, replacement, line, cause) in DAMAGES {
        assert!(FIXTURE.contains(wanted), "{name}: the fixture does not hold it");
        let error = refused(&FIXTURE.replacen(wanted, replacement, 1), name);
        let first = error.cause().lines().next().unwrap_or_default();
        assert!(first.contains(cause), "{name}: {error}");
        assert_eq!(error.line_and_column().map(|(line, _)| line), Some(*line), "{name}: {error}");
        assert!(error.path().is_some_and(|path| path.ends_with(NAME)), "{name}: {error}");
    }
}

#[test]
fn several_disagreements_are_listed_together() {
    let page = FIXTURE.replacen("      • arn (string) --\n", "", 1).replacen(
        "• createTime (datetime)",
        "• createTime (string)",
        2,
    );
    let error = refused(&page, "three");
    insta::assert_snapshot!("several-disagreements", error.to_string());
}

/// `Changes` blocks are left out: a member that was there before is printed with its new members alone, so one left
/// out of them cannot be told from one that is not new.
#[test]
fn every_bullet_and_member_counts() {
    let lines: Vec<&str> = FIXTURE.lines().collect();
    let (mut dropped, mut in_changes) = (0, false);
    for (index, line) in lines.iter().enumerate() {
        in_changes = (in_changes || line.starts_with("Changes (")) && !line.starts_with("See also");
        let text = line.trim();
        let names_a_member = text.starts_with(['•', '\'']) || text.starts_with("type ") || text.contains("='");
        if names_a_member && !in_changes {
            dropped += 1;
            let rest = [&lines[..index], &lines[index + 1..]].concat().join("\n");
            refused(&rest, &format!("without line {}: {line}", index + 1));
        }
    }
    assert!(dropped > 350, "{dropped}");
}

fn read(page: &str) -> Page {
    api_changes::parse(page, NAME).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(page: &str, what: &str) -> Error {
    match api_changes::parse(page, NAME) {
        Ok(_) => panic!("{what}: not refused"),
        Err(error) => error,
    }
}

/// The page's facts, one per line, as one reads them off the page.
fn outline(page: &Page) -> String {
    let service = &page.ingested.service;
    let mut text = format!("{} ({}), {:?}\n", service.full_name, service.name, service.release);
    for changes in &page.changes {
        let operation = &service.operations[&changes.operation];
        let status = if changes.status == ChangeStatus::Added { "added" } else { "updated" };
        writeln!(text, "\n{} ({status})", operation.name).expect("a String takes it");
        for (side, added) in [("request", &changes.request), ("response", &changes.response)] {
            if let Some(added) = added {
                writeln!(text, "  added to the {side}: {}", added_outline(added)).expect("a String takes it");
            }
        }
        for (side, root) in [("request", &operation.input), ("response", &operation.output)] {
            let shown = root.as_ref().map_or("nothing".to_owned(), |root| shape_outline(service, root, 4));
            writeln!(text, "  {side}: {shown}").expect("a String takes it");
        }
    }
    text
}

fn added_outline(tree: &ChangeTree) -> String {
    match tree {
        ChangeTree::Scalar(text) => text.clone(),
        ChangeTree::List(element) => format!("[{}]", added_outline(element)),
        ChangeTree::EnumValues(values) => format!("+{}", values.join(" +")),
        ChangeTree::Recursive => "()".to_owned(),
        ChangeTree::Structure(members) => {
            let members: Vec<String> =
                members.iter().map(|(n, tree)| format!("{n}: {}", added_outline(tree))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

fn shape_outline(service: &Service, id: &ShapeId, indent: usize) -> String {
    let shape = service.shape(id).unwrap_or_else(|| panic!("{id} is not a shape"));
    match &shape.kind {
        ShapeKind::String(EnumValues(Some(values))) => format!("{id}: {}", values.join(" | ")),
        ShapeKind::List(list) => format!("{id}: list of {}", shape_outline(service, &list.target, indent)),
        ShapeKind::Map(map) => format!("{id}: map to {}", shape_outline(service, &map.value, indent)),
        ShapeKind::Structure(structure) => {
            let mut text = format!("{id}: structure");
            for member in &structure.members {
                let presence = match member.presence {
                    Presence::Required => " (required)",
                    Presence::Optional => " (optional)",
                    Presence::Unknown => "",
                };
                let target = shape_outline(service, &member.target, indent + 2);
                write!(text, "\n{:indent$}{}{presence}: {target}", "", member.name).expect("a String takes it");
            }
            text
        }
        kind => format!("{id}: {}", kind.name()),
    }
}
