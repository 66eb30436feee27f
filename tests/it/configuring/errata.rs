//! Errata: botocore's own extras, patches by service, and what is said of them.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use shapegate::check::{Catalog, Input};
use shapegate::ingest::errata::Errata;
use shapegate::ingest::source::Source;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::check;
use crate::support::folder::{Folder, Ran};
use crate::support::wheels::{NEWEST, wheel};

/// A model of `Thing` whose input has a member of that type.
fn model(kind: &str) -> String {
    json!({
        "version": "2.0",
        "metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "rest-json",
            "serviceFullName": "Thing", "serviceId": "Thing", "signatureVersion": "v4"},
        "operations": {
            "MakeThing": {"name": "MakeThing", "http": {"method": "POST", "requestUri": "/things"},
                "input": {"shape": "MakeInput"}},
            "DropThing": {"name": "DropThing", "http": {"method": "DELETE", "requestUri": "/things"}},
        },
        "shapes": {"MakeInput": {"type": "structure", "members": {"since": {"shape": "Since"}}}, "Since": {"type": kind}},
    })
    .to_string()
}

const EXTRAS: &str = r#"{"version": 1.0, "merge": {"shapes": {"Since": {"type": "timestamp"}}}}"#;
const PATCH: &str =
    r#"{"thing/2024-01-01/service-2": [{"op": "replace", "path": "/shapes/Since/type", "value": "timestamp"}]}"#;

fn gate(folder: &Folder, more: &[&str]) -> Ran {
    folder.run(&[&["gate", "--from", "old", "--to", "new", "--no-witnesses"], more].concat())
}

/// Two releases in botocore's layout, of which the newer one makes a text of a time.
fn releases() -> Folder {
    let folder = Folder::new();
    folder.write("old/botocore/data/thing/2024-01-01/service-2.json", &model("timestamp"));
    folder.write("new/botocore/data/thing/2024-01-01/service-2.json", &model("string"));
    folder
}

#[test]
fn extras_beside_a_model_are_merged_as_botocore_does() {
    let folder = releases();
    assert_eq!(gate(&folder, &[]).code, Some(1), "a time became a text");
    folder.write("new/botocore/data/thing/2024-01-01/service-2.sdk-extras.json", EXTRAS);
    let Ran { code, stdout, stderr } = gate(&folder, &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    for from in ["new/botocore/data/thing", "new/botocore/data/thing/2024-01-01/service-2.json"] {
        let Ran { code, stdout, .. } = folder.run(&["gate", "--from", from, "--to", "old", "--no-witnesses"]);
        assert_eq!(code, Some(0), "{from}: {stdout}");
    }
    let mut wheel = ZipWriter::new(File::create(folder.path().join("new.whl")).expect("writable"));
    for (name, text) in [("service-2.json", model("string")), ("service-2.sdk-extras.json", EXTRAS.to_owned())] {
        let path = format!("botocore/data/thing/2024-01-01/{name}");
        wheel.start_file(path, SimpleFileOptions::default()).expect("a legal name");
        wheel.write_all(text.as_bytes()).expect("writable");
    }
    wheel.finish().expect("writable");
    let Ran { code, stdout, .. } = folder.run(&["gate", "--from", "old", "--to", "new.whl", "--no-witnesses"]);
    assert_eq!(code, Some(0), "{stdout}");
}

/// Equal models whose extras differ are not equal.
#[test]
fn extras_alone_make_a_difference() {
    let folder = releases();
    folder.write("old/botocore/data/thing/2024-01-01/service-2.json", &model("string"));
    assert_eq!(gate(&folder, &[]).code, Some(0));
    folder.write("new/botocore/data/thing/2024-01-01/service-2.sdk-extras.json", EXTRAS);
    assert_eq!(gate(&folder, &[]).code, Some(1));
}

#[test]
fn extras_of_companions_are_merged_too() {
    let folder = releases();
    let root = folder.path().join("old");
    folder.write(
        "old/botocore/data/thing/2024-01-01/paginators-1.json",
        r#"{"pagination": {"ListThings": {"input_token": "a", "output_token": "b", "result_key": "c"}}}"#,
    );
    folder.write(
        "old/botocore/data/thing/2024-01-01/paginators-1.sdk-extras.json",
        r#"{"version": 1.0, "merge": {"pagination": {"ListThings": {"limit_key": "most"}}}}"#,
    );
    let source = Source::open(&root).expect("models");
    let service = source.load_with_companions("thing").expect("a model").expect("it is there").service;
    let paginator = &service.companions.paginators.known().expect("read")["ListThings"];
    assert_eq!((paginator.limit_key.as_deref(), paginator.input_tokens.len()), (Some("most"), 1));
}

#[test]
fn errata_are_patches_by_service_or_extras() {
    let folder = releases();
    folder.write("patch.json", PATCH);
    folder.write(
        "told/why.json",
        &format!(r#"{{"about": "x", "references": ["https://a.example"], "patches": {PATCH}}}"#),
    );
    folder.write("moto/thing/2024-01-01/service-2.sdk-extras.json", EXTRAS);
    for errata in ["patch.json", "told", "moto", "moto/thing/2024-01-01/service-2.sdk-extras.json"] {
        let Ran { code, stdout, stderr } = gate(&folder, &["--errata", errata]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{errata}: {stdout}");
    }
    folder.write("shapegate.toml", "errata = [\"patch.json\"]");
    assert_eq!(gate(&folder, &[]).code, Some(0));
    let diff = ["diff", "--from", "old", "--to", "new", "--exit-code"];
    assert_eq!(folder.run(&diff).code, Some(0));
    assert_eq!(folder.run(&[&diff[..], &["--no-config"]].concat()).code, Some(1));
}

#[test]
fn what_is_no_erratum_is_an_error() {
    let folder = releases();
    for (text, message) in [
        ("{", "not JSON"),
        ("[]", "not an erratum"),
        (r#"{"thing": []}"#, "is not service/version/service-2"),
        (r#"{"thing/2024-01-01/service-2": [{"op": "drop", "path": "/a"}]}"#, "unknown variant `drop`"),
        (r#"{"thing/2024-01-01/service-2": [{"op": "add", "path": "/a"}]}"#, "missing field `value`"),
        (r#"{"merge": {}}"#, "says which model it is of by its path"),
    ] {
        folder.write("x.json", text);
        let Ran { code, stderr, .. } = gate(&folder, &["--errata", "x.json"]);
        assert!(code == Some(2) && stderr.contains("x.json") && stderr.contains(message), "{text}: {stderr}");
    }
    assert_eq!(gate(&folder, &["--errata", "nowhere.json"]).code, Some(2));
}

#[test]
fn a_stale_erratum_is_reported() {
    let folder = releases();
    for (patch, reason) in [
        (r#"{"op": "replace", "path": "/shapes/Since/type", "value": "string"}"#, "the model has it already"),
        (r#"{"op": "remove", "path": "/shapes/Gone"}"#, "/shapes/Gone is not there"),
        (r#"{"op": "test", "path": "/shapes/Since/type", "value": "blob"}"#, "/shapes/Since/type is \"string\""),
    ] {
        folder.write("x.json", &format!(r#"{{"thing/2024-01-01/service-2": [{patch}]}}"#));
        let schema = ["schema", "--model", "new", "--errata", "x.json", "--out", "schemas"];
        let Ran { code, stderr, .. } = folder.run(&schema);
        assert_eq!(code, Some(0));
        assert_eq!(stderr, format!("stale erratum: x.json of thing 2024-01-01: {reason}\n"));
    }
    folder.write("x.json", &PATCH.replace("2024-01-01", "2020-01-01"));
    let Ran { stderr, .. } = gate(&folder, &["--errata", "x.json"]);
    assert!(stderr.contains("stale erratum: x.json of thing 2020-01-01: the model is of 2024-01-01"), "{stderr}");
    folder.write("x.json", &PATCH.replace("thing/2024-01-01", "api-gateway/2015-07-09"));
    let smithy = json!({"smithy": "2.0", "shapes": {"a#Api": {"type": "service", "version": "2015-07-09", "traits": {
        "aws.api#service": {"sdkId": "API Gateway"}, "aws.protocols#restJson1": {}}}}});
    folder.write("smithy.json", &smithy.to_string());
    let Ran { stderr, .. } =
        folder.run(&["schema", "--model", "smithy.json", "--errata", "x.json", "--out", "schemas"]);
    assert!(stderr.contains("of apigateway 2015-07-09: the model is not botocore's"), "{stderr}");
    folder.write("x.json", &PATCH.replace("thing/2024-01-01", "cleanrooms/2022-02-17"));
    let compare = ["gate", "--from", "cleanrooms", "--to", "cleanrooms", "--errata", "x.json"];
    let Ran { stderr, .. } = folder.run(&compare);
    assert!(stderr.contains("a contract within shapegate is compared as it is"), "{stderr}");
    // One that changes either model is of use.
    folder.write("x.json", PATCH);
    assert_eq!(gate(&folder, &["--errata", "x.json"]).stderr, "");
}

#[test]
fn what_an_erratum_changed_is_shown_in_schemas() {
    let folder = releases();
    folder
        .write("x.json", &format!(r#"{{"about": "a time", "references": ["https://a.example"], "patches": {PATCH}}}"#));
    let Ran { stdout, .. } = folder.run(&["schema", "--model", "new", "--errata", "x.json", "--out", "schemas"]);
    assert!(stdout.starts_with("corrected by x.json: /shapes/Since/type\n"), "{stdout}");
    let schema = |name: &str| -> Value {
        serde_json::from_str(&folder.read(&format!("schemas/{name}.schema.json"))).expect("JSON")
    };
    let shown = json!([{"erratum": "x.json", "about": "a time", "references": ["https://a.example"],
        "changed": ["/shapes/Since/type"]}]);
    assert_eq!(schema("MakeThing.input")["x-shapegate"]["errata"], shown);
    assert_eq!(schema("DropThing.input")["x-shapegate"].get("errata"), None, "it does not reach the shape");
}

#[test]
fn shipped_errata_are_sound_and_say_where_they_are_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/errata");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    let shipped = format!("{:?}", Errata::shipped().expect("they are sound"));
    for name in names {
        assert!(shipped.contains(&format!("name: {name:?}")), "{name} is not listed in src/ingest/errata/mod.rs");
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("readable");
        let erratum: Value = serde_json::from_str(&text).expect("JSON");
        assert!(erratum["about"].as_str().is_some_and(|about| about.ends_with('.')), "{name}");
        let references = erratum["references"].as_array().expect("a list");
        assert!(
            !references.is_empty()
                && references.iter().all(|one| one.as_str().is_some_and(|url| url.starts_with("https://")))
        );
    }
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn shipped_errata_change_the_models_of_botocore() {
    let errata = Errata::shipped().expect("they are sound");
    let source = Source::open_corrected(&wheel(NEWEST), &errata).expect("a wheel");
    for (service, count) in [
        ("bedrock-runtime", 2),
        ("cloudformation", 1),
        ("cloudfront", 1),
        ("config", 1),
        ("directconnect", 1),
        ("dynamodb", 2),
        ("ec2", 4),
        ("iam", 1),
        ("lambda", 1),
        ("route53", 3),
        ("sqs", 2),
    ] {
        let service = source.load(service).expect("a model").expect("it is there").service;
        assert_eq!(service.corrections.len(), count, "{}", service.name);
    }
    assert_eq!(errata.stale(true), []);
    // What botocore corrects by itself is no erratum of ours.
    let s3 = source.load("s3").expect("a model").expect("it is there").service;
    let mut s3: Vec<&str> = s3.corrections.iter().map(|one| &*one.erratum).collect();
    s3.sort_unstable();
    assert_eq!(s3, ["s3-copy-source-is-encoded", "s3-notification-filter-names", "service-2.sdk-extras.json"]);
}

/// What AWS answers is no finding; requests are held against what they were, and answers against the rest of it.
#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn shipped_errata_are_about_answers() {
    let errata = Errata::shipped().expect("they are sound");
    let catalog = |errata: Option<&Errata>| {
        let mut catalog = Catalog::default();
        catalog.add_source(match errata {
            Some(errata) => Source::open_corrected(&wheel(NEWEST), errata).expect("a wheel"),
            None => Source::open(&wheel(NEWEST)).expect("a wheel"),
        });
        catalog
    };
    let (corrected, plain) = (catalog(Some(&errata)), catalog(None));
    let folder = Folder::new();
    let rules = |catalog: &Catalog, service: &str, operation: &str, half: &str, payload: &Value| {
        let record = json!({"service": service, "operation": operation, "direction": half, "payload": payload});
        folder.write("a.ndjson", &record.to_string());
        let checked = check(catalog, vec![Input::Path(folder.path().join("a.ndjson"))], 1);
        checked.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    let decreases = |count: i64| json!({"Table": {"ProvisionedThroughput": {"NumberOfDecreasesToday": count}}});
    let zone = |length: usize| json!({"Id": format!("/hostedzone/{}", "Z".repeat(length)), "Name": "a.", "CallerReference": "a"});
    let zone = |length| json!({"HostedZone": zone(length)});
    let called = |kind: &str| json!({"toolUse": {"toolUseId": "a", "name": "a", "input": {}, "type": kind}});
    let answer = |kind: &str| {
        json!({"output": {"message": {"role": "assistant", "content": [called(kind)]}}, "stopReason": "tool_use",
            "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}})
    };
    let none = |member: &str| json!({member: {}});
    let untagged = || json!({"tags": []});
    for (service, operation, answered, rule, fault, own) in [
        ("dynamodb", "DescribeTable", decreases(0), "number-out-of-range", decreases(-1), "number-out-of-range"),
        (
            "dynamodb",
            "BatchGetItem",
            none("UnprocessedKeys"),
            "length-out-of-range",
            json!({"UnprocessedKeys": 7}),
            "wrong-type",
        ),
        (
            "dynamodb",
            "BatchWriteItem",
            none("UnprocessedItems"),
            "length-out-of-range",
            json!({"UnprocessedItems": 7}),
            "wrong-type",
        ),
        (
            "directconnect",
            "CreatePrivateVirtualInterface",
            untagged(),
            "length-out-of-range",
            json!({"tags": 7}),
            "wrong-type",
        ),
        ("route53", "GetHostedZone", zone(21), "length-out-of-range", zone(33), "length-out-of-range"),
        ("bedrock-runtime", "Converse", answer("tool_use"), "unknown-enum-value", answer("use"), "unknown-enum-value"),
    ] {
        let told = |catalog, payload| rules(catalog, service, operation, "response", payload);
        assert_eq!(told(&plain, &answered), [rule], "{operation}");
        assert_eq!(told(&corrected, &answered), [""; 0], "{operation}");
        assert_eq!(told(&corrected, &fault), [own], "{operation}");
    }
    let vlan = json!({"virtualInterfaceName": "a", "vlan": 1, "asn": 1, "tags": []});
    let interface = json!({"connectionId": "a", "newPrivateVirtualInterface": vlan});
    for (service, operation, sent) in [
        ("dynamodb", "BatchGetItem", none("RequestItems")),
        ("dynamodb", "BatchWriteItem", none("RequestItems")),
        ("directconnect", "CreatePrivateVirtualInterface", interface),
        ("route53", "GetHostedZone", json!({"Id": "Z".repeat(33)})),
    ] {
        assert_eq!(rules(&corrected, service, operation, "request", &sent), ["length-out-of-range"], "{operation}");
    }
}
