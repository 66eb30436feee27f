//! What credentials are called, and words that every text has which holds one.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use memchr::memmem;
use regex::Regex;

/// Headers whose whole value is secret.
pub(super) const SECRET_HEADERS: &[&str] = &[
    "api-key",
    "authentication",
    "x-amz-access-token",
    "x-amz-s3session-token",
    "x-auth-token",
    "x-aws-ec2-metadata-token",
    "x-csrf-token",
    "x-vault-token",
    "cookie",
    "dd-api-key",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amzn-oidc-accesstoken",
    "x-amzn-oidc-data",
    "x-amzn-remapped-authorization",
    "x-amz-sso_bearer_token",
    "x-api-key",
];

/// Parameters of a signed URL whose whole value is secret. `token` is none: operations call pages and idempotent calls by it.
pub(super) const SECRET_PARAMETERS: &[&str] = &[
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
pub(super) const ACCESS_KEYS: &str = "AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|ASCA|APKA|ABIA|ACCA";
/// Bytes of the shortest access key.
const SHORTEST_KEY: usize = 20;

/// Names of members whose values are credentials, whether a model marks them or not. Tokens of paging are none.
pub(super) const NAMES: &str = "(?:[A-Za-z0-9_-]*passwords?|(?:[A-Za-z0-9]+[_-])*(?:(?:aws[_-]?)?session[_-]?token|(?:aws[_-]?)?secret[_-]?access[_-]?key|\
    secret[_-]?(?:key|string|binary)|auth(?:orization)?[_-]?token|client[_-]?secret|private[_-]?key|access[_-]?token|refresh[_-]?token|\
    id[_-]?token|api[_-]?(?:key|secret)|passwd|passphrase))";

/// Parameters of forms and URLs beside those of signatures.
pub(super) const PARAMETERS: &str = "apikey|api-key|x-api-key|client_secret|id_token|refresh_token";

/// Headers whose names say so wherever they stand, beside a message as well. `authentication` may be anybody's member.
pub(super) fn headers() -> impl Iterator<Item = &'static str> {
    std::iter::once("authorization").chain(SECRET_HEADERS.iter().copied().filter(|name| *name != "authentication"))
}

/// The whole of such a name.
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!("(?i)^{NAMES}$")).expect("a pattern of ours"));

/// Whether a member of that name is a credential, whatever a model says.
pub fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends =
        |end: &&str| bytes.len() >= end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
    // Letters beyond ASCII may be cases of these.
    (LAST.iter().any(ends) || !name.is_ascii()) && NAME.is_match(name)
}

/// How names of [`NAMES`] end.
const LAST: [&str; 9] = ["password", "passwords", "token", "key", "string", "binary", "secret", "passwd", "passphrase"];

/// Whether a parameter of a form or URL of that name is a credential or a signature.
pub(super) fn is_parameter(name: &str) -> bool {
    let mut own = SECRET_PARAMETERS.iter().copied().chain(PARAMETERS.split('|'));
    own.any(|own| own.eq_ignore_ascii_case(name)) || is_name(name)
}

/// Whether a header of that name is secret as a whole, or a signature.
pub fn is_name_of_header(name: &str) -> bool {
    headers().any(|own| own.eq_ignore_ascii_case(name.trim()))
}

/// Words that stand one behind the other in [`NAMES`], with `_`, `-` or nothing between them.
const PAIRS: [(&str, &[&str]); 10] = [
    ("access", &["token"]),
    ("api", &["key", "secret"]),
    ("auth", &["token"]),
    ("authorization", &["token"]),
    ("client", &["secret"]),
    ("id", &["token"]),
    ("private", &["key"]),
    ("refresh", &["token"]),
    ("secret", &["access", "binary", "key", "string"]),
    ("session", &["token"]),
];

/// Words of which each form of a credential has one, but for those that [`may_have_any`] looks for by itself. Most texts have
/// none: so few that the forms themselves, which take longer to compile than a small recording to check, are seldom asked.
static WORDS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(words()).expect("words of ours"));

fn words() -> impl Iterator<Item = String> {
    let pairs = PAIRS.iter().flat_map(|(first, last)| last.iter().map(move |last| (first, last)));
    let pairs = pairs.flat_map(|(first, last)| ["", "_", "-"].map(|between| format!("{first}{between}{last}")));
    // Letters in the middle of other words: what stands behind it as a name counts.
    let sig = ["=", "%", "\\", ".", "[", "\"", "'"].map(|behind| format!("sig{behind}"));
    let parameters = SECRET_PARAMETERS.iter().copied().filter(|name| *name != "sig");
    let rest = ["password", "passwd", "passphrase", "private key", "bearer", "basic", "IQoJ", "FwoG", "FQoG", "eyJ"];
    let rest = rest.into_iter().chain(SECRET_HEADERS.iter().copied()).chain(parameters).chain(headers());
    pairs.chain(sig).chain(rest.map(str::to_owned))
}

/// Letters of which each of the words has some, in lower case: so few that they are all looked for at once, many bytes at a
/// time.
const LETTERS: [&str; 20] = [
    "oken",
    "secret",
    "passw",
    "passphrase",
    "rivate",
    "pikey",
    "pi-key",
    "pi_key",
    "sskey",
    "er-key",
    "oidc",
    "sig",
    "auth",
    "ookie",
    "earer",
    "asic",
    "qog",
    "qoj",
    "wog",
    "eyj",
];

/// Looks for them; `None` where the machine has no such instructions.
static IN_LETTERS: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(LETTERS));

/// Bytes that are brought into lower case at once.
const BLOCK: usize = 1024;

/// Whether a text has some of [`LETTERS`], or may have.
fn may_have_letters(text: &str) -> bool {
    let Some(searcher) = &*IN_LETTERS else { return true };
    let (mut block, mut rest) = ([0; BLOCK], text.as_bytes());
    loop {
        let lower = &mut block[..rest.len().min(BLOCK)];
        lower.copy_from_slice(&rest[..lower.len()]);
        lower.make_ascii_lowercase();
        if searcher.find(&*lower).is_some() {
            return true;
        }
        if rest.len() <= BLOCK {
            return false;
        }
        // What lies across two blocks is whole in the next one.
        rest = &rest[BLOCK - SHORTEST_KEY..];
    }
}

/// Whether an access key may be in a text: each begins with four letters, the first and last of which are the same, and goes
/// on in capitals and digits.
pub(super) fn may_have_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_one = |at: usize| {
        let begins = bytes.get(at + 3) == Some(&b'A');
        let rest = bytes.get(at..at + SHORTEST_KEY);
        begins && rest.is_some_and(|rest| rest.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9')))
    };
    bytes.len() >= SHORTEST_KEY && memchr::memchr_iter(b'A', bytes).any(is_one)
}

/// Letters beyond ASCII that are a case of one within: the long s, and the sign of Kelvin.
const CASES: [char; 2] = ['\u{17f}', '\u{212a}'];

/// Whether a credential may be in a text.
pub(super) fn may_have_any(text: &str) -> bool {
    may_have_letters(text) && WORDS.is_match(text)
        || may_have_key(text)
        || may_have_user(text)
        || !text.is_ascii() && text.contains(CASES)
}

/// Whether a URL may be in a text that has something before its host.
fn may_have_user(text: &str) -> bool {
    let has = |part: &str| memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    text.as_bytes().contains(&b'@') && (has("//") || has(r"/\/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_word_has_some_of_the_letters_looked_for_first() {
        for word in words() {
            // Wherever it stands, across blocks too.
            for before in [0, 7, BLOCK - 1, BLOCK - 4, BLOCK + 30, 3 * BLOCK - 40] {
                let text = format!("{}{}{}", "x".repeat(before), word.to_ascii_uppercase(), "é".repeat(20));
                assert!(may_have_letters(&text), "{word} behind {before} bytes");
            }
        }
        let of_use = |letters: &&str| words().any(|word| word.to_ascii_lowercase().contains(*letters));
        assert!(LETTERS.iter().all(of_use), "letters of no word");
        assert!(LETTERS.iter().all(|letters| letters.len() < SHORTEST_KEY));
        if IN_LETTERS.is_some() {
            assert!(!may_have_letters(&"x arn:aws:cleanrooms ".repeat(BLOCK)));
        }
    }

    proptest! {
        #[test]
        fn names_end_as_is_looked_for(name in NAMES) {
            prop_assert!(is_name(&name), "{name}");
            prop_assert_eq!(is_name(&name.to_ascii_uppercase()), NAME.is_match(&name.to_ascii_uppercase()));
        }
    }

    #[test]
    fn a_name_is_one_in_any_case_of_its_letters() {
        for (name, is_one) in
            [("sessionToken", true), ("API_KEY", true), ("PaSSwd", true), ("nextToken", false), ("apiKeys", false)]
        {
            assert_eq!(is_name(name), is_one, "{name}");
        }
        for name in ["pa\u{17f}\u{17f}wd", "api\u{212a}ey"] {
            assert_eq!(is_name(name), NAME.is_match(name), "{name}");
        }
    }
}
