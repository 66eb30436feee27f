//! Speed as counts: how often costly work is done on fixed inputs. Seconds differ from machine to machine; these do not, and
//! one that grows is a run that became slower.

use serde_json::json;

use crate::support::folder::{DATA, Folder, run_in};
use crate::support::root;

/// The line of counts that a run prints on stderr.
fn counts(folder: &std::path::Path, arguments: &[&str]) -> String {
    let ran = run_in(folder, arguments, &[("SHAPEGATE_COUNTS", "1")]);
    let line = ran.stderr.lines().find_map(|line| line.strip_prefix("counts: "));
    line.unwrap_or_else(|| panic!("{}\n{}", ran.stdout, ran.stderr)).to_owned()
}

fn of_check(contract: [&str; 2], path: &str) -> String {
    let [option, contract] = contract;
    counts(root(), &["check", "--threads", "1", option, contract, path])
}

#[test]
fn clean_records_build_no_validator_and_are_parsed_once() {
    let own = ["--contract", "cleanrooms@2023-08-30"];
    let counted = of_check(own, "fixtures/recordings/cleanrooms/payloads.ndjson");
    assert_eq!(counted, "models 1, shapes 58, programs 74, schemas 0, validators 0, patterns 2, doubts 0, bodies 0");
}

#[test]
fn a_call_of_one_operation_reads_its_shapes_alone() {
    let thing = std::fs::read_to_string(root().join("fixtures/contracts/thing/2020-01-01/service-2.json"));
    let query = std::fs::read_to_string(root().join("fixtures/contracts/aws-query/service-2.json"));
    let folder = Folder::new()
        .with(DATA, &thing.expect("the fixture is there"))
        .with("botocore/data/query/2020-01-01/service-2.json", &query.expect("the fixture is there"))
        .with(
            "a.ndjson",
            r#"{"service": "thing", "operation": "MeasureThing", "direction": "request", "payload": {"small": 1}}"#,
        );
    let counted = counts(folder.path(), &["check", "--threads", "1", "--model", "botocore/data", "a.ndjson"]);
    assert_eq!(counted, "models 1, shapes 14, programs 2, schemas 0, validators 0, patterns 0, doubts 0, bodies 0");
}

#[test]
fn members_that_every_sdk_passes_over_build_no_validator() {
    let thing = std::fs::read_to_string(root().join("fixtures/contracts/thing/2020-01-01/service-2.json"));
    let error = r#"{"service":"thing","operation":"EchoThing","error":{"code":"ThingFault","message":"m"}}"#;
    let answer = r#"{"service":"thing","operation":"MeasureThing","response":{"__type":"thing#Measure","small":1}}"#;
    let folder = Folder::new()
        .with(DATA, &thing.expect("the fixture is there"))
        .with("a.ndjson", &format!("{error}\n{answer}\n"));
    let counted = counts(folder.path(), &["check", "--threads", "1", "--model", "botocore/data", "a.ndjson"]);
    assert!(counted.ends_with("schemas 0, validators 0, patterns 0, doubts 0, bodies 0"), "{counted}");
}

#[test]
fn services_that_are_equal_in_both_releases_are_not_read() {
    let thing = std::fs::read_to_string(root().join("fixtures/contracts/thing/2020-01-01/service-2.json"));
    let thing = thing.expect("the fixture is there");
    let folder = Folder::new().with(&format!("old/{DATA}"), &thing).with(&format!("new/{DATA}"), &thing);
    for (side, length) in [("old", "36"), ("new", "37")] {
        let other = thing.replace("36", length).replace("Thing", "Other");
        folder.write(&format!("{side}/botocore/data/other/2020-01-01/service-2.json"), &other);
    }
    let sides = ["--from", "old", "--to", "new", "--no-witnesses"];
    let counted = counts(folder.path(), &[&["gate", "--threads", "1"][..], &sides].concat());
    assert_eq!(counted, "models 2, shapes 108, programs 0, schemas 0, validators 0, patterns 0, doubts 0, bodies 0");
}

#[test]
fn a_file_that_many_exchanges_name_is_read_once() {
    let name = format!("{}.txt", "0a".repeat(20));
    let entry = json!({"request": {"method": "GET", "url": "https://api.example.com/", "headers": []},
        "response": {"status": 200, "headers": [], "content": {"_file": name}}});
    let har = json!({"log": {"version": "1.2", "entries": vec![entry; 200]}}).to_string();
    let folder = Folder::new().with("a.har", &har).with(&name, &"a text ".repeat(20_000));
    let counted = counts(folder.path(), &["check", "--threads", "1", "a.har"]);
    assert!(counted.ends_with(", bodies 1"), "{counted}");
}

#[test]
fn witnesses_are_drawn_for_a_bounded_number_of_operations() {
    let model = |most: u32| {
        let name = |number: usize| format!("Make{number:03}");
        let operation = |number: usize| {
            let http = json!({"method": "POST", "requestUri": format!("/{}", name(number))});
            let (input, output) = (format!("In{number}"), format!("Out{number}"));
            (
                name(number),
                json!({"name": name(number), "http": http, "input": {"shape": input}, "output": {"shape": output}}),
            )
        };
        let structure = |half: &str, number: usize| {
            let members = json!({"a": {"shape": format!("Text{half}{number}")}});
            (format!("{half}{number}"), json!({"type": "structure", "members": members}))
        };
        let text = |half: &str, number: usize| (format!("Text{half}{number}"), json!({"type": "string", "max": most}));
        let mut shapes = serde_json::Map::new();
        for number in 0..300 {
            shapes.extend(["In", "Out"].map(|half| structure(half, number)));
            shapes.extend(["In", "Out"].map(|half| text(half, number)));
        }
        let operations: serde_json::Map<_, _> = (0..300).map(operation).collect();
        json!({"metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "rest-json", "serviceId": "Thing"},
            "operations": operations, "shapes": shapes})
        .to_string()
    };
    let folder = Folder::new().with("old.json", &model(9)).with("new.json", &model(8));
    let counted = counts(folder.path(), &["gate", "--threads", "1", "--from", "old.json", "--to", "new.json"]);
    let schemas = counted.split(", ").find_map(|count| count.strip_prefix("schemas ")?.parse::<usize>().ok());
    // Of 600 halves 500 have one, and each needs the schemas of both releases, and that of the text that is in doubt.
    assert_eq!(schemas, Some(1_500), "{counted}");
}
