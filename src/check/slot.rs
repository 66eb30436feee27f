//! What a service's traffic is held against: one contract, or one for each release.

use std::sync::{Arc, OnceLock};

use crate::contract::Contract;
use crate::error::Result;
use crate::ingest::embedded::Embedded;

/// What a service's traffic is held against.
pub(super) enum Slot {
    /// One contract.
    One(Lazy),
    /// The contract that was in force when an exchange was recorded.
    OfItsDay(Releases),
}

impl Slot {
    /// All its contracts.
    pub(super) fn lazies(&self) -> Vec<&Lazy> {
        match self {
            Self::One(lazy) => vec![lazy],
            Self::OfItsDay(releases) => releases.by_day.iter().map(|(_, lazy)| lazy).chain(&releases.undated).collect(),
        }
    }
}

/// A contract for each release of a service.
pub(super) struct Releases {
    /// The oldest first.
    pub(super) by_day: Vec<(&'static Embedded, Lazy)>,
    /// For exchanges that tell no time of a release; where it is `None`, they take the newest.
    pub(super) undated: Option<Lazy>,
}

impl Releases {
    /// The contract of a release; for `None` the one of what tells no time.
    pub(super) fn of(&self, release: Option<&Embedded>) -> Option<&Lazy> {
        let own = self.by_day.iter().find(|(embedded, _)| Some(*embedded) == release).map(|(_, lazy)| lazy);
        own.or(self.undated.as_ref()).or(self.by_day.last().map(|(_, lazy)| lazy))
    }
}

/// A contract that is read when first needed.
pub(super) struct Lazy {
    pub(super) origin: Origin,
    pub(super) contract: OnceLock<Result<Arc<Contract>>>,
    /// Whether all of it can be read, found when somebody needs all of it.
    pub(super) whole: OnceLock<Result<()>>,
}

impl Lazy {
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, contract: OnceLock::new(), whole: OnceLock::new() }
    }

    /// A contract that is there already.
    pub(super) fn given(contract: Arc<Contract>) -> Self {
        Self { origin: Origin::Given, contract: OnceLock::from(Ok(contract)), whole: OnceLock::new() }
    }
}

/// Where a contract comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    Embedded(&'static Embedded),
    /// Number of the source.
    Source(usize),
    /// The program made it.
    Given,
}
