//! `shapegate snapshot`

use super::{CUT, FAULTY, OTHER, Run, run};

const MEMBER: &str = "fixtures/rules/member-newly-sent/fires-in-a-response";
const HEADER: &str = "fixtures/rules/request-header-appeared/fires-checksum";
const CALLS: &str = "fixtures/recordings/cleanrooms-http/vcrpy";

fn snapshot(arguments: &str) -> Run {
    run(&format!("snapshot {arguments}"))
}

/// A snapshot of what was recorded before, and then a comparison with what was after.
fn compared(case: &str, arguments: &str) -> Run {
    snapshot(&format!("--out {{dir}}/wire.toml {case}/before"))
        .then(&format!("snapshot --compare {{dir}}/wire.toml {arguments} {case}/after"))
}

/// Compared with a snapshot of another operation.
fn another(arguments: &str) -> Run {
    snapshot(&format!("--out {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .then(&format!("snapshot --compare {{dir}}/wire.toml {arguments} {CALLS}/UpdateProtectedQuery.yaml"))
}

fn unchecked(arguments: &str) -> Run {
    snapshot(&format!("--no-installed-models {arguments} {{dir}}"))
        .with("a.ndjson", &format!("{FAULTY}{OTHER}"))
        .with("notes.md", "# Notes\n")
}

outputs! {
    file: snapshot(&format!("{CALLS}/GetMembership.yaml")),
    file_of_records: snapshot("fixtures/recordings/cleanrooms/query-story.json").lines(40),
    file_with_an_error: snapshot("fixtures/rules/error-newly-seen/fires-not-found/after"),
    file_of_s3: snapshot("--model fixtures/upgrades/s3/service-2.json fixtures/upgrades/s3/before").lines(60),
    out: snapshot(&format!("--out {{dir}}/wire.toml {CALLS}/GetMembership.yaml")).shows("wire.toml"),
    out_verbose: snapshot(&format!("-v --out {{dir}}/wire.toml {CALLS}/GetMembership.yaml")),

    same_text: snapshot(&format!("--out {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .then(&format!("snapshot --compare {{dir}}/wire.toml {CALLS}/GetMembership.yaml")),
    same_json: snapshot(&format!("--out {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .then(&format!("snapshot --compare {{dir}}/wire.toml --format json {CALLS}/GetMembership.yaml")),
    member_text: compared(MEMBER, ""),
    member_verbose: compared(MEMBER, "-v"),
    member_json: compared(MEMBER, "--format json"),
    member_ndjson: compared(MEMBER, "--format ndjson"),
    header_text: compared(HEADER, ""),
    header_json: compared(HEADER, "--format json"),
    header_fail_on_error: compared(HEADER, "--fail-on error"),
    header_fail_on_never: compared(HEADER, "--fail-on never"),
    another_text: another(""),
    another_ndjson: another("--format ndjson"),
    accept_text: compared(HEADER, "--accept").shows("wire.toml"),
    accept_json: compared(MEMBER, "--accept --format json")
        .then("snapshot --compare {dir}/wire.toml fixtures/rules/member-newly-sent/fires-in-a-response/after"),
    s3_ndjson: snapshot("--compare fixtures/upgrades/s3/before.toml --model fixtures/upgrades/s3/service-2.json \
        --format ndjson fixtures/upgrades/s3/after")
        .lines(6),
    s3_json: snapshot("--compare fixtures/upgrades/s3/before.toml --model fixtures/upgrades/s3/service-2.json \
        --format json fixtures/upgrades/s3/after")
        .lines(60),

    unchecked_text: unchecked(""),
    unchecked_verbose: unchecked("-v"),
    unchecked_fails: unchecked("--fail-on-unchecked"),
    unchecked_compared: unchecked("--compare {dir}/wire.toml --format json --fail-on-unchecked")
        .with("wire.toml", "snapshot = 1\n"),
    broken: snapshot("{dir}").with("a.ndjson", CUT),
    broken_compared: snapshot("--compare {dir}/wire.toml {dir}/a.ndjson")
        .with("wire.toml", "snapshot = 1\n")
        .with("a.ndjson", &format!("{FAULTY}{CUT}")),
    broken_compared_json: snapshot("--compare {dir}/wire.toml --format json {dir}/a.ndjson")
        .with("wire.toml", "snapshot = 1\n")
        .with("a.ndjson", &format!("{FAULTY}{CUT}")),
    no_file: snapshot(&format!("--compare {{dir}}/wire.toml {CALLS}/GetMembership.yaml")),
    file_of_nothing_known: snapshot(&format!("--compare {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .with("wire.toml", "snapshot = 2\n"),
    file_that_is_no_toml: snapshot(&format!("--compare {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .with("wire.toml", "snapshot 1\n"),
    file_with_an_unknown_fact: snapshot(&format!("--compare {{dir}}/wire.toml {CALLS}/GetMembership.yaml"))
        .with("wire.toml", "snapshot = 1\n[cleanrooms.GetMembership]\nrequest.colour = [\"red\"]\n"),
}
