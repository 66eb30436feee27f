//! [`Index`]: all places of a payload's text, JSON or YAML, found in one pass.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::json::{Part, segments};
use super::node::{Kind, Node};
use super::{Payload, Syntax, Trail, json_node, yaml_node};
use crate::limits::Limits;

/// The places of a JSON text by their pointers. Asked often of one text, it does not read the text anew each time as
/// [`locate`](super::json::locate) does, and gives the same answers.
#[derive(Debug)]
pub(crate) struct Index<'a>(Place<'a>);

#[derive(Debug)]
struct Place<'a> {
    /// The key with its quotes; `None` where there is none, or it holds escapes.
    key: Option<Range<usize>>,
    value: Range<usize>,
    below: Below<'a>,
}

#[derive(Debug)]
enum Below<'a> {
    Nothing,
    List(Vec<Place<'a>>),
    /// Of a repeated key the last one counts.
    Map(HashMap<Cow<'a, str>, Place<'a>>),
}

impl<'a> Index<'a> {
    /// The places of a text. One that is not JSON is a single place.
    pub(crate) fn of(text: &'a str) -> Self {
        let document = json_node::parse(text);
        let root = document.roots.into_iter().next().filter(|_| document.wrong.is_none());
        Self(root.map_or_else(
            || {
                let start = text.len() - text.trim_ascii_start().len();
                Place { key: None, value: start..start + text.trim_ascii().len(), below: Below::Nothing }
            },
            |root| Place::of(text, None, root),
        ))
    }

    /// The places of a payload's text, whatever its syntax.
    pub(crate) fn of_payload(payload: &Payload<'a>) -> Self {
        if let Some(unescaped) = payload.unescaped() {
            let mut place = Index::of(&unescaped.text()).0.owned();
            for (layer, around) in unescaped.outwards(payload.text) {
                place = place.written(&Trail::of(layer, around));
            }
            return Self(place);
        }
        let Syntax::Yaml { page } = payload.syntax else { return Self::of(payload.text) };
        let root = yaml_node::parse(payload.text, &Limits::default()).roots.into_iter().next();
        let root = match (root, page) {
            (Some(root), Some(page)) => root.into_list(&[]).and_then(|pages| pages.into_iter().nth(page)),
            (root, _) => root,
        };
        let nothing = || Place { key: None, value: 0..payload.text.len(), below: Below::Nothing };
        Self(root.map_or_else(nothing, |root| Place::of(payload.text, None, root)))
    }

    /// The bytes behind a pointer. Where it leads nowhere, those of the nearest enclosing value.
    pub(crate) fn locate(&self, pointer: &str, part: Part) -> Range<usize> {
        let mut here = &self.0;
        for segment in segments(pointer) {
            let next = match &here.below {
                Below::Nothing => None,
                Below::List(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                Below::Map(members) => members.get(&segment),
            };
            let Some(next) = next else { return here.value.clone() };
            here = next;
        }
        match (part, &here.key) {
            (Part::Key, Some(key)) => key.clone(),
            _ => here.value.clone(),
        }
    }
}

impl<'a> Place<'a> {
    fn of(text: &'a str, key: Option<Range<usize>>, node: Node<'a>) -> Self {
        // A block of YAML ends with its last line, not with what indents the next one.
        let value = node.range.start..node.range.start + text[node.range].trim_ascii_end().len();
        let below = match node.kind {
            Kind::Scalar(_) => Below::Nothing,
            Kind::List(items) => Below::List(items.into_iter().map(|item| Self::of(text, None, item)).collect()),
            Kind::Map(members) => {
                let places = members.into_iter().map(|(key, member)| {
                    let place = Self::of(text, quoted(text, &key), member);
                    (key, place)
                });
                Below::Map(places.collect())
            }
        };
        Self { key, value, below }
    }

    /// The same place where the text is written in another way.
    fn written<'w>(self, trail: &Trail<'_>) -> Place<'w> {
        self.moved(&|range| trail.range(range))
    }

    /// The same place, whose keys are borrowed from nothing.
    fn owned<'w>(self) -> Place<'w> {
        self.moved(&|range| range)
    }

    fn moved<'w>(self, to: &dyn Fn(Range<usize>) -> Range<usize>) -> Place<'w> {
        let below = match self.below {
            Below::Nothing => Below::Nothing,
            Below::List(items) => Below::List(items.into_iter().map(|item| item.moved(to)).collect()),
            Below::Map(members) => {
                let places = members.into_iter().map(|(key, place)| (key.into_owned().into(), place.moved(to)));
                Below::Map(places.collect())
            }
        };
        Place { key: self.key.map(to), value: to(self.value), below }
    }
}

/// The bytes of a key that was borrowed from the text, with its quotes if it has any.
#[allow(clippy::ptr_arg, reason = "whether it is borrowed is what is asked")]
fn quoted(text: &str, key: &Cow<'_, str>) -> Option<Range<usize>> {
    let Cow::Borrowed(key) = key else { return None };
    let start = (key.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let is_quoted = start > 0 && matches!(text.as_bytes()[start - 1], b'"' | b'\'');
    let around = usize::from(is_quoted);
    Some(start - around..start + key.len() + around)
}

#[cfg(test)]
mod tests {
    use super::super::json::locate;
    use super::*;

    #[test]
    fn gives_the_answers_of_a_single_look() {
        let text = r#" {"a": [10, {"b/c": "x"}], "\u0064": 1, "e": {"": {"f": []}}, "a": [true, {"g": null}]} "#;
        let pointers =
            ["", "/a", "/a/0", "/a/1/g", "/a/1/b~1c", "/a/7/x", "/a/x", "/d", "/e//f", "/e//f/0", "/e/g", "/none/a"];
        for text in [text, "[1, [2, 3]]", " 7 ", "{\"a\": ", ""] {
            let index = Index::of(text);
            for (pointer, part) in pointers.iter().flat_map(|one| [(one, Part::Key), (one, Part::Value)]) {
                assert_eq!(index.locate(pointer, part), locate(text, pointer, part), "{pointer} {part:?} of {text}");
            }
        }
    }
}
