//! What SDKs are told beside the API itself: how to page, how to wait, where the endpoint is.

use std::collections::BTreeMap;

use super::Fact;

/// Paginators, waiters and endpoint rules. They stand beside the model, so a source of the model alone does not know.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Companions {
    /// Paginators by operation.
    pub paginators: Fact<BTreeMap<String, Paginator>>,
    /// Waiters by name.
    pub waiters: Fact<BTreeMap<String, Waiter>>,
    /// The rules that choose an endpoint, as a digest: what they mean takes evaluating them.
    pub endpoint_rules: Fact<u64>,
}

/// How an operation is called page by page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Paginator {
    /// Members of the request that take a page's token.
    pub input_tokens: Vec<String>,
    /// Expressions over the response that yield the next page's token.
    pub output_tokens: Vec<String>,
    /// Expressions over the response for what is collected, the primary one first.
    pub result_keys: Vec<String>,
    /// Member of the request for the size of a page.
    pub limit_key: Option<String>,
    /// Expression over the response that says whether there is more.
    pub more_results: Option<String>,
}

/// How to wait for a state.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Waiter {
    /// The operation that is called again and again.
    pub operation: String,
    /// Seconds between calls; the least of them, where the delay grows.
    pub delay: u64,
    /// Calls at most, where the source bounds their number.
    pub max_attempts: Option<u64>,
    /// Seconds between calls at most, where the delay grows.
    pub max_delay: Option<u64>,
    /// The meaning of each answer, in the order in which it is asked.
    pub acceptors: Vec<serde_json::Value>,
}
