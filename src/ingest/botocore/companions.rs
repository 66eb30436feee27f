//! What stands beside a botocore model: `paginators-1.json`, `waiters-2.json`, `endpoint-rule-set-1.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::ingest::errata::merge;
use crate::ingest::fields::digest;
use crate::model::{Companions, Fact, Paginator, Waiter};

/// Names of the files, without `.gz`.
pub(in crate::ingest) const PAGINATORS: &str = "paginators-1.json";
pub(in crate::ingest) const WAITERS: &str = "waiters-2.json";
pub(in crate::ingest) const ENDPOINT_RULES: &str = "endpoint-rule-set-1.json";
/// Every file that may stand beside a model.
pub(in crate::ingest) const FILES: [&str; 3] = [PAGINATORS, WAITERS, ENDPOINT_RULES];

/// Name of the file that is merged over another one: `service-2.sdk-extras.json` over `service-2.json`.
pub(in crate::ingest) fn extras(name: &str) -> String {
    format!("{}.sdk-extras.json", name.trim_end_matches(".json"))
}

/// The part of a file of extras that is merged; `None` where there is no file.
pub(in crate::ingest) fn to_merge(
    text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>,
    name: &str,
) -> Result<Option<Value>> {
    let name = extras(name);
    let Some(text) = text_of(&name)? else { return Ok(None) };
    let extras: Value = serde_json::from_slice(&text)
        .map_err(|error| Error::new(format!("{name} is not what botocore writes: {error}")))?;
    Ok(extras.get("merge").cloned())
}

/// Reads the companions of one model, each by its file name; a file that is not there means that there are none, for
/// botocore leaves out what would be empty.
pub(in crate::ingest) fn read(text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>) -> Result<Companions> {
    let paginators: Paginators = parsed(&text_of, PAGINATORS)?.unwrap_or_default();
    let waiters: Waiters = parsed(&text_of, WAITERS)?.unwrap_or_default();
    let rules: Option<Value> = parsed(&text_of, ENDPOINT_RULES)?;
    Ok(Companions {
        paginators: Fact::Known(
            paginators.pagination.into_iter().map(|(name, written)| (name, written.read())).collect(),
        ),
        waiters: Fact::Known(waiters.waiters.into_iter().map(|(name, written)| (name, written.read())).collect()),
        endpoint_rules: Fact::Known(rules.map_or(0, |rules| digest(sorted(rules).to_string().as_bytes()))),
    })
}

fn parsed<T: DeserializeOwned>(text_of: impl Fn(&str) -> Result<Option<Vec<u8>>>, name: &str) -> Result<Option<T>> {
    let Some(text) = text_of(name)? else { return Ok(None) };
    let mut document: Value = serde_json::from_slice(&text)
        .map_err(|error| Error::new(format!("{name} is not what botocore writes: {error}")))?;
    if let Some(more) = to_merge(text_of, name)? {
        merge(&mut document, &more);
    }
    let parsed = serde_json::from_value(document);
    parsed.map(Some).map_err(|error| Error::new(format!("{name} is not what botocore writes: {error}")))
}

#[derive(Deserialize, Default)]
struct Paginators {
    #[serde(default)]
    pagination: BTreeMap<String, WrittenPaginator>,
}

/// One text or several.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Texts {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Texts {
    fn read(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
struct WrittenPaginator {
    #[serde(default)]
    input_token: Texts,
    #[serde(default)]
    output_token: Texts,
    #[serde(default)]
    result_key: Texts,
    limit_key: Option<String>,
    more_results: Option<String>,
}

impl WrittenPaginator {
    fn read(self) -> Paginator {
        Paginator {
            input_tokens: self.input_token.read(),
            output_tokens: self.output_token.read(),
            result_keys: self.result_key.read(),
            limit_key: self.limit_key,
            more_results: self.more_results,
        }
    }
}

#[derive(Deserialize, Default)]
struct Waiters {
    #[serde(default)]
    waiters: BTreeMap<String, WrittenWaiter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenWaiter {
    operation: String,
    delay: u64,
    max_attempts: u64,
    #[serde(default)]
    acceptors: Vec<Value>,
}

impl WrittenWaiter {
    fn read(self) -> Waiter {
        let acceptors = self.acceptors.into_iter().map(without_prose).collect();
        Waiter {
            operation: self.operation,
            delay: self.delay,
            max_attempts: Some(self.max_attempts),
            max_delay: None,
            acceptors,
        }
    }
}

/// The same with the keys of all objects in order, which means nothing in JSON.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn without_prose(mut acceptor: Value) -> Value {
    if let Some(fields) = acceptor.as_object_mut() {
        fields.remove("description");
    }
    acceptor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(files: &[(&str, &str)]) -> Result<Companions> {
        read(|name| Ok(files.iter().find(|(file, _)| *file == name).map(|(_, text)| text.as_bytes().to_vec())))
    }

    #[test]
    fn one_token_or_several_and_waiters_without_prose() {
        let companions = read_from(&[
            (
                PAGINATORS,
                r#"{"pagination": {"ListThings": {"input_token": "next", "output_token": ["next", "more"],
                    "result_key": "things", "limit_key": "max"}}}"#,
            ),
            (
                WAITERS,
                r#"{"version": 2, "waiters": {"Ready": {"operation": "GetThing", "delay": 5, "maxAttempts": 3,
                    "description": "x", "acceptors": [{"state": "success", "matcher": "status", "expected": 200,
                    "description": "y"}]}}}"#,
            ),
        ]);
        let companions = companions.expect("sound files");
        let paginators = companions.paginators.known().expect("read");
        assert_eq!(paginators["ListThings"].output_tokens, ["next", "more"]);
        assert_eq!(paginators["ListThings"].input_tokens, ["next"]);
        let waiters = companions.waiters.known().expect("read");
        assert_eq!(waiters["Ready"].acceptors.len(), 1);
        assert!(!waiters["Ready"].acceptors[0].to_string().contains('y'), "{waiters:?}");
    }

    #[test]
    fn what_is_not_there_is_empty_and_what_is_broken_is_told() {
        let none = read_from(&[]).expect("nothing to read");
        assert_eq!(none.paginators, Fact::Known(BTreeMap::new()));
        let error = read_from(&[(WAITERS, "{\"waiters\": 3}")]).expect_err("no waiters");
        assert!(error.to_string().contains(WAITERS), "{error}");
    }

    #[test]
    fn neither_blanks_nor_the_order_of_keys_of_a_rule_set_count() {
        let of = |text: &str| read_from(&[(ENDPOINT_RULES, text)]).expect("sound").endpoint_rules;
        assert_eq!(of(r#"{"a":  1}"#), of(r#"{"a":1}"#));
        assert_eq!(of(r#"[{"a": 1, "b": [2]}]"#), of(r#"[{"b": [2], "a": 1}]"#));
        assert_ne!(of(r"[1, 2]"), of(r"[2, 1]"));
        assert_ne!(of(r#"{"a": 2}"#), of(r#"{"a": 1}"#));
    }
}
