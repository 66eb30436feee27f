//! Recorders of which each file holds one exchange, or of which bodies stand in other files: what is read, found and
//! redacted; and what recorders write in place of values.

use std::fs;

use serde_json::{Value, json};

use crate::support::folder::{Folder, fingerprints, model};
use crate::support::root;

const RELEASE: &[&str] = &["check", "--no-installed-models", "--contract", "cleanrooms@2023-08-30"];
const HOST: &str = "https://cleanrooms.us-east-1.amazonaws.com";
const MEMBER: &str = "/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001";

/// A response that has one fault.
fn faulty() -> String {
    let path = root().join("fixtures/recordings/cleanrooms/cli-output/cleanrooms.get-membership.json");
    let mut output: Value = serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON");
    for time in ["createTime", "updateTime"] {
        output["membership"][time] = json!(1_693_476_000);
    }
    output["membership"]["status"] = "DONE".into();
    output.to_string()
}

const FAULT: &str = "unknown-enum-value:cleanrooms:GetMembership:response:Membership.status:DONE";

fn cassette(headers: &Value, body: &str) -> String {
    json!({
        "request": {"method": "GET", "url": format!("{HOST}{MEMBER}"), "headers": headers, "body": ""},
        "response": {"status": {"code": 200, "message": "OK"}, "body": body,
            "headers": {"content-type": "application/json", "date": "Fri, 01 Sep 2023 10:00:00 GMT"}},
    })
    .to_string()
}

fn stub(response: &Value) -> String {
    let scope = "AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host";
    json!({
        "id": "x",
        "request": {"method": "GET", "url": MEMBER, "headers": {"Authorization": {"equalTo": scope}}},
        "response": response,
    })
    .to_string()
}

fn found(folder: &Folder) -> Vec<String> {
    let (_, report) = folder.report(&[RELEASE, &["."]].concat());
    fingerprints(&report).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_file_for_each_exchange_is_read() {
    let folder = Folder::new().with("a.json", &cassette(&json!({}), &faulty()));
    assert_eq!(found(&folder), [FAULT]);
}

#[test]
fn a_body_in_a_file_of_its_own_is_judged_and_put_into_the_copy() {
    let folder = Folder::new();
    folder.write("in/mappings/a.json", &stub(&json!({"status": 200, "bodyFileName": "a.json"})));
    folder.write("in/__files/a.json", &faulty());
    let (_, report) = folder.report(&[RELEASE, &["in"]].concat());
    assert_eq!(fingerprints(&report), [FAULT]);
    assert_eq!(report["findings"][0]["location"]["file"].as_str(), Some("in/mappings/a.json"));
    let ran = folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let copy: Value = serde_json::from_str(&folder.read("out/mappings/a.json")).expect("JSON");
    assert!(copy["response"]["bodyFileName"].is_null() && !folder.path().join("out/__files").exists(), "{copy}");
    assert_eq!(copy["response"]["body"].as_str(), Some(faulty().as_str()));
}

#[test]
fn a_body_beside_an_archive_is_judged_and_put_into_the_copy() {
    let folder = Folder::new();
    let name = format!("{}.json", "0a".repeat(20));
    let archive = |content: &Value| {
        let request = json!({"method": "GET", "url": format!("{HOST}{MEMBER}"), "headers": []});
        let headers = json!([{"name": "date", "value": "Fri, 01 Sep 2023 10:00:00 GMT"},
            {"name": "content-type", "value": "application/json"}]);
        let response = json!({"status": 200, "headers": headers, "content": content});
        json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string()
    };
    folder.write("in/a.har", &archive(&json!({"mimeType": "application/json", "size": -1, "_file": name})));
    folder.write(&format!("in/{name}"), &faulty());
    let (_, report) = folder.report(&[RELEASE, &["in"]].concat());
    assert_eq!(fingerprints(&report), [FAULT]);
    let ran = folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let copy: Value = serde_json::from_str(&folder.read("out/a.har")).expect("JSON");
    let content = &copy["log"]["entries"][0]["response"]["content"];
    assert!(content["_file"].is_null() && content["text"].as_str() == Some(&faulty()), "{copy}");
    assert!(!folder.path().join("out").join(&name).exists(), "a copy has no files beside it");
    let binary = format!("{}.bin", "1b".repeat(20));
    folder.write("in/a.har", &archive(&json!({"mimeType": "application/json", "_file": binary})));
    fs::write(folder.path().join("in").join(&binary), b"\x80\x81").expect("writable");
    folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in/a.har", "again.har"]);
    let copy: Value = serde_json::from_str(&folder.read("again.har")).expect("JSON");
    let content = &copy["log"]["entries"][0]["response"]["content"];
    assert_eq!((&content["encoding"], &content["text"]), (&json!("base64"), &json!("gIE=")));
    fs::write(folder.path().join("in/a.har.zip"), b"PK\x03\x04 and more").expect("writable");
    let ran = folder.run(&["check", "in/a.har.zip"]);
    assert!(ran.stderr.contains("a zip archive, whose files are read once it is unpacked"), "{}", ran.stderr);
}

/// A header of POSIX's form, in which `ustar` stands, then the file in blocks.
fn tar(name: &str, text: &str) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{:011o}\0", text.len()).as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    let mut archive = header.to_vec();
    archive.extend(text.as_bytes());
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

#[test]
fn an_archive_is_called_one_whatever_is_in_it() {
    let folder = Folder::new();
    let har = json!({"log": {"version": "1.2", "entries": [{"request": {"url": "https://a.b/"}, "response": {}}]}});
    for text in [har.to_string(), format!("{har:#}"), "x".repeat(3 << 20)] {
        let archive = tar("c.har", &text);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &archive).expect("writing to a Vec");
        let packed = packed.finish().expect("writing to a Vec");
        for (name, bytes) in [("c.tar", &archive), ("c.tar.gz", &packed), ("c.tgz", &packed)] {
            fs::write(folder.path().join(name), bytes).expect("writable");
            let ran = folder.run(&["check", "--no-installed-models", name]);
            let told = format!(
                "{name}: no recording of a known format: a tar archive, whose files are read once it is unpacked\n"
            );
            assert!(ran.code == Some(2) && ran.stderr.contains(&told), "{}", ran.stderr);
        }
    }
    // What only holds the word is none.
    folder.write("d.txt", &format!("{}ustar", " ".repeat(256)));
    let ran = folder.run(&["check", "--no-installed-models", "d.txt"]);
    assert!(ran.code == Some(2) && !ran.stderr.contains("archive"), "{}", ran.stderr);
}

/// A format that is named wrongly is named on the command line, and so is the way out.
#[test]
fn a_format_that_a_recording_does_not_have_may_be_left_out() {
    let folder = Folder::new();
    let request = json!({"method": "GET", "uri": "https://a.amazonaws.com/", "body": null, "headers": {}});
    let response = json!({"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": ""}});
    let cassette = json!({"interactions": [{"request": request, "response": response}], "version": 1});
    folder.write("a.yaml", &format!("interactions: {}\nversion: 1\n", cassette["interactions"]));
    folder.write("a.json", &cassette.to_string());
    folder.write("none.har", "{\"log\": {}}");
    let told = |arguments: &[&str]| {
        let ran = folder.run(&[&["check", "--no-installed-models"], arguments].concat());
        ran.stdout + &ran.stderr
    };
    let remedy = "it has no list of exchanges; leave out --recording-format, and its own format is recognised\n";
    for name in ["a.yaml", "a.json"] {
        let told = told(&["--recording-format", "har", name]);
        assert!(told.contains(remedy), "{name}: {told}");
    }
    let told = told(&["none.har"]);
    assert!(!told.contains("--recording-format, and"), "{told}");
}

#[test]
fn a_body_beside_a_stub_in_yaml_is_judged_and_put_into_the_copy() {
    let folder = Folder::new();
    let whole: Value = serde_json::from_str(&stub(&json!({}))).expect("JSON");
    let yaml = format!("request: {}\nresponse:\n  bodyFileName: a.json\n  status: 200\n", whole["request"]);
    folder.write("in/mappings/a.yaml", &yaml);
    folder.write("in/__files/a.json", &faulty());
    let (_, report) = folder.report(&[RELEASE, &["in"]].concat());
    assert_eq!(fingerprints(&report), [FAULT], "{yaml}");
    let ran = folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let copy = folder.read("out/mappings/a.yaml");
    assert!(!copy.contains("bodyFileName") && !folder.path().join("out/__files").exists(), "{copy}");
    folder.write("again/mappings/a.yaml", &copy);
    let (_, report) = folder.report(&[RELEASE, &["again"]].concat());
    assert_eq!(fingerprints(&report), [FAULT], "{copy}");
}

#[test]
fn what_the_user_says_comes_before_what_a_file_s_name_may_say() {
    let folder = Folder::new().with("example_authz_v2.json", &faulty());
    let named =
        ["check", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "--operation", "GetMembership"];
    for service in [&[][..], &["--service", "cleanrooms"]] {
        let (_, report) = folder.report(&[&named, service, &["."]].concat());
        assert_eq!(fingerprints(&report), [FAULT], "no service is called `example`: {service:?}");
    }
    folder.write("cleanrooms_authz.json", &faulty());
    assert_eq!(fingerprints(&folder.report(&[&named[..], &["cleanrooms_authz.json"]].concat()).1), [FAULT]);
    // One of several files has a number, and is called what the others are.
    folder.write("d/get-membership-2.json", &faulty());
    let (_, report) = folder.report(&[RELEASE, &["--service", "cleanrooms", "d"]].concat());
    assert_eq!(fingerprints(&report), [FAULT]);
}

#[test]
fn examples_may_stand_in_a_folder_of_the_endpoint_s_name() {
    let folder = Folder::new();
    for (name, prefix) in [("one", "shared.name"), ("two", "other")] {
        let mut own: Value = serde_json::from_str(&model(&["name".to_owned()])).expect("JSON");
        own["metadata"]["endpointPrefix"] = prefix.into();
        own["metadata"]["serviceId"] = name.into();
        folder.write(&format!("models/{name}/2024-01-01/service-2.json"), &own.to_string());
    }
    let examples = json!({"version": "1.0", "examples": {"MakeThing": [{"input": {"nome": "n"}}]}});
    for (place, told) in [("shared.name", "unknown-member"), ("elsewhere", "nothing was checked")] {
        folder.write(&format!("in/{place}/2024-01-01/examples-1.json"), &examples.to_string());
        let ran = folder.run(&["check", "--no-installed-models", "--model", "models", &format!("in/{place}")]);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(told), "{place}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn an_event_without_parameters_may_come_first() {
    let event = |more: Value| {
        let mut event = json!({"eventVersion": "1.08", "eventTime": "2023-09-01T10:00:00Z", "eventType": "AwsApiCall",
            "eventSource": "cleanrooms.amazonaws.com", "eventName": "ListMemberships", "userIdentity": {"type": "IAMUser"},
            "sourceIPAddress": "192.0.2.1"});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        event
    };
    let list = json!([event(json!({})), event(json!({"requestParameters": {"statos": "ACTIVE"}}))]);
    let folder = Folder::new().with("in/events.json", &list.to_string());
    assert_eq!(found(&folder), ["unknown-member:cleanrooms:ListMemberships:request:ListMembershipsInput.statos"]);
    let of_a_stream = json!({"eventID": "1", "eventName": "REMOVE", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "userIdentity": {"type": "Service"}});
    let folder = Folder::new().with("in/events.json", &json!([of_a_stream]).to_string());
    assert!(folder.run(&["check", "."]).stderr.contains("nearly cloudtrail"), "what others send is none");
}

#[test]
fn a_stub_names_no_file_outside() {
    let folder = Folder::new();
    let secret = "this is not for the report";
    folder.write("secret", secret);
    folder.write("__files/other", "");
    for name in ["../secret".to_owned(), folder.path().join("secret").display().to_string(), "none".to_owned()] {
        folder.write("mappings/a.json", &stub(&json!({"status": 200, "bodyFileName": name})));
        let ran = folder.run(&[RELEASE, &["mappings"]].concat());
        assert!(ran.stdout.contains("malformed-recording") && !ran.stdout.contains(secret), "{}", ran.stdout);
    }
}

#[test]
fn what_a_stub_does_not_match_is_no_fault_of_the_request() {
    let answer = json!({"status": 200, "jsonBody": serde_json::from_str::<Value>(&faulty()).expect("JSON")});
    let request = |more: Value| {
        let mut one: Value = serde_json::from_str(&stub(&answer)).expect("JSON");
        one["request"]["method"] = "POST".into();
        one["request"]["url"] = "/memberships".into();
        one["request"]["bodyPatterns"] = more;
        one.to_string()
    };
    let absent = |folder: &Folder| found(folder).iter().filter(|one| one.starts_with("missing-member")).count();
    let folder = Folder::new().with("a.json", &request(json!([{"matchesJsonPath": "$.queryLogStatus"}])));
    assert_eq!(absent(&folder), 0, "{:?}", found(&folder));
    folder.write("a.json", &request(json!([{"equalToJson": "{\"queryLogStatus\": \"ENABLED\"}"}])));
    assert_eq!(absent(&folder), 1, "a body that is there is whole: {:?}", found(&folder));
}

#[test]
fn a_stub_is_of_the_service_that_it_matches() {
    let stub = |more: Value| {
        let answer = json!({"status": 200, "jsonBody": serde_json::from_str::<Value>(&faulty()).expect("JSON")});
        let mut request = json!({"method": "GET", "url": MEMBER});
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({"request": request, "response": answer}).to_string()
    };
    for said in [
        json!({"host": {"equalTo": "cleanrooms.us-east-1.amazonaws.com"}}),
        json!({"headers": {"Host": {"contains": "cleanrooms.us-east-1.amazonaws.com"}}}),
        json!({"headers": {"Authorization": {"contains": "/us-east-1/cleanrooms/aws4_request"}}}),
        json!({"headers": {"Authorization": {"matches": ".*/us-east-1/cleanrooms/aws4_request.*"}}}),
    ] {
        assert_eq!(found(&Folder::new().with("a.json", &stub(said.clone()))), [FAULT], "{said}");
    }
    for silent in [json!({}), json!({"headers": {"Authorization": {"matches": ".*"}}, "host": {"equalTo": "h"}})] {
        let ran = Folder::new().with("a.json", &stub(silent.clone())).run(&[RELEASE, &["."]].concat());
        assert_eq!(ran.code, Some(2), "it is of nobody's API: {silent}");
    }
}

#[test]
fn a_placeholder_of_a_recorder_is_no_value() {
    let all = |value: &str| json!({"Content-Type": value, "amz-sdk-invocation-id": value});
    let sent = |value: &str| {
        let mut one: Value = serde_json::from_str(&cassette(&all(value), &faulty())).expect("JSON");
        one["request"]["method"] = "PATCH".into();
        one["request"]["body"] = "{\"queryLogStatus\": \"ENABLED\"}".into();
        one.to_string()
    };
    let wrong = |folder: &Folder| found(folder).iter().filter(|one| one.starts_with("unexpected-content-type")).count();
    let folder = Folder::new().with("a.json", &sent("**REDACTED**"));
    assert_eq!(wrong(&folder), 0, "{:?}", found(&folder));
    folder.write("a.json", &sent("text/plain"));
    assert_eq!(wrong(&folder), 1, "{:?}", found(&folder));
    // A body that was left out as a whole is unknown; another that is no JSON is none.
    let undecodable = |body: &str| {
        let folder = Folder::new().with("a.json", &cassette(&json!({}), body));
        found(&folder).iter().filter(|one| one.starts_with("undecodable-body")).count()
    };
    assert_eq!(["CLEARED", "[REDACTED]", "\"FILTERED\""].map(undecodable), [0; 3]);
    // Nor is what belongs in it missing, where a placeholder or a length alone is left of it.
    let lacking = |body: &str, length: &str| {
        let asked = json!({"content-type": "application/json", "content-length": length});
        let mut one: Value = serde_json::from_str(&cassette(&asked, &faulty())).expect("JSON");
        one["request"]["method"] = "POST".into();
        one["request"]["url"] = format!("{HOST}/memberships").into();
        one["request"]["body"] = body.into();
        one["response"]["body"] = body.into();
        one["response"]["headers"]["content-length"] = length.into();
        let folder = Folder::new().with("a.json", &one.to_string());
        found(&folder).iter().filter(|one| one.starts_with("missing-member")).count()
    };
    assert_eq!([lacking("CLEARED", "82"), lacking("{}", "2")], [0, 3]);
    let uncoded = |body: &str| {
        let mut one: Value = serde_json::from_str(&cassette(&json!({}), body)).expect("JSON");
        one["response"]["status"]["code"] = 404.into();
        let folder = Folder::new().with("a.json", &one.to_string());
        found(&folder).iter().filter(|one| one.starts_with("missing-error-code")).count()
    };
    assert_eq!([uncoded("[REDACTED]"), uncoded("{}")], [0, 1]);
    assert_eq!(["cleared it", "***"].map(undecodable), [1; 2]);
    // The same id of two calls is that of one call and its second attempt; a placeholder is no id.
    let twice = |id: &str| {
        let entry = format!(
            "- {{method: GET, uri: '{HOST}{MEMBER}', body: null, headers: {{amz-sdk-invocation-id: ['{id}']}}}}\n"
        );
        let answer = format!("- {{status: {{code: 200}}, headers: {{}}, body: {{string: '{}'}}}}\n", faulty());
        let folder = Folder::new().with("a.yaml", &format!("requests:\n{entry}{entry}responses:\n{answer}{answer}"));
        folder.run(&[RELEASE, &["a.yaml"]].concat()).stdout.contains("1 retry")
    };
    assert!(twice("5d793206-5131-5450-8814-8de19edd7b25") && !twice("**REDACTED**") && !twice("CLEARED"));
}

const MODELS: &[&str] = &["check", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "."];

/// What is found in an answer of awsQuery or of JSON, as Ruby VCR and as vcrpy keep it.
fn kept_by_both(model: &str, host: &str, form: &str, answer: &str) -> [Vec<String>; 2] {
    let model = root().join("fixtures/contracts").join(model).join("service-2.json");
    let found = |cassette: Value| {
        let folder = Folder::new().with("a.json", &cassette.to_string());
        let model = model.to_str().expect("UTF-8");
        let (_, report) = folder.report(&["check", "--no-installed-models", "--model", model, "a.json"]);
        fingerprints(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let asked = json!({"content-type": ["application/x-www-form-urlencoded"]});
    let answered = json!({"content-type": ["text/xml"], "date": ["Fri, 01 Sep 2023 10:00:00 GMT"]});
    let uri = format!("https://{host}.us-east-1.amazonaws.com/");
    let ruby = json!({"http_interactions": [{
        "request": {"method": "post", "uri": uri, "headers": asked, "body": {"string": form}},
        "response": {"status": {"code": 200}, "headers": answered, "body": {"string": answer}},
    }]});
    let python = json!({"version": 1, "interactions": [{
        "request": {"method": "POST", "uri": uri, "headers": asked, "body": form},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": answered, "body": {"string": answer}},
    }]});
    [found(ruby), found(python)]
}

#[test]
fn placeholders_of_ruby_vcr_are_values_that_are_not_known() {
    let form = "Action=PutThing&Version=2020-01-01&Name=a";
    let both = |members: &str| {
        let answer = format!("<PutThingResponse><PutThingResult>{members}</PutThingResult></PutThingResponse>");
        kept_by_both("aws-query", "aws-query", form, &answer)
    };
    let odd = "unknown-member:aws-query:PutThing:response:Thing.Odd".to_owned();
    let undecodable = "undecodable-body:aws-query:PutThing:response:".to_owned();
    for members in ["<Name>n<ACCOUNT_ID></Name>", "<Colour><COLOUR></Colour>", "<Count><COUNT></Count><Data><D></Data>"]
    {
        assert_eq!(both(members), [vec![], vec![undecodable.clone()]], "{members}");
        let [ruby, _] = both(&format!("{members}<Odd/>"));
        assert_eq!(ruby, [odd.as_str()], "a fault beside it: {members}");
    }
    // What another recorder wrote as text is that text.
    let colour = "unknown-enum-value:aws-query:PutThing:response:Thing.Colour:<COLOUR>".to_owned();
    assert_eq!(both("<Colour>&lt;COLOUR&gt;</Colour>"), [vec![], vec![colour]]);
    // Elements whose names are in capitals are none, nor are tags that nobody closed.
    assert_eq!(both("<NAME>n</NAME>")[0], ["unknown-member:aws-query:PutThing:response:Thing.NAME"]);
    assert_eq!(both("<Name>n<account></Name>")[0], [undecodable]);
}

#[test]
fn a_form_that_was_not_recorded_names_no_operation_and_the_answer_does() {
    let model = root().join("fixtures/contracts/aws-query/service-2.json");
    let run = |headers: Value, form: &str, (status, answer): (u16, &str)| {
        let cassette = json!({"http_interactions": [{
            "request": {"method": "post", "uri": "https://aws-query.us-east-1.amazonaws.com/", "headers": headers,
                "body": {"string": form}},
            "response": {"status": {"code": status}, "body": {"string": answer},
                "headers": {"content-type": ["text/xml"], "date": ["Fri, 01 Sep 2023 10:00:00 GMT"]}},
        }]});
        let folder = Folder::new().with("a.json", &cassette.to_string());
        let model = model.to_str().expect("UTF-8");
        let (_, report) = folder.report(&["check", "--no-installed-models", "--model", model, "a.json"]);
        fingerprints(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let put = "<PutThingResponse><PutThingResult><Odd/></PutThingResult></PutThingResponse>";
    let refused = "<ErrorResponse><Error><Type>Sender</Type><Code>Gone</Code></Error></ErrorResponse>";
    let is_form = || json!({"content-type": ["application/x-www-form-urlencoded"]});
    let (long, empty) = (json!({"content-length": ["119"]}), json!({"content-length": ["0"]}));
    let odd = "unknown-member:aws-query:PutThing:response:Thing.Odd";
    let note = |operation: &str| format!("unrecorded-body:aws-query:{operation}:request:");
    for headers in [is_form(), long.clone(), json!({})] {
        assert_eq!(run(headers, "", (200, put)), [note("PutThing").as_str(), odd]);
    }
    for headers in [is_form(), long] {
        assert_eq!(run(headers, "", (404, refused)), [note("POST /")]);
    }
    // A call that had no form calls nothing, nor does one that names none, whatever comes back.
    let unknown = ["unknown-operation:aws-query:POST /::"];
    assert_eq!(run(empty, "", (200, put)), unknown);
    assert_eq!(run(json!({}), "", (404, refused)), unknown);
    assert_eq!(run(is_form(), "Name=a", (200, put)), unknown);
    assert_eq!(run(is_form(), "", (200, "<OddResponse/>")), [note("POST /")]);
}

/// The faulty output as YAML writes it.
fn yaml(indent: &str) -> String {
    let output: Value = serde_json::from_str(&faulty()).expect("JSON");
    let line = |(key, value): (&String, &Value)| format!("{indent}  {key}: {value}\n");
    let members = output["membership"].as_object().expect("an object");
    format!("membership:\n{}", members.iter().map(line).collect::<String>())
}

#[test]
fn output_in_yaml_is_judged_at_its_line() {
    let folder = Folder::new().with("cleanrooms.get-membership.yaml", &yaml(""));
    let (_, report) = folder.report(MODELS);
    assert_eq!(fingerprints(&report), [FAULT]);
    let line = yaml("").lines().position(|line| line.contains("DONE")).expect("a line") + 1;
    assert_eq!(report["findings"][0]["location"]["line"], line, "{report:#}");
    // A list of pages, as `yaml-stream` writes it.
    let pages = format!("- {}- {}", yaml("  "), yaml("  "));
    let folder = Folder::new().with("cleanrooms/get-membership.yml", &pages);
    let (_, report) = folder.report(MODELS);
    let places: Vec<_> = report["findings"].as_array().expect("a list").iter().map(|one| &one["location"]).collect();
    let lines: Vec<usize> =
        pages.lines().enumerate().filter(|(_, text)| text.contains("DONE")).map(|(at, _)| at + 1).collect();
    assert_eq!(
        places.iter().map(|place| place["line"].as_u64()).collect::<Vec<_>>(),
        lines.iter().map(|line| Some(*line as u64)).collect::<Vec<_>>()
    );
    assert_eq!(places.iter().map(|place| place["entry"].as_u64()).collect::<Vec<_>>(), [Some(0), Some(1)]);
    for text in ["membership: [\n", "membership: {}\nmembership: {}\n"] {
        let folder = Folder::new().with("cleanrooms.get-membership.yaml", text);
        let ran = folder.run(&[RELEASE, &["--recording-format", "cli-output", "."]].concat());
        assert!(ran.stdout.contains("malformed-recording"), "{text}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn output_in_yaml_is_redacted_whatever_its_style() {
    let secrets = ["SELECT secret_one", "SELECT secret_two FROM x\nWHERE secret_three"];
    let query = |text: &str| {
        format!(
            "protectedQuery:\n  id: 9e3a0000-5c1d-4e2a-9b3f-000000000001\n  membershipId: 3e3be000-5c1d-4e2a-9b3f-000000000001\n  \
             membershipArn: arn:aws:cleanrooms:us-east-1:111122223333:membership/3e3be000-5c1d-4e2a-9b3f-000000000001\n  \
             createTime: '2023-09-01T10:00:00+00:00'\n  status: STARTED\n  sqlParameters:\n    queryString: {text}\n  \
             statistics: {{totalDurationInMillis: 5}}\n"
        )
    };
    for text in [
        secrets[0].to_owned(),
        format!("'{}'", secrets[0]),
        format!("\"{}\"", secrets[1].replace('\n', "\\n")),
        format!("|-\n      {}", secrets[1].replace('\n', "\n      ")),
        format!(">-\n      {}", secrets[1].replace('\n', "\n\n      ")),
    ] {
        let folder = Folder::new().with("in/cleanrooms.get-protected-query.yaml", &query(&text));
        let ran = folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in", "out"]);
        assert_eq!(ran.code, Some(0), "{text}: {}", ran.stderr);
        let copy = folder.read("out/cleanrooms.get-protected-query.yaml");
        assert!(!copy.contains("secret") && copy.contains("totalDurationInMillis: 5"), "{text}: {copy}");
        let run = |folder: &str| Folder::new().with(&format!("{folder}/cleanrooms.get-protected-query.yaml"), &copy);
        assert_eq!(run("x").run(MODELS).code, Some(0), "{copy}");
    }
}

#[test]
fn what_is_merely_named_like_an_operation_is_no_output() {
    let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}).to_string();
    let settings = json!({"collaborationIdentifier": "x", "colour": "blue"}).to_string();
    let policy = json!({"Version": "2012-10-17", "Statement": []}).to_string();
    let folder = Folder::new()
        .with("get-membership.json", &json!({"openapi": "3.0.0", "paths": {}}).to_string())
        .with("cleanrooms/create-membership.json", &settings)
        .with("cleanrooms/update-membership.json", &template)
        .with("cleanrooms.get-protected-query.json", &policy)
        .with("cleanrooms/get-membership.yaml", "openapi: 3.0.0\npaths: {}\n")
        .with("cleanrooms/list-memberships.yml", "name: x\non: push\n")
        .with("cleanrooms/start-protected-query.yaml", "{}\n");
    let ran = folder.run(MODELS);
    assert!(ran.stderr.contains("no recordings") && ran.code == Some(2), "{}{}", ran.stdout, ran.stderr);
    // Another operation's output, a misspelt member and an empty object are what an operation may have answered.
    for (output, rule) in [
        (json!({"protectedQuery": {}}), "unknown-member"),
        (json!({"Membership": {}}), "unknown-member"),
        (json!({"membershp": {}}), "unknown-member"),
        (json!({}), "missing-member"),
    ] {
        let folder = Folder::new().with("cleanrooms/get-membership.json", &output.to_string());
        let ran = folder.run(MODELS);
        assert!(ran.stdout.contains(&format!("[{rule}]")), "{output}: {}{}", ran.stdout, ran.stderr);
    }
    // Who names the operation means it.
    let folder = Folder::new().with("a.json", &settings);
    let ran =
        folder.run(&[RELEASE, &["--service", "cleanrooms", "--operation", "CreateMembership", "a.json"]].concat());
    assert!(ran.stdout.contains("[missing-member]"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn what_an_operation_is_called_with_is_judged_as_its_input() {
    let told = |name: &str, value: &Value| {
        let folder = Folder::new().with(name, &value.to_string());
        let (_, report) = folder.report(MODELS);
        let findings = report["findings"].as_array().unwrap_or_else(|| panic!("{name}: {report:#}")).iter();
        let line = |one: &Value| format!("{} {} {}", one["rule"], one["direction"], one["pointer"]).replace('"', "");
        findings.map(line).collect::<Vec<_>>()
    };
    let input = json!({"collaborationIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001", "queryLogStatus": "ENABLED"});
    assert_eq!(told("create-membership.json", &input), [""; 0]);
    assert_eq!(told("cleanrooms/create-membership.yaml", &input), [""; 0], "--cli-input-yaml");
    let with = |name: &str, value: Value| {
        let mut input = input.clone();
        input[name] = value;
        input
    };
    let wrong = with("queryLogStatus", json!("ON"));
    let expected = ["unknown-enum-value request /queryLogStatus"];
    assert_eq!(told("create-membership.json", &wrong), expected);
    assert_eq!(told("cleanrooms-create-membership.json", &wrong), expected);
    assert_eq!(told("cleanrooms/create-membership.yaml", &wrong), expected);
    // Whoever names the operation says no half.
    let folder = Folder::new().with("a.json", &wrong.to_string());
    let named = [MODELS, &["--operation", "CreateMembership", "--service", "cleanrooms"]].concat();
    let (_, report) = folder.report(&named);
    assert_eq!(report["findings"][0]["direction"], "request", "{report:#}");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "{report:#}");
    // What the operation answers is an output, and so is what nobody knows.
    assert_eq!(told("create-membership.json", &json!({"membership": {}}))[0].split(' ').nth(1), Some("response"));
    let both = with("membership", json!({}));
    assert!(told("create-membership.json", &both).iter().all(|line| line.contains(" response ")));
    // What is printed to be filled in is neither.
    let skeleton = json!({"collaborationIdentifier": "", "queryLogStatus": "ENABLED", "tags": {"KeyName": ""},
        "defaultResultConfiguration": {"outputConfiguration": {"s3": {"resultFormat": "CSV", "bucket": "", "keyPrefix": ""}}, "roleArn": ""}});
    let ran = Folder::new().with("create-membership.json", &skeleton.to_string()).run(MODELS);
    assert!(ran.stderr.contains("skeletons of what operations are called with (1)"), "{}{}", ran.stdout, ran.stderr);
    let filled = json!({"collaborationIdentifier": "x", "queryLogStatus": "", "tags": {"KeyName": ""}});
    assert!(!told("create-membership.json", &filled).is_empty(), "somebody began to");
    let few = json!({"collaborationIdentifier": "", "queryLogStatus": "ENABLED"});
    assert_eq!(told("create-membership.json", &few).len(), 1, "a skeleton has every member");
    // A member may be misspelt: that is what is to be found.
    let misspelt =
        json!({"collaborationIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001", "queryLogStatuss": "ENABLED"});
    let expected = ["missing-member request /queryLogStatus", "unknown-member request /queryLogStatuss"];
    assert_eq!(told("create-membership.json", &misspelt), expected);
}

#[test]
fn a_name_may_say_service_and_operation_together() {
    let told = |name: &str, text: &str| {
        let ran = Folder::new().with(name, text).run(MODELS);
        format!("{}{}", ran.stdout, ran.stderr)
    };
    let output = faulty();
    let is_judged = |name: &str| told(name, &output).contains("[unknown-enum-value]");
    assert!(is_judged("get-membership.json"), "{}", told("get-membership.json", &output));
    for name in ["cleanrooms-get-membership.json", "account-data/demo/us-east-1/cleanrooms-get-membership"] {
        assert!(is_judged(name), "{name}: {}", told(name, &output));
    }
    for (name, text) in [
        ("cleanrooms-get-thing", &*output),
        ("cleanroms-get-membership", &output),
        ("cleanrooms-get-membership.txt", &output),
        ("account-data/cleanrooms-get-membership", "[1]"),
        ("cleanrooms-get-membership", "{\"openapi\": 1}"),
        ("cleanrooms-get-membership", "{\"membership\": "),
        ("get-membership", &output),
    ] {
        assert!(told(name, text).contains("no recordings"), "{name} {text}: {}", told(name, text));
    }
}

#[test]
fn of_services_with_an_operation_the_one_whose_output_fits_is_meant() {
    let model = |id: &str, member: &str| {
        json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": id.to_lowercase(), "protocol": "json", "serviceId": id,
                "jsonVersion": "1.1", "targetPrefix": id},
            "operations": {"DescribeRegions": {"name": "DescribeRegions", "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "In"}, "output": {"shape": "Out"}}},
            "shapes": {"In": {"type": "structure", "members": {}}, "Text": {"type": "string"},
                "Out": {"type": "structure", "members": {member: {"shape": "Text"}, "NextToken": {"shape": "Text"}}}},
        })
        .to_string()
    };
    let folder = Folder::new()
        .with("models/alpha/2024-01-01/service-2.json", &model("Alpha", "Regions"))
        .with("models/beta/2024-01-01/service-2.json", &model("Beta", "RegionsInfo"));
    let told = |text: &str| {
        folder.write("demo/describe-regions.json", text);
        let ran = folder.run(&["list", "--no-installed-models", "--model", "models", "demo"]);
        ran.stdout.split('\t').nth(2).unwrap_or(&ran.stderr).to_owned()
    };
    assert_eq!(told("{\"Regions\": \"x\", \"NextToken\": \"y\"}"), "alpha");
    assert_eq!(told("{\"RegionsInfo\": \"x\"}"), "beta");
    assert!(!["alpha", "beta"].contains(&&*told("{\"NextToken\": \"y\"}")), "both have it");
}

#[test]
fn a_comment_in_json_is_named_with_its_place() {
    let plain = cassette(&json!({}), &faulty());
    let har = "{\"log\": {\"version\": \"1.2\",\n // why\n \"entries\": []}}";
    let output = format!("{{\n  /* why */{}", &faulty()[1..]);
    for (name, text, place) in [
        ("a.json", format!("// why\n{plain}"), ":1:1"),
        ("a.har", har.to_owned(), ":2:2"),
        ("cleanrooms.get-membership.json", output, ":2:3"),
    ] {
        let ran = Folder::new().with(name, &text).run(MODELS);
        let told = format!("it has a comment, and JSON has none: take it out\n --> ./{name}{place}");
        assert!(ran.stdout.contains(&told), "{}{}", ran.stdout, ran.stderr);
    }
    let folder = Folder::new().with("tsconfig.json", "{\n  // why\n  \"compilerOptions\": {\"strict\": true,},\n}\n");
    let ran = folder.run(MODELS);
    assert!(ran.stderr.contains("no recordings"), "a file of a compiler's: {}{}", ran.stdout, ran.stderr);
    folder.write("tsconfig.json", "{\n  \"compilerOptions\": {\"strict\": true,},\n}\n");
    assert!(folder.run(MODELS).stderr.contains("it is not JSON"), "what is broken otherwise is told");
}

#[test]
fn what_is_broken_and_nothing_marks_as_a_recording_is_a_note() {
    let sound = r#"{"service":"cleanrooms","operation":"ListMemberships","direction":"request","payload":{}}"#;
    let told = |name: &str, text: &str| {
        let folder = Folder::new().with("sound.ndjson", sound).with(name, text);
        let (code, report) = folder.report(MODELS);
        let finding = &report["findings"][0];
        assert_eq!(finding["rule"], "malformed-recording", "{name} {text}: {report:#}");
        (code, finding["severity"].as_str().expect("a text").to_owned())
    };
    for (name, text) in [
        (".vscode.json", "{\n  \"editor.tabSize\": 2,\n}\n"),
        ("invalid.json", "{\"a\": }"),
        ("package.json", "{\"version\": 1,\n<<<<<<< HEAD\n}"),
        ("sound.json", "RIFF"),
        ("template.json", "{\"name\": {{name}}}"),
        ("a.json", "\n"),
    ] {
        assert_eq!(told(name, text), (Some(0), "note".to_owned()), "{name}");
    }
    for (name, text) in [
        ("a.json", "{\"status_code\": 200, \"data\": {\"a\""),
        ("a.har", "{\"a"),
        ("a.ndjson", "{\"a"),
        ("cleanrooms.GetMembership_1.json", "{\"a"),
        ("cleanrooms.get-membership.json", "{\"a"),
        ("a.json", "[{\"scope\": \"https://h\", \"method\": \"GET\""),
        ("a.json", "{\"log\": {\"entries\": [{"),
        ("a.har", "\n"),
        ("cleanrooms.GetMembership_1.json", ""),
        ("a.json", "{\"service\": \"cleanrooms\", "),
    ] {
        assert_eq!(told(name, text), (Some(1), "error".to_owned()), "{name} {text}");
    }
    // Who names a file expects it to be read.
    let folder = Folder::new().with("sound.ndjson", sound).with("a.json", "{\"a\": }");
    let ran = folder.run(&[RELEASE, &["sound.ndjson", "a.json"]].concat());
    assert!(ran.code == Some(1) && ran.stdout.contains("error[malformed-recording]"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn files_of_tools_that_are_named_like_a_command_are_no_output() {
    let settings = json!({"compilerOptions": {"strict": true}}).to_string();
    let names = ["tsconfig.test.json", "config.test.json", "cleanrooms.create.json", "user.update.json"];
    let folder = names.iter().fold(Folder::new(), |folder, name| folder.with(name, &settings));
    let ran = folder.run(MODELS);
    assert!(ran.code == Some(2) && ran.stderr.contains("none of the 4 files is one"), "{}{}", ran.stdout, ran.stderr);
    // An operation of one word, and one that the service does not have.
    for (name, told) in [("dynamodb.scan.json", "dynamodb"), ("cleanrooms.get-nothing.json", "unknown-operation")] {
        let ran = Folder::new().with(name, "{}").run(MODELS);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(told), "{name}: {}{}", ran.stdout, ran.stderr);
    }
}

/// A go-vcr cassette of a call in awsQuery, as its recorder kept the body, with that hash of what was sent.
fn query_call(body: &str, hash: &str) -> String {
    let headers = json!({"Content-Type": ["application/x-www-form-urlencoded"], "X-Amz-Content-Sha256": [hash]});
    json!({"version": 1, "interactions": [{
        "request": {"method": "POST", "url": "https://thing.us-east-1.amazonaws.com/", "headers": headers, "body": body, "form": {}},
        "response": {"code": 200, "headers": {"X-Amzn-Requestid": ["x"]},
            "body": "<GetThingResponse><GetThingResult></GetThingResult></GetThingResponse>"},
    }]})
    .to_string()
}

#[test]
fn a_request_is_not_judged_by_a_body_that_was_not_sent() {
    let model = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "query", "serviceId": "Thing"},
        "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "In"}, "output": {"shape": "Out", "resultWrapper": "GetThingResult"}}},
        "shapes": {"In": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Text"}}},
            "Out": {"type": "structure", "members": {}}, "Text": {"type": "string"}},
    });
    let told = |body: &str, hash: &str| {
        let folder = Folder::new().with("service-2.json", &model.to_string()).with("a.json", &query_call(body, hash));
        let arguments = ["check", "--no-installed-models", "--model", "service-2.json", "a.json"];
        let (_, report) = folder.report(&arguments);
        let findings = report["findings"].as_array().expect("a list").iter();
        findings
            .map(|one| {
                format!(
                    "{} {}",
                    one["rule"].as_str().expect("a rule"),
                    one["operation"].as_str().expect("an operation")
                )
            })
            .collect::<Vec<_>>()
    };
    let other = "0a".repeat(32);
    // The hash of nothing.
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    // The answer says whose it is.
    assert_eq!(told("", &other), ["unrecorded-body GetThing"]);
    assert_eq!(told("", nothing), ["unknown-operation POST /"]);
    assert_eq!(told("", "UNSIGNED-PAYLOAD"), ["unrecorded-body GetThing"]);
    assert_eq!(told("Action=GetThing&Version=2020-01-01", &other), ["unrecorded-body GetThing"]);
    // A body that was sent, one that a mask may stand in, and one that keeps the contract.
    let sent = "4a1f9b0c4a1a3b0c0b9b1f1d8c1d0d3f";
    assert_eq!(told("Action=GetThing&Version=2020-01-01", sent), ["missing-member GetThing"], "no hash of 256 bits");
    assert_eq!(told("Action=GetThing&Version=2020-01-01&Key=xxxx", &other).len(), 2);
    assert_eq!(told("Action=GetThing&Version=2020-01-01&Key=<ACCOUNT>", &other).len(), 2, "a placeholder");
    assert_eq!(told("Action=GetThing&Version=2020-01-01&Name=a", &other), [""; 0]);
    // A value that was replaced by one of its length is no other body; one that was cut is.
    let of_length = |length: usize| {
        let stated = format!("{{\"Content-Length\":[\"{length}\"],\"Content-Type\"");
        let call = query_call("Action=GetThing&Version=2020-01-01", &other).replacen("{\"Content-Type\"", &stated, 1);
        let folder = Folder::new().with("service-2.json", &model.to_string()).with("a.json", &call);
        let (_, report) = folder.report(&["check", "--no-installed-models", "--model", "service-2.json", "a.json"]);
        report["findings"][0]["rule"].as_str().map(str::to_owned)
    };
    assert_eq!(of_length(34).as_deref(), Some("missing-member"));
    assert_eq!(of_length(35).as_deref(), Some("unrecorded-body"));
    // The operation that the body names is another's.
    assert_eq!(told("Action=GetTing&Version=2020-01-01", &other), ["unknown-operation GetTing"]);
}

#[test]
fn what_is_the_same_of_many_skipped_files_is_told_once() {
    let folder = Folder::new().with("c.json", &cassette(&json!({}), &faulty())).with("notes.md", "x");
    for name in ["a.yml", "b.yml"] {
        folder.write(name, "http_interaction:\n- request:\n    method: get\n    uri: https://h/\n");
    }
    let ran = folder.run(&[RELEASE, &["--verbose", "."]].concat());
    let told = "skipped 2 files: no recording of a known format: nearly vcrpy, but it has `http_interaction` for `interactions`\n  ./a.yml\n  ./b.yml\n";
    assert!(ran.stdout.contains(told) && ran.stdout.contains("skipped ./notes.md: "), "{}", ran.stdout);
}

#[test]
fn bodies_that_no_recording_keeps_are_counted_in_the_verdict() {
    let path = root().join("fixtures/recordings/cleanrooms-http/har/mitmproxy.har");
    let mut har: Value = serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON");
    let mut run = |without: usize| {
        for entry in har["log"]["entries"].as_array_mut().expect("a list").iter_mut().take(without) {
            entry["response"]["content"].as_object_mut().expect("an object").remove("text");
        }
        let folder = Folder::new().with("a.har", &har.to_string());
        let line = folder.run(&[RELEASE, &["a.har"]].concat()).stdout.lines().last().unwrap_or_default().to_owned();
        let (_, report) = folder.report(&[RELEASE, &["a.har"]].concat());
        (line, report["summary"]["unrecordedBodies"].as_u64())
    };
    let (line, counted) = run(0);
    assert!(!line.contains("recorded") && counted.is_none(), "{line}");
    let (line, counted) = run(1);
    assert!(line.ends_with("of 1 recording; 1 body was not recorded") && counted == Some(1), "{line}");
    let (line, counted) = run(usize::MAX);
    assert!(line.contains("; 40 bodies were not recorded") && counted == Some(40), "{line}");
}
