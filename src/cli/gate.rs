//! `shapegate gate`

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::chosen::Chosen;
use super::configuring::Configuring;
use super::contracts::sides;
use super::correcting::{Correcting, tell_stale};
use super::judging::{Judging, fail_on, settings};
use super::names::Names;
use super::progress::Progress;
use super::reading::{Form, services};
use super::reporting::Reporting;
use super::severity;
use super::walking::Walking;
use super::wheels::WheelsArgs;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::finding::{BREAKING, Profile};
use crate::gate::Settings;
use crate::outcome::Particulars;
use crate::upgrade::{Comparison, Models, Options, Replayed, Step, Traffic, compare, replay};

#[derive(Args)]
/// Compare two models: what an upgrade breaks, for whom
#[command(after_help = "\
Examples:
  shapegate gate --from botocore-1.31.37.whl --to botocore-1.31.38.whl --service cleanrooms
  shapegate gate --from cleanrooms@2023-08-30 --to cleanrooms --profile typed
  shapegate gate --from old.whl --to botocore --profile replay --fail-on risky
  shapegate gate --from old.whl --to new.whl --traffic tests/recordings --unused-as note
  shapegate gate --from old.whl --to new.whl --service s3,sqs
  shapegate gate --from botocore --to botocore==1.44.8 --wheels wheels --traffic tests/recordings
  shapegate gate --from main/uv.lock --to uv.lock --wheels wheels --traffic tests/recordings
  shapegate gate --from a/service-2.json --to b/service-2.json --format ndjson
  shapegate gate --from cleanrooms --to models/cleanrooms.json

Sources are what --model of `check` takes: a service-2.json (or .json.gz), a botocore folder or wheel, a Python \
environment, `botocore` for the installed one, `botocore==VERSION` or a lock file that pins it (uv.lock, poetry.lock, \
Pipfile.lock, requirements.txt; or a folder with one such), whose wheel is looked up in --wheels, a Smithy model (JSON) or a folder of such, a \
contract within shapegate (cleanrooms, cleanrooms@2023-08-30), or a saved page of the API change log, which shows a part \
alone and proves no upgrade compatible.

Each difference is breaking (error), risky (warning) or compatible (note), by profile: `dynamic` for SDKs that load \
models at run time (boto3, JavaScript, Ruby), `typed` for compiled ones (Rust, Java, Go, Kotlin), `replay` for \
recorded traffic, mocks and emulators. With --traffic only services that have traffic are compared (--all-services \
compares the others, too), each difference is reported with the number of recorded exchanges that use it, and exchanges \
that break the newer contract where they kept the older, or that the newer model has no place for, make the gate fail. \
`shapegate explain RULE` says what a difference means.

All forms count findings: a difference in requests and in responses is two, though the text shows it in one line. Exit \
codes: 0 passed, 1 differences at or above --fail-on or broken exchanges, 2 a model could \
not be read or a service is not there.")]
pub(super) struct Gate {
    /// The older models
    #[arg(long, value_name = "SOURCE")]
    from: PathBuf,

    /// What reports call the older models, where the path of --from is a temporary one
    #[arg(long, value_name = "NAME")]
    from_name: Option<String>,

    /// The newer models
    #[arg(long, value_name = "SOURCE")]
    to: PathBuf,

    /// Services to compare, divided by commas; may be repeated. Without it, all that the sources hold; with --traffic those
    /// that have any
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    service: Vec<String>,

    /// For whom differences are weighed [default: dynamic]
    #[arg(long, value_parser = PossibleValuesParser::new(Profile::ALL.map(Profile::as_str)))]
    profile: Option<String>,

    /// Weight from which differences make the exit code 1 [default: breaking]
    #[arg(long, value_parser = ["breaking", "risky", "never"])]
    fail_on: Option<String>,

    /// Recorded traffic to weigh by: files and folders, as `check` takes them
    #[arg(long, value_name = "PATH")]
    traffic: Vec<PathBuf>,

    /// With --traffic, compare the services that have none as well
    #[arg(long, requires = "traffic", conflicts_with = "service")]
    all_services: bool,

    /// Highest weight of a difference that no recorded exchange uses
    #[arg(long, value_name = "WEIGHT", requires = "traffic", value_parser = ["compatible", "note", "risky"])]
    unused_as: Option<String>,

    /// Look for no payload that shows what is now rejected; that takes most of the time
    #[arg(long)]
    no_witnesses: bool,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0)]
    threads: usize,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    walking: Walking,

    #[command(flatten)]
    wheels: WheelsArgs,

    #[command(flatten)]
    correcting: Correcting,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,
}

impl Gate {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("gate")?;
        self.refuse_what_does_nothing()?;
        let config = configuring.read()?;
        let approvals = self.judging.read(&config)?;
        let errata = self.correcting.errata(&config)?;
        let wheels = self.wheels.wheels(&config);
        let [old, new] = sides(&self.from, &self.to, &errata, &wheels)?;
        let profile = profile(self.profile.as_deref(), &config).value;
        let (compared, replayed) = self.compare(&config, &old, &new, profile)?;
        tell_stale(&errata.stale(false));
        let mut outcome = compared.into_outcome([&old, &new], profile, replayed);
        if let (Some(name), Particulars::Upgrade(upgrade)) = (&self.from_name, &mut outcome.particulars) {
            upgrade.from = upgrade.from.replacen(&self.from.display().to_string(), name, 1);
        }
        let settings = Settings {
            fail_on: fail_on(self.fail_on.as_deref(), &config, BREAKING).value,
            unused_as: self.unused_as.as_deref().and_then(severity),
            ..settings(&config)
        };
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, &[&old, &new])?)
    }

    /// Options about the reading of traffic, where none is given.
    fn refuse_what_does_nothing(&self) -> Result<()> {
        let given = self.form.given().or_else(|| self.walking.given()).filter(|_| self.traffic.is_empty());
        match given {
            Some(option) => Err(Error::new(format!("{option} is about recorded traffic, and none is given"))
                .remedy("--traffic PATH names it.")),
            None => Ok(()),
        }
    }

    /// What differs, and what recorded traffic says of it where some is given.
    fn compare(
        &self,
        config: &Config,
        old: &Models,
        new: &Models,
        profile: Profile,
    ) -> Result<(Comparison, Option<Replayed>)> {
        let comparing = Progress::of_services();
        let options = Options {
            services: &self.service,
            profile,
            witnesses: !self.no_witnesses,
            threads: self.threads,
            progress: &|step| match step {
                Step::Planned(all) => comparing.plan(all),
                Step::Done => comparing.add(1),
            },
        };
        if self.traffic.is_empty() {
            let compared = compare(old, new, &options);
            comparing.end();
            return Ok((compared?, None));
        }
        let reading = Progress::start();
        let filter = self.walking.filter_for(config, &self.traffic);
        let services = services(config, &[old, new])?;
        let service = match &self.service[..] {
            [only] => [old, new].called(only)?,
            _ => None,
        };
        let operations = self.form.operations(service.as_deref(), &[old, new])?;
        let traffic = Traffic {
            paths: &self.traffic,
            threads: self.threads,
            filter: &filter,
            services: &services,
            limits: self.form.limits(config),
            format: self.form.format(),
            operations: &operations,
            all_services: self.all_services,
            progress: &|bytes| reading.add(bytes),
        };
        let replayed = replay(old, new, &options, &traffic);
        comparing.end();
        reading.end();
        replayed.map(|(compared, replayed)| (compared, Some(replayed)))
    }
}

/// For whom differences are weighed.
pub(super) fn profile(option: Option<&str>, config: &Config) -> Chosen<Profile> {
    let named = |name| Profile::ALL.into_iter().find(|profile| profile.as_str() == name).unwrap_or_default();
    Chosen::of(option.map(named), "--profile", config.profile.as_ref(), Profile::default())
}
