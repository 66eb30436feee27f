//! Protocols by their specification, on small models made here: what each test calls sound is what the Smithy
//! documentation of the protocol states.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::check::{Catalog, Checked, Input};
use shapegate::finding::Severity;
use shapegate::ingest::source::Source;

use crate::exchanges::map;
use crate::support::{check, level};

/// One call of the invented service, as an entry of a HAR file.
pub(crate) struct Call {
    request: Value,
    response: Value,
}

impl Call {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let url = format!("https://spec.us-east-1.amazonaws.com{path}");
        let response = json!({"status": 0, "headers": [], "content": {"text": ""}});
        Self { request: json!({"method": method, "url": url, "headers": []}), response }
    }

    pub(crate) fn to_target(target: &str) -> Self {
        Self::new("POST", "/").with("X-Amz-Target", target)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        push(&mut self.request, name, value);
        self
    }

    pub(crate) fn sending(mut self, body: &[u8]) -> Self {
        self.request["postData"] = json!({"text": STANDARD.encode(body), "encoding": "base64"});
        self
    }

    pub(crate) fn answered(mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        self.response = json!({"status": status, "headers": [{"name": "x-amzn-requestid", "value": "r"}],
            "content": {"text": STANDARD.encode(body), "encoding": "base64"}});
        for (name, value) in headers {
            push(&mut self.response, name, value);
        }
        self
    }

    pub(crate) fn checked(&self, model: &Value) -> Checked {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("spec.json");
        fs::write(&path, model.to_string()).expect("writable");
        let mut catalog = Catalog::default();
        catalog.add_source(Source::open(&path).expect("a model"));
        let har = json!({"log": {"version": "1.2", "entries": [{"request": self.request, "response": self.response}]}});
        let input = Input::Stream(Box::new(std::io::Cursor::new(har.to_string().into_bytes())));
        check(&catalog, vec![input], 1)
    }

    #[track_caller]
    pub(crate) fn finds(&self, model: &Value, expected: &[(&str, &str)]) {
        let checked = self.checked(model);
        assert_eq!((checked.tally.exchanges, checked.tally.unchecked.len()), (1, 0), "{:?}", checked.tally);
        let found = checked.findings.iter().map(|finding| (finding.rule.id, finding.pointer.as_str()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
}

fn push(message: &mut Value, name: &str, value: &str) {
    message["headers"].as_array_mut().expect("a list").push(json!({"name": name, "value": value}));
}

/// A model with one operation, `Act`, whose input and output have these members.
fn model(protocol: &str, members: &Value, shapes: &Value) -> Value {
    let mut all = json!({
        "In": {"type": "structure", "members": members}, "Out": {"type": "structure", "members": members},
        "Text": {"type": "string"}, "Count": {"type": "integer"}, "When": {"type": "timestamp"},
        "Whens": {"type": "list", "member": {"shape": "When"}}, "Texts": {"type": "list", "member": {"shape": "Text"}},
    });
    all.as_object_mut().expect("shapes").extend(shapes.as_object().expect("shapes").clone());
    json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "spec", "protocol": protocol, "protocols": [protocol],
            "serviceId": "Spec", "targetPrefix": "Spec", "jsonVersion": "1.0"},
        "operations": {"Act": {"name": "Act", "http": {"method": "POST", "requestUri": "/act"},
            "input": {"shape": "In"}, "output": {"shape": "Out"}}},
        "shapes": all,
    })
}

pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn lists_of_times_travel_as_single_ones_do() {
    let members = json!({"heads": {"shape": "Whens", "location": "header", "locationName": "x-heads"},
        "asked": {"shape": "Whens", "location": "querystring", "locationName": "asked"}, "inside": {"shape": "Whens"}});
    let model = model("rest-json", &members, &json!({}));
    let call = |asked: &str, heads: &str, inside: &str| {
        Call::new("POST", &format!("/act?asked={asked}"))
            .with("x-heads", heads)
            .sending(format!("{{\"inside\": [{inside}]}}").as_bytes())
    };
    let (iso, http) = ("2020-01-02T03:04:05Z", "Thu, 02 Jan 2020 03:04:05 GMT");
    call(iso, http, "1").finds(&model, &[]);
    call(iso, &format!("{http}, {http}"), "1").finds(&model, &[]);
    call(http, iso, &format!("\"{iso}\"")).finds(
        &model,
        &[("timestamp-form", "/asked/0"), ("timestamp-form", "/x-heads/0"), ("timestamp-form", "/inside/0")],
    );
}

#[test]
fn an_empty_header_is_an_empty_list() {
    let members = json!({"texts": {"shape": "Few", "location": "header", "locationName": "x-texts"}});
    let shapes = json!({"Few": {"type": "list", "member": {"shape": "Text"}, "min": 1}});
    let model = model("rest-json", &members, &shapes);
    Call::new("POST", "/act").with("x-texts", "a").finds(&model, &[]);
    Call::new("POST", "/act").with("x-texts", " ").finds(&model, &[("length-out-of-range", "/x-texts")]);
}

#[test]
fn a_request_s_bindings_say_nothing_of_a_response() {
    let members = json!({"asked": {"shape": "When", "location": "querystring", "locationName": "asked"},
        "code": {"shape": "Count", "location": "statusCode"}});
    let model = model("rest-json", &members, &json!({}));
    let answered = |body: &[u8]| Call::new("POST", "/act").answered(200, &[JSON], body);
    answered(br#"{"asked": 1}"#).finds(&model, &[]);
    answered(br#"{"asked": "2020-01-02T03:04:05Z"}"#).finds(&model, &[("timestamp-form", "/asked")]);
    let asking = |path: &str, body: &[u8]| Call::new("POST", path).sending(body);
    asking("/act?asked=2020-01-02T03:04:05Z", br#"{"code": 1}"#).finds(&model, &[]);
    asking("/act", br#"{"asked": 1}"#).finds(&model, &[("misplaced-member", "/asked")]);
}

#[test]
fn a_map_of_parameters_may_hold_those_of_other_members() {
    let members = json!({"own": {"shape": "Text", "location": "querystring", "locationName": "own"},
        "all": {"shape": "All", "location": "querystring"}});
    let with = |bound: &str, limit: u64| {
        let all = json!({"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}, bound: limit});
        let mut model = model("rest-json", &members, &json!({"All": all}));
        model["shapes"]["In"]["required"] = json!(["all"]);
        model
    };
    let call = |query: &str| Call::new("POST", &format!("/act?{query}"));
    call("own=1").finds(&with("min", 1), &[]);
    call("own=1&a=2").finds(&with("max", 1), &[]);
    call("own=1&a=2").finds(&with("min", 2), &[]);
    call("own=1&a=2").finds(&with("min", 3), &[("length-out-of-range", "/all")]);
    call("own=1&a=2&b=3").finds(&with("max", 1), &[("length-out-of-range", "/all")]);
}

#[test]
fn times_in_cbor_have_no_format() {
    let shapes = json!({"Text8601": {"type": "timestamp", "timestampFormat": "iso8601"}});
    let model = model("smithy-rpc-v2-cbor", &json!({"at": {"shape": "Text8601"}}), &shapes);
    let call = |value: &[u8]| Call::new("POST", "/service/Spec/operation/Act").sending(&map(&[("at", value)]));
    call(b"\xc1\x00").finds(&model, &[]);
    call(b"\x61x").finds(&model, &[("timestamp-form", "/at")]);
}

#[test]
fn json_may_be_negotiated_to_be_cbor() {
    let members = json!({"at": {"shape": "When"}, "text": {"shape": "Text"}});
    let mut model = model(
        "json",
        &members,
        &json!({
        "Gone": {"type": "structure", "exception": true, "members": {"message": {"shape": "Text"}}}}),
    );
    model["operations"]["Act"]["errors"] = json!([{"shape": "Gone"}]);
    let cbor = ("Content-Type", "application/x-amz-cbor-1.1");
    let call = |body: &[u8]| Call::to_target("Spec.Act").with(cbor.0, cbor.1).sending(body);
    let sound = map(&[("at", b"\xc1\x1b\x00\x00\x01\x90\xee\x5f\x5c\xa2"), ("text", b"\x61x")]);
    call(&sound).answered(200, &[cbor], &sound).finds(&model, &[]);
    call(&map(&[("text", b"\x01")])).finds(&model, &[("wrong-type", "/text")]);
    call(b"\xbf").finds(&model, &[("undecodable-body", "")]);
    let error = |code: &[u8]| call(&sound).answered(400, &[cbor], &map(&[("__type", code)]));
    error(b"\x64Gone").finds(&model, &[]);
    error(b"\x65Other").finds(&model, &[("undeclared-error", "")]);
    let listed = call(&sound).answered(200, &[cbor], b"{}");
    listed.finds(&model, &[("undecodable-body", "")]);
}

#[test]
fn each_version_of_aws_json_has_a_media_type() {
    let mut model = model("json", &json!({}), &json!({}));
    let of = |version: &str| ("Content-Type", format!("application/x-amz-json-{version}"));
    for (own, other) in [("1.0", "1.1"), ("1.1", "1.0")] {
        model["metadata"]["jsonVersion"] = own.into();
        let call = |(name, value): (&str, String)| Call::to_target("Spec.Act").with(name, &value).sending(b"{}");
        call(of(own)).finds(&model, &[]);
        call(of(other)).finds(&model, &[("unexpected-content-type", "")]);
    }
}

#[test]
fn a_service_that_left_aws_query_is_read_by_its_names_there() {
    let (list, map) = (json!({"target": "a.b#List"}), json!({"target": "a.b#Map"}));
    let named = |mut member: Value, name: &str| {
        member["traits"] = json!({"smithy.api#xmlName": name, "smithy.api#xmlFlattened": {}});
        member
    };
    let members = json!({"Texts": named(list, "Text"), "Words": named(map, "Word")});
    let part = |name: &str| json!({"target": "smithy.api#String", "traits": {"smithy.api#xmlName": name}});
    let error = json!({"smithy.api#error": "client",
        "aws.protocols#awsQueryError": {"code": "Spec.Gone", "httpResponseCode": 410}});
    let model = json!({"smithy": "2.0", "shapes": {
        "a.b#Spec": {"type": "service", "version": "2020-01-01", "operations": [{"target": "a.b#Act"}],
            "traits": {"aws.protocols#awsJson1_0": {}, "aws.protocols#awsQueryCompatible": {},
                "aws.api#service": {"sdkId": "Spec", "endpointPrefix": "spec"}}},
        "a.b#Act": {"type": "operation", "input": {"target": "a.b#In"}, "output": {"target": "a.b#Out"},
            "errors": [{"target": "a.b#Gone"}]},
        "a.b#In": {"type": "structure", "members": members}, "a.b#Out": {"type": "structure", "members": members},
        "a.b#List": {"type": "list", "member": {"target": "smithy.api#String"}},
        "a.b#Map": {"type": "map", "key": part("Name"), "value": part("Value")},
        "a.b#Gone": {"type": "structure", "members": {"message": {"target": "smithy.api#String"}}, "traits": error},
    }});
    let call = |form: &str| Call::new("POST", "/").sending(format!("Action=Act&Version=2020-01-01{form}").as_bytes());
    let xml = ("Content-Type", "text/xml");
    let sound = call("&Text.1=a&Word.1.Name=n&Word.1.Value=v");
    let result = |within: &str| format!("<ActResponse><ActResult>{within}</ActResult></ActResponse>");
    let within = "<Text>a</Text><Word><Name>n</Name><Value>v</Value></Word>";
    let answered = |status, body: &str| call("").answered(status, &[xml], body.as_bytes());
    sound.finds(&model, &[]);
    call("&Texts.member.1=a").finds(&model, &[("wrong-type", "/Texts")]);
    answered(200, &result(within)).finds(&model, &[]);
    answered(200, &result("<Words><entry/></Words>")).finds(&model, &[("unknown-member", "/Words")]);
    let failed = |code: &str| format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
    answered(410, &failed("Spec.Gone")).finds(&model, &[]);
    answered(400, &failed("Spec.Gone")).finds(&model, &[("error-status-mismatch", "")]);
    answered(400, &failed("Gone")).finds(&model, &[("undeclared-error", "")]);
    let json = ("Content-Type", "application/x-amz-json-1.0");
    let in_json = Call::to_target("Spec.Act").with(json.0, json.1).sending(b"{}");
    let header = ("x-amzn-query-error", "Spec.Gone;Sender");
    let gone = br#"{"__type": "a.b#Gone"}"#;
    in_json.answered(400, &[json, header], gone).finds(&model, &[]);
}

#[test]
fn names_that_nothing_says_leave_messages_unchecked() {
    let mut model = model(
        "json",
        &json!({"Attributes": {"shape": "QueueAttributeMap"}}),
        &json!({
        "QueueAttributeMap": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}}),
    );
    model["metadata"]["awsQueryCompatible"] = json!({});
    let call = Call::new("POST", "/").sending(b"Action=Act&Version=2020-01-01&Attribute.1.Name=n&Attribute.1.Value=v");
    let checked = call.checked(&model);
    assert_eq!((checked.tally.unchecked.values().sum::<usize>(), checked.findings.len()), (1, 0));
    // Of this one, what botocore's models leave out is known.
    model["metadata"]["serviceId"] = "SQS".into();
    call.finds(&model, &[]);
    let wrong = Call::new("POST", "/").sending(b"Action=Act&Version=2020-01-01&Attributes.entry.1.key=n");
    wrong.finds(&model, &[("unknown-member", "/Attributes")]);
}

#[test]
fn a_pattern_may_be_open_at_its_ends() {
    let shapes = json!({"Wide": {"type": "string", "pattern": ".*\\S.*"}, "Half": {"type": "string", "pattern": "^ab"},
        "Other": {"type": "string", "pattern": "ab"}});
    let members = json!({"wide": {"shape": "Wide"}, "half": {"shape": "Half"}, "other": {"shape": "Other"}});
    let model = model("json", &members, &shapes);
    let told = |body: &Value| {
        let call = Call::to_target("Spec.Act").sending(body.to_string().as_bytes());
        let findings = call.checked(&model).findings.into_iter();
        findings.map(|finding| (finding.pointer.clone(), level(&finding))).collect::<Vec<_>>()
    };
    assert_eq!(told(&json!({"wide": "[\n x\n]", "half": "ab", "other": "ab"})), []);
    assert_eq!(told(&json!({"wide": "\n"})), [("/wide".to_owned(), Severity::Error)]);
    // Nothing says whether its end is open.
    assert_eq!(told(&json!({"half": "abc"})), [("/half".to_owned(), Severity::Warning)]);
    assert_eq!(told(&json!({"half": "xab"})), [("/half".to_owned(), Severity::Error)]);
    assert_eq!(told(&json!({"other": "abc"})), [("/other".to_owned(), Severity::Error)]);
}

#[test]
fn a_null_beside_a_variant_is_none() {
    let choice = json!({"type": "structure", "union": true, "members": {"a": {"shape": "Text"}, "b": {"shape": "Count"}, "c": {"shape": "Word"}}});
    let model = model(
        "json",
        &json!({"choice": {"shape": "Choice"}, "text": {"shape": "Text"}}),
        &json!({"Choice": choice, "Word": {"type": "string", "enum": ["w"]}}),
    );
    let call = |body: &str| Call::to_target("Spec.Act").sending(body.as_bytes());
    call(r#"{"choice": {"a": "x", "b": null, "c": null}}"#).finds(&model, &[]);
    call(r#"{"choice": {"a": null, "b": null}}"#)
        .finds(&model, &[("null-member", "/choice/a"), ("null-member", "/choice/b")]);
    call(r#"{"choice": {"a": "x", "b": 1}}"#).finds(&model, &[("union-arity", "/choice")]);
    call(r#"{"text": null}"#).finds(&model, &[("null-member", "/text")]);
}
