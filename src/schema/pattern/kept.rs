//! [`Kept`]: what was made of a pattern, made once for each text.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What was made of patterns, by their texts.
pub(super) struct Kept<V>(LazyLock<Mutex<Generations<V>>>);

/// Patterns that are kept of each generation, of which there are two. A pattern that was compiled and used takes a hundred
/// kilobytes, and a program that reads model after model needs those of the last one.
const MOST: usize = 250;

struct Generations<V> {
    /// What was made or asked for since the last change of generations.
    young: HashMap<String, V>,
    old: HashMap<String, V>,
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<V: Clone> Generations<V> {
    fn get(&mut self, text: &str) -> Option<V> {
        if let Some(value) = self.young.get(text) {
            return Some(value.clone());
        }
        let (text, value) = self.old.remove_entry(text)?;
        self.insert(text, value.clone());
        Some(value)
    }

    fn insert(&mut self, text: String, value: V) {
        if self.young.len() == MOST {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, value);
    }
}

impl<V: Clone> Kept<V> {
    pub(super) const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// Whether something is kept for a text.
    #[cfg(test)]
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text).is_some()
    }

    /// What was made of a text, or is made now. Others are not kept waiting for it.
    pub(super) fn get(&self, text: &str, make: impl FnOnce() -> V) -> V {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known().get(text) {
            return value;
        }
        let value = make();
        known().insert(text.to_owned(), value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_and_again_is_kept_among_any_number_of_others() {
        static KEPT: Kept<usize> = Kept::new();
        for number in 0..20 * MOST {
            KEPT.get(&number.to_string(), || number);
            assert_eq!(KEPT.get("often", || number), 0, "made once");
        }
        let kept = KEPT.0.lock().expect("no panic");
        assert!(kept.young.len() + kept.old.len() <= 2 * MOST);
        let has = |text: &str| kept.young.contains_key(text) || kept.old.contains_key(text);
        assert!(has("4999") && !has("0"));
    }
}
