//! Every key of `shapegate.toml`, by what it changes of a run.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use shapegate::config::{Config, FILE, SCHEMA};
use shapegate::gate::APPROVALS;
use shapegate::limits::Limit;

use crate::support::folder::{Folder, Ran, fingerprints, model, request, thing, unknown};

/// Each key with its test.
const KEYS: &[(&str, &str)] = &[
    ("approvals", "approvals_are_read_from_the_file"),
    ("contracts", "contracts_are_those_that_are_named"),
    ("coverage", "so_much_has_to_be_covered"),
    ("edition", "an_edition_has_its_rules"),
    ("errata", "errata_correct_models"),
    ("exclude", "what_is_excluded_is_not_read"),
    ("expectations", "expectations_are_read_from_folders"),
    ("fail_on", "findings_fail_from_the_severity_on"),
    ("fail_on_stale", "stale_approvals_fail"),
    ("fail_on_unchecked", "unchecked_exchanges_fail"),
    ("gitignore", "gitignore_can_be_passed_over"),
    ("installed_models", "an_installed_botocore_need_not_be_used"),
    ("limits", "limits_are_set_by_name"),
    ("limits.alias-bytes", "each_limit_has_a_key"),
    ("limits.body-bytes", "each_limit_has_a_key"),
    ("limits.depth", "each_limit_has_a_key"),
    ("limits.document-bytes", "each_limit_has_a_key"),
    ("limits.document-values", "each_limit_has_a_key"),
    ("limits.ratio", "each_limit_has_a_key"),
    ("limits.record-bytes", "each_limit_has_a_key"),
    ("limits.values", "each_limit_has_a_key"),
    ("max_findings", "so_many_findings_are_listed"),
    ("models", "models_are_sources"),
    ("models.pin", "a_pin_is_the_version_of_a_source"),
    ("models.source", "models_are_sources"),
    ("overrides", "an_override_names_some_findings"),
    ("overrides.direction", "an_override_names_some_findings"),
    ("overrides.level", "an_override_names_some_findings"),
    ("overrides.operations", "an_override_names_some_findings"),
    ("overrides.paths", "an_override_names_some_findings"),
    ("overrides.rules", "an_override_names_some_findings"),
    ("overrides.services", "an_override_names_some_findings"),
    ("profile", "a_profile_weighs_differences"),
    ("recordings", "recordings_are_read_where_none_is_named"),
    ("redact", "copies_are_masked_as_the_file_says"),
    ("rules", "a_rule_has_a_level_or_is_off"),
    ("services", "services_are_known_by_path"),
    ("services.paths", "services_are_known_by_path"),
    ("services.service", "services_are_known_by_path"),
    ("shipped_errata", "the_errata_within_shapegate_can_be_passed_over"),
    ("wheels", "releases_are_looked_up_in_folders_of_wheels"),
];

#[test]
fn every_key_has_a_test() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let of = |schema: &Value| schema["properties"].as_object().cloned().unwrap_or_default();
    let mut keys = BTreeSet::new();
    for (key, about) in of(&schema) {
        let within = about["items"]["$ref"]
            .as_str()
            .or_else(|| about["$ref"].as_str())
            .and_then(|path| schema.pointer(path.trim_start_matches('#')));
        keys.extend(within.into_iter().flat_map(of).map(|(inner, _)| format!("{key}.{inner}")));
        keys.insert(key);
    }
    let tested: BTreeSet<String> = KEYS.iter().map(|(key, _)| (*key).to_owned()).collect();
    assert_eq!(tested, keys);
    let tests = include_str!("keys.rs");
    for (key, test) in KEYS {
        assert!(tests.contains(&format!("#[test]\nfn {test}() {{")), "{key}: {test} is no test");
    }
}

/// A folder with that configuration and a request that has one error.
fn folder(config: &str) -> Folder {
    Folder::new().with(FILE, config).with("t/a.ndjson", &request("GetMembership", &["extra"]))
}

/// Exit code of a check, and its report.
fn checked(folder: &Folder) -> (Option<i32>, Value) {
    folder.report(&["check", "t"])
}

fn levels(report: &Value) -> [u64; 3] {
    ["error", "warning", "note"].map(|level| report["summary"]["findings"][level].as_u64().expect("a number"))
}

#[test]
fn recordings_are_read_where_none_is_named() {
    let folder = folder("recordings = [\"t\", \"u/b.ndjson\"]").with(".git/HEAD", "");
    folder.write("u/b.ndjson", &request("GetMembership", &[]));
    folder.write("u/c.ndjson", &request("GetMembership", &["other"]));
    let read = |(_, report): (Option<i32>, Value)| report["summary"]["recordings"].clone();
    for command in ["check", "coverage", "scorecard", "list"] {
        assert_eq!(read(folder.report(&[command])), 2, "{command}");
        assert_eq!(read(folder.report(&[command, "u"])), 2, "{command}: those of `u`, and not those of `t`");
        assert_eq!(read(folder.report(&[command, "t"])), 1, "{command}: what is named is read alone");
    }
    assert_eq!(read(folder.report(&["check", "t", "t/a.ndjson"])), 1, "a file is read once");
    let Ran { stdout, .. } = folder.run(&["approve", "--reason", "known"]);
    assert_eq!(stdout, "shapegate-approvals.toml: 1 added\n", "what `check` finds");
    assert_eq!(folder.run(&["check"]).code, Some(0));
    let Ran { code, stdout, .. } = folder.run_in("u", &["check", "--no-fast-path"]);
    assert!(code == Some(0) && stdout.contains("2 recordings"), "from wherever it runs: {stdout}");
    for text in ["", "recordings = []"] {
        folder.write(FILE, text);
        let Ran { code, stderr, .. } = folder.run(&["check"]);
        assert!(code == Some(2) && stderr.contains("no recordings are named"), "{stderr}");
    }
    for name in ["nowhere", "-"] {
        folder.write(FILE, &format!("\nrecordings = [\"t\", \"{name}\"]\n"));
        let Ran { code, stderr, .. } = folder.run(&["check"]);
        let told = format!("shapegate.toml:2:1: {name}: ");
        assert!(code == Some(2) && stderr.contains(&told), "{stderr}");
    }
}

#[test]
fn contracts_are_those_that_are_named() {
    let name =
        r#"{"service": "cleanrooms", "operation": "ListTagsForResource", "direction": "request", "payload": {}}"#;
    let folder = Folder::new().with(FILE, "contracts = [\"cleanrooms@2023-01-12\"]").with("t/a.ndjson", name);
    assert_eq!(checked(&folder).1["findings"][0]["rule"], "unknown-operation", "the first release does not have it");
    let Ran { code, .. } = folder.run(&["check", "--contract", "cleanrooms", "t"]);
    let (_, report) = folder.report(&["check", "--contract", "cleanrooms", "t"]);
    assert_eq!((code, &report["findings"][0]["rule"]), (Some(1), &json!("missing-member")), "an option wins");
}

#[test]
fn so_much_has_to_be_covered() {
    let folder = folder("fail_on = \"never\"\n[coverage]\noperations = 2\n\"s3:members\" = 1");
    let shortfalls = |arguments: &[&str]| {
        let (code, report) = folder.report(arguments);
        (code, report["coverage"]["shortfalls"].as_array().map(Vec::len))
    };
    assert_eq!(shortfalls(&["coverage", "t"]), (Some(1), Some(2)), "one operation alone, and nothing of S3");
    assert_eq!(shortfalls(&["check", "--coverage", "t"]), (Some(1), Some(2)));
    assert_eq!(
        shortfalls(&["coverage", "--min", "operations=1,s3:members=0", "t"]),
        (Some(1), Some(1)),
        "S3 is missing"
    );
    assert_eq!(folder.run(&["check", "t"]).code, Some(0), "nothing is counted");
    folder.write(FILE, "[coverage]\noperations = \"0.5%\"");
    assert_eq!(shortfalls(&["coverage", "t"]), (Some(0), Some(0)));
}

#[test]
fn models_are_sources() {
    let members = vec!["name".to_owned()];
    let folder = Folder::new().with("m/thing.json", &model(&members)).with("t/a.ndjson", &thing(&members));
    assert_eq!(folder.run(&["check", "t"]).code, Some(2), "there is no contract");
    folder.write(FILE, "[[models]]\nsource = \"m/thing.json\"");
    assert_eq!(checked(&folder).1["summary"]["payloads"], 2);
    folder.write("b/thing.json", &model(&[]));
    let (code, _) = folder.report(&["check", "--model", "b/thing.json", "t"]);
    assert_eq!(code, Some(1), "an option wins");
}

#[test]
fn releases_are_looked_up_in_folders_of_wheels() {
    let folder = Folder::new().with("t/a.ndjson", &thing(&[]));
    folder.write(FILE, "wheels = [\"a\", \"b\"]\n[[models]]\nsource = \"botocore==1.2.3\"");
    let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("a: there is no such folder, which `wheels` of the configuration names"), "{stderr}");
    folder.write("b/notes.txt", "");
    let Ran { stderr, .. } = folder.run(&["check", "t"]);
    assert!(stderr.contains("no wheel of botocore 1.2.3 in a or b"), "{stderr}");
    // A file of that name is read, so it is what fails.
    folder.write("b/botocore-1.2.3-py3-none-any.whl", "no archive");
    let Ran { stderr, .. } = folder.run(&["check", "t"]);
    assert!(stderr.contains("b/botocore-1.2.3-py3-none-any.whl: no model"), "{stderr}");
}

#[test]
fn a_pin_is_the_version_of_a_source() {
    let text = |pin: &str| format!("[[models]]\nsource = \"SOURCE\"\npin = \"{pin}\"");
    let members = vec!["name".to_owned()];
    let folder = Folder::new().with("t/a.ndjson", &thing(&members));
    folder.write("one.json", &model(&members));
    folder.write("env/botocore/__init__.py", "__version__ = '1.44.5'\n");
    folder.write("env/botocore/data/thing/2024-01-01/service-2.json", &model(&members));
    folder.write("env/botocore/data/other/2024-01-01/service-2.json", &model(&[]).replace("Thing", "Other"));
    for (source, right) in
        [("one.json", "2024-01-01"), ("env", "1.44.5"), ("env/botocore", "1.44.5"), ("env/botocore/data", "1.44.5")]
    {
        folder.write(FILE, &text(right).replace("SOURCE", source));
        let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
        assert_eq!(code, Some(0), "{source}: {stderr}");
        folder.write(FILE, &text("1.0.0").replace("SOURCE", source));
        let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
        let told = format!("shapegate.toml:3:1: {source} is pinned to 1.0.0, and it is {right}");
        assert!(code == Some(2) && stderr.contains(&told), "{stderr}");
    }
}

#[test]
fn an_installed_botocore_need_not_be_used() {
    let members = vec!["name".to_owned()];
    let folder = Folder::new().with("t/a.ndjson", &thing(&members));
    let installed = ".venv/lib/python3.12/site-packages/botocore/data/thing/2024-01-01/service-2.json";
    folder.write(installed, &model(&members));
    let run = || folder.run(&["check", "t"]).code;
    assert_eq!(run(), Some(0));
    folder.write(FILE, "installed_models = false");
    assert_eq!(run(), Some(2));
}

#[test]
fn services_are_known_by_path() {
    let members = vec!["name".to_owned()];
    let unnamed = thing(&members).replace("\"service\":\"thing\",", "");
    assert_ne!(unnamed, thing(&members));
    let models = "[[models]]\nsource = \"thing.json\"\n[[models]]\nsource = \"other.json\"\n";
    let folder =
        Folder::new().with("thing.json", &model(&members)).with("t/a/MakeThing.request.json", "{\"name\": \"x\"}");
    folder.write("other.json", &model(&[]).replace("Thing", "Other").replace("MakeOther", "MakeThing"));
    let of = |services: &str| {
        folder.write(FILE, &format!("{models}{services}"));
        let Ran { stdout, stderr, .. } = folder.run(&["list", "t"]);
        stdout + &stderr
    };
    let services = |service: &str, glob: &str| format!("[[services]]\nservice = \"{service}\"\npaths = [\"{glob}\"]\n");
    assert!(of(&services("Thing", "t/a/**")).contains("\tthing\tMakeThing\t"), "{}", of(&services("Thing", "t/a/**")));
    assert!(of(&services("other", "t")).contains("\tother\tMakeThing\t"));
    assert!(!of(&services("other", "u")).contains("\tother\t"), "it is about other files");
    let both = services("other", "t/a") + &services("thing", "t");
    assert!(of(&both).contains("\tother\t"), "the first counts");
    let Ran { stdout, .. } = folder.run(&["list", "--service", "thing", "t"]);
    assert!(stdout.contains("\tthing\t"), "an option wins: {stdout}");
}

#[test]
fn what_is_excluded_is_not_read() {
    let folder = folder("exclude = [\"t/old\", \"**/*.tmp.ndjson\"]");
    folder.write("t/old/b.ndjson", &request("GetMembership", &[]));
    folder.write("t/c.tmp.ndjson", &request("GetMembership", &[]));
    let (_, report) = checked(&folder);
    assert_eq!(report["summary"]["recordings"], 1);
    assert_eq!(report["summary"]["omitted"], json!({"excluded": 2}));
    assert_eq!(folder.report(&["check", "t/old"]).1["summary"]["recordings"], 1, "it is named");
    assert_eq!(folder.report(&["check", "--no-ignore", "t"]).1["summary"]["recordings"], 1);
}

#[test]
fn gitignore_can_be_passed_over() {
    let folder = folder("gitignore = false").with("t/.gitignore", "*.ndjson");
    assert_eq!(checked(&folder).0, Some(1));
    folder.write(FILE, "gitignore = true");
    assert_eq!(folder.run(&["check", "t"]).code, Some(2));
    assert_eq!(folder.run(&["check", "--no-ignore", "t"]).code, Some(1), "an option wins");
}

#[test]
fn expectations_are_read_from_folders() {
    let folder = Folder::new().with(FILE, "expectations = [\"own\"]");
    let exchange = json!({"service": "cleanrooms", "operation": "GetMembership", "request": {
        "membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}, "response": {}});
    folder.write("t/a.ndjson", &exchange.to_string());
    folder.write(
        "own/teapot.schema.json",
        &json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "description": "A response is a teapot.",
            "x-shapegate": {"expectation": "teapot", "service": "cleanrooms", "operations": ["GetMembership"],
                "source": "stated", "evidence": "a test"},
            "properties": {"response": {"required": ["teapot"]}},
        })
        .to_string(),
    );
    let unmet = || {
        let (_, report) = checked(&folder);
        report["findings"].as_array().expect("a list").iter().any(|finding| finding["rule"] == "unmet-expectation")
    };
    assert!(unmet());
    folder.write(FILE, "");
    assert!(!unmet());
}

#[test]
fn errata_correct_models() {
    let patch = r#"[{"op": "add", "path": "/shapes/GetMembershipInput/members/extra", "value": {"shape": "MembershipIdentifier"}}]"#;
    let folder = folder("errata = [\"errata\"]");
    folder.write("errata/a.json", &format!("{{\"cleanrooms/2022-02-17/service-2\": {patch}}}"));
    let rules = |folder: &Folder| checked(folder).1["findings"][0]["rule"].as_str().map(str::to_owned);
    assert_eq!(rules(&folder).as_deref(), Some("wrong-type"), "the member is there, and is no text");
    folder.write(FILE, "");
    assert_eq!(rules(&folder).as_deref(), Some("unknown-member"));
}

#[test]
fn the_errata_within_shapegate_can_be_passed_over() {
    let model = json!({
        "version": "2.0",
        "metadata": {"apiVersion": "2012-11-05", "endpointPrefix": "sqs", "protocol": "json", "jsonVersion": "1.0",
            "targetPrefix": "AmazonSQS", "serviceFullName": "SQS", "serviceId": "SQS", "signatureVersion": "v4"},
        "operations": {"SendMessageBatch": {"name": "SendMessageBatch", "http": {"method": "POST", "requestUri": "/"},
            "output": {"shape": "SendMessageBatchResult"}}},
        "shapes": {"SendMessageBatchResult": {"type": "structure", "required": ["Successful", "Failed"], "members": {
            "Successful": {"shape": "Ids"}, "Failed": {"shape": "Ids"}}},
            "Ids": {"type": "list", "member": {"shape": "Id"}}, "Id": {"type": "string"}},
    });
    let response = json!({"service": "sqs", "operation": "SendMessageBatch", "direction": "response",
        "payload": {"Successful": []}});
    let folder = Folder::new().with("sqs.json", &model.to_string()).with("t/a.ndjson", &response.to_string());
    let models = "[[models]]\nsource = \"sqs.json\"\n";
    folder.write(FILE, models);
    assert_eq!(checked(&folder).0, Some(0), "`Failed` is not required");
    assert_eq!(folder.run(&["check", "--no-shipped-errata", "t"]).code, Some(1));
    folder.write(FILE, &format!("shipped_errata = false\n{models}"));
    assert_eq!(checked(&folder).0, Some(1));
}

#[test]
fn approvals_are_read_from_the_file() {
    let folder = folder("approvals = \"ci/ok.toml\"");
    folder.write("ci/ok.toml", &format!("[approvals]\n\"{}\" = {{ reason = \"x\" }}\n", unknown("extra")));
    assert_eq!(checked(&folder).0, Some(0));
    folder.write("none.toml", "");
    assert_eq!(folder.run(&["check", "--approvals", "none.toml", "t"]).code, Some(1), "an option wins");
    folder.write("ci/ok.toml", "");
    let Ran { stdout, .. } = folder.run(&["approve", "t", "--reason", "x"]);
    assert!(stdout.starts_with("ci/ok.toml: 1 added"), "{stdout}");
}

#[test]
fn approvals_are_beside_the_configuration_where_no_key_says_it() {
    let folder = folder("").with(".git/config", "");
    folder.approvals(&format!("\"{}\" = {{ reason = \"x\" }}", unknown("extra")));
    for (below, path) in [("", "t"), ("t", ".")] {
        let Ran { code, stderr, .. } = folder.run_in(below, &["check", path]);
        assert_eq!(code, Some(0), "in {below:?}: {stderr}");
        assert!(stderr.contains("approvals from ") && stderr.contains("shapegate-approvals.toml"), "{stderr}");
    }
    folder.approvals("");
    let Ran { code, stdout, .. } = folder.run_in("t", &["approve", ".", "--reason", "x"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(folder.read(APPROVALS).contains("extra"), "{stdout}");
    assert!(!folder.path().join("t").join(APPROVALS).exists());
    assert_eq!(folder.run_in("t", &["check", ".", "--no-config"]).code, Some(1), "without one, where it is run");
}

#[test]
fn findings_fail_from_the_severity_on() {
    let folder = folder("fail_on = \"never\"");
    assert_eq!(checked(&folder).0, Some(0));
    assert_eq!(folder.run(&["check", "--fail-on", "error", "t"]).code, Some(1), "an option wins");
    let [old, new] = [model(&["a".into()]), model(&[])];
    folder.write("old.json", &old);
    folder.write("new.json", &new);
    let gate = || folder.run(&["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses"]).code;
    assert_eq!(gate(), Some(0));
    folder.write(FILE, "fail_on = \"error\"");
    assert_eq!(gate(), Some(1));
}

#[test]
fn so_many_findings_are_listed() {
    let folder = folder("max_findings = 0");
    let listed = |arguments: &[&str]| {
        let (code, report) = folder.report(arguments);
        assert_eq!((code, levels(&report)), (Some(1), [1, 0, 0]), "what is not listed counts");
        (report["findings"].as_array().map_or(0, Vec::len), report["summary"]["notListed"].clone())
    };
    assert_eq!(listed(&["check", "t"]), (0, json!(1)));
    assert_eq!(listed(&["check", "--max-findings", "5", "t"]), (1, Value::Null), "an option wins");
}

#[test]
fn unchecked_exchanges_fail() {
    let other = r#"{"service":"thing","operation":"GetThing","direction":"request","payload":{}}"#;
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[])).with("t/b.ndjson", other);
    for (value, code) in
        [("false", 0), ("true", 1), ("[]", 0), ("[\"Thing\"]", 1), ("[\"cleanrooms\"]", 0), ("\"thing\"", 2)]
    {
        folder.write(FILE, &format!("fail_on_unchecked = {value}"));
        let Ran { code: found, stderr, .. } = folder.run(&["check", "--no-installed-models", "t"]);
        assert_eq!(found, Some(code), "{value}: {stderr}");
        assert_eq!(stderr.contains("`fail_on_unchecked` takes true, false or a list of texts"), code == 2, "{stderr}");
    }
    folder.write(FILE, "\nfail_on_unchecked = [\"thig\"]");
    let stderr = folder.run(&["check", "--no-installed-models", "t"]).stderr;
    assert!(stderr.contains("shapegate.toml:2:1: fail_on_unchecked: no service is called \"thig\""), "{stderr}");
    folder.write(FILE, "fail_on_unchecked = true");
    let of_option = folder.run(&["check", "--no-installed-models", "--fail-on-unchecked=cleanrooms", "t"]);
    assert_eq!(of_option.code, Some(0), "the option wins: {}", of_option.stderr);
    let shown = folder.run(&["config", "show"]).stdout;
    assert!(shown.contains("fail_on_unchecked = true  # shapegate.toml:1\n"), "{shown}");
}

#[test]
fn approvals_of_a_service_that_nothing_is_called_are_told() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
    folder.wheel("1.40.0", [2025, 1, 1], &["a"]);
    let approve = |service: &str| {
        folder.approvals(&format!("\"missing-member:{service}:GetThing:response:A.b\" = {{ reason = \"x\" }}"));
        let models = ["check", "--no-installed-models", "--model", "wheels/botocore-1.40.0-py3-none-any.whl", "t"];
        [folder.run(&models).stderr, folder.run(&["check", "--no-installed-models", "t"]).stderr]
    };
    let [told, without_models] = approve("thng");
    let line = "missing-member:thng:GetThing:response:A.b: no service is called \"thng\"\n";
    assert!(told.contains(line) && !told.contains("mean"), "{told}");
    assert!(!without_models.contains("thng"), "without models nobody knows: {without_models}");
    for service in ["thing", "th*", "cleanrooms", ""] {
        let [told, _] = approve(service);
        assert!(!told.contains("no service is called"), "{service}: {told}");
    }
}

#[test]
fn what_is_excluded_and_read_since_it_is_named_is_said_once() {
    let folder = Folder::new().with("t/c.ndjson", &request("GetMembership", &[])).with("t/d.ndjson", "");
    for glob in ["t/c.ndjson", "t", "**/c.*"] {
        folder.write(FILE, &format!("exclude = [\"{glob}\"]\n"));
        for path in ["t/c.ndjson", "./t/c.ndjson"] {
            let told = folder.run(&["check", "--no-installed-models", path]).stderr;
            assert!(told.contains(" is excluded by `exclude` and read since it is named\n"), "{glob}: {told}");
            assert!(!told.contains("nothing is excluded"), "{glob}: {told}");
        }
    }
    // Another glob has nothing to do with it.
    folder.write(FILE, "exclude = [\"t/c.ndjson\", \"t/no*\"]\n");
    let told = folder.run(&["check", "--no-installed-models", "t", "t/c.ndjson"]).stderr;
    assert!(told.contains("shapegate.toml:1: nothing is excluded by \"t/no*\"\n"), "{told}");
    assert!(!told.contains("nothing is excluded by \"t/c"), "{told}");
}

#[test]
fn globs_that_match_nothing_are_told() {
    let globs = "exclude = [\"t/gone/**\", \"t/old\"]\n\n[[overrides]]\nlevel = \"off\"\npaths = [\"t/a.ndjson\", \"t/none*\"]\n\
                 [[services]]\nservice = \"cleanrooms\"\npaths = [\"t/b\"]\n";
    let folder =
        Folder::new().with("t/a.ndjson", &request("GetMembership", &[])).with("t/old/b.ndjson", "").with(FILE, globs);
    folder.write("u/a.ndjson", &request("GetMembership", &[]));
    folder.approvals(&format!("\"{}\" = {{ reason = \"x\", paths = [\"t/lost/*\"] }}", unknown("a")));
    let told = |path: &str| folder.run(&["check", "--no-installed-models", path]).stderr;
    let all = told("t");
    for line in [
        "shapegate.toml:1: nothing is excluded by \"t/gone/**\": there is no t/gone\n",
        "shapegate.toml:4: no recording is at \"t/none*\"\n",
        "shapegate.toml:7: no recording is at \"t/b\": there is no t/b\n",
    ] {
        assert!(all.contains(line), "{line}{all}");
    }
    assert!(all.contains(": no recording is at \"t/lost/*\": there is no t/lost\n"), "{all}");
    assert!(!all.contains("t/old") && !all.contains("\"t/a.ndjson\""), "{all}");
    // What another folder has, a run of this one does not know; what can be nowhere, every run knows.
    let other = told("u");
    assert!(!other.contains("t/none*") && other.contains("there is no t/gone\n"), "{other}");
    assert!(other.contains("there is no t/b\n") && other.contains("there is no t/lost\n"), "{other}");
    folder.write(".git/HEAD", "");
    assert!(folder.run_in("u", &["check", "a.ndjson"]).stderr.contains("there is no t/gone\n"));
}

#[test]
fn globs_that_are_none_are_mistakes() {
    let folder = folder("");
    for (glob, told) in [("", "\"\" names no file"), ("!t/a.ndjson", "takes nothing back")] {
        for text in [
            format!("\nexclude = [\"{glob}\"]"),
            format!("[[services]]\nservice = \"s3\"\npaths = [\"{glob}\"]"),
            format!("[[overrides]]\nlevel = \"off\"\npaths = [\"{glob}\"]"),
        ] {
            folder.write(FILE, &text);
            let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
            assert!(code == Some(2) && stderr.contains(told) && stderr.contains("shapegate.toml:"), "{text}: {stderr}");
        }
    }
    folder.write(FILE, "exclude = [\"/t/**\"]");
    let Ran { stderr, .. } = folder.run(&["check", "t"]);
    assert!(stderr.contains("there is no /t; `/` at its beginning is the root of the file system"), "{stderr}");
}

#[test]
fn an_override_of_an_unknown_service_is_a_mistake() {
    let folder = folder("\n[[overrides]]\nlevel = \"off\"\nservices = [\"cleanroom\"]");
    let Ran { code, stderr, .. } = folder.run(&["check", "--no-installed-models", "t"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("shapegate.toml:3") && stderr.contains("Did you mean cleanrooms?"), "{stderr}");
    for service in ["cleanrooms", "clean*", "Clean Rooms"] {
        folder.write(FILE, &format!("[[overrides]]\nlevel = \"off\"\nservices = [\"{service}\"]"));
        assert_eq!(folder.run(&["check", "--no-installed-models", "t"]).code, Some(0), "{service}");
    }
    // Without models nobody knows whether there is such a service.
    folder.write(FILE, "[[overrides]]\nlevel = \"off\"\nservices = [\"sqs\"]");
    assert_eq!(folder.run(&["check", "--no-installed-models", "t"]).code, Some(1));
}

#[test]
fn stale_approvals_fail() {
    let folder = folder("fail_on_stale = true");
    folder.approvals(&format!(
        "\"{}\" = {{ reason = \"x\" }}\n\"{}\" = {{ reason = \"x\" }}",
        unknown("extra"),
        unknown("gone")
    ));
    assert_eq!(checked(&folder).0, Some(1));
    folder.write(FILE, "");
    assert_eq!(checked(&folder).0, Some(0));
    assert_eq!(folder.run(&["check", "--fail-on-stale", "t"]).code, Some(1));
}

#[test]
fn limits_are_set_by_name() {
    let folder = folder("[limits]\nrecord-bytes = 20");
    let (code, report) = checked(&folder);
    assert_eq!((code, &report["findings"][0]["rule"]), (Some(1), &json!("limit-reached")));
    let (_, report) = folder.report(&["check", "--limit", "record-bytes=2000", "t"]);
    assert_eq!(report["findings"][0]["rule"], "unknown-member", "an option wins");
    for rules in ["limit-reached = \"off\"", "\"limit-*\" = \"off\""] {
        folder.write(FILE, &format!("[limits]\nrecord-bytes = 20\n[rules]\n{rules}"));
        assert_ne!(folder.run(&["check", "t"]).code, Some(0), "what was not read is never off: {rules}");
    }
}

#[test]
fn each_limit_has_a_key() {
    for limit in Limit::ALL {
        let text = format!("[limits]\n{} = 7", limit.name());
        let limits = Config::parse(&text, Path::new(FILE)).expect("sound").limits();
        let set: Vec<_> = Limit::ALL.into_iter().filter(|other| limits.of(*other) == 7).collect();
        assert_eq!(set, [limit]);
    }
}

#[test]
fn a_profile_weighs_differences() {
    let folder =
        Folder::new().with("old.json", &model(&["a".into()])).with("new.json", &model(&["a".into(), "b".into()]));
    let weighed = |arguments: &[&str]| {
        let gate = ["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses"];
        let Ran { stdout, .. } = folder.run(&[&gate, arguments].concat());
        stdout.lines().find(|line| line.contains(" → ")).unwrap_or_default().to_owned()
    };
    assert!(weighed(&[]).ends_with("for SDKs that load models at run time"), "{}", weighed(&[]));
    folder.write(FILE, "profile = \"typed\"");
    assert!(weighed(&[]).ends_with("for SDKs with compiled types"));
    assert!(weighed(&["--profile", "replay"]).contains("mocks"), "an option wins");
}

#[test]
fn copies_are_masked_as_the_file_says() {
    let account = "arn:aws:iam::210987654321:role/r";
    let record = json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": account}});
    let folder = Folder::new().with("a.ndjson", &format!("{record}\n"));
    let copy = |arguments: &[&str]| {
        let ran = folder.run(&[&["redact", "a.ndjson", "-"], arguments].concat());
        (ran.stdout.contains(account), ran.stdout.contains("role/r"))
    };
    assert_eq!(copy(&[]), (true, true));
    folder.write(FILE, "redact = \"strict\"");
    assert_eq!(copy(&[]), (false, true));
    assert_eq!(copy(&["--redact", "usual"]), (true, true), "an option wins");
}

#[test]
fn an_edition_has_its_rules() {
    // All rules are of 0.1.0; what an edition does with younger ones is a test of the gate.
    let folder = folder("edition = \"0.1.0\"");
    let (code, report) = checked(&folder);
    assert_eq!((code, levels(&report)), (Some(1), [1, 0, 0]));
    folder.write(FILE, "edition = \"0.0.9\"");
    let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
    assert!(
        code == Some(2) && stderr.contains("older than every release") && stderr.contains("There is 0.1.0."),
        "{stderr}"
    );
}

#[test]
fn a_rule_has_a_level_or_is_off() {
    let folder = folder("[rules]\nunknown-member = \"warning\"");
    let (code, report) = checked(&folder);
    assert_eq!((code, levels(&report)), (Some(0), [0, 1, 0]));
    folder.write(FILE, "[rules]\n\"unknown-*\" = \"off\"");
    let (code, report) = checked(&folder);
    assert_eq!((code, levels(&report), fingerprints(&report).len()), (Some(0), [0, 0, 0], 0));
    assert_eq!(report["summary"]["off"], json!({"unknown-member": 1}));
    let Ran { stdout, .. } = folder.run(&["check", "t"]);
    assert!(stdout.contains("; 1 off by configuration"), "{stdout}");
    let Ran { stdout, .. } = folder.run(&["check", "--verbose", "t"]);
    assert!(stdout.contains("off by configuration: 1 finding of unknown-member"), "{stdout}");
    // What another job finds has a level by the same settings.
    folder.write("old.json", &model(&["a".into()]));
    folder.write("new.json", &model(&[]));
    folder.write(FILE, "[rules]\nmember-removed = \"off\"");
    assert_eq!(folder.run(&["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses"]).code, Some(0));
    let Ran { stdout, .. } = folder.run(&["approve", "t", "--reason", "x", "--dry-run"]);
    assert!(stdout.contains("unknown-member:cleanrooms"), "{stdout}");
    folder.write(FILE, "[rules]\nunknown-member = \"off\"");
    let Ran { stdout, .. } = folder.run(&["approve", "t", "--reason", "x", "--dry-run"]);
    assert!(stdout.contains("nothing to change"), "{stdout}");
}

#[test]
fn an_override_names_some_findings() {
    for (parts, is_meant) in [
        ("", true),
        ("rules = [\"unknown-member\"]", true),
        ("rules = [\"wrong-type\"]", false),
        ("services = [\"cleanrooms\"]", true),
        ("services = [\"s3\"]", false),
        ("operations = [\"Get*\"]", true),
        ("operations = [\"List*\"]", false),
        ("direction = \"request\"", true),
        ("direction = \"response\"", false),
        ("paths = [\"t/*.ndjson\"]", true),
        ("paths = [\"u\"]", false),
    ] {
        let folder = folder(&format!("[[overrides]]\nlevel = \"note\"\n{parts}"));
        let expected = if is_meant { [0, 0, 1] } else { [1, 0, 0] };
        assert_eq!(levels(&checked(&folder).1), expected, "{parts}");
    }
}
