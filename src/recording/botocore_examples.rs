//! botocore's examples: `examples-1.json` of `{"version", "examples": {Operation: [{"input", "output"}]}}`.
//!
//! They are written by hand for the documentation, in parsed values. The folders around the file name the service
//! (`<service>/<date>/examples-1.json`).

use std::path::Path;

use super::lines::NOT_UTF8;
use super::node::Node;
use super::{Entry, Exchange, Extent, Fidelity, Format, Malformed, Payload, Probe, ServiceName, Source, json_node};
use crate::model::Encoding;

pub(super) struct BotocoreExamples;

impl Format for BotocoreExamples {
    fn id(&self) -> &'static str {
        "botocore-examples"
    }

    fn about(&self) -> &'static str {
        "botocore's <service>/<date>/examples-1.json of {version, examples: {Operation: [{input, output}]}}"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let own_name = probe.path.file_name().is_some_and(|name| name == "examples-1.json");
        probe.has(&["version", "examples"]) && (own_name || probe.mentions(&["\"output\""]))
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let document = source.text().map_err(|at| (NOT_UTF8.to_owned(), at));
        let document = document.and_then(|text| Ok((text, json_node::parse_whole(text)?)));
        let (text, document) = match document {
            Ok(document) => document,
            Err((reason, at)) => return sink(Entry::Malformed(Malformed::new(reason, at, None))),
        };
        let operations = document.get("examples").members();
        let examples = operations.iter().flat_map(|(name, list)| list.items().iter().map(move |one| (name, one)));
        for (entry, (operation, example)) in examples.enumerate() {
            let service = ServiceName::Unstated { folders: folders(source.path) };
            sink(Entry::Exchange(Exchange {
                request: half(text, example.get("input")),
                response: half(text, example.get("output")),
                fidelity: Fidelity::Illustrated,
                entry,
                offset: example.range.start,
                ..Exchange::named(service, operation.clone(), Extent::Exchange)
            }));
        }
    }
}

/// One half of an example; a half that is left out was not written down.
fn half<'a>(text: &'a str, half: &Node<'a>) -> Option<Payload<'a>> {
    (!half.is_null()).then(|| Payload::text(&text[half.range.clone()], Encoding::Parsed))
}

/// Names of the folders around the file, the innermost first, without the model's date.
fn folders(path: &Path) -> Vec<&str> {
    let mut folders: Vec<&str> = path.parent().into_iter().flatten().filter_map(|folder| folder.to_str()).collect();
    folders.reverse();
    folders.retain(|folder| !is_date(folder));
    folders
}

fn is_date(folder: &str) -> bool {
    let parts: Vec<&str> = folder.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && digits(day, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Vec<Entry<'static>> {
        let path = Path::new("data/thing/2020-01-01/examples-1.json");
        let mut entries = Vec::new();
        let source = Source { path, bytes: text.as_bytes(), first_line: 1, first_entry: 0 };
        BotocoreExamples.read(&source, &mut |entry| entries.push(entry));
        entries
    }

    #[test]
    fn each_example_is_an_exchange_of_parsed_values() {
        let text = r#"{"version": "1.0", "examples": {
            "GetThing": [{"input": {"a": 1}, "output": {"b": 2}, "title": "t"}, {"input": {}}], "DropThing": [{}]}}"#;
        let entries = read(text);
        let told: Vec<_> = entries
            .iter()
            .map(|entry| match entry {
                Entry::Exchange(exchange) => (
                    &*exchange.operation,
                    exchange.entry,
                    exchange.request.as_ref().map(|payload| payload.text),
                    exchange.response.as_ref().map(|payload| (payload.text, payload.encoding)),
                    &text[exchange.offset..=exchange.offset],
                ),
                other => panic!("{other:?}"),
            })
            .collect();
        let whole = ("GetThing", 0, Some(r#"{"a": 1}"#), Some((r#"{"b": 2}"#, Encoding::Parsed)), "{");
        assert_eq!(told, [whole, ("GetThing", 1, Some("{}"), None, "{"), ("DropThing", 2, None, None, "{")]);
        let Entry::Exchange(exchange) = &entries[0] else { panic!("an exchange") };
        assert_eq!(exchange.service, ServiceName::Unstated { folders: vec!["thing", "data"] });
    }

    #[test]
    fn a_file_that_is_no_json_is_told() {
        assert!(matches!(&read(r#"{"version": "1.0", "examples": {"#)[..], [Entry::Malformed(_)]));
    }

    #[test]
    fn is_recognised_by_its_keys() {
        let keys = ["version".to_owned(), "examples".to_owned()];
        let probe = |path, start| Probe { path: Path::new(path), start, keys: &keys, first_line_is_object: true };
        assert!(BotocoreExamples.recognises(&probe("examples-1.json", b"{}")));
        assert!(BotocoreExamples.recognises(&probe("mine.json", br#"{"output": {}}"#)));
        assert!(!BotocoreExamples.recognises(&probe("openapi.json", b"{}")));
    }
}
