//! What an approval accepts and what not; when it is stale.

use serde_json::json;

use crate::support::folder::{Folder, fingerprints, request, texts, unknown};

/// Three deviations: a member that `GetMembership` does not have, one of `DeleteMembership`, and a value of an enumeration.
fn deviations() -> Folder {
    let update = json!({"service": "cleanrooms", "operation": "UpdateProtectedQuery", "direction": "request", "payload": {
        "membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001",
        "protectedQueryIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000002",
        "targetStatus": "STOP*PED",
    }});
    Folder::new()
        .with("traffic/get.ndjson", &request("GetMembership", &["extra"]))
        .with("traffic/delete.ndjson", &request("DeleteMembership", &["extra"]))
        .with("traffic/update.ndjson", &format!("{update}\n"))
}

const GET: &str = "unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.extra";
const DELETE: &str = "unknown-member:cleanrooms:DeleteMembership:request:DeleteMembershipInput.extra";
const UPDATE: &str =
    "unknown-enum-value:cleanrooms:UpdateProtectedQuery:request:UpdateProtectedQueryInput.targetStatus:STOP*PED";

#[test]
fn wildcards_stand_for_all_parts_but_the_rule_and_values() {
    let folder = deviations();
    let (code, report) = folder.report(&["check", "traffic"]);
    assert_eq!((code, fingerprints(&report)), (Some(1), vec![DELETE, GET, UPDATE]));
    for (line, left) in [
        ("unknown-member:*:GetMembership:request:GetMembershipInput.extra", vec![DELETE, UPDATE]),
        ("unknown-member:clean*:*Membership:request:*.extra", vec![UPDATE]),
        ("unknown-member:cleanrooms:*:re*:*", vec![UPDATE]),
        ("unknown-member:cleanrooms:GetMembership:*:GetMembershipInput.*", vec![DELETE, UPDATE]),
        ("unknown-member:*:*:response:*", vec![DELETE, GET, UPDATE]),
        ("unknown-enum-value:*:*:*:*:STOP*PED", vec![DELETE, GET]),
        // A star in a value is no wildcard, and without its value a fingerprint is another one.
        ("unknown-enum-value:*:*:*:*:STOP*", vec![DELETE, GET, UPDATE]),
        ("unknown-enum-value:*:*:*:*:*", vec![DELETE, GET, UPDATE]),
        ("unknown-enum-value:*:*:*:*", vec![DELETE, GET, UPDATE]),
    ] {
        folder.approvals(&format!("\"{line}\" = {{ reason = \"seen\" }}"));
        let (code, report) = folder.report(&["check", "traffic"]);
        assert_eq!((code, fingerprints(&report)), (Some(1), left), "{line}");
    }
    folder.approvals("\"unknown-member:*:*:*:*\" = { reason = \"seen\" }");
    let (_, report) = folder.report(&["check", "traffic"]);
    let accepted = json!([{"fingerprint": "unknown-member:*:*:*:*", "reason": "seen", "findings": 2}]);
    assert_eq!(report["approvals"]["accepted"], accepted);
    let told = folder.run(&["check", "traffic", "--verbose"]).stdout;
    assert!(told.contains("approved: 2 findings of unknown-member:*:*:*:*, for: seen\n"), "{told}");
    for (line, cause) in [
        ("*:cleanrooms:*:*:*", "names no rule"),
        ("unknown-*:cleanrooms:*:*:*", "names no rule"),
        ("unknown-member:*", "accepts nothing"),
    ] {
        folder.approvals(&format!("\"{line}\" = {{ reason = \"seen\" }}"));
        let ran = folder.run(&["check", "traffic"]);
        assert_eq!(ran.code, Some(2), "{line}");
        assert!(ran.stderr.contains(cause) && ran.stderr.contains(&format!("{}:2:1: ", super::FILE)), "{}", ran.stderr);
    }
}

#[test]
fn an_approval_of_named_files_counts_there_alone() {
    let folder = Folder::new()
        .with("old/a.ndjson", &request("GetMembership", &["extra"]))
        .with("new/a.ndjson", &request("GetMembership", &["extra"]));
    let here = folder.path().to_str().expect("text").to_owned();
    for (paths, code) in [("old/*.ndjson", 1), ("old", 1), ("{old,new}/**", 0), ("**/a.ndjson", 0), ("a.ndjson", 1)] {
        folder.approvals(&format!("\"{}\" = {{ reason = \"seen\", paths = [\"{paths}\"] }}", unknown("extra")));
        for named in [&["old", "new"][..], &["./old/", "./new"], &[&format!("{here}/old"), &format!("{here}/new")]] {
            let (ran, report) = folder.report(&[&["check"], named].concat());
            assert_eq!(ran, Some(code), "{paths} {named:?}");
            let files: Vec<&str> = report["findings"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| one["location"]["file"].as_str())
                .collect();
            assert!(files.iter().all(|file| file.contains("new") || paths == "a.ndjson"), "{paths} {files:?}");
        }
    }
}

#[test]
fn an_approval_of_so_many_counts_so_often() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"]).repeat(5));
    let line = |most| format!("\"{}\" = {{ reason = \"seen\", at_most = {most} }}", unknown("extra"));
    folder.approvals(&line(5));
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(0));
    folder.approvals(&line(3));
    let (code, report) = folder.report(&["check", "a.ndjson"]);
    let lines: Vec<_> =
        report["findings"].as_array().expect("a list").iter().map(|one| &one["location"]["line"]).collect();
    assert_eq!((code, lines), (Some(1), vec![&json!(4), &json!(5)]));
    assert_eq!(report["approvals"]["exceeded"][unknown("extra")], json!({"atMost": 3, "findings": 5}));
    let told = folder.run(&["check", "a.ndjson"]).stdout;
    let exceeded = format!("exceeded: the approval of {} accepts at most 3, and there are 5\n", unknown("extra"));
    assert!(told.contains(&exceeded), "{told}");
    assert_eq!(folder.approve(&["a.ndjson", "--reason", "two more"]), "shapegate-approvals.toml: 1 renewed\n");
    assert!(folder.read(super::FILE).contains("{ reason = \"two more\", at_most = 5 }"));
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(0));
}

#[test]
fn an_expired_approval_is_reported_with_its_day() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"]));
    folder.approvals(&format!("\"{}\" = {{ reason = \"seen\", expires = 2024-12-31 }}", unknown("extra")));
    let (code, report) = folder.report(&["check", "a.ndjson"]);
    assert_eq!((code, fingerprints(&report)), (Some(1), vec![unknown("extra").as_str()]));
    assert_eq!(report["approvals"]["expired"], json!({ unknown("extra"): "2024-12-31" }));
    let told = folder.run(&["check", "a.ndjson", "--verbose"]).stdout;
    assert!(told.contains(&format!("expired on 2024-12-31: the approval of {}\n", unknown("extra"))), "{told}");
    assert!(!told.contains("paste"), "a second line would be no TOML: {told}");
    folder.approvals(&format!("\"{}\" = {{ reason = \"seen\", expires = 2999-12-31 }}", unknown("extra")));
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(0));
}

#[test]
fn an_approval_is_stale_where_the_run_would_have_needed_it() {
    let folder = Folder::new()
        .with("get/a.ndjson", &request("GetMembership", &[]))
        .with("delete/a.ndjson", &request("DeleteMembership", &[]));
    folder.approvals(&format!("\"{GET}\" = {{ reason = \"seen\", paths = [\"get\"] }}"));
    let stale = |arguments: &[&str]| {
        let (code, report) = folder.report(&[&["check"], arguments].concat());
        (code, texts(&report, "/approvals/stale").len())
    };
    assert_eq!(stale(&["get"]), (Some(0), 1));
    assert_eq!(stale(&["get", "--fail-on-stale"]), (Some(1), 1));
    assert_eq!(stale(&["get", "--fail-on-stale", "--fail-on", "never"]), (Some(1), 1));
    assert_eq!(stale(&["delete", "--fail-on-stale"]), (Some(0), 0), "another operation, and other files");
    folder.write("other/a.ndjson", &request("GetMembership", &[]));
    assert_eq!(stale(&["other", "delete", "--fail-on-stale"]), (Some(0), 0), "other files");
    for (line, count) in [
        ("unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.*", 1),
        ("unknown-member:*:*:*:*", 1),
        ("unknown-member:cleanrooms:CreateMembership:request:CreateMembershipInput.extra", 0),
        ("unknown-member:s3:GetMembership:request:GetMembershipInput.extra", 0),
        ("member-removed:cleanrooms:GetMembership:request:GetMembershipInput.extra", 0),
        ("member-newly-sent:cleanrooms:GetMembership:request:extra", 0),
    ] {
        folder.approvals(&format!("\"{line}\" = {{ reason = \"seen\" }}"));
        assert_eq!(stale(&["get"]), (Some(0), count), "{line}");
    }
    let told = folder.run(&["check", "get"]);
    assert!(!told.stdout.contains("stale"), "{}", told.stdout);
}

#[test]
fn what_cannot_be_read_is_approved_by_its_path() {
    let folder = Folder::new()
        .with("traffic/good.ndjson", &request("GetMembership", &[]))
        .with("traffic/odd [1].json", "{\"a\": ")
        .with("traffic/b.har", "");
    folder.approvals("\"malformed-recording::::\" = { reason = \"seen\" }");
    let ran = folder.run(&["check", "traffic"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("names no paths"), "{}", ran.stderr);
    folder.approvals("\"malformed-recording::::\" = { reason = \"seen\", paths = [\"traffic/odd*\"] }");
    let (code, report) = folder.report(&["check", "traffic"]);
    assert_eq!((code, report["findings"].as_array().map(Vec::len)), (Some(1), Some(1)));
    assert_eq!(folder.approve(&["traffic", "--reason", "broken on purpose"]), "shapegate-approvals.toml: 1 renewed\n");
    let line = "\"malformed-recording::::\" = { reason = \"broken on purpose\", paths = [\"traffic/odd*\", \"traffic/b.har\"] }\n";
    assert_eq!(folder.read(super::FILE), format!("[approvals]\n{line}"));
    assert_eq!(folder.run(&["check", "traffic"]).code, Some(0));
    // From nothing the paths are those of the files, as globs.
    std::fs::remove_file(folder.path().join(super::FILE)).expect("it is there");
    folder.approve(&["traffic", "--reason", "broken on purpose"]);
    assert!(folder.read(super::FILE).contains("paths = [\"traffic/b.har\", \"traffic/odd [[]1[]].json\"]"));
    assert_eq!(folder.run(&["check", "traffic"]).code, Some(0));
    folder.write("traffic/c.har", "");
    assert_eq!(folder.run(&["check", "traffic"]).code, Some(1), "another file is not known");
}
