//! Sources that a Python project has: environments, releases by their numbers, lock files.

use std::fs;
use std::path::Path;

use crate::support::folder::{DATA, Folder, model, run_in};
use serde_json::{Value, json};

fn members(names: &[&str]) -> String {
    model(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
}

/// Two releases, of which the newer lacks a member.
fn wheels() -> Folder {
    let folder = Folder::new();
    folder.wheel("1.44.7", [2026, 11, 19], &["name", "size"]);
    folder.wheel("1.44.8", [2026, 11, 20], &["name"]);
    folder
}

fn lock(version: &str) -> String {
    format!("version = 1\n\n[[package]]\nname = \"botocore\"\nversion = \"{version}\"\n")
}

/// Code and standard output of a gate; what it says on standard error is shown where it could not run.
fn gate(folder: &Folder, from: &str, to: &str, more: &[&str]) -> (Option<i32>, String) {
    let ran = folder.run(&[&["gate", "--from", from, "--to", to], more].concat());
    let told = if ran.code == Some(2) { ran.stderr } else { ran.stdout };
    (ran.code, told)
}

#[test]
fn an_environment_holds_its_botocore() {
    let folder = Folder::new();
    let (old, new) = (".venv/lib/python3.13/site-packages", "win/Lib/site-packages");
    folder.write(&format!("{old}/{DATA}"), &members(&["name", "size"]));
    folder.write(&format!("{old}/botocore/__init__.py"), "__version__ = '1.44.7'\n");
    folder.write(&format!("{new}/{DATA}"), &members(&["name"]));
    for (from, to) in [(".venv", "win"), (old, new), (".venv", new)] {
        let (code, told) = gate(&folder, from, to, &[]);
        assert_eq!(code, Some(1), "{from} {to}: {told}");
        assert!(told.contains("`size` of MakeInput is gone"), "{told}");
    }
    folder.write("empty/pyvenv.cfg", "home = /usr/bin\n");
    let (code, told) = gate(&folder, "empty", "win", &[]);
    assert!(code == Some(2) && told.contains("empty: a Python environment without botocore"), "{told}");
    // Its version is what a pin of the configuration is held against.
    folder.write("shapegate.toml", "[[models]]\nsource = \".venv\"\npin = \"1.0.0\"");
    folder.write("t/a.ndjson", "{\"service\": \"thing\", \"operation\": \"MakeThing\", \"request\": {}}\n");
    let ran = folder.run(&["check", "t"]);
    assert!(ran.stderr.contains(".venv is pinned to 1.0.0, and it is 1.44.7"), "{}", ran.stderr);
}

#[test]
fn a_release_is_looked_up_among_wheels() {
    let folder = wheels();
    let sides = ["gate", "--from", "botocore==1.44.7", "--to", "botocore==1.44.8"];
    let ran = folder.run(&[&sides[..], &["--wheels", "wheels"]].concat());
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("wheels/botocore-1.44.8-py3-none-any.whl"), "{}", ran.stdout);
    // The environment names the folder as well, and so does the configuration.
    let run = |environment: &[(&str, &str)]| run_in(folder.path(), &sides, environment);
    assert_eq!(run(&[("SHAPEGATE_WHEELS", "wheels")]).code, Some(1));
    let none = run(&[]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("`pip download --no-deps -d wheels botocore==1.44.7`"), "{}", none.stderr);
    folder.write("shapegate.toml", "wheels = [\"wheels\"]");
    assert_eq!(run(&[]).code, Some(1));
    let (code, told) = gate(&folder, "botocore==1.44.7", "botocore==1.44.9", &["--wheels", "wheels"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("no wheel of botocore 1.44.9 in wheels"), "{told}");
    assert!(told.contains("`pip download --no-deps -d wheels botocore==1.44.9` downloads it"), "{told}");
    // Other jobs take the same names.
    folder.write(
        "t/a.ndjson",
        "{\"service\": \"thing\", \"operation\": \"MakeThing\", \"request\": {\"size\": \"a\"}}\n",
    );
    for (release, code) in [("botocore==1.44.7", Some(0)), ("botocore==1.44.8", Some(1))] {
        let ran = folder.run(&["check", "--model", release, "t"]);
        assert_eq!(ran.code, code, "{release}: {}{}", ran.stdout, ran.stderr);
    }
    folder
        .write("shapegate.toml", "wheels = [\"wheels\"]\n[[models]]\nsource = \"botocore==1.44.8\"\npin = \"1.44.8\"");
    assert_eq!(folder.run(&["check", "t"]).code, Some(1));
}

/// What the newer lock file brings stands at its line.
#[test]
fn a_lock_file_names_its_release_and_is_the_place_of_what_differs() {
    let folder = wheels();
    let pipenv = |version: &str| json!({"default": {"botocore": {"version": format!("=={version}")}}}).to_string();
    for (name, old, new, line) in [
        ("uv.lock", lock("1.44.7"), lock("1.44.8"), 5),
        ("poetry.lock", lock("1.44.7"), lock("1.44.8"), 5),
        ("Pipfile.lock", pipenv("1.44.7"), pipenv("1.44.8"), 1),
        ("requirements.txt", "botocore==1.44.7\n".into(), "boto3==1.44.8\nbotocore==1.44.8\n".into(), 2),
    ] {
        folder.write(&format!("old/{name}"), &old);
        folder.write(name, &new);
        let (from, more) = (format!("old/{name}"), ["--wheels", "wheels"]);
        let (code, told) = gate(&folder, &from, name, &more);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains(&format!("{name} (botocore 1.44.7) → {name} (botocore 1.44.8), for")), "{told}");
        let sarif = gate(&folder, &from, name, &[&more[..], &["--format", "sarif"]].concat()).1;
        let sarif: Value = serde_json::from_str(&sarif).expect("SARIF");
        let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a path");
        assert!(Path::new(uri).ends_with(name), "{place:#}");
        assert_eq!(place["region"]["startLine"], line, "{place:#}");
        let github = gate(&folder, &from, name, &[&more[..], &["--format", "github"]].concat()).1;
        assert!(github.contains(&format!("{name},line={line},")), "{github}");
    }
    folder.write("uv.lock", &lock("1.44.9"));
    let (code, told) = gate(&folder, "old/uv.lock", "uv.lock", &["--wheels", "wheels"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("uv.lock:5:1: no wheel of botocore 1.44.9 in wheels"), "{told}");
    assert!(told.contains("pip download --no-deps -d wheels botocore==1.44.9"), "{told}");
}

/// What is wrong with the folder of wheels is said of it, not of the lock file that needs it.
#[test]
fn a_folder_of_wheels_that_is_none_is_named() {
    let folder = wheels();
    folder.write("old/uv.lock", &lock("1.44.7"));
    folder.write("uv.lock", &lock("1.44.8"));
    folder.write("file", "");
    let (code, told) = gate(&folder, "old/uv.lock", "uv.lock", &["--wheels", "nowhere"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("error: nowhere: there is no such folder, which --wheels names for wheels\n"), "{told}");
    assert!(told.contains("botocore==1.44.7` makes it") && told.contains("botocore==1.44.8` makes it"), "{told}");
    let (code, told) = gate(&folder, "old/uv.lock", "uv.lock", &["--wheels", "file"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("error: file: a file, and --wheels names a folder\n"), "{told}");
    assert_eq!(told.matches("error").count() + told.matches("--wheels takes the folder").count(), 2, "once: {told}");
}

#[test]
fn what_both_sides_lack_is_said_at_once() {
    let folder = wheels();
    folder.write("uv.lock", &lock("1.44.9"));
    let (code, told) = gate(&folder, "botocore==1.44.6", "uv.lock", &["--wheels", "wheels"]);
    assert_eq!(code, Some(2));
    for part in [
        "error: no wheel of botocore 1.44.6 in wheels\n  `pip download --no-deps -d wheels botocore==1.44.6` downloads it.\n",
        "uv.lock:5:1: no wheel of botocore 1.44.9 in wheels\n  `pip download --no-deps -d wheels botocore==1.44.9`",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_folder_stands_for_its_one_lock_file() {
    let folder = wheels();
    folder.write("old/uv.lock", &lock("1.44.7"));
    folder.write("old/requirements.txt", "boto3\n");
    folder.write("new/requirements.txt", "botocore==1.44.8\n");
    let more = ["--wheels", "wheels"];
    let (code, told) = gate(&folder, "old", "new", &more);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("old/uv.lock (botocore 1.44.7) → new/requirements.txt (botocore 1.44.8), for"), "{told}");
    folder.write("new/uv.lock", &lock("1.44.7"));
    let (code, told) = gate(&folder, "old", "new", &more);
    assert!(code == Some(2) && told.contains("new: lock files that pin different releases of botocore"), "{told}");
}

#[test]
fn other_requirements_are_told_what_to_write() {
    let folder = wheels();
    for (named, told) in [
        (
            "boto3==1.44.8",
            "\"boto3==1.44.8\" is a release of boto3, and the models are those of botocore\n  Write botocore==1.44.8",
        ),
        ("botocore>=1.44.7", "\"botocore>=1.44.7\" names no release\n  Write botocore==1.44.7, or"),
    ] {
        let (code, said) = gate(&folder, named, "botocore==1.44.8", &["--wheels", "wheels"]);
        assert!(code == Some(2) && said.contains(told), "{said}");
    }
}

#[test]
fn sources_are_called_with_their_versions() {
    let folder = wheels();
    folder.write(&format!(".venv/lib/python3.13/site-packages/{DATA}"), &members(&["name", "size"]));
    folder.write(".venv/lib/python3.13/site-packages/botocore/__init__.py", "__version__ = '1.44.7'\n");
    fs::copy(folder.path().join("wheels/botocore-1.44.8-py3-none-any.whl"), folder.path().join("new.whl"))
        .expect("a copy");
    let (_, told) = gate(&folder, ".venv", "new.whl", &[]);
    assert!(told.contains(".venv (botocore 1.44.7) → new.whl (botocore 1.44.8), for"), "{told}");
    let (_, told) = gate(&folder, "botocore==1.44.7", "botocore==1.44.8", &["--wheels", "wheels"]);
    assert!(told.contains("/botocore-1.44.8-py3-none-any.whl, for"), "{told}");
}

#[test]
fn what_does_nothing_is_refused() {
    let folder = wheels();
    let run = |option: &[&str]| {
        gate(&folder, "botocore==1.44.7", "botocore==1.44.8", &[&["--wheels", "wheels"], option].concat())
    };
    for option in
        [&["--operation", "MakeThing"][..], &["--limit", "depth=9"], &["--recording-format", "har"], &["--no-ignore"]]
    {
        let (code, told) = run(option);
        let said = format!("{} is about recorded traffic, and none is given", option[0]);
        assert!(code == Some(2) && told.contains(&said), "{told}");
        folder.write("t/a.ndjson", "{\"service\": \"thing\", \"operation\": \"MakeThing\", \"request\": {}}\n");
        let (code, told) = run(&[option, &["--traffic", "t"]].concat());
        assert!(code != Some(2) || !told.contains("none is given"), "{told}");
    }
}

#[test]
fn services_are_divided_by_commas() {
    let folder = wheels();
    let run = |named: &str| {
        gate(&folder, "botocore==1.44.7", "botocore==1.44.8", &["--wheels", "wheels", "--service", named])
    };
    let (code, told) = run("thing,Thing");
    assert!(code == Some(1) && told.contains(" in 1 service"), "{told}");
    let (code, told) = run("thing,thong");
    assert!(code == Some(2) && told.contains("no service \"thong\""), "{told}");
}

#[test]
fn an_empty_folder_of_traffic_is_said_to_be_empty() {
    let folder = wheels();
    fs::create_dir(folder.path().join("t")).expect("writable");
    let run = || gate(&folder, "botocore==1.44.7", "botocore==1.44.8", &["--wheels", "wheels", "--traffic", "t"]);
    let (code, told) = run();
    assert!(code == Some(2) && told.contains("error: no recorded traffic was found in t\n"), "{told}");
    folder.write("t/notes.md", "nothing");
    assert!(run().1.contains("error: no recorded traffic was found in t (1 file skipped)\n"));
    folder.write("t/a.ndjson", "{\"service\": \"other\", \"operation\": \"Do\", \"request\": {}}\n");
    let (_, told) = run();
    assert!(told.contains("no exchange of the services compared (thing) was read in t"), "{told}");
}
