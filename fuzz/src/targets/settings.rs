//! Files that people and the tool itself write: configuration, approvals, snapshots, errata, expectations.

use std::path::Path;

use shapegate::config::Config;
use shapegate::expectation::Expectations;
use shapegate::gate::{Approvals, Day, Draft, ToApprove};
use shapegate::ingest::errata::Errata;
use shapegate::wire::{self, Snapshot};

use super::super::random::Random;
use super::super::{mutation, root, seeds};
use super::Target;
use super::fixed::{folder, write};

pub(super) const TARGET: Target = Target {
    id: "settings",
    about: "configuration, approvals, snapshots, errata, expectations: read or refused, and written back as they were",
    seeds,
    mutate: |random: &mut Random, seed, other| {
        let (head, rest) = seed.split_at(seed.len().min(1));
        [head, &*mutation::text(random, rest, other.get(1..).unwrap_or_default())].concat()
    },
    run: execute,
};

const CONFIGURATION: &str = "edition = 1\nfail-on = \"warning\"\nmax-findings = 5\nexclude = [\"a/**\", \"*.tmp\"]\n\
    [models]\nsources = [\"botocore==1.2.3\"]\n[limits]\ndepth = 100\n[levels]\nunknown-member = \"note\"\n\
    [[services]]\npaths = [\"x/*\"]\nservice = \"s3\"\n";
const APPROVALS: &str = "# why\n[approvals]\n\"unknown-member:cleanrooms:GetMembership:response:Membership.x\" = { reason = \"y\", \
    expires = 2027-01-31, paths = [\"a/**\"], at_most = 3 }\n\"missing-member:*:*:request:*\" = { reason = \"z\" }\n";

fn seeds() -> Vec<Vec<u8>> {
    let mut all: Vec<(u8, Vec<u8>)> = vec![(0, CONFIGURATION.into()), (1, APPROVALS.into())];
    for (kind, folder, end) in [
        (0, "tests/it", "shapegate.toml"),
        (2, "fixtures/upgrades", ".toml"),
        (3, "schemas/errata", ".json"),
        (4, "schemas/expectations", ".json"),
    ] {
        let found = seeds::below(&root().join(folder)).into_iter();
        all.extend(found.filter(|seed| seed.name.to_string_lossy().ends_with(end)).map(|seed| (kind, seed.bytes)));
    }
    all.into_iter().map(|(kind, bytes)| [&[kind], &*bytes].concat()).collect()
}

fn execute(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else { return };
    let dir = folder();
    let text = String::from_utf8_lossy(bytes);
    match kind % 5 {
        0 => {
            if let Ok(config) = Config::parse(&text, Path::new("shapegate.toml")) {
                let _ = (config.limits(), config.levels(), config.filter(None), config.default_approvals());
            }
        }
        1 => approvals(&text),
        2 => {
            if let Ok(snapshot) = wire::file::read(&text, Path::new("wire.toml")) {
                is_read_again(&snapshot);
            }
        }
        3 => drop(Errata::default().add(&write(dir.path(), Path::new("a.json"), bytes))),
        _ => {
            write(dir.path(), Path::new("a.schema.json"), bytes);
            let mut expectations = Expectations::shipped().expect("the shipped ones are sound");
            let _ = expectations.add_folder(dir.path());
        }
    }
}

/// An approval that is added to any file of approvals is in it, beside all that were there.
fn approvals(text: &str) {
    let (place, today) = (Path::new("approvals.toml"), Day::of_unix_time(1_700_000_000));
    let Ok(before) = Approvals::parse(text, place) else { return };
    let Ok(mut draft) = Draft::parse(text, place, today) else { return };
    let mut new = ToApprove::default();
    "wrong-type:thing:EchoThing:request:A.b".clone_into(&mut new.fingerprint);
    draft.add(&[new], "seen", None).expect("it names a rule and no wildcard");
    let written = draft.text().expect("what was added can be written");
    let after = Approvals::parse(&written, place).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert!(after.iter().count() >= before.iter().count().max(1), "{written}");
}

/// A snapshot is read again as it was written.
pub(super) fn is_read_again(snapshot: &Snapshot) {
    let text = wire::file::write(snapshot);
    let again = wire::file::read(&text, Path::new("wire.toml")).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again, *snapshot, "{text}");
}
