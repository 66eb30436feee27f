//! Redaction of what is secret by its name, in texts of any structure; and what is called so and is no secret.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::check::{Catalog, Cleaned, Identities, Options, clean_strictly};
use shapegate::expectation::Expectations;
use shapegate::ingest::source::Source as Models;
use shapegate::protocol::value_of_cbor;

use crate::redaction::{CONTRACT, cleaned, planted, tagged};
#[cfg(feature = "cli")]
use crate::support::folder::{Folder, Ran};
use crate::support::{catalog, root};

const KEPT: &str = "plain words that stay";
/// A password that is too short to be looked for anywhere.
const SHORT: &str = "hunt3r";

/// A HAR of one request with a body.
fn har(url: &str, media: &str, posted: Value) -> String {
    let mut posted = posted;
    posted["mimeType"] = media.into();
    let headers = json!([{"name": "Content-Type", "value": media}]);
    let request = json!({"method": "POST", "url": url, "headers": headers, "postData": posted});
    let response = json!({"status": 200, "headers": [], "content": {"text": "{}"}});
    json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string()
}

fn of_body(media: &str, body: &str) -> String {
    har("https://api.example.com/v1/x", media, json!({"text": body}))
}

/// A record with something beside its payload.
fn record(beside: &Value) -> String {
    let payload = json!({"membershipIdentifier": "20000000-aaaa-4bbb-8ccc-000000000002"});
    json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": payload, "beside": beside})
        .to_string()
}

/// The copy of a recording: nothing is left, none of these secrets is in it, and all of that stays.
#[track_caller]
fn assert_masked(name: &str, bytes: &[u8], secrets: &[&str], kept: &[&str]) -> String {
    let copy = cleaned(&catalog(CONTRACT), Path::new(name), bytes).expect("a recording");
    let copied = String::from_utf8_lossy(&copy.bytes).into_owned();
    let original = String::from_utf8_lossy(bytes);
    assert_eq!((copy.left.as_slice(), copy.suspect), (&[][..], false), "{original}\n{copied}");
    for secret in secrets {
        assert!(original.contains(secret) && !copied.contains(secret), "{secret}: {original}\n{copied}");
    }
    for kept in kept {
        assert!(original.contains(kept) && copied.contains(kept), "{kept}: {original}\n{copied}");
    }
    copied
}

/// A recording of which nothing is masked.
#[track_caller]
fn assert_same(name: &str, text: &str) {
    let copy = cleaned(&catalog(CONTRACT), Path::new(name), text.as_bytes()).expect("a recording");
    assert_eq!((String::from_utf8_lossy(&copy.bytes).as_ref(), copy.left.as_slice()), (text, &[][..]));
}

#[test]
fn values_of_dynamodb_below_a_secret_name_are_masked() {
    let secret = planted();
    let digits = STANDARD.encode(&secret);
    for value in [
        json!({"S": secret}),
        json!({"L": [{"S": secret}, {"NULL": true}]}),
        json!({"M": {"x": {"S": secret}, "y": {"M": {"z": {"L": [{"SS": [secret]}]}}}}}),
        json!({"SS": [secret, format!("{secret}2")]}),
        json!({"B": digits}),
        json!({"BS": [digits]}),
    ] {
        let item = json!({"Item": {"password": value, "colour": {"S": KEPT}}}).to_string();
        for text in [of_body("application/json", &item), record(&serde_json::from_str(&item).expect("JSON"))] {
            let name = if text.starts_with("{\"log\"") { "a.har" } else { "a.ndjson" };
            let copy = assert_masked(name, text.as_bytes(), &[], &[KEPT]);
            assert!(!copy.contains(&secret) && !copy.contains(&digits), "{copy}");
        }
    }
    let values = json!({":password": {"S": SHORT}, ":colour": {"S": KEPT}});
    assert_masked("a.har", of_body("application/json", &values.to_string()).as_bytes(), &[SHORT], &[KEPT]);
    // What is called otherwise, or has no such types.
    for other in [json!({"colour": {"L": [{"S": KEPT}]}}), json!({"password": {"M": {"minimum": "eight letters"}}})] {
        assert_same("a.har", &of_body("application/json", &other.to_string()));
    }
}

#[test]
fn parts_of_a_multipart_body_are_masked_whatever_else_they_say() {
    let secret = planted();
    let dispositions = [
        "name=\"password\"",
        "name=password",
        "name=\"password\"; filename=\"p.txt\"",
        "filename=\"p.txt\"; name=\"password\"",
        "name='password'; filename=p.txt",
        "filename=p.txt; name=user[password]",
    ];
    let body = |lines: &[&str], value: &str, end: &str| {
        let part = |lines: &[&str], value: &str| format!("--b{end}{}{end}{end}{value}{end}", lines.join(end));
        part(lines, value) + &part(&["Content-Disposition: form-data; name=\"colour\""], KEPT) + "--b--" + end
    };
    for own in dispositions {
        let disposition = format!("Content-Disposition: form-data; {own}");
        let kind = "Content-Type: text/plain; charset=utf-8";
        for lines in [vec![&*disposition], vec![&*disposition, kind], vec![kind, &*disposition, "X-Size: 9"]] {
            for (value, end) in [(secret.as_str(), "\r\n"), (SHORT, "\n"), ("two\r\nhunt3r", "\r\n")] {
                let secret = value.rsplit('\n').next().expect("one");
                let text = of_body("multipart/form-data; boundary=b", &body(&lines, value, end));
                assert_masked("a.har", text.as_bytes(), &[secret], &[KEPT]);
            }
        }
    }
    // A file that is no text may be beside it.
    let bytes = [
        &b"--b\r\nContent-Disposition: form-data; name=f\r\n\r\n\xff\xd8\r\n"[..],
        body(&["Content-Type: a", "content-disposition: form-data; name=password"], SHORT, "\r\n").as_bytes(),
    ]
    .concat();
    let text = har(
        "https://api.example.com/",
        "multipart/form-data; boundary=b",
        json!({"text": STANDARD.encode(&bytes), "encoding": "base64"}),
    );
    let copy = cleaned(&catalog(CONTRACT), Path::new("a.har"), text.as_bytes()).expect("a recording");
    let copy: Value = serde_json::from_slice(&copy.bytes).expect("JSON");
    let copied = STANDARD
        .decode(copy["log"]["entries"][0]["request"]["postData"]["text"].as_str().expect("text"))
        .expect("base64");
    assert_eq!(copied.len(), bytes.len());
    assert!(copied.windows(2).any(|two| two == b"\xff\xd8") && !String::from_utf8_lossy(&copied).contains(SHORT));
    let other =
        body(&["Content-Disposition: form-data; name=passwordHint; filename=\"password\""], "a word of mine", "\r\n");
    assert_same("a.har", &of_body("multipart/form-data; boundary=b", &other));
}

#[test]
fn secrets_of_yaml_in_a_body_are_masked_however_they_are_written() {
    let secret = planted();
    for yaml in [
        "password: SECRET more words\n",
        "password: 'it''s SECRET'\n",
        "password: \"q SECRET\\n\"\n",
        "password: |\n  SECRET\n",
        "db:\n  password: >2-\n    first\n    SECRET\n",
        "password:\n  SECRET\n",
        "password:\n- SECRET\n",
        "password: !!str SECRET\n",
        "? password\n: SECRET\n",
        "a: {password: SECRET, b: c}\n",
        "password: # a note\n  SECRET\n",
        "users:\n  - name: password\n    value: SECRET\n",
    ] {
        let yaml = yaml.replace("SECRET", &secret) + "colour: red and blue\n";
        for text in
            [of_body("application/yaml", &yaml), of_body("application/json", &json!({"text": yaml}).to_string())]
        {
            assert_masked("a.har", text.as_bytes(), &[&secret], &["red and blue"]);
        }
        assert_masked("a.ndjson", record(&json!({"text": yaml})).as_bytes(), &[&secret], &["red and blue"]);
    }
    assert_masked("a.har", of_body("text/plain", &format!("password: {SHORT} and more")).as_bytes(), &[SHORT], &[]);
    for plain in [
        "Resources:\n  Db:\n    MasterUserPassword: !Ref DbPassword\n    ManageMasterUserPassword: true\n",
        "Parameters:\n  Password:\n    Type: String\n    Description: of the user\n",
        "To log in:\nPassword: the one that you chose\n",
    ] {
        assert_same("a.har", &of_body("application/yaml", plain));
    }
    let prose = json!({"message": "Password: it has eight letters at least"});
    assert_same("a.har", &of_body("application/json", &prose.to_string()));
}

#[test]
fn short_passwords_of_a_form_are_masked_whatever_it_leaves_unescaped() {
    for password in ["it's", "o'hara7", "p!w'", "(ab)*", "a~b.c'", "%27q%27", "a+b"] {
        let form = format!("user=jane&password={password}&colour=red&user[password]={password}");
        let pair = format!("password={password}");
        assert_masked(
            "a.har",
            of_body("application/x-www-form-urlencoded", &form).as_bytes(),
            &[&pair],
            &["user=jane", "colour=red"],
        );
        let alone = format!("client_secret={password}");
        assert_masked("a.har", of_body("application/x-www-form-urlencoded", &alone).as_bytes(), &[&alone], &[]);
        let url = har(
            &format!("https://api.example.com/?colour=red&client_secret={password}#top"),
            "text/plain",
            json!({"text": "x"}),
        );
        assert_masked("a.har", url.as_bytes(), &[&alone], &["colour=red", "#top"]);
    }
    for plain in ["ManageMasterUserPassword=true&passwordHint=a'b", "user=jane&password=", "nextToken=a'b"] {
        assert_same("a.har", &of_body("application/x-www-form-urlencoded", plain));
    }
}

#[test]
fn the_form_that_go_vcr_keeps_decoded_is_masked_as_the_body_is() {
    for secret in [planted(), format!("{} more+words&x=%41 'q'", planted()), SHORT.to_owned(), "it's".to_owned()] {
        let encoded: String = secret
            .bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect();
        for body in [format!("Action=PutThing&password={encoded}&colour=red"), String::new()] {
            let quoted = Value::from(secret.as_str());
            let text = format!(
                "version: 1\ninteractions:\n- request:\n    url: https://api.example.com/\n    method: POST\n    body: {}\n    headers: \
                 {{Content-Type: [application/x-www-form-urlencoded]}}\n    form:\n      Action: [PutThing]\n      password:\n      - {quoted}\n      \
                 colour: [red]\n    trailer: {{Cookie: [{quoted}]}}\n  response: {{code: 200, body: '{{}}', headers: {{}}}}\n",
                Value::from(body)
            );
            let copy = assert_masked("a.yaml", text.as_bytes(), &[&format!("- {quoted}")], &["colour: [red]"]);
            assert!(secret.len() < 8 || !copy.contains(&encoded), "{copy}");
        }
    }
}

#[test]
fn what_the_model_marks_sensitive_is_masked_where_it_stands_decoded() {
    let mut query = Catalog::default();
    query.add_source(Models::open(&root().join("fixtures/contracts/aws-query")).expect("a model"));
    let body = "Action=PutThing&Version=2020-01-01&Secret=sh%27h&Name=plain";
    let params = json!([{"name": "Secret", "value": "sh'h"}, {"name": "Name", "value": "plain"}]);
    let text = har(
        "https://aws-query.us-east-1.amazonaws.com/",
        "application/x-www-form-urlencoded",
        json!({"text": body, "params": params}),
    );
    let copy = cleaned(&query, Path::new("a.har"), text.as_bytes()).expect("a recording");
    let copied = String::from_utf8_lossy(&copy.bytes);
    assert!(
        !copied.contains("sh'h") && !copied.contains("sh%27h") && copied.contains(r#""value":"plain""#),
        "{copied}"
    );
}

/// A stub of `WireMock`.
fn stub(request: &Value) -> String {
    json!({"request": request, "response": {"status": 200, "jsonBody": {}}}).to_string()
}

#[test]
fn what_a_stub_matches_under_a_secret_name_is_masked() {
    let secret = planted();
    let base = json!({"method": "POST", "urlPath": "/login"});
    let with = |key: &str, value: Value| {
        let mut request = base.clone();
        request[key] = value;
        stub(&request)
    };
    for matcher in ["equalTo", "contains", "matches", "doesNotMatch", "doesNotContain"] {
        let own = json!({matcher: secret});
        let path = |expression: &str| json!([{"matchesJsonPath": {"expression": expression, matcher: secret}}]);
        let disposition = json!({"Content-Disposition": {"contains": "name=\"password\""}});
        for text in [
            with("bodyPatterns", path("$.password")),
            with("bodyPatterns", path("$['user'][\"password\"]")),
            with("bodyPatterns", json!([{"and": path("$.users[0].client_secret")}])),
            with("bodyPatterns", json!([{"matchesXPath": {"expression": "//user/password/text()", matcher: secret}}])),
            with("formParameters", json!({"user[password]": own})),
            with("queryParameters", json!({"client_secret": own})),
            with("cookies", json!({"session": own})),
            with("multipartPatterns", json!([{"name": "password", "bodyPatterns": [own]}])),
            with("multipartPatterns", json!([{"headers": disposition, "bodyPatterns": [own]}])),
        ] {
            assert_masked("a.json", text.as_bytes(), &[&secret], &["/login"]);
        }
    }
    for text in [
        with(
            "bodyPatterns",
            json!([{"matchesJsonPath": {"expression": "$.user", "equalToJson": json!({"password": SHORT}).to_string()}}]),
        ),
        with("bodyPatterns", json!([{"matchesJsonPath": {"expression": "$.password", "equalTo": SHORT}}])),
        with("formParameters", json!({"password": {"hasExactly": [{"equalTo": SHORT}]}})),
        with("queryParameters", json!({"password": {"includes": [{"equalTo": SHORT}]}})),
        with("basicAuthCredentials", json!({"username": "jane", "password": SHORT})),
        with("multipartPatterns", json!([{"name": "password", "bodyPatterns": [{"equalTo": SHORT}]}])),
    ] {
        assert_masked("a.json", text.as_bytes(), &[SHORT], &["/login"]);
    }
    for filter in ["$[?(@.password == 'SECRET')]", "$.users[?(@['password']=='SECRET')]"] {
        let text = with("bodyPatterns", json!([{"matchesJsonPath": filter.replace("SECRET", &secret)}]));
        assert_masked("a.json", text.as_bytes(), &[&secret], &["/login"]);
    }
    let number = with("bodyPatterns", json!([{"matchesJsonPath": {"expression": "$.password", "equalTo": 123_456}}]));
    let copy = assert_masked("a.json", number.as_bytes(), &["123456"], &[]);
    assert!(serde_json::from_str::<Value>(&copy).is_ok(), "{copy}");
    for plain in [
        with("bodyPatterns", json!([{"matchesJsonPath": {"expression": "$.password.length", "equalTo": KEPT}}])),
        with("bodyPatterns", json!([{"matchesJsonPath": {"expression": "$.password", "matches": "[0-9a-f]{8,}"}}])),
        with("multipartPatterns", json!([{"name": "colour", "bodyPatterns": [{"equalTo": KEPT}]}])),
        with("formParameters", json!({"colour": {"contains": KEPT}, "password": {"matches": ".+"}})),
    ] {
        assert_same("a.json", &plain);
    }
}

/// A dict of mitmproxy's.
fn dict(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let members = members.iter().map(|(key, value)| [tagged(key.as_bytes(), b';'), value.clone()].concat());
    tagged(&members.collect::<Vec<_>>().concat(), b'}')
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    tagged(&items.concat(), b']')
}

#[test]
fn what_a_flow_keeps_under_any_name_is_masked() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    let text = |text: &str| tagged(text.as_bytes(), b';');
    let bytes = |text: &str| tagged(text.as_bytes(), b',');
    let user = format!("jane:{secret}@proxy.example.org");
    let port = tagged(b"8080", b'#');
    let pem = format!("-----BEGIN {} KEY-----\n{secret}\n-----END {0} KEY-----\n", "PRIVATE");
    let message = |content: &str| {
        list(&[list(&[tagged(b"1", b'#'), tagged(b"true", b'!'), bytes(content), tagged(b"1.0", b'^')])])
    };
    let short = json!({"password": SHORT, "colour": KEPT}).to_string();
    let cases = [
        ("metadata", dict(&[("password", bytes(&secret))])),
        ("metadata", dict(&[("login", dict(&[("access_token", text(SHORT))]))])),
        ("metadata", dict(&[("upstream_auth", text(&format!("jane:{secret}")))])),
        ("metadata", dict(&[("proxy_authorization", list(&[text("Basic"), text(SHORT)]))])),
        ("server_conn", dict(&[("via2", list(&[text("http"), list(&[text(&user), port.clone()])]))])),
        ("server_conn", dict(&[("via2", dict(&[("address", list(&[text(&user), port]))]))])),
        ("server_conn", dict(&[("certificate_list", list(&[bytes(&pem)]))])),
        ("client_conn", dict(&[("clientcert", bytes(&pem))])),
        ("comment", text(&format!("the password: {secret}"))),
        ("websocket", dict(&[("messages", message(&short))])),
        ("websocket", dict(&[("messages", message(&format!("Bearer {secret}")))])),
        ("messages", list(&[list(&[tagged(b"true", b'!'), bytes(&format!("password={SHORT}&a=b"))])])),
    ];
    let request = dict(&[
        ("method", bytes("GET")),
        ("scheme", bytes("https")),
        ("host", text("cleanrooms.us-east-1.amazonaws.com")),
        ("port", tagged(b"443", b'#')),
        ("path", bytes("/memberships/20000000-aaaa-4bbb-8ccc-000000000002")),
        ("headers", list(&[])),
    ]);
    let response = dict(&[("status_code", tagged(b"200", b'#')), ("headers", list(&[])), ("content", bytes("{}"))]);
    let flow = |kind: &str, more: (&str, Vec<u8>)| {
        dict(&[("type", text(kind)), ("request", request.clone()), ("response", response.clone()), more])
    };
    for kind in ["http", "tcp", "websocket"] {
        for (key, value) in &cases {
            let flow = flow(kind, (key, value.clone()));
            let copy = cleaned(&catalog, Path::new("a.mitm"), &flow).expect("a recording");
            let copied = String::from_utf8_lossy(&copy.bytes).into_owned();
            assert!(
                !copy.suspect && !copied.contains(&secret) && !copied.contains(SHORT),
                "{key}: {copied} {:?}",
                copy.left
            );
            assert!(copied.contains("20000000-aaaa"), "{copied}");
        }
    }
    for (key, value) in [
        ("metadata", dict(&[("author", text(KEPT)), ("auth_method", text("password"))])),
        ("server_conn", dict(&[("address", list(&[text("proxy.example.org"), tagged(b"443", b'#')]))])),
        ("comment", text("password: it is said by phone")),
    ] {
        let flow = flow("http", (key, value));
        let copy = cleaned(&catalog, Path::new("a.mitm"), &flow).expect("a recording");
        assert!(key == "comment" || copy.bytes == flow, "{}", String::from_utf8_lossy(&copy.bytes));
    }
}

/// A value as CBOR, whose maps have keys in order and more than once.
fn cbor(value: &Value) -> Vec<u8> {
    let head = |kind: u8, length: usize| match u8::try_from(length).expect("short") {
        length @ 0..24 => vec![kind << 5 | length],
        length => vec![kind << 5 | 0x18, length],
    };
    match value {
        Value::String(text) => [head(3, text.len()), text.as_bytes().to_vec()].concat(),
        Value::Number(number) => head(0, usize::try_from(number.as_u64().expect("a number")).expect("small")),
        // A list of lists stands for a map.
        Value::Array(items) if items.iter().all(Value::is_array) && !items.is_empty() => {
            let pairs =
                items.iter().flat_map(|pair| pair.as_array().expect("a pair")).map(cbor).collect::<Vec<_>>().concat();
            [head(5, items.len()), pairs].concat()
        }
        Value::Array(items) => [head(4, items.len()), items.iter().map(cbor).collect::<Vec<_>>().concat()].concat(),
        _ => panic!("{value}"),
    }
}

#[test]
fn cbor_that_nobody_reads_as_a_whole_is_refused_and_keys_that_stand_twice_are_masked() {
    let catalog = catalog(CONTRACT);
    let copied = |bytes: &[u8]| {
        let text = har(
            "https://api.example.com/x",
            "application/cbor",
            json!({"text": STANDARD.encode(bytes), "encoding": "base64"}),
        );
        let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
        let har: Value = serde_json::from_slice(&copy.bytes).expect("JSON");
        let body = har["log"]["entries"][0]["request"]["postData"]["text"].as_str().expect("text").to_owned();
        (copy.suspect, STANDARD.decode(body).expect("base64"))
    };
    for secret in [planted().as_str(), SHORT] {
        let own = json!([["password", secret]]);
        for twice in [
            json!([["password", secret], ["password", "other"], ["colour", KEPT]]),
            json!([["password", "other"], ["password", secret], ["colour", KEPT]]),
            json!([["a", own], ["a", 1], ["colour", KEPT]]),
            json!([["Name", "password"], ["Name", "colour"], ["Value", secret], ["colour", KEPT]]),
            json!([["password", [["S", secret]]], ["password", 1], ["colour", KEPT]]),
        ] {
            let (is_refused, body) = copied(&cbor(&twice));
            let text = String::from_utf8_lossy(&body);
            assert!(!is_refused && !text.contains(secret) && text.contains(KEPT), "{twice}: {text}");
            assert!(value_of_cbor(&body).is_some(), "{twice}");
        }
        let whole = cbor(&json!([["colour", KEPT], ["password", secret]]));
        let deep = |levels: usize| [vec![0x81; levels], cbor(&own)].concat();
        for broken in [&whole[..whole.len() - 3], &[&whole[..], b"\xff"].concat(), &deep(127), &deep(500)] {
            assert!(copied(broken).0, "{broken:x?}");
        }
        assert!(!copied(&deep(100)).0 && !String::from_utf8_lossy(&copied(&deep(100)).1).contains(secret));
    }
    // What has no such name is copied, whatever it is.
    let whole = cbor(&json!([["colour", KEPT], ["nextToken", "a page"]]));
    for plain in
        [&whole[..whole.len() - 3], &[vec![0x81; 500], whole.clone()].concat(), b"\x89PNG\r\n\x1a\n\0\0 password"]
    {
        assert_eq!(copied(plain), (false, plain.to_vec()));
    }
}

#[test]
fn names_in_tokens_are_replaced_and_below_escapes_refused() {
    let account = ["4567", "89012345"].concat();
    let strictly = |text: &str| -> Cleaned {
        let (catalog, expectations) =
            (catalog(CONTRACT), Expectations::shipped().expect("shipped expectations compile"));
        let options = Options { threads: 1, ..Options::new(&catalog, &expectations) };
        clean_strictly(Path::new("a.ndjson"), text.as_bytes(), &options, &mut Identities::default())
            .expect("a recording")
    };
    for plain in [
        json!({"lastKey": {"account": account, "arn": format!("arn:aws:iam::{account}:role/x")}}).to_string(),
        json!({"text": json!({"account": account}).to_string()}).to_string(),
        format!("page of {account}"),
    ] {
        for token in [
            STANDARD.encode(&plain),
            STANDARD.encode(&plain).trim_end_matches('=').to_owned(),
            STANDARD.encode(STANDARD.encode(&plain)),
        ] {
            let copy = strictly(&record(&json!({"nextToken": token, "url": format!("https://h/?token={token}")})));
            assert_eq!((copy.left.as_slice(), copy.suspect), (&[][..], false), "{plain}");
            let copied: Value = serde_json::from_slice(&copy.bytes).expect("JSON");
            let token = copied["beside"]["nextToken"].as_str().expect("text");
            assert!(copied["beside"]["url"].as_str().is_some_and(|url| url.ends_with(token)), "{copied}");
            let bytes = |token: &str| {
                STANDARD
                    .decode(format!("{token}{}", "=".repeat((4 - token.len() % 4) % 4)))
                    .or_else(|_| STANDARD.decode(token))
                    .expect("base64")
            };
            let mut meant = bytes(token);
            while !meant.contains(&b' ') && !meant.contains(&b'{') {
                meant = bytes(&String::from_utf8(meant).expect("text"));
            }
            assert_eq!(String::from_utf8(meant).expect("text"), plain.replace(&account, "100000000001"));
        }
    }
    let wide = record(&json!("MAIL")).replace("MAIL", "jane.doe\\u0040corp.example.org");
    assert!(strictly(&wide).suspect && strictly(&record(&json!("an entity &#x6a;ane&#64;corp.example.org"))).suspect);
    let plain =
        record(&json!({"nextToken": STANDARD.encode("page 7 of 123456789"), "note": "\u{e9}t\u{e9} &amp; 100%25"}));
    assert_eq!(String::from_utf8(strictly(&plain).bytes).expect("text"), plain);
}

#[test]
fn a_member_that_is_called_like_a_secret_and_is_a_word_of_the_model_stays() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let model = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "units", "protocol": "json", "jsonVersion": "1.1", "serviceId": "Units", "targetPrefix": "Units"},
        "operations": {"Put": {"name": "Put", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}, "output": {"shape": "In"}}},
        "shapes": {
            "In": {"type": "structure", "members": {
                "AccessToken": {"shape": "Unit"}, "RefreshToken": {"shape": "Count"}, "HidePassword": {"shape": "Flag"}, "Password": {"shape": "Text"}}},
            "Unit": {"type": "string", "enum": ["minutes", "milliseconds"]}, "Count": {"type": "integer"},
            "Flag": {"type": "boolean"}, "Text": {"type": "string"}}});
    let folder = dir.path().join("units/2020-01-01");
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::write(folder.join("service-2.json"), model.to_string()).expect("writable");
    let mut units = Catalog::default();
    units.add_source(Models::open(&dir.path().join("units")).expect("a model"));
    let record = |payload: Value| {
        json!({"service": "units", "operation": "Put", "direction": "request", "payload": payload}).to_string()
    };
    let posted = |payload: Value| {
        let text = har(
            "https://units.us-east-1.amazonaws.com/",
            "application/x-amz-json-1.1",
            json!({"text": payload.to_string()}),
        );
        text.replacen(r#""headers":["#, r#""headers":[{"name":"X-Amz-Target","value":"Units.Put"},"#, 1)
    };
    let words = json!({"AccessToken": "milliseconds", "RefreshToken": 86_400_000, "HidePassword": true});
    for (name, text) in [("a.ndjson", record(words.clone())), ("a.har", posted(words.clone()))] {
        let copy = cleaned(&units, Path::new(name), text.as_bytes()).expect("a recording");
        assert_eq!((String::from_utf8_lossy(&copy.bytes).as_ref(), copy.left.as_slice()), (&*text, &[][..]));
    }
    // Under another name, or another value under that name.
    for other in [json!({"Password": "milliseconds"}), json!({"AccessToken": planted()})] {
        for (name, text) in [("a.ndjson", record(other.clone())), ("a.har", posted(other.clone()))] {
            let copy = cleaned(&units, Path::new(name), text.as_bytes()).expect("a recording");
            let copied = String::from_utf8_lossy(&copy.bytes);
            assert!(!copied.contains("milliseconds") && !copied.contains(&planted()), "{copied}");
        }
    }
}

#[test]
fn a_secret_that_is_masked_stands_in_no_few_digits_either() {
    let secret = "hunter2pass99";
    let masked = json!({"password": secret});
    let digits = STANDARD.encode(secret);
    let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    for echo in [digits.clone(), digits.trim_end_matches('=').to_owned(), format!("/a/{digits}"), hexadecimal] {
        let text = record(&json!([masked, {"echo": echo}]));
        assert_masked("a.ndjson", text.as_bytes(), &[&echo], &[]);
    }
    // Among other bytes nobody masks it.
    let text = record(&json!([masked, {"echo": STANDARD.encode(format!("a{secret}b"))}]));
    assert!(cleaned(&catalog(CONTRACT), Path::new("a.ndjson"), text.as_bytes()).expect("a recording").suspect);
    assert_same("a.ndjson", &record(&json!({"echo": digits, "word": "internationalisation"})));
}

#[cfg(feature = "cli")]
#[test]
fn a_comment_in_a_file_of_records_is_masked_and_named_with_a_remedy() {
    let secret = planted();
    for comment in [
        "// password: SECRET",
        "// the password is: no, password: SECRET",
        "# password: SECRET and more",
        "/* password = SECRET */",
    ] {
        let text = format!("{}\n{}\n", comment.replace("SECRET", &secret), record(&json!(1)));
        let folder = Folder::new().with("a.ndjson", &text);
        let Ran { code, stderr, .. } = folder.run(&["redact", "a.ndjson", "copy"]);
        assert!(code == Some(1) && stderr.contains("line 1, column 1"), "{stderr}");
        assert!(
            stderr.contains("a.ndjson: look at what is named above in the copy before you pass it on."),
            "{stderr}"
        );
        assert!(!folder.read("copy").contains(&secret) && !stderr.contains(&secret), "{comment}");
    }
}
