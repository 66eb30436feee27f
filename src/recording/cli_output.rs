//! Output of the AWS CLI: one bare object, in parsed values, as JSON or (`--output yaml`, `yaml-stream`) YAML.
//!
//! The file's name tells the rest, with what the CLI was called by: `<service>.<operation>[.anything].json`
//! (`cleanrooms.get-membership.2.json`), or `<operation>[-number][.anything].json` where a folder or the user names the service.
//! The operation may also be spelt as the API does, and the service may stand before it with a hyphen
//! (`ec2-describe-instances.json`, or without an ending) or `_` in place of the dots (`batch_list-jobs_FAILED.json`), where a
//! model has both. What is no object (a list, a text) is no
//! response and is passed over: `--query` may have filtered it, or it is no output at all.

use std::borrow::Cow;
use std::path::Path;

use serde_json::value::RawValue;

use super::document::stands_twice;
use super::lines::{NOT_UTF8, one};
use super::service_name::folders;
use super::{
    Clue, Entry, Exchange, Extent, Fidelity, Format, Malformed, Payload, Probe, ServiceName, Source, Syntax, Unnamed,
    json, packed, yaml_node,
};
use crate::limits::Limits;
use crate::model::Encoding;

/// Words that operations begin with. A file that is named in another way needs a service that has such an operation, or
/// `--operation`, for so many files are named `like-this.json`.
const VERBS: &[&str] = &[
    "accept",
    "add",
    "admin",
    "apply",
    "assign",
    "associate",
    "assume",
    "attach",
    "authorize",
    "batch",
    "cancel",
    "change",
    "complete",
    "confirm",
    "converse",
    "copy",
    "create",
    "decrypt",
    "delete",
    "deregister",
    "describe",
    "detach",
    "detect",
    "disable",
    "disassociate",
    "enable",
    "encrypt",
    "execute",
    "export",
    "filter",
    "generate",
    "get",
    "head",
    "import",
    "initiate",
    "invoke",
    "list",
    "lookup",
    "modify",
    "poll",
    "populate",
    "preview",
    "publish",
    "purchase",
    "put",
    "query",
    "reboot",
    "receive",
    "register",
    "reject",
    "release",
    "remove",
    "replace",
    "request",
    "reset",
    "resolve",
    "restore",
    "resume",
    "retrieve",
    "revoke",
    "rotate",
    "run",
    "scan",
    "search",
    "select",
    "send",
    "set",
    "sign",
    "simulate",
    "start",
    "stop",
    "submit",
    "subscribe",
    "suspend",
    "tag",
    "terminate",
    "test",
    "transact",
    "translate",
    "unsubscribe",
    "untag",
    "update",
    "upload",
    "validate",
    "verify",
];

/// Commands that are not called like the service's model. Source: the CLI's own renaming of services.
const RENAMED: &[(&str, &str)] = &[("configservice", "config"), ("deploy", "codedeploy"), ("s3api", "s3")];

/// What is no object. Whether `--query` made it of an output, nothing in it says.
const NO_OBJECT: &str = "files named like an output of the AWS CLI that hold no object";

/// The format of single JSON objects that nothing names.
pub const BARE: &str = "cli-output";

/// Operations of one word that files are named by. Of others a service must be known that has them, for so many files are
/// called `tsconfig.test.json`.
const WORDS: &[&str] = &["converse", "decrypt", "encrypt", "invoke", "publish", "query", "scan", "subscribe"];

pub(super) struct CliOutput;

impl Format for CliOutput {
    fn id(&self) -> &'static str {
        BARE
    }

    fn about(&self) -> &'static str {
        "output of the AWS CLI, [service.]get-thing[.anything].json (or .yaml), or any JSON object with --operation"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        named(probe.path).is_some() && !is_policy(probe)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        if is_yaml(source.path) {
            return read_yaml(source, sink);
        }
        sink(one(source.text(), 0, 0, &|text| read(source.path, text)));
    }
}

/// Whether the file is a policy: they are called `assume-role-policy.json` and the like, and no operation answers so.
fn is_policy(probe: &Probe<'_>) -> bool {
    probe.has(&["Statement"]) && probe.keys.iter().all(|key| matches!(key.as_str(), "Version" | "Id" | "Statement"))
}

fn read<'a>(path: &'a Path, text: &'a str) -> Result<Entry<'a>, (String, usize)> {
    let text = if text.trim_ascii().is_empty() {
        // Of an output without members the CLI prints nothing at all.
        "{}"
    } else {
        serde_json::from_str::<&RawValue>(text).map_err(|error| json::complaint(text, &error))?.get()
    };
    if !text.starts_with('{') {
        return Ok(Entry::PassedOver(NO_OBJECT));
    }
    Ok(Entry::Unnamed(response(path, Payload::text(text, Encoding::Parsed))))
}

/// Reads `--output yaml`, which is one object, and `yaml-stream`, a list with one for each page.
fn read_yaml<'a>(source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    let text = match source.text() {
        Ok(text) => text,
        Err(at) => return sink(Entry::Malformed(Malformed::new(NOT_UTF8, at, None))),
    };
    let document = yaml_node::parse(text, &source.limits);
    if let Some((limit, at)) = document.beyond {
        return sink(Entry::Malformed(Malformed::beyond(limit, &source.limits, at, None)));
    }
    if let Some((reason, at)) = document.wrong {
        return sink(Entry::Malformed(Malformed::new(reason, at, None)));
    }
    for (key, at) in document.repeated(false) {
        sink(Entry::Malformed(Malformed::new(stands_twice(&key), at, None)));
    }
    let [root] = &document.roots[..] else { return sink(Entry::PassedOver(NO_OBJECT)) };
    let pages = root.items();
    let numbered = pages.iter().enumerate().map(|(number, page)| (Some(number), page));
    for (page, node) in numbered.chain(pages.is_empty().then_some((None, root))) {
        if !node.is_map() {
            sink(Entry::PassedOver(NO_OBJECT));
            continue;
        }
        let payload = Payload {
            value: Some(node.to_value()),
            origins: Some(Box::default()),
            syntax: Syntax::Yaml { page },
            ..Payload::text(text, Encoding::Parsed)
        };
        let Unnamed { exchange, clue } = response(source.path, payload);
        let exchange = Exchange { entry: page.unwrap_or_default(), offset: node.range.start, ..exchange };
        sink(Entry::Unnamed(Unnamed { exchange, clue }));
    }
}

/// Keys of the object that a file holds which would be output of the AWS CLI, or of its first page; `None` where it holds
/// none.
pub fn printed_keys(path: &Path, bytes: &[u8]) -> Option<Vec<String>> {
    let bytes = bytes.trim_ascii_start();
    if !is_yaml(path) {
        return bytes.starts_with(b"{").then(|| json::peek_keys(bytes).0);
    }
    let root = yaml_node::parse(std::str::from_utf8(bytes).ok()?, &Limits::default()).roots.into_iter().next()?;
    let object = root.items().first().unwrap_or(&root);
    object.is_map().then(|| object.members().iter().map(|(key, _)| key.to_string()).collect())
}

/// What a file's name says of a response in it.
fn response<'a>(path: &'a Path, payload: Payload<'a>) -> Unnamed<'a> {
    let unstated = |folders| ServiceName::Unstated { folders };
    // A name that may be anything's is the operation's where a model says so.
    let told = named(path).map(|named| (named, Clue::Spelling));
    let (service, operation, clue) = match told.or_else(|| may_name(path).map(|named| (named, Clue::User))) {
        Some((Named { service: Some(service), operation }, clue)) => {
            (ServiceName::Name(service.into()), operation, clue)
        }
        Some((Named { service: None, operation }, clue)) => (unstated(services(path)), operation, clue),
        None => (unstated(services(path)), "", Clue::User),
    };
    let exchange = Exchange {
        response: Some(payload),
        fidelity: Fidelity::Printed,
        ..Exchange::named(service, Cow::Borrowed(operation), Extent::Payload)
    };
    Unnamed { exchange, clue }
}

fn is_yaml(path: &Path) -> bool {
    packed::plain_name(path).extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// What an exchange would be called whose operation the name of a file may be; `None` of a name that is like none.
pub(super) fn may_be(path: &Path) -> Option<Exchange<'_>> {
    let Named { service, operation } = may_name(path)?;
    let service = match service {
        Some(service) => ServiceName::Name(service.into()),
        None => ServiceName::Unstated { folders: services(path) },
    };
    Some(Exchange::named(service, Cow::Borrowed(operation), Extent::Payload))
}

/// What a file's name says.
#[derive(Debug, PartialEq, Eq)]
struct Named<'p> {
    /// As models call it.
    service: Option<&'p str>,
    operation: &'p str,
}

/// What the name says if it is that of an operation, whatever its verb.
fn may_name(path: &Path) -> Option<Named<'_>> {
    let name = packed::plain_name(path).file_name()?.to_str()?;
    let stem = [".json", ".yaml", ".yml"].iter().find_map(|ending| name.strip_suffix(ending));
    // Without an ending it names a service and an operation, as cloudmapper's files do, or nothing.
    let stem = stem.or((!name.contains('.') && name.matches('-').count() > 1).then_some(name))?;
    let mut parts = stem.split('.');
    let first = parts.next()?;
    let mut words = first.split('_');
    let by_words = words.next().zip(words.next());
    let pairs = parts.next().map(|second| (first, second)).into_iter().chain(by_words);
    let mut pairs = pairs.map(|(service, operation)| (service, unnumbered(operation)));
    let first = unnumbered(first);
    match pairs.find(|(service, operation)| is_service(service) && is_spelt(operation)) {
        Some((service, operation)) => Some(Named { service: Some(model_name(service)), operation }),
        None => (is_spelt(first) && first.contains('-')).then_some(Named { service: None, operation: first }),
    }
}

/// Whether a word could be an operation in the spelling of the CLI or of the API.
fn is_spelt(word: &str) -> bool {
    let pascal = word.starts_with(|c: char| c.is_ascii_uppercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric());
    pascal || is_service(word)
}

/// Folders around a file, the innermost first, as models call the services that the CLI calls so.
fn services(path: &Path) -> Vec<&str> {
    folders(path).map(model_name).collect()
}

fn named(path: &Path) -> Option<Named<'_>> {
    let stem = packed::plain_name(path).file_name()?.to_str()?.strip_suffix(".json")?;
    let mut parts = stem.split('.');
    let first = parts.next()?;
    if is_command(unnumbered(first)) {
        return Some(Named { service: None, operation: unnumbered(first) });
    }
    let operation =
        parts.next().map(unnumbered).filter(|operation| is_command(operation) || is_operation(operation))?;
    is_service(first).then(|| Named { service: Some(model_name(first)), operation })
}

/// A name without the number of one among several files: `get-membership-2`.
fn unnumbered(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((plain, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => plain,
        _ => name,
    }
}

pub(super) fn model_name(service: &str) -> &str {
    RENAMED.iter().find(|(command, _)| *command == service).map_or(service, |(_, name)| name)
}

/// Whether a word is an operation as the CLI spells it: `get-membership`. One of a single word (`scan`) could be
/// anything, so it needs the service before it.
fn is_command(word: &str) -> bool {
    let legal = word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') && !word.ends_with('-');
    legal && word.split_once('-').is_some_and(|(verb, rest)| is_verb(verb) && !rest.is_empty())
}

/// Whether a word behind a service is an operation, as the API or, of one word, the CLI spells it.
fn is_operation(word: &str) -> bool {
    let pascal = word.starts_with(|c: char| c.is_ascii_uppercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric());
    let verb_end = word.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase()).map_or(word.len(), |(at, _)| at);
    WORDS.binary_search(&word).is_ok() || (pascal && is_verb(&word[..verb_end].to_ascii_lowercase()))
}

fn is_verb(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

/// Whether a word is a service's name, or an operation as the CLI spells it. No part of either begins with a digit, as
/// identifiers do that files are named by.
fn is_service(word: &str) -> bool {
    word.split('-').all(|part| !part.starts_with(|c: char| c.is_ascii_digit()))
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_service_and_operation() {
        let told = |path| named(Path::new(path)).map(|named| (named.service, named.operation));
        for path in ["cleanrooms.get-membership.json", "a/cleanrooms.get-membership.2.json"] {
            assert_eq!(told(path), Some((Some("cleanrooms"), "get-membership")), "{path}");
        }
        assert_eq!(told("cleanrooms/get-membership.json"), Some((None, "get-membership")));
        assert_eq!(told("get-membership.second.json"), Some((None, "get-membership")));
        assert_eq!(told("get-membership-2.json"), Some((None, "get-membership")));
        assert_eq!(told("cleanrooms.get-membership-2.json"), Some((Some("cleanrooms"), "get-membership")));
        assert_eq!(told("list-objects-v2.json"), Some((None, "list-objects-v2")));
        assert_eq!(told("cleanrooms.GetMembership.json"), Some((Some("cleanrooms"), "GetMembership")));
        assert_eq!(told("dynamodb.scan.json"), Some((Some("dynamodb"), "scan")));
        for path in [
            "package-lock.json",
            "tsconfig.build.json",
            "scan.json",
            "GetMembership.json",
            "get-membership.txt",
            "app.Config.json",
            "Some.get-thing.json",
            "get-.json",
            "-",
        ] {
            assert_eq!(told(path), None, "{path}");
        }
        assert!(VERBS.is_sorted_by(|a, b| a < b) && WORDS.is_sorted_by(|a, b| a < b), "they are searched by halves");
    }

    #[test]
    fn a_name_may_be_an_operation_whatever_its_verb() {
        let told = |path| may_name(Path::new(path)).map(|named| (named.service, named.operation));
        assert_eq!(told("a/thing.check-access.2.json"), Some((Some("thing"), "check-access")));
        assert_eq!(told("s3api.CheckAccess.json.gz"), Some((Some("s3"), "CheckAccess")));
        assert_eq!(told("check-access.json"), Some((None, "check-access")));
        for path in ["thing_check-access.json", "thing_check-access_SOME_more.2.json", "thing_check-access_b.yaml"] {
            assert_eq!(told(path), Some((Some("thing"), "check-access")), "{path}");
            assert_eq!(named(Path::new(path)), None, "a model says whether it is one: {path}");
        }
        for path in ["checkaccess.json", "Check_access.json", "check-access.txt", "memberships-92aa9a97-af8e-5c1d.json"]
        {
            assert_eq!(told(path), None, "{path}");
        }
        assert_eq!(told("check-access-12.json"), Some((None, "check-access")));
        let exchange = may_be(Path::new("x/s3api/check-access.json")).expect("it may be one");
        assert_eq!(exchange.service, ServiceName::Unstated { folders: vec!["s3", "x"] });
    }

    fn read_as(path: &'static str, text: &'static str) -> Result<Entry<'static>, (String, usize)> {
        read(Path::new(path), text)
    }

    #[test]
    fn an_object_is_a_response() {
        let Ok(Entry::Unnamed(unnamed)) = read_as("s3api.list-buckets.json", " {\"Buckets\": []}\n") else {
            panic!("a response")
        };
        assert_eq!((unnamed.clue, &*unnamed.exchange.operation), (Clue::Spelling, "list-buckets"));
        assert_eq!(unnamed.exchange.service, ServiceName::Name("s3".into()));
        assert_eq!(unnamed.exchange.response.map(|payload| payload.text), Some("{\"Buckets\": []}"));
        let Ok(Entry::Unnamed(unnamed)) = read_as("a/thing/x.json", "{}") else { panic!("a response") };
        assert_eq!(unnamed.clue, Clue::User);
        assert_eq!(unnamed.exchange.service, ServiceName::Unstated { folders: vec!["thing", "a"] });
    }

    #[test]
    fn nothing_printed_is_an_output_without_members() {
        let Ok(Entry::Unnamed(unnamed)) = read_as("delete-membership.json", "\n") else { panic!("a response") };
        assert_eq!(unnamed.exchange.response.map(|payload| payload.text), Some("{}"));
    }

    #[test]
    fn what_is_no_object_was_filtered() {
        for text in ["[]", "\"ACTIVE\"", "null", "3"] {
            assert!(matches!(read_as("get-membership.json", text), Ok(Entry::PassedOver(_))), "{text}");
        }
        assert!(read_as("get-membership.json", "{").is_err());
    }
}
