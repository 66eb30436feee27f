//! What a file says holds for a test of another crate, too.

use std::path::Path;

use shapegate::config::{Config, FILE};
use shapegate::finding::Severity;
use shapegate::harness::Harness;

use crate::support::folder::{Folder, request, unknown};

fn folder(config: &str) -> Folder {
    Folder::new().with(FILE, config).with("t/a.ndjson", &request("GetMembership", &["extra"]))
}

#[test]
fn a_rule_that_is_off_is_off_in_a_harness() {
    let folder = folder("[rules]\nunknown-member = \"off\"");
    let harness = Harness::new(folder.path().join("t/a.ndjson"));
    let config = Config::read(&folder.path().join(FILE)).expect("sound");
    assert!(harness.clone().cases().cases[0].judge().is_err());
    assert_eq!(harness.config(config).cases().cases[0].judge(), Ok(()));
}

#[test]
fn a_harness_takes_what_it_does_not_say_itself() {
    let folder = folder("fail_on = \"never\"\ncontracts = [\"cleanrooms@2023-01-12\"]\nexclude = [\"t/b.ndjson\"]");
    folder.write("t/b.ndjson", &request("GetMembership", &["extra"]));
    let config = Config::read(&folder.path().join(FILE)).expect("sound");
    let harness = Harness::new(folder.path().join("t")).config(config);
    let cases = harness.cases();
    assert_eq!((cases.cases.len(), cases.others.len()), (1, 1));
    assert_eq!(cases.cases[0].judge(), Ok(()));
    let strict = harness.fail_on(Severity::Error);
    assert!(strict.cases().cases[0].judge().is_err(), "what is said there wins");
    assert!(Config::read(Path::new("nowhere.toml")).is_err());
}

#[test]
fn a_harness_reads_within_the_limits() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
    let harness = Harness::new(folder.path().join("t"));
    assert_eq!(harness.clone().cases().cases[0].judge(), Ok(()));
    let config = Config::parse("[limits]\nrecord-bytes = 20", &folder.path().join(FILE)).expect("sound");
    assert!(harness.config(config).cases().cases[0].judge().is_err_and(|told| told.contains("limit-reached")));
}

#[test]
fn a_harness_reads_the_approvals_beside_the_configuration() {
    let folder = folder("");
    folder.approvals(&format!("\"{}\" = {{ reason = \"x\" }}", unknown("extra")));
    let harness = Harness::new(folder.path().join("t"));
    assert!(harness.clone().cases().cases[0].judge().is_err());
    let config = Config::read(&folder.path().join(FILE)).expect("sound");
    assert_eq!(harness.config(config).cases().cases[0].judge(), Ok(()));
}

#[test]
fn a_harness_and_the_command_agree_on_what_is_not_checked() {
    let other = r#"{"service":"thing","operation":"GetThing","direction":"request","payload":{}}"#;
    let folder = Folder::new().with("t/a.ndjson", &format!("{}\n{other}\n", request("GetMembership", &[])));
    let harness = Harness::new(folder.path().join("t"));
    let told = harness.clone().cases().cases[0].judge().expect_err("what has no contract fails where nothing is said");
    assert!(told.contains("add `.model(…)` or `.allow_unchecked()`") && !told.contains("--"), "{told}");
    for (value, passes) in
        [("false", true), ("[]", true), ("true", false), ("[\"Thing\"]", false), ("[\"Clean Rooms\"]", true)]
    {
        folder.write(FILE, &format!("fail_on_unchecked = {value}"));
        let code = folder.run(&["check", "--no-installed-models", "t"]).code;
        let config = Config::read(&folder.path().join(FILE)).expect("sound");
        let own = harness.clone().config(config);
        assert_eq!((own.cases().cases[0].judge().is_ok(), code), (passes, Some(i32::from(!passes))), "{value}");
        assert_eq!(own.allow_unchecked().cases().cases[0].judge(), Ok(()), "{value}: what is said there wins");
    }
}

#[test]
fn a_harness_names_no_option_of_the_command() {
    let folder = folder("[rules]\nunknown-member = \"warning\"");
    let config = Config::read(&folder.path().join(FILE)).expect("sound");
    let harness = Harness::new(folder.path().join("t")).config(config).fail_on(Severity::Warning);
    let told = harness.cases().cases[0].judge().expect_err("a warning fails");
    assert!(told.contains("failed (fail_on: warning): ") && !told.contains("--fail-on"), "{told}");
}
