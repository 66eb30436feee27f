//! Names of services and operations on the command line and in the configuration: every known name is taken, any other is
//! an error that says what was probably meant.

use serde_json::json;
use shapegate::config::FILE;

use crate::support::folder::{Folder, Ran, request};

const OF_OTHERS: &str = r#"{"service":"Thing Store","operation":"GetThing","direction":"request","payload":{}}"#;

/// A member too many in each of two operations, and an exchange of a service without a contract.
fn folder() -> Folder {
    Folder::new()
        .with("a.ndjson", &request("GetMembership", &["extra"]))
        .with("b.ndjson", &request("DeleteMembership", &["extra"]))
        .with("c.ndjson", OF_OTHERS)
}

fn check(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let Ran { code, stdout, stderr } = folder.run(&[&["check", "--no-installed-models"], arguments, &["."]].concat());
    (code.expect("no signal"), stdout + &stderr)
}

#[test]
fn a_part_is_asked_for_by_any_known_name() {
    let folder = folder();
    for (arguments, errors) in [
        (&["--only-service", "cleanrooms"][..], 2),
        (&["--only-service", "CleanRooms"], 2),
        (&["--only-service", "Clean Rooms"], 2),
        (&["--only-service", "clean*"], 2),
        (&["--only-operation", "GetMembership"], 1),
        (&["--only-operation", "get-membership"], 1),
        (&["--only-operation", "*Membership"], 2),
        (&["--only-service", "thing-store"], 0),
        // An operation of the contract that no recording calls.
        (&["--only-operation", "ListMembers"], 0),
    ] {
        let (_, text) = check(&folder, arguments);
        assert!(text.contains(&format!(": {errors} error")), "{arguments:?}: {text}");
    }
}

#[test]
fn a_part_of_no_known_name_is_an_error() {
    let folder = folder();
    for (arguments, told) in [
        (
            &["--only-service", "cleanroms"][..],
            "--only-service: no service is called \"cleanroms\"\n  Did you mean cleanrooms?",
        ),
        (&["--only-service", "zzz"], "--only-service: no service is called \"zzz\""),
        (&["--only-service", "zzz*"], "--only-service: no service is like \"zzz*\""),
        (
            &["--only-operation", "GetMembershp"],
            "--only-operation: no operation is called \"GetMembershp\"\n  Did you mean GetMembership?",
        ),
        (&["--only-operation", "zzz*"], "--only-operation: no operation is like \"zzz*\""),
        (&["--service", "cleanroms"], "--service: no service is called \"cleanroms\"\n  Did you mean cleanrooms?"),
        (
            &["--fail-on-unchecked=cleanroms"],
            "--fail-on-unchecked: no service is called \"cleanroms\"\n  Did you mean cleanrooms?",
        ),
        (&["--fail-on-unchecked=thing-stor"], "Did you mean Thing Store?"),
    ] {
        let (code, text) = check(&folder, arguments);
        assert!(code == 2 && text.contains(told), "{arguments:?}: {text}");
    }
    let gate = ["gate", "--from", "cleanrooms@2023-08-30", "--to", "cleanrooms", "--no-witnesses"];
    for (arguments, code) in [
        (["--only-service", "cleanroms"], 2),
        (["--only-operation", "GetMembershp"], 2),
        (["--only-operation", "get-membership"], 0),
    ] {
        let ran = folder.run(&[&gate[..], &arguments].concat());
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn unchecked_services_fail_by_any_of_their_names() {
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &[])).with("c.ndjson", OF_OTHERS);
    for (name, code) in [("Thing Store", 1), ("thing-store", 1), ("THING STORE", 1), ("cleanrooms", 0)] {
        let (found, text) = check(&folder, &[&format!("--fail-on-unchecked={name}")]);
        assert_eq!(found, code, "{name}: {text}");
    }
}

#[test]
fn a_name_that_nothing_knows_does_not_disarm_the_gate() {
    // Without models, a service is counted by what its host is called.
    let entry = |host: &str, target: &str| {
        let header = |name: &str, value: &str| json!({"name": name, "value": value});
        json!({
            "request": {
                "method": "POST",
                "url": format!("https://{host}.us-east-1.amazonaws.com/"),
                "httpVersion": "HTTP/1.1",
                "headers": [header("X-Amz-Target", target), header("Content-Type", "application/x-amz-json-1.1")],
                "postData": {"mimeType": "application/x-amz-json-1.1", "text": "{}"},
            },
            "response": {
                "status": 200,
                "httpVersion": "HTTP/1.1",
                "headers": [header("Content-Type", "application/x-amz-json-1.1")],
                "content": {"mimeType": "application/x-amz-json-1.1", "text": "{}"},
            },
        })
    };
    let entries = [
        entry("streaming-logs", "Logs_20140328.StartLiveTail"),
        entry("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources"),
        entry("query.timestream", "Timestream_20181101.Query"),
    ];
    let har = json!({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}});
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &[])).with("b.har", &har.to_string());
    let (code, text) = check(&folder, &[]);
    assert!(code == 0 && text.contains("not checked for want of a contract"), "{text}");
    for name in ["logs", "resourcegroupstaggingapi", "timestream-query", "nosuch", "s3"] {
        let told = format!("neither a contract nor the traffic knows a service \"{name}\", so it would never fail");
        let (code, text) = check(&folder, &[&format!("--fail-on-unchecked={name}")]);
        assert!(code == 2 && text.contains(&format!("--fail-on-unchecked: {told}")), "{name}: {text}");
        assert!(text.contains("by the names in the traffic: ") && !text.contains("Did you mean"), "{name}: {text}");
        // One that is known beside it does not help.
        let (code, text) = check(&folder, &[&format!("--fail-on-unchecked=cleanrooms,{name}")]);
        assert!(code == 2 && text.contains(&told), "{name}: {text}");
        folder.write(FILE, &format!("fail_on_unchecked = [\"{name}\"]\n"));
        let (code, text) = check(&folder, &["--config", FILE]);
        let told = format!("shapegate.toml:1:1: fail_on_unchecked: {told}");
        assert!(code == 2 && text.contains(&told), "{name}: {text}");
        std::fs::remove_file(folder.path().join(FILE)).expect("it was written");
    }
    // All that is not checked fails without any name.
    assert_eq!(check(&folder, &["--fail-on-unchecked"]).0, 1);
    // A typo is an error where everything is checked, too.
    let folder = Folder::new().with("a.ndjson", &request("GetMembership", &[]));
    let (code, text) = check(&folder, &["--fail-on-unchecked=nosuch"]);
    assert!(code == 2 && !text.contains("by the names in the traffic"), "{text}");
}

#[test]
fn a_near_name_comes_before_an_installation() {
    let record = |service: &str| OF_OTHERS.replace("Thing Store", service);
    let folder = Folder::new().with("a.ndjson", &record("cleanroms"));
    let (code, text) = check(&folder, &[]);
    assert!(
        code == 2 && text.contains("no contract for cleanroms\n  Did you mean cleanrooms? --model SOURCE"),
        "{text}"
    );
    let folder =
        Folder::new().with("x.json", r#"{"membershipIdentifier": 1}"#).with("b.ndjson", &request("GetMembership", &[]));
    let (code, text) = check(&folder, &["--operation", "get-membershp"]);
    let told = "--operation: no operation is called \"get-membershp\"\n  Did you mean GetMembership?";
    assert!(code == 2 && text.contains(told), "{text}");
}

/// Each command that takes `--service` and `--operation`, on what names both itself, so that neither is needed.
#[test]
fn misspelt_names_are_errors_where_nothing_needs_them() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[])).with("old.toml", "");
    let releases = ["--from", "cleanrooms@2023-07-31", "--to", "cleanrooms", "--traffic"];
    let gate = [&["gate"][..], &releases].concat();
    let wrong = |command: &[&str], option: [&str; 2], told: &str| {
        let Ran { code, stdout, stderr } = folder.run(&[command, &option, &["t"]].concat());
        assert!(code == Some(2) && stderr.contains(told), "{command:?} {option:?}: {stdout}{stderr}");
    };
    for command in [
        &["check"][..],
        &["coverage"],
        &["scorecard"],
        &["list"],
        &["mutate"],
        &["snapshot"],
        &["history"],
        &["approve", "--reason", "x"],
        &["redact", "--check"],
        &gate,
    ] {
        let is_gate = command == gate;
        // The last value is the path, which `gate` takes with its option.
        let (head, tail) = if is_gate { command.split_at(command.len() - 1) } else { (command, &[][..]) };
        let wrong = |option: [&str; 2], told: &str| {
            let Ran { code, stdout, stderr } = folder.run(&[head, &option, tail, &["t"]].concat());
            assert!(code == Some(2) && stderr.contains(told), "{command:?} {option:?}: {stdout}{stderr}");
        };
        let meant = "--operation: no operation is called \"GetMembershp\"\n  Did you mean GetMembership?";
        wrong(["--operation", "GetMembershp"], meant);
        wrong(["--operation", "*.json=get-membershp"], "no operation is called \"get-membershp\"\n  Did you mean");
        if !is_gate {
            let meant = "--service: no service is called \"cleanroms\"\n  Did you mean cleanrooms?";
            wrong(["--service", "cleanroms"], meant);
        }
    }
    wrong(
        &["history"],
        ["--service", "nosuch"],
        "--service: no service is called \"nosuch\"\n  Of its model: none of the releases",
    );
    wrong(&["history"], ["--operation", "NoSuch"], "--operation: no operation is called \"NoSuch\"");
    let of_service = ["check", "--no-installed-models", "--service", "cleanrooms"];
    wrong(&of_service, ["--operation", "NoSuch"], "--operation: no operation of cleanrooms is called \"NoSuch\"");
}

#[test]
fn operations_that_somebody_knows_may_be_named() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
    let old = ["check", "--contract", "cleanrooms@2023-01-12"];
    for command in [
        // However they are spelt.
        &["check", "--operation", "get-membership"][..],
        &["check", "--operation", "getmembership", "--service", "CleanRooms"],
        &["history", "--operation", "GetMembership", "--service", "Clean Rooms"],
        // Of a later release, and of one that the newest is.
        &[&old[..], &["--operation", "CreateIdMappingTable"]].concat(),
        &["history", "--operation", "CreateIdMappingTable"],
        &["check", "--contract", "cleanrooms@recorded", "--operation", "GetMembership"],
        // Without models nobody knows what there is.
        &["check", "--no-installed-models", "--operation", "DescribeThings"],
        &["check", "--no-installed-models", "--operation", "DescribeThings", "--service", "things"],
    ] {
        let Ran { code, stdout, stderr } = folder.run(&[command, &["t"]].concat());
        assert_eq!(code, Some(0), "{command:?}: {stdout}{stderr}");
    }
}

#[test]
fn what_no_model_at_hand_has_comes_with_what_brings_it() {
    let folder = Folder::new();
    for command in [&["generate", "SendMessage", "--request"][..], &["schema", "--out", "s"]] {
        let Ran { code, stderr, .. } = folder.run(&[command, &["--service", "sqs"]].concat());
        let told = "no service \"sqs\" in the source\n  There is cleanrooms. --model SOURCE brings others: `botocore`";
        assert!(code == Some(2) && stderr.contains(told), "{stderr}");
        let Ran { stderr, .. } = folder.run(&[command, &["--service", "cleanroms"]].concat());
        assert!(stderr.contains("Did you mean cleanrooms?") && !stderr.contains("--model"), "{stderr}");
    }
    let Ran { code, stderr, .. } = folder.run(&["schema", "GetMembershp", "--out", "s"]);
    assert!(code == Some(2) && stderr.contains("no operation GetMembershp\n  Did you mean GetMembership?"), "{stderr}");
}

#[test]
fn a_service_of_the_configuration_is_looked_up() {
    let lines = |service: &str| format!("\n[[services]]\nservice = \"{service}\"\npaths = [\"a.ndjson\"]\n");
    let folder = folder().with(FILE, &lines("cleanroms"));
    let (code, text) = check(&folder, &[]);
    let told = "shapegate.toml:3:1: no service is called \"cleanroms\"\n  Did you mean cleanrooms?";
    assert!(code == 2 && text.contains(told), "{text}");
    folder.write(FILE, &lines("Clean Rooms"));
    assert_eq!(check(&folder, &[]).0, 1);
}
