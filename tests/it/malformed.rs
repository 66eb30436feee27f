//! Requests that a service refuses for what Smithy models alone state, on small models made here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::diff::of_sources;
use shapegate::finding::Severity;
use shapegate::ingest::{Ingested, botocore, smithy};

use crate::specification::{Call, JSON};

/// A Smithy model of the invented service with one operation, `Act`, whose input and output have these members.
fn model(members: &Value, shapes: &Value) -> Value {
    let mut all = json!({
        "a.b#Spec": {"type": "service", "version": "2020-01-01", "operations": [{"target": "a.b#Act"}],
            "traits": {"aws.protocols#restJson1": {}, "aws.api#service": {"sdkId": "Spec", "endpointPrefix": "spec"}}},
        "a.b#Act": {"type": "operation", "input": {"target": "a.b#In"}, "output": {"target": "a.b#Out"},
            "traits": {"smithy.api#http": {"method": "POST", "uri": "/act", "code": 200}}},
        "a.b#In": {"type": "structure", "members": members}, "a.b#Out": {"type": "structure", "members": members},
    });
    for (name, shape) in shapes.as_object().expect("shapes") {
        all[format!("a.b#{name}")] = shape.clone();
    }
    json!({"smithy": "2.0", "shapes": all})
}

#[test]
fn bytes_and_shorts_have_ranges_of_their_own() {
    let model = model(
        &json!({"byte": {"target": "smithy.api#Byte"}, "short": {"target": "a.b#Short"},
            "whole": {"target": "smithy.api#Integer"}}),
        &json!({"Short": {"type": "short", "traits": {"smithy.api#range": {"min": -5}}}}),
    );
    let call = |body: &str| Call::new("POST", "/act").with(JSON.0, JSON.1).sending(body.as_bytes());
    call(r#"{"byte": -128, "short": 32767, "whole": 32768}"#).finds(&model, &[]);
    call(r#"{"byte": 128, "short": 32768}"#)
        .finds(&model, &[("number-out-of-range", "/byte"), ("number-out-of-range", "/short")]);
    call(r#"{"byte": -129, "short": -6}"#)
        .finds(&model, &[("number-out-of-range", "/byte"), ("number-out-of-range", "/short")]);
}

fn rules(old: &Ingested, new: &Ingested) -> Vec<&'static str> {
    let found = of_sources(old, new).into_iter();
    found.map(|difference| difference.change.rule(difference.direction).id).collect()
}

#[test]
fn widths_that_botocore_does_not_have_are_no_difference_to_it() {
    let of = |width: &str| {
        let model = model(&json!({"n": {"target": "a.b#N"}}), &json!({"N": {"type": width}}));
        smithy::parse(model.to_string().as_bytes()).expect("a model")
    };
    let members = json!({"n": {"shape": "N"}});
    let structure = json!({"type": "structure", "members": members});
    let of_botocore = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "spec", "protocol": "rest-json", "serviceId": "Spec"},
        "operations": {"Act": {"name": "Act", "http": {"method": "POST", "requestUri": "/act", "responseCode": 200},
            "input": {"shape": "In"}, "output": {"shape": "Out"}}},
        "shapes": {"In": structure, "Out": structure, "N": {"type": "integer", "box": true}}});
    let plain = botocore::parse(of_botocore.to_string().as_bytes(), None).expect("a model");
    assert_eq!(rules(&plain, &of("byte")), [""; 0]);
    assert_eq!(rules(&of("short"), &plain), [""; 0]);
    assert_eq!(rules(&plain, &of("long")), ["numeric-type-widened", "numeric-type-widened"]);
    assert_eq!(rules(&of("byte"), &of("short")), ["numeric-type-widened", "numeric-type-widened"]);
    assert_eq!(rules(&of("integer"), &of("short")), ["numeric-type-narrowed", "numeric-type-narrowed"]);
}

#[test]
fn a_json_header_is_base64_of_json_that_keeps_what_the_model_says() {
    let model = model(
        &json!({"doc": {"target": "a.b#Doc", "traits": {"smithy.api#httpHeader": "x-doc"}},
            "kind": {"target": "a.b#Kind", "traits": {"smithy.api#httpHeader": "x-kind"}}}),
        &json!({"Doc": {"type": "string", "traits": {"smithy.api#mediaType": "application/json",
                "smithy.api#length": {"max": 12}, "smithy.api#pattern": "^\\{.*\\}$"}},
            "Kind": {"type": "string", "traits": {"smithy.api#mediaType": "application/json",
                "smithy.api#enum": [{"value": "{}"}, {"value": "[]"}]}}}),
    );
    let call = |name: &str, text: &str| Call::new("POST", "/act").with(name, text);
    let json = |name: &str, text: &str| call(name, &STANDARD.encode(text));
    json("x-doc", r#"{"a": "b"}"#).finds(&model, &[]);
    json("x-kind", "[]").finds(&model, &[]);
    json("x-doc", r#"{"a": "bcdefghi"}"#).finds(&model, &[("length-out-of-range", "/x-doc")]);
    json("x-doc", "[1]").finds(&model, &[("pattern-mismatch", "/x-doc")]);
    json("x-kind", "[1]").finds(&model, &[("unknown-enum-value", "/x-kind")]);
    json("x-doc", "{a}").finds(&model, &[("wrong-type", "/x-doc")]);
    call("x-doc", "{'a'!}").finds(&model, &[("wrong-type", "/x-doc")]);
    call("x-plain", "{'a'!}").finds(&model, &[]);
}

#[test]
fn a_payload_is_of_the_media_type_that_its_model_gives_it() {
    let with = |payload: &str, header: &Value| {
        let mut members = json!({"body": {"target": payload, "traits": {"smithy.api#httpPayload": {}}}});
        members.as_object_mut().expect("members").extend(header.as_object().expect("members").clone());
        let shapes = json!({"Svg": {"type": "blob", "traits": {"smithy.api#mediaType": "image/svg+xml"}},
            "Csv": {"type": "string", "traits": {"smithy.api#mediaType": "text/csv; header=present"}},
            "Any": {"type": "blob"}});
        model(&members, &shapes)
    };
    let call = |media: &str| Call::new("POST", "/act").with("Content-Type", media).sending(b"a,b");
    let found = [("unexpected-content-type", "")];
    for (payload, media, other) in
        [("a.b#Svg", "image/svg+xml; charset=utf-8", "image/png"), ("a.b#Csv", "text/csv", "text/plain")]
    {
        call(media).finds(&with(payload, &json!({})), &[]);
        call(other).finds(&with(payload, &json!({})), &found);
        // Where a member says which type it is, it may be any.
        let header =
            json!({"type": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "Content-Type"}}});
        call(other).finds(&with(payload, &header), &[]);
        let answered = |media| Call::new("POST", "/act").answered(200, &[("Content-Type", media)], b"a,b");
        answered(media).finds(&with(payload, &json!({})), &[]);
        answered(other).finds(&with(payload, &json!({})), &found);
    }
    call("image/png").finds(&with("a.b#Any", &json!({})), &[]);
    // What a recorder hid, and a header without a value, are no media type.
    for hidden in ["", "REDACTED", "***"] {
        call(hidden).finds(&with("a.b#Svg", &json!({})), &[]);
    }
    Call::new("POST", "/act").sending(b"a,b").finds(&with("a.b#Svg", &json!({})), &[]);
}

#[test]
fn no_body_has_no_media_type() {
    let of = |members: &Value| model(members, &json!({}));
    let query = json!({"all": {"target": "smithy.api#String", "traits": {"smithy.api#httpQuery": "all"}}});
    let call = Call::new("POST", "/act?all=a").with(JSON.0, JSON.1);
    let checked = call.checked(&of(&query));
    let found: Vec<_> = checked.findings.iter().map(|finding| (finding.rule.id, finding.weight)).collect();
    assert_eq!(found, [("unexpected-content-type", Severity::Note)]);
    Call::new("POST", "/act?all=a").finds(&of(&query), &[]);
    let bare = Call::new("POST", "/act").with(JSON.0, JSON.1);
    bare.finds(&of(&json!({})), &[("unexpected-content-type", "")]);
    // What may have a body may be empty, and a member may be the header itself.
    let body = json!({"all": {"target": "smithy.api#String"}});
    bare.finds(&of(&body), &[]);
    let header = json!({"type": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "Content-Type"}}});
    bare.finds(&of(&header), &[]);
}

#[test]
fn messages_name_the_elements_that_were_expected() {
    let mut model = model(
        &json!({
            "Name": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "name", "smithy.api#required": {}}},
            "Flat": {"target": "a.b#Plains", "traits": {"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "One",
                "smithy.api#required": {}}},
            "Plain": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}},
            "List": {"target": "a.b#Texts"}, "Map": {"target": "a.b#Map"}}),
        &json!({
            "Texts": {"type": "list", "member": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "item"}}},
            "Plains": {"type": "list", "member": {"target": "smithy.api#String"}},
            "Map": {"type": "map", "key": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "K"}},
                "value": {"target": "smithy.api#String"}}}),
    );
    let traits = &mut model["shapes"]["a.b#Spec"]["traits"];
    traits.as_object_mut().expect("traits").shift_remove("aws.protocols#restJson1");
    traits["aws.protocols#restXml"] = json!({});
    model["shapes"]["a.b#Act"].as_object_mut().expect("an operation").shift_remove("input");
    let messages = |body: &str| {
        let call = Call::new("POST", "/act").answered(200, &[("Content-Type", "application/xml")], body.as_bytes());
        let checked = call.checked(&model);
        let mut messages: Vec<String> = checked.findings.iter().map(shapegate::Finding::message).collect();
        messages.sort();
        messages
    };
    let lacking = messages("<Out><List><member>a</member></List><Map><pair><K>a</K></pair></Map></Out>");
    let expected = [
        "Out requires `Flat`, the element <One>, which is not there",
        "Out requires `Name`, the element <name>, which is not there",
        "Out requires `Plain`, which is not there",
        "`List` of Out should be a list of <item>, and is not",
        "`Map` of Out should be a map of <entry> with <K> and <value>, and is not",
    ];
    assert_eq!(lacking, expected);
    let sound = "<Out><name>a</name><One>a</One><Plain>a</Plain><List><item>a</item></List></Out>";
    assert_eq!(messages(sound), [""; 0]);
}
