//! Redaction: a cleaned copy holds no secret and is judged as the recording is.

use std::fs;
use std::path::{Path, PathBuf};

use shapegate::check::{Catalog, Cleaned, Identities, Input, Options, clean, clean_strictly};
use shapegate::expectation::Expectations;
use shapegate::finding::Finding;
use shapegate::recording::redact::MASK;

use crate::support::folder::{Folder, Ran, request};
use crate::support::{catalog, check, root};

const CONTRACT: &str = "cleanrooms@2023-08-30";

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

fn cleaned(catalog: &Catalog, path: &Path, bytes: &[u8]) -> Option<Cleaned> {
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
fn tens_of_thousands_of_secrets_are_masked() {
    let queries: Vec<String> = (0..20_000).map(|number| format!("SELECT ssn FROM people{number:05}")).collect();
    let record = |query: &String| {
        let payload = serde_json::json!({"type": "SQL", "sqlParameters": {"queryString": query}, "note": query});
        serde_json::json!({"service": "cleanrooms", "operation": "StartProtectedQuery", "direction": "request",
                           "payload": payload})
        .to_string()
    };
    let text = queries.iter().map(record).collect::<Vec<_>>().join("\n");
    let catalog = catalog(CONTRACT);
    // Looking for each secret in all of the text would take an hour.
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
