//! [`Part`]: what a run leaves behind to be added to others.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::finding::Told;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::gate::Verdict;
use crate::outcome::{Coverage, Scope, Tally};

/// Version of the form; its schema is `schemas/formats/part.v1.schema.json`.
pub(super) const VERSION: u64 = 1;

/// What a run leaves behind to be added to others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    /// Version of the form.
    #[serde(rename = "part")]
    version: u64,
    /// Version of shapegate.
    shapegate: String,
    /// The job.
    pub(super) job: String,
    pub(super) tally: Tally,
    pub(super) scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) coverage: Option<Coverage>,
    findings: Vec<Told>,
    /// Where it was read, for people; `None` where it was not read from a file.
    #[serde(skip)]
    pub(super) read_from: Option<String>,
}

impl Part {
    /// The part that a verdict's run is. Approvals do not count: the sum alone is judged by them.
    ///
    /// # Errors
    /// Findings are missing from it: some are off, were not asked for, or are not listed.
    pub fn of(verdict: &Verdict) -> Result<Self> {
        let missing = [
            (verdict.off.values().sum::<usize>(), "switched off by the configuration"),
            (verdict.beside, "left out by --only-rule, --only-service or --only-operation"),
            (verdict.unlisted.values().sum(), "left out by --max-findings"),
        ];
        if let Some((count, why)) = missing.into_iter().find(|(count, _)| *count > 0) {
            return Err(Error::new(format!("a part needs all findings, and {count} are {why}")).remedy(
                "Write parts without it, and give it to `shapegate merge`; --no-config leaves the configuration out.",
            ));
        }
        let approved = verdict.approved.iter().map(|one| &one.finding);
        Ok(Self {
            version: VERSION,
            shapegate: env!("CARGO_PKG_VERSION").to_owned(),
            job: verdict.particulars.job().to_owned(),
            tally: verdict.tally.clone(),
            scope: verdict.scope.clone(),
            coverage: verdict.coverage.clone(),
            findings: verdict.open().chain(approved).map(|one| Told::of(&one.finding)).collect(),
            read_from: None,
        })
    }

    /// The findings.
    pub(super) fn findings(&self) -> Result<Vec<Finding>> {
        let other = |error: Error| {
            let by = match &*self.shapegate {
                env!("CARGO_PKG_VERSION") => Cow::Borrowed("this version"),
                other => Cow::Owned(format!("shapegate {other}")),
            };
            error.remedy(format!("The part was written by {by}."))
        };
        self.findings.iter().map(|told| told.finding().map_err(other)).collect()
    }
}
