//! Approvals in jobs other than `check`.

use std::path::PathBuf;

use serde_json::Value;

use super::FILE;
use crate::support::folder::{Folder, fingerprints, model, texts, thing};
#[cfg(feature = "harness")]
use crate::support::folder::{request, unknown};
use crate::support::root;

/// Exchanges that conform to the release of 2023-08-30 alone.
fn recordings() -> PathBuf {
    root().join("fixtures/recordings/cleanrooms/exchanges.ndjson")
}

/// Whether traffic fails, from release to release.
fn turns(report: &Value) -> Vec<(bool, &str)> {
    let turns = report["history"]["spans"].as_array().expect("a list");
    turns.iter().map(|turn| (turn["fails"] == true, turn["first"].as_str().expect("a day"))).collect()
}

#[test]
fn a_history_does_not_count_what_was_approved() {
    let folder = Folder::new();
    let traffic = recordings();
    let history = ["history", traffic.to_str().expect("text")];
    let (code, report) = folder.report(&history);
    let first = report["history"]["releases"][0]["release"].as_str().expect("a day");
    assert_eq!((code, turns(&report)), (Some(0), vec![(true, first), (false, "2023-08-30"), (true, "2023-11-14")]));
    folder.write("report.json", &report.to_string());
    folder.approve(&["--report", "report.json", "--reason", "recorded before there were payments"]);
    let lines = folder.read(FILE);
    assert!(lines.lines().skip(1).all(|line| line.contains("missing-member:cleanrooms:")), "{lines}");
    let (_, report) = folder.report(&history);
    assert_eq!(turns(&report), [(true, first), (false, "2023-08-30")], "under no release do they fail");
    assert_eq!(texts(&report, "/approvals/stale"), Vec::<&str>::new());
    let told = folder.run(&history).stdout;
    assert!(
        told.lines().last().is_some_and(|line| line.starts_with("fails until ") && !line.contains("fails from")),
        "{told}"
    );
    // What is approved fails under an older release neither, and is not stale though the newest has none of it.
    let of_older = report["history"]["releases"].as_array().expect("a list").iter().flat_map(|release| {
        release["gone"].as_array().into_iter().flatten().filter_map(|finding| finding["fingerprint"].as_str())
    });
    let mut more: Vec<String> = of_older.map(|print| format!("{print:?} = {{ reason = \"older\" }}")).collect();
    more.sort();
    more.dedup();
    folder.write(FILE, &format!("{lines}{}\n", more.join("\n")));
    let (_, report) = folder.report(&history);
    assert_eq!(turns(&report).last(), Some(&(false, first)), "{:#}", report["history"]["spans"]);
    assert_eq!(texts(&report, "/approvals/stale"), Vec::<&str>::new());
}

#[test]
fn a_snapshot_judges_with_the_same_file() {
    let all = ["a", "b", "c"].map(str::to_owned);
    let folder = Folder::new()
        .with("model.json", &model(&all))
        .with("before.ndjson", &thing(&all[..1]))
        .with("after.ndjson", &thing(&all[1..]));
    folder.run(&["snapshot", "--model", "model.json", "--out", "wire.toml", "before.ndjson"]);
    let compare = ["snapshot", "--model", "model.json", "--compare", "wire.toml", "after.ndjson"];
    let (code, report) = folder.report(&compare);
    let sent = [
        "member-no-longer-sent:thing:MakeThing:request:a",
        "member-newly-sent:thing:MakeThing:request:b",
        "member-newly-sent:thing:MakeThing:request:c",
    ];
    assert_eq!((code, fingerprints(&report)), (Some(1), sent.to_vec()));
    folder.approvals(
        "\"member-newly-sent:*:MakeThing:request:*\" = { reason = \"meant\" }\n\
         \"member-no-longer-sent:thing:MakeThing:request:b\" = { reason = \"not needed\" }\n\
         \"member-no-longer-sent:thing:Other:request:b\" = { reason = \"another operation\" }\n\
         \"unknown-member:thing:MakeThing:request:b\" = { reason = \"another job\" }",
    );
    let (code, report) = folder.report(&compare);
    assert_eq!((code, fingerprints(&report)), (Some(1), sent[..1].to_vec()));
    assert_eq!(texts(&report, "/approvals/stale"), ["member-no-longer-sent:thing:MakeThing:request:b"]);
    let told = folder.run(&compare).stdout;
    assert!(told.contains("-request.member.a = ") && !told.contains("+request.member.b"), "{told}");
    folder.write("report.json", &report.to_string());
    folder.approve(&["--report", "report.json", "--reason", "meant", "--prune"]);
    assert_eq!(folder.run(&[&compare[..], &["--fail-on-stale"]].concat()).code, Some(0));
    let told = folder.run(&compare).stdout;
    assert!(told.starts_with("passed: 0 errors") && told.ends_with("3 approved\n"), "{told}");
}

#[test]
fn a_gate_says_nothing_of_other_jobs() {
    let all = ["a", "b", "c"].map(str::to_owned);
    let folder = Folder::new().with("old.json", &model(&all)).with("new.json", &model(&all[..1]));
    let gate = ["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses"];
    folder.approvals(
        "\"member-removed:*:*:request:*.b\" = { reason = \"meant\" }\n\
         \"member-removed:thing:MakeThing:request:MakeInput.d\" = { reason = \"not needed\" }\n\
         \"member-removed:other:MakeThing:request:MakeInput.d\" = { reason = \"another service\" }\n\
         \"member-newly-sent:thing:MakeThing:request:b\" = { reason = \"another job\" }\n\
         \"unknown-member:thing:MakeThing:request:b\" = { reason = \"another job\" }",
    );
    let (code, report) = folder.report(&gate);
    assert_eq!((code, fingerprints(&report)), (Some(1), vec!["member-removed:thing:MakeThing:request:MakeInput.c"]));
    assert_eq!(texts(&report, "/approvals/stale"), ["member-removed:thing:MakeThing:request:MakeInput.d"]);
    folder.write("report.json", &report.to_string());
    folder.approve(&["--report", "report.json", "--reason", "meant", "--prune"]);
    assert_eq!(folder.run(&[&gate[..], &["--fail-on-stale"]].concat()).code, Some(0));
    folder.approvals("\"member-removed:thing:*:*:*\" = { reason = \"x\", paths = [\"a\"] }");
    let ran = folder.run(&gate);
    assert!(
        ran.code == Some(2) && ran.stderr.contains("a difference between models is in no recording"),
        "{}",
        ran.stderr
    );
}

/// An exchange that several differences break is shown for the one that nobody approved.
#[test]
fn a_broken_exchange_is_shown_for_what_nobody_approved() {
    let all = ["a", "b", "c"].map(str::to_owned);
    let folder = Folder::new().with("old.json", &model(&all)).with("new.json", &model(&all[..1]));
    folder.write("traffic.ndjson", &format!("{}{}", thing(&all), thing(&all[..2])));
    let gate = ["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses", "--traffic", "traffic.ndjson"];
    folder.approvals("\"member-removed:thing:MakeThing:request:MakeInput.b\" = { reason = \"meant\" }");
    let told = folder.run(&gate).stdout;
    let expected = "recorded traffic: 2 of 2 exchanges break the new contract where they kept the old\n  \
                    1 of them for differences that are approved\n  traffic.ndjson:1:";
    assert!(told.contains(expected) && told.contains("MakeInput has no member `c`"), "{told}");
    assert!(!told.contains("`b`"), "{told}");
}

#[cfg(feature = "harness")]
#[test]
fn the_harness_judges_with_a_file_of_approvals() {
    use shapegate::gate::Day;
    use shapegate::harness::Harness;

    let folder = Folder::new()
        .with("tests/a.ndjson", &request("GetMembership", &["extra"]))
        .with("tests/b.ndjson", &request("GetMembership", &["extra", "more"]).repeat(2));
    let line = |rest| format!("[approvals]\n\"{}\" = {{ reason = \"seen\"{rest} }}\n", unknown("extra"));
    let tests = folder.path().join("tests");
    let judged = |today: Option<&str>| {
        let harness = Harness::new(&tests).contract("cleanrooms@2023-08-30").approvals(folder.path().join(FILE));
        let today = today.map(|day| Day::parse(day).expect("a day"));
        let cases = today.map_or(harness.clone(), |day| harness.today(day)).cases().cases;
        cases.iter().map(|case| case.judge().err().unwrap_or_default()).collect::<Vec<String>>()
    };
    folder.write(FILE, &line(""));
    let [first, second] = &judged(None)[..] else { panic!("two cases") };
    assert_eq!(first, "");
    assert!(second.contains("`more`") && !second.contains("`extra`") && second.contains("; 2 approved"), "{second}");
    folder.write(FILE, &line(", expires = 2026-01-31"));
    assert_eq!(judged(Some("2026-01-31"))[0], "");
    let late = &judged(Some("2026-02-01"))[0];
    assert!(late.contains("expired on 2026-01-31: the approval of "), "{late}");
    assert_eq!(judged(None)[0], "", "without a day none expires");
    folder.write(FILE, &line(", paths = [\"tests/b.ndjson\"]"));
    assert!(judged(None)[0].contains("`extra`"));
    // Another recording may need what this one does not.
    folder.write(FILE, &format!("{}\"{}\" = {{ reason = \"b\" }}\n", line(", at_most = 1"), unknown("more")));
    let [first, second] = &judged(None)[..] else { panic!("two cases") };
    assert_eq!(first, "");
    assert!(second.contains("exceeded: ") && !second.contains("stale: "), "{second}");
    folder.write("tests/c.ndjson", &request("GetMembership", &["other"]));
    let third = &judged(None)[2];
    assert!(third.contains("`other`") && !third.contains("stale"), "{third}");
    folder.write(FILE, "[approvals]\n\"unknown-member\" = { reason = \"x\" }\n");
    assert!(judged(None)[0].contains("accepts nothing"), "a mistake is a case that fails");
}
