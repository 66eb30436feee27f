//! Names of services and operations on the command line and in the configuration: every known name is taken, any other is
//! an error that says what was probably meant.

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
    for (name, code) in [("Thing Store", 1), ("thing-store", 1), ("THING STORE", 1), ("s3", 0)] {
        let (found, text) = check(&folder, &[&format!("--fail-on-unchecked={name}")]);
        assert_eq!(found, code, "{name}: {text}");
        assert_eq!(text.contains("knows a service \"s3\""), name == "s3", "{text}");
    }
}

#[test]
fn a_near_name_comes_before_an_installation() {
    let record = |service: &str| OF_OTHERS.replace("Thing Store", service);
    let folder = Folder::new().with("a.ndjson", &record("cleanroms"));
    let (code, text) = check(&folder, &[]);
    assert!(code == 2 && text.contains("no contract for cleanroms\n  Did you mean cleanrooms? `pip install"), "{text}");
    let folder =
        Folder::new().with("x.json", r#"{"membershipIdentifier": 1}"#).with("b.ndjson", &request("GetMembership", &[]));
    let (_, text) = check(&folder, &["--operation", "get-membershp"]);
    assert!(text.contains("the service of get-membershp (1; did you mean GetMembership?)"), "{text}");
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
