//! `shapegate gate`

use super::{CUT, OTHER, Run, run};

const ORDERS: &str = "--from fixtures/upgrades/orders/old.json --to fixtures/upgrades/orders/new.json";
const SWITCH: &str = "--from fixtures/upgrades/switch/old.json --to fixtures/upgrades/switch/new.json";
/// One difference.
const ENUM: &str =
    "--from fixtures/rules/enum-value-removed/fires/old.json --to fixtures/rules/enum-value-removed/fires/new.json";
const SAME: &str = "--from fixtures/upgrades/orders/old.json --to fixtures/upgrades/orders/old.json";
/// A difference that nobody has to fear.
const ADDED: &str =
    "--from fixtures/rules/operation-added/fires/old.json --to fixtures/rules/operation-added/fires/new.json";
const TRAFFIC: &str = "--traffic fixtures/upgrades/orders/traffic";
const ORDER: &str = "{\"service\": \"orders\", \"operation\": \"GetOrder\", \"request\": {\"id\": \"1\"}}\n";
const THING: &str = "{\"service\": \"thing\", \"operation\": \"MakeThing\", \"request\": {\"name\": \"B\"}}\n";
/// Approvals that count, that say nothing of this upgrade, and that are over.
const APPROVALS: &str = r#"[approvals]
"max-tightened:orders:PlaceOrder:request:Note:10" = { reason = "notes are short" }
"operation-removed:orders:SellOrder::" = { reason = "long gone" }
"operation-removed:orders:CancelOrder::" = { reason = "unused", expires = 2024-12-31 }
"#;
/// Approvals of all that fails for one difference.
const ALL: &str = r#"[approvals]
"enum-value-removed:thing:MakeThing:request:Name:B" = { reason = "nobody makes B", expires = 9999-12-31 }
"#;

fn gate(arguments: &str) -> Run {
    run(&format!("gate {arguments}"))
}

fn approved(arguments: &str) -> Run {
    gate(&format!("{ORDERS} --no-witnesses --approvals {{dir}}/a.toml {arguments}")).with("a.toml", APPROVALS)
}

/// Exchanges of the service and of one that no model is given for, a record that breaks off, and another file.
fn mixed(arguments: &str) -> Run {
    gate(&format!("{ORDERS} --no-witnesses --traffic {{dir}} {arguments}"))
        .with("a.ndjson", &format!("{ORDER}{OTHER}"))
        .with("b.ndjson", CUT)
        .with("notes.md", "# Notes\n")
}

/// Two folders of services, of which one comes.
fn folders(arguments: &str) -> Run {
    gate(&format!(
        "--from fixtures/rules/service-added/fires/old --to fixtures/rules/service-added/fires/new {arguments}"
    ))
}

outputs! {
    dynamic_text: gate(ORDERS),
    dynamic_verbose: gate(&format!("{ORDERS} -v {TRAFFIC}")),
    typed_with_traffic: gate(&format!("{ORDERS} --profile typed {TRAFFIC}")),
    replay_text: gate(&format!("{ORDERS} --profile replay")),
    replay_with_traffic: gate(&format!("{ORDERS} --profile replay {TRAFFIC}")),
    ndjson: gate(&format!("{ORDERS} --format ndjson")),
    ndjson_with_traffic: gate(&format!("{ORDERS} --format ndjson {TRAFFIC}")),
    unused_weighs_less: gate(&format!("{ORDERS} {TRAFFIC} --unused-as note")),
    fail_on_risky: gate(&format!("{ENUM} --fail-on risky --profile typed")),
    fail_on_never: gate(&format!("{ENUM} --fail-on never")),

    one_text: gate(ENUM),
    one_json: gate(&format!("{ENUM} --format json")),
    one_json_typed: gate(&format!("{ENUM} --format json --no-witnesses --profile typed")),
    one_json_replay: gate(&format!("{ENUM} --format json --no-witnesses --profile replay")),
    one_json_with_traffic: gate(&format!("{ENUM} --format json --no-witnesses --traffic {{dir}}"))
        .with("a.ndjson", THING),

    compatible_text: gate(ADDED),
    compatible_verbose: gate(&format!("{ADDED} -v")),
    compatible_json: gate(&format!("{ADDED} --format json")),
    compatible_ndjson: gate(&format!("{ADDED} --format ndjson")),
    nothing_text: gate(SAME),
    nothing_json: gate(&format!("{SAME} --format json")),
    nothing_with_traffic: gate(&format!("{SAME} {TRAFFIC}")),

    fallout_text: gate(SWITCH),
    fallout_verbose: gate(&format!("{SWITCH} -v")),
    fallout_typed: gate(&format!("{SWITCH} --profile typed")),
    fallout_with_traffic: gate(&format!("{SWITCH} --traffic fixtures/upgrades/switch/traffic")),
    fallout_ndjson: gate(&format!("{SWITCH} --format ndjson")),
    places_with_traffic: gate("--from fixtures/upgrades/places/old.json --to fixtures/upgrades/places/new.json \
        --traffic fixtures/upgrades/places/traffic"),

    approvals_text: approved(""),
    approvals_verbose: approved("-v"),
    approvals_json: approved("--format json").lines(60),
    approvals_ndjson: approved("--format ndjson"),
    approvals_with_traffic: approved(TRAFFIC),
    approved_all: gate(&format!("{ENUM} --no-witnesses --approvals {{dir}}/a.toml")).with("a.toml", ALL),
    approved_all_json: gate(&format!("{ENUM} --no-witnesses --approvals {{dir}}/a.toml --format json"))
        .with("a.toml", ALL),
    approvals_of_nothing: gate(&format!("{ENUM} --no-witnesses --approvals {{dir}}/a.toml")).with("a.toml", ""),

    mixed_traffic: mixed(""),
    mixed_traffic_verbose: mixed("-v"),
    mixed_traffic_ndjson: mixed("--format ndjson").lines(2),
    unreadable_traffic: gate(&format!("{SAME} --traffic {{dir}}")).with("a.ndjson", &format!("{ORDER}{CUT}")),

    folders_text: folders(""),
    folders_verbose: folders("-v"),
    folders_json: folders("--format json"),
    folders_one_service: folders("--service thing"),
    page_is_a_part: gate("--from cleanrooms@2023-07-31 --to fixtures/pages/cleanrooms-2023-08-30.txt"),
    smithy_and_botocore: gate("--from fixtures/contracts/smithy/depot.json \
        --to fixtures/contracts/smithy/twin/service-2.json -v"),
}
