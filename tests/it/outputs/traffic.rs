//! `shapegate list` and `shapegate redact`

use super::{CUT, OTHER, run};

const S3: &str = "--model fixtures/upgrades/s3/service-2.json fixtures/upgrades/s3/before";
/// An exchange with what is masked wherever it stands; the words are nobody's.
const SECRETS: &str = r#"{"version": 1, "interactions": [{"request": {"method": "GET",
  "uri": "https://cleanrooms.us-east-1.amazonaws.com/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001?X-Amz-Security-Token=word",
  "headers": {"Authorization": ["AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host, Signature=word"],
    "Cookie": ["a=word"], "Accept": ["*/*"]}, "body": ""},
  "response": {"status": {"code": 404, "message": ""}, "headers": {"x-amzn-errortype": ["ResourceNotFoundException"]},
    "body": {"string": "{\"message\": \"none\", \"resourceId\": \"1\", \"resourceType\": \"MEMBERSHIP\"}"}}}]}
"#;
const CLEAN: &str = r#"{"service": "cleanrooms", "operation": "GetMembership", "request": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}}
"#;

outputs! {
    list_records: run("list fixtures/recordings/cleanrooms/query-story.json"),
    list_http: run("list fixtures/recordings/cleanrooms-http/nock/errors.json"),
    list_by_a_model: run(&format!("list {S3}")),
    list_with_findings: run("list fixtures/faulty/cleanrooms/exchanges").lines(12),
    list_unchecked: run("list --no-installed-models -").input(OTHER),
    list_why: run("list --why fixtures/recordings/cleanrooms-http/nock/errors.json"),
    list_broken: run("list {dir}").with("a.ndjson", &format!("{CLEAN}{CUT}")).with("notes.md", "# Notes\n"),
    list_nothing: run("list ARCHITECTURE.md"),
    list_several_services: run("list --model fixtures/rules/ambiguous-service/fires-with-the-same-fault-in-both/models \
        fixtures/rules/ambiguous-service/fires-with-the-same-fault-in-both/thing.GetThing_1.json"),

    redact_stream: run("redact - -").input(SECRETS),
    redact_file: run("redact {dir}/a.json {dir}/out/b.json").with("a.json", SECRETS).shows("out"),
    redact_folder: run("redact {dir}/in {dir}/out")
        .with("in/a.json", SECRETS)
        .with("in/b.ndjson", CLEAN)
        .with("in/notes.md", "# Notes\n")
        .shows("out"),
    redact_clean: run("redact - -").input(CLEAN),
    redact_sensitive: run("redact --model fixtures/rules/unknown-enum-value/fires-sensitive-value/service-2.json \
        fixtures/rules/unknown-enum-value/fires-sensitive-value/traffic.ndjson -"),
    redact_broken: run("redact - -").input(CUT),
    redact_broken_in_a_folder: run("redact {dir}/in {dir}/out")
        .with("in/a.ndjson", &format!("{CLEAN}{CUT}"))
        .with("in/b.ndjson", CLEAN)
        .shows("out"),
    redact_unchecked: run("redact --no-installed-models - -").input(OTHER),
    redact_nothing: run("redact {dir}/in {dir}/out").with("in/notes.md", "# Notes\n"),
    redact_into_itself: run("redact {dir}/in {dir}/in/out").with("in/a.ndjson", CLEAN),
    redact_over_itself: run("redact {dir}/a.ndjson {dir}/a.ndjson").with("a.ndjson", CLEAN),
    redact_check: run("redact --check {dir}/in")
        .with("in/a.json", SECRETS)
        .with("in/b.ndjson", CLEAN)
        .with("in/notes.md", "# Notes\n"),
    redact_check_clean: run("redact --check -").input(CLEAN),
    redact_check_broken: run("redact --check -").input(CUT),
    redact_check_and_copy: run("redact --check {dir}/in {dir}/out").with("in/a.ndjson", CLEAN),
    redact_missing: run("redact {dir}/a.ndjson {dir}/b.ndjson"),
}
