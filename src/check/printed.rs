//! What a file for or from the AWS CLI is, by its name and its members: the output of an operation, or what the operation is
//! called with (`--cli-input-json`), and of which service.

use super::catalog::Catalog;
use super::resolve::SHARED;
use crate::contract::Contract;
use crate::error;
use crate::recording::{self, Exchange, Syntax, json};

/// What is printed for people to fill in.
const SKELETONS: &str = "skeletons of what operations are called with";

impl Catalog {
    /// Service and operation of a name that says both as models do: `ec2-describe-instances`. A service that the user names
    /// is the only one that may be meant.
    pub(super) fn named_together(&self, name: &str, user: Option<&str>) -> error::Result<Option<(String, String)>> {
        for (at, _) in name.match_indices('-') {
            let (command, operation) = (&name[..at], &name[at + 1..]);
            // A word behind a service may be anything.
            if !operation.contains('-') {
                break;
            }
            let command = recording::service_of_command(command);
            for catalog in self.with_fallback() {
                let is_open = |service: &&str| user.is_none_or(|user| catalog.called(user) == Some(*service));
                let Some(service) = catalog.called(command).filter(is_open) else { continue };
                let contract = catalog.contract_for(service, None)?;
                if let Some(operation) = contract.and_then(|contract| contract.operation_spelt(operation)) {
                    return Ok(Some((service.to_owned(), operation.to_owned())));
                }
            }
        }
        Ok(None)
    }

    /// The service that alone has an operation of that name which answers nothing but these members, or is called with
    /// them.
    pub(super) fn with_members(&self, operation: &str, keys: &[String]) -> error::Result<Option<(String, String)>> {
        for catalog in self.with_fallback() {
            let mut fitting = Vec::new();
            for service in catalog.with_name(operation)? {
                let Some(contract) = catalog.contract_for(service, None)? else { continue };
                let own = contract.operation_spelt(operation).filter(|own| !SHARED.contains(own));
                let fits = |own: &&str| contract.answers(own, keys) || contract.asks(own, keys);
                fitting.extend(own.filter(fits).map(|own| (service.to_owned(), own.to_owned())));
            }
            if fitting.len() == 1 {
                return Ok(fitting.pop());
            }
        }
        Ok(None)
    }
}

/// Keys at the top of the value of an exchange that a file of the CLI holds.
pub(super) fn keys(exchange: &Exchange<'_>) -> Vec<String> {
    let Some(payload) = &exchange.response else { return Vec::new() };
    if payload.syntax == Syntax::Json {
        return json::peek_keys(payload.text.as_bytes()).0;
    }
    let members = payload.value.as_ref().and_then(serde_json::Value::as_object);
    members.into_iter().flat_map(serde_json::Map::keys).cloned().collect()
}

/// An exchange whose operation is known, as what it is: its value is a request where the operation is called with its
/// members, and does not answer all of them.
///
/// # Errors
/// It is neither: what it is, as a noun for several of them.
pub(super) fn half<'a>(contract: &Contract, exchange: Exchange<'a>) -> Result<Exchange<'a>, &'static str> {
    if !contract.asks(&exchange.operation, &keys(&exchange)) {
        return Ok(exchange);
    }
    let exchange = Exchange { request: exchange.response, response: None, ..exchange };
    if contract.is_skeleton(&exchange) { Err(SKELETONS) } else { Ok(exchange) }
}
