//! Contracts within the binary: facts only, so that checking Clean Rooms needs no set-up.
//!
//! Each is a botocore model without its prose, made by `examples/embed_contract.rs`; SOURCE.md beside this file says
//! from which release.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::{Ingested, botocore};
use crate::error::{Error, Result};
use crate::model::Fact;

/// One contract within the binary.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Name of the service.
    pub service: &'static str,
    /// Day of the release, `YYYY-MM-DD`.
    pub release: &'static str,
    model: &'static [u8],
}

/// All contracts within the binary, the newest release of each service last.
pub const CONTRACTS: &[Embedded] = &[
    Embedded { service: "cleanrooms", release: "2023-08-30", model: include_bytes!("cleanrooms-2023-08-30.json.gz") },
    Embedded { service: "cleanrooms", release: "2026-11-17", model: include_bytes!("cleanrooms-2026-11-17.json.gz") },
];

impl Embedded {
    /// Unpacks and reads the contract.
    ///
    /// # Errors
    /// The embedded bytes are damaged, which a test excludes for a built binary.
    pub fn load(&self) -> Result<Ingested> {
        let mut text = Vec::new();
        GzDecoder::new(self.model)
            .read_to_end(&mut text)
            .map_err(|error| Error::new(format!("embedded contract {}@{}: {error}", self.service, self.release)))?;
        let mut ingested = botocore::parse(&text, Some(self.service))?;
        ingested.service.release = Fact::Known(self.release.to_owned());
        Ok(ingested)
    }
}

/// The embedded contract `service`, or `service@YYYY-MM-DD`.
///
/// # Errors
/// There is none of that name; the error lists what there is.
pub fn find(name: &str) -> Result<&'static Embedded> {
    let (service, release) = match name.split_once('@') {
        Some((service, release)) => (service, Some(release)),
        None => (name, None),
    };
    let fits = |embedded: &&Embedded| embedded.service == service && release.is_none_or(|day| embedded.release == day);
    CONTRACTS.iter().rfind(fits).ok_or_else(|| {
        let known: Vec<_> = CONTRACTS.iter().map(|c| format!("{}@{}", c.service, c.release)).collect();
        Error::new(format!("no contract {name:?} within shapegate"))
            .remedy(format!("There are {}; --model brings any other service.", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_contract_loads() {
        for embedded in CONTRACTS {
            let ingested = embedded.load().expect("embedded contracts are sound");
            assert_eq!(ingested.service.name, embedded.service);
            assert!(ingested.service.operations.contains_key("StartProtectedQuery"));
            assert_eq!(ingested.service.release, Fact::Known(embedded.release.to_owned()));
        }
    }

    #[test]
    fn no_embedded_contract_holds_prose() {
        for embedded in CONTRACTS {
            let mut text = String::new();
            GzDecoder::new(embedded.model).read_to_string(&mut text).expect("sound bytes");
            assert!(!text.contains("\"documentation\"") && !text.contains("<p>"), "{}", embedded.release);
        }
    }

    #[test]
    fn a_bare_name_is_the_newest_release() {
        let newest = CONTRACTS.iter().filter(|c| c.service == "cleanrooms").map(|c| c.release).max();
        assert_eq!(find("cleanrooms").ok().map(|c| c.release), newest);
        assert_eq!(find("cleanrooms@2023-08-30").ok().map(|c| c.release), Some("2023-08-30"));
        let error = find("cleanrooms@1999-01-01").expect_err("no such release");
        assert!(error.to_string().contains("cleanrooms@2023-08-30"), "{error}");
        assert!(find("s3").is_err());
    }
}
