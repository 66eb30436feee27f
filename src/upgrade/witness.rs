//! A payload that the older contract allows and the newer refuses, for each difference that makes one.
//!
//! Recorded traffic gives better ones ([`super::replay()`]); these are generated, so that there is one without traffic.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::io;

use serde_json::Value;

use super::Compared;
use super::link::Link;
use crate::contract::{Contract, Paths};
use crate::diff::Difference;
use crate::error::Result;
use crate::finding::{Finding, Rule, Witness};
use crate::generate::payloads;
use crate::model::{Direction, Encoding};
use crate::recording::{Exchange, Origins, Payload, ServiceName};
use crate::rules::exchange::judge;

/// Operations that are tried for one difference: what a shape takes in one it takes in the others.
const OPERATIONS: usize = 2;
/// Payloads that are tried for one half of an operation.
const TRIED: usize = 4_000;
/// Differences of one rule at one member that get a witness; those beyond are of the same kind, such as values of one
/// enumeration.
const ALIKE: usize = 64;
/// Differences of one half of an operation that get a witness, and bytes of payloads that are tried for them: a model may have
/// tens of thousands of members that all differ.
const IN_ONE_HALF: usize = 500;
const BYTES: usize = 16 << 20;
/// Halves of operations that get witnesses: each needs the schemas of both releases, and where thousands differ none is
/// looked at by itself.
const HALVES: usize = 500;
/// Bytes of a payload that are kept. A text that breaks a bound of 100,000 is nothing to look at; rule and place say it.
const SHOWN: usize = 4096;

/// The contracts of a service, the older first.
pub(super) enum Contracts<'c> {
    /// Of no use to anybody else.
    Own(Box<[Contract; 2]>),
    Shared([&'c Contract; 2]),
}

impl Contracts<'_> {
    fn both(&self) -> [&Contract; 2] {
        match self {
            Self::Own(own) => own.each_ref(),
            Self::Shared(shared) => *shared,
        }
    }

    /// Lets go of what the payloads of an operation as a whole were held against: hundreds of them are most of what a
    /// comparison would hold. What single shapes ask stays, for other operations have them too.
    fn let_go(&mut self, operation: &str) {
        if let Self::Own(own) = self {
            own.iter_mut().for_each(|contract| contract.let_go(operation));
        }
    }
}

/// Notes a witness with each finding that has one.
pub(super) fn find(compared: &mut Compared, mut contracts: Contracts<'_>) {
    let Compared { differences, findings, .. } = compared;
    let mut places = places(differences).into_iter().take(HALVES).peekable();
    while let Some(((operation, direction), mut open)) = places.next() {
        let [old, new] = contracts.both();
        // Where the protocol switches the wire shows nothing but that.
        let same = old.service().protocol() == new.service().protocol();
        let encoding = if same { Encoding::Wire } else { Encoding::Parsed };
        let search = Search { old, new, encoding };
        let mut alike: HashMap<(&str, Option<&str>, Option<&str>), usize> = HashMap::new();
        open.retain(|at| {
            let Finding { rule, shape, member, .. } = &findings[*at];
            let count = alike.entry((rule.id, shape.as_deref(), member.as_deref())).or_default();
            *count += 1;
            *count <= ALIKE && findings[*at].witness().is_none()
        });
        drop(alike);
        open.truncate(IN_ONE_HALF);
        // Where nothing can be generated there is no witness, and the findings stand without one.
        let _ = search.within(operation, direction, open, (differences, findings));
        if places.peek().is_none_or(|((next, _), _)| *next != operation) {
            contracts.let_go(operation);
        }
    }
}

/// Halves of operations in which something is refused that was not, with the numbers of the differences that do it.
fn places(differences: &[Difference]) -> BTreeMap<(&str, Direction), Vec<usize>> {
    let mut places: BTreeMap<(&str, Direction), Vec<usize>> = BTreeMap::new();
    for (at, difference) in differences.iter().enumerate().filter(|(_, difference)| narrows(difference)) {
        let Some(direction) = difference.direction else { continue };
        for operation in difference.operations.iter().take(OPERATIONS) {
            places.entry((operation, direction)).or_default().push(at);
        }
    }
    places
}

/// Whether some value may be legal before and not after.
fn narrows(difference: &Difference) -> bool {
    (difference.change.rule(difference.direction).narrows)(&difference.change)
}

struct Search<'c> {
    old: &'c Contract,
    new: &'c Contract,
    encoding: Encoding,
}

impl Search<'_> {
    /// Looks among the payloads of one half of an operation for witnesses of the findings at `open`.
    fn within(
        &self,
        operation: &str,
        direction: Direction,
        mut open: Vec<usize>,
        (differences, findings): (&[Difference], &mut [Finding]),
    ) -> Result<()> {
        if open.is_empty() {
            return Ok(());
        }
        let link = Link([self.old.service(), self.new.service()]);
        let payloads = payloads(self.old, operation, direction, self.encoding)?;
        let simplest = std::iter::once_with(|| payloads.simplest());
        // What the newer contract refuses in one place alone the older may have allowed.
        let newer = OnceCell::new();
        let newer = || newer.get_or_init(|| self::payloads(self.new, operation, direction, self.encoding).ok());
        let rules: Vec<&Rule> = open.iter().map(|at| findings[*at].rule).collect();
        // What breaks a rule that none of the differences leads to shows none of them.
        let is_led_to = |broken: &str| rules.iter().any(|rule| rule.leads_to.nearness(broken).next().is_some());
        let faults = std::iter::once_with(newer).flatten().flat_map(|newer| newer.faults_of(is_led_to));
        let refused = faults.map(|fault| fault.payload);
        let cover = std::iter::once_with(|| payloads.cover()).flatten();
        // Between two patterns random texts decide, and those are drawn where the patterns stand.
        let apart = std::iter::once_with(newer).flatten().flat_map(|newer| payloads.texts_apart(newer));
        let mut bytes = 0;
        for payload in simplest.chain(refused).chain(apart).chain(cover).take(TRIED) {
            let length = length(&payload);
            bytes += length;
            if bytes > BYTES {
                break;
            }
            let mut exchange = self.exchange(operation, direction, payload);
            let refused = found(self.new, &exchange)?;
            let explained = |at: &usize| {
                let change = (&differences[*at], &findings[*at]);
                let by = refused.iter().find(|found| link.explains(change, found, operation).is_some())?;
                Some((*at, by))
            };
            let shown: Vec<(usize, &Finding)> = open.iter().filter_map(explained).collect();
            if shown.is_empty() || !is_kept(self.old, &exchange)? {
                continue;
            }
            open.retain(|at| shown.iter().all(|(found, _)| found != at));
            // One that is too large to look at is named by rule and place alone.
            let payload = if length <= SHOWN { taken(&mut exchange) } else { Value::Null };
            for (at, by) in shown {
                findings[at].show(Witness::generated(payload.clone(), by));
            }
            if open.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// A payload as one half of an exchange. It is a value already, so no text is made of it.
    fn exchange<'t>(&'t self, operation: &'t str, direction: Direction, payload: Value) -> Exchange<'t> {
        let service = ServiceName::Name(self.new.service().name.as_str().into());
        let payload = Payload { encoding: self.encoding, ..Payload::composed("", payload, Origins::default()) };
        Exchange::of_payload(service, operation.into(), direction, payload)
    }
}

/// What a contract finds in a payload.
fn found(contract: &Contract, exchange: &Exchange<'_>) -> Result<Vec<Finding>> {
    let service = contract.service().name.as_str();
    let breaches = contract.observe(exchange)?.breaches;
    Ok(breaches.iter().map(|breach| judge(breach, Some(service), Some(&exchange.operation))).collect())
}

/// Whether a contract finds nothing in a payload.
fn is_kept(contract: &Contract, exchange: &Exchange<'_>) -> Result<bool> {
    Ok(contract.observe_roughly(exchange, Paths::Both)?.breaches.is_empty())
}

/// The payload of an exchange that has one.
fn taken(exchange: &mut Exchange<'_>) -> Value {
    let Exchange { request, response, .. } = exchange;
    request.as_mut().or(response.as_mut()).and_then(|payload| payload.value.take()).unwrap_or_default()
}

/// Bytes of a payload as JSON.
fn length(payload: &Value) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, payload).expect("counting does not fail");
    count.0
}
