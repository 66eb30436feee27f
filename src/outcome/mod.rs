//! [`Outcome`]: what a job found, before anybody decides whether it passes.
//!
//! Every job ends in one. Pure data: what was read, the findings, and what only that job has.

mod coverage;
mod differences;
mod history;
mod listing;
mod scope;
mod score;
mod scorecard;
mod tally;
mod upgrade;
mod wire;

pub use self::coverage::{Calls, Coverage, Covered, CoveredOperation, Half, Measure, Present, Totals};
pub use self::differences::{Differences, OfService};
pub use self::history::{History, OfRelease, Release, Span, Standing};
pub use self::listing::{Seen, State};
pub use self::scope::{Halves, Operations, Scope};
pub use self::score::{Count, Score, Undetected};
pub use self::scorecard::{Before, Card};
pub use self::tally::{ContractSource, EMPTY, MoreModels, NAME_RECORDINGS, SERVICE_OF, Tally};
pub use self::upgrade::{Broken, Fallout, Replay, Upgrade};
pub use self::wire::Wire;
use crate::finding::{Area, Finding};

/// The results of a job, before the gate judges them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The counts of everything that was read.
    pub tally: Tally,
    /// The operations and files that were looked at.
    pub scope: Scope,
    /// The findings, in the order of the input.
    pub findings: Vec<Finding>,
    /// What of the contracts was touched, where that was counted.
    pub coverage: Option<Coverage>,
    /// The results that only this job has.
    pub particulars: Particulars,
}

/// The results that only one job has.
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
    /// What of the contracts traffic touches was counted.
    Coverage,
    /// How services answer was counted, perhaps to be compared with an earlier time.
    Scorecard(Option<Before>),
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
            Self::Coverage => "coverage",
            Self::Scorecard(_) => "scorecard",
        }
    }

    /// Kinds of rules whose findings the job can have.
    pub fn areas(&self) -> &'static [Area] {
        match self {
            Self::Traffic | Self::History(_) | Self::Scorecard(_) => &[Area::Traffic],
            Self::Upgrade(_) => &[Area::Upgrade],
            Self::Wire(_) => &[Area::Wire],
            Self::Score(_) | Self::Listing(_) | Self::Differences(_) | Self::Coverage => &[],
        }
    }
}
