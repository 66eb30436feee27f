//! Which file counts, and the subcommands about it.

use serde_json::Value;
use shapegate::config::{FILE, SCHEMA};

use crate::support::folder::{Folder, Ran, request};

fn folder() -> Folder {
    Folder::new().with(".git/config", "").with("a/b/t.ndjson", &request("GetMembership", &["extra"]))
}

#[test]
fn the_nearest_file_counts_and_is_named() {
    let folder = folder().with(FILE, "fail_on = \"never\"");
    let Ran { code, stderr, .. } = folder.run_in("a/b", &["check", "."]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.starts_with("configuration from ") && stderr.ends_with("/shapegate.toml\n"), "{stderr}");
    folder.write("a/shapegate.toml", "");
    assert_eq!(folder.run_in("a/b", &["check", "."]).code, Some(1));
}

#[test]
fn a_file_above_that_does_not_count_is_told() {
    let folder =
        Folder::new().with(FILE, "fail_on = \"never\"").with("a/b/t.ndjson", &request("GetMembership", &["extra"]));
    let told = |ran: Ran| ran.stderr.contains("shapegate.toml is not read, for no repository is around both");
    assert!(told(folder.run_in("a", &["check", "b"])));
    assert!(!told(folder.run_in("a", &["check", "b", "--no-config"])) && !told(folder.run(&["check", "a"])));
    folder.write("a/.git/HEAD", "");
    assert!(!told(folder.run_in("a", &["check", "b"])), "what is around a repository is not its own");
}

#[test]
fn a_file_can_be_named_or_passed_over() {
    let folder = folder().with(FILE, "fail_on = \"never\"").with("ci/strict.toml", "fail_on = \"error\"");
    for (arguments, expected) in [
        (&["check", "a"][..], 0),
        (&["check", "--config", "ci/strict.toml", "a"], 1),
        (&["--config", "ci/strict.toml", "check", "a"], 1),
        (&["check", "--no-config", "a"], 1),
        (&["check", "--config", "ci/none.toml", "a"], 2),
        (&["check", "--config", "ci/strict.toml", "--no-config", "a"], 2),
    ] {
        assert_eq!(folder.run(arguments).code, Some(expected), "{arguments:?}");
    }
    assert_eq!(folder.run(&["check", "--no-config", "a"]).stderr, "");
}

#[test]
fn a_mistake_is_an_error_of_every_job_that_is_configured() {
    let folder = folder().with(FILE, "fail_on = \"error\"\nexclud = []");
    for job in [
        &["check", "a"][..],
        &["list", "a"],
        &["history", "a"],
        &["snapshot", "a"],
        &["mutate", "a"],
        &["approve", "a", "--reason", "x"],
        &["redact", "a", "copy"],
        &["gate", "--from", "cleanrooms", "--to", "cleanrooms"],
        &["generate", "GetMembership", "--request"],
        &["schema", "--out", "schemas"],
        &["config", "show"],
    ] {
        let Ran { code, stderr, .. } = folder.run(job);
        assert_eq!(code, Some(2), "{job:?}");
        assert!(stderr.contains("shapegate.toml:2:1: unknown key \"exclud\""), "{job:?}: {stderr}");
    }
    for job in [&["rules"][..], &["explain", "unknown-member"], &["config", "keys"], &["completions", "bash"]] {
        assert_eq!(folder.run(job).code, Some(0), "{job:?}");
    }
}

#[test]
fn show_says_what_set_each_setting() {
    let config = "contracts = [\"cleanrooms@2023-08-30\"]\nexclude = [\"a/b/old\"]\n\n[rules]\nunknown-member = \"off\"\n\
                  [[overrides]]\nlevel = \"note\"\npaths = [\"a\"]\n[[services]]\nservice = \"s3\"\npaths = [\"a/b\"]\n";
    let folder = folder().with(FILE, config).with("a/b/old/x.ndjson", "").with("a/.gitignore", "*.tmp");
    folder.write("a/y.tmp", "");
    let show = |arguments: &[&str]| {
        let Ran { code, stdout, stderr } = folder.run(&[&["config", "show"], arguments].concat());
        assert_eq!(code, Some(0), "{stderr}");
        stdout
    };
    let all = show(&["--fail-on", "warning"]);
    for line in [
        "contracts = \"cleanrooms@2023-08-30\"  # shapegate.toml:1\n",
        "exclude = \"a/b/old\"  # shapegate.toml:2\n",
        "fail_on = \"warning\"  # --fail-on\n",
        "profile = \"dynamic\"  # default\n",
        "models = []  # default\n",
        "overrides = \"off\", rules = [\"unknown-member\"]  # shapegate.toml:5\n",
        "overrides = \"note\", paths = [\"a\"]  # shapegate.toml:7\n",
        "services = \"s3\", paths = [\"a/b\"]  # shapegate.toml:10\n",
    ] {
        assert!(all.contains(line), "{line}{all}");
    }
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    for key in schema["properties"].as_object().expect("an object").keys().filter(|key| *key != "rules") {
        let table = format!("\n{key}.");
        assert!(
            all.contains(&table) || all.contains(&format!("\n{key} = ")) || all.starts_with(&format!("{key} = ")),
            "{key}: {all}"
        );
    }
    let one = show(&["a/b/t.ndjson", "a/b/old/x.ndjson", "./a/y.tmp"]);
    let about = |path: &str| {
        let (_, rest) = one.split_once(&format!("\n{path}:\n")).unwrap_or_else(|| panic!("{path} in {one}"));
        rest.split("\n\n").next().unwrap_or_default().to_owned()
    };
    let shown = about("a/b/t.ndjson");
    assert!(shown.starts_with("  read: yes\n  service: \"s3\"  # shapegate.toml:10\n"), "{shown}");
    assert!(shown.contains("  override: \"note\", paths = [\"a\"]  # shapegate.toml:7"), "{shown}");
    let told = "  read: only where it or a folder around it, up to a/b/old, is named: excluded by `exclude`";
    assert!(about("a/b/old/x.ndjson").starts_with(told));
    assert!(about("./a/y.tmp").starts_with("  read: only where it is named: ignored by .gitignore"));
    let Ran { stdout, .. } = folder.run_in("a/b/old", &["config", "show", "../t.ndjson", "x.ndjson", "../../y.tmp"]);
    assert_eq!(stdout.matches("  read: yes").count(), 1, "wherever it is asked: {stdout}");
    assert_eq!(folder.run(&["config", "show", "nowhere"]).code, Some(2));
}

#[test]
fn keys_and_schema_are_printed() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["config", "schema"]).stdout, SCHEMA);
    let Ran { stdout, .. } = folder.run(&["config", "keys"]);
    for key in ["contracts\n    ", "  models.pin\n      ", "  overrides.level\n      "] {
        assert!(stdout.contains(key), "{key}{stdout}");
    }
}

#[test]
fn init_writes_what_it_finds_and_never_over_a_file() {
    let folder = folder().with("models/thing/service-2.json", "{}");
    let Ran { code, stdout, .. } = folder.run(&["init"]);
    let found = "shapegate.toml: written; found 1 recording, 1 source of models, 0 folders of expectations\n\
                 next: `shapegate check`, which reads what `recordings` lists; `shapegate config show` says what is in force\n";
    assert_eq!((code, stdout.as_str()), (Some(0), found));
    let text = folder.read(FILE);
    assert!(text.contains("\n[[models]]\nsource = \"models/thing/service-2.json\"\n"), "{text}");
    assert!(text.contains("\nrecordings = [\n    \"a/b\",  # 1 recording\n]\n"), "{text}");
    assert_eq!(folder.run(&["check"]).code, folder.run(&["check", "a/b"]).code);
    folder.write(FILE, "# mine\n");
    let Ran { code, stderr, .. } = folder.run(&["init"]);
    assert_eq!((code, folder.read(FILE).as_str()), (Some(2), "# mine\n"));
    assert!(stderr.contains("--force"), "{stderr}");
    assert_eq!(folder.run(&["init", "--force"]).code, Some(0));
    assert_ne!(folder.read(FILE), "# mine\n");
    let empty = Folder::new();
    let Ran { code, stdout, .. } = empty.run(&["init"]);
    assert!(code == Some(0) && stdout.contains("\nnext: `shapegate check PATH`"), "{stdout}");
    // A key at the end of what was written is one of the whole file.
    empty.write(FILE, &(empty.read(FILE) + "\nfail_on = \"warning\"\n"));
    empty.write("t.ndjson", &request("GetMembership", &[]));
    assert_eq!(empty.run(&["check", "t.ndjson"]).code, Some(0), "what is written is sound");
}

#[test]
fn init_says_which_configuration_it_takes_the_place_of() {
    let folder = Folder::new().with(".git/HEAD", "").with("a/b/t.ndjson", &request("GetMembership", &[]));
    assert_eq!(folder.run(&["init"]).code, Some(0));
    let Ran { code, stdout, .. } = folder.run_in("a/b", &["init"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("it takes the place of ") && stdout.contains("shapegate.toml here and below"), "{stdout}");
    assert!(!folder.run(&["init", "--force"]).stdout.contains("takes the place"), "its own is no other");
}

#[test]
fn show_knows_what_is_excluded_with_a_folder() {
    let folder = Folder::new().with("a/b/x.ndjson", "").with("a/c/x.ndjson", "");
    for glob in ["a/b", "a/b/**", "a/b/*", "**/b"] {
        folder.write(FILE, &format!("exclude = [\"{glob}\"]"));
        for (path, is_read) in [("a", true), ("a/b", false), ("a/b/x.ndjson", false), ("a/c/x.ndjson", true)] {
            let stdout = folder.run(&["config", "show", path]).stdout;
            assert_eq!(stdout.contains("read: yes"), is_read, "{glob}: {path}: {stdout}");
        }
    }
}

#[test]
fn what_a_line_names_and_is_not_there_is_said_of_the_line() {
    let folder = folder().with("x.json", "{}");
    for (line, told) in [
        ("expectations = [\"nowhere\"]", "shapegate.toml:2:1: nowhere: "),
        ("errata = [\"nowhere\"]", "shapegate.toml:2:1: nowhere: "),
        ("approvals = \"nowhere.toml\"", "shapegate.toml:2:1: nowhere.toml: "),
        ("contracts = [\"cleanroms\"]", "shapegate.toml:2:1: no contract \"cleanroms\""),
        ("contracts = [\"cleanrooms@soon\"]", "shapegate.toml:2:1: \"soon\""),
        ("[[models]]\nsource = \"nowhere.whl\"", "shapegate.toml:3:1: nowhere.whl: "),
        ("[[models]]\nsource = \"x.json\"", "shapegate.toml:3:1: x.json: "),
    ] {
        folder.write(FILE, &format!("\n{line}\n"));
        let Ran { code, stderr, .. } = folder.run(&["check", "a"]);
        assert!(code == Some(2) && stderr.contains(told), "{line}: {stderr}");
    }
}
