//! A small list of payloads that together show what the contract allows.
//!
//! Each thing to show is a wish; wishes that go together share a payload. The simplest payload comes first.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::places::Site;
use super::program::{Node, Program};
use super::scalar;
use super::source::Source;
use super::wish::{Extra, NOTHING, Step, Wish};

/// Longer lists and maps are not made.
pub(super) const MOST_ELEMENTS: u64 = 1_024;

/// Payloads among which one is looked for that a wish goes with. Where there are more, some wishes have one of their own
/// that might have shared one.
const LOOKED_AT: usize = 1_000;

/// Everything to show, each made once.
pub(super) fn cover(program: &Program) -> Vec<Value> {
    let simplest = program.draw(&NOTHING, &mut Source::simplest());
    let mut plans: Vec<Wish> = Vec::new();
    for place in program.places() {
        // Each value of an enumeration needs a payload of its own, behind the one of the value before it.
        let is_listed = matches!(program.node(place.node), Node::Enum(_));
        let mut behind = 0;
        for goal in goals(program, &place) {
            if simplest.as_ref().is_some_and(|simplest| lacks(simplest, &place.steps, &goal.absent)) {
                continue;
            }
            let wish = Wish::at(&place.steps, goal);
            let from = if is_listed { behind } else { 0 };
            let found = plans[from..].iter().take(LOOKED_AT).position(|plan| plan.goes_with(&wish)).map(|at| from + at);
            if let Some(at) = found {
                plans[at].absorb(wish);
            } else {
                plans.push(wish);
            }
            if is_listed {
                behind = found.map_or(plans.len(), |at| at + 1);
            }
        }
    }
    let mut known = HashSet::new();
    let planned = plans.iter().filter_map(|plan| program.draw(plan, &mut Source::simplest()));
    simplest.into_iter().chain(planned).filter(|payload| known.insert(written(payload))).collect()
}

/// A payload as JSON.
fn written(payload: &Value) -> Vec<u8> {
    serde_json::to_vec(payload).expect("a value is written")
}

/// Whether the payload has the place, and members are absent there.
fn lacks(payload: &Value, steps: &[Step], absent: &BTreeSet<String>) -> bool {
    let place = steps.iter().try_fold(payload, |value, step| match step {
        Step::Member(key, _) => value.get(key),
        Step::Element => value.get(0).or_else(|| value.as_object()?.values().next()),
    });
    let is_absent = |object: &Map<String, Value>| absent.iter().all(|key| !object.contains_key(key));
    !absent.is_empty() && place.and_then(Value::as_object).is_some_and(is_absent)
}

/// What is to be shown of one place.
fn goals(program: &Program, place: &Site) -> Vec<Wish> {
    let mut goals = Vec::new();
    let exactly = |values: Vec<Value>| values.into_iter().map(Wish::exactly);
    if place.sparse {
        goals.push(Wish::exactly(Value::Null));
    }
    match program.node(place.node) {
        Node::Boolean => goals.extend(exactly(vec![json!(false), json!(true)])),
        Node::Integer { min, max } => goals.extend(exactly(vec![scalar::whole(*min), scalar::whole(*max)])),
        Node::Number { min, max, .. } => {
            goals.extend([min, max].into_iter().flatten().map(|end| Wish::exactly(Value::Number(end.clone()))));
        }
        Node::Text(text) => goals.extend(text.ends(place.carrier).into_iter().map(|text| Wish::exactly(text.into()))),
        Node::Enum(values) => goals.extend(values.iter().map(|value| Wish::exactly(value.as_str().into()))),
        Node::Blob { min, max } => {
            let end = |length: u64| scalar::blob(length, length, &mut Source::simplest()).map(Wish::exactly);
            goals.extend([*min, *max].into_iter().filter_map(end));
        }
        Node::List { items, min, max, unique } => {
            let max = if *unique { (*max).min(1) } else { *max };
            goals.extend(sizes(*min, max, program.height(*items).is_some()));
        }
        Node::Map { keys, values, min, max } => {
            let both = program.height(*keys).and(program.height(*values)).is_some();
            let most = most_keys(program, *keys);
            goals.extend(sizes(*min, (*max).min(most), both));
            let shown = match program.node(*keys) {
                Node::Enum(values) => values.clone(),
                Node::Text(text) => text.ends(place.carrier),
                _ => Vec::new(),
            };
            // Each key by itself, so that no number of entries is in the way.
            let extra = |key: String| Wish { extra: [(key, Extra::Fitting)].into(), ..Wish::default() };
            goals.extend(shown.into_iter().filter(|_| both && *max > 0).map(extra));
        }
        Node::Structure(structure) => {
            for member in program.members(structure) {
                if !member.required && !structure.union {
                    goals.push(Wish { absent: [member.key.clone()].into(), ..Wish::default() });
                }
            }
            // That members are there is shown by the goals of their own places, or by their being wished for.
            for member in program.members(structure).filter(|member| !member.required) {
                let members = [(member.key.clone(), NOTHING.clone())].into();
                goals.push(Wish { members, union: structure.union, ..Wish::default() });
            }
        }
        Node::Timestamp(format) => goals.extend(exactly(scalar::timestamp_ends(*format).into())),
        Node::Any(_) | Node::Sparse(_) | Node::Never { .. } => {}
    }
    goals
}

/// Both ends of a list's or map's length.
fn sizes(min: u64, max: u64, can_grow: bool) -> Vec<Wish> {
    let of = |size: u64| Wish { size: Some(size), ..Wish::default() };
    // Where no upper end is set, some elements are enough of a difference.
    let high = if max > MOST_ELEMENTS { (max == u64::MAX).then_some(min + 1) } else { Some(max) };
    let mut sizes = vec![of(min)];
    sizes.extend(high.filter(|high| can_grow && *high > min).map(of));
    sizes
}

/// How many keys a map can have.
fn most_keys(program: &Program, keys: usize) -> u64 {
    match program.node(keys) {
        Node::Enum(values) => values.len() as u64,
        _ => u64::MAX,
    }
}
