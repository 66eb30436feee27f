//! `shapegate config`, `shapegate init`, and what other jobs say of a configuration.

use super::{FAULTY, Run, run};

const CONFIG: &str = r#"contracts = ["cleanrooms@2023-08-30"]
exclude = ["old/**"]
fail_on = "warning"

[rules]
missing-member = "off"

[[models]]
source = "botocore"
pin = "1.44.5"

[[services]]
service = "API Gateway"
paths = ["gateway/**"]

[[overrides]]
level = "note"
rules = ["unknown-*"]
services = ["s3"]
operations = ["Get*"]
direction = "response"
paths = ["moto/**"]
"#;

fn configured(arguments: &str) -> Run {
    run(&format!("{arguments} --config {{dir}}/shapegate.toml")).with("shapegate.toml", CONFIG)
}

/// A check of a record that breaks its contract, by which nothing else is configured.
fn off(arguments: &str) -> Run {
    let text = "[rules]\nmissing-member = \"off\"\n";
    let check = run(&format!("check {arguments} --config {{dir}}/shapegate.toml {{dir}}/a.ndjson"));
    check.with("shapegate.toml", text).with("a.ndjson", FAULTY)
}

fn mistaken(text: &str) -> Run {
    run("config show --config {dir}/shapegate.toml").with("shapegate.toml", text)
}

outputs! {
    show: configured("config show"),
    show_of_options: configured("config show --fail-on note --contract cleanrooms --no-ignore --profile typed"),
    show_of_a_path: configured("config show {dir}/moto/a.json").with("moto/a.json", "{}"),
    show_of_nothing: run("config show --no-config"),
    keys: run("config keys"),
    config_help: run("config --help"),
    init_help: run("init --help"),

    switched_off: off(""),
    switched_off_verbose: off("--verbose"),
    switched_off_json: off("--report json"),
    switched_off_markdown: off("--report markdown"),

    no_such_key: mistaken("exclud = []\n"),
    no_such_rule: mistaken("[rules]\nmising-member = \"off\"\n"),
    no_such_level: mistaken("[rules]\nmissing-member = \"of\"\n"),
    not_to_be_off: mistaken("[rules]\nmalformed-recording = \"off\"\n"),
    not_toml: mistaken("contracts = [\n"),
    a_newer_edition: mistaken("edition = \"99.0.0\"\n"),
    no_such_file: run("config show --config {dir}/none.toml"),
}
