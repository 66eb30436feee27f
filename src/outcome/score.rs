//! [`Score`]: how many deliberate faults were detected.

use std::collections::BTreeMap;

use crate::finding::Location;
use crate::model::Direction;

/// How many deliberate faults were detected.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// By the rule that should find them.
    pub rules: BTreeMap<&'static str, Count>,
    /// Faults that their rule did not find, in the order of the input.
    pub undetected: Vec<Undetected>,
    /// Exchanges and single payloads that were broken.
    pub broken: usize,
    /// Exchanges and single payloads that were not, for something was found in them as they are.
    pub unclean: usize,
}

/// Faults of one rule.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Count {
    /// How many were made.
    pub faults: usize,
    /// How many of them the rule found at their place.
    pub detected: usize,
    /// How many the rule would have found, did the recording keep enough to prove them.
    pub excused: usize,
}

impl Count {
    /// How many should have been found and were not.
    pub fn undetected(self) -> usize {
        self.faults - self.detected - self.excused
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.faults += other.faults;
        self.detected += other.detected;
        self.excused += other.excused;
    }
}

/// A fault that its rule did not find.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Undetected {
    /// The exchange that was broken.
    pub location: Location,
    /// Its operation.
    pub operation: String,
    /// The half that was broken.
    pub direction: Direction,
    /// Place of the fault.
    pub pointer: String,
    /// The rule that should have found it.
    pub rule: &'static str,
    /// Rules that found something in its stead, with their places.
    pub instead: Vec<(&'static str, String)>,
}

impl Score {
    /// All faults together.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.rules.values().for_each(|one| total.add(*one));
        total
    }

    /// Adds what another part of the work found.
    pub fn absorb(&mut self, other: Self) {
        for (rule, count) in other.rules {
            self.rules.entry(rule).or_default().add(count);
        }
        self.undetected.extend(other.undetected);
        self.broken += other.broken;
        self.unclean += other.unclean;
    }
}
