//! A payload on the fast path and on the full path, which must find the same.

use std::sync::LazyLock;

use serde_json::Value;
use shapegate::generate;
use shapegate::model::{Direction, Encoding};
use shapegate::recording::{Exchange, Extent, Payload, ServiceName};

use super::super::mutation;
use super::Target;
use super::fixed::CATALOG;

pub(super) const TARGET: Target = Target {
    id: "paths",
    about: "payloads: the fast path and the full path find the same",
    seeds,
    mutate: |random, seed, other| {
        let (head, rest) = seed.split_at(seed.len().min(2));
        [head, &*mutation::text(random, rest, other.get(2..).unwrap_or_default())].concat()
    },
    run: execute,
};

/// What a payload may be of.
struct Subject {
    service: &'static str,
    operation: String,
    direction: Direction,
    encoding: Encoding,
}

static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for service in ["thing", "cleanrooms"] {
        let contract = CATALOG.contract(service).ok().flatten().expect("our own models are sound");
        for operation in contract.service().operations.keys().take(16) {
            for direction in [Direction::Request, Direction::Response] {
                for encoding in [Encoding::Wire, Encoding::Parsed] {
                    all.push(Subject { service, operation: operation.clone(), direction, encoding });
                }
            }
        }
    }
    all
});

/// Payloads of each subject: two bytes for its number, then the text.
fn seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (number, subject) in SUBJECTS.iter().enumerate() {
        let Ok(Some(contract)) = CATALOG.contract(subject.service) else { continue };
        let Ok(payloads) = generate::payloads(contract, &subject.operation, subject.direction, subject.encoding) else {
            continue;
        };
        let drawn = (0..3).map(|seed| payloads.seeded(seed));
        let head = u16::try_from(number).unwrap_or_default().to_be_bytes();
        all.extend(
            drawn
                .chain([payloads.simplest()])
                .map(|payload: Value| [&head[..], payload.to_string().as_bytes()].concat()),
        );
    }
    all
}

fn execute(input: &[u8]) {
    let [one, two, text @ ..] = input else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let subject = &SUBJECTS[usize::from(u16::from_be_bytes([*one, *two])) % SUBJECTS.len()];
    let contract = CATALOG.contract(subject.service).ok().flatten().expect("our own models are sound");
    let name = ServiceName::Name(subject.service.into());
    let mut exchange = Exchange::named(name, subject.operation.as_str().into(), Extent::Payload);
    let payload = Payload::text(text, subject.encoding);
    match subject.direction {
        Direction::Request => exchange.request = Some(payload),
        Direction::Response => exchange.response = Some(payload),
    }
    let quick = contract.observe(&exchange).expect("emitted schemas compile");
    let full = contract.observe_in_full(&exchange).expect("emitted schemas compile");
    assert_eq!(quick.breaches, full.breaches, "{} {text}", subject.operation);
    assert_eq!(quick.payloads, full.payloads, "{} {text}", subject.operation);
}
