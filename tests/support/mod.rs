//! What several test targets need.
#![allow(dead_code, unreachable_pub, reason = "each target uses a part of this module")]

pub mod traffic;

use std::path::{Path, PathBuf};

use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::embedded;

/// Folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A catalog of one embedded contract.
pub fn catalog(contract: &str) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find(contract).expect("an embedded contract"));
    catalog
}

/// Checks inputs against a catalog, with shipped expectations.
pub fn check(catalog: &Catalog, inputs: Vec<Input>, threads: usize) -> Checked {
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options {
        catalog,
        expectations: &expectations,
        format: None,
        service: None,
        operations: &[],
        threads,
        list: false,
        progress: &|_| {},
        onlooker: None,
    };
    run(inputs, &options).expect("the paths are there and the contract is sound")
}

/// Checks paths against an embedded contract.
pub fn check_paths(contract: &str, paths: &[PathBuf]) -> Checked {
    check(&catalog(contract), paths.iter().cloned().map(Input::Path).collect(), 2)
}
