//! [`Errata`]: corrections of models that are known to be wrong.
//!
//! They are about botocore's files, by service and API version, and come in three forms: JSON patches (RFC 6902) by service,
//! `{"s3/2006-03-01/service-2": [operation…]}`, alone or with what they are for; and botocore's own extras,
//! `<service>/<version>/service-2.sdk-extras.json`. What an erratum changed stands in the model; what changes nothing any
//! more is stale.

mod patch;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use self::patch::{Operation, parts_of_patch, patch};
pub(super) use self::patch::{Parts, merge, parts_of_merge};
use super::names::canonical;
use crate::error::{Error, Result};
use crate::limits::{self, WRITTEN_BYTES};
use crate::model::Correction;

const REMEDY: &str = "An erratum is {\"service/version/service-2\": [operations of RFC 6902]}, or the same below `patches` \
                      with `about` and `references`, or a file <service>/<version>/service-2.sdk-extras.json.";

/// Errata within shapegate, by their names.
const SHIPPED: [(&str, &str); 21] = [
    ("bedrock-runtime-token-usage", include_str!("../../../schemas/errata/bedrock-runtime-token-usage.json")),
    ("bedrock-runtime-tool-use-type", include_str!("../../../schemas/errata/bedrock-runtime-tool-use-type.json")),
    ("cloudformation-events-of-stacks", include_str!("../../../schemas/errata/cloudformation-events-of-stacks.json")),
    (
        "cloudfront-http-version-in-capitals",
        include_str!("../../../schemas/errata/cloudfront-http-version-in-capitals.json"),
    ),
    (
        "config-delivery-status-in-capitals",
        include_str!("../../../schemas/errata/config-delivery-status-in-capitals.json"),
    ),
    (
        "directconnect-interface-without-tags",
        include_str!("../../../schemas/errata/directconnect-interface-without-tags.json"),
    ),
    ("dynamodb-no-decreases-today", include_str!("../../../schemas/errata/dynamodb-no-decreases-today.json")),
    ("dynamodb-nothing-unprocessed", include_str!("../../../schemas/errata/dynamodb-nothing-unprocessed.json")),
    ("ec2-internet-gateway-available", include_str!("../../../schemas/errata/ec2-internet-gateway-available.json")),
    ("ec2-nat-gateway-interface", include_str!("../../../schemas/errata/ec2-nat-gateway-interface.json")),
    ("ec2-platform-windows", include_str!("../../../schemas/errata/ec2-platform-windows.json")),
    ("ec2-vpc-endpoint-state", include_str!("../../../schemas/errata/ec2-vpc-endpoint-state.json")),
    ("iam-permissions-boundary-type", include_str!("../../../schemas/errata/iam-permissions-boundary-type.json")),
    ("lambda-function-being-created", include_str!("../../../schemas/errata/lambda-function-being-created.json")),
    ("route53-hosted-zone-with-path", include_str!("../../../schemas/errata/route53-hosted-zone-with-path.json")),
    (
        "route53-list-health-checks-marker",
        include_str!("../../../schemas/errata/route53-list-health-checks-marker.json"),
    ),
    ("route53-list-hosted-zones-marker", include_str!("../../../schemas/errata/route53-list-hosted-zones-marker.json")),
    ("s3-copy-source-is-encoded", include_str!("../../../schemas/errata/s3-copy-source-is-encoded.json")),
    ("s3-notification-filter-names", include_str!("../../../schemas/errata/s3-notification-filter-names.json")),
    ("sqs-other-batches-failed", include_str!("../../../schemas/errata/sqs-other-batches-failed.json")),
    ("sqs-send-message-batch-failed", include_str!("../../../schemas/errata/sqs-send-message-batch-failed.json")),
];

/// What botocore calls extras of a model.
const EXTRAS: &str = "service-2.sdk-extras.json";

/// Corrections of models. Clones share what became of each.
#[derive(Debug, Clone, Default)]
pub struct Errata {
    all: Vec<Erratum>,
    uses: Arc<Mutex<BTreeMap<usize, Use>>>,
}

/// A correction of one service's model.
#[derive(Debug, Clone)]
struct Erratum {
    name: String,
    about: Option<String>,
    references: Vec<String>,
    /// Canonical name of the service.
    service: String,
    /// API version of the model.
    version: String,
    change: Change,
    is_shipped: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Patch(Vec<Operation>),
    Merge(Value),
}

/// What became of an erratum.
#[derive(Debug, Default)]
struct Use {
    /// It changed a model.
    changed: bool,
    /// Why it did not change one.
    reasons: BTreeSet<String>,
}

/// A file of errata with what they are for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: Option<String>,
    #[serde(default)]
    references: Vec<String>,
    patches: BTreeMap<String, Vec<Operation>>,
}

impl Errata {
    /// The errata within shapegate.
    ///
    /// # Errors
    /// One of them is damaged, which a test excludes.
    pub fn shipped() -> Result<Self> {
        let mut errata = Self::default();
        for (name, text) in SHIPPED {
            errata.add_text(name, text.as_bytes(), Path::new(name))?;
        }
        errata.all.iter_mut().for_each(|erratum| erratum.is_shipped = true);
        Ok(errata)
    }

    /// Adds the errata of a file, or of all JSON files below a folder.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn add(&mut self, path: &Path) -> Result<()> {
        if path.is_dir() {
            let mut files = Vec::new();
            list(path, &mut files)?;
            if files.is_empty() {
                return Err(Error::new("a folder without errata").at(path).remedy(REMEDY));
            }
            return files.iter().try_for_each(|file| self.add(file));
        }
        let text = limits::read(path, WRITTEN_BYTES).map_err(|error| error.remedy(REMEDY))?;
        self.add_text(&path.display().to_string(), &text, path)
    }

    fn add_text(&mut self, name: &str, text: &[u8], place: &Path) -> Result<()> {
        let document: Value = serde_json::from_slice(text).map_err(|error| Error::not_json(&error).at(place))?;
        let wrong = |cause: String| Error::new(cause).at(place).remedy(REMEDY);
        if let Some(merge) = document.get("merge") {
            let [service, version] = extras_of(place).ok_or_else(|| {
                wrong("a merge says which model it is of by its path, and this one does not".to_owned())
            })?;
            self.push(name, (None, Vec::new()), (service, version), Change::Merge(merge.clone()));
            return Ok(());
        }
        let wrapped =
            if document.get("patches").is_some() { document } else { serde_json::json!({"patches": document}) };
        let File { about, references, patches } =
            serde_json::from_value(wrapped).map_err(|error| wrong(format!("not an erratum: {error}")))?;
        for (key, operations) in patches {
            let parts: Vec<&str> = key.split('/').collect();
            let [service, version, "service-2"] = parts[..] else {
                return Err(wrong(format!("{key:?} is not service/version/service-2")));
            };
            let model = (service.to_owned(), version.to_owned());
            self.push(name, (about.clone(), references.clone()), model, Change::Patch(operations));
        }
        Ok(())
    }

    fn push(
        &mut self,
        name: &str,
        (about, references): (Option<String>, Vec<String>),
        (service, version): (String, String),
        change: Change,
    ) {
        let service = canonical(&service);
        self.all.push(Erratum {
            name: name.to_owned(),
            about,
            references,
            service,
            version,
            change,
            is_shipped: false,
        });
    }

    /// Corrects the model of a service as botocore writes it, and says what that changed.
    pub(super) fn correct(&self, service: &str, document: &mut Value) -> Vec<Correction> {
        let version = document["metadata"]["apiVersion"].as_str().unwrap_or_default().to_owned();
        let mut corrections = Vec::new();
        for (at, erratum) in self.all.iter().enumerate().filter(|(_, erratum)| erratum.service == service) {
            let changed = if erratum.version == version {
                match &erratum.change {
                    Change::Patch(operations) => patch(document, operations),
                    Change::Merge(more) => Ok(merge(document, more)),
                }
            } else {
                Err(format!("the model is of {version}"))
            };
            let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
            let own = uses.entry(at).or_default();
            match changed {
                Ok(places) if places.is_empty() => drop(own.reasons.insert("the model has it already".to_owned())),
                Ok(places) => {
                    own.changed = true;
                    let Erratum { name, about, references, .. } = erratum.clone();
                    corrections.push(Correction { erratum: name, about, references, places });
                }
                Err(reason) => drop(own.reasons.insert(reason)),
            }
        }
        corrections
    }

    /// Whether any of them is of a service.
    pub(super) fn concern(&self, service: &str) -> bool {
        self.all.iter().any(|erratum| erratum.service == service)
    }

    /// The parts of a service's model that errata are about; `None` where that is not only some.
    pub(super) fn parts(&self, service: &str) -> Option<Parts> {
        let own = self.all.iter().filter(|erratum| erratum.service == service);
        let of_one = |erratum: &Erratum| match &erratum.change {
            Change::Patch(operations) => parts_of_patch(operations),
            Change::Merge(more) => parts_of_merge(more),
        };
        let all: Option<Vec<Parts>> = own.map(of_one).collect();
        Some(all?.into_iter().flatten().collect())
    }

    /// Notes why no erratum can correct a service's model.
    pub fn pass_over(&self, service: &str, reason: &str) {
        for (at, _) in self.all.iter().enumerate().filter(|(_, erratum)| erratum.service == service) {
            let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
            uses.entry(at).or_default().reasons.insert(reason.to_owned());
        }
    }

    /// Errata that changed none of the models that they were tried on, with the reasons; of those within shapegate, only where
    /// they are asked for.
    pub fn stale(&self, shipped: bool) -> Vec<(String, String)> {
        let uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = uses.iter().filter(|(_, used)| !used.changed).map(|(at, used)| (&self.all[*at], used));
        let asked = stale.filter(|(erratum, _)| shipped || !erratum.is_shipped);
        let told = |(erratum, used): (&Erratum, &Use)| {
            let reasons: Vec<&str> = used.reasons.iter().map(String::as_str).collect();
            let name = format!("{} of {} {}", erratum.name, erratum.service, erratum.version);
            (name, reasons.join("; "))
        };
        asked.map(told).collect()
    }
}

/// Service and API version of a path `…/<service>/<version>/service-2.sdk-extras.json`.
fn extras_of(path: &Path) -> Option<[String; 2]> {
    let mut parts = path.iter().rev().filter_map(|part| part.to_str());
    if parts.next() != Some(EXTRAS) {
        return None;
    }
    let (version, service) = (parts.next()?, parts.next()?);
    Some([service.to_owned(), version.to_owned()])
}

/// JSON files below a folder, sorted.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| Error::io(folder, error))?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
