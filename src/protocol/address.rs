//! Where a request goes, without what depends on the account, region or resource: host, path and parameters as templates.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{DOMAINS, is_region, query_pairs, without_region};
use super::{Evidence, Routed, bindings};
use crate::model::{Direction, Fact, Location, Operation, Service, ShapeKind};
use crate::recording::{HttpRequest, credential, form_decoded};

/// An address as a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Host: `{Bucket}.s3.{region}.amazonaws.com`; `{address}` for one that is not AWS's.
    pub host: String,
    /// Path: `/memberships/{membershipIdentifier}`, with a slash at its end where it was sent with one.
    pub uri: String,
    /// Parameters of the URL that are no members, by name.
    pub query: BTreeSet<String>,
    /// Characters other than letters and digits as they stand in a label or parameter, `%3A` or `:`, by member.
    pub escapes: BTreeMap<String, BTreeSet<String>>,
}

/// Stands for a name that may say something about its user.
pub const OTHER: &str = "(other)";
/// The longest name that is no such name.
const LONGEST: usize = 64;

impl Address {
    /// The address of a request whose operation is known.
    pub fn of(service: &Service, routed: &Routed<'_>, request: &HttpRequest<'_>, evidence: &Evidence) -> Self {
        let bucket = routed.bucket.as_deref();
        let (query, mut escapes) = query(service, routed, request);
        for (label, text) in &routed.labels {
            if bucket.is_none_or(|bucket| text != bucket)
                && let Some(member) = member_at(service, routed.operation, Location::Label, label)
            {
                escapes.entry(member).or_default().extend(escaped(text));
            }
        }
        escapes.retain(|_, found| !found.is_empty());
        Self {
            host: host(service, request, bucket.is_some()),
            uri: uri(routed, request, evidence, bucket.is_some()),
            query,
            escapes,
        }
    }
}

fn host(service: &Service, request: &HttpRequest<'_>, has_bucket: bool) -> String {
    let own = request.parts().host.to_ascii_lowercase();
    let header = request.headers.get("host").map(|host| host.to_ascii_lowercase());
    let header = header.as_deref().map(|host| host.split(':').next().unwrap_or_default());
    let aws = |host: &str| DOMAINS.iter().find_map(|domain| Some((host.strip_suffix(domain)?.to_owned(), *domain)));
    let Some((name, domain)) = aws(&own).or_else(|| aws(header?)) else { return "{address}".to_owned() };
    let labels: Vec<&str> = name.split('.').collect();
    let at = endpoint_at(service, &labels);
    let mut form: Vec<String> = Vec::new();
    for (number, label) in labels.iter().enumerate() {
        let label = match without_region(label) {
            _ if is_region(label) => "{region}".to_owned(),
            _ if number < at && has_bucket => "{Bucket}".to_owned(),
            _ if number < at && label.len() == 12 && label.bytes().all(|byte| byte.is_ascii_digit()) => {
                "{account}".to_owned()
            }
            _ if number < at => "{label}".to_owned(),
            plain if plain.len() < label.len() => format!("{plain}-{{region}}"),
            plain => plain.to_owned(),
        };
        // A bucket's name may have dots.
        if form.last() != Some(&label) || !label.starts_with('{') {
            form.push(label);
        }
    }
    form.join(".") + domain
}

/// Which label the endpoint begins with: that of the service's own prefix, else the last one that is no region.
fn endpoint_at(service: &Service, labels: &[&str]) -> usize {
    let plain = |label: &str| without_region(label).trim_end_matches("-fips").to_owned();
    if let Some(prefix) = service.endpoint_prefix.known() {
        let wanted: Vec<&str> = prefix.split('.').collect();
        let found = labels
            .windows(wanted.len())
            .rposition(|part| part.iter().map(|label| plain(label)).eq(wanted.iter().copied()));
        if let Some(found) = found {
            return found;
        }
    }
    labels.iter().rposition(|label| !is_region(label) && !matches!(*label, "dualstack" | "vpce")).unwrap_or(0)
}

fn uri(routed: &Routed<'_>, request: &HttpRequest<'_>, evidence: &Evidence, has_bucket: bool) -> String {
    let path = request.parts().path;
    if !routed.protocol.is_rest() {
        return match &evidence.rpc {
            Some((service, _)) => format!("/service/{service}/operation/{{operation}}"),
            // An SQS queue's own path.
            None if !path.is_empty() && path != "/" => "/{path}".to_owned(),
            None => "/".to_owned(),
        };
    }
    let Fact::Known(http) = &routed.operation.http else { return OTHER.to_owned() };
    let template = http.uri.split('?').next().unwrap_or_default();
    let template = if has_bucket { template.strip_prefix("/{Bucket}").unwrap_or(template) } else { template };
    let (template, path) = (template.trim_end_matches('/'), (path.trim_end_matches('/'), path.ends_with('/')));
    let mut expected = template.to_owned();
    for (label, text) in &routed.labels {
        for placeholder in [format!("{{{label}}}"), format!("{{{label}+}}")] {
            expected = expected.replace(&placeholder, text);
        }
    }
    let expected = expected.trim_end_matches('/');
    let slash = if path.1 && !template.ends_with("+}") || template.is_empty() { "/" } else { "" };
    match path.0.strip_suffix(expected) {
        Some("") => format!("{template}{slash}"),
        Some(_) => format!("{{base}}{template}{slash}"),
        None => format!("{template}{slash} {OTHER}"),
    }
}

type Escapes = BTreeMap<String, BTreeSet<String>>;

/// Names of parameters that are no members, and how those that are were written.
fn query(service: &Service, routed: &Routed<'_>, request: &HttpRequest<'_>) -> (BTreeSet<String>, Escapes) {
    let form = routed.protocol.is_query();
    let literals =
        routed.operation.http.known().and_then(|http| http.uri.split_once('?')).map_or("", |(_, query)| query);
    let literals: Vec<_> = query_pairs(literals).map(|(name, _)| name).collect();
    let takes_all = takes_all(service, routed.operation);
    let (mut names, mut escapes) = (BTreeSet::new(), Escapes::new());
    for pair in request.parts().query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = form_decoded(name);
        if let Some(member) = member_at(service, routed.operation, Location::Query, &name) {
            escapes.entry(member).or_default().extend(escaped(value));
        } else if bindings::is_of_the_sdk(&name) || literals.contains(&name) {
            names.insert(name.into_owned());
        } else if form {
            // All others are members.
            names.extend(matches!(&*name, "Action" | "Version").then(|| name.into_owned()));
        } else if !takes_all {
            names.insert(if is_plain(&name) { name.into_owned() } else { OTHER.to_owned() });
        }
    }
    (names, escapes)
}

/// Whether a name is one that programmers give, and no credential.
pub fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.len() <= LONGEST
        && name.bytes().all(plain)
        && name.bytes().filter(u8::is_ascii_digit).count() < 8
        && credential::found_in(name).is_empty()
}

/// Whether the operation has a map that takes any parameter.
fn takes_all(service: &Service, operation: &Operation) -> bool {
    service.half(operation, Direction::Request).is_some_and(|input| {
        input.members.iter().any(|member| {
            member.location == Fact::Known(Location::Query)
                && matches!(service.shape(&member.target).map(|shape| &shape.kind), Some(ShapeKind::Map(_)))
        })
    })
}

/// The member that travels there under a name.
fn member_at(service: &Service, operation: &Operation, location: Location, name: &str) -> Option<String> {
    let input = service.half(operation, Direction::Request)?;
    let found = input.members.iter().find(|member| {
        member.location == Fact::Known(location) && (member.wire_name() == name || member.name == name)
    })?;
    Some(found.name.clone())
}

/// Characters of a URL's part that are neither letters nor digits, as they stand there.
fn escaped(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'%' {
            let code = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            // What is no ASCII has to be escaped.
            found.extend(code.filter(u8::is_ascii).map(|code| format!("%{code:02X}")));
            at += 3;
            continue;
        }
        if byte.is_ascii_punctuation() && !matches!(byte, b'-' | b'_' | b'.') {
            found.insert(char::from(byte).to_string());
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_told_as_they_stand() {
        let all = |text| escaped(text).into_iter().collect::<Vec<_>>();
        assert_eq!(all("a%2fb:c%C3%BC-d_e.f"), ["%2F", ":"]);
        assert_eq!(all("%4"), Vec::<String>::new());
        assert_eq!(all("a+b%20c"), ["%20", "+"]);
    }

    #[test]
    fn names_with_many_digits_may_be_of_a_user() {
        assert!(is_plain("list-type") && is_plain("X-Amz-Date"));
        assert!(!is_plain("111122223333") && !is_plain("a b") && !is_plain(&"a".repeat(65)));
    }
}
