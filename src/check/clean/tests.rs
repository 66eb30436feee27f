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
    assert!(cleaned("b.json", b"{}").is_err(), "no operation is named for it");
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
