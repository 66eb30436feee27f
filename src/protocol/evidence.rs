//! What a request says about the service and the operation it is meant for.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::recording::{HttpRequest, UrlParts};

/// What a request says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The host belongs to AWS.
    pub aws_host: bool,
    /// The host as it stands.
    pub host: String,
    /// Endpoint prefixes that the host may be made of, the longest first.
    pub prefixes: Vec<String>,
    /// What stands in the host before the endpoint prefix, such as a bucket's name.
    pub before_prefix: String,
    /// Service within the credential scope of `SigV4`.
    pub signing_name: Option<String>,
    /// Service and operation of `X-Amz-Target`.
    pub target: Option<(String, String)>,
    /// `Action` and `Version` of a query protocol.
    pub action: Option<(String, String)>,
    /// Service and operation of an rpcv2 path, `/service/S/operation/O`.
    pub rpc: Option<(String, String)>,
    /// The call that this is an attempt at (`amz-sdk-invocation-id`).
    pub invocation: Option<String>,
}

/// Endings of AWS's host names.
pub(super) const DOMAINS: &[&str] = &[
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".amazonaws-us-gov.com",
];

/// First labels of old host names that are no endpoint prefix.
const ALIASES: &[(&str, &str)] = &[("queue", "sqs")];

impl Evidence {
    /// Reads a request.
    pub fn of(request: &HttpRequest<'_>) -> Self {
        let parts = request.parts();
        let mut evidence = Self { host: parts.host.to_ascii_lowercase(), ..Self::default() };
        let named =
            request.headers.get("host").map(|host| host.split(':').next().unwrap_or_default().to_ascii_lowercase());
        for host in [Some(evidence.host.clone()), named].into_iter().flatten() {
            if let Some((prefixes, before)) = aws_host(&host) {
                (evidence.prefixes, evidence.before_prefix, evidence.aws_host) = (prefixes, before, true);
                break;
            }
        }
        evidence.signing_name = signing_name(request, &parts);
        evidence.target = request.headers.get("x-amz-target").and_then(|target| {
            let (service, operation) = target.rsplit_once('.')?;
            Some((service.to_owned(), operation.to_owned()))
        });
        evidence.action = action(request, &parts);
        evidence.rpc = rpc(parts.path);
        evidence.invocation = request.headers.get("amz-sdk-invocation-id").map(Cow::into_owned);
        evidence
    }

    /// The service as a report names it where no contract was found.
    pub fn label(&self) -> String {
        let prefix = self.prefixes.last().filter(|_| self.aws_host);
        let target = self.target.as_ref().map(|(service, _)| service);
        prefix.or(self.signing_name.as_ref()).or(target).unwrap_or(&self.host).clone()
    }

    /// Nothing in the request speaks of AWS.
    pub fn is_foreign(&self) -> bool {
        !self.aws_host && self.signing_name.is_none() && self.target.is_none() && self.rpc.is_none()
    }
}

/// Endpoint prefixes that an AWS host may hold, and what stands before the last of them.
fn aws_host(host: &str) -> Option<(Vec<String>, String)> {
    let name = DOMAINS.iter().find_map(|domain| host.strip_suffix(domain))?;
    let mut labels: Vec<&str> = name.split('.').filter(|label| !is_region(label) && *label != "dualstack").collect();
    // `s3-us-west-2` and `cleanrooms-fips` are one label with something at its end.
    if let Some(last) = labels.last_mut() {
        *last = last.strip_suffix("-fips").or_else(|| last.strip_prefix("fips-")).unwrap_or(last);
        *last = without_region(last);
    }
    if let Some((alias, meant)) = labels.last().and_then(|last| ALIASES.iter().find(|(alias, _)| alias == last)) {
        let at = labels.len() - 1;
        debug_assert_eq!(labels[at], *alias);
        labels[at] = meant;
    }
    let prefixes = (0..labels.len()).map(|from| labels[from..].join(".")).collect();
    let before = labels[..labels.len().saturating_sub(1)].join(".");
    Some((prefixes, before))
}

/// `us-east-1`, `eusc-de-east-1`, `us-gov-west-1`; `global` stands in a region's place.
pub(super) fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let number = parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    let partition = parts[0] == "eusc" || (parts[0].len() == 2 && parts[0].bytes().all(|b| b.is_ascii_alphabetic()));
    label == "global" || (parts.len() >= 3 && parts.len() <= 4 && number && partition)
}

pub(super) fn without_region(label: &str) -> &str {
    label.match_indices('-').find(|(at, _)| is_region(&label[at + 1..])).map_or(label, |(at, _)| &label[..at])
}

fn signing_name(request: &HttpRequest<'_>, parts: &UrlParts<'_>) -> Option<String> {
    let scope = |text: &str| {
        let mut from_end = text.trim().rsplit('/');
        (from_end.next() == Some("aws4_request")).then(|| from_end.next().map(str::to_owned)).flatten()
    };
    if let Some(header) = request.headers.get("authorization")
        && let Some((_, rest)) = header.split_once("Credential=")
        && let Some(service) = scope(rest.split(',').next().unwrap_or_default())
    {
        return Some(service);
    }
    let credential = query_pairs(parts.query).find(|(name, _)| name.eq_ignore_ascii_case("x-amz-credential"))?;
    scope(&credential.1)
}

fn action(request: &HttpRequest<'_>, parts: &UrlParts<'_>) -> Option<(String, String)> {
    let form = request.headers.media_type().is_none_or(|media| media == "application/x-www-form-urlencoded");
    let body = request.body.as_ref().filter(|_| form).map(crate::recording::Written::text).unwrap_or_default();
    let mut action = None;
    let mut version = None;
    for (name, value) in query_pairs(&body).chain(query_pairs(parts.query)) {
        match &*name {
            "Action" => action = action.or(Some(value.into_owned())),
            "Version" => version = version.or(Some(value.into_owned())),
            _ => {}
        }
    }
    Some((action?, version?))
}

fn rpc(path: &str) -> Option<(String, String)> {
    let mut from_end = path.rsplit('/');
    let (operation, word, service) = (from_end.next()?, from_end.next()?, from_end.next()?);
    (word == "operation" && from_end.next() == Some("service")).then(|| (service.to_owned(), operation.to_owned()))
}

/// Names and values of a query string or form, decoded.
pub(super) fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// A part of a query string, decoded: `+` is a space.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned());
    }
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_hold_endpoint_prefixes() {
        let prefixes = |host: &str| aws_host(host).map(|(prefixes, _)| prefixes);
        let one = |host: &str, prefix: &str| assert_eq!(prefixes(host), Some(vec![prefix.to_owned()]), "{host}");
        one("cleanrooms.us-east-1.amazonaws.com", "cleanrooms");
        one("iam.amazonaws.com", "iam");
        one("cleanrooms-fips.us-gov-west-1.amazonaws.com", "cleanrooms");
        one("us-east-1.queue.amazonaws.com", "sqs");
        one("s3-us-west-2.amazonaws.com", "s3");
        one("s3.dualstack.cn-north-1.amazonaws.com.cn", "s3");
        one("codecatalyst.global.api.aws", "codecatalyst");
        assert_eq!(prefixes("api.ecr.eu-west-1.amazonaws.com"), Some(vec!["api.ecr".into(), "ecr".into()]));
        let bucket = aws_host("my.bucket.s3.eu-west-1.amazonaws.com").expect("AWS");
        assert_eq!(bucket, (vec!["my.bucket.s3".into(), "bucket.s3".into(), "s3".into()], "my.bucket".into()));
        assert_eq!(aws_host("localhost"), None);
        assert_eq!(aws_host("example.com"), None);
    }

    #[test]
    fn paths_of_rpcv2_name_service_and_operation() {
        assert_eq!(rpc("/prefix/service/S/operation/O"), Some(("S".into(), "O".into())));
        assert_eq!(rpc("/service/S/operation"), None);
    }
}
