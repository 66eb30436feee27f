//! Merged trees → the model's shapes, with names made from where they are used.
//!
//! A page has no shape names. A request is `<Operation>Request`, a response `<Operation>Response`, what is nested in
//! them carries its path: `CreateMembershipRequestDefaultResultConfiguration`. An element is named `…Element`, a
//! map's value `…Value`. Scalars without values of their own share one shape per kind, such as `String`. Where two
//! paths read the same, the later one gets a number.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Kind, Node, NodeMember};
use crate::model::{
    EnumValues, Fact, FloatWidth, IntegerWidth, ListMember, MapEntry, Member, Shape, ShapeId, ShapeKind, Streaming,
    Structure,
};

/// Shapes made so far.
#[derive(Debug, Default)]
pub(super) struct Lowering {
    shapes: BTreeMap<ShapeId, Shape>,
    /// Names given to nodes whose shapes are still being made, the innermost last.
    around: Vec<ShapeId>,
    /// Names given away, those of `around` included.
    taken: BTreeSet<ShapeId>,
}

impl Lowering {
    /// Makes the shapes of a request or response and returns the name of its structure.
    pub(super) fn root(&mut self, name: &str, node: &Node) -> ShapeId {
        self.lower(name, node)
    }

    /// All shapes.
    pub(super) fn finish(self) -> BTreeMap<ShapeId, Shape> {
        self.shapes
    }

    fn lower(&mut self, path: &str, node: &Node) -> ShapeId {
        match &node.kind {
            Kind::Text | Kind::Json => self.shared("String", ShapeKind::String(EnumValues(None))),
            Kind::Integer => self.shared("Integer", ShapeKind::Integer(IntegerWidth::Unknown)),
            Kind::Float => self.shared("Double", ShapeKind::Float(FloatWidth::Unknown)),
            Kind::Boolean => self.shared("Boolean", ShapeKind::Boolean),
            Kind::Timestamp => self.shared("Timestamp", ShapeKind::Timestamp(Fact::Unknown)),
            Kind::Blob => self.shared("Blob", ShapeKind::Blob(Streaming(false))),
            Kind::Stream => self.shared("StreamingBlob", ShapeKind::Blob(Streaming(true))),
            Kind::Document => self.shared("Document", ShapeKind::Document),
            Kind::Recursive(up) => self.around[self.around.len() - up].clone(),
            Kind::Enum(values) => {
                let id = self.name(path);
                self.insert(id, ShapeKind::String(EnumValues(Some(values.clone()))))
            }
            Kind::List(element) => self.nested(path, |lowering| {
                let target = lowering.lower(&format!("{path}Element"), element);
                ShapeKind::List(ListMember::plain(target))
            }),
            Kind::Map(value) => self.nested(path, |lowering| {
                let key = lowering.shared("String", ShapeKind::String(EnumValues(None)));
                let value = lowering.lower(&format!("{path}Value"), value);
                ShapeKind::Map(MapEntry { key, value, sparse: false, wire_names: (None, None) })
            }),
            Kind::Structure(members) => self.nested(path, |lowering| {
                let members = members.iter().map(|member| lowering.member(path, member)).collect();
                ShapeKind::Structure(Structure { members, ..Structure::default() })
            }),
        }
    }

    fn member(&mut self, path: &str, member: &NodeMember) -> Member {
        let target = self.lower(&format!("{path}{}", upper_camel(&member.name)), &member.node);
        let json_value = member.node.kind == Kind::Json;
        Member { location: Fact::Unknown, json_value, ..Member::plain(member.name.clone(), target, member.presence) }
    }

    /// Makes a shape around others, which may name it in turn.
    fn nested(&mut self, path: &str, make: impl FnOnce(&mut Self) -> ShapeKind) -> ShapeId {
        let id = self.name(path);
        self.around.push(id.clone());
        let kind = make(self);
        self.around.pop();
        self.insert(id, kind)
    }

    fn shared(&mut self, name: &str, kind: ShapeKind) -> ShapeId {
        let id = ShapeId::new(name);
        if self.taken.insert(id.clone()) {
            return self.insert(id, kind);
        }
        id
    }

    /// A name that no other shape has. Paths never read like a shared shape: they go through `Request` or `Response`.
    fn name(&mut self, path: &str) -> ShapeId {
        let numbered = (2..).map(|number| ShapeId::new(format!("{path}{number}")));
        let mut names = std::iter::once(ShapeId::new(path)).chain(numbered);
        let free = names.find(|name| !self.taken.contains(name)).expect("there are more numbers than shapes");
        self.taken.insert(free.clone());
        free
    }

    fn insert(&mut self, id: ShapeId, kind: ShapeKind) -> ShapeId {
        self.shapes.insert(id.clone(), Shape::plain(id.clone(), kind));
        id
    }
}

/// `keyPrefix` and `key-prefix` as `KeyPrefix`.
fn upper_camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::LineColumn;
    use super::*;
    use crate::model::Presence;

    fn node(kind: Kind) -> Node {
        Node { place: LineColumn { line: 1, column: 1 }, kind }
    }

    fn structure(members: Vec<(&str, Node)>) -> Node {
        let member =
            |(name, node): (&str, Node)| NodeMember { name: name.to_owned(), presence: Presence::Unknown, node };
        node(Kind::Structure(members.into_iter().map(member).collect()))
    }

    fn lowered(root: &Node) -> BTreeMap<ShapeId, Shape> {
        let mut lowering = Lowering::default();
        assert_eq!(lowering.root("GetXResponse", root).as_str(), "GetXResponse");
        lowering.finish()
    }

    #[test]
    fn names_shapes_by_path_and_shares_scalars() {
        let values = node(Kind::Enum(vec!["A".to_owned()]));
        let list = node(Kind::List(Box::new(values)));
        let map = node(Kind::Map(Box::new(structure(vec![("n", node(Kind::Integer))]))));
        let shapes = lowered(&structure(vec![("a-list", list), ("theMap", map), ("n", node(Kind::Integer))]));
        let names: Vec<&str> = shapes.keys().map(ShapeId::as_str).collect();
        assert_eq!(
            names,
            [
                "GetXResponse",
                "GetXResponseAList",
                "GetXResponseAListElement",
                "GetXResponseTheMap",
                "GetXResponseTheMapValue",
                "Integer",
                "String"
            ]
        );
        assert!(shapes.values().all(|shape| shape.constraints == Fact::Unknown));
    }

    #[test]
    fn keeps_paths_that_read_the_same_apart() {
        let nested = structure(vec![("bC", structure(Vec::new()))]);
        let shapes = lowered(&structure(vec![("a", nested), ("aBC", structure(Vec::new()))]));
        let names: Vec<&str> = shapes.keys().map(ShapeId::as_str).collect();
        assert_eq!(names, ["GetXResponse", "GetXResponseA", "GetXResponseABC", "GetXResponseABC2"]);
    }

    #[test]
    fn closes_recursion() {
        let list = node(Kind::List(Box::new(node(Kind::Recursive(2)))));
        let shapes = lowered(&structure(vec![("tree", structure(vec![("kids", list)]))]));
        let ShapeKind::List(kids) = &shapes["GetXResponseTreeKids"].kind else { panic!("not a list") };
        assert_eq!(kids.target.as_str(), "GetXResponseTree");
    }

    #[test]
    fn leaves_unknown_what_a_page_does_not_say() {
        let shapes =
            lowered(&structure(vec![("f", node(Kind::Float)), ("j", node(Kind::Json)), ("s", node(Kind::Stream))]));
        let ShapeKind::Structure(root) = &shapes["GetXResponse"].kind else { panic!("not a structure") };
        assert_eq!(root.union, Fact::Unknown);
        assert!(root.members.iter().all(|member| member.location == Fact::Unknown && member.wire_name.is_none()));
        assert!(root.members[1].json_value);
        assert_eq!(shapes["Double"].kind, ShapeKind::Float(FloatWidth::Unknown));
        assert_eq!(shapes["StreamingBlob"].kind, ShapeKind::Blob(Streaming(true)));
    }
}
