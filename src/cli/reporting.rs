//! `--report`, which means the same for every job: forms and where they go.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstream::{AutoStream, ColorChoice};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::{FOUND, heard, print, print_text, progress};
use crate::check::is_recording;
use crate::config;
use crate::error::{Error, Result};
use crate::gate::{APPROVALS, Verdict};
use crate::output;
use crate::report::{self, Base, Detail, Report, Style};

#[derive(Args)]
#[command(next_help_heading = "Report")]
pub(super) struct Reporting {
    /// How to report, and where: FORMAT prints, FORMAT=FILE writes a file; may be repeated
    ///
    /// Without one that prints, text is printed beside the files. --help lists the formats
    #[arg(long, value_name = "FORMAT[=FILE]", long_help = about_formats(report::FORMATS.iter().copied()))]
    report: Vec<Target>,

    /// The same as one --report without a file
    #[arg(long, value_name = "FORMAT",
        value_parser = PossibleValuesParser::new(report::FORMATS.iter().map(|f| f.id())))]
    format: Option<String>,

    /// List what is only counted otherwise, and say where models come from
    #[arg(long, short)]
    pub(super) verbose: bool,

    /// Print the verdict alone
    ///
    /// On stderr is only what is wrong: no progress, and not where settings and models come from
    #[arg(long, short, conflicts_with_all = ["verbose", "statistics"])]
    pub(super) quiet: bool,

    /// Count findings by rule as well
    #[arg(long)]
    statistics: bool,

    /// Print in colours
    ///
    /// `auto`: on a terminal, and as `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR_FORCE` say
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: When,
}

/// When to print in colours.
#[derive(Clone, Copy, Default, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl When {
    /// Makes it so for all that is printed.
    fn apply(self) {
        let is_forced = || std::env::var_os("FORCE_COLOR").is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => ColorChoice::Always.write_global(),
            Self::Never => ColorChoice::Never.write_global(),
            // The others are known to what prints.
            Self::Auto if is_forced() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) => {
                ColorChoice::Always.write_global();
            }
            Self::Auto => {}
        }
    }
}

/// Jobs that list findings, each of its rule.
pub(super) const COUNTED: [&str; 3] = ["check", "gate", "snapshot"];

/// A form of report and where it goes.
#[derive(Clone)]
pub(super) struct Target {
    form: &'static dyn Report,
    file: Option<PathBuf>,
}

/// How to report in some formats.
pub(super) fn about_formats(forms: impl Iterator<Item = &'static dyn Report>) -> String {
    let mut text = String::from(
        "How to report, and where: FORMAT prints, FORMAT=FILE writes a file; may be repeated. Without one that prints, \
         text is printed beside the files. Formats:\n",
    );
    for form in forms {
        let _ = writeln!(text, "  {:12} {}", form.id(), form.about());
    }
    text
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        Self::parse(text, &[])
    }
}

impl Target {
    /// Reads a target of a command that does one of these jobs, or of any where there are none.
    pub(super) fn parse(text: &str, jobs: &[&str]) -> std::result::Result<Self, String> {
        let (id, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file behind `=`".to_owned()),
            Some((id, file)) => (id, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let form = report::find(id).ok_or_else(|| {
            let is_taken = |form: &&&dyn Report| jobs.is_empty() || jobs.iter().any(|job| form.shows(job));
            let all: Vec<&str> = report::FORMATS.iter().filter(is_taken).map(|form| form.id()).collect();
            format!("no report format {id:?}; there are {}", all.join(", "))
        })?;
        Ok(Self { form, file })
    }
}

impl Reporting {
    /// Whether a report was asked for.
    pub(super) fn is_asked(&self) -> bool {
        !self.report.is_empty() || self.format.is_some()
    }

    /// Shows nothing from now on but what is wrong, where that is asked for.
    pub(super) fn hush(&self) {
        if self.quiet {
            progress::silence();
        }
    }

    /// Refuses what cannot be reported, before any work is done.
    pub(super) fn check(&self, job: &str) -> Result<()> {
        self.hush();
        if self.statistics && !COUNTED.contains(&job) {
            return Err(Error::new(format!("--statistics counts findings by rule, and `{job}` lists none"))
                .remedy(format!("{} count them.", COUNTED.map(|job| format!("`{job}`")).join(", "))));
        }
        let targets = self.targets()?;
        let mut files: Vec<_> =
            targets.iter().filter_map(|target| output::resolved(target.file.as_deref()?).ok()).collect();
        files.sort();
        let twice = files.iter().zip(files.iter().skip(1)).find(|(one, next)| one == next);
        if let Some((file, _)) = twice {
            return Err(Error::new("two reports for one file").at(file).remedy("Give each a file of its own."));
        }
        for Target { form, file } in targets {
            if let Some(file) = &file {
                refuse_inputs(file, &format!("the report {}", form.id()))?;
            }
            if !form.shows(job) {
                let able: Vec<&str> = report::FORMATS.iter().filter(|one| one.shows(job)).map(|one| one.id()).collect();
                return Err(Error::new(format!("the format {:?} cannot show what `{job}` finds", form.id()))
                    .remedy(format!("There are {}.", able.join(", "))));
            }
            let folder = file.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let told = format!("there is no such folder for the report {}", form.id());
                return Err(Error::new(told).at(folder));
            }
        }
        Ok(())
    }

    /// Refuses reports in place of one of these files, which were read.
    pub(super) fn keep(&self, read: &[PathBuf]) -> Result<()> {
        let files = self.report.iter().filter_map(|target| target.file.as_deref());
        match files.into_iter().find(|file| read.iter().any(|read| output::is_same(read, file))) {
            Some(file) => {
                Err(Error::new("the report would replace what it is made of").at(file).remedy("Name another file."))
            }
            None => Ok(()),
        }
    }

    /// Reports a verdict in every form that was asked for, and says the exit code. [`check`](Self::check) has refused before
    /// what cannot be shown. A file that cannot be written does not keep the others from it.
    pub(super) fn finish(&self, verdict: &Verdict) -> Result<u8> {
        self.color.apply();
        let (targets, style) = (self.targets()?, self.style());
        let (files, printed): (Vec<&Target>, Vec<&Target>) = targets.iter().partition(|target| target.file.is_some());
        let mut done: Vec<Result<()>> = files.iter().map(|target| target.write(verdict, &style)).collect();
        // Two targets of one form have one page.
        let pages: BTreeSet<String> = targets.iter().filter_map(|target| target.form.page(verdict, &style)).collect();
        let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
        for (page, path) in pages.iter().filter_map(|page| Some((page, summary.as_ref()?))) {
            done.push(output::append(Path::new(path), page));
        }
        // A pass is a whole run's: where a file is missing it is not announced.
        if !verdict.passed || done.iter().all(Result::is_ok) {
            done.extend(printed.iter().map(|target| target.write(verdict, &style)));
        }
        done.into_iter().collect::<Result<Vec<()>>>()?;
        Ok(if verdict.passed { 0 } else { FOUND })
    }

    fn targets(&self) -> Result<Vec<Target>> {
        let named = |id: &str| report::find(id).map(|form| Target { form, file: None });
        let mut targets = self.report.clone();
        targets.extend(self.format.as_deref().and_then(named));
        match targets.iter().filter(|target| target.file.is_none()).count() {
            0 => targets.extend(named("text")),
            1 => {}
            _ => {
                return Err(Error::new("several reports for standard output")
                    .remedy("Give all but one a file: --report json=report.json."));
            }
        }
        Ok(targets)
    }

    fn style(&self) -> Style {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Verdict,
            (_, true) => Detail::All,
            _ => Detail::Usual,
        };
        Style::default().color(colors()).detail(detail).statistics(self.statistics).base(base())
    }
}

impl Target {
    fn write(&self, verdict: &Verdict, style: &Style) -> Result<()> {
        let write = |style: Style| move |out: &mut dyn Write| self.form.write(verdict, &style, out);
        match &self.file {
            Some(path) => {
                let written = output::write_with(path, write(style.clone().color(false)));
                written.map_err(|error| error.about(&format!("the report {}", self.form.id())))
            }
            None if self.form.is_for_people() => heard(print_text(write(style.clone()))),
            None => heard(print(write(style.clone()))),
        }
    }
}

/// Refuses to write where something lies that runs read and people keep: a recording, a configuration or approvals.
///
/// # Errors
/// It is one.
pub(super) fn refuse_inputs(path: &Path, what: &str) -> Result<()> {
    let kind = match (is_of_settings(path), is_recording(path)) {
        (true, _) => "a file of settings",
        (_, true) => "a recording",
        _ => return Ok(()),
    };
    Err(Error::new(format!("{what} would replace {kind}")).at(path).remedy("Name another file."))
}

/// Whether a file that is there has one of our names, or holds approvals under another one.
fn is_of_settings(path: &Path) -> bool {
    let is_named = path.file_name().is_some_and(|name| name == config::FILE || name == APPROVALS);
    let holds_approvals = || {
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        is_toml
            && std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("[approvals")))
    };
    path.is_file() && (is_named || holds_approvals())
}

/// Whether stdout takes colours. `anstream` strips them where it does not; asking first keeps widths right.
fn colors() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// The repository's root above the working directory; the directory itself where there is none.
fn base() -> Base {
    let folder = std::env::current_dir().unwrap_or_default();
    let root = folder.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&folder).to_owned();
    Base { root, folder }
}
