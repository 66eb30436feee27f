//! What limits an approval holds, however files are named and whoever edits the file.

use serde_json::json;

use super::FILE;
use crate::support::folder::{Folder, fingerprints, request, texts, unknown};

const BROKEN: &str = "{\"service\":\"cleanrooms\",";

#[test]
fn a_file_is_the_same_however_it_is_named() {
    let folder = Folder::new()
        .with("old/x.json", BROKEN)
        .with("new/x.json", BROKEN)
        .with("sub/old/x.json", BROKEN)
        .with(FILE, "[approvals]\n\"malformed-recording::::\" = { reason = \"r\", paths = [\"old/**\"] }\n");
    let whole = folder.path().join("old").display().to_string();
    for (path, code) in [
        ("old", 0),
        ("./old//", 0),
        ("new/../old", 0),
        (&whole, 0),
        ("new", 1),
        ("old/../new", 1),
        ("sub/old", 1),
        ("sub/../new/x.json", 1),
    ] {
        let ran = folder.run(&["check", path]);
        assert_eq!(ran.code, Some(code), "{path}: {}{}", ran.stdout, ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_what_it_leads_to() {
    let folder = Folder::new().with("far/deep/x.json", BROKEN).with("far/z.json", BROKEN).with("z.json", BROKEN).with(
        FILE,
        "[approvals]\n\"malformed-recording::::\" = { reason = \"r\", paths = [\"z.json\", \"far/deep\"] }\n",
    );
    std::os::unix::fs::symlink("far/deep", folder.path().join("lnk")).expect("writable");
    for (path, code) in [("z.json", 0), ("lnk/x.json", 0), ("lnk/../z.json", 1)] {
        assert_eq!(folder.run(&["check", path]).code, Some(code), "{path}");
    }
}

#[test]
fn the_first_approval_through_a_report_names_the_file_from_here() {
    let folder = Folder::new().with("old/x.json", BROKEN);
    folder.run(&["check", "old", "--report", "json=r.json"]);
    folder.approve(&["--report", "r.json", "--reason", "x"]);
    assert!(folder.read(FILE).contains("paths = [\"old/x.json\"]"), "{}", folder.read(FILE));
    assert_eq!(folder.run(&["check", "old"]).code, Some(0));
}

#[test]
fn a_line_of_its_own_is_as_limited_as_the_one_with_wildcards() {
    let line = |limit: &str| format!("\"unknown-member:*:*:*:*\" = {{ reason = \"w\", {limit} }}");
    let folder = Folder::new().with("b.ndjson", &request("GetMembership", &["extra"]));
    folder.write("a.ndjson", &request("GetMembership", &["extra"]));
    for (limit, own) in [("paths = [\"a.ndjson\"]", "paths = [\"b.ndjson\"]"), ("at_most = 1", "at_most = 1")] {
        folder.approvals(&line(limit));
        folder.approve(&[".", "--reason", "r"]);
        let expected = format!("\"{}\" = {{ reason = \"r\", {own} }}", unknown("extra"));
        assert!(folder.read(FILE).contains(&expected), "{}", folder.read(FILE));
        let ran = folder.run(&["check", ".", "--fail-on-stale"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
        folder.write("c.ndjson", &request("GetMembership", &["extra"]));
        assert_eq!(folder.run(&["check", "."]).code, Some(1), "{limit}");
        std::fs::remove_file(folder.path().join("c.ndjson")).expect("there");
    }
}

#[test]
fn a_report_adds_no_wildcards_and_standard_input_no_path() {
    let report = json!({"report": 2, "job": "check", "approvals": {
        "toApprove": [{"fingerprint": "unknown-member:*:*:*:*"}], "stale": []}});
    let stdin = json!({"report": 2, "job": "check", "approvals": {
        "toApprove": [{"fingerprint": "malformed-recording::::", "paths": ["-"]}], "stale": []}});
    for (report, cause) in [(report, "has wildcards"), (stdin, "standard input has no path")] {
        let folder = Folder::new().with("r.json", &report.to_string());
        let ran = folder.run(&["approve", "--report", "r.json", "--reason", "x"]);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains(cause) && !folder.path().join(FILE).exists(), "{}", ran.stderr);
    }
}

/// A report that failed for what no approval can accept is not made to pass.
#[test]
fn what_a_report_failed_for_beside_findings_is_told() {
    let stranger = json!({"service": "unheard-of", "operation": "Do", "direction": "request", "payload": {}});
    let folder = Folder::new().with("a.ndjson", &format!("{stranger}\n{}", request("GetMembership", &[])));
    folder.run(&["check", "a.ndjson", "--fail-on-unchecked", "--report", "json=r.json"]);
    let ran = folder.run(&["approve", "--report", "r.json", "--reason", "x"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("not approved: what else r.json failed for"), "{}", ran.stdout);
    folder.run(&["check", "a.ndjson", "--report", "json=r.json"]);
    assert_eq!(folder.run(&["approve", "--report", "r.json", "--reason", "x"]).code, Some(0));
}

/// Of a response nothing is known where only requests were judged.
#[test]
fn an_approval_of_the_other_half_is_not_stale() {
    let line = unknown("extra").replace(":request:", ":response:");
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &[]));
    for (line, stale) in [(&line, vec![]), (&unknown("extra"), vec![unknown("extra")])] {
        folder.approvals(&format!("\"{line}\" = {{ reason = \"r\" }}"));
        let (_, report) = folder.report(&["check", "a.ndjson"]);
        assert_eq!(texts(&report, "/approvals/stale"), stale);
    }
}

#[test]
fn the_file_keeps_its_line_ends_and_comments() {
    let line = format!("\"{}\" = {{ reason = \"r\" }}", unknown("extra"));
    let text = format!("\u{feff}[approvals]\r\n# kept\r\n{line}\r\n");
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra", "more"])).with(FILE, &text);
    let alone = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with(FILE, &text);
    alone.approve(&["a.ndjson", "--reason", "r"]);
    assert_eq!(alone.read(FILE), text);
    folder.approve(&["a.ndjson", "--reason", "r"]);
    assert_eq!(folder.read(FILE), text + &line.replace(".extra", ".more") + "\r\n");
    let comment = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with(FILE, "# only this");
    comment.approve(&["a.ndjson", "--reason", "r"]);
    assert_eq!(comment.read(FILE), format!("# only this\n[approvals]\n{line}\n"));
}

/// A list that is a number is another deviation than an element that is one.
#[test]
fn elements_are_told_from_their_list() {
    let line = |abilities: serde_json::Value| {
        let membership = json!({"membership": {"memberAbilities": abilities}});
        json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "response", "payload": membership})
            .to_string()
    };
    let folder = Folder::new().with("list.ndjson", &line(json!(5))).with("element.ndjson", &line(json!([5])));
    for (file, end) in [("list.ndjson", ".memberAbilities:number"), ("element.ndjson", ".memberAbilities[]:number")] {
        let (_, report) = folder.report(&["check", file]);
        let wrong: Vec<_> = fingerprints(&report).into_iter().filter(|one| one.starts_with("wrong-type:")).collect();
        assert!(wrong.len() == 1 && wrong[0].ends_with(end), "{wrong:?}");
    }
}
