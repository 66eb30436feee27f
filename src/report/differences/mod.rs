//! Differences → bytes: facts, with no weight. One file per format.

mod api_changes;
mod json;
mod ndjson;
mod pprint;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diff::Difference;
use crate::diff::added::Shown;
use crate::finding::Finding;
use crate::ingest::api_changes::OperationChanges;
use crate::model::Direction;
use crate::rules;

/// What differs between two sources.
#[derive(Debug)]
pub struct Differences {
    /// The older source.
    pub from: String,
    /// The newer source.
    pub to: String,
    /// One for each service that was compared, by name.
    pub services: Vec<OfService>,
}

/// What differs about one service.
#[derive(Debug)]
pub struct OfService {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub full_name: String,
    /// Day of the newer model's release, where it is known.
    pub release: Option<String>,
    /// One of the sources knows a part alone, so what it does not show was not compared.
    pub partial: bool,
    /// The facts.
    pub differences: Vec<Difference>,
    /// For each of them, in the same order, the finding whose rule has the sentence for it. Its weight does not count.
    pub findings: Vec<Finding>,
    /// What a page of the API change log shows of them.
    pub shown: Shown,
}

/// One format.
pub trait Format: Sync {
    /// Name for `--format`.
    fn id(&self) -> &'static str;

    /// Whether it is text for people rather than data.
    fn is_text(&self) -> bool {
        false
    }

    /// Writes all differences.
    ///
    /// # Errors
    /// The stream does not take them.
    fn write(&self, differences: &Differences, out: &mut dyn Write) -> io::Result<()>;
}

/// Every format, the default first.
pub const FORMATS: &[&dyn Format] = &[&text::Text, &json::Json, &ndjson::Ndjson, &api_changes::ApiChanges];

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}

/// The `Changes` of an operation as a page prints them, the first line among them; nothing where all of it is new.
pub fn changes_block(changes: &OperationChanges) -> String {
    api_changes::changes_block(changes)
}

impl Differences {
    /// How many facts there are.
    pub fn count(&self) -> usize {
        self.services.iter().map(|service| service.differences.len()).sum()
    }

    /// Names of the services of which a part alone was compared.
    fn partial(&self) -> Vec<&str> {
        self.services.iter().filter(|service| service.partial).map(|service| service.name.as_str()).collect()
    }
}

impl OfService {
    fn facts(&self) -> impl Iterator<Item = (&Difference, &Finding)> {
        self.differences.iter().zip(&self.findings)
    }
}

/// Facts with one sentence about the same operations, in one half of the exchange or in both.
struct Row<'d> {
    rule: &'static str,
    message: String,
    halves: Vec<Direction>,
    operations: &'d [String],
    /// It is about a shape, so that the sentence does not name the operations.
    of_shape: bool,
}

/// Rows in the order of the facts.
fn rows<'d>(facts: impl Iterator<Item = (&'d Difference, &'d Finding)>) -> Vec<Row<'d>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, String, &[String]), usize> = BTreeMap::new();
    for (difference, finding) in facts {
        let (message, operations) = (rules::message(finding), &difference.operations[..]);
        let key = (finding.rule, message.clone(), operations);
        match known.get(&key) {
            Some(at) if difference.direction.is_some_and(|half| !rows[*at].halves.contains(&half)) => {
                rows[*at].halves.extend(difference.direction);
            }
            _ => {
                known.insert(key, rows.len());
                let (halves, of_shape) = (difference.direction.into_iter().collect(), difference.shape.is_some());
                rows.push(Row { rule: finding.rule, message, halves, operations, of_shape });
            }
        }
    }
    rows
}

impl Row<'_> {
    /// The sentence, the half and the rule.
    fn line(&self) -> String {
        line(&self.message, &self.halves, self.rule)
    }
}

fn line(message: &str, halves: &[Direction], rule: &str) -> String {
    match halves {
        [] => format!("{message} [{rule}]"),
        [one] => format!("{message} ({one}) [{rule}]"),
        _ => format!("{message} (both) [{rule}]"),
    }
}
