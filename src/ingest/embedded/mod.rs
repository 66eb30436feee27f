//! Contracts within the binary: facts only, so that checking Clean Rooms needs no set-up.
//!
//! There is one for each release that changed the service's model. They stand together in one file (`history.rs` tells
//! its form), made by `cargo xtask embed`; SOURCE.md beside this file says from what.

mod history;

use std::path::Path;

use serde_json::Value;

use super::botocore::unread::{self, Corrections};
use super::errata::Errata;
use super::{Ingested, botocore};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Fact, Service};
use crate::text::is_day;

/// One contract within the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// Name of the service.
    pub service: &'static str,
    /// Day of the release, `YYYY-MM-DD`.
    pub release: &'static str,
    /// The release of botocore that brought it.
    pub botocore: &'static str,
}

/// All contracts within the binary, by service and day.
pub const CONTRACTS: &[Embedded] = &[
    cleanrooms("2023-01-12", "1.29.49"),
    cleanrooms("2023-03-21", "1.29.96"),
    cleanrooms("2023-06-29", "1.29.164"),
    cleanrooms("2023-07-31", "1.31.16"),
    cleanrooms("2023-08-30", "1.31.38"),
    cleanrooms("2023-11-14", "1.32.0"),
    cleanrooms("2023-11-29", "1.33.3"),
    cleanrooms("2024-04-04", "1.34.78"),
    cleanrooms("2024-04-10", "1.34.82"),
    cleanrooms("2024-07-23", "1.34.147"),
    cleanrooms("2024-07-24", "1.34.148"),
    cleanrooms("2024-10-29", "1.35.51"),
    cleanrooms("2024-11-07", "1.35.56"),
    cleanrooms("2024-12-02", "1.35.72"),
    cleanrooms("2025-03-18", "1.37.15"),
    cleanrooms("2025-04-01", "1.37.25"),
    cleanrooms("2025-04-30", "1.38.6"),
    cleanrooms("2025-07-29", "1.39.16"),
    cleanrooms("2025-08-19", "1.40.13"),
    cleanrooms("2025-09-03", "1.40.23"),
    cleanrooms("2025-09-04", "1.40.24"),
    cleanrooms("2025-09-23", "1.40.37"),
    cleanrooms("2025-10-01", "1.40.43"),
    cleanrooms("2025-10-03", "1.40.45"),
    cleanrooms("2025-10-30", "1.40.63"),
    cleanrooms("2025-12-01", "1.41.6"),
    cleanrooms("2025-12-18", "1.42.13"),
    cleanrooms("2026-01-02", "1.42.20"),
    cleanrooms("2026-01-15", "1.42.29"),
    cleanrooms("2026-02-18", "1.42.52"),
    cleanrooms("2026-04-17", "1.42.91"),
    cleanrooms("2026-05-21", "1.43.13"),
    cleanrooms("2026-06-30", "1.43.38"),
    cleanrooms("2026-07-27", "1.43.57"),
    cleanrooms("2026-08-11", "1.43.69"),
    cleanrooms("2026-08-13", "1.43.71"),
    cleanrooms("2026-10-20", "1.43.116"),
    cleanrooms("2026-10-29", "1.43.122"),
    cleanrooms("2026-11-12", "1.44.2"),
    cleanrooms("2026-11-18", "1.44.6"),
];

const fn cleanrooms(release: &'static str, botocore: &'static str) -> Embedded {
    Embedded { service: "cleanrooms", release, botocore }
}

/// The contract that counts where none is named: the newest of this service.
pub const DEFAULT: &str = "cleanrooms";

/// What stands behind a service's `@` where recorded traffic is to be held against the contract of its own day.
pub const RECORDED: &str = "recorded";

impl Embedded {
    /// Unpacks and reads the contract.
    ///
    /// # Errors
    /// The embedded bytes are damaged, which a test excludes for a built binary.
    pub fn load(&self) -> Result<Ingested> {
        self.load_corrected(&Errata::default())
    }

    /// The same, corrected by errata.
    ///
    /// # Errors
    /// As [`Embedded::load`], or the corrected model is none.
    pub fn load_corrected(&self, errata: &Errata) -> Result<Ingested> {
        let text = self.unpack()?;
        let may_correct = |_: Option<&str>| errata.concern(self.service);
        let correct = |document: &mut Value| Ok(errata.correct(self.service, document));
        let mut ingested = botocore::parse_corrected(text.model.as_bytes(), Some(self.service), may_correct, correct)?;
        ingested.service.release = Fact::Known(self.release.to_owned());
        ingested.service.companions = text.companions()?;
        Ok(ingested)
    }

    /// The same for traffic, which reaches a few shapes: the others are not read, and nothing beside the model is.
    ///
    /// # Errors
    /// As [`Embedded::load_corrected`].
    pub fn load_for_traffic(&self, errata: &Errata) -> Result<Service> {
        let corrections = Corrections {
            parts: &|_| errata.parts(self.service),
            correct: &|document| Ok(errata.correct(self.service, document)),
        };
        let name = format!("{}@{}", self.service, self.release);
        let text = self.unpack()?.model.into_bytes();
        let Some(mut service) = unread::parse(text, Some(self.service), Path::new(&name), &corrections) else {
            return Ok(self.load_corrected(errata)?.service);
        };
        service.release = Fact::Known(self.release.to_owned());
        Ok(service)
    }

    /// The botocore model that it is, word for word but for the prose.
    ///
    /// # Errors
    /// The embedded bytes are damaged, which a test excludes for a built binary.
    pub fn document(&self) -> Result<String> {
        Ok(self.unpack()?.model)
    }

    fn unpack(&self) -> Result<history::Texts> {
        history::texts(self.release)
            .map_err(|cause| Error::new(format!("embedded contract {}@{}: {cause}", self.service, self.release)))
    }
}

/// The embedded contract `service` (the newest), `service@YYYY-MM-DD` (the one that was in force on that day) or
/// `service@YYYY-MM` (at the end of that month).
///
/// # Errors
/// There is none of that service or day; the error lists what there is.
pub fn find(name: &str) -> Result<&'static Embedded> {
    let (service, day) = match name.split_once('@') {
        Some((service, day)) => (service, Some(day)),
        None => (name, None),
    };
    let releases = of_service(service);
    let Some(newest) = releases.last() else {
        return Err(Error::new(format!("no contract {name:?} within shapegate")).kinded(ErrorKind::Unknown).remedy(
            format!(
                "There is {}; a model brings any other service (--model; in a program, the method `model`).",
                services().collect::<Vec<_>>().join(", ")
            ),
        ));
    };
    let Some(day) = day else { return Ok(newest) };
    // A month stands for its end.
    let end = format!("{day}-31");
    let day = if is_day(&end) { &*end } else { day };
    if !is_day(day) {
        let told = match day {
            RECORDED => format!("{name} picks a contract for each exchange, and there is no recorded traffic here"),
            _ => format!("{day:?} in {name:?} is no day"),
        };
        return Err(Error::new(told)
            .kinded(ErrorKind::Unknown)
            .remedy(format!("Write {service}@YYYY-MM-DD or {service}@YYYY-MM. {}.", listed(releases))));
    }
    on(service, day).ok_or_else(|| {
        Error::new(format!("no contract of {service} was in force on {day}"))
            .kinded(ErrorKind::Unknown)
            .remedy(format!("{}.", listed(releases)))
    })
}

/// The contract of a service that was in force on a day, `YYYY-MM-DD`; `None` before its first release.
pub fn on(service: &str, day: &str) -> Option<&'static Embedded> {
    // Days that are written so sort as they follow each other.
    of_service(service).iter().rfind(|embedded| embedded.release <= day)
}

/// All releases of a service, the oldest first.
pub fn of_service(service: &str) -> &'static [Embedded] {
    let is_own = |embedded: &Embedded| embedded.service == service;
    let start = CONTRACTS.iter().position(is_own).unwrap_or(CONTRACTS.len());
    let count = CONTRACTS[start..].iter().take_while(|embedded| is_own(embedded)).count();
    &CONTRACTS[start..start + count]
}

/// Services that have contracts within the binary.
fn services() -> impl Iterator<Item = &'static str> {
    let mut last = None;
    CONTRACTS.iter().map(|embedded| embedded.service).filter(move |service| last.replace(*service) != Some(*service))
}

fn listed(releases: &[Embedded]) -> String {
    let days: Vec<&str> = releases.iter().map(|embedded| embedded.release).collect();
    format!("Its releases are of {}, each in force until the next", days.join(", "))
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
            let paginators = ingested.service.companions.paginators.known().expect("they are embedded too");
            assert!(paginators.contains_key("ListProtectedQueries"), "{}", embedded.release);
        }
    }

    #[test]
    fn releases_are_in_order_and_differ() {
        for pair in CONTRACTS.windows(2) {
            assert!(pair[0].release < pair[1].release, "{pair:?}");
            assert!(pair.iter().all(|embedded| is_day(embedded.release)), "{pair:?}");
            let [one, two] = [&pair[0], &pair[1]].map(|embedded| embedded.document().expect("sound"));
            assert_ne!(one, two, "{pair:?}");
        }
    }

    #[test]
    fn a_bare_name_is_the_newest_release() {
        let newest = CONTRACTS.iter().filter(|c| c.service == "cleanrooms").map(|c| c.release).max();
        assert_eq!(find("cleanrooms").ok().map(|c| c.release), newest);
        assert!(find("s3").expect_err("not embedded").to_string().contains("There is cleanrooms;"));
    }

    #[test]
    fn a_day_is_the_release_in_force() {
        let on = |day: &str| find(&format!("cleanrooms@{day}")).map(|embedded| embedded.release).ok();
        assert_eq!(on("2023-08-30"), Some("2023-08-30"));
        assert_eq!(on("2023-08-29"), Some("2023-07-31"));
        assert_eq!(on("2023-11-13"), Some("2023-08-30"));
        assert_eq!(on("2023-01-12"), Some("2023-01-12"));
        assert_eq!(on("9999-12-31"), CONTRACTS.last().map(|embedded| embedded.release));
        assert_eq!(on("2023-08"), Some("2023-08-30"));
        assert_eq!(on("2023-10"), Some("2023-08-30"));
        assert_eq!(on("2025-09"), Some("2025-09-23"), "the last one of the month");
        assert_eq!(on("2022-12"), None);
    }

    #[test]
    fn what_is_no_day_of_a_release_is_told_with_what_there_is() {
        for (name, told) in [
            ("cleanrooms@2023-01-11", "no contract of cleanrooms was in force on 2023-01-11"),
            ("cleanrooms@1999-01-01", "no contract of cleanrooms was in force on 1999-01-01"),
            ("cleanrooms@2023-13-01", "is no day"),
            ("cleanrooms@2023-8-30", "is no day"),
            ("cleanrooms@2023-8", "is no day"),
            ("cleanrooms@", "is no day"),
            ("cleanrooms@recorded", "no recorded traffic here"),
        ] {
            let error = find(name).expect_err(name).to_string();
            assert!(error.contains(told) && error.contains("2023-01-12, 2023-03-21"), "{name}: {error}");
        }
    }
}
