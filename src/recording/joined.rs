//! Texts that a recording keeps in several places: how they are put together, and how another text is written into the same
//! places.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::notation::{Notation, path_of};

/// A text that stands in several places of the source.
#[derive(Debug, Clone)]
pub struct Joined {
    how: How,
    parts: Vec<Part>,
}

/// Bytes of the source, and how they are written.
type Place = (Range<usize>, Notation);

/// A part of such a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// Where it is written; `None` of what is not there and means nothing.
    place: Option<Place>,
    /// What stands there, as the whole has it.
    piece: String,
    /// The whole has it as it stands there.
    is_verbatim: bool,
}

impl Part {
    /// A text that is written in that place, and stands in the whole as `encode` leaves it.
    pub(super) fn encoded(place: Place, text: &str, encode: impl Fn(&str) -> String) -> Self {
        let piece = encode(text);
        // What the recorder had encoded stays so.
        let is_verbatim = piece.contains('%') && piece == text;
        Self { place: Some(place), piece, is_verbatim }
    }

    /// One that the whole has as it is.
    pub(super) fn verbatim(place: Place, text: &str) -> Self {
        Self { place: Some(place), piece: text.to_owned(), is_verbatim: true }
    }

    /// One of several that follow each other.
    pub(super) fn frame(place: Place) -> Self {
        Self { place: Some(place), ..Self::default() }
    }

    /// What to write in its place, so that the whole has another piece there: nothing where it has. `None` where it cannot.
    fn edit(&self, source: &[u8], piece: &str) -> Option<Edits> {
        if piece == self.piece {
            return Some(Vec::new());
        }
        let (range, form) = self.place.as_ref()?;
        let text = if self.is_verbatim { piece.into() } else { percent_decode_str(piece).decode_utf8().ok()? };
        form.placed(range.clone(), source, text.as_bytes()).map(|one| vec![one])
    }
}

/// What makes a text of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// They follow each other.
    Frames,
    /// They are the values of a form's pairs.
    Pairs,
    /// The path of a URL comes first, then the values of its query.
    Address,
}

/// What is written where.
pub type Edits = Vec<(Range<usize>, Vec<u8>)>;

impl Joined {
    /// A text that is made of those.
    pub(super) fn of(how: How, parts: Vec<Part>) -> Self {
        Self { how, parts }
    }

    /// Whether its parts follow each other, so that one of them alone says nothing.
    pub fn is_frames(&self) -> bool {
        self.how == How::Frames
    }

    /// Bytes of the source that its parts are written in.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.parts.iter().filter_map(|part| Some(part.place.as_ref()?.0.clone()))
    }

    /// What to write into its places, so that they hold another text; `None` where they cannot.
    pub(super) fn rewritten(&self, source: &[u8], content: &[u8]) -> Option<Edits> {
        match self.how {
            How::Frames => self.in_one(source, content),
            How::Pairs => values(source, &self.parts, std::str::from_utf8(content).ok()?),
            How::Address => {
                let url = std::str::from_utf8(content).ok()?;
                let address = if url.contains("://") { path_of(url)? } else { url };
                let (path, query) = address.split_once('?').unwrap_or((address, ""));
                let (first, rest) = self.parts.split_first()?;
                let mut edits = values(source, rest, query)?;
                edits.extend(first.edit(source, path)?);
                Some(edits)
            }
        }
    }

    /// All of it in the first place that can hold it, and nothing in the others.
    fn in_one(&self, source: &[u8], content: &[u8]) -> Option<Edits> {
        let put = |part: &Part, content: &[u8]| {
            let (range, form) = part.place.as_ref()?;
            form.placed(range.clone(), source, content)
        };
        let (holder, held) = self.parts.iter().enumerate().find_map(|(at, part)| Some((at, put(part, content)?)))?;
        let others = self.parts.iter().enumerate().filter(|(at, _)| *at != holder);
        let emptied: Option<Edits> = others.map(|(_, part)| put(part, b"")).collect();
        Some(std::iter::once(held).chain(emptied?).collect())
    }
}

/// The values of pairs in their places; those that stay are left alone.
fn values(source: &[u8], parts: &[Part], pairs: &str) -> Option<Edits> {
    let pairs: Vec<&str> = pairs.split('&').filter(|pair| !pair.is_empty()).collect();
    if pairs.len() != parts.len() {
        return None;
    }
    let mut edits = Vec::new();
    for (pair, part) in pairs.into_iter().zip(parts) {
        edits.extend(part.edit(source, pair.split_once('=')?.1)?);
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::super::http::form_encoded;
    use super::*;

    const SOURCE: &str = r#"["/a/b", "c d", "e", "f%2Bg"]"#;

    fn rewritten(how: How, content: &str) -> Option<String> {
        let place = |text: &str| {
            let start = SOURCE.find(&format!("{text:?}")).expect("there");
            (start..start + text.len() + 2, Notation::Escaped)
        };
        let encoded = |text| Part::encoded(place(text), text, form_encoded);
        let parts =
            [Part::verbatim(place("/a/b"), "/a/b"), encoded("c d"), encoded("e"), encoded("f%2Bg"), Part::default()];
        let parts = match how {
            How::Frames => &parts[..3],
            How::Address => &parts[..4],
            How::Pairs => &parts[1..],
        };
        let mut edits = Joined::of(how, parts.to_vec()).rewritten(SOURCE.as_bytes(), content.as_bytes())?;
        edits.sort_by_key(|(range, _)| range.start);
        let (mut text, mut at) = (String::new(), 0);
        for (range, own) in edits {
            text.push_str(&SOURCE[at..range.start]);
            text.push_str(std::str::from_utf8(&own).expect("text"));
            at = range.end;
        }
        Some(text + &SOURCE[at..])
    }

    #[test]
    fn each_part_is_written_in_its_place() {
        for (how, content, expected) in [
            (How::Pairs, "x=c%20d&y=x&z=f%2Bg&n=", r#"["/a/b", "c d", "x", "f%2Bg"]"#),
            (How::Pairs, "x=%C3%BC%26&y=e&z=%ff&n=", r#"["/a/b", "ü&", "e", "%ff"]"#),
            (How::Address, "https://h/a/b?x=x%26&y=e&z=f%2Bg", r#"["/a/b", "x&", "e", "f%2Bg"]"#),
            (How::Address, "/x/b?x=c%20d&y=e&z=g%2Bh", r#"["/x/b", "c d", "e", "g%2Bh"]"#),
            (How::Frames, "xyz", r#"["xyz", "", "", "f%2Bg"]"#),
        ] {
            assert_eq!(rewritten(how, content).as_deref(), Some(expected), "{content}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        for (how, content) in [
            (How::Pairs, "x=1"),
            (How::Pairs, "x=1&y=2&z=3&n"),
            (How::Pairs, "x=1&y=2&z=3&n=4"),
            (How::Address, "/a?x=1"),
            (How::Pairs, "x=1&y=%ff&z=3&n="),
        ] {
            assert_eq!(rewritten(how, content), None, "{content}");
        }
    }
}
