//! `shapegate approve`: what it writes, what it keeps, and what it refuses.

use serde_json::json;

use super::FILE;
use crate::support::folder::{Folder, Ran, request, unknown};

#[test]
fn what_somebody_wrote_stays() {
    let kept = unknown("kept");
    let text = format!(
        "# Approvals of the platform team; ask in #platform.\n\n[approvals] # sorted by team\n# All of these are moto's.\n\n\
         # It has been so since 4.1.\n'{kept}'={{reason='moto',  at_most = 9}}   # see 12\n\n# ours\n\n\
         \"{}\" = {{ reason = \"gone\" }} # not needed\n\"{}\" = {{ expires = 2020-01-01, reason = \"old\" }}\n# the end\n",
        unknown("gone"),
        unknown("expired")
    );
    let folder =
        Folder::new().with("a.ndjson", &request("GetMembership", &["kept", "expired", "b", "a"])).with(FILE, &text);
    let told = folder.approve(&["a.ndjson", "--reason", "new"]);
    assert_eq!(told, "shapegate-approvals.toml: 2 added, 1 renewed; 1 stale (--prune removes them)\n");
    let new = |member| format!("\"{}\" = {{ reason = \"new\" }}\n", unknown(member));
    let old = text.replace("{ expires = 2020-01-01, reason = \"old\" }", "{ reason = \"new\" }");
    let expected = old.replace("# the end\n", &format!("{}{}# the end\n", new("a"), new("b")));
    assert_eq!(folder.read(FILE), expected);
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(0));
    let told = folder.approve(&["a.ndjson", "--prune"]);
    assert_eq!(told, "shapegate-approvals.toml: 1 removed\n");
    let pruned = expected.replace(&format!("\"{}\" = {{ reason = \"gone\" }} # not needed\n", unknown("gone")), "");
    assert_eq!(folder.read(FILE), pruned);
    assert_eq!(
        folder.approve(&["a.ndjson", "--prune", "--reason", "x"]),
        "shapegate-approvals.toml: nothing to change\n"
    );
    assert_eq!(folder.read(FILE), pruned);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing else is left there");
}

/// What is asked for is accepted alone; what else fails goes on to fail.
#[test]
fn one_rule_service_or_operation_is_accepted_alone() {
    let traffic = request("GetMembership", &["extra"]) + &request("ListMemberships", &["extra"]);
    let accepted = |options: &[&str]| {
        let folder = Folder::new().with("t/a.ndjson", &traffic);
        folder.write("t/broken.ndjson", &format!("{}\n{{\n", request("GetMembership", &[]).trim()));
        let all = [&["approve", "t", "--reason", "known"], options].concat();
        let Ran { code, stdout, stderr } = folder.run(&all);
        let fingerprints: Vec<String> = if code == Some(2) {
            vec![stderr]
        } else {
            let text = folder.read(FILE);
            text.lines().filter_map(|line| Some(line.strip_prefix('"')?.split_once('"')?.0.to_owned())).collect()
        };
        (code, fingerprints, stdout)
    };
    let everything = accepted(&[]).1;
    let of = |part: &str| everything.iter().filter(|print| print.contains(part)).cloned().collect::<Vec<_>>();
    assert!(everything.len() > of("unknown-member:").len() && of(":GetMembership:").len() == 1, "{everything:?}");
    let (code, lines, told) = accepted(&["--only-rule", "unknown-member"]);
    assert_eq!(lines, of("unknown-member:"));
    // What cannot be read is judged whatever is asked for, and is not accepted with it.
    assert!(code == Some(1) && told.contains("\nnot approved: malformed-recording:"), "{told}");
    assert_eq!(accepted(&["--only-operation", "get-membership"]).1, of(":GetMembership:"));
    assert_eq!(accepted(&["--only-service", "cleanrooms"]).1, of(":cleanrooms:"));
    assert_eq!(accepted(&["--only-rule", "malformed-*"]).1, of("malformed-recording"));
    for (option, meant) in [("--only-rule", "unknwon-member"), ("--only-service", "cleanroms")] {
        let (code, told, _) = accepted(&[option, meant]);
        assert!(code == Some(2) && told[0].contains("Did you mean"), "{told:?}");
    }
    let folder = Folder::new();
    let Ran { code, stderr, .. } = folder.run(&["approve", "--report", "r.json", "--only-rule", "x", "--reason", "y"]);
    assert!(code == Some(2) && stderr.contains("cannot be used with"), "{stderr}");
}

#[test]
fn every_character_survives() {
    let odd = [
        "a\"b",
        "a'b",
        "a\\b",
        "#a",
        "ä 日本 🦀",
        "a\nb\r\tc\u{7f}\u{1}",
        "a:b%c*d",
        "= {} [x], ",
        "",
        " ",
        "\"\"\"",
        "'''",
    ];
    let mut text = String::new();
    for (at, name) in odd.iter().enumerate() {
        text += &request("GetMembership", &[&format!("{name}{at}")]);
        let payload = json!({
            "membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001",
            "protectedQueryIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000002",
            "targetStatus": format!("{name}{at}"),
        });
        let update = json!({
            "service": "cleanrooms", "operation": "UpdateProtectedQuery", "direction": "request", "payload": payload,
        });
        text.extend([update.to_string().as_str(), "\n"]);
    }
    let folder = Folder::new().with("a.ndjson", &text);
    let reason = "a \"quoted\" 'reason' \\ # with\ntwo lines 🦀";
    let told = folder.approve(&["a.ndjson", "--reason", reason]);
    assert_eq!(told, format!("{FILE}: {} added\n", odd.len() * 2));
    let (code, report) = folder.report(&["check", "a.ndjson"]);
    assert_eq!((code, &report["summary"]["approved"]), (Some(0), &(odd.len() * 2).into()), "{}", folder.read(FILE));
    assert_eq!(report["approvals"]["approved"][0]["reason"], reason);
    assert_eq!(report["approvals"]["stale"], json!([]));
    // Lines that are printed to be pasted are read as well.
    std::fs::rename(folder.path().join(FILE), folder.path().join("other.toml")).expect("writable");
    let told = folder.run(&["check", "a.ndjson", "--verbose"]).stdout;
    let lines: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| line.ends_with(" }")).collect();
    assert_eq!(lines.len(), odd.len() * 2, "{told}");
    folder.approvals(&lines.join("\n").replace("reason = \"\"", "reason = \"seen\""));
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(0));
}

#[test]
fn the_file_may_be_another_and_have_a_last_day() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with("ci/README", "");
    let named = ["--approvals", "ci/known.toml"];
    let dry =
        folder.approve(&[&["a.ndjson", "--reason", "x", "--expires", "2999-12-31", "--dry-run"], &named[..]].concat());
    let line = format!("\"{}\" = {{ reason = \"x\", expires = 2999-12-31 }}", unknown("extra"));
    assert!(dry.contains(&format!("+[approvals]\n+{line}\n")), "{dry}");
    assert!(dry.ends_with("dry run: ci/known.toml: 1 added\n"), "{dry}");
    assert!(!folder.path().join("ci/known.toml").exists());
    folder.approve(&[&["a.ndjson", "--reason", "x", "--expires", "2999-12-31"], &named[..]].concat());
    assert_eq!(folder.read("ci/known.toml"), format!("[approvals]\n{line}\n"));
    assert_eq!(folder.run(&[&["check", "a.ndjson"], &named[..]].concat()).code, Some(0));
    assert_eq!(folder.run(&["check", "a.ndjson"]).code, Some(1), "it is not the usual file");
}

#[test]
fn what_fails_is_what_check_is_told() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"]));
    assert_eq!(
        folder.approve(&["a.ndjson", "--reason", "x", "--fail-on", "never"]),
        format!("{FILE}: nothing to change\n")
    );
    assert!(!folder.path().join(FILE).exists());
    // Exchanges without a contract are no findings.
    folder.write("b.ndjson", "{\"service\": \"s3\", \"operation\": \"GetObject\", \"request\": {}}\n");
    let more = ["--reason", "x", "--fail-on-unchecked", "--no-installed-models"];
    let Ran { code, stdout, .. } = folder.run(&[&["approve", "a.ndjson", "b.ndjson"], &more[..]].concat());
    let expected = format!("{FILE}: 1 added\nnot approved: exchanges without a contract: s3 (1)\n");
    assert_eq!((code, stdout), (Some(1), expected));
}

#[test]
fn a_report_is_as_good_as_a_run() {
    let folder = Folder::new()
        .with("a.ndjson", &request("GetMembership", &["extra"]))
        .with("b.json", "{\"a\": ")
        .with(FILE, &format!("[approvals]\n\"{}\" = {{ reason = \"gone\" }}\n", unknown("gone")));
    assert_eq!(folder.run(&["check", "a.ndjson", "b.json", "--report", "json=report.json"]).code, Some(1));
    let told = folder.approve(&["--report", "report.json", "--reason", "x", "--prune"]);
    assert_eq!(told, format!("{FILE}: 2 added, 1 removed\n"));
    assert_eq!(folder.run(&["check", "a.ndjson", "b.json", "--fail-on-stale"]).code, Some(0));
    let told = folder.approve(&["--report", "report.json", "--reason", "y"]);
    assert_eq!(told, format!("{FILE}: nothing to change; 2 there already; 1 stale (--prune removes them)\n"));
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with(FILE, "[approvals]\n");
    folder.run(&["check", "a.ndjson", "--report", "ndjson=lines.ndjson"]);
    folder.run(&["list", "a.ndjson", "--report", "json=list.json"]);
    let empty = json!({"report": 2, "job": "check"}).to_string();
    let unknown_rule = json!({"report": 2, "job": "check", "approvals": {"toApprove": [{"fingerprint": "no-rule:a:::"}], "stale": []}});
    for (name, text, cause) in [
        ("missing.json", None, "missing.json: "),
        ("lines.ndjson", None, "lines.ndjson: it is no JSON report"),
        ("list.json", None, "a report of \"list\" has nothing to approve"),
        ("old.json", Some(r#"{"report": 1, "findings": []}"#), "version 1, and approve reads version 2"),
        ("new.json", Some(r#"{"report": 3}"#), "version 3"),
        ("other.json", Some("[]"), "it is no JSON report of shapegate"),
        ("empty.json", Some(empty.as_str()), "missing field `approvals`"),
        ("rule.json", Some(&unknown_rule.to_string()), "names no rule"),
    ] {
        if let Some(text) = text {
            folder.write(name, text);
        }
        let ran = folder.run(&["approve", "--report", name, "--reason", "x"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(cause), "{name}: {}", ran.stderr);
        assert!(
            name == "missing.json" || name == "rule.json" || ran.stderr.contains("--report json=FILE"),
            "{}",
            ran.stderr
        );
        assert_eq!(folder.read(FILE), "[approvals]\n");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with("r.json", "{}");
    for (arguments, cause) in [
        (&["a.ndjson"][..], "--reason"),
        (&["a.ndjson", "--reason", " "], "--reason is empty"),
        (&["a.ndjson", "--reason", "x", "--expires", "2027-02-30"], "a day is written as in 2027-01-31"),
        (&["a.ndjson", "--reason", "x", "--expires", "soon"], "a day is written as in 2027-01-31"),
        (&["a.ndjson", "--reason", "x", "--expires", "2020-01-01"], "2020-01-01 is over"),
        (&["a.ndjson", "--prune", "--expires", "2999-01-01"], "--reason"),
        (&["--reason", "x"], "no recordings are named"),
        (&["a.ndjson", "--report", "r.json", "--reason", "x"], "cannot be used with"),
        (&["--report", "r.json", "--reason", "x", "--contract", "cleanrooms"], "cannot be used with"),
        (&["--report", "r.json", "--reason", "x", "--threads", "1"], "cannot be used with"),
        (&["a.ndjson", "--prune", "--approvals", "nowhere.toml"], "nowhere.toml"),
        (&["nowhere.ndjson", "--reason", "x"], "nowhere.ndjson"),
    ] {
        let ran = folder.run(&[&["approve"], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(cause), "{arguments:?}: {}", ran.stderr);
        assert!(!folder.path().join(FILE).exists(), "{arguments:?}");
    }
    // A mistake in the file is reported, and nothing is written.
    folder.approvals("\"unknown-member\" = { reason = \"x\" }");
    let before = folder.read(FILE);
    let ran = folder.run(&["approve", "a.ndjson", "--reason", "x"]);
    assert!(ran.code == Some(2) && ran.stderr.contains(&format!("{FILE}:2:1: ")), "{}", ran.stderr);
    assert_eq!(folder.read(FILE), before);
}

#[cfg(unix)]
#[test]
fn a_link_and_its_permissions_stay() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt, symlink};
    let folder =
        Folder::new().with("a.ndjson", &request("GetMembership", &["extra"])).with("shared/known.toml", "# ours\n");
    let (link, real) = (folder.path().join(FILE), folder.path().join("shared/known.toml"));
    symlink("shared/known.toml", &link).expect("a link");
    std::fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).expect("ours");
    folder.approve(&["a.ndjson", "--reason", "x"]);
    assert!(std::fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert_eq!(std::fs::metadata(&real).expect("it is there").mode() & 0o777, 0o640);
    assert!(
        folder.read("shared/known.toml").starts_with("# ours\n[approvals]\n"),
        "{}",
        folder.read("shared/known.toml")
    );
}
