//! The keys of `shapegate.toml`, as they are written. `schemas/formats/configuration.v1.schema.json` is made from these
//! types, their comments included.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// How a team checks its AWS traffic with shapegate. Paths are relative to this file. Options of the command win.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "shapegate.toml"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    /// Files and folders with recordings, for commands that read recordings and are given none.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) recordings: Vec<Spanned<String>>,
    /// Contracts within shapegate: `cleanrooms` (the newest), `cleanrooms@2023-08-30` (the one in force on that day) or
    /// `cleanrooms@recorded` (for each exchange the one in force when it was recorded). What is named first wins.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) contracts: Vec<Spanned<String>>,
    /// Sources of models for other services. What is named first wins.
    pub(super) models: Vec<Model>,
    /// Folders with wheels of botocore, where `botocore==VERSION` and lock files find theirs.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) wheels: Vec<Spanned<String>>,
    /// Whether an installed botocore is looked for where no source is named and traffic of other services appears. The
    /// default is true.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) installed_models: Option<Spanned<bool>>,
    /// Services of recordings that do not name theirs, by path. What is named first wins.
    pub(super) services: Vec<Service>,
    /// Globs for files and folders that are not read, unless they are named on the command line.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) exclude: Vec<Spanned<String>>,
    /// Whether what `.gitignore` names and folders of tools are left out. The default is true.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) gitignore: Option<Spanned<bool>>,
    /// Folders with presence expectations of your own (`*.schema.json`), beside the shipped ones.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) expectations: Vec<Spanned<String>>,
    /// Corrections of models that are known to be wrong, beside those within shapegate: JSON patches by service, botocore's
    /// sdk-extras, or folders of such.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) errata: Vec<Spanned<String>>,
    /// Whether the errata within shapegate are applied. The default is true.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) shipped_errata: Option<Spanned<bool>>,
    /// The file of approvals. The default is `shapegate-approvals.toml` beside this file, where it exists.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) approvals: Option<Spanned<String>>,
    /// Severity from which findings fail. `error`, `warning` and `note` are `breaking`, `risky` and `compatible` for
    /// differences between models. The default is `error`, of comparisons of snapshots `warning`.
    #[cfg_attr(test, schemars(with = "FailOn"))]
    pub(super) fail_on: Option<Spanned<FailOn>>,
    /// Whether approvals that nothing needs any more fail. The default is false.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) fail_on_stale: Option<Spanned<bool>>,
    /// How many findings a report lists, the most severe first. All are judged, approved and counted. The default is all.
    #[cfg_attr(test, schemars(with = "usize"))]
    pub(super) max_findings: Option<Spanned<usize>>,
    /// Which exchanges without a contract fail: `true` for all, or services by name. A name that neither a contract nor the
    /// traffic knows is an error. Streams, and what is passed over as no exchange, do not count. The default is false, and
    /// true for the harness of `cargo test`.
    #[cfg_attr(test, schemars(with = "Unchecked"))]
    pub(super) fail_on_unchecked: Option<Spanned<Unchecked>>,
    /// For whom differences between models are weighed. The default is `dynamic`.
    #[cfg_attr(test, schemars(with = "Profile"))]
    pub(super) profile: Option<Spanned<Profile>>,
    /// What `shapegate redact` masks. The default is `usual`.
    #[cfg_attr(test, schemars(with = "Redact"))]
    pub(super) redact: Option<Spanned<Redact>>,
    /// The version of shapegate whose rules you have agreed to, such as `0.1.0`. Rules that were added later are notes until
    /// you raise it. The default is the version that runs.
    #[cfg_attr(test, schemars(with = "String", regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$")))]
    pub(super) edition: Option<Spanned<String>>,
    /// Limits on what is read of a recording, by name. What exceeds one is reported and not judged.
    #[cfg_attr(test, schemars(with = "crate::limits::Limits"))]
    pub(super) limits: BTreeMap<Spanned<String>, Spanned<u64>>,
    /// How much of their contracts traffic has to touch, where coverage is counted: a number, or a percentage such as `"80%"`,
    /// by measure (`operations`, `members`, `input`, `output`, `values`, `variants`, `errors`), for each service that occurs;
    /// `"s3:operations"` for one alone.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Least>"))]
    pub(super) coverage: BTreeMap<Spanned<String>, Spanned<Least>>,
    /// Levels by rule, as in `unknown-member = "warning"`; the id may have `*` for any characters. `shapegate rules` lists
    /// the ids.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Level>"))]
    pub(super) rules: BTreeMap<Spanned<String>, Spanned<Level>>,
    /// Levels for some findings. The last one that is about a finding counts, and comes before `rules`.
    pub(super) overrides: Vec<Override>,
}

/// A source of models.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Model {
    /// A service-2.json, a botocore folder or wheel, a Python environment, `botocore==VERSION` or a lock file that pins it, a
    /// Smithy model or a folder of such, a saved page of the API change log, or `botocore` for the installed one.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) source: Spanned<String>,
    /// The version that it must have: of botocore or the AWS CLI, or the API version of a single model. Another one is an
    /// error.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) pin: Option<Spanned<String>>,
}

/// The service of some recordings.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    /// Its name, as botocore names its folder, or its service id.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) service: Spanned<String>,
    /// Globs for the recordings.
    #[cfg_attr(test, schemars(with = "Vec<String>", length(min = 1)))]
    pub(super) paths: Vec<Spanned<String>>,
}

/// A level for findings that all of its other keys are about.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// The level.
    #[cfg_attr(test, schemars(with = "Level"))]
    pub(super) level: Spanned<Level>,
    /// Ids of rules, with `*` for any characters.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) rules: Vec<Spanned<String>>,
    /// Services, with `*` for any characters.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) services: Vec<Spanned<String>>,
    /// Operations, with `*` for any characters.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) operations: Vec<Spanned<String>>,
    /// The half of an exchange.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Direction"))]
    pub(super) direction: Option<Direction>,
    /// Globs for recordings.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) paths: Vec<Spanned<String>>,
}

/// What a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// An error; of a difference between models, breaking.
    Error,
    /// A warning; of a difference between models, risky.
    Warning,
    /// A note; of a difference between models, compatible.
    Note,
    /// It is counted, not listed, and never fails.
    Off,
}

/// From where findings fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum FailOn {
    /// From errors on.
    Error,
    /// From warnings on.
    Warning,
    /// All findings fail.
    Note,
    /// None fails.
    Never,
}

/// Which exchanges without a contract fail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Unchecked {
    /// All, or none.
    All(bool),
    /// Those of these services.
    Of(Vec<String>),
}

/// How much is enough.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Least {
    /// So many.
    Count(usize),
    /// A percentage of what the model has.
    Percent(#[cfg_attr(test, schemars(regex(pattern = r"^[0-9]{1,3}(\.[0-9])?%$")))] String),
}

/// For whom differences between models are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Profile {
    /// SDKs that load models at run time: boto3, JavaScript, Ruby.
    Dynamic,
    /// SDKs with compiled types: Rust, Java, Go, Kotlin.
    Typed,
    /// Recorded traffic, mocks, emulators.
    Replay,
}

/// What a copy of recordings keeps out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Redact {
    /// Credentials, and values of members that the model marks sensitive.
    Usual,
    /// Account ids, e-mail and IP addresses and long keys of sensitive maps as well.
    Strict,
}

/// A half of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    /// What the client sends.
    Request,
    /// What it gets.
    Response,
}
