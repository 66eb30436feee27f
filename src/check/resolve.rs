//! The contract that an exchange is held against: its service found by evidence, and chosen by fit where several may be
//! meant.

use super::catalog::Catalog;
use super::choice::{Resolved, best, unknown};
use crate::contract::{Contract, Observation, Paths};
use crate::error::Result;
use crate::evidence::{Candidates, Context, Evidence, Ground};
use crate::protocol;
use crate::recording::{self, Exchange, Excuse, HttpExchange, ServiceName};

/// What is known of an exchange beside itself.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    /// The service that the user names.
    pub(super) service: Option<&'k str>,
    /// What the rest of the recording says.
    pub(super) context: &'k Context,
    /// How exchanges are judged.
    pub(super) paths: Paths,
    /// Whether anybody asks why an exchange is taken for a service's.
    pub(super) is_asked_why: bool,
}

/// What became of an exchange.
#[allow(clippy::large_enum_variant, reason = "nearly all are judged")]
pub(super) enum Found<T> {
    /// It was held against a contract.
    Judged(T),
    /// It is of an AWS service that there is no contract of.
    Unchecked,
    /// It calls no AWS API that a model describes, as far as it says.
    Elsewhere,
}

/// Operations that many services have by the same name, so that the name alone says nothing of the service.
pub(super) const SHARED: &[&str] = &["ListTags", "ListTagsForResource", "TagResource", "UntagResource"];

impl Catalog {
    /// Services that an exchange may be of, by what it and the user say.
    pub(super) fn candidates<'s>(
        &'s self,
        exchange: &'s Exchange<'_>,
        service: Option<&'s str>,
    ) -> Result<(Vec<&'s str>, Ground)> {
        Ok(match (&exchange.service, service) {
            (ServiceName::Name(name), _) => (vec![self.called(name).unwrap_or(name)], Ground::Named),
            (ServiceName::Unstated { .. }, Some(service)) => {
                (vec![self.called(service).unwrap_or(service)], Ground::User)
            }
            (ServiceName::EndpointPrefix(prefix), user) => {
                let by_prefix = self.directory()?.by_prefix(prefix);
                // The user settles which of several is meant, and what nothing is known of.
                let own = user.map(|user| self.called(user).unwrap_or(user));
                if let Some(own) = own.filter(|own| by_prefix.is_empty() || by_prefix.contains(own)) {
                    return Ok((vec![own], Ground::User));
                }
                let ground = Ground::FileName(prefix.to_string());
                let called = || self.called(prefix).into_iter().collect();
                (if by_prefix.is_empty() { called() } else { by_prefix }, ground)
            }
            (ServiceName::Unstated { folders }, None) => {
                let canonical = folders.iter().copied().find(|folder| self.has(folder));
                let called = || folders.iter().find_map(|folder| Some((*folder, self.called(folder)?)));
                match canonical.map(|folder| (folder, folder)).or_else(called) {
                    Some((folder, service)) => (vec![service], Ground::Folder(folder.to_owned())),
                    None => self.by_operation(exchange, folders)?,
                }
            }
        })
    }

    /// The service that alone has the operation of an exchange.
    fn with_operation(&self, exchange: &Exchange<'_>) -> Result<Vec<&str>> {
        let mut having = Vec::new();
        if exchange.operation.is_empty() {
            return Ok(having);
        }
        for service in self.with_name(&exchange.operation)? {
            let contract = self.contract_for(service, exchange.recorded_at.as_deref())?;
            let operation = contract.and_then(|contract| contract.operation_spelt(&exchange.operation));
            if operation.is_some_and(|operation| !SHARED.contains(&operation)) {
                having.push(service);
            }
        }
        Ok(having)
    }

    /// The one service that has the operation; of several, those whose endpoint prefix a folder is called by, as in SDKs that
    /// keep models so.
    fn by_operation(&self, exchange: &Exchange<'_>, folders: &[&str]) -> Result<(Vec<&str>, Ground)> {
        let having = self.with_operation(exchange)?;
        if having.len() > 1 {
            for folder in folders {
                let by_prefix = self.directory()?.by_prefix(folder);
                let meant: Vec<&str> = having.iter().copied().filter(|service| by_prefix.contains(service)).collect();
                if !meant.is_empty() {
                    return Ok((meant, Ground::Folder((*folder).to_owned())));
                }
            }
        }
        let only = if having.len() == 1 { having } else { Vec::new() };
        Ok((only, Ground::Operation(exchange.operation.to_string())))
    }

    /// Holds an exchange against the contract of its service; `None` where there is none.
    pub(super) fn resolve(&self, exchange: &Exchange<'_>, known: Known<'_>) -> Result<Option<Resolved<'_>>> {
        for catalog in self.with_fallback() {
            if let Some(resolved) = catalog.resolve_own(exchange, known)? {
                return Ok(Some(resolved));
            }
        }
        Ok(None)
    }

    fn resolve_own(&self, exchange: &Exchange<'_>, known: Known<'_>) -> Result<Option<Resolved<'_>>> {
        let mut meant = Vec::new();
        let (candidates, ground) = self.candidates(exchange, known.service)?;
        for candidate in candidates {
            meant.extend(self.contract_for(candidate, exchange.recorded_at.as_deref())?.map(|contract| (contract, ())));
        }
        let mut fits = observed(meant, |()| exchange, known.paths)?;
        if fits.iter().all(|(_, observation, ())| unknown(observation)) {
            for sibling in recording::siblings(exchange).iter().filter_map(|sibling| self.called(sibling)) {
                let Some(contract) = self.contract_for(sibling, exchange.recorded_at.as_deref())? else { continue };
                if contract.service().operations.contains_key(&*exchange.operation) {
                    fits.push((contract, contract.observe_by(exchange, known.paths)?, ()));
                }
            }
        }
        let Some((mut resolved, ())) = best(fits, self.aliases(), |service| known.context.has(service)) else {
            return Ok(None);
        };
        resolved.grounds.insert(0, ground);
        // Of calls that several services know alike, a log keeps too little to tell them apart.
        resolved.ambiguous = resolved.ambiguous.filter(|_| !Excuse::ServiceOfLog.holds(exchange.fidelity));
        Ok(Some(resolved))
    }

    /// Finds service and operation of an HTTP exchange, decodes it and holds it against the contract.
    pub(super) fn resolve_http<'h>(
        &self,
        http: &'h HttpExchange<'h>,
        evidence: &Evidence,
        known: Known<'_>,
    ) -> Result<Found<(Resolved<'_>, Exchange<'h>)>> {
        let mut elsewhere = evidence.is_foreign() || evidence.is_of_a_user();
        elsewhere |= evidence.may_be_of_a_stranger() && self.knows_most();
        let asks_more = !evidence.is_foreign() || known.service.is_some();
        for catalog in self.with_fallback().take(if asks_more { 2 } else { 1 }) {
            let candidates = catalog.candidates_http(evidence, known)?;
            match catalog.resolve_among(&candidates, http, evidence, known)? {
                Found::Judged(found) => return Ok(Found::Judged(found)),
                Found::Elsewhere => elsewhere = true,
                Found::Unchecked => {}
            }
        }
        Ok(if elsewhere { Found::Elsewhere } else { Found::Unchecked })
    }

    /// Services of this catalog that a request may be meant for, with what speaks for them.
    fn candidates_http<'s>(&'s self, evidence: &Evidence, known: Known<'s>) -> Result<(Candidates<'s>, Vec<Ground>)> {
        let found = self.directory()?.candidates(evidence);
        // What the user says settles what the exchange leaves open: an address of one's own names nothing.
        let own = known.service.and_then(|service| self.called(service));
        if let Some(own) = own.filter(|own| found.services.contains(own) || !evidence.is_strong()) {
            return Ok((Candidates { services: vec![own], certain: true }, vec![Ground::User]));
        }
        if found.services.is_empty() && !evidence.is_strong() && known.service.is_none() {
            let services = known.context.of_host(&evidence.host).filter(|service| self.has(service)).collect();
            return Ok((Candidates { services, certain: false }, vec![Ground::SameHost]));
        }
        Ok((found, if known.is_asked_why { evidence.grounds() } else { Vec::new() }))
    }

    fn resolve_among<'h>(
        &self,
        (candidates, grounds): &(Candidates<'_>, Vec<Ground>),
        http: &'h HttpExchange<'h>,
        evidence: &Evidence,
        known: Known<'_>,
    ) -> Result<Found<(Resolved<'_>, Exchange<'h>)>> {
        let mut meant = Vec::new();
        let mut without = Vec::new();
        for candidate in &candidates.services {
            let Some(contract) = self.contract_for(candidate, http.recorded_at.as_deref())? else { continue };
            let mut routes = protocol::routes(contract.service(), &http.request, evidence);
            if routes.is_empty() && !evidence.names_operation() {
                routes.extend(protocol::route_by_answer(contract.service(), http));
            }
            if routes.is_empty() {
                without.push(contract);
            }
            // How such messages are written, the model may not say.
            for route in routes.into_iter().filter(|route| contract.service().in_protocol(route.protocol).is_some()) {
                meant.push((contract, protocol::decode(contract.service(), &route, http)));
            }
        }
        let mut fits = observed(meant, |exchange| exchange, known.paths)?;
        if fits.is_empty()
            && let Some(contract) = without.first()
        {
            if candidates.certain && is_of_another(contract, evidence) {
                return Ok(Found::Unchecked);
            }
            if !candidates.certain || is_beside(contract, evidence, http) {
                return Ok(Found::Elsewhere);
            }
            let exchange = protocol::undecoded(http, evidence);
            fits.push((contract, contract.observe_by(&exchange, known.paths)?, exchange));
        }
        let prefers = |service: &str| known.context.has(service) || evidence.arns.iter().any(|arn| arn == service);
        Ok(match best(fits, self.aliases(), prefers) {
            Some((mut resolved, exchange)) => {
                resolved.grounds.splice(0..0, grounds.iter().cloned());
                Found::Judged((resolved, exchange))
            }
            None => Found::Unchecked,
        })
    }
}

/// What each contract that an exchange may be held against says of it, as `exchange` has it. Where it keeps one of several,
/// nobody asks what it lacks by the others.
fn observed<'c, 'e, T>(
    meant: Vec<(&'c Contract, T)>,
    exchange: impl Fn(&T) -> &Exchange<'e>,
    paths: Paths,
) -> Result<Vec<(&'c Contract, Observation, T)>> {
    let observe = |look: fn(&Contract, &Exchange<'_>, Paths) -> Result<Observation>| -> Result<Vec<Observation>> {
        meant.iter().map(|(contract, own)| look(contract, exchange(own), paths)).collect()
    };
    let mut observations = Vec::new();
    if meant.len() > 1 {
        observations = observe(Contract::observe_roughly)?;
    }
    if observations.iter().all(|observation| !observation.breaches.is_empty()) {
        observations = observe(Contract::observe_by)?;
    }
    let fits = meant.into_iter().zip(observations);
    Ok(fits.map(|((contract, own), observation)| (contract, observation, own)).collect())
}

/// Whether a request that calls none of a service's operations is for another server, or another API, at the service's
/// host. Of a service whose requests all go to one path, requests for others are.
fn is_beside(contract: &Contract, evidence: &Evidence, http: &HttpExchange<'_>) -> bool {
    let protocols = contract.service().protocols.known();
    let by_path = protocols.is_none_or(|protocols| protocols.iter().any(|protocol| protocol.is_rest()));
    let at_root = http.request.method == "POST" && matches!(http.request.parts().path, "" | "/");
    // `data.iot` is an endpoint itself, not a server below that of `iot`.
    let prefix = contract.service().endpoint_prefix.known();
    let rest = prefix.and_then(|prefix| prefix.strip_prefix(evidence.before_prefix.as_str()));
    let is_whole = !evidence.before_prefix.is_empty() && rest.is_some_and(|rest| rest.starts_with('.'));
    evidence.may_be_of_a_resource() && !is_whole || !(by_path || at_root || evidence.names_operation())
}

/// Whether the host is the endpoint of another service, with which this one shares the scope of signatures alone.
fn is_of_another(contract: &Contract, evidence: &Evidence) -> bool {
    let prefix = contract.service().endpoint_prefix.known();
    evidence.aws_host && prefix.is_some_and(|prefix| !evidence.prefixes.contains(prefix))
}
