//! `--contract` and `--model`, which mean the same on each subcommand.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::check::Catalog;
use crate::error::{Error, Result};
use crate::ingest::embedded;
use crate::ingest::installed::{self, Installed, Surroundings};
use crate::ingest::source::Source;
use crate::upgrade::Models;

/// The contract that comes first where nothing is named.
const DEFAULT: &str = "cleanrooms";

#[derive(Args)]
pub(super) struct Contracts {
    /// A contract within shapegate: `cleanrooms` (newest), `cleanrooms@2023-08-30` (the one in force on that day), or
    /// `cleanrooms@recorded` (for each exchange the one in force when it was recorded). May be repeated; what is named first
    /// wins. After `@recorded`, a further one is for exchanges that tell no time; without it they take the newest
    #[arg(long, value_name = "NAME[@DATE]")]
    contract: Vec<String>,

    /// A model source: a service-2.json (or .json.gz), a botocore folder or wheel, a Smithy model (JSON) or a folder
    /// of such, a saved page of the API change log, or `botocore` for the installed one
    #[arg(long, value_name = "SOURCE")]
    model: Vec<PathBuf>,

    /// Without --model, do not look for an installed botocore when traffic of other services appears
    #[arg(long)]
    no_installed_models: bool,
}

impl Contracts {
    /// Contracts and models as named; what is named first wins. Without either, the newest embedded contract.
    pub(super) fn catalog(&self, verbose: bool) -> Result<Catalog> {
        let mut catalog = Catalog::default();
        for name in &self.contract {
            catalog.add_named(name)?;
            tell_release(name);
        }
        for source in &self.model {
            let source = open(source)?;
            if verbose {
                let count = source.services().len();
                super::tell(format_args!("{count} models from {}", source.origin().display()));
            }
            catalog.add_source(source);
        }
        if self.contract.is_empty() && self.model.is_empty() {
            catalog.add_embedded(embedded::find(DEFAULT)?);
        }
        if self.model.is_empty() && !self.no_installed_models {
            catalog.set_fallback(fallback);
        }
        Ok(catalog)
    }
}

/// Says which release a day stands for, where it is the day of none.
fn tell_release(name: &str) {
    let Some((service, day)) = name.split_once('@') else { return };
    if let Some(taken) = embedded::find(name).ok().filter(|taken| taken.release != day) {
        let told = format!("on {day} the contract of {} was in force (botocore {})", taken.release, taken.botocore);
        super::tell(format_args!("{service}: {told}"));
    }
}

/// One side of a comparison: a model source as `--model` takes it, or a contract within shapegate.
pub(super) fn models(named: &Path) -> Result<Models> {
    let name = named.to_str().filter(|_| !named.exists());
    let is_embedded = |name: &&str| {
        name.split('@')
            .next()
            .is_some_and(|service| embedded::CONTRACTS.iter().any(|contract| contract.service == service))
    };
    match name.filter(is_embedded) {
        Some(name) => Ok(Models::Embedded(embedded::find(name)?)),
        None => Ok(Models::Source(open(named)?)),
    }
}

fn open(source: &Path) -> Result<Source> {
    if source != Path::new("botocore") || source.exists() {
        return Source::open(source);
    }
    let Some(installed) = installed() else {
        return Err(Error::new("no botocore is installed where it is usually found")
            .remedy("`pip install botocore`, install the AWS CLI, or name a wheel or folder with --model PATH."));
    };
    super::tell(format_args!("the installed models are those of {installed}"));
    Source::open(&installed.folder)
}

/// Models for services that no contract was named for. Which ones they are is told, for results depend on them.
fn fallback() -> Option<Source> {
    let installed = installed()?;
    let told = match Source::open(&installed.folder) {
        Ok(source) => {
            super::tell(format_args!("other services are checked by the models of {installed}"));
            return Some(source);
        }
        Err(error) => format!("the installed botocore is of no use: {error}"),
    };
    super::tell(format_args!("{told}"));
    None
}

fn installed() -> Option<Installed> {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folders = |name| -> Vec<PathBuf> {
        std::env::var_os(name).map(|value| std::env::split_paths(&value).collect()).unwrap_or_default()
    };
    installed::find(&Surroundings {
        home: std::env::home_dir(),
        working_folder: std::env::current_dir().ok(),
        python_path: folders("PYTHONPATH"),
        virtual_env: folder("VIRTUAL_ENV"),
        conda_prefix: folder("CONDA_PREFIX"),
        path: folders("PATH"),
        pyenv_root: folder("PYENV_ROOT"),
        usual: installed::USUAL.map(PathBuf::from).to_vec(),
    })
}
