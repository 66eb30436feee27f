//! A model of any language, through every job that reads models.

use std::path::Path;

use serde_json::Value;
use shapegate::contract::{Contract, Observation};
use shapegate::finding::Profile;
use shapegate::generate;
use shapegate::ingest::source::Source;
use shapegate::model::{Direction, Encoding};
use shapegate::recording::{Exchange, Payload, ServiceName};
use shapegate::schema::Emitter;
use shapegate::upgrade::{self, Models};

use super::super::random::Random;
use super::super::{invariants, mutation, seeds};
use super::Target;
use super::fixed::{ERRATA, folder, write};

pub(super) const TARGET: Target = Target {
    id: "models",
    about: "models and pages: contracts, schemas, payloads and comparisons of what can be read",
    seeds: || {
        let input = |seed: seeds::Seed| {
            let name = NAMES.iter().position(|name| Path::new(name).extension() == seed.name.extension());
            [&[u8::try_from(name.unwrap_or_default()).unwrap_or_default()], &*seed.bytes].concat()
        };
        seeds::models().into_iter().map(input).collect()
    },
    mutate: |random: &mut Random, seed, other| {
        let (head, rest) = seed.split_at(seed.len().min(1));
        [head, &*mutation::text(random, rest, other.get(1..).unwrap_or_default())].concat()
    },
    run: execute,
};

/// What the file may be called.
const NAMES: [&str; 3] = ["service-2.json", "page.txt", "model.zip"];
/// Operations of a service that are looked at.
const MOST: usize = 6;

fn execute(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else { return };
    let dir = folder();
    let path = write(dir.path(), Path::new(NAMES[usize::from(*first) % NAMES.len()]), bytes);
    let Ok(source) = Source::open_corrected(&path, &ERRATA) else { return };
    for service in source.services().into_iter().take(2) {
        let Ok(Some(ingested)) = source.load_with_companions(service) else { continue };
        let contract = Contract::new(ingested.service);
        let operations: Vec<&String> = contract.service().operations.keys().take(MOST).collect();
        for operation in operations {
            for direction in [Direction::Request, Direction::Response] {
                half(&contract, operation, direction);
            }
        }
    }
    drop(compared(source));
}

/// The schema of a half, and payloads that it allows.
fn half(contract: &Contract, operation: &str, direction: Direction) {
    let Some(schema) = Emitter::new(contract.service()).operation(operation, direction, Encoding::Wire) else { return };
    let text = schema.to_string();
    serde_json::from_str::<Value>(&text).expect("a schema is JSON");
    let Ok(payloads) = generate::payloads(contract, operation, direction, Encoding::Wire) else { return };
    for payload in [payloads.simplest(), payloads.seeded(1)] {
        let text = payload.to_string();
        let name = ServiceName::Name(contract.service().name.as_str().into());
        let payload = Payload::text(&text, Encoding::Wire);
        let exchange = Exchange::of_payload(name, operation.into(), direction, payload);
        let breaches = |seen: shapegate::Result<Observation>| seen.map(|seen| seen.breaches).map_err(drop);
        let quick = breaches(contract.observe(&exchange));
        assert_eq!(quick, breaches(contract.observe_in_full(&exchange)), "{operation}: {text}");
    }
}

/// The model beside our own model of a service, both ways.
fn compared(source: Source) -> shapegate::Result<()> {
    let ours = Source::open_corrected(&super::super::root().join("fixtures/contracts/thing"), &ERRATA)?;
    let (new, old) = (Models::Source(source), Models::Source(ours));
    let mut options = upgrade::Options::new(Profile::default());
    options.threads = 1;
    for sides in [[&old, &new], [&new, &old]] {
        let compared = upgrade::compare(sides[0], sides[1], &options)?;
        invariants::outcome(compared.into_outcome(sides, Profile::default(), None));
    }
    Ok(())
}
