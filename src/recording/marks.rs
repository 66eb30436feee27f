//! [`Marks`]: the keys that a format's objects have, and what a file that is of no format lacks to be nearly of one.

use memchr::memmem;

use super::{FORMATS, Format, Probe};
use crate::text::{AMONG_MANY, nearest};

/// The keys of the object that a recording of a format is, or that each of its lines is.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// It has all of these.
    pub(super) all: &'static [&'static str],
    /// It has one of these, where there are any.
    pub(super) any: &'static [&'static str],
    /// Keys that are further within.
    pub(super) within: &'static [&'static str],
}

impl Marks {
    /// A format that keys do not mark.
    pub(super) const NONE: Self = Self::of(&[]);

    pub(super) const fn of(all: &'static [&'static str]) -> Self {
        Self { all, any: &[], within: &[] }
    }
}

/// Whether keys of a format stand in a text, of which no more may be left than that: two of them, where it has several.
pub fn has_marks(text: &[u8]) -> bool {
    let stands = |key: &&&str| memmem::find(text, format!("\"{key}\"").as_bytes()).is_some();
    FORMATS.iter().map(|format| format.marks()).any(|Marks { all, any, .. }| {
        let enough = all.len().min(2);
        enough > 0 && all.iter().chain(any).filter(stands).take(enough).count() == enough
    })
}

/// Whether a format has all of these keys, which an object begins with.
pub fn may_begin(keys: &[String]) -> bool {
    FORMATS
        .iter()
        .map(|format| format.marks())
        .any(|Marks { all, any, .. }| keys.iter().all(|key| all.contains(&key.as_str()) || any.contains(&key.as_str())))
}

/// What keeps a file from being of a format that it is nearly of; `None` where it is nearly of none.
pub fn nearly(probe: &Probe<'_>) -> Option<String> {
    let of_yaml = yaml_keys(probe);
    let keys: Vec<&str> = probe.keys.iter().chain(&of_yaml).map(String::as_str).collect();
    let lacking = FORMATS.iter().filter_map(|format| Some((lack(*format, &keys, probe)?, format.id())));
    let (lack, format) = lacking.min_by_key(|(lack, _)| lack.weight)?;
    Some(format!("nearly {format}, but {}", lack.told))
}

struct Lack {
    /// How far the file is from the format: the least comes first.
    weight: usize,
    told: String,
}

fn lack(format: &dyn Format, keys: &[&str], probe: &Probe<'_>) -> Option<Lack> {
    let Marks { all, any, within } = format.marks();
    let missing: Vec<&'static str> = all.iter().copied().filter(|key| !keys.contains(key)).collect();
    let lacks_any = !any.is_empty() && !any.iter().any(|key| keys.contains(key));
    // A key of the file that is none of the format's may be one of these, misspelt.
    let others = || keys.iter().copied().filter(|key| !all.contains(key) && !any.contains(key));
    let misspelt = |key: &'static str| Some((key, nearest(key, others(), AMONG_MANY)?));
    let sought = missing.iter().chain(any.iter().filter(|_| lacks_any));
    let renamed: Vec<(&str, &str)> = sought.filter_map(|key| misspelt(key)).collect();
    let is_renamed = |key: &&str| renamed.iter().any(|(own, _)| own == key);
    let mut absent: Vec<String> =
        missing.iter().filter(|key| !is_renamed(key)).map(|key| format!("no `{key}`")).collect();
    if lacks_any && !any.iter().any(is_renamed) {
        absent.push(format!("none of `{}`", any.join("`, `")));
    }
    let present = all.len() - missing.len();
    let hidden = within.iter().filter(|key| memmem::find(probe.start, format!("\"{key}\"").as_bytes()).is_none());
    let hidden: Vec<String> = hidden.map(|key| format!("no `{key}`")).collect();
    let weight = renamed.len() + 2 * absent.len() + hidden.len();
    let told = if !renamed.is_empty() && absent.len() <= 1 && present + renamed.len() >= all.len().min(2) {
        renamed.iter().map(|(own, other)| format!("`{other}` for `{own}`")).collect()
    } else if present >= 2 && absent.len() == 1 {
        absent
    } else if !all.is_empty() && missing.is_empty() && !hidden.is_empty() {
        hidden
    } else {
        return None;
    };
    Some(Lack { weight, told: format!("it has {}", told.join(" and ")) })
}

/// Keys of the map that a YAML file is, as far as they begin its lines.
fn yaml_keys(probe: &Probe<'_>) -> Vec<String> {
    let is_yaml = probe.path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    if !is_yaml || !probe.keys.is_empty() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(probe.start);
    let key = |line: &str| {
        let (key, _) = line.split_once(':')?;
        let is_word = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_word.then(|| key.to_owned())
    };
    text.lines().filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_file_that_is_nearly_a_recording_says_what_it_lacks() {
        for (path, text, expected) in [
            (
                "a.ndjson",
                r#"{"service":1,"operation":1,"reqest":1}"#,
                Some("nearly exchange-records, but it has `reqest` for `request`"),
            ),
            (
                "a.ndjson",
                r#"{"servce":1,"operaton":1,"request":1}"#,
                Some("nearly exchange-records, but it has `servce` for `service` and `operaton` for `operation`"),
            ),
            (
                "a.ndjson",
                r#"{"service":1,"operation":1}"#,
                Some("nearly exchange-records, but it has none of `request`, `response`, `error`"),
            ),
            ("a.json", r#"{"status_code":1,"dat":1}"#, Some("nearly placebo, but it has `dat` for `data`")),
            ("a.har", r#"{"log":{"version":"1.2"}}"#, Some("nearly har, but it has no `entries`")),
            (
                "a.json",
                r#"{"interaction":[],"version":1}"#,
                Some("nearly vcrpy, but it has `interaction` for `interactions`"),
            ),
            (
                "a.yaml",
                "interaction:\n- request:\n    uri: x\n",
                Some("nearly vcrpy, but it has `interaction` for `interactions`"),
            ),
            ("a.json", r#"{"name":"a","version":"1","scripts":{}}"#, None),
            ("a.json", r#"{"data":1}"#, None),
            ("a.json", "[1]", None),
        ] {
            let keys = super::super::json::peek_keys(text.as_bytes()).0;
            let probe =
                Probe { path: Path::new(path), start: text.as_bytes(), keys: &keys, first_line_is_object: true };
            assert_eq!(nearly(&probe).as_deref(), expected, "{text}");
        }
    }
}
