//! `shapegate diff` as its users meet it, on small models of our own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::formats::assert_report;

/// A model with one operation, `GetThing`, whose halves are `In` and `Out`, and other shapes.
fn model(shapes: &Value, operations: &[(&str, &str)]) -> Value {
    let mut all = json!({
        "Text": {"type": "string"},
        "Count": {"type": "integer"},
        "Kind": {"type": "string", "enum": ["B", "A"]},
        "In": {"type": "structure", "members": {"name": {"shape": "Text"}}},
        "Out": {"type": "structure", "members": {"name": {"shape": "Text"}}},
    });
    for (name, shape) in shapes.as_object().expect("an object") {
        all[name] = shape.clone();
    }
    let mut list = json!({});
    for (name, input) in [&[("GetThing", "In")], operations].concat() {
        list[name] = json!({
            "name": name, "http": {"method": "POST", "requestUri": format!("/{name}")},
            "input": {"shape": input}, "output": {"shape": "Out"},
        });
    }
    let metadata = json!({"serviceId": "Thing", "serviceFullName": "Things of Ours", "protocol": "rest-json"});
    json!({"metadata": metadata, "operations": list, "shapes": all})
}

fn structure(members: &[(&str, &str)]) -> Value {
    let mut shape = json!({"type": "structure", "members": {}});
    for (name, target) in members {
        shape["members"][*name] = json!({"shape": target});
    }
    shape
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shapegate"));
    command.arg("diff").args(arguments).current_dir(folder).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Compares two models; returns the exit code and what was printed.
fn diff(old: &Value, new: &Value, arguments: &[&str]) -> (Option<i32>, String) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, model) in [("old.json", old), ("new.json", new)] {
        fs::write(dir.path().join(name), model.to_string()).expect("writable");
    }
    let output = run(dir.path(), &[&["--from", "old.json", "--to", "new.json"], arguments].concat());
    assert_eq!(text(&output.stderr), "");
    (output.status.code(), text(&output.stdout))
}

/// The page's part of a response that goes from one structure to another.
fn changes(before: &Value, after: &Value) -> String {
    let view = diff(&model(before, &[]), &model(after, &[]), &["--format", "api-changes"]).1;
    let page = view.split_once("Changes (response)\n").map_or("", |(_, rest)| rest);
    page.split_once("\n\n").expect("a blank line").0.to_owned()
}

/// A model and one that differs from it in many ways, of which a page shows some.
fn pair() -> (Value, Value) {
    let old = json!({"Out": structure(&[("gone", "Text"), ("kind", "Kind"), ("name", "Text")])});
    let mut input = structure(&[("count", "Count"), ("name", "Text")]);
    input["required"] = json!(["count"]);
    let new = json!({
        "In": input,
        "Out": structure(&[("kind", "Kind"), ("more", "Count"), ("name", "Text")]),
        "Kind": {"type": "string", "enum": ["A", "B", "C"]},
        "Text": {"type": "string", "max": 10},
    });
    (model(&old, &[]), model(&new, &[("AddThing", "In")]))
}

#[test]
fn the_page_is_followed_by_what_it_hides() {
    let (old, new) = pair();
    insta::assert_snapshot!("api-changes", diff(&old, &new, &["--format", "api-changes"]).1);
}

#[test]
fn text_has_a_line_for_each_fact() {
    let (old, new) = pair();
    insta::assert_snapshot!("text", diff(&old, &new, &[]).1);
}

#[test]
fn data_is_what_its_schema_says() {
    let (old, new) = pair();
    let report: Value = serde_json::from_str(&diff(&old, &new, &["--format", "json"]).1).expect("JSON");
    assert_report(&report);
    let rows = report["diff"]["differences"].as_array().expect("a list");
    assert_eq!(report["diff"]["count"], rows.len());
    assert!(rows.contains(&json!({
        "kind": "max-added", "service": "thing", "operations": ["GetThing"], "direction": "request", "shape": "Text",
        "olderShape": "Text", "member": null, "message": "Text must be at most 10 now", "values": {"new": 10, "old": null},
    })), "{report:#}");

    let lines = diff(&old, &new, &["--format", "ndjson"]).1;
    let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON a line")).collect();
    assert_eq!(lines.pop().map(|last| last["diff"]["count"].clone()), Some(rows.len().into()));
    assert_eq!(&lines, rows);
}

#[test]
fn additions_are_printed_as_a_page_does() {
    let out = |members: &[(&str, &str)]| structure(members);
    let before = json!({
        "Out": out(&[("x", "Inner")]), "Inner": out(&[]), "Items": {"type": "list", "member": {"shape": "Inner"}},
        "Named": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "Inner"}},
    });
    let with = |changed: &[(&str, Value)]| {
        let mut after = before.clone();
        for (name, shape) in changed {
            after[*name] = shape.clone();
        }
        after
    };
    let on_the_way = |shape: &str| {
        let mut before = before.clone();
        before["Out"] = out(&[("x", shape)]);
        let mut after = before.clone();
        after["Inner"] = out(&[("new", "Text")]);
        changes(&before, &after)
    };
    let added = |shape: &str, changed: &[(&str, Value)]| {
        let members = out(&[("x", "Inner"), ("y", shape)]);
        changes(&before, &with(&[&[("Out", members)], changed].concat()))
    };
    // Members that were there are on the way alone; lists and maps on the way are left out.
    assert_eq!(on_the_way("Inner"), "{'x': {'new': 'string'}}");
    assert_eq!(on_the_way("Items"), "{'x': {'new': 'string'}}");
    assert_eq!(on_the_way("Named"), "{'x': {'new': 'string'}}");
    // What is new is printed whole.
    assert_eq!(added("Items", &[]), "{'y': [{}]}");
    assert_eq!(added("Named", &[]), "{'y': {'B | A': {}}}");
    for kind in ["integer", "long", "float", "double", "boolean", "timestamp", "blob"] {
        assert_eq!(added("Other", &[("Other", json!({"type": kind}))]), format!("{{'y': '{kind}'}}"));
    }
    let tree = || out(&[("name", "Text"), ("sub", "Tree")]);
    assert_eq!(added("Tree", &[("Tree", tree())]), "{'y': {'name': 'string', 'sub': ()}}");
    // A shape that gains a member of its own kind: the member is new, the shape around it is not.
    let itself = [("Inner", out(&[("sub", "Inner")]))];
    assert_eq!(changes(&before, &with(&itself)), "{'x': {'sub': {'sub': ()}}}");
    // What becomes a structure is printed like a new one, and that it was something else stands below.
    let mut scalar = before.clone();
    scalar["Inner"] = json!({"type": "string"});
    assert_eq!(changes(&scalar, &with(&[("Inner", out(&[("a", "Text")]))])), "{'x': {'a': 'string'}}");
}

#[test]
fn what_is_the_same_in_both_halves_is_printed_once() {
    let grown = || structure(&[("name", "Text"), ("new", "Text")]);
    let new = model(&json!({"In": grown(), "Out": grown()}), &[]);
    let view = diff(&model(&json!({}), &[]), &new, &["--format", "api-changes"]).1;
    assert!(view.contains("GetThing\u{a0}(updated) Link ¶\nChanges (both)\n{'new': 'string'}\n\n---"), "{view}");
    assert!(view.contains("--- All of it is on the page.\n"), "{view}");
}

#[test]
fn a_shape_of_another_name_is_not_on_the_page_but_below_it() {
    let mut new = model(&json!({"In2": structure(&[("name", "Text"), ("new", "Text")])}), &[]);
    new["operations"]["GetThing"]["input"]["shape"] = "In2".into();
    let view = diff(&model(&json!({}), &[]), &new, &["--format", "api-changes"]).1;
    assert!(view.contains("(a page would show nothing)"), "{view}");
    assert!(view.contains("`new` of In2 is new (request) [member-added]"), "{view}");
}

#[test]
fn what_concerns_many_operations_is_told_once() {
    let names = ["A", "B", "C", "D", "E", "F"].map(|letter| format!("{}{letter}", "Thing".repeat(8)));
    let operations: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "In")).collect();
    let with = |max: u32| model(&json!({"Text": {"type": "string", "max": max}}), &operations);
    let view = diff(&with(10), &with(5), &["--format", "api-changes"]).1;
    let told = view.split_once("--- What the page does not say:\n\n").expect("two parts").1;
    let (heading, fact) = told.split_once("\n  the maximum of Text").unwrap_or_else(|| panic!("{told}"));
    assert_eq!(fact, " is tightened from 10 to 5 (both) [max-tightened]\n\n");
    let lines: Vec<&str> = heading.lines().collect();
    assert_eq!(lines[0], "7 operations:");
    let listed: Vec<&str> =
        lines[1..].iter().flat_map(|line| line.split([' ', ','])).filter(|w| !w.is_empty()).collect();
    assert_eq!(listed, [&["GetThing"], &names.each_ref().map(String::as_str)[..]].concat());
    assert!(lines.len() > 3 && lines.iter().all(|line| line.len() <= 100), "{heading}");
}

#[test]
fn exit_codes_are_for_failures_unless_asked() {
    let (old, new) = pair();
    assert_eq!(diff(&old, &new, &[]).0, Some(0));
    assert_eq!(diff(&old, &new, &["--exit-code"]).0, Some(1));
    for format in ["text", "api-changes"] {
        let (code, told) = diff(&old, &old, &["--exit-code", "--format", format]);
        assert_eq!(code, Some(0));
        assert!(told.contains("no differences"), "{told}");
    }
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("old.json"), model(&json!({}), &[]).to_string()).expect("writable");
    fs::write(dir.path().join("half.json"), "{\"metadata\":").expect("writable");
    let (old, half) = ("old.json", "half.json");
    for (arguments, told) in [
        (["--from", old, "--to", "absent.json"].as_slice(), "absent.json"),
        (&["--from", old, "--to", half], "half.json"),
        (&["--from", old, "--to", old, "--service", "other"], "no service \"other\""),
        (&["--from", old, "--to", "cleanrooms"], "no service in common"),
        (&["--from", old], "--to"),
        (&["--from", old, "--to", old, "--format", "yaml"], "yaml"),
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stdout).is_empty() && text(&output.stderr).contains(told), "{arguments:?}: {output:?}");
    }
}

#[test]
fn a_page_is_told_to_be_a_part() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = "fixtures/pages/cleanrooms-2023-08-30.txt";
    for format in ["text", "api-changes"] {
        let output = run(root, &["--from", "cleanrooms@2023-08-30", "--to", page, "--format", format]);
        let told = text(&output.stdout);
        assert!(
            told.contains("only part of cleanrooms is known, and what it does not show was not compared"),
            "{told}"
        );
        assert!(told.contains("nothing is shown that differs"), "{told}");
        assert!(!told.contains("no differences") && !told.contains("All of it"), "{told}");
    }
}
