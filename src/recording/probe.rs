//! What there is to recognise a format by: cheap looks at the beginning of a file, none of which parses it.

use std::path::Path;

use granit_parser::{Event, Parser};
use memchr::memmem;

use super::{json, yaml_node};

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
            self.yaml_has(&[Some(entries), None, Some("request")], key)
        } else {
            self.has(&[entries]) && self.has_within("request", &[key])
        }
    }

    /// Whether the file is YAML, and the first map that these keys lead to (`None` is a list's element) has a member `key`.
    pub(super) fn yaml_has(&self, path: &[Option<&str>], key: &str) -> bool {
        let texts: Vec<&str> = path.iter().copied().flatten().chain([key]).collect();
        self.keys.is_empty() && self.mentions(&texts) && yaml_has(self.start, path, key)
    }

    /// Keys of the first JSON object that is a member of that name.
    pub(super) fn keys_within(&self, name: &str) -> Vec<String> {
        let quoted = format!("\"{name}\"");
        let object = self.members(&quoted).find(|value| value.starts_with(b"{"));
        object.map(|object| json::peek_keys(object).0).unwrap_or_default()
    }

    /// Whether the first JSON object that is a member of that name has all of these keys.
    pub(super) fn has_within(&self, name: &str, keys: &[&str]) -> bool {
        let own = self.keys_within(name);
        keys.iter().all(|key| own.iter().any(|own| own == key))
    }

    /// Whether the first member of that name is a JSON object.
    pub(super) fn opens(&self, name: &str) -> bool {
        self.members(&format!("\"{name}\"")).next().is_some_and(|value| value.starts_with(b"{"))
    }

    /// The text from the value on of each member of that name, which has its quotes. Within a JSON text that is a string these
    /// are escaped, so a body cannot pass for one.
    fn members<'p>(&'p self, quoted: &'p str) -> impl Iterator<Item = &'p [u8]> {
        memmem::find_iter(self.start, quoted).filter_map(|at| {
            let value = self.start[at + quoted.len()..].trim_ascii_start().strip_prefix(b":")?;
            Some(value.trim_ascii_start())
        })
    }
}

/// Whether a YAML text has, in the first map that these keys lead to, a member `key`. The document says so, whatever its
/// columns and style; it is read as far as the answer.
fn yaml_has(start: &[u8], path: &[Option<&str>], key: &str) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut way = Way::default();
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return false };
        match event {
            Event::Scalar(text, ..) if way.takes_key() && way.is(path) => {
                if text == key {
                    return true;
                }
                way.value(Some(&text));
            }
            Event::Scalar(text, ..) => way.value(Some(&text)),
            Event::Alias(_) => way.value(None),
            Event::MappingStart(..) => way.open(true),
            Event::SequenceStart(..) => way.open(false),
            Event::MappingEnd | Event::SequenceEnd => {
                if way.is(path) {
                    return false;
                }
                way.close();
            }
            _ => {}
        }
    }
    false
}

/// What is wrong with a YAML text that has, as far as it goes, one of these keys at its root, and the byte it is about;
/// `None` where it has none of them, or is sound. One that ends within its first exchange may be sound YAML.
pub(super) fn broken_yaml(text: &str, roots: &[&str]) -> Option<(String, usize)> {
    let (mut way, mut is_meant, mut first) = (Way::default(), false, First::default());
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::Scalar(text, ..), _)) => {
                is_meant |= way.takes_key() && way.is(&[]) && roots.contains(&&*text);
                first.scalar(&way, roots, &text);
                way.value(Some(&text));
            }
            Ok((Event::Alias(_), _)) => way.value(None),
            Ok((Event::MappingStart(..), _)) => {
                first.entries += usize::from(roots.iter().any(|root| way.is(&[Some(root)])) && !way.takes_key());
                way.open(true);
            }
            Ok((Event::SequenceStart(..), _)) => way.open(false),
            Ok((Event::MappingEnd | Event::SequenceEnd, _)) => way.close(),
            Ok(_) => {}
            Err(error) => return is_meant.then(|| yaml_node::complaint(text, &error)),
        }
    }
    first.is_cut().then(|| ("it ends within its first exchange".to_owned(), text.len()))
}

/// What is seen of the first exchange of a cassette.
#[derive(Default)]
struct First {
    entries: usize,
    has_request: bool,
    has_response: bool,
}

impl First {
    fn scalar(&mut self, way: &Way, roots: &[&str], text: &str) {
        let of = |path: fn(&str) -> Vec<Option<&str>>| roots.iter().any(|root| way.is(&path(root)));
        if way.takes_key() && of(|root| vec![Some(root), None]) {
            self.has_request |= text == "request";
            self.has_response |= text == "response";
        } else if !way.takes_key() && of(|root| vec![Some(root)]) {
            // What is left of the key of an exchange is no key yet; of nothing, it is null.
            self.entries += 1;
            self.has_request |= text == "~" || "request".starts_with(text);
        }
    }

    /// Whether the text ends within it: nothing but the one request is there.
    fn is_cut(&self) -> bool {
        self.entries == 1 && self.has_request && !self.has_response
    }
}

/// The way from the root of a YAML document to where its parser stands.
#[derive(Default)]
struct Way(Vec<Step>);

/// A map or list that is open.
struct Step {
    is_map: bool,
    /// The key whose value comes next; of a list, none.
    key: Option<String>,
}

impl Way {
    /// Whether the innermost open map or list is reached by these keys; `None` is a list's element.
    fn is(&self, keys: &[Option<&str>]) -> bool {
        self.0.len() == keys.len() + 1 && self.0.iter().zip(keys).all(|(step, key)| step.key.as_deref() == *key)
    }

    /// Whether a key comes next.
    fn takes_key(&self) -> bool {
        self.0.last().is_some_and(|step| step.is_map && step.key.is_none())
    }

    /// Takes a key, or a whole value.
    fn value(&mut self, text: Option<&str>) {
        let takes_key = self.takes_key();
        if let Some(step) = self.0.last_mut() {
            step.key = takes_key.then(|| text.unwrap_or_default().to_owned());
        }
    }

    fn open(&mut self, is_map: bool) {
        self.0.push(Step { is_map, key: None });
    }

    fn close(&mut self) {
        self.0.pop();
        self.value(None);
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
    fn yaml_is_broken_where_a_cassette_was_meant() {
        let broken = |text: &str| broken_yaml(text, &["interactions"]).map(|(_, at)| at);
        assert_eq!(broken("interactions:\n- request:\n\tmethod: GET\n"), Some(26));
        assert_eq!(broken("interactions: [{request: {"), Some(25));
        assert_eq!(broken("other:\n- request:\n\tmethod: GET\n"), None);
        assert_eq!(broken("a: {interactions: ["), None, "not at the root");
        assert_eq!(broken("interactions: 1\n"), None, "sound");
        for cut in
            ["", "\n- ", "\n- requ", "\n- request:\n    body: x", "\n- request:\n    headers:\n      A:\n      - b"]
        {
            let text = format!("interactions:{cut}");
            assert_eq!(broken(&text), (!cut.is_empty()).then_some(text.len()), "{text}");
        }
        for other in [
            "interactions:\n- a\n",
            "interactions:\n- requ\n- b\n",
            "interactions:\n- name: x\n",
            "x:\n- request: 1\n",
            "interactions:\n- request:\n    uri: x\n  response:\n    body: y\n",
        ] {
            assert_eq!(broken(other), None, "{other}");
        }
    }

    #[test]
    fn the_keys_of_a_request_tell_formats_apart() {
        let yaml = "---\ninteractions:\n- request:\n    body: |\n      url: x\n    method: GET\n    uri: http://h\n";
        assert!(lists(yaml, "uri") && !lists(yaml, "url"));
        assert!(!lists("a:\n  interactions:\n  - method: GET\n    uri: x\n", "uri"), "not at the top");
        let json = r#"{"version": 1, "interactions": [{"request": {"body": "{\"uri\": 1}", "url": "x", "#;
        assert!(lists(json, "url") && !lists(json, "uri"));
        for yaml in [
            "---\n  interactions:\n    - request:\n        method: get\n        uri: http://h\n",
            "interactions: [{request: {method: get, uri: 'http://h'}}]\n",
            "{interactions: [{response: {uri: x}, request: {method: get, uri: x}}]}",
            "\"interactions\":\n- \"request\":\n    \"uri\": x\n",
            "version: &v 1\nformat: *v\ninteractions:\n- request: {method: *v, uri: x}\n",
        ] {
            assert!(lists(yaml, "uri") && !lists(yaml, "url"), "{yaml}");
        }
        for other in ["- interactions:\n  - request: {uri: x}\n", "interactions:\n- uri: x\n  request: {}\n"] {
            assert!(!lists(other, "uri"), "{other}");
        }
        assert!(!lists("interactions: 1\n", "uri") && !lists("{}", "uri") && !lists("", "uri"));
    }
}
