//! [`Outcome`]: what a job found, before anybody decides whether it passes.
//!
//! Every job ends in one. Pure data: what was read, the findings, and what only that job has.

mod differences;
mod history;
mod listing;
mod scope;
mod score;
mod tally;
mod upgrade;
mod wire;

pub use self::differences::{Differences, OfService};
pub use self::history::{History, OfRelease, Release, Span, Standing};
pub use self::listing::{Seen, State};
pub use self::scope::{Operations, Scope};
pub use self::score::{Count, Score, Undetected};
pub use self::tally::{ContractSource, EMPTY, MoreModels, SERVICE_OF, Tally};
pub use self::upgrade::{Broken, Fallout, Replay, Upgrade};
pub use self::wire::Wire;
use crate::finding::{Area, Finding};

/// What a job found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// What was read.
    pub tally: Tally,
    /// What was looked at.
    pub scope: Scope,
    /// What was found, in the order of the input.
    pub findings: Vec<Finding>,
    /// What only this job has.
    pub particulars: Particulars,
}

/// What only one job has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Particulars {
    /// Traffic was checked.
    Traffic,
    /// Two models were compared.
    Upgrade(Upgrade),
    /// Two snapshots of traffic were compared.
    Wire(Wire),
    /// Traffic was held against each release of a contract.
    History(History),
    /// Traffic was broken on purpose.
    Score(Score),
    /// Exchanges were listed.
    Listing(Vec<Seen>),
    /// Differences between models were listed, without weights.
    Differences(Differences),
}

impl Particulars {
    /// Name of the job, as the command calls it.
    pub fn job(&self) -> &'static str {
        match self {
            Self::Traffic => "check",
            Self::Upgrade(_) => "gate",
            Self::Wire(_) => "snapshot",
            Self::History(_) => "history",
            Self::Score(_) => "mutate",
            Self::Listing(_) => "list",
            Self::Differences(_) => "diff",
        }
    }

    /// Kinds of rules whose findings the job can have.
    pub fn areas(&self) -> &'static [Area] {
        match self {
            Self::Traffic | Self::History(_) => &[Area::Traffic],
            Self::Upgrade(_) => &[Area::Upgrade],
            Self::Wire(_) => &[Area::Wire],
            Self::Score(_) | Self::Listing(_) | Self::Differences(_) => &[],
        }
    }
}
