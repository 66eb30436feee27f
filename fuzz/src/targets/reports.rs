//! Names that are anything, in every place that a report shows: its form stays whole, and nothing is obeyed.

use std::path::Path;

use serde_json::{Map, Value, json};
use shapegate::check::{Input, run};
use shapegate::gate::{Approvals, Day, Draft, Settings, judge};

use super::super::invariants;
use super::super::mutation;
use super::super::random::Random;
use super::Target;
use super::fixed::{folder, options, write};

pub(super) const TARGET: Target = Target {
    id: "reports",
    about: "reports: whatever names traffic has, each form is whole, nothing is obeyed, and what is approved stays so",
    seeds: || SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect(),
    mutate: |random: &mut Random, seed, other| mutation::bytes(random, seed, other),
    run: execute,
};

/// Lines: service, operation, member, value, key of a map, header, error code, file name.
const SEEDS: [&str; 3] = [
    "cleanrooms\nGetMembership\nmember\nvalue\nkey\nx-header\nNoSuchThing\na.ndjson",
    "cleanrooms\nCreateMembership\n::error::\n<a>&b;\n| [x](y)\nx\nX:http://y\nb.ndjson",
    "thing\nEchoThing\n=1+1\n\u{202e}\u{1b}[31m\n~1/~0\nx\nThingFault\nc c.ndjson",
];

fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let part = |at: usize| text.split('\n').nth(at).unwrap_or_default();
    let map = Map::from_iter([(part(4).to_owned(), Value::from(part(3)))]);
    let payload = json!({part(2): part(3), "tags": map, "membershipIdentifier": part(3), "queryLogStatus": [part(3)]});
    let url = format!("https://cleanrooms.us-east-1.amazonaws.com/memberships/x?{}={}", part(2), part(3));
    let header = json!([{"name": part(5), "value": part(3)}, {"name": "x-amzn-errortype", "value": part(6)}]);
    let records = [
        json!({"service": part(0), "operation": part(1), "direction": "request", "payload": payload}),
        json!({"service": "cleanrooms", "operation": "CreateMembership", "direction": "request", "payload": payload}),
        json!({"service": "cleanrooms", "operation": part(1), "request": {}, "error": {"code": part(6), part(2): 1}, "status": 400}),
    ];
    let request = json!({"method": "GET", "url": url, "headers": header});
    let response =
        json!({"status": 404, "headers": header, "content": {"text": payload.to_string(), "mimeType": part(3)}});
    let har = json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}});
    let dir = folder();
    let name = part(7).replace(['/', '\0'], "_");
    let name = if name.is_empty() || name.len() > 200 || name.starts_with('.') { "a.ndjson" } else { &name };
    let lines = records.map(|record| record.to_string()).join("\n");
    let paths = [
        write(dir.path(), Path::new(name), lines.as_bytes()),
        write(dir.path(), Path::new("a.har"), har.to_string().as_bytes()),
    ];
    let mut options = options();
    options.list = true;
    let checked = run(paths.map(Input::Path).into(), &options).expect("contracts are sound");
    let outcome = checked.into_outcome();
    approved(&outcome);
    assert!(invariants::outcome(outcome) > 0, "nothing was found");
}

/// What is approved is accepted by the file that says so.
fn approved(outcome: &shapegate::outcome::Outcome) {
    let place = Path::new("shapegate-approvals.toml");
    let today = Day::of_unix_time(0);
    let verdict =
        judge(outcome.clone(), &Settings::default(), &Approvals::none(place), today).expect("something was read");
    let Ok(mut draft) = Draft::parse("", place, today) else { panic!("an empty file can be edited") };
    if draft.add(&verdict.to_approve, "seen", None).is_err() {
        return;
    }
    let text = draft.text().expect("what was added can be written");
    let approvals = Approvals::parse(&text, place).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = judge(outcome.clone(), &Settings::default(), &approvals, today).expect("something was read");
    assert!(again.to_approve.is_empty(), "{text}");
}
