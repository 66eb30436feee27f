//! What is done with an input, one file per target. A target panics where an invariant does not hold.

mod fixed;
mod models;
mod paths;
mod patterns;
mod protocols;
mod recordings;
mod redact;
mod reports;
mod settings;

use super::random::Random;

pub use self::paths::{Agreement, hold};
pub use self::recordings::{Slot, input as recording_input};

/// A target: what is read, what inputs begin with, and how they are broken.
pub struct Target {
    /// Its name.
    pub id: &'static str,
    /// What is held.
    pub about: &'static str,
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// An input that is broken at random, perhaps with parts of another one.
    pub mutate: fn(&mut Random, &[u8], &[u8]) -> Vec<u8>,
    /// Reads an input.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    recordings::TARGET,
    protocols::TARGET,
    models::TARGET,
    paths::TARGET,
    patterns::TARGET,
    reports::TARGET,
    settings::TARGET,
    redact::TARGET,
];

/// The target of that name.
pub fn find(id: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.id == id)
}

/// The inputs of a seed, without end.
pub struct Inputs {
    target: &'static Target,
    seeds: Vec<Vec<u8>>,
    seed: u64,
}

impl Inputs {
    /// The inputs of a target.
    ///
    /// # Panics
    /// Its seeds are not there.
    pub fn new(target: &'static Target, seed: u64) -> Self {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", target.id);
        Self { target, seeds, seed }
    }

    /// The input of that number.
    pub fn input(&self, number: usize) -> Vec<u8> {
        let mut random = Random::new(self.seed.wrapping_add(number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D));
        let (seed, other) = (random.of(&self.seeds).clone(), random.of(&self.seeds).clone());
        (self.target.mutate)(&mut random, &seed, &other)
    }
}
