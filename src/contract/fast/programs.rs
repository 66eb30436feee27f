//! The nodes of a service's shapes, each compiled when a value first asks for it.
//!
//! Traffic reaches few of the shapes that an operation leads to, and operations of a service share them.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::super::part::Parts;
use super::super::{Contract, FORMS, Half};
use super::compile::compile;
use super::{Link, Node};
use crate::counters::PROGRAMS;
use crate::model::{Direction, ShapeId};

/// The nodes of a service's shapes in every form.
#[derive(Default)]
pub(in crate::contract) struct Programs {
    /// Names of all shapes, sorted: a shape's number is its place here.
    names: OnceLock<Box<[ShapeId]>>,
    by_form: [[OnceLock<Box<[Slot]>>; FORMS]; 2],
}

/// What one shape asks of values.
pub(in crate::contract) struct Program {
    pub(in crate::contract) node: Node,
    /// What the full path asks.
    pub(in crate::contract) parts: Parts,
}

impl Program {
    pub(in crate::contract) fn new(node: Node) -> Self {
        Self { node, parts: Parts::default() }
    }
}

/// The program of one shape. Boxed, for most are never made.
type Slot = OnceLock<Box<Program>>;

impl Programs {
    /// The nodes of one half in one form of a contract, whose own these are.
    pub(in crate::contract) fn nodes<'c>(&'c self, contract: &'c Contract, half: Half) -> Nodes<'c> {
        let names = self.names.get_or_init(|| contract.service.shapes.keys().cloned().collect());
        let slots = &self.by_form[usize::from(half.direction == Direction::Response)][half.form];
        let slots = slots.get_or_init(|| names.iter().map(|_| Slot::new()).collect());
        Nodes { names, slots, contract, half }
    }
}

/// The nodes of one half in one form.
pub(in crate::contract) struct Nodes<'c> {
    names: &'c [ShapeId],
    slots: &'c [Slot],
    contract: &'c Contract,
    half: Half,
}

impl<'c> Nodes<'c> {
    /// The node of a whole payload.
    pub(in crate::contract) fn root(&self, schema: &Map<String, Value>) -> Node {
        PROGRAMS.add(1);
        compile(schema, &|name| self.number(name))
    }

    pub(super) fn node<'n>(&'n self, link: &'n Link) -> &'n Node {
        match link {
            Link::Own(node) => node,
            Link::Shape(number) => &self.program(*number).node,
        }
    }

    /// What the shape with that number asks.
    pub(in crate::contract) fn program(&self, number: u32) -> &'c Program {
        let number = number as usize;
        self.slots[number].get_or_init(|| Box::new(Program::new(self.compiled(&self.names[number]))))
    }

    /// The shape with that number.
    pub(in crate::contract) fn shape(&self, number: u32) -> &'c ShapeId {
        &self.names[number as usize]
    }

    fn compiled(&self, name: &ShapeId) -> Node {
        let Half { direction, written, .. } = self.half;
        match self.contract.emitter(written).definition(name, written.encoding, direction) {
            Some(schema) => self.root(&schema),
            None => Node::NotSure { refers: false },
        }
    }

    fn number(&self, name: &str) -> Option<u32> {
        let number = self.names.binary_search_by(|own| own.as_str().cmp(name)).ok()?;
        u32::try_from(number).ok()
    }
}
