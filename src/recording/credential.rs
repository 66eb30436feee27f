//! Credentials by their form, or by the name before them, whatever stands around them.
//!
//! A text may stand within another: quoted, as a part of a URL, as XML. What is found where it stands is masked there;
//! [`unescaped`](super::escapes::unescaped) undoes one layer, so that a copy can be searched for what is left below.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::{Captures, Regex, RegexSet};

use super::credential_names::{ACCESS_KEYS, NAMES, PARAMETERS, SECRET_HEADERS, SECRET_PARAMETERS, headers};
pub use super::credential_names::{is_name, is_name_of_header};
pub(super) use super::credential_names::{is_parameter, may_have_any, may_have_key};

/// Stands for a secret.
pub const MASK: &str = "REDACTED";

/// Where a word begins: an escape, whose last characters are letters or digits, may stand before it. Letters of ASCII alone
/// make words here, for a letter of another alphabet is part of no credential.
const EDGE: &str = r"(?:(?-u:\b)|_|\\[bfnrtv]|(?:%|\\x|\\u00)[0-9A-Fa-f]{2})";

/// Access keys of AWS, wherever they turn up.
static ACCESS_KEY: LazyLock<Regex> = LazyLock::new(|| pattern(&access_key()));

fn access_key() -> String {
    format!(r"{EDGE}(?P<secret>(?:{ACCESS_KEYS})[A-Z0-9]{{16,17}})(?:(?-u:\b)|_)")
}

/// Access keys and session tokens among bytes that are no text, where words have no edges.
static AMONG_BYTES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:AKIA|ASIA)[A-Z0-9]{16}|(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=]{60}"));

/// A part of a token that JSON begins (RFC 7519), in digits of base64.
const PART: &str = "[A-Za-z0-9_-]";

/// A form that values have which are credentials, or the name before them. The group `secret` is the value.
struct Form {
    pattern: String,
    told: &'static str,
    /// Compiled when a text has a value of this form. Most runs see none.
    regex: OnceLock<Regex>,
}

impl Form {
    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| pattern(&self.pattern))
    }
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let named = "a value whose name is that of a credential";
    let header = "a header that is secret";
    let parameter = "a parameter that is secret";
    let comment = r"//|#|;|/\*|--[ \t]";
    let headers = headers().collect::<Vec<_>>().join("|");
    let parameters = format!("{}|{PARAMETERS}", SECRET_PARAMETERS.join("|"));
    let any = format!("(?:{NAMES}|{headers}|{parameters})");
    // In a path of JSON, the name may stand in brackets.
    let assigned = r#"(?:\\?['"]\])?\s*(?:=>|={1,3}~?|!=|:)\s*"#;
    let below = r#"(?:\[\s*|\{\s*"(?:\w*value|[SNB]S?|L)"\s*:\s*)"#;
    let quoted = r#""(?P<secret>(?:[^"\\]|\\.){8,})(?:"|\z)"#;
    let forms = [
        (
            r#"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>[^"<]*?)(?:-----END|["<]|\z)"#.to_owned(),
            "a private key",
        ),
        (
            format!(r"(?i){EDGE}(?:bearer|basic)(?:\s|%20|\+|\\u0020)+(?P<secret>[A-Za-z0-9._~+/=-]{{16,}})"),
            "a credential of HTTP",
        ),
        (r"(?i)(?-u:\b)signature(?:=|:\s*)(?P<secret>[0-9a-f]{64})(?-u:\b)".to_owned(), "a signature"),
        (r#"SignedHeaders=[^,\s]*,\s*Signature=(?P<secret>[^\s"',]{8,})"#.to_owned(), "a signature"),
        (
            r#"(?i)(?-u:\b)[a-z][a-z0-9+.-]*:(?:\\?/){2}[^/\s:@"'<>?#]*:(?P<secret>[^/\s@"'<>?#]{4,})@"#.to_owned(),
            "a password in a URL",
        ),
        (r#"(?i)(?-u:\b)https?:(?:\\?/){2}(?P<secret>[^/\s:@"'<>?#]{20,})@[\w.-]"#.to_owned(), "a token in a URL"),
        // One that has a slash in it; a port begins with a digit.
        (
            r#"(?i)(?-u:\b)https?:(?:\\?/){2}[^/\s:@"'<>?#]*:(?P<secret>[^\s:@"'<>?#/0-9][^\s:@"'<>?#]{7,})@[\w.-]"#
                .to_owned(),
            "a password in a URL",
        ),
        (
            format!(
                r#"(?im)(?:^|[?&#;\s"']|\\[nrt]|%3F|%26|%23|\\u0026|\\u003f|&amp;)(?:[\w-]+(?:\.|%2E))*(?:{parameters}|{NAMES})(?:\.member)?(?:\.[0-9]+)?(?:=|%3D|\\u003d)(?P<secret>[^&#\s"'<>\\]{{8,}}(?:'[^&#\s"'<>\\,:;)}}\]]+)*)"#
            ),
            parameter,
        ),
        (format!(r#"(?i)(?:key|name)={NAMES}&[\w.-]*value=(?P<secret>[^&\s"'<>\\]{{8,}})"#), parameter),
        (format!(r#"(?i)-H\s+\\?["'](?:{headers})\s*:\s*(?P<secret>[^"'\\\r\n]{{8,}})"#), header),
        // Arguments and members of programs, whatever their language.
        (format!(r#"(?i)(?-u:\b){NAMES}{assigned}\\?"(?P<secret>[^"\\]{{8,}})\\?""#), named),
        (format!(r"(?i)(?-u:\b){NAMES}{assigned}'(?P<secret>[^'\\]{{8,}})'"), named),
        (format!(r#"(?i)--{NAMES}\s+(?P<secret>[^\s"'\\-][^\s"'\\]{{7,}})"#), named),
        // Parts of a form, and fields of one.
        (
            format!(r#"(?i)(?-u:\b)name=\\?"{NAMES}\\?"(?:\r?\n|(?:\\r)?\\n){{2}}(?P<secret>[^\r\n\\]{{8,}})"#),
            parameter,
        ),
        (format!(r#"(?i)(?:key|name|type)=\\?"{NAMES}\\?"\s+value=\\?"(?P<secret>[^"\\]{{8,}})"#), named),
        // A file of settings; what calls something is a program.
        (
            format!(
                r#"(?im)(?:^|["']|\\[nrt])[ \t]*(?:export[ \t]+)?{NAMES}(?:[ \t]+=[ \t]*|=[ \t]+)(?P<secret>[^\s"'\\()\[\]{{}}$<>]{{8,}})(?:[\s"'\\]|$)"#
            ),
            named,
        ),
        (format!(r"{EDGE}(?P<secret>eyJ{PART}{{8,}}\.{PART}*(?:\.{PART}{{8,}}){{3}})"), "a web token"),
        (format!(r"{EDGE}(?P<secret>eyJ{PART}{{8,}}(?:\.{PART}{{8,}}){{2}})"), "a web token"),
        (format!(r"{EDGE}(?P<secret>(?:IQoJ|FwoG|FQoG)(?:[A-Za-z0-9+/=%]|\\/){{40,}})"), "a session token"),
        // The closing quote may be cut off.
        // In an object below it, what stands under the name of a type or of a value.
        (
            format!(r#"(?i)"{NAMES}"\s*:\s*(?:(?:{below}|\{{\s*"M"\s*:\s*\{{\s*"[^"\\]*"\s*:\s*)*{below})?{quoted}"#),
            named,
        ),
        (format!(r"(?i)'{NAMES}'\s*:\s*b?'(?P<secret>(?:[^'\\]|\\.){{8,}})'"), named),
        (format!(r#"(?i)"(?:{headers})"\s*(?:,\s*"value"\s*)?:\s*\[?\s*{quoted}"#), header),
        (format!(r"(?i)'(?:{headers})'\s*:\s*\[?b?'(?P<secret>(?:[^'\\]|\\.){{8,}})'"), header),
        (
            format!(r#"(?im)^[ \t#-]*['"]?(?:{headers})['"]?:\s*(?:- )?['"]?(?P<secret>[^\s'"\[{{!&|>-][^\n]{{7,}})"#),
            header,
        ),
        (format!(r#"(?i)"\w*(?:name|key)"\s*:\s*"{any}"\s*,\s*"\w*value"\s*:\s*{quoted}"#), named),
        (format!(r#"(?i)"value"\s*:\s*"(?P<secret>(?:[^"\\]|\\.){{8,}})"\s*,\s*"(?:name|key)"\s*:\s*"{any}""#), named),
        (format!(r#"(?i)\\+"{NAMES}\\+"\s*:\s*\\+"(?P<secret>[^"\\]{{8,}})(?:\\|\z)"#), named),
        (format!(r"(?i)<(?:[\w.-]+:)?{NAMES}(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?(?P<secret>[^<\]]{{8,}})"), named),
        (format!(r"(?i)<(\w*?)(?:Key|Name)>\s*{NAMES}\s*</\w+>\s*<\w*Value>\s*(?P<secret>[^<]{{8,}})"), named),
        (format!(r#"(?i)\s{NAMES}\s*=\s*\\?"(?P<secret>[^"\\]{{8,}})"#), named),
        // YAML, whose keys may be in quotes where the value is in none.
        (format!(r#"(?im)^[ \t#-]*['"]?{NAMES}['"]?\s*:\s+(?P<secret>[^\s'"{{}}\[\]|>]\S{{7,}})\s*$"#), named),
        (format!(r"(?im)^[ \t#-]*{NAMES}\s*:\s+'(?P<secret>[^'\n]{{8,}})'"), named),
        // Comments, which are no part of what a file means; within a text they end with it.
        (
            format!(
                r"(?im)^[ \t]*(?:{comment})[^\r\n]{{0,80}}?(?-u:\b){NAMES}['\x22]?[ \t]*[:=][ \t]*(?P<secret>[^\r\n]{{4,}})"
            ),
            named,
        ),
        (access_key(), "an access key"),
    ];
    forms.map(|(pattern, told)| Form { pattern, told, regex: OnceLock::new() }).into()
});

/// All of them at once, by their numbers: most texts have none.
static ANY_FORM: LazyLock<RegexSet> =
    LazyLock::new(|| RegexSet::new(FORMS.iter().map(|form| &form.pattern)).expect("patterns of ours"));

fn pattern(form: &str) -> Regex {
    Regex::new(form).expect("a pattern of ours")
}

/// Credentials in a text: their bytes, in order, and what each is. What is masked already is none.
pub fn found_in(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
    if !may_have_any(text) {
        return found;
    }
    for form in ANY_FORM.matches(text).iter().filter_map(|number| FORMS.get(number)) {
        let secrets = form.regex().captures_iter(text).filter_map(|captures| captures.name("secret"));
        found.extend(secrets.filter(|secret| !is_masked(secret.as_str())).map(|secret| (secret.range(), form.told)));
    }
    found.sort_by_key(|(range, _)| (range.start, range.end));
    found.dedup_by_key(|(range, _)| range.clone());
    found
}

/// A text with what is a credential by its form as `mask` leaves it, and how many were.
pub fn masked(text: &str, mask: impl Fn(&str) -> String) -> (String, usize) {
    let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (range, _) in found_in(text) {
        // One form may lie within another, or begin there.
        if range.end <= at {
            continue;
        }
        let start = range.start.max(at);
        without.push_str(&text[at..start]);
        without.push_str(&mask(&text[start..range.end]));
        (at, count) = (range.end, count + 1);
    }
    without.push_str(&text[at..]);
    (without, count)
}

/// The same with a word for each; access keys keep their length.
pub fn replaced(text: &str, word: &str) -> String {
    masked(&without_keys(text), |_| word.to_owned()).0
}

/// Whether an access key or a session token is among bytes that are no text.
pub fn is_among_bytes(text: &str) -> bool {
    AMONG_BYTES.find_iter(text).any(|found| !is_masked(found.as_str()))
}

/// Whether the name of a secret header stands before a text as in a list of both, or as in a message. Names alone are listed
/// so as well, so that this says something of a text that nobody understands, and of no other.
pub fn may_list_headers(text: &str) -> bool {
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        let names = format!("authorization|{}", SECRET_HEADERS.join("|"));
        let listed = format!(r#""(?:{names})"\s*,\s*"(?P<listed>[^"]{{8,}})"#);
        let sent = format!(r#"(?:["'\n]|\\[nr])\s*(?:{names})\s*:\s*(?P<sent>[^"'\r\n\\]{{8,}})"#);
        pattern(&format!("(?i)(?:{listed}|{sent})"))
    });
    let secret =
        |found: &Captures<'_>| found.name("listed").or(found.name("sent")).is_some_and(|it| !is_masked(it.as_str()));
    LISTED.captures_iter(text).any(|found| secret(&found))
}

/// A text with every access key masked, as long as before so that it still fits where it stands.
pub fn without_keys(text: &str) -> Cow<'_, str> {
    if !may_have_key(text) {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for key in ACCESS_KEY.captures_iter(text).filter_map(|captures| captures.name("secret")) {
        masked.replace_range(key.range(), &"X".repeat(key.len()));
    }
    if masked == text { Cow::Borrowed(text) } else { Cow::Owned(masked) }
}

/// Whether a value is masked already. Line breaks within it count for nothing, as JSON writes them too.
pub fn is_masked(text: &str) -> bool {
    static MARKS: LazyLock<Regex> = LazyLock::new(|| {
        // Those of letters and digits are none that a mask leaves.
        pattern(
            r"(?i)\\[nr]|%(?:2[0-9A-F]|3[A-F]|40|5[B-F]|60|7[B-F])|(?:\\u00(?:2[0-9a-f]|3[a-f]|40))|&(?:amp|lt|gt|quot|apos);",
        )
    });
    let text = MARKS.replace_all(text, "");
    text.contains(MASK) || text.chars().filter(|c| c.is_alphanumeric()).all(is_of_a_mask)
}

/// Whether a letter or digit is one that masks leave.
pub fn is_of_a_mask(c: char) -> bool {
    matches!(c, 'x' | 'X' | '0' | 'a' | '1')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::*;

    /// Put together here, so that no file holds anything like a key.
    fn key() -> String {
        format!("AKIA{}", "ABCDEFGHIJKLMNOP")
    }

    /// At the first letter beyond ASCII a word of any alphabet ends the quick search, for all forms at once: 400 times the time.
    #[test]
    fn no_form_asks_for_words_of_any_alphabet() {
        for form in FORMS.iter() {
            let rest = form.pattern.replace(r"(?-u:\b)", "");
            assert!(!rest.contains(r"\b") && !rest.contains(r"\B"), "{}", form.pattern);
        }
    }

    #[test]
    fn what_stands_around_a_credential_stays() {
        let secret = "pl4nt".repeat(4);
        for (text, expected) in [
            (format!("https://{secret}@github.com/o/r"), "https://-@github.com/o/r".to_owned()),
            (format!("https://jane:ab/{secret}@host/"), "https://jane:-@host/".to_owned()),
            (format!("a=b&password={secret}'s&c=d"), "a=b&password=-&c=d".to_owned()),
            (format!("{{'a=b&password={secret}', 'c'}}"), "{'a=b&password=-', 'c'}".to_owned()),
            (format!("\"password\": {{\"value\": \"{secret}\"}}"), "\"password\": {\"value\": \"-\"}".to_owned()),
        ] {
            assert_eq!(replaced(&text, "-"), expected);
        }
        for plain in [
            "\"password\": {\"minLength\": 8, \"description\": \"a word\"}",
            "\"apiKey\": {\"createdAt\": 1}",
            "git@github.com:o/r.git ssh://git@host https://host/a/long/path/of/a/page@2x.png",
            "https://host:8080/a/long/path/of/a/page@2x.png",
        ] {
            assert_eq!(replaced(plain, "-"), plain);
        }
    }

    #[test]
    fn a_mask_may_keep_escapes_of_what_is_no_letter_or_digit() {
        for masked in ["xxX0%3D%2f", "Xxx0&amp;x&lt;", "xx\\nX", "xx\\u003dX"] {
            assert!(is_masked(masked), "{masked}");
        }
        for open in ["%41%42%43", "abc%3D", "&b;", "\\u0062"] {
            assert!(!is_masked(open), "{open}");
        }
    }

    #[test]
    fn of_forms_within_each_other_the_outer_one_is_masked() {
        let inner = format!("https://me:{}@host", "hunter".repeat(2));
        let text = format!("password: \"correct horse {inner} staple\"");
        assert_eq!(replaced(&text, "-"), "password: \"-\"");
        assert_eq!(replaced(&inner, "-").matches('-').count(), 1);
    }

    #[test]
    fn each_form_of_a_credential_has_a_word() {
        // Put together here, so that no file holds anything like a secret.
        let long = "A1b2".repeat(16);
        let of_names = SECRET_HEADERS.iter().filter(|name| **name != "authentication");
        let of_names = of_names.map(|name| format!("\"{name}\": \"{long}\""));
        let of_parameters = SECRET_PARAMETERS.iter().chain(&["client_secret", "apikey"]);
        let of_parameters = of_parameters.map(|name| format!("?{name}={long}"));
        let of_members = ["Password", "session_token", "secret-key", "AuthorizationToken", "privateKey", "apikey"];
        let of_members = of_members.into_iter().chain(["Passwd", "passphrase", "AuthToken", "apiSecret"]);
        let of_members = of_members.map(|name| format!("\"{name}\": \"{long}\""));
        let of_values = [
            format!("-----BEGIN {} KEY-----{long}-----END", "PRIVATE"),
            format!("BEARER {long}"),
            format!("Basic {long}"),
            format!("Signature={}", "0a".repeat(32)),
            format!("SignedHeaders=host, Signature={long}"),
            format!("http://me:{long}@host"),
            format!(r"http:\/\/me:{long}@host"),
            format!("IQoJ{long}"),
            format!("FwoG{long}"),
            format!("FQoG{long}"),
        ];
        let of_keys = ACCESS_KEYS.split('|').map(|start| format!("{start}{}", "ABCD".repeat(4)));
        for text in of_names.chain(of_parameters).chain(of_members).chain(of_values).chain(of_keys) {
            assert!(ANY_FORM.is_match(&text) && may_have_any(&text), "{text}");
        }
        for name in ["pa\u{17f}\u{17f}word", "se\u{17f}\u{17f}ion_to\u{212a}en"] {
            let word = format!("\"{name}\": \"{long}\"");
            assert_eq!(found_in(&word).len(), 1, "letters that are others in lower case");
        }
        let case = Regex::new("(?i)^[a-z]$").expect("letters");
        let beyond = ('\u{80}'..=char::MAX).filter(|letter| case.is_match(letter.encode_utf8(&mut [0; 4])));
        assert!(beyond.clone().count() == 2 && beyond.into_iter().all(|letter| may_have_any(&letter.to_string())));
        let plain =
            ["", "{\"status\": \"DONE\"}", "AKI", "arn:aws:s3:::b/k", "\"nextToken\": \"x\"", "jane@example.com"];
        for plain in plain.into_iter().chain(["apigateway", "design", "cascade", "// a comment", "ap-southeast"]) {
            assert!(!may_have_any(plain), "{plain}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// What is looked for first is in all that any form has.
        #[test]
        fn no_credential_is_without_a_word((form, text) in of_forms()) {
            prop_assert!(may_have_any(&text), "{text:?} is of the form {form}");
        }
    }

    /// Texts drawn from the forms themselves, without the edges of words and lines, of which nothing can be drawn.
    fn of_forms() -> impl Strategy<Value = (&'static str, String)> {
        (0..FORMS.len()).prop_flat_map(|number| {
            let form = FORMS[number].pattern.as_str();
            let edges = [("(?-u:\\b)", ""), ("(?:^|", "(?:|"), (")^", ")"), ("$", ""), ("\\z", "")];
            let plain = edges.iter().fold(form.to_owned(), |form, (edge, without)| form.replace(edge, without));
            (Just(form), string_regex(&plain).expect("a pattern of ours"))
        })
    }

    #[test]
    fn what_is_called_like_a_credential_is_one_however_it_is_written() {
        let secret = "pl4nt".repeat(4);
        for text in [
            format!(r#"{{"password": "{secret}"}}"#),
            format!(r#"{{"password": "{secret}"#),
            format!(r#"{{"password": ["{secret}"]}}"#),
            format!(r#"{{"password": {{"value": "{secret}"}}}}"#),
            format!(r#"{{\"password\": \"{secret}\"}}"#),
            format!(r#"{{\\\"password\\\": \\\"{secret}\\\"}}"#),
            format!(r#"[{{"name": "password", "value": "{secret}"}}]"#),
            format!(r#"[{{"value": "{secret}", "name": "X-Amz-Signature"}}]"#),
            format!("{{'client_secret': '{secret}'}}"),
            format!("{{'client_secret': b'{secret}', 'Cookie': 'short'}}"),
            format!("{{'Cookie': b'{secret}'}}"),
            format!(r#""HTTPHeaders": {{"set-cookie": "{secret}"}}"#),
            format!(r#""headers": {{"X-Amz-Security-Token": ["{secret}"]}}"#),
            format!(r#"{{"authorization": "{secret}"}}"#),
            format!("see https://user:{secret}@example.com/"),
            format!(r"see https:\/\/user:{secret}@example.com/"),
            format!(r#"{{"name": "X-Vault-Token", "value": "{secret}"}}"#),
            format!("headers:\n      X-Auth-Token:\n      - {secret}\n      Accept:\n"),
            format!("Cookie: {secret}\nAccept: */*\n"),
            format!("x-amz-security-token:{secret}\nhost:h\n"),
            format!("https://example.com/?a=b&X-Amz-Signature={secret}&c=d"),
            format!(r"https://example.com/?a=b\u0026access_token={secret}\u0026c=d"),
            format!("<a>https://example.com/?a=b&amp;Signature={secret}</a>"),
            format!("https://example.com/?to=https%3A%2F%2Fh%2F%3Fsig%3D{secret}"),
            format!("\"password={secret}&grant_type=password\""),
            format!("client_secret={secret}&a=b"),
            format!("AWS_SECRET_ACCESS_KEY={secret}\n"),
            format!("<Password>{secret}</Password>"),
            format!("<x:password a=\"b\">{secret}</x:password>"),
            format!("<password><![CDATA[{secret}]]></password>"),
            format!("<user password=\"{secret}\"/>"),
            format!("password: '{secret}'\n"),
            format!("mutation {{ login(password: \"{secret}\") }}"),
            format!("connect(password='{secret}', port=1)"),
            format!(":password=>\"{secret}\""),
            format!("mysql --password {secret} -h h"),
            format!("name=\"password\"\r\n\r\n{secret}\r\n--b--"),
            format!(r#"name=\"password\"\r\n\r\n{secret}\r\n"#),
            format!("<input type=\"password\" value=\"{secret}\">"),
            format!("MY_APP_API_KEY={secret}\n"),
        ] {
            let found: Vec<&str> = found_in(&text).into_iter().map(|(range, _)| &text[range]).collect();
            assert_eq!(found, [secret.as_str()], "{text}");
        }
        for text in [
            r#"{"authentication": "USER_PASSWORD"}"#,
            r#"{"set-cookie": "short"}"#,
            r#"{"nextToken": "aaaabbbbcccc"}"#,
            "https://host:8080/a@b",
            "?token=aaaabbbbcccc",
            "validToken: \"aaaabbbbcccc\"",
            "mysql --password --host aaaabbbbcccc",
            r#"[{"name": "engine", "value": "aaaabbbbcccc"}]"#,
            r#"{"authorization": "AWS4-HMAC-SHA256 Credential=REDACTED/20260101/r/s/aws4_request, Signature=REDACTED"}"#,
        ] {
            assert_eq!(found_in(text), [], "{text}");
        }
    }

    #[test]
    fn an_escape_may_stand_before_a_credential() {
        let token = ["IQ", "oJ"].concat() + &"aB3".repeat(20);
        for edge in ["", " ", "\\n", "\\t", "\\u0022", "%22", "%3D", "_", "\u{e9}", "\"", "x "] {
            let (key, bearer) = (format!("{edge}{}", key()), format!("{edge}Bearer {}", "pl4nt".repeat(4)));
            assert_eq!(found_in(&key).len(), 1, "{key}");
            assert!(without_keys(&key).ends_with(&"X".repeat(20)), "{key}");
            assert_eq!(found_in(&bearer).len(), 1, "{bearer}");
            assert_eq!(found_in(&format!("{edge}{token}")).len(), 1, "{edge}");
        }
        for none in [format!("B{}", key()), format!("{}A", key() + "7")] {
            assert_eq!(found_in(&none), [], "{none}");
        }
        assert!(is_among_bytes(&format!("t{}x", key())) && !is_among_bytes(&format!("t{}x", "A".repeat(40))));
    }

    #[test]
    fn keys_are_masked_anywhere() {
        assert_eq!(without_keys(&format!("x {} y", key())), format!("x {} y", "X".repeat(20)));
        assert_eq!(without_keys("AKIA is short"), "AKIA is short");
        let long = "é".repeat(40) + &key();
        for text in [key(), format!("AA{}", key()), format!("A A{}", key()), format!("{}/", key()), long] {
            assert_eq!(without_keys(&text) == text, !ACCESS_KEY.is_match(&text), "{text}");
        }
        // What is looked for first is in every key.
        for prefix in ACCESS_KEYS.split('|') {
            let key = format!("{prefix}ABCDEFGHIJKLMNO7");
            assert!(may_have_key(&key) && without_keys(&format!("a {key}b, {key}")).contains('X'), "{key}");
        }
    }
}
