//! The entries of a JSON document, found by one light pass over it, so that they are read one by one and no tree of the whole
//! stands in memory.
//!
//! The pass takes sound documents alone, in which no object has a key twice. Of any other the tree is made, which tells
//! what is wrong with it.

use std::ops::Range;

use super::cursor::{Cursor, LEVELS};

/// Where the elements stand of the list that these keys lead to. `None` says nothing: the tree is asked.
pub(super) fn entries(text: &str, path: &[&str]) -> Option<Vec<Range<usize>>> {
    let mut pass = Pass { cursor: Cursor::new(text), keys: Vec::new(), found: None };
    pass.value(Some(path), LEVELS)?;
    pass.found.filter(|_| pass.cursor.is_done())
}

struct Pass<'t> {
    cursor: Cursor<'t>,
    /// Keys of the objects that are open, the innermost last.
    keys: Vec<&'t str>,
    found: Option<Vec<Range<usize>>>,
}

/// Keys of an object that are compared one by one.
const FEW: usize = 24;

impl<'t> Pass<'t> {
    /// Passes over a value; `path` leads from it to the list, where that is within it.
    fn value(&mut self, path: Option<&[&str]>, levels: usize) -> Option<()> {
        match self.cursor.next()? {
            b'{' => self.object(path, levels.checked_sub(1)?),
            b'[' => self.list(path.is_some_and(<[_]>::is_empty), levels.checked_sub(1)?),
            _ => self.cursor.pass_over(0),
        }
    }

    fn object(&mut self, path: Option<&[&str]>, levels: usize) -> Option<()> {
        self.cursor.takes(b'{').then_some(())?;
        if self.cursor.takes(b'}') {
            return Some(());
        }
        let first = self.keys.len();
        loop {
            let key = self.cursor.string()?.plain()?;
            let known = self.keys.get(first..)?;
            if known.len() > FEW || known.contains(&key) {
                return None;
            }
            self.keys.push(key);
            self.cursor.takes(b':').then_some(())?;
            let below = path.and_then(<[_]>::split_first).filter(|(name, _)| **name == key);
            self.value(below.map(|(_, rest)| rest), levels)?;
            if !self.cursor.goes_on(b'}')? {
                break;
            }
        }
        self.keys.truncate(first);
        Some(())
    }

    fn list(&mut self, is_found: bool, levels: usize) -> Option<()> {
        self.cursor.takes(b'[').then_some(())?;
        let mut elements = Vec::new();
        if !self.cursor.takes(b']') {
            loop {
                self.cursor.next()?;
                let start = self.cursor.at();
                self.value(None, levels)?;
                if is_found {
                    elements.push(start..self.cursor.at());
                }
                if !self.cursor.goes_on(b']')? {
                    break;
                }
            }
        }
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
