//! Which service and operation an exchange is of: by what it says, and by what the rest of its recording does.

use std::fs;
use std::io::Cursor;
use std::ops::Deref;

use serde_json::{Value, json};
use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::source::Source;
use shapegate::outcome::{Seen, State};
use tempfile::TempDir;

use crate::support::catalog;
#[cfg(feature = "cli")]
use crate::support::folder::{Folder, Ran, request};

/// A request with its answer.
struct Call {
    method: &'static str,
    url: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
    answer: &'static str,
    answered: Vec<(&'static str, &'static str)>,
}

fn get(url: &'static str, answer: &'static str) -> Call {
    Call { method: "GET", url, headers: Vec::new(), body: "", answer, answered: Vec::new() }
}

impl Call {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn answered(mut self, name: &'static str, value: &'static str) -> Self {
        self.answered.push((name, value));
        self
    }

    fn signed(self, scope: &'static str) -> Self {
        self.with("Authorization", scope)
    }

    fn entry(&self) -> Value {
        let headers: Vec<Value> =
            self.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let mut request = json!({"method": self.method, "url": self.url, "headers": headers});
        if !self.body.is_empty() {
            request["postData"] = json!({"text": self.body});
        }
        let answered = [("Content-Type", "application/json")].iter().chain(&self.answered);
        let headers: Vec<Value> = answered.map(|(name, value)| json!({"name": name, "value": value})).collect();
        json!({"request": request, "response": {"status": 200, "headers": headers, "content": {"text": self.answer}}})
    }
}

const SCOPE: &str = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cleanrooms/aws4_request, Signature=x";
const S3: &str = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, Signature=x";

/// What became of the calls of one recording.
fn read(catalog: &Catalog, service: Option<&str>, calls: &[Call]) -> Checked {
    let entries: Vec<Value> = calls.iter().map(Call::entry).collect();
    let har = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { service, list: true, threads: 1, ..Options::new(catalog, &expectations) };
    run(vec![Input::Stream(Box::new(Cursor::new(har.into_bytes())))], &options).expect("the contract is sound")
}

/// Service, operation and what became of each call.
fn told(checked: &Checked) -> Vec<(&str, &str, State)> {
    checked.seen.iter().map(|Seen { service, operation, state, .. }| (&service[..], &operation[..], *state)).collect()
}

/// A catalog with the folder that it reads from.
struct Models(Catalog, #[expect(dead_code, reason = "the folder is removed with it")] TempDir);

impl Deref for Models {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        &self.0
    }
}

/// A catalog of models of botocore's form, by the names of their folders.
fn models(models: &[(&str, Value)]) -> Models {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, model) in models {
        let place = folder.path().join(name).join("2020-01-01");
        fs::create_dir_all(&place).expect("writable");
        fs::write(place.join("service-2.json"), model.to_string()).expect("writable");
    }
    let mut catalog = Catalog::default();
    catalog.add_source(Source::open(folder.path()).expect("sound models"));
    Models(catalog, folder)
}

/// A service with one operation that returns a text, `Name`.
fn model(id: &str, prefix: &str, protocol: &str, operation: &str, uri: &str) -> Value {
    json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": prefix, "protocol": protocol, "serviceId": id},
        "operations": {operation: {
            "name": operation, "http": {"method": "GET", "requestUri": uri}, "input": {"shape": "In"}, "output": {"shape": "Out"}}},
        "shapes": {"In": {"type": "structure", "members": {}}, "Text": {"type": "string"},
            "Out": {"type": "structure", "members": {"Name": {"shape": "Text"}}}}
    })
}

fn bucket_store() -> Value {
    let label = |name: &str| json!({"shape": "Text", "location": "uri", "locationName": name});
    let operation = |name: &str, uri: &str, input: &str, output: &str| json!({"name": name, "http": {"method": "GET", "requestUri": uri}, "input": {"shape": input}, "output": {"shape": output}});
    json!({
        "metadata": {"apiVersion": "2006-03-01", "endpointPrefix": "s3", "protocol": "rest-xml", "serviceId": "S3"},
        "operations": {
            "GetObject": operation("GetObject", "/{Bucket}/{Key+}", "Object", "Content"),
            "ListObjects": operation("ListObjects", "/{Bucket}", "Bucket", "Listing"),
            "ListBuckets": operation("ListBuckets", "/", "Nothing", "Listing"),
        },
        "shapes": {
            "Nothing": {"type": "structure", "members": {}},
            "Bucket": {"type": "structure", "required": ["Bucket"], "members": {"Bucket": label("Bucket")}},
            "Object": {"type": "structure", "required": ["Bucket", "Key"],
                "members": {"Bucket": label("Bucket"), "Key": label("Key")}},
            "Content": {"type": "structure", "members": {"Body": {"shape": "Bytes", "streaming": true}}, "payload": "Body"},
            "Listing": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "Text": {"type": "string"}, "Bytes": {"type": "blob"}
        }
    })
}

#[test]
fn a_contract_is_not_chosen_because_it_is_the_only_one() {
    let only = catalog("cleanrooms");
    let call = || get("http://127.0.0.1:4566/collaborations", r#"{"collaborationList": []}"#);
    assert_eq!(told(&read(&only, None, &[call()]))[0].2, State::Elsewhere);
    let named = read(&only, Some("cleanrooms"), &[call()]);
    assert_eq!(told(&named), [("cleanrooms", "ListCollaborations", State::Checked(0))], "the user says it");
    let signed = read(&only, None, &[call().signed(SCOPE)]);
    assert_eq!(told(&signed), [("cleanrooms", "ListCollaborations", State::Checked(0))]);
    assert_eq!(signed.seen[0].why, ["scope cleanrooms"]);
}

#[test]
fn arns_and_user_agents_say_the_service() {
    let only = catalog("cleanrooms");
    let tags = |url| read(&only, None, &[get(url, r#"{"tags": {}}"#)]);
    let of_lambda = tags("http://127.0.0.1/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A111122223333%3Afunction%3Af");
    assert_eq!(told(&of_lambda)[0].2, State::Unchecked, "{:?}", of_lambda.seen);
    assert_eq!(of_lambda.tally.unchecked.keys().collect::<Vec<_>>(), ["lambda"]);
    let own = "http://127.0.0.1/tags/arn%3Aaws%3Acleanrooms%3Aus-east-1%3A111122223333%3Amembership%2F\
        20000000-aaaa-4bbb-8ccc-000000000002";
    assert_eq!(told(&tags(own)), [("cleanrooms", "ListTagsForResource", State::Checked(0))]);
    let agent = |agent| {
        let call = get("http://127.0.0.1/memberships", r#"{"membershipSummaries": []}"#).with("User-Agent", agent);
        read(&only, None, &[call])
    };
    let own = agent("aws-sdk-js/3.900.0 ua/2.1 api/cleanrooms#3.900.0");
    assert_eq!(told(&own), [("cleanrooms", "ListMemberships", State::Checked(0))]);
    assert_eq!(told(&agent("aws-sdk-js/3.900.0 ua/2.1 api/lambda#3.900.0"))[0].2, State::Unchecked);
}

#[test]
fn other_exchanges_with_a_host_say_whose_it_is_whatever_their_order() {
    let only = catalog("cleanrooms");
    let call = || get("http://moto:5000/memberships", r#"{"membershipSummaries": []}"#);
    let elsewhere = || get("http://other:5000/memberships", r#"{"membershipSummaries": []}"#);
    for calls in [[call(), elsewhere(), call().signed(SCOPE)], [call().signed(SCOPE), elsewhere(), call()]] {
        let checked = read(&only, None, &calls);
        let states: Vec<State> = checked.seen.iter().map(|seen| seen.state).collect();
        assert_eq!(states, [State::Checked(0), State::Elsewhere, State::Checked(0)]);
        assert_eq!((checked.tally.exchanges, checked.tally.elsewhere.get("other")), (3, Some(&1)));
        assert!(checked.tally.unchecked.is_empty());
    }
}

#[test]
fn action_and_version_say_the_service_of_an_endpoint_of_one_s_own() {
    let of = |version: &str, operation: &str| {
        let mut model = model("Thing", "thing", "query", operation, "/");
        model["metadata"]["apiVersion"] = version.into();
        model["operations"][operation]["http"]["method"] = "POST".into();
        model
    };
    let both = models(&[
        ("alpha", of("2020-01-01", "GetAlpha")),
        ("beta", {
            let mut beta = of("2021-01-01", "GetBeta");
            beta["metadata"]["serviceId"] = "Beta".into();
            beta
        }),
    ]);
    let call = |body| Call {
        method: "POST",
        url: "http://localhost:4566/",
        headers: vec![("Content-Type", "application/x-www-form-urlencoded")],
        body,
        answer: "<GetBetaResponse><GetBetaResult><Name>n</Name></GetBetaResult></GetBetaResponse>",
        answered: Vec::new(),
    };
    let checked = read(&both, None, &[call("Action=GetBeta&Version=2021-01-01")]);
    assert_eq!((told(&checked)[0].0, told(&checked)[0].1), ("beta", "GetBeta"));
    let unknown = read(&both, None, &[call("Action=GetGamma&Version=2022-01-01")]);
    assert_eq!(told(&unknown)[0].2, State::Unchecked, "an AWS call all the same");
}

#[test]
fn what_several_services_share_other_exchanges_of_the_recording_decide() {
    let shared = || model("Thing", "thing", "rest-json", "GetThing", "/thing");
    let mut classic = shared();
    classic["metadata"]["serviceId"] = "Thing Classic".into();
    classic["operations"]["GetOld"] =
        json!({"name": "GetOld", "http": {"method": "GET", "requestUri": "/old"}, "output": {"shape": "Out"}});
    let both = models(&[("thing", shared()), ("thing-classic", classic)]);
    let wrong = || get("https://thing.us-east-1.amazonaws.com/thing", r#"{"Name": 7}"#);
    let old = || get("https://thing.us-east-1.amazonaws.com/old", "{}");
    let rules = |checked: &Checked| checked.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>();
    let alone = read(&both, None, &[wrong(), wrong()]);
    assert_eq!(rules(&alone), ["ambiguous-service", "wrong-type", "wrong-type"], "one note for the set");
    let decided = read(&both, None, &[wrong(), old()]);
    assert_eq!(told(&decided)[0], ("thing-classic", "GetThing", State::Checked(1)));
    assert_eq!(rules(&decided), ["wrong-type"]);
    let clean = read(&both, None, &[get("https://thing.us-east-1.amazonaws.com/thing", r#"{"Name": "n"}"#)]);
    assert_eq!(rules(&clean), [""; 0], "which of two that are kept it is makes no difference");
}

#[test]
fn servers_of_users_below_a_service_s_host_are_not_its_api() {
    let search = models(&[("search", model("Search", "es", "rest-json", "ListDomains", "/domains"))]);
    let state = |call| told(&read(&search, None, &[call]))[0].2;
    assert_eq!(state(get("https://es.us-west-2.amazonaws.com/domains", "{}")), State::Checked(0));
    assert_eq!(state(get("https://search-mine.us-west-2.es.amazonaws.com/index/_search", "{}")), State::Elsewhere);
    assert_eq!(state(get("https://es.us-west-2.amazonaws.com/nothing", "{}")), State::Checked(1), "unknown-operation");
    let options = Call { method: "OPTIONS", ..get("https://es.us-west-2.amazonaws.com/domains", "") };
    assert_eq!(state(options), State::Elsewhere, "a browser asks");
    let gateway =
        models(&[("manage", model("Manage", "execute-api", "rest-json", "GetConnection", "/@connections/{Id}"))]);
    let state = |url| told(&read(&gateway, None, &[get(url, "{}")]))[0].2;
    assert_eq!(state("https://a1b2.execute-api.us-west-2.amazonaws.com/prod/pets"), State::Elsewhere);
    let own = state("https://a1b2.execute-api.us-west-2.amazonaws.com/prod/@connections/c");
    assert!(matches!(own, State::Checked(_)), "a stage stands before the API's path");
}

#[test]
fn the_endpoint_of_another_service_is_not_an_unknown_operation_of_this_one() {
    let mut json = model("Thing", "thing", "json", "GetThing", "/");
    json["metadata"]["targetPrefix"] = "Thing".into();
    json["metadata"]["signingName"] = "cleanrooms".into();
    let thing = models(&[("thing", json)]);
    let checked =
        read(&thing, None, &[get("https://thingstreaming.us-east-1.amazonaws.com/stream", "{}").signed(SCOPE)]);
    assert_eq!(told(&checked)[0].2, State::Unchecked);
    assert_eq!(checked.tally.unchecked.keys().collect::<Vec<_>>(), ["thingstreaming"]);
}

#[test]
fn hidden_and_unknown_regions_are_passed_over() {
    let thing = models(&[("thing", model("Thing", "thing", "rest-json", "GetThing", "/thing"))]);
    for host in ["thing.REDACTED", "thing.vcr", "thing.xx-new-1", "thing.mars", "thing-fips.us-gov-west-1"] {
        let url: &'static str = format!("https://{host}.amazonaws.com/thing").leak();
        assert_eq!(told(&read(&thing, None, &[get(url, "{}")])), [("thing", "GetThing", State::Checked(0))], "{host}");
    }
}

#[test]
fn a_bucket_is_in_the_host_or_in_the_path() {
    let store = models(&[("s3", bucket_store())]);
    let hosts = [
        "https://b.s3.us-east-1.amazonaws.com/k",
        "https://s3.us-west-2.amazonaws.com/b/k",
        "https://b.s3-accelerate.dualstack.amazonaws.com/k",
        "https://b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/k",
        "https://ap-111122223333.s3-accesspoint.us-east-1.amazonaws.com/k",
        "https://b.bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com/k",
        "https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com/b/k",
        "http://b.s3.localhost.localstack.cloud:4566/k",
        "http://localhost:4566/b/k",
        "https://b.nyc3.digitaloceanspaces.com/k",
    ];
    for url in hosts {
        let checked = read(&store, None, &[get(url, "{}").signed(S3)]);
        assert_eq!(told(&checked), [("s3", "GetObject", State::Checked(0))], "{url}");
    }
}

#[test]
fn headers_of_s3_name_it_where_the_signature_is_filtered() {
    let store = models(&[("s3", bucket_store())]);
    let url = "http://minio:9000/b/k";
    let state = |call: Call| told(&read(&store, None, &[call]))[0].2;
    let hashed = |url| get(url, "{}").with("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let dated = |url| hashed(url).with("x-amz-date", "20260101T000000Z");
    assert_eq!(state(dated(url)), State::Checked(0));
    assert_eq!(state(get(url, "{}").answered("Server", "MinIO")), State::Checked(0));
    assert_eq!(state(get(url, "{}").answered("Server", "Minio/RELEASE.2019-04-09T01-22-30Z")), State::Checked(0));
    assert_eq!(read(&store, None, &[dated(url)]).seen[0].why, ["header x-amz-content-sha256"]);
    for other in [
        get(url, "{}"),
        hashed(url),
        get(url, "{}").answered("Server", "nginx"),
        get(url, "{}").answered("x-amz-request-id", "165CAAEF6815ED00"),
        dated(url).answered("x-amzn-RequestId", "1"),
        dated("http://minio:9000/minio/health/live"),
        Call { method: "DELETE", ..dated(url) },
    ] {
        assert_eq!(state(other), State::Elsewhere);
    }
    for other in [
        dated("https://search-x-1a2b.us-east-1.es.amazonaws.com/b/k"),
        dated(url).signed(SCOPE),
        dated("https://cleanrooms.us-east-1.amazonaws.com/b/k").answered("Server", "MinIO"),
        dated(url).with("User-Agent", "aws-sdk-js/3 api/cleanrooms#3"),
    ] {
        assert!(!matches!(state(other), State::Checked(_)));
    }
    let other = models(&[("thing", model("Thing", "thing", "rest-json", "GetThing", "/things"))]);
    assert_eq!(told(&read(&other, None, &[dated(url)]))[0].2, State::Unchecked, "there is no contract of S3");
}

#[test]
fn operations_of_one_uri_are_told_apart_by_what_they_require() {
    let mut thing = model("Thing", "thing", "rest-json", "CopyThing", "/things");
    let member = |name: &str| json!({"shape": "Text", "location": "header", "locationName": name});
    thing["operations"]["PutThing"] = thing["operations"]["CopyThing"].clone();
    thing["operations"]["PutThing"]["name"] = "PutThing".into();
    thing["operations"]["PutThing"]["input"]["shape"] = "Put".into();
    thing["shapes"]["In"] = json!({"type": "structure", "required": ["From"], "members": {"From": member("x-from")}});
    // What may be left out says nothing where it is.
    thing["shapes"]["Put"] = json!({"type": "structure", "members": {"Class": member("x-class")}});
    let both = models(&[("thing", thing)]);
    let call = || get("http://127.0.0.1/things", "{}");
    for (call, operation) in [(call(), "PutThing"), (call().with("x-from", "here"), "CopyThing")] {
        assert_eq!(told(&read(&both, Some("thing"), &[call]))[0].1, operation);
    }
}

/// A service of queues, which takes `QueueUrl`.
fn queues() -> Value {
    let mut queues = model("SQS", "sqs", "query", "SendThing", "/");
    queues["shapes"]["In"] =
        json!({"type": "structure", "required": ["QueueUrl"], "members": {"QueueUrl": {"shape": "Text"}}});
    queues
}

fn rules(checked: &Checked) -> Vec<&str> {
    let answered = |rule: &str| matches!(rule, "undecodable-body" | "unexpected-content-type");
    checked.findings.iter().map(|finding| finding.rule.id).filter(|rule| !answered(rule)).collect()
}

#[test]
fn the_path_of_a_request_names_the_queue_that_it_goes_to() {
    let both = models(&[("sqs", queues()), ("sns", queues())]);
    let of = |service, url| {
        let checked = read(&both, Some(service), &[get(url, "")]);
        (checked.seen[0].operation.clone(), rules(&checked).join(" "))
    };
    let said = |rules: &str| ("SendThing".to_owned(), rules.to_owned());
    let queue = "https://sqs.us-east-1.amazonaws.com/111122223333/orders?Action=SendThing&Version=2020-01-01";
    assert_eq!(of("sqs", queue), said(""));
    assert_eq!(of("sqs", "http://localhost:4566/000000000000/orders?Action=SendThing&Version=2020-01-01"), said(""));
    assert_eq!(
        of("sqs", "https://sqs.us-east-1.amazonaws.com/?Action=SendThing&Version=2020-01-01"),
        said("missing-member")
    );
    assert_eq!(of("sns", queue), said("missing-member"), "no other service has queues");
}

#[test]
fn an_action_may_do_without_a_version_on_hosts_of_aws() {
    let only = models(&[("sqs", queues())]);
    let of = |call: Call| {
        let checked = read(&only, None, &[call]);
        (checked.seen[0].operation.clone(), matches!(checked.seen[0].state, State::Checked(_)))
    };
    let queue = "https://sqs.us-east-1.amazonaws.com/111122223333/orders?Action=SendThing";
    assert_eq!(of(get(queue, "")), ("SendThing".to_owned(), true));
    let signed = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/sqs/aws4_request, Signature=x";
    assert_eq!(of(get("http://localhost:4566/?Action=SendThing", "").signed(signed)), ("SendThing".to_owned(), true));
    for url in [
        "https://example.com/?Action=SendThing",
        "https://my-lb-123.us-east-1.elb.amazonaws.com/?Action=SendThing",
        "https://abc123.execute-api.us-east-1.amazonaws.com/?Action=SendThing",
    ] {
        assert!(!of(get(url, "")).1, "{url}");
    }
}

#[test]
fn of_services_that_say_no_more_than_notes_any_will_do() {
    let thing = |id| model(id, "thing", "rest-json", "GetThing", "/things");
    let both = models(&[("one", thing("One")), ("two", thing("Two"))]);
    let call = |answer| get("https://thing.us-east-1.amazonaws.com/things", answer);
    let mut lost = call("{}").entry();
    lost["response"]["content"] = json!({"size": 20});
    let ambiguous = |entry: &Value| {
        let har = json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
        let expectations = Expectations::shipped().expect("shipped expectations compile");
        let options = Options { threads: 1, ..Options::new(&both, &expectations) };
        let checked = run(vec![Input::Stream(Box::new(Cursor::new(har.into_bytes())))], &options).expect("sound");
        checked.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ambiguous(&lost), "unrecorded-body");
    assert_eq!(ambiguous(&call(r#"{"Name": 1}"#).entry()), "ambiguous-service wrong-type");
}

/// What was found in the entries of one recording, with the number of exchanges and of those with other hosts.
fn found(service: Option<&str>, entries: &[String]) -> (Vec<String>, usize, usize) {
    found_in(service, format!(r#"{{"log": {{"version": "1.2", "entries": [{}]}}}}"#, entries.join(", ")))
}

/// What was found in a recording of any format.
fn found_in(service: Option<&str>, recording: String) -> (Vec<String>, usize, usize) {
    let only = catalog("cleanrooms");
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { service, threads: 1, ..Options::new(&only, &expectations) };
    let checked = run(vec![Input::Stream(Box::new(Cursor::new(recording.into_bytes())))], &options).expect("sound");
    let told = checked.findings.iter().map(|finding| {
        let entry = finding.location.entry.map_or(String::new(), |entry| format!(" @{entry}"));
        format!("{}{entry}: {}", finding.rule.id, finding.message())
    });
    (told.collect(), checked.tally.exchanges, checked.tally.elsewhere.values().sum())
}

/// An entry with a host whose response is that.
fn entry(host: &str, headers: &str, response: &str) -> String {
    let request = format!(r#"{{"method": "GET", "url": "https://{host}/memberships", "headers": [{headers}]}}"#);
    format!(r#"{{"request": {request}, "response": {response}}}"#)
}

const NO_BASE64: &str = r#"{"status": 200, "headers": [], "content": {"text": "?", "encoding": "base64"}}"#;

#[test]
fn what_is_broken_in_an_exchange_with_another_host_is_no_fault() {
    let nothing: Vec<String> = Vec::new();
    let twice = r#"{"status": 200, "status": 200, "headers": [], "content": {"text": ""}}"#;
    let no_status = r#"{"status": 9, "headers": [], "content": {"text": ""}}"#;
    let deep = format!(r#"{{"status": 200, "headers": [], "content": {{"text": "{}1"}}}}"#, "[".repeat(5000));
    let broken_name = r#"{"status": 200, "headers": [{"name": "a\nb", "value": "c"}], "content": {"text": ""}}"#;
    for response in [NO_BASE64, twice, no_status, &deep, broken_name] {
        let other = entry("github.com", "", response);
        assert_eq!(found(None, &[other.clone(), other]), (nothing.clone(), 2, 2), "{response}");
        for host in ["cleanrooms.us-east-1.amazonaws.com", "localhost"] {
            let (told, ..) = found(None, &[entry(host, "", response), entry("github.com", "", response)]);
            assert!(!told.is_empty(), "{host}: {response}");
        }
    }
}

#[test]
fn every_format_says_for_whom_a_broken_exchange_is() {
    // Each with a response that has no status of HTTP, or a broken body.
    let lists = "requests:\n- {method: GET, uri: 'https://HOST/memberships'}\nresponses:\n- {status: {code: 9}}\n";
    let vcr =
        json!({"request": {"method": "GET", "uri": "https://HOST/memberships"}, "response": {"status": {"code": 9}}});
    let url = json!({"method": "GET", "url": "https://HOST/memberships"});
    let call = json!({"request": {"uri": "https://HOST/memberships", "method": "GET", "headers": {}}});
    let answer = json!({"response": {"Ok": {"status": 9, "headers": {}}}});
    let stub = json!({"url": "/memberships", "method": "GET", "host": {"equalTo": "HOST"}});
    for recording in [
        json!({"interactions": [vcr]}),
        json!({"http_interactions": [vcr]}),
        json!({"interactions": [{"request": url, "response": {"code": 9}}]}),
        json!({"request": url, "response": {"status": {"code": 9}}}),
        json!([{"scope": "https://HOST", "method": "GET", "path": "/memberships", "status": 9, "response": ""}]),
        json!({"events": [{"connection_id": 0, "action": {"Request": call}}, {"connection_id": 0, "action": {"Response": answer}}]}),
        json!({"request": stub, "response": {"status": 9}}),
        json!({"mappings": [{"request": stub, "response": {"base64Body": "?"}}]}),
    ]
    .iter()
    .map(Value::to_string)
    .chain([lists.to_owned()])
    {
        let of = |host: &str| found_in(None, recording.replace("HOST", host));
        assert_eq!(of("github.com"), (Vec::new(), 1, 1), "{recording}");
        for host in ["localhost", "cleanrooms.us-east-1.amazonaws.com"] {
            assert_eq!(of(host).0.len(), 1, "{host}: {recording}");
        }
    }
}

#[test]
fn what_is_broken_is_a_fault_where_the_host_may_be_a_service_s() {
    let told = |service, entries: &[String]| found(service, entries).0.len();
    let other = || entry("clean.example.org", "", NO_BASE64);
    assert_eq!(told(None, &[other()]), 0);
    assert_eq!(told(Some("cleanrooms"), &[other()]), 1, "the user says that it is a service's");
    // Another exchange says whose host it is, before it or behind it.
    let authorization = format!(r#"{{"name": "Authorization", "value": "{SCOPE}"}}"#);
    let answer = r#"{"membershipSummaries": []}"#;
    let sound = json!({"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"}],
        "content": {"text": answer}});
    let signed = || entry("clean.example.org", &authorization, &sound.to_string());
    assert_eq!(told(None, &[other(), signed()]), 1);
    assert_eq!(told(None, &[signed(), other()]), 1);
    // The request itself says it.
    assert_eq!(told(None, &[entry("clean.example.org", &authorization, NO_BASE64)]), 1);
    // What says for whom it is stands twice.
    let twice = entry("github.com", "", &sound.to_string()).replace("\"url\"", "\"url\": \"https://h\", \"url\"");
    assert_eq!(told(None, &[twice]), 1);
    // A part of the recording is missing, whoever it is with.
    let half = entry("github.com", "", "null");
    assert_eq!(found(None, &[half]).0, ["malformed-recording @0: it has no response"]);
}

#[test]
fn a_host_that_is_called_like_a_service_suggests_none() {
    let both = models(&[("elb", model("Thing", "elasticloadbalancing", "query", "GetThing", "/"))]);
    let of = |url: &'static str| read(&both, None, &[get(url, "{}")]).tally;
    for url in [
        "https://lb-12.us-east-1.elb.amazonaws.com/x",
        "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/index.json",
    ] {
        let tally = of(url);
        assert_eq!((tally.elsewhere.values().sum::<usize>(), tally.unchecked.len()), (1, 0), "{url}");
    }
    let tally = of("https://lb-12.us-east-1.elb.amazonaws.com/?Action=ListQueues&Version=2012-11-05");
    assert_eq!((tally.unchecked.get("elb"), tally.meant.get("elb")), (Some(&1), None));
}

/// The verdict is true of each: hosts that are not AWS's, AWS's without a model, servers of users, and preflight requests.
#[cfg(feature = "cli")]
#[test]
fn what_calls_no_modelled_api_is_listed_by_host() {
    let get = |method: &str, url: &str| {
        json!({"request": {"method": method, "url": url, "headers": []},
            "response": {"status": 200, "headers": [], "content": {"text": "{}"}}})
    };
    let mut entries = vec![
        get("GET", "https://example.com/"),
        get("GET", "https://example.com/again"),
        get("GET", "https://abcdef.execute-api.us-east-1.amazonaws.com/prod/things"),
        get("OPTIONS", "https://cleanrooms.us-east-1.amazonaws.com/memberships"),
    ];
    let folder = Folder::new().with("t/clean.ndjson", &request("GetMembership", &[]));
    let check = |entries: &[Value], arguments: &[&str]| {
        folder.write("t/other.har", &json!({"log": {"version": "1.2", "entries": entries}}).to_string());
        let Ran { code, stdout, stderr } = folder.run(&[&["check", "t"], arguments].concat());
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        stdout
    };
    let usual = check(&entries, &[]);
    assert!(usual.ends_with("; 4 exchanges that call no modelled AWS API\n"), "{usual}");
    assert!(!usual.contains("example.com"), "{usual}");
    let all = check(&entries, &["-v"]);
    let listed: Vec<&str> = all.lines().filter(|line| line.starts_with("no modelled AWS API: ")).collect();
    assert_eq!(listed[0], "no modelled AWS API: example.com (2)");
    assert_eq!(listed[1..], ["cleanrooms", "execute-api"].map(|host| format!("no modelled AWS API: {host} (1)")));
    // Many hosts are counted.
    entries.extend((0..60).map(|number| get("GET", &format!("https://host{number}.example.com/"))));
    let all = check(&entries, &["-v"]);
    assert!(all.contains("\nno modelled AWS API: 13 more hosts (13)\n"), "{all}");
}
