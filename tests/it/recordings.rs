//! The project's own recordings: what is clean is clean, and what is faulty is found where it was made faulty.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shapegate::check::Checked;

use crate::support::{check_paths, root};

/// File, entry, rule and pointer of a finding.
type Row = (String, Option<usize>, String, String);

const RELEASE: &str = "cleanrooms@2023-08-30";

#[test]
fn clean_recordings_have_no_finding() {
    let checked = check_paths(RELEASE, &[root().join("fixtures/recordings")]);
    let told: Vec<Row> = rows(&checked, Path::new(""));
    assert!(told.is_empty(), "{told:#?}");
    assert!(checked.tally.recordings >= 50, "{:?}", checked.tally);
    assert!(checked.tally.payloads > 300 && checked.tally.exchanges > 100, "{:?}", checked.tally);
    assert!(checked.tally.unchecked.is_empty(), "{:?}", checked.tally);
}

#[test]
fn faulty_twins_have_the_findings_that_are_listed() {
    let folder = root().join("fixtures/faulty");
    let found: BTreeSet<Row> =
        rows(&check_paths(RELEASE, std::slice::from_ref(&folder)), &folder).into_iter().collect();
    let listed = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("the list is part of the fixtures");
    let expected: BTreeSet<Row> = listed.lines().filter(|line| !line.is_empty()).map(row).collect();
    assert!(expected.len() > 100, "the list was not read");
    let missed: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(missed.is_empty() && surplus.is_empty(), "missed {missed:#?}\nnot listed {surplus:#?}");
}

/// The two contracts differ: what came to the API after the page is unknown to the older one alone.
#[test]
fn the_older_contract_does_not_know_what_came_later() {
    let moto = [root().join("fixtures/faulty/moto/memberships.ndjson")];
    let unknown = |contract| {
        let checked = check_paths(contract, &moto);
        let members = checked.findings.iter().filter(|finding| finding.rule.id == "unknown-member");
        members.filter_map(|finding| finding.member.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(unknown(RELEASE), BTreeSet::from(["paymentConfiguration".to_owned()]));
    assert_eq!(unknown("cleanrooms"), BTreeSet::new());
}

#[test]
#[ignore = "needs ../shared/samples, run by .ci/run"]
fn real_recordings_keep_the_newest_contract_and_break_the_old_one() {
    let samples = [root().join("../shared/samples/placebo")];
    let newest = check_paths("cleanrooms", &samples);
    let errors: Vec<Row> = rows(&newest, Path::new(""));
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(newest.tally.payloads, 10, "{:?}", newest.tally);
    assert_eq!(newest.tally.unchecked.get("tagging"), Some(&3), "{:?}", newest.tally);
    let old = check_paths(RELEASE, &samples);
    assert_eq!(old.findings.iter().filter(|finding| finding.rule.id == "unknown-member").count(), 21);
    for finding in &old.findings {
        // Two enumerations grew as well.
        assert!(matches!(finding.rule.id, "unknown-member" | "unknown-enum-value"), "{finding:#?}");
        assert!(finding.location.position.is_some() && finding.pointer.len() > 1, "{finding:#?}");
    }
}

fn rows(checked: &Checked, base: &Path) -> Vec<Row> {
    let file = |path: &str| {
        let path = PathBuf::from(path);
        path.strip_prefix(base).unwrap_or(&path).display().to_string()
    };
    let findings = checked.findings.iter();
    findings.map(|f| (file(&f.location.file), f.location.entry, f.rule.id.to_owned(), f.pointer.clone())).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, entry, rule, pointer] = cells[..] else { panic!("four cells: {line:?}") };
    (file.to_owned(), entry.parse().ok(), rule.to_owned(), pointer.to_owned())
}
