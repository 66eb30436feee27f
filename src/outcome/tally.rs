//! [`Tally`]: what a run read, in numbers.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Recordings that hold nothing, as [`Tally::passed_over`] counts them: a recorder that was not asked leaves such a file.
pub const EMPTY: &str = "recordings without an exchange";

/// The name in [`Tally::unchecked`] of the service of an operation that nothing names the service of; the operation comes
/// behind it.
pub const SERVICE_OF: &str = "the service of ";

/// What to do where there are no files.
pub const NAME_RECORDINGS: &str = "Name the file or folder that the recorder writes.";

/// Folders without files that a message names.
const FOLDERS: usize = 3;

/// The counts of everything that was read, and of what became of it. Nothing that was found is missing from these counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Tally {
    /// Files that are recordings.
    pub recordings: usize,
    /// Exchanges that were read: a request, its response, or both.
    pub exchanges: usize,
    /// Payloads that were judged.
    pub payloads: usize,
    /// Requests and responses whose body the recording does not keep, so that at most what travels elsewhere was judged.
    pub unrecorded: usize,
    /// Files that are no recordings, with the reason.
    pub skipped: Vec<(PathBuf, String)>,
    /// Files and folders that were left out, with the reason, a folder with all that is below it.
    pub omitted: Vec<(PathBuf, Cow<'static, str>)>,
    /// Attempts at a call that an earlier exchange was an attempt at.
    pub retries: usize,
    /// Bodies that are streams, which are not judged.
    pub streams: usize,
    /// Events within them.
    pub events: usize,
    /// Exchanges and single payloads that were held against a contract.
    pub judged: usize,
    /// Exchanges and payloads of services without a contract, by the service's name in the recording.
    pub unchecked: BTreeMap<String, usize>,
    /// Where their contracts were looked for.
    pub more_models: MoreModels,
    /// The names that were probably meant by those of `unchecked`: of a service, or of an operation.
    pub meant: BTreeMap<String, String>,
    /// Where the contracts come from that exchanges and payloads were held against, by service.
    pub contracts: BTreeMap<String, BTreeSet<ContractSource>>,
    /// Exchanges that call no AWS API that a model describes, by host or endpoint: other hosts than AWS's, those of AWS
    /// without a model (its console, sign-in, distributions), servers of users below AWS's hosts, requests of browsers.
    pub elsewhere: BTreeMap<String, usize>,
    /// Streams and parts that were passed over, each with its place, where that is asked for.
    pub not_judged: Vec<(String, String)>,
    /// Parts of recordings that are no exchanges or that nothing names the operation of, by what they are.
    pub passed_over: BTreeMap<Cow<'static, str>, usize>,
    /// Exchanges and payloads by the contract that their time chose (`cleanrooms@2023-08-30`), where it was to choose.
    pub releases: BTreeMap<String, usize>,
    /// Those that tell no time, or one before the first release, by the contract they were held against instead.
    pub undated: BTreeMap<String, usize>,
    /// Exchanges that lack a member and were recorded before the newest contract within shapegate, which they were held
    /// against for want of a choice, by that contract.
    pub outdated: BTreeMap<String, usize>,
    /// The folders that were named, where nothing else was and there is no file in any of them.
    #[serde(skip)]
    pub empty: Vec<PathBuf>,
}

/// Where models of more services are looked for, which decides where the contract of an unchecked one may come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MoreModels {
    /// Nowhere: an installed botocore is not asked for, and no model is named.
    #[default]
    NotSought,
    /// In the models that are named.
    Named,
    /// In an installed botocore, and none was found or needed.
    NotInstalled,
    /// In the installed botocore that was found.
    Installed,
    /// In what the program that uses the library gives.
    OfProgram,
}

impl MoreModels {
    /// Advice on how to get the contract of a service that there is none for, as a clause.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::NotSought => "--model brings one",
            Self::Named => "none of the named models has it; a further --model brings one",
            Self::NotInstalled => "an installed botocore or --model brings one",
            Self::Installed => "the installed botocore does not have it; --model brings one",
            Self::OfProgram => "a model of the service brings one",
        }
    }
}

/// Where a contract comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContractSource {
    /// The file or folder of its model, or the program itself.
    pub origin: String,
    /// Which one it is: the release of one within the program, else the API version.
    pub version: String,
    /// The product that the model is of, with its version (`botocore 1.44.8`), where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

impl ContractSource {
    /// The version, and the release where the version does not say it: `2017-03-31 (botocore 1.44.8)`.
    pub fn model(&self) -> String {
        let release = self.release.as_deref().filter(|release| !self.version.contains(release));
        let release = release.map(|release| format!("({release})"));
        let parts = [Some(self.version.clone()).filter(|version| !version.is_empty()), release];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Tally {
    /// How many exchanges and payloads of AWS services were not checked, and of how many; `None` where all were.
    pub fn not_checked(&self) -> Option<(usize, usize)> {
        let unchecked: usize = self.unchecked.values().sum();
        (unchecked > 0).then_some((unchecked, unchecked + self.judged))
    }

    /// That there was no file to read, with the folders that were looked into; `None` where there was one.
    pub fn without_files(&self) -> Option<String> {
        let named: Vec<String> = self.empty.iter().take(FOLDERS).map(|folder| folder.display().to_string()).collect();
        let more = if self.empty.len() > FOLDERS { ", …" } else { "" };
        (!named.is_empty()).then(|| format!("there are no files in {}{more}", named.join(", ")))
    }

    /// Numbers of files and folders that were left out, by the reason.
    pub fn omissions(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (_, reason) in &self.omitted {
            *counts.entry(&**reason).or_default() += 1;
        }
        counts
    }

    /// Adds what another part of the work counted.
    pub fn add(&mut self, other: Self) {
        self.recordings += other.recordings;
        self.exchanges += other.exchanges;
        self.payloads += other.payloads;
        self.unrecorded += other.unrecorded;
        self.judged += other.judged;
        self.retries += other.retries;
        self.streams += other.streams;
        self.events += other.events;
        self.skipped.extend(other.skipped);
        self.omitted.extend(other.omitted);
        for (own, others) in [
            (&mut self.releases, other.releases),
            (&mut self.undated, other.undated),
            (&mut self.outdated, other.outdated),
        ] {
            for (release, count) in others {
                *own.entry(release).or_default() += count;
            }
        }
        for (service, sources) in other.contracts {
            self.contracts.entry(service).or_default().extend(sources);
        }
        for (own, others) in [(&mut self.unchecked, other.unchecked), (&mut self.elsewhere, other.elsewhere)] {
            for (name, count) in others {
                *own.entry(name).or_default() += count;
            }
        }
        self.meant.extend(other.meant);
        self.not_judged.extend(other.not_judged);
        for (what, count) in other.passed_over {
            *self.passed_over.entry(what).or_default() += count;
        }
    }
}
