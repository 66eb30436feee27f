//! Formats whose documents are one list of HTTP exchanges: each exchange is found, and may be read, by itself.

use super::bounds::exceeded_document;
use super::cursor::LEVELS;
use super::document::{HttpEntries, hand_over, is_json, read_http, tell_twice};
use super::lines::NOT_UTF8;
use super::node::Node;
use super::{Entry, Format, Malformed, Marks, Probe, Source, json_entries, json_node, yaml_node};

/// Such a format: a [`Format`] that says where its list stands, and by [`HttpEntries`] what an element is.
pub(super) trait HttpList: HttpEntries + Sync {
    /// The keys that lead to the list. Where there are none, a document of one exchange alone is read as well.
    const PATH: &'static [&'static str];

    /// See [`Format::id`].
    fn id(&self) -> &'static str;

    /// See [`Format::about`].
    fn about(&self) -> &'static str;

    /// See [`Format::recognises`].
    fn recognises(&self, probe: &Probe<'_>) -> bool;

    /// See [`Format::marks`].
    fn marks(&self) -> Marks {
        Marks::NONE
    }

    /// Whether the document says in another way than by an empty list that it holds no exchange.
    fn is_empty(&self, _source: &Source<'_>) -> bool {
        false
    }
}

impl<F: HttpList> Format for F {
    fn id(&self) -> &'static str {
        HttpList::id(self)
    }

    fn about(&self) -> &'static str {
        HttpList::about(self)
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        HttpList::recognises(self, probe)
    }

    fn marks(&self) -> Marks {
        HttpList::marks(self)
    }

    fn entries(&self) -> Option<&'static [&'static str]> {
        Some(F::PATH)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        if self.is_empty(source) {
            return read_http(self, |_| Some(Vec::new()), source, sink);
        }
        read_list(self, source, sink);
    }

    fn read_entry<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) -> bool {
        read_entry(self, source, sink)
    }
}

/// Reads a document of HTTP exchanges that are the elements of the list which the keys of [`HttpList::PATH`] lead to. Of a sound JSON
/// document each is read by itself.
fn read_list<'a, F: HttpList>(format: &F, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    let sound = source.text().ok().filter(|_| is_json(source));
    let Some((text, entries)) = sound.and_then(|text| Some((text, json_entries::entries(text, F::PATH)?))) else {
        let whole = |root: Node<'a>| {
            if F::PATH.is_empty() && root.is_map() { Some(vec![root]) } else { root.into_list(F::PATH) }
        };
        return read_http(format, whole, source, sink);
    };
    for (number, range) in entries.into_iter().enumerate() {
        let own = text.get(range.clone()).unwrap_or_default();
        if let Some(told) = too_many(own, range.start, number, source) {
            sink(told);
        } else if let Some(entry) = json_node::at(text, range) {
            hand_over(format, &entry, number, source, sink);
        }
    }
}

/// Reads one entry of such a document, which stands alone in its source. Whether it is sound and no key stands twice in it.
fn read_entry<'a, F: HttpList>(format: &F, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) -> bool {
    let number = source.first_entry;
    let text = match source.text() {
        Ok(text) => text,
        Err(at) => {
            sink(Entry::Malformed(Malformed::new(NOT_UTF8, at, Some(number))));
            return false;
        }
    };
    // In YAML it is a list of one.
    let is_yaml = text.trim_start().starts_with("- ") || text.trim() == "-" || text.trim_start().starts_with("-\n");
    if !is_yaml && let Some(told) = too_many(text, 0, number, source) {
        sink(told);
        return true;
    }
    let sound = if is_yaml { None } else { json_node::unambiguous(text, LEVELS - F::PATH.len() - 1) };
    if let Some(entry) = sound {
        hand_over(format, &entry, number, source, sink);
        return true;
    }
    let document = if is_yaml { yaml_node::parse(text, &source.limits) } else { json_node::parse(text) };
    let repeated = document.repeated(!is_yaml);
    let is_sound = repeated.is_empty() && document.wrong.is_none();
    let entries = |root: Node<'a>| if is_yaml { root.into_list(&[]).unwrap_or_default() } else { vec![root] };
    let entries: Vec<Node<'a>> = document.roots.into_iter().flat_map(entries).collect();
    tell_twice(format, repeated, &entries, source, sink);
    // Half an entry is none.
    let beyond = document.beyond.map(|(limit, at)| Malformed::beyond(limit, &source.limits, at, Some(number)));
    if let Some(told) = beyond.or(document.wrong.map(|(reason, at)| Malformed::new(reason, at, Some(number)))) {
        sink(Entry::Malformed(told));
        return is_sound;
    }
    for entry in &entries {
        hand_over(format, entry, number, source, sink);
    }
    is_sound
}

/// What of an entry at that byte has too many values, if it has.
fn too_many<'a>(text: &str, start: usize, number: usize, source: &Source<'a>) -> Option<Entry<'a>> {
    let (limit, at) = exceeded_document(text, &source.limits)?;
    Some(Entry::Malformed(Malformed::beyond(limit, &source.limits, start + at, Some(number))))
}
