//! Two snapshots as a unified diff, operation by operation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use similar::TextDiff;

use super::{Snapshot, file};

/// Lines around a change.
const CONTEXT: usize = 1;

/// What differs, as a unified diff of the facts of each operation that does; empty where nothing does. `before` and
/// `after` name the two.
pub fn unified(old: &Snapshot, new: &Snapshot, before: &str, after: &str) -> String {
    let keys: BTreeSet<(&str, &str)> = [old, new]
        .iter()
        .flat_map(|snapshot| snapshot.operations().map(|(service, name, _)| (service, name)))
        .collect();
    let mut text = String::new();
    for (service, name) in keys {
        let [from, to] = [old, new].map(|one| one.operation(service, name).map(file::facts));
        if from == to {
            continue;
        }
        let head = |side: &str, facts: &Option<String>| match facts {
            Some(_) => format!("{service} {name} ({side})"),
            None => "/dev/null".to_owned(),
        };
        let heads = (head(before, &from), head(after, &to));
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        let diff = TextDiff::from_lines(&from, &to);
        let _ = write!(text, "{}", diff.unified_diff().context_radius(CONTEXT).header(&heads.0, &heads.1));
    }
    text
}
