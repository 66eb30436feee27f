//! What of a request must never be kept: credentials, tokens, signatures and cookies.
//!
//! Masks keep what the contract needs: a credential's scope, which names the service, stays.

use std::borrow::Cow;
use std::iter;

pub use super::credential::MASK;
use super::credential::without_keys;
use super::credential_names::{SECRET_HEADERS, SECRET_PARAMETERS, may_have_key};
use super::placeholders;

/// The masked value of a header; `None` where nothing in it is secret.
pub fn header(name: &str, value: &str) -> Option<String> {
    // Most headers are told by their names, without a copy of anything.
    let name = name.trim_ascii();
    let is = |own: &&str| own.eq_ignore_ascii_case(name);
    if SECRET_HEADERS.iter().any(is) {
        return (value != MASK).then(|| MASK.to_owned());
    }
    let masked: Cow<'_, str> = if is(&"authorization") {
        authorization(value).into()
    } else if ["location", "referer", "x-amz-copy-source"].iter().any(is) {
        url(value).map_or(Cow::Borrowed(value), Cow::Owned)
    } else {
        Cow::Borrowed(value)
    };
    let masked = without_keys(&masked);
    (masked != value).then(|| masked.into_owned())
}

/// A masked URL; `None` where nothing in it is secret.
pub fn url(text: &str) -> Option<String> {
    // Most have nothing that could be, which costs no copy to tell.
    if memchr::memchr3(b'@', b'?', b'#', text.as_bytes()).is_none() && !may_have_key(text) {
        return None;
    }
    let (address, fragment) = text.split_once('#').map_or((text, None), |(before, after)| (before, Some(after)));
    let mut masked = address_and_query(address);
    if let Some(fragment) = fragment {
        let parameters: Vec<String> = fragment.split('&').map(parameter).collect();
        masked = format!("{masked}#{}", parameters.join("&"));
    }
    (masked != text).then_some(masked)
}

fn address_and_query(text: &str) -> String {
    let (before, query) = text.split_once('?').map_or((text, None), |(before, query)| (before, Some(query)));
    let before = match before.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            // A password may hold a slash; a path may hold an `@`.
            Some((user, host)) if !user.contains('/') || user.split('/').next().is_some_and(has_password) => {
                format!("{scheme}://{MASK}@{host}")
            }
            _ => before.to_owned(),
        },
        None => before.to_owned(),
    };
    let mut masked = without_keys(&before).into_owned();
    if let Some(query) = query {
        let parameters: Vec<String> = query.split('&').map(parameter).collect();
        masked.push('?');
        masked.push_str(&parameters.join("&"));
    }
    masked
}

/// Whether the beginning of an authority is a user and a password rather than a host and a port.
fn has_password(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, rest)| rest.bytes().any(|byte| !byte.is_ascii_digit()))
}

fn parameter(text: &str) -> String {
    let Some((name, value)) = text.split_once('=') else {
        let escaped = text.split_once("%3D").or_else(|| text.split_once("%3d"));
        let secret = escaped.filter(|(name, _)| SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()));
        return secret.map_or_else(|| text.to_owned(), |(name, _)| format!("{name}%3D{MASK}"));
    };
    let lower = name.to_ascii_lowercase();
    if SECRET_PARAMETERS.contains(&lower.as_str()) {
        return format!("{name}={MASK}");
    }
    if lower == "x-amz-credential" {
        // `KEY/20230830/region/service/aws4_request`, the slashes encoded or not.
        let end = value.find('/').or_else(|| value.find("%2F")).or_else(|| value.find("%2f"));
        return end.map_or_else(|| format!("{name}={MASK}"), |end| format!("{name}={MASK}{}", &value[end..]));
    }
    format!("{name}={}", without_keys(value))
}

/// `AWS4-HMAC-SHA256 Credential=KEY/scope, SignedHeaders=…, Signature=…`; of any other kind only the scheme stays.
fn authorization(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    if !scheme.starts_with("AWS4-") {
        return if value.contains(' ') { format!("{scheme} {MASK}") } else { MASK.to_owned() };
    }
    let rest = value.get(scheme.len()..).unwrap_or_default();
    // Each request has one.
    let mut masked = String::with_capacity(value.len());
    masked.push_str(scheme);
    for (part, before) in rest.split(',').zip(iter::once(" ").chain(iter::repeat(", "))) {
        masked.push_str(before);
        let shown = match part.trim().split_once('=') {
            Some(("Credential", scope)) => {
                ["Credential=", MASK, "/", scope.split_once('/').map_or("", |(_, scope)| scope)]
            }
            Some(("SignedHeaders", names)) => ["SignedHeaders=", names, "", ""],
            Some((name, _)) => [name, "=", MASK, ""],
            None => [MASK, "", "", ""],
        };
        masked.extend(shown);
    }
    masked
}

/// The longest placeholder of a body, with what stands around its word.
const LONGEST: usize = 32;
/// Words that recorders write in place of a header's value, or of a body.
const PLACEHOLDERS: &[&str] = &["CLEARED", "FILTERED", "MASKED", "PLACEHOLDER", MASK, "REMOVED", "SCRUBBED"];

/// Whether a header's value is what a recorder wrote in its place, so that it says nothing: `**REDACTED**`, `***`.
pub fn is_placeholder(value: &str) -> bool {
    let word = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (word.is_empty() && !value.is_empty()) || PLACEHOLDERS.iter().any(|own| own.eq_ignore_ascii_case(word))
}

/// Whether a body is a recorder's placeholder as a whole, so that nothing is known of it. One without a word is none: `{}`.
pub(super) fn is_placeholder_of_a_body(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST);
    text.is_some_and(|text| text.contains(|c: char| c.is_ascii_alphanumeric()) && is_placeholder(text))
}

/// A part of a signature, such as a stub matches, with its key and signature masked; `None` where it has none.
pub(super) fn part_of_signature(text: &str) -> Option<String> {
    let mut masked = text.to_owned();
    for (name, ends) in [("Credential=", &['/', ',', ' '][..]), ("Signature=", &[',', ' '])] {
        let Some(start) = masked.find(name).map(|at| at + name.len()) else { continue };
        let end = masked[start..].find(ends).map_or(masked.len(), |end| start + end);
        // Anything else is a pattern.
        let is_value = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_value(&masked[start..end]) {
            masked.replace_range(start..end, MASK);
        }
    }
    (masked != text).then_some(masked)
}

/// Whether a header is a signature as its mask leaves it.
pub(super) fn is_masked_signature(value: &str) -> bool {
    value.starts_with("AWS4-") && value.contains(MASK) && authorization(value) == value
}

/// Letters or digits that are alike because they are a mask, and not by chance.
const ALIKE: usize = 4;

/// Whether a mask may stand in a text: a word of those that recorders write, asterisks, or characters that are all alike.
pub(super) fn bears_masks(text: &str) -> bool {
    let is_mask = |word: &str| {
        let all = |kind: fn(char) -> bool| word.chars().all(kind);
        word.len() >= ALIKE && (all(|c| matches!(c, 'x' | 'X' | '0')) || all(|c| matches!(c, 'a' | '1')))
    };
    text.contains("**")
        || placeholders(text).next().is_some()
        || PLACEHOLDERS.iter().any(|own| text.contains(own))
        || text.split(|c: char| !c.is_alphanumeric()).any(is_mask)
}

/// Whether a text is what a mask leaves: the word, or characters that are all alike but for what is neither letter nor
/// digit.
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
    fn masks_show_in_a_body() {
        for text in
            [r#"{"a": "Xxxxxx-0x"}"#, "A=b&C=1a1aa111", "<a>[REDACTED]</a>", r#"{"a": "***"}"#, "arn:<ACCOUNT>:x"]
        {
            assert!(bears_masks(text), "{text}");
        }
        for text in [r#"{"name": "a-thing", "count": 1000, "xx": "a0"}"#, "Action=ListUsers&Version=2010-05-08", ""] {
            assert!(!bears_masks(text), "{text}");
        }
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
    fn what_stands_in_place_of_a_value_is_known() {
        for value in ["REDACTED", "**REDACTED**", "<filtered>", "[Placeholder]", "***"] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["", "application/json", "json", "REDACTED/x", "x"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn keys_are_masked_in_urls() {
        let key = key();
        assert_eq!(url(&format!("https://h/{key}")).as_deref(), Some(&*format!("https://h/{}", "X".repeat(20))));
    }
}
