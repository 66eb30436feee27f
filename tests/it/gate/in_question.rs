//! Which services a gate compares, and how many lines their differences take.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{gate, text};

/// A model of a service whose one operation takes a value of an enumeration.
fn model(id: &str, values: &[&str], shape: &str) -> Value {
    let name = id.to_lowercase();
    json!({
        "version": "2.0",
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": name, "protocol": "rest-json", "serviceId": id,
            "serviceFullName": id, "signatureVersion": "v4"},
        "operations": {"Make": {"name": "Make", "http": {"method": "POST", "requestUri": "/make"},
            "input": {"shape": shape}, "output": {"shape": "Out"}}},
        "shapes": {
            "In": {"type": "structure", "members": {"format": {"shape": "Format"}}},
            "Out": {"type": "structure", "members": {"format": {"shape": "Format"}}},
            "Format": {"type": "string", "enum": values},
        },
    })
}

/// Two folders with models of `alpha`, `beta` and `gamma`, and traffic of `alpha`.
fn folders(old: &[&str], new: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (side, values) in [("old", old), ("new", new)] {
        for id in ["Alpha", "Beta", "Gamma"] {
            put(&folder, side, id, &model(id, values, "In"));
        }
    }
    let call = json!({"service": "alpha", "operation": "Make", "request": {"format": "A"}, "response": {}});
    fs::write(folder.path().join("traffic.ndjson"), format!("{call}\n")).expect("writable");
    folder
}

fn put(folder: &TempDir, side: &str, id: &str, model: &Value) {
    let place = folder.path().join(side).join(id.to_lowercase()).join("2020-01-01");
    fs::create_dir_all(&place).expect("writable");
    fs::write(place.join("service-2.json"), model.to_string()).expect("writable");
}

fn run(folder: &TempDir, more: &[&str]) -> (Option<i32>, String) {
    let [old, new, traffic] =
        ["old", "new", "traffic.ndjson"].map(|name| folder.path().join(name).display().to_string());
    let more: Vec<&str> = more.iter().map(|one| if *one == "TRAFFIC" { traffic.as_str() } else { one }).collect();
    let output = gate(&[&["--from", &old, "--to", &new], &more[..]].concat());
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn report(folder: &TempDir, more: &[&str]) -> Value {
    serde_json::from_str(&run(folder, &[more, &["--format", "json"]].concat()).1).expect("a report")
}

fn services(report: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["service"].as_str().expect("text"))
        .collect();
    names.dedup();
    names
}

#[test]
fn services_without_traffic_are_one_line() {
    let folder = folders(&["A", "B"], &["A"]);
    // One that nobody calls may even be one that cannot be read.
    put(&folder, "new", "Gamma", &model("Gamma", &["A"], "Nowhere"));
    let (code, told) = run(&folder, &["--traffic", "TRAFFIC"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("2 services without traffic: not compared (--verbose lists them; --all-services"), "{told}");
    assert!(!told.contains("beta"), "{told}");
    assert!(run(&folder, &["--traffic", "TRAFFIC", "-v"]).1.contains("not compared (beta, gamma; "));
    let report = report(&folder, &["--traffic", "TRAFFIC"]);
    crate::formats::assert_report(&report);
    assert_eq!(services(&report), ["alpha"]);
    assert_eq!(report["upgrade"]["replay"]["withoutTraffic"], json!(["beta", "gamma"]));
    let page = run(&folder, &["--traffic", "TRAFFIC", "--format", "markdown"]).1;
    assert!(page.contains("2 services without traffic"), "{page}");
    let (code, told) = run(&folder, &["--traffic", "TRAFFIC", "--all-services"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("Nowhere"), "{told}");
}

#[test]
fn services_are_compared_as_they_are_named() {
    let folder = folders(&["A", "B"], &["A"]);
    assert_eq!(services(&report(&folder, &[])), ["alpha", "beta", "gamma"]);
    assert_eq!(services(&report(&folder, &["--service", "gamma", "--service", "alpha"])), ["alpha", "gamma"]);
    assert_eq!(services(&report(&folder, &["--traffic", "TRAFFIC", "--all-services"])), ["alpha", "beta", "gamma"]);
    // What is named is compared, whether it has traffic or not.
    let named = report(&folder, &["--traffic", "TRAFFIC", "--service", "alpha", "--service", "beta"]);
    assert_eq!(services(&named), ["alpha", "beta"]);
    assert_eq!(named["upgrade"]["replay"]["withoutTraffic"], json!([]));
    let (code, told) = run(&folder, &["--service", "alpha", "--service", "gama"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("no service \"gama\"") && told.contains("Did you mean \"gamma\"?"), "{told}");
}

#[test]
fn new_values_of_an_enumeration_are_one_line_of_text_and_a_row_each_elsewhere() {
    let values = ["A", "CSV", "PARQUET", "ORC", "AVRO", "ION"];
    let folder = folders(&["A"], &values);
    let (code, told) = run(&folder, &["--service", "alpha", "--fail-on", "risky"]);
    assert_eq!(code, Some(1), "{told}");
    let line = "Format has the new values CSV, PARQUET, … and 3 more (response) [enum-value-added]";
    // Requests and responses weigh differently, so each half has its line.
    assert_eq!(told.lines().filter(|line| line.ends_with("[enum-value-added]")).count(), 2, "{told}");
    assert!(told.contains(line), "{told}");
    let all = "Format has the new values CSV, PARQUET, ORC, AVRO, ION (response) [enum-value-added]";
    assert!(run(&folder, &["--service", "alpha", "-v"]).1.contains(all));
    let report = report(&folder, &["--service", "alpha"]);
    assert_eq!(report["summary"]["findings"], json!({"error": 0, "warning": 5, "note": 5}), "{report:#}");
    assert!(told.contains("0 breaking, 5 risky, 5 compatible in 1 service"), "{told}");
}

/// The two halves of an exchange share a line and are two findings, in all forms.
#[test]
fn the_verdict_stands_first_and_last_and_counts_as_other_forms_do() {
    let folder = folders(&["A", "B"], &["A"]);
    let (_, told) = run(&folder, &["--service", "alpha"]);
    let verdict = "failed: 1 breaking, 1 risky, 0 compatible in 1 service";
    assert_eq!((told.lines().next(), told.lines().last()), (Some(verdict), Some(verdict)), "{told}");
    let report = report(&folder, &["--service", "alpha"]);
    assert_eq!(report["summary"]["findings"], json!({"error": 1, "warning": 1, "note": 0}), "{report:#}");
    let markdown = run(&folder, &["--service", "alpha", "--format", "markdown"]).1;
    assert!(markdown.contains("failed: 1 breaking, 1 risky, 0 compatible in 1 service"), "{markdown}");
}

/// Where not all is shown, what the traffic uses is.
#[test]
fn many_breaking_differences_are_counted_and_those_in_use_shown() {
    let values: Vec<String> = (0..30).map(|number| format!("V{number:02}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).chain(["A"]).collect();
    let folder = folders(&values, &["B"]);
    let (code, told) = run(&folder, &["--traffic", "TRAFFIC"]);
    assert_eq!(code, Some(1), "{told}");
    let breaking = told.split("\n\n").find(|part| part.starts_with("breaking:")).expect("a section");
    assert!(breaking.contains("Format no longer has the value A"), "{breaking}");
    assert_eq!(breaking.lines().filter(|line| line.ends_with("[enum-value-removed]")).count(), 14, "{breaking}");
    assert!(breaking.ends_with("\n  and 17 more: 17 enum-value-removed"), "{breaking}");
    assert!(told.ends_with("(--verbose lists all)\n"), "{told}");
    let (_, whole) = run(&folder, &["--traffic", "TRAFFIC", "-v"]);
    let whole = whole.lines().filter(|line| line.ends_with("(request) [enum-value-removed]")).count();
    assert_eq!(whole, 31);
}
