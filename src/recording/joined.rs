//! Texts that a recording keeps in several places: how they are put together, and how another text is written into the same
//! places.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::notation::{Notation, path_of};

/// A text that stands in several places of the source.
#[derive(Debug, Clone)]
pub struct Joined {
    how: How,
    /// Bytes of the source, and how each part is written there.
    places: Vec<(Range<usize>, Notation)>,
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
    pub(super) fn of(how: How, places: Vec<(Range<usize>, Notation)>) -> Self {
        Self { how, places }
    }

    /// Whether its parts follow each other, so that one of them alone says nothing.
    pub fn is_frames(&self) -> bool {
        self.how == How::Frames
    }

    /// Bytes of the source that its parts are written in.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.places.iter().map(|(range, _)| range.clone())
    }

    /// What to write into its places, so that they hold another text; `None` where they cannot.
    pub(super) fn rewritten(&self, source: &[u8], content: &[u8]) -> Option<Edits> {
        match self.how {
            How::Frames => self.in_one(source, content),
            How::Pairs => values(source, &self.places, std::str::from_utf8(content).ok()?),
            How::Address => {
                let url = std::str::from_utf8(content).ok()?;
                let address = if url.contains("://") { path_of(url)? } else { url };
                let (path, query) = address.split_once('?').unwrap_or((address, ""));
                let (first, rest) = self.places.split_first()?;
                let mut edits = values(source, rest, query)?;
                edits.extend(edit(source, first, path)?);
                Some(edits)
            }
        }
    }

    /// All of it in the first place that can hold it, and nothing in the others.
    fn in_one(&self, source: &[u8], content: &[u8]) -> Option<Edits> {
        let put =
            |(range, form): &(Range<usize>, Notation), content: &[u8]| form.placed(range.clone(), source, content);
        let (holder, held) = self.places.iter().enumerate().find_map(|(at, place)| Some((at, put(place, content)?)))?;
        let others = self.places.iter().enumerate().filter(|(at, _)| *at != holder);
        let emptied: Option<Edits> = others.map(|(_, place)| put(place, b"")).collect();
        Some(std::iter::once(held).chain(emptied?).collect())
    }
}

/// The values of pairs in their places; those that stay are left alone.
fn values(source: &[u8], places: &[(Range<usize>, Notation)], pairs: &str) -> Option<Edits> {
    let pairs: Vec<&str> = pairs.split('&').filter(|pair| !pair.is_empty()).collect();
    if pairs.len() != places.len() {
        return None;
    }
    let mut edits = Vec::new();
    for (pair, place) in pairs.into_iter().zip(places) {
        let value = percent_decode_str(pair.split_once('=')?.1).decode_utf8().ok()?;
        edits.extend(edit(source, place, &value)?);
    }
    Some(edits)
}

/// What to write in a place, so that it holds a text: nothing where it does.
fn edit(source: &[u8], (range, form): &(Range<usize>, Notation), text: &str) -> Option<Edits> {
    let raw = source.get(range.clone())?;
    if raw == text.as_bytes() || serde_json::from_slice::<String>(raw).is_ok_and(|own| own == text) {
        return Some(Vec::new());
    }
    form.placed(range.clone(), source, text.as_bytes()).map(|one| vec![one])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"["/a/b", "c d", "e"]"#;

    fn rewritten(how: How, content: &str) -> Option<String> {
        let part = |text: &str| {
            let start = SOURCE.find(text).expect("there");
            (start..start + text.len(), Notation::Escaped)
        };
        let parts = [part("\"/a/b\""), part("\"c d\""), part("\"e\"")];
        let from = usize::from(how == How::Pairs);
        let mut edits = Joined::of(how, parts[from..].to_vec()).rewritten(SOURCE.as_bytes(), content.as_bytes())?;
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
        assert_eq!(rewritten(How::Pairs, "x=c%20d&y=x").as_deref(), Some(r#"["/a/b", "c d", "x"]"#));
        assert_eq!(rewritten(How::Address, "https://h/a/b?x=x%26&y=e").as_deref(), Some(r#"["/a/b", "x&", "e"]"#));
        assert_eq!(rewritten(How::Address, "/x/b?x=c%20d&y=e").as_deref(), Some(r#"["/x/b", "c d", "e"]"#));
        assert_eq!(rewritten(How::Frames, "xyz").as_deref(), Some(r#"["xyz", "", ""]"#));
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        for (how, content) in
            [(How::Pairs, "x=1"), (How::Pairs, "x=1&y"), (How::Address, "/a?x=1"), (How::Pairs, "x=1&y=%ff")]
        {
            assert_eq!(rewritten(how, content), None, "{content}");
        }
    }
}
