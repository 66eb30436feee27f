//! From what is written to values: paths from the file's folder, names as the rest of shapegate has them, and what cannot
//! be meant is an error.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::file::{self, File};
use super::misplaced::misplaced;
use super::{Config, Model, Set};
use crate::check::ServiceOfPaths;
use crate::error::Result;
use crate::finding::{Area, Profile, Rule, Severity};
use crate::gate::{Edition, Least, Level, Override};
use crate::ingest::installed::INSTALLED;
use crate::ingest::names::canonical;
use crate::ingest::pinned;
use crate::limits::{Limit, Limits};
use crate::mistake::{Text, suggestion};
use crate::model::Direction;
use crate::outcome::Measure;
use crate::paths::{Paths, folder_of};
use crate::rules;
use crate::text::{AMONG_FEW, is_like, nearest};

/// The values of a file.
pub(super) fn config(text: &Text<'_>) -> Result<Config> {
    let unread = |error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        misplaced(text, at).unwrap_or_else(|| text.unread(&error, None))
    };
    let file: File = toml::from_str(text.text).map_err(unread)?;
    let reader = Reader { text, folder: folder_of(text.path) };
    let excluded = reader.paths(&file.exclude)?;
    let mut overrides = Vec::new();
    for (rule, level) in file.rules {
        overrides.push(reader.of_rule(rule, &level)?);
    }
    for one in file.overrides {
        overrides.push(reader.of_override(&one)?);
    }
    Ok(Config {
        file: Some(text.path.to_owned()),
        recordings: file.recordings.into_iter().map(|path| reader.path(path)).collect::<Result<_>>()?,
        contracts: file.contracts.into_iter().map(|name| text.set(name)).collect(),
        models: file.models.into_iter().map(|model| reader.model(model)).collect::<Result<_>>()?,
        wheels: file.wheels.into_iter().map(|path| reader.path(path)).collect::<Result<_>>()?,
        installed_models: file.installed_models.map(|own| text.set(own)),
        services: file.services.into_iter().map(|one| reader.service(one)).collect::<Result<_>>()?,
        exclude: file.exclude.into_iter().map(|glob| text.set(glob)).collect(),
        excluded,
        gitignore: file.gitignore.map(|own| text.set(own)),
        expectations: file.expectations.into_iter().map(|path| reader.path(path)).collect::<Result<_>>()?,
        errata: file.errata.into_iter().map(|path| reader.path(path)).collect::<Result<_>>()?,
        shipped_errata: file.shipped_errata.map(|own| text.set(own)),
        approvals: file.approvals.map(|path| reader.path(path)).transpose()?,
        fail_on: file.fail_on.map(|own| mapped(text.set(own), fail_on)),
        fail_on_stale: file.fail_on_stale.map(|own| text.set(own)),
        max_findings: file.max_findings.map(|own| text.set(own)),
        fail_on_unchecked: file.fail_on_unchecked.map(|own| mapped(text.set(own), unchecked)),
        profile: file.profile.map(|own| mapped(text.set(own), profile)),
        redacts_strictly: file.redact.map(|own| mapped(text.set(own), |how| how == file::Redact::Strict)),
        edition: file.edition.map(|own| reader.edition(own)).transpose()?,
        coverage: file.coverage.into_iter().map(|(name, least)| reader.least(name, &least)).collect::<Result<_>>()?,
        limits: file.limits.into_iter().map(|(name, value)| reader.limit(name, &value)).collect::<Result<_>>()?,
        overrides,
    })
}

/// Reads parts of a file.
struct Reader<'t> {
    text: &'t Text<'t>,
    /// The folder that paths are seen from, from the root and with its links resolved.
    folder: PathBuf,
}

impl Reader<'_> {
    fn model(&self, model: file::Model) -> Result<Set<Model>> {
        let pin = model.pin.map(|pin| self.text.set(pin));
        // What is installed, or a release, has no path, unless something here is called so.
        let name = model.source.get_ref();
        let is_no_path = (name == INSTALLED || !matches!(pinned::named(name), Ok(None))) && !self.below(name).exists();
        let source =
            if is_no_path { mapped(self.text.set(model.source), PathBuf::from) } else { self.path(model.source)? };
        Ok(mapped(source, |source| Model { source, pin }))
    }

    fn service(&self, one: file::Service) -> Result<Set<ServiceOfPaths>> {
        let Some(paths) = self.paths(&one.paths)? else {
            return Err(self.text.error(&one.service, "`paths` is empty, so that no recording is meant"));
        };
        Ok(mapped(self.text.set(one.service), |service| ServiceOfPaths { service: canonical(&service), paths }))
    }

    /// A path, seen from where the command runs.
    fn path(&self, path: Spanned<String>) -> Result<Set<PathBuf>> {
        if path.get_ref().is_empty() {
            return Err(self.text.error(&path, "an empty path"));
        }
        Ok(mapped(self.text.set(path), |path| self.below(&path)))
    }

    fn below(&self, path: &str) -> PathBuf {
        self.text.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// Globs; `None` where there are none.
    fn paths(&self, globs: &[Spanned<String>]) -> Result<Option<Paths>> {
        for glob in globs {
            Paths::parse(&[glob.get_ref().clone()], &self.folder)
                .map_err(|error| self.text.error(glob, error.cause()))?;
        }
        let all: Vec<String> = globs.iter().map(|glob| glob.get_ref().clone()).collect();
        if all.is_empty() { Ok(None) } else { Paths::parse(&all, &self.folder).map(Some) }
    }

    fn edition(&self, text: Spanned<String>) -> Result<Set<Edition>> {
        let newest = Edition::newest();
        let Some(edition) = Edition::parse(text.get_ref()) else {
            let cause = format!("{:?} is not a version of shapegate", text.get_ref());
            return Err(self.text.error(&text, cause).remedy(format!("This is {newest}.")));
        };
        if edition > newest {
            let cause = format!("the edition {edition} is newer than this shapegate, which is {newest}");
            return Err(self.text.error(&text, cause).remedy("Install that version, or lower the edition."));
        }
        let oldest = Edition::oldest();
        if edition < oldest {
            let cause = format!("the edition {edition} is older than every release of shapegate");
            let range = if oldest == newest {
                format!("There is {oldest}.")
            } else {
                format!("There are {oldest} to {newest}.")
            };
            return Err(self.text.error(&text, cause).remedy(range));
        }
        Ok(mapped(self.text.set(text), |_| edition))
    }

    /// A line of `[limits]`.
    fn limit(&self, name: Spanned<String>, value: &Spanned<u64>) -> Result<Set<(Limit, u64)>> {
        let Some(limit) = Limit::ALL.into_iter().find(|limit| limit.name() == name.get_ref()) else {
            if let Some(error) = misplaced(self.text, name.span().start) {
                return Err(error);
            }
            let known = Limit::ALL.map(Limit::name);
            let cause = format!("unknown limit {:?}", name.get_ref());
            return Err(self.text.error(&name, cause).remedy(suggestion(name.get_ref(), &known)));
        };
        let value_of = *value.get_ref();
        let tried = Limits::default().set(limit.name(), value_of);
        tried.map_err(|error| self.text.error(value, error.cause()))?;
        Ok(mapped(self.text.set(name), |_| (limit, value_of)))
    }

    /// A line of `[coverage]`.
    fn least(&self, name: Spanned<String>, least: &Spanned<file::Least>) -> Result<Set<(String, String)>> {
        let text = match least.get_ref() {
            file::Least::Count(count) => count.to_string(),
            file::Least::Percent(percent) => percent.clone(),
        };
        text.parse::<Least>().map_err(|error| self.text.error(least, error.cause()))?;
        let measure = name.get_ref().rsplit_once(':').map_or(name.get_ref().as_str(), |(_, measure)| measure);
        if let Err(error) = measure.parse::<Measure>() {
            if let Some(error) = misplaced(self.text, name.span().start) {
                return Err(error);
            }
            let remedy = suggestion(measure, &Measure::ALL.map(Measure::as_str));
            return Err(self.text.error(&name, error.cause()).remedy(remedy));
        }
        Ok(mapped(self.text.set(name), |name| (name, text)))
    }

    /// A line of `[rules]`.
    fn of_rule(&self, rule: Spanned<String>, level: &Spanned<file::Level>) -> Result<Set<Override>> {
        self.of_rules(std::slice::from_ref(&rule), level).map(|made| mapped(self.text.set(rule), |_| made))
    }

    fn of_rules(&self, named: &[Spanned<String>], level: &Spanned<file::Level>) -> Result<Override> {
        let mut ids = Vec::new();
        for name in named {
            ids.push(self.rule_id(name, level)?);
        }
        Ok(Override { rules: ids, ..Override::all(level_of(*level.get_ref())) })
    }

    /// The id of a rule, or a pattern of ids. What says that something was not read cannot be switched off by its name; a
    /// pattern leaves it as it is.
    fn rule_id(&self, name: &Spanned<String>, level: &Spanned<file::Level>) -> Result<String> {
        let id = name.get_ref();
        if id.contains('*') {
            let mut like = rules::all().filter(|rule| is_like(id, rule.id)).peekable();
            if like.peek().is_none() {
                return Err(self
                    .text
                    .error(name, format!("no rule is like {id:?}"))
                    .remedy("`shapegate rules` lists all."));
            }
            return if like.all(|rule| rule.needs_paths) { self.not_to_be_less(id, level) } else { Ok(()) }
                .map(|()| id.clone());
        }
        let Some(rule) = rules::find(id) else {
            if let Some(error) = misplaced(self.text, name.span().start) {
                return Err(error);
            }
            let known: Vec<&str> = rules::all().map(|rule| rule.id).collect();
            let meant = nearest(id, known.into_iter(), AMONG_FEW).map(|meant| format!("Did you mean {meant:?}? "));
            let remedy = meant.unwrap_or_default() + "`shapegate rules` lists all.";
            return Err(self.text.error(name, format!("unknown rule {id:?}")).remedy(remedy));
        };
        if rule.needs_paths {
            self.not_to_be_less(rule.id, level)?;
        }
        Ok(rule.id.to_owned())
    }

    /// Refuses a level below an error.
    fn not_to_be_less(&self, rule: &str, level: &Spanned<file::Level>) -> Result<()> {
        if *level.get_ref() == file::Level::Error {
            return Ok(());
        }
        Err(self.text.error(level, format!("{rule} cannot be switched off or weigh less")).remedy(
            "What cannot be read may hold anything: exclude the file in `exclude`, or approve the finding for its path.",
        ))
    }

    fn of_override(&self, one: &file::Override) -> Result<Set<Override>> {
        let made = self.of_rules(&one.rules, &one.level)?;
        let paths = self.paths(&one.paths)?;
        let rules: Vec<&Rule> = made.rules.iter().filter_map(|id| rules::find(id)).collect();
        let is_of_models = rules.len() == made.rules.len() && rules.iter().all(|rule| rule.area == Area::Upgrade);
        if let (Some(_), true, Some(glob)) = (&paths, is_of_models && !rules.is_empty(), one.paths.first()) {
            return Err(self
                .text
                .error(glob, "a difference between models is in no recording, so `paths` says nothing"));
        }
        let names = |all: &[Spanned<String>], name: fn(&str) -> String| -> Vec<String> {
            all.iter().map(|one| name(one.get_ref())).collect()
        };
        let line = self.text.set(one.level.clone()).line;
        let value = Override {
            services: names(&one.services, |name| if name.contains('*') { name.to_owned() } else { canonical(name) }),
            operations: names(&one.operations, str::to_owned),
            direction: one.direction.map(direction),
            paths,
            ..made
        };
        Ok(Set { value, line })
    }
}

fn mapped<T, U>(set: Set<T>, map: impl FnOnce(T) -> U) -> Set<U> {
    Set { value: map(set.value), line: set.line }
}

fn level_of(level: file::Level) -> Level {
    match level {
        file::Level::Error => Level::At(Severity::Error),
        file::Level::Warning => Level::At(Severity::Warning),
        file::Level::Note => Level::At(Severity::Note),
        file::Level::Off => Level::Off,
    }
}

fn fail_on(least: file::FailOn) -> Option<Severity> {
    match least {
        file::FailOn::Error => Some(Severity::Error),
        file::FailOn::Warning => Some(Severity::Warning),
        file::FailOn::Note => Some(Severity::Note),
        file::FailOn::Never => None,
    }
}

fn unchecked(which: file::Unchecked) -> Option<Vec<String>> {
    match which {
        file::Unchecked::All(all) => all.then(Vec::new),
        file::Unchecked::Of(services) => Some(services).filter(|services| !services.is_empty()),
    }
}

fn profile(profile: file::Profile) -> Profile {
    match profile {
        file::Profile::Dynamic => Profile::Dynamic,
        file::Profile::Typed => Profile::Typed,
        file::Profile::Replay => Profile::Replay,
    }
}

fn direction(half: file::Direction) -> Direction {
    match half {
        file::Direction::Request => Direction::Request,
        file::Direction::Response => Direction::Response,
    }
}
