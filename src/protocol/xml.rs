//! XML text → a tree of elements with their places. What they mean to the model is the business of [`super::xml_value`].

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::body::undecodable;
use super::encode::is_xml;
use crate::limits::DEPTH;
use crate::model::Direction;
use crate::recording::{Flaw, placeholders};

/// One element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Name without its prefix: which namespace it is of, receivers do not ask.
    pub(super) name: String,
    /// Attributes in their order.
    pub(super) attributes: Vec<Attribute>,
    /// Elements within it.
    pub(super) children: Vec<Element>,
    /// Text of its own, without that of its children.
    pub(super) text: String,
    /// Bytes from its start tag to its end tag.
    pub(super) range: Range<usize>,
}

/// One attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Name with its prefix.
    pub(super) name: String,
    /// Text, unescaped.
    pub(super) value: String,
    /// Bytes of the start tag that holds it.
    pub(super) range: Range<usize>,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Whether it has neither elements nor text but space.
    pub(super) fn is_blank(&self) -> bool {
        self.children.is_empty() && self.text.trim().is_empty()
    }
}

/// The root element of a document. Where its recorder `has_placeholders`, names in capitals that look like the tags of
/// elements without an end are text.
pub(super) fn parse(text: &str, direction: Direction, has_placeholders: bool) -> Result<Element, Flaw> {
    let replaced = has_placeholders.then(|| without_placeholders(text)).flatten();
    let tree =
        Tree { is_of_client: direction == Direction::Request, has_placeholders: replaced.is_some(), ..Tree::default() };
    tree.read(replaced.as_deref().unwrap_or(text))
        .map_err(|(reason, at)| undecodable(direction, reason, at.min(text.len())))
}

/// What stands for the brackets of a placeholder while a document is read: no document has it, and it is as long.
const BRACKETS: [char; 2] = ['\u{1}', '\u{2}'];

/// A document whose placeholders are no tags, each byte in its place; `None` where it has none.
fn without_placeholders(text: &str) -> Option<String> {
    if text.contains(BRACKETS) {
        return None;
    }
    // Names of end tags: a hostile text has thousands of names, and is passed over once.
    let ended: HashSet<&str> = text.match_indices("</").filter_map(|(at, _)| end_tag(&text[at + 2..])).collect();
    let mut replaced = String::new();
    let mut end = 0;
    for place in placeholders(text) {
        let name = &text[place.start + 1..place.end - 1];
        if !ended.contains(name) {
            replaced.push_str(&text[end..place.start]);
            replaced.extend(text[place.clone()].chars().map(|c| match c {
                '<' => BRACKETS[0],
                '>' => BRACKETS[1],
                c => c,
            }));
            end = place.end;
        }
    }
    (end > 0).then(|| replaced + &text[end..])
}

/// The name of an end tag, behind its slash.
fn end_tag(text: &str) -> Option<&str> {
    let end = text.find(|c: char| matches!(c, '<' | '>') || c.is_ascii_whitespace())?;
    (text.as_bytes()[end] != b'<').then_some(&text[..end])
}

/// Why a text is no document, and the byte that shows it.
type Broken = (String, usize);

/// The elements read so far.
#[derive(Default)]
struct Tree {
    /// Elements whose end is still to come, the outermost first.
    open: Vec<Element>,
    root: Option<Element>,
    /// The text is a request's.
    is_of_client: bool,
    /// Placeholders were taken for text.
    has_placeholders: bool,
}

impl Tree {
    fn read(mut self, text: &str) -> Result<Element, Broken> {
        let content = text.strip_prefix('\u{feff}').unwrap_or(text);
        let before = text.len() - content.len();
        let mut reader = Reader::from_str(content);
        loop {
            let start = before + place(reader.buffer_position());
            let event = reader
                .read_event()
                .map_err(|error| (format!("it is not XML ({error})"), before + place(reader.error_position())))?;
            let end = before + place(reader.buffer_position());
            match event {
                Event::Start(tag) => {
                    let element = self.element(&tag, start..end)?;
                    self.open.push(element);
                }
                Event::Empty(tag) => {
                    let element = self.element(&tag, start..end)?;
                    self.close(element);
                }
                Event::End(_) => {
                    if let Some(mut element) = self.open.pop() {
                        element.range.end = end;
                        self.close(element);
                    }
                }
                Event::Text(piece) => self.text(&piece.xml10_content(), start)?,
                Event::CData(piece) => self.text(&piece.xml10_content(), start)?,
                Event::GeneralRef(name) => {
                    let meant = quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned);
                    let meant = meant.or_else(|| name.resolve_char_ref().ok().flatten().map(String::from));
                    let unknown = || (format!("it is not XML (nobody knows the entity &{};)", &*name), start);
                    self.text(&meant.ok_or_else(unknown)?, start)?;
                }
                Event::DocType(kind) if kind.trim_ascii_start().to_ascii_lowercase().starts_with("html") => {
                    return Err(("it is a web page".into(), start));
                }
                Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => break,
            }
        }
        match (self.open.last(), self.root) {
            (Some(element), _) => {
                Err((format!("the XML ends too early (<{}> is still open)", element.name), text.len()))
            }
            (None, Some(root)) => Ok(root),
            (None, None) => Err(("it is not XML (there is no element)".into(), 0)),
        }
    }

    /// The element that a start tag begins.
    fn element(&self, tag: &BytesStart<'_>, range: Range<usize>) -> Result<Element, Broken> {
        let broken = |reason: &str| Err((reason.to_owned(), range.start));
        let name = tag.local_name().as_ref().to_owned();
        if self.open.is_empty() {
            if name.eq_ignore_ascii_case("html") {
                return broken("it is a web page");
            }
            if self.root.is_some() {
                return broken("it is not XML (there is more than one root element)");
            }
        }
        if self.open.len() == DEPTH {
            return broken("it is nested deeper than 128 levels");
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let not_xml = |error: String| (format!("it is not XML ({error})"), range.start);
            let attribute = attribute.map_err(|error| not_xml(error.to_string()))?;
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| not_xml(error.to_string()))?;
            attributes.push(Attribute {
                name: attribute.key.as_ref().to_owned(),
                value: self.restored(&value).into_owned(),
                range: range.clone(),
            });
        }
        Ok(Element { name, attributes, range, ..Element::default() })
    }

    fn close(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// A text with the brackets of its placeholders.
    fn restored<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.has_placeholders {
            text.replace(BRACKETS[0], "<").replace(BRACKETS[1], ">").into()
        } else {
            text.into()
        }
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), Broken> {
        let text = &*self.restored(text);
        // botocore sends such characters in requests as they are, and what they stand for is known all the same.
        if let Some(control) = text.chars().find(|c| !is_xml(*c) && !self.is_of_client) {
            return Err((format!("it is not XML (it holds the character U+{:04X})", u32::from(control)), at));
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(("it is not XML (there is text outside of the root element)".into(), at)),
        }
        Ok(())
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::FlawKind;

    fn root(text: &str) -> Element {
        parse(text, Direction::Response, false).unwrap_or_else(|flaw| panic!("{text}: {flaw:?}"))
    }

    fn broken(text: &str) -> Broken {
        match parse(text, Direction::Response, false).map_err(|flaw| flaw.kind) {
            Err(FlawKind::Undecodable { reason, at }) => (reason, at),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn reads_elements_with_their_places() {
        let text = "<?xml version=\"1.0\"?>\n<!-- <no/> --><a:Root xmlns:a='u' a:Kind=\"x &amp; y\">\n <B/>\n <C>1</C>\n</a:Root>\n";
        let root = root(text);
        assert_eq!((&*root.name, root.children.len(), root.text.trim()), ("Root", 2, ""));
        assert_eq!(&text[root.children[0].range.clone()], "<B/>");
        assert_eq!(&text[root.children[1].range.clone()], "<C>1</C>");
        assert!(text[root.range.clone()].starts_with("<a:Root") && text[root.range].ends_with("</a:Root>"));
        let kinds: Vec<_> = root.attributes.iter().map(|attribute| (&*attribute.name, &*attribute.value)).collect();
        assert_eq!(kinds, [("xmlns:a", "u"), ("a:Kind", "x & y")]);
    }

    #[test]
    fn joins_the_pieces_of_a_text() {
        let text = "<a> 1 &lt;<!-- no --> <![CDATA[<b>&amp;]]>&#x41;&#66;\r\n</a>";
        assert_eq!(root(text).text, " 1 < <b>&amp;AB\n");
        assert_eq!(root("\u{feff}<a>x</a>").range, 3..11);
    }

    #[test]
    fn control_characters_of_a_client_are_read() {
        let read = |direction| parse("<a>x\u{1}</a>", direction, false).map(|root| root.text);
        assert_eq!(read(Direction::Request).ok().as_deref(), Some("x\u{1}"));
        assert!(read(Direction::Response).is_err());
    }

    #[test]
    fn placeholders_are_text_where_their_recorder_writes_them() {
        let text = "<R a='<KEY>'><ID>1</ID><Arn>arn:<ACCOUNT>:x</Arn><B/><TTL/></R>";
        let read = |text: &str| parse(text, Direction::Response, true);
        let root = read(text).expect("XML");
        let texts: Vec<_> = root.children.iter().map(|part| (&*part.name, &*part.text)).collect();
        assert_eq!(texts, [("ID", "1"), ("Arn", "arn:<ACCOUNT>:x"), ("B", ""), ("TTL", "")]);
        assert_eq!(
            (&*root.attributes[0].value, &text[root.children[1].range.clone()]),
            ("<KEY>", "<Arn>arn:<ACCOUNT>:x</Arn>")
        );
        let region = read("<R><Arn>arn:aws:<<aws_region>>:x</Arn></R>").expect("XML");
        assert_eq!(region.children[0].text, "arn:aws:<<aws_region>>:x");
        assert!(parse("<R>arn:<ACCOUNT>:x</R>", Direction::Response, false).is_err());
        // Each name that ends somewhere is a tag; a name that only begins like one is not.
        let root = read("<R><A_B>arn:<A>:<A_>x</A_B></R>").expect("XML");
        assert_eq!(root.children[0].text, "arn:<A>:<A_>x");
        let many = (0..50_000).map(|at| format!("<A{at}>")).collect::<Vec<_>>().concat();
        assert_eq!(read(&format!("<R>{many}</R>")).expect("XML").text, many);
        assert!(read("<r>arn:<account>:x</r>").is_err() && read("<A><B>x</A>").is_ok() && read("<A>x").is_err());
    }

    #[test]
    fn broken_texts_say_why_and_where() {
        let cases = [
            ("<a><b>1</b>", "<a> is still open", 11),
            ("<a><b>1</", "not XML", 7),
            ("<a><b>1</a>", "`</b>`", 7),
            ("plain", "outside of the root", 0),
            ("", "no element", 0),
            ("<a/><b/>", "more than one root", 4),
            ("<a>&nbsp;</a>", "entity &nbsp;", 3),
            ("<a>a & b</a>", "not XML", 5),
            ("<!DOCTYPE html><html><br></html>", "web page", 0),
            ("<HTML><body>503", "web page", 0),
            ("<a>x\u{1}</a>", "U+0001", 3),
            ("<a>&#x1b;</a>", "U+001B", 3),
            ("<a x=1/>", "not XML", 0),
        ];
        for (text, reason, at) in cases {
            let found = broken(text);
            assert!(found.0.contains(reason) && found.1 == at, "{text}: {found:?}");
        }
        let deep = format!("{}{}", "<a>".repeat(129), "</a>".repeat(129));
        assert_eq!(broken(&deep), ("it is nested deeper than 128 levels".into(), 3 * 128));
        root(&format!("{}{}", "<a>".repeat(128), "</a>".repeat(128)));
    }
}
