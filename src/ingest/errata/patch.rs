//! JSON Patch (RFC 6902) and botocore's merges, and what they change.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One operation of a patch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Operation {
    /// Adds a member or an element, or replaces a member.
    Add { path: String, value: Value },
    /// Removes what is there.
    Remove { path: String },
    /// Replaces what is there.
    Replace { path: String, value: Value },
    /// Removes from one place and adds to another.
    Move { from: String, path: String },
    /// Adds to one place what is at another.
    Copy { from: String, path: String },
    /// Demands that something is there.
    Test { path: String, value: Value },
}

/// Applies operations one after the other, and says which places they changed. Where one cannot be applied nothing is
/// changed, and the error says why.
///
/// Beyond RFC 6902, what is added at the end of a list is not added twice: the lists of a model are sets.
pub(super) fn patch(document: &mut Value, operations: &[Operation]) -> Result<Vec<String>, String> {
    let mut before = Vec::new();
    let mut places = Vec::new();
    for operation in operations {
        before.extend(operation.containers().map(|path| (path.to_owned(), document.pointer(path).cloned())));
        match apply(document, operation) {
            Ok(changed) => {
                places.extend(changed.into_iter().filter(|place| !places.contains(place)).collect::<Vec<_>>());
            }
            Err(reason) => {
                restore(document, before);
                return Err(reason);
            }
        }
    }
    Ok(places)
}

/// Puts back what containers held, the last one first. A copy of a whole model would cost more than all else about a patch.
fn restore(document: &mut Value, before: Vec<(String, Option<Value>)>) {
    for (path, value) in before.into_iter().rev() {
        if let (Some(place), Some(value)) = (document.pointer_mut(&path), value) {
            *place = value;
        }
    }
}

impl Operation {
    /// All places that it names.
    fn pointers(&self) -> impl Iterator<Item = &str> {
        let places = match self {
            Self::Move { from, path } | Self::Copy { from, path } => [Some(from), Some(path)],
            Self::Test { path, .. } | Self::Add { path, .. } | Self::Remove { path } | Self::Replace { path, .. } => {
                [Some(path), None]
            }
        };
        places.into_iter().flatten().map(String::as_str)
    }

    /// Pointers to what holds the places that it changes.
    fn containers(&self) -> impl Iterator<Item = &str> {
        let places = match self {
            Self::Test { .. } => [None, None],
            Self::Move { from, path } => [Some(from), Some(path)],
            Self::Add { path, .. } | Self::Remove { path } | Self::Replace { path, .. } | Self::Copy { path, .. } => {
                [Some(path), None]
            }
        };
        places.into_iter().flatten().map(|path| path.rsplit_once('/').map_or("", |(container, _)| container))
    }
}

/// The parts of a model that a correction is about: what is directly within its `operations` and `shapes`. `None` where it is
/// about more than such parts and the metadata.
pub(in crate::ingest) type Parts = BTreeSet<(String, String)>;

/// The parts that operations are about.
pub(super) fn parts_of_patch(operations: &[Operation]) -> Option<Parts> {
    let mut parts = Parts::new();
    for pointer in operations.iter().flat_map(Operation::pointers) {
        let mut tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
        match (tokens.next().as_deref(), tokens.next()) {
            (Some("metadata"), Some(_)) => {}
            (Some(section @ ("operations" | "shapes")), Some(name)) => drop(parts.insert((section.to_owned(), name))),
            _ => return None,
        }
    }
    Some(parts)
}

/// The parts that a merge is about.
pub(in crate::ingest) fn parts_of_merge(more: &Value) -> Option<Parts> {
    let mut parts = Parts::new();
    for (section, members) in more.as_object()? {
        let names = members.as_object()?.keys();
        match section.as_str() {
            "metadata" => {}
            "operations" | "shapes" => parts.extend(names.map(|name| (section.clone(), name.clone()))),
            _ => return None,
        }
    }
    Some(parts)
}

fn apply(document: &mut Value, operation: &Operation) -> Result<Vec<String>, String> {
    match operation {
        Operation::Test { path, value } => match document.pointer(path) {
            Some(found) if found == value => Ok(Vec::new()),
            Some(found) => Err(format!("{path} is {found}")),
            None => Err(format!("{path} is not there")),
        },
        Operation::Add { path, value } => Ok(add(document, path, value.clone())?.into_iter().collect()),
        Operation::Remove { path } => remove(document, path).map(|_| vec![path.clone()]),
        Operation::Replace { path, value } => {
            let place = document.pointer_mut(path).ok_or_else(|| format!("{path} is not there"))?;
            let is_news = place != value;
            value.clone_into(place);
            Ok(if is_news { vec![path.clone()] } else { Vec::new() })
        }
        Operation::Move { from, path } => {
            let value = remove(document, from)?;
            let added = add(document, path, value)?;
            Ok(std::iter::once(from.clone()).chain(added).collect())
        }
        Operation::Copy { from, path } => {
            let value = document.pointer(from).cloned().ok_or_else(|| format!("{from} is not there"))?;
            Ok(add(document, path, value)?.into_iter().collect())
        }
    }
}

/// Adds something; `None` where it is there already.
fn add(document: &mut Value, path: &str, value: Value) -> Result<Option<String>, String> {
    let Some((parent, key)) = split(path) else {
        let is_news = *document != value;
        *document = value;
        return Ok(is_news.then(String::new));
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            let is_news = members.get(&key) != Some(&value);
            members.insert(key, value);
            Ok(is_news.then(|| path.to_owned()))
        }
        Some(Value::Array(items)) if key == "-" && items.contains(&value) => Ok(None),
        Some(Value::Array(items)) => {
            let at = if key == "-" { Some(items.len()) } else { key.parse().ok().filter(|at| *at <= items.len()) };
            items.insert(at.ok_or_else(|| format!("{path} is no place in its list"))?, value);
            Ok(Some(path.to_owned()))
        }
        _ => Err(format!("{parent} is not there")),
    }
}

fn remove(document: &mut Value, path: &str) -> Result<Value, String> {
    let gone = || format!("{path} is not there");
    let (parent, key) = split(path).ok_or_else(gone)?;
    match document.pointer_mut(parent) {
        // The order of what is left stays.
        Some(Value::Object(members)) => members.shift_remove(&key).ok_or_else(gone),
        Some(Value::Array(items)) => {
            let at = key.parse().ok().filter(|at: &usize| *at < items.len()).ok_or_else(gone)?;
            Ok(items.remove(at))
        }
        _ => Err(gone()),
    }
}

/// The pointer to what holds a place, and the place's own name.
fn split(path: &str) -> Option<(&str, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

/// Merges as botocore does: objects member by member, everything else is replaced. Says which places changed.
pub(in crate::ingest) fn merge(document: &mut Value, more: &Value) -> Vec<String> {
    let mut places = Vec::new();
    if let (Some(members), Some(more)) = (document.as_object_mut(), more.as_object()) {
        merge_members(members, more, "", &mut places);
    }
    places
}

fn merge_members(members: &mut Map<String, Value>, more: &Map<String, Value>, path: &str, places: &mut Vec<String>) {
    for (key, value) in more {
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        match (members.get_mut(key), value) {
            (Some(Value::Object(members)), Value::Object(more)) => merge_members(members, more, &path, places),
            (Some(own), value) if own == value => {}
            _ => {
                members.insert(key.clone(), value.clone());
                places.push(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operations(of: Value) -> Vec<Operation> {
        serde_json::from_value(of).expect("operations")
    }

    #[test]
    fn operations_change_what_they_name() {
        for (before, operation, after, places) in [
            (json!({"a": 1}), json!({"op": "add", "path": "/b", "value": 2}), json!({"a": 1, "b": 2}), vec!["/b"]),
            (json!({"a": 1}), json!({"op": "add", "path": "/a", "value": 1}), json!({"a": 1}), vec![]),
            (json!([1, 3]), json!({"op": "add", "path": "/1", "value": 2}), json!([1, 2, 3]), vec!["/1"]),
            (json!([1]), json!({"op": "add", "path": "/-", "value": 2}), json!([1, 2]), vec!["/-"]),
            (json!([1, 2]), json!({"op": "add", "path": "/-", "value": 2}), json!([1, 2]), vec![]),
            (
                json!({"a/b": {"~": 1}}),
                json!({"op": "remove", "path": "/a~1b/~0"}),
                json!({"a/b": {}}),
                vec!["/a~1b/~0"],
            ),
            (json!([1, 2]), json!({"op": "remove", "path": "/0"}), json!([2]), vec!["/0"]),
            (json!({"a": 1}), json!({"op": "replace", "path": "/a", "value": 2}), json!({"a": 2}), vec!["/a"]),
            (json!({"a": 1}), json!({"op": "replace", "path": "/a", "value": 1}), json!({"a": 1}), vec![]),
            (json!({"a": 1}), json!({"op": "move", "from": "/a", "path": "/b"}), json!({"b": 1}), vec!["/a", "/b"]),
            (json!({"a": 1}), json!({"op": "copy", "from": "/a", "path": "/b"}), json!({"a": 1, "b": 1}), vec!["/b"]),
            (json!({"a": 1}), json!({"op": "test", "path": "/a", "value": 1}), json!({"a": 1}), vec![]),
        ] {
            let mut document = before;
            let changed = patch(&mut document, &operations(json!([operation.clone()])));
            assert_eq!(
                (document, changed),
                (after, Ok(places.into_iter().map(str::to_owned).collect())),
                "{operation}"
            );
        }
    }

    #[test]
    fn where_one_operation_fails_nothing_changes() {
        let add = json!({"op": "add", "path": "/b", "value": 2});
        for (failing, why) in [
            (json!({"op": "test", "path": "/a", "value": 2}), "/a is 1"),
            (json!({"op": "test", "path": "/c", "value": 2}), "/c is not there"),
            (json!({"op": "remove", "path": "/c"}), "/c is not there"),
            (json!({"op": "replace", "path": "/c", "value": 1}), "/c is not there"),
            (json!({"op": "move", "from": "/c", "path": "/d"}), "/c is not there"),
            (json!({"op": "copy", "from": "/c", "path": "/d"}), "/c is not there"),
            (json!({"op": "add", "path": "/c/d", "value": 1}), "/c is not there"),
            (json!({"op": "add", "path": "/l/7", "value": 1}), "/l/7 is no place in its list"),
        ] {
            let mut document = json!({"a": 1, "l": []});
            let told = patch(&mut document, &operations(json!([add.clone(), failing.clone()])));
            assert_eq!((told, document), (Err(why.to_owned()), json!({"a": 1, "l": []})), "{failing}");
        }
    }

    #[test]
    fn what_went_before_a_failure_is_undone_in_its_order() {
        let text = r#"{"a":1,"l":[1,2,3],"o":{"x":{"y":1},"z":2}}"#;
        let failing = json!({"op": "test", "path": "/none", "value": 0});
        for first in [
            json!({"op": "add", "path": "/a", "value": 2}),
            json!({"op": "add", "path": "/l/1", "value": 9}),
            json!({"op": "add", "path": "/l/-", "value": 9}),
            json!({"op": "add", "path": "", "value": 9}),
            json!({"op": "remove", "path": "/a"}),
            json!({"op": "remove", "path": "/l/0"}),
            json!({"op": "remove", "path": "/o/x"}),
            json!({"op": "replace", "path": "/o/x/y", "value": 9}),
            json!({"op": "move", "from": "/o/x", "path": "/l/0"}),
            json!({"op": "move", "from": "/a", "path": "/o/x/a"}),
            json!({"op": "copy", "from": "/o", "path": "/o/x/o"}),
        ] {
            for second in [first.clone(), json!({"op": "add", "path": "/o/x/new", "value": 1})] {
                let mut document: Value = serde_json::from_str(text).expect("a document");
                let told = patch(&mut document, &operations(json!([first, second, failing])));
                assert!(told.is_err() && document.to_string().as_str() == text, "{first} {second}: {document}");
            }
        }
    }

    #[test]
    fn a_merge_goes_into_objects_and_replaces_the_rest() {
        let mut document = json!({"a": {"b": 1, "c": [1]}, "d": 1});
        let places = merge(&mut document, &json!({"a": {"b": 1, "c": [2], "e/f": 3}, "d": {"g": 1}}));
        assert_eq!(document, json!({"a": {"b": 1, "c": [2], "e/f": 3}, "d": {"g": 1}}));
        assert_eq!(places, ["/a/c", "/a/e~1f", "/d"]);
    }
}
