//! `shapegate diff`

use std::path::PathBuf;

use clap::Args;

use super::configuring::Configuring;
use super::contracts::sides;
use super::correcting::{Correcting, tell_stale};
use super::judging::today;
use super::progress::Progress;
use super::reporting::Reporting;
use super::wheels::WheelsArgs;
use crate::diff::added::shown;
use crate::error::Result;
use crate::finding::Profile;
use crate::gate::{Approvals, Settings, judge};
use crate::model::Service;
use crate::outcome::{Differences, OfService, Outcome, Particulars, Scope, Tally};
use crate::upgrade::{Compared, Models, Options, Step, compare};

#[derive(Args)]
/// Show what differs between two models: facts, with no judgement
#[command(after_help = "\
Examples:
  shapegate diff --from botocore-1.31.37.whl --to botocore-1.31.38.whl --service cleanrooms
  shapegate diff --from old.whl --to cleanrooms@2023-08-30 --format api-changes
  shapegate diff --from cleanrooms@2023-08-30 --to cleanrooms --format ndjson | jq -r .kind
  shapegate diff --from a/service-2.json --to b/service-2.json --exit-code

Sources are what --model of `check` takes: a service-2.json (or .json.gz), a botocore folder or wheel, a Python \
environment, `botocore` for the installed one, `botocore==VERSION` or a lock file that pins it, a contract within shapegate (cleanrooms, cleanrooms@2023-08-30), or a saved page of the API change \
log; what a page does not show is not compared.

`--format api-changes` prints what the public API change log would show, as it would: operations that are new, then \
those that gained members or values, each with its `Changes` block. Below it stands what such a page does not say: \
what is gone, required marks, errors, lengths, patterns, unions, names of shapes, and so on. `shapegate gate` weighs \
the same facts.

Exit codes: 0 whatever differs (with --exit-code 1 where something does), 2 a model could not be read or a service is \
not there.")]
pub(super) struct Diff {
    /// The older models
    #[arg(long, value_name = "SOURCE")]
    from: PathBuf,

    /// The newer models
    #[arg(long, value_name = "SOURCE")]
    to: PathBuf,

    /// The one service to compare; without it, all that the sources hold
    #[arg(long)]
    service: Option<String>,

    /// Exit with 1 where something differs
    #[arg(long)]
    exit_code: bool,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0)]
    threads: usize,

    #[command(flatten)]
    wheels: WheelsArgs,

    #[command(flatten)]
    correcting: Correcting,

    #[command(flatten)]
    reporting: Reporting,
}

impl Diff {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("diff")?;
        let config = configuring.read()?;
        let errata = self.correcting.errata(&config)?;
        let wheels = self.wheels.wheels(&config);
        let [old, new] = sides(&self.from, &self.to, &errata, &wheels)?;
        let progress = Progress::of_services();
        let options = Options {
            services: self.service.as_slice(),
            threads: self.threads,
            progress: &|step| match step {
                Step::Planned(all) => progress.plan(all),
                Step::Done => progress.add(1),
            },
            // Facts are the same for all profiles; weights are not shown.
            ..Options::new(Profile::default())
        };
        let compared = compare(&old, &new, &options);
        progress.end();
        let compared = compared?;
        tell_stale(&errata.stale(false));
        let services = compared.services.into_iter().map(|one| of_service(&old, &new, one));
        let (from, to) = (old.label(), new.label());
        let differences = Differences { from, to, services: services.collect::<Result<_>>()? };
        let particulars = Particulars::Differences(differences);
        let outcome = Outcome {
            tally: Tally::default(),
            scope: Scope::default(),
            findings: Vec::new(),
            coverage: None,
            particulars,
        };
        let settings = Settings { fail_on_difference: self.exit_code, ..Settings::default() };
        self.reporting.finish(&judge(outcome, &settings, &Approvals::default(), today())?)
    }
}

/// Adds what the models say beside the facts. Those that do not differ are not read again.
fn of_service(old: &Models, new: &Models, compared: Compared) -> Result<OfService> {
    let Compared { service: name, differences, findings, partial, .. } = compared;
    let load = |models: &Models| -> Result<Option<Service>> {
        let differs = !differences.is_empty();
        Ok(if differs { models.load(&name)?.map(|ingested| ingested.service) } else { None })
    };
    let (older, newer) = (load(old)?, load(new)?);
    let named = newer.as_ref().or(older.as_ref());
    Ok(OfService {
        full_name: named.map_or_else(|| name.clone(), |service| service.full_name.clone()),
        release: newer.as_ref().and_then(|service| service.release.known().cloned()),
        shown: newer.as_ref().map(|newer| shown(older.as_ref(), newer)).unwrap_or_default(),
        name,
        partial,
        differences,
        findings,
    })
}
