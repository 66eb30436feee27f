//! `shapegate diff` and `shapegate schema`

use super::{Run, run};

const ORDERS: &str = "--from fixtures/upgrades/orders/old.json --to fixtures/upgrades/orders/new.json";
const SWITCH: &str = "--from fixtures/upgrades/switch/old.json --to fixtures/upgrades/switch/new.json";
const ENUM: &str =
    "--from fixtures/rules/enum-value-removed/fires/old.json --to fixtures/rules/enum-value-removed/fires/new.json";
const FOLDERS: &str = "--from fixtures/rules/service-added/fires/old --to fixtures/rules/service-added/fires/new";
const SAME: &str = "--from fixtures/upgrades/orders/old.json --to fixtures/upgrades/orders/old.json";

fn diff(arguments: &str) -> Run {
    run(&format!("diff {arguments}"))
}

outputs! {
    diff_text: diff(&format!("{ORDERS} --exit-code")),
    diff_ndjson: diff(&format!("{ORDERS} --format ndjson")),
    diff_api_changes: diff(&format!("{ORDERS} --format api-changes")),
    diff_github: diff(&format!("{ORDERS} --report github --exit-code")),
    diff_of_a_switch: diff(SWITCH),
    diff_of_a_switch_json: diff(&format!("{SWITCH} --format json")),
    diff_one_json: diff(&format!("{ENUM} --format json")),
    diff_folders: diff(FOLDERS),
    diff_folders_json: diff(&format!("{FOLDERS} --format json")),
    diff_folders_api_changes: diff(&format!("{FOLDERS} --format api-changes")),
    diff_nothing: diff(&format!("{SAME} --exit-code")),
    diff_nothing_json: diff(&format!("{SAME} --format json")),
    diff_nothing_ndjson: diff(&format!("{SAME} --format ndjson")),
    diff_nothing_api_changes: diff(&format!("{SAME} --format api-changes")),
    diff_of_releases: diff("--from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30"),
    diff_of_releases_api_changes: diff("--from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30 --format api-changes")
        .lines(60),

    schema_of_one: run("schema --contract cleanrooms@2023-08-30 GetMembership --out {dir}/out")
        .shows("out/GetMembership.input.schema.json")
        .shows("out"),
    schema_parsed: run("schema --model fixtures/upgrades/orders/new.json GetOrder --encoding parsed --out {dir}/out")
        .shows("out/GetOrder.output.schema.json"),
    schema_of_all: run("schema --model fixtures/upgrades/orders/new.json --out {dir}/out").shows("out"),
    schema_of_one_of_several: run("schema --model fixtures/rules/service-added/fires/new --service thing --out \
        {dir}/out")
        .shows("out"),
    schema_without_a_service: run("schema --model fixtures/rules/service-added/fires/new --out {dir}/out"),
    schema_of_no_such_operation: run("schema GetNothing --out {dir}/out"),
}
