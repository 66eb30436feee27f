//! [`Program`]: what each place of a payload may be, ready to be drawn from.

use super::Omission;
use super::pattern::LONGEST;
use super::text::{Carrier, Text};
use crate::error::{Error, Result};
use crate::model::TimestampFormat;

/// Elements of a list or entries of a map that must be there, at most.
const MOST: u64 = 65_536;

/// A schema to draw from.
#[derive(Debug)]
pub(super) struct Program {
    nodes: Vec<Node>,
    /// Name of each node's shape, where it has one.
    names: Vec<String>,
    pub(super) root: NodeId,
    /// How deep the flattest value of each node is; `None` where there is no value at all.
    heights: Vec<Option<u32>>,
}

/// Number of a node within its program.
pub(super) type NodeId = usize;

/// What a value must be.
#[derive(Debug)]
pub(super) enum Node {
    Any(Loose),
    Boolean,
    Integer {
        min: i128,
        max: i128,
    },
    Number {
        min: Option<serde_json::Number>,
        max: Option<serde_json::Number>,
        /// Values that JSON has no number for.
        texts: Vec<String>,
    },
    Text(Box<Text>),
    Enum(Vec<String>),
    /// Bounds are in bytes.
    Blob {
        min: u64,
        max: u64,
    },
    /// `None` on the wire of a service whose form is unknown.
    Timestamp(Option<TimestampFormat>),
    List {
        items: NodeId,
        min: u64,
        max: u64,
    },
    Map {
        keys: NodeId,
        values: NodeId,
        min: u64,
        max: u64,
    },
    Structure(Structure),
    /// The other node, or null.
    Sparse(NodeId),
    /// Nothing fits, or nothing that fits is known.
    Never {
        pattern: String,
        reason: String,
    },
}

/// What a value without a type is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loose {
    Document,
    /// The content of a stream, of which nothing is said.
    Stream,
    /// A text that holds JSON.
    JsonText,
    /// What an SDK adds.
    Metadata,
}

/// A structure or union.
#[derive(Debug)]
pub(super) struct Structure {
    pub(super) members: Vec<Member>,
    pub(super) union: bool,
}

/// One member of a structure.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) node: NodeId,
    pub(super) required: bool,
    pub(super) carrier: Carrier,
}

impl Program {
    /// A program of nodes and their names; an error where nothing fits the root.
    pub(super) fn new(nodes: Vec<Node>, names: Vec<String>, root: NodeId) -> Result<Self> {
        let mut program = Self { heights: vec![None; nodes.len()], nodes, names, root };
        program.measure_heights();
        if program.height(root).is_none() {
            return Err(program.nothing_fits());
        }
        Ok(program)
    }

    /// The same, for messages whose body is XML.
    pub(super) fn within_xml(mut self) -> Self {
        for node in &mut self.nodes {
            if let Node::Structure(structure) = node {
                let in_body = structure.members.iter_mut().filter(|member| member.carrier == Carrier::Body);
                in_body.for_each(|member| member.carrier = Carrier::Xml);
            }
        }
        self
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(super) fn height(&self, id: NodeId) -> Option<u32> {
        self.heights[id]
    }

    /// Members that can be there.
    pub(super) fn members<'p>(&'p self, structure: &'p Structure) -> impl Iterator<Item = &'p Member> {
        structure.members.iter().filter(|member| self.height(member.node).is_some())
    }

    /// Members, elements and entries that are left out since nothing that fits them is known.
    pub(super) fn omissions(&self) -> Vec<Omission> {
        let mut omissions = Vec::new();
        for (node, name) in self.nodes.iter().zip(&self.names) {
            let parts: Vec<(String, NodeId)> = match node {
                Node::Structure(structure) => {
                    structure.members.iter().map(|member| (format!("{name}.{}", member.key), member.node)).collect()
                }
                Node::List { items, .. } => vec![(format!("{name}[]"), *items)],
                Node::Map { keys, values, .. } => {
                    vec![(format!("{name}{{}} (key)"), *keys), (format!("{name}{{}}"), *values)]
                }
                _ => continue,
            };
            for (member, node) in parts.into_iter().filter(|(_, node)| self.height(*node).is_none()) {
                let (pattern, reason) = self.why_never(node);
                omissions.push(Omission { member, pattern, reason });
            }
        }
        omissions
    }

    fn nothing_fits(&self) -> Error {
        let mut omissions = self.omissions();
        if omissions.is_empty() {
            let (pattern, reason) = self.why_never(self.root);
            omissions.push(Omission { member: self.names[self.root].clone(), pattern, reason });
        }
        let told: Vec<String> = omissions.iter().map(ToString::to_string).collect();
        Error::new(format!("no payload can be made: {}", told.join("; ")))
    }

    /// The pattern and reason of the first text below a node that cannot be made.
    fn why_never(&self, id: NodeId) -> (String, String) {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if self.height(id).is_some() || std::mem::replace(&mut seen[id], true) {
                continue;
            }
            let node = &self.nodes[id];
            if let Some(reason) = too_large(node) {
                return (String::new(), reason);
            }
            match node {
                Node::Never { pattern, reason } => return (pattern.clone(), reason.clone()),
                Node::List { items, .. } => open.push(*items),
                Node::Map { keys, values, .. } => open.extend([*values, *keys]),
                Node::Structure(structure) => open.extend(structure.members.iter().map(|member| member.node)),
                _ => {}
            }
        }
        (String::new(), "it leads back to itself without an end".to_owned())
    }

    fn measure_heights(&mut self) {
        loop {
            let mut changed = false;
            for id in 0..self.nodes.len() {
                let now = self.measured(id);
                if now != self.heights[id] {
                    self.heights[id] = now;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn measured(&self, id: NodeId) -> Option<u32> {
        let above = |height: u32| height.saturating_add(1);
        if too_large(&self.nodes[id]).is_some() {
            return None;
        }
        match &self.nodes[id] {
            Node::Never { .. } => None,
            Node::Sparse(_) | Node::List { min: 0, .. } | Node::Map { min: 0, .. } => Some(0),
            Node::List { items, .. } => self.heights[*items].map(above),
            Node::Map { keys, values, .. } => self.heights[*keys].and(self.heights[*values]).map(above),
            Node::Structure(structure) if structure.union => {
                structure.members.iter().filter_map(|member| self.heights[member.node]).min().map(above)
            }
            Node::Structure(structure) => {
                let required = structure.members.iter().filter(|member| member.required);
                let heights: Option<Vec<u32>> = required.map(|member| self.heights[member.node]).collect();
                heights.map(|heights| heights.into_iter().max().map_or(0, above))
            }
            _ => Some(0),
        }
    }
}

/// Why no value of a node is made though there are some: the least of them is too large.
fn too_large(node: &Node) -> Option<String> {
    let (min, most, what) = match node {
        Node::Text(text) => (text.min, u64::from(LONGEST), "texts of {} or more characters"),
        Node::Blob { min, .. } => (*min, u64::from(LONGEST), "blobs of {} or more bytes"),
        Node::List { min, .. } => (*min, MOST, "lists of {} or more elements"),
        Node::Map { min, .. } => (*min, MOST, "maps of {} or more entries"),
        _ => return None,
    };
    (min > most).then(|| format!("{} are not made", what.replace("{}", &min.to_string())))
}
