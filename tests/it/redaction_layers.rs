//! Redaction of what stands in odd places: in CBOR, in texts within texts, beside the messages, in names of files.

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

const MEMBERSHIP: &str = "20000000-aaaa-4bbb-8ccc-000000000002";

/// A record with something beside its payload.
fn record(beside: &Value) -> String {
    let payload = json!({"membershipIdentifier": MEMBERSHIP});
    json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": payload, "beside": beside})
        .to_string()
}

/// An HTTP archive of one request whose body is bytes.
fn archive(url: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let headers: Vec<_> = headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let posted = json!({"text": STANDARD.encode(body), "encoding": "base64"});
    let request = json!({"method": "POST", "url": url, "headers": headers, "postData": posted});
    let response = json!({"status": 200, "headers": headers, "content": {"text": "oA==", "encoding": "base64"}});
    json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string()
}

/// The body of the request of such an archive.
fn body(copy: &[u8]) -> Vec<u8> {
    let copy: Value = serde_json::from_slice(copy).expect("JSON");
    let text = copy["log"]["entries"][0]["request"]["postData"]["text"].as_str().expect("a text");
    STANDARD.decode(text).expect("base64")
}

fn strictly(catalog: &Catalog, name: &str, bytes: &[u8]) -> Cleaned {
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { threads: 1, ..Options::new(catalog, &expectations) };
    clean_strictly(Path::new(name), bytes, &options, &mut Identities::default()).expect("a recording")
}

/// A map of CBOR of texts, and of bytes where they are no text.
fn cbor(members: &[(&str, &[u8])]) -> Vec<u8> {
    let text = |head: u8, bytes: &[u8]| [&[head | 0x18, u8::try_from(bytes.len()).expect("short")], bytes].concat();
    let mut map = vec![0xA0 | u8::try_from(members.len()).expect("few")];
    for (name, value) in members {
        map.extend(text(0x60, name.as_bytes()));
        map.extend(text(if value.first() == Some(&b'{') { 0x40 } else { 0x60 }, value));
    }
    map
}

fn rpc() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.add_source(Models::open(&root().join("fixtures/contracts/rpc-v2-cbor")).expect("a model"));
    catalog
}

const RPC: &str = "https://rpc-v2-cbor.us-east-1.amazonaws.com/service/ThingService/operation/";
const CBOR: &[(&str, &str)] = &[("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor")];

#[test]
fn secrets_of_cbor_are_masked_and_the_rest_stays() {
    let (catalog, secret) = (rpc(), planted());
    let within = format!("{{\"password\": \"{secret}\", \"a\": 1}}");
    let bearer = format!("Bearer {secret}");
    for (member, value) in
        [("secret", &secret), ("password", &secret), ("SessionToken", &secret), ("data", &within), ("name", &bearer)]
    {
        for (url, is_known) in [
            (format!("{RPC}PutThing"), true),
            (format!("{RPC}NoSuchThing"), true),
            ("https://api.example.com/things".to_owned(), false),
        ] {
            if member == "secret" && !is_known {
                continue;
            }
            let sent = cbor(&[(member, value.as_bytes()), ("colour", b"red")]);
            let text = archive(&url, CBOR, &sent);
            let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
            assert_eq!((copy.left.as_slice(), copy.suspect), (&[][..], false), "{member} {url}");
            let body = body(&copy.bytes);
            let read = value_of_cbor(&body).expect("CBOR");
            assert!(!String::from_utf8_lossy(&body).contains(&secret), "{member} {url}: {read}");
            assert!(read["colour"] == "red" && read[member].is_string(), "{member} {url}: {read}");
        }
    }
    // What is called otherwise stays byte for byte.
    let sent = cbor(&[("nextToken", secret.as_bytes()), ("colour", b"red")]);
    let text = archive(&format!("{RPC}PutThing"), CBOR, &sent);
    let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
    assert_eq!((String::from_utf8_lossy(&copy.bytes).into_owned(), copy.left), (text, Vec::new()));
}

#[test]
fn names_in_cbor_and_in_other_bytes_are_replaced_or_refused() {
    let catalog = rpc();
    let account = ["4567", "89012345"].concat();
    for name in [account.as_str(), "jane.doe@corp.example.org", "203.0.113.77"] {
        let sent = cbor(&[("name", format!("of {name}").as_bytes())]);
        let copy = strictly(&catalog, "a.har", archive(&format!("{RPC}PutThing"), CBOR, &sent).as_bytes());
        let body = body(&copy.bytes);
        assert!(!copy.suspect && value_of_cbor(&body).is_some(), "{:?}", copy.left);
        assert!(!String::from_utf8_lossy(&body).contains(name));
        // Nobody writes these anew.
        let wide: Vec<u8> = format!("of {name}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = [b"caf\xe9 for ", name.as_bytes()].concat();
        for bytes in [wide, latin] {
            let text = archive("https://api.example.com/", &[], &bytes);
            assert!(strictly(&catalog, "a.har", text.as_bytes()).suspect, "{name}");
            assert!(!cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording").suspect, "{name}");
        }
        let digits = STANDARD.encode(format!("{{\"note\": \"for {name} and more\"}}"));
        let text = record(&json!(digits));
        let copy = strictly(&Catalog::default(), "a.ndjson", text.as_bytes());
        let copied: Value = serde_json::from_slice(&copy.bytes).expect("JSON");
        let inner = STANDARD.decode(copied["beside"].as_str().expect("a text")).expect("base64");
        assert!(!copy.suspect && !String::from_utf8_lossy(&inner).contains(name), "{name}: {copied}");
        assert!(!cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording").suspect, "{name}");
    }
    for plain in ["a text of 127.0.0.1 with the number 12345", "stream:shardId-000000000001:0 of somebody"] {
        let plain = record(&json!(STANDARD.encode(plain)));
        assert!(!strictly(&Catalog::default(), "a.ndjson", plain.as_bytes()).suspect);
    }
}

/// A dict of mitmproxy's.
fn dict(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let members = members.iter().map(|(key, value)| [tagged(key.as_bytes(), b';'), value.clone()].concat());
    tagged(&members.collect::<Vec<_>>().concat(), b'}')
}

/// A list of mitmproxy's, of texts.
fn list(texts: &[&str]) -> Vec<u8> {
    tagged(&texts.iter().map(|text| tagged(text.as_bytes(), b',')).collect::<Vec<_>>().concat(), b']')
}

#[test]
fn what_a_flow_keeps_beside_its_messages_is_masked() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    let text = |text: &str| tagged(text.as_bytes(), b',');
    let headers = |name: &str, value: &str| tagged(&list(&[name, value]), b']');
    let flow = |kind: &str, sent: &[(&str, Vec<u8>)], got: &[(&str, Vec<u8>)], more: &[(&str, Vec<u8>)]| {
        let request = [
            ("method", text("GET")),
            ("scheme", text("https")),
            ("host", text("cleanrooms.us-east-1.amazonaws.com")),
            ("port", tagged(b"443", b'#')),
            ("path", text(&format!("/memberships/{MEMBERSHIP}"))),
            ("headers", headers("Accept", "application/json")),
        ];
        let response =
            [("status_code", tagged(b"200", b'#')), ("headers", headers("Date", "x")), ("content", text("{}"))];
        let whole = [
            ("type", text(kind)),
            ("request", dict(&[&request[..], sent].concat())),
            ("response", dict(&[&response[..], got].concat())),
        ];
        dict(&[&whole[..], more].concat())
    };
    let cookie = || headers("Cookie", &secret);
    let user = format!("jane:{secret}@cleanrooms.us-east-1.amazonaws.com");
    let backup = dict(&[("headers", cookie()), ("path", text(&format!("/?X-Amz-Signature={secret}")))]);
    let proxy = dict(&[("proxyauth", list(&["jane", &secret]))]);
    for kind in ["http", "tcp"] {
        for (sent, got, more) in [
            (vec![("trailers", cookie())], vec![], vec![]),
            (vec![], vec![("trailers", headers("X-Api-Key", &secret))], vec![]),
            (vec![], vec![], vec![("metadata", proxy.clone())]),
            (vec![("authority", text(&user))], vec![], vec![]),
            (vec![("host", text(&user))], vec![], vec![]),
            (vec![("headers", cookie())], vec![], vec![]),
            (vec![], vec![], vec![("backup", dict(&[("request", backup.clone())]))]),
        ] {
            let flow = flow(kind, &sent, &got, &more);
            let copy = cleaned(&catalog, Path::new("a.mitm"), &flow).expect("a recording");
            assert_eq!((copy.left.is_empty(), copy.suspect), (kind == "http", false), "{:?}", copy.left);
            let copied = String::from_utf8_lossy(&copy.bytes).into_owned();
            assert!(!copied.contains(&secret) && copied.contains(MEMBERSHIP), "{copied}");
        }
    }
    let plain = flow("http", &[("trailers", headers("Date", &secret)), ("authority", text("h.example.org"))], &[], &[]);
    let copy = cleaned(&catalog, Path::new("a.mitm"), &plain).expect("a recording");
    assert_eq!((copy.bytes, copy.left), (plain, Vec::new()));
}

#[test]
fn a_secret_that_is_masked_stands_nowhere_else_in_other_writing() {
    let value = "SELECT \"x & y\" FROM café WHERE a+b";
    let query = json!({"type": "SQL", "sqlParameters": {"queryString": value}});
    let first =
        json!({"service": "cleanrooms", "operation": "StartProtectedQuery", "direction": "request", "payload": query});
    let catalog = catalog(CONTRACT);
    let twice = STANDARD.encode(STANDARD.encode(value));
    let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let entities = value.chars().map(|c| format!("&#{};", u32::from(c))).collect::<Vec<_>>().concat();
    for (beside, is_masked) in [
        (json!(value), true),
        (json!(json!(value).to_string()), true),
        (json!("SELECT \"x &amp; y\" FROM café WHERE a+b"), true),
        (json!("q=SELECT+%22x+%26+y%22+FROM+caf%C3%A9+WHERE+a%2Bb"), true),
        (json!("SELECT%20%22x%20%26%20y%22%20FROM%20caf%c3%a9%20WHERE%20a%2bb"), false),
        (json!("SELECT \"x & y\" FROM caf\\xc3\\xa9 WHERE a+b"), false),
        (json!(entities), false),
        (json!(twice), false),
        (json!(STANDARD.encode(wide)), false),
    ] {
        let text = format!("{first}\n{}\n", record(&beside));
        let copy = cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording");
        assert_eq!(copy.suspect, !is_masked, "{beside}: {:?} {}", copy.left, String::from_utf8_lossy(&copy.bytes));
    }
    let ascii = record(&json!("BESIDE")).replace("BESIDE", "SELECT \\\"x & y\\\" FROM caf\\u00e9 WHERE a+b");
    let copy = cleaned(&catalog, Path::new("a.ndjson"), format!("{first}\n{ascii}\n").as_bytes()).expect("a recording");
    assert!(!copy.suspect && !String::from_utf8_lossy(&copy.bytes).contains("caf"), "{:?}", copy.left);
    let cassette = format!(
        "interactions:\n- request:\n    method: POST\n    uri: https://cleanrooms.us-east-1.amazonaws.com/memberships/{MEMBERSHIP}/protectedQueries\n    \
         headers: {{}}\n    body: '{query}'\n  response: {{status: {{code: 200}}, headers: {{}}, body: {{string: '{{}}'}}}}\n"
    );
    for note in [
        "note: >-\n  SELECT \"x & y\"\n  FROM café\n  WHERE a+b\n",
        "note: SELECT \"x & y\"\n  FROM café\n  WHERE a+b\n",
        "note: \"SELECT \\\"x & y\\\" \\\n  FROM caf\\xe9\n  WHERE a+b\"\n",
    ] {
        let copy = cleaned(&catalog, Path::new("a.yaml"), (cassette.clone() + note).as_bytes()).expect("a recording");
        assert!(copy.suspect, "{note}");
    }
    let copy = cleaned(&catalog, Path::new("a.yaml"), (cassette + "note: SELECT x\n  FROM y\n").as_bytes());
    assert!(!copy.expect("a recording").suspect, "another text");
}

#[test]
fn members_of_a_service_are_known_in_any_letters_and_without_an_operation() {
    let mut thing = Catalog::default();
    thing.add_source(Models::open(&root().join("fixtures/contracts/thing")).expect("a model"));
    let secret = planted();
    for (path, member) in [
        ("things", "secret"),
        ("things", "SECRET"),
        ("nothing", "secret"),
        ("nothing", "Secret"),
        ("things", "sessiontoken"),
    ] {
        let url = format!("https://thing.us-east-1.amazonaws.com/{path}");
        let mut sent = json!({"id": "plain-id", "within": {"colour": "red"}});
        sent[member] = secret.as_str().into();
        let request = json!({"method": "POST", "url": url, "headers": [], "postData": {"text": sent.to_string()}});
        let entry = json!({"request": request, "response": {"status": 200, "headers": [], "content": {"text": "{}"}}});
        let text = json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
        let copy = cleaned(&thing, Path::new("a.har"), text.as_bytes()).expect("a recording");
        let copied = String::from_utf8_lossy(&copy.bytes);
        assert!(!copied.contains(&secret) && copied.contains("plain-id") && copied.contains("red"), "{url} {copied}");
        assert!(!copy.suspect && copy.left.is_empty(), "{:?}", copy.left);
    }
}

#[test]
fn what_a_stub_that_is_passed_over_matches_is_masked() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    for (request, response) in [
        (json!({"cookies": {"session": {"equalTo": secret}}}), json!({"status": 200})),
        (json!({"headers": {"X-Api-Key": {"contains": secret}}}), json!({"status": 200})),
        (json!({"headers": {"Proxy-Authorization": {"equalTo": secret}}}), json!({"status": 200})),
        (json!({"queryParameters": {"X-Amz-Signature": {"equalTo": secret}}}), json!({"status": 200})),
        (json!({}), json!({"fault": "EMPTY_RESPONSE", "headers": {"Set-Cookie": [secret]}})),
        (
            json!({}),
            json!({"proxyBaseUrl": format!("https://jane:{secret}@h/"), "additionalProxyRequestHeaders": {"Cookie": secret}}),
        ),
    ] {
        let mut whole = json!({"method": "GET", "urlPattern": "/.*"});
        whole.as_object_mut().expect("an object").extend(request.as_object().expect("an object").clone());
        let text = json!({"request": whole, "response": response}).to_string();
        let copy = cleaned(&catalog, Path::new("a.json"), text.as_bytes()).expect("a recording");
        let copied = String::from_utf8_lossy(&copy.bytes);
        assert!(!copied.contains(&secret) && !copy.suspect && copied.contains("/.*"), "{copied} {:?}", copy.left);
    }
}

#[test]
fn a_credential_is_known_by_its_form_in_settings_and_tokens() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    let part = "c0nt3nt".repeat(3);
    let token = format!("{}{part}.{}{part}.{part}", ["e", "yJ"].concat(), ["e", "yJ"].concat());
    for beside in [
        format!("see {secret}{token}").replace(&secret, ""),
        format!("https://h/?jwt={token}"),
        format!("[default]\naws_secret_access_key = {token}"),
        format!("export DB_PASSWORD= {token}"),
        format!("Parameters.member.1.MasterUserPassword={token}"),
        format!("Passwords.member.1={token}"),
        format!("curl -H 'Cookie: {token}' https://h"),
        format!("Tags.member.1.Key=password&Tags.member.1.Value={token}"),
    ] {
        let beside =
            if beside.contains("jwt") || beside.starts_with("see") { beside } else { beside.replace(&token, &secret) };
        let text = record(&json!(beside));
        let copy = cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording");
        let copied = String::from_utf8_lossy(&copy.bytes);
        assert!(!copied.contains(&secret) && !copied.contains(&part), "{copied}");
        assert!(copy.left.is_empty(), "{:?}", copy.left);
    }
    for plain in
        ["password = input(prompt)", "token = aaaabbbbcccc", "eyJhIjoxfQ.and.more", "a.b.PasswordLastUsed=aaaabbbbcccc"]
    {
        let text = record(&json!(plain));
        let copy = cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording");
        assert_eq!((String::from_utf8_lossy(&copy.bytes).into_owned(), copy.left), (text, Vec::new()));
    }
}

#[cfg(feature = "cli")]
#[test]
fn a_name_of_a_file_that_holds_a_credential_is_refused_and_not_told() {
    let key = format!("AKIA{}", "QWERTYUIOPASDFGH");
    let names = [format!("t/{key}.ndjson"), format!("t/{key}/a.ndjson"), format!("t/password={}.ndjson", planted())];
    for name in names {
        let folder = Folder::new().with(&name, &record(&json!(1))).with("t/b.ndjson", &record(&json!(1)));
        let Ran { code, stderr, .. } = folder.run(&["redact", "t", "copy"]);
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stderr.contains("its name holds a credential") && stderr.contains("Rename it"), "{stderr}");
        assert!(!stderr.contains(&key) && !stderr.contains(&planted()), "{stderr}");
        assert!(folder.path().join("copy/b.ndjson").exists());
        assert!(!folder.path().join(name.replacen("t/", "copy/", 1)).exists());
        for from in ["t", name.as_str()] {
            let Ran { code, stderr, .. } = folder.run(&["redact", "--check", from]);
            // Of what is named itself the copy has the last part alone.
            let is_refused = from == "t" || !name.ends_with("/a.ndjson");
            let told = "its name holds a credential";
            assert_eq!((code != Some(0), stderr.contains(told)), (is_refused, is_refused), "{stderr}");
        }
    }
    // What is no recording is not copied, whatever it is called.
    let folder = Folder::new().with(&format!("t/{key}.txt"), "hello").with("t/b.ndjson", &record(&json!(1)));
    assert_eq!(folder.run(&["redact", "t", "copy"]).code, Some(0));
    let folder =
        Folder::new().with(&format!("{key}.ndjson"), "{\"service\": \"x\", \"operation\": \"y\", \"direction\"");
    let Ran { stderr, .. } = folder.run(&["redact", &format!("{key}.ndjson"), "copy.ndjson"]);
    assert!(stderr.contains(".ndjson") && !stderr.contains(&key), "{stderr}");
}

#[cfg(feature = "cli")]
#[test]
fn what_is_refused_leaves_no_file_and_a_remedy() {
    let inner = STANDARD.encode(format!("{{\"password\": \"{}\"}}", planted()));
    for beside in [json!(inner), json!(STANDARD.encode(&inner))] {
        let folder = Folder::new().with("a.ndjson", &record(&beside));
        let Ran { code, stderr, .. } = folder.run(&["redact", "a.ndjson", "copy"]);
        assert!(code == Some(1) && !folder.path().join("copy").exists(), "{stderr}");
        assert!(stderr.contains("line 1: ") && stderr.contains("Take out what is named above"), "{stderr}");
    }
}

#[test]
fn what_is_known_by_its_form_is_masked_wherever_it_stands() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    for within in [
        format!("user=a&password={secret}"),
        format!("{{\"password\": \"{secret}\"}}"),
        format!("<Password>{secret}</Password>"),
        format!("https://jane:{secret}@host/"),
        format!("Bearer {secret}{secret}"),
    ] {
        let echoed = if within.starts_with("Bearer") { format!("{secret}{secret}") } else { secret.clone() };
        let text = record(&json!({"note": within, "echo": echoed, "plain": "words that stay"}));
        let copy = cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording");
        let copied = String::from_utf8_lossy(&copy.bytes);
        assert!(!copied.contains(&secret) && copied.contains("words that stay"), "{within}: {copied}");
        assert!(!copy.suspect && copy.left.is_empty(), "{within}: {:?}", copy.left);
    }
}

#[test]
fn cbor_that_is_no_map_of_texts_is_looked_into() {
    let (catalog, secret) = (catalog(CONTRACT), planted());
    let map = cbor(&[("password", secret.as_bytes())]);
    let numbered = [&[0xA2, 0x01, 0x02][..], &map[1..]].concat();
    for bytes in
        [[&[0x81][..], &map].concat(), numbered, [&map[..], &[0x00]].concat(), [&[0xD9, 0xD9, 0xF7][..], &map].concat()]
    {
        let text = archive("https://api.example.com/v1/x", &[], &bytes);
        let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
        let sent = body(&copy.bytes);
        assert!(!String::from_utf8_lossy(&sent).contains(&secret), "{bytes:x?}");
        assert!(value_of_cbor(&sent).is_some() && !copy.suspect, "{bytes:x?} {:?}", copy.left);
    }
}

#[cfg(feature = "cli")]
#[test]
fn a_file_that_no_format_reads_is_masked_or_refused() {
    let text = format!("{{\"log\": {{\"account\": \"210987654321\", \"header\": \"Bearer {}\", \"mail", planted());
    for encode in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(encode).collect();
        let folder = Folder::new();
        std::fs::write(folder.path().join("a.har"), wide).expect("writable");
        let Ran { code, stderr, .. } = folder.run(&["redact", "a.har", "copy.har"]);
        assert!(code == Some(1) && !folder.path().join("copy.har").exists(), "{stderr}");
    }
    let folder = Folder::new().with("a.har", &text);
    for (how, keeps_account) in [("usual", true), ("strict", false)] {
        let Ran { code, stderr, .. } = folder.run(&["redact", "--redact", how, "a.har", how]);
        assert!(code == Some(1) && stderr.contains("is masked by forms alone"), "{stderr}");
        let copy = folder.read(how);
        assert!(!copy.contains(&planted()) && copy.contains("210987654321") == keeps_account, "{copy}");
    }
}
