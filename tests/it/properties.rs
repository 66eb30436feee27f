//! Properties of verdicts: the two paths agree, a second validator agrees, and the page allows what the model allows.

use std::cell::Cell;
use std::sync::LazyLock;

use proptest::test_runner::TestCaseResult;
use proptest::{prop_assert, prop_assert_eq};
use serde_json::Value;
use shapegate::contract::{Breach, BreachKind, Contract, Observation};
use shapegate::ingest::api_changes;
use shapegate::model::{Direction, Encoding, ShapeId};
use shapegate::recording::{Exchange, Extent, Failure, Payload, ServiceName, json};
use shapegate::schema::Emitter;

use crate::drawing::contracts::{DOCUMENTED, embedded, thing};
use crate::drawing::draw::Draw;
use crate::drawing::text::Node;
use crate::drawing::{choices, hold};

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];
const ENCODINGS: [Encoding; 2] = [Encoding::Wire, Encoding::Parsed];

/// A payload's place: which contract, and what of it.
struct Subject {
    name: String,
    contract: &'static Contract,
    operation: String,
    half: Half,
    encoding: Encoding,
    schema: Value,
    /// The schema by itself, without our keywords.
    second: jsonschema::Validator,
}

enum Half {
    Payload(Direction),
    Error(&'static str),
}

impl Subject {
    fn new(contract: &'static Contract, operation: &str, half: Half, encoding: Encoding) -> Self {
        let emitter = Emitter::new(contract.service());
        let schema = match half {
            Half::Payload(direction) => emitter.operation(operation, direction, encoding),
            Half::Error(code) => emitter.error(&ShapeId::new(code), encoding),
        };
        let schema = schema.expect("the contract has it");
        let second = jsonschema::validator_for(&schema).expect("emitted schemas compile");
        let operation = operation.to_owned();
        Self { name: contract.service().name.clone(), contract, operation, half, encoding, schema, second }
    }

    fn exchange<'t>(&'t self, text: &'t str) -> Exchange<'t> {
        let payload = Payload::text(text, self.encoding);
        let name = ServiceName::Name(self.name.as_str().into());
        let mut exchange = Exchange::named(name, self.operation.as_str().into(), Extent::Payload);
        match self.half {
            Half::Payload(Direction::Request) => exchange.request = Some(payload),
            Half::Payload(Direction::Response) => exchange.response = Some(payload),
            Half::Error(code) => exchange.error = Some(Failure { code: Some(code.into()), needs_code: true, payload }),
        }
        exchange
    }

    fn observe(&self, text: &str) -> (Observation, Observation) {
        let exchange = self.exchange(text);
        let quick = self.contract.observe(&exchange).expect("emitted schemas compile");
        (quick, self.contract.observe_in_full(&exchange).expect("emitted schemas compile"))
    }

    fn is_answer(&self) -> bool {
        !matches!(self.half, Half::Payload(Direction::Request))
    }

    /// Whether this is there for what nothing can be sure of.
    fn is_doubtful(&self) -> bool {
        self.operation == "DoubtThing"
    }
}

/// Subjects by contract.
static SUBJECTS: LazyLock<Vec<Vec<Subject>>> = LazyLock::new(|| {
    let mut by_contract = Vec::new();
    for (service, operations, error) in [
        (embedded("cleanrooms@2023-08-30"), &DOCUMENTED[..], "ValidationException"),
        (embedded("cleanrooms@2026-11-17"), &DOCUMENTED[..2], "ConflictException"),
        (thing(), &["EchoThing", "MeasureThing", "KeepThing", "ChooseThing", "DoubtThing", "Ping"][..], "ThingFault"),
    ] {
        let contract: &'static Contract = Box::leak(Box::new(Contract::new(service)));
        let mut subjects = Vec::new();
        for encoding in ENCODINGS {
            for operation in operations {
                let half = |direction| Subject::new(contract, operation, Half::Payload(direction), encoding);
                subjects.extend(DIRECTIONS.map(half));
            }
            subjects.push(Subject::new(contract, operations[0], Half::Error(error), encoding));
        }
        by_contract.push(subjects);
    }
    by_contract
});

fn subject(draw: &mut Draw<'_>) -> &'static Subject {
    // The service of our own making has most to offer.
    let contract = *draw.of(&[0, 1, 2, 2]);
    &SUBJECTS[contract][draw.pick(SUBJECTS[contract].len())]
}

/// Shares of what a property saw, so that none holds for want of cases.
#[derive(Default)]
struct Share {
    all: Cell<u32>,
    part: Cell<u32>,
}

impl Share {
    fn count(&self, counts: bool) {
        self.all.set(self.all.get() + 1);
        self.part.set(self.part.get() + u32::from(counts));
    }

    fn assert_above(&self, percent: u32, what: &str) {
        let (part, all) = (self.part.get(), self.all.get());
        assert!(part * 100 >= all * percent && all > 0, "{what}: {part} of {all}, fewer than {percent} %");
    }
}

#[test]
fn what_fits_the_schema_has_no_breach_on_either_path() {
    let (cleanrooms, thing) = (Share::default(), Share::default());
    hold(2000, &choices(160), |numbers| {
        let mut draw = Draw::new(&numbers);
        let subject = subject(&mut draw);
        let Some(payload) = draw.payload(&subject.schema) else { return Ok(()) };
        let text = Node::of(&payload).write(&mut draw);
        let (quick, full) = subject.observe(&text);
        prop_assert_eq!(&quick.breaches, &full.breaches, "{}", text);
        // A time may fit and be finer than SDKs keep.
        let fits = full.breaches.iter().all(|breach| matches!(breach.kind, BreachKind::TimestampPrecision { .. }));
        prop_assert!(fits || subject.is_doubtful(), "{}: {:?}", text, full.breaches);
        if !subject.is_doubtful() && full.breaches.is_empty() {
            let share = if subject.name == "thing" { &thing } else { &cleanrooms };
            share.count(quick.surely == 1);
        }
        Ok(())
    });
    cleanrooms.assert_above(95, "payloads of Clean Rooms that the fast path settles");
    // A fifth of these hold what the fast path leaves alone on purpose, such as a document with members.
    thing.assert_above(70, "payloads of the thing service that the fast path settles");
}

#[test]
fn what_the_fast_path_is_sure_of_the_full_path_finds_nothing_in() {
    let (broken, settled) = (Share::default(), Share::default());
    hold(10_000, &choices(200), |numbers| {
        let Some((subject, text)) = altered(&numbers) else { return Ok(()) };
        let (quick, full) = subject.observe(&text);
        prop_assert_eq!(&quick.breaches, &full.breaches, "{} {}", subject.operation, text);
        prop_assert_eq!(quick.payloads, full.payloads);
        prop_assert_eq!(full.surely, 0);
        let undecided = |breach: &Breach| matches!(breach.kind, BreachKind::Undecided { .. });
        prop_assert!(subject.is_doubtful() || !full.breaches.iter().any(undecided), "{}: {:?}", text, full.breaches);
        broken.count(!full.breaches.is_empty());
        settled.count(quick.surely == 1);
        Ok(())
    });
    broken.assert_above(50, "altered payloads with breaches");
    settled.assert_above(5, "altered payloads that the fast path settles");
}

/// The full path is built on the same crate as this validator, but for the matching of patterns, byte bounds, repeated
/// keys and what is tolerated.
#[test]
fn a_validator_without_our_keywords_agrees() {
    let (accepted, refused) = (Share::default(), Share::default());
    hold(2500, &choices(200), |numbers| {
        let Some((subject, text)) = altered(&numbers) else { return Ok(()) };
        let Ok((value, repeated)) = json::parse(&text) else { return Ok(()) };
        let full = subject.contract.observe_in_full(&subject.exchange(&text)).expect("emitted schemas compile");
        let accepts = subject.second.is_valid(&value);
        accepted.count(accepts);
        refused.count(!accepts);
        let mut kinds = full.breaches.iter().map(|breach| &breach.kind);
        if accepts {
            // The schema alone sees what a number was rounded to.
            let is_rounded = !repeated.rounded.is_empty();
            prop_assert!(is_rounded || kinds.all(is_beyond_json_schema), "{}: {:?}", text, full.breaches);
        } else if full.breaches.is_empty() && repeated.repeated.is_empty() {
            prop_assert!(subject.is_answer() && is_tolerable(&value), "{} is refused by the schema alone", text);
        }
        Ok(())
    });
    accepted.assert_above(15, "altered payloads that the schema accepts");
    refused.assert_above(40, "altered payloads that the schema refuses");
}

fn is_beyond_json_schema(kind: &BreachKind) -> bool {
    match kind {
        BreachKind::Length { unit, .. } => *unit == "bytes",
        BreachKind::RepeatedKey
        | BreachKind::TimestampPrecision { .. }
        | BreachKind::NotChecked { .. }
        | BreachKind::Unsatisfiable { .. }
        | BreachKind::Undecided { .. } => true,
        _ => false,
    }
}

/// Whether the value has members that every SDK passes over.
fn is_tolerable(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_tolerable),
        Value::Object(map) => {
            let passed_over = ["__type", "code", "message", "Message"];
            map.keys().any(|key| passed_over.contains(&key.as_str())) || map.values().any(is_tolerable)
        }
        _ => false,
    }
}

/// A payload of some subject that is a little off what the schema says, or off what JSON says, or both.
fn altered(numbers: &[u32]) -> Option<(&'static Subject, String)> {
    let mut draw = Draw::new(numbers);
    let subject = subject(&mut draw);
    let way = draw.pick(3);
    if way > 0 {
        draw.slip_once();
    }
    let mut node = Node::of(&draw.payload(&subject.schema)?);
    if way < 2 {
        node.mutate(&mut draw);
    }
    let mut text = node.write(&mut draw);
    if draw.once_in(16) {
        text.push_str(draw.of::<&str>(&["x", "{}", ",", "\u{0}", " 1", "\n\n"]));
    }
    Some((subject, text))
}

/// A page says less than the model, so it can only allow more.
#[test]
fn the_page_allows_what_the_model_allows() {
    let page = include_str!("../../fixtures/pages/cleanrooms-2023-08-30.txt");
    let documented = api_changes::parse(page, "page").expect("a sound page").ingested.service;
    let modelled = embedded("cleanrooms@2023-08-30");
    let (documented, modelled) = (Emitter::new(&documented), Emitter::new(&modelled));
    let compiled = |schema: &Value| jsonschema::validator_for(schema).expect("emitted schemas compile");
    let mut pairs = Vec::new();
    for operation in DOCUMENTED {
        for direction in DIRECTIONS {
            let schema = |emitter: &Emitter<'_>| {
                emitter.operation(operation, direction, Encoding::Wire).expect("both have the operation")
            };
            let modelled = schema(&modelled);
            pairs.push((compiled(&schema(&documented)), compiled(&modelled), modelled));
        }
    }
    assert_eq!(pairs.len(), 12);
    let (kept, changed) = (Share::default(), Share::default());
    hold(2000, &choices(160), |numbers| -> TestCaseResult {
        let mut draw = Draw::new(&numbers);
        let (documented, modelled, schema) = &pairs[draw.pick(pairs.len())];
        let payload = draw.payload(schema).expect("the model's texts are found");
        prop_assert!(modelled.is_valid(&payload), "{}", payload);
        prop_assert!(documented.is_valid(&payload), "{}", payload);
        let mut node = Node::of(&payload);
        node.mutate(&mut draw);
        let Ok(payload) = serde_json::from_str::<Value>(&node.write(&mut draw)) else { return Ok(()) };
        let by_both = (modelled.is_valid(&payload), documented.is_valid(&payload));
        prop_assert!(by_both != (true, false), "{}", payload);
        kept.count(by_both.0);
        changed.count(by_both == (false, true));
        Ok(())
    });
    kept.assert_above(10, "altered payloads that the model allows");
    changed.assert_above(10, "altered payloads that the page alone allows");
}
