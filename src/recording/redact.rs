//! What of a request must never be kept: credentials, tokens, signatures and cookies.
//!
//! Masks keep what the contract needs: a credential's scope, which names the service, stays.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Stands for a secret.
pub const MASK: &str = "REDACTED";

/// Headers whose whole value is secret.
const SECRET_HEADERS: &[&str] = &[
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amzn-remapped-authorization",
    "x-api-key",
];

/// Parameters of a signed URL whose whole value is secret.
const SECRET_PARAMETERS: &[&str] =
    &["awsaccesskeyid", "signature", "x-amz-security-token", "x-amz-signature", "securitytoken"];

/// Access keys of AWS, wherever they turn up.
static ACCESS_KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|ASCA|APKA|ABIA|ACCA)[A-Z0-9]{16,17}\b")
        .expect("a pattern of ours")
});

/// The masked value of a header; `None` where nothing in it is secret.
pub fn header(name: &str, value: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    if SECRET_HEADERS.contains(&name.as_str()) {
        return (value != MASK).then(|| MASK.to_owned());
    }
    let masked = match name.as_str() {
        "authorization" => authorization(value),
        "location" | "referer" | "x-amz-copy-source" => url(value).unwrap_or_else(|| value.to_owned()),
        _ => value.to_owned(),
    };
    let masked = keys(&masked).into_owned();
    (masked != value).then_some(masked)
}

/// A masked URL; `None` where nothing in it is secret.
pub fn url(text: &str) -> Option<String> {
    let (before, query) = text.split_once('?').map_or((text, None), |(before, query)| (before, Some(query)));
    let before = match before.split_once("://") {
        Some((scheme, rest)) => match rest.split_once('@') {
            Some((user, host)) if !user.contains('/') => format!("{scheme}://{MASK}@{host}"),
            _ => before.to_owned(),
        },
        None => before.to_owned(),
    };
    let mut masked = keys(&before).into_owned();
    if let Some(query) = query {
        let parameters: Vec<String> = query.split('&').map(parameter).collect();
        masked.push('?');
        masked.push_str(&parameters.join("&"));
    }
    (masked != text).then_some(masked)
}

fn parameter(text: &str) -> String {
    let Some((name, value)) = text.split_once('=') else { return text.to_owned() };
    let lower = name.to_ascii_lowercase();
    if SECRET_PARAMETERS.contains(&lower.as_str()) {
        return format!("{name}={MASK}");
    }
    if lower == "x-amz-credential" {
        // `KEY/20230830/region/service/aws4_request`, the slashes encoded or not.
        let end = value.find('/').or_else(|| value.find("%2F")).or_else(|| value.find("%2f"));
        return end.map_or_else(|| format!("{name}={MASK}"), |end| format!("{name}={MASK}{}", &value[end..]));
    }
    format!("{name}={}", keys(value))
}

/// `AWS4-HMAC-SHA256 Credential=KEY/scope, SignedHeaders=…, Signature=…`; of any other kind only the scheme stays.
fn authorization(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    if !scheme.starts_with("AWS4-") {
        return if value.contains(' ') { format!("{scheme} {MASK}") } else { MASK.to_owned() };
    }
    let rest = value.get(scheme.len()..).unwrap_or_default();
    let parts: Vec<String> = rest
        .split(',')
        .map(|part| match part.trim().split_once('=') {
            Some(("Credential", scope)) => {
                let scope = scope.split_once('/').map_or("", |(_, scope)| scope);
                format!("Credential={MASK}/{scope}")
            }
            Some(("SignedHeaders", names)) => format!("SignedHeaders={names}"),
            Some((name, _)) => format!("{name}={MASK}"),
            None => MASK.to_owned(),
        })
        .collect();
    format!("{scheme} {}", parts.join(", "))
}

/// A text with every access key masked, as long as before so that it still fits where it stands.
pub fn keys(text: &str) -> Cow<'_, str> {
    ACCESS_KEY.replace_all(text, |found: &regex::Captures<'_>| "X".repeat(found[0].len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that no file holds anything like a key.
    fn key() -> String {
        format!("AKIA{}", "ABCDEFGHIJKLMNOP")
    }

    #[test]
    fn a_signature_keeps_its_scope() {
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={}/20230830/us-east-1/cleanrooms/aws4_request, SignedHeaders=host, Signature=0a1b",
            key()
        );
        let masked = header("Authorization", &value).expect("secret");
        assert_eq!(
            masked,
            "AWS4-HMAC-SHA256 Credential=REDACTED/20230830/us-east-1/cleanrooms/aws4_request, SignedHeaders=host, \
             Signature=REDACTED"
        );
        assert_eq!(header("authorization", &masked), None, "masking twice changes nothing");
        assert_eq!(header("authorization", "Bearer abc").as_deref(), Some("Bearer REDACTED"));
        assert_eq!(header("Set-Cookie", "a=b").as_deref(), Some(MASK));
        assert_eq!(header("content-type", "application/json"), None);
    }

    #[test]
    fn a_signed_url_keeps_its_scope() {
        let signed = format!(
            "https://b.s3.amazonaws.com/k?X-Amz-Credential={}%2F20230830%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0a&x=1",
            key()
        );
        let masked = url(&signed).expect("secret");
        assert_eq!(
            masked,
            "https://b.s3.amazonaws.com/k?X-Amz-Credential=REDACTED%2F20230830%2Fus-east-1%2Fs3%2Faws4_request\
             &X-Amz-Signature=REDACTED&x=1"
        );
        assert_eq!(url(&masked), None);
        assert_eq!(url("https://host/a?b&c=d"), None);
        assert_eq!(url("bucket/key?"), None, "it may be part of a name");
        assert_eq!(url("https://me:pw@host/a").as_deref(), Some("https://REDACTED@host/a"));
    }

    #[test]
    fn keys_are_masked_anywhere() {
        assert_eq!(keys(&format!("x {} y", key())), format!("x {} y", "X".repeat(20)));
        assert_eq!(keys("AKIA is short"), "AKIA is short");
    }
}
