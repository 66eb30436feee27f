//! Faults that were served to real SDKs: each is found, with the right rule and place, in what each SDK's recorder kept.
//!
//! `fixtures/sdk-faults/table.tsv` says what is wrong with each exchange, and what each client made of it.

mod support;

use std::collections::BTreeSet;
use std::fs;

use shapegate::check::Checked;
use support::{check_paths, root};

const CONTRACT: &str = "cleanrooms@2023-08-30";
const FOLDER: &str = "fixtures/sdk-faults";

/// A line of the table.
struct Row {
    id: String,
    operation: String,
    rule: String,
    pointer: String,
    place: String,
    /// What boto3, the JavaScript SDK and the Rust SDK did.
    clients: [String; 3],
}

fn table() -> Vec<Row> {
    let text = fs::read_to_string(root().join(FOLDER).join("table.tsv")).expect("the table is part of the fixtures");
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [id, operation, rule, pointer, place, boto3, js, rust] =
            <[String; 8]>::try_from(cells).expect("eight cells");
        let pointer = if pointer == "-" { String::new() } else { pointer };
        Row { id, operation, rule, pointer, place, clients: [boto3, js, rust] }
    };
    text.lines().skip(1).map(row).collect()
}

fn checked(file: &str) -> Checked {
    check_paths(CONTRACT, &[root().join(FOLDER).join(file)])
}

/// Rows that the file's client was served, in the order of its exchanges.
fn served<'t>(table: &'t [Row], file: &str) -> Vec<&'t Row> {
    // Only boto3 can be made to send what is wrong.
    table.iter().filter(|row| file == "boto3.yaml" || row.id.starts_with("response.")).collect()
}

/// What a recorder does not keep: nock parses bodies, and writes null for a body of null and for none.
fn is_kept(file: &str, row: &Row) -> bool {
    file != "js.json" || !(row.id.contains("duplicate-key") || row.id.ends_with("null-at-the-top"))
}

#[test]
fn every_fault_is_found_where_it_is() {
    let table = table();
    assert_eq!(table.len(), 125);
    let mut wrong = Vec::new();
    for file in ["boto3.yaml", "js.json", "rust.json"] {
        let checked = checked(file);
        let rows = served(&table, file);
        assert_eq!(checked.tally.exchanges, rows.len(), "{file}");
        for (entry, row) in rows.iter().enumerate() {
            let findings = checked.findings.iter().filter(|finding| finding.location.entry == Some(entry));
            let found: BTreeSet<(&str, &str, &str, &str)> = findings
                .map(|finding| {
                    let place = finding.origin.as_ref().map_or("", |origin| origin.part);
                    (finding.rule, &*finding.pointer, finding.operation.as_deref().unwrap_or(""), place)
                })
                .collect();
            let expected = (&*row.rule, &*row.pointer, &*row.operation, part(&row.place));
            let expected = BTreeSet::from([expected]);
            if is_kept(file, row) && found != expected {
                wrong.push(format!("{file} {entry} {}\n  expected {expected:?}\n  found    {found:?}", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The kind of part of a message that a place of the table is.
fn part(place: &str) -> &'static str {
    match place.split(' ').next().unwrap_or_default() {
        "path" => "path label",
        "query" => "query parameter",
        "header" => "header",
        "status" => "status",
        _ => "body",
    }
}

#[test]
fn faultless_twins_are_silent() {
    for file in ["boto3-clean.yaml", "js-clean.json", "rust-clean.json"] {
        let checked = checked(file);
        assert!(checked.findings.is_empty(), "{file}: {:#?}", checked.findings);
        assert!(checked.tally.exchanges > 10, "{file}: {:?}", checked.tally);
    }
}

#[test]
fn the_readme_counts_as_the_table_does() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let table = table();
    let responses: Vec<&Row> = table.iter().filter(|row| row.id.starts_with("response.")).collect();
    let count = |client: usize, what: &str| responses.iter().filter(|row| row.clients[client] == what).count();
    let silent = responses.iter().filter(|row| row.clients.iter().all(|client| client != "error")).count();
    let lines = [
        format!("| raises an error | {} | {} | {} | – |", count(0, "error"), count(1, "error"), count(2, "error")),
        format!("| shows an `Unknown` variant | – | – | {} | – |", count(2, "unknown-variant")),
        format!(
            "| takes it as if nothing were wrong | {} | {} | {} | – |",
            count(0, "accepted"),
            count(1, "accepted"),
            count(2, "accepted")
        ),
        format!("| reports rule and place | – | – | – | {} |", responses.len()),
        format!("{silent} of the {} raise an error in none of the three", responses.len()),
    ];
    for line in lines {
        assert!(readme.contains(&line), "the README lacks {line:?}");
    }
}
