//! The choice among services that an exchange may be of: the one whose contract it keeps best.

use std::collections::BTreeSet;

use crate::contract::{Breach, BreachKind, Contract, Observation};
use crate::evidence::Ground;
use crate::finding::{Deviation, Profile, Severity};
use crate::ingest::aliases::Aliases;
use crate::model::Direction;
use crate::recording::Exchange;

/// What an exchange was held against, and the outcome.
pub(super) struct Resolved<'c> {
    pub(super) contract: &'c Contract,
    pub(super) observation: Observation,
    /// Other services would have fitted as well.
    pub(super) ambiguous: Option<Breach>,
    /// Why it is taken for this service's.
    pub(super) grounds: Vec<Ground>,
}

impl Resolved<'_> {
    /// Whether the request lacks a part that the service had: its body breaks off, or a member that it needs is not there, and
    /// the service took it; or its body breaks off, and the service refused it for another reason.
    pub(super) fn lacks_part_of_request(&self, exchange: &Exchange<'_>) -> bool {
        let is_taken = exchange.status.is_some_and(|status| (200..300).contains(&status));
        let is_decoded = is_taken || exchange.error.as_ref().is_some_and(|error| error.code.is_some());
        let is_part = |kind: &BreachKind| match kind {
            BreachKind::Undecodable { refused, .. } => is_decoded && refused.is_none(),
            BreachKind::AbsentMember { .. } => is_taken,
            _ => false,
        };
        let breaches = &self.observation.breaches;
        breaches.iter().any(|breach| breach.direction == Some(Direction::Request) && is_part(&breach.kind))
    }

    /// Whether something is wrong with the request, or with the exchange as a whole.
    pub(super) fn doubts_request(&self) -> bool {
        self.observation.breaches.iter().any(|breach| breach.direction != Some(Direction::Response))
    }
}

/// How far an exchange is from a contract, the weightiest first: whether it is of another operation, members of a response
/// that its output does not have, then errors, warnings and notes. A hundred warnings are less than one error.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    /// The service lacks the operation, or the output is another operation's.
    foreign: bool,
    /// All that is below such a member goes unjudged, so that its one error stands for many.
    strange: usize,
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
            distance.strange += usize::from(is_strange(breach));
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

/// Whether a response has a member at its top that the output does not have.
fn is_strange(breach: &Breach) -> bool {
    let is_at_top = breach.direction == Some(Direction::Response) && breach.pointer.rfind('/') == Some(0);
    is_at_top && matches!(breach.kind, BreachKind::UnexpectedMember { .. })
}

/// The nearest fit; among equals the one that is preferred for reasons of its own, else the first. A second name of a
/// service is no other service. Which of several it is that the exchange keeps makes no difference, and is not reported.
pub(super) fn best<'c, T>(
    fits: Vec<(&'c Contract, Observation, T)>,
    aliases: &Aliases,
    is_preferred: impl Fn(&str) -> bool,
) -> Option<(Resolved<'c>, T)> {
    // Nearly every exchange is of one service without a doubt, and costs no comparison.
    let fits = match <[_; 1]>::try_from(fits) {
        Ok([(contract, observation, with)]) => {
            return Some((Resolved { contract, observation, ambiguous: None, grounds: Vec::new() }, with));
        }
        Err(fits) => fits,
    };
    let name = |contract: &'c Contract| contract.service().name.as_str();
    let all: BTreeSet<&str> = fits.iter().map(|(contract, ..)| name(contract)).collect();
    let rank = |(contract, observation, _): &(&'c Contract, Observation, T)| {
        let distance = Distance::of(observation);
        // Among operations of one service the request says more.
        let strange = if all.len() > 1 { distance.strange } else { 0 };
        (Distance { strange, ..distance }, aliases.is_twin(name(contract)))
    };
    let mut ranked: Vec<_> = fits.into_iter().map(|fit| (rank(&fit), fit)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let least = ranked.first()?.0.0;
    let equal = ranked.iter().take_while(|((distance, _), _)| *distance == least).enumerate();
    let equal = equal.filter(|(at, ((_, is_second), _))| *at == 0 || !is_second);
    let mut equal: Vec<(usize, &str)> = equal.map(|(at, (_, (contract, ..)))| (at, name(contract))).collect();
    equal.dedup_by_key(|(_, name)| *name);
    let preferred: Vec<usize> = equal.iter().filter(|(_, name)| is_preferred(name)).map(|(at, _)| *at).collect();
    let (at, ground) = match (&equal[..], &preferred[..]) {
        ([_], _) if all.len() > 1 => (0, Some(Ground::Fit(all.iter().map(|name| (*name).to_owned()).collect()))),
        ([_, _, ..], [one]) => (*one, Some(Ground::Recording)),
        _ => (0, None),
    };
    // Whichever it is, nothing is wrong but what each says alike.
    let is_clean = least == Distance { notes: least.notes, ..Distance::default() };
    let is_ambiguous = equal.len() > 1 && preferred.len() != 1 && !is_clean;
    let ambiguous = is_ambiguous.then(|| {
        let candidates = equal.iter().map(|(_, name)| (*name).to_owned()).collect();
        Breach::whole(BreachKind::AmbiguousService { candidates })
    });
    let (_, (contract, observation, with)) = ranked.swap_remove(at);
    Some((Resolved { contract, observation, ambiguous, grounds: ground.into_iter().collect() }, with))
}

/// Whether the service lacks the operation; such a service is the last choice.
pub(super) fn unknown(observation: &Observation) -> bool {
    observation.breaches.iter().any(|breach| matches!(breach.kind, BreachKind::UnknownOperation { .. }))
}
