//! Which operation an exchange is of, where its recording does not say.

use std::collections::BTreeMap;

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use super::observe::Observation;
use super::{Contract, Paths};
use crate::error::Result;
use crate::model::{Direction, Encoding, Fact, Operation, Presence, ShapeId};
use crate::recording::{Exchange, Payload};
use crate::schema::{RESPONSE_METADATA, member_keys};
use crate::text::{AMONG_MANY, nearest};

/// An operation whose output a response may be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fit {
    /// Its name.
    pub operation: String,
    /// The structure of the output, or of the error.
    pub output: ShapeId,
    /// How badly it fits; the least one is meant.
    pub misfit: Misfit,
}

/// How badly an output fits a response, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Misfit {
    /// Members at the top that the output does not have, and required ones that are not there.
    pub members: usize,
    /// Breaches in all.
    pub breaches: usize,
    /// The label does not name the operation.
    pub unlabelled: bool,
    /// Breaches where nothing is excused for what the recording does not keep.
    pub excused: usize,
}

/// Whether a key is the name of one of these members, perhaps misspelt.
fn is_like(key: &str, members: &[&str]) -> bool {
    let same = |name: &&str| name.eq_ignore_ascii_case(key);
    members.iter().any(same) || nearest(key, members.iter().copied(), AMONG_MANY).is_some()
}

/// Most operations whose outputs are looked into. A response that fits more of them by its members says nothing.
const MANY: usize = 24;

impl Contract {
    /// The operation that is meant by a name, which may be spelt as commands and labels are: `get-membership`.
    pub fn operation_spelt(&self, name: &str) -> Option<&str> {
        let operations = &self.service().operations;
        let exact = operations.get(name);
        let plain = plain(name);
        exact
            .or_else(|| operations.values().find(|own| own.name.eq_ignore_ascii_case(&plain)))
            .map(|own| own.name.as_str())
    }

    /// Whether an object with these keys holds members of an operation's output, and nothing else.
    pub fn answers(&self, operation: &str, keys: &[String]) -> bool {
        let members = self.members(operation, Direction::Response);
        let keys = || keys.iter().filter(|key| *key != RESPONSE_METADATA);
        keys().next().is_some() && keys().all(|key| members.contains(&key.as_str()))
    }

    /// Whether an object with these keys is what an operation is called with, and not what it answers: members of its input
    /// alone, perhaps misspelt, of which the output lacks one.
    pub fn asks(&self, operation: &str, keys: &[String]) -> bool {
        let like = |direction| {
            let members = self.members(operation, direction);
            keys.iter().filter(|key| is_like(key, &members)).count()
        };
        like(Direction::Request) == keys.len() && like(Direction::Response) < keys.len()
    }

    /// Names at the top of a half of an operation, as SDKs have them.
    pub(super) fn members(&self, operation: &str, direction: Direction) -> Vec<&str> {
        let operation = self.service().operations.get(operation);
        let structure = operation.and_then(|operation| self.service().half(operation, direction));
        structure.into_iter().flat_map(|own| member_keys(own, Encoding::Parsed)).map(|(name, _)| name).collect()
    }

    /// Whether an object with these keys may be what an operation answers: it has a member of its output, perhaps misspelt, or
    /// nothing but members of another one's. Many files are named like an operation.
    pub fn may_answer(&self, operation: &str, keys: &[String]) -> bool {
        let own = self.members(operation, Direction::Response);
        let is_own = |key: &String| key == RESPONSE_METADATA || is_like(key, &own);
        let of_another = |operation: &String| {
            let members = self.members(operation, Direction::Response);
            keys.iter().all(|key| members.contains(&key.as_str()))
        };
        keys.is_empty() || keys.iter().any(is_own) || self.service().operations.keys().any(of_another)
    }

    /// Operations that the exchange's response may be of, those that fit badly left out. `label` may hold the name.
    ///
    /// # Errors
    /// Those of [`Contract::observe`].
    pub fn fits(&self, exchange: &Exchange<'_>, label: &str, paths: Paths) -> Result<Vec<Fit>> {
        let label = plain(label);
        if let Some(error) = &exchange.error {
            return Ok(error.plain_code().map_or_else(Vec::new, |code| self.raising(code, &label)));
        }
        let Some(value) = exchange.response.as_ref().and_then(Payload::read) else { return Ok(Vec::new()) };
        let mut near: Vec<(usize, &Operation, &ShapeId)> = Vec::new();
        for operation in self.service().operations.values() {
            let labelled = is_labelled(&operation.name, &label);
            if let Some(output) = &operation.output
                && let Some(members) = self.top(output, &value, labelled)
            {
                near.push((members, operation, output));
            }
        }
        let least = near.iter().map(|(members, ..)| *members).min();
        near.retain(|(members, ..)| Some(*members) == least);
        if near.len() > MANY {
            near.retain(|(_, operation, _)| is_labelled(&operation.name, &label));
        }
        let mut fits = Vec::new();
        for (members, operation, output) in near {
            let named = Exchange { operation: operation.name.as_str().into(), ..exchange.clone() };
            let Observation { breaches, excused, .. } = self.observe_by(&named, paths)?;
            if !is_labelled(&operation.name, &label) && holds_strangers(&breaches, &value) {
                continue;
            }
            let unlabelled = !self.is_the_label(&operation.name, &label);
            let misfit =
                Misfit { members, breaches: breaches.len(), unlabelled, excused: breaches.len() + excused.len() };
            fits.push(Fit { operation: operation.name.clone(), output: output.clone(), misfit });
        }
        Ok(fits)
    }

    /// How badly the members at the top of a value fit an output; `None` where it is no fit at all.
    fn top(&self, output: &ShapeId, value: &Value, labelled: bool) -> Option<usize> {
        let structure = self.service().structure(output)?;
        let members = value.as_object()?;
        let encoding = Encoding::Parsed;
        let keys = members.keys().filter(|key| *key != RESPONSE_METADATA);
        let has = |key: &str| structure.member_of_key(key, encoding).is_some();
        let (known, unknown): (Vec<_>, Vec<_>) = keys.partition(|key| has(key));
        let missing = member_keys(structure, encoding)
            .filter(|(key, member)| member.presence == Presence::Required && !members.contains_key(*key))
            .count();
        let misfit = unknown.len() + missing;
        // What boto returned is a response for sure; anything else may be a part of one, or made by hand.
        let sure = members.contains_key(RESPONSE_METADATA) || labelled;
        let is_empty = known.is_empty() && unknown.is_empty();
        let fits = match (is_empty, sure) {
            // An empty response could be anything's.
            (true, _) => labelled,
            (false, true) => misfit < known.len(),
            (false, false) => misfit == 0,
        };
        fits.then_some(misfit)
    }

    /// Operations that may answer with an error: the one that the label names, else those that declare it.
    fn raising(&self, code: &str, label: &str) -> Vec<Fit> {
        let Some(error) = self.service().error(None, code, None) else { return Vec::new() };
        let operations = self.service().operations.values();
        let declares =
            |operation: &&Operation| matches!(&operation.errors, Fact::Known(own) if own.contains(&error.id));
        let fit = |operation: &Operation, unlabelled| Fit {
            operation: operation.name.clone(),
            output: error.id.clone(),
            misfit: Misfit { members: 0, breaches: 0, unlabelled, excused: 0 },
        };
        operations.filter(declares).map(|own| fit(own, !self.is_the_label(&own.name, label))).collect()
    }

    /// Whether the label names this operation rather than one with a longer name that it holds as well.
    fn is_the_label(&self, name: &str, label: &str) -> bool {
        let longer = |other: &String| other.len() > name.len() && is_labelled(other, label);
        is_labelled(name, label) && !self.service().operations.keys().any(longer)
    }
}

/// Whether a response holds an object of which most members are unknown: below a member of a common name (`events`) is
/// what another service, or a test, put there.
fn holds_strangers(breaches: &[Breach], value: &Value) -> bool {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for breach in breaches.iter().filter(|breach| matches!(breach.kind, BreachKind::UnexpectedMember { .. })) {
        let (holder, _) = breach.pointer.rsplit_once('/').unwrap_or_default();
        *unknown.entry(holder).or_default() += 1;
    }
    let members = |holder: &str| value.pointer(holder).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    unknown.into_iter().any(|(holder, count)| 2 * count > members(holder))
}

/// A name in lower case, without what words are parted by.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Whether a label, plain, holds the operation's name.
fn is_labelled(name: &str, label: &str) -> bool {
    label.contains(&name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::embedded;
    use crate::recording::{Extent, Fidelity, Payload, ServiceName};

    fn contract() -> Contract {
        let embedded = embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
        Contract::new(embedded.load().expect("it can be read").service)
    }

    #[test]
    fn operations_are_known_in_the_spelling_of_commands() {
        let contract = contract();
        for name in ["GetMembership", "get-membership", "getMembership", "get_membership"] {
            assert_eq!(contract.operation_spelt(name), Some("GetMembership"), "{name}");
        }
        assert_eq!(contract.operation_spelt("get-member-ship"), Some("GetMembership"), "hyphens say nothing");
        assert_eq!(contract.operation_spelt("get-memberships"), None);
    }

    fn best(text: &str, label: &str) -> Vec<String> {
        let service = ServiceName::Name("cleanrooms".into());
        let mut exchange = Exchange::named(service, "".into(), Extent::Exchange);
        exchange.response = Some(Payload::text(text, Encoding::Parsed));
        exchange.fidelity = Fidelity::Placeholders;
        let fits = contract().fits(&exchange, label, Paths::Both).expect("it compiles");
        let least = fits.iter().map(|fit| fit.misfit).min();
        fits.into_iter().filter(|fit| Some(fit.misfit) == least).map(|fit| fit.operation).collect()
    }

    #[test]
    fn objects_of_strangers_are_no_response_by_their_members_alone() {
        let of = |members: &str, more: &str| format!(r#"{{"protectedQueries": [{{{members}}}]{more}}}"#);
        let (own, others) = (r#""id": "q", "status": "STARTED", "step": 1"#, r#""id": "q", "step": 1, "cause": "x""#);
        assert_eq!(best(&of(own, ""), ""), ["ListProtectedQueries"]);
        assert_eq!(best(&of(others, ""), ""), Vec::<String>::new());
        assert_eq!(best(&of(others, ""), "list_protected_queries"), ["ListProtectedQueries"], "the label says it");
        assert_eq!(best(&of(others, r#", "ResponseMetadata": {}"#), ""), Vec::<String>::new(), "of another service");
    }

    #[test]
    fn members_tell_the_operation_and_labels_decide_among_equals() {
        let queries = r#"{"protectedQueries": [], "ResponseMetadata": {}}"#;
        assert_eq!(best(queries, ""), ["ListProtectedQueries"]);
        assert_eq!(best(queries, "get-membership"), ["ListProtectedQueries"], "a label is weaker than members");
        let membership = r#"{"membership": {}, "ResponseMetadata": {}}"#;
        assert_eq!(best(membership, "first"), ["CreateMembership", "GetMembership", "UpdateMembership"]);
        assert_eq!(best(membership, "update_membership_2"), ["UpdateMembership"]);
    }

    #[test]
    fn what_is_no_response_fits_nothing() {
        for text in
            [r#"{"ResponseMetadata": {}}"#, r#"{"elapsed": 1}"#, r#"{"membership": {}, "elapsed": 1}"#, "[]", "{"]
        {
            assert_eq!(best(text, ""), [""; 0], "{text}");
        }
        assert_eq!(best(r#"{"ResponseMetadata": {}}"#, "delete-membership"), ["DeleteMembership"]);
    }

    #[test]
    fn an_error_may_be_of_any_operation_that_declares_it() {
        let contract = contract();
        assert!(contract.raising("ThrottlingException", "").len() > 5);
        let named = contract.raising("ThrottlingException", "getmembershipgone");
        let best: Vec<_> =
            named.iter().filter(|fit| !fit.misfit.unlabelled).map(|fit| fit.operation.as_str()).collect();
        assert_eq!(best, ["GetMembership"]);
        assert_eq!(contract.raising("NoSuchThing", ""), []);
    }
}
