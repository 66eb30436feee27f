//! `shapegate config`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;

use super::checking::Checking;
use super::chosen::{By, Chosen};
use super::configuring::Configuring;
use super::contracts::Sources;
use super::gate::profile;
use super::judging::Judging;
use super::print_text;
use super::redact::how;
use crate::config::{Config, SCHEMA, Set};
use crate::error::{Error, Result};
use crate::finding::{Profile, Severity};
use crate::gate::{Edition, Level, Override};
use crate::ingest::embedded;
use crate::limits::Limit;
use crate::output;
use crate::recording::{LeftOut, Omission, omission};

#[derive(Args)]
/// Show the configuration that is in force, and what its keys mean
pub(super) struct ConfigCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    Show(Show),
    /// Print what each key means
    Keys,
    /// Print the JSON Schema of the file, for editors
    Schema,
}

#[derive(Args)]
/// Show each setting and which line, option or default set it
///
/// Options are those of `check` and `gate`, and take the place of what the file says. With paths it also says of each
/// whether it is read, which service it is of, and which overrides are about it.
struct Show {
    /// Recordings, files or folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    checking: Checking,

    #[command(flatten)]
    judging: Judging,

    /// For whom differences are weighed [default: dynamic]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(Profile::ALL.map(Profile::as_str)))]
    profile: Option<String>,
}

impl ConfigCommand {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        match self.command {
            Command::Show(show) => {
                let config = configuring.read()?;
                let lines = show.lines(&config)?;
                print_text(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
            }
            Command::Keys => {
                let schema: Value = serde_json::from_str(SCHEMA).map_err(|error| Error::new(error.to_string()))?;
                print_text(|out| keys(&schema, out))?;
            }
            Command::Schema => print_text(|out| out.write_all(SCHEMA.as_bytes()))?,
        }
        Ok(0)
    }
}

impl Show {
    /// A line for each setting, and for each path what is said of it.
    fn lines(&self, config: &Config) -> Result<Vec<String>> {
        let place = Place(config);
        let Sources { contracts, models, installed } = self.checking.contracts.chosen(config);
        let mut lines = Vec::new();
        let by_default = contracts.is_empty() && models.is_empty();
        let contracts =
            if by_default { vec![Chosen { value: embedded::DEFAULT.to_owned(), by: By::Default }] } else { contracts };
        place.list(&mut lines, "contracts", &contracts, |name| quoted(name));
        place.list(&mut lines, "models", &models, |model| match &model.pin {
            Some(pin) => format!("{}, pin = {}", shown(&model.source), quoted(&pin.value)),
            None => shown(&model.source),
        });
        let wheels = self.checking.contracts.wheels.folders(config);
        place.list(&mut lines, "wheels", &wheels, |path| shown(path));
        place.list(&mut lines, "recordings", &Chosen::list(&[], "", &config.recordings), |path| shown(path));
        place.one(&mut lines, "installed_models", &installed, ToString::to_string);
        place.list(&mut lines, "services", &Chosen::list(&[], "", &config.services), |one| {
            format!("{}, paths = {:?}", quoted(&one.service), one.paths.globs())
        });
        place.list(&mut lines, "exclude", &Chosen::list(&[], "", &config.exclude), |glob| quoted(glob));
        place.one(&mut lines, "gitignore", &self.checking.walking.gitignore(config), ToString::to_string);
        place.list(&mut lines, "expectations", &self.checking.expectations(config), |path| shown(path));
        let correcting = &self.checking.contracts.correcting;
        place.list(&mut lines, "errata", &correcting.files(config), |path| shown(path));
        place.one(&mut lines, "shipped_errata", &correcting.shipped(config), ToString::to_string);
        place.one(&mut lines, "approvals", &self.judging.approvals(config), |path| shown(path));
        place.one(&mut lines, "fail_on", &self.checking.fail_on(config), |least| quoted(level_word(*least, "never")));
        place.one(&mut lines, "fail_on_stale", &self.judging.fail_on_stale(config), ToString::to_string);
        let most = |most: &Option<usize>| most.map_or_else(|| quoted("all"), |most| most.to_string());
        place.one(&mut lines, "max_findings", &self.judging.max_findings(config), most);
        place.one(&mut lines, "fail_on_unchecked", &self.checking.unchecked.chosen(config), |which| match which {
            None => "false".to_owned(),
            Some(services) if services.is_empty() => "true".to_owned(),
            Some(services) => format!("{services:?}"),
        });
        place.one(&mut lines, "profile", &profile(self.profile.as_deref(), config), |own| quoted(own.as_str()));
        place.one(&mut lines, "redact", &how(None, config), |how| quoted(how.as_str()));
        let edition = Chosen::of(None, "", config.edition.as_ref(), Edition::newest());
        place.one(&mut lines, "edition", &edition, |own| quoted(own.to_string()));
        for limit in Limit::ALL {
            let chosen = self.checking.reading.limit(config, limit);
            place.one(&mut lines, &format!("limits.{}", limit.name()), &chosen, ToString::to_string);
        }
        place.list(&mut lines, "coverage", &Chosen::list(&[], "", &config.coverage), |(name, least)| {
            format!("{name} = {least}")
        });
        place.list(&mut lines, "overrides", &Chosen::list(&[], "", &config.overrides), described);
        for path in &self.paths {
            std::fs::symlink_metadata(path).map_err(|error| Error::io(path, error))?;
            lines.push(String::new());
            lines.push(format!("{}:", path.display()));
            self.about(&mut lines, config, path);
        }
        Ok(lines)
    }

    /// What is said of one path.
    fn about(&self, lines: &mut Vec<String>, config: &Config, path: &Path) {
        let place = Place(config);
        let name = path.to_string_lossy();
        lines.push(format!("  read: {}", self.read(config, path)));
        let service =
            match (self.checking.reading.service(), config.services.iter().find(|one| one.value.paths.has(&name))) {
                (Some(service), _) => Some(Chosen { value: service.to_owned(), by: By::Option("--service") }),
                (None, Some(Set { value, line })) => Some(Chosen { value: value.service.clone(), by: By::Line(*line) }),
                (None, None) => None,
            };
        let service = service.map(|one| format!("{}  # {}", quoted(&one.value), place.of(one.by)));
        lines.push(format!("  service: {}", service.unwrap_or_else(|| "what the recording says".to_owned())));
        for Set { value, line } in &config.overrides {
            if value.paths.as_ref().is_none_or(|paths| paths.has(&name)) {
                lines.push(format!("  override: {}  # {}", described(value), place.of(By::Line(*line))));
            }
        }
    }

    /// Whether a path is read where a folder far above it is named.
    fn read(&self, config: &Config, path: &Path) -> String {
        let filter = self.checking.walking.filter(config);
        let Some(LeftOut { reason, read_from }) = omission(path, &filter) else {
            // A glob for all of a folder excludes nothing where that folder is named.
            return if filter.covers(path) { "yes, although excluded by `exclude`: it excludes all" } else { "yes" }
                .to_owned();
        };
        let reason = match reason {
            Omission::Excluded => "excluded by `exclude`",
            reason => reason.as_str(),
        };
        if output::resolved(path).is_ok_and(|path| path == read_from) {
            return format!("only where it is named: {reason}");
        }
        let here = std::env::current_dir().and_then(|here| output::resolved(&here)).unwrap_or_default();
        let folder =
            if read_from == here { Path::new(".") } else { read_from.strip_prefix(&here).unwrap_or(&read_from) };
        format!("only where it or a folder around it, up to {}, is named: {reason}", folder.display())
    }
}

/// Where settings come from, in words.
struct Place<'c>(&'c Config);

impl Place<'_> {
    fn of(&self, by: By) -> String {
        match by {
            By::Default => "default".to_owned(),
            By::Option(name) => name.to_owned(),
            By::Line(line) => {
                let file = self.0.file.as_deref().unwrap_or(Path::new(crate::config::FILE));
                format!("{}:{line}", file.display())
            }
        }
    }

    fn one<T>(&self, lines: &mut Vec<String>, key: &str, chosen: &Chosen<T>, show: impl Fn(&T) -> String) {
        lines.push(format!("{key} = {}  # {}", show(&chosen.value), self.of(chosen.by)));
    }

    /// A line for each item; where there is none, one that says so.
    fn list<T>(&self, lines: &mut Vec<String>, key: &str, all: &[Chosen<T>], show: impl Fn(&T) -> String) {
        if all.is_empty() {
            lines.push(format!("{key} = []  # default"));
        }
        for one in all {
            self.one(lines, key, one, &show);
        }
    }
}

/// An override in one line.
fn described(one: &Override) -> String {
    let mut parts = vec![quoted(match one.level {
        Level::Off => "off",
        Level::At(level) => level.as_str(),
    })];
    for (key, names) in [("rules", &one.rules), ("services", &one.services), ("operations", &one.operations)] {
        if !names.is_empty() {
            parts.push(format!("{key} = {names:?}"));
        }
    }
    parts.extend(one.direction.map(|half| format!("direction = {}", quoted(half.as_str()))));
    parts.extend(one.paths.as_ref().map(|paths| format!("paths = {:?}", paths.globs())));
    parts.join(", ")
}

fn level_word(level: Option<Severity>, none: &'static str) -> &'static str {
    level.map_or(none, Severity::as_str)
}

fn quoted(text: impl AsRef<str>) -> String {
    format!("{:?}", text.as_ref())
}

fn shown(path: &Path) -> String {
    quoted(path.to_string_lossy())
}

/// Writes what a schema says of each key, those of tables within below their table.
fn keys(schema: &Value, out: &mut dyn Write) -> io::Result<()> {
    let of = |schema: &'_ Value| schema["properties"].as_object().cloned().unwrap_or_default();
    for (key, about) in of(schema) {
        write_key(schema, &key, &about, out)?;
        let within = referred(schema, &about["items"]).or_else(|| referred(schema, &about));
        for (inner, about) in within.map(of).unwrap_or_default() {
            write_key(schema, &format!("  {key}.{inner}"), &about, out)?;
        }
    }
    Ok(())
}

/// Writes a key with what it means and which values it has.
fn write_key(schema: &Value, key: &str, about: &Value, out: &mut dyn Write) -> io::Result<()> {
    const WIDTH: usize = 100;
    let mut text = about["description"].as_str().unwrap_or_default().to_owned();
    let named = referred(schema, about).or_else(|| referred(schema, &about["additionalProperties"]));
    let values = named.and_then(|of| of["oneOf"].as_array()).into_iter().flatten();
    let values: Vec<&str> = values.filter_map(|value| value["const"].as_str()).collect();
    if !values.is_empty() {
        text = format!("{text} Values: {}.", values.join(", "));
    }
    writeln!(out, "{key}")?;
    let pad = " ".repeat(key.len() - key.trim_start().len() + 4);
    let mut line = pad.clone();
    for word in text.split_whitespace() {
        if line.len() + word.len() >= WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line.clone_from(&pad);
        }
        line += word;
        line += " ";
    }
    writeln!(out, "{}", line.trim_end())
}

/// The definition that a part of a schema refers to.
fn referred<'s>(schema: &'s Value, part: &Value) -> Option<&'s Value> {
    schema.pointer(part["$ref"].as_str()?.trim_start_matches('#'))
}
