//! Names of files made from names in models: one component of a path each, never two the same.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Component, Path};
use std::process::Command;

use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{Just, Strategy};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};
use shapegate::output::{self, FileName, Folder};

/// Pieces of texts that name no file, another folder, a device, or what an escape might look like.
const PIECES: &[&str] = &[
    ".", "..", "/", "\\", ":", "-", "_", " ", "%", "%2E", "%x", "2F", "\0", "\n", "*", "~", "a", "A", "CON", "nul",
    "Lpt1", "com", "0", "é", "€", "😀", "\u{202e}", "C:", "GetThing",
];

#[test]
fn ordinary_names_stay() {
    let longest = format!("{}.response.schema.json", "A".repeat(100));
    for text in [
        "GetMembership.input.schema.json",
        "application-autoscaling.DescribeScalingPolicies_1.json",
        "Console.request.har",
        "Com.json",
        "COM12.json",
        "a..b",
        &longest,
    ] {
        assert_eq!(FileName::of(text).as_str(), text);
    }
}

#[test]
fn other_names_are_escaped() {
    for (text, name) in [
        ("", "%"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("../x.json", "%2E.%2Fx.json"),
        ("/etc/passwd", "%2Fetc%2Fpasswd"),
        ("C:\\x", "C%3A%5Cx"),
        (".hidden", "%2Ehidden"),
        ("-rf", "%2Drf"),
        ("ends.", "ends%2E"),
        ("con", "%63on"),
        ("NUL.json", "%4EUL.json"),
        ("Com1.a.b", "%43om1.a.b"),
        ("100%", "100%25"),
        ("é\n", "%C3%A9%0A"),
    ] {
        assert_eq!(FileName::of(text).as_str(), name, "{text:?}");
    }
    let (one, other) = (format!("{}a/x.json", "é".repeat(300)), format!("{}b/x.json", "é".repeat(300)));
    let [one, other] = [one, other].map(|text| FileName::of(&text).to_string());
    assert_ne!(one, other);
    assert!(one.starts_with("%C3%A9") && one.ends_with("%2Fx.json") && one.len() <= 140, "{one}");
}

#[test]
fn any_text_makes_one_component_of_a_path() {
    hold(&text(), |text| {
        let name = FileName::of(&text);
        assert_safe(name.as_str());
        let path = Path::new(name.as_str());
        prop_assert_eq!(path.components().collect::<Vec<_>>(), [Component::Normal(name.as_str().as_ref())]);
        Ok(())
    });
}

#[test]
fn two_texts_never_make_the_same_name() {
    hold(&(text(), text(), text()), |(one, other, end)| {
        prop_assert_eq!(one == other, FileName::of(&one) == FileName::of(&other));
        // Long ones that have most in common.
        let long = |start: &str| FileName::of(&format!("{}{start}{}", end.repeat(9), end.repeat(9)));
        prop_assert!((one == other) == (long(&one) == long(&other)), "{one:?} {other:?} {end:?}");
        Ok(())
    });
    let mut made: HashMap<FileName, String> = HashMap::new();
    let pieces = PIECES.iter().chain(&[""]);
    for text in pieces.clone().flat_map(|one| pieces.clone().map(move |other| format!("{one}{other}"))) {
        if let Some(before) = made.insert(FileName::of(&text), text.clone()) {
            assert_eq!(before, text);
        }
    }
}

#[test]
fn names_that_differ_in_case_alone_are_different_files_everywhere() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut folder = Folder::new(dir.path().join("out"));
    let texts = ["GetThing.json", "Getthing.json", "getthing.json", "Getthing.json"];
    for text in texts {
        folder.write(&FileName::of(text), text).expect("writable");
    }
    let names = names(folder.path());
    let lower_case: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    assert_eq!(lower_case.len(), 3, "{names:?}");
    assert!(names.contains("GetThing.json"), "{names:?}");
    let held: BTreeSet<String> =
        names.iter().map(|name| fs::read_to_string(folder.path().join(name)).expect("readable")).collect();
    assert_eq!(held, texts.map(str::to_owned).into());
}

#[test]
fn an_error_names_the_path() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("file");
    output::write(&file, "x").expect("writable");
    let below = file.join("below");
    for error in [
        output::write(&below, "x").expect_err("a file is no folder"),
        output::make_folder(&below).expect_err("a file is no folder"),
        Folder::new(&below).write(&FileName::of("x"), "x").expect_err("a file is no folder"),
    ] {
        assert_eq!(error.path(), Some(&*below), "{error}");
    }
}

#[test]
fn commands_write_within_their_folder() {
    for (operation, prefix) in [("../ESCAPED", "thing"), ("Get", "../../ESCAPED"), ("/ESCAPED", "/"), ("CON", "..")] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let name = serde_json::Value::from(operation);
        let prefix = serde_json::Value::from(prefix);
        let model = format!(
            r#"{{"metadata": {{"serviceId": "Thing", "protocol": "json", "endpointPrefix": {prefix}}},
                "operations": {{{name}: {{"name": {name}, "http": {{"method": "POST", "requestUri": "/"}},
                    "input": {{"shape": "S"}}, "output": {{"shape": "S"}}}}}},
                "shapes": {{"S": {{"type": "structure", "members": {{"a": {{"shape": "T"}}}}}}, "T": {{"type": "string"}}}}}}"#
        );
        output::write(&dir.path().join("service-2.json"), model).expect("writable");
        let mut commands = vec![vec!["schema"]];
        for form in ["records", "exchanges", "har", "vcr", "dvr"] {
            commands.push(vec!["generate", "--request", "--response", "--count", "1", "--as", form]);
        }
        commands.push(vec!["generate", "--response", "--count", "1", "--as", "placebo"]);
        for command in commands {
            let output = Command::new(env!("CARGO_BIN_EXE_shapegate"))
                .args(&command)
                .args(["--model", "service-2.json", "--out", "a/b/out"])
                .current_dir(dir.path())
                .output()
                .expect("the binary starts");
            assert_eq!(output.status.code(), Some(0), "{command:?}: {output:?}");
            assert_eq!(names(dir.path()), ["a", "service-2.json"].map(str::to_owned).into(), "{command:?}");
            assert_eq!(names(&dir.path().join("a")), ["b".to_owned()].into(), "{command:?}");
            assert_eq!(names(&dir.path().join("a/b")), ["out".to_owned()].into(), "{command:?}");
            let written = names(&dir.path().join("a/b/out"));
            assert!(!written.is_empty(), "{command:?}");
            for name in &written {
                assert_safe(name);
            }
            fs::remove_dir_all(dir.path().join("a")).expect("a folder of this test");
        }
    }
}

#[test]
fn no_other_source_file_writes() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // Tests write what they need, in a file of their own as well.
            if path.extension().is_none_or(|ending| ending != "rs") || path.ends_with("tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("\nmod tests").next().unwrap_or_default();
            let words =
                ["fs::write", "File::create", "create_dir", "OpenOptions", "fs::rename", "fs::copy", "fs::remove"];
            if words.iter().any(|word| code.contains(word)) {
                found.insert(path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below").to_owned());
            }
        }
    }
    assert_eq!(found, [Path::new("src/output.rs").to_owned()].into());
}

/// Whether a name is one file on every system.
fn assert_safe(name: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '%');
    assert!(!name.is_empty() && name.len() <= 140 && name.chars().all(plain), "{name}");
    assert!(!name.starts_with(['.', '-']) && !name.ends_with('.'), "{name}");
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let devices = ["con", "prn", "aux", "nul"].map(str::to_owned);
    let numbered = (0..10).flat_map(|number| [format!("com{number}"), format!("lpt{number}")]);
    assert!(!devices.into_iter().chain(numbered).any(|device| stem == device), "{name}");
}

/// Texts of pieces, short ones and such as are too long, and any text.
fn text() -> impl Strategy<Value = String> {
    let pieces = |most| vec(select(PIECES), 0..most).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => pieces(4), 1 => pieces(80), 1 => vec(proptest::char::any(), 0..60).prop_map(String::from_iter), 1 => Just(String::new())]
}

fn hold<S: Strategy>(strategy: &S, property: impl Fn(S::Value) -> proptest::test_runner::TestCaseResult) {
    // The same cases on every run; a failure is repeated by its seed.
    let config = Config { cases: 3000, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() };
    if let Err(error) = TestRunner::new(config).run(strategy, property) {
        panic!("{error}");
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}
