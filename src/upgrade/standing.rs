//! How each recorded exchange stands by the older contract and by the newer: what keeps the one and breaks the other.
//!
//! Both are held against each other place by place: an exchange that breaks the older contract in one place may keep it in
//! another, and break the newer there.
//!
//! An exchange that the older contract judged and that the newer model has no place for is broken as well: its operation or
//! service is gone, or is no longer found by what the request says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::usage::{ExchangeUses, Usage};
use crate::check::{Catalog, Judged};
use crate::contract::{Breach, BreachKind, Contract};
use crate::error::Result;
use crate::finding::{Finding, Location, Severity};
use crate::model::{Direction, Protocol, Service};
use crate::recording::HttpExchange;
use crate::rules::exchange::judge;

/// What traffic is like by the older contract.
#[derive(Default)]
pub(super) struct Before {
    /// What it uses.
    pub(super) usage: Usage,
    /// Exchanges that the contract judged, by their places.
    pub(super) calls: HashMap<Location, Call>,
    /// How many break it.
    pub(super) broken: usize,
    /// How many are of services or operations that are not compared.
    pub(super) not_compared: usize,
}

/// What an exchange calls by the older contract.
pub(super) struct Call {
    pub(super) service: String,
    pub(super) operation: String,
    /// Method and path, where the recording keeps messages.
    route: Option<String>,
    /// How it is written, where the recording keeps messages.
    protocol: Option<Protocol>,
    /// Where it breaks the contract.
    broken: Places,
}

/// Where an exchange breaks a contract, looked up in few steps however many places there are.
#[derive(Default)]
struct Places {
    /// Pointers of values.
    values: HashSet<(Option<Direction>, String)>,
    /// Rules that an exchange or half of it breaks as a whole, of which there is more than one thing to say.
    wholes: HashSet<(Option<Direction>, &'static str)>,
}

impl Places {
    fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut places = Self::default();
        for finding in findings {
            if finding.pointer.is_empty() {
                places.wholes.insert((finding.direction, finding.rule.id));
            } else {
                places.values.insert((finding.direction, finding.pointer.clone()));
            }
        }
        places
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.wholes.is_empty()
    }

    /// Whether a finding of the other contract is at one of these places, or within a value there, which was not looked
    /// into.
    fn have(&self, finding: &Finding) -> bool {
        let pointer = &finding.pointer;
        let ends = pointer.match_indices('/').map(|(at, _)| at).skip(1).chain([pointer.len()]);
        let mut around = ends.map(|end| (finding.direction, pointer[..end].to_owned()));
        self.wholes.contains(&(finding.direction, finding.rule.id)) || around.any(|place| self.values.contains(&place))
    }
}

/// What the newer contract made of an exchange.
pub(super) struct After {
    service: String,
    errors: Vec<Finding>,
}

/// An exchange that the newer contract breaks, with the operation that the older knows.
pub(super) struct Breakage {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) findings: Vec<Finding>,
}

/// What becomes of exchanges that the older contract judged.
#[derive(Default)]
pub(super) struct Fates {
    /// Those that break where they kept the older contract, by their places.
    pub(super) broken: BTreeMap<Location, Breakage>,
    /// How many break the older contract and keep the newer.
    pub(super) mended: usize,
    /// How many the newer contract says nothing of: only part of it is known, it does not say how such messages are
    /// written, or nothing shows their operation any more.
    pub(super) undecided: usize,
}

/// A value that the threads which read traffic share.
#[derive(Default)]
pub(super) struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    pub(super) fn with(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Before {
    /// Notes an exchange that the older contract judged. `services` are those compared.
    pub(super) fn note(shared: &Shared<Self>, judged: &Judged<'_>, services: &BTreeSet<String>) {
        let service = &judged.contract.service().name;
        // A recording that does not name its service may be of any; without the operation it is of another.
        let is_known = judged.contract.service().operations.contains_key(&*judged.exchange.operation);
        if !services.contains(service) || !is_known {
            return shared.with(|before| before.not_compared += 1);
        }
        let uses = ExchangeUses::of(judged);
        let broken = Places::of(errors(judged));
        let route = |http: &HttpExchange<'_>| format!("{} {}", http.request.method, http.request.parts().path);
        let call = Call {
            service: service.clone(),
            operation: judged.exchange.operation.to_string(),
            route: judged.http.map(route),
            protocol: judged.exchange.protocol,
            broken,
        };
        shared.with(|before| {
            before.usage.add(uses);
            before.broken += usize::from(!call.broken.is_empty());
            before.calls.insert(judged.location.clone(), call);
        });
    }
}

impl After {
    pub(super) fn of(judged: &Judged<'_>) -> Self {
        Self { service: judged.contract.service().name.clone(), errors: errors(judged).cloned().collect() }
    }
}

fn errors<'j>(judged: &Judged<'j>) -> impl Iterator<Item = &'j Finding> {
    judged.findings.iter().filter(|finding| finding.weight == Severity::Error)
}

/// What becomes of each exchange that the older contract judged.
///
/// # Errors
/// A model cannot be read.
pub(super) fn fates(
    calls: HashMap<Location, Call>,
    mut after: HashMap<Location, After>,
    newer: &Catalog,
) -> Result<Fates> {
    let mut fates = Fates::default();
    for (location, call) in calls {
        let contract = newer.contract_for_traffic(&call.service)?;
        match fate(&call, after.remove(&location), contract) {
            Fate::Kept(is_sound) => fates.mended += usize::from(is_sound && !call.broken.is_empty()),
            Fate::Undecided => fates.undecided += 1,
            Fate::Broken(findings) => {
                let Call { service, operation, .. } = call;
                fates.broken.insert(location, Breakage { service, operation, findings });
            }
            Fate::Lost(named) => {
                let unknown = Breach::whole(BreachKind::UnknownOperation { nearest: None });
                let mut finding = judge(&unknown, Some(&call.service), Some(&named));
                finding.location = location.clone();
                let Call { service, operation, .. } = call;
                fates.broken.insert(location, Breakage { service, operation, findings: vec![finding] });
            }
        }
    }
    Ok(fates)
}

/// What becomes of one exchange.
enum Fate {
    /// It keeps the newer contract where it kept the older, or everywhere (`true`).
    Kept(bool),
    /// The newer contract says nothing of it.
    Undecided,
    /// It breaks the newer contract.
    Broken(Vec<Finding>),
    /// The newer model has no place for what is called so.
    Lost(String),
}

/// `contract` is the newer one of the service that the older one knows the exchange by.
fn fate(call: &Call, after: Option<After>, contract: Option<&Contract>) -> Fate {
    let service = contract.map(Contract::service);
    let has_operation = service.is_some_and(|service| service.operations.contains_key(&call.operation));
    let is_partial = service.is_some_and(Service::is_partial);
    // The service takes such messages, and the source does not say how they are written.
    let is_unwritten = service.zip(call.protocol).is_some_and(|(service, by)| service.in_protocol(by).is_none());
    match after {
        // What only part is known of may have the operation.
        _ if is_partial && !has_operation => Fate::Undecided,
        Some(mut after) if after.service == call.service => {
            let is_sound = after.errors.is_empty();
            after.errors.retain(|error| !call.broken.have(error));
            if after.errors.is_empty() { Fate::Kept(is_sound) } else { Fate::Broken(after.errors) }
        }
        // A sibling of the service may take it as well, as long as the service itself does.
        Some(_) if has_operation => Fate::Undecided,
        _ if !has_operation => Fate::Lost(call.operation.clone()),
        None if is_unwritten => Fate::Undecided,
        // The operation is there: it is method, path or host that lead nowhere. Without these it was found by its values.
        _ => call.route.clone().map_or(Fate::Undecided, Fate::Lost),
    }
}
