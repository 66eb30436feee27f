//! `shapegate gate`: what it says of an upgrade, how traffic weighs in, and what approvals do.
//!
//! The models and the traffic are in `fixtures/upgrades`; rules on single differences have their own cases.

mod in_question;
mod replayed;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use insta::assert_snapshot;
use serde_json::Value;

use crate::formats::assert_report;
use crate::support::root;

fn gate(arguments: &[&str]) -> Output {
    gate_in(root(), arguments)
}

fn gate_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shapegate"));
    command.arg("gate").args(arguments).current_dir(folder).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn orders(more: &[&str]) -> Output {
    let models = ["--from", "fixtures/upgrades/orders/old.json", "--to", "fixtures/upgrades/orders/new.json"];
    gate(&[&models[..], more].concat())
}

fn json(more: &[&str]) -> Value {
    let output = orders(&[more, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

const TRAFFIC: &str = "fixtures/upgrades/orders/traffic";

/// Finding of that rule and identifying value.
fn finding<'r>(report: &'r Value, rule: &str, value: &str) -> &'r Value {
    let all = report["findings"].as_array().expect("a list");
    let is_it = |finding: &&Value| {
        finding["rule"] == rule && finding["fingerprint"].as_str().is_some_and(|print| print.contains(value))
    };
    all.iter().find(is_it).unwrap_or_else(|| panic!("no {rule} {value} in {report:#}"))
}

#[test]
fn an_upgrade_is_told_with_its_traffic() {
    let output = orders(&["--traffic", TRAFFIC]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(text(&output.stdout));
}

#[test]
fn an_upgrade_is_told_without_traffic() {
    let output = orders(&["--profile", "typed", "--verbose"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(text(&output.stdout));
}

#[test]
fn traffic_is_counted_by_what_differs() {
    let report = json(&["--traffic", TRAFFIC]);
    for (rule, value, exchanges) in [
        ("operation-removed", "CancelOrder", [0, 6]),
        ("enum-value-removed", "request:Size:SMALL", [1, 2]),
        ("enum-value-removed", "response:Size:SMALL", [0, 6]),
        ("enum-value-removed", "State:LOST", [1, 6]),
        ("enum-value-added", "State:RETURNED", [5, 6]),
        ("max-tightened", "Note", [1, 2]),
        ("required-member-added", "payer", [2, 2]),
        ("member-became-required", "Order.price", [5, 6]),
        ("pattern-changed", "Ref", [0, 2]),
    ] {
        let recorded = &finding(&report, rule, value)["values"]["recorded"];
        assert_eq!([&recorded["exchanges"], &recorded["of"]].map(Value::as_u64), exchanges.map(Some), "{rule} {value}");
    }
    let replay = &report["upgrade"]["replay"];
    assert_eq!((&replay["exchanges"], &replay["brokenBefore"]), (&6.into(), &1.into()));
    let lines: Vec<&Value> = replay["brokenByIt"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|broken| &broken["finding"]["location"]["line"])
        .collect();
    assert_eq!(lines, [1, 2, 4, 5]);
}

#[test]
fn an_exchange_that_breaks_is_the_witness_of_what_breaks_it() {
    let report = json(&["--traffic", TRAFFIC]);
    let witness = |rule, value| finding(&report, rule, value)["values"]["witness"].clone();
    assert_eq!(witness("required-member-added", "payer")["recorded"]["line"], 1);
    assert_eq!(witness("enum-value-removed", "request:Size:SMALL")["recorded"]["line"], 2);
    assert_eq!(witness("enum-value-removed", "State:LOST")["pointer"], "/order/state");
    // Nothing recorded has it, so it was generated.
    assert_eq!(witness("member-removed", "gift")["generated"]["gift"], false);
}

/// What an emulator adds to every response must not hide what the upgrade breaks.
#[test]
fn an_exchange_that_breaks_in_one_place_is_held_in_the_others() {
    let recorded = fs::read_to_string(root().join(TRAFFIC).join("orders.ndjson")).expect("a fixture");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("a.ndjson");
    let replayed = |text: &str| {
        fs::write(&file, text).expect("writable");
        let replay = json(&["--traffic", &file.display().to_string()])["upgrade"]["replay"].clone();
        let broken: Vec<_> =
            replay["brokenByIt"].as_array().expect("a list").iter().map(|one| one["by"].clone()).collect();
        (broken, replay["brokenBefore"].as_u64(), replay["mended"].as_u64())
    };
    let (plain, before, mended) = replayed(&recorded);
    assert_eq!((plain.len(), before, mended), (4, Some(1), Some(0)));
    let tagged = recorded.replace("\"order\": {", "\"tag\": 1, \"order\": {");
    assert_eq!(replayed(&tagged), (plain, Some(5), Some(0)), "`tag` is a member of neither");
    let gone = r#"{"service": "orders", "operation": "GetOrder", "response": {"order": {"id": "1", "state": "RETURNED", "price": 3}}}"#;
    assert_eq!(replayed(gone), (vec![], Some(1), Some(1)), "the newer has the value");
}

/// Each exchange is put down to the one difference that breaks it, wherever that lies.
#[test]
fn what_breaks_an_exchange_is_told_by_its_place() {
    let models = ["--from", "fixtures/upgrades/places/old.json", "--to", "fixtures/upgrades/places/new.json"];
    let traffic = ["--traffic", "fixtures/upgrades/places/traffic", "--format", "json"];
    let report: Value = serde_json::from_slice(&gate(&[models, traffic].concat()).stdout).expect("a report");
    let broken = report["upgrade"]["replay"]["brokenByIt"].as_array().expect("a list");
    let by: Vec<(u64, Vec<&str>)> = broken
        .iter()
        .map(|one| {
            let by = one["by"].as_array().expect("a list").iter().map(|by| by.as_str().unwrap_or("nothing"));
            (one["finding"]["location"]["entry"].as_u64().expect("a number"), by.collect())
        })
        .collect();
    let expected = [
        // Of two paths that changed it is the one that was called.
        (0, "http-uri-changed:things:GetB:::/v2/b/{Id}"),
        // On the wire a member has another name.
        (1, "member-removed:things:PutC:request:PutIn.Name"),
        (2, "enum-value-removed:things:PutC:request:Color:BLUE"),
        (3, "enum-value-removed:things:PutC:request:Color:BLUE"),
        (4, "enum-value-removed:things:PutC:request:Color:BLUE"),
        (5, "member-removed:things:PutC:request:PutIn.Mode"),
        (6, "member-removed:things:PutC:request:Tree.Leaf"),
        (7, "max-tightened:things::request:Short:5"),
        (8, "union-variant-removed:things:PutC:request:U.Y"),
        (9, "union-variant-removed:things::response:U.Y"),
        (12, "member-case-renamed:things:PutC:request:PutIn.Dbname:dbName"),
        (13, "member-became-required:things:PutD:request:DIn.N"),
        (14, "type-changed:things:PutD:request:DIn.T:string"),
        // A list that is too long is not a text in it that is.
        (15, "max-tightened:things:PutD:request:Shorts:2"),
        (16, "max-tightened:things::request:Short:5"),
        // What a shape demands now that it is none of anything, and of values that were of another type.
        (17, "document-changed:things:PutC:request:Doc:false"),
        (18, "type-changed:things:PutC:request:Code:enum"),
        // Shapes of an operation that has another name were not compared.
        (19, "operation-renamed:things:Bye:::bye"),
    ];
    assert_eq!(by, expected.map(|(entry, by)| (entry, vec![by])));
}

/// What is generated as a witness is clean by the older model and refused by the newer.
#[test]
fn generated_witnesses_are_what_they_say() {
    let report = json(&[]);
    let mut seen = 0;
    for finding in report["findings"].as_array().expect("a list") {
        let witness = &finding["values"]["witness"];
        if witness.is_null() {
            continue;
        }
        seen += 1;
        let record = serde_json::json!({"service": "orders", "operation": witness["operation"],
            "direction": finding["direction"], "payload": witness["generated"]});
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::write(dir.path().join("w.ndjson"), record.to_string()).expect("writable");
        let checked = |model: &str| {
            let model = root().join("fixtures/upgrades/orders").join(model);
            let mut command = Command::new(env!("CARGO_BIN_EXE_shapegate"));
            let output = command.args(["check", "--format", "ndjson", "--model"]).arg(model).arg(dir.path()).output();
            let output = output.expect("the binary starts");
            text(&output.stdout)
        };
        assert!(!checked("old.json").contains("\"rule\""), "{record}");
        let rule = format!("\"rule\":{}", witness["rule"]);
        assert!(checked("new.json").contains(&rule), "{record}");
    }
    assert!(seen >= 8, "{seen} witnesses");
}

#[test]
fn what_nobody_uses_weighs_less_where_that_is_asked_for() {
    let report = json(&["--traffic", TRAFFIC, "--unused-as", "note"]);
    assert_eq!(finding(&report, "operation-removed", "CancelOrder")["severity"], "note");
    assert_eq!(finding(&report, "required-member-added", "payer")["severity"], "error");
    assert_eq!(report["upgrade"]["replay"]["downgraded"], 4);
    let report = json(&["--traffic", TRAFFIC, "--unused-as", "risky"]);
    assert_eq!(finding(&report, "operation-removed", "CancelOrder")["severity"], "warning");
}

/// Recordings of answers alone do not tell what was sent.
#[test]
fn what_the_recorded_half_cannot_show_is_not_unused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let answer = "{\"service\": \"orders\", \"operation\": \"PlaceOrder\", \"response\": {}}\n";
    fs::write(dir.path().join("t.ndjson"), answer).expect("writable");
    let report = json(&["--traffic", dir.path().to_str().expect("UTF-8"), "--unused-as", "note"]);
    let added = finding(&report, "required-member-added", "payer");
    assert_eq!((&added["severity"], &added["values"]["recorded"]), (&"error".into(), &Value::Null), "{added:#}");
    let gone = finding(&report, "operation-removed", "CancelOrder");
    assert_eq!((&gone["severity"], &gone["values"]["recorded"]["exchanges"]), (&"note".into(), &0.into()), "{gone:#}");
}

#[test]
fn traffic_of_another_service_is_no_evidence() {
    let output = orders(&["--traffic", "fixtures/recordings/cleanrooms"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("no exchange of the services compared (orders)"), "{}", text(&output.stderr));
}

/// What cannot be read weighs nothing, and is told.
#[test]
fn traffic_that_cannot_be_read_is_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("t.ndjson");
    let traffic = ["--from", "fixtures/upgrades/orders/old.json", "--to", "fixtures/upgrades/orders/old.json"];
    let traffic = [&traffic[..], &["--traffic", path.to_str().expect("UTF-8")]].concat();
    let sound = "{\"service\": \"orders\", \"operation\": \"GetOrder\", \"request\": {\"id\": \"1\"}}\n";
    fs::write(&path, format!("{sound}{{\"service\": \"orders\",\n")).expect("writable");
    let told = text(&gate(&traffic).stdout);
    assert!(told.contains("t.ndjson:2:21: ") && told.contains("[malformed-recording]"), "{told}");
    let report: Value =
        serde_json::from_slice(&gate(&[&traffic[..], &["--format", "json"]].concat()).stdout).expect("a report");
    assert_eq!(report["findings"][0]["rule"], "malformed-recording");
    // Where nothing else was read it is why there is no verdict.
    fs::write(&path, "{\"service\": \"orders\",\n").expect("writable");
    let output = gate(&traffic);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(
        text(&output.stderr).contains("t.ndjson:2:1 cannot be: the JSON ends too early"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_switch_of_the_protocol_is_one_finding() {
    let run = |profile| {
        let models = ["--from", "fixtures/upgrades/switch/old.json", "--to", "fixtures/upgrades/switch/new.json"];
        let output = gate(&[&models[..], &["--profile", profile, "--format", "json"]].concat());
        serde_json::from_slice::<Value>(&output.stdout).expect("a report")
    };
    for (profile, weight) in [("dynamic", "error"), ("typed", "note"), ("replay", "error")] {
        let report = run(profile);
        let rules: Vec<&str> = report["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|finding| finding["rule"].as_str())
            .collect();
        assert_eq!(rules, ["protocol-changed", "member-removed"], "{profile}");
        assert_eq!(report["findings"][0]["severity"], weight, "{profile}");
        let root = &report["findings"][0]["fingerprint"];
        let fallout = report["upgrade"]["fallout"].as_array().expect("a list");
        assert_eq!(fallout.len(), 6, "{fallout:#?}");
        assert!(fallout.iter().all(|of| of["under"] == *root));
    }
}

/// What was written for the older protocol is put down to the switch, and approved with it.
#[test]
fn a_switch_of_the_protocol_is_why_its_traffic_breaks() {
    let new = fs::read_to_string(root().join("fixtures/upgrades/switch/new.json")).expect("a fixture");
    let mut new: Value = serde_json::from_str(&new).expect("JSON");
    // A service that is compatible with clients of awsQuery still takes what they send.
    new["metadata"].as_object_mut().expect("metadata").remove("awsQueryCompatible").expect("there");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("new.json");
    fs::write(&path, new.to_string()).expect("writable");
    let to = path.to_str().expect("UTF-8");
    let models = ["--from", "fixtures/upgrades/switch/old.json", "--to", to];
    let traffic = ["--traffic", "fixtures/upgrades/switch/traffic", "--profile", "typed", "--format", "json"];
    let run = |more: &[&str]| gate(&[&models[..], &traffic, more].concat());
    let report: Value = serde_json::from_slice(&run(&[]).stdout).expect("a report");
    let broken = &report["upgrade"]["replay"]["brokenByIt"];
    assert_eq!(broken.as_array().map(Vec::len), Some(1), "{broken:#}");
    assert_eq!(broken[0]["by"], serde_json::json!(["protocol-changed:orders::::awsJson"]));
    let (_dir, path) = approvals(
        "\"protocol-changed:orders::::awsJson\" = { reason = \"seen\" }\n\
         \"member-removed:orders:Get:response:GetOutput.Name\" = { reason = \"seen\" }",
    );
    let output = run(&["--approvals", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

/// For compiled SDKs the switch itself is compatible, and an error that goes with it is not.
#[test]
fn what_breaks_is_not_told_under_what_does_not() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("new.json");
    let new = fs::read_to_string(root().join("fixtures/upgrades/switch/new.json")).expect("a fixture");
    let mut new: Value = serde_json::from_str(&new).expect("JSON");
    new["operations"]["Get"]["errors"] = serde_json::json!([{"shape": "Busy"}]);
    fs::write(&path, new.to_string()).expect("writable");
    let models = ["--from", "fixtures/upgrades/switch/old.json", "--to", path.to_str().expect("UTF-8")];
    for (profile, expected) in [("typed", true), ("replay", false)] {
        let output = gate(&[&models[..], &["--profile", profile, "--format", "json"]].concat());
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let rules: Vec<&Value> =
            report["findings"].as_array().expect("a list").iter().map(|finding| &finding["rule"]).collect();
        assert_eq!(rules.contains(&&Value::from("error-removed")), expected, "{profile}: {rules:?}");
    }
}

#[test]
fn reports_are_what_their_schema_says() {
    let approved = approvals("\"max-tightened:orders:PlaceOrder:request:Note:10\" = { reason = \"seen\" }");
    let approved = approved.1.to_str().expect("UTF-8").to_owned();
    for arguments in [&[][..], &["--traffic", TRAFFIC, "--approvals", &approved]] {
        assert_report(&json(arguments));
    }
}

/// A file of approvals; it lasts as long as the folder.
fn approvals(lines: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("shapegate-approvals.toml");
    fs::write(&path, format!("[approvals]\n{lines}\n")).expect("writable");
    (dir, path)
}

/// The lines that are printed to paste, with a reason, let the upgrade pass.
#[test]
fn the_lines_to_paste_are_what_is_missing() {
    let printed = text(&orders(&["--traffic", TRAFFIC, "--verbose"]).stdout);
    let lines: Vec<String> = printed
        .lines()
        .filter(|line| line.ends_with("{ reason = \"\" }"))
        .map(|line| line.replace("\"\" }", "\"seen\" }"))
        .collect();
    assert!(lines.len() >= 6, "{printed}");
    let (_dir, path) = approvals(&lines.join("\n"));
    let output = orders(&["--traffic", TRAFFIC, "--approvals", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    // One of them less, and it fails.
    let (_dir, path) = approvals(&lines[1..].join("\n"));
    assert_eq!(orders(&["--approvals", path.to_str().expect("UTF-8")]).status.code(), Some(1));
}

#[test]
fn approvals_beside_the_run_are_found_and_told_when_they_do_not_count() {
    let (dir, _) = approvals(
        "\"operation-removed:orders:CancelOrder::\" = { reason = \"unused\", expires = 2024-12-31 }\n\
         \"operation-removed:orders:SellOrder::\" = { reason = \"long gone\" }",
    );
    let models = ["old.json", "new.json"].map(|name| root().join("fixtures/upgrades/orders").join(name));
    let [old, new] = models.each_ref().map(|path| path.to_str().expect("UTF-8"));
    let output = gate_in(dir.path(), &["--from", old, "--to", new]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    assert!(told.contains("expired on 2024-12-31: the approval of operation-removed:orders:CancelOrder::"), "{told}");
    assert!(told.contains("stale: the approval of operation-removed:orders:SellOrder::"), "{told}");
    assert!(text(&output.stderr).contains("approvals from shapegate-approvals.toml"));
}

#[test]
fn exit_codes_follow_the_policy() {
    let code = |more: &[&str]| orders(more).status.code();
    assert_eq!(code(&["--fail-on", "never", "--traffic", TRAFFIC]), Some(0));
    assert_eq!(code(&["--fail-on", "breaking"]), Some(1));
    let same = ["--from", "fixtures/upgrades/orders/old.json", "--to", "fixtures/upgrades/orders/old.json"];
    assert_eq!(gate(&[&same[..], &["--fail-on", "risky"]].concat()).status.code(), Some(0));
    let missing = ["--from", "fixtures/upgrades/orders/none.json", "--to", "fixtures/upgrades/orders/old.json"];
    assert_eq!(gate(&missing).status.code(), Some(2));
}

/// A page shows a part alone: it confirms what was added, and proves nothing compatible.
#[test]
fn a_page_confirms_additions_and_proves_nothing() {
    let models = ["--from", "cleanrooms@2023-08-30", "--to", "fixtures/pages/cleanrooms-2023-08-30.txt"];
    let output = gate(&models);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("only part of cleanrooms is known, so this proves nothing compatible"), "{told}");
    assert!(!told.contains("is gone"), "{told}");
}

/// The same traffic, the same verdict, whatever the number of threads.
#[test]
fn reports_do_not_depend_on_threads() {
    let run = |threads| {
        let models = ["--from", "cleanrooms@2023-08-30", "--to", "cleanrooms", "--traffic", "fixtures/recordings"];
        text(&gate(&[&models[..], &["--threads", threads, "--format", "ndjson"]].concat()).stdout)
    };
    let one = run("1");
    assert!(one.contains("\"brokenByIt\":[{"), "{one}");
    assert_eq!(one, run("3"));
}

/// The release whose page of the change log shows additions alone: the gate tells the rest.
#[test]
fn the_release_of_2023_08_30_is_told_in_one_screen_for_each_kind_of_user() {
    for profile in ["dynamic", "typed", "replay"] {
        let output = gate(&["--from", "cleanrooms@2023-07-31", "--to", "cleanrooms@2023-08-30", "--profile", profile]);
        let told = text(&output.stdout);
        assert!(told.lines().count() <= 45, "{told}");
        insta::assert_snapshot!(profile, told);
    }
}

#[test]
fn traffic_is_read_as_check_reads_it() {
    let gate = |arguments: &[&str]| {
        let traffic = "fixtures/upgrades/orders/traffic";
        let from = ["gate", "--no-config", "--no-witnesses", "--from", "fixtures/upgrades/orders/old.json"];
        let to = ["--to", "fixtures/upgrades/orders/new.json", "--traffic", traffic];
        crate::support::folder::run_in(crate::support::root(), &[&from[..], &to, arguments].concat(), &[])
    };
    let told = gate(&["--limit", "record-bytes=40"]);
    assert!(told.code == Some(2) && told.stderr.contains("(limit `record-bytes`)"), "{}{}", told.stdout, told.stderr);
    let told = gate(&["--recording-format", "har"]);
    assert!(told.code == Some(2) && told.stderr.contains("cannot be"), "{}{}", told.stdout, told.stderr);
    assert_eq!(gate(&["--operation", "GetOrder"]).code, Some(1));
}
