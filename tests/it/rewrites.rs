//! What botocore makes of responses before a recorder sees them.

use std::fs;

use serde_json::{Value, json};
use shapegate::check::{Checked, Input};
use shapegate::finding::Severity;

use crate::lossy_formats::{thing_catalog_of, told};
use crate::support::check;

/// A service whose responses botocore rewrites.
fn templates() -> Value {
    let output = json!({"type": "structure", "members": {"TemplateBody": {"shape": "TemplateBody"}, "Made": {"shape": "Time"},
        "Note": {"shape": "Text"}, "Body": {"shape": "Bytes"}}});
    json!({
        "metadata": {"apiVersion": "2010-05-15", "endpointPrefix": "cloudformation", "protocol": "query",
            "serviceId": "CloudFormation"},
        "operations": {"GetTemplate": {"name": "GetTemplate", "http": {"method": "POST", "requestUri": "/"},
            "output": {"shape": "GetTemplateOutput", "resultWrapper": "GetTemplateResult"}}},
        "shapes": {"GetTemplateOutput": output, "TemplateBody": {"type": "string", "min": 1}, "Text": {"type": "string"},
            "Time": {"type": "timestamp"}, "Bytes": {"type": "blob"}},
    })
}

fn check_template(name: &str, text: &str) -> Checked {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let catalog = thing_catalog_of(dir.path(), &templates().to_string());
    let path = dir.path().join(name);
    fs::write(&path, text).expect("writable");
    check(&catalog, vec![Input::Path(path)], 1)
}

#[test]
fn what_botocore_decodes_is_no_finding_where_it_has_passed() {
    let (sound, faulty) = (json!({"TemplateBody": {"Resources": {}}}), json!({"Note": {"Resources": {}}}));
    let placebo = |data: &Value| json!({"status_code": 200, "data": data}).to_string();
    let record = |data: &Value| {
        json!({"service": "cloudformation", "operation": "GetTemplate", "direction": "response", "encoding": "parsed",
            "payload": data})
        .to_string()
    };
    let (cli, boto, other) =
        ("cloudformation.get-template.json", "cloudformation.GetTemplate_1.json", "records.ndjson");
    assert_eq!(told(&check_template(cli, &sound.to_string())), []);
    assert_eq!(told(&check_template(boto, &placebo(&sound))), []);
    assert_eq!(told(&check_template(other, &record(&sound))), [("wrong-type", Severity::Error, "/TemplateBody")]);
    for (name, text) in [(cli, faulty.to_string()), (boto, placebo(&faulty)), (other, record(&faulty))] {
        assert_eq!(told(&check_template(name, &text)), [("wrong-type", Severity::Error, "/Note")], "{name}");
    }
}

#[test]
fn objects_of_placebo_stand_for_times_and_bytes_alone() {
    let time =
        json!({"__class__": "datetime", "year": 2023, "month": 8, "day": 30, "hour": 1, "minute": 2, "second": 3});
    let body = json!({"__class__": "StreamingBody", "__module__": "botocore.response", "body": "no base64"});
    let check = |made: &Value, note: &Value, bytes: &Value| {
        let data = json!({"Made": made, "Note": note, "Body": bytes});
        let text = json!({"status_code": 200, "data": data}).to_string();
        check_template("cloudformation.GetTemplate_1.json", &text)
    };
    assert_eq!(told(&check(&time, &json!("2023-08-30T01:02:03Z"), &body)), []);
    for object in [&time, &body] {
        let checked = check(&time, object, &body);
        assert_eq!(told(&checked), [("wrong-type", Severity::Error, "/Note")]);
    }
    assert_eq!(told(&check(&time, &json!("n"), &time)), [("blob-form", Severity::Error, "/Body")]);
    assert_eq!(told(&check(&body, &json!("n"), &body)), [("timestamp-form", Severity::Error, "/Made")]);
}
