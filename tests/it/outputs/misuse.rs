//! What cannot be done: what stands on the line, in a file of approvals, in a model.

use super::{Run, run};

const ENUM: &str =
    "--from fixtures/rules/enum-value-removed/fires/old.json --to fixtures/rules/enum-value-removed/fires/new.json";

fn approvals(text: &str) -> Run {
    run(&format!("gate {ENUM} --no-witnesses --approvals {{dir}}/a.toml")).with("a.toml", text)
}

outputs! {
    no_command: run("chekc traffic"),
    no_path: run("check"),
    no_such_option: run("check --formt json ."),
    no_such_value: run("check --format xml ."),
    no_such_path: run("check {dir}/nowhere"),
    no_recordings: run("check {dir}").with("notes.md", "# Notes\n"),
    no_files: run("check fixtures/rules/nowhere/at-all"),
    no_such_contract: run("check --contract cleanroms -"),
    no_such_day: run("check --contract cleanrooms@2022-01-01 -"),
    no_day: run("check --contract cleanrooms@soon -"),
    no_such_model: run("check --model {dir}/nowhere.json -"),
    no_model: run("check --model {dir}/a.json -").with("a.json", "{\"a\": 1}"),
    half_a_model: run("check --model {dir}/a.json -").with("a.json", "{\"metadata\": {"),
    an_empty_folder_of_models: run("check --model {dir} -"),
    no_expectations: run("check --expectations {dir} -"),
    half_an_expectation: run("check --expectations {dir} -").with("a.schema.json", "{\"type\": 7}"),
    no_such_operation: run("check --no-installed-models --operation GetNothing -").input("{}"),
    empty_stream: run("check -"),

    gate_without_to: run("gate --from cleanrooms"),
    gate_of_another_service: run(&format!("gate {ENUM} --service s3")),
    gate_of_nothing_in_common: run("gate --from cleanrooms --to fixtures/upgrades/orders/new.json"),
    gate_of_no_model: run("gate --from {dir}/nowhere.json --to cleanrooms"),
    gate_with_traffic_of_another_service: run(&format!("gate {ENUM} --traffic \
        fixtures/recordings/cleanrooms/query-story.json")),
    gate_with_no_traffic: run(&format!("gate {ENUM} --traffic {{dir}}/nowhere")),
    gate_without_the_file_of_approvals: run(&format!("gate {ENUM} --approvals {{dir}}/nowhere.toml")),
    approvals_without_a_reason: approvals("[approvals]\n\"a:b\" = { }\n"),
    approvals_with_an_empty_reason: approvals("[approvals]\n\"a:b\" = { reason = \"\" }\n"),
    approvals_with_another_key: approvals("[approvals]\n\"a:b\" = { reason = \"x\", until = 2024-12-31 }\n"),
    approvals_with_no_day: approvals("[approvals]\n\"a:b\" = { reason = \"x\", expires = \"soon\" }\n"),
    approvals_with_a_time: approvals("[approvals]\n\"a:b\" = { reason = \"x\", expires = 2024-12-31T10:00:00Z }\n"),
    approvals_in_another_table: approvals("[approval]\n\"a:b\" = { reason = \"x\" }\n"),
    approvals_twice: approvals("[approvals]\n\"a:b\" = { reason = \"x\" }\n\"a:b\" = { reason = \"y\" }\n"),
    approvals_that_are_no_toml: approvals("approve everything\n"),

    diff_of_another_format: run(&format!("diff {ENUM} --format pdf")),
    diff_of_half_a_model: run("diff --from {dir}/a.json --to cleanrooms").with("a.json", "{\"metadata\": {"),
    generate_no_such_operation: run("generate GetMembershp"),
    generate_placebo_without_a_folder: run("generate GetMembership --response --as placebo"),
    history_of_another_service: run("history --contract s3 -"),
    history_of_one_release: run("history --contract cleanrooms@2023-08-30 -"),
    history_of_no_recording: run("history ARCHITECTURE.md"),
    snapshot_out_and_compare: run("snapshot --out a.toml --compare b.toml ."),
    snapshot_accept_alone: run("snapshot --accept ."),
    redact_without_out: run("redact ."),
    schema_without_out: run("schema GetMembership"),
    completions_of_no_shell: run("completions csh"),
}
