//! Every place of a payload that something can be wished for at.

use std::collections::{HashSet, VecDeque};

use super::program::{Node, NodeId, Program};
use super::text::Carrier;
use super::wish::Step;

/// Up to so many places every way to a shape is another place; beyond, each shape is entered once more at most. Only
/// services whose trees are all but endless have as many.
pub(super) const MOST_PLACES: usize = 4_000;

/// A place and what belongs there.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) steps: Vec<Step>,
    pub(super) node: NodeId,
    pub(super) carrier: Carrier,
    /// The value may be null.
    pub(super) sparse: bool,
    /// Structures on the way, so that one that leads back to itself is not entered again.
    open: Vec<NodeId>,
}

impl Program {
    /// All places, the shortest way first.
    pub(super) fn places(&self) -> Vec<Site> {
        self.walk().0
    }

    /// Whether [`Program::places`] are all ways to all shapes.
    pub(super) fn has_few_places(&self) -> bool {
        self.walk().1
    }

    fn walk(&self) -> (Vec<Site>, bool) {
        let root = Site { steps: Vec::new(), node: self.root, carrier: Carrier::Body, sparse: false, open: Vec::new() };
        let mut waiting = VecDeque::from([root]);
        let mut entered = HashSet::new();
        let (mut places, mut is_whole) = (Vec::new(), true);
        while let Some(mut place) = waiting.pop_front() {
            if let Node::Sparse(inner) = self.node(place.node) {
                place = Site { node: *inner, sparse: true, ..place };
            }
            if self.height(place.node).is_none() {
                continue;
            }
            let is_new = entered.insert(place.node);
            let is_open = place.open.contains(&place.node);
            let has_room = places.len() + waiting.len() < MOST_PLACES;
            if !is_open && (is_new || has_room) {
                self.enter(&place, &mut waiting);
            }
            is_whole &= is_open || is_new || has_room;
            places.push(place);
        }
        (places, is_whole)
    }

    fn enter(&self, place: &Site, waiting: &mut VecDeque<Site>) {
        let below = |step: Step, node: NodeId, carrier: Carrier| Site {
            steps: place.steps.iter().cloned().chain([step]).collect(),
            node,
            carrier,
            sparse: false,
            open: place.open.iter().copied().chain([place.node]).collect(),
        };
        match self.node(place.node) {
            Node::Structure(structure) => {
                for member in self.members(structure) {
                    let carrier = if place.steps.is_empty() { member.carrier } else { place.carrier };
                    let step = Step::Member(member.key.clone(), structure.union);
                    waiting.push_back(below(step, member.node, carrier));
                }
            }
            Node::List { items, max, .. } if *max > 0 => {
                waiting.push_back(below(Step::Element, *items, place.carrier));
            }
            Node::Map { keys, values, max, .. } if *max > 0 && self.height(*keys).is_some() => {
                waiting.push_back(below(Step::Element, *values, place.carrier));
            }
            _ => {}
        }
    }

    /// Names of all members, in no order.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> {
        let members = self.nodes().filter_map(|node| match node {
            Node::Structure(structure) => Some(&structure.members),
            _ => None,
        });
        members.flatten().map(|member| member.key.as_str())
    }
}
