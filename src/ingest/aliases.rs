//! The names by which users may call the services of a source.
//!
//! A service has one canonical name. Its model's file or folder, its service id and its service shape name it as well,
//! and so people type those.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::Identity;
use super::names::{canonical, hyphenated};
use crate::error::{Error, ErrorKind, Result};
use crate::text::{AMONG_MANY, nearest};

/// The names that a model gives its service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// The service id of SDKs, such as `API Gateway`.
    pub service_id: Option<String>,
    /// The name of a Smithy model's service shape, such as `BackplaneControlService`.
    pub shape: Option<String>,
    /// The API version of the model.
    pub api_version: Option<String>,
    /// What names it in traffic, where that was read along.
    pub identity: Option<Identity>,
}

impl Stated {
    /// The canonical name, or the `own` name of the file or folder where the model states no service id.
    pub(super) fn name(&self, own: Option<&str>) -> Option<String> {
        self.service_id.as_deref().map(canonical).or_else(|| own.map(str::to_owned))
    }
}

/// Canonical names of services, and other names that lead to them in any case of letters.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    services: BTreeSet<String>,
    /// Service by other name, in lower case.
    others: BTreeMap<String, String>,
    /// Services whose service id another service of the same source has, too.
    twins: BTreeSet<String>,
}

impl Aliases {
    /// The service that a user means by a name; `None` where none is called so.
    pub fn called(&self, name: &str) -> Option<&str> {
        let known = |name: &str| self.services.get(name).map(String::as_str);
        known(name).or_else(|| {
            let lower = name.to_lowercase();
            let other = || self.others.get(&lower).map(String::as_str);
            // A service id may be written with or without the spaces between its words.
            let without = || lower.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>();
            known(&lower).or_else(other).or_else(|| known(&canonical(name))).or_else(|| known(&without()))
        })
    }

    /// The service that a user means by a name.
    ///
    /// # Errors
    /// None is called so; the error lists those that are there, or those that are called similarly.
    pub fn meant(&self, name: &str) -> Result<&str> {
        self.called(name).ok_or_else(|| {
            let own = canonical(name);
            let similar: Vec<&str> = self.names().filter(|service| service.contains(&own)).collect();
            let error = Error::new(format!("no service {name:?} in the source")).kinded(ErrorKind::Unknown);
            if let Some(meant) = nearest(name, self.names(), AMONG_MANY).filter(|_| similar.is_empty()) {
                return error.remedy(format!("Did you mean {meant}?"));
            }
            let names = if similar.is_empty() { self.names().collect() } else { similar };
            if names.is_empty() { error } else { error.remedy(format!("There is {}.", listed(&names))) }
        })
    }

    /// Canonical names of all services, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(String::as_str)
    }

    /// Whether a service keeps the name of its folder or file because another one has its service id and canonical name.
    pub fn is_twin(&self, service: &str) -> bool {
        self.twins.contains(service)
    }

    /// Adds a service by its name alone.
    pub fn add(&mut self, service: &str) {
        self.services.insert(service.to_owned());
    }

    /// Adds the names of another source. What was added first keeps its meaning.
    pub fn add_all(&mut self, other: &Self) {
        self.twins.extend(other.twins.difference(&self.services).cloned());
        self.services.extend(other.services.iter().cloned());
        for (name, service) in &other.others {
            self.others.entry(name.clone()).or_insert_with(|| service.clone());
        }
    }

    /// The names of a source's only service; `own` are those of its file and folder.
    pub(super) fn of_one(service: &str, stated: &Stated, own: impl IntoIterator<Item = String>) -> Self {
        let mut aliases = Self::default();
        aliases.add(service);
        own.into_iter().for_each(|own| aliases.add_other(service, &own));
        aliases.add_stated(service, stated);
        aliases
    }

    fn add_stated(&mut self, service: &str, stated: &Stated) {
        for name in stated.service_id.iter().chain(&stated.shape) {
            self.add_other(service, name);
            self.add_other(service, &hyphenated(name));
        }
    }

    fn add_other(&mut self, service: &str, name: &str) {
        self.others.entry(name.to_lowercase()).or_insert_with(|| service.to_owned());
    }
}

/// Names of services as a sentence has them: the first few of many.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 10;
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}

/// Names the models of a source, which come by the names of their folders or files: canonical where a model states its
/// service id. Of several with one id, the one that is called so already is the service, else the newest; the others keep
/// their own names.
pub(super) fn settle<P: Sync>(models: BTreeMap<String, P>, stated: impl Fn(&P) -> Stated + Sync) -> Settled<P> {
    let read: Vec<Stated> = models.par_iter().map(|(_, place)| stated(place)).collect();
    let mut by_name: BTreeMap<String, Vec<Model<P>>> = BTreeMap::new();
    for ((own, place), stated) in models.into_iter().zip(read) {
        let name = stated.name(Some(&own)).unwrap_or_else(|| own.clone());
        by_name.entry(name).or_default().push(Model { own, place, stated });
    }
    let mut settled: BTreeMap<String, Model<P>> = BTreeMap::new();
    let mut twins = Vec::new();
    for (name, mut models) in by_name {
        models.sort_by_key(|model| (model.own == name, model.stated.api_version.clone()));
        twins.extend(models.drain(..models.len() - 1));
        settled.extend(models.pop().map(|model| (name, model)));
    }
    let mut aliases = Aliases::default();
    for twin in twins {
        let numbered = (2..).map(|number| format!("{}-{number}", twin.own));
        let mut names = std::iter::once(twin.own.clone()).chain(numbered);
        let name = names.find(|name| !settled.contains_key(name)).expect("there are more numbers than services");
        aliases.twins.insert(name.clone());
        settled.insert(name, twin);
    }
    aliases.fill(&settled);
    let (mut places, mut identities) = (BTreeMap::new(), BTreeMap::new());
    for (name, model) in settled {
        identities.extend(model.stated.identity.map(|identity| (name.clone(), identity)));
        places.insert(name, model.place);
    }
    Settled { places, aliases, identities }
}

/// The models of a source by the names of their services.
pub(super) struct Settled<P> {
    pub(super) places: BTreeMap<String, P>,
    pub(super) aliases: Aliases,
    /// What names the services in traffic, of those whose models say it at their beginning.
    pub(super) identities: BTreeMap<String, Identity>,
}

struct Model<P> {
    /// The name of its folder or file.
    own: String,
    place: P,
    stated: Stated,
}

impl Aliases {
    /// Adds all names of a source. A twin is called by none that the other has.
    fn fill<P>(&mut self, settled: &BTreeMap<String, Model<P>>) {
        for (name, model) in settled {
            self.add(name);
            self.add_other(name, &model.own);
        }
        for (name, model) in settled {
            if !self.is_twin(name) {
                self.add_stated(name, &model.stated);
            }
        }
    }
}
