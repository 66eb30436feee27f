//! What of its contracts traffic touches: counts of a small contract by hand, thresholds, and sums of parts.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use shapegate::Session;
use shapegate::check::{Catalog, Input, Options, run};
use shapegate::contract::Contract;
use shapegate::coverage::run_counting;
use shapegate::expectation::Expectations;
use shapegate::gate::{Minimums, Settings, Verdict};
use shapegate::ingest::botocore;
use shapegate::merge::{Part, merge};
use shapegate::outcome::{Covered, Measure, Outcome};
use shapegate::report::{Style, find};

use crate::support::{catalog, entries, judged, root};

/// Two operations. `Tree` holds itself; `Ask` may answer with one of two errors.
fn model() -> Value {
    json!({
        "metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "grove", "protocol": "rest-json", "serviceId": "Grove"},
        "operations": {
            "Plant": {"name": "Plant", "http": {"method": "POST", "requestUri": "/plant"}, "input": {"shape": "PlantInput"},
                "output": {"shape": "PlantOutput"}, "errors": [{"shape": "TooDry"}, {"shape": "TooWet"}]},
            "Fell": {"name": "Fell", "http": {"method": "POST", "requestUri": "/fell"}, "input": {"shape": "FellInput"}}},
        "shapes": {
            "PlantInput": {"type": "structure", "required": ["kind"], "members": {
                "kind": {"shape": "Kind"}, "tree": {"shape": "Tree"}, "soil": {"shape": "Soil"}}},
            "PlantOutput": {"type": "structure", "members": {"tree": {"shape": "Tree"}, "film": {"shape": "Film"}},
                "payload": "film"},
            "Tree": {"type": "structure", "members": {"kind": {"shape": "Kind"}, "within": {"shape": "Trees"}}},
            "Trees": {"type": "list", "member": {"shape": "Tree"}},
            "Kind": {"type": "string", "enum": ["OAK", "ASH", "ELM"]},
            "Soil": {"type": "structure", "union": true, "members": {"sand": {"shape": "Text"}, "clay": {"shape": "Text"}}},
            "Film": {"type": "blob", "streaming": true},
            "FellInput": {"type": "structure", "members": {"name": {"shape": "Text"}}},
            "TooDry": {"type": "structure", "members": {"message": {"shape": "Text"}}, "exception": true},
            "TooWet": {"type": "structure", "members": {"message": {"shape": "Text"}}, "exception": true},
            "Text": {"type": "string"}}})
}

fn grove() -> Catalog {
    let service = botocore::parse(model().to_string().as_bytes(), None).expect("a sound model").service;
    let mut catalog = Catalog::default();
    catalog.add_contract(Contract::new(service));
    catalog
}

fn counted(catalog: &Catalog, inputs: Vec<Input>) -> Outcome {
    let expectations = Expectations::shipped().expect("sound ones");
    let options = Options { threads: 3, ..Options::new(catalog, &expectations) };
    let (checked, coverage) = run_counting(inputs, &options).expect("the paths are there");
    let mut outcome = checked.into_outcome();
    outcome.coverage = Some(coverage);
    outcome
}

fn of_records(records: &[Value]) -> Covered {
    let text = records.iter().map(|record| format!("{record}\n")).collect::<Vec<_>>().concat();
    let outcome = counted(&grove(), vec![Input::Stream(Box::new(Cursor::new(text)))]);
    outcome.coverage.expect("it was counted").services.remove("grove").expect("the service occurs")
}

fn plant(request: &Value, response: &Value) -> Value {
    json!({"service": "grove", "operation": "Plant", "status": 200, "request": request, "response": response})
}

#[test]
fn all_that_a_model_has_is_counted_once_an_operation_and_half() {
    let covered = of_records(&[plant(&json!({"kind": "OAK"}), &json!({}))]);
    let all = covered.all(false);
    // kind, tree, soil; Tree.kind, Tree.within / tree; Tree.kind, Tree.within. The stream does not count. / name.
    let numbers = Measure::ALL.map(|measure| measure.of(&all));
    assert_eq!(numbers, [2, 9, 6, 3, 6, 2, 2], "operations, members, input, output, values, variants, errors");
    let seen = Measure::ALL.map(|measure| measure.of(&covered.seen()));
    assert_eq!(seen, [1, 1, 1, 0, 1, 0, 0]);
    assert_eq!(Measure::ALL.map(|measure| measure.of(&covered.all(true))), [1, 8, 5, 3, 6, 2, 2]);
    assert_eq!(covered.never_called().collect::<Vec<_>>(), ["Fell"]);
}

#[test]
fn members_are_counted_where_they_stand_however_deep() {
    let tree = json!({"kind": "ASH", "within": [{"kind": "ASH"}, {"kind": null, "within": []}]});
    let covered = of_records(&[
        plant(&json!({"kind": "OAK", "tree": tree, "soil": {"clay": "x"}}), &json!({"tree": {}})),
        plant(&json!({"kind": "PINE"}), &json!({})),
    ]);
    let calls = covered.operations["Plant"].calls.as_ref().expect("it was called");
    let present = |half: &shapegate::outcome::Half, shape: &str, member: &str| {
        let one = half.members[shape][member];
        (one.times, one.of)
    };
    assert_eq!(present(&calls.input, "PlantInput", "kind"), (2, 2));
    assert_eq!(present(&calls.input, "PlantInput", "tree"), (1, 2));
    assert_eq!(present(&calls.input, "Tree", "kind"), (2, 3), "null is no value");
    assert_eq!(present(&calls.input, "Tree", "within"), (2, 3), "an empty list is one");
    assert_eq!(present(&calls.input, "Soil", "clay"), (1, 1));
    assert_eq!(present(&calls.output, "Tree", "kind"), (0, 1), "each half for itself");
    let kinds: Vec<(&str, usize)> = calls.input.values["Kind"].iter().map(|(value, n)| (value.as_str(), *n)).collect();
    assert_eq!(kinds, [("ASH", 2), ("ELM", 0), ("OAK", 1)], "PINE is none");
    let required = calls.input.members["PlantInput"]["kind"];
    assert!(required.required && !required.variant && calls.input.members["Soil"]["sand"].variant);
}

#[test]
fn errors_are_declared_or_not_and_their_members_are_no_output() {
    let failed = |code: &str| {
        let error = json!({"code": code, "payload": {"message": "no"}});
        json!({"service": "grove", "operation": "Plant", "status": 400, "request": {"kind": "OAK"}, "error": error})
    };
    let covered = of_records(&[failed("TooDry"), failed("TooDry"), failed("Strange"), failed("a b\nc")]);
    let calls = covered.operations["Plant"].calls.as_ref().expect("it was called");
    assert_eq!((calls.exchanges, calls.answered, calls.refused, calls.output.payloads), (4, 0, 4, 0));
    assert_eq!((calls.errors["TooDry"], calls.errors["TooWet"]), (2, 0));
    let others: Vec<(&str, usize)> = calls.undeclared.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(others, [("(other)", 1), ("Strange", 1)], "codes are anybody's text");
    assert_eq!(calls.statuses[&400], 4);
}

#[test]
fn coverage_changes_nothing_of_what_is_found() {
    let paths = || ["fixtures/recordings", "fixtures/faulty"].map(|path| Input::Path(root().join(path))).into();
    let (catalog, expectations) = (catalog("cleanrooms@2023-08-30"), Expectations::shipped().expect("sound ones"));
    let options = Options { threads: 2, ..Options::new(&catalog, &expectations) };
    let without = run(paths(), &options).expect("the paths are there").into_outcome();
    let mut with = counted(&catalog, paths());
    assert!(with.coverage.take().is_some_and(|coverage| coverage.services["cleanrooms"].exchanges() > 700));
    assert_eq!(with, without);
}

#[test]
fn a_program_sets_thresholds() {
    let session = || Session::new().contract("cleanrooms@2023-08-30").expect("an embedded contract");
    let verdict = |minimum: &str| {
        let session = session().minimum(minimum).expect("a threshold");
        session.check_with_coverage(root().join("fixtures/recordings/cleanrooms")).expect("it is there")
    };
    assert!(verdict("operations=6").passed);
    let failed = verdict("operations=7,Clean Rooms:values=100%");
    assert!(!failed.passed && failed.shortfalls.len() == 2, "{failed}");
    assert!(failed.to_string().contains("2 thresholds of coverage not reached"), "{failed}");
    assert!(session().minimum("operation=1").is_err());
}

#[test]
fn thresholds_hold_for_each_way_to_check_and_in_any_order() {
    let folder = root().join("fixtures/recordings/cleanrooms");
    let short = |verdict: shapegate::Result<Verdict>| {
        let verdict = verdict.expect("it is there");
        let told: Vec<String> = verdict.shortfalls.iter().map(ToString::to_string).collect();
        assert_eq!(verdict.passed, told.is_empty(), "{verdict}");
        told.join("; ")
    };
    // A name is that of a service whatever comes first, also of the contract that a session has without one.
    let before = Session::new().minimum("Clean Rooms:operations=99%").expect("a threshold");
    let before = before.contract("cleanrooms@2023-08-30").expect("an embedded contract");
    let after = Session::new().contract("cleanrooms@2023-08-30").expect("an embedded contract");
    let after = after.minimum("Clean Rooms:operations=99%").expect("a threshold");
    let neither = Session::new().minimum("Clean Rooms:operations=99%").expect("a threshold");
    for session in [&before, &after, &neither] {
        let told = short(session.check(&folder));
        assert!(told.starts_with("cleanrooms: operations called 6 of "), "{told}");
        assert_eq!(short(session.check_with_coverage(&folder)), told);
    }
    let record = r#"{"service": "cleanrooms", "operation": "ListMemberships", "direction": "request", "payload": {}}"#;
    let told = short(before.check_bytes(record));
    assert!(told.starts_with("cleanrooms: operations called 1 of "), "{told}");
    // The later one counts, whatever it calls the service.
    let later = after.minimum("cleanrooms:operations=1").expect("a threshold");
    assert_eq!(short(later.check(&folder)), "");
    let without = Session::new().check(&folder).expect("it is there");
    assert!(without.coverage.is_none(), "nobody asks for it");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let each = entries(folder).into_iter();
    each.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn verdict(outcome: Outcome) -> Verdict {
    let mut minimums = Minimums::default();
    minimums.add("operations=7,values=50%").expect("thresholds");
    let mut settings = Settings::default();
    settings.minimums = minimums;
    judged(outcome, &settings)
}

fn written(form: &str, verdict: &Verdict) -> String {
    let mut out = Vec::new();
    find(form).expect("a form").write(verdict, &Style::default(), &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn parts_add_up_to_one_run_however_the_traffic_is_divided() {
    let catalog = catalog("cleanrooms@2023-08-30");
    let all: Vec<PathBuf> = ["fixtures/recordings", "fixtures/faulty"].map(|path| files(&root().join(path))).concat();
    assert!(all.len() > 150);
    let part = |paths: &[PathBuf]| {
        let outcome = counted(&catalog, paths.iter().cloned().map(Input::Path).collect());
        // A part need not hold a recording; then it is no verdict.
        (!outcome.scope.files.is_empty()).then(|| Part::of(&verdict(outcome)).expect("a part"))
    };
    let whole = counted(&catalog, all.iter().cloned().map(Input::Path).collect());
    let whole_verdict = verdict(whole.clone());
    let sum = |parts: Vec<Part>| verdict(merge(parts).expect("parts of one job"));
    let expected = sum(vec![Part::of(&whole_verdict).expect("a part")]);
    let mut tally = whole_verdict.tally.clone();
    tally.skipped.sort();
    assert!(expected.tally == tally && expected.coverage == whole_verdict.coverage);
    let sentences = |verdict: &Verdict| {
        let mut all: Vec<String> = verdict.findings.iter().map(|one| format!("{one} {}", one.fingerprint)).collect();
        all.sort();
        all
    };
    assert_eq!(sentences(&expected), sentences(&whole_verdict));
    let expected = (written("json", &expected), written("text", &expected));
    let strategy =
        prop::collection::vec(0..5_usize, all.len()).prop_flat_map(|homes| (Just(homes), Just(()))).no_shrink();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 8, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let tested = runner.run(&strategy, |(homes, ())| {
        let share = |home| -> Vec<PathBuf> {
            all.iter().zip(&homes).filter(|(_, own)| **own == home).map(|(path, _)| path.clone()).collect()
        };
        // The first file's home says the order, so that it differs from case to case.
        let order = (0..5).map(|home| (home + homes[0]) % 5);
        let parts: Vec<Part> = order.filter_map(|home| part(&share(home))).collect();
        let halves = parts.len() / 2;
        // In two steps, for sums are parts, too.
        let (first, rest) = parts.split_at(halves.max(1));
        let step = Part::of(&sum(first.to_vec())).expect("a part");
        let merged = sum([vec![step], rest.to_vec()].concat());
        prop_assert_eq!(written("json", &merged), expected.0.clone());
        prop_assert_eq!(written("text", &merged), expected.1.clone());
        Ok(())
    });
    tested.expect("any division adds up to the same");
}

#[cfg(feature = "cli")]
mod command {
    use std::fs::File;
    use std::process::Command;

    use super::*;
    use crate::support::folder::{Folder, Ran, request, unknown};

    const CLEAN: &str = "fixtures/recordings/cleanrooms/payloads.ndjson";

    fn json_of(folder: &Folder, arguments: &[&str]) -> Value {
        let Ran { stdout, stderr, .. } = folder.run(arguments);
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
    }

    #[test]
    fn thresholds_decide_the_exit_code() {
        let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
        let code = |arguments: &[&str]| folder.run(arguments).code;
        assert_eq!(code(&["coverage", "t"]), Some(0));
        assert_eq!(code(&["coverage", "--min", "operations=1", "t"]), Some(0));
        assert_eq!(code(&["coverage", "--min", "operations=2", "t"]), Some(1));
        assert_eq!(code(&["coverage", "--min", "operations=2,cleanrooms:operations=1", "t"]), Some(0));
        assert_eq!(code(&["check", "--coverage", "--min", "members=100%", "t"]), Some(1));
        // A service that does not occur is said to, in all forms.
        let ran = folder.run(&["coverage", "--min", "s3:operations=3", "--no-installed-models", "t"]);
        let told = "s3 does not occur in this traffic (operations called: at least 3)\n";
        assert!(ran.code == Some(1) && ran.stdout.contains(told), "{}{}", ran.stdout, ran.stderr);
        let (_, report) = folder.report(&["coverage", "--min", "s3:operations=3,operations=2", "t"]);
        let short = report["coverage"]["shortfalls"].as_array().expect("a list");
        let absent: Vec<_> = short.iter().map(|one| (one["service"].as_str(), one["absent"].as_bool())).collect();
        assert_eq!(absent, [(Some("cleanrooms"), None), (Some("s3"), Some(true))]);
        crate::formats::assert_report(&report);
        let Ran { code: ended, stderr, .. } = folder.run(&["coverage", "--min", "operations=101%", "t"]);
        assert!(ended == Some(2) && stderr.contains("\"101%\" is more than 100 %"), "{stderr}");
        let Ran { code, stderr, .. } = folder.run(&["check", "--min", "members=1", "t"]);
        assert!(code == Some(2) && stderr.contains("--coverage counts it"), "{stderr}");
        let Ran { code, stderr, .. } = folder.run(&["coverage", "--min", "member=1", "t"]);
        assert!(code == Some(2) && stderr.contains("Did you mean members?"), "{stderr}");
    }

    #[test]
    fn findings_are_not_the_business_of_coverage_but_what_cannot_be_read_is() {
        let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &["extra"]));
        assert_eq!(folder.run(&["coverage", "t"]).code, Some(0));
        assert_eq!(folder.run(&["check", "--coverage", "t"]).code, Some(1));
        folder.write("t/b.ndjson", "{\"service\":\n");
        let Ran { code, stderr, .. } = folder.run(&["coverage", "t"]);
        assert!(code == Some(1) && stderr.contains("t/b.ndjson"), "{stderr}");
    }

    #[test]
    fn reports_are_what_their_schemas_say() {
        let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &["extra"]));
        for job in [&["coverage"][..], &["check", "--coverage"], &["scorecard"]] {
            let report = json_of(&folder, &[job, &["--report", "json", "t"]].concat());
            crate::formats::assert_report(&report);
            assert_eq!(report["coverage"]["services"][0]["operations"]["seen"], 1, "{job:?}");
        }
        let part = json_of(&folder, &["check", "--coverage", "--report", "part", "t"]);
        crate::formats::assert_part(&part);
        assert!(!crate::formats::is_part(&json!({"part": 2})));
    }

    #[test]
    fn the_sum_alone_is_judged_by_approvals() {
        let folder = Folder::new();
        for name in ["a", "b"] {
            folder.write(&format!("{name}.ndjson"), &request("GetMembership", &["extra"]));
            let part = format!("part=parts/{name}.json");
            folder.write("parts/_SUCCESS", "");
            assert_eq!(folder.run(&["check", "--report", &part, &format!("{name}.ndjson")]).code, Some(1));
        }
        let Ran { code, stdout, .. } = folder.run(&["merge", "parts"]);
        assert!(
            code == Some(1) && stdout.contains("2 errors, 0 warnings, 0 notes in 2 payloads of 2 recordings"),
            "{stdout}"
        );
        let print = unknown("extra");
        for (at_most, expected) in [(2, Some(0)), (1, Some(1))] {
            let line = format!("[approvals]\n\"{print}\" = {{ reason = \"x\", at_most = {at_most} }}\n");
            folder.write("own.toml", &line);
            let Ran { code, stdout, .. } = folder.run(&["merge", "--approvals", "own.toml", "parts"]);
            assert_eq!(code, expected, "{stdout}");
        }
    }

    #[test]
    fn no_recording_is_added_twice() {
        let folder = Folder::new();
        for name in ["a", "b"] {
            folder.write(&format!("t/{name}.ndjson"), &request("GetMembership", &[]));
        }
        let check = |part: &str, path: &str| {
            folder.run(&["check", "--report", &format!("part={part}.json"), path]);
        };
        check("both", "t");
        check("a", "./t/a.ndjson");
        check("b", "t/b.ndjson");
        folder.run(&["merge", "--report", "part=sum.json", "a.json", "b.json"]);
        folder.write("two.json", &["a.json", "b.json"].map(|name| folder.read(name)).concat());
        for (arguments, expected) in [
            (&["a.json", "b.json"][..], Ok(())),
            (&["a.json", "a.json"], Err("a.json: it is given twice")),
            (&["a.json", "./a.json"], Err("a.json: it is given twice")),
            (
                &["a.json", "both.json"],
                Err("t/a.ndjson: the same recording was read for two parts, a.json and both.json"),
            ),
            (
                &["b.json", "sum.json"],
                Err("t/b.ndjson: the same recording was read for two parts, b.json and sum.json"),
            ),
            (&["b.json", "two.json"], Err("for two parts, b.json and two.json (part 2)")),
        ] {
            let Ran { code, stderr, .. } = folder.run(&[&["merge"], arguments].concat());
            match expected {
                Ok(()) => assert_eq!(code, Some(0), "{arguments:?}: {stderr}"),
                Err(told) => assert!(code == Some(2) && stderr.contains(told), "{arguments:?}: {stderr}"),
            }
        }
        // Parts of standard input are told apart by nobody, as are those of a table's partitions.
        for name in ["one", "other"] {
            let status = Command::new(env!("CARGO_BIN_EXE_shapegate"))
                .args(["check", "--quiet", "--report", &format!("part={name}.json"), "-"])
                .current_dir(folder.path())
                .stdin(File::open(folder.path().join("t/a.ndjson")).expect("a file"))
                .status();
            assert_eq!(status.expect("the binary starts").code(), Some(0));
        }
        assert_eq!(folder.run(&["merge", "one.json", "other.json"]).code, Some(0));
        assert_eq!(folder.run(&["merge", "one.json", "one.json"]).code, Some(2));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &["extra"]));
        folder.run(&["check", "--report", "json=report.json", "--report", "part=part.json", "t"]);
        folder.run(&["check", "--coverage", "--report", "part=covered.json", "t"]);
        folder.run(&["coverage", "--report", "part=coverage.json", "t"]);
        folder.write("none.json", "[]");
        folder.write("empty.json", "");
        for (arguments, told) in [
            (&["merge", "report.json"][..], "lacks what adding up needs"),
            (&["merge", "none.json"], "it is no part of a run"),
            (&["merge", "empty.json"], "it holds no part"),
            (&["merge", "part.json", "covered.json"], "coverage was counted in some parts"),
            (&["merge", "covered.json", "coverage.json"], "parts of `check` and of `coverage` make no whole"),
            (&["merge", "--min", "operations=1", "part.json"], "which the parts do not have"),
            (&["check", "--max-findings", "0", "--report", "part", "t"], "a part needs all findings"),
        ] {
            let Ran { code, stderr, .. } = folder.run(arguments);
            assert!(code == Some(2) && stderr.contains(told), "{arguments:?}: {stderr}");
        }
    }

    /// A response with members that it does not have, and the fingerprint of one.
    fn answer(unknown: &[&str]) -> String {
        let members = unknown.iter().map(|name| ((*name).to_owned(), json!("x")));
        let members: serde_json::Map<String, Value> = members.chain([("tags".to_owned(), json!({}))]).collect();
        json!({"service": "cleanrooms", "operation": "ListTagsForResource", "response": members}).to_string() + "\n"
    }

    fn unanswered(member: &str) -> String {
        format!("unknown-member:cleanrooms:ListTagsForResource:response:ListTagsForResourceOutput.{member}")
    }

    #[test]
    fn a_scorecard_is_of_what_was_answered_and_not_of_what_was_accepted() {
        let folder = Folder::new().with("t/a.ndjson", &answer(&["extra"]));
        folder.write("t/b.ndjson", &request("GetMembership", &["extra"]));
        let own = |arguments: &[&str]| {
            let report = json_of(&folder, &[&["scorecard", "--report", "json", "t"], arguments].concat());
            let card = &report["scorecard"]["services"]["cleanrooms"];
            (card["called"].clone(), card["failing"].clone(), report["scorecard"]["fixes"].as_array().map(Vec::len))
        };
        assert_eq!(own(&[]), (json!(2), json!(1), Some(1)), "the request is the client's");
        folder.approve(&["t", "--reason", "known"]);
        assert_eq!(own(&[]), (json!(2), json!(1), Some(1)), "what is accepted is not mended");
        assert_eq!(own(&["--max-findings", "0"]), (json!(2), json!(1), Some(1)));
        assert_eq!(own(&["--only-operation", "GetMembership"]), (json!(1), json!(0), Some(0)));
        for refused in [&["--only-rule", "unknown-member"][..], &["--fail-on", "warning"]] {
            let Ran { code, stderr, .. } = folder.run(&[&["scorecard", "t"], refused].concat());
            assert!(code == Some(2) && stderr.contains("a scorecard counts"), "{stderr}");
        }
    }

    #[test]
    fn what_is_asked_for_narrows_coverage_and_thresholds() {
        let folder = Folder::new().with("t/a.ndjson", &answer(&[]));
        folder.write("t/b.ndjson", &request("GetMembership", &[]));
        let own = ["coverage", "--only-operation", "GetMembership", "--report", "json", "t"];
        let report = json_of(&folder, &own);
        assert_eq!(report["coverage"]["services"][0]["operations"], json!({"seen": 1, "of": 1}));
        let too_many = folder.run(&["coverage", "--only-operation", "GetMembership", "--min", "operations=2", "t"]);
        assert_eq!((too_many.code, folder.run(&["coverage", "--min", "operations=2", "t"]).code), (Some(1), Some(0)));
    }

    #[test]
    fn a_scorecard_tells_what_came_and_went() {
        let folder = Folder::new().with("t/a.ndjson", &answer(&["extra", "other"]));
        let before = json_of(&folder, &["scorecard", "--report", "json", "t"]);
        assert_eq!(before["scorecard"]["services"]["cleanrooms"]["failing"], 1);
        assert_eq!(before["scorecard"]["fixes"][0]["mends"], 0, "two things are wrong with the one operation");
        folder.write("before.json", &before.to_string());
        folder.write("t/a.ndjson", &answer(&["other", "new"]));
        let report = json_of(&folder, &["scorecard", "--compare", "before.json", "--report", "json", "t"]);
        crate::formats::assert_report(&report);
        let trend = &report["scorecard"]["trend"];
        assert_eq!(trend["fixed"], json!([unanswered("extra")]));
        assert_eq!((&trend["new"], &trend["unchanged"]), (&json!([unanswered("new")]), &json!(1)));
        let Ran { stdout, .. } = folder.run(&["scorecard", "--compare", "before.json", "t"]);
        folder.write("u/a.ndjson", &request("ListMemberships", &[]));
        let other = json_of(&folder, &["scorecard", "--compare", "before.json", "--report", "json", "u"]);
        let trend = &other["scorecard"]["trend"];
        assert_eq!(
            (&trend["fixed"], trend["notCalled"].as_array().map(Vec::len)),
            (&json!([]), Some(2)),
            "nothing is known"
        );
        assert!(stdout.contains("compared with before.json: 1 fixed, 1 new, 1 unchanged\n"), "{stdout}");
        let Ran { stdout, .. } = folder.run(&["scorecard", "--compare", "before.json", "--report", "markdown", "t"]);
        for (word, member) in [("new", "new"), ("fixed", "extra")] {
            assert!(stdout.contains(&format!("| {word} | `{}` |\n", unanswered(member))), "{stdout}");
        }
        folder.write("part.json", "{}");
        let Ran { code, stderr, .. } = folder.run(&["scorecard", "--compare", "part.json", "t"]);
        assert!(code == Some(2) && stderr.contains("no JSON report of a scorecard"), "{stderr}");
        for (job, form, told) in [
            ("check", "json", "it is a report of `check`, and not of `scorecard`"),
            ("coverage", "json", "it is a report of `coverage`, and not of `scorecard`"),
            ("scorecard", "part", "it is a part, which `shapegate merge` adds up"),
        ] {
            folder.run(&[job, "--report", &format!("{form}=other.json"), "t"]);
            let Ran { code, stderr, .. } = folder.run(&["scorecard", "--compare", "other.json", "t"]);
            assert!(code == Some(2) && stderr.contains(told), "{job}: {stderr}");
        }
    }

    #[test]
    fn of_what_was_compared_only_what_changed_is_shown() {
        let folder = Folder::new().with("t/a.ndjson", &answer(&["extra"]));
        let mut before = json_of(&folder, &["scorecard", "--report", "json", "t"]);
        // A model with more operations than before changes nothing of how they are answered.
        before["scorecard"]["services"]["cleanrooms"]["operations"] = json!(44);
        folder.write("before.json", &before.to_string());
        let changed = |text: &str| text.lines().filter(|line| line.starts_with("  cleanrooms: ")).count();
        let run = || folder.run(&["scorecard", "--compare", "before.json", "t"]).stdout;
        assert_eq!(changed(&run()), 0, "{}", run());
        // More operations may conform than were answered with an output.
        let page = folder.run(&["scorecard", "--report", "markdown", "t"]).stdout;
        for said in [run(), page.replace('\\', "")] {
            assert!(said.contains("answered: with an output; conforming: that, or an error"), "{said}");
        }
        folder.write("t/a.ndjson", &answer(&[]));
        assert!(run().contains("\n  cleanrooms: conforming 0 → 1, failing 1 → 0, answered 1 → 1\n"), "{}", run());
    }

    /// What the columns count, and which models judged, without the folders that they are in.
    #[test]
    fn a_scorecard_for_others_says_what_it_counts_and_by_which_models() {
        let folder = Folder::new();
        folder.wheel("1.10.0", [2024, 1, 1], &["name"]);
        folder.wheel("1.11.0", [2024, 2, 1], &["name"]);
        // What the operation does not have is a finding, and its place is on the page.
        let members = ["name", "size"].map(str::to_owned);
        folder.write("t/a.ndjson", &crate::support::folder::thing(&members));
        let [old, new] = ["1.10.0", "1.11.0"].map(|version| {
            let wheel = folder.path().join(format!("wheels/botocore-{version}-py3-none-any.whl"));
            wheel.display().to_string()
        });
        let traffic = folder.path().join("t").display().to_string();
        let run = |wheel: &str, more: &[&str]| {
            // A repository of its own, so that the traffic is outside of it.
            std::fs::create_dir_all(folder.path().join("home/.git")).expect("writable");
            folder.run_in("home", &[&["scorecard", "--model", wheel, &traffic], more].concat()).stdout
        };
        for form in ["text", "markdown"] {
            let said = run(&new, &["--report", form]);
            for part in ["answered: with an output; ", "judged by botocore 1.11.0\n"] {
                assert!(said.replace('\\', "").contains(part), "{part}: {said}");
            }
        }
        for (before, now, told) in [
            (&old, &new, Some("judged by botocore 1.11.0, before by botocore 1.10.0")),
            (&new, &old, Some("judged by botocore 1.10.0, before by botocore 1.11.0")),
            (&new, &new, None),
        ] {
            run(before, &["--report", "json=before.json"]);
            let file = folder.path().join("home/before.json").display().to_string();
            for form in ["text", "markdown"] {
                let said = run(now, &["--compare", &file, "--report", form]);
                let is_told = |part: &str| said.replace('\\', "").contains(part);
                assert_eq!(is_told("before by botocore"), told.is_some(), "{said}");
                assert!(told.is_none_or(is_told), "{said}");
                let shown = said.contains(&folder.path().display().to_string());
                assert!(form == "text" || !shown && said.contains("a.ndjson:1:"), "a path of this machine: {said}");
            }
        }
    }

    #[test]
    fn what_was_not_called_before_is_not_new() {
        let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
        folder.write("before.json", &json_of(&folder, &["scorecard", "--report", "json", "t"]).to_string());
        folder.write("t/b.ndjson", &answer(&["extra"]));
        let compared = ["scorecard", "--compare", "before.json", "t"];
        let report = json_of(&folder, &[&compared[..], &["--report", "json"]].concat());
        crate::formats::assert_report(&report);
        let trend = &report["scorecard"]["trend"];
        assert_eq!((&trend["new"], &trend["notCalledBefore"]), (&json!([]), &json!([unanswered("extra")])));
        let Ran { stdout, .. } = folder.run(&compared);
        let counts = "compared with before.json: 0 fixed, 0 new, 0 unchanged, 1 of operations not called before\n";
        assert!(stdout.contains(counts), "{stdout}");
        assert!(stdout.contains(&format!("\n  first called  {}\n", unanswered("extra"))), "{stdout}");
        let Ran { stdout, .. } = folder.run(&[&compared[..], &["--report", "markdown"]].concat());
        let row = format!("| of an operation not called before | `{}` |\n", unanswered("extra"));
        assert!(stdout.contains(&row), "{stdout}");
        // A page names some of each kind and counts the rest.
        let names: Vec<String> = (0..45).map(|number| format!("extra{number}")).collect();
        folder.write("t/b.ndjson", &answer(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        let Ran { stdout, .. } = folder.run(&[&compared[..], &["--report", "markdown"]].concat());
        assert!(stdout.contains("| of an operation not called before | and 25 more |\n"), "{stdout}");
    }

    /// An emulator that says no as the model states it is as good as one that says yes.
    #[test]
    fn an_error_that_the_model_states_conforms() {
        let answer = |code: &str| {
            json!({"service": "cleanrooms", "operation": "GetMembership", "request": {"membershipIdentifier": "a".repeat(36)},
                "error": {"code": code, "message": "no"}})
            .to_string()
                + "\n"
        };
        let card = |code: &str| {
            let folder = Folder::new().with("t/a.ndjson", &answer(code));
            let report = json_of(&folder, &["scorecard", "--report", "json", "t"]);
            let card = &report["scorecard"]["services"]["cleanrooms"];
            [&card["called"], &card["answered"], &card["conforming"], &card["failing"]].map(Value::clone)
        };
        assert_eq!(card("AccessDeniedException"), [1, 0, 1, 0].map(Value::from));
        assert_eq!(card("SomethingElse"), [1, 0, 0, 0].map(Value::from));
    }

    /// The recordings of moto 5.2.5 that there is an older scorecard of.
    const OF_MOTO: &[&str] = &[
        "apigateway.yaml",
        "athena.har",
        "autoscaling.har",
        "backup.yaml",
        "batch.har",
        "cloudformation.har",
        "cloudwatch-query.yaml",
        "cloudwatch.har",
        "cognito-idp.har",
        "dynamodb.yaml",
        "ec2.har.gz",
        "ecs.har",
        "eks.har",
        "elasticache.yaml",
        "elb.yaml",
        "elbv2.har",
        "events.har",
        "glue.yaml",
        "guardduty.yaml",
        "iam.yaml",
        "iot.yaml",
        "kinesis.yaml",
        "kms.yaml.zst",
        "lambda.har",
        "logs.yaml",
        "mq.har",
    ];

    #[test]
    #[ignore = "needs botocore's wheel"]
    fn a_newer_moto_has_mended_much() {
        let wheel = crate::support::wheels::wheel("1.44.5");
        let before = root().join("fixtures/scorecards/moto-5.1.0.json");
        let paths = OF_MOTO.iter().map(|name| root().join("fixtures/moto").join(name));
        let paths: Vec<String> =
            [before, wheel].into_iter().chain(paths).map(|path| path.display().to_string()).collect();
        let (before, wheel) = (paths[0].as_str(), paths[1].as_str());
        let arguments = ["scorecard", "--no-config", "--compare", before, "--model", wheel, "--report", "json"];
        let all: Vec<&str> = arguments.into_iter().chain(paths[2..].iter().map(String::as_str)).collect();
        let report = json_of(&Folder::new(), &all);
        let trend = &report["scorecard"]["trend"];
        let count = |key: &str| trend[key].as_array().map(Vec::len);
        let counts = (count("fixed"), count("notCalled"), count("new"), trend["unchanged"].as_u64());
        assert_eq!(counts, (Some(363), Some(0), Some(19), Some(207)));
        let of = |services: &Value, key: &str| services["cloudwatch"][key].clone();
        assert_eq!([of(&trend["services"], "conforming"), of(&trend["services"], "failing")], [json!(0), json!(9)]);
        let now = &report["scorecard"]["services"];
        assert_eq!([of(now, "conforming"), of(now, "failing")], [json!(9), json!(0)]);
    }

    /// The page draws its table itself.
    #[test]
    fn a_scorecard_has_the_same_columns_in_all_forms() {
        let folder = Folder::new().with("t/a.ndjson", &answer(&[]));
        let Ran { stdout, .. } = folder.run(&["scorecard", "--report", "markdown", "t"]);
        let header = stdout.lines().find(|line| line.starts_with("| service | called |")).expect("a table");
        let columns: Vec<&str> = header.trim_matches(['|', ' ']).split(" | ").collect();
        let Ran { stdout, .. } = folder.run(&["scorecard", "t"]);
        let text: Vec<&str> =
            stdout.lines().next().expect("a table").split("  ").filter(|cell| !cell.is_empty()).collect();
        assert_eq!(text.iter().map(|cell| cell.trim()).collect::<Vec<_>>(), columns);
        let page = std::fs::read_to_string(root().join("src/report/html/page.js")).expect("the page's script");
        let numbers = columns[1..columns.len() - 1].iter().map(|name| format!(r#"["{name}", "num"]"#));
        let drawn = std::iter::once(r#"["service"]"#.to_owned()).chain(numbers).collect::<Vec<_>>().join(", ");
        assert!(page.contains(&drawn), "{drawn}");
    }

    #[test]
    fn a_badge_is_drawn_of_what_was_counted() {
        let folder = Folder::new();
        let clean = root().join(CLEAN);
        let clean = clean.to_str().expect("text");
        for (job, said) in [("scorecard", "cleanrooms conforming: "), ("coverage", "cleanrooms covered: ")] {
            let Ran { stdout, .. } = folder.run(&[job, "--report", "badge", clean]);
            assert!(stdout.starts_with("<svg xmlns=") && stdout.contains(said), "{stdout}");
        }
        let Ran { code, stderr, .. } = folder.run(&["check", "--report", "badge", clean]);
        assert!(code == Some(2) && stderr.contains("cannot show what `check` finds"), "{stderr}");
    }
}
