//! `shapegate mutate`

use super::{Run, run};

const FILES: &str = "fixtures/recordings/cleanrooms/named-payload-files";

/// A request that keeps the contract, one that does not, and one of a service without a contract.
const MIXED: &str = r#"{"service": "cleanrooms", "operation": "GetMembership", "request": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}}
{"service": "cleanrooms", "operation": "GetMembership", "request": {"membershipIdentifier": "1"}}
{"service": "s3", "operation": "GetObject", "request": {}}
"#;

fn mutate(arguments: &str) -> Run {
    run(&format!("mutate {arguments}"))
}

outputs! {
    text: mutate(FILES),
    json: mutate(&format!("--format json {FILES}")),
    github: mutate(&format!("--report github {FILES}")),
    of_a_log: mutate("fixtures/recordings/cleanrooms/cloudtrail"),
    mixed_text: mutate("--no-installed-models {dir}").with("a.ndjson", MIXED),
    mixed_json: mutate("--no-installed-models --format json {dir}").with("a.ndjson", MIXED),
    nothing_to_break: mutate("fixtures/rules/unexpected-content-type/fires-html"),
    nothing_there: mutate("ARCHITECTURE.md"),
}
