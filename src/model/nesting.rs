//! How deep the shapes of a service stand in each other.

use std::collections::BTreeMap;

use super::{Service, ShapeId};

/// The longest way through the shapes of a service, counted in shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nesting<'m> {
    /// How many shapes the way leads through at most. Of shapes that lead to each other all count.
    pub depth: usize,
    /// The shape that the way begins at.
    pub from: &'m ShapeId,
}

impl Service {
    /// Its deepest shapes; `None` where it has none.
    ///
    /// No walk through the model that passes by each shape once is longer.
    pub fn nesting(&self) -> Option<Nesting<'_>> {
        self.deepest(self.shapes.keys())
    }

    /// Its deepest shapes among one and those below it; `None` where it is not there.
    pub fn nesting_below(&self, root: &ShapeId) -> Option<Nesting<'_>> {
        self.deepest(self.shapes.get_key_value(root).map(|(id, _)| id))
    }

    fn deepest<'m>(&'m self, from: impl IntoIterator<Item = &'m ShapeId>) -> Option<Nesting<'m>> {
        let mut walk = Walk { service: self, nodes: BTreeMap::new(), open: Vec::new(), group: Vec::new() };
        for id in from {
            walk.from(id);
        }
        let deepest = walk.nodes.into_iter().max_by_key(|(_, node)| node.depth)?;
        Some(Nesting { depth: deepest.1.depth, from: deepest.0 })
    }
}

/// Finds groups of shapes that lead to each other (Tarjan's algorithm) without recursion, for the depth is the model's.
struct Walk<'m> {
    service: &'m Service,
    nodes: BTreeMap<&'m ShapeId, Node>,
    /// Shapes on the way, with the targets that are still to be looked at.
    open: Vec<(&'m ShapeId, Vec<&'m ShapeId>)>,
    /// Shapes whose group is not known yet.
    group: Vec<&'m ShapeId>,
}

#[derive(Default)]
struct Node {
    number: usize,
    /// The least number that the shape leads to within its group.
    least: usize,
    is_settled: bool,
    /// Shapes on the longest way from here.
    depth: usize,
}

impl<'m> Walk<'m> {
    fn from(&mut self, start: &'m ShapeId) {
        self.enter(start);
        while let Some((id, targets)) = self.open.last_mut() {
            let (id, next) = (*id, targets.pop());
            match next {
                Some(target) => self.step(id, target),
                None => self.leave(id),
            }
        }
    }

    fn enter(&mut self, id: &'m ShapeId) {
        let Some(shape) = self.service.shape(id).filter(|_| !self.nodes.contains_key(id)) else { return };
        let number = self.nodes.len();
        self.nodes.insert(id, Node { number, least: number, ..Node::default() });
        self.group.push(id);
        self.open.push((id, shape.kind.targets()));
    }

    fn step(&mut self, id: &ShapeId, target: &'m ShapeId) {
        let Some(known) = self.nodes.get(target) else { return self.enter(target) };
        let (settled, number, depth) = (known.is_settled, known.number, known.depth);
        if let Some(node) = self.nodes.get_mut(id) {
            if settled {
                node.depth = node.depth.max(depth);
            } else {
                node.least = node.least.min(number);
            }
        }
    }

    fn leave(&mut self, id: &'m ShapeId) {
        self.open.pop();
        let Some(node) = self.nodes.get(id) else { return };
        let (number, least) = (node.number, node.least);
        if number == least {
            self.settle(id);
        }
        let Some(node) = self.nodes.get(id) else { return };
        let (settled, depth) = (node.is_settled, node.depth);
        if let Some(around) = self.open.last().and_then(|(around, _)| self.nodes.get_mut(*around)) {
            around.depth = around.depth.max(if settled { depth } else { 0 });
            around.least = if settled { around.least } else { around.least.min(least) };
        }
    }

    /// The shapes from `id` on lead to each other and to nothing that is open.
    fn settle(&mut self, id: &ShapeId) {
        let start = self.group.iter().rposition(|own| *own == id).unwrap_or(0);
        let group = self.group.split_off(start);
        let below = group.iter().filter_map(|own| self.nodes.get(*own)).map(|node| node.depth).max().unwrap_or(0);
        for own in &group {
            if let Some(node) = self.nodes.get_mut(*own) {
                (node.is_settled, node.depth) = (true, below + group.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::ingest::botocore;

    fn depth(shapes: &Value) -> (usize, String) {
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {}, "shapes": shapes});
        let service = botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        service.nesting().map(|nesting| (nesting.depth, nesting.from.to_string())).expect("shapes")
    }

    fn structure(targets: &[&str]) -> Value {
        let members: Map<_, _> = targets.iter().map(|name| ((*name).to_owned(), json!({"shape": name}))).collect();
        json!({"type": "structure", "members": members})
    }

    #[test]
    fn the_longest_way_counts_whatever_shorter_ones_there_are() {
        let text = json!({"type": "string"});
        let shapes =
            json!({"A": structure(&["B", "C", "T"]), "B": structure(&["C"]), "C": structure(&["T"]), "T": text});
        assert_eq!(depth(&shapes), (4, "A".into()));
        assert_eq!(depth(&json!({"T": text})), (1, "T".into()));
    }

    #[test]
    fn shapes_that_lead_to_each_other_count_all() {
        let text = json!({"type": "string"});
        let shapes = json!({"A": structure(&["B"]), "B": structure(&["C", "T"]), "C": structure(&["B", "D"]),
            "D": structure(&["T"]), "E": structure(&["E"]), "T": text});
        assert_eq!(depth(&shapes), (5, "A".into()));
    }
}
