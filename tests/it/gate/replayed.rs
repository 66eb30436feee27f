//! What recorded traffic says of an upgrade: exchanges that the newer model has no place for are broken, and nothing that
//! was read is left unsaid.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{gate, text};
use crate::support::root;

/// A folder with an older and a newer model and a recording.
struct Upgrade {
    folder: tempfile::TempDir,
    models: [Value; 2],
    requests: Vec<Value>,
}

impl Upgrade {
    /// The model of `places` on both sides, without traffic.
    fn new() -> Self {
        let model = fs::read_to_string(root().join("fixtures/upgrades/places/old.json")).expect("a fixture");
        let model: Value = serde_json::from_str(&model).expect("JSON");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, models: [model.clone(), model], requests: Vec::new() }
    }

    /// Changes the newer model.
    fn newer(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.models[1]);
        self
    }

    /// An exchange with a host, by a client that says its service.
    fn get(mut self, host: &str, path: &str) -> Self {
        let agent = json!({"name": "user-agent", "value": "aws-sdk-rust/1.0 api/things/1.0"});
        self.requests.push(json!({
            "startedDateTime": "2020-01-01T00:00:00Z",
            "request": {"method": "GET", "url": format!("http://{host}{path}"), "httpVersion": "HTTP/1.1",
                "headers": [{"name": "host", "value": host}, agent]},
            "response": {"status": 200, "httpVersion": "HTTP/1.1",
                "headers": [{"name": "content-type", "value": "application/json"}],
                "content": {"mimeType": "application/json", "text": "{\"ok\": \"1\"}"}},
        }));
        self
    }

    fn run(&self, more: &[&str]) -> (Option<i32>, String) {
        let path = |name: &str| self.folder.path().join(name);
        for (name, model) in ["old.json", "new.json"].iter().zip(&self.models) {
            fs::write(path(name), model.to_string()).expect("writable");
        }
        let log =
            json!({"log": {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": self.requests}});
        fs::create_dir_all(path("traffic")).expect("writable");
        fs::write(path("traffic/a.har"), log.to_string()).expect("writable");
        let [old, new, traffic] = ["old.json", "new.json", "traffic"].map(|name| path(name).display().to_string());
        let output = gate(&[&["--from", &old, "--to", &new, "--traffic", &traffic], more].concat());
        assert!(output.stderr.is_empty() || output.status.code() != Some(2), "{}", text(&output.stderr));
        (output.status.code(), text(&output.stdout))
    }

    /// For each broken exchange its number and what it is put down to; and the report.
    fn broken(&self) -> (Vec<(u64, String)>, Value) {
        let report: Value = serde_json::from_str(&self.run(&["--format", "json"]).1).expect("a report");
        crate::formats::assert_report(&report);
        let broken = report["upgrade"]["replay"]["brokenByIt"].as_array().expect("a list").clone();
        let by = |one: &Value| {
            let entry = one["finding"]["location"]["entry"].as_u64().expect("a number");
            (entry, one["by"][0].as_str().unwrap_or("nothing").to_owned())
        };
        (broken.iter().map(by).collect(), report)
    }
}

const LOCAL: &str = "localhost:4566";
const AWS: &str = "things.us-east-1.amazonaws.com";

/// An address of one's own names no service, so that a request without an operation is of nobody.
#[test]
fn an_operation_that_is_gone_breaks_exchanges_that_lead_nowhere() {
    let upgrade = Upgrade::new().get(LOCAL, "/a/1").get(LOCAL, "/b/1").get(AWS, "/b/2").newer(|model| {
        model["operations"].as_object_mut().expect("operations").remove("GetB").expect("there");
    });
    let (broken, _) = upgrade.broken();
    let gone = "operation-removed:things:GetB::".to_owned();
    assert_eq!(broken, [(1, gone.clone()), (2, gone)]);
    let (code, told) = upgrade.run(&[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("things has no operation GetB"), "{told}");
    // Approved, it passes.
    let approvals = upgrade.folder.path().join("a.toml");
    fs::write(&approvals, "[approvals]\n\"operation-removed:things:GetB::\" = { reason = \"seen\" }\n")
        .expect("writable");
    let (code, told) = upgrade.run(&["--approvals", approvals.to_str().expect("UTF-8")]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_path_or_host_that_is_another_breaks_exchanges_that_lead_nowhere() {
    let path = Upgrade::new().get(LOCAL, "/b/1").newer(|model| {
        model["operations"]["GetB"]["http"]["requestUri"] = "/v2/b/{Id}".into();
    });
    assert_eq!(path.broken().0, [(0, "http-uri-changed:things:GetB:::/v2/b/{Id}".to_owned())]);
    let host = Upgrade::new().get(AWS, "/b/1").newer(|model| {
        model["metadata"]["endpointPrefix"] = "stuff".into();
    });
    let (broken, report) = host.broken();
    assert_eq!(broken, [(0, "endpoint-prefix-changed:things::::stuff".to_owned())], "{report:#}");
}

#[test]
fn a_service_that_is_gone_breaks_its_exchanges() {
    let upgrade = Upgrade::new().get(AWS, "/b/1").get(LOCAL, "/b/1");
    upgrade.run(&[]);
    let path = |name: &str| upgrade.folder.path().join(name);
    let both = [("Other", "other"), ("Third", "third")];
    let sides = [("old", &[("Things", "things"), both[0], both[1]][..]), ("new", &both)];
    for (side, (id, name)) in sides.into_iter().flat_map(|(side, all)| all.iter().map(move |service| (side, *service)))
    {
        let folder = path(side).join(name).join("2020-01-01");
        fs::create_dir_all(&folder).expect("writable");
        let model = upgrade.models[0].to_string().replace("things", name).replace("Things", id);
        fs::write(folder.join("service-2.json"), model).expect("writable");
    }
    let [old, new, traffic] = ["old", "new", "traffic"].map(|name| path(name).display().to_string());
    let output = gate(&["--from", &old, "--to", &new, "--traffic", &traffic, "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let broken = report["upgrade"]["replay"]["brokenByIt"].as_array().expect("a list");
    let by: Vec<&Value> = broken.iter().map(|one| &one["by"][0]).collect();
    assert_eq!(by, ["service-removed:things:::", "service-removed:things:::"], "{report:#}");
    assert_eq!(output.status.code(), Some(1));
}

/// A release of botocore has hundreds of services.
#[test]
fn services_without_traffic_are_named_so_many() {
    let upgrade = Upgrade::new().get(AWS, "/b/1");
    upgrade.run(&[]);
    let path = |name: &str| upgrade.folder.path().join(name);
    for (side, number) in ["old", "new"].into_iter().flat_map(|side| (0..25).map(move |number| (side, number))) {
        let (id, name) = if number == 0 {
            ("Things".to_owned(), "things".to_owned())
        } else {
            (format!("Other{number:02}"), format!("other{number:02}"))
        };
        let folder = path(side).join(&name).join("2020-01-01");
        fs::create_dir_all(&folder).expect("writable");
        let model = upgrade.models[0].to_string().replace("things", &name).replace("Things", &id);
        fs::write(folder.join("service-2.json"), model).expect("writable");
    }
    let [old, new, traffic] = ["old", "new", "traffic"].map(|name| path(name).display().to_string());
    let told = text(&gate(&["--from", &old, "--to", &new, "--traffic", &traffic, "-v"]).stdout);
    let line = told.lines().find(|line| line.contains("24 services without traffic")).expect("a line");
    assert!(line.contains("other20 and 4 more; --all-services") && !line.contains("other21"), "{line}");
}

/// Where both models have a place for it nothing breaks, and what is of nobody is counted.
#[test]
fn what_was_read_and_not_judged_is_counted() {
    let upgrade = Upgrade::new().get(AWS, "/b/1").get("example.org", "/x").get("s3.us-east-1.amazonaws.com", "/x/y");
    fs::create_dir_all(upgrade.folder.path().join("traffic")).expect("writable");
    fs::write(upgrade.folder.path().join("traffic/notes.md"), "# Notes\n").expect("writable");
    let (broken, report) = upgrade.broken();
    assert_eq!(broken, []);
    assert_eq!(report["summary"]["skipped"], 1);
    assert_eq!(report["summary"]["elsewhere"].as_object().map(serde_json::Map::len), Some(1), "{report:#}");
    assert_eq!(report["summary"]["unchecked"], json!({"s3": 1}), "{report:#}");
    // The traffic was held against both models.
    let contracts = report["contracts"].as_array().expect("a list");
    let origins: BTreeSet<&str> = contracts.iter().map(|one| one["origin"].as_str().expect("text")).collect();
    assert!(origins.len() == 2 && contracts.iter().all(|one| one["service"] == "things"), "{contracts:?}");
    let (code, told) = upgrade.run(&[]);
    assert_eq!(code, Some(0));
    for part in [
        "1 other file skipped",
        "not checked for want of a contract: s3 (1)",
        "1 exchange that calls no modelled AWS API",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

/// A line for both halves counts what one of them has by the subject of that half.
#[test]
fn a_line_for_both_halves_names_what_it_counts() {
    let folder = crate::support::folder::Folder::new();
    let table = json!({"configuredTable": {"allowedColumns": ["a"]}});
    let answer =
        json!({"service": "cleanrooms", "operation": "GetConfiguredTable", "direction": "response", "payload": table});
    folder.write("t/a.ndjson", &format!("{answer}\n"));
    let upgrade = ["gate", "--from", "cleanrooms@2023-07-31", "--to", "cleanrooms@2023-08-30", "--traffic", "t"];
    let told = folder.run(&upgrade).stdout;
    let of_both = "AllowedColumnList is loosened from 100 to 225 (both) [max-loosened]\n      \
                   in CreateConfiguredTable, GetConfiguredTable, UpdateConfiguredTable\n      recorded: ";
    let (_, recorded) = told.split_once(of_both).unwrap_or_else(|| panic!("{told}"));
    assert!(recorded.starts_with("AllowedColumnList in 1 of 1 response of these 3 operations\n"), "{told}");
    let asked = json!({"name": "a", "tableReference": {"glue": {"tableName": "a", "databaseName": "b"}},
        "allowedColumns": ["a"], "analysisMethod": "DIRECT_QUERY"});
    let asked = json!({"service": "cleanrooms", "operation": "CreateConfiguredTable", "request": asked});
    folder.write("t/b.ndjson", &format!("{asked}\n"));
    let told = folder.run(&upgrade).stdout;
    let (_, recorded) = told.split_once(of_both).unwrap_or_else(|| panic!("{told}"));
    let both =
        "AllowedColumnList in 1 of 1 request of CreateConfiguredTable and 1 of 1 response of these 3 operations\n";
    assert!(recorded.starts_with(both), "{told}");
}
