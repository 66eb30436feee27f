//! The cross-check: stand-in values and bullets state the same tree twice, and both become one.
//!
//! Whatever they disagree on is collected, so that one run shows all of it.

use super::bullets::{Bullet, Type};
use super::lines::LineColumn;
use super::syntax::{Entry, Literal, Value};
use super::tree::{Disagreement, Kind, Node, NodeMember};
use crate::model::Presence;

/// What tells a request from a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Bullets mark required members.
    Request,
    /// Nothing says which members are always there. With it: the page ends right after the bullets.
    Response { last_on_page: bool },
}

/// Merges a request or response: a dict of stand-in values and the bullets of its members.
///
/// Returns the tree with what could be merged. It is whole only if `found` gained nothing.
pub(super) fn merge(value: &Value, members: &[Bullet], side: Side, found: &mut Vec<Disagreement>) -> Node {
    let Literal::Dict(entries) = &value.form else {
        found.push(Disagreement::new(value.place, "a request or response has to be a dict"));
        return Node { place: value.place, kind: Kind::Structure(Vec::new()) };
    };
    let mut merger = Merger { side, around: Vec::new(), last: last_place(value), found };
    let root = Around { place: value.place, kind: Type::Dict, name: String::new() };
    let members = merger.within(root, |merger| merger.structure(value.place, entries, members));
    Node { place: value.place, kind: Kind::Structure(members) }
}

/// A node that is being merged, as what a recursion mark within it may stand for.
struct Around {
    place: LineColumn,
    kind: Type,
    name: String,
}

struct Merger<'f> {
    side: Side,
    around: Vec<Around>,
    /// Where the last stand-in value is.
    last: LineColumn,
    found: &'f mut Vec<Disagreement>,
}

impl Merger<'_> {
    fn report(&mut self, place: LineColumn, cause: String) {
        self.found.push(Disagreement::new(place, cause));
    }

    fn within<T>(&mut self, around: Around, merge: impl FnOnce(&mut Self) -> T) -> T {
        self.around.push(around);
        let merged = merge(self);
        self.around.pop();
        merged
    }

    fn structure(&mut self, place: LineColumn, entries: &[Entry], bullets: &[Bullet]) -> Vec<NodeMember> {
        self.compare_names(place, entries, bullets);
        let mut members = Vec::new();
        for entry in entries {
            let Some(bullet) = bullets.iter().find(|bullet| bullet.name.as_ref() == Some(&entry.name)) else {
                continue;
            };
            let presence = self.presence(&entry.value, bullet);
            if let Some(node) = self.value(&entry.name, &entry.value, bullet) {
                members.push(NodeMember { name: entry.name.clone(), presence, node });
            }
        }
        members
    }

    /// Names have to be the same, in the same order, each once.
    fn compare_names(&mut self, place: LineColumn, entries: &[Entry], bullets: &[Bullet]) {
        let before = self.found.len();
        for entry in entries {
            if !bullets.iter().any(|bullet| bullet.name.as_ref() == Some(&entry.name)) {
                self.report_missing(entry.place, &format!("`{}`", entry.name), &entry.value);
            }
        }
        for (index, bullet) in bullets.iter().enumerate() {
            let Some(name) = &bullet.name else {
                self.report(bullet.place, format!("a bullet without a name in the structure of line {}", place.line));
                continue;
            };
            if bullets[..index].iter().any(|other| other.name == bullet.name) {
                self.report(bullet.place, format!("`{name}` has a second bullet"));
            } else if !entries.iter().any(|entry| entry.name == *name) {
                self.report(
                    bullet.place,
                    format!("`{name}` is not in the syntax block, whose dict is at line {}", place.line),
                );
            }
        }
        if self.found.len() > before {
            return;
        }
        if let Some((entry, bullet)) =
            entries.iter().zip(bullets).find(|(entry, bullet)| bullet.name.as_ref() != Some(&entry.name))
        {
            let line = entry.place.line;
            let name = bullet.name.as_deref().unwrap_or_default();
            self.report(bullet.place, format!("`{name}` is out of order: line {line} has `{}` here", entry.name));
        }
    }

    fn report_missing(&mut self, place: LineColumn, what: &str, value: &Value) {
        let cut = self.side == Side::Response { last_on_page: true } && last_place(value) == self.last;
        let cause = if cut {
            format!("the page ends early: {what} of the syntax block has no bullet")
        } else {
            format!("{what} of the syntax block has no bullet")
        };
        self.report(place, cause);
    }

    fn presence(&mut self, value: &Value, bullet: &Bullet) -> Presence {
        match self.side {
            Side::Response { .. } => {
                self.refuse_required(bullet);
                Presence::Unknown
            }
            Side::Request if bullet.required => Presence::Required,
            // Pages do not mark what repeats, even where it is required.
            Side::Request if value.form == Literal::Recursive => Presence::Unknown,
            Side::Request => Presence::Optional,
        }
    }

    fn refuse_required(&mut self, bullet: &Bullet) {
        if bullet.required {
            self.report(bullet.place, "[REQUIRED] is for members of requests only".to_owned());
        }
    }

    fn value(&mut self, name: &str, value: &Value, bullet: &Bullet) -> Option<Node> {
        let around = Around { place: value.place, kind: bullet.kind, name: name.to_owned() };
        let kind = match (&value.form, bullet.kind) {
            (Literal::Dict(entries), Type::Dict) => {
                self.within(around, |merger| merger.dict(value.place, entries, bullet))?
            }
            (Literal::List(element), Type::List) => self.within(around, |merger| {
                let bullet = merger.only_child(bullet, "the list's element", element)?;
                merger.value(name, element, bullet).map(|node| Kind::List(Box::new(node)))
            })?,
            (form, kind) => {
                let merged = self.leaf(name, value.place, form, kind, bullet.place)?;
                if let Some(child) = bullet.children.first() {
                    self.report(child.place, format!("a bullet beneath `{name}`, which is {}", merged.name()));
                }
                merged
            }
        };
        Some(Node { place: value.place, kind })
    }

    fn leaf(&mut self, name: &str, place: LineColumn, form: &Literal, kind: Type, bullet: LineColumn) -> Option<Kind> {
        Some(match (form, kind) {
            (Literal::Text, Type::String) => Kind::Text,
            (Literal::Enum(values), Type::String) => Kind::Enum(values.clone()),
            (Literal::Integer, Type::Integer) => Kind::Integer,
            (Literal::Float | Literal::Unstated, Type::Float) => Kind::Float,
            (Literal::Boolean, Type::Boolean) => Kind::Boolean,
            (Literal::Datetime, Type::Datetime) => Kind::Timestamp,
            (Literal::Bytes, Type::Bytes) => Kind::Blob,
            (Literal::File, Type::File) | (Literal::StreamingBody, Type::StreamingBody) => Kind::Stream,
            (Literal::Any, Type::Document) => Kind::Document,
            (Literal::Any, Type::Json) => Kind::Json,
            (Literal::Recursive, Type::Dict | Type::List) => return self.recursive(name, place, kind),
            _ => {
                let (line, shown) = (place.line, form.name());
                self.report(bullet, format!("`{name}` is {} here and {shown} at line {line}", kind.name()));
                return None;
            }
        })
    }

    /// A dict is a map if its only bullet has no name (the key), otherwise a structure.
    fn dict(&mut self, place: LineColumn, entries: &[Entry], bullet: &Bullet) -> Option<Kind> {
        match (entries, bullet.children.as_slice()) {
            ([entry], [key]) if key.name.is_none() && entry.name == "string" && key.kind == Type::String => {
                self.refuse_required(key);
                let value = self.only_child(key, "the map's value", &entry.value)?;
                self.value("string", &entry.value, value).map(|node| Kind::Map(Box::new(node)))
            }
            _ => Some(Kind::Structure(self.structure(place, entries, &bullet.children))),
        }
    }

    /// The one bullet without a name below a list or a map's key.
    fn only_child<'b>(&mut self, bullet: &'b Bullet, what: &str, value: &Value) -> Option<&'b Bullet> {
        match bullet.children.as_slice() {
            [child] if child.name.is_none() => {
                self.refuse_required(child);
                Some(child)
            }
            [] => {
                self.report_missing(value.place, what, value);
                None
            }
            [.., child] => {
                self.report(child.place, format!("one bullet without a name has to stand here for {what}"));
                None
            }
        }
    }

    /// A recursion mark says that it repeats something around it, and not what. Only one that can mean a single
    /// thing is understood. The request or response itself is never meant: it has a shape of its own.
    fn recursive(&mut self, name: &str, place: LineColumn, kind: Type) -> Option<Kind> {
        let depth = self.around.len();
        let candidates = (1..depth).filter(|index| self.around[*index].kind == kind);
        let candidates: Vec<(usize, String)> = candidates
            .map(|index| {
                (depth - index, format!("`{}` (line {})", self.around[index].name, self.around[index].place.line))
            })
            .collect();
        match candidates.as_slice() {
            [(up, _)] => return Some(Kind::Recursive(*up)),
            [] => self
                .report(place, format!("`{name}` is marked as recursive, but nothing around it is a {}", kind.name())),
            several => {
                let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
                let names = names.join(", ");
                self.report(place, format!("`{name}` repeats one of {names}: the page does not say which"));
            }
        }
        None
    }
}

/// Where the last value within this one begins.
fn last_place(value: &Value) -> LineColumn {
    match &value.form {
        Literal::List(element) => last_place(element),
        Literal::Dict(entries) => entries.last().map_or(value.place, |entry| last_place(&entry.value)),
        _ => value.place,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Lines;
    use super::super::{bullets, syntax};
    use super::*;

    /// The tree of a response in short, or what its two parts disagree on.
    fn merged(dict: &str, bullets: &str) -> Result<String, Vec<String>> {
        merged_as(Side::Response { last_on_page: false }, dict, bullets)
    }

    fn merged_as(side: Side, dict: &str, bullets: &str) -> Result<String, Vec<String>> {
        let value = syntax::dict(&mut Lines::new(dict)).expect("to be read");
        let bullets = bullets::tree(&mut Lines::new(bullets)).expect("to be read");
        let mut found = Vec::new();
        let node = merge(&value, &bullets, side, &mut found);
        if found.is_empty() { Ok(outline(&node)) } else { Err(found.into_iter().map(|d| d.cause).collect()) }
    }

    fn outline(node: &Node) -> String {
        match &node.kind {
            Kind::List(element) => format!("list[{}]", outline(element)),
            Kind::Map(value) => format!("map[{}]", outline(value)),
            Kind::Structure(members) => {
                let member = |m: &NodeMember| format!("{} {:?} {}", m.name, m.presence, outline(&m.node));
                format!("structure[{}]", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
            Kind::Enum(values) => values.join("|"),
            Kind::Recursive(up) => format!("recursive {up}"),
            kind => kind.name().to_owned(),
        }
    }

    #[test]
    fn merges_every_scalar() {
        for (value, kind, expected) in [
            ("'string'", "string", "a string"),
            ("'A'|'B'", "string", "A|B"),
            ("123", "integer", "an integer"),
            ("123.0", "float", "a float"),
            ("...", "float", "a float"),
            ("True|False", "boolean", "a boolean"),
            ("datetime(2015, 1, 1)", "datetime", "a timestamp"),
            ("b'bytes'", "bytes", "bytes"),
            ("b'bytes'|file", "bytes or seekable file-like object", "a stream"),
            ("StreamingBody()", ":class:`.StreamingBody`", "a stream"),
            ("{...}|[...]|123|123.4|'string'|True|None", ":ref:`document<document>`", "a document"),
            ("{...}|[...]|123|123.4|'string'|True|None", "JSON serializable", "a JSON text"),
        ] {
            let tree = merged(&format!("{{'x': {value}}}"), &format!("  • x ({kind}) --"));
            assert_eq!(tree.expect("to be read"), format!("structure[x Unknown {expected}]"));
            let other = if kind == "integer" { "boolean" } else { "integer" };
            let wrong = merged(&format!("{{'x': {value}}}"), &format!("  • x ({other}) --"));
            assert_eq!(wrong.expect_err("to be refused").len(), 1, "{value} is no {other}");
        }
    }

    #[test]
    fn tells_maps_from_structures() {
        let dict = "{'x': {'string': 123}}";
        let map = "  • x (dict) --\n    • (string) --\n      • (integer) --";
        assert_eq!(merged(dict, map).expect("to be read"), "structure[x Unknown map[an integer]]");
        let structure = "  • x (dict) --\n    • string (integer) --";
        assert_eq!(
            merged(dict, structure).expect("to be read"),
            "structure[x Unknown structure[string Unknown an integer]]"
        );
        for bullets in [
            "  • x (dict) --\n    • (integer) --\n      • (integer) --",
            "  • x (dict) --\n    • (string) --",
            "  • x (dict) --\n    • (string) --\n      • y (integer) --",
            "  • x (dict) --",
        ] {
            assert!(merged(dict, bullets).is_err(), "{bullets}");
        }
    }

    #[test]
    fn merges_lists_and_empty_structures() {
        let list = merged("{'x': [{},]}", "  • x (list) --\n    • (dict) --");
        assert_eq!(list.expect("to be read"), "structure[x Unknown list[structure[]]]");
        for bullets in ["  • x (list) --", "  • x (list) --\n    • y (dict) --", "  • x (list) --\n    • (list) --"]
        {
            assert!(merged("{'x': [{},]}", bullets).is_err(), "{bullets}");
        }
    }

    #[test]
    fn reports_names_missing_on_either_side_twice_or_out_of_order() {
        let cause = |dict: &str, bullets: &str| merged(dict, bullets).expect_err("to be refused").join("; ");
        let (a, b) = ("  • a (string) --", "  • b (string) --");
        let dict = "{'a': 'string', 'b': 'string'}";
        assert_eq!(cause(dict, a), "`b` of the syntax block has no bullet");
        assert_eq!(
            cause("{'a': 'string'}", &format!("{a}\n{b}")),
            "`b` is not in the syntax block, whose dict is at line 1"
        );
        assert_eq!(cause(dict, &format!("{b}\n{a}")), "`b` is out of order: line 1 has `a` here");
        assert_eq!(cause(dict, &format!("{a}\n{a}\n{b}")), "`a` has a second bullet");
        assert_eq!(
            cause("{'a': 'string'}", &format!("{a}\n    {}", b.trim())),
            "a bullet beneath `a`, which is a string"
        );
        assert_eq!(
            cause("{'a': 'string'}", &format!("{a}\n  • (string) --")),
            "a bullet without a name in the structure of line 1"
        );
    }

    #[test]
    fn blames_the_end_of_the_page_for_the_last_bullets_only() {
        let last = |bullets: &str| {
            let dict = "{'a': 'string', 'b': {'c': 'string'}}";
            merged_as(Side::Response { last_on_page: true }, dict, bullets).expect_err("to be refused").join("; ")
        };
        assert_eq!(last("  • a (string) --"), "the page ends early: `b` of the syntax block has no bullet");
        let cut = last("  • a (string) --\n  • b (dict) --");
        assert_eq!(cut, "the page ends early: `c` of the syntax block has no bullet");
        let dropped = last("  • b (dict) --\n    • c (string) --");
        assert_eq!(dropped, "`a` of the syntax block has no bullet");
    }

    #[test]
    fn reads_presence_from_requests_only() {
        let bullets = "  • a (string) -- [REQUIRED]\n  • b (dict) --\n    • c (dict) --";
        let dict = "{'a': 'string', 'b': {'c': {'... recursive ...'}}}";
        assert_eq!(
            merged_as(Side::Request, dict, bullets).expect("to be read"),
            "structure[a Required a string, b Optional structure[c Unknown recursive 1]]"
        );
        assert_eq!(merged(dict, bullets).expect_err("to be refused"), ["[REQUIRED] is for members of requests only"]);
    }

    #[test]
    fn understands_recursion_that_can_mean_one_thing() {
        let list =
            merged("{'x': {'y': [{'... recursive ...'},]}}", "  • x (dict) --\n    • y (list) --\n      • (dict) --");
        assert_eq!(list.expect("to be read"), "structure[x Unknown structure[y Unknown list[recursive 2]]]");
        let several = merged(
            "{'x': {'y': {'z': {'... recursive ...'}}}}",
            "  • x (dict) --\n    • y (dict) --\n      • z (dict) --",
        );
        assert_eq!(
            several.expect_err("to be refused"),
            ["`z` repeats one of `x` (line 1), `y` (line 1): the page does not say which"]
        );
        let nothing = merged("{'x': {'... recursive ...'}}", "  • x (dict) --");
        assert_eq!(
            nothing.expect_err("to be refused"),
            ["`x` is marked as recursive, but nothing around it is a dict"]
        );
    }
}
