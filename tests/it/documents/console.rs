//! Blocks of `console` are run, from the top of a page to its end, in a folder that a page begins with: this repository's
//! `fixtures` and `schemas`, and what the page itself puts there.
//!
//! `<!-- run: COMMAND -->` runs a command that readers do not see, `<!-- file: NAME -->` writes the block behind it, and
//! `<!-- in: FOLDER -->` goes on in a folder below. In all other blocks each `shapegate …` has to be one whose options exist.
//!
//! A page may fetch wheels: `pip` is a stand-in here, for no test of a page has a network. Its wheels hold Clean Rooms alone, as
//! botocore had it in those versions; that whole ones lead to the same output is a test that is given them.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use regex::Regex;
use serde_json::{Value, json};
use shapegate::ingest::embedded::{self, Embedded};
use tempfile::TempDir;

use super::{Document, Part, documents, hold};
use crate::support::folder::write_wheel;
use crate::support::root;
use crate::support::wheels::wheel;

/// Programs that commands may use beside shapegate. Nothing else of the machine is within reach.
const TOOLS: &[&str] = &[
    "sh", "cat", "cp", "cut", "echo", "grep", "head", "ls", "mkdir", "mv", "rm", "sed", "sort", "tail", "wc", "printf",
];

#[test]
fn shown_output_is_real_output() {
    let documents = documents();
    // Pages know nothing of each other, and each waits for one command after another.
    let reruns = thread::scope(|scope| {
        let started: Vec<_> = documents
            .iter()
            .map(|document| {
                scope.spawn(|| {
                    let mut shown = BTreeSet::new();
                    (rerun(document, &tools(), &mut shown), shown)
                })
            })
            .collect();
        started.into_iter().map(|rerun| rerun.join().expect("a page's commands run")).collect::<Vec<_>>()
    });
    let mut shown = BTreeSet::new();
    let mut wrong = Vec::new();
    for (document, (actual, own)) in documents.iter().zip(reruns) {
        wrong.extend(document.should_be(&actual).err());
        shown.extend(own);
    }
    hold(&wrong);
    // The jobs that people meet first are shown, and not only named.
    for job in [
        "check",
        "coverage",
        "scorecard",
        "merge",
        "approve",
        "gate",
        "snapshot",
        "history",
        "list",
        "redact",
        "generate",
        "mutate",
        "explain",
    ] {
        assert!(shown.contains(job), "no document shows `shapegate {job}`");
    }
}

#[test]
#[ignore = "needs botocore's wheels"]
fn whole_wheels_print_what_the_stand_in_does() {
    let tools = tools();
    for (version, _, _) in FETCHED {
        let whole = wheel(version);
        fs::copy(&whole, tools.path().join("store").join(whole.file_name().expect("a wheel"))).expect("writable");
    }
    let readme = documents().into_iter().find(|document| document.name == "README.md").expect("there is one");
    readme.should_be(&rerun(&readme, &tools, &mut BTreeSet::new())).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn the_page_of_exit_codes_has_every_command() {
    let help = Command::new(env!("CARGO_BIN_EXE_shapegate")).arg("--help").output().expect("the binary starts");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: BTreeSet<&str> = commands
        .filter_map(|line| {
            line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty() && *name != "help")
        })
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let page =
        documents().into_iter().find(|document| document.name.ends_with("/exit-codes.md")).expect("there is one");
    let rows: String = page.text.lines().filter(|line| line.starts_with("| `")).collect();
    let missing: Vec<&str> = names.into_iter().filter(|name| !rows.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn options_that_are_named_exist() {
    let commands = Regex::new(
        r"shapegate ((?:check|coverage|scorecard|merge|approve|list|redact|generate|mutate|gate|diff|history|snapshot|schema|rules|explain|init|config|completions)\b[^\n`]*)",
    );
    let commands = commands.expect("a pattern of ours");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut wrong, mut ran) = (Vec::new(), 0);
    for document in documents() {
        for part in document.parts() {
            let Part::Block { info, text } = part else { continue };
            if info == "console" {
                continue;
            }
            // A line that ends in a backslash goes on.
            let text = text.replace("\\\n", " ");
            for found in commands.captures_iter(&text) {
                let typed = found[1].trim_end_matches([',', ']', '}']).trim();
                let typed = typed.split(" # ").next().unwrap_or(typed).trim_end_matches(['\'', '"']);
                let told = usage_error(typed, folder.path());
                wrong.extend(told.map(|told| format!("{}: shapegate {typed}\n{told}", document.name)));
                ran += 1;
            }
        }
    }
    hold(&wrong);
    assert!(ran > 12, "{ran} commands were found");
    assert!(usage_error("check --no-such-option .", folder.path()).is_some());
}

/// What is wrong with a command's options, as the command says it. Its files are not there, which is nothing here.
fn usage_error(typed: &str, folder: &Path) -> Option<String> {
    let command = typed.split(['|', '>']).next().unwrap_or(typed);
    let command = if command.matches('\'').count().is_multiple_of(2) { command.to_owned() } else { typed.to_owned() };
    let (_, told) = sh(&format!("shapegate {command}"), folder, tools_alone().path());
    told.contains("For more information, try '--help'").then_some(told)
}

/// The document with what its commands print now.
fn rerun(document: &Document, tools: &TempDir, shown: &mut BTreeSet<String>) -> String {
    let sandbox = sandbox();
    let mut folder = sandbox.path().to_owned();
    let mut actual = String::new();
    let mut file = None;
    for part in document.parts() {
        match part {
            Part::Text(text) => {
                for line in text.lines() {
                    if let Some(command) = marked(line, "run") {
                        let (code, told) = sh(command, &folder, tools.path());
                        assert_eq!(code, Some(0), "{}: {command}: {told}", document.name);
                    }
                    folder = marked(line, "in").map_or(folder, |below| sandbox.path().join(below));
                }
                file = text.trim_end().lines().last().and_then(|line| marked(line, "file"));
                actual += text;
            }
            Part::Block { info, text } => {
                if let Some(name) = file.take() {
                    write(&folder.join(name), text);
                }
                let text = match info {
                    "console" => printed(document, text, &folder, tools.path(), shown),
                    _ => text.to_owned(),
                };
                actual.extend(["```", info, "\n", &text, "```"]);
            }
        }
    }
    actual
}

/// A block with what its commands print now.
fn printed(document: &Document, block: &str, sandbox: &Path, tools: &Path, shown: &mut BTreeSet<String>) -> String {
    let commands: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    assert!(block.starts_with("$ "), "{}: a block begins with `$ `:\n{block}", document.name);
    let mut actual = String::new();
    for command in commands {
        shown.extend(command.split_whitespace().skip_while(|word| *word != "shapegate").nth(1).map(str::to_owned));
        let (_, told) = sh(command, sandbox, tools);
        actual.extend(["$ ", command, "\n", &told]);
    }
    actual
}

/// What a comment that is a mark says: `<!-- run: … -->`.
fn marked<'l>(line: &'l str, mark: &str) -> Option<&'l str> {
    line.strip_prefix("<!-- ")?.strip_prefix(mark)?.strip_prefix(": ")?.strip_suffix(" -->")
}

/// A folder that a page begins with.
fn sandbox() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["fixtures", "schemas"] {
        symlink(root().join(name), folder.path().join(name)).expect("writable");
    }
    folder
}

/// Versions of botocore that pages fetch, and the release of Clean Rooms in each.
const FETCHED: &[(&str, [u16; 3], &str)] =
    &[("1.31.37", [2023, 8, 29], "cleanrooms@2023-07-31"), ("1.31.38", [2023, 8, 30], "cleanrooms@2023-08-30")];

/// Copies a wheel into the folder that is named, as `pip download -q --no-deps -d FOLDER botocore==VERSION` leaves it.
const PIP: &str = r#"#!/bin/sh
[ "$1 $2 $3 $4" = "download -q --no-deps -d" ] || exit 2
mkdir -p "$5" && cp "${0%/*}/store/botocore-${6#botocore==}-py3-none-any.whl" "$5/"
"#;

/// A folder with the programs that may be run.
fn tools() -> TempDir {
    let folder = tools_alone();
    let pip = folder.path().join("pip");
    fs::write(&pip, PIP).expect("writable");
    fs::set_permissions(&pip, Permissions::from_mode(0o755)).expect("ours");
    for (version, day, release) in FETCHED {
        let model = embedded::find(release).and_then(Embedded::document).expect("a release that is built in");
        let mut model: Value = serde_json::from_str(&model).expect("JSON");
        // What is built in has no prose, and in wheels that differs, too.
        model["documentation"] = json!(format!("Clean Rooms in {version}."));
        let place = "botocore/data/cleanrooms/2022-02-17/service-2.json";
        write_wheel(&folder.path().join("store"), version, *day, place, &model.to_string());
    }
    folder
}

/// Those without `pip`.
fn tools_alone() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    symlink(env!("CARGO_BIN_EXE_shapegate"), folder.path().join("shapegate")).expect("writable");
    for tool in TOOLS {
        let found = ["/bin", "/usr/bin"].iter().map(|place| Path::new(place).join(tool)).find(|path| path.exists());
        symlink(found.unwrap_or_else(|| panic!("no {tool} here")), folder.path().join(tool)).expect("writable");
    }
    folder
}

/// Runs a line of shell: its exit code, and what it prints on both streams.
fn sh(command: &str, folder: &Path, tools: &Path) -> (Option<i32>, String) {
    let output = Command::new(tools.join("sh"))
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", tools)
        .env("HOME", tools)
        .stdin(Stdio::null())
        .output()
        .expect("the shell starts");
    (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("below a folder")).expect("writable");
    fs::write(path, text).expect("writable");
}
