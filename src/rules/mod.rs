//! The registry: every rule, by what it judges.
//!
//! A rule is data: its weights, its texts, what it leads to. Which rule judges a fact is one exhaustive match for each
//! kind of fact (`BreachKind::rule`, `diff::Change::rule`, `wire::Change::rule`), so that a fact without a rule does
//! not compile. A rule sees no files and no options.

pub mod change;
pub mod effects;
pub mod exchange;
mod text;
pub mod wire;

use crate::finding::Rule;

/// Every rule: on traffic, on differences between models, on snapshots; each sorted by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    exchange::RULES.iter().chain(change::RULES).chain(wire::RULES).copied()
}

/// The rule of that id, or of that former id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id).or_else(|| all().find(|rule| rule.aliases.contains(&id)))
}
