//! Additions of the `Changes` block against the tree they were added to: each has to be there, as it is printed.

use super::changes::{Printed, PrintedForm};
use super::lines::LineColumn;
use super::tree::{Disagreement, Kind, Node};

/// Compares additions with the tree of the operation, in which each has to be.
pub(super) fn compare(added: &Printed, tree: &Node) -> Vec<Disagreement> {
    let mut comparison = Comparison { steps: 0, depth: 0, whole: 0 };
    comparison.fit(added, tree, &mut Vec::new())
}

/// A comparison under way.
struct Comparison {
    /// Pairs compared. A map can be read in two ways, so a page made for it could need very many.
    steps: usize,
    /// Pairs around this one. A list of itself has no end.
    depth: usize,
    /// How many new lists and maps are around this pair: what is in them is new too, so all of it is printed.
    whole: usize,
}

impl Comparison {
    const MOST_STEPS: usize = 100_000;
    const DEEPEST: usize = 500;

    /// Compares one pair; `around` are the nodes around `node`, the innermost last.
    fn fit<'n>(&mut self, added: &Printed, node: &'n Node, around: &mut Vec<&'n Node>) -> Vec<Disagreement> {
        self.steps += 1;
        if self.steps > Self::MOST_STEPS || self.depth > Self::DEEPEST {
            return vec![Disagreement::new(added.place, "the addition is too deeply nested to be compared")];
        }
        self.depth += 1;
        let found = self.fit_forms(added, node, around);
        self.depth -= 1;
        found
    }

    fn fit_forms<'n>(&mut self, added: &Printed, node: &'n Node, around: &mut Vec<&'n Node>) -> Vec<Disagreement> {
        match (&added.form, &node.kind) {
            (PrintedForm::Recursive, Kind::Recursive(_)) => Vec::new(),
            (_, Kind::Recursive(up)) => {
                let index = around.len() - up;
                self.fit(added, around[index], &mut around[..index].to_vec())
            }
            (PrintedForm::Dict(members), Kind::Structure(_)) => self.members(members, added.place, node, around),
            (PrintedForm::Dict(members), Kind::Document) if members.is_empty() => Vec::new(),
            (PrintedForm::List(element), Kind::List(inner)) => self.beneath_new(element, node, inner, around),
            // An existing list or map is left out on the way to what is new within it.
            (_, Kind::List(inner)) => self.beneath(added, node, inner, around),
            (_, Kind::Map(value)) => self.map(added, node, value, around),
            (PrintedForm::Set(values), Kind::Enum(all)) => values
                .iter()
                .filter(|value| !all.contains(value))
                .map(|value| {
                    Disagreement::new(added.place, format!("Changes adds `{value}`, which is not among {all:?}"))
                })
                .collect(),
            (PrintedForm::Text(text), kind) if prints_as(kind, text) => Vec::new(),
            _ => vec![Disagreement::new(
                added.place,
                format!(
                    "Changes adds {}, where line {} has {}",
                    describe(&added.form),
                    node.place.line,
                    node.kind.name()
                ),
            )],
        }
    }

    fn beneath<'n>(
        &mut self,
        added: &Printed,
        node: &'n Node,
        inner: &'n Node,
        around: &mut Vec<&'n Node>,
    ) -> Vec<Disagreement> {
        around.push(node);
        let found = self.fit(added, inner, around);
        around.pop();
        found
    }

    fn beneath_new<'n>(
        &mut self,
        added: &Printed,
        node: &'n Node,
        inner: &'n Node,
        around: &mut Vec<&'n Node>,
    ) -> Vec<Disagreement> {
        self.whole += 1;
        let found = self.beneath(added, node, inner, around);
        self.whole -= 1;
        found
    }

    fn members<'n>(
        &mut self,
        added: &[(String, Printed)],
        place: LineColumn,
        node: &'n Node,
        around: &mut Vec<&'n Node>,
    ) -> Vec<Disagreement> {
        let (mut found, line) = (Vec::new(), node.place.line);
        for (name, member) in added {
            if let Some(inner) = node.member(name) {
                found.extend(self.beneath(member, node, inner, around));
            } else {
                let cause = format!("Changes adds `{name}`, which the structure at line {line} does not have");
                found.push(Disagreement::new(member.place, cause));
            }
        }
        let left_out = node.member_names().find(|name| !added.iter().any(|(other, _)| other == name));
        if let Some(name) = left_out.filter(|_| self.whole > 0) {
            let cause = format!("Changes adds the structure at line {line} without `{name}`");
            found.push(Disagreement::new(place, cause));
        }
        found
    }

    /// A map is either new and printed whole, or left out on the way to what is new in its values.
    fn map<'n>(
        &mut self,
        added: &Printed,
        node: &'n Node,
        value: &'n Node,
        around: &mut Vec<&'n Node>,
    ) -> Vec<Disagreement> {
        let whole = match &added.form {
            PrintedForm::Dict(members) if members.len() == 1 => {
                Some((members[0].0 == "string", self.beneath_new(&members[0].1, node, value, around)))
            }
            _ => None,
        };
        match whole {
            Some((_, found)) if found.is_empty() => found,
            Some((true, _)) if self.beneath(added, node, value, around).is_empty() => Vec::new(),
            Some((true, found)) => found,
            _ => self.beneath(added, node, value, around),
        }
    }
}

/// Whether a new value of this kind is printed like this.
fn prints_as(kind: &Kind, text: &str) -> bool {
    match kind {
        Kind::Text | Kind::Json => text == "string",
        Kind::Enum(values) => text == values.join(" | "),
        Kind::Integer => matches!(text, "integer" | "long"),
        Kind::Float => matches!(text, "float" | "double"),
        Kind::Boolean => text == "boolean",
        Kind::Timestamp => text == "timestamp",
        Kind::Blob | Kind::Stream => text == "blob",
        Kind::Document | Kind::List(_) | Kind::Map(_) | Kind::Structure(_) | Kind::Recursive(_) => false,
    }
}

fn describe(form: &PrintedForm) -> String {
    match form {
        PrintedForm::Text(text) => format!("`{text}`"),
        PrintedForm::List(_) => "a list".to_owned(),
        PrintedForm::Dict(_) => "a dict".to_owned(),
        PrintedForm::Set(_) => "values of an enumeration".to_owned(),
        PrintedForm::Recursive => "a recursive member".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::changes::changes;
    use super::super::lines::Lines;
    use super::super::tree::NodeMember;
    use super::*;
    use crate::model::Presence;

    const PLACE: LineColumn = LineColumn { line: 7, column: 1 };

    fn node(kind: Kind) -> Node {
        Node { place: PLACE, kind }
    }

    fn structure(members: Vec<(&str, Kind)>) -> Kind {
        let member = |(name, kind): (&str, Kind)| NodeMember {
            name: name.to_owned(),
            presence: Presence::Unknown,
            node: node(kind),
        };
        Kind::Structure(members.into_iter().map(member).collect())
    }

    fn list(kind: Kind) -> Kind {
        Kind::List(Box::new(node(kind)))
    }

    fn map(kind: Kind) -> Kind {
        Kind::Map(Box::new(node(kind)))
    }

    fn wrong(text: &str, kind: Kind) -> Vec<String> {
        let block = format!("Changes (request)\n{text}");
        let added = changes(&mut Lines::new(&block)).expect("to be read").request.expect("to be read");
        compare(&added, &node(structure(vec![("x", kind)]))).into_iter().map(|d| d.cause).collect()
    }

    #[test]
    fn finds_additions_of_every_kind() {
        let values = || Kind::Enum(vec!["A".to_owned(), "B".to_owned()]);
        let fits = [
            ("{'x': 'string'}", Kind::Text),
            ("{'x': 'A | B'}", values()),
            ("{'x': {'B'}}", values()),
            ("{'x': {'B'}}", list(values())),
            ("{'x': ['A | B']}", list(values())),
            ("{'x': 'long'}", Kind::Integer),
            ("{'x': 'double'}", Kind::Float),
            ("{'x': 'boolean'}", Kind::Boolean),
            ("{'x': 'timestamp'}", Kind::Timestamp),
            ("{'x': 'blob'}", Kind::Blob),
            ("{'x': {}}", Kind::Document),
            ("{'x': {'string': 'string'}}", map(Kind::Text)),
            ("{'x': {'A | B': 'string'}}", map(Kind::Text)),
            ("{'x': {'y': 'string'}}", map(structure(vec![("y", Kind::Text)]))),
            ("{'x': {'string': 'string'}}", map(structure(vec![("string", Kind::Text)]))),
            ("{'x': {'string': {'string': 'string'}}}", map(structure(vec![("string", Kind::Text)]))),
            ("{'x': {'y': ()}}", structure(vec![("y", Kind::Recursive(1))])),
            ("{'x': {'y': {'z': 'string'}}}", structure(vec![("y", Kind::Recursive(1)), ("z", Kind::Text)])),
        ];
        for (text, kind) in fits {
            assert_eq!(wrong(text, kind.clone()), Vec::<String>::new(), "{text} {kind:?}");
        }
    }

    #[test]
    fn reports_additions_that_are_not_there() {
        let values = || Kind::Enum(vec!["A".to_owned(), "B".to_owned()]);
        let misfits = [
            ("{'y': 'string'}", Kind::Text),
            ("{'x': 'string'}", Kind::Integer),
            ("{'x': 'string'}", values()),
            ("{'x': 'B | A'}", values()),
            ("{'x': {'C'}}", values()),
            ("{'x': ['string']}", Kind::Text),
            ("{'x': 'integer'}", list(Kind::Text)),
            ("{'x': {'string': 'integer'}}", map(Kind::Text)),
            ("{'x': {'y': 'integer'}}", map(structure(vec![("y", Kind::Text)]))),
            ("{'x': {'y': ()}}", structure(vec![("y", Kind::Text)])),
            ("{'x': {}}", Kind::Text),
            ("{'x': [{'y': 'string'}]}", list(structure(vec![("y", Kind::Text), ("z", Kind::Text)]))),
            ("{'x': {'string': {'y': 'string'}}}", map(structure(vec![("y", Kind::Text), ("z", Kind::Text)]))),
        ];
        for (text, kind) in misfits {
            assert_eq!(wrong(text, kind.clone()).len(), 1, "{text} {kind:?}");
        }
    }

    #[test]
    fn ends_on_a_shape_that_holds_only_itself() {
        let endless = wrong("{'x': 'string'}", list(Kind::Recursive(1)));
        assert_eq!(endless, ["the addition is too deeply nested to be compared"]);
    }
}
