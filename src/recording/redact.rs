//! What of a request must never be kept: credentials, tokens, signatures and cookies.
//!
//! Masks keep what the contract needs: a credential's scope, which names the service, stays.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::{Captures, Regex, RegexSet};

use super::placeholders;

/// Stands for a secret.
pub const MASK: &str = "REDACTED";

/// Headers whose whole value is secret.
const SECRET_HEADERS: &[&str] = &[
    "api-key",
    "authentication",
    "x-amz-access-token",
    "x-amz-s3session-token",
    "x-auth-token",
    "x-aws-ec2-metadata-token",
    "x-csrf-token",
    "x-vault-token",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amzn-remapped-authorization",
    "x-api-key",
];

/// Parameters of a signed URL whose whole value is secret. `token` is none: operations call pages and idempotent calls by it.
const SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "api_key",
    "awsaccesskeyid",
    "password",
    "securitytoken",
    "sig",
    "signature",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-signature",
];

/// How access keys begin.
const ACCESS_KEYS: &str = "AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|ASCA|APKA|ABIA|ACCA";

/// Access keys of AWS, wherever they turn up.
static ACCESS_KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"\b(?:{ACCESS_KEYS})[A-Z0-9]{{16,17}}\b")).expect("a pattern of ours"));

/// The masked value of a header; `None` where nothing in it is secret.
pub fn header(name: &str, value: &str) -> Option<String> {
    // Most headers are told by their names, without a copy of anything.
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
    let masked = keys(&masked);
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
    let mut masked = keys(&before).into_owned();
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
    if !may_have_key(text) {
        return Cow::Borrowed(text);
    }
    ACCESS_KEY.replace_all(text, |found: &regex::Captures<'_>| "X".repeat(found[0].len()))
}

/// Whether an access key may be in a text: each begins with four letters, the first and last of which are the same, and goes
/// on in capitals and digits.
fn may_have_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_one = |at: usize| {
        let begins = bytes.get(at + 3) == Some(&b'A');
        let rest = bytes.get(at..at + SHORTEST_KEY);
        begins && rest.is_some_and(|rest| rest.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9')))
    };
    bytes.len() >= SHORTEST_KEY && memchr::memchr_iter(b'A', bytes).any(is_one)
}

/// Bytes of the shortest access key.
const SHORTEST_KEY: usize = 20;

/// Names of members whose values are credentials, whether a model marks them or not. Tokens of paging are none.
const CREDENTIALS: &str = "(?:[A-Za-z0-9_-]*password|session[_-]?token|secret[_-]?access[_-]?key|secret[_-]?key|\
    auth(?:orization)?[_-]?token|client[_-]?secret|private[_-]?key|access[_-]?token|refresh[_-]?token|id[_-]?token|\
    api[_-]?(?:key|secret)|passwd|passphrase)";

/// Values that are credentials by their form or by the name before them. The group `secret` is the value.
static CREDENTIAL: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let named = "a value whose name is that of a credential";
    // Beside a message that a recording keeps apart. `authentication` may be anybody's member.
    let headers: Vec<&str> = SECRET_HEADERS.iter().copied().filter(|name| *name != "authentication").collect();
    let (headers, parameters) = (headers.join("|"), SECRET_PARAMETERS.join("|"));
    let header = "a header that is secret";
    let forms = [
        (r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>.*?)-----END".to_owned(), "a private key"),
        (r"(?i)\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{16,})".to_owned(), "a credential of HTTP"),
        (r"(?i)\bsignature=(?P<secret>[0-9a-f]{64})\b".to_owned(), "a signature"),
        (r#"SignedHeaders=[^,\s]*,\s*Signature=(?P<secret>[^\s"',]{8,})"#.to_owned(), "a signature"),
        (
            r#"(?i)\b[a-z][a-z0-9+.-]*://[^/\s:@"'<>?#]*:(?P<secret>[^/\s@"'<>?#]{4,})@"#.to_owned(),
            "a password in a URL",
        ),
        (format!(r#"(?i)[?&#](?:{parameters})=(?P<secret>[^&#\s"'<>\\]{{8,}})"#), "a parameter that is secret"),
        (r"\b(?P<secret>(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=%]{40,})".to_owned(), "a session token"),
        // The closing quote may be cut off.
        (format!(r#"(?i)"{CREDENTIALS}"\s*:\s*"(?P<secret>(?:[^"\\]|\\.){{8,}})(?:"|\z)"#), named),
        (format!(r"(?i)'{CREDENTIALS}'\s*:\s*'(?P<secret>(?:[^'\\]|\\.){{8,}})'"), named),
        (
            format!(r#"(?i)"(?:{headers})"\s*(?:,\s*"value"\s*)?:\s*\[?\s*"(?P<secret>(?:[^"\\]|\\.){{8,}})(?:"|\z)"#),
            header,
        ),
        (format!(r#"(?im)^[ \t-]*['"]?(?:{headers})['"]?:\s+(?:- )?['"]?(?P<secret>[^\s'"\[{{][^\n]{{7,}})"#), header),
        (format!(r#"(?i)\\"{CREDENTIALS}\\"\s*:\s*\\"(?P<secret>[^"\\]{{8,}})(?:\\"|\\?\z)"#), named),
        (format!(r"(?i)<{CREDENTIALS}>(?P<secret>[^<]{{8,}})</"), named),
        // YAML, whose keys may be in quotes where the value is in none.
        (format!(r#"(?im)^[ \t-]*['"]?{CREDENTIALS}['"]?\s*:\s+(?P<secret>[^\s'"{{}}\[\]|>]\S{{7,}})\s*$"#), named),
    ];
    forms.map(|(form, told)| (Regex::new(&form).expect("a pattern of ours"), told)).into()
});

/// All of them at once, for texts that have none. A word ends here where one of ASCII does, so that no credential is missed:
/// automata give texts up that are not all ASCII where words of other letters count.
static ANY_CREDENTIAL: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = CREDENTIAL.iter().map(|(form, _)| form.as_str()).chain([ACCESS_KEY.as_str()]);
    RegexSet::new(forms.map(|form| form.replace(r"\b", r"(?-u:\b)"))).expect("patterns of ours")
});

/// Words of which each form of a credential has one.
static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let of_names = ["password", "passwd", "passphrase", "token", "secret", "private", "api"];
    let of_values = ["bearer", "basic", "signature", "://", "IQoJ", "FwoG", "FQoG"];
    let words = of_names.into_iter().chain(of_values).chain(ACCESS_KEYS.split('|'));
    let words = words.chain(SECRET_HEADERS.iter().chain(SECRET_PARAMETERS).copied());
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("words of ours")
});

/// Whether a credential may be in a text. Other letters than those of ASCII may be the lower case of one.
fn may_have_credential(text: &str) -> bool {
    WORDS.is_match(text) || !text.is_ascii()
}

/// The whole of such a name.
static CREDENTIAL_NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("(?i)^{CREDENTIALS}$")).expect("a pattern of ours"));

/// Whether a member of that name is a credential, whatever a model says.
pub fn names_credential(name: &str) -> bool {
    CREDENTIAL_NAME.is_match(name)
}

/// Credentials in a text by their form, whatever stands around them: their bytes and what each is. What is masked
/// already is none.
pub fn credentials(text: &str) -> Vec<(std::ops::Range<usize>, &'static str)> {
    let mut found: Vec<(std::ops::Range<usize>, &'static str)> = Vec::new();
    if !may_have_credential(text) || !ANY_CREDENTIAL.is_match(text) {
        return found;
    }
    for (form, told) in CREDENTIAL.iter() {
        for captures in form.captures_iter(text) {
            let Some(secret) = captures.name("secret").filter(|secret| !is_masked(secret.as_str())) else { continue };
            found.push((secret.range(), told));
        }
    }
    found.extend(ACCESS_KEY.find_iter(text).map(|key| (key.range(), "an access key")));
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Whether the name of a secret header stands before a text as in a list of both, or as in a message. Names alone are listed
/// so as well, so that this says something of a text that nobody understands, and of no other.
pub fn may_list_headers(text: &str) -> bool {
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        let names = SECRET_HEADERS.join("|");
        let listed = format!(r#""(?:{names})"\s*,\s*"(?P<listed>[^"]{{8,}})"#);
        let sent = format!(r#"(?:["'\n]|\\[nr])\s*(?:authorization|{names})\s*:\s*(?P<sent>[^"'\r\n\\]{{8,}})"#);
        Regex::new(&format!("(?i)(?:{listed}|{sent})")).expect("a pattern of ours")
    });
    let secret =
        |found: &Captures<'_>| found.name("listed").or(found.name("sent")).is_some_and(|it| !is_masked(it.as_str()));
    LISTED.captures_iter(text).any(|found| secret(&found))
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
fn is_masked(text: &str) -> bool {
    let text = text.replace("\\n", "").replace("\\r", "");
    text.contains(MASK)
        || text.chars().filter(|c| c.is_alphanumeric()).all(|c| matches!(c, 'x' | 'X' | '0' | 'a' | '1'))
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
    fn each_form_of_a_credential_has_a_word() {
        // Put together here, so that no file holds anything like a secret.
        let long = "A1b2".repeat(16);
        let of_names = SECRET_HEADERS.iter().filter(|name| **name != "authentication");
        let of_names = of_names.map(|name| format!("\"{name}\": \"{long}\""));
        let of_parameters = SECRET_PARAMETERS.iter().map(|name| format!("?{name}={long}"));
        let of_members = ["Password", "session_token", "secret-key", "AuthorizationToken", "privateKey", "apikey"];
        let of_members = of_members.map(|name| format!("\"{name}\": \"{long}\""));
        let of_values = [
            format!("-----BEGIN {} KEY-----{long}-----END", "PRIVATE"),
            format!("BEARER {long}"),
            format!("Basic {long}"),
            format!("Signature={}", "0a".repeat(32)),
            format!("SignedHeaders=host, Signature={long}"),
            format!("http://me:{long}@host"),
            format!("IQoJ{long}"),
            format!("FwoG{long}"),
            format!("FQoG{long}"),
        ];
        let of_keys = ACCESS_KEYS.split('|').map(|start| format!("{start}{}", "ABCD".repeat(4)));
        for text in of_names.chain(of_parameters).chain(of_members).chain(of_values).chain(of_keys) {
            assert!(ANY_CREDENTIAL.is_match(&text) && may_have_credential(&text), "{text}");
        }
        let word = format!("\"pa\u{17f}\u{17f}word\": \"{long}\"");
        assert!(!WORDS.is_match(&word) && credentials(&word).len() == 1, "letters that are others in lower case");
        for plain in ["", "{\"status\": \"DONE\"}", "AKI", "arn:aws:s3:::b/k"] {
            assert!(!may_have_credential(plain), "{plain}");
        }
    }

    #[test]
    fn what_is_called_like_a_credential_is_one_however_it_is_written() {
        let secret = "pl4nt".repeat(4);
        for text in [
            format!(r#"{{"password": "{secret}"}}"#),
            format!(r#"{{"password": "{secret}"#),
            format!("{{'client_secret': '{secret}'}}"),
            format!(r#""HTTPHeaders": {{"set-cookie": "{secret}"}}"#),
            format!(r#""headers": {{"X-Amz-Security-Token": ["{secret}"]}}"#),
            format!("see https://user:{secret}@example.com/"),
            format!(r#"{{"name": "X-Vault-Token", "value": "{secret}"}}"#),
            format!("headers:\n      X-Auth-Token:\n      - {secret}\n      Accept:\n"),
            format!("Cookie: {secret}\nAccept: */*\n"),
            format!("https://example.com/?a=b&X-Amz-Signature={secret}&c=d"),
        ] {
            let found: Vec<&str> = credentials(&text).into_iter().map(|(range, _)| &text[range]).collect();
            assert_eq!(found, [secret.as_str()], "{text}");
        }
        for text in [
            r#"{"authentication": "USER_PASSWORD"}"#,
            r#"{"set-cookie": "short"}"#,
            r#"{"nextToken": "aaaabbbbcccc"}"#,
            "https://host:8080/a@b",
            "?token=aaaabbbbcccc",
        ] {
            assert_eq!(credentials(text), [], "{text}");
        }
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
    fn keys_are_masked_anywhere() {
        assert_eq!(keys(&format!("x {} y", key())), format!("x {} y", "X".repeat(20)));
        assert_eq!(keys("AKIA is short"), "AKIA is short");
        let long = "é".repeat(40) + &key();
        for text in [key(), format!("AA{}", key()), format!("A A{}", key()), format!("{}/", key()), long] {
            assert_eq!(keys(&text) == text, !ACCESS_KEY.is_match(&text), "{text}");
        }
        // What is looked for first is in every key.
        for prefix in ["AKIA", "ASIA", "AROA", "AIDA", "AGPA", "ANPA", "ANVA", "ASCA", "APKA", "ABIA", "ACCA"] {
            let key = format!("{prefix}ABCDEFGHIJKLMNO7");
            assert!(may_have_key(&key) && keys(&format!("a {key}b, {key}")).contains('X'), "{key}");
            assert_eq!(url(&format!("https://h/{key}")).as_deref(), Some(&*format!("https://h/{}", "X".repeat(20))));
        }
    }
}
