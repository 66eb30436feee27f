//! [`Wish`]: what a payload must have, whatever else is drawn.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A member of a structure, or (`true`) of a union.
    Member(String, bool),
    /// Some element of a list or map.
    Element,
}

/// What one value and its parts must be. The default asks for nothing but that the value is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wish {
    /// Exactly this, fit or not.
    pub(super) value: Option<Value>,
    /// So many elements.
    pub(super) size: Option<u64>,
    /// Members that are there.
    pub(super) members: BTreeMap<String, Wish>,
    /// The structure is a union, which has the members wished for and no others.
    pub(super) union: bool,
    /// Members that are not there.
    pub(super) absent: BTreeSet<String>,
    /// Some element of a list or map.
    pub(super) element: Option<Box<Wish>>,
    /// Members or entries of these names, beside those of the schema.
    pub(super) extra: BTreeMap<String, Extra>,
}

/// The value of an entry that the schema does not lead to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Extra {
    /// This one.
    Value(Value),
    /// One of the map's own.
    Fitting,
}

/// A wish of nothing.
pub(super) static NOTHING: Wish = Wish {
    value: None,
    size: None,
    members: BTreeMap::new(),
    union: false,
    absent: BTreeSet::new(),
    element: None,
    extra: BTreeMap::new(),
};

impl Wish {
    /// A wish for a value at the end of some steps.
    pub(super) fn at(steps: &[Step], end: Self) -> Self {
        steps.iter().rev().fold(end, |wish, step| match step {
            Step::Member(key, union) => {
                // `from` would sort it first.
                let mut members = BTreeMap::new();
                members.insert(key.clone(), wish);
                Self { members, union: *union, ..Self::default() }
            }
            Step::Element => Self { element: Some(Box::new(wish)), ..Self::default() },
        })
    }

    /// A wish for exactly this value.
    pub(super) fn exactly(value: Value) -> Self {
        Self { value: Some(value), ..Self::default() }
    }

    /// Whether one payload can fulfil both.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        let is_fixed = |wish: &Self| wish.value.is_some();
        if is_fixed(self) || is_fixed(other) {
            return self == other || *self == NOTHING || *other == NOTHING;
        }
        // Wishes for one place differ in what is below, so that is looked at first.
        let (few, many) = if self.members.len() <= other.members.len() { (self, other) } else { (other, self) };
        if !few.members.iter().all(|(key, own)| many.members.get(key).is_none_or(|its| own.goes_with(its))) {
            return false;
        }
        if let (Some(own), Some(its)) = (&self.element, &other.element)
            && !own.goes_with(its)
        {
            return false;
        }
        // An entry would come on top of the number that is wished for.
        let fits = |size: u64, wish: &Self| wish.extra.is_empty() && (size > 0 || wish.element.is_none());
        let sizes = match (self.size, other.size) {
            (Some(a), Some(b)) => a == b,
            (Some(size), None) => fits(size, other),
            (None, Some(size)) => fits(size, self),
            (None, None) => true,
        };
        // A wish for a single member is held against one for thousands: what has fewer is walked.
        let lacks = |a: &Self, b: &Self| {
            if a.absent.len() <= b.members.len() {
                a.absent.iter().any(|key| b.members.contains_key(key))
            } else {
                b.members.keys().any(|key| a.absent.contains(key))
            }
        };
        let one_variant = || !(self.union || other.union) || self.members.keys().eq(other.members.keys());
        // Several entries together may be more than the map takes.
        let lone = |a: &Self, b: &Self| a.extra.is_empty() || b.element.is_none();
        let same = self.extra.is_empty() || other.extra.is_empty() || self.extra == other.extra;
        let extra = same && lone(self, other) && lone(other, self);
        sizes && extra && !lacks(self, other) && !lacks(other, self) && one_variant()
    }

    /// Takes on a wish that goes with this one.
    pub(super) fn absorb(&mut self, other: Self) {
        self.value = self.value.take().or(other.value);
        self.size = self.size.or(other.size);
        self.union |= other.union;
        self.absent.extend(other.absent);
        self.extra.extend(other.extra);
        for (key, wish) in other.members {
            self.members.entry(key).or_default().absorb(wish);
        }
        match (&mut self.element, other.element) {
            (Some(own), Some(its)) => own.absorb(*its),
            (own, its) => *own = own.take().or(its),
        }
    }
}
