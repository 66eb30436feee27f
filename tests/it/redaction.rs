//! Redaction: a cleaned copy holds no secret and is judged as the recording is.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
#[cfg(feature = "cli")]
use serde_json::json;
use shapegate::check::{Catalog, Cleaned, Identities, Input, Options, clean, clean_strictly};
use shapegate::expectation::Expectations;
use shapegate::finding::Finding;
use shapegate::ingest::source::Source as Models;
use shapegate::recording::packed::Packing;
use shapegate::recording::redact::MASK;
use shapegate::recording::{Coding, Entry, Notation, Source, Written};

#[cfg(feature = "cli")]
use crate::support::folder::{Folder, Ran, request};
#[cfg(feature = "cli")]
use crate::support::wheels::wheel;
use crate::support::{catalog, check, root};

pub(crate) const CONTRACT: &str = "cleanrooms@2023-08-30";

/// Every file below a folder of fixtures.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of fixtures") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

pub(crate) fn cleaned(catalog: &Catalog, path: &Path, bytes: &[u8]) -> Option<Cleaned> {
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { threads: 1, ..Options::new(catalog, &expectations) };
    clean(path, bytes, &options).ok()
}

/// What is said of a file, but for what a mask changes: values and columns.
fn said(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let Finding { rule, weight, service, operation, direction, pointer, location, .. } = finding;
        format!("{:?} {weight} {rule} {service:?} {operation:?} {direction:?} {pointer}", location.entry)
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_cleaned_copy_is_judged_as_the_recording_is() {
    let catalog = catalog(CONTRACT);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut masked = 0;
    let mut recordings = 0;
    let all = ["fixtures/recordings", "fixtures/faulty"].into_iter().flat_map(files);
    for path in all {
        let bytes = fs::read(&path).expect("a readable file");
        let Some(copy) = cleaned(&catalog, &path, &bytes) else { continue };
        recordings += 1;
        masked += copy.masked;
        let unfit = copy.left.iter().find(|told| told.contains("not judged as"));
        assert_eq!(unfit, None, "{}", path.display());
        // The file's name and folders say the operation, so the copy keeps them.
        let below = path.strip_prefix(root()).expect("below the package");
        let to = dir.path().join(below);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a writable folder");
        fs::write(&to, &copy.bytes).expect("a writable file");
        let before = check(&catalog, vec![Input::Path(path.clone())], 1);
        let after = check(&catalog, vec![Input::Path(to)], 1);
        assert_eq!(said(&before.findings), said(&after.findings), "{}", path.display());
        assert_eq!(before.tally, after.tally, "{}", path.display());
    }
    assert!(recordings > 100 && masked > 100, "{recordings} recordings with {masked} places");
}

#[test]
fn cleaning_twice_changes_nothing_more() {
    let catalog = catalog(CONTRACT);
    for path in files("fixtures/recordings") {
        let bytes = fs::read(&path).expect("a readable file");
        let Some(once) = cleaned(&catalog, &path, &bytes) else { continue };
        let twice = cleaned(&catalog, &path, &once.bytes).expect("still a recording");
        assert!(once.bytes == twice.bytes, "{}", path.display());
    }
}

#[test]
fn no_secret_is_left_in_an_http_archive() {
    // Put together here, so that no file holds anything like a key.
    let key = format!("AKIA{}", "QWERTYUIOPASDFGH");
    let secrets = ["sig0123abc", "tok+en/456==", "cookie-789", "SELECT ssn FROM people", key.as_str()];
    let member = "20000000-aaaa-4bbb-8ccc-000000000002";
    let body = serde_json::json!({"type": "SQL", "sqlParameters": {"queryString": "SELECT ssn FROM people"}});
    let har = serde_json::json!({"log": {"version": "1.2", "entries": [{
        "request": {
            "method": "POST",
            "url": format!("https://cleanrooms.us-east-1.amazonaws.com/memberships/{member}/protectedQueries"),
            "headers": [
                {"name": "Authorization", "value": format!(
                    "AWS4-HMAC-SHA256 Credential={key}/20230830/us-east-1/cleanrooms/aws4_request, \
                     SignedHeaders=host, Signature=sig0123abc")},
                {"name": "x-amz-security-token", "value": "tok+en/456=="},
                {"name": "Cookie", "value": "a=cookie-789"},
            ],
            "postData": {"text": body.to_string()},
        },
        "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": "cookie-789"}],
                     "content": {"text": format!("{{\"protectedQuery\": {{\"note\": \"{key}\"}}}}")}},
    }]}});
    let catalog = catalog(CONTRACT);
    let text = format!("{har:#}");
    let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
    let copy_text = String::from_utf8(copy.bytes).expect("text");
    for secret in secrets {
        assert!(text.contains(secret), "{secret} was there");
        assert!(!copy_text.contains(secret), "{secret}");
    }
    assert!(copy_text.contains(&format!("{MASK}/20230830/us-east-1/cleanrooms/aws4_request")), "the scope stays");
    assert_eq!(copy.left, Vec::<String>::new());
}

/// Method, URL, headers and body of a request.
type Asked<'t> = (&'t str, &'t str, &'t [(&'t str, &'t str)], &'t str);

/// An HTTP archive of requests.
fn archive(requests: &[Asked<'_>]) -> String {
    let entry = |(method, url, headers, body): &Asked<'_>| {
        let header = |(name, value): &(&str, &str)| serde_json::json!({"name": name, "value": value});
        serde_json::json!({
            "request": {"method": method, "url": url, "headers": headers.iter().map(header).collect::<Vec<_>>(),
                        "postData": {"text": body}},
            "response": {"status": 200, "headers": [], "content": {"text": "{}"}},
        })
    };
    let entries: Vec<_> = requests.iter().map(entry).collect();
    serde_json::json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

#[test]
fn an_exchange_that_only_another_one_explains_is_cleaned() {
    let member = "20000000-aaaa-4bbb-8ccc-000000000002";
    let secret = "SELECT ssn FROM people";
    let body = serde_json::json!({"type": "SQL", "sqlParameters": {"queryString": secret}}).to_string();
    let scope = "AWS4-HMAC-SHA256 Credential=REDACTED/20230830/us-east-1/cleanrooms/aws4_request, \
                 SignedHeaders=host, Signature=REDACTED";
    let url = format!("http://gateway.internal:8080/memberships/{member}/protectedQueries");
    let signed = format!("http://gateway.internal:8080/memberships/{member}");
    // What signs nothing comes first: the exchange behind it says whose host this is.
    let text = archive(&[("POST", &url, &[], &body), ("GET", &signed, &[("authorization", scope)], "")]);
    let catalog = catalog(CONTRACT);
    let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
    assert_eq!((copy.left.as_slice(), copy.elsewhere), (&[][..], 0));
    assert!(!String::from_utf8_lossy(&copy.bytes).contains(secret), "{}", String::from_utf8_lossy(&copy.bytes));
}

#[test]
fn traffic_of_no_aws_api_is_masked_by_form_and_copied() {
    let secret = format!("tok{}", "QWERTYuiop4567890asdf");
    let body = serde_json::json!({"access_token": secret, "colour": "aquamarine"}).to_string();
    let text = archive(&[("POST", "https://api.example.com/v1/login", &[("x-api-key", &secret)], &body)]);
    let catalog = catalog(CONTRACT);
    let copy = cleaned(&catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
    assert_eq!((copy.left.as_slice(), copy.elsewhere, copy.suspect), (&[][..], 1, false));
    let copy = String::from_utf8(copy.bytes).expect("text");
    assert!(!copy.contains(&secret) && copy.contains("aquamarine"), "{copy}");
}

#[test]
fn thousands_of_secrets_are_masked() {
    let queries: Vec<String> = (0..6_000).map(|number| format!("SELECT ssn FROM people{number:05}")).collect();
    let record = |query: &String| {
        let payload = serde_json::json!({"type": "SQL", "sqlParameters": {"queryString": query}, "note": query});
        serde_json::json!({"service": "cleanrooms", "operation": "StartProtectedQuery", "direction": "request",
                           "payload": payload})
        .to_string()
    };
    let text = queries.iter().map(record).collect::<Vec<_>>().join("\n");
    let catalog = catalog(CONTRACT);
    // Looking for each secret in all of the text would take minutes.
    let copy = cleaned(&catalog, Path::new("a.ndjson"), text.as_bytes()).expect("a recording");
    assert!(!String::from_utf8_lossy(&copy.bytes).contains("people"));
    assert_eq!((copy.left.len(), copy.masked), (0, 2 * queries.len()));
}

/// A copy without names, too.
fn strictly_cleaned(catalog: &Catalog, path: &Path, bytes: &[u8], identities: &mut Identities) -> Option<Cleaned> {
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { threads: 1, ..Options::new(catalog, &expectations) };
    clean_strictly(path, bytes, &options, identities).ok()
}

#[test]
fn a_copy_without_names_is_judged_as_the_recording_is() {
    let catalog = catalog(CONTRACT);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut identities = Identities::default();
    let mut recordings = 0;
    for path in ["fixtures/recordings", "fixtures/faulty"].into_iter().flat_map(files) {
        let bytes = fs::read(&path).expect("a readable file");
        let Some(copy) = strictly_cleaned(&catalog, &path, &bytes, &mut identities) else { continue };
        recordings += 1;
        let unfit = copy.left.iter().find(|told| told.contains("not judged as"));
        assert_eq!(unfit, None, "{}", path.display());
        let to = dir.path().join(path.strip_prefix(root()).expect("below the package"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
        fs::write(&to, &copy.bytes).expect("writable");
        let before = check(&catalog, vec![Input::Path(path.clone())], 1);
        let after = check(&catalog, vec![Input::Path(to)], 1);
        assert_eq!(said(&before.findings), said(&after.findings), "{}", path.display());
    }
    assert!(recordings > 100, "{recordings} recordings");
}

#[test]
fn names_are_replaced_by_the_same_in_all_recordings() {
    let catalog = catalog(CONTRACT);
    let (account, mail, address) = (["4567", "89012345"].concat(), "jane.doe@corp.example.org", "203.0.113.77");
    let record = |note: &str| {
        let membership = serde_json::json!({"creatorAccountId": account, "name": note, "description": address,
            "arn": format!("arn:aws:cleanrooms:us-east-1:{account}:membership/1")});
        serde_json::json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "response",
                           "payload": {"membership": membership}})
        .to_string()
    };
    let mut identities = Identities::default();
    let mut cleaned = |note: &str| {
        let copy = strictly_cleaned(&catalog, Path::new("a.ndjson"), record(note).as_bytes(), &mut identities);
        let copy = String::from_utf8(copy.expect("a recording").bytes).expect("text");
        for name in [account.as_str(), mail, address] {
            assert!(!copy.contains(name), "{copy}");
        }
        let record: serde_json::Value = serde_json::from_str(&copy).expect("JSON");
        let membership = record["payload"]["membership"].clone();
        let own = membership["creatorAccountId"].as_str().expect("text").to_owned();
        assert!(membership["arn"].as_str().is_some_and(|arn| arn.contains(&format!(":{own}:"))), "{copy}");
        assert!(own.len() == 12 && own.bytes().all(|byte| byte.is_ascii_digit()), "{copy}");
        own
    };
    assert_eq!(cleaned(mail), cleaned(&format!("for {mail}")));
}

#[test]
#[cfg(feature = "cli")]
fn a_file_is_copied_into_a_folder_under_its_own_name() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[]));
    folder.write("there/b.ndjson", "");
    for (to, written) in [("there", "there/a.ndjson"), ("new/deep/", "new/deep/a.ndjson"), ("c.ndjson", "c.ndjson")] {
        let Ran { code, stderr, .. } = folder.run(&["redact", "t/a.ndjson", to]);
        assert_eq!(
            (code, stderr.as_str()),
            (Some(0), "1 recording written, 0 places masked, 0 other files not copied\n")
        );
        assert_eq!(folder.read(written), folder.read("t/a.ndjson"), "{to}");
    }
}

/// What `--check` says of a copy that was just written, and of what it is a copy of.
#[cfg(feature = "cli")]
fn looked_at(folder: &Folder, name: &str, models: &[&str]) -> [(Option<i32>, String); 2] {
    let Ran { code, stderr, .. } = folder.run(&[&["redact", name, "copies/"], models].concat());
    assert_eq!(code, Some(0), "{stderr}");
    let copy = format!("copies/{name}");
    [name, &*copy].map(|path| {
        let Ran { code, stdout, stderr } = folder.run(&[&["redact", "--check", path], models].concat());
        (code, stdout + &stderr)
    })
}

/// What is secret as a whole is masked but for its tags and its code, which is no reason to mask these the second time.
#[test]
#[cfg(feature = "cli")]
fn nothing_is_left_to_mask_in_a_copy() {
    let model = json!({
        "metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "query", "serviceId": "Thing"},
        "operations": {"DropThing": {"name": "DropThing", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
        "shapes": {"In": {"type": "structure", "members": {"Name": {"shape": "Text"}}}, "Text": {"type": "string"}},
    });
    let entry = |status: u16, answer: &str| {
        json!({"request": {"method": "POST", "url": "https://thing.us-east-1.amazonaws.com/",
                "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
                "postData": {"text": "Action=DropThing&Version=2024-01-01&Name=a"}},
            "response": {"status": status, "headers": [{"name": "Content-Type", "value": "text/xml"}], "content": {"text": answer}}})
    };
    let gone = r#"<DropThingResponse xmlns="http://thing.amazonaws.com/doc/2024-01-01/"><ResponseMetadata><RequestId>9bKq42</RequestId></ResponseMetadata></DropThingResponse>"#;
    let odd = "<ErrorResponse><Error><Type>Sender</Type><Code>OutOfPaint</Code><Message>there is none</Message></Error><RequestId>a</RequestId></ErrorResponse>";
    for (answer, status, kept) in [(gone, 200, "http://thing.amazonaws.com/doc/"), (odd, 400, "OutOfPaint")] {
        let har = json!({"log": {"version": "1.2", "entries": [entry(status, answer)]}}).to_string();
        let folder = Folder::new().with("model.json", &model.to_string()).with("a.har", &har);
        let [open, masked] = looked_at(&folder, "a.har", &["--model", "model.json"]);
        assert_eq!(open.0, Some(1), "{}", open.1);
        assert!(open.1.starts_with("a.har:1: not masked\n1 recording looked at, 1 of them not masked"), "{}", open.1);
        assert_eq!(masked.0, Some(0), "{}{}", masked.1, folder.read("copies/a.har"));
        assert!(folder.read("copies/a.har").contains(kept), "{}", folder.read("copies/a.har"));
    }
}

#[test]
#[cfg(feature = "cli")]
fn what_nobody_commits_is_looked_at_where_it_is_named() {
    let secret = json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001", "password": "hunter".repeat(2)}});
    let folder = Folder::new().with(".git/HEAD", "").with(".gitignore", "private/\n");
    folder.write("private/a.ndjson", &secret.to_string());
    folder.write("b.ndjson", &request("GetMembership", &[]));
    for (path, code, told) in [
        (".", 0, "1 recording looked at, 0 of them not masked"),
        ("private", 1, "1 recording looked at, 1 of them not masked"),
        ("private/a.ndjson", 1, "1 recording looked at, 1 of them not masked"),
    ] {
        let ran = folder.run(&["redact", "--check", path]);
        assert_eq!(ran.code, Some(code), "{path}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{path}: {}", ran.stderr);
    }
}

#[test]
#[cfg(feature = "cli")]
#[ignore = "needs a wheel of botocore, run by .ci/run"]
fn nothing_is_left_to_mask_in_copies_of_moto() {
    let (folder, wheel) = (Folder::new(), wheel("1.44.5"));
    let (moto, wheel) = (root().join("fixtures/moto"), wheel.to_str().expect("text"));
    let moto = moto.to_str().expect("text");
    // Of one of them no copy is judged alike, which is told; it is masked all the same.
    let ran = folder.run(&["redact", moto, "copies", "--model", wheel]);
    assert!(ran.stderr.contains("44 recordings written"), "{}", ran.stderr);
    for (path, told) in [(moto, "44 of them not masked"), ("copies", "44 recordings looked at, 0 of them not masked")] {
        let ran = folder.run(&["redact", "--check", path, "--model", wheel]);
        assert!(ran.stderr.contains(told), "{}{}", ran.stdout, ran.stderr);
    }
}

/// Bytes in content codings, the last one first.
fn coded(bytes: &[u8], codings: &[Coding]) -> Vec<u8> {
    let (form, codings) = (Notation::Verbatim, codings.to_vec());
    let written = Written { codings, ..Written::new(bytes.into(), 0..0, form) };
    written.rewritten(b"", bytes).expect("codings that are written").remove(0).1
}

/// How each body of a recording is written, and what it is.
fn bodies(format: &str, path: &Path, bytes: &[u8]) -> Vec<(Notation, Vec<Coding>, String)> {
    let mut bodies = Vec::new();
    shapegate::recording::format(format).expect("a format").read(&Source::whole(path, bytes), &mut |entry| {
        let Entry::Http(http) = entry else { panic!("no exchange") };
        let body = http.response.expect("an answer").body.expect("a body");
        bodies.push((body.form, body.codings.clone(), String::from_utf8(body.bytes.into_owned()).expect("text")));
    });
    bodies
}

/// A netstring of mitmproxy's.
pub(crate) fn tagged(payload: &[u8], tag: u8) -> Vec<u8> {
    [payload.len().to_string().as_bytes(), b":", payload, &[tag]].concat()
}

/// A flow of mitmproxy's, whose body is bytes as they came.
fn flow(url: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let dict = |members: &[(&str, Vec<u8>)]| {
        let members = members.iter().map(|(key, value)| [tagged(key.as_bytes(), b';'), value.clone()].concat());
        tagged(&members.collect::<Vec<_>>().concat(), b'}')
    };
    let pair = |(name, value): &(&str, &str)| {
        tagged(&[tagged(name.as_bytes(), b','), tagged(value.as_bytes(), b',')].concat(), b']')
    };
    let headers = tagged(&headers.iter().map(pair).collect::<Vec<_>>().concat(), b']');
    let (host, path) = url.trim_start_matches("https://").split_at("cleanrooms.us-east-1.amazonaws.com".len());
    let request = dict(&[
        ("method", tagged(b"GET", b',')),
        ("scheme", tagged(b"https", b',')),
        ("host", tagged(host.as_bytes(), b';')),
        ("port", tagged(b"443", b'#')),
        ("path", tagged(path.as_bytes(), b',')),
        ("headers", headers.clone()),
        ("content", tagged(b"", b',')),
    ]);
    let response =
        dict(&[("status_code", tagged(b"200", b'#')), ("headers", headers), ("content", tagged(body, b','))]);
    let (kind, version) = (tagged(b"http", b';'), tagged(b"21", b'#'));
    dict(&[
        ("client_conn", tagged(b"", b'~')),
        ("version", version),
        ("type", kind),
        ("request", request),
        ("response", response),
    ])
}

#[test]
fn a_body_that_is_packed_is_cleaned_and_packed_again() {
    let catalog = catalog(CONTRACT);
    let (token, secret) = (format!("tok{}", "QWERTYuiop4567890asdf"), format!("s3cr{}", "EtQWERTYuiop4567890"));
    // What is secret by its own name, and what a later header tells.
    let body = serde_json::json!({"membership": {"secretAccessKey": secret, "description": format!("of {token} 💡")}});
    let body = body.to_string();
    let url = "https://cleanrooms.us-east-1.amazonaws.com/memberships/20000000-aaaa-4bbb-8ccc-000000000002";
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    let gzip = vec![Coding::Packed(Packing::Gzip)];
    let in_all = [
        ("gzip", gzip.clone()),
        ("zstd", vec![Coding::Packed(Packing::Zstd)]),
        ("br", vec![Coding::Brotli]),
        ("deflate", vec![Coding::Zlib]),
        ("deflate", vec![Coding::Deflate]),
        ("br, gzip", vec![Coding::Packed(Packing::Gzip), Coding::Brotli]),
        ("identity", vec![]),
    ];
    let mut cases: Vec<(&str, &str, Vec<u8>)> = Vec::new();
    let har = |coding: &str, content: serde_json::Value| {
        let headers = |more: &str| serde_json::json!([{"name": "Content-Encoding", "value": coding}, {"name": "X-Vault-Token", "value": more}]);
        let entry = |token: &str| {
            serde_json::json!({"request": {"method": "GET", "url": url, "headers": headers(token)},
                "response": {"status": 200, "headers": headers("none"), "content": content}})
        };
        serde_json::json!({"log": {"version": "1.2", "entries": [entry("none"), entry(&token)]}})
            .to_string()
            .into_bytes()
    };
    for (header, codings) in &in_all {
        let bytes = coded(body.as_bytes(), codings);
        cases.push(("har", "a.har", har(header, serde_json::json!({"text": base64(&bytes), "encoding": "base64"}))));
        let headers = [("Content-Encoding", *header), ("X-Vault-Token", &token)];
        cases.push(("mitmproxy", "a.mitm", [flow(url, &headers[..1], &bytes), flow(url, &headers, &bytes)].concat()));
    }
    let packed = coded(body.as_bytes(), &gzip);
    let (first, second) = packed.split_at(20);
    let chunks = serde_json::json!([base64(first), base64(second)]).to_string();
    cases.push(("har", "a.har", har("gzip", serde_json::json!({"text": chunks, "encoding": "base64"}))));
    let chunks = serde_json::json!([hexadecimal(first), hexadecimal(second)]).to_string();
    cases.push(("har", "a.har", har("gzip", serde_json::json!({"text": chunks}))));
    let path = url.split_once(".com").expect("a host").1;
    for response in [
        serde_json::json!([hexadecimal(first), hexadecimal(second)]),
        serde_json::json!([base64(first), base64(second)]),
    ] {
        let call = |more: &str| {
            serde_json::json!({"scope": "https://cleanrooms.us-east-1.amazonaws.com:443", "method": "GET", "path": path, "body": "",
                "status": 200, "response": response, "rawHeaders": ["Content-Encoding", "gzip", "X-Vault-Token", more]})
        };
        cases.push(("nock", "a.json", serde_json::json!([call("none"), call(&token)]).to_string().into_bytes()));
    }
    let binary = serde_json::json!([{"scope": "https://cleanrooms.us-east-1.amazonaws.com:443", "method": "GET", "path": path, "body": "",
        "status": 200, "response": hexadecimal(body.as_bytes()), "responseIsBinary": true, "rawHeaders": ["X-Vault-Token", token]}]);
    cases.push(("nock", "a.json", binary.to_string().into_bytes()));
    let cassette = serde_json::json!({"request": {"method": "GET", "url": url, "headers": {"X-Vault-Token": token}, "body": null},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": format!("base64:{}", base64(&packed))}});
    cases.push(("dd-apm-test-agent", "a.json", cassette.to_string().into_bytes()));
    let yaml = format!(
        "interactions:\n- request:\n    body: null\n    headers:\n      X-Vault-Token:\n      - {token}\n    method: GET\n    uri: {url}\n  \
         response:\n    body:\n      string: !!binary |\n        {}\n    headers: {{}}\n    status:\n      code: 200\n",
        base64(&packed)
    );
    cases.push(("vcrpy", "a.yaml", yaml.into_bytes()));
    for (format, path, bytes) in cases {
        let what = String::from_utf8_lossy(&bytes).into_owned();
        let copy = cleaned(&catalog, Path::new(path), &bytes).expect("a recording");
        assert_eq!((copy.left.as_slice(), copy.suspect), (&[][..], false), "{what}");
        let (before, after) = (bodies(format, Path::new(path), &bytes), bodies(format, Path::new(path), &copy.bytes));
        assert_eq!(before.len(), after.len(), "{what}");
        for (old, new) in before.into_iter().zip(after) {
            assert_eq!((old.0, old.1), (new.0, new.1), "{what}");
            assert!(old.2.contains(&secret) && old.2.contains(&token), "{}", old.2);
            assert!(!new.2.contains(&secret) && !new.2.contains(&token), "{}", new.2);
            assert!(new.2.contains("description\":\"of ") && new.2.contains('💡'), "{}", new.2);
        }
        assert!(!String::from_utf8_lossy(&copy.bytes).contains(&token), "{what}");
    }
}

#[test]
fn a_url_whose_parts_stand_apart_is_cleaned() {
    let catalog = catalog(CONTRACT);
    let secret = format!("s1gn{}", "QWERTYuiop4567890");
    let path = format!("/memberships/20000000-aaaa-4bbb-8ccc-000000000002?X-Amz-Signature={secret}&x=1");
    for (scope, kept) in [
        ("https://cleanrooms.us-east-1.amazonaws.com:443", "https://cleanrooms.us-east-1.amazonaws.com:443\""),
        ("https://jane:s3cr3tpassw0rd@cleanrooms.us-east-1.amazonaws.com", "@cleanrooms.us-east-1.amazonaws.com\""),
    ] {
        let call = serde_json::json!([{"scope": scope, "method": "GET", "path": path, "body": "", "status": 200, "response": {}}]);
        let copy = cleaned(&catalog, Path::new("a.json"), call.to_string().as_bytes()).expect("a recording");
        assert_eq!((copy.left.as_slice(), copy.suspect), (&[][..], false));
        let copy = String::from_utf8(copy.bytes).expect("text");
        assert!(!copy.contains(&secret) && !copy.contains("s3cr3tpassw0rd"), "{copy}");
        assert!(
            copy.contains(kept)
                && copy.contains(&format!(
                    "\"/memberships/20000000-aaaa-4bbb-8ccc-000000000002?X-Amz-Signature={MASK}&x=1\""
                )),
            "{copy}"
        );
    }
}

/// What is put together of two, so that no file holds anything like a secret.
pub(crate) fn planted() -> String {
    format!("s3cr{}", "EtQWERTYuiop4567890")
}

/// A copy that is fit to be passed on, without the secret, and judged as the recording is.
fn assert_clean(name: &str, text: &str) -> String {
    assert_clean_by(&catalog(CONTRACT), name, text)
}

fn assert_clean_by(catalog: &Catalog, name: &str, text: &str) -> String {
    let copy = cleaned(catalog, Path::new(name), text.as_bytes()).unwrap_or_else(|| panic!("a recording: {text}"));
    let bytes = String::from_utf8(copy.bytes).expect("text");
    assert_eq!(copy.left, [""; 0], "{bytes}");
    assert!(text.contains(&planted()) && !bytes.contains(&planted()), "{bytes}");
    let read = |text: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join(name), text).expect("writable");
        let checked = check(catalog, vec![Input::Path(folder.path().join(name))], 1);
        (said(&checked.findings), checked.tally)
    };
    assert_eq!(read(text), read(&bytes), "{bytes}");
    bytes
}

const MEMBERSHIP: &str = "https://cleanrooms.us-east-1.amazonaws.com/memberships/20000000-aaaa-4bbb-8ccc-000000000002";

#[test]
fn a_secret_in_several_frames_is_cleaned() {
    let secret = planted();
    let body = serde_json::json!({"membership": {"secretAccessKey": secret}}).to_string();
    let data = |text: &str| serde_json::json!({"Data": {"data": {"Utf8": text}, "direction": "Response"}});
    for at in [8, secret.len()] {
        let (first, second) = body.split_at(body.find(&secret).expect("there") + at);
        let actions = [
            serde_json::json!({"Request": {"request": {"uri": MEMBERSHIP, "headers": {}, "method": "GET"}}}),
            serde_json::json!({"Response": {"response": {"Ok": {"status": 200, "headers": {}}}}}),
            data(first),
            data(second),
            serde_json::json!({"Eof": {"ok": true, "direction": "Response"}}),
        ];
        let events: Vec<_> =
            actions.iter().map(|action| serde_json::json!({"connection_id": 0, "action": action})).collect();
        let text = serde_json::json!(events).to_string();
        if at < secret.len() {
            let copy = cleaned(&catalog(CONTRACT), Path::new("a.json"), text.as_bytes()).expect("a recording");
            let copied = String::from_utf8_lossy(&copy.bytes);
            assert!(
                copy.left.is_empty() && !copied.contains(&secret[8..]) && !copied.contains(&secret[..8]),
                "{copied}"
            );
        } else {
            assert_clean("a.json", &text);
        }
    }
}

#[test]
fn a_secret_in_a_parsed_body_is_cleaned() {
    let text = format!(
        "interactions:\n- request:\n    method: POST\n    uri: {MEMBERSHIP}/protectedQueries\n    headers:\n      Content-Type: \
         [application/json]\n    body:\n      type: SQL\n      sqlParameters:\n        queryString: {}\n  response:\n    \
         status: {{code: 200}}\n    headers: {{}}\n    body: {{string: '{{}}'}}\n",
        planted()
    );
    let copy = assert_clean("a.yaml", &text);
    assert!(copy.contains("  response:\n    status: {code: 200}"), "{copy}");
}

#[test]
fn a_secret_in_the_text_of_a_notification_is_cleaned() {
    let query = format!("{} \"a\"\n", planted());
    let detail = serde_json::json!({"eventSource": "cleanrooms.amazonaws.com", "eventName": "StartProtectedQuery",
        "eventType": "AwsApiCall", "responseElements": null,
        "requestParameters": {"type": "SQL", "sqlParameters": {"queryString": query}}});
    let kind = "AWS API Call via CloudTrail";
    let event = serde_json::json!({"detail-type": kind, "source": "aws.cleanrooms", "detail": detail});
    let topic = "arn:aws:sns:us-east-1:123456789012:t";
    let note = serde_json::json!({"Type": "Notification", "TopicArn": topic, "Message": event.to_string()});
    for text in [event.to_string(), note.to_string(), serde_json::json!([note]).to_string()] {
        let copy = assert_clean("a.json", &text);
        assert!(serde_json::from_str::<serde_json::Value>(&copy).is_ok(), "{copy}");
    }
}

#[test]
fn a_secret_in_a_form_that_was_parsed_is_cleaned() {
    let params =
        serde_json::json!([{"name": "Action", "value": "A"}, {"name": "X-Amz-Security-Token", "value": planted()}]);
    let har = serde_json::json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "POST", "url": "https://example.com/", "headers": [],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "params": params}},
        "response": {"status": 200, "headers": [], "content": {"text": ""}},
    }]}});
    let copy = assert_clean("a.har", &har.to_string());
    assert!(copy.contains(r#""value":"A""#), "{copy}");
}

/// The model of that folder of fixtures, changed, and where it is.
fn model(folder: &str, change: impl Fn(String) -> String) -> (Catalog, tempfile::TempDir) {
    let text = fs::read_to_string(root().join("fixtures/contracts").join(folder).join("service-2.json"));
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join(folder);
    fs::create_dir_all(&path).expect("writable");
    fs::write(path.join("service-2.json"), change(text.expect("a model"))).expect("writable");
    let mut catalog = Catalog::default();
    let name = folder.split('/').next().expect("a name");
    catalog.add_source(Models::open(&dir.path().join(name)).expect("a model"));
    (catalog, dir)
}

/// A HAR and a cassette of go-vcr that keep a form parsed.
fn forms(pairs: &[(&str, &str)]) -> [(&'static str, String); 2] {
    let url = "https://aws-query.us-east-1.amazonaws.com/";
    let media = "application/x-www-form-urlencoded";
    let params: Vec<_> = pairs.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
    let har = serde_json::json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "POST", "url": url, "headers": [], "postData": {"mimeType": media, "params": params}},
        "response": {"status": 200, "headers": [], "content": {"text": ""}},
    }]}});
    let form: Vec<String> = pairs.iter().map(|(name, value)| format!("        {name}: ['{value}']\n")).collect();
    let cassette = format!(
        "version: 1\ninteractions:\n  - request:\n      url: {url}\n      method: POST\n      body: ''\n      headers: \
         {{Content-Type: [{media}]}}\n      form:\n{}    response: {{code: 200, body: '', headers: {{}}}}\n",
        form.concat()
    );
    [("a.har", har.to_string()), ("a.yaml", cassette)]
}

#[test]
fn what_is_no_secret_in_a_form_that_was_parsed_stays_as_it_is() {
    let (catalog, _dir) = model("aws-query", |text| text);
    let secret = planted();
    for plain in ["a%2Bb", "%ff", "100% a&b", "a+b c", "%", ""] {
        let pairs = [
            ("Action", "PutThing"),
            ("Version", "2020-01-01"),
            ("Timestamp", plain),
            ("Secret", &secret),
            ("Name", "a%2Bb"),
        ];
        for (name, text) in forms(&pairs) {
            let copy = assert_clean_by(&catalog, name, &text);
            let (before, after) = text.split_once(&secret).expect("there");
            // A text in single quotes gets double ones.
            assert!(copy.starts_with(before.trim_end_matches('\'')), "{plain}: {copy}");
            assert!(copy.ends_with(after.trim_start_matches('\'')), "{plain}: {copy}");
        }
    }
    // Within a secret, too, whatever the recorder made of it.
    for escaped in ["%2B", "%ff", "% ", "&"] {
        let secret = format!("{secret}{escaped}");
        for (name, text) in forms(&[("Action", "PutThing"), ("Version", "2020-01-01"), ("Secret", &secret)]) {
            assert_clean_by(&catalog, name, &text);
        }
    }
}

#[test]
fn a_parameter_without_a_value_stays_without_one() {
    let (catalog, _dir) = model("aws-query", |text| text);
    let secret = planted();
    let [(name, text), _] =
        forms(&[("Action", "PutThing"), ("Version", "2020-01-01"), ("Due", "x"), ("Secret", &secret)]);
    for absent in [r#"{"name":"Due"}"#, r#"{"name":"Due","value":null}"#] {
        let text = text.replace(r#"{"name":"Due","value":"x"}"#, absent);
        let copy = assert_clean_by(&catalog, name, &text);
        assert!(copy.contains(absent), "{copy}");
    }
}

/// What is left of a stub, and whether it is refused.
fn refused(catalog: &Catalog, host: &str, request: &serde_json::Value) -> (bool, String, String) {
    let mut whole = serde_json::json!({"method": "POST", "urlPath": "/", "headers": {"Host": {"equalTo": host}}});
    whole.as_object_mut().expect("an object").extend(request.as_object().expect("an object").clone());
    let stub = serde_json::json!({"request": whole, "response": {"status": 200, "body": ""}}).to_string();
    let copy = cleaned(catalog, Path::new("a.json"), stub.as_bytes()).expect("a recording");
    (copy.suspect, copy.left.join("\n"), String::from_utf8(copy.bytes).expect("text"))
}

#[test]
fn a_body_that_a_stub_matches_as_an_object_is_cleaned() {
    let (thing, _dir) = model("thing/2020-01-01", |text| text);
    let secret = planted();
    for body in [
        serde_json::json!({"id": "plain-id", "secret": secret}),
        serde_json::json!(format!(r#"{{"id": "plain-id", "secret": "{secret}"}}"#)),
    ] {
        let request = serde_json::json!({"urlPath": "/things", "bodyPatterns": [{"equalToJson": body, "ignoreExtraElements": true}]});
        let (is_refused, left, copy) = refused(&thing, "thing.us-east-1.amazonaws.com", &request);
        assert_eq!((is_refused, &*left), (false, ""), "{copy}");
        assert!(!copy.contains(&secret) && copy.contains("plain-id"), "{copy}");
    }
}

#[test]
fn a_stub_that_may_match_a_secret_in_parts_is_refused() {
    let (thing, _dir) = model("thing/2020-01-01", |text| text);
    let (query, _folder) = model("aws-query", |text| text);
    let secret = planted();
    let whole = serde_json::json!({"equalToJson": {"id": "plain-id"}});
    let is_refused = |path: &str, patterns: serde_json::Value| {
        let request = serde_json::json!({"urlPath": path, "bodyPatterns": patterns});
        let (is_refused, left, _) = refused(&thing, "thing.us-east-1.amazonaws.com", &request);
        assert_eq!(is_refused, left.contains("the stub of entry 0 matches parts of the body"), "{left}");
        is_refused
    };
    let parts = [
        serde_json::json!({"matchesJsonPath": {"expression": "$.secret", "equalTo": secret}}),
        serde_json::json!({"matchesJsonPath": {"expression": "$", "equalToJson": {"secret": secret}}}),
        serde_json::json!({"matchesJsonPath": format!("$[?(@.secret == '{secret}')]")}),
        serde_json::json!({"contains": secret}),
        serde_json::json!({"matches": format!(".*{secret}.*")}),
        serde_json::json!({"doesNotMatch": "short"}),
        serde_json::json!({"or": [{"contains": secret}, {"absent": true}]}),
        serde_json::json!({"equalToJson": {"secret": secret}}),
    ];
    for part in parts {
        assert!(is_refused("/things", serde_json::json!([whole, part])), "{part}");
        assert!(is_refused("/unheard-of", serde_json::json!([whole, part])), "{part}");
        // No member of the input is sensitive, or there is none.
        assert!(!is_refused("/measure", serde_json::json!([whole, part])), "{part}");
    }
    assert!(is_refused("/things", serde_json::json!({"contains": secret})), "no list");
    for plain in [
        serde_json::json!([whole]),
        serde_json::json!([whole, {"matchesJsonPath": "$.secret"}]),
        serde_json::json!([{"matchesJsonPath": {"expression": "$.secret"}}]),
        serde_json::json!([{"matches": ".*"}, {"absent": true}]),
    ] {
        assert!(!is_refused("/things", plain.clone()), "{plain}");
    }
    let is_refused = |more: serde_json::Value| {
        let mut request = serde_json::json!({"formParameters": {"Action": {"equalTo": "PutThing"}, "Version": {"equalTo": "2020-01-01"}}});
        let parameters = request["formParameters"].as_object_mut().expect("an object");
        parameters.extend(more.as_object().expect("an object").clone());
        refused(&query, "aws-query.us-east-1.amazonaws.com", &request).0
    };
    for matcher in
        [serde_json::json!({"contains": secret}), serde_json::json!({"or": [{"equalTo": secret}, {"absent": true}]})]
    {
        assert!(is_refused(serde_json::json!({"Secret": matcher})), "{matcher}");
        assert!(!is_refused(serde_json::json!({"Action": {"equalTo": "Ping"}, "Secret": matcher})), "{matcher}");
    }
    for plain in [
        serde_json::json!({"Secret": {"equalTo": secret}}),
        serde_json::json!({"Version": {"matches": "2020.*"}, "Name": {"matches": ".+"}}),
    ] {
        assert!(!is_refused(plain.clone()), "{plain}");
    }
}

#[test]
fn a_stub_that_may_match_a_secret_of_a_header_or_the_query_in_parts_is_refused() {
    let secret = planted();
    let matchers = [(serde_json::json!({"contains": secret}), true), (serde_json::json!({"equalTo": secret}), false)];
    for (location, part) in [("header", "headers"), ("querystring", "queryParameters")] {
        let bound = format!(r#""secret": {{"shape": "Secret", "location": "{location}", "locationName": "x-secret"}}"#);
        let (thing, _dir) =
            model("thing/2020-01-01", |text| text.replacen(r#""secret": {"shape": "Secret"}"#, &bound, 1));
        for (matcher, is_hidden) in &matchers {
            for (name, is_secret) in [("x-secret", true), ("x-plain", false)] {
                let request = serde_json::json!({"urlPath": "/things", "host": {"equalTo": "thing.us-east-1.amazonaws.com"},
                    part: {name: matcher}});
                let (is_refused, left, copy) = refused(&thing, "", &request);
                assert_eq!(is_refused, *is_hidden && is_secret, "{left} {copy}");
                assert_eq!(copy.contains(&secret), *is_hidden || !is_secret, "{copy}");
            }
        }
    }
}

#[test]
fn what_a_stub_matches_is_cleaned() {
    let stub = |request: serde_json::Value| {
        let mut whole = serde_json::json!({"method": "GET", "urlPath": "/memberships", "host": {"equalTo": "cleanrooms.us-east-1.amazonaws.com"}});
        whole.as_object_mut().expect("an object").extend(request.as_object().expect("an object").clone());
        serde_json::json!({"request": whole, "response": {"status": 200, "jsonBody": {"membershipSummaries": []}}})
            .to_string()
    };
    let secret = planted();
    for request in [
        serde_json::json!({"queryParameters": {"maxResults": {"equalTo": "5"}, "X-Amz-Signature": {"equalTo": secret}}}),
        serde_json::json!({"queryParameters": {"X-Amz-Security-Token": {"matches": format!("{secret}.*")}}}),
        serde_json::json!({"queryParameters": {"X-Amz-Signature": {"or": [{"contains": secret}, {"absent": true}]}}}),
        serde_json::json!({"headers": {"X-Amz-Security-Token": {"contains": secret}}}),
        serde_json::json!({"headers": {"Authorization": {"contains": format!("Credential={secret}/20230830/us-east-1/cleanrooms/aws4_request")}}}),
        serde_json::json!({"cookies": {"session": {"equalTo": secret}}}),
    ] {
        assert_clean("a.json", &stub(request));
    }
    // A pattern that holds no secret stays as it is.
    let plain =
        stub(serde_json::json!({"headers": {"Authorization": {"matches": ".*/us-east-1/cleanrooms/aws4_request.*"}},
        "queryParameters": {"X-Amz-Signature": {"matches": "[0-9a-f]+"}, "maxResults": {"matches": ".*"}}}));
    let copy = cleaned(&catalog(CONTRACT), Path::new("a.json"), plain.as_bytes()).expect("a recording");
    assert!(
        copy.left.is_empty() && copy.bytes == plain.as_bytes(),
        "{:?} {}",
        copy.left,
        String::from_utf8_lossy(&copy.bytes)
    );
}

#[test]
fn a_secret_in_pieces_that_nobody_tells_apart_leaves_no_whole_copy() {
    let secret = planted();
    let parts =
        serde_json::json!([{"contains": "Action=A&Version=1"}, {"contains": format!("X-Amz-Security-Token={secret}")}]);
    let stub = serde_json::json!({"request": {"method": "POST", "url": "/", "bodyPatterns": parts}, "response": {"status": 200}});
    let copy = cleaned(&catalog(CONTRACT), Path::new("a.json"), stub.to_string().as_bytes()).expect("a recording");
    assert!(!copy.left.is_empty(), "{}", String::from_utf8_lossy(&copy.bytes));
}

/// Whether `redact` writes a copy with exit code 0 in which one of these stands, or says it.
#[cfg(feature = "cli")]
fn lets_through(name: &str, text: &str, secrets: &[&str]) -> bool {
    let folder = Folder::new().with(name, text);
    let ran = folder.run(&["redact", name, "copy"]);
    let copy = fs::read_to_string(folder.path().join("copy")).unwrap_or_default();
    let said = format!("{copy}{}{}", ran.stdout, ran.stderr);
    assert!(secrets.iter().any(|secret| text.contains(secret)), "{text}");
    secrets.iter().any(|secret| said.contains(secret))
}

#[cfg(feature = "cli")]
#[test]
fn a_secret_is_masked_or_refused_however_it_is_written() {
    let secret = planted();
    let digits = STANDARD.encode(format!("{{\"password\": \"{secret}\"}}"));
    let bare = digits.trim_end_matches('=');
    for beside in [
        format!(r#""x\nBearer {secret}""#),
        format!(r#""to\u003fsig\u003d{secret}""#),
        format!(r#"{{"pa\u0073sword": "{secret}"}}"#),
        format!(r#"{{"password": ["{secret}"]}}"#),
        format!(r#"[{{"name": "X-Vault-Token", "value": "{secret}"}}]"#),
        format!(r#"[["Cookie", "{secret}"]]"#),
        format!(r#""{{\"a\": \"{{\\\"password\\\": \\\"{secret}\\\"}}\"}}""#),
        format!(r#""https://h/?X%2DAmz%2DSignature={secret}""#),
        format!(r#""client_secret={secret}&grant_type=x""#),
        format!(r#""<password><![CDATA[{secret}]]></password>""#),
        format!(r#""see data={digits}""#),
        format!(r#""/a/b/{bare}""#),
    ] {
        let payload = r#"{"membershipIdentifier": "20000000-aaaa-4bbb-8ccc-000000000002"}"#;
        let line = format!(
            r#"{{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {payload}, "beside": {beside}}}"#
        );
        assert!(!lets_through("a.ndjson", &(line.clone() + "\n"), &[&secret, bare]), "{line}");
    }
    for yaml in [
        "password: >-\n  SECRET",
        "password: !!str SECRET",
        "? password\n: SECRET",
        "more: {password: SECRET}",
        "more:\n- - Cookie\n  - SECRET",
        "# Cookie: SECRET",
    ] {
        let cassette = format!("interactions: []\nversion: 1\n{yaml}\n").replace("SECRET", &secret);
        assert!(!lets_through("a.yaml", &cassette, &[&secret]), "{yaml}");
    }
}

#[test]
fn what_is_called_like_a_credential_and_is_none_is_copied() {
    for beside in [
        r#"{"password": "****"}"#,
        r#"{"authorization": "NONE", "token": "aaaabbbbcccc"}"#,
        r#"[["Accept", "application/json"]]"#,
        r#"{"passwordLastUsed": "2026-01-01T00:00:00Z"}"#,
        r#""100% of R&D \\ x""#,
    ] {
        let payload = r#"{"membershipIdentifier": "20000000-aaaa-4bbb-8ccc-000000000002"}"#;
        let line = format!(
            r#"{{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {payload}, "beside": {beside}}}"#
        );
        let copy = cleaned(&catalog(CONTRACT), Path::new("a.ndjson"), line.as_bytes()).expect("a recording");
        assert_eq!((String::from_utf8_lossy(&copy.bytes).into_owned(), copy.left), (line, Vec::new()));
    }
}

#[cfg(feature = "cli")]
#[test]
fn a_body_that_nobody_can_read_is_refused_where_it_may_hold_a_secret() {
    let secret = planted();
    let query = format!(
        r#"{{"type": "SQL", "membershipIdentifier": "20000000-aaaa-4bbb-8ccc-000000000002", "sqlParameters": {{"queryString": "{secret}"}}}}"#
    );
    let url =
        "https://cleanrooms.us-east-1.amazonaws.com/memberships/20000000-aaaa-4bbb-8ccc-000000000002/protectedQueries";
    let har = |url: &str, body: &str| {
        let sent = json!({"method": "POST", "url": url, "headers": [], "postData": {"mimeType": "application/json", "text": body}});
        let got = json!({"status": 403, "headers": [], "content": {"text": r#"{"code": "AccessDeniedException"}"#}});
        json!({"log": {"version": "1.2", "entries": [{"request": sent, "response": got}]}}).to_string()
    };
    for body in [query[..query.len() - 2].to_owned(), format!("[{query}]"), format!("{query} {query}")] {
        let text = har(url, &body);
        assert!(!lets_through("a.har", &text, &[&secret]), "{body}");
        // Nor does a report show it.
        let ran = Folder::new().with("a.har", &text).run(&["check", "a.har"]);
        assert!(ran.code == Some(1) && !ran.stdout.contains(&secret), "{}", ran.stdout);
    }
    // What holds nothing sensitive is copied, broken as it is.
    let tags = "https://cleanrooms.us-east-1.amazonaws.com/tags/arn%3Aaws%3Acleanrooms%3Aus-east-1%3A111122223333%3Amembership%2F20000000-aaaa-4bbb-8ccc-000000000002";
    let folder = Folder::new().with("a.har", &har(tags, r#"{"tags": {"a": "b"#));
    let ran = folder.run(&["redact", "a.har", "copy"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}
