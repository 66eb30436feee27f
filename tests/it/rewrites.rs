//! What botocore makes of responses before a recorder sees them.

use std::fs;

use serde_json::{Value, json};
use shapegate::check::{Catalog, Checked, Input};
use shapegate::finding::{Finding, Severity};
use shapegate::ingest::source::Source;

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

/// The model of a service with one operation, and a catalog of it.
fn check_as(service: &str, model: &Value, name: &str, text: &str) -> Checked {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut model = model.clone();
    model["metadata"]["serviceId"] = service.into();
    let catalog = thing_catalog_of(dir.path(), &model.to_string());
    let path = dir.path().join(name);
    fs::write(&path, text).expect("writable");
    check(&catalog, vec![Input::Path(path)], 1)
}

/// Each change that botocore makes of a response is quiet in what boto wrote down, and a fault elsewhere.
#[test]
fn what_botocore_changes_is_quiet_from_boto_alone() {
    let model = |service: &str, protocol: &str, members: Value| {
        json!({
            "metadata": {"apiVersion": "2010-05-08", "endpointPrefix": service.to_lowercase(), "protocol": protocol, "serviceId": service},
            "operations": {"GetThing": {"name": "GetThing", "http": {"method": "GET", "requestUri": "/x"},
                "output": {"shape": "Output"}}},
            "shapes": {"Output": {"type": "structure", "members": members}, "policyDocumentType": {"type": "string"},
                "Text": {"type": "string"}, "Time": {"type": "timestamp"}},
        })
    };
    let time =
        json!({"__class__": "datetime", "year": 2023, "month": 8, "day": 30, "hour": 1, "minute": 2, "second": 3});
    for (service, protocol, members, boto, other, found) in [
        (
            "IAM",
            "query",
            json!({"Document": {"shape": "policyDocumentType"}}),
            json!({"Document": {"Statement": []}}),
            json!({"Document": {"Statement": []}}),
            ("wrong-type", "/Document"),
        ),
        (
            "S3",
            "rest-xml",
            json!({"LocationConstraint": {"shape": "Text"}}),
            json!({"LocationConstraint": null}),
            json!({"LocationConstraint": null}),
            ("null-member", "/LocationConstraint"),
        ),
        (
            "S3",
            "rest-xml",
            json!({"Expires": {"shape": "Time"}}),
            json!({"Expires": time, "ExpiresString": "0"}),
            json!({"Expires": "2023-08-30T01:02:03Z", "ExpiresString": "0"}),
            ("unknown-member", "/ExpiresString"),
        ),
    ] {
        let model = model(service, protocol, members);
        let name = service.to_lowercase();
        let placebo = json!({"status_code": 200, "data": boto}).to_string();
        let quiet = check_as(service, &model, &format!("{name}.GetThing_1.json"), &placebo);
        assert_eq!((told(&quiet), quiet.tally.payloads), (vec![], 1), "{name}");
        let record = json!({"service": name, "operation": "GetThing", "direction": "response", "encoding": "parsed",
            "payload": other});
        let loud = check_as(service, &model, "records.ndjson", &record.to_string());
        let loud: Vec<_> = loud.findings.iter().map(|one| (one.rule.id, one.pointer.as_str())).collect();
        assert_eq!(loud, [found], "{name}");
    }
}

#[test]
fn botocore_adds_the_place_of_a_bucket_to_errors() {
    let model = json!({
        "metadata": {"apiVersion": "2006-03-01", "endpointPrefix": "s3", "protocol": "rest-xml", "serviceId": "S3"},
        "operations": {"GetBucketLocation": {"name": "GetBucketLocation", "http": {"method": "GET", "requestUri": "/x"},
            "output": {"shape": "Output"}, "errors": [{"shape": "NoSuchBucket"}]}},
        "shapes": {"Output": {"type": "structure", "members": {"LocationConstraint": {"shape": "Text"}}},
            "NoSuchBucket": {"type": "structure", "members": {}, "exception": true}, "Text": {"type": "string"}},
    });
    let placebo = |place: Value| {
        let error = json!({"Code": "NoSuchBucket", "Message": "m"});
        json!({"status_code": 404, "data": {"Error": error, "LocationConstraint": place}}).to_string()
    };
    let found = |service: &str, place: Value| {
        let name = format!("{}.GetBucketLocation_1.json", service.to_lowercase());
        let checked = check_as(service, &model, &name, &placebo(place));
        assert_eq!(checked.tally.payloads, 1, "{checked:#?}");
        checked.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    assert_eq!(found("S3", Value::Null), [""; 0]);
    assert_eq!(found("S3", json!("eu-west-1")), ["unknown-member"], "an error names no place");
}

#[test]
fn texts_that_hold_json_are_numbers_in_snapshots_of_their_service() {
    let model = |service: &str| {
        json!({
            "metadata": {"apiVersion": "2016-11-23", "endpointPrefix": "states", "protocol": "json", "serviceId": service},
            "operations": {"StopThing": {"name": "StopThing", "http": {"method": "POST", "requestUri": "/"},
                "output": {"shape": "Output"}}},
            "shapes": {"Output": {"type": "structure", "members": {"output": {"shape": "SensitiveData"},
                "name": {"shape": "Name"}, "arn": {"shape": "Name"}}},
                "SensitiveData": {"type": "string"}, "Name": {"type": "string"}},
        })
    };
    let found = |service: &str, name: &str, members: Value| {
        let value = json!({"output": members["output"], "name": members["name"], "arn": "a"});
        let content = json!({"stop-thing": value});
        let test = "tests/aws/services/stepfunctions/test_a.py::test";
        let recording = match name {
            "a.snapshot.json" => json!({test: {"recorded-date": "14-01-2026, 14:00:11", "recorded-content": content}}),
            _ => json!({"status_code": 200, "data": value}),
        };
        let checked = check_as(service, &model(service), name, &recording.to_string());
        assert_eq!(checked.tally.payloads, 1, "{checked:#?}");
        checked.findings.iter().map(|finding| finding.pointer.clone()).collect::<Vec<_>>()
    };
    let (snapshot, placebo) = ("a.snapshot.json", "states.StopThing_1.json");
    assert_eq!(found("SFN", snapshot, json!({"output": 1, "name": "n"})), [""; 0]);
    assert_eq!(found("SFN", snapshot, json!({"output": 1, "name": 2})), ["/name"], "that text holds no JSON");
    assert_eq!(found("SFN", placebo, json!({"output": 1, "name": "n"})), ["/output"], "placebo decodes nothing");
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

#[test]
fn a_service_that_has_the_members_of_a_response_goes_before_one_whose_values_they_fit() {
    let model = |service: &str, member: &str| {
        json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "json", "serviceId": service},
            "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
                "output": {"shape": "Output"}}},
            "shapes": {"Output": {"type": "structure", "members": {(member): {"shape": "Times"}, "Next": {"shape": "Text"}}},
                "Times": {"type": "list", "member": {"shape": "Time"}},
                "Time": {"type": "timestamp"}, "Text": {"type": "string"}},
        })
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (service, member) in [("other", "Others"), ("thing", "Things")] {
        let folder = dir.path().join("models").join(service).join("2020-01-01");
        fs::create_dir_all(&folder).expect("writable");
        fs::write(folder.join("service-2.json"), model(service, member).to_string()).expect("writable");
    }
    let mut catalog = Catalog::default();
    catalog.add_source(Source::open(&dir.path().join("models")).expect("models"));
    for (member, service) in [("Others", "other"), ("Things", "thing")] {
        let path = dir.path().join("thing.GetThing_1.json");
        let data = json!({(member): ["2023-08-30T12:00:00Z", "2023-08-31T12:00:00Z"], "Next": "n"});
        fs::write(&path, json!({"status_code": 200, "data": data}).to_string()).expect("writable");
        let checked = check(&catalog, vec![Input::Path(path)], 1);
        let found = |finding: &Finding| (finding.rule.id, finding.service.clone().unwrap_or_default());
        let found: Vec<_> = checked.findings.iter().map(found).collect();
        assert_eq!(found, [("timestamp-form", service.to_owned()), ("timestamp-form", service.to_owned())], "{member}");
    }
}
