//! Names of services and operations that options and configuration take: what models or the traffic know leads to the name
//! that reports use, and any other is an error.

use std::collections::BTreeSet;

use crate::check::Catalog;
use crate::config::{Config, Set};
use crate::error::{Error, ErrorKind, Result};
use crate::history::Releases;
use crate::ingest::embedded;
use crate::ingest::names::{canonical, meant_by};
use crate::outcome::{MoreModels, Outcome, Particulars, Tally};
use crate::rules;
use crate::text::{AMONG_FEW, AMONG_MANY, is_like, nearest};
use crate::upgrade::Models;

/// The rule whose name is meant by one that no rule has.
pub(super) fn nearest_rule(name: &str) -> Option<&'static str> {
    nearest(name, rules::all().map(|rule| rule.id), AMONG_FEW)
}

/// What models know by name.
pub(super) trait Names {
    /// The canonical name of the service that a name means.
    fn called(&self, name: &str) -> Result<Option<String>>;

    /// Canonical names of all services.
    fn services(&self) -> Vec<String>;

    /// Operations of a service; none where there is no such service.
    fn operations(&self, service: &str) -> Result<Vec<String>>;

    /// Whether a service has an operation, however its name is spelt; where none is named, any service.
    fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool>;

    /// Operations of all services.
    fn all_operations(&self) -> Result<BTreeSet<String>>;

    /// Whether a service that they do not know is one that they lack.
    fn are_complete(&self) -> bool;

    /// What brings the model of a service that they do not know, as a clause.
    fn remedy(&self) -> &'static str;
}

impl Names for Catalog {
    fn called(&self, name: &str) -> Result<Option<String>> {
        Ok(self.called_anywhere(name)?.map(str::to_owned))
    }

    fn services(&self) -> Vec<String> {
        self.all_services().map(str::to_owned).collect()
    }

    fn operations(&self, service: &str) -> Result<Vec<String>> {
        Ok(Self::operations(self, service)?.into_iter().map(str::to_owned).collect())
    }

    fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool> {
        self.has_operation(name, service)
    }

    fn all_operations(&self) -> Result<BTreeSet<String>> {
        self.all_operations()
    }

    fn are_complete(&self) -> bool {
        self.has_models()
    }

    fn remedy(&self) -> &'static str {
        self.more_models().remedy()
    }
}

impl Names for [&Models; 2] {
    fn called(&self, name: &str) -> Result<Option<String>> {
        Ok(self.iter().rev().find_map(|models| models.called(name)))
    }

    fn services(&self) -> Vec<String> {
        self.iter().flat_map(|models| models.services()).map(str::to_owned).collect()
    }

    fn operations(&self, service: &str) -> Result<Vec<String>> {
        let mut operations = Vec::new();
        for models in self {
            operations.extend(models.load(service)?.into_iter().flat_map(|read| read.service.operations.into_keys()));
        }
        Ok(operations)
    }

    fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool> {
        in_any(self.iter().map(|models| models.catalog()), name, service)
    }

    fn all_operations(&self) -> Result<BTreeSet<String>> {
        of_all(self.iter().map(|models| models.catalog()))
    }

    fn are_complete(&self) -> bool {
        true
    }

    fn remedy(&self) -> &'static str {
        "neither of the compared models has it"
    }
}

impl Names for Releases {
    fn called(&self, name: &str) -> Result<Option<String>> {
        let mut called = self.catalogs().filter_map(|catalog| catalog.called(name).map(str::to_owned));
        Ok(called.next())
    }

    fn services(&self) -> Vec<String> {
        let all = self.catalogs().flat_map(|catalog| catalog.services().map(str::to_owned).collect::<Vec<_>>());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn operations(&self, service: &str) -> Result<Vec<String>> {
        let mut operations = BTreeSet::new();
        for catalog in self.catalogs() {
            operations.extend(catalog.operations(service)?.into_iter().map(str::to_owned));
        }
        Ok(operations.into_iter().collect())
    }

    fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool> {
        in_any(self.catalogs(), name, service)
    }

    fn all_operations(&self) -> Result<BTreeSet<String>> {
        of_all(self.catalogs())
    }

    fn are_complete(&self) -> bool {
        true
    }

    fn remedy(&self) -> &'static str {
        "none of the releases has it; --model SOURCE@DATE brings those of others"
    }
}

/// Whether any of the catalogs has an operation.
fn in_any(catalogs: impl Iterator<Item = Catalog>, name: &str, service: Option<&str>) -> Result<bool> {
    for catalog in catalogs {
        if catalog.has_operation(name, service)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Operations of all services of the catalogs.
fn of_all(catalogs: impl Iterator<Item = Catalog>) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for catalog in catalogs {
        all.append(&mut catalog.all_operations()?);
    }
    Ok(all)
}

/// The service that a setting names. What neither the models know nor anything is nearly called stays as it is: without
/// models, nobody knows whether there is such a service. `by` is the option that says it.
pub(super) fn service(by: &str, name: &str, names: &dyn Names) -> Result<String> {
    if let Some(found) = names.called(name)? {
        return Ok(found);
    }
    let services = names.services();
    match meant_by(name, services.iter().map(String::as_str)) {
        None if !names.are_complete() => Ok(name.to_owned()),
        meant => Err(unknown_service(by, name, meant, names)),
    }
}

/// The service that `--service` names, or the only one of the models.
pub(super) fn only_one<'n>(named: Option<&'n str>, catalog: &'n Catalog) -> Result<&'n str> {
    catalog.only_service(named).map_err(|error| {
        let is_meant = |name: &&str| meant_by(name, catalog.services()).is_some();
        match named.filter(|name| !is_meant(name)) {
            Some(_) if error.kind() == ErrorKind::Unknown && catalog.more_models() != MoreModels::Named => {
                let own: Vec<&str> = catalog.services().collect();
                let own = own.join(", ");
                error.remedy(format!(
                    "There is {own}. --model SOURCE brings others: `botocore` for the installed one, a wheel, folder or \
                     service-2.json."
                ))
            }
            _ => error,
        }
    })
}

/// Refuses an operation of single responses that there is none of, in the service of the recordings where that is named. As
/// with services, nobody knows of models that are not there. One that another release has is for the check to find, and so is a
/// model that cannot be read.
pub(super) fn operation_of_responses(name: &str, service: Option<&str>, names: &dyn Names) -> Result<()> {
    if names.has_operation(name, service).unwrap_or(true) || is_of_another_release(name, service) {
        return Ok(());
    }
    let known: BTreeSet<String> = match service {
        Some(service) => names.operations(service)?.into_iter().collect(),
        None => names.all_operations()?,
    };
    let name_without = name.replace('-', "");
    let meant = nearest(&name_without, known.iter().map(String::as_str), AMONG_MANY);
    let is_open = if service.is_some() { known.is_empty() } else { meant.is_none() && !names.are_complete() };
    if is_open {
        return Ok(());
    }
    let what = service.map_or_else(|| "operation".to_owned(), |service| format!("operation of {service}"));
    let otherwise = "An operation is spelt as the API does (GetMembership) or the AWS CLI (get-membership).";
    Err(unknown("--operation: ", &what, name, meant, otherwise))
}

/// Whether another release of a contract within the binary has an operation.
fn is_of_another_release(name: &str, service: Option<&str>) -> bool {
    embedded::CONTRACTS.iter().filter(|one| service.is_none_or(|service| one.service == service)).any(|embedded| {
        let mut catalog = Catalog::default();
        catalog.add_embedded(embedded);
        catalog.has_operation(name, Some(embedded.service)).unwrap_or_default()
    })
}

/// The configuration with the services of its overrides by the names that reports use.
pub(super) fn with_services(config: &Config, names: &dyn Names, tally: &Tally) -> Result<Config> {
    let seen: Vec<&String> = tally.contracts.keys().chain(tally.unchecked.keys()).collect();
    let resolved = |name: &String| -> Result<String> {
        if seen.iter().any(|service| is_like(name, service)) {
            return Ok(name.clone());
        }
        if !name.contains('*') {
            return service("", name, names);
        }
        let is_known = names.services().iter().any(|service| is_like(name, service)) || !names.are_complete();
        if is_known { Ok(name.clone()) } else { Err(unlike("", "service", name)) }
    };
    let mut config = config.clone();
    for at in 0..config.overrides.len() {
        let Set { value, line } = &config.overrides[at];
        let services: Result<Vec<String>> = value.services.iter().map(resolved).collect();
        config.overrides[at].value.services = services.map_err(|error| config.mistake(*line, error))?;
    }
    Ok(config)
}

/// The service that `--only-service` names, or the pattern of services.
pub(super) fn only_service(name: &str, names: &dyn Names, outcome: &Outcome) -> Result<String> {
    let seen = services_seen(outcome);
    let all = || names.services().into_iter().chain(seen.iter().cloned());
    if name.contains('*') {
        let is_known = all().any(|service| is_like(name, &service));
        return if is_known { Ok(name.to_owned()) } else { Err(unlike("--only-service: ", "service", name)) };
    }
    if let Some(found) = names.called(name)?.or_else(|| seen.iter().find(|one| is_same(one, name)).cloned()) {
        return Ok(found);
    }
    let all: Vec<String> = all().collect();
    let meant = meant_by(name, all.iter().map(String::as_str));
    Err(unknown_service("--only-service: ", name, meant, names))
}

/// The operation that `--only-operation` names, or the pattern of operations. Operations are those of the services that are
/// asked for, or else that the run is about.
pub(super) fn only_operation(name: &str, services: &[String], names: &dyn Names, outcome: &Outcome) -> Result<String> {
    let spelt = |operation: &str| operation.eq_ignore_ascii_case(&name.replace('-', ""));
    let is_meant = |operation: &str| if name.contains('*') { is_like(name, operation) } else { spelt(operation) };
    let found = |operation: &String| if name.contains('*') { name.to_owned() } else { operation.clone() };
    let mut known = operations_seen(outcome);
    if let Some(operation) = known.iter().find(|one| is_meant(one)) {
        return Ok(found(operation));
    }
    let is_asked = |service: &str| services.is_empty() || services.iter().any(|asked| is_like(asked, service));
    let about = services_seen(outcome).into_iter().chain(services.iter().cloned()).filter(|one| is_asked(one));
    for service in about.collect::<BTreeSet<_>>() {
        let operations = names.operations(&service)?;
        if let Some(operation) = operations.iter().find(|one| is_meant(one)) {
            return Ok(found(operation));
        }
        known.extend(operations);
    }
    if name.contains('*') {
        return Err(unlike("--only-operation: ", "operation", name));
    }
    let name_without = name.replace('-', "");
    let meant = nearest(&name_without, known.iter().map(String::as_str), AMONG_MANY);
    let otherwise = "`shapegate list` prints those in traffic; `*` stands for any characters.";
    Err(unknown("--only-operation: ", "operation", name, meant, otherwise))
}

/// The names in traffic of the exchanges that `--fail-on-unchecked` means by a service. `by` is what says it.
///
/// Without its model, a service is counted by what its hosts or files are called, which need not be its name: `logs` is
/// `streaming-logs`. So a name that neither a contract nor the traffic knows could never fail, and is an error.
pub(super) fn unchecked(by: &str, name: &str, names: &dyn Names, tally: &Tally) -> Result<Vec<String>> {
    let called = names.called(name)?;
    let is_meant = |key: &&String| is_same(key, name) || called.as_ref().is_some_and(|called| is_same(key, called));
    let mut meant: Vec<String> = tally.unchecked.keys().filter(is_meant).cloned().collect();
    meant.extend(called);
    if !meant.is_empty() {
        return Ok(meant);
    }
    let all: Vec<String> = names.services().into_iter().chain(tally.unchecked.keys().cloned()).collect();
    let near = meant_by(name, all.iter().map(String::as_str));
    Err(near.map_or_else(|| never_met(by, name, tally, names), |near| unknown_service(by, name, Some(near), names)))
}

/// The error that a name could fail nothing, with what the traffic calls the services that were not checked.
fn never_met(by: &str, name: &str, tally: &Tally, names: &dyn Names) -> Error {
    let seen: Vec<String> = tally.unchecked.iter().map(|(name, count)| format!("{name} ({count})")).collect();
    let seen = match &seen[..] {
        [] => String::new(),
        seen => format!("Not checked, by the names in the traffic: {}; any of these may be it. ", seen.join(", ")),
    };
    Error::new(format!("{by}neither a contract nor the traffic knows a service {name:?}, so it would never fail"))
        .remedy(format!(
            "{seen}A model of the service tells its exchanges: {}. Without names, any exchange fails that was not checked.",
            names.remedy()
        ))
}

/// The error that no service is called so, with what was probably meant.
fn unknown_service(by: &str, name: &str, meant: Option<&str>, names: &dyn Names) -> Error {
    unknown(by, "service", name, meant, &format!("Of its model: {}.", names.remedy()))
}

/// The error that nothing is called so, with what was probably meant. `by` is the option that says it.
fn unknown(by: &str, what: &str, name: &str, meant: Option<&str>, otherwise: &str) -> Error {
    let remedy = meant.map_or_else(|| otherwise.to_owned(), |meant| format!("Did you mean {meant}?"));
    Error::new(format!("{by}no {what} is called {name:?}")).remedy(remedy)
}

fn unlike(by: &str, what: &str, pattern: &str) -> Error {
    Error::new(format!("{by}no {what} is like {pattern:?}")).remedy("`*` stands for any characters.")
}

/// Whether two names are of one service, as far as the names themselves tell.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || canonical(one) == canonical(other)
}

/// Services that a run is about.
fn services_seen(outcome: &Outcome) -> BTreeSet<String> {
    let found = outcome.findings.iter().filter_map(|finding| finding.service.clone());
    let judged = outcome.scope.operations().map(|(_, service, ..)| service.to_owned());
    let mut seen: BTreeSet<String> = found.chain(judged).chain(outcome.tally.unchecked.keys().cloned()).collect();
    match &outcome.particulars {
        Particulars::Upgrade(upgrade) => seen.extend(upgrade.services.iter().cloned()),
        Particulars::History(history) => drop(seen.insert(history.service.clone())),
        _ => {}
    }
    seen
}

/// Operations that a run is about.
fn operations_seen(outcome: &Outcome) -> BTreeSet<String> {
    let found =
        outcome.findings.iter().flat_map(|finding| finding.operation.iter().chain(&finding.operations)).cloned();
    let judged = outcome.scope.operations().map(|(_, _, operation, _)| operation.to_owned());
    found.chain(judged).collect()
}
