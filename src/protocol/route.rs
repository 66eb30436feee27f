//! Which operation of a service a request calls, and by which protocol.

use std::borrow::Cow;

use super::evidence::{Action, Evidence};
use super::uri::{Mode, decoded, fit};
use crate::model::{Direction, Fact, Http, Operation, Protocol, Service};
use crate::recording::HttpRequest;

/// A request with the operation it calls.
#[derive(Debug, Clone)]
pub struct Routed<'m> {
    /// The operation.
    pub operation: &'m Operation,
    /// How the exchange is written.
    pub protocol: Protocol,
    /// The bucket that the host names in place of the path.
    pub bucket: Option<String>,
    /// Labels of the path with their values, undecoded.
    pub labels: Vec<(String, String)>,
    /// Labels that stand empty in the path.
    pub empty_labels: Vec<String>,
    /// The answer alone names the operation: the body that did so was not recorded.
    pub by_answer: bool,
}

impl<'m> Routed<'m> {
    /// A call of an operation by its name.
    pub(super) fn named(operation: &'m Operation, protocol: Protocol) -> Self {
        Self { operation, protocol, bucket: None, labels: Vec::new(), empty_labels: Vec::new(), by_answer: false }
    }
}

/// Leading segments of a path that may belong to an endpoint's own address.
const BASE_SEGMENTS: usize = 3;

/// The operation that a request calls, the likeliest of [`routes`]; `None` where the service has none like it.
pub fn route<'m>(service: &'m Service, request: &HttpRequest<'_>, evidence: &Evidence) -> Option<Routed<'m>> {
    routes(service, request, evidence).into_iter().next()
}

/// The operations that a request may call, the likeliest first. There are several where the request alone does not say
/// what the first segment of its path is, or whether a slash at its end stands for an empty label.
pub fn routes<'m>(service: &'m Service, request: &HttpRequest<'_>, evidence: &Evidence) -> Vec<Routed<'m>> {
    let protocols: &[Protocol] = match &service.protocols {
        Fact::Known(protocols) => protocols,
        Fact::Unknown => &[],
    };
    let plain = |name: &str, protocol| Some(Routed::named(service.operations.get(name)?, protocol));
    let by_rpc = evidence.rpc.as_ref().and_then(|(_, name)| plain(name, Protocol::RpcV2Cbor));
    let by_name = by_rpc.or_else(|| plain(&evidence.target.as_ref()?.1, Protocol::AwsJson));
    if let Some(routed) = by_name {
        return vec![routed];
    }
    let rest = protocols.iter().copied().find(|protocol| protocol.is_rest());
    if let Some(Action { name, .. }) = &evidence.action
        && rest.is_none()
    {
        let protocol = if protocols.contains(&Protocol::Ec2Query) { Protocol::Ec2Query } else { Protocol::AwsQuery };
        return plain(name, protocol).into_iter().collect();
    }
    let Some(rest) = rest else { return Vec::new() };
    let mut found: Vec<Routed<'m>> = Vec::new();
    for bucket in buckets(service, evidence) {
        for routed in by_uri(service, rest, request, evidence, bucket) {
            let is_new = |own: &Routed<'_>| own.operation.name != routed.operation.name || own.labels != routed.labels;
            if found.iter().all(is_new) {
                found.push(routed);
            }
        }
    }
    found
}

/// The operations whose method and URI template fit best. `bucket` is one that the host names.
fn by_uri<'m>(
    service: &'m Service,
    protocol: Protocol,
    request: &HttpRequest<'_>,
    evidence: &Evidence,
    bucket: Option<&str>,
) -> Vec<Routed<'m>> {
    let parts = request.parts();
    let path = match bucket {
        Some(bucket) => format!("/{bucket}{}", if parts.path.is_empty() { "/" } else { parts.path }),
        None => parts.path.to_owned(),
    };
    let may_have_base = bucket.is_none() && evidence.has_own_path();
    let mut base = 0;
    loop {
        let rest = &path[base..];
        let fit = |mode| best(service, protocol, request, rest, parts.query, mode);
        let found: Vec<Routed<'m>> = match fit(Mode::Exact) {
            Some(exact) => vec![exact],
            // A slash at the end means nothing, unless all that it precedes is a label that was left empty.
            None => [Mode::LooseEnd, Mode::EmptyLabels].into_iter().filter_map(fit).collect(),
        };
        if !found.is_empty() {
            let bucket = bucket.map(str::to_owned);
            return found.into_iter().map(|routed| Routed { bucket: bucket.clone(), ..routed }).collect();
        }
        // An endpoint of one's own may have a path of its own before the API's.
        let next = rest.get(1..).and_then(|rest| rest.find('/')).map(|slash| base + 1 + slash);
        match next {
            Some(next) if may_have_base && path[..next].matches('/').count() <= BASE_SEGMENTS => base = next,
            _ => return Vec::new(),
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
    let segments: Vec<Cow<'_, str>> = path.strip_prefix('/').unwrap_or(path).split('/').map(decoded).collect();
    let named = service.routes.of(service, &request.method, &segments);
    let named = named.map(|names| names.into_iter().filter_map(|name| service.operations.get(name)));
    let all = named.is_none().then(|| service.operations.values());
    let fits = named.into_iter().flatten().chain(all.into_iter().flatten()).filter_map(|operation| {
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
    Some(Routed { labels, empty_labels, ..Routed::named(operation, protocol) })
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

/// Buckets that the host may name, where the service's paths begin with one; `None` stands for the path's own. The
/// likeliest comes first.
fn buckets<'e>(service: &Service, evidence: &'e Evidence) -> Vec<Option<&'e str>> {
    let buckets = evidence.buckets();
    let is_bucket =
        |operation: &Operation| matches!(&operation.http, Fact::Known(http) if http.uri.starts_with("/{Bucket}"));
    if buckets == [None] || !service.operations.values().any(is_bucket) {
        return vec![None];
    }
    buckets
}
