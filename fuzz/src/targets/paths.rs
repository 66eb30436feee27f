//! A payload on the fast path and on the full path, which must find the same.

use std::sync::LazyLock;

use serde_json::Value;
use shapegate::generate;
use shapegate::model::{Direction, Encoding};
use shapegate::recording::{Exchange, Origins, Payload, ServiceName, json};

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
    let seen = hold(input);
    assert_eq!(seen.apart, 0, "{:?}", String::from_utf8_lossy(input));
}

/// What both paths made of payloads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agreement {
    /// Payloads that were judged, as texts and as values.
    pub judged: u64,
    /// Those that the fast path was sure of.
    pub sure: u64,
    /// Those that something is wrong with.
    pub broken: u64,
    /// Those of which the paths say different things.
    pub apart: u64,
}

impl Agreement {
    /// Adds what was seen of others.
    pub fn add(&mut self, other: &Self) {
        self.judged += other.judged;
        self.sure += other.sure;
        self.broken += other.broken;
        self.apart += other.apart;
    }
}

impl std::fmt::Display for Agreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { judged, sure, broken, apart } = self;
        write!(
            f,
            "{judged} payloads judged, of {sure} the fast path is sure, {broken} are broken, the paths part on {apart}"
        )
    }
}

/// Holds the fast path against the full path on a payload: as the text that it is, and, where that is JSON, as a value that
/// a protocol put together.
pub fn hold(input: &[u8]) -> Agreement {
    let mut seen = Agreement::default();
    let [one, two, text @ ..] = input else { return seen };
    let Ok(text) = std::str::from_utf8(text) else { return seen };
    let subject = &SUBJECTS[usize::from(u16::from_be_bytes([*one, *two])) % SUBJECTS.len()];
    seen.add(&subject.judged(Payload::text(text, subject.encoding)));
    if let Ok((value, oddities)) = json::parse(text)
        && oddities == json::Oddities::default()
    {
        let payload = Payload { encoding: subject.encoding, ..Payload::composed(text, value, Origins::default()) };
        seen.add(&subject.judged(payload));
    }
    seen
}

impl Subject {
    fn judged(&self, payload: Payload<'_>) -> Agreement {
        let contract = CATALOG.contract(self.service).ok().flatten().expect("our own models are sound");
        let name = ServiceName::Name(self.service.into());
        let exchange = Exchange::of_payload(name, self.operation.as_str().into(), self.direction, payload);
        let quick = contract.observe(&exchange).expect("emitted schemas compile");
        let is_broken = !quick.breaches.is_empty();
        // What the fast path is not sure of is asked about part by part, and by the full path as a whole.
        let full = contract.observe_in_full(&exchange).expect("emitted schemas compile");
        let apart = quick.breaches != full.breaches || quick.payloads != full.payloads;
        Agreement {
            judged: 1,
            sure: u64::from(quick.surely > 0),
            broken: u64::from(is_broken),
            apart: u64::from(apart),
        }
    }
}
