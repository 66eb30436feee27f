//! `--contract cleanrooms@recorded`: each exchange is held against the contract of the day on which it was recorded.

use std::collections::BTreeMap;
use std::io::Cursor;

use shapegate::check::{Catalog, Checked, Input};
use shapegate::outcome::Tally;

use crate::support::{check, root};

fn catalog(names: &[&str]) -> Catalog {
    let mut catalog = Catalog::default();
    for name in names {
        catalog.add_named(name).expect("it is embedded");
    }
    catalog
}

/// Until 2023-08-29 a started query had to say where its result goes.
const START: &str = r#"{"type":"SQL","membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001","sqlParameters":{"queryString":"select 1"}}"#;

fn record(recorded_at: Option<&str>) -> String {
    let time = recorded_at.map_or_else(String::new, |time| format!(r#","recordedAt":"{time}""#));
    format!(r#"{{"service":"cleanrooms","operation":"StartProtectedQuery"{time},"request":{START}}}"#)
}

fn checked(names: &[&str], records: &[Option<&str>], threads: usize) -> Checked {
    let text: Vec<String> = records.iter().map(|time| record(*time)).collect();
    check(&catalog(names), vec![Input::Stream(Box::new(Cursor::new(text.join("\n"))))], threads)
}

fn counts(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn each_exchange_has_the_contract_of_its_day() {
    let times = ["2023-08-29T23:59:59Z", "2023-08-30T00:00:00Z", "2023-08-29T20:00:00-07:00", "2025-01-01T00:00:00Z"];
    let Checked { tally, findings, .. } = checked(&["cleanrooms@recorded"], &times.map(Some), 1);
    let expected = [("cleanrooms@2023-07-31", 1), ("cleanrooms@2023-08-30", 2), ("cleanrooms@2024-12-02", 1)];
    assert_eq!((tally.releases, tally.undated), (counts(&expected), counts(&[])));
    let told: Vec<_> = findings.iter().map(|finding| (finding.rule.id, finding.location.entry)).collect();
    assert_eq!(told, [("missing-member", Some(0))], "only the first had to say more: {findings:#?}");
}

#[test]
fn what_tells_no_time_takes_the_newest_or_what_is_named_for_it() {
    let times = [None, Some("yesterday"), Some("2020-01-01T00:00:00Z"), Some("2023-09-01T00:00:00Z")];
    let newest = shapegate::ingest::embedded::find("cleanrooms").expect("embedded").release;
    let Tally { releases, undated, .. } = checked(&["cleanrooms@recorded"], &times, 1).tally;
    assert_eq!(releases, counts(&[("cleanrooms@2023-08-30", 1)]));
    assert_eq!(undated, counts(&[(&format!("cleanrooms@{newest}"), 3)]));
    let settled = checked(&["cleanrooms@recorded", "cleanrooms@2023-08-01"], &times, 1);
    assert_eq!(settled.tally.undated, counts(&[("cleanrooms@2023-07-31", 3)]));
    assert_eq!(settled.findings.len(), 3, "{:#?}", settled.findings);
    let fixed = checked(&["cleanrooms@2023-08-30", "cleanrooms@recorded"], &times, 1).tally;
    assert_eq!((fixed.releases, fixed.undated), (counts(&[]), counts(&[])), "what is named first wins");
}

#[test]
fn what_is_older_than_the_newest_contract_and_fails_is_counted() {
    let newest = shapegate::ingest::embedded::find("cleanrooms").expect("embedded").release;
    let faulty = |time: Option<&str>| record(time).replace(r#""type":"SQL","#, "");
    let lines = [
        faulty(Some("2023-09-01T00:00:00Z")),
        faulty(Some(&format!("{newest}T12:00:00Z"))),
        faulty(None),
        faulty(Some("2020-01-01T00:00:00Z")),
        record(Some("2023-09-01T00:00:00Z")),
        record(Some("2023-09-01T00:00:00Z")).replace("\"SQL\"", "\"NoSQL\""),
    ];
    let outdated = |contract: &str| {
        let input = Input::Stream(Box::new(Cursor::new(lines.join("\n"))));
        check(&catalog(&[contract]), vec![input], 1).tally.outdated
    };
    // The first alone: the second is of the newest's day, two tell no time of a release, and of the last none lacks a member.
    assert_eq!(outdated("cleanrooms"), counts(&[(&format!("cleanrooms@{newest}"), 1)]));
    // Who chose a contract knows which.
    assert_eq!(outdated("cleanrooms@2023-08-30"), counts(&[]));
    assert_eq!(outdated("cleanrooms@recorded"), counts(&[]));
}

#[test]
fn neither_threads_nor_order_change_the_result() {
    let days = ["2023-03-01", "2023-08-30", "2024-04-05", "2026-06-30"];
    let times: Vec<Option<&str>> = (0..4000).map(|at| Some(days[at % days.len()])).collect();
    let one = checked(&["cleanrooms@recorded"], &times, 1);
    let four = checked(&["cleanrooms@recorded"], &times, 4);
    assert_eq!((&one.tally, &one.findings), (&four.tally, &four.findings));
    let mut reversed = times.clone();
    reversed.reverse();
    assert_eq!(one.tally, checked(&["cleanrooms@recorded"], &reversed, 4).tally);
    assert_eq!(one.findings.len(), 1000, "those of 2023-03-01");
}

#[test]
fn every_format_that_keeps_a_time_tells_it() {
    let catalog = catalog(&["cleanrooms@recorded"]);
    let seen = |path: &str| check(&catalog, vec![Input::Path(root().join("fixtures/recordings").join(path))], 2).tally;
    for path in [
        "cleanrooms/cloudtrail",
        "cleanrooms/exchanges.ndjson",
        "cleanrooms/localstack",
        "cleanrooms/placebo",
        "cleanrooms-http/botocore-log",
        "cleanrooms-http/dd-apm-test-agent",
        "cleanrooms-http/go-vcr",
        "cleanrooms-http/har",
        "cleanrooms-http/httpreplay",
        "cleanrooms-http/httprr",
        "cleanrooms-http/langchain-tests",
        "cleanrooms-http/loopback",
        "cleanrooms-http/mitmproxy",
        "cleanrooms-http/nock",
        "cleanrooms-http/polly",
        "cleanrooms-http/ruby-vcr",
        "cleanrooms-http/smithy-dvr",
        "cleanrooms-http/smithy-kotlin",
        "cleanrooms-http/vcrpy",
        "cleanrooms-http/vcrpy-json",
        "cleanrooms-http/wiremock",
    ] {
        let Tally { releases, undated, .. } = seen(path);
        assert!(undated.is_empty(), "{path}: {undated:?}");
        assert_eq!(releases.keys().collect::<Vec<_>>(), ["cleanrooms@2023-08-30"], "{path}");
    }
    let undated = seen("cleanrooms/payloads.ndjson");
    assert!(undated.releases.is_empty() && !undated.undated.is_empty());
}

#[test]
fn a_contract_alone_needs_a_day() {
    let catalog = catalog(&["cleanrooms@recorded"]);
    let error = catalog.contract("cleanrooms").expect_err("which one is open");
    assert!(error.to_string().contains("no recorded traffic here"), "{error}");
    assert!(Catalog::default().add_named("s3@recorded").is_err());
}
