//! Models of few shapes; `tests/it/smithy.rs` has whole services.

use serde_json::{Value, json};

use super::parse;
use crate::ingest::Ingested;
use crate::model::{
    Bound, Constraints, ErrorTrait, Fact, FloatWidth, IntegerWidth, Location, Member, Protocol, Shape, ShapeId,
    ShapeKind, Structure, XmlTraits,
};

/// A service of the given traits with one operation, and more shapes; ids without a namespace are in `a.b`.
fn model(service_traits: &Value, operation: &Value, shapes: &Value) -> Value {
    let mut all = json!({
        "a.b#Service_1": {"type": "service", "version": "1", "operations": [{"target": "a.b#Act"}],
            "traits": service_traits},
        "a.b#Act": operation,
    });
    for (id, shape) in shapes.as_object().expect("shapes") {
        let id = if id.contains('#') { id.clone() } else { format!("a.b#{id}") };
        all[id] = shape.clone();
    }
    json!({"smithy": "2", "shapes": all})
}

/// An operation that takes `In`.
fn act() -> Value {
    json!({"type": "operation", "input": {"target": "a.b#In"},
        "traits": {"smithy.api#http": {"method": "POST", "uri": "/act"}}})
}

fn read(model: &Value) -> Ingested {
    parse(model.to_string().as_bytes()).expect("a sound model")
}

fn refused(model: &Value) -> String {
    parse(model.to_string().as_bytes()).expect_err("no sound model").to_string()
}

fn shape<'m>(ingested: &'m Ingested, name: &str) -> &'m Shape {
    ingested
        .service
        .shapes
        .get(name)
        .unwrap_or_else(|| panic!("{name} of {:?}", ingested.service.shapes.keys().collect::<Vec<_>>()))
}

fn structure<'m>(ingested: &'m Ingested, name: &str) -> &'m Structure {
    match &shape(ingested, name).kind {
        ShapeKind::Structure(structure) => structure,
        other => panic!("{name} is a {other:?}"),
    }
}

fn member<'m>(ingested: &'m Ingested, of: &str, name: &str) -> &'m Member {
    structure(ingested, of).member(name).unwrap_or_else(|| panic!("{of}.{name}"))
}

fn rest_json(shapes: &Value) -> Value {
    model(&json!({"aws.protocols#restJson1": {}}), &act(), shapes)
}

#[test]
fn version_one_has_zeros_where_nothing_is_boxed() {
    let mut model = rest_json(&json!({
        "In": {"type": "structure", "members": {
            "plain": {"target": "a.b#Number"},
            "member": {"target": "a.b#Number", "traits": {"smithy.api#box": {}}},
            "shape": {"target": "a.b#Boxed"},
            "prelude": {"target": "smithy.api#Integer"},
            "primitive": {"target": "smithy.api#PrimitiveLong"},
            "set": {"target": "a.b#Set"}}},
        "Number": {"type": "integer"},
        "Boxed": {"type": "double", "traits": {"smithy.api#box": {}}},
        "Set": {"type": "set", "member": {"target": "smithy.api#String"}},
    }));
    model["smithy"] = "1.0".into();
    let ingested = read(&model);
    let boxed = |name: &str| shape(&ingested, name).boxed;
    assert_eq!(["Number", "Boxed", "Integer", "PrimitiveLong"].map(boxed), [false, true, true, false]);
    assert!(member(&ingested, "In", "member").boxed && !member(&ingested, "In", "plain").boxed);
    assert!(matches!(&shape(&ingested, "Set").kind, ShapeKind::List(list) if list.unique));
    assert_eq!(ingested.losses, []);
}

#[test]
fn rest_xml_names_elements_and_roots() {
    let service = json!({"aws.protocols#restXml": {}, "smithy.api#xmlNamespace": {"uri": "http://own"}});
    let shapes = json!({
        "In": {"type": "structure", "traits": {"smithy.api#xmlName": "Root"}, "members": {
            "Id": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "x-id", "smithy.api#xmlName": "I"}},
            "Name": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "N", "smithy.api#jsonName": "n"}},
            "Kind": {"target": "smithy.api#String", "traits": {"smithy.api#xmlAttribute": {}, "smithy.api#xmlName": "x:k"}},
            "Always": {"target": "a.b#Always", "traits": {"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "A"}},
            "Once": {"target": "a.b#Sometimes", "traits": {"smithy.api#xmlFlattened": {}}},
            "Else": {"target": "a.b#Sometimes"}}},
        "Always": {"type": "list", "member": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "E"}}},
        "Sometimes": {"type": "map", "key": {"target": "smithy.api#String", "traits": {"smithy.api#xmlName": "K"}},
            "value": {"target": "smithy.api#String"}},
    });
    let ingested = read(&model(&service, &act(), &shapes));
    let root = &ingested.service.operations["Act"].input_xml;
    let expected =
        XmlTraits { name: Some("Root".into()), namespace: Some("http://own".into()), ..XmlTraits::default() };
    assert_eq!(*root, expected);
    assert_eq!(member(&ingested, "In", "Id").wire_name(), "x-id");
    assert_eq!(member(&ingested, "In", "Name").wire_name(), "N");
    assert!(member(&ingested, "In", "Kind").xml.attribute);
    assert!(shape(&ingested, "Always").xml.flattened && !member(&ingested, "In", "Always").xml.flattened);
    assert_eq!(member(&ingested, "In", "Always").wire_name(), "A");
    assert!(!shape(&ingested, "Sometimes").xml.flattened && member(&ingested, "In", "Once").xml.flattened);
    let ShapeKind::List(list) = &shape(&ingested, "Always").kind else { panic!("a list") };
    assert_eq!(list.wire_name.as_deref(), Some("E"));
}

#[test]
fn a_payload_is_named_by_its_member_then_by_its_shape() {
    let service = json!({"aws.protocols#restXml": {}, "smithy.api#xmlNamespace": {"uri": "http://own"}});
    for (traits, of_body, expected) in [
        (json!({}), json!({}), "Body"),
        (json!({}), json!({"smithy.api#xmlName": "Shaped"}), "Shaped"),
        (json!({"smithy.api#xmlName": "Given"}), json!({"smithy.api#xmlName": "Shaped"}), "Given"),
        (json!({"smithy.api#xmlName": "Part"}), json!({}), "Part"),
    ] {
        let mut traits = traits.clone();
        traits["smithy.api#httpPayload"] = json!({});
        let shapes = json!({
            "In": {"type": "structure", "members": {"Part": {"target": "a.b#Body", "traits": traits}}},
            "Body": {"type": "structure", "traits": of_body},
        });
        let ingested = read(&model(&service, &act(), &shapes));
        let part = member(&ingested, "In", "Part");
        assert_eq!(part.wire_name(), expected);
        assert_eq!(part.xml.namespace.as_deref(), Some("http://own"));
        assert_eq!(structure(&ingested, "In").payload.as_deref(), Some("Part"));
        assert_eq!(ingested.service.operations["Act"].input_xml, XmlTraits::default());
    }
}

#[test]
fn forms_have_wrappers_codes_and_names_of_their_own() {
    let operation = json!({"type": "operation", "input": {"target": "a.b#In"}, "output": {"target": "a.b#Out"},
        "errors": [{"target": "a.b#Gone"}], "traits": {"smithy.api#http": {"method": "GET", "uri": "/ignored"}}});
    let shapes = json!({
        "In": {"type": "structure", "members": {
            "Name": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "x-ignored"}},
            "List": {"target": "a.b#Flat", "traits": {"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "Item"}}}},
        "Flat": {"type": "list", "member": {"target": "smithy.api#String"}},
        "Out": {"type": "structure"},
        "Gone": {"type": "structure", "traits": {"smithy.api#error": "client", "smithy.api#httpError": 404,
            "aws.protocols#awsQueryError": {"code": "Gone.Away", "httpResponseCode": 410}}},
    });
    let ingested = read(&model(&json!({"aws.protocols#awsQuery": {}}), &operation, &shapes));
    let act = &ingested.service.operations["Act"];
    assert_eq!(act.result_wrapper.as_deref(), Some("ActResult"));
    let http = act.http.known().expect("stated");
    assert_eq!((http.method.as_str(), http.uri.as_str(), http.status), ("POST", "/", None));
    assert_eq!(member(&ingested, "In", "Name").location, Fact::Known(Location::Body));
    assert_eq!(member(&ingested, "In", "List").wire_name(), "List");
    let ShapeKind::List(list) = &shape(&ingested, "Flat").kind else { panic!("a list") };
    assert_eq!((list.wire_name.as_deref(), shape(&ingested, "Flat").xml.flattened), (Some("Item"), true));
    let error = ErrorTrait { code: Some("Gone.Away".into()), status: Some(410), sender_fault: true, retryable: false };
    assert_eq!(structure(&ingested, "Gone").error, Some(error));

    let shapes = json!({"In": {"type": "structure", "members": {
        "same": {"target": "smithy.api#String", "traits": {"aws.protocols#ec2QueryName": "Same"}},
        "named": {"target": "smithy.api#String",
            "traits": {"aws.protocols#ec2QueryName": "Other", "smithy.api#xmlName": "name"}}}}});
    let ingested = read(&model(&json!({"aws.protocols#ec2Query": {}}), &self::act(), &shapes));
    assert_eq!(member(&ingested, "In", "same").query_name, None);
    assert_eq!(member(&ingested, "In", "named").query_name.as_deref(), Some("Other"));
    assert_eq!(member(&ingested, "In", "named").wire_name(), "name");
}

#[test]
fn errors_have_what_their_protocol_knows() {
    let shapes = json!({"In": {"type": "structure"}, "Gone": {"type": "structure", "traits": {
        "smithy.api#error": "client", "smithy.api#httpError": 404,
        "aws.protocols#awsQueryError": {"code": "Gone.Away", "httpResponseCode": 410}}}});
    let mut operation = act();
    operation["errors"] = json!([{"target": "a.b#Gone"}]);
    let of = |protocols: Value| read(&model(&protocols, &operation, &shapes)).service;
    let told = |service: &crate::model::Service| {
        let error = service.shapes["Gone"].error().expect("an error").clone();
        (error.code, error.status)
    };
    let query = (Some("Gone.Away".to_owned()), Some(410));
    assert_eq!(told(&of(json!({"aws.protocols#restJson1": {}}))), (None, Some(404)));
    assert_eq!(told(&of(json!({"aws.protocols#awsJson1_1": {}}))), (None, None));
    assert_eq!(told(&of(json!({"aws.protocols#ec2Query": {}}))), (None, None));
    assert_eq!(told(&of(json!({"aws.protocols#awsQuery": {}}))), query);
    assert_eq!(told(&of(json!({"aws.protocols#awsJson1_0": {}, "smithy.protocols#rpcv2Cbor": {}}))), (None, Some(404)));
    for (beside, own) in [("aws.protocols#awsQuery", query.clone()), ("aws.protocols#awsQueryCompatible", (None, None))]
    {
        let service = of(json!({"aws.protocols#awsJson1_0": {}, beside: {}}));
        assert_eq!(told(&service), own);
        assert_eq!(told(service.in_protocol(Protocol::AwsQuery).expect("known")), query);
    }
}

#[test]
fn json_services_are_called_by_the_name_of_their_shape() {
    let service = json!({"aws.protocols#awsJson1_0": {}, "smithy.protocols#rpcv2Cbor": {},
        "smithy.api#httpBearerAuth": {}, "aws.auth#sigv4": {"name": "sign"}});
    let shapes = json!({"In": {"type": "structure", "members": {
        "name": {"target": "smithy.api#String", "traits": {"smithy.api#jsonName": "ignored", "smithy.api#xmlName": "x"}},
        "head": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "x-ignored"}}}}});
    let service = read(&model(&service, &act(), &shapes)).service;
    assert_eq!(service.protocols, Fact::Known(vec![Protocol::RpcV2Cbor, Protocol::AwsJson]));
    assert_eq!((service.target_prefix.as_deref(), service.json_version.as_deref()), (Some("Service_1"), Some("1.0")));
    let schemes = ["aws.auth#sigv4", "smithy.api#httpBearerAuth"].map(str::to_owned);
    assert_eq!(service.auth_schemes, Fact::Known(schemes.to_vec()));
    assert_eq!((service.name.as_str(), service.endpoint_prefix), ("service_1", Fact::Known("service_1".to_owned())));
    let ShapeKind::Structure(input) = &service.shapes["In"].kind else { panic!("a structure") };
    assert!(input.members.iter().all(|member| member.wire_name.is_none()), "{input:?}");
    assert!(input.members.iter().all(|member| member.location == Fact::Known(Location::Body)), "{input:?}");
}

#[test]
fn shapes_of_one_name_are_told_apart_where_they_differ() {
    let ingested = read(&rest_json(&json!({
        "In": {"type": "structure", "members": {
            "own": {"target": "a.b#Boolean"}, "prelude": {"target": "smithy.api#Boolean"},
            "same": {"target": "a.b#String"}, "again": {"target": "smithy.api#String"}}},
        "Boolean": {"type": "boolean", "traits": {"smithy.api#default": false}},
        "String": {"type": "string"},
    })));
    let targets = structure(&ingested, "In").members.iter().map(|member| member.target.as_str());
    assert_eq!(targets.collect::<Vec<_>>(), ["Boolean", "SmithyApiBoolean", "String", "String"]);
    assert!(!shape(&ingested, "Boolean").boxed && shape(&ingested, "SmithyApiBoolean").boxed);
}

#[test]
fn a_member_overrides_one_trait_and_keeps_the_others() {
    let ingested = read(&rest_json(&json!({
        "In": {"type": "structure", "members": {
            "code": {"target": "a.b#Code", "traits": {"smithy.api#length": {"max": 3}}}}},
        "Code": {"type": "string", "traits": {"smithy.api#length": {"min": 1}, "smithy.api#pattern": "^[a-z]*$"}},
    })));
    assert_eq!(member(&ingested, "In", "code").target.as_str(), "InCodeString");
    let expected = Constraints { min: None, max: Some(Bound::from(3)), pattern: Some("[a-z]*".to_owned()) };
    assert_eq!(shape(&ingested, "InCodeString").constraints, Fact::Known(expected));
}

#[test]
fn numbers_without_a_width_of_aws_are_told() {
    let ingested = read(&rest_json(&json!({"In": {"type": "structure", "members": {
        "a": {"target": "smithy.api#Short"}, "b": {"target": "smithy.api#BigInteger"},
        "c": {"target": "smithy.api#BigDecimal"}}}})));
    assert_eq!(shape(&ingested, "Short").kind, ShapeKind::Integer(IntegerWidth::Short));
    assert_eq!(shape(&ingested, "BigInteger").kind, ShapeKind::Integer(IntegerWidth::Unknown));
    assert_eq!(shape(&ingested, "BigDecimal").kind, ShapeKind::Float(FloatWidth::Unknown));
    let lost: Vec<_> = ingested.losses.iter().map(|loss| format!("{} {}", loss.what, loss.value)).collect();
    assert_eq!(lost, ["type \"bigDecimal\"", "type \"bigInteger\""]);
}

#[test]
fn mixins_come_first_and_what_is_written_over_them_wins() {
    let mut model = rest_json(&json!({
        "In": {"type": "structure", "mixins": [{"target": "a.b#Second"}], "members": {
            "first": {"target": "smithy.api#String", "traits": {"smithy.api#jsonName": "over"}},
            "third": {"target": "smithy.api#String"}}},
        "Second": {"type": "structure", "mixins": [{"target": "a.b#First"}], "traits": {"smithy.api#mixin": {}},
            "members": {"second": {"target": "smithy.api#String"}}},
        "First": {"type": "structure", "traits": {"smithy.api#mixin": {}}, "members": {
            "first": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}, "smithy.api#jsonName": "under"}}}},
        "Failing": {"type": "operation", "traits": {"smithy.api#mixin": {}}, "errors": [{"target": "a.b#Gone"}]},
        "Gone": {"type": "structure", "traits": {"smithy.api#error": "server", "smithy.api#httpError": 503}},
        "Late": {"type": "structure", "traits": {"smithy.api#error": "client"}},
    }));
    model["shapes"]["a.b#Act"]["mixins"] = json!([{"target": "a.b#Failing"}]);
    model["shapes"]["a.b#Act"]["errors"] = json!([{"target": "a.b#Late"}]);
    let ingested = read(&model);
    let members = structure(&ingested, "In").members.iter().map(Member::wire_name);
    assert_eq!(members.collect::<Vec<_>>(), ["over", "second", "third"]);
    assert_eq!(member(&ingested, "In", "first").presence, crate::model::Presence::Required);
    let errors = ingested.service.operations["Act"].errors.known().expect("stated");
    assert_eq!(errors.iter().map(ShapeId::as_str).collect::<Vec<_>>(), ["Gone", "Late"]);
    let fault = structure(&ingested, "Gone").error.as_ref().map(|error| (error.status, error.sender_fault));
    assert_eq!(fault, Some((Some(503), false)));
}

#[test]
fn what_is_unsound_is_refused_with_its_place() {
    let member = |target: &str| json!({"In": {"type": "structure", "members": {"m": {"target": target}}}});
    let mut no_http = rest_json(&json!({"In": {"type": "structure"}}));
    no_http["shapes"]["a.b#Act"]["traits"] = json!({});
    let mut two = rest_json(&json!({"In": {"type": "structure"}}));
    two["shapes"]["a.b#Other"] = two["shapes"]["a.b#Service_1"].clone();
    let mut third = rest_json(&json!({"In": {"type": "structure"}}));
    third["smithy"] = "3.0".into();
    let mut not_bound = rest_json(&json!({"In": {"type": "structure"}}));
    not_bound["shapes"]["a.b#Service_1"]["operations"] = json!([{"target": "a.b#In"}]);
    let cycle = json!({"In": {"type": "structure", "mixins": [{"target": "a.b#In"}]}});
    for (model, told) in [
        (rest_json(&member("a.b#Nowhere")), "a.b#Nowhere is used at a.b#In and not defined"),
        (rest_json(&member("smithy.api#Quux")), "smithy.api#Quux is used at a.b#In"),
        (rest_json(&json!({"In": {"type": "quux"}})), "shapes.In: unknown type \"quux\""),
        (rest_json(&json!({"In": {}})), "shapes.a.b#In.type is missing"),
        (rest_json(&json!({"In": {"type": "list"}})), "shapes.In.member is missing"),
        (rest_json(&cycle), "a.b#In is mixed into itself"),
        (no_http, "operations.Act has no smithy.api#http"),
        (two, "several services: a.b#Other, a.b#Service_1"),
        (third, "version \"3.0\" is not known"),
        (not_bound, "a.b#In, which a.b#Service_1 binds, is no operation"),
        (model(&json!({"x.y#mqtt": {}}), &act(), &member("smithy.api#String")), "speaks none of the protocols"),
        (json!({"smithy": "2.0", "shapes": {}}), "without a service"),
        (json!({"smithy": "2.0"}), "`shapes` is missing"),
        (json!([]), "no JSON object"),
    ] {
        let error = refused(&model);
        assert!(error.contains(told), "{error}\n  instead of {told}");
    }
}
