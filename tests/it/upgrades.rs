//! Upgrades of botocore as they happened. What each of them changed was read from the raw models by
//! `oracles/model_diff.py` and by eye before it was pinned here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use shapegate::finding::Severity;

use crate::support::changes::{Judged, by_service};
use crate::support::wheels::{NEWEST, wheel};

/// What an upgrade changed about one service.
fn upgrade(old: &str, new: &str, service: &str) -> Vec<Judged> {
    let mut services = by_service(&wheel(old), &wheel(new), Some(service));
    services.pop().expect("both hold the service").1
}

/// Findings that matter to somebody in full, and how many of each rule do not.
fn told(judged: &[Judged]) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut compatible: BTreeMap<&str, usize> = BTreeMap::new();
    for one in judged {
        if one.severities().iter().all(|severity| *severity == Severity::Note) {
            *compatible.entry(one.rule()).or_default() += 1;
        } else {
            lines.push(one.line());
        }
    }
    lines.sort();
    let mut told = lines.concat();
    for (rule, count) in compatible {
        writeln!(told, "compatible for all: {count} {rule}").expect("writing to a String cannot fail");
    }
    told
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn every_service_against_itself_is_silent() {
    // The older one has the older ways to say things.
    for version in ["1.29.18", NEWEST] {
        let services = by_service(&wheel(version), &wheel(version), None);
        assert!(services.len() > 320, "{version} has {} services", services.len());
        for (service, judged) in services {
            let lines: String = judged.iter().map(Judged::line).collect();
            assert!(lines.is_empty(), "{service} of {version}: {lines}");
        }
    }
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn sqs_switches_its_protocol() {
    let judged = upgrade("1.31.80", "1.31.81", "sqs");
    let breaking = |profile: usize| -> Vec<&str> {
        let of_profile = judged.iter().filter(|one| one.severities()[profile] == Severity::Error);
        of_profile.map(Judged::rule).collect()
    };
    assert!(breaking(1).is_empty(), "typed SDKs see no switch: {:?}", breaking(1));
    assert!(breaking(2).contains(&"protocol-changed"), "recordings do: {:?}", breaking(2));
    assert_eq!(breaking(2).iter().filter(|rule| **rule != "error-code-changed").count(), 1, "{:?}", breaking(2));
    insta::assert_snapshot!("sqs-1.31.81", told(&judged));
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn fsx_loses_a_member_of_a_response() {
    insta::assert_snapshot!("fsx-1.29.18", told(&upgrade("1.29.17", "1.29.18", "fsx")));
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn athena_takes_a_release_back() {
    insta::assert_snapshot!("athena-1.35.44", told(&upgrade("1.35.43", "1.35.44", "athena")));
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn lambda_loses_slashes() {
    let judged = upgrade("1.39.10", "1.39.11", "lambda");
    for profile in 0..3 {
        let breaking = judged.iter().find(|one| one.severities()[profile] == Severity::Error);
        assert!(breaking.is_none(), "{}", breaking.map(Judged::line).unwrap_or_default());
    }
    insta::assert_snapshot!("lambda-1.39.11", told(&judged));
}

/// Services of which both sides have the same bytes are passed over before they are read: even one that cannot be.
#[test]
fn equal_services_are_not_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let model = |shape: &str| {
        format!(
            r#"{{"metadata": {{"apiVersion": "2020-01-01", "protocol": "json", "serviceId": "Thing"}},
                "operations": {{"Get": {{"name": "Get", "http": {{"method": "POST", "requestUri": "/"}}, "input": {{"shape": "{shape}"}}}}}},
                "shapes": {{"In": {{"type": "structure", "members": {{}}}}}}}}"#
        )
    };
    let gzipped = |text: &str, time: u32| {
        let mut gzip = flate2::GzBuilder::new().mtime(time).write(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gzip, text.as_bytes()).expect("a Vec takes it");
        gzip.finish().expect("a Vec takes it")
    };
    for (side, time) in [("old", 1), ("new", 2)] {
        for (service, text) in [("thing", model("In")), ("broken", model("Nowhere"))] {
            let place = folder.path().join(side).join(service).join("2020-01-01");
            std::fs::create_dir_all(&place).expect("writable");
            let text = text.replace("Thing", service);
            std::fs::write(place.join("service-2.json.gz"), gzipped(&text, time)).expect("writable");
        }
    }
    let [old, new] = ["old", "new"].map(|side| folder.path().join(side));
    assert!(by_service(&old, &new, None).iter().all(|(_, differences)| differences.is_empty()));
    // One byte more, and both are read.
    let place = new.join("broken/2020-01-01/service-2.json.gz");
    std::fs::write(&place, gzipped(&(model("Nowhere").replace("Thing", "broken") + "\n"), 2)).expect("writable");
    let models = |path: &std::path::Path| {
        shapegate::upgrade::Models::Source(shapegate::ingest::source::Source::open(path).expect("models"))
    };
    let options = shapegate::upgrade::Options::new(shapegate::finding::Profile::Dynamic);
    let error = shapegate::upgrade::compare(&models(&old), &models(&new), &options).expect_err("it cannot be read");
    assert!(error.to_string().contains("Nowhere"), "{error}");
}
