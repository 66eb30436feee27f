//! [`Kept`]: what was made of a pattern, made once for each text.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What was made of patterns, by their texts.
pub(super) struct Kept<V>(LazyLock<Mutex<HashMap<String, V>>>);

/// Patterns that are kept. A program that reads model after model starts anew when they are reached.
const MOST: usize = 2_000;

impl<V: Clone> Kept<V> {
    pub(super) const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// Whether something is kept for a text.
    #[cfg(test)]
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(text)
    }

    /// What was made of a text, or is made now. Others are not kept waiting for it.
    pub(super) fn get(&self, text: &str, make: impl FnOnce() -> V) -> V {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known().get(text) {
            return value.clone();
        }
        let value = make();
        let mut known = known();
        if known.len() == MOST {
            known.clear();
        }
        known.insert(text.to_owned(), value.clone());
        value
    }
}
