//! What every execution shares: contracts, expectations, a folder to write in.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use shapegate::check::{Catalog, Options};
use shapegate::expectation::Expectations;
use shapegate::ingest::embedded;
use shapegate::ingest::errata::Errata;
use shapegate::ingest::source::Source;

use super::super::root;

/// Our own models, one for each protocol but restJson1, which Clean Rooms speaks.
pub(super) const CONTRACTS: &[&str] = &[
    "fixtures/contracts/thing",
    "fixtures/contracts/aws-query",
    "fixtures/contracts/ec2-query",
    "fixtures/contracts/rest-xml",
    "fixtures/contracts/rpc-v2-cbor",
    "fixtures/upgrades/switch/new.json",
];

/// Clean Rooms and our own models. `SHAPEGATE_FUZZ_MODELS` adds a source of others, such as a wheel of botocore.
pub(super) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find("cleanrooms@2023-08-30").expect("an embedded contract"));
    let more = std::env::var_os("SHAPEGATE_FUZZ_MODELS").map(PathBuf::from);
    for path in CONTRACTS.iter().map(|path| root().join(path)).chain(more) {
        if let Ok(source) = Source::open_corrected(&path, &ERRATA) {
            catalog.add_source(source);
        }
    }
    catalog
});

pub(super) static ERRATA: LazyLock<Errata> = LazyLock::new(|| Errata::shipped().expect("the shipped errata are sound"));

pub(super) static EXPECTATIONS: LazyLock<Expectations> =
    LazyLock::new(|| Expectations::shipped().expect("the shipped expectations are sound"));

pub(super) fn options() -> Options<'static> {
    let mut options = Options::new(&CATALOG, &EXPECTATIONS);
    options.threads = 1;
    options
}

/// A folder that is gone when it is dropped, in memory where the system has such a place.
pub(super) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// Writes a file below a folder.
pub(super) fn write(folder: &Path, name: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a writable folder");
    fs::write(&path, bytes).expect("a writable folder");
    path
}
