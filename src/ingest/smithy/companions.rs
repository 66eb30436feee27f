//! Paginators, waiters and endpoint rules, which Smithy writes beside the operations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Document, short};
use super::service::Facts;
use super::traits::of;
use crate::error::Result;
use crate::ingest::fields::{Fields, Losses, digest};
use crate::model::{Companions, Fact, Paginator, Waiter};
use crate::text::capitalised;

/// Seconds between the first calls of a waiter, and at most, where it does not say.
const DELAYS: (u64, u64) = (2, 120);

/// Reads what stands at operations of these ids, and the rules of the service.
pub(super) fn lower<'i>(
    document: &Document,
    facts: &Facts,
    operations: impl Iterator<Item = &'i String>,
    losses: &mut Losses,
) -> Result<Companions> {
    let mut paginators = BTreeMap::new();
    let mut waiters = BTreeMap::new();
    for id in operations {
        let written = document.shape(id).unwrap_or_default();
        let name = short(id);
        let mut traits = of(&written, &format!("operations.{name}"))?;
        if let Some(paginated) = traits.opt_object("smithy.api#paginated")? {
            paginators.insert(name.to_owned(), paginator(facts, paginated, losses)?);
        }
        let Some(waitable) = traits.opt_object("smithy.waiters#waitable")? else { continue };
        for (waiter_name, fields) in waitable.entries() {
            waiters.insert(capitalised(&waiter_name), waiter(name, fields?, losses)?);
        }
    }
    let rules = facts.endpoint_rules.as_ref().map_or(0, |rules| digest(rules.to_string().as_bytes()));
    Ok(Companions {
        paginators: Fact::Known(paginators),
        waiters: Fact::Known(waiters),
        endpoint_rules: Fact::Known(rules),
    })
}

/// How an operation is paged; what it leaves out the service says.
fn paginator(facts: &Facts, mut own: Fields, losses: &mut Losses) -> Result<Paginator> {
    let mut text = |key: &str| -> Result<Option<String>> {
        let of_service = || facts.paginated.as_ref()?.get(key)?.as_str().map(str::to_owned);
        Ok(own.text(key)?.or_else(of_service))
    };
    let paginator = Paginator {
        input_tokens: text("inputToken")?.into_iter().collect(),
        output_tokens: text("outputToken")?.into_iter().collect(),
        result_keys: text("items")?.into_iter().collect(),
        limit_key: text("pageSize")?,
        more_results: None,
    };
    own.finish(losses);
    Ok(paginator)
}

fn waiter(operation: &str, mut fields: Fields, losses: &mut Losses) -> Result<Waiter> {
    let mut seconds =
        |key, default| -> Result<u64> { Ok(fields.number(key)?.and_then(|number| number.as_u64()).unwrap_or(default)) };
    let (delay, max_delay) = (seconds("minDelay", DELAYS.0)?, seconds("maxDelay", DELAYS.1)?);
    let acceptors = fields.value("acceptors");
    fields.ignore(&["deprecated", "tags"]);
    fields.finish(losses);
    Ok(Waiter {
        operation: operation.to_owned(),
        delay,
        max_attempts: None,
        max_delay: Some(max_delay),
        acceptors: match acceptors {
            Some(Value::Array(acceptors)) => acceptors,
            _ => Vec::new(),
        },
    })
}
