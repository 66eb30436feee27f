//! The conforming value nearest to one that does not conform, as far as that can be told mechanically.
//!
//! One breach is mended at a time and the value is judged anew, for one mended place may show another. What nobody can
//! know is a placeholder, a text in angle brackets that says what belongs there.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::subject::Subject;
use crate::contract::{Breach, BreachKind};
use crate::model::{EnumValues, Fact, Shape, ShapeKind};
use crate::recording::json::segments;
use crate::text::article;

/// Breaches that are mended before the value is taken for beyond mending.
const ROUNDS: usize = 200;

/// A mended value.
pub(super) struct Nearest {
    pub(super) value: Value,
    /// Breaches that are left.
    pub(super) left: usize,
}

/// Mends what can be mended.
pub(super) fn nearest(subject: &Subject<'_>, value: &Value) -> Nearest {
    let mut mended = Mended { subject, value: value.clone(), placeholders: BTreeSet::new() };
    let mut given_up: BTreeSet<String> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let breaches = mended.breaches();
        let is_stray = |breach: &&&Breach| matches!(breach.kind, BreachKind::UnexpectedMember { .. });
        let open: Vec<&Breach> = breaches.iter().filter(|breach| !given_up.contains(&key(breach))).collect();
        // A member under a wrong name may be the one that is missing.
        let Some(breach) = open.iter().find(is_stray).or(open.first()) else { break };
        if mended.mend(breach).is_none() {
            given_up.insert(key(breach));
        }
    }
    Nearest { left: mended.breaches().len(), value: mended.value }
}

fn key(breach: &Breach) -> String {
    format!("{} {:?}", breach.pointer, breach.kind)
}

struct Mended<'s> {
    subject: &'s Subject<'s>,
    value: Value,
    /// Pointers of what stands for a value that nobody can know.
    placeholders: BTreeSet<String>,
}

impl Mended<'_> {
    /// What still deviates. A placeholder is not meant to conform.
    fn breaches(&self) -> Vec<Breach> {
        let mut breaches = self.subject.observe(&self.value).unwrap_or_default();
        breaches.retain(|breach| {
            let harmless = matches!(
                breach.kind,
                BreachKind::NotChecked { .. } | BreachKind::Unsatisfiable { .. } | BreachKind::Undecided { .. }
            );
            !harmless && !self.placeholders.contains(&breach.pointer)
        });
        breaches
    }

    /// Mends one breach; `None` where nobody can say how.
    fn mend(&mut self, breach: &Breach) -> Option<()> {
        let pointer = &breach.pointer;
        match &breach.kind {
            BreachKind::UnexpectedMember { elsewhere, nearest, .. } => {
                self.rename(pointer, elsewhere, nearest.as_deref())
            }
            BreachKind::AbsentMember { .. } => {
                let shape = self.target(breach);
                let (value, known) = shape.map_or((marked("a value"), false), blank);
                if !known {
                    self.placeholders.insert(pointer.clone());
                }
                let (holder, name) = parent(pointer)?;
                object(&mut self.value, holder)?.insert(name, value);
                Some(())
            }
            BreachKind::Null { .. } => self.remove(pointer).map(drop),
            BreachKind::WrongType { expected, .. } => {
                let found = self.value.pointer(pointer)?.clone();
                match converted(&found, expected) {
                    Some(value) => self.put(pointer, value),
                    None => self.placeholder(pointer, &format!("{} {expected}", article(expected))),
                }
            }
            BreachKind::UnknownEnumValue { allowed, nearest, .. } => match nearest {
                Some(nearest) => self.put(pointer, nearest.as_str().into()),
                None => {
                    self.placeholder(pointer, &format!("one of {}", allowed.texts().collect::<Vec<_>>().join(", ")))
                }
            },
            BreachKind::Length { unit, limit, end, .. } => {
                self.placeholder(pointer, &format!("{} {limit} {unit}", end.as_words()))
            }
            BreachKind::Number { limit, .. } => self.put(pointer, limit.clone()),
            BreachKind::Pattern { pattern, .. } => self.placeholder(pointer, &format!("text that matches {pattern}")),
            BreachKind::TimestampForm { expected, .. } => {
                self.placeholder(pointer, &format!("a timestamp as {expected}"))
            }
            BreachKind::BlobForm { .. } => self.placeholder(pointer, "base64"),
            BreachKind::Arity { set, .. } => {
                let (_, others) = set.split_first()?;
                let members = object(&mut self.value, pointer)?;
                for name in others {
                    members.shift_remove(name);
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Brings a member to the name or the place that was meant; removes it where there is none.
    fn rename(&mut self, pointer: &str, elsewhere: &[String], meant: Option<&str>) -> Option<()> {
        let (holder, name) = parent(pointer)?;
        let members = object(&mut self.value, holder)?;
        if let Some(meant) = meant.filter(|meant| !members.contains_key(*meant)) {
            // The member keeps its place among the others, which makes for a smaller difference.
            let renamed = std::mem::take(members).into_iter();
            *members = renamed.map(|(key, value)| (if key == name { meant.to_owned() } else { key }, value)).collect();
            return Some(());
        }
        let value = members.shift_remove(&name)?;
        let home = if let [only] = elsewhere { parent(only) } else { None };
        if let Some((holder, name)) = home
            && let Some(members) = object(&mut self.value, holder)
        {
            members.entry(name).or_insert(value);
        }
        Some(())
    }

    /// The shape that a missing member should have.
    fn target(&self, breach: &Breach) -> Option<&Shape> {
        let service = self.subject.contract.service();
        let shape = service.shapes.values().find(|shape| Some(shape.id.as_str()) == breach.shape.as_deref())?;
        service.shape(&shape.structure()?.member(breach.member.as_deref()?)?.target)
    }

    fn put(&mut self, pointer: &str, value: Value) -> Option<()> {
        *self.value.pointer_mut(pointer)? = value;
        Some(())
    }

    fn placeholder(&mut self, pointer: &str, what: &str) -> Option<()> {
        self.placeholders.insert(pointer.to_owned());
        self.put(pointer, marked(what))
    }

    fn remove(&mut self, pointer: &str) -> Option<Value> {
        let (holder, name) = parent(pointer)?;
        match self.value.pointer_mut(holder)? {
            Value::Object(members) => members.shift_remove(&name),
            Value::Array(items) => {
                let index = name.parse().ok().filter(|index| *index < items.len())?;
                Some(items.remove(index))
            }
            _ => None,
        }
    }
}

/// Pointer of what holds the place, and the name within it.
fn parent(pointer: &str) -> Option<(&str, String)> {
    let (holder, _) = pointer.rsplit_once('/')?;
    Some((holder, segments(pointer).last()?.into_owned()))
}

fn object<'v>(value: &'v mut Value, pointer: &str) -> Option<&'v mut Map<String, Value>> {
    value.pointer_mut(pointer)?.as_object_mut()
}

/// The least value of a shape, and whether it is one rather than a placeholder. What a structure needs is the business
/// of the next round.
fn blank(shape: &Shape) -> (Value, bool) {
    match &shape.kind {
        ShapeKind::Structure(structure) if structure.union != Fact::Known(true) => (Map::new().into(), true),
        ShapeKind::Structure(structure) => {
            let names: Vec<String> = structure.members.iter().map(|member| member.name.clone()).collect();
            (marked(&format!("a union of {}", one_of(&names))), false)
        }
        ShapeKind::List(_) => (Value::Array(Vec::new()), true),
        ShapeKind::Map(_) => (Map::new().into(), true),
        ShapeKind::String(EnumValues(Some(allowed))) => (marked(&one_of(allowed)), false),
        kind => (marked(&format!("{} {}", article(kind.name()), kind.name())), false),
    }
}

/// The same value as another type, where the text of the one is the other.
fn converted(found: &Value, expected: &str) -> Option<Value> {
    match (found, expected) {
        (Value::Number(_) | Value::Bool(_), "string") => Some(found.to_string().into()),
        (Value::String(text), "integer" | "long" | "whole number") => text.parse::<i64>().ok().map(Value::from),
        (Value::String(text), "float" | "double" | "floating point number") => {
            text.parse::<f64>().ok().map(Value::from)
        }
        (Value::String(text), "boolean") => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        _ => None,
    }
}

fn marked(what: &str) -> Value {
    format!("<placeholder: {what}>").into()
}

fn one_of(values: &[String]) -> String {
    format!("one of {}", values.join(", "))
}
