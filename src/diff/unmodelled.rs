//! What sources say beyond the model.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Difference};
use crate::ingest::{Ingested, Loss};
use crate::model::Shape;

/// Differences of traits that the model has no place for, one for each trait, and of the prose.
pub(super) fn differences(old: &Ingested, new: &Ingested) -> Vec<Difference> {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let (one, two): (BTreeSet<&Loss>, BTreeSet<&Loss>) = (old.losses.iter().collect(), new.losses.iter().collect());
    for loss in one.symmetric_difference(&two).filter(|loss| is_in_both(&loss.place, old, new)) {
        by_name.entry(&loss.what).or_default().insert(&loss.place);
    }
    let mut found: Vec<Difference> = by_name
        .into_iter()
        .map(|(name, places)| {
            let places = places.into_iter().map(str::to_owned).collect();
            Difference::of_service(Change::Unmodelled { name: name.to_owned(), places })
        })
        .collect();
    if let (Some(one), Some(two)) = (old.prose, new.prose)
        && one != two
    {
        found.push(Difference::of_service(Change::DocumentationChanged));
    }
    found
}

/// Whether an operation or shape, as a place names it, is in both models: what came or went as a whole is another fact.
fn is_in_both(place: &str, old: &Ingested, new: &Ingested) -> bool {
    let mut parts = place.split('.');
    let (kind, name) = (parts.next(), parts.next().unwrap_or_default());
    let has = |of: &Ingested| match kind {
        Some("operations") => of.service.operations.contains_key(name),
        Some("shapes") => of.service.shapes.contains_key(name),
        _ => true,
    };
    let has_member = |of: &Ingested, member: &str| {
        let structure = of.service.shapes.get(name).and_then(Shape::structure);
        structure.is_some_and(|structure| structure.member(member).is_some())
    };
    let member = (parts.next() == Some("members")).then(|| parts.next()).flatten();
    has(old) && has(new) && member.is_none_or(|member| has_member(old, member) && has_member(new, member))
}
