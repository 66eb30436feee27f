//! A body that its protocol cannot decode.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "undecodable-body",
    summary: "a body that its protocol cannot decode",
    explain: "\
What it does: reports a body, or a part of one, that is not what the protocol writes: JSON that breaks off, XML that
does not close, CBOR of the wrong kind, text that is not UTF-8. What stands outside of the body is still judged.
An answer in XML whose root element has another name is reported, too: in the query protocols as an error, and in
restXml, where the model states the name, as a warning, and what is in it is judged. A request that the service refused
for it, by a code such as SerializationException or MalformedXML, is a note: the service says what the contract says.

Why: some SDKs make an empty output of a truncated body and go on. In restXml the AWS SDK for Rust refuses an answer
that is called otherwise, while others read it.

Example: a response of status 200 that ends in the middle: `{\"membership\": {\"id\": \"`.

What to do: look whether the recorder cut the body off; if not, the sender did.
",
    weights: Weights::same(Severity::Error),
    lighter,
    identity: &["root"],
    needs_paths: true,
    message,
    ..Rule::TRAFFIC
};

fn lighter(deviation: &Deviation) -> Option<Severity> {
    match deviation.breach() {
        Some(BreachKind::Undecodable { refused: Some(_), .. }) => Some(Severity::Note),
        Some(BreachKind::Undecodable { root: Some(_), .. }) => Some(Severity::Warning),
        _ => None,
    }
}

fn message(finding: &Finding) -> String {
    let half = finding.direction.map_or("payload", crate::model::Direction::as_str);
    if finding.values.get("root").is_some() {
        return format!("some SDKs refuse the body of the {half}: {}", text::value(finding, "reason"));
    }
    let told = format!("the body of the {half} cannot be decoded: {}", text::value(finding, "reason"));
    match text::value(finding, "refused") {
        "" => told,
        code => format!("{told}; the service refused it by {code}"),
    }
}
