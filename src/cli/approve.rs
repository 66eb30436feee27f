//! `shapegate approve`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use similar::TextDiff;

use super::checking::{Checking, Counted};
use super::configuring::Configuring;
use super::judging::{ABOUT_APPROVALS, approvals, today};
use super::narrowing::Narrowing;
use super::traffic::Traffic;
use super::{FOUND, heard, print_text};
use crate::config::Config;
use crate::contract::Paths;
use crate::error::{Error, Result};
use crate::gate::{Approvals, Day, Draft, Settings, ToApprove, Verdict, judge};
use crate::limits::{self, OUTPUT_BYTES, WRITTEN_BYTES};
use crate::outcome::Outcome;
use crate::output;

/// Version of the reports that are read.
const VERSION: u64 = 2;
/// Jobs whose findings can be approved.
const JOBS: [&str; 4] = ["check", "gate", "snapshot", "history"];

#[derive(Args)]
/// Accept what fails now, for a reason
#[command(after_help = format!("\
Examples:
  shapegate approve traffic/ --reason 'moto leaves it out, TICKET-12'
  shapegate approve traffic/ --reason 'until the next release' --expires 2027-01-31
  shapegate approve traffic/ --only-rule unknown-member --reason 'TICKET-13'
  shapegate gate --from old.whl --to new.whl --report json=report.json
  shapegate approve --report report.json --reason 'no client of ours calls it'
  shapegate approve traffic/ --prune --dry-run

It runs the check that `shapegate check` runs with the same arguments, or takes the report of another job, and writes a \
line for each finding that fails into the file of approvals. What somebody wrote there stays: comments, order, reasons \
of what is accepted already. A line that has expired, or is about other files or fewer findings, is renewed. \
Give --prune all the traffic that shares the file: what only another folder needs looks stale.

{ABOUT_APPROVALS}

Exit codes: 0 the file accepts all that fails, 1 something fails that no approval can accept, 2 the work could not be \
done."))]
pub(super) struct Approve {
    #[command(flatten)]
    traffic: Traffic,

    /// Take what fails from a JSON report of check, gate, snapshot or history (`--report json=FILE`)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "contract", "model", "no_installed_models", "errata", "no_shipped_errata", "no_ignore",
        "recording_format", "service", "operation", "limit", "expectations", "fail_on", "fail_on_unchecked", "threads",
        "only_rule", "only_service", "only_operation"])]
    report: Option<PathBuf>,

    /// Why it is accepted
    #[arg(long, value_name = "TEXT", required_unless_present = "prune")]
    reason: Option<String>,

    /// The last day on which the approvals count, such as 2027-01-31
    #[arg(long, value_name = "DAY", requires = "reason", value_parser = day)]
    expires: Option<Day>,

    /// Remove approvals that are stale; without --reason, do nothing else
    #[arg(long)]
    prune: bool,

    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// The file of approvals, which is made where it is missing [default: shapegate-approvals.toml beside the configuration,
    /// else in the working directory]
    #[arg(long, value_name = "FILE")]
    approvals: Option<PathBuf>,

    #[command(flatten)]
    checking: Checking,

    #[command(flatten)]
    narrowing: Narrowing,
}

/// The day that an argument names.
fn day(text: &str) -> std::result::Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written as in 2027-01-31".to_owned())
}

/// What fails, and what nothing needs any more.
#[derive(Default)]
struct Found {
    to_approve: Vec<ToApprove>,
    stale: Vec<String>,
    /// What was judged and how, where that was here and now.
    outcome: Option<(Outcome, Settings)>,
    /// What else failed that no approval can accept, where a report says so.
    beyond: Option<String>,
}

impl Approve {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.narrowing.check()?;
        let config = configuring.read()?;
        let place = &approvals(self.approvals.as_ref(), &config).value;
        self.refuse_what_makes_no_sense(place)?;
        let old = match limits::read_text(place, WRITTEN_BYTES) {
            Err(error) if error.is_not_found() => String::new(),
            read => read?,
        };
        // A mistake in the file is known before anything is judged.
        let mut draft = Draft::parse(&old, place, today())?;
        let mut found = match &self.report {
            Some(report) => of_report(report)?,
            None => self.check(&config, place, &old)?,
        };
        if self.prune {
            draft.remove(&found.stale);
        }
        if let Some(reason) = &self.reason {
            draft.add(&found.to_approve, reason, self.expires)?;
        }
        let new = if draft.is_changed() { draft.text()? } else { old.clone() };
        let mut left = Vec::new();
        if let (Some((outcome, settings)), Some(_)) = (found.outcome.take(), &self.reason) {
            left = not_approved(&judge(outcome, &settings, &Approvals::parse(&new, place)?, today())?);
        }
        left.extend(found.beyond.clone().filter(|_| self.reason.is_some()));
        if old != new && !self.dry_run {
            output::write_behind_links(place, &new)?;
        }
        heard(print_text(|out| {
            if self.dry_run {
                let name = place.display().to_string();
                write!(
                    out,
                    "{}",
                    TextDiff::from_lines(&old, &new).unified_diff().context_radius(1).header(&name, &name)
                )?;
            }
            writeln!(out, "{}", self.summary(place, &draft, &found))?;
            left.iter().try_for_each(|what| writeln!(out, "not approved: {what}"))
        }))?;
        Ok(if left.is_empty() { 0 } else { FOUND })
    }

    fn refuse_what_makes_no_sense(&self, place: &Path) -> Result<()> {
        if self.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(
                Error::new("--reason is empty").remedy("Say why it is accepted; who reads it later was not there.")
            );
        }
        if let Some(day) = self.expires.filter(|day| *day < today()) {
            return Err(Error::new(format!("{day} is over, so that such an approval would accept nothing"))
                .remedy("--expires is the last day on which it counts."));
        }
        if self.reason.is_none() && !place.exists() {
            // It says what to do where the file is missing.
            Approvals::read(place)?;
        }
        Ok(())
    }

    fn check(&self, config: &Config, place: &Path, approvals: &str) -> Result<Found> {
        let (mut outcome, catalog) =
            self.checking.run(config, &self.traffic.paths(config)?, false, Counted::Nothing, Paths::Both)?;
        // It is judged twice, and no finding is shown.
        for finding in &mut outcome.findings {
            (finding.excerpt, finding.origin) = (None, None);
        }
        let only = self.narrowing.only(catalog, &outcome)?;
        let settings = Settings { only, ..self.checking.settings(config, catalog, &outcome.tally)? };
        let judged = judge(outcome.clone(), &settings, &Approvals::parse(approvals, place)?, today())?;
        let Verdict { mut to_approve, stale, .. } = judged;
        // What cannot be read is judged whatever is asked for, and accepted only where it is.
        to_approve.retain(|one| settings.only.has_named(&one.fingerprint));
        Ok(Found { to_approve, stale, outcome: Some((outcome, settings)), beyond: None })
    }

    /// One line: what became of the file.
    fn summary(&self, place: &Path, draft: &Draft, found: &Found) -> String {
        let Draft { added, renewed, removed, .. } = draft;
        let counts = [(*added, "added"), (*renewed, "renewed"), (*removed, "removed")];
        let mut parts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        if parts.is_empty() {
            parts.push("nothing to change".to_owned());
        }
        let mut line = format!("{}: {}", place.display(), parts.join(", "));
        let known = found.to_approve.len().saturating_sub(added + renewed);
        if self.reason.is_some() && known > 0 {
            let _ = write!(line, "; {known} there already");
        }
        if !self.prune && !found.stale.is_empty() {
            let _ = write!(line, "; {} stale (--prune removes them)", found.stale.len());
        }
        if self.dry_run { format!("dry run: {line}") } else { line }
    }
}

/// What fails for other reasons than findings that can be approved.
fn not_approved(verdict: &Verdict) -> Vec<String> {
    let mut left: Vec<String> = verdict.to_approve.iter().map(|one| one.fingerprint.clone()).collect();
    if !verdict.passed && left.is_empty() {
        let unchecked = verdict.tally.unchecked.iter().map(|(service, count)| format!("{service} ({count})"));
        left.push(format!("exchanges without a contract: {}", unchecked.collect::<Vec<_>>().join(", ")));
    }
    left
}

/// What is read of a report.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    summary: Summary,
    approvals: Open,
}

#[derive(Default, Deserialize)]
struct Summary {
    passed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Open {
    to_approve: Vec<Line>,
    stale: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    fingerprint: String,
    #[serde(default)]
    paths: Vec<String>,
    at_most: Option<usize>,
}

/// What a report says that fails.
fn of_report(path: &Path) -> Result<Found> {
    let text = limits::read_text(path, OUTPUT_BYTES)?;
    let wrong = |cause: String| {
        let remedy = format!("`--report json=FILE` of {} or {} writes one.", JOBS[..3].join(", "), JOBS[3]);
        Error::new(cause).at(path).remedy(remedy)
    };
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| wrong(format!("it is no JSON report: {error}")))?;
    match value["report"].as_u64() {
        Some(VERSION) => {}
        Some(other) => {
            return Err(wrong(format!("it is a report of version {other}, and approve reads version {VERSION}")));
        }
        None => return Err(wrong("it is no JSON report of shapegate".to_owned())),
    }
    match value["job"].as_str() {
        Some(job) if JOBS.contains(&job) => {}
        job => return Err(wrong(format!("a report of {:?} has nothing to approve", job.unwrap_or_default()))),
    }
    let Report { summary, approvals } = serde_json::from_value(value)
        .map_err(|error| wrong(format!("it is no report of version {VERSION}: {error}")))?;
    // Stale approvals fail where that was asked for; what removes them is --prune.
    let is_told = summary.passed || !approvals.to_approve.is_empty() || !approvals.stale.is_empty();
    let beyond =
        (!is_told).then(|| format!("what else {} failed for, such as exchanges without a contract", path.display()));
    let line = |Line { fingerprint, paths, at_most }| ToApprove { fingerprint, paths, at_most, has_line: false };
    Ok(Found {
        to_approve: approvals.to_approve.into_iter().map(line).collect(),
        stale: approvals.stale,
        outcome: None,
        beyond,
    })
}
