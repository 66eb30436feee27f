//! A recording, whose format the first byte chooses, through every job that reads recordings.

use std::path::{Path, PathBuf};

use shapegate::check::{Input, run};
use shapegate::mutate;
use shapegate::recording;
use shapegate::snapshot;
use shapegate::wire::Snapshot;

use super::super::random::Random;
use super::super::{invariants, mutation, seeds};
use super::Target;
use super::fixed::{folder, options, write};

pub(super) const TARGET: Target = Target {
    id: "recordings",
    about: "recordings: every job ends, and every report is whole",
    seeds: || seeds::recordings().iter().map(|seed| input(&seed.name, &seed.bytes)).collect(),
    mutate: |random, seed, other| mutated(random, seed, other),
    run: |input| execute(input),
};

/// A format with a name that its files have. Names are evidence where a format has no marks of its own.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// The format.
    pub format: &'static str,
    /// Path of its file.
    pub name: &'static str,
    /// What paths of such fixtures have in them.
    pub mark: &'static str,
}

const fn slot(format: &'static str, name: &'static str, mark: &'static str) -> Slot {
    Slot { format, name, mark }
}

impl Slot {
    /// All of them. A path takes the one with the longest mark that it has, and every path has that of the last one.
    pub const ALL: [Self; 24] = [
        slot("payload-file", "cleanrooms/GetMembership/response/a.json", "payload-files/"),
        slot("payload-file", "GetMembership.response.a.json", "named-payload-files"),
        slot("placebo", "placebo/cleanrooms.GetMembership_1.json", "placebo"),
        slot("placebo", "placebo/cleanrooms.GetMembership_1.json", "_1.json"),
        slot("har", "a.har", ".har"),
        slot("botocore-examples", "cleanrooms/2022-02-17/examples-1.json", "examples"),
        slot("cloudtrail", "cloudtrail/log.json", "cloudtrail"),
        slot("localstack", "test_cleanrooms.snapshot.json", "snapshot.json"),
        slot("ruby-vcr", "ruby-vcr/a.yml", "ruby-vcr"),
        slot("go-vcr", "go-vcr/a.yaml", "go-vcr"),
        slot("smithy-dvr", "smithy-dvr/a.json", "smithy-dvr"),
        slot("nock", "nock/a.json", "nock"),
        slot("cli-output", "cleanrooms.get-membership.json", "cli-output"),
        slot("vcrpy", "vcrpy/a.yaml", ".yaml"),
        slot("payload-records", "payloads.ndjson", "payloads"),
        slot("langchain-tests", "langchain-tests/a.yaml.gz", "langchain-tests"),
        slot("dd-apm-test-agent", "dd-apm-test-agent/a.json", "dd-apm-test-agent"),
        slot("smithy-kotlin", "smithy-kotlin/a.json", "smithy-kotlin"),
        slot("httpreplay", "a.replay", ".replay"),
        slot("httprr", "a.httprr", ".httprr"),
        slot("wiremock", "wiremock/mappings/a.json", "wiremock"),
        slot("mitmproxy", "a.flow", ".flow"),
        slot("botocore-log", "a.log", ".log"),
        slot("exchange-records", "a.ndjson", ""),
    ];

    /// The slot that a fixture is for.
    fn of(path: &Path) -> usize {
        let path = path.to_string_lossy();
        let marked = Self::ALL.iter().enumerate().filter(|(_, slot)| path.contains(slot.mark));
        marked.max_by_key(|(_, slot)| slot.mark.len()).map(|(at, _)| at).unwrap_or_default()
    }
}

/// From here on the first byte says to read the file in that format, instead of recognising it.
const FORCED: u8 = 0x80;

/// The input of a recording at that path.
pub fn input(path: &Path, bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(Slot::of(path)).unwrap_or_default()], bytes].concat()
}

fn mutated(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let (first, rest) = seed.split_first().unwrap_or((&0, &[]));
    let first = if random.once_in(8) { (random.number() & 0xFF) as u8 } else { *first };
    [&[first], &*mutation::text(random, rest, other.get(1..).unwrap_or_default())].concat()
}

/// The slot of an input, whether its format is forced, and the recording.
pub(super) fn parts(input: &[u8]) -> Option<(Slot, bool, &[u8])> {
    let (first, bytes) = input.split_first()?;
    let slot = Slot::ALL[usize::from(first & !FORCED) % Slot::ALL.len()];
    Some((slot, first & FORCED != 0, bytes))
}

fn execute(input: &[u8]) {
    let Some((slot, is_forced, bytes)) = parts(input) else { return };
    let dir = folder();
    let path = write(dir.path(), Path::new(slot.name), bytes);
    let mut options = options();
    options.format = is_forced.then(|| recording::format(slot.format)).flatten();
    options.list = true;
    let inputs = || vec![Input::Path(path.clone())];
    let checked = run(inputs(), &options).expect("contracts are sound");
    // An empty file may be the empty payload that its name says.
    assert!(checked.seen.len() <= bytes.len() + 1, "more exchanges than bytes");
    invariants::outcome(checked.into_outcome());
    // The other jobs read the same; one of them is enough for an input. `history` is left out, for it reads each recording
    // as `check` does, and takes seconds for its contracts.
    match bytes.len() % 16 {
        0 => drop(mutate::score(inputs(), &options).map(invariants::outcome)),
        1 | 2 => {
            if let Ok(taken) = snapshot::take(inputs(), &options) {
                let (outcome, snapshot) = taken.against(&Snapshot::default(), "wire.toml", false);
                invariants::outcome(outcome);
                super::settings::is_read_again(&snapshot);
            }
        }
        3 => super::redact::is_clean(&PathBuf::from(slot.name), bytes, &options, &[]),
        _ => {}
    }
}
