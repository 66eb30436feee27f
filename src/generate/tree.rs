//! The strategies: drawing by `proptest`'s seed, shrinking by the schema.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::num::u64::ANY;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::faults::pointer;
use super::program::Program;
use super::shrink::Search;
use super::{Fault, OneFault, Payloads};
use crate::recording::json::segments;

/// A payload that can be made simpler.
#[derive(Debug, Clone)]
pub struct PayloadTree {
    program: Arc<Program>,
    now: State,
    /// What was there before the last simplification, until that proves right.
    before: Option<State>,
    /// Simplifications up to here were tried in this round.
    number: usize,
    /// One of them proved right, so another round is worth it.
    progressed: bool,
}

#[derive(Debug, Clone)]
struct State {
    payload: Value,
    /// The way to the fault.
    path: Option<Vec<String>>,
}

impl PayloadTree {
    fn new(program: &Arc<Program>, payload: Value, path: Option<Vec<String>>) -> Self {
        let now = State { payload, path };
        Self { program: Arc::clone(program), now, before: None, number: 0, progressed: false }
    }
}

impl ValueTree for PayloadTree {
    type Value = Value;

    fn current(&self) -> Value {
        self.now.payload.clone()
    }

    fn simplify(&mut self) -> bool {
        self.progressed |= self.before.take().is_some();
        loop {
            let mut path = self.now.path.clone();
            if let Some(payload) = Search::simpler(&self.program, &self.now.payload, &mut path, self.number) {
                self.before = Some(std::mem::replace(&mut self.now, State { payload, path }));
                return true;
            }
            if !self.progressed {
                return false;
            }
            (self.number, self.progressed) = (0, false);
        }
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.now = before;
        self.number += 1;
        true
    }
}

impl Strategy for Payloads {
    type Tree = PayloadTree;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = ANY.new_tree(runner)?.current();
        Ok(PayloadTree::new(&self.program, self.seeded(seed), None))
    }
}

/// A payload with one fault, which stays while the rest is made simpler.
#[derive(Debug, Clone)]
pub struct FaultTree {
    tree: PayloadTree,
    rule: &'static str,
}

impl ValueTree for FaultTree {
    type Value = Fault;

    fn current(&self) -> Fault {
        let path = self.tree.now.path.as_deref().unwrap_or_default();
        Fault { payload: self.tree.current(), rule: self.rule, pointer: pointer(path) }
    }

    fn simplify(&mut self) -> bool {
        self.tree.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.tree.complicate()
    }
}

impl Strategy for OneFault {
    type Tree = FaultTree;
    type Value = Fault;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = ANY.new_tree(runner)?.current();
        let fault = self.seeded(seed).ok_or("nothing can be broken")?;
        let path = segments(&fault.pointer).map(Cow::into_owned).collect();
        let tree = PayloadTree::new(&self.program, fault.payload, Some(path));
        Ok(FaultTree { tree, rule: fault.rule })
    }
}
