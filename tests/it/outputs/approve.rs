//! `shapegate approve`

use super::{FAULTY, OTHER, Run, run};

const FOUND: &str = "approve {dir}/a.ndjson --approvals {dir}/a.toml";
const OLD: &str =
    "# ours\n[approvals]\n# since long\n\"unknown-member:cleanrooms:GetMembership:request:A.b\" = { reason = \"x\" }\n";

fn approve(more: &str) -> Run {
    run(&format!("{FOUND} {more}")).with("a.ndjson", FAULTY).shows("a.toml")
}

outputs! {
    help: run("approve --help"),
    a_file_is_made: approve("--reason seen"),
    a_file_has_more_lines: approve("--reason seen --expires 2999-12-31").with("a.toml", OLD),
    a_file_has_fewer_lines: approve("--prune").with("a.toml", OLD),
    nothing_is_written: approve("--reason seen --prune --dry-run").with("a.toml", OLD),
    not_all_is_approved: approve("--reason seen --fail-on-unchecked --no-installed-models --prune {dir}/b.ndjson")
        .with("b.ndjson", OTHER),
    a_report: run("check {dir}/a.ndjson --report json={dir}/report.json")
        .then("approve --report {dir}/report.json --reason seen --approvals {dir}/a.toml")
        .with("a.ndjson", FAULTY)
        .shows("a.toml"),
    no_report: run("approve --report {dir}/a.ndjson --reason seen --approvals {dir}/a.toml").with("a.ndjson", FAULTY),
}
