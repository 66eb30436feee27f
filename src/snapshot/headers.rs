//! Headers of requests: all by name, and of those that belong to the protocol what they say.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Fact, Location, Operation, Service, ShapeKind, Structure};
use crate::protocol::{OTHER, is_plain};
use crate::recording::HttpRequest;
use crate::wire::{self, Sent, Texts};

/// Headers by name, counted.
#[derive(Default)]
pub(super) struct Headers {
    requests: usize,
    counts: BTreeMap<String, Count>,
}

#[derive(Default)]
struct Count {
    there: usize,
    signed: usize,
    value: Texts,
}

/// The header that says which attempt a request is.
const RETRIES: &str = "amz-sdk-request";
/// Headers whose values are told.
const TOLD: &[&str] = &[
    "accept",
    "accept-encoding",
    RETRIES,
    "authorization",
    "content-encoding",
    "content-type",
    "expect",
    "smithy-protocol",
    "te",
    "transfer-encoding",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-mode",
    "x-amz-checksum-type",
    "x-amz-content-sha256",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-target",
    "x-amz-trailer",
    "x-amzn-query-mode",
];
/// Headers that belong to the protocol by their names alone, beside checksums.
const NAMED: &[&str] = &["content-length", "content-md5", "x-amz-decoded-content-length"];
/// The longest value that is told.
const LONGEST: usize = 100;

/// Whether a header is the protocol's, whatever member it carries.
fn is_of_the_protocol(name: &str) -> bool {
    TOLD.contains(&name) || NAMED.contains(&name) || name.starts_with("x-amz-checksum-")
}

/// Members of an input that are told as headers, for these are the protocol's.
pub(super) fn told_as_headers(input: &Structure) -> BTreeSet<&str> {
    let bound = |member: &&crate::model::Member| {
        member.location == Fact::Known(Location::Header) && is_of_the_protocol(&member.wire_name().to_ascii_lowercase())
    };
    input.members.iter().filter(bound).map(|member| &*member.name).collect()
}

impl Headers {
    /// Adds the headers of a request.
    pub(super) fn add(&mut self, request: &HttpRequest<'_>, service: &Service, operation: &Operation) {
        self.requests += 1;
        let signed = signed(request);
        let mut names: BTreeSet<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        // What is signed was sent, whether or not the recorder kept it.
        names.extend(signed.iter().cloned());
        for name in names {
            if !is_of_the_protocol(&name) && carries_a_member(&name, service, operation) {
                continue;
            }
            let told = if is_plain(&name) { name.clone() } else { OTHER.to_owned() };
            let count = self.counts.entry(told).or_default();
            count.there += 1;
            count.signed += usize::from(signed.contains(&name));
            if TOLD.contains(&&*name)
                && let Some(value) = request.headers.get(&name)
            {
                let told = match &*name {
                    RETRIES => attempts(&value),
                    _ => Some(value_of(&name, &value, operation)),
                };
                count.value.extend(told);
            }
        }
    }

    pub(super) fn finish(self) -> BTreeMap<String, wire::Header> {
        let header = |(name, count): (String, Count)| {
            let Count { there, signed, value } = count;
            let signed = (signed > 0).then(|| Sent::of(signed, there));
            (name, wire::Header { sent: Sent::of(there, self.requests), signed, value })
        };
        self.counts.into_iter().map(header).collect()
    }
}

/// Whether the header holds a member of the input, which is told as such.
fn carries_a_member(name: &str, service: &Service, operation: &Operation) -> bool {
    let input = operation.input.as_ref().and_then(|input| service.shape(input));
    let Some(ShapeKind::Structure(input)) = input.map(|shape| &shape.kind) else { return false };
    input.members.iter().any(|member| match member.location {
        Fact::Known(Location::Header) => member.wire_name().eq_ignore_ascii_case(name),
        Fact::Known(Location::PrefixHeaders) => {
            let prefix = member.wire_name.as_deref().unwrap_or_default().to_ascii_lowercase();
            !prefix.is_empty() && name.starts_with(&prefix)
        }
        _ => false,
    })
}

/// Names of the headers that the signature covers.
fn signed(request: &HttpRequest<'_>) -> BTreeSet<String> {
    let header = request.headers.get("authorization");
    let in_header = header.as_deref().and_then(|value| {
        let (_, rest) = value.split_once("SignedHeaders=")?;
        Some(
            rest.split(',')
                .next()
                .unwrap_or_default()
                .split(';')
                .map(|name| name.trim().to_ascii_lowercase())
                .collect(),
        )
    });
    let in_query = || {
        let pairs = request.parts().query.split('&').filter_map(|pair| pair.split_once('='));
        let names = pairs
            .filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-signedheaders"))
            .map(|(_, names)| names)
            .next()?;
        let names = names.replace("%3B", ";").replace("%3b", ";");
        Some(names.split(';').map(str::to_ascii_lowercase).collect())
    };
    let mut names: BTreeSet<String> = in_header.or_else(in_query).unwrap_or_default();
    names.remove("");
    names
}

/// What a header of the protocol says, without what may differ from run to run.
fn value_of(name: &str, value: &str, operation: &Operation) -> String {
    let value = value.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ,;=./*+_-{}".contains(&byte);
    let told = match name {
        "authorization" => scheme(value).to_owned(),
        "x-amz-content-sha256" => form_of_hash(value).to_owned(),
        "x-amz-target" => match value.rsplit_once('.') {
            Some((service, called)) if called == operation.name => format!("{service}.{{operation}}"),
            _ => OTHER.to_owned(),
        },
        "content-type" => media_type(value),
        _ => value.to_owned(),
    };
    if told == OTHER || told.len() <= LONGEST && told.bytes().all(plain) { told } else { OTHER.to_owned() }
}

/// How often a call is tried at most, as the header about retries says it; `None` where it does not, as in first attempts
/// of some SDKs.
fn attempts(value: &str) -> Option<String> {
    let digits = |most: &&str| (1..=4).contains(&most.len()) && most.bytes().all(|byte| byte.is_ascii_digit());
    let most = value.split(';').find_map(|part| part.trim().strip_prefix("max=")).filter(digits);
    most.map(|most| format!("attempt={{attempt}}; max={most}"))
}

/// A media type with its character set; other parameters may say anything.
fn media_type(value: &str) -> String {
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_owned();
    let charset = parts.find(|part| part.get(..8).is_some_and(|name| name.eq_ignore_ascii_case("charset=")));
    charset.map_or(kind.clone(), |charset| format!("{kind}; {charset}"))
}

/// How a request says who sends it: the word before the credentials.
fn scheme(value: &str) -> &str {
    let plain = |scheme: &&str| scheme.len() <= 32 && is_plain(scheme);
    value.split_once(' ').map(|(scheme, _)| scheme).filter(plain).unwrap_or(OTHER)
}

fn form_of_hash(value: &str) -> &str {
    let is_word = value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    match value {
        _ if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) => "hash",
        _ if is_word && (value.starts_with("STREAMING-") || value == "UNSIGNED-PAYLOAD") => value,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_retries_the_most_attempts_are_told() {
        let told = |value| attempts(value);
        for value in ["attempt=1; max=3", "ttl=20260501T100000Z; attempt=3; max=3"] {
            assert_eq!(told(value).as_deref(), Some("attempt={attempt}; max=3"), "{value}");
        }
        for value in ["attempt=1", "attempt=1; max=many", "attempt=1; max=", "max=123456"] {
            assert_eq!(told(value), None, "{value}");
        }
    }

    #[test]
    fn values_are_told_without_what_differs_from_run_to_run() {
        let told = |name, value: &str| value_of(name, value, &Operation::named("Put"));
        assert_eq!(told("x-amz-content-sha256", &"0a".repeat(32)), "hash");
        assert_eq!(
            told("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        );
        assert_eq!(told("x-amz-content-sha256", "something"), OTHER);
        assert_eq!(told("authorization", "AWS4-HMAC-SHA256 Credential=a"), "AWS4-HMAC-SHA256");
        assert_eq!(told("authorization", "secret"), OTHER);
        assert_eq!(told("authorization", "Bearer secret"), "Bearer");
        assert_eq!(told("x-amz-target", "Thing.Put"), "Thing.{operation}");
        assert_eq!(told("x-amz-target", "Thing.Other"), OTHER);
        assert_eq!(told("content-type", "multipart/form-data; boundary=abc123"), "multipart/form-data");
        assert_eq!(told("content-type", "text/plain; name=<secret>;charset=utf-8"), "text/plain; charset=utf-8");
        assert_eq!(told("content-type", "<secret>"), OTHER);
        assert_eq!(told("accept", &"a".repeat(101)), OTHER);
    }
}
