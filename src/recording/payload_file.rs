//! Payload files: one JSON payload a file, named by its path.
//!
//! `<service>/<Operation>/<request|response>/**/*.json`, or `<Operation>.<request|response>[.anything].json` in any
//! folder, whose own name may be the service's.

use std::borrow::Cow;
use std::path::Path;

use serde_json::value::RawValue;

use super::bounds::is_surely_within;
use super::lines::one;
use super::service_name::folders;
use super::{Entry, Exchange, Format, Head, Payload, Probe, ServiceName, Source, SureOf, cursor, json, packed};
use crate::limits::Limits;
use crate::model::{Direction, Encoding};

pub(super) struct PayloadFile;

impl Format for PayloadFile {
    fn id(&self) -> &'static str {
        "payload-file"
    }

    fn about(&self) -> &'static str {
        "<service>/<Operation>/<request|response>/**/*.json or <Operation>.<request|response>[.anything].json"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        named(probe.path).is_some()
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        sink(one(source.text(), 0, 0, &|text| read(source.path, text).map(Entry::Exchange)));
    }

    fn read_surely<'a>(&self, source: &Source<'a>, sure: &SureOf<'_>, sink: &mut dyn FnMut(Entry<'a>)) {
        let entry = |text: &'a str| match in_place(source.path, text, &source.limits, sure) {
            Some(head) => Ok(Entry::Sure(head)),
            None => read(source.path, text).map(Entry::Exchange),
        };
        sink(one(source.text(), 0, 0, &entry));
    }
}

/// What a path says of a text that `sure` is sure of. `None` says nothing: it is read again.
fn in_place<'a>(path: &'a Path, text: &'a str, limits: &Limits, sure: &SureOf<'_>) -> Option<Head<'a>> {
    let (ServiceName::Name(Cow::Borrowed(service)), operation, direction) = named(path)? else { return None };
    let head = Head { service, operation, direction, encoding: Encoding::Wire };
    let payload = text.trim_matches([' ', '\n', '\t', '\r']);
    (sure(&head, payload)? == payload.len() && is_surely_within(limits, payload.len())).then_some(head)
}

fn read<'a>(path: &'a Path, text: &'a str) -> Result<Exchange<'a>, (String, usize)> {
    let Some((service, operation, direction)) = named(path) else {
        return Err(("its path does not say service, operation and direction".into(), 0));
    };
    if text.trim_ascii().is_empty() {
        return Err(("the file is empty".into(), 0));
    }
    // The text is looked through once here, so that a later reader may rely on it.
    let parsed = || serde_json::from_str::<&RawValue>(text).map(RawValue::get);
    let value = cursor::whole(text).map_or_else(parsed, Ok).map_err(|error| json::complaint(text, &error))?;
    let payload = Payload::text(value, Encoding::Wire);
    Ok(Exchange::of_payload(service, operation.into(), direction, payload))
}

/// Service, operation and direction as the path tells them.
fn named(path: &Path) -> Option<(ServiceName<'_>, &str, Direction)> {
    let path = packed::plain_name(path);
    if path.extension()? != "json" {
        return None;
    }
    let mut name = path.file_name()?.to_str()?.split('.');
    if let (Some(operation), Some(Some(direction))) = (name.next(), name.next().map(super::direction))
        && is_operation(operation)
    {
        return Some((ServiceName::Unstated { folders: folders(path).collect() }, operation, direction));
    }
    let mut folders = folders(path);
    let direction = folders.find_map(super::direction)?;
    let (operation, service) = (folders.next()?, folders.next()?);
    is_operation(operation).then(|| (ServiceName::Name(service.into()), operation, direction))
}

/// Operations are spelt `LikeThis` everywhere.
fn is_operation(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_tells_service_operation_and_direction() {
        let told = |path| named(Path::new(path));
        let name = |service: &'static str| ServiceName::Name(service.into());
        assert_eq!(
            told("a/cleanrooms/GetMembership/response/001/x.json"),
            Some((name("cleanrooms"), "GetMembership", Direction::Response))
        );
        assert_eq!(
            told("s3/request/GetObject/request/x.json"),
            Some((ServiceName::Name("request".into()), "GetObject", Direction::Request)),
            "the innermost folder of such a name counts"
        );
        assert_eq!(
            told("a/cleanrooms/GetMembership.request.first.json"),
            Some((ServiceName::Unstated { folders: vec!["cleanrooms", "a"] }, "GetMembership", Direction::Request))
        );
        for path in ["response/x.json", "s3/GetObject/response/x.txt", "s3/getObject/response/x.json", "x.json"] {
            assert_eq!(told(path), None, "{path}");
        }
    }

    #[test]
    fn a_file_that_is_surely_sound_is_read_once() {
        let path = Path::new("a/s3/Op/request/x.json");
        let sure = |head: &Head<'_>, text: &str| (head.service == "s3" && text.starts_with("{}")).then_some(2);
        let in_place = |path, text, limits: &Limits| {
            in_place(path, text, limits, &sure).map(|head| (head.operation.to_owned(), head.direction))
        };
        let limits = Limits::default();
        let read = |text| in_place(path, text, &limits);
        assert_eq!(read(" {}\r\n\t"), Some(("Op".to_owned(), Direction::Request)));
        for text in ["{} {}", "{}x", "[]", "", "{}\u{c}", "\u{c}{}", "{}\u{a0}"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        for other in ["s3/Op.request.json", "x.json", "s4/Op/request/x.json"] {
            assert_eq!(in_place(Path::new(other), "{}", &limits), None, "{other}");
        }
        assert_eq!(in_place(path, "{}", &Limits { values: 1, ..limits }), None);
    }

    #[test]
    fn says_what_is_wrong_with_a_file() {
        let path = Path::new("s/Op/request/x.json");
        for (text, told) in [("", "empty"), (" \n", "empty"), ("{\"a\":", "too early"), ("{}x", "not JSON")] {
            let (reason, _) = read(path, text).expect_err("broken");
            assert!(reason.contains(told), "{reason}");
        }
    }
}
