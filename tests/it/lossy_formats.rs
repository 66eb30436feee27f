//! Recordings that keep less than what travelled: what they cannot show is no finding, and what they show is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shapegate::check::{Catalog, Checked, Input, Naming, Options, run};
use shapegate::expectation::Expectations;
use shapegate::finding::Severity;
use shapegate::gate::{Approvals, Day, Settings, judge};
use shapegate::ingest::source::Source;

#[cfg(feature = "cli")]
use crate::support::folder::Folder;
use crate::support::{catalog, check, level, root};

const RELEASE: &str = "cleanrooms@2023-08-30";

/// A service whose names begin in upper case, as most do.
fn things() -> Value {
    let operation = |name: &str, input: &str, output: &str| {
        let http = json!({"method": "POST", "requestUri": format!("/{name}")});
        json!({"name": name, "http": http, "input": {"shape": input}, "output": {"shape": output}, "errors": [{"shape": "Gone"}]})
    };
    json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "json", "serviceId": "Thing"},
        "operations": {
            "PutThing": operation("PutThing", "PutThingInput", "PutThingOutput"),
            "ListThings": operation("ListThings", "PutThingInput", "ListThingsOutput"),
        },
        "shapes": {
            "PutThingInput": {"type": "structure", "required": ["ThingName", "Key"], "members": {
                "ThingName": {"shape": "Name"}, "Key": {"shape": "Secret"}, "Colour": {"shape": "Colour"},
                "Names": {"shape": "Names"}, "Tags": {"shape": "Tags"}, "Size": {"shape": "Number"}}},
            "PutThingOutput": {"type": "structure", "members": {"Thing": {"shape": "Thing"}}},
            "ListThingsOutput": {"type": "structure", "members": {"Things": {"shape": "Things"}, "Next": {"shape": "Name"}}},
            "Thing": {"type": "structure", "required": ["ThingName", "Made"], "members": {
                "ThingName": {"shape": "Name"}, "Made": {"shape": "Time"}, "Colour": {"shape": "Colour"},
                "Key": {"shape": "Secret"}}},
            "Things": {"type": "list", "member": {"shape": "Thing"}, "max": 2},
            "Gone": {"type": "structure", "required": ["message"], "members": {"message": {"shape": "Name"}}, "exception": true},
            "Name": {"type": "string", "min": 2, "pattern": "[a-z]+"},
            "Names": {"type": "list", "member": {"shape": "Name"}},
            "Tags": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Name"}},
            "Secret": {"type": "string", "sensitive": true, "min": 8},
            "Colour": {"type": "string", "enum": ["RED", "BLUE"]},
            "Number": {"type": "integer"},
            "Time": {"type": "timestamp"},
        }
    })
}

fn thing_catalog(folder: &Path) -> Catalog {
    thing_catalog_of(folder, &things().to_string())
}

/// A catalog of the one service whose model is given.
pub(crate) fn thing_catalog_of(folder: &Path, model: &str) -> Catalog {
    let path = folder.join("service-2.json");
    fs::write(&path, model).expect("writable");
    let mut catalog = Catalog::default();
    catalog.add_source(Source::open(&path).expect("a model"));
    catalog
}

/// Checks one file against the invented service.
fn check_thing(name: &str, text: &str) -> Checked {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("in").join(name);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
    fs::write(&path, text).expect("writable");
    check(&thing_catalog(dir.path()), vec![Input::Path(path)], 1)
}

/// Rule, severity and pointer of each finding.
pub(crate) fn told(checked: &Checked) -> Vec<(&str, Severity, &str)> {
    checked.findings.iter().map(|finding| (finding.rule.id, level(finding), finding.pointer.as_str())).collect()
}

fn event(request: &Value, response: &Value) -> String {
    json!({"eventSource": "thing.amazonaws.com", "eventName": "PutThing20200101v2", "eventID": "1", "eventType": "AwsApiCall",
        "requestParameters": request, "responseElements": response})
    .to_string()
}

#[test]
fn a_log_takes_texts_for_scalars_and_empty_elements_for_texts_of_xml_alone() {
    let found = |protocol: &str, request: &Value| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut model = things();
        model["metadata"]["protocol"] = protocol.into();
        let path = dir.path().join("log.json");
        fs::write(&path, event(request, &Value::Null)).expect("writable");
        let checked = check(&thing_catalog_of(dir.path(), &model.to_string()), vec![Input::Path(path)], 1);
        checked.findings.iter().map(|finding| format!("{} {}", finding.rule.id, finding.pointer)).collect::<Vec<_>>()
    };
    for (request, pointer) in [
        (json!({"thingName": true}), "/thingName"),
        (json!({"thingName": 7}), "/thingName"),
        (json!({"tags": ""}), "/tags"),
    ] {
        assert_eq!(found("rest-xml", &request), [""; 0], "{request}");
        assert_eq!(found("json", &request), [format!("wrong-type {pointer}")], "{request}");
    }
}

#[test]
fn what_a_log_leaves_out_is_no_finding() {
    let masked = json!({"thingName": "***", "key": "HIDDEN_DUE_TO_SECURITY_REASONS", "names": {"items": ["ab", "***"]},
        "colour": "RED", "tags": {"ab": null}});
    for (request, response) in [
        (masked, json!({"thing": {"thingName": "***", "made": "Aug 30, 2023 12:34:56 PM"}})),
        (json!({"colour": null, "names": {}}), json!(null)),
        (json!(null), json!({"thingName": "lamp", "made": 1})),
        (json!({"omitted": true, "originalSize": 200_000, "reason": "too large"}), json!({})),
    ] {
        let checked = check_thing("log.json", &event(&request, &response));
        assert_eq!(told(&checked), []);
        assert_eq!((checked.tally.recordings, checked.tally.exchanges), (1, 1));
    }
}

/// An event of `EventBridge` with that detail.
fn bridged(kind: &str, detail: &Value) -> Value {
    json!({"version": "0", "id": "1", "detail-type": kind, "source": "aws.thing", "account": "123456789012", "resources": [],
        "detail": detail})
}

/// A notification of SNS that holds a text.
fn notification(message: &str) -> Value {
    json!({"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": message})
}

#[test]
fn events_of_a_log_are_read_out_of_what_delivers_them() {
    const CALL: &str = "AWS API Call via CloudTrail";
    let request = json!({"thingName": "lämp \"x\"", "key": "hush-hush-hush"});
    let detail: Value = serde_json::from_str(&event(&request, &json!({"thing": {"colour": "GREEN"}}))).expect("JSON");
    let call = bridged(CALL, &detail);
    let sign_in = bridged(
        "AWS Console Sign In via CloudTrail",
        &json!({"eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin", "eventType": "AwsConsoleSignIn", "requestParameters": null}),
    );
    let other = bridged("Thing State-change Notification", &json!({"state": "on"}));
    let told_of = |text: &str| {
        let checked = check_thing("events.json", text);
        let mut found: Vec<String> = checked
            .findings
            .iter()
            .map(|finding| {
                let (line, column) = finding.location.position.expect("a place");
                let rest: String = text.lines().nth(line - 1).expect("a line").chars().skip(column - 1).collect();
                let excerpt = finding.excerpt.as_ref().map(|excerpt| excerpt.text.clone()).unwrap_or_default();
                assert!(!excerpt.contains("hush-hush"), "{excerpt}");
                format!("{} {} {}", finding.rule.id, finding.pointer, rest.chars().take(6).collect::<String>())
            })
            .collect();
        found.sort_unstable();
        (found, checked.tally.exchanges, checked.tally.passed_over.values().sum::<usize>())
    };
    let plain = ["pattern-mismatch /thingName \"lämp ", "unknown-enum-value /thing/colour \"GREEN"];
    let quoted = ["pattern-mismatch /thingName \\\"lämp", "unknown-enum-value /thing/colour \\\"GREE"];
    let twice = ["pattern-mismatch /thingName \\\\\\\"lä", "unknown-enum-value /thing/colour \\\\\\\"GR"];
    let noted = notification(&call.to_string());
    let log_file = json!({"Records": [detail, sign_in["detail"]]}).to_string();
    let uploaded =
        json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {}}]}).to_string();
    let sent = |bodies: &[&str]| {
        let record =
            |body: &&str| json!({"messageId": "1", "receiptHandle": "x", "body": body, "eventSource": "aws:sqs"});
        json!({"Records": bodies.iter().map(record).collect::<Value>()}).to_string()
    };
    let lines = |messages: &[&str]| {
        let line = |message: &&str| json!({"id": "1", "timestamp": 1, "message": message});
        json!({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"],
            "logEvents": messages.iter().map(line).collect::<Value>()})
        .to_string()
    };
    for (text, found, exchanges, others) in [
        (call.to_string(), plain, 1, 0),
        (serde_json::to_string_pretty(&call).expect("JSON"), plain, 1, 0),
        (json!([other, call, sign_in]).to_string(), plain, 1, 2),
        (format!("{other}\n{call}\n{other}\n"), plain, 1, 2),
        (noted.to_string(), quoted, 1, 0),
        (serde_json::to_string_pretty(&noted).expect("JSON"), quoted, 1, 0),
        (json!([noted, notification(&other.to_string()), notification("it is on")]).to_string(), quoted, 1, 2),
        (notification(&log_file).to_string(), quoted, 1, 1),
        (
            json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": noted}]}).to_string(),
            quoted,
            1,
            0,
        ),
        (sent(&[&detail.to_string()]), quoted, 1, 0),
        (sent(&[&call.to_string(), "it is on", &other.to_string(), &uploaded]), quoted, 1, 3),
        (sent(&[&noted.to_string()]), twice, 1, 0),
        (sent(&[&notification(&log_file).to_string()]), twice, 1, 1),
        (lines(&[&detail.to_string(), "START RequestId: 1"]), quoted, 1, 1),
        (lines(&["CWL CONTROL MESSAGE: x", &other.to_string()]) + &lines(&[&detail.to_string()]), quoted, 1, 2),
        (format!("{}\n{}\n", lines(&["START"]), lines(&[&call.to_string()])), quoted, 1, 1),
    ] {
        assert_eq!(told_of(&text), (found.map(str::to_owned).to_vec(), exchanges, others), "{text}");
    }
    let broken = notification(&bridged(CALL, &json!({"eventName": "PutThing"})).to_string()).to_string();
    assert_eq!(check_thing("events.json", &broken).findings[0].rule.id, "malformed-recording");
    let lambda = json!({"TopicArn": "x", "Message": json!({"state": "on"}).to_string()}).to_string();
    assert_eq!(check_thing("events.json", &lambda).tally.recordings, 0, "a notification of something else");
}

#[cfg(feature = "cli")]
#[test]
fn events_in_forms_that_are_not_read_say_what_reads_them() {
    let detail = event(&json!({"thingName": "lamp"}), &json!(null));
    let refused = |name: &str, text: &Value| {
        let folder = Folder::new().with(name, &text.to_string());
        folder.run(&["check", name]).stderr
    };
    for (text, told) in [
        (json!({"awslogs": {"data": "H4sI"}}), "jq -r .awslogs.data"),
        (json!({"Records": [{"kinesis": {"data": "H4sI"}}]}), "jq -r '.Records[].kinesis.data'"),
        (json!({"invocationId": "1", "records": [{"recordId": "1", "data": "H4sI"}]}), "jq -r '.records[].data'"),
        (json!({"events": [{"logStreamName": "s", "message": detail}]}), "jq -r '.events[].message'"),
        (json!({"Messages": [{"ReceiptHandle": "x", "Body": detail}]}), "jq -r '.Messages[].Body'"),
    ] {
        let stderr = refused("x.json", &text);
        assert!(stderr.contains(told), "{stderr}");
    }
    for other in [json!({"events": [{"a": 1}]}), json!({"Records": [{"a": 1}]}), json!({"Messages": []})] {
        let stderr = refused("x.json", &other);
        assert!(!stderr.contains("jq"), "{stderr}");
    }
}

#[test]
fn what_a_log_writes_in_its_own_way_is_read_by_the_model() {
    let request = json!({"THINGNAME": "lamp", "key": "<sensitiveDataRemoved>", "size": "3", "names": "lamp"});
    let response = json!({"thing": {"thingname": "lamp", "made": "now", "colour": "RED"}});
    assert_eq!(told(&check_thing("log.json", &event(&request, &response))), []);
    let faulty = json!({"names": "LAMP", "size": "1.5", "odd": "1"});
    let checked = check_thing("log.json", &event(&faulty, &json!(null)));
    let mut found: Vec<_> = told(&checked).into_iter().map(|(rule, _, pointer)| (rule, pointer)).collect();
    found.sort_unstable();
    assert_eq!(found, [("pattern-mismatch", "/names"), ("unknown-member", "/odd"), ("wrong-type", "/size")]);
    // No other recorder writes so.
    let record = json!({"service": "thing", "operation": "PutThing", "direction": "request", "encoding": "parsed",
        "payload": {"THINGNAME": "lamp", "Key": "hush-hush", "Size": "3", "Names": "lamp"}});
    let checked = check_thing("records.ndjson", &record.to_string());
    let mut found: Vec<_> = told(&checked).into_iter().map(|(rule, _, pointer)| (rule, pointer)).collect();
    found.sort_unstable();
    let expected = [
        ("missing-member", "/ThingName"),
        ("unknown-member", "/THINGNAME"),
        ("wrong-type", "/Names"),
        ("wrong-type", "/Size"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn events_of_a_sibling_service_are_held_against_it() {
    let model = |service: &str, operation: &str| {
        let http = json!({"method": "POST", "requestUri": "/"});
        let operations = json!({operation: {"name": operation, "http": http, "input": {"shape": "Input"}}});
        let metadata =
            json!({"apiVersion": "2020-01-01", "endpointPrefix": service, "protocol": "json", "serviceId": service});
        let input = json!({"type": "structure", "members": {"ShardIterator": {"shape": "Text"}}});
        json!({"metadata": metadata, "operations": operations, "shapes": {"Input": input, "Text": {"type": "string"}}})
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut catalog = Catalog::default();
    for (service, operation) in [("dynamodb", "ListTables"), ("dynamodbstreams", "GetRecords")] {
        let folder = dir.path().join("models").join(service).join("2020-01-01");
        fs::create_dir_all(&folder).expect("writable");
        fs::write(folder.join("service-2.json"), model(service, operation).to_string()).expect("writable");
    }
    catalog.add_source(Source::open(&dir.path().join("models")).expect("models"));
    let check = |name: &str, text: String| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("writable");
        check(&catalog, vec![Input::Path(path)], 1)
    };
    let event = |operation: &str, request: Value| {
        json!({"eventSource": "dynamodb.amazonaws.com", "eventName": operation, "eventID": "1", "requestParameters": request})
            .to_string()
    };
    assert_eq!(told(&check("log.json", event("GetRecords", json!({"shardIterator": "x"})))), []);
    let checked = check("log.json", event("GetRecords", json!({"shard": "x"})));
    assert_eq!(told(&checked), [("unknown-member", Severity::Warning, "/shard")]);
    assert_eq!(checked.findings[0].service.as_deref(), Some("dynamodbstreams"));
    let checked = check("log.json", event("GetNothing", json!({})));
    assert_eq!(told(&checked), [("unknown-operation", Severity::Warning, "")]);
    let placebo = json!({"status_code": 200, "data": {}}).to_string();
    let checked = check("dynamodb.GetRecords_1.json", placebo);
    assert_eq!(told(&checked), [("unknown-operation", Severity::Error, "")], "placebo names the service itself");
}

#[test]
fn what_a_log_shows_is_a_warning() {
    let request = json!({"thingName": "lamp", "colour": "GREEN", "shade": 1, "size": "three",
        "names": {"items": ["lamp", 7]}, "tags": {"ab": 5}});
    let checked = check_thing("log.json", &event(&request, &json!({"thing": {"thingName": "lamp", "colour": "red"}})));
    let expected = [
        ("unknown-enum-value", "/colour"),
        ("unknown-member", "/shade"),
        ("wrong-type", "/size"),
        ("wrong-type", "/names/items/1"),
        ("wrong-type", "/tags/ab"),
        ("unknown-enum-value", "/thing/colour"),
    ];
    let mut found: Vec<_> = told(&checked).into_iter().map(|(rule, _, pointer)| (rule, pointer)).collect();
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(checked.findings.iter().all(|finding| level(finding) == Severity::Warning));
    assert!(checked.findings.iter().all(|finding| finding.location.position.is_some() && finding.excerpt.is_some()));
}

#[test]
fn secrets_of_a_log_stay_out_of_findings() {
    let request = json!({"colour": "GREEN", "key": "hush"});
    let response = json!({"made": 1, "colour": "GREEN", "key": ["hush"]});
    let checked = check_thing("log.json", &event(&request, &response));
    assert!(checked.findings.len() >= 3, "{:?}", told(&checked));
    assert!(!format!("{:?}", checked.findings).contains("hush"), "{:#?}", checked.findings);
}

#[test]
fn an_operation_that_a_log_alone_knows_is_a_warning() {
    let text = event(&json!({}), &json!({})).replace("PutThing", "DiscardThing");
    let checked = check_thing("log.json", &text);
    assert_eq!(told(&checked), [("unknown-operation", Severity::Warning, "")]);
    let failed = event(&json!({}), &json!(null)).replace("\"eventID\"", "\"errorCode\":\"GoneException\",\"eventID\"");
    assert_eq!(told(&check_thing("log.json", &failed)), [], "logs name errors in their own way");
}

fn snapshot(key: &str, value: &Value) -> String {
    json!({"tests/aws/services/thing/test_thing.py::test": {"recorded-date": "14-01-2026, 14:00:11", "recorded-content": {key: value}}})
        .to_string()
}

#[test]
fn placeholders_say_nothing_and_values_do() {
    let thing = |name: Value, made: Value, colour: Value| {
        let metadata = json!({"HTTPHeaders": {}, "HTTPStatusCode": 200});
        json!({"Thing": {"ThingName": name, "Made": made, "Colour": colour}, "ResponseMetadata": metadata})
    };
    let quiet = thing(json!("<name:1>"), json!("timestamp"), json!("<colour:1>"));
    assert_eq!(told(&check_thing("a.snapshot.json", &snapshot("r", &quiet))), []);
    let parsed = thing(json!({"text": "that held JSON"}), json!("datetime"), json!("RED"));
    assert_eq!(told(&check_thing("a.snapshot.json", &snapshot("r", &parsed))), []);
    let named = thing(json!("thing-name"), json!("made"), json!("colour"));
    assert_eq!(told(&check_thing("a.snapshot.json", &snapshot("r", &named))), [], "members' own names");
    let faulty = thing(json!("LAMP"), json!("yesterday"), json!("GREEN"));
    let checked = check_thing("a.snapshot.json", &snapshot("r", &faulty));
    let mut found: Vec<_> = told(&checked).into_iter().map(|(rule, _, pointer)| (rule, pointer)).collect();
    found.sort_unstable();
    let expected = [
        ("pattern-mismatch", "/Thing/ThingName"),
        ("timestamp-form", "/Thing/Made"),
        ("unknown-enum-value", "/Thing/Colour"),
    ];
    assert_eq!(found, expected);
    assert!(checked.findings.iter().all(|finding| finding.operation.as_deref() == Some("PutThing")));
}

/// What boto cannot have returned is a test's own doing in a snapshot of `LocalStack`, and a fault where nothing rewrites.
#[test]
fn containers_that_boto_makes_of_nothing_are_rewritten_in_snapshots_alone() {
    let metadata = json!({"HTTPStatusCode": 200});
    let whole = json!({"ThingName": "lamp", "Made": "datetime"});
    for (things, rule, pointer) in [
        (json!(whole), "wrong-type", "/Things"),
        (json!("things"), "wrong-type", "/Things"),
        (json!([["ThingName", "Made"]]), "wrong-type", "/Things/0"),
    ] {
        let value = json!({"Things": things, "Next": "more", "ResponseMetadata": metadata});
        let checked = check_thing("a.snapshot.json", &snapshot("list-things", &value));
        assert_eq!((told(&checked), checked.tally.payloads), (vec![], 1), "{value}");
        let placebo = json!({"status_code": 200, "data": value}).to_string();
        let checked = check_thing("thing.ListThings_1.json", &placebo);
        assert!(told(&checked).contains(&(rule, Severity::Error, pointer)), "{value}: {:?}", told(&checked));
    }
    let value = json!({"Things": [], "Next": 7, "ResponseMetadata": metadata});
    let checked = check_thing("a.snapshot.json", &snapshot("list-things", &value));
    assert_eq!(told(&checked), [("wrong-type", Severity::Error, "/Next")], "boto hands over such a number");
}

#[test]
fn what_is_no_response_is_counted() {
    for (value, what) in [
        (json!({"Error": {"Code": "Gone", "Message": "m"}, "StatusCode": 403}), "values that are no response"),
        (json!([{"Thing": {}}]), "values that are no response"),
        (json!({"elapsed": 3}), "values that tell no operation"),
        (json!({"Error": {"Code": "Other", "Message": "m"}}), "errors of no known operation"),
    ] {
        let checked = check_thing("a.snapshot.json", &snapshot("r", &value));
        assert_eq!(checked.tally.passed_over.get(what), Some(&1), "{:?}", checked.tally);
        assert!(checked.findings.is_empty());
        let (approvals, day) = (Approvals::default(), Day::of_unix_time(0));
        let error =
            judge(checked.into_outcome(), &Settings::default(), &approvals, day).expect_err("nothing was checked");
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn the_cli_prints_what_the_contract_describes() {
    let thing = |made: Value| json!({"ThingName": "lamp", "Made": made, "Colour": "RED"});
    let times =
        [json!("2023-08-30T12:34:56.789000+00:00"), json!(1_693_400_000.5), json!("Wed, 30 Aug 2023 12:34:56 GMT")];
    let pages = json!({"Things": times.map(thing)}).to_string();
    for name in ["thing.list-things.json", "thing.ListThings.2.json", "thing/list-things.json", "list-things.x.json"] {
        let checked = check_thing(name, &pages);
        assert_eq!((told(&checked), checked.tally.payloads), (vec![], 1), "{name}");
    }
    let faulty = json!({"Things": [thing(json!("yesterday"))], "ThingsFound": 1}).to_string();
    let checked = check_thing("list-things.json", &faulty);
    let mut found: Vec<_> = told(&checked).into_iter().map(|(rule, _, pointer)| (rule, pointer)).collect();
    found.sort_unstable();
    assert_eq!(found, [("timestamp-form", "/Things/0/Made"), ("unknown-member", "/ThingsFound")]);
    assert_eq!(told(&check_thing("thing.delete-thing.json", "{}")), [("unknown-operation", Severity::Error, "")]);
    let of_nobody = check_thing("delete-thing.json", "{}");
    assert_eq!((told(&of_nobody), of_nobody.tally.unchecked.len()), (vec![], 1), "no service has the operation");
    let filtered = check_thing("list-things.json", "[\"lamp\"]");
    assert_eq!(
        filtered.tally.passed_over.get("files named like an output of the AWS CLI that hold no object"),
        Some(&1)
    );
    assert_eq!(told(&check_thing("thing.put-thing.json", "")), [], "nothing printed is an output without members");
}

#[test]
fn a_file_named_like_an_operation_of_its_service_is_its_output() {
    let output = json!({"Thing": {"ThingName": "lamp", "Made": "yesterday"}}).to_string();
    let model = things().to_string().replace("PutThing\"", "CheckThingGlow\"").replace("/PutThing", "/CheckThingGlow");
    for (name, payloads) in [
        ("thing.check-thing-glow.json", 1),
        ("thing/check-thing-glow.2.json", 1),
        ("thing.CheckThingGlow.json", 1),
        ("thing_check-thing-glow_GREEN_2.json", 1),
        ("thing_CheckThingGlow.json", 1),
        ("thing_check-thing-glows_GREEN.json", 0),
        ("other_check-thing-glow.json", 0),
        ("thing/check-thing-glows.json", 0),
        ("thing.package-lock.json", 0),
        ("other.check-thing-glow.json", 0),
    ] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let catalog = thing_catalog_of(dir.path(), &model);
        let path = dir.path().join("in").join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(&path, &output).expect("writable");
        let checked = check(&catalog, vec![Input::Path(dir.path().join("in"))], 1);
        assert_eq!((checked.tally.payloads, checked.findings.len()), (payloads, payloads), "{name}");
    }
}

#[test]
fn the_user_names_the_operation_of_bare_json() {
    let catalog = catalog(RELEASE);
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let path = root().join("fixtures/recordings/cleanrooms/cli-output/cleanrooms.get-membership.json");
    let bytes = fs::read(path).expect("a fixture");
    let run = |operation: Option<&str>| {
        let operations: Vec<Naming> = operation.into_iter().map(Naming::parse).collect();
        let options = Options {
            service: Some("cleanrooms"),
            operations: &operations,
            threads: 1,
            ..Options::new(&catalog, &expectations)
        };
        run(vec![Input::Stream(Box::new(std::io::Cursor::new(bytes.clone())))], &options).expect("it is read")
    };
    for operation in ["GetMembership", "get-membership", "-=GetMembership"] {
        let checked = run(Some(operation));
        assert_eq!((told(&checked), checked.tally.payloads), (vec![], 1));
    }
    let other = run(Some("get-protected-query"));
    assert_eq!(told(&other), [("wrong-output", Severity::Error, "")]);
    for other in [None, Some("*.json=GetMembership")] {
        assert_eq!(run(other).tally.recordings, 0, "nothing says what the object is");
    }
}

#[test]
fn each_format_is_recognised_and_judged() {
    for (folder, exchanges, payloads, passed_over) in
        [("cli-output", 0, 4, 0), ("cloudtrail", 11, 19, 1), ("localstack", 4, 4, 1), ("botocore-examples", 4, 7, 0)]
    {
        let path: PathBuf = root().join("fixtures/recordings/cleanrooms").join(folder);
        let checked = check(&catalog(RELEASE), vec![Input::Path(path)], 1);
        assert_eq!(told(&checked), [], "{folder}");
        let tally = &checked.tally;
        let over: usize = tally.passed_over.values().sum();
        assert_eq!((tally.exchanges, tally.payloads, over), (exchanges, payloads, passed_over), "{folder}: {tally:?}");
        assert!(tally.skipped.is_empty() && tally.unchecked.is_empty(), "{folder}: {tally:?}");
    }
}

#[test]
#[ignore = "needs ../shared/samples, run by .ci/run"]
fn the_real_snapshot_holds_no_response() {
    let checked = check(&catalog(RELEASE), vec![Input::Path(root().join("../shared/samples/localstack-snapshot"))], 1);
    assert_eq!(checked.tally.passed_over.get("values that are no response"), Some(&1), "{:?}", checked.tally);
    assert_eq!((checked.tally.recordings, checked.findings.len()), (1, 0));
}
