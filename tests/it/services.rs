//! A run of boto3 against an emulator over 41 services and all protocols: each exchange is identified, and what is found
//! is what a person has looked at.
//!
//! `fixtures/moto/calls.tsv` is what the recorder knew; `fixtures/moto/FINDINGS.tsv` is the reviewed list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::model::Direction;
use similar::TextDiff;

use crate::support::root;
use crate::support::wheels::{NEWEST, release};

const TRAFFIC: &str = "fixtures/moto";

/// All of it, read and judged once.
static CHECKED: LazyLock<Checked> = LazyLock::new(|| {
    let mut catalog = Catalog::default();
    catalog.add_source(release(NEWEST));
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { threads: 2, list: true, ..Options::new(&catalog, &expectations) };
    run(vec![Input::Path(root().join(TRAFFIC))], &options).expect("the paths are there and the models are sound")
});

/// A file's name below the folder of the traffic.
fn name(file: &str) -> &str {
    Path::new(file).file_name().and_then(|name| name.to_str()).expect("a name")
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn every_exchange_is_identified() {
    let list = fs::read_to_string(root().join(TRAFFIC).join("calls.tsv")).expect("the list is part of the fixtures");
    let expected: BTreeMap<(String, usize), (String, String)> = list
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let entry = cells[1].parse().expect("a number");
            ((cells[0].to_owned(), entry), (cells[2].to_owned(), cells[3].to_owned()))
        })
        .collect();
    assert!(expected.len() > 500, "the list was not read");
    let found: BTreeMap<(String, usize), (String, String)> = CHECKED
        .seen
        .iter()
        .map(|seen| {
            let place = (name(&seen.location.file).to_owned(), seen.location.entry.expect("entries are told apart"));
            (place, (seen.service.clone(), seen.operation.clone()))
        })
        .collect();
    let wrong: Vec<_> = expected.iter().filter(|(place, call)| found.get(*place) != Some(call)).collect();
    assert!(wrong.is_empty(), "{} of {} are not identified: {wrong:#?}", wrong.len(), expected.len());
    assert_eq!(found.len(), expected.len(), "nothing else is read");
    let protocols: BTreeSet<_> = CHECKED.seen.iter().filter_map(|seen| seen.protocol).collect();
    assert_eq!(protocols.len(), 6, "{protocols:?}");
    assert!(CHECKED.tally.unchecked.is_empty(), "{:?}", CHECKED.tally);
    assert!(CHECKED.tally.retries >= 2, "{:?}", CHECKED.tally);
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn what_is_found_is_what_was_looked_at() {
    let path = root().join(TRAFFIC).join("FINDINGS.tsv");
    let mut found = String::new();
    for finding in &CHECKED.findings {
        let entry = finding.location.entry.map_or("-".to_owned(), |entry| entry.to_string());
        let direction = finding.direction.map_or("-", Direction::as_str);
        let operation = finding.operation.as_deref().unwrap_or("-");
        let pointer = if finding.pointer.is_empty() { "-" } else { &finding.pointer };
        let file = name(&finding.location.file);
        writeln!(found, "{file}\t{entry}\t{operation}\t{}\t{direction}\t{pointer}", finding.rule.id)
            .expect("writing to a String cannot fail");
    }
    if std::env::var_os("UPDATE_FINDINGS").is_some() {
        fs::write(&path, &found).expect("a writable file");
    }
    let reviewed = fs::read_to_string(&path).expect("the list is part of the fixtures");
    let diff = TextDiff::from_lines(&reviewed, &found);
    assert!(reviewed == found, "{}", diff.unified_diff().context_radius(1).header("reviewed", "found"));
    assert!(reviewed.lines().count() > 50, "the list was not read");
}
