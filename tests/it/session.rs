//! The library's first face: files, bytes and messages at hand, judged in a call.

use shapegate::contract::Contract;
use shapegate::counters;
use shapegate::{ErrorKind, Request, Response, Session, Severity, Verdict};

use crate::support::root;

const CLEANROOMS: &str = "https://cleanrooms.us-east-1.amazonaws.com";
const ID: &str = "3e3be000-5c1d-4e2a-9b3f-000000000001";

fn session() -> Session {
    Session::new().contract("cleanrooms@2023-08-30").expect("an embedded contract")
}

fn rules(verdict: &Verdict) -> Vec<(&str, &str)> {
    verdict.findings.iter().map(|finding| (finding.rule.id, finding.pointer.as_str())).collect()
}

fn get_membership() -> Request {
    // Put together here, so that nothing like a credential stands in the project.
    let signed =
        ["AWS4-HMAC-SHA256 Credential=", "AK", "IAEXAMPLE/20230830/us-east-1/cleanrooms/aws4_request"].concat();
    Request::new("GET", format!("{CLEANROOMS}/memberships/{ID}")).header("authorization", signed)
}

fn answer(body: &str) -> Response {
    Response::new(200).headers([("content-type", "application/json"), ("x-amzn-requestid", "1")]).body(body)
}

#[test]
fn a_folder_is_judged_in_one_call() {
    let verdict = session().check(root().join("fixtures/recordings/cleanrooms")).expect("recordings");
    assert!(verdict.passed && verdict.to_string().starts_with("clean: "), "{verdict}");
    let verdict = session().check(root().join("fixtures/faulty/cleanrooms")).expect("recordings");
    assert!(!verdict.passed && verdict.count(Severity::Error) > 0);
    let told = verdict.to_string();
    assert!(told.contains("error[missing-member]: ") && told.lines().last().is_some_and(|l| l.starts_with("failed: ")));
}

#[test]
fn bytes_of_a_recording_are_judged_in_memory() {
    let events = serde_json::json!({"events": [
        {"connection_id": 0, "action": {"Request": {"request": {
            "uri": format!("{CLEANROOMS}/memberships/{ID}"), "method": "GET", "headers": {},
        }}}},
        {"connection_id": 0, "action": {"Response": {"response": {"Ok": {
            "status": 200, "headers": {"content-type": ["application/json"], "x-amzn-requestid": ["1"]},
        }}}}},
        {"connection_id": 0, "action": {"Data": {"data": {"Utf8": "{\"membership\": {}}"}, "direction": "Response"}}},
    ]});
    let verdict = session().check_bytes(events.to_string()).expect("a recording");
    assert!(rules(&verdict).contains(&("missing-member", "/membership/arn")), "{verdict}");
    let error = session().check_bytes(r#"{"x": 1}"#).expect_err("no recording").to_string();
    assert!(error.contains("no recordings"), "{error}");
}

#[test]
fn messages_at_hand_are_judged_like_a_recording() {
    let session = session();
    let verdict = session.check_http(&get_membership(), &answer(r#"{"membership": {"status": "ACTVE"}}"#));
    let verdict = verdict.expect("an exchange with the service");
    assert!(rules(&verdict).contains(&("unknown-enum-value", "/membership/status")), "{verdict}");
    let found = verdict.findings.iter().find(|finding| finding.rule.id == "unknown-enum-value").expect("it is there");
    assert_eq!((found.operation.as_deref(), &*found.location.file), (Some("GetMembership"), "-"));
    assert!(found.excerpt.as_ref().is_some_and(|excerpt| excerpt.text.contains("ACTVE")), "{found:?}");
    assert!(!format!("{verdict:?}").contains("IAEXAMPLE"), "credentials are masked");

    let post = Request::new("POST", format!("{CLEANROOMS}/memberships")).body(r#"{"collaborationIdentifier": 1}"#);
    let verdict = session.check_request(&post.header("content-type", "application/json")).expect("a request");
    assert!(rules(&verdict).contains(&("wrong-type", "/collaborationIdentifier")), "{verdict}");
    assert!(rules(&verdict).contains(&("missing-member", "/queryLogStatus")), "{verdict}");

    let elsewhere = session.check_http(&Request::new("GET", "https://example.com/"), &answer("{}"));
    let error = elsewhere.expect_err("no API of AWS").to_string();
    assert!(error.contains("nothing was checked") && error.contains("`model(PATH)`"), "{error}");
}

#[test]
fn bodies_that_are_no_text_are_judged_too() {
    let contract = Contract::from_model(root().join("fixtures/contracts/rpc-v2-cbor")).expect("a model");
    let url = "https://rpc-v2-cbor.us-east-1.amazonaws.com/service/ThingService/operation/PutThing";
    let headers = [("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor")];
    let request = Request::new("POST", url).headers(headers);
    let session = Session::new().with_contract(contract);
    // A map of one member that no model has: `{"\u{e9}": h'ff'}`.
    let verdict = session.check_request(&request.body(vec![0xa1, 0x62, 0xc3, 0xa9, 0x41, 0xff])).expect("a request");
    assert!(rules(&verdict).iter().any(|(rule, _)| *rule == "unknown-member"), "{verdict}");
}

#[test]
fn what_fails_can_be_chosen() {
    let short = r#"{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {}}"#;
    let foreign = r#"{"service": "s3", "operation": "GetObject", "direction": "request", "payload": {}}"#;
    let good = format!(
        "{{\"service\": \"cleanrooms\", \"operation\": \"GetMembership\", \"direction\": \"request\", \"payload\": {{\"membershipIdentifier\": \"{ID}\"}}}}"
    );
    let check = |session: Session, text: &str| session.check_bytes(text).expect("a recording").passed;
    assert!(!check(session(), short));
    assert!(check(session(), &good));
    assert!(!check(session(), &format!("{good}\n{foreign}\n")), "what has no contract fails");
    assert!(check(session().allow_unchecked(), &format!("{good}\n{foreign}\n")));
    assert!(Session::new().contract("cleanroms").is_err());
    assert!(Session::new().model("nowhere").is_err());
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("approvals.toml");
    let line = "\"missing-member:cleanrooms:GetMembership:request:GetMembershipInput.membershipIdentifier\"";
    std::fs::write(&file, format!("[approvals]\n{line} = {{ reason = \"known\" }}\n")).expect("writable");
    assert!(check(session().approvals(&file).expect("sound approvals"), short));
}

#[test]
fn a_finding_displays_as_the_headline_of_the_report() {
    let verdict = session().check(root().join("fixtures/faulty/cleanrooms/payloads")).expect("recordings");
    let report = verdict.to_string();
    for finding in &verdict.findings {
        let own = finding.finding.to_string();
        assert!(!own.contains('\n') && own.starts_with(&format!("{}[{}]: ", finding.level, finding.rule.id)), "{own}");
        assert_eq!(finding.to_string(), format!("{own} --> {}", finding.location.text()));
    }
    let first = verdict.findings[0].finding.to_string();
    assert!(report.lines().any(|line| line == first), "{first} is not in\n{report}");
}

#[test]
fn errors_have_kinds() {
    let kind = |error: shapegate::Error| error.kind();
    let missing = Session::new().contract("cleanroms").expect_err("there is none");
    assert_eq!(kind(missing), ErrorKind::Unknown);
    assert_eq!(kind(session().check("nowhere").expect_err("no such path")), ErrorKind::Io);
    assert_eq!(kind(session().check_bytes("{}").expect_err("no recording")), ErrorKind::NothingToJudge);
    assert_eq!(kind(Contract::from_bytes("{\n").expect_err("no JSON")), ErrorKind::Invalid);
    let several = root().join("fixtures/contracts");
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["aws-query", "rest-xml"] {
        let folder = dir.path().join(name).join("2020-01-01");
        std::fs::create_dir_all(&folder).expect("writable");
        std::fs::copy(several.join(name).join("service-2.json"), folder.join("service-2.json")).expect("writable");
    }
    assert_eq!(kind(Contract::from_model(dir.path()).expect_err("there are two")), ErrorKind::Ambiguous);
    assert_eq!(kind(Contract::from_models(dir.path(), "s3").expect_err("it is not there")), ErrorKind::Unknown);
    // A model that is read when it is first needed keeps its kind.
    std::fs::write(dir.path().join("rest-xml/2020-01-01/service-2.json"), "{").expect("writable");
    let record = r#"{"service": "rest-xml", "operation": "Ping", "direction": "request", "payload": {}}"#;
    let read = Session::new().model(dir.path()).expect("a folder of models").check_bytes(record);
    assert_eq!(kind(read.expect_err("a broken model")), ErrorKind::Invalid);
}

#[test]
fn an_address_of_ones_own_needs_its_service_by_name() {
    let at_home = Request::new("GET", format!("http://127.0.0.1:8080/memberships/{ID}"));
    let sound = answer(r#"{"membership": {}}"#);
    let error = session().check_http(&at_home, &sound).expect_err("nobody's address");
    assert!(error.to_string().contains("`service(NAME)` says whose API"), "{error}");
    let verdict = session().service("Clean Rooms").check_http(&at_home, &sound).expect("its service is named");
    assert!(rules(&verdict).contains(&("missing-member", "/membership/arn")), "{verdict}");
    let error = session().service("cleanroom").check_http(&at_home, &sound).expect_err("no such service");
    assert!(error.to_string().contains("no service \"cleanroom\""), "{error}");
    assert_eq!(format!("{error:?}"), error.to_string(), "what `unwrap` prints");
}

/// A text as the headers of HTTP libraries hold it.
struct Text(&'static str);

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[test]
fn errors_at_hand_are_judged_like_recorded_ones() {
    let judged = |status: u16, headers: &[(&str, &str)], body: &str| {
        let response = Response::new(status).headers(headers.iter().copied()).body(body);
        let verdict = session().check_http(&get_membership(), &response).expect("an exchange with the service");
        let rules: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule.id).collect();
        (verdict.passed, rules.join(" "))
    };
    let json = ("content-type", "application/json");
    for status in [400, 404, 500, 503] {
        let (passed, rules) = judged(status, &[json], r#"{"message": "nothing here"}"#);
        assert!(!passed && rules == "missing-error-code", "{status}: {rules}");
        assert_eq!(judged(status, &[], ""), (false, "missing-error-code".to_owned()), "{status}");
    }
    assert_eq!(judged(302, &[("location", "https://example.com/")], "").1, "unexpected-status");
    let named = [json, ("x-amzn-errortype", "InternalServerException")];
    let (passed, rules) = judged(500, &named, r#"{"message": "later"}"#);
    assert!(passed, "an error of the model's own is no deviation: {rules}");
}

#[test]
fn headers_are_taken_as_http_libraries_hold_them() {
    let codes = [(Text("x-amzn-errortype"), Text("ResourceNotFoundException"))];
    for response in [
        Response::new(404).headers(codes.iter().map(|(name, value)| (name, value))),
        Response::new(404).headers(vec![("x-amzn-errortype".to_owned(), b"ResourceNotFoundException".to_vec())]),
        Response::new(404).headers([("x-amzn-errortype", "ResourceNotFoundException")]),
    ] {
        let verdict = session().check_http(&get_membership(), &response).expect("an exchange with the service");
        assert!(!rules(&verdict).iter().any(|(rule, _)| *rule == "missing-error-code"), "{verdict}");
        assert!(
            format!("{verdict}").contains("/message") || verdict.passed,
            "the error's own shape judges it: {verdict}"
        );
    }
    let odd = Request::new("GET", format!("{CLEANROOMS}/memberships/{ID}")).headers([("x-odd", &[0xff_u8, b'a'][..])]);
    assert!(session().check_request(&odd).is_ok(), "bytes that are no text");
}

#[test]
fn errors_of_the_library_name_no_options_of_the_command_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let foreign = r#"{"service": "s3", "operation": "GetObject", "direction": "request", "payload": {}}"#;
    let elsewhere = Request::new("GET", "https://example.com/");
    let errors = [
        session().check_bytes(foreign).expect_err("no contract"),
        session().check_bytes("{}").expect_err("no recording"),
        session().check(folder.path()).expect_err("no recordings"),
        session().check_request(&elsewhere).expect_err("no API of AWS"),
        Session::new().contract("cleanroms").expect_err("no contract"),
        Session::new()
            .model(root().join("fixtures/pages"))
            .map(|session| session.check_bytes(foreign))
            .map_or_else(|error| error, |judged| judged.expect_err("no contract")),
    ];
    for error in errors {
        let error = error.to_string();
        assert!(!error.contains("--") || error.contains("in a program"), "{error}");
    }
    let mixed = format!("{foreign}\n{}", foreign.replace("s3", "cleanrooms").replace("GetObject", "ListMemberships"));
    let verdict = session().check_bytes(mixed).expect("one is checked").to_string();
    assert!(verdict.contains("s3 (1) (a model of the service brings one)"), "{verdict}");
}

/// Says in a process of its own how many checks are to be counted.
const CHECKS: &str = "SHAPEGATE_TEST_CHECKS";

/// Counts are those of a process, in which other tests work as well, so the checks run in one of their own.
#[test]
#[allow(clippy::print_stdout, reason = "it tells the process that started it")]
fn a_session_that_names_no_contract_compiles_one() {
    if let Ok(checks) = std::env::var(CHECKS) {
        let session = Session::new();
        for _ in 0..checks.parse().expect("a number") {
            let verdict = session.check(root().join("fixtures/recordings/cleanrooms/payloads.ndjson"));
            assert!(verdict.expect("a recording").tally.judged > 0);
        }
        // What is in doubt is parsed for each check.
        println!("counts: {:?}", counters::all().map(|(name, count)| (name, if name == "doubts" { 0 } else { count })));
    } else {
        let counts = |checks: &str| {
            let mut own = std::process::Command::new(std::env::current_exe().expect("a running test"));
            own.args(["--exact", "session::a_session_that_names_no_contract_compiles_one", "--nocapture"]);
            let ran = own.env(CHECKS, checks).output().expect("it starts");
            let told = String::from_utf8(ran.stdout).expect("UTF-8");
            let line = told.lines().find_map(|line| line.split_once("counts: "));
            line.unwrap_or_else(|| panic!("{told}")).1.to_owned()
        };
        let once = counts("1");
        assert!(once.contains("(\"models\", 1)") && !once.contains("(\"programs\", 0)"), "{once}");
        assert_eq!(counts("2"), once);
    }
}
