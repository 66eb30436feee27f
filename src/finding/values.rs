//! [`Values`]: the parts of a deviation by their names in reports.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Weak};

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::shallow;

/// Parts of a deviation by their names in reports. A part that many findings have alike, such as the values of an
/// enumeration, is kept once for all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values(
    /// Sorted by name. There are few, and a run may hold millions of findings: a node of a tree takes a kilobyte.
    Vec<(Box<str>, Part)>,
);

#[derive(Debug, Clone)]
enum Part {
    Own(Value),
    Shared(Arc<Value>),
}

impl Part {
    fn value(&self) -> &Value {
        match self {
            Self::Own(value) => value,
            Self::Shared(value) => value,
        }
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Values {
    /// The part of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        Some(self.0[self.place(name).ok()?].1.value())
    }

    /// Names and parts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, part)| (&**name, part.value()))
    }

    /// Whether there are no parts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a part.
    pub fn insert(&mut self, name: String, value: Value) {
        self.set(name.into(), Part::Own(value));
    }

    /// Sets a part that other findings have, too.
    pub(super) fn share(&mut self, name: &str, value: Arc<Value>) {
        self.set(name.into(), Part::Shared(value));
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(name))
    }

    fn set(&mut self, name: Box<str>, part: Part) {
        match self.place(&name) {
            Ok(at) => self.0[at].1 = part,
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (name, part));
            }
        }
    }

    /// The parts without what lies too deep for those who read reports.
    pub(crate) fn shallow(&self) -> Self {
        let part = |part: &Part| match part {
            Part::Own(value) => Part::Own(shallow(Cow::Borrowed(value)).into_owned()),
            // A list of texts.
            Part::Shared(value) => Part::Shared(Arc::clone(value)),
        };
        Self(self.0.iter().map(|(name, own)| (name.clone(), part(own))).collect())
    }

    /// The parts that are of this finding alone. What is shared is of a model, not of traffic.
    pub(crate) fn own_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.iter_mut().filter_map(|(_, part)| if let Part::Own(value) = part { Some(value) } else { None })
    }
}

impl std::ops::Index<&str> for Values {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.get(name).expect("the part is there")
    }
}

impl FromIterator<(String, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(parts: I) -> Self {
        let parts = parts.into_iter();
        let mut values = Self(Vec::with_capacity(parts.size_hint().0));
        parts.for_each(|(name, value)| values.insert(name, value));
        values
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Elements from which a list is worth sharing.
const LONG: usize = 32;

thread_local! {
    /// The long list that was read last. Findings of a kind follow each other.
    static LAST: RefCell<Weak<Value>> = const { RefCell::new(Weak::new()) };
}

/// Kept once, where the same list was read before.
fn shared(value: Value) -> Part {
    if value.as_array().is_none_or(|items| items.len() < LONG) {
        return Part::Own(value);
    }
    LAST.with_borrow_mut(|last| {
        if let Some(last) = last.upgrade().filter(|last| **last == value) {
            Part::Shared(last)
        } else {
            let value = Arc::new(value);
            *last = Arc::downgrade(&value);
            Part::Shared(value)
        }
    })
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Values, A::Error> {
                let mut values = Values::default();
                while let Some((name, value)) = entries.next_entry::<String, Value>()? {
                    values.set(name.into(), shared(value));
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(Parts)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn address(values: &Values) -> *const Value {
        std::ptr::from_ref(values.get("allowed").expect("there"))
    }

    #[test]
    fn a_long_list_that_findings_have_alike_is_kept_once() {
        let list = |of: &str| (0..40).map(|at| format!("{of}{at}")).collect::<Vec<_>>();
        let read = |of: &str, found: u32| {
            let text = json!({"allowed": list(of), "found": found}).to_string();
            serde_json::from_str::<Values>(&text).expect("values")
        };
        let (one, two, other) = (read("a", 1), read("a", 2), read("b", 3));
        assert_eq!(address(&one), address(&two));
        assert_ne!(one, two);
        assert!(address(&other) != address(&one) && other.get("allowed") == Some(&json!(list("b"))));
        assert_eq!(address(&one.clone()), address(&one));
        assert_eq!(serde_json::to_value(&two).expect("data"), json!({"allowed": list("a"), "found": 2}));
    }

    #[test]
    fn what_is_shared_is_not_masked() {
        let mut values: Values = [("found".to_owned(), json!("x"))].into_iter().collect();
        values.share("allowed", Arc::new(json!(["y"])));
        values.own_mut().for_each(|value| *value = Value::Null);
        assert_eq!(serde_json::to_value(&values).expect("data"), json!({"found": null, "allowed": ["y"]}));
    }
}
