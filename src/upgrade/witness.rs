//! A payload that the older contract allows and the newer refuses, for each difference that makes one.
//!
//! Recorded traffic gives better ones ([`super::replay()`]); these are generated, so that there is one without traffic.

use serde_json::{Value, json};

use super::link::explains;
use crate::contract::Contract;
use crate::diff::{Change, Difference, Way};
use crate::error::Result;
use crate::finding::Finding;
use crate::generate::{faults, payloads};
use crate::model::{Direction, Encoding, Service};
use crate::recording::{Exchange, Extent, Payload, ServiceName};
use crate::rules;

/// Operations that are tried for one difference: what a shape takes in one it takes in the others.
const OPERATIONS: usize = 2;
/// Random payloads that are tried where the covering ones do not do, as for patterns.
const DRAWN: u64 = 64;
/// Bytes of a payload that are kept. A text that breaks a bound of 100,000 is nothing to look at; rule and place say it.
const SHOWN: usize = 4096;

/// Notes a witness with each finding that has one.
pub(super) fn with([old, new]: [Service; 2], differences: &[Difference], mut findings: Vec<Finding>) -> Vec<Finding> {
    if !differences.iter().any(narrows) {
        return findings;
    }
    // Where the protocol switches the wire shows nothing but that.
    let same = old.protocols.known().and_then(|of| of.first()) == new.protocols.known().and_then(|of| of.first());
    let search = Search {
        old: Contract::new(old),
        new: Contract::new(new),
        encoding: if same { Encoding::Wire } else { Encoding::Parsed },
    };
    for (difference, finding) in differences.iter().zip(&mut findings) {
        let witness = difference.direction.filter(|_| narrows(difference)).and_then(|direction| {
            let mut operations = difference.operations.iter().take(OPERATIONS);
            // Where nothing can be generated there is no witness, and the finding stands without one.
            operations.find_map(|operation| search.of(operation, direction, finding).ok().flatten())
        });
        if let Some(witness) = witness {
            finding.values.insert("witness", witness);
        }
    }
    findings
}

/// Whether some value may be legal before and not after.
fn narrows(difference: &Difference) -> bool {
    match &difference.change {
        Change::MemberAdded { required } => *required,
        Change::BoundChanged { way, .. } => matches!(way, Way::Added | Way::Tightened),
        Change::DocumentChanged { document } => !document,
        Change::UnionChanged { union } => *union,
        Change::SparseChanged { sparse } => !sparse,
        Change::MemberRemoved
        | Change::MemberCaseRenamed { .. }
        | Change::MemberBecameRequired
        | Change::UnionVariantRemoved
        | Change::TypeChanged { .. }
        | Change::NumericTypeNarrowed { .. }
        | Change::EnumValueRemoved { .. }
        | Change::EnumAdded { .. }
        | Change::PatternAdded { .. }
        | Change::PatternChanged { .. } => true,
        _ => false,
    }
}

struct Search {
    old: Contract,
    new: Contract,
    encoding: Encoding,
}

impl Search {
    /// A witness among the payloads of one half of an operation.
    fn of(&self, operation: &str, direction: Direction, change: &Finding) -> Result<Option<Value>> {
        let payloads = payloads(&self.old, operation, direction, self.encoding)?;
        let simplest = std::iter::once_with(|| payloads.simplest());
        // What the newer contract refuses in one place alone the older may have allowed.
        let faults =
            std::iter::once_with(|| faults(&self.new, operation, direction, self.encoding).unwrap_or_default());
        let refused = faults.flatten().map(|fault| fault.payload);
        let cover = std::iter::once_with(|| payloads.cover()).flatten();
        let drawn = (0..DRAWN).map(|seed| payloads.seeded(seed));
        for payload in simplest.chain(refused).chain(cover).chain(drawn) {
            let refused = self.found(&self.new, operation, direction, &payload)?;
            let Some(refused) = refused.into_iter().find(|found| explains(change, found, self.new.service())) else {
                continue;
            };
            if self.found(&self.old, operation, direction, &payload)?.is_empty() {
                let shown = payload.to_string().len() <= SHOWN;
                return Ok(Some(json!({
                    "generated": if shown { payload } else { Value::Null },
                    "operation": operation,
                    "pointer": refused.pointer,
                    "rule": refused.rule,
                    "message": rules::message(&refused),
                })));
            }
        }
        Ok(None)
    }

    /// What a contract finds in a payload.
    fn found(
        &self,
        contract: &Contract,
        operation: &str,
        direction: Direction,
        payload: &Value,
    ) -> Result<Vec<Finding>> {
        let service = contract.service().name.as_str();
        let text = payload.to_string();
        let mut exchange = Exchange::named(ServiceName::Name(service.into()), operation.into(), Extent::Payload);
        match direction {
            Direction::Request => exchange.request = Some(Payload::text(&text, self.encoding)),
            Direction::Response => exchange.response = Some(Payload::text(&text, self.encoding)),
        }
        let breaches = contract.observe(&exchange)?.breaches;
        Ok(breaches.iter().map(|breach| rules::judge(breach, Some(service), Some(operation))).collect())
    }
}
