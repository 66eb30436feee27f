//! Redaction of parts of messages that the model marks sensitive, however they are written there, and what reports show of them.

use std::path::Path;

use serde_json::{Value, json};
use shapegate::check::Catalog;
use shapegate::ingest::source::Source as Models;

use crate::redaction::cleaned;
#[cfg(feature = "cli")]
use crate::support::folder::Folder;

/// Letters of a value that is nobody's, with those that URLs and XML escape.
const PARTS: [&str; 3] = ["Jane4Q77", "Вика8Qéнна", "Doe55 x/y+z"];

/// A service whose requests and responses have something sensitive in every place that the protocol has.
fn rest(protocol: &str) -> String {
    let member = |shape: &str, more: Value| {
        let mut member = more;
        member["shape"] = shape.into();
        member
    };
    let input = json!({
        "id": member("Secret", json!({"location": "uri", "locationName": "id"})),
        "mail": member("Secret", json!({"location": "querystring", "locationName": "user-mail"})),
        "keys": member("Secrets", json!({"location": "querystring", "locationName": "keys"})),
        "most": member("Most", json!({"location": "querystring", "locationName": "most"})),
        "note": member("Secret", json!({"location": "header", "locationName": "x-note"})),
        "body": member("Secret", json!({})),
        "group": member("Group", json!({})),
    });
    let operation = |name: &str, uri: &str, input: &str, output: &str| json!({"name": name, "http": {"method": "POST", "requestUri": uri}, "input": {"shape": input}, "output": {"shape": output}});
    json!({
        "metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": protocol, "serviceId": "Thing", "signatureVersion": "v4"},
        "operations": {
            "PutThing": operation("PutThing", "/things/{id}/put", "PutThingRequest", "PutThingResponse"),
            "PutBlob": operation("PutBlob", "/blob", "Whole", "Whole"),
        },
        "shapes": {
            "PutThingRequest": {"type": "structure", "members": input},
            "PutThingResponse": {"type": "structure", "members": {"note": {"shape": "Secret"}, "plain": {"shape": "Plain"}, "group": {"shape": "Group"}}},
            "Whole": {"type": "structure", "payload": "all", "members": {"all": {"shape": "Blob"}}},
            "Group": {"type": "structure", "members": {"inner": {"shape": "Secret"}}},
            "Blob": {"type": "blob", "sensitive": true}, "Plain": {"type": "string"}, "Most": {"type": "integer", "max": 9},
            "Secret": {"type": "string", "sensitive": true}, "Secrets": {"type": "list", "member": {"shape": "Plain"}, "sensitive": true}},
    })
    .to_string()
}

/// A service of a protocol of forms.
fn forms(protocol: &str) -> String {
    let operation = json!({"name": "PutThing", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}, "output": {"shape": "Out", "resultWrapper": "PutThingResult"}});
    let secrets = json!({"note": {"shape": "Secret"}, "plain": {"shape": "Plain"}});
    json!({
        "metadata": {"apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": protocol, "serviceId": "Thing", "signatureVersion": "v4"},
        "operations": {"PutThing": operation},
        "shapes": {"In": {"type": "structure", "members": secrets}, "Out": {"type": "structure", "members": secrets},
            "Secret": {"type": "string", "sensitive": true}, "Plain": {"type": "string"}},
    })
    .to_string()
}

fn catalog(model: &str) -> (Catalog, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("thing/2024-01-01");
    std::fs::create_dir_all(&path).expect("writable");
    std::fs::write(path.join("service-2.json"), model).expect("writable");
    let mut catalog = Catalog::default();
    catalog.add_source(Models::open(folder.path()).expect("a model"));
    (catalog, folder)
}

/// An HTTP archive of one exchange.
fn archive(url: &str, headers: &[(&str, &str)], posted: (&str, &str), answered: (&str, &str)) -> String {
    let list = |headers: &[(&str, &str)]| -> Value {
        headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    let request = json!({"method": "POST", "url": url, "headers": list(headers), "postData": {"mimeType": posted.0, "text": posted.1}});
    let response = json!({"status": 200, "headers": list(&[("content-type", answered.0)]), "content": {"mimeType": answered.0, "text": answered.1}});
    json!({"log": {"version": "1.2", "entries": [{"startedDateTime": "2024-05-01T00:00:00Z", "request": request, "response": response}]}})
        .to_string()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A text that shows nothing of the parts, in whichever way it is written.
fn is_silent(text: &str) -> bool {
    let all_escaped = |part: &str| part.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let references = |part: &str| part.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect::<Vec<_>>().concat();
    PARTS.iter().all(|part| {
        let words = part.split([' ', '/', '+']).filter(|word| word.chars().count() > 3);
        let ways = words.flat_map(|word| [word.to_owned(), encoded(word), all_escaped(word), references(word)]);
        ways.into_iter().all(|way| !text.contains(&way))
    })
}

fn copy_of(catalog: &Catalog, text: &str) -> String {
    let copy = cleaned(catalog, Path::new("a.har"), text.as_bytes()).expect("a recording");
    assert_eq!(copy.left, Vec::<String>::new(), "{text}");
    let plain = String::from_utf8(copy.bytes).expect("a text");
    let again = cleaned(catalog, Path::new("a.har"), plain.as_bytes()).expect("a recording");
    assert_eq!(String::from_utf8_lossy(&again.bytes), plain, "a copy stays as it is");
    plain
}

const HOST: &str = "https://thing.us-east-1.amazonaws.com";
const JSON: &str = "application/json";

#[test]
fn a_url_and_headers_are_masked_as_they_are_written() {
    let (catalog, _folder) = catalog(&rest("rest-json"));
    for part in PARTS {
        let (value, form) = (encoded(part), encoded(part).replace("%20", "+"));
        for (path, note) in [
            (format!("/things/{value}/put"), "x"),
            (format!("/things/1/put?user-mail={value}"), "x"),
            (format!("/things/1/put?user-mail={form}&most=2"), "x"),
            (format!("/things/1/put?user-mail=a&user-mail={value}"), "x"),
            (format!("/things/1/put?User-Mail={value}"), "x"),
            (format!("/things/1/put?keys={value}&keys=b"), "x"),
            (format!("/things/1/put?keys={value}"), "x"),
            ("/things/1/put".to_owned(), part),
        ] {
            let headers = [("x-note", "a"), ("X-Note", note), ("content-type", JSON)];
            // Elsewhere it stands as it is.
            let beside = json!({"plain": part}).to_string();
            let copy = copy_of(&catalog, &archive(&format!("{HOST}{path}"), &headers, (JSON, "{}"), (JSON, &beside)));
            assert!(is_silent(&copy), "{path} {note}: {copy}");
            assert!(copy.contains("/put") && copy.contains("content-type"), "{copy}");
        }
    }
    let plain = archive(
        &format!("{HOST}/things/1/put?most=3&other={}", PARTS[0]),
        &[("x-other", PARTS[0])],
        (JSON, "{}"),
        (JSON, "{}"),
    );
    assert!(copy_of(&catalog, &plain).matches(PARTS[0]).count() == 2, "what is not sensitive stays");
}

#[test]
fn a_body_that_is_sensitive_as_a_whole_says_nothing() {
    for protocol in ["rest-json", "rest-xml"] {
        let (catalog, _folder) = catalog(&rest(protocol));
        for body in [
            format!("patient {} {}, score=7", PARTS[0], PARTS[1]),
            format!("{}&{}=1", PARTS[0], PARTS[2]),
            format!("if (a < {} && b > {}) {{}}", PARTS[0], PARTS[1]),
            PARTS.map(encoded).join("%20"),
        ] {
            let text = archive(&format!("{HOST}/blob"), &[], ("text/plain", &body), ("text/plain", &body));
            let copy = copy_of(&catalog, &text);
            assert!(is_silent(&copy), "{protocol} {body}: {copy}");
        }
    }
    let (catalog, _folder) = catalog(&rest("rest-json"));
    let body = format!("<patient ssn=\"{}\">y</patient><{}/>", PARTS[0], PARTS[0]);
    let copy = copy_of(&catalog, &archive(&format!("{HOST}/blob"), &[], ("text/plain", &body), (JSON, &body)));
    assert!(is_silent(&copy), "{copy}");
}

#[test]
fn escapes_of_letters_are_no_structure() {
    let all_escaped = |part: &str| part.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let references = |part: &str| part.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect::<Vec<_>>().concat();
    let (rest, _folder) = catalog(&rest("rest-xml"));
    for protocol in ["query", "ec2"] {
        let (catalog, _folder) = catalog(&forms(protocol));
        let name = if protocol == "ec2" { "Note" } else { "note" };
        for part in PARTS {
            for value in [encoded(part), all_escaped(part)] {
                let body = format!("Action=PutThing&Version=2024-01-01&{name}={value}&Plain=1");
                let form = ("application/x-www-form-urlencoded", body.as_str());
                let copy = copy_of(
                    &catalog,
                    &archive(&format!("{HOST}/"), &[("content-type", form.0)], form, ("text/xml", "")),
                );
                assert!(is_silent(&copy) && copy.contains("Action=PutThing"), "{protocol}: {copy}");
                // It is no member, and was meant to be.
                let body = body.replace(&format!("&{name}="), "&nOTE=");
                let posted = ("application/x-www-form-urlencoded", body.as_str());
                let text = archive(&format!("{HOST}/"), &[("content-type", posted.0)], posted, ("text/xml", ""));
                assert!(is_silent(&copy_of(&catalog, &text)), "{protocol}");
                let copy = copy_of(&catalog, &archive(&format!("{HOST}/?{body}"), &[], ("", ""), ("text/xml", "")));
                assert!(is_silent(&copy), "{protocol}: {copy}");
            }
        }
    }
    for part in PARTS {
        for note in [
            format!("<note>{}</note>", references(part)),
            format!("<note a=\"{part}\">x</note>"),
            format!("<note><b c=\"{part}\">{part}</b></note>"),
            format!("<note><![CDATA[a <{part}> b]]></note>"),
        ] {
            let body =
                format!("<PutThingResponse xmlns=\"https://thing/\">{note}<plain>kept</plain></PutThingResponse>");
            let text = archive(&format!("{HOST}/things/1/put"), &[], ("", ""), ("application/xml", &body));
            let copy = copy_of(&rest, &text);
            assert!(
                is_silent(&copy) && copy.contains("<plain>kept</plain>") && copy.contains("https://thing/"),
                "{copy}"
            );
        }
    }
}

/// Findings about other parts show none of it.
#[cfg(feature = "cli")]
#[test]
fn no_report_shows_what_the_model_marks_sensitive_beside_what_is_wrong() {
    let secret = PARTS[0];
    let put = format!("{HOST}/things/{secret}/put?user-mail={secret}&keys={secret}&User-Mail={secret}&most=99&odd=1");
    let wrong = json!({"group": secret, "note": [secret], "plain": 1}).to_string();
    let wrong_list = json!({"group": [secret], "plain": 1}).to_string();
    for answer in [wrong, wrong_list] {
        let folder = Folder::new()
            .with("models/thing/2024-01-01/service-2.json", &rest("rest-json"))
            .with("a.har", &archive(&put, &[("x-note", secret)], (JSON, "{\"odd\": 2}"), (JSON, &answer)));
        for form in ["text", "json", "ndjson", "html", "markdown", "sarif", "junit", "github", "gitlab", "part"] {
            let ran = folder.run(&["check", "-v", "--model", "models", "--format", form, "a.har"]);
            assert!(ran.code == Some(1) && ran.stdout.contains("most"), "{form}: {}{}", ran.stdout, ran.stderr);
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{form}: {}", ran.stdout);
        }
        let plain = folder.run(&["check", "-v", "--model", "models", "a.har"]).stdout;
        assert!(plain.contains("&most=99") && plain.contains("odd=1"), "the rest of the URL is shown: {plain}");
    }
}
