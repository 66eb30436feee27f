//! [`Keys`]: which keys an object has had so far.

use std::collections::HashSet;
use std::hash::Hash;

/// The keys of one object so far. Most objects have few, which are compared sooner than they are hashed.
#[derive(Debug)]
pub(crate) struct Keys<K> {
    few: Vec<K>,
    many: HashSet<K>,
}

impl<K> Default for Keys<K> {
    fn default() -> Self {
        Self { few: Vec::new(), many: HashSet::new() }
    }
}

impl<K: Eq + Hash> Keys<K> {
    const FEW: usize = 16;

    /// Whether a key is new.
    pub(crate) fn insert(&mut self, key: K) -> bool {
        if self.few.contains(&key) {
            return false;
        }
        if self.few.len() < Self::FEW {
            self.few.push(key);
            return true;
        }
        self.many.insert(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once_however_many_there_are() {
        let mut keys = Keys::default();
        assert!((0..40).all(|key| keys.insert(key)));
        assert!((0..40).all(|key| !keys.insert(key)));
    }
}
