//! Which operation of a service a request calls, and by which protocol.

use super::evidence::Evidence;
use super::uri::{Mode, fit};
use crate::model::{Direction, Fact, Http, Operation, Protocol, Service};
use crate::recording::HttpRequest;

/// A request with the operation it calls.
#[derive(Debug, Clone)]
pub struct Routed<'m> {
    /// The operation.
    pub operation: &'m Operation,
    /// How the exchange is written.
    pub protocol: Protocol,
    /// Labels of the path with their values, undecoded.
    pub labels: Vec<(String, String)>,
    /// Labels that stand empty in the path.
    pub empty_labels: Vec<String>,
}

/// Leading segments of a path that may belong to an endpoint's own address.
const BASE_SEGMENTS: usize = 3;

/// The operation that a request calls; `None` where the service has none like it.
pub fn route<'m>(service: &'m Service, request: &HttpRequest<'_>, evidence: &Evidence) -> Option<Routed<'m>> {
    let protocols: &[Protocol] = match &service.protocols {
        Fact::Known(protocols) => protocols,
        Fact::Unknown => &[],
    };
    let plain = |operation, protocol| Routed { operation, protocol, labels: Vec::new(), empty_labels: Vec::new() };
    if let Some((_, name)) = &evidence.rpc
        && let Some(operation) = service.operations.get(name)
    {
        return Some(plain(operation, Protocol::RpcV2Cbor));
    }
    if let Some((_, name)) = &evidence.target
        && let Some(operation) = service.operations.get(name)
    {
        return Some(plain(operation, Protocol::AwsJson));
    }
    let rest = protocols.iter().copied().find(|protocol| protocol.is_rest());
    if let Some((name, _)) = &evidence.action
        && rest.is_none()
    {
        let protocol = if protocols.contains(&Protocol::Ec2Query) { Protocol::Ec2Query } else { Protocol::AwsQuery };
        return service.operations.get(name).map(|operation| plain(operation, protocol));
    }
    by_uri(service, rest?, request, evidence)
}

/// The operation whose method and URI template fit best.
fn by_uri<'m>(
    service: &'m Service,
    protocol: Protocol,
    request: &HttpRequest<'_>,
    evidence: &Evidence,
) -> Option<Routed<'m>> {
    let parts = request.parts();
    let bucket = virtual_bucket(service, evidence);
    let path = match bucket {
        Some(bucket) => format!("/{bucket}{}", if parts.path.is_empty() { "/" } else { parts.path }),
        None => parts.path.to_owned(),
    };
    let mut base = 0;
    loop {
        let rest = &path[base..];
        for mode in [Mode::Exact, Mode::EmptyLabels, Mode::LooseEnd] {
            if let Some(found) = best(service, protocol, request, rest, parts.query, mode) {
                return Some(found);
            }
        }
        // An endpoint of one's own may have a path of its own before the API's.
        let next = rest.get(1..).and_then(|rest| rest.find('/')).map(|slash| base + 1 + slash);
        match next {
            Some(next) if !evidence.aws_host && path[..next].matches('/').count() <= BASE_SEGMENTS => base = next,
            _ => return None,
        }
    }
}

fn best<'m>(
    service: &'m Service,
    protocol: Protocol,
    request: &HttpRequest<'_>,
    path: &str,
    query: &str,
    mode: Mode,
) -> Option<Routed<'m>> {
    let fits = service.operations.values().filter_map(|operation| {
        let Fact::Known(Http { method, uri, .. }) = &operation.http else { return None };
        if *method != *request.method {
            return None;
        }
        let fit = fit(uri, path, query, mode)?;
        let rank = (fit.score, told_apart(service, operation, request), !operation.deprecated);
        Some((rank, operation, fit))
    });
    let (_, operation, fit) = fits.max_by(|(a, first, _), (b, second, _)| {
        // Among equals the first by name, whatever the order they come in.
        a.cmp(b).then_with(|| second.name.cmp(&first.name))
    })?;
    let empty_labels =
        fit.labels.iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| (*name).to_owned()).collect();
    let labels = fit.labels.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    Some(Routed { operation, protocol, labels, empty_labels })
}

/// How well a request fits an operation beyond its URI, for operations that share one (S3's `CopyObject` and
/// `PutObject`): required query parameters and headers that are there count for it; one that is missing, against it.
fn told_apart(service: &Service, operation: &Operation, request: &HttpRequest<'_>) -> i32 {
    use crate::model::{Location, Presence};
    let Some(input) = service.half(operation, Direction::Request) else { return 0 };
    let query = request.parts().query;
    let mut score = 0;
    for member in input.members.iter().filter(|member| member.presence == Presence::Required) {
        let there = match member.location {
            Fact::Known(Location::Query) => {
                super::evidence::query_pairs(query).any(|(name, _)| name == member.wire_name())
            }
            Fact::Known(Location::Header) => request.headers.get(member.wire_name()).is_some(),
            _ => continue,
        };
        score += if there { 1 } else { -1 };
    }
    score
}

/// The bucket within a host, where the service's paths begin with one.
pub(super) fn virtual_bucket<'e>(service: &Service, evidence: &'e Evidence) -> Option<&'e str> {
    let begins_with_bucket = || {
        service
            .operations
            .values()
            .any(|operation| matches!(&operation.http, Fact::Known(http) if http.uri.starts_with("/{Bucket}")))
    };
    (evidence.aws_host && !evidence.before_prefix.is_empty() && begins_with_bucket())
        .then_some(evidence.before_prefix.as_str())
}
