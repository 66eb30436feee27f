//! `--contract` and `--model`, which mean the same on each subcommand.

use std::path::{Path, PathBuf};

use clap::Args;

use super::chosen::{Chosen, flag};
use super::correcting::Correcting;
use super::wheels::WheelsArgs;
use crate::check::Catalog;
use crate::config::{Config, Model};
use crate::error::{Error, Result};
use crate::ingest::embedded;
use crate::ingest::errata::Errata;
use crate::ingest::installed::{self, INSTALLED, Installed, Surroundings};
use crate::ingest::pinned::{Wheels, wheels_in};
use crate::ingest::source::Source;
use crate::text::is_day;
use crate::upgrade::Models;

#[derive(Args)]
#[command(next_help_heading = "Models")]
pub(super) struct Contracts {
    /// A contract within shapegate: `cleanrooms` (newest), `cleanrooms@2023-08-30`, `cleanrooms@recorded`
    ///
    /// `cleanrooms` is the newest, `cleanrooms@2023-08-30` the one in force on that day,
    /// `cleanrooms@2023-08` (at the end of that month), or `cleanrooms@recorded` (for each exchange the one in force when it was recorded). May be repeated; what is named first
    /// wins. After `@recorded`, a further one is for exchanges that tell no time; without it they take the newest
    #[arg(long, value_name = "NAME[@DATE]")]
    contract: Vec<String>,

    /// Where models of other services are: a botocore wheel or folder, `botocore==VERSION`, a lock file, a Smithy model
    ///
    /// A service-2.json (or .json.gz), a botocore folder or wheel, a Python environment, `botocore==VERSION`
    /// or a lock file that pins it, a Smithy model (JSON) or a folder of such, a saved page of the API change log, or
    /// `botocore` for the installed one
    #[arg(long, value_name = "SOURCE")]
    model: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) wheels: WheelsArgs,

    /// Do not look for an installed botocore
    ///
    /// Without --model one is looked for when traffic of other services appears
    #[arg(long)]
    no_installed_models: bool,

    #[command(flatten)]
    pub(super) correcting: Correcting,
}

/// Where contracts and models come from.
pub(super) struct Sources {
    pub(super) contracts: Vec<Chosen<String>>,
    pub(super) models: Vec<Chosen<Model>>,
    /// Whether an installed botocore is looked for.
    pub(super) installed: Chosen<bool>,
}

impl Contracts {
    /// Contracts and models as options and configuration name them.
    pub(super) fn chosen(&self, config: &Config) -> Sources {
        let models: Vec<Model> = self.model.iter().cloned().map(Model::of).collect();
        Sources {
            contracts: Chosen::list(&self.contract, "--contract", &config.contracts),
            models: Chosen::list(&models, "--model", &config.models),
            installed: Chosen::of(
                flag(self.no_installed_models, false),
                "--no-installed-models",
                config.installed_models.as_ref(),
                true,
            ),
        }
    }

    /// Contracts and models as named; what is named first wins. Without either, the newest embedded contract.
    /// It lasts as long as the process: to take thousands of shapes apart at the end would be a tenth of a run's time.
    pub(super) fn catalog(&self, config: &Config, verbose: bool) -> Result<&'static Catalog> {
        let Sources { contracts, models, installed } = self.chosen(config);
        let errata = self.correcting.errata(config)?;
        let wheels = self.wheels.wheels(config);
        let mut catalog = Catalog::default();
        catalog.correct(errata.clone());
        for chosen in &contracts {
            chosen.located(config, catalog.add_named(&chosen.value))?;
            tell_release(&chosen.value);
        }
        for chosen in &models {
            let source = chosen.located(config, open(&chosen.value.source, &errata, &wheels))?;
            config.check_pin(&chosen.value, source.version().as_deref())?;
            if verbose {
                let count = source.services().len();
                super::tell(format_args!("{count} models from {}", source.label()));
            }
            catalog.add_source(source);
        }
        if contracts.is_empty() && models.is_empty() {
            catalog.add_embedded(embedded::find(embedded::DEFAULT)?);
        }
        if models.is_empty() && installed.value {
            catalog.set_fallback(move || fallback(&errata));
        }
        Ok(Box::leak(Box::new(catalog)))
    }
}

/// Says which release a day stands for, where it is the day of none.
fn tell_release(name: &str) {
    let Some((service, day)) = name.split_once('@') else { return };
    if let Some(taken) = embedded::find(name).ok().filter(|taken| taken.release != day) {
        let when = if is_day(day) { format!("on {day}") } else { format!("at the end of {day}") };
        let told = format!("{when} the contract of {} was in force (botocore {})", taken.release, taken.botocore);
        super::inform(format_args!("{service}: {told}"));
    }
}

/// Both sides of a comparison, the older first. What is wrong with either is reported at once.
pub(super) fn sides(from: &Path, to: &Path, errata: &Errata, wheels: &Wheels) -> Result<[Models; 2]> {
    match (models(from, errata, wheels), models(to, errata, wheels)) {
        (Ok(old), Ok(new)) => Ok([old, new]),
        (Err(one), Err(two)) => Err(one.and(&two)),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// One side of a comparison: a model source as `--model` takes it, or a contract within shapegate.
fn models(named: &Path, errata: &Errata, wheels: &Wheels) -> Result<Models> {
    let name = named.to_str().filter(|_| !named.exists());
    let is_embedded = |name: &&str| {
        name.split('@')
            .next()
            .is_some_and(|service| embedded::CONTRACTS.iter().any(|contract| contract.service == service))
    };
    match name.filter(is_embedded) {
        Some(name) => {
            let found = embedded::find(name)?;
            errata.pass_over(found.service, "a contract within shapegate is compared as it is");
            Ok(Models::Embedded(found))
        }
        None => Ok(Models::Source(open(named, errata, wheels)?)),
    }
}

/// Sources of one release each, with the day that is named behind `@`; of a folder with wheels of botocore each wheel.
pub(super) fn dated(named: &[PathBuf], errata: &Errata, wheels: &Wheels) -> Result<Vec<(Source, Option<String>)>> {
    let mut sources = Vec::new();
    for named in named {
        let dated = named.to_str().filter(|_| !named.exists()).and_then(|text| text.rsplit_once('@'));
        if let Some((source, day)) = dated.filter(|(_, day)| is_day(day)) {
            sources.push((open(Path::new(source), errata, wheels)?, Some(day.to_owned())));
            continue;
        }
        let releases = if named.is_dir() { wheels_in(named)? } else { Vec::new() };
        let each = if releases.is_empty() { vec![named.clone()] } else { releases };
        for source in each {
            sources.push((open(&source, errata, wheels)?, None));
        }
    }
    Ok(sources)
}

fn open(source: &Path, errata: &Errata, wheels: &Wheels) -> Result<Source> {
    if source != Path::new(INSTALLED) || source.exists() {
        return Source::open_named(source, errata, wheels);
    }
    let Some(installed) = installed() else {
        return Err(Error::new("no botocore is installed where it is usually found")
            .remedy("`pip install botocore`, install the AWS CLI, or name a wheel or folder with --model PATH."));
    };
    super::inform(format_args!("the installed models are those of {installed}"));
    Source::open_corrected(&installed.folder, errata)
}

/// Models for services that no contract was named for. Which ones they are is told, for results depend on them.
fn fallback(errata: &Errata) -> Option<Source> {
    let installed = installed()?;
    let told = match Source::open_corrected(&installed.folder, errata) {
        Ok(source) => {
            // It is said when a contract is first sought there, which may be in vain.
            super::inform(format_args!("models of other services are sought in {installed}"));
            return Some(source);
        }
        Err(error) => format!("the installed botocore is of no use: {error}"),
    };
    super::tell(format_args!("{told}"));
    None
}

pub(super) fn installed() -> Option<Installed> {
    installed::find(&Surroundings::of(
        |name| std::env::var_os(name),
        |list| std::env::split_paths(list).collect(),
        std::env::current_dir().ok(),
    ))
}
