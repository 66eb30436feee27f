//! botocore's examples: `examples-1.json` of `{"version", "examples": {Operation: [{"input", "output"}]}}`.
//!
//! They are written by hand for the documentation, in parsed values. The folders around the file name the service
//! (`<service>/<date>/examples-1.json`).

use super::document::read_json;
use super::node::Node;
use super::service_name::folders;
use super::{Entry, Exchange, Extent, Fidelity, Format, Marks, Payload, Probe, ServiceName, Source};
use crate::model::Encoding;
use crate::text::is_day;

pub(super) struct BotocoreExamples;

impl Format for BotocoreExamples {
    fn id(&self) -> &'static str {
        "botocore-examples"
    }

    fn about(&self) -> &'static str {
        "botocore's <service>/<date>/examples-1.json of {version, examples: {Operation: [{input, output}]}}"
    }

    fn marks(&self) -> Marks {
        Marks { within: &["output"], ..Marks::of(&["version", "examples"]) }
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let own_name = probe.path.file_name().is_some_and(|name| name == "examples-1.json");
        probe.has(&["version", "examples"]) && (own_name || probe.mentions(&["\"output\""]))
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let Some((text, document)) = read_json(source, sink) else { return };
        let operations = document.get("examples").members();
        let examples = operations.iter().flat_map(|(name, list)| list.items().iter().map(move |one| (name, one)));
        for (entry, (operation, example)) in examples.enumerate() {
            // The model's date stands between the file and the service.
            let folders = folders(source.path).filter(|folder| !is_day(folder)).collect();
            let service = ServiceName::Unstated { folders };
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &'static str) -> Vec<Entry<'static>> {
        let path = Path::new("data/thing/2020-01-01/examples-1.json");
        let mut entries = Vec::new();
        let source = Source::whole(path, text.as_bytes());
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
