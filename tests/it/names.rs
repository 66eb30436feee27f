//! A service has one name, whatever language its model is in and wherever it lies, and is found by others.

use std::fs::{create_dir_all, write};
use std::io::{Cursor, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use shapegate::check::{Catalog, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::source::Source;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::changes::{Judged, by_service};
use crate::support::check;
use crate::support::smithy::written;

/// Gateways have another folder than their service id says, and a shape of a third name.
const GATEWAY: &str = "API Gateway";

/// A botocore model with one operation.
fn model(service_id: &str, version: &str) -> Value {
    json!({
        "metadata": {"serviceId": service_id, "serviceFullName": service_id, "protocol": "json", "jsonVersion": "1.0",
            "endpointPrefix": "prefix", "targetPrefix": "TheShape", "apiVersion": version},
        "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "GetThingRequest"}}},
        "shapes": {"GetThingRequest": {"type": "structure", "members": {"id": {"shape": "Id"}}},
            "Id": {"type": "string", "max": 3}},
    })
}

fn botocore(service_id: &str) -> Vec<u8> {
    model(service_id, "2020-01-01").to_string().into_bytes()
}

fn smithy(service_id: &str) -> Vec<u8> {
    written(&model(service_id, "2020-01-01")).to_string().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writing to a Vec");
    encoder.finish().expect("writing to a Vec")
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a legal name");
        writer.write_all(bytes).expect("writing to a Vec");
    }
    writer.finish().expect("a sound archive").into_inner()
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        create_dir_all(path.parent().expect("a file has a folder")).expect("writable");
        write(path, bytes).expect("writable");
    }
    dir
}

fn open(path: &Path) -> Source {
    Source::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of a source's services, which their models must have, too.
fn services(source: &Source) -> Vec<&str> {
    let services = source.services();
    for service in &services {
        let ingested = source.load(service).expect("a sound model").expect("a service of the source");
        assert_eq!(ingested.service.name, *service);
    }
    services
}

#[test]
fn every_way_in_gives_the_canonical_name() {
    let wheel = zip(&[
        ("botocore/data/mine/2020-01-01/service-2.json.gz", gzip(&botocore(GATEWAY))),
        ("botocore/data/sqs/2020-01-01/service-2.json", botocore("SQS")),
    ]);
    let zipped = zip(&[("root/mine.json", smithy(GATEWAY)), ("root/sqs.json", smithy("SQS"))]);
    let dir = folder(&[
        ("bare/service-2.json", botocore(GATEWAY)),
        ("named/iam.json", botocore(GATEWAY)),
        ("packed/service-2.json.gz", gzip(&botocore(GATEWAY))),
        ("alone/mine/2020-01-01/service-2.json", botocore(GATEWAY)),
        ("site/botocore/data/mine/2020-01-01/service-2.json", botocore(GATEWAY)),
        ("site/botocore/data/sqs/2020-01-01/service-2.json.gz", gzip(&botocore("SQS"))),
        ("botocore.whl", wheel),
        ("smithy/mine.json", smithy(GATEWAY)),
        ("flat/mine.json", smithy(GATEWAY)),
        ("flat/sqs-2020-01-01.json.gz", gzip(&smithy("SQS"))),
        ("deep/models/mine/service/2020-01-01/mine-2020-01-01.json", smithy(GATEWAY)),
        ("deep/models/sqs/service/2020-01-01/sqs-2020-01-01.json", smithy("SQS")),
        ("smithy.zip", zipped),
    ]);
    let single = [
        "bare/service-2.json",
        "bare",
        "named/iam.json",
        "packed/service-2.json.gz",
        "alone/mine",
        "alone/mine/2020-01-01",
        "alone/mine/2020-01-01/service-2.json",
        "smithy/mine.json",
        "smithy",
        "deep/models/mine",
        "deep/models/mine/service",
        "deep/models/mine/service/2020-01-01",
        "deep/models/mine/service/2020-01-01/mine-2020-01-01.json",
    ];
    for path in single {
        assert_eq!(services(&open(&dir.path().join(path))), ["apigateway"], "{path}");
    }
    for path in ["site", "site/botocore/data", "botocore.whl", "flat", "deep", "deep/models", "smithy.zip"] {
        let source = open(&dir.path().join(path));
        assert_eq!(services(&source), ["apigateway", "sqs"], "{path}");
        let identity = source.identity("apigateway").expect("a sound model");
        assert_eq!(identity.endpoint_prefix.as_deref(), Some("prefix"), "{path}");
    }
    for path in ["site", "botocore.whl"] {
        assert_eq!(open(&dir.path().join(path)).versions("apigateway").expect("listed"), ["2020-01-01"], "{path}");
    }
}

#[test]
fn a_model_without_a_service_id_is_named_by_its_folder() {
    let mut old = model("", "2010-01-01");
    old["metadata"].as_object_mut().expect("metadata").swap_remove("serviceId");
    let old = old.to_string().into_bytes();
    let dir = folder(&[
        ("data/Mine/2010-01-01/service-2.json", old.clone()),
        ("data/sqs/2020-01-01/service-2.json", botocore("SQS")),
        ("bare/service-2.json", old),
    ]);
    assert_eq!(services(&open(&dir.path().join("data"))), ["Mine", "sqs"]);
    assert_eq!(services(&open(&dir.path().join("data/Mine"))), ["Mine"]);
    assert_eq!(services(&open(&dir.path().join("bare"))), ["prefix"]);
}

#[test]
fn models_of_one_service_id_all_stay() {
    let of = |version: &str| model("IAM", version).to_string().into_bytes();
    let dir = folder(&[
        ("canonical/iam/2010-01-01/service-2.json", of("2010-01-01")),
        ("canonical/mine/2020-01-01/service-2.json", of("2020-01-01")),
        ("newest/older/2010-01-01/service-2.json", of("2010-01-01")),
        ("newest/newer/2020-01-01/service-2.json", of("2020-01-01")),
        ("swapped/sqs/2010-01-01/service-2.json", of("2010-01-01")),
        ("swapped/mine/2020-01-01/service-2.json", of("2020-01-01")),
        ("swapped/iam/2020-01-01/service-2.json", botocore("SQS")),
        ("versions/mine/2010-01-01/service-2.json", of("2010-01-01")),
        ("versions/mine/2020-01-01/service-2.json", of("2020-01-01")),
        ("versions/sqs/2020-01-01/service-2.json", botocore("SQS")),
        ("smithy/cloudwatch-events.json", written(&model("CloudWatch Events", "2014-02-03")).to_string().into_bytes()),
        ("smithy/eventbridge.json", written(&model("EventBridge", "2015-10-07")).to_string().into_bytes()),
    ]);
    let version = |source: &Source, service: &str| {
        let ingested = source.load(service).expect("a sound model").expect("a service of the source");
        ingested.service.api_version.known().cloned().expect("stated")
    };
    for (path, expected) in [
        ("canonical", &[("iam", "2010-01-01"), ("mine", "2020-01-01")][..]),
        ("newest", &[("iam", "2020-01-01"), ("older", "2010-01-01")]),
        ("swapped", &[("iam", "2020-01-01"), ("sqs", "2020-01-01"), ("sqs-2", "2010-01-01")]),
        ("versions", &[("iam", "2020-01-01"), ("sqs", "2020-01-01")]),
        ("smithy", &[("cloudwatch-events", "2014-02-03"), ("events", "2015-10-07")]),
    ] {
        let source = open(&dir.path().join(path));
        let found: Vec<_> = services(&source).iter().map(|name| (*name, version(&source, name))).collect();
        assert_eq!(found, expected.iter().map(|(name, on)| (*name, (*on).to_owned())).collect::<Vec<_>>(), "{path}");
    }
    let versions = open(&dir.path().join("versions")).versions("iam").expect("listed");
    assert_eq!(versions, ["2010-01-01", "2020-01-01"]);
}

#[test]
fn a_service_is_found_by_what_people_call_it() {
    let dir = folder(&[
        ("botocore/mine/2020-01-01/service-2.json", botocore(GATEWAY)),
        ("botocore/sqs/2020-01-01/service-2.json", botocore("SQS")),
        ("smithy/mine.json", smithy(GATEWAY)),
        ("smithy/sqs.json", smithy("SQS")),
        ("one/mine.json", smithy(GATEWAY)),
    ]);
    for (path, shape) in [("botocore", None), ("smithy", Some("TheShape")), ("one/mine.json", Some("TheShape"))] {
        let mut catalog = Catalog::default();
        catalog.add_source(open(&dir.path().join(path)));
        let names = ["apigateway", "ApiGateway", "API Gateway", "api gateway", "api-gateway", "mine", "MINE"];
        for name in names.into_iter().chain(shape) {
            assert_eq!(catalog.called(name), Some("apigateway"), "{name} in {path}");
            assert_eq!(catalog.only_service(Some(name)).ok(), Some("apigateway"), "{name} in {path}");
            let contract = catalog.contract(name).expect("a sound model").expect("it is there");
            assert_eq!(contract.service().name, "apigateway", "{name} in {path}");
        }
        let error = catalog.only_service(Some("gateway")).expect_err("nothing is called so").to_string();
        assert!(error.contains("no service \"gateway\"") && error.contains("There is apigateway."), "{error}");
    }
}

#[test]
fn recordings_name_services_as_they_did() {
    let dir = folder(&[
        ("models/mine/2020-01-01/service-2.json", botocore(GATEWAY)),
        ("models/sqs/2020-01-01/service-2.json", botocore("SQS")),
    ]);
    let mut catalog = Catalog::default();
    catalog.add_source(open(&dir.path().join("models")));
    for name in ["apigateway", "mine", "api-gateway", "API Gateway"] {
        let record =
            json!({"service": name, "operation": "GetThing", "direction": "request", "payload": {"id": "long"}});
        let input = Input::Stream(Box::new(Cursor::new(record.to_string())));
        let found = check(&catalog, vec![input], 1).findings;
        let told: Vec<_> = found.iter().map(|finding| finding.fingerprint().to_string()).collect();
        assert_eq!(told, ["length-out-of-range:apigateway:GetThing:request:GetThingRequest.id:max"], "{name}");
    }
}

#[test]
fn the_user_names_the_service_of_traffic_that_does_not() {
    let dir = folder(&[
        ("models/mine/2020-01-01/service-2.json", botocore(GATEWAY)),
        ("models/sqs/2020-01-01/service-2.json", botocore("SQS")),
    ]);
    let mut catalog = Catalog::default();
    catalog.add_source(open(&dir.path().join("models")));
    let expectations = Expectations::default();
    let request = json!({"method": "POST", "url": "http://localhost:4566/",
        "headers": [{"name": "X-Amz-Target", "value": "TheShape.GetThing"}], "postData": {"text": "{\"id\": \"long\"}"}});
    let response = json!({"status": 200, "headers": [], "content": {"text": "{}"}});
    let har = json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string();
    for name in ["apigateway", "mine", "api-gateway", "API Gateway"] {
        let options = Options { service: Some(name), threads: 1, ..Options::new(&catalog, &expectations) };
        let input = Input::Stream(Box::new(Cursor::new(har.clone())));
        let found = run(vec![input], &options).expect("it is read").findings;
        let told: Vec<_> = found.iter().map(|one| (one.rule.id, one.service.as_deref())).collect();
        assert_eq!(told, [("length-out-of-range", Some("apigateway"))], "{name}");
    }
}

#[test]
fn an_upgrade_pairs_services_by_their_names() {
    let ids = [GATEWAY, "STS", "BCM Recommended Actions", "EventBridge", "Pinpoint SMS Voice"];
    let folders = ["apigateway", "sts", "bcm-recommended-actions", "events", "pinpoint-sms-voice"];
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (id, name) in ids.iter().zip(folders) {
        files.push((format!("botocore/data/{name}/2020-01-01/service-2.json"), botocore(id)));
    }
    // botocore has a second folder of this one, and Smithy a file of the former name of that one.
    files.push(("botocore/data/sms-voice/2020-01-01/service-2.json".to_owned(), botocore("Pinpoint SMS Voice")));
    let wheel = zip(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>());
    let smithy_files: Vec<(String, Vec<u8>)> =
        ids.iter().enumerate().map(|(at, id)| (format!("smithy/{at}.json"), smithy(id))).collect();
    let former = written(&model("CloudWatch Events", "2014-02-03")).to_string().into_bytes();
    let mut all = vec![("botocore.whl", wheel), ("smithy/former.json", former)];
    all.extend(smithy_files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())));
    let dir = folder(&all);
    let (wheel, smithy) = (dir.path().join("botocore.whl"), dir.path().join("smithy"));
    for (old, new) in [(&wheel, &smithy), (&smithy, &wheel)] {
        let compared = by_service(old, new, None);
        let mut names: Vec<&str> = compared.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["apigateway", "bcm-recommended-actions", "events", "pinpoint-sms-voice", "sts"]);
        for (name, judged) in &compared {
            let lines: String = judged.iter().map(Judged::line).collect();
            assert_eq!(lines, "", "{name}");
        }
    }
    for name in ["API Gateway", "api-gateway", "0"] {
        let compared = by_service(&wheel, &smithy, Some(name));
        assert_eq!(compared.into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["apigateway"], "{name}");
    }
    // A folder of botocore that goes is a name that goes.
    let fewer: Vec<(&str, Vec<u8>)> =
        files.iter().take(5).map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let newer = folder(&[("botocore.whl", zip(&fewer))]);
    let compared = by_service(&wheel, &newer.path().join("botocore.whl"), Some("sms-voice"));
    assert_eq!(compared[0].1.iter().map(Judged::rule).collect::<Vec<_>>(), ["service-removed"]);
}
