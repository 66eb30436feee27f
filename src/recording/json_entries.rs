//! The entries of a JSON document, found by one light pass over it, so that they are read one by one and no tree of the whole
//! stands in memory.
//!
//! The pass takes sound documents alone, in which no object has a key twice. Of any other the tree is made, which tells
//! what is wrong with it.

use std::ops::Range;

use super::cursor::{Cursor, LEVELS};

/// Where the elements stand of the list that these keys lead to. `None` says nothing: the tree is asked.
pub(super) fn entries(text: &str, path: &[&str]) -> Option<Vec<Range<usize>>> {
    let (mut cursor, mut pass) = (Cursor::new(text), Pass::default());
    pass.value(&mut cursor, Some(path), LEVELS)?;
    pass.found.filter(|_| cursor.is_done())
}

/// Whether a text is one sound value in which no object has a key twice, nested at most so deep. `false` says nothing.
pub(super) fn is_sound(text: &str, levels: usize) -> bool {
    let (mut cursor, mut pass) = (Cursor::new(text), Pass::default());
    pass.value(&mut cursor, None, levels).is_some() && cursor.is_done()
}

#[derive(Default)]
struct Pass<'t> {
    /// Keys of the objects that are open, the innermost last.
    keys: Vec<&'t str>,
    found: Option<Vec<Range<usize>>>,
}

/// Keys of an object that are compared one by one.
const FEW: usize = 24;

impl<'t> Pass<'t> {
    /// Passes over a value; `path` leads from it to the list, where that is within it.
    fn value(&mut self, cursor: &mut Cursor<'t>, path: Option<&[&str]>, levels: usize) -> Option<()> {
        match cursor.next()? {
            b'{' => self.object(cursor, path, levels.checked_sub(1)?),
            b'[' => self.list(cursor, path.is_some_and(<[_]>::is_empty), levels.checked_sub(1)?),
            _ => cursor.pass_over(0),
        }
    }

    fn object(&mut self, cursor: &mut Cursor<'t>, path: Option<&[&str]>, levels: usize) -> Option<()> {
        let first = self.keys.len();
        cursor.members(|cursor, key| {
            let key = key.plain()?;
            let known = self.keys.get(first..)?;
            if known.len() > FEW || known.contains(&key) {
                return None;
            }
            self.keys.push(key);
            let below = path.and_then(<[_]>::split_first).filter(|(name, _)| **name == key);
            self.value(cursor, below.map(|(_, rest)| rest), levels)
        })?;
        self.keys.truncate(first);
        Some(())
    }

    fn list(&mut self, cursor: &mut Cursor<'t>, is_found: bool, levels: usize) -> Option<()> {
        let mut elements = Vec::new();
        cursor.elements(|cursor| {
            cursor.next()?;
            let start = cursor.at();
            self.value(cursor, None, levels)?;
            if is_found {
                elements.push(start..cursor.at());
            }
            Some(())
        })?;
        if is_found {
            self.found = Some(elements);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(text: &'t str, path: &[&str]) -> Option<Vec<&'t str>> {
        Some(entries(text, path)?.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn a_list_is_found_by_its_keys() {
        let text =
            r#" {"v": 1, "log": {"x": [{"entries": [0]}], "entries" : [ {"a": [1, 2]} , "b", [] ] , "y": null}} "#;
        assert_eq!(shown(text, &["log", "entries"]), Some(vec![r#"{"a": [1, 2]}"#, "\"b\"", "[]"]));
        assert_eq!(shown("[1, 2]", &[]), Some(vec!["1", "2"]));
        assert_eq!(shown(r#"{"interactions": []}"#, &["interactions"]), Some(Vec::new()));
        for other in ["{}", "[]", r#"{"log": []}"#, r#"{"log": {"entries": {}}}"#, r#"{"a": {"log": {"entries": []}}}"#]
        {
            assert_eq!(shown(other, &["log", "entries"]), None, "{other}");
        }
    }

    #[test]
    fn what_is_odd_is_left_to_the_tree() {
        for odd in [
            r#"{"a": [1], "a": [2]}"#,
            r#"{"a": [{"b": 1, "b": 2}]}"#,
            r#"{"\u0061": 1, "a": []}"#,
            r#"{"a": [1,]}"#,
            r#"{"a": [1]} x"#,
            r#"{"a": [1"#,
            r#"{"a": ["\ud800"]}"#,
            r#"{"a": [1e400]}"#,
            "",
        ] {
            assert_eq!(shown(odd, &["a"]), None, "{odd}");
        }
        let many = |count: usize| {
            let keys: Vec<String> = (0..count).map(|at| format!("\"k{at}\": 1")).collect();
            format!("{{{}, \"a\": [1]}}", keys.join(", "))
        };
        assert_eq!(shown(&many(20), &["a"]), Some(vec!["1"]));
        assert_eq!(shown(&many(200), &["a"]), None);
        let nested = |levels: usize| format!("{{\"a\": [{}{}]}}", "[".repeat(levels), "]".repeat(levels));
        assert!(shown(&nested(125), &["a"]).is_some() && shown(&nested(126), &["a"]).is_none());
    }
}
