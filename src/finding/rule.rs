//! [`Rule`]: what is true of all findings of one kind. The rules themselves stand in [`crate::rules`].

use std::fmt;

use super::{Deviation, Finding, Severity};
use crate::diff::Change;
use crate::model::Direction;

/// A kind of finding, with everything that is true of it.
#[non_exhaustive]
pub struct Rule {
    /// Id, as in reports and `explain`.
    pub id: &'static str,
    /// Ids that it had before; approvals may still have them.
    pub aliases: &'static [&'static str],
    /// Version of shapegate that first had the rule.
    pub since: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Several paragraphs: what it does, why it matters, an example, what to do.
    pub explain: &'static str,
    /// The kind of facts that it judges.
    pub area: Area,
    /// The half of an exchange that its findings are about, where it is always the same.
    pub half: Option<Direction>,
    /// How much its findings weigh, and for whom.
    pub weights: Weights,
    /// A lower weight, where the fact itself weighs less.
    pub lighter: fn(&Deviation) -> Option<Severity>,
    /// Names of values that belong to a finding's identity: never a sentence, never a list.
    pub identity: &'static [&'static str],
    /// Whether it is approved in named files only, since what cannot be read may hold anything.
    pub needs_paths: bool,
    /// How often one run reports what it is about.
    pub once: Once,
    /// Whether what it reports has no effect on anybody. Its findings are counted, and listed for those who name the rule.
    pub is_noise: bool,
    /// The sentence about a finding, without its place.
    pub message: fn(&Finding) -> String,
    /// Its finding where older and newer are swapped.
    pub mirror: Mirror,
    /// The consequence in traffic of a difference between models.
    pub leads_to: LeadsTo,
    /// Differences that it may come with, so that one cause is reported once.
    pub comes_with: &'static [Root],
    /// Whether some value may be legal before the difference and not after.
    pub narrows: fn(&Change) -> bool,
    /// The parts of an exchange that use the subject of a difference.
    pub uses: Uses,
}

impl Rule {
    const BASE: Self = Self {
        id: "",
        aliases: &[],
        since: "0.1.0",
        summary: "",
        explain: "",
        area: Area::Traffic,
        half: None,
        weights: Weights::same(Severity::Error),
        lighter: |_| None,
        identity: &[],
        needs_paths: false,
        once: Once::Each,
        is_noise: false,
        message: |_| String::new(),
        mirror: Mirror::None(""),
        leads_to: LeadsTo::Nothing(""),
        comes_with: &[],
        narrows: |_| false,
        uses: Uses::Member,
    };
    /// What rules on traffic have in common.
    pub(crate) const TRAFFIC: Self = Self::BASE;
    /// What rules on differences between models have in common.
    pub(crate) const CHANGE: Self = Self { area: Area::Upgrade, ..Self::BASE };
    /// What rules on snapshots have in common.
    pub(crate) const WIRE: Self = Self { area: Area::Wire, ..Self::BASE };

    /// How much a fact weighs.
    pub fn weigh(&self, deviation: &Deviation, profile: Profile, direction: Option<Direction>) -> Severity {
        let heaviest = self.weights.of(profile, direction);
        (self.lighter)(deviation).map_or(heaviest, |lighter| lighter.min(heaviest))
    }

    /// The heaviest weight that a finding of it can have.
    pub fn heaviest(&self) -> Severity {
        let Weights { request, response } = self.weights;
        request.into_iter().chain(response).max().unwrap_or(Severity::Error)
    }
}

/// Its id.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// Two rules are the same where they have the same id.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// The subject matter of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Area {
    /// Recorded traffic.
    Traffic,
    /// Differences between two models.
    Upgrade,
    /// Differences between two snapshots of traffic.
    Wire,
}

impl Area {
    /// `traffic`, `upgrade` or `wire`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traffic => "traffic",
            Self::Upgrade => "upgrade",
            Self::Wire => "wire",
        }
    }
}

/// For whom differences are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Profile {
    /// SDKs that load models at run time: boto3, JavaScript, Ruby.
    #[default]
    Dynamic,
    /// SDKs with compiled types: Rust, Java, Go, Kotlin.
    Typed,
    /// Recorded traffic, mocks, emulators: whatever holds bytes of the older contract.
    Replay,
}

impl Profile {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Dynamic, Self::Typed, Self::Replay];

    /// `dynamic`, `typed` or `replay`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::Typed => "typed",
            Self::Replay => "replay",
        }
    }
}

/// Old code fails, or its recordings do not match.
pub const BREAKING: Severity = Severity::Error;
/// Old code may meet what it does not expect.
pub const RISKY: Severity = Severity::Warning;
/// Old code goes on.
pub const COMPATIBLE: Severity = Severity::Note;

/// How much a fact weighs, for the profiles in their order. Only differences between models weigh by profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Weights {
    /// In requests, and where no half of the exchange is concerned.
    pub request: [Severity; 3],
    /// In responses.
    pub response: [Severity; 3],
}

impl Weights {
    /// The same everywhere.
    pub(crate) const fn same(weight: Severity) -> Self {
        Self::by_half(weight, weight)
    }

    /// The same for all profiles.
    pub(crate) const fn by_half(request: Severity, response: Severity) -> Self {
        Self { request: [request; 3], response: [response; 3] }
    }

    /// The same in both halves.
    pub(crate) const fn both(weights: [Severity; 3]) -> Self {
        Self { request: weights, response: weights }
    }

    /// By profile and half.
    pub(crate) const fn each(request: [Severity; 3], response: [Severity; 3]) -> Self {
        Self { request, response }
    }

    /// The weight for that profile and half.
    pub fn of(&self, profile: Profile, direction: Option<Direction>) -> Severity {
        let weights = if direction == Some(Direction::Response) { &self.response } else { &self.request };
        weights[profile as usize]
    }
}

/// The finding of a rule where older and newer are swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mirror {
    /// The same.
    Itself,
    /// Another rule.
    Rule(&'static str),
    /// Nothing, for this reason.
    None(&'static str),
}

/// The consequence of a difference between models for traffic that keeps the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeadsTo {
    /// Findings of these rules on traffic, at the member or shape that differs and anywhere in the exchange.
    Rules {
        /// Rules that find it at the member or shape that differs.
        in_place: &'static [&'static str],
        /// Rules that find it anywhere in an exchange of the operation.
        anywhere: &'static [&'static str],
    },
    /// Nothing that a rule on traffic could find, for this reason.
    Nothing(&'static str),
}

impl LeadsTo {
    /// Findings at the member or shape that differs.
    pub(crate) const fn in_place(rules: &'static [&'static str]) -> Self {
        Self::Rules { in_place: rules, anywhere: &[] }
    }

    /// Findings anywhere in an exchange of the operation.
    pub(crate) const fn anywhere(rules: &'static [&'static str]) -> Self {
        Self::Rules { in_place: &[], anywhere: rules }
    }

    /// How near to the difference a rule finds what it leads to, the nearest first.
    pub fn nearness(self, rule: &str) -> impl Iterator<Item = Nearness> {
        let (in_place, anywhere) = match self {
            Self::Rules { in_place, anywhere } => (in_place.contains(&rule), anywhere.contains(&rule)),
            Self::Nothing(_) => (false, false),
        };
        in_place.then_some(Nearness::InPlace).into_iter().chain(anywhere.then_some(Nearness::Anywhere))
    }
}

/// How near a difference is to what it explains, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Nearness {
    /// It is about the very member or shape.
    InPlace,
    /// It is about the operation, or the service.
    Anywhere,
}

/// A difference that another one may come with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Root {
    /// Id of its rule.
    pub rule: &'static str,
    /// Both are about one operation, and the same.
    pub by_operation: bool,
}

impl Root {
    /// A difference of the same service.
    pub(crate) const fn of_service(rule: &'static str) -> Self {
        Self { rule, by_operation: false }
    }

    /// A difference of the same operation.
    pub(crate) const fn of_operation(rule: &'static str) -> Self {
        Self { rule, by_operation: true }
    }
}

/// How often one run reports what a rule is about, however often it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Once {
    /// Each time: it is about the traffic.
    Each,
    /// Once for each fingerprint: it is about the model.
    PerFingerprint,
    /// Once for each value of that name, which is a list whose order is of no account.
    PerValue(&'static str),
}

/// The parts of an exchange that use the subject of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uses {
    /// A value of the member that differs; of the shape, where no member does.
    Member,
    /// A value of the shape that holds the member. What is new alone cannot have been recorded.
    Holder,
    /// The value that left an enumeration.
    Value,
    /// The error.
    Error,
}
