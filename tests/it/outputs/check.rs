//! `shapegate check`

use super::run;

/// A request that keeps the contract.
const CLEAN: &str = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
/// Requests of services that no contract is at hand for.
const OTHERS: &str = r#"{"service":"s3","operation":"GetObject","direction":"request","payload":{}}
{"service":"glue","operation":"GetJob","direction":"request","payload":{}}
{"service":"s3","operation":"GetObject","direction":"request","payload":{}}"#;
/// An expectation of one's own.
const EXPECTATION: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "description": "Memberships are read with a reason.",
  "x-shapegate": {"expectation": "a-reason-is-given", "service": "cleanrooms", "operations": ["GetMembership"],
    "source": "inferred", "evidence": "house rule"},
  "properties": {"request": {"required": ["reason"]}}
}"#;
/// An exchange that keeps the contract, and not that expectation.
const EXCHANGE: &str = r#"{"service":"cleanrooms","operation":"GetMembership","request":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"},"error":{"code":"ThrottlingException","message":"slower"}}"#;
const FAULTY: &str = "fixtures/faulty/cleanrooms";

fn check(arguments: &str) -> super::Run {
    run(&format!("check {arguments}"))
}

/// One clean recording, and others that are not read.
fn beside_others(arguments: &str) -> super::Run {
    let files = [("clean.ndjson", CLEAN), ("README.md", "# Notes\n"), ("package.json", "{\"name\": 1}"), ("empty", "")];
    files.iter().fold(check(arguments), |run, (name, text)| run.with(name, text))
}

/// Checked exchanges and unchecked ones.
fn beside_unchecked(arguments: &str) -> super::Run {
    check(arguments).with("a.ndjson", CLEAN).with("b.ndjson", OTHERS)
}

/// A file that breaks off, and one that begins with a byte order mark and is no JSON.
fn beside_broken(arguments: &str) -> super::Run {
    check(arguments).with("clean.ndjson", CLEAN).with("cut.ndjson", &CLEAN[..60]).with("mark.json", "\u{feff}{\0}\0")
}

outputs! {
    clean_text: check("-").input(CLEAN),
    clean_json: check("--format json -").input(CLEAN),
    clean_ndjson: check("--format ndjson -").input(CLEAN),
    clean_verbose: check("-v --contract cleanrooms@2023-08-30 fixtures/recordings/cleanrooms/cli-output"),

    findings_text: check(&format!("{FAULTY}/exchanges/member-list-instead-of-output.ndjson")),
    findings_json: check(&format!("--format json {FAULTY}/exchanges/member-list-instead-of-output.ndjson")),
    findings_ndjson: check(&format!("--format ndjson {FAULTY}/payload-files/cleanrooms/StartProtectedQuery")),
    findings_of_a_folder: check(&format!("{FAULTY}/payload-files/cleanrooms/StartProtectedQuery {FAULTY}/placebo")),
    findings_of_an_older_release: check(&format!("--contract cleanrooms@2023-02-01 \
        {FAULTY}/exchanges/undeclared-quota-error.ndjson")),
    findings_of_releases_as_recorded: check("--contract cleanrooms@recorded -v \
        fixtures/recordings/cleanrooms/query-story.json"),
    findings_in_the_stream: check("--format text -").input("hello\n"),
    repeated_in_other_operations: check("--only-rule unknown-enum-value -").input(
        r#"{"service":"cleanrooms","operation":"GetMembership","response":{"membership":{"status":"DONE"}}}
{"service":"cleanrooms","operation":"UpdateMembership","response":{"membership":{"status":"DONE"}}}"#),
    repeated_findings: check("-")
        .input(&format!("{}\n", CLEAN.replace("membershipIdentifier", "identifier")).repeat(12)),
    long_lines: check("-")
        .input(&CLEAN.replace("payload\":{", &format!("payload\":{{\"{}\":\"ü€𝄞\",", "ü€𝄞".repeat(60)))),

    warning_passes: check("--contract cleanrooms@2023-08-30 fixtures/rules/unexpected-content-type/fires-html"),
    warning_fails: check("--contract cleanrooms@2023-08-30 --fail-on warning \
        fixtures/rules/unexpected-content-type/fires-html"),
    warning_json: check("--contract cleanrooms@2023-08-30 --format json \
        fixtures/rules/unexpected-content-type/fires-html"),
    note_fails: check("--fail-on note \
        --model fixtures/rules/constraint-not-checked/fires-pattern-without-common-spelling/service-2.json \
        fixtures/rules/constraint-not-checked/fires-pattern-without-common-spelling/traffic.ndjson"),
    never_fails: check(&format!("--fail-on never {FAULTY}/named-payload-files")),

    har_text: check("fixtures/rules/undecodable-body/fires-response-that-breaks-off"),
    har_with_a_query: check("fixtures/rules/wrong-type/fires-in-a-query-string"),
    har_without_a_code: check("--format ndjson fixtures/rules/missing-error-code/fires-message-alone"),
    several_services_fit: check("-v --model fixtures/rules/ambiguous-service/fires-with-the-same-fault-in-both/models \
        fixtures/rules/ambiguous-service/fires-with-the-same-fault-in-both/thing.GetThing_1.json"),
    several_operations_fit: check("--model fixtures/rules/ambiguous-operation/fires-two-services/models \
        fixtures/rules/ambiguous-operation/fires-two-services/thing.snapshot.json"),
    sensitive_values: check("--model fixtures/rules/unknown-enum-value/fires-sensitive-value/service-2.json \
        fixtures/rules/unknown-enum-value/fires-sensitive-value/traffic.ndjson"),

    skipped_text: beside_others("{dir}"),
    skipped_verbose: beside_others("-v {dir}"),
    skipped_json: beside_others("--format json {dir}"),
    skipped_ndjson_verbose: beside_others("--format ndjson -v {dir}"),

    unchecked_text: beside_unchecked("--no-installed-models {dir}"),
    unchecked_json: beside_unchecked("--no-installed-models --format json {dir}"),
    unchecked_ndjson: beside_unchecked("--no-installed-models --format ndjson {dir}"),
    unchecked_verbose: beside_unchecked("--no-installed-models -v {dir}"),
    unchecked_fails: beside_unchecked("--no-installed-models --fail-on-unchecked {dir}"),
    unchecked_fails_json: beside_unchecked("--no-installed-models --fail-on-unchecked --format json {dir}").lines(30),
    unchecked_fails_of_one: beside_unchecked("--no-installed-models --fail-on-unchecked=glue,cleanrooms {dir}"),
    unchecked_passes_of_another: beside_unchecked("--no-installed-models --fail-on-unchecked=cleanrooms {dir}"),
    unchecked_of_an_unknown_one: beside_unchecked("--no-installed-models --fail-on-unchecked=glue,sqs {dir}"),
    all_unchecked: check("--no-installed-models -").input(OTHERS),

    broken_text: beside_broken("{dir}"),
    broken_json: beside_broken("--format json {dir}"),
    broken_ndjson: beside_broken("--format ndjson {dir}"),
    broken_alone: check(&format!("{FAULTY}/exchanges/last-line-truncated.ndjson \
        {FAULTY}/exchanges/line-without-operation.ndjson")),

    expectations_of_its_own: check("--expectations {dir}/own -")
        .with("own/a.schema.json", EXPECTATION)
        .input(EXCHANGE),
    expectations_shipped: check(&format!("{FAULTY}/exchanges/success-without-result.ndjson")),

    operation_is_given: check("--operation list-memberships -")
        .input("{\"membershipSummaries\": [], \"nextToken\": 7}"),
    operation_of_files_is_given: check("--operation *.json=ListMemberships {dir}")
        .with("any.json", "{\"membershipSummaries\": {}}"),
    service_is_given: check("--service cleanrooms --recording-format payload-file {dir}")
        .with("GetMembership.request.json", "{\"membershipIdentifer\": \"1\"}"),
    format_is_given: check("--recording-format har {dir}").with("a.har", CLEAN),

    findings_in_a_body_json: check("--format json fixtures/recordings/cleanrooms-http/smithy-dvr/concurrent.json"),
    by_a_model: check("-v --model fixtures/upgrades/s3/service-2.json fixtures/upgrades/s3/before"),
    by_two_models: check("-v --model fixtures/upgrades/s3/service-2.json \
        --model fixtures/upgrades/orders/new.json fixtures/upgrades/orders/traffic"),
    by_a_page: check("-v --model fixtures/pages/cleanrooms-2023-08-30.txt -").input(CLEAN),
    by_smithy: check("-v --model fixtures/contracts/smithy/depot.json -")
        .input(r#"{"service":"big-depot","operation":"PutBox","direction":"request","payload":{}}"#),
}
