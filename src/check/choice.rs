//! The choice among services that an exchange may be of: the one whose contract it keeps best.

use crate::contract::{Breach, BreachKind, Contract, Observation};
use crate::finding::{Deviation, Profile, Severity};
use crate::ingest::aliases::Aliases;

/// What an exchange was held against, and the outcome.
pub(super) struct Resolved<'c> {
    pub(super) contract: &'c Contract,
    pub(super) observation: Observation,
    /// Other services would have fitted as well.
    pub(super) ambiguous: Option<Breach>,
}

/// How far an exchange is from a contract, the weightiest first: whether it is of another operation, then errors, warnings
/// and notes. A hundred warnings are less than one error.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    /// The service lacks the operation, or the output is another operation's.
    foreign: bool,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Distance {
    fn of(observation: &Observation) -> Self {
        let is_other = |breach: &Breach| matches!(breach.kind, BreachKind::WrongOutput { .. });
        let foreign = unknown(observation) || observation.breaches.iter().any(is_other);
        let mut distance = Self { foreign, ..Self::default() };
        for breach in &observation.breaches {
            let deviation = Deviation::Breach(breach.kind.clone());
            match breach.kind.rule().weigh(&deviation, Profile::default(), breach.direction) {
                Severity::Error => distance.errors += 1,
                Severity::Warning => distance.warnings += 1,
                Severity::Note => distance.notes += 1,
            }
        }
        distance
    }
}

/// The nearest fit; among equals the first. A second name of a service is no other service. Which of several it is that
/// the exchange keeps makes no difference, and is not reported.
pub(super) fn best<'c, T>(fits: Vec<(&'c Contract, Observation, T)>, aliases: &Aliases) -> Option<(Resolved<'c>, T)> {
    let is_second = |contract: &Contract| aliases.is_twin(&contract.service().name);
    let mut ranked: Vec<_> = fits.into_iter().map(|fit| ((Distance::of(&fit.1), is_second(fit.0)), fit)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let least = ranked.first()?.0.0;
    let equal = ranked.iter().take_while(|((distance, _), _)| *distance == least);
    let others = equal.enumerate().filter(|(at, ((_, is_second), _))| *at == 0 || !is_second);
    let mut names: Vec<String> = others.map(|(_, (_, (contract, ..)))| contract.service().name.clone()).collect();
    names.dedup();
    let is_ambiguous = names.len() > 1 && least != Distance::default();
    let ambiguous = is_ambiguous.then(|| Breach::whole(BreachKind::AmbiguousService { candidates: names }));
    let (_, (contract, observation, with)) = ranked.swap_remove(0);
    Some((Resolved { contract, observation, ambiguous }, with))
}

/// Whether the service lacks the operation; such a service is the last choice.
pub(super) fn unknown(observation: &Observation) -> bool {
    observation.breaches.iter().any(|breach| matches!(breach.kind, BreachKind::UnknownOperation { .. }))
}
