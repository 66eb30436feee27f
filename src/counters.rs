//! How often costly work was done in this process, for tests that hold speed to counts in place of seconds.

use std::sync::atomic::{AtomicU64, Ordering};

/// One count.
#[derive(Debug)]
pub struct Counter(AtomicU64);

impl Counter {
    const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    pub(crate) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }
}

/// Models whose text was parsed.
pub static MODELS: Counter = Counter::new();
/// Shapes that were read.
pub static SHAPES: Counter = Counter::new();
/// Parts of the fast path that were compiled: one for each shape, half and form that a payload reached.
pub static PROGRAMS: Counter = Counter::new();
/// Schemas that were emitted for payloads of which the fast path was not sure.
pub static SCHEMAS: Counter = Counter::new();
/// Validators that were built, for payloads of which the fast path was not sure.
pub static VALIDATORS: Counter = Counter::new();
/// Patterns that were compiled.
pub static PATTERNS: Counter = Counter::new();
/// Payloads that both paths parsed.
pub static DOUBTS: Counter = Counter::new();
/// Files of bodies that were read.
pub static BODIES: Counter = Counter::new();

/// All counts by name, in the order that they are reported in.
pub fn all() -> [(&'static str, u64); 8] {
    let counters = [
        ("models", &MODELS),
        ("shapes", &SHAPES),
        ("programs", &PROGRAMS),
        ("schemas", &SCHEMAS),
        ("validators", &VALIDATORS),
        ("patterns", &PATTERNS),
        ("doubts", &DOUBTS),
        ("bodies", &BODIES),
    ];
    counters.map(|(name, counter)| (name, counter.0.load(Ordering::Relaxed)))
}
