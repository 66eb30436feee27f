//! [`Allowed`]: the values of an enumeration, kept once for all breaches about it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Values that are listed, and among which the nearest is looked for. No API has as many.
const LISTED: usize = 2_000;

/// The values of an enumeration, in the model's order; of thousands of values the first 2,000.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed(Arc<Value>);

impl Allowed {
    /// Values that are texts.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self(Arc::new(texts.into_iter().collect()))
    }

    /// The values.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// As a list, shared.
    pub(crate) fn list(&self) -> Arc<Value> {
        Arc::clone(&self.0)
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Enumerations of more values than are listed, each with those that are.
#[derive(Debug, Default)]
pub(super) struct Shortened(Mutex<Vec<(Arc<Value>, Allowed)>>);

impl Shortened {
    /// What is listed of a validator's values, and whether that is not all.
    pub(super) fn listed(&self, options: &Arc<Value>) -> (Allowed, bool) {
        let values = options.as_array().map(Vec::as_slice).unwrap_or_default();
        if values.len() <= LISTED {
            return (Allowed(Arc::clone(options)), false);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, allowed)) = known.iter().find(|(whole, _)| Arc::ptr_eq(whole, options)) {
            return (allowed.clone(), true);
        }
        let allowed = Allowed(Arc::new(values[..LISTED].into()));
        known.push((Arc::clone(options), allowed.clone()));
        (allowed, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enumeration_is_kept_once_whatever_its_size() {
        let shortened = Shortened::default();
        for (size, is_long) in [(3, false), (LISTED, false), (LISTED + 1, true)] {
            let options: Arc<Value> = Arc::new((0..size).map(|at| Value::from(at.to_string())).collect());
            let (first, second) = (shortened.listed(&options), shortened.listed(&options));
            assert!(Arc::ptr_eq(&first.0.0, &second.0.0), "{size}");
            assert_eq!((first.0.texts().count(), first.1), (size.min(LISTED), is_long));
        }
    }
}
