//! Where Smithy models lie in a folder or archive: one file for each service, named `<service>.json` or
//! `<service>-<version>.json` (or with a dot before the version), in one folder, or as
//! `<service>/service/<version>/<file>.json`; `.json.gz`, too. The folders of one service may be named alone.

use crate::text::is_day;
use std::collections::BTreeMap;
use std::path::Path;

/// How much of a file tells whether it is meant as a Smithy model: `smithy` is among its first keys.
pub(in crate::ingest) const HEAD: u64 = 1024;

/// Whether a file that begins so is meant as a Smithy model.
pub(in crate::ingest) fn is_head(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"{") && text.windows(8).any(|window| window == b"\"smithy\"")
}

/// The model files among `paths` (with `/`, relative), by service, the newest version of each.
pub(in crate::ingest) fn models<'p>(paths: impl Iterator<Item = &'p str>) -> BTreeMap<String, &'p str> {
    let mut found: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for path in paths {
        let Some((service, version)) = named(path) else { continue };
        let is_newer = found.get(service).is_none_or(|(known, _)| *known < version);
        if is_newer {
            found.insert(service.to_owned(), (version, path));
        }
    }
    found.into_iter().map(|(service, (_, path))| (service, path)).collect()
}

/// The service that a file is named after; `None` for botocore's, whose name says nothing.
pub(in crate::ingest) fn service_of(file: &Path) -> Option<String> {
    let (service, _) = named(file.file_name()?.to_str()?)?;
    (service != "service-2").then(|| service.to_owned())
}

/// Service and version that a path names.
fn named(path: &str) -> Option<(&str, &str)> {
    let stem = path.strip_suffix(".gz").unwrap_or(path).strip_suffix(".json")?;
    match stem.split('/').collect::<Vec<_>>()[..] {
        [.., service, "service", version, _] => Some((service, version)),
        // The same, seen from the service's own folder, or the one below.
        ["service", version, file] if is_date(version) => Some((without_version(file).0, version)),
        [version, file] if is_date(version) && file.ends_with(version) => Some((without_version(file).0, version)),
        [file] => Some(without_version(file)),
        _ => None,
    }
}

fn without_version(file: &str) -> (&str, &str) {
    let Some(cut) = file.len().checked_sub(11).filter(|cut| file.is_char_boundary(*cut)) else { return (file, "") };
    let (service, rest) = file.split_at(cut);
    match rest.strip_prefix(['-', '.']) {
        Some(version) if is_day(version) && !service.is_empty() => (service, version),
        _ => (file, ""),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_by_their_files_or_folders() {
        for (path, named_as) in [
            ("thing.json", Some(("thing", ""))),
            ("thing.json.gz", Some(("thing", ""))),
            ("big-thing-2020-01-01.json", Some(("big-thing", "2020-01-01"))),
            ("thing.2020-01-01.json", Some(("thing", "2020-01-01"))),
            ("models/thing/service/2020-01-01/thing-2020-01-01.json", Some(("thing", "2020-01-01"))),
            ("service/2020-01-01/thing-2020-01-01.json", Some(("thing", "2020-01-01"))),
            ("2020-01-01/thing-2020-01-01.json", Some(("thing", "2020-01-01"))),
            ("2020-01-01/other.json", None),
            ("2020-01-01.json", Some(("2020-01-01", ""))),
            ("other/thing.json", None),
            ("thing.smithy", None),
        ] {
            assert_eq!(named(path), named_as, "{path}");
        }
    }

    #[test]
    fn the_newest_version_is_taken() {
        let paths = ["a-2020-01-01.json", "a-2021-01-01.json", "a-2019-01-01.json", "b.json"];
        let found = models(paths.into_iter());
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [("a".to_owned(), "a-2021-01-01.json"), ("b".to_owned(), "b.json")]
        );
    }

    #[test]
    fn a_model_is_known_by_how_it_begins() {
        assert!(is_head(b"\n{\n  \"smithy\": \"2.0\","));
        assert!(is_head(b"{\"metadata\": {}, \"smithy\": \"1.0\""));
        assert!(!is_head(b"{\"name\": \"thing\"}"));
        assert!(!is_head(b"[\"smithy\"]"));
    }
}
