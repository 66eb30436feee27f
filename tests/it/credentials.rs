//! Members that are credentials though no model marks them sensitive: what a release has of them is decided, and none is
//! shown.

use serde_json::{Value, json};
use shapegate::model::ShapeKind;

use crate::support::folder::Folder;
use crate::support::wheels::{NEWEST, release};

/// Endings of names that are looked at, in lower case and without `_`.
const ENDINGS: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "authcode",
    "authkey",
    "authorizationcode",
    "authorizationtoken",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "idtoken",
    "otp",
    "passphrase",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretaccesskey",
    "secretkey",
    "secrettoken",
    "sessiontoken",
    "sharedsecret",
    "tokenvalue",
];

/// Members that are called like a credential and are none: service, member, and why.
const FALSE_FRIENDS: &[(&str, &str, &str)] = &[
    ("apigateway", "apiKey", "the id of a key"),
    ("appmesh", "privateKey", "a file's path"),
    ("cloudformation", "BearerToken", "makes a call idempotent"),
    ("cognito-sync", "SyncSessionToken", "says how far a client has read"),
    ("ec2", "TokenValue", "stands in a public DNS record"),
    ("fsx", "DomainJoinServiceAccountSecret", "the ARN of a secret"),
    ("iam", "RemovePrivateKey", "the id of a key"),
    ("inspector2", "sessionToken", "names a session for a caller who is signed in"),
    ("iot", "secretKey", "the name of a key within a secret"),
    ("mediaconvert", "CertificateSecret", "the ARN of a secret"),
    ("mediapackage", "CdnIdentifierSecret", "the ARN of a secret"),
    ("mediapackage-vod", "CdnIdentifierSecret", "the ARN of a secret"),
];

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn what_is_called_like_a_credential_is_decided() {
    let wheel = release(NEWEST);
    let mut undecided = Vec::new();
    let mut found = 0;
    for name in wheel.services() {
        let Some(ingested) = wheel.load(name).expect("a sound model") else { continue };
        let service = ingested.service;
        for shape in service.shapes.values().filter(|shape| !shape.sensitive) {
            let ShapeKind::Structure(structure) = &shape.kind else { continue };
            for member in &structure.members {
                let plain = member.name.to_lowercase().replace('_', "");
                let target = service.shape(&member.target);
                let may_be = target.is_some_and(|target| {
                    !target.sensitive && matches!(&target.kind, ShapeKind::String(values) if values.0.is_none())
                });
                if !may_be || !ENDINGS.iter().any(|ending| plain.ends_with(ending)) {
                    continue;
                }
                found += 1;
                let is_friend = FALSE_FRIENDS.iter().any(|(of, called, _)| *of == name && *called == member.name);
                if !is_friend && !service.is_credential(&shape.id, member) {
                    undecided.push(format!("{name} {}.{}", shape.id, member.name));
                }
            }
        }
    }
    assert!(found > 50 && undecided.is_empty(), "{found} candidates, undecided:\n{}", undecided.join("\n"));
}

/// A model of one operation that returns these texts, as a service is called.
fn model(service: &str, structure: &str, members: &[&str]) -> String {
    let texts: serde_json::Map<String, Value> =
        members.iter().map(|name| ((*name).to_owned(), json!({"shape": "Text"}))).collect();
    json!({
        "version": "2.0",
        "metadata": {
            "apiVersion": "2020-01-01", "endpointPrefix": service, "protocol": "json", "jsonVersion": "1.1",
            "serviceFullName": service, "serviceId": service, "signatureVersion": "v4", "targetPrefix": "T",
        },
        "operations": {"Give": {
            "name": "Give", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "GiveOutput"},
        }},
        "shapes": {
            "GiveOutput": {"type": "structure", "members": {"It": {"shape": structure}, "Count": {"shape": "Count"}}},
            structure: {"type": "structure", "members": texts},
            "Text": {"type": "string", "max": 3},
            "Count": {"type": "integer"},
        },
    })
    .to_string()
}

#[test]
fn unmarked_credentials_are_never_shown() {
    for (service, structure, member) in [
        ("sts", "Credentials", "SessionToken"),
        ("cognito-identity", "Credentials", "SessionToken"),
        ("lakeformation", "TemporaryCredentials", "SecretAccessKey"),
        ("ecr", "AuthorizationData", "authorizationToken"),
        ("mq", "User", "Password"),
    ] {
        let folder = Folder::new().with("service-2.json", &model(service, structure, &[member, "Plain"]));
        let secret = ["hush", "Hush", service].join("");
        let record = |token: &Value, more: &str| {
            let payload = json!({"It": {member: token, "Plain": "seen everywhere"}, more: "x"});
            json!({"service": service, "operation": "Give", "direction": "response", "payload": payload}).to_string()
        };
        // Too long, of another type, and on the line of other findings.
        folder.write("a.ndjson", &record(&secret.as_str().into(), "Other"));
        folder.write("b.ndjson", &record(&json!([secret]), "Count"));
        let model = ["--model", "service-2.json"];
        for form in ["text", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"] {
            let arguments = [&["check", "a.ndjson", "b.ndjson", "--verbose", "--format", form][..], &model].concat();
            let ran = folder.run(&arguments);
            assert_eq!(ran.code, Some(1), "{}", ran.stderr);
            let all = ran.stdout + &ran.stderr;
            assert!(all.contains(member) && !all.contains(&secret), "{service} {form}: {all}");
        }
        let ran = folder.run(&[&["snapshot", "a.ndjson", "b.ndjson"][..], &model].concat());
        assert!(!(ran.stdout.contains(&secret) || ran.stderr.contains(&secret)), "{}", ran.stdout);
        let ran = folder.run(&[&["redact", "a.ndjson", "c.ndjson"][..], &model].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let copy = folder.read("c.ndjson");
        assert!(!copy.contains(&secret) && copy.contains("seen everywhere"), "{copy}");
    }
}

#[test]
fn a_value_keeps_both_the_enumeration_and_the_pattern_beside_it() {
    let mut model: Value = serde_json::from_str(&model("sts", "Holder", &["Kind"])).expect("JSON");
    model["shapes"]["Text"] = json!({"type": "string", "enum": ["ON", "off"], "pattern": "^[A-Z]+$"});
    let folder = Folder::new().with("service-2.json", &model.to_string());
    for (value, fits) in [("ON", true), ("off", false), ("OTHER", false)] {
        let payload = json!({"It": {"Kind": value}});
        let record = json!({"service": "sts", "operation": "Give", "direction": "response", "payload": payload});
        folder.write("a.ndjson", &record.to_string());
        let (code, report) = folder.report(&["check", "a.ndjson", "--model", "service-2.json"]);
        assert_eq!(code == Some(0), fits, "{value}: {report}");
        assert_eq!(report["findings"].as_array().map_or(0, Vec::len), usize::from(!fits), "{value}: {report}");
    }
}
