//! Paginators, waiters and endpoint rules.

use std::collections::BTreeMap;

use super::{Change, Difference};
use crate::model::{Companions, Paginator, Waiter};

pub(super) fn differences(old: &Companions, new: &Companions) -> Vec<Difference> {
    let mut found = Vec::new();
    if let (Some(old), Some(new)) = (old.endpoint_rules.known(), new.endpoint_rules.known())
        && old != new
    {
        found.push(Difference::of_service(Change::EndpointRulesChanged));
    }
    if let (Some(old), Some(new)) = (old.paginators.known(), new.paginators.known()) {
        of_paginators(old, new, &mut found);
    }
    if let (Some(old), Some(new)) = (old.waiters.known(), new.waiters.known()) {
        of_waiters(old, new, &mut found);
    }
    found
}

fn of_paginators(old: &BTreeMap<String, Paginator>, new: &BTreeMap<String, Paginator>, found: &mut Vec<Difference>) {
    let gone = old.keys().filter(|operation| !new.contains_key(*operation));
    found.extend(gone.map(|operation| Difference::of_operation(operation, Change::PaginatorRemoved)));
    for (operation, two) in new {
        let Some(one) = old.get(operation) else {
            found.push(Difference::of_operation(operation, Change::PaginatorAdded));
            continue;
        };
        if one == two {
            continue;
        }
        let before = found.len();
        let tokens = |of: &Paginator| [&of.input_tokens[..], &of.output_tokens].concat();
        if (&one.input_tokens, &one.output_tokens) != (&two.input_tokens, &two.output_tokens) {
            found.push(Difference::of_operation(
                operation,
                Change::PaginatorTokenChanged { old: tokens(one), new: tokens(two) },
            ));
        }
        if one.result_keys.first() != two.result_keys.first() {
            let (old, new) = (one.result_keys.first().cloned(), two.result_keys.first().cloned());
            found.push(Difference::of_operation(operation, Change::PaginatorResultKeyChanged { old, new }));
        }
        if found.len() == before {
            found.push(Difference::of_operation(operation, Change::PaginatorDetailChanged));
        }
    }
}

fn of_waiters(old: &BTreeMap<String, Waiter>, new: &BTreeMap<String, Waiter>, found: &mut Vec<Difference>) {
    for (name, one) in old {
        let waiter = name.clone();
        let change = match new.get(name) {
            None => Change::WaiterRemoved { waiter },
            Some(two) if one.operation != two.operation => {
                Change::WaiterOperationChanged { waiter, old: one.operation.clone(), new: two.operation.clone() }
            }
            Some(two) if one != two => Change::WaiterAcceptorsChanged { waiter },
            Some(_) => continue,
        };
        found.push(Difference::of_operation(&one.operation, change));
    }
    let came = new.iter().filter(|(name, _)| !old.contains_key(*name));
    found.extend(came.map(|(name, waiter)| {
        Difference::of_operation(&waiter.operation, Change::WaiterAdded { waiter: name.clone() })
    }));
}
