use super::*;
use crate::check::Catalog;
use crate::expectation::Expectations;
use crate::ingest::embedded;

fn cleaned(name: &str, bytes: &[u8]) -> Result<Cleaned> {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find("cleanrooms@2023-08-30")?);
    let expectations = Expectations::default();
    let options = Options {
        operations: &["a*=get-membership"].map(Naming::parse),
        threads: 1,
        ..Options::new(&catalog, &expectations)
    };
    clean(Path::new(name), bytes, &options)
}

#[test]
fn a_response_is_a_recording_where_its_operation_is_named() {
    let cleaned_copy = cleaned("a.json", br#"{"membership": {}}"#).expect("a recording");
    assert_eq!((cleaned_copy.bytes.as_slice(), cleaned_copy.left.len()), (&br#"{"membership": {}}"#[..], 0));
    assert!(cleaned("a.json.gz", b"{}").is_ok(), "the name may say how it was packed");
    let other = cleaned("b.json", b"{}").expect_err("no operation is named for it");
    assert_eq!(other.kind(), ErrorKind::NothingToJudge, "which is how a file is told that is passed over");
}

#[test]
fn a_broken_file_stays_and_is_reported() {
    let key = format!("AKIA{}", "QWERTYUIOPASDFGH");
    let Cleaned { bytes, left, .. } = cleaned("b.json", format!("{{\"{key}\"").as_bytes()).expect("a copy");
    assert!(!String::from_utf8_lossy(&bytes).contains(&key) && left.len() == 1, "{left:?}");
}

#[test]
fn bodies_are_kept_packed() {
    let (catalog, expectations) = (Catalog::default(), Expectations::default());
    let options = Options::new(&catalog, &expectations);
    let mut cleaner = Cleaner::new(&options, None, Mask::Kind);
    let body = Written::verbatim("", 0);
    for number in 0..10 {
        cleaner.keep_encoded(&body, b"a word ".repeat(100_000), number);
    }
    let bytes: usize = cleaner.encoded.iter().map(|(written, _)| written.bytes.len()).sum();
    assert!(cleaner.encoded.len() == 10 && bytes < 100_000, "{bytes}");
}

#[test]
fn a_body_that_is_json_stays_json() {
    let (catalog, expectations) = (Catalog::default(), Expectations::default());
    let options = Options::new(&catalog, &expectations);
    let archive = |text: &str| {
        let content = serde_json::json!({"text": text, "mimeType": "application/json"});
        let response = serde_json::json!({"status": 200, "headers": [], "content": content});
        let request = serde_json::json!({"method": "GET", "url": "https://example.org/", "headers": []});
        let entries = [serde_json::json!({"request": request, "response": response})];
        serde_json::json!({"log": {"version": "1.2", "entries": entries}}).to_string().into_bytes()
    };
    let are_json = |text: &str| {
        let bytes = archive(text);
        let path = Path::new("a.har");
        let Content::Recording(format) = Content::of(path, &bytes, &options) else { panic!("no recording") };
        alike::json(path, &bytes, format, &options)
    };
    assert_eq!(
        (are_json(r#"["a\nb"]"#), are_json(r#"["a\xb"]"#), are_json("a=b")),
        (vec![true], vec![false], vec![false])
    );
    let mut identities = Identities::default();
    for (before, after) in [
        (r#"["hi\nbob@corp.example.org"]"#, r#"["hi\nxxb@xxxx.xxxxxxx.org"]"#),
        (r#"["\u00e9bob@corp.example.org"]"#, r#"["\u00e9xxb@xxxx.xxxxxxx.org"]"#),
    ] {
        let cleaned = clean_strictly(Path::new("a.har"), &archive(before), &options, &mut identities).expect("a copy");
        assert_eq!(String::from_utf8_lossy(&cleaned.bytes), String::from_utf8_lossy(&archive(after)));
        assert!(!cleaned.suspect && cleaned.left.is_empty(), "{:?}", cleaned.left);
    }
}
