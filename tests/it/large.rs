//! Large inputs: what they take grows with their size, and what nobody asks for is not read.

use serde_json::{Value, json};

use crate::support::folder::Folder;
#[cfg(target_os = "linux")]
use crate::support::memory::peak;
use crate::support::root;

#[test]
#[cfg(target_os = "linux")]
fn a_history_needs_the_memory_of_a_few_releases() {
    let (output, most) = peak(root(), &["history", "fixtures/recordings/cleanrooms/exchanges.ndjson"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("holds under 2023-08-30"), "{told}");
    assert!(most < 300 << 10, "{most} KiB");
}

/// Writes recordings of so many MiB into a folder: the exchanges of a fixture again and again, as HAR and as a cassette.
#[cfg(target_os = "linux")]
fn long_recordings(folder: &std::path::Path, mebibytes: usize) -> [String; 2] {
    use std::io::Write as _;

    let text = |path: &str| std::fs::read_to_string(root().join("fixtures/recordings").join(path)).expect("a fixture");
    let archive: Value = serde_json::from_str(&text("cleanrooms-http/polly/cleanrooms.har")).expect("JSON");
    let entries = archive.pointer("/log/entries").and_then(Value::as_array).expect("entries");
    let entries = entries.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
    let cassette = text("cleanrooms-http/vcrpy/GetMembership.yaml");
    let list =
        cassette.split_once("interactions:\n").and_then(|(_, list)| list.split_once("version:")).expect("a list").0;
    let write = |name: &str, [start, one, between, end]: [&str; 4]| {
        let path = folder.join(name);
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("writable"));
        file.write_all(start.as_bytes()).expect("writable");
        for number in 0..(mebibytes << 20) / one.len() {
            let before = if number == 0 { "" } else { between };
            file.write_all(before.as_bytes()).and_then(|()| file.write_all(one.as_bytes())).expect("writable");
        }
        file.write_all(end.as_bytes()).and_then(|()| file.flush()).expect("writable");
        path.to_str().expect("text").to_owned()
    };
    [
        write("x.har", ["{\"log\":{\"version\":\"1.2\",\"entries\":[", &entries, ",", "],\"pages\":[]}}\n"]),
        write("x.yaml", ["interactions:\n", list, "", "version: 1\n"]),
    ]
}

/// Checks recordings of so many MiB, which take no more than a small part of that beside what short ones take.
#[cfg(target_os = "linux")]
fn are_read_by_and_by(mebibytes: usize, commands: &[&str]) {
    const MORE: u64 = 4 << 10;
    let run = |command: &str, path: &str| {
        let own = ["--contract", "cleanrooms@2023-08-30", "--threads", "1"];
        let (output, most) = peak(root(), &[&[command][..], &own, &[path]].concat());
        let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert_eq!(output.status.code(), Some(0), "{command} {path}: {told}");
        assert!(told.contains("clean:") || command != "check", "{told}");
        most
    };
    let folders = [tempfile::tempdir().expect("a temporary folder"), tempfile::tempdir().expect("a temporary folder")];
    let (short, long) = (long_recordings(folders[0].path(), 1), long_recordings(folders[1].path(), mebibytes));
    for command in commands {
        for (short, long) in short.iter().zip(&long) {
            let [less, more] = [short, long].map(|path| run(command, path));
            assert!(more < less + MORE, "{command} {long}: {more} KiB, and {less} KiB for 1 MiB");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn recordings_are_read_exchange_by_exchange() {
    are_read_by_and_by(12, &["check"]);
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "reads 200 MiB again and again, run by .ci/slow"]
fn long_recordings_are_read_exchange_by_exchange() {
    are_read_by_and_by(200, &["check", "coverage", "snapshot"]);
}

/// A model whose one operation takes a list of an enumeration of so many values.
#[cfg(target_os = "linux")]
fn kinds(values: usize) -> String {
    let values: Vec<String> = (0..values).map(|at| format!("value-{at:06}")).collect();
    json!({"metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "rest-json", "serviceId": "Thing"},
        "operations": {"MakeThing": {"name": "MakeThing", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Input"}}},
        "shapes": {"Input": {"type": "structure", "members": {"kinds": {"shape": "Kinds"}}},
            "Kinds": {"type": "list", "member": {"shape": "Kind"}}, "Kind": {"type": "string", "enum": values}}})
    .to_string()
}

#[test]
#[cfg(target_os = "linux")]
fn findings_about_one_enumeration_share_its_values() {
    // Were they kept for each finding, these would be more than a million.
    let unknown: Vec<String> = (0..3_000).map(|at| format!("other-{at}")).collect();
    let record = json!({"service": "thing", "operation": "MakeThing", "request": {"kinds": unknown}});
    let folder = Folder::new().with("model.json", &kinds(400)).with("a.ndjson", &record.to_string());
    let check =
        ["check", "--model", "model.json", "a.ndjson", "--report", "part=part.json", "--report", "json=report.json"];
    let merge = ["merge", "part.json", "--report", "ndjson=merged.ndjson"];
    for arguments in [&check[..], &merge] {
        let (output, most) = peak(folder.path(), arguments);
        let told = String::from_utf8_lossy(&output.stdout);
        let end = &told[told.len().saturating_sub(200)..];
        assert_eq!(output.status.code(), Some(1), "{end}{}", String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("3000 errors"), "{end}");
        assert!(most < 100 << 10, "{most} KiB");
    }
    let merged = folder.read("merged.ndjson");
    let first: Value = serde_json::from_str(merged.lines().next().expect("a finding")).expect("JSON");
    assert_eq!(first["values"]["allowed"].as_array().map(Vec::len), Some(400));
}

#[test]
fn a_file_named_like_an_operation_leaves_other_models_unread() {
    let broken = json!({"metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "other", "protocol": "json", "serviceId": "Other"},
        "operations": {"PutOther": {"name": "PutOther", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Gone"}}},
        "shapes": {}});
    let thing = json!({"metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "json", "serviceId": "Thing"},
        "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Output"}}},
        "shapes": {"Text": {"type": "string"}, "Output": {"type": "structure", "members": {"name": {"shape": "Text"}}}}});
    let folder = Folder::new()
        .with("models/thing/2024-01-01/service-2.json", &thing.to_string())
        .with("models/other/2024-01-01/service-2.json", &broken.to_string())
        .with("traffic/get-thing.json", r#"{"name": "a"}"#);
    let ran = folder.run(&["check", "--model", "models", "traffic"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("clean") && ran.stdout.contains("1 payload"), "{}{}", ran.stdout, ran.stderr);
    // It is read where it is meant.
    folder.write("traffic/put-other.json", "{}");
    let ran = folder.run(&["check", "--model", "models", "traffic"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("Gone"), "{:?} {}{}", ran.code, ran.stdout, ran.stderr);
}

#[test]
fn thousands_of_members_and_operations_are_compared_and_judged_in_seconds() {
    const MANY: usize = 4_000;
    let large = |prefix: &str| {
        let members: Value = (0..MANY)
            .map(|number| {
                (format!("{prefix}{number}"), json!({"shape": "Text", "locationName": format!("w{prefix}{number}")}))
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let operation = |number: usize| {
            let name = format!("{prefix}{number}");
            let http = json!({"method": "POST", "requestUri": format!("/{name}/{{id}}")});
            (name.clone(), json!({"name": name, "http": http, "input": {"shape": "Input"}}))
        };
        let operations: Value = (0..MANY).map(operation).collect::<serde_json::Map<_, _>>().into();
        json!({"metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "rest-json", "serviceId": "Thing"},
            "operations": operations, "shapes": {"Text": {"type": "string"}, "Input": {"type": "structure", "members": members}}})
        .to_string()
    };
    let payload: Value =
        (0..MANY).map(|number| (format!("wa{number}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    let record = json!({"service": "thing", "operation": "a1", "direction": "request", "payload": payload});
    let folder = Folder::new()
        .with("one.json", &large("a"))
        .with("two.json", &large("b"))
        .with("in.ndjson", &record.to_string());
    for (arguments, code) in [
        (&["check", "--model", "one.json", "in.ndjson"][..], 1),
        (&["diff", "--from", "one.json", "--to", "two.json"], 0),
    ] {
        let began = std::time::Instant::now();
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.stderr);
        // Comparing each with each took a minute.
        assert!(began.elapsed().as_secs() < 30, "{arguments:?} took {:?}", began.elapsed());
    }
}
