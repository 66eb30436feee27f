use std::collections::BTreeSet;

use schemars::schema_for;
use serde_json::Value;

use super::*;
use crate::gate::{APPROVALS, Level};
use crate::output;

fn parse(text: &str) -> Result<Config> {
    Config::parse(text, Path::new("ci/shapegate.toml"))
}

fn sound(text: &str) -> Config {
    parse(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("JSON")
}

/// Takes out defaults that say nothing.
fn without_null(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        object.retain(|key, value| key != "default" || !value.is_null());
        object.values_mut().for_each(without_null);
    }
}

/// `UPDATE_SCHEMAS=1` writes it anew.
#[test]
fn the_schema_is_made_from_the_types() {
    let made = serde_json::to_value(schema_for!(file::File)).expect("a schema is JSON");
    let mut members = made.as_object().expect("an object").clone();
    members.shift_insert(1, "$id".into(), "urn:shapegate:format:configuration:1".into());
    let mut made = Value::Object(members);
    without_null(&mut made);
    let made = format!("{made:#}\n");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/formats/configuration.v1.schema.json");
        output::write(&place, &made).expect("writable");
        return;
    }
    assert!(made == SCHEMA, "UPDATE_SCHEMAS=1 cargo test --lib config:: writes it anew:\n{made}");
}

/// What the reader takes and what the schema does are the same, as far as a schema can say it.
#[test]
fn the_schema_takes_what_the_reader_takes() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let as_json = |text: &str| -> Value {
        let table: toml::Table = toml::from_str(text).expect("TOML");
        serde_json::to_value(table).expect("JSON")
    };
    for (text, is_sound) in [
        ("", true),
        ("contracts = [\"cleanrooms\"]\nedition = \"0.1.0\"", true),
        ("[rules]\nunknown-member = \"off\"", true),
        ("[[overrides]]\nlevel = \"note\"\ndirection = \"request\"", true),
        ("[[models]]\nsource = \"botocore\"\npin = \"1.2.3\"", true),
        ("exclud = []", false),
        ("fail_on = \"eror\"", false),
        ("edition = \"new\"", false),
        ("[[models]]\npin = \"1\"", false),
        ("[[overrides]]\nrules = []", false),
        ("[[overrides]]\nlevel = \"of\"", false),
        ("[[services]]\nservice = \"s3\"\npaths = []", false),
        ("gitignore = 1", false),
        ("[limits]\nrecord-bytes = 1", true),
        ("[limits]\nrecord-byte = 1", false),
        ("[coverage]\noperations = 6\n\"s3:members\" = \"12.5%\"", true),
        ("[coverage]\noperations = \"six\"", false),
        ("[coverage]\noperations = 1.5", false),
    ] {
        assert_eq!(validator.is_valid(&as_json(text)), is_sound, "the schema of {text}");
        assert_eq!(parse(text).is_ok(), is_sound, "the reader of {text}");
    }
}

#[test]
fn mistakes_are_reported_with_their_place_and_what_was_meant() {
    for (text, place, message, remedy) in [
        ("exclud = []", "1:1", "unknown key \"exclud\"", "Did you mean \"exclude\"?"),
        ("\nfail_on = \"eror\"", "2:11", "unknown value \"eror\"", "Did you mean \"error\"?"),
        ("profile = \"rust\"", "1:11", "unknown value \"rust\"", "There are dynamic, typed, replay."),
        ("[[models]]\nsource = \"a\"\npinned = 1", "3:1", "unknown key \"pinned\"", "Did you mean \"pin\"?"),
        ("[[models]]\npin = \"1\"", "1:1", "`source` is missing", ""),
        ("[rules]\nunknown-membr = \"off\"", "2:1", "unknown rule", "Did you mean \"unknown-member\"?"),
        ("[rules]\n\"zzz-*\" = \"off\"", "2:1", "no rule is like", "lists all"),
        ("[rules]\nmalformed-recording = \"off\"", "2:23", "cannot be switched off", "exclude"),
        ("[rules]\nmalformed-recording = \"note\"", "2:23", "cannot be switched off", "approve"),
        ("[[overrides]]\nlevel = \"off\"\nrules = [\"undecodable-body\"]", "2:9", "cannot be switched off", ""),
        ("[[overrides]]\nlevel = \"off\"\nrules = [\"max-added\"]\npaths = [\"a\"]", "4:10", "in no recording", ""),
        ("[[overrides]]\nlevel = \"off\"\ndirection = \"reqest\"", "3:13", "unknown value", "\"request\"?"),
        ("exclude = [\"a\", \"[\"]", "1:17", "glob", ""),
        ("edition = \"soon\"", "1:11", "not a version", "This is "),
        ("edition = \"99.0.0\"", "1:11", "newer than this shapegate", "lower the edition"),
        ("edition = \"0.0.1\"", "1:11", "older than every release of shapegate", "There is 0.1.0."),
        (
            "[rules]\nfail_on = \"error\"",
            "2:1",
            "a key of the whole file, and stands below [rules]",
            "above the first table",
        ),
        (
            "[rules]\nexclude = [\"a\"]",
            "2:1",
            "a key of the whole file, and stands below [rules]",
            "above the first table",
        ),
        ("[rules]\nedition = \"0.1.0\"", "2:1", "a key of the whole file", "above the first table"),
        ("[limits]\nmax_findings = 1", "2:1", "a key of the whole file, and stands below [limits]", ""),
        ("[limits]\n\n  wheels = [\n\"a\"]", "3:1", "wheels is a key of the whole file", ""),
        ("[[models]]\nsource = \"a\"\nexclude = []", "3:1", "stands below [models]", ""),
        ("[[overrides]]\nlevel = \"off\"\nfail_on = \"note\"", "3:1", "stands below [overrides]", ""),
        ("[[overrides]]\nlevel = \"off\"\nrules = 1", "3:9", "`rules` takes a list; this is 1", ""),
        ("max_findings = \"x\"", "1:16", "`max_findings` takes a whole number; this is a text", ""),
        ("[[services]]\nservice = \"s3\"\npaths = []", "2:11", "`paths` is empty", ""),
        ("approvals = \"\"", "1:13", "an empty path", ""),
        ("gitignore = 1", "1:13", "`gitignore` takes true or false; this is 1", ""),
        ("exclude = \"a\"", "1:11", "`exclude` takes a list; this is a text", ""),
        ("exclude = [\n  1,\n]", "2:3", "`exclude` takes a text; this is 1", ""),
        ("models = [\"a\"]", "1:11", "`models` takes a table; this is a text", ""),
        ("fail_on = true", "1:11", "`fail_on` takes a text; this is true", ""),
        ("edition = 0.1", "1:11", "`edition` takes a text; this is a number with a fraction", ""),
        ("[rules]\nunknown-member = 1", "2:18", "`unknown-member` takes a text; this is 1", ""),
        (
            "[services]\nservice = \"s3\"",
            "1:1",
            "`[services]` is one table, and there may be several",
            "Write [[services]].",
        ),
        ("[[service]]\nservice = \"s3\"", "1:3", "unknown key \"service\"", "Did you mean \"services\"?"),
        ("[limits]\nratio = \"x\"", "2:9", "`ratio` takes a whole number from 1 on; this is a text", ""),
        ("[limits]\nratio = 0", "2:9", "`ratio` cannot be 0", ""),
        ("[limits]\nrecord-byte = 1", "2:1", "unknown limit", "Did you mean \"record-bytes\"?"),
        ("[limits]\ndepth = 200", "2:9", "cannot be more than", ""),
        ("[limits]\ndepth = -1", "2:9", "`depth` takes a whole number from 1 on; this is -1", ""),
        ("[rules]\nlimit-reached = \"off\"", "2:17", "cannot be switched off", ""),
        ("[rules]\n\"limit-*\" = \"off\"", "2:13", "cannot be switched off", ""),
        ("[coverage]\nmember = 1", "2:1", "coverage does not count \"member\"", "Did you mean \"members\"?"),
        ("[coverage]\n\"s3:x\" = 1", "2:1", "coverage does not count \"x\"", "There are operations"),
        ("[coverage]\nmembers = \"101%\"", "2:11", "is more than 100 %", ""),
        ("[coverage]\nmembers = true", "2:11", "`members` takes a whole number, or a percentage", ""),
        ("[coverage]\nexclude = []", "2:1", "a key of the whole file, and stands below [coverage]", ""),
        ("contracts = [\"a\"\n", "1:17", "unclosed array", ""),
    ] {
        let error = parse(text).map(drop).expect_err(text).to_string();
        let starts = error.starts_with(&format!("ci/shapegate.toml:{place}: "));
        assert!(starts && error.contains(message) && error.contains(remedy), "{text}\n{error}");
    }
}

#[test]
fn paths_are_seen_from_the_file() {
    let config = sound(
        "approvals = \"a.toml\"\nexpectations = [\"../own\", \"/else\"]\n[[models]]\nsource = \"m\"\n[[models]]\nsource = \"botocore\"",
    );
    let path = |set: &Set<PathBuf>| (set.value.display().to_string(), set.line);
    assert_eq!(config.approvals.as_ref().map(path), Some(("ci/a.toml".to_owned(), 1)));
    let expectations: Vec<_> = config.expectations.iter().map(path).collect();
    assert_eq!(expectations, [("ci/../own".to_owned(), 2), ("/else".to_owned(), 2)]);
    let models: Vec<_> = config.models.iter().map(|set| (set.value.source.display().to_string(), set.line)).collect();
    assert_eq!(models, [("ci/m".to_owned(), 4), ("botocore".to_owned(), 6)]);
}

#[test]
fn a_pin_is_the_version_that_must_be_used() {
    let config = sound("[[models]]\nsource = \"m\"\npin = \"1.2.3\"\n[[models]]\nsource = \"n\"");
    let told = |at: usize, version| {
        config.check_pin(&config.models[at].value, version).map_err(|error| error.to_string()).err().unwrap_or_default()
    };
    assert_eq!((told(0, Some("1.2.3")), told(1, None), told(1, Some("9"))), Default::default());
    assert!(told(0, Some("1.2.4")).starts_with("ci/shapegate.toml:3:1: ci/m is pinned to 1.2.3, and it is 1.2.4"));
    assert!(told(0, None).contains("nothing says its version"));
}

#[test]
fn overrides_come_behind_rules_and_ids_behind_patterns() {
    let text = "[[overrides]]\nlevel = \"error\"\nservices = [\"API Gateway\", \"s*\"]\n\
                [rules]\nunknown-member = \"warning\"\n\"unknown-*\" = \"off\"";
    let config = sound(text);
    let all: Vec<_> = config.overrides.iter().map(|set| (set.line, set.value.level, set.value.rules.clone())).collect();
    let rules = |rules: &[&str]| rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>();
    let expected = [
        (6, Level::Off, rules(&["unknown-*"])),
        (5, Level::At(Severity::Warning), rules(&["unknown-member"])),
        (2, Level::At(Severity::Error), rules(&[])),
    ];
    assert_eq!(all, expected);
    assert_eq!(config.overrides[2].value.services, ["apigateway", "s*"]);
}

#[test]
fn the_nearest_file_counts_up_to_the_repository_or_home() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = dir.path();
    let deep = root.join("home/repo/a/b");
    output::make_folder(&deep).expect("writable");
    let home = root.join("home");
    let put = |path: &str| output::write(&root.join(path), "").expect("writable");
    let found = |home: Option<&Path>| find(&deep, home).map(|path| path.display().to_string());
    let at = |path: &str| Some(root.join(path).display().to_string());
    put(FILE);
    assert_eq!(found(Some(&home)), None, "above home");
    assert_eq!(found(None), None, "neither a repository nor home");
    put("home/shapegate.toml");
    assert_eq!(found(Some(&home)), at("home/shapegate.toml"));
    output::make_folder(&root.join("home/repo/.git")).expect("writable");
    assert_eq!(found(Some(&home)), None, "above the repository");
    put("home/repo/shapegate.toml");
    assert_eq!(found(Some(&home)), at("home/repo/shapegate.toml"));
    put("home/repo/a/b/shapegate.toml");
    assert_eq!(found(Some(&home)).as_deref(), Some(FILE));
}

#[test]
fn a_draft_names_every_key_and_is_sound_with_and_without_its_comments() {
    let files = [
        "botocore/data/s3/2006-03-01/service-2.json",
        "botocore/data/sqs/2012-11-05/service-2.json.gz",
        "models/thing/service-2.json",
        "wheels/botocore-1.44.5-py3-none-any.whl",
        "rules/a.schema.json",
        "other/b.schema.json",
        APPROVALS,
    ];
    let seen = Seen::of(files.iter().map(Path::new), |path| path.starts_with("rules"));
    let sources = ["wheels/botocore-1.44.5-py3-none-any.whl", "botocore/data", "models/thing/service-2.json"];
    assert_eq!(seen.models, sources);
    let seen = Seen { recordings: vec![("tests".into(), 3), ("x \"y\"".into(), 1)], ..seen };
    let config = sound(&draft(&seen));
    assert_eq!(config.models.len(), 3);
    assert_eq!(config.expectations[0].value, Path::new("ci/rules"));
    assert!(config.approvals.is_some());
    for seen in [seen, Seen::default()] {
        let text = draft(&seen);
        let config = sound(&text);
        assert_eq!(config.edition.expect("it is set").value, Edition::newest());
        // What looks like TOML behind its mark is.
        let is_toml =
            |line: &str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let all = text.lines().map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_toml(rest) => rest,
            _ => line,
        });
        let all = all.collect::<Vec<_>>().join("\n");
        sound(&all);
        let table: toml::Table = toml::from_str(&all).expect("TOML");
        let keys: BTreeSet<&str> = table.keys().map(String::as_str).collect();
        let schema = schema();
        let known: BTreeSet<&str> =
            schema["properties"].as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, known);
    }
}

#[test]
fn a_draft_is_sound_whatever_folders_are_called() {
    let odd = "a\nfail_on = \"never\"\u{7f}\u{1}\\\"b";
    let files = ["w/botocore-1.9.2-py3-none-any.whl", "w/botocore-1.40.0-py3-none-any.whl", "m/service-2.json"];
    let seen = Seen::of(files.iter().map(Path::new), |_| false);
    let text = draft(&Seen { recordings: vec![(odd.to_owned(), 1)], expectations: vec![odd.to_owned()], ..seen });
    let config = sound(&text);
    assert!(config.fail_on.is_none(), "{text}");
    let models: Vec<_> = config.models.iter().map(|set| set.value.source.display().to_string()).collect();
    let first = files.map(|file| format!("ci/{file}"));
    assert_eq!(models, [&first[1], &first[0], &first[2]].map(String::as_str), "the newest first");
    assert!(text.contains("1.40.0-py3-none-any.whl\"\n# pin = \"1.40.0\"\n"), "{text}");
}
