//! What syntax and bullets agree on, and the places where parts of the page do not.

use super::lines::LineColumn;
use crate::model::Presence;

/// One thing on which two parts of the page disagree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Disagreement {
    pub(super) place: LineColumn,
    pub(super) cause: String,
}

impl Disagreement {
    pub(super) fn new(place: LineColumn, cause: impl Into<String>) -> Self {
        Self { place, cause: cause.into() }
    }
}

/// A value of the tree that both parts agree on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Where its stand-in value is.
    pub(super) place: LineColumn,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Text,
    Enum(Vec<String>),
    Integer,
    Float,
    Boolean,
    Timestamp,
    Blob,
    /// Bytes that are streamed.
    Stream,
    Document,
    /// A JSON document within a string.
    Json,
    List(Box<Node>),
    /// The value; keys are strings.
    Map(Box<Node>),
    Structure(Vec<NodeMember>),
    /// The same as the node so many levels up: 1 is the node right around it.
    Recursive(usize),
}

/// A member of a [`Kind::Structure`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NodeMember {
    pub(super) name: String,
    pub(super) presence: Presence,
    pub(super) node: Node,
}

impl Node {
    pub(super) fn member_names(&self) -> impl Iterator<Item = &str> {
        let members = match &self.kind {
            Kind::Structure(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|member| member.name.as_str())
    }

    pub(super) fn member(&self, name: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Structure(members) => members.iter().find(|member| member.name == name).map(|member| &member.node),
            _ => None,
        }
    }
}

impl Kind {
    /// The kind for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Enum(_) => "an enumeration",
            Self::Integer => "an integer",
            Self::Float => "a float",
            Self::Boolean => "a boolean",
            Self::Timestamp => "a timestamp",
            Self::Blob => "bytes",
            Self::Stream => "a stream",
            Self::Document => "a document",
            Self::Json => "a JSON text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Structure(_) => "a structure",
            Self::Recursive(_) => "a recursive member",
        }
    }
}
