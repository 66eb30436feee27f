//! Where models are found, in all layouts.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn model(service_id: &str) -> Vec<u8> {
    let text = r#"{"metadata":{"serviceId":"ID","protocol":"json"},"operations":{},"shapes":{}}"#;
    text.replace("ID", service_id).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writing to a Vec");
    encoder.finish().expect("writing to a Vec")
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a writable folder");
    fs::write(path, bytes).expect("a writable file");
}

fn full_name(source: &Source, service: &str) -> Option<String> {
    source.load(service).expect("a sound model").map(|ingested| ingested.service.name)
}

#[test]
fn a_model_in_idl_is_refused_with_the_way_to_make_one_of_json() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    put(dir.path(), "thing/model/main.smithy", b"namespace a.b");
    for path in ["thing", "thing/model", "thing/model/main.smithy"] {
        let error = Source::open(&dir.path().join(path)).expect_err("IDL").to_string();
        assert!(error.contains("main.smithy: a Smithy model in IDL") && error.contains("smithy ast"), "{error}");
    }
}

#[test]
fn finds_services_in_every_layout_and_takes_the_newest_version() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for data in ["plain", "env/botocore/data", "cli/dist/awscli/botocore/data"] {
        put(dir.path(), &format!("{data}/alpha/2019-01-01/service-2.json"), b"broken");
        put(dir.path(), &format!("{data}/alpha/2020-01-01/service-2.json"), &model("Alpha"));
        put(dir.path(), &format!("{data}/beta/2020-01-01/service-2.json.gz"), &gzip(&model("Beta")));
        put(dir.path(), &format!("{data}/endpoints.json"), b"{}");
    }
    for root in ["plain", "env", "env/botocore", "cli", "cli/dist"] {
        let source = Source::open(&dir.path().join(root)).expect("a folder with models");
        assert_eq!(source.services(), ["alpha", "beta"], "{root}");
        assert_eq!(full_name(&source, "beta").as_deref(), Some("beta"));
        assert_eq!(full_name(&source, "alpha").as_deref(), Some("alpha"));
        assert_eq!(full_name(&source, "gamma"), None);
    }
    for one in ["plain/beta", "plain/beta/2020-01-01", "plain/beta/2020-01-01/service-2.json.gz"] {
        let source = Source::open(&dir.path().join(one)).expect("one model");
        assert_eq!(source.services(), ["beta"], "{one}");
    }
}

#[test]
fn reads_a_wheel() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("botocore/data/alpha/2020-01-01/service-2.json.gz", gzip(&model("Alpha"))),
        ("botocore/data/alpha/2021-01-01/service-2.json", model("Alpha")),
        ("botocore/__init__.py", Vec::new()),
    ] {
        writer.start_file(name, SimpleFileOptions::default()).expect("a legal name");
        writer.write_all(&bytes).expect("writing to a Vec");
    }
    let wheel = writer.finish().expect("a sound archive").into_inner();
    let dir = tempfile::tempdir().expect("a temporary folder");
    put(dir.path(), "botocore.whl", &wheel);
    let source = Source::open(&dir.path().join("botocore.whl")).expect("a wheel");
    assert_eq!(source.services(), ["alpha"]);
    assert_eq!(full_name(&source, "alpha").as_deref(), Some("alpha"));
}

#[test]
fn smithy_models_are_found_in_files_folders_and_zips() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let model = |name: &str, version: &str| {
        let service = r#"{"type": "service", "version": "V", "traits": {"aws.protocols#restJson1": {},
            "aws.api#service": {"sdkId": "NAME"}, "aws.auth#sigv4": {"name": "signs"}}}"#;
        let service = service.replace('V', version).replace("NAME", name);
        format!(r#"{{"metadata": {{}}, "smithy": "2.0", "shapes": {{"a.b#Thing": {service}}}}}"#).into_bytes()
    };
    put(dir.path(), "flat/alpha.json", &model("Alpha", "1"));
    put(dir.path(), "flat/beta-2020-01-01.json.gz", &gzip(&model("Beta", "1")));
    put(dir.path(), "flat/other.json", b"{}");
    put(dir.path(), "deep/models/alpha/service/2020-01-01/alpha-2020-01-01.json", &model("Alpha", "2020-01-01"));
    put(dir.path(), "deep/models/alpha/service/2021-01-01/alpha-2021-01-01.json", &model("Alpha", "2021-01-01"));
    put(dir.path(), "deep/models/beta/service/2020-01-01/beta-2020-01-01.json", &model("Beta", "1"));
    put(dir.path(), "one/some.json", &model("Big Thing", "1"));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("root/alpha.json", model("Alpha", "1")), ("root/beta.json", model("Beta", "1"))] {
        writer.start_file(name, SimpleFileOptions::default()).expect("a legal name");
        writer.write_all(&bytes).expect("writing to a Vec");
    }
    put(dir.path(), "models.zip", &writer.finish().expect("a sound archive").into_inner());
    for root in ["flat", "deep", "deep/models", "models.zip"] {
        let source = Source::open(&dir.path().join(root)).expect("a folder with models");
        assert_eq!(source.services(), ["alpha", "beta"], "{root}");
        assert_eq!(full_name(&source, "beta").as_deref(), Some("beta"), "{root}");
        let identity = source.identity("alpha").expect("a sound model");
        assert_eq!(identity.signing_name.as_deref(), Some("signs"), "{root}");
        let loaded = source.load_with_companions("alpha").expect("a sound model").expect("it is there");
        assert!(loaded.service.companions.paginators.known().is_some(), "{root}");
    }
    let deep = Source::open(&dir.path().join("deep")).expect("a folder with models");
    assert_eq!(deep.identity("alpha").expect("sound").api_version.as_deref(), Some("2021-01-01"));
    for one in ["one", "one/some.json"] {
        assert_eq!(Source::open(&dir.path().join(one)).expect("one model").services(), ["big-thing"]);
    }
}

#[test]
fn an_error_names_the_file_and_the_remedy() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    put(dir.path(), "notes.txt", b"hello");
    put(dir.path(), "half.json", b"{\"metadata\":\n{");
    put(dir.path(), "shapes.json", b"{\"smithy\": \"2.0\", \"shapes\": {}}");
    for (file, cause) in [
        ("notes.txt", "no model"),
        ("half.json", "not JSON"),
        ("absent", "No such file"),
        ("shapes.json", "without a service"),
    ] {
        let error = Source::open(&dir.path().join(file)).expect_err("no model");
        let text = error.to_string();
        assert!(text.contains(file) && text.contains(cause), "{text}");
    }
    let error = Source::open(&dir.path().join("shapes.json")).expect_err("no service");
    assert!(error.to_string().contains("name the file that has the service"), "{error}");
    fs::remove_file(dir.path().join("shapes.json")).expect("a file of ours");
    let error = Source::open(dir.path()).expect_err("no models");
    assert!(error.to_string().contains("A model source is"), "{error}");
    // The kinds of models are no help where the file is missing.
    let error = Source::open(&dir.path().join("absent")).expect_err("no file").to_string();
    assert!(error.contains("\n  Name a model source that is there") && !error.contains("A model source is"), "{error}");
    let error = Source::open(&dir.path().join("half.json")).expect_err("half a file");
    assert_eq!(error.line_and_column().map(|(line, _)| line), Some(2));
}
