//! The file with all releases: what they share is stored once.
//!
//! It is text, packed with gzip, one JSON object a line. First come the releases, the newest first: metadata, and by
//! their numbers the operations, shapes and paginators in the model's order. Behind an empty line comes the pool that
//! the numbers count: each distinct one, as an object of its name alone. What the newest release needs comes first, so
//! that reading it unpacks the beginning alone.

use std::io::{BufRead as _, BufReader};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Result;
use crate::ingest::botocore::companions::{self, PAGINATORS};
use crate::model::{Companions, Fact};

const HISTORY: &[u8] = include_bytes!("cleanrooms-history.ndjson.gz");

/// One release, as botocore's files hold it but for the prose.
pub(super) struct Texts {
    /// `service-2.json`.
    pub(super) model: String,
    paginators: String,
    endpoint_rules: u64,
}

impl Texts {
    /// What stands beside the model. No release has a waiter, and of the endpoint rules there is the digest.
    pub(super) fn companions(&self) -> Result<Companions> {
        let paginators = self.paginators.as_bytes();
        let read = companions::read(|name| Ok((name == PAGINATORS).then(|| paginators.to_vec())))?;
        Ok(Companions { endpoint_rules: Fact::Known(self.endpoint_rules), ..read })
    }
}

/// A line about a release.
#[derive(Deserialize)]
struct Line {
    release: String,
    /// The model's members before its operations.
    head: Box<RawValue>,
    operations: Vec<usize>,
    shapes: Vec<usize>,
    paginators: Vec<usize>,
    #[serde(rename = "endpointRules")]
    endpoint_rules: u64,
}

/// Puts together the release of a day.
pub(super) fn texts(day: &str) -> Result<Texts, String> {
    let mut lines = BufReader::new(GzDecoder::new(HISTORY)).lines();
    let release = release(&mut lines, day)?;
    let numbers = [&release.operations, &release.shapes, &release.paginators];
    let count = numbers.into_iter().flatten().max().map_or(0, |last| last + 1);
    let pool = lines.take(count).collect::<std::io::Result<Vec<String>>>().map_err(|error| error.to_string())?;
    let [operations, shapes, paginators] = numbers.map(|numbers| members(&pool, numbers));
    let head = release.head.get().trim_end_matches('}');
    Ok(Texts {
        model: format!("{head}}},\"operations\":{},\"shapes\":{}}}", operations?, shapes?),
        paginators: format!("{{\"pagination\":{}}}", paginators?),
        endpoint_rules: release.endpoint_rules,
    })
}

/// Finds the line of a day, and reads on to the pool.
fn release(lines: &mut impl Iterator<Item = std::io::Result<String>>, day: &str) -> Result<Line, String> {
    let start = format!("{{\"release\":\"{day}\"");
    let mut found = None;
    for line in lines {
        let line = line.map_err(|error| error.to_string())?;
        if line.is_empty() {
            break;
        }
        if line.starts_with(&start) {
            let release: Line = serde_json::from_str(&line).map_err(|error| error.to_string())?;
            found = Some(release).filter(|release| release.release == day);
        }
    }
    found.ok_or_else(|| "its release is not in the file".to_owned())
}

/// An object of the members of that number, in that order.
fn members(pool: &[String], numbers: &[usize]) -> Result<String, String> {
    let member = |number: &usize| {
        let line = pool.get(*number)?;
        line.strip_prefix('{')?.strip_suffix('}')
    };
    let members: Option<Vec<&str>> = numbers.iter().map(member).collect();
    Ok(format!("{{{}}}", members.ok_or("the file ends too early")?.join(",")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Read as _;

    use super::super::CONTRACTS;
    use super::*;

    fn file() -> String {
        let mut text = String::new();
        GzDecoder::new(HISTORY).read_to_string(&mut text).expect("sound bytes");
        text
    }

    #[test]
    fn the_file_holds_the_listed_releases_and_no_other() {
        let text = file();
        let (releases, _) = text.split_once("\n\n").expect("an empty line before the pool");
        let days = releases.lines().map(|line| serde_json::from_str::<Line>(line).expect("a release").release);
        let listed = CONTRACTS.iter().rev().map(|embedded| embedded.release.to_owned());
        assert_eq!(days.collect::<Vec<_>>(), listed.collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_stored_twice_or_for_nobody() {
        let text = file();
        let (releases, pool) = text.split_once("\n\n").expect("an empty line before the pool");
        let pool: Vec<&str> = pool.lines().collect();
        assert_eq!(pool.iter().collect::<BTreeSet<_>>().len(), pool.len());
        let releases = releases.lines().map(|line| serde_json::from_str::<Line>(line).expect("a release"));
        let used: BTreeSet<usize> =
            releases.flat_map(|release| [release.operations, release.shapes, release.paginators].concat()).collect();
        assert_eq!(used, (0..pool.len()).collect());
    }

    #[test]
    fn it_holds_no_prose() {
        let text = file();
        assert!(!text.contains("\"documentation\":\"") && !text.contains("<p>"));
    }

    #[test]
    fn a_day_without_a_release_is_told() {
        assert!(texts("2023-01-13").err().is_some_and(|cause| cause.contains("not in the file")));
        assert!(members(&[], &[0]).is_err());
    }
}
