//! [`Program`]: what each place of a payload may be, ready to be drawn from.

use super::Omission;
use super::pattern::LONGEST;
use super::text::{Carrier, Text};
use crate::error::{Error, Result};
use crate::model::TimestampFormat;

/// Elements of a list or entries of a map that must be there, at most.
const MOST: u64 = 65_536;
/// Values within a value, and characters of its texts, that must be there, at most.
const LARGEST: u64 = 1 << 20;

/// A schema to draw from.
#[derive(Debug)]
pub(super) struct Program {
    nodes: Vec<Node>,
    /// Name of each node's shape, where it has one.
    names: Vec<String>,
    pub(super) root: NodeId,
    /// The least value of each node; `None` where there is no value at all, or none that is made.
    least: Vec<Option<Least>>,
}

/// How little a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Least {
    /// How deep the flattest one is.
    height: u32,
    /// Values and characters of the smallest one.
    size: u64,
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
        /// No two elements are equal.
        unique: bool,
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
        let mut program = Self { least: vec![None; nodes.len()], nodes, names, root };
        program.measure();
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

    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(super) fn height(&self, id: NodeId) -> Option<u32> {
        self.least[id].map(|least| least.height)
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
            if self.measured(id).is_some() {
                return (String::new(), format!("its least value has more than {LARGEST} values and characters"));
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

    fn measure(&mut self) {
        loop {
            let mut changed = false;
            for id in 0..self.nodes.len() {
                let now = self.measured(id).filter(|least| least.size <= LARGEST);
                if now != self.least[id] {
                    self.least[id] = now;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// What the least values known so far make the least one of this node; of whatever size.
    fn measured(&self, id: NodeId) -> Option<Least> {
        if too_large(&self.nodes[id]).is_some() {
            return None;
        }
        let flat = |size: u64| Some(Least { height: 0, size: size.saturating_add(1) });
        match &self.nodes[id] {
            Node::Never { .. } => None,
            Node::Text(text) => flat(text.min),
            Node::Blob { min, .. } => flat(*min),
            Node::List { items, min, .. } if *min > 0 => self.least[*items].map(|item| item.around(*min)),
            Node::Map { keys, values, min, .. } if *min > 0 => {
                let (key, value) = (self.least[*keys]?, self.least[*values]?);
                Some(Least { size: key.size.saturating_add(value.size), ..value.max(key) }.around(*min))
            }
            Node::Structure(structure) if structure.union => {
                let variants = || structure.members.iter().filter_map(|member| self.least[member.node]);
                let size = variants().map(|least| least.size).min()?;
                Some(Least { size, height: variants().map(|least| least.height).min()? }.around(1))
            }
            Node::Structure(structure) => {
                let required = structure.members.iter().filter(|member| member.required);
                let least: Option<Vec<Least>> = required.map(|member| self.least[member.node]).collect();
                let least = least?;
                let size = least.iter().fold(0, |size: u64, least| size.saturating_add(least.size));
                let deepest = least.iter().map(|least| least.height).max();
                deepest.map_or_else(|| flat(0), |height| Some(Least { height, size }.around(1)))
            }
            _ => flat(0),
        }
    }
}

impl Least {
    /// The least value that holds so many of this one.
    fn around(self, count: u64) -> Self {
        Self { height: self.height.saturating_add(1), size: self.size.saturating_mul(count).saturating_add(1) }
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
