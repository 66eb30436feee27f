//! What there is to recognise a format by: cheap looks at the beginning of a file, none of which parses it.

use std::path::Path;

use memchr::memmem;

use super::json;

/// What there is to recognise a format by.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    /// Path as found; `-` for standard input.
    pub path: &'a Path,
    /// The beginning of the file, without a byte order mark; all of it where it is small.
    pub start: &'a [u8],
    /// Keys of the object that the first line, or the whole file, is. Empty where it is none.
    pub keys: &'a [String],
    /// The first line alone is a JSON object.
    pub first_line_is_object: bool,
}

impl Probe<'_> {
    /// Whether the JSON object has these keys, as far as its beginning tells.
    pub(super) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.keys.iter().any(|own| own == key))
    }

    /// Whether all of these texts stand in the beginning of the file.
    pub(super) fn mentions(&self, texts: &[&str]) -> bool {
        texts.iter().all(|text| memmem::find(self.start, text.as_bytes()).is_some())
    }

    /// Whether the file is a list below `entries`, in JSON or YAML, whose requests have a member `key`.
    pub(super) fn lists(&self, entries: &str, key: &str) -> bool {
        if self.keys.is_empty() {
            let method = self.columns("method").next();
            self.columns(entries).any(|column| column == 0) && self.columns(key).any(|column| Some(column) == method)
        } else {
            self.has(&[entries]) && self.request_keys().iter().any(|own| own == key)
        }
    }

    /// Keys of the first object of the name `request`. Within a JSON text that is a string the quotes are escaped, so
    /// a body cannot pass for one.
    fn request_keys(&self) -> Vec<String> {
        let rest = memmem::find(self.start, b"\"request\"").map(|at| &self.start[at + 9..]).unwrap_or_default();
        json::peek_keys(rest.trim_ascii_start().strip_prefix(b":").unwrap_or_default()).0
    }

    /// Columns at which lines of a YAML text have that key.
    fn columns(&self, key: &str) -> impl Iterator<Item = usize> {
        let hits = memmem::find_iter(self.start, key).filter(|at| self.start[at + key.len()..].starts_with(b":"));
        let hits: Vec<usize> = hits.collect();
        hits.into_iter().filter_map(|at| {
            let before = self.start[..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'-')).count();
            let is_line = at == before || self.start[at - before - 1] == b'\n';
            is_line.then_some(before)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(start: &str, key: &str) -> bool {
        let (keys, _) = json::peek_keys(start.as_bytes());
        let probe = Probe { path: Path::new("x"), start: start.as_bytes(), keys: &keys, first_line_is_object: false };
        probe.lists("interactions", key)
    }

    #[test]
    fn the_keys_of_a_request_tell_formats_apart() {
        let yaml = "---\ninteractions:\n- request:\n    body: |\n      url: x\n    method: GET\n    uri: http://h\n";
        assert!(lists(yaml, "uri") && !lists(yaml, "url"));
        assert!(!lists("a:\n  interactions:\n  - method: GET\n    uri: x\n", "uri"), "not at the top");
        let json = r#"{"version": 1, "interactions": [{"request": {"body": "{\"uri\": 1}", "url": "x", "#;
        assert!(lists(json, "url") && !lists(json, "uri"));
        assert!(!lists("interactions: 1\n", "uri") && !lists("{}", "uri") && !lists("", "uri"));
    }
}
