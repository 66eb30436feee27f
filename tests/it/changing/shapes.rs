//! Changes of shapes.

use serde_json::{Value, json};

use super::{Documents, How, Row, Spot, is_error, is_structure};

pub(super) const MUTATIONS: &[Row] = &[
    ("min-added", How::Documents(|d| set(d, |s| is_sized(s) && s["min"].is_null() && s["max"] != 0, "min", 1)), &[]),
    ("min-added", How::Documents(min_of_another_shape), &["shape-renamed"]),
    ("min-tightened", How::Documents(|d| step(d, "min", 1)), &[]),
    ("min-loosened", How::Swapped("min-tightened"), &[]),
    ("min-removed", How::Swapped("min-added"), &["shape-renamed"]),
    ("max-added", How::Documents(|d| set(d, |s| is_bounded(s) && s["max"].is_null(), "max", 1_000_000)), &[]),
    ("max-tightened", How::Documents(|d| step(d, "max", -1)), &[]),
    ("max-loosened", How::Swapped("max-tightened"), &[]),
    ("max-removed", How::Swapped("max-added"), &[]),
    ("constraint-noop", How::Documents(|d| set(d, |s| is_sized(s) && s["min"].is_null(), "min", 0)), &[]),
    ("pattern-added", How::Documents(|d| set(d, |s| is_text(s) && s["pattern"].is_null(), "pattern", "[a-z]+")), &[]),
    ("pattern-removed", How::Swapped("pattern-added"), &[]),
    ("pattern-changed", How::Documents(|d| pattern(d, |pattern| format!("{pattern}mutant"))), &[]),
    ("pattern-anchors-changed", How::Documents(|d| pattern(d, |pattern| format!("^{pattern}$"))), &[]),
    ("sensitive-added", How::Documents(|d| set(d, |s| s["sensitive"].is_null(), "sensitive", true)), &[]),
    ("sensitive-removed", How::Swapped("sensitive-added"), &[]),
    ("member-deprecated", How::Documents(|d| set(d, |s| s["deprecated"].is_null(), "deprecated", true)), &[]),
    ("enum-value-added", How::Documents(enum_value), &[]),
    ("enum-value-removed", How::Swapped("enum-value-added"), &[]),
    ("enum-added", How::Documents(|d| set(d, |s| is_text(s) && s["enum"].is_null(), "enum", json!(["A"]))), &[]),
    ("enum-dropped", How::Swapped("enum-added"), &[]),
    ("enum-reordered", How::Documents(enum_order), &[]),
    ("type-changed", How::Documents(boolean), &[]),
    ("numeric-type-widened", How::Documents(wider), &[]),
    ("numeric-type-narrowed", How::Swapped("numeric-type-widened"), &[]),
    ("document-changed", How::Documents(document), &[]),
    ("union-changed", How::Documents(union), &[]),
    ("sparse-changed", How::Documents(|d| set(d, |s| is_collection(s) && s["sparse"].is_null(), "sparse", true)), &[]),
    ("streaming-changed", How::Documents(stream), &[]),
    ("requires-length-changed", How::Documents(|d| set(d, |s| s["type"] == "blob", "requiresLength", true)), &[]),
    ("box-changed", How::Documents(boxed), &[]),
    ("timestamp-format-changed", How::Documents(timestamp), &[]),
    ("wire-name-changed", How::Documents(element), &[]),
    ("eventstream-changed", How::Documents(event_stream), &[]),
    ("shape-renamed", How::Documents(rename), &[]),
];

fn is_collection(shape: &Value) -> bool {
    shape["type"] == "list" || shape["type"] == "map"
}

fn is_text(shape: &Value) -> bool {
    shape["type"] == "string"
}

/// Whether a bound counts something.
fn is_sized(shape: &Value) -> bool {
    is_collection(shape) || is_text(shape) || shape["type"] == "blob"
}

fn is_bounded(shape: &Value) -> bool {
    is_sized(shape) || shape["type"] == "integer" || shape["type"] == "long"
}

/// Sets a trait of a shape that fits.
fn set(d: &mut Documents<'_>, fits: fn(&Value) -> bool, key: &str, value: impl Into<Value>) -> Option<Spot> {
    let value = value.into();
    let name = d.shape(|_, _, shape| fits(shape) && shape[key] != value)?;
    d.at(&name)[key] = value;
    Some(Spot::Shape(name))
}

/// Moves a bound that is a whole number by one.
fn step(d: &mut Documents<'_>, key: &str, by: i64) -> Option<Spot> {
    let name = d.shape(|_, _, shape| shape[key].as_i64().is_some_and(|bound| bound > 0 && bound < i64::MAX))?;
    let bound = d.at(&name)[key].as_i64()?;
    // A minimum of 0 says nothing; what is above it does.
    d.at(&name)[key] = (bound + by).into();
    Some(Spot::Shape(name))
}

/// A member gets another shape that differs from its own by a minimum; the old one stays where it is.
fn min_of_another_shape(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, _, [_, _, target]| is_sized(target) && target["min"].is_null())?;
    let target = d.new["shapes"][&owner]["members"][&member]["shape"].as_str()?.to_owned();
    let mut copy = d.new["shapes"][&target].clone();
    copy["min"] = 1.into();
    let name = format!("{target}Mutant");
    d.new["shapes"][&name] = copy.clone();
    // In both models there are both.
    copy.as_object_mut()?.shift_remove("min");
    d.old["shapes"][&name] = d.new["shapes"][&name].clone();
    d.new["shapes"][&owner]["members"][&member]["shape"] = name.into();
    Some(Spot::Member(owner, member))
}

fn pattern(d: &mut Documents<'_>, change: fn(&str) -> String) -> Option<Spot> {
    let is_plain = |pattern: &str| !pattern.starts_with('^') && !pattern.ends_with('$');
    let name = d.shape(|_, _, shape| shape["pattern"].as_str().is_some_and(is_plain))?;
    let changed = change(d.new["shapes"][&name]["pattern"].as_str()?);
    d.at(&name)["pattern"] = changed.into();
    Some(Spot::Shape(name))
}

fn enum_value(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| shape["enum"].is_array())?;
    d.at(&name)["enum"].as_array_mut()?.push("MUTANT".into());
    Some(Spot::Shape(name))
}

fn enum_order(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| shape["enum"].as_array().is_some_and(|values| values.len() > 1))?;
    d.at(&name)["enum"].as_array_mut()?.reverse();
    Some(Spot::Shape(name))
}

/// A text that is no key of a map becomes a boolean.
fn boolean(d: &mut Documents<'_>) -> Option<Spot> {
    let keys: Vec<Value> = d.new["shapes"].as_object()?.values().map(|shape| shape["key"]["shape"].clone()).collect();
    let name = d.shape(|_, name, shape| is_text(shape) && !keys.iter().any(|key| key == name))?;
    *d.at(&name) = json!({"type": "boolean"});
    Some(Spot::Shape(name))
}

fn wider(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| shape["type"] == "integer" || shape["type"] == "float")?;
    let wide = if d.at(&name)["type"] == "integer" { "long" } else { "double" };
    d.at(&name)["type"] = wide.into();
    Some(Spot::Shape(name))
}

/// Whether a shape is a structure below others, and nothing special.
fn is_inner(d: &Documents<'_>, name: &str, shape: &Value) -> bool {
    is_structure(shape) && !d.is_root(name) && !is_error(shape) && shape["union"] != true && shape["event"] != true
}

fn document(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|d, name, shape| is_inner(d, name, shape))?;
    *d.at(&name) = json!({"type": "structure", "members": {}, "document": true});
    Some(Spot::Shape(name))
}

fn union(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|d, name, shape| is_inner(d, name, shape))?;
    d.at(&name)["union"] = true.into();
    Some(Spot::Shape(name))
}

fn event_stream(d: &mut Documents<'_>) -> Option<Spot> {
    let is_none = |shape: &Value| shape["eventstream"].is_null() && shape["streaming"].is_null();
    let name = d.shape(|d, name, shape| is_inner(d, name, shape) && is_none(shape))?;
    d.at(&name)["eventstream"] = true.into();
    Some(Spot::Shape(name))
}

/// Whether no member that leads to the shape says anything of that trait.
fn is_left_to_the_shape(d: &Documents<'_>, name: &str, traits: &[&str]) -> bool {
    d.references(name).iter().all(|member| traits.iter().all(|key| member[key].is_null()))
}

fn stream(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|d, name, shape| {
        shape["type"] == "blob" && shape["streaming"].is_null() && is_left_to_the_shape(d, name, &["streaming"])
    })?;
    d.at(&name)["streaming"] = true.into();
    Some(Spot::Shape(name))
}

fn boxed(d: &mut Documents<'_>) -> Option<Spot> {
    const KINDS: [&str; 5] = ["integer", "long", "float", "double", "boolean"];
    let name = d.shape(|d, name, shape| {
        KINDS.iter().any(|kind| shape["type"] == *kind)
            && shape["box"].is_null()
            && is_left_to_the_shape(d, name, &["box"])
    })?;
    d.at(&name)["box"] = true.into();
    Some(Spot::Shape(name))
}

fn timestamp(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|d, name, shape| {
        shape["type"] == "timestamp" && is_left_to_the_shape(d, name, &["timestampFormat", "location"])
    })?;
    let other = if d.at(&name)["timestampFormat"] == "rfc822" { "iso8601" } else { "rfc822" };
    d.at(&name)["timestampFormat"] = other.into();
    Some(Spot::Shape(name))
}

/// Another name for the elements of a list, where they have names.
fn element(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|d, _, shape| d.writes_elements() && shape["type"] == "list")?;
    d.at(&name)["member"]["locationName"] = "mutant".into();
    Some(Spot::Shape(name))
}

/// Another name for a structure or enumeration that is no error, everywhere.
fn rename(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| is_structure(shape) && !is_error(shape) || shape["enum"].is_array())?;
    let newer = format!("{name}Mutant");
    let shapes = d.new["shapes"].as_object_mut()?;
    let shape = shapes.shift_remove(&name)?;
    shapes.insert(newer.clone(), shape);
    replace(&mut d.new, &name, &newer);
    Some(Spot::Renamed(newer, name))
}

/// Sets all references to a shape anew.
fn replace(value: &mut Value, name: &str, newer: &str) {
    match value {
        Value::Object(fields) => {
            for (key, below) in fields {
                if key == "shape" && below == name {
                    *below = newer.into();
                }
                replace(below, name, newer);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, name, newer)),
        _ => {}
    }
}
