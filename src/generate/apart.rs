//! Texts that one contract allows and another refuses, as two releases of a service do.

use std::collections::HashMap;

use serde_json::Value;

use super::Payloads;
use super::program::{Node, NodeId, Program};
use super::source::Source;
use super::text::Carrier;
use super::wish::{Step, Wish};

/// Texts that are drawn for two shapes.
const DRAWN: u64 = 64;
/// How often a text that was drawn is made simpler, for somebody is to read it.
const SIMPLER: usize = 64;

impl Payloads {
    /// Payloads that these allow, each with one text that `others` refuse where it stands: one for each place at which both want
    /// texts, of other bounds or another pattern, where some text of those that are drawn shows that.
    pub(crate) fn texts_apart<'p>(&'p self, others: &'p Self) -> impl Iterator<Item = Value> + use<'p> {
        let index = Index::of(&others.program);
        // Shapes stand at many places, and what is drawn for two is the same at each.
        let mut drawn: HashMap<(NodeId, NodeId, Carrier), Option<String>> = HashMap::new();
        self.program.places().into_iter().filter_map(move |place| {
            let other = index.at(&place.steps)?;
            let text = drawn.entry((place.node, other, place.carrier)).or_insert_with(|| {
                text_apart(self.program.node(place.node), others.program.node(other), place.carrier)
            });
            let wish = Wish::at(&place.steps, Wish::exactly(text.clone()?.into()));
            self.program.draw(&wish, &mut Source::simplest())
        })
    }
}

/// A text of the first that the second refuses.
fn text_apart(own: &Node, other: &Node, carrier: Carrier) -> Option<String> {
    let Node::Text(own) = own else { return None };
    let is_refused: &dyn Fn(&String) -> bool = match other {
        Node::Text(other) if !own.is_like(other) => &|text| other.surely_refuses(text),
        Node::Enum(values) => &|text| !values.contains(text),
        _ => return None,
    };
    if let Some(end) = own.ends(carrier).into_iter().find(is_refused) {
        return Some(end);
    }
    let drawn = (0..DRAWN).filter_map(|seed| own.draw(carrier, &mut Source::seeded(seed)));
    let mut text = drawn.filter(is_refused).min_by_key(String::len)?;
    for _ in 0..SIMPLER {
        match own.simpler(&text, carrier).into_iter().find(is_refused) {
            Some(simpler) => text = simpler,
            None => break,
        }
    }
    Some(text)
}

/// The members of a program's structures by their names: a structure may have thousands, and each is asked for.
struct Index<'p> {
    program: &'p Program,
    members: HashMap<(NodeId, &'p str), NodeId>,
}

impl<'p> Index<'p> {
    fn of(program: &'p Program) -> Self {
        let structures = program.nodes().enumerate().filter_map(|(id, node)| match node {
            Node::Structure(structure) => Some((id, structure)),
            _ => None,
        });
        let members = structures.flat_map(|(id, structure)| {
            structure.members.iter().map(move |member| ((id, member.key.as_str()), member.node))
        });
        Self { program, members: members.collect() }
    }

    /// What stands at the end of some steps.
    fn at(&self, steps: &[Step]) -> Option<NodeId> {
        let end = steps.iter().try_fold(self.program.root, |id, step| {
            let id = self.within_sparse(id);
            match (self.program.node(id), step) {
                (Node::Structure(_), Step::Member(key, _)) => self.members.get(&(id, key.as_str())).copied(),
                (Node::List { items: inner, .. } | Node::Map { values: inner, .. }, Step::Element) => Some(*inner),
                _ => None,
            }
        })?;
        Some(self.within_sparse(end))
    }

    fn within_sparse(&self, id: NodeId) -> NodeId {
        match self.program.node(id) {
            Node::Sparse(inner) => *inner,
            _ => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::generate::of_schema;

    #[test]
    fn each_place_whose_texts_differ_is_shown_once() {
        let schema = |name: serde_json::Value, tag: serde_json::Value| {
            json!({"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
                "name": name, "id": {"type": "string", "pattern": "^[a-f]{4}$"},
                "tags": {"type": "array", "items": tag}, "more": {"type": "integer", "minimum": 1}}})
        };
        let older =
            of_schema(&schema(json!({"type": "string"}), json!({"type": "string", "pattern": "^[a-z0-9]{3,9}$"})));
        let newer =
            schema(json!({"type": "string", "maxLength": 2}), json!({"type": "string", "pattern": "^[a-z]{3,9}$"}));
        let (older, judge) = (older.expect("a program"), jsonschema::validator_for(&newer).expect("a schema"));
        let newer = of_schema(&newer).expect("a program");
        let apart: Vec<_> = older.texts_apart(&newer).collect();
        assert_eq!(apart.len(), 2, "{apart:?}");
        for (payload, place) in apart.iter().zip(["/name", "/tags/0"]) {
            let errors: Vec<String> =
                judge.iter_errors(payload).map(|error| error.instance_path().to_string()).collect();
            assert_eq!(errors, [place], "{payload}");
        }
        // What the newer allows the older allows too.
        assert_eq!(newer.texts_apart(&older).count(), 0);
        assert_eq!(older.texts_apart(&older).count(), 0);
        let values = schema(
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"type": "string", "pattern": "^[a-z0-9]{3,9}$"}),
        );
        let [payload] = &older.texts_apart(&of_schema(&values).expect("a program")).collect::<Vec<_>>()[..] else {
            panic!("one place differs");
        };
        assert!(payload["name"].as_str().is_some_and(|name| name != "a" && name != "b"), "{payload}");
    }
}
