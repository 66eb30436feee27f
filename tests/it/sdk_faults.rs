//! Faults that were served to real SDKs: each is found, with the right rule and place, in what each SDK's recorder kept.
//!
//! `fixtures/sdk-faults/table.tsv` says what is wrong with each exchange, and what each client made of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::json;
use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::evidence::Evidence;
use shapegate::expectation::Expectations;
use shapegate::finding::{Area, Finding};
use shapegate::ingest::embedded;
use shapegate::ingest::source::Source as Models;
use shapegate::model::{Direction, Protocol};
use shapegate::protocol;
use shapegate::recording::{self, Entry, Source};
use shapegate::report;
use shapegate::rules::effects::{Effect, Effects, MEASURED, Measured, Sdk};

use crate::support::{check_paths, root};

const CONTRACT: &str = "cleanrooms@2023-08-30";
const FOLDER: &str = "fixtures/sdk-faults";

/// A line of the table.
struct Row {
    id: String,
    operation: String,
    rule: String,
    pointer: String,
    place: String,
    /// What boto3, the JavaScript SDK and the Rust SDK did.
    clients: [String; 3],
}

fn table() -> Vec<Row> {
    let text = fs::read_to_string(root().join(FOLDER).join("table.tsv")).expect("the table is part of the fixtures");
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [id, operation, rule, pointer, place, boto3, js, rust] =
            <[String; 8]>::try_from(cells).expect("eight cells");
        let pointer = if pointer == "-" { String::new() } else { pointer };
        Row { id, operation, rule, pointer, place, clients: [boto3, js, rust] }
    };
    text.lines().skip(1).map(row).collect()
}

fn checked(file: &str) -> Checked {
    check_paths(CONTRACT, &[root().join(FOLDER).join(file)])
}

/// Rows that the file's client was served, in the order of its exchanges.
fn served<'t>(table: &'t [Row], file: &str) -> Vec<&'t Row> {
    // Only boto3 can be made to send what is wrong.
    table.iter().filter(|row| file == "boto3.yaml" || row.id.starts_with("response.")).collect()
}

/// What a recorder does not keep: nock parses bodies, and writes null for a body of null and for none.
fn is_kept(file: &str, row: &Row) -> bool {
    file != "js.json" || !(row.id.contains("duplicate-key") || row.id.ends_with("null-at-the-top"))
}

#[test]
fn every_fault_is_found_where_it_is() {
    let table = table();
    assert_eq!(table.len(), 125);
    let mut wrong = Vec::new();
    for file in ["boto3.yaml", "js.json", "rust.json"] {
        let checked = checked(file);
        let rows = served(&table, file);
        assert_eq!(checked.tally.exchanges, rows.len(), "{file}");
        for (entry, row) in rows.iter().enumerate() {
            let findings = checked.findings.iter().filter(|finding| finding.location.entry == Some(entry));
            let found: BTreeSet<(&str, &str, &str, &str)> = findings
                .map(|finding| {
                    let place = finding.origin.as_ref().map_or("", |origin| origin.part);
                    (finding.rule.id, &*finding.pointer, finding.operation.as_deref().unwrap_or(""), place)
                })
                .collect();
            let expected = (&*row.rule, &*row.pointer, &*row.operation, part(&row.place));
            let expected = BTreeSet::from([expected]);
            if is_kept(file, row) && found != expected {
                wrong.push(format!("{file} {entry} {}\n  expected {expected:?}\n  found    {found:?}", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The kind of part of a message that a place of the table is.
fn part(place: &str) -> &'static str {
    match place.split(' ').next().unwrap_or_default() {
        "path" => "path label",
        "query" => "query parameter",
        "header" => "header",
        "status" => "status",
        _ => "body",
    }
}

/// What only a message can show: the parts that other formats do not keep.
const OF_MESSAGES: &[&str] = &["undecodable-body", "unexpected-content-type", "empty-label"];
/// What an SDK's parsed output does not show either: it has no wire forms and no repeated keys.
const OF_WIRES: &[&str] = &["duplicate-key", "timestamp-form", "error-in-success"];

/// Entry, rule, direction and pointer of each finding.
fn said(checked: &Checked, without: &[&[&str]]) -> Said {
    let findings = checked.findings.iter().filter(|finding| !without.concat().contains(&finding.rule.id));
    let one = |f: &Finding| (f.location.entry.unwrap_or(0), f.rule.id.to_owned(), f.direction, f.pointer.clone());
    findings.map(one).collect()
}

type Said = BTreeSet<(usize, String, Option<Direction>, String)>;

fn assert_same(expected: &Said, found: &Said, what: &str) {
    let (missing, surplus): (Vec<_>, Vec<_>) =
        (expected.difference(found).collect(), found.difference(expected).collect());
    assert!(missing.is_empty() && surplus.is_empty(), "{what}: missing {missing:#?}\nsurplus {surplus:#?}");
}

#[test]
fn the_same_calls_in_other_formats_have_the_same_findings() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = root().join(FOLDER).join("boto3.yaml");
    let bytes = fs::read(&path).expect("a recording");
    let service = embedded::find(CONTRACT).and_then(embedded::Embedded::load).expect("an embedded contract").service;
    let (mut har, mut records, mut responses) = (Vec::new(), String::new(), Vec::new());
    let source = Source::whole(&path, &bytes);
    recording::format("vcrpy").expect("a format").read(&source, &mut |entry| {
        let Entry::Http(http) = entry else { panic!("every entry can be read") };
        har.push(convert::har(&http));
        let evidence = Evidence::of(&http.request);
        let routed = protocol::route(&service, &http.request, &evidence).expect("an operation");
        let exchange = protocol::decode(&service, &routed, &http);
        records.push_str(&convert::record(&exchange));
        records.push('\n');
        responses.push((exchange.operation.to_string(), convert::placebo(&exchange)));
    });
    let write = |name: &str, text: String| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("a writable folder");
        check_paths(CONTRACT, &[path])
    };
    let original = checked("boto3.yaml");
    let as_har = write("a.har", json!({"log": {"version": "1.2", "entries": har}}).to_string());
    assert_same(&said(&original, &[]), &said(&as_har, &[]), "HAR");
    // Of a body that is none, or null, a recorder of values keeps nothing.
    let kept = |said: Said| -> Said {
        let lost =
            |f: &&Finding| OF_MESSAGES.contains(&f.rule.id) || (f.rule.id == "null-member" && f.pointer.is_empty());
        let lost: BTreeSet<_> = original.findings.iter().filter(lost).filter_map(|f| f.location.entry).collect();
        said.into_iter().filter(|(entry, ..)| !lost.contains(entry)).collect()
    };
    let as_records = write("records.ndjson", records);
    assert_same(&kept(said(&original, &[])), &kept(said(&as_records, &[])), "exchange records");
    // A file of placebo is one response.
    let mut as_placebo = BTreeSet::new();
    for (entry, (operation, text)) in responses.into_iter().enumerate() {
        let one = write(&format!("cleanrooms.{operation}_1.json"), text);
        as_placebo.extend(said(&one, &[OF_WIRES]).into_iter().map(|(_, a, b, c)| (entry, a, b, c)));
    }
    let expected: Said = kept(said(&original, &[OF_WIRES]))
        .into_iter()
        .filter(|(_, _, direction, _)| *direction == Some(Direction::Response))
        .collect();
    assert!(expected.len() > 60, "{}", expected.len());
    assert_same(&expected, &kept(as_placebo), "placebo");
}

/// One exchange in the forms of other recorders.
mod convert {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};
    use shapegate::recording::{Exchange, Headers, HttpExchange, Payload, Written};

    fn headers(headers: &Headers<'_>) -> Value {
        headers.iter().map(|(name, value)| json!({"name": name, "value": value.text()})).collect()
    }

    fn body(body: Option<&Written<'_>>) -> Value {
        match body.map(|body| std::str::from_utf8(&body.bytes).map_err(|_| STANDARD.encode(&body.bytes))) {
            None => json!({}),
            Some(Ok(text)) => json!({"text": text}),
            Some(Err(packed)) => json!({"text": packed, "encoding": "base64"}),
        }
    }

    pub(super) fn har(http: &HttpExchange<'_>) -> Value {
        let response = http.response.as_ref().expect("a response");
        json!({
            "request": {
                "method": http.request.method, "url": http.request.url.text(),
                "headers": headers(&http.request.headers), "postData": body(http.request.body.as_ref()),
            },
            "response": {
                "status": response.status, "headers": headers(&response.headers), "content": body(response.body.as_ref()),
            },
        })
    }

    /// The text of a payload, for a repeated key is a text's own.
    fn text(payload: &Payload<'_>) -> String {
        match &payload.value {
            Some(value) => value.to_string(),
            None if serde_json::from_str::<Value>(payload.text).is_ok() => payload.text.to_owned(),
            // What cannot be decoded is nothing to a recorder of values.
            None => "null".to_owned(),
        }
    }

    pub(super) fn record(exchange: &Exchange<'_>) -> String {
        let mut parts = vec![format!(r#""service": "cleanrooms", "operation": "{}""#, exchange.operation)];
        parts.extend(exchange.request.as_ref().map(|request| format!(r#""request": {}"#, text(request))));
        parts.extend(exchange.response.as_ref().map(|response| format!(r#""response": {}"#, text(response))));
        if let Some(error) = &exchange.error {
            let mut value: Value = serde_json::from_str(&text(&error.payload)).expect("JSON");
            if let (Some(code), Some(members)) = (&error.code, value.as_object_mut()) {
                members.insert("code".into(), code.as_ref().into());
            }
            parts.push(format!(r#""error": {value}"#));
        }
        parts.extend(exchange.status.map(|status| format!(r#""status": {status}"#)));
        format!("{{{}}}", parts.join(", "))
    }

    /// A response as boto hands it over: times are datetimes.
    pub(super) fn placebo(exchange: &Exchange<'_>) -> String {
        let payload = exchange.response.as_ref().or(exchange.error.as_ref().map(|error| &error.payload));
        let mut data: Value =
            payload.map_or(Value::Null, |payload| serde_json::from_str(&text(payload)).expect("JSON"));
        times(&mut data);
        if let (Some(error), Some(members)) = (&exchange.error, data.as_object_mut()) {
            let message = members.shift_remove("message");
            let code = error.code.as_deref().map_or_else(|| exchange.status.unwrap_or(0).to_string(), str::to_owned);
            members.insert("Error".into(), json!({"Code": code, "Message": message}));
        }
        json!({"status_code": exchange.status, "data": data}).to_string()
    }

    fn times(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    if key.ends_with("Time") && member.is_number() {
                        *member = json!({"__class__": "datetime", "year": 2023, "month": 8, "day": 31, "hour": 10,
                                         "minute": 0, "second": 0, "microsecond": 0});
                    } else {
                        times(member);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(times),
            _ => {}
        }
    }
}

#[test]
fn faultless_twins_are_silent() {
    for file in ["boto3-clean.yaml", "js-clean.json", "rust-clean.json"] {
        let checked = checked(file);
        assert!(checked.findings.is_empty(), "{file}: {:#?}", checked.findings);
        assert!(checked.tally.exchanges > 10, "{file}: {:?}", checked.tally);
    }
}

#[test]
fn documents_count_as_the_table_does() {
    let page = fs::read_to_string(root().join("docs/src/sdks.md")).expect("a page of the book");
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let table = table();
    let responses: Vec<&Row> = table.iter().filter(|row| row.id.starts_with("response.")).collect();
    let count = |client: usize, what: &str| responses.iter().filter(|row| row.clients[client] == what).count();
    let silent = responses.iter().filter(|row| row.clients.iter().all(|client| client != "error")).count();
    let lines = [
        format!("| raises an error | {} | {} | {} | – |", count(0, "error"), count(1, "error"), count(2, "error")),
        format!("| shows an `Unknown` variant | – | – | {} | – |", count(2, "unknown-variant")),
        format!(
            "| takes it as if nothing were wrong | {} | {} | {} | – |",
            count(0, "accepted"),
            count(1, "accepted"),
            count(2, "accepted")
        ),
        format!("| reports rule and place | – | – | – | {} |", responses.len()),
        format!("{silent} of the {} raise an error in none of the three", responses.len()),
    ];
    for line in lines {
        assert!(page.contains(&line), "the page lacks {line:?}");
    }
    // It names the same numbers in one sentence.
    let sentence = format!("of {}\nfaulty responses, {silent} raise no error in any", responses.len());
    assert!(readme.contains(&sentence), "the README lacks {sentence:?}");
}

/// A fault that was measured: its finding, the protocol, and what the clients did.
struct Fault {
    finding: Finding,
    protocol: Protocol,
    did: Did,
}

/// What a cell of a table says.
fn effect(rule: &str, cell: &str) -> Option<Effect> {
    match cell {
        "error" => Some(Effect::Raises),
        "accepted" => Some(Effect::Takes),
        // Of an enumeration that is not there.
        "unknown-variant" if matches!(rule, "missing-member" | "null-member") => Some(Effect::Invents),
        "unknown-variant" => Some(Effect::ShowsUnknown),
        "invented" => Some(Effect::Invents),
        _ => None,
    }
}

/// Faults of restJson1, as three clients met them.
fn of_rest_json() -> Vec<Fault> {
    let checked = checked("boto3.yaml");
    let fault = |(entry, row): (usize, &Row)| {
        let mut own = checked.findings.iter().filter(|finding| finding.location.entry == Some(entry));
        let finding = own.find(|finding| finding.rule.id == row.rule).expect("it is found").clone();
        let [boto3, javascript, rust] = [0, 1, 2].map(|client| effect(&row.rule, &row.clients[client]));
        let did = [boto3, javascript, rust, None];
        row.id.starts_with("response.").then_some(Fault { finding, protocol: Protocol::RestJson, did })
    };
    table().iter().enumerate().filter_map(fault).collect()
}

const PROTOCOLS: [(&str, Protocol); 5] = [
    ("json", Protocol::AwsJson),
    ("query", Protocol::AwsQuery),
    ("rest-xml", Protocol::RestXml),
    ("ec2", Protocol::Ec2Query),
    ("smithy-rpc-v2-cbor", Protocol::RpcV2Cbor),
];

/// Faults of another protocol, as botocore and the JavaScript SDK met them.
fn of_protocol(name: &str, protocol: Protocol) -> Vec<Fault> {
    of_table("protocols", name, protocol, &|rule, row| [effect(rule, row[4]), effect(rule, row[5]), None, None])
}

/// The same as the SDKs for Rust and Go met them, in services that they have clients of.
fn of_clients(name: &str, protocol: Protocol) -> Vec<Fault> {
    of_table("clients", name, protocol, &|rule, row| [None, None, effect(rule, row[4]), effect(rule, row[5])])
}

/// What clients did by a row of a table, whose rule is given.
type Did = [Option<Effect>; Sdk::ALL.len()];

/// The faults of one protocol in a table. Exchanges without any stand first.
fn of_table(folder: &str, name: &str, protocol: Protocol, did: &dyn Fn(&str, &[&str]) -> Did) -> Vec<Fault> {
    let folder = root().join(FOLDER).join(folder);
    let source = Models::open(&folder.join("models").join(name)).expect("a model");
    let mut catalog = Catalog::default();
    catalog.add_source(source);
    let inputs = vec![Input::Path(folder.join(format!("{name}.har")))];
    let findings = run(inputs, &Options::new(&catalog, &Expectations::default())).expect("traffic").findings;
    let text = fs::read_to_string(folder.join("table.tsv")).expect("the table is part of the fixtures");
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[0] == protocol.as_str());
    let mut faults = Vec::new();
    for (entry, row) in rows.enumerate() {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.location.entry == Some(entry)).collect();
        if row[1] == "clean" {
            assert!(own.is_empty() && row[4] == "accepted", "{name}: {own:?}");
            continue;
        }
        let [finding] = own[..] else { panic!("{name} {}: {own:?}", row[1]) };
        let pointer = if row[3] == "-" { "" } else { row[3] };
        assert_eq!((finding.rule.id, &*finding.pointer), (row[2], pointer), "{name} {}", row[1]);
        faults.push(Fault { finding: finding.clone(), protocol, did: did(row[2], &row) });
    }
    assert!(faults.len() > 14);
    faults
}

/// The table of `explain` says what the fixtures say, and no more.
#[test]
fn the_table_of_effects_is_what_was_measured() {
    let mut measured: BTreeMap<(String, &str, String), [BTreeSet<Effect>; Sdk::ALL.len()]> = BTreeMap::new();
    let others = PROTOCOLS.map(|(name, protocol)| of_protocol(name, protocol));
    // Of ec2Query the one service is too large a client to build.
    let in_clients =
        PROTOCOLS.into_iter().filter(|(name, _)| *name != "ec2").map(|(name, protocol)| of_clients(name, protocol));
    for faults in std::iter::once(of_rest_json()).chain(others).chain(in_clients) {
        for Fault { finding, protocol, did } in faults {
            let spoken = finding.spoken.clone().expect("it is about a response");
            assert_eq!(spoken.protocol, protocol, "{finding:?}");
            let key = (finding.rule.id.to_owned(), protocol.as_str(), spoken.kind.into_owned());
            let all = measured.entry(key).or_default();
            all.iter_mut().zip(did).for_each(|(all, one)| all.extend(one));
        }
    }
    let line = |((rule, protocol, kind), did): (&(String, &str, String), &[BTreeSet<Effect>; Sdk::ALL.len()])| {
        format!("{rule} {protocol} {kind}: {did:?}")
    };
    let expected: Vec<String> = measured.iter().map(line).collect();
    let table = MEASURED.iter().map(|one| {
        let did = one.effects.map(|effects| effects.iter().copied().collect::<BTreeSet<_>>());
        line((&(one.rule.to_owned(), one.protocol.as_str(), one.kind.to_owned()), &did))
    });
    assert_eq!(table.collect::<Vec<_>>().join("\n"), expected.join("\n"));
    for one in MEASURED {
        let rule = shapegate::rules::find(one.rule).expect("a rule");
        assert!(rule.id == one.rule && rule.area == Area::Traffic, "{}", one.rule);
        assert!(one.effects.iter().all(|effects| effects.is_sorted()), "{one:?}");
    }
}

/// A finding says of itself what its row of the table does, by its protocol and kind of shape; in requests nothing.
#[test]
fn findings_in_json_say_what_sdks_make_of_them() {
    let said = |finding: &Finding| {
        let row = serde_json::to_value(report::row(finding, finding.weight)).expect("JSON");
        row.get("sdkEffects").cloned()
    };
    let mut counts = [0; 2];
    for finding in checked("boto3.yaml").findings {
        let known = finding.direction == Some(Direction::Response);
        counts[usize::from(known)] += 1;
        assert_eq!(said(&finding).is_some(), known, "{finding:?}");
        let Some(said) = said(&finding) else { continue };
        assert_eq!(said["protocol"], "restJson1");
        let is_its_row = |one: &&Measured| {
            one.rule == finding.rule.id && one.protocol == Protocol::RestJson && said["kind"] == one.kind
        };
        let row = MEASURED.iter().find(is_its_row).expect("each of these faults was measured");
        for (sdk, effects) in Sdk::ALL.into_iter().zip(row.effects).filter(|(_, effects)| !effects.is_empty()) {
            let words: Vec<&str> = effects.iter().map(|effect| effect.as_str()).collect();
            assert_eq!(said["effects"][sdk.as_str()], json!(words), "{finding:?}");
        }
        assert_eq!(said["notMeasured"], json!(["Go"]));
    }
    assert!(counts.iter().all(|count| *count > 15), "{counts:?}");
    let in_ec2 = of_protocol("ec2", Protocol::Ec2Query);
    let fault = in_ec2.iter().find(|fault| fault.finding.rule.id == "unknown-enum-value").expect("one");
    let expected = json!({"protocol": "ec2Query", "kind": "enum", "effects": {"boto3": ["takes"], "JavaScript": ["takes"]},
        "notMeasured": ["Rust", "Go"]});
    assert_eq!(said(&fault.finding), Some(expected));
    let mut other = fault.finding.clone();
    other.rule = shapegate::rules::find("duplicate-key").expect("a rule");
    assert_eq!(said(&other).expect("a response")["notMeasured"], json!(["boto3", "JavaScript", "Rust", "Go"]));
    let effects = Effects::of(&fault.finding).expect("a response").to_string();
    assert_eq!(effects, "boto3 takes, JavaScript takes, Rust not measured, Go not measured");
}
