//! Parameters of a form or query string (`Filter.1.Value.2=x`) → values, as the model's shapes say.
//!
//! Parameters that the model does not know stay under their own names, text that does not fit stays text: the contract
//! then says what is wrong with them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::scalar::scalar;
use crate::limits::DEPTH;
use crate::model::{Encoding, ListMember, MapEntry, Member, Service, Shape, ShapeKind, Structure, TimestampFormat};
use crate::recording::json::child;
use crate::recording::{Misnamed, Origin, Origins, form_decoded};
use crate::schema::member_keys;
use crate::text::capitalised;

/// How a protocol names parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// awsQuery: wire names, and a word of its own for the elements of a list and the entries of a map.
    Query,
    /// ec2Query: capitalised names, and lists without such a word.
    Ec2,
}

impl Naming {
    /// Names that the parameters of a member may begin with.
    pub(super) fn of_member<'m>(self, member: &'m Member, shape: &'m Shape) -> [Cow<'m, str>; 2] {
        let wire_name = member.wire_name();
        match (self, &shape.kind, &member.query_name) {
            (Self::Ec2, _, Some(name)) => [name.as_str(); 2].map(Cow::Borrowed),
            (Self::Ec2, _, None) => [(); 2].map(|()| Cow::Owned(capitalised(wire_name))),
            // A flattened list may go by its own name or its elements'.
            (Self::Query, ShapeKind::List(list), _) if member.is_flattened(shape) => {
                [list.wire_name.as_deref().unwrap_or(wire_name), wire_name].map(Cow::Borrowed)
            }
            (Self::Query, ..) => [wire_name; 2].map(Cow::Borrowed),
        }
    }
}

/// One parameter, or those that begin with the same name.
#[derive(Default)]
pub(super) struct Node {
    /// What stands behind the next dot, in the parameters' order.
    children: IndexMap<String, Node, RandomState>,
    /// The value of the parameter that has this very name.
    text: Option<String>,
    /// There is more than one such parameter.
    repeated: bool,
    /// Where the first of the parameters stands, by the name up to here, and the bytes of all.
    origin: Option<Origin>,
}

impl Node {
    /// Adds the parameters of a form in a body, but for those that `is_other` knows.
    pub(super) fn add_form(&mut self, text: &str, is_other: &dyn Fn(&str) -> bool) {
        self.add(text, is_other, |name, range| Origin::Part { name, range });
    }

    /// Adds the parameters of a query string, but for those that `is_other` knows.
    pub(super) fn add_query(&mut self, text: &str, is_other: &dyn Fn(&str) -> bool) {
        self.add(text, is_other, |name, _| Origin::Query(name));
    }

    fn add(&mut self, text: &str, is_other: &dyn Fn(&str) -> bool, origin: impl Fn(String, Range<usize>) -> Origin) {
        let mut start = 0;
        for pair in text.split('&') {
            let range = start..start + pair.len();
            start = range.end + 1;
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = form_decoded(name);
            if pair.is_empty() || is_other(&name) {
                continue;
            }
            let mut node = &mut *self;
            let mut end = 0;
            for part in name.splitn(DEPTH, '.') {
                let upto = &name[..end + part.len()];
                // The next part stands behind a dot.
                end = upto.len() + 1;
                node = node.child_mut(part);
                node.cover(origin(upto.to_owned(), range.clone()));
            }
            node.repeated |= node.text.is_some();
            node.text = Some(form_decoded(value).into_owned());
        }
    }

    fn child_mut(&mut self, name: &str) -> &mut Self {
        let known = self.children.get_index_of(name);
        let at = known.unwrap_or_else(|| self.children.insert_full(name.to_owned(), Self::default()).0);
        &mut self.children[at]
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.get(name)
    }

    /// Widens the bytes that the node stands at.
    fn cover(&mut self, origin: Origin) {
        match (&mut self.origin, origin) {
            (Some(Origin::Part { range, .. }), Origin::Part { range: more, .. }) => range.end = range.end.max(more.end),
            (Some(_), _) => {}
            (none, origin) => *none = Some(origin),
        }
    }

    /// Children by their numbers, in the order of these; `None` where one has no number.
    fn numbered(&self) -> Option<Vec<&Self>> {
        let number = |(name, node)| Some((str::parse::<usize>(name).ok()?, node));
        let mut numbered =
            self.children.iter().map(|(name, node)| number((name.as_str(), node))).collect::<Option<Vec<_>>>()?;
        numbered.sort_by_key(|(number, _)| *number);
        Some(numbered.into_iter().map(|(_, node)| node).collect())
    }

    /// The value as it is, where the model says nothing of it or something else.
    fn untyped(&self) -> Value {
        match &self.text {
            Some(text) if self.children.is_empty() || !text.is_empty() => text.as_str().into(),
            _ => Value::Object(self.children.iter().map(|(name, node)| (name.clone(), node.untyped())).collect()),
        }
    }
}

/// Reads parameters of one service's requests.
pub(super) struct FormReader<'m, 'o> {
    /// The model.
    pub(super) service: &'m Service,
    /// Which names of members values stand under.
    pub(super) keys: Encoding,
    /// How names are made.
    pub(super) naming: Naming,
    /// Where values came from.
    pub(super) origins: &'o mut Origins,
}

impl FormReader<'_, '_> {
    /// The members of a structure at `pointer`.
    pub(super) fn members(&mut self, structure: &Structure, node: &Node, pointer: &str) -> Map<String, Value> {
        let mut members = Map::new();
        let mut taken = HashSet::new();
        for (key, member) in member_keys(structure, self.keys) {
            // Most members are not there.
            if taken.len() == node.children.len() {
                break;
            }
            let Some(shape) = self.service.shape(&member.target) else { continue };
            let names = self.naming.of_member(member, shape);
            let found = names.into_iter().find_map(|name| node.child(&name).map(|found| (name, found)));
            if let Some((name, found)) = found.filter(|(name, _)| !taken.contains(name)) {
                taken.insert(name);
                members.insert(key.to_owned(), self.value(shape, Some(member), found, &child(pointer, key)));
            }
        }
        for (name, other) in node.children.iter().filter(|(name, _)| !taken.contains(name.as_str())) {
            self.note(&child(pointer, name), other);
            // Its value would pass for the member's that stands under this name elsewhere.
            let namesake = structure.member_of_key(name, self.keys);
            if let Some((member, shape)) = namesake.and_then(|own| Some((own, self.service.shape(&own.target)?))) {
                let [own, _] = self.naming.of_member(member, shape);
                self.origins.misnamed.push(Misnamed {
                    pointer: pointer.to_owned(),
                    name: name.clone(),
                    own: own.into_owned(),
                });
                continue;
            }
            members.insert(name.clone(), other.untyped());
        }
        members
    }

    fn value(&mut self, shape: &Shape, member: Option<&Member>, node: &Node, pointer: &str) -> Value {
        self.note(pointer, node);
        let flattened = shape.xml.flattened || member.is_some_and(|member| member.xml.flattened);
        let text = node.text.as_deref().filter(|text| node.children.is_empty() || !text.is_empty());
        match (&shape.kind, text) {
            // A list of nothing is written as a parameter of its name alone.
            (ShapeKind::List(_), Some("")) => Value::Array(Vec::new()),
            (ShapeKind::Map(_) | ShapeKind::Structure(_), Some("")) => Value::Object(Map::new()),
            (ShapeKind::List(_) | ShapeKind::Map(_) | ShapeKind::Structure(_), Some(text)) => text.into(),
            (ShapeKind::Structure(structure), None) => Value::Object(self.members(structure, node, pointer)),
            (ShapeKind::List(list), None) => self.list(list, node, flattened, pointer),
            (ShapeKind::Map(map), None) => self.map(map, node, flattened, pointer),
            (_, Some(text)) => scalar(shape, text, member, TimestampFormat::Iso8601),
            (_, None) => node.untyped(),
        }
    }

    fn list(&mut self, list: &ListMember, node: &Node, flattened: bool, pointer: &str) -> Value {
        let word = list.element();
        let wrapped = self.naming == Naming::Query && !flattened;
        let Some(items) = numbered(node, wrapped.then_some(word)) else { return node.untyped() };
        let Some(shape) = self.service.shape(&list.target) else { return node.untyped() };
        let values = items.into_iter().enumerate();
        Value::Array(values.map(|(index, item)| self.value(shape, None, item, &format!("{pointer}/{index}"))).collect())
    }

    fn map(&mut self, map: &MapEntry, node: &Node, flattened: bool, pointer: &str) -> Value {
        let (key_name, value_name) = map.elements();
        let Some(shape) = self.service.shape(&map.value) else { return node.untyped() };
        let entries = numbered(node, (!flattened).then_some("entry"));
        let is_entry = |entry: &&Node| {
            let known = |name: &String| name == key_name || name == value_name;
            entry.child(key_name).is_some_and(|key| key.text.is_some()) && entry.children.keys().all(known)
        };
        let Some(entries) = entries.filter(|entries| entries.iter().all(is_entry)) else {
            // An object would pass for a map of these names.
            return Value::Array(vec![node.untyped()]);
        };
        let mut values = Map::new();
        for entry in entries {
            let Some(key) = entry.child(key_name).and_then(|key| key.text.as_deref()) else { continue };
            let below = child(pointer, key);
            let value = entry.child(value_name).map(|value| self.value(shape, None, value, &below));
            if value.is_none() {
                self.note(&below, entry);
            }
            if values.insert(key.to_owned(), value.unwrap_or(Value::Null)).is_some() {
                self.origins.repeated.push(below);
            }
        }
        Value::Object(values)
    }

    fn note(&mut self, pointer: &str, node: &Node) {
        if let Some(origin) = &node.origin {
            self.origins.insert(pointer.to_owned(), origin.clone());
        }
        if node.repeated {
            self.origins.repeated.push(pointer.to_owned());
        }
    }
}

/// The elements of a list, which may stand behind a word; `None` where something else stands there.
fn numbered<'n>(node: &'n Node, word: Option<&str>) -> Option<Vec<&'n Node>> {
    match word {
        None => node.numbered(),
        Some(word) => node.child(word).filter(|_| node.children.len() == 1)?.numbered(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Presence, ShapeId};

    fn tree(form: &str) -> Node {
        let mut node = Node::default();
        node.add_form(form, &|name| name == "Action");
        node
    }

    #[test]
    fn names_make_a_tree() {
        let tree = tree("Action=A&A.B.1=x&&A.B.2=%26+y&C&A.B.1=z");
        assert_eq!(tree.untyped(), json!({"A": {"B": {"1": "z", "2": "& y"}}, "C": ""}));
        let origin = |node: Option<&Node>| node.and_then(|node| node.origin.clone());
        let part = |name: &str, range| Some(Origin::Part { name: name.into(), range });
        let list = tree.child("A").and_then(|node| node.child("B")).expect("both");
        assert_eq!(origin(Some(list)), part("A.B", 9..39), "from the first parameter to the last");
        assert_eq!(origin(list.child("2")), part("A.B.2", 18..29));
        assert!(list.child("1").is_some_and(|node| node.repeated) && !list.repeated);
        assert!(tree.child("Action").is_none());
        let odd = self::tree(".\u{e9}..=1").untyped();
        assert_eq!(odd, json!({"": {"\u{e9}": {"": {"": "1"}}}}));
    }

    #[test]
    fn elements_are_in_the_order_of_their_numbers() {
        let texts = |form: &str| {
            let tree = tree(form);
            let items = tree.numbered()?.into_iter().map(|node| node.text.clone().unwrap_or_default());
            Some(items.collect::<Vec<_>>())
        };
        assert_eq!(texts("10=c&2=b&1=a"), Some(vec!["a".into(), "b".into(), "c".into()]));
        assert_eq!(texts("1=a&x=b"), None);
    }

    #[test]
    fn names_nested_without_end_are_cut() {
        let name = "a.".repeat(200_000);
        let mut node = &tree(&name);
        let mut depth = 0;
        while let Some((_, child)) = node.children.first() {
            (node, depth) = (child, depth + 1);
        }
        assert_eq!(depth, DEPTH);
    }

    #[test]
    fn ec2_has_names_of_its_own() {
        let shape = Shape {
            id: ShapeId::new("Text"),
            kind: ShapeKind::Boolean,
            constraints: crate::model::Fact::Unknown,
            sensitive: false,
            deprecated: false,
            boxed: false,
            media_type: None,
            requires_length: false,
            xml: crate::model::XmlTraits::default(),
        };
        let mut member = Member::plain("dry", ShapeId::new("Text"), Presence::Optional);
        let first = |member: &Member| Naming::Ec2.of_member(member, &shape)[0].to_string();
        assert_eq!(first(&member), "Dry");
        member.wire_name = Some("dryRun".into());
        assert_eq!(first(&member), "DryRun");
        member.query_name = Some("dry_run".into());
        assert_eq!(first(&member), "dry_run");
        assert_eq!(Naming::Query.of_member(&member, &shape)[0], "dryRun");
    }
}
