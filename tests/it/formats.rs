//! Our own file formats and their schemas: what the project writes and records is what the schemas say.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;
use shapegate::gate::Settings;
use shapegate::report::{FORMATS, Style, find};

use crate::support::{check_paths, judged, root};

fn schema(name: &str) -> Value {
    let path = root().join("schemas/formats").join(name);
    serde_json::from_slice(&fs::read(path).expect("the schema is part of the project")).expect("JSON")
}

fn validator(name: &str) -> Validator {
    let schema = schema(name);
    assert!(jsonschema::meta::is_valid(&schema), "{name} is no schema");
    jsonschema::draft202012::new(&schema).expect("it compiles")
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

fn report(format: &str) -> String {
    let fixtures = ["fixtures/recordings", "fixtures/faulty"].map(|folder| root().join(folder));
    let outcome = check_paths("cleanrooms@2023-08-30", &fixtures).into_outcome();
    let verdict = judged(outcome, &Settings::default());
    assert!(verdict.findings.len() > 100);
    let mut out = Vec::new();
    find(format).expect("a format").write(&verdict, &Style::default(), &mut out).expect("a Vec takes it");
    String::from_utf8(out).expect("UTF-8")
}

/// Asserts that a JSON report is what the schema of reports says.
pub(crate) fn assert_report(report: &Value) {
    assert_valid(&validator("report.v2.schema.json"), report, "the report");
}

/// Asserts that what `merge` adds up is what its schema says.
pub(crate) fn assert_part(part: &Value) {
    assert_valid(&validator("part.v1.schema.json"), part, "the part");
}

/// Whether something is what `merge` adds up.
pub(crate) fn is_part(part: &Value) -> bool {
    validator("part.v1.schema.json").is_valid(part)
}

#[test]
fn json_reports_are_what_their_schema_says() {
    let report: Value = serde_json::from_str(&report("json")).expect("one JSON object");
    assert_report(&report);
    let mut broken = report;
    broken["summary"]["findings"]["error"] = "many".into();
    assert!(!validator("report.v2.schema.json").is_valid(&broken), "the schema can refuse");
}

#[test]
fn ndjson_reports_hold_the_same() {
    let mut whole: Value = serde_json::from_str(&report("json")).expect("one JSON object");
    let lines = report("ndjson");
    let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON a line")).collect();
    let last = lines.pop().expect("a summary");
    let findings = whole.as_object_mut().and_then(|whole| whole.remove("findings"));
    assert_eq!((Some(Value::Array(lines)), last), (findings, whole));
}

#[test]
fn text_reports_name_rule_place_and_pointer() {
    let text = report("text");
    for part in ["error[missing-member]", "--> ", "warning[unmet-expectation]", "failed: ", "^"] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(
        FORMATS.iter().map(|format| format.id()).collect::<Vec<_>>(),
        [
            "text",
            "json",
            "ndjson",
            "sarif",
            "github",
            "gitlab",
            "junit",
            "markdown",
            "html",
            "part",
            "badge",
            "api-changes"
        ]
    );
}

#[test]
fn records_are_what_their_schemas_say() {
    let payload = validator("payload-record.v1.schema.json");
    let exchange = validator("exchange-record.v1.schema.json");
    let folder = root().join("fixtures/recordings/cleanrooms");
    let mut counts = (0, 0);
    for entry in fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "ndjson") {
            continue;
        }
        for record in records(&path) {
            if record.get("payload").is_some() {
                assert_valid(&payload, &record, &path.display().to_string());
                counts.0 += 1;
            } else {
                assert_valid(&exchange, &record, &path.display().to_string());
                counts.1 += 1;
            }
        }
    }
    assert!(counts.0 > 50 && counts.1 > 50, "{counts:?}");
    for broken in
        [r#"{"service":"s","operation":"O"}"#, r#"{"service":"s","operation":"O","response":{},"error":{"code":"E"}}"#]
    {
        assert!(!exchange.is_valid(&serde_json::from_str(broken).expect("JSON")), "{broken}");
    }
}

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a fixture");
    text.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}
