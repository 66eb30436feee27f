//! [`Index`]: all places of a payload's text, JSON or YAML, found in one pass.

use std::borrow::Cow;
use std::ops::Range;

use super::cursor::{Cursor, LEVELS};
use super::json::{Part, segments};
use super::node::{Kind, Node};
use super::{Payload, Syntax, Trail, json_node, yaml_node};
use crate::limits::Limits;

/// The places of a JSON text by their pointers. Asked often of one text, it does not read the text anew each time as
/// [`locate`](super::json::locate) does, and gives the same answers.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    /// What is within a value stands before it; the last one is the whole.
    places: Vec<Place<'a>>,
    /// Numbers of places: those within one value side by side. Of more than [`FEW`] members by their names, else as written.
    below: Vec<usize>,
}

/// Members that are compared one by one.
const FEW: usize = 16;

#[derive(Debug)]
struct Place<'a> {
    name: Cow<'a, str>,
    /// The key with its quotes; `None` where there is none, or it holds escapes.
    key: Option<Range<usize>>,
    value: Range<usize>,
    holds: Holds,
    /// Where the numbers of the places within it are.
    below: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Elements,
    Members,
}

/// A value of a text that an [`Index`] is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Indexed<'i> {
    index: &'i Index<'i>,
    place: &'i Place<'i>,
}

impl<'a> Index<'a> {
    /// The places of a text. One that is not JSON is a single place.
    pub(crate) fn of(text: &'a str) -> Self {
        if let Some(sound) = Self::sound(text) {
            return sound;
        }
        let document = json_node::parse(text);
        let root = document.roots.into_iter().next().filter(|_| document.wrong.is_none());
        let start = text.len() - text.trim_ascii_start().len();
        root.map_or_else(|| Self::single(start..start + text.trim_ascii().len()), |root| Self::of_node(text, root))
    }

    /// The places of a payload's text, whatever its syntax.
    pub(crate) fn of_payload(payload: &Payload<'a>) -> Self {
        if let Some(unescaped) = payload.unescaped() {
            let text = unescaped.text();
            let mut index = Index::of(&text).owned();
            for (layer, around) in unescaped.outwards(payload.text) {
                index.is_written(&Trail::of(layer, around));
            }
            return index;
        }
        let Syntax::Yaml { page } = payload.syntax else { return Self::of(payload.text) };
        let root = yaml_node::parse(payload.text, &Limits::default()).roots.into_iter().next();
        let root = match (root, page) {
            (Some(root), Some(page)) => root.into_list(&[]).and_then(|pages| pages.into_iter().nth(page)),
            (root, _) => root,
        };
        root.map_or_else(|| Self::single(0..payload.text.len()), |root| Self::of_node(payload.text, root))
    }

    /// The bytes behind a pointer. Where it leads nowhere, those of the nearest enclosing value.
    pub(crate) fn locate(&self, pointer: &str, part: Part) -> Range<usize> {
        let Some(mut here) = self.places.last() else { return 0..0 };
        for segment in segments(pointer) {
            let Some(next) = self.step(here, &segment) else { return here.value.clone() };
            here = next;
        }
        match (part, &here.key) {
            (Part::Key, Some(key)) => key.clone(),
            _ => here.value.clone(),
        }
    }

    /// The whole of the text.
    pub(crate) fn root(&self) -> Option<Indexed<'_>> {
        Some(Indexed { index: self, place: self.places.last()? })
    }

    /// The place of a member or element. Of a repeated key the last one counts.
    fn step(&self, here: &Place<'a>, segment: &str) -> Option<&Place<'a>> {
        let below = self.below.get(here.below.clone())?;
        let at = match here.holds {
            Holds::Nothing => return None,
            Holds::Elements => segment.parse::<usize>().ok()?,
            Holds::Members if below.len() <= FEW => below.iter().rposition(|at| self.places[*at].name == segment)?,
            Holds::Members => {
                let behind = below.partition_point(|at| *self.places[*at].name <= *segment);
                behind.checked_sub(1).filter(|at| self.places[below[*at]].name == segment)?
            }
        };
        self.places.get(*below.get(at)?)
    }

    fn single(value: Range<usize>) -> Self {
        let whole = Place { name: Cow::Borrowed(""), key: None, value, holds: Holds::Nothing, below: 0..0 };
        Self { places: vec![whole], below: Vec::new() }
    }

    /// The places of a text about which nothing is odd.
    fn sound(text: &'a str) -> Option<Self> {
        let (mut cursor, mut made) = (Cursor::new(text), Making::of(text));
        made.next(&mut cursor, (Cow::Borrowed(""), None), LEVELS)?;
        cursor.is_done().then_some(made.index)
    }

    fn of_node(text: &'a str, root: Node<'a>) -> Self {
        let mut made = Making::of(text);
        made.node((Cow::Borrowed(""), None), root);
        made.index
    }

    /// The same places where the text is written in another way.
    fn is_written(&mut self, trail: &Trail<'_>) {
        for place in &mut self.places {
            place.key = place.key.take().map(|key| trail.range(key));
            place.value = trail.range(place.value.clone());
        }
    }

    /// The same places, whose names are borrowed from nothing.
    fn owned<'w>(self) -> Index<'w> {
        let places = self.places.into_iter().map(|place| Place { name: place.name.into_owned().into(), ..place });
        Index { places: places.collect(), below: self.below }
    }
}

impl<'i> Indexed<'i> {
    /// Its bytes.
    pub(crate) fn range(self) -> Range<usize> {
        self.place.value.clone()
    }

    /// Its members, where it is an object: names and values.
    pub(crate) fn members(self) -> Option<impl Iterator<Item = (&'i str, Self)>> {
        (self.place.holds == Holds::Members).then(|| self.within().map(|within| (&*within.place.name, within)))
    }

    /// Its elements, where it is a list.
    pub(crate) fn elements(self) -> Option<impl Iterator<Item = Self>> {
        (self.place.holds == Holds::Elements).then(|| self.within())
    }

    fn within(self) -> impl Iterator<Item = Self> {
        let Self { index, place } = self;
        index.below[place.below.clone()].iter().map(move |at| Self { index, place: &index.places[*at] })
    }
}

/// An index that grows.
struct Making<'a> {
    text: &'a str,
    index: Index<'a>,
    /// Numbers of places whose holders are not there yet.
    open: Vec<usize>,
}

/// What stands before a value: the name of a member, and the bytes of its key.
type Named<'a> = (Cow<'a, str>, Option<Range<usize>>);

impl<'a> Making<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, index: Index::default(), open: Vec::new() }
    }

    /// The value that comes next, where nothing is odd about it.
    fn next(&mut self, cursor: &mut Cursor<'a>, named: Named<'a>, levels: usize) -> Option<()> {
        let first = cursor.next()?;
        let (start, open) = (cursor.at(), self.open.len());
        let holds = match first {
            b'{' => {
                let levels = levels.checked_sub(1)?;
                cursor.members(|cursor, key| {
                    let name = key.text()?;
                    let bytes = quoted(self.text, &name);
                    self.next(cursor, (name, bytes), levels)
                })?;
                Holds::Members
            }
            b'[' => {
                let levels = levels.checked_sub(1)?;
                cursor.elements(|cursor| self.next(cursor, (Cow::Borrowed(""), None), levels))?;
                Holds::Elements
            }
            _ => {
                cursor.pass_over(0)?;
                Holds::Nothing
            }
        };
        self.close(open, named, start..cursor.at(), holds);
        Some(())
    }

    fn node(&mut self, named: Named<'a>, node: Node<'a>) {
        // A block of YAML ends with its last line, not with what indents the next one.
        let value = node.range.start..node.range.start + self.text[node.range].trim_ascii_end().len();
        let open = self.open.len();
        let holds = match node.kind {
            Kind::Scalar(_) => Holds::Nothing,
            Kind::List(items) => {
                for item in items {
                    self.node((Cow::Borrowed(""), None), item);
                }
                Holds::Elements
            }
            Kind::Map(members) => {
                for (name, member) in members {
                    let bytes = quoted(self.text, &name);
                    self.node((name, bytes), member);
                }
                Holds::Members
            }
        };
        self.close(open, named, value, holds);
    }

    /// Adds a value that holds all that is open from there on.
    fn close(&mut self, open: usize, (name, key): Named<'a>, value: Range<usize>, holds: Holds) {
        let Index { places, below } = &mut self.index;
        let within = &mut self.open[open..];
        if holds == Holds::Members && within.len() > FEW {
            within.sort_by(|a, b| places[*a].name.cmp(&places[*b].name));
        }
        let start = below.len();
        below.extend(self.open.drain(open..));
        self.open.push(places.len());
        places.push(Place { name, key, value, holds, below: start..below.len() });
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

    #[test]
    fn members_of_a_large_object_are_found_by_their_names() {
        let members = |range: std::ops::Range<usize>| range.map(|at| format!("\"k{at}\": [{at}]")).collect::<Vec<_>>();
        for count in [FEW - 1, FEW, FEW + 1, 200] {
            // Some are there twice, the last of which counts.
            let text = format!("{{{}}}", [members(0..count), members(3..6)].concat().join(", "));
            let index = Index::of(&text);
            for key in (0..=count).map(|at| format!("k{at}")).chain([String::new(), "k".into(), "z".into()]) {
                for pointer in [format!("/{key}"), format!("/{key}/0")] {
                    for part in [Part::Key, Part::Value] {
                        assert_eq!(index.locate(&pointer, part), locate(&text, &pointer, part), "{pointer} of {count}");
                    }
                }
            }
            let root = index.root().expect("a value");
            assert!(root.elements().is_none());
            let mut names: Vec<&str> = root.members().expect("an object").map(|(name, _)| name).collect();
            names.sort_unstable();
            assert_eq!((names.len(), names.iter().filter(|name| **name == "k4").count()), (count + 3, 2));
        }
    }
}
