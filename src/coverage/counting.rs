//! Counting exchanges as they are judged, from several threads.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::space::{declares, of_operation, of_service};
use crate::check::Judged;
use crate::contract::{Contract, Visited};
use crate::model::{Direction, Service};
use crate::outcome::{Calls, Coverage};
use crate::protocol::{OTHER, is_plain};

/// So many threads count without waiting for each other.
const SHARDS: usize = 32;

/// What was counted so far.
pub(super) struct Counting {
    /// By thread; two threads may share one.
    shards: Vec<Mutex<Shard>>,
    /// Contracts that were met, with all that they have, by their addresses: a catalog keeps them while it is read.
    met: Mutex<HashMap<usize, Coverage>>,
}

/// Calls by contract and operation.
#[derive(Default)]
struct Shard(HashMap<usize, OfContract>);

#[derive(Default)]
struct OfContract {
    service: String,
    operations: HashMap<String, Calls>,
}

impl Default for Counting {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), met: Mutex::default() }
    }
}

impl Counting {
    /// Counts an exchange.
    pub(super) fn add(&self, judged: &Judged<'_>) {
        let thread = rayon::current_thread_index().unwrap_or_default();
        let mut shard = self.shards[thread % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        let address = std::ptr::from_ref(judged.contract).addr();
        let of_contract = shard.0.entry(address).or_insert_with(|| {
            self.meet(address, judged.contract.service());
            OfContract { service: judged.contract.service().name.clone(), ..OfContract::default() }
        });
        let service = judged.contract.service();
        let Some(operation) = service.operations.get(&*judged.exchange.operation) else { return };
        if !of_contract.operations.contains_key(&operation.name) {
            of_contract.operations.insert(operation.name.clone(), of_operation(service, operation));
        }
        if let Some(calls) = of_contract.operations.get_mut(&operation.name) {
            count(calls, judged);
        }
    }

    fn meet(&self, address: usize, service: &Service) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.entry(address).or_insert_with(|| {
            let mut coverage = Coverage::default();
            coverage.services.insert(service.name.clone(), of_service(service));
            coverage
        });
    }

    /// All that was counted.
    pub(super) fn finish(self) -> Coverage {
        let mut all = Coverage::default();
        let met = self.met.into_inner().unwrap_or_else(PoisonError::into_inner);
        for one in met.into_values() {
            all.add(one);
        }
        for shard in self.shards {
            let Shard(contracts) = shard.into_inner().unwrap_or_else(PoisonError::into_inner);
            for OfContract { service, operations } in contracts.into_values() {
                let mut part = Coverage::default();
                let covered = part.services.entry(service).or_default();
                for (name, calls) in operations {
                    covered.operations.entry(name).or_default().calls = Some(calls);
                }
                all.add(part);
            }
        }
        all
    }
}

/// Counts an exchange of an operation.
fn count(calls: &mut Calls, judged: &Judged<'_>) {
    let exchange = judged.exchange;
    calls.exchanges += 1;
    if let Some(status) = exchange.status {
        *calls.statuses.entry(status).or_default() += 1;
    }
    let is_answered = exchange.response.is_some() || judged.http.is_some_and(|http| http.response.is_some());
    if let Some(failure) = &exchange.error {
        calls.refused += 1;
        refuse(calls, judged.contract, failure.plain_code(), judged);
    } else if is_answered {
        calls.answered += 1;
    }
    let halves = [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)];
    for (direction, payload) in halves {
        calls.half_mut(direction).payloads += usize::from(payload.is_some());
    }
    let of_error = exchange.error.is_some();
    judged.contract.visit(exchange, &mut |visited| {
        // Members of an error are no part of the output.
        if !(of_error && visited.direction == Direction::Response) {
            see(calls, visited);
        }
    });
}

/// Counts the error that an exchange was answered with.
fn refuse(calls: &mut Calls, contract: &Contract, code: Option<&str>, judged: &Judged<'_>) {
    let operation = contract.service().operations.get(&*judged.exchange.operation);
    let shape = operation.zip(code).and_then(|(operation, code)| {
        let shape = contract.error_shape(operation, code, judged.exchange.protocol)?;
        declares(operation, shape).then_some(shape)
    });
    let counts = match (shape, code) {
        (Some(shape), _) => calls.errors.entry(shape.to_string()),
        // Codes are anybody's text.
        (None, Some(code)) => calls.undeclared.entry(if is_plain(code) { code } else { OTHER }.to_owned()),
        (None, None) => calls.undeclared.entry("-".to_owned()),
    };
    *counts.or_default() += 1;
}

/// Counts a value, and the member that it is of.
fn see(calls: &mut Calls, visited: &Visited<'_>) {
    let half = calls.half_mut(visited.direction);
    if let Some((shape, name)) = visited.member
        && let Some(present) = half.members.get_mut(shape.as_str()).and_then(|members| members.get_mut(name))
    {
        present.times += 1;
    }
    match visited.value {
        Value::Object(_) => {
            let members = half.members.get_mut(visited.shape.as_str());
            members.into_iter().flat_map(|members| members.values_mut()).for_each(|present| present.of += 1);
        }
        Value::String(text) => {
            let values = half.values.get_mut(visited.shape.as_str());
            if let Some(times) = values.and_then(|values| values.get_mut(text.as_str())) {
                *times += 1;
            }
        }
        _ => {}
    }
}
