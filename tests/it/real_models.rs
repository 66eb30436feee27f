//! Real Smithy models, which are not part of the project, beside botocore's of about the same day.

use std::collections::BTreeSet;

use shapegate::diff::of_sources;
use shapegate::ingest::smithy;

use crate::smithy::kind;
use crate::support::root;
use crate::support::wheels::release;

/// A real model beside the release of botocore that is nearest to its day.
struct Real {
    file: &'static str,
    service: &'static str,
    version: &'static str,
    /// Kinds of what is different in the files, with reasons.
    differs: &'static [(&'static str, &'static str)],
}

const REAL: &[Real] = &[
    Real { file: "sts", service: "sts", version: "1.39.11", differs: &[] },
    Real { file: "sqs", service: "sqs", version: "1.44.5", differs: &[] },
    Real {
        file: "bcm-recommended-actions",
        service: "bcm-recommended-actions",
        version: "1.44.5",
        differs: &[("EnumValueRemoved", "kinds of action that came between the file's day and the release's")],
    },
    Real { file: "api-gateway-get-api-keys", service: "apigateway", version: "1.44.5", differs: &[] },
];

#[test]
#[ignore = "needs botocore wheels and real models, run by .ci/run"]
fn real_models_differ_from_botocore_s_by_what_is_in_the_files() {
    for Real { file, service, version, differs } in REAL {
        let path = root().join("../shared/samples/smithy-models").join(format!("{file}.json"));
        let ours = smithy::parse(&std::fs::read(path).expect("a real model")).expect("a sound model");
        let mut theirs = release(version).load(service).expect("a sound model").expect("a service of the wheel");
        // Some files were cut to a few operations.
        theirs.service.operations.retain(|name, _| ours.service.operations.contains_key(name));
        let found: BTreeSet<String> = of_sources(&theirs, &ours).iter().map(|one| kind(&one.change)).collect();
        assert_eq!(found, differs.iter().map(|(kind, _)| (*kind).to_owned()).collect(), "{file}");
    }
}
