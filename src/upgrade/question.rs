//! Which services are in question: those that are named, or all that two sources hold.

use std::collections::BTreeSet;

use super::models::{Models, second_names};
use crate::error::{Error, Result};
use crate::text::{AMONG_FEW, nearest};

/// The services to compare, by name: those `named`, or all where none is.
pub(super) fn services(old: &Models, new: &Models, named: &[String]) -> Result<BTreeSet<String>> {
    let [before, after]: [BTreeSet<String>; 2] =
        [old, new].map(|models| models.services().into_iter().map(str::to_owned).collect());
    if !named.is_empty() {
        let called = |name: &String| {
            let mut called = [old, new].into_iter().filter_map(|models| models.called(name));
            called.next().ok_or_else(|| unknown(name, [old, new], &(&before | &after)))
        };
        return named.iter().map(called).collect();
    }
    if before.is_disjoint(&after) {
        let first = |of: &BTreeSet<String>| of.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let told = format!("the sources have no service in common: {} and {}", first(&before), first(&after));
        return Err(Error::new(told)
            .remedy("--service NAME compares one service; services are named as botocore names their folders."));
    }
    // What holds one service is not meant to say that all others are gone.
    Ok(match (before.len(), after.len()) {
        (1, _) => before,
        (_, 1) => after,
        _ => &(&before | &after) - &second_names(old, new),
    })
}

fn unknown(name: &str, [old, new]: [&Models; 2], known: &BTreeSet<String>) -> Error {
    let like: Vec<&str> = known.iter().map(String::as_str).filter(|known| known.contains(name)).take(10).collect();
    let meant = nearest(name, known.iter().map(String::as_str), AMONG_FEW);
    let meant = match (&like[..], meant) {
        ([], None) => String::new(),
        ([], Some(meant)) => format!("Did you mean {meant:?}? "),
        (like, _) => format!("There is {}. ", like.join(", ")),
    };
    Error::new(format!("no service {name:?} in {} or {}", old.label(), new.label()))
        .remedy(format!("{meant}Services are named as botocore names their folders."))
}
