//! [`Document`]: a verdict as every format can show it, whatever the job.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use super::facts::{LEGEND, Ratio};
use super::models::judged_by;
use super::order::{in_turn, is_unused};
use super::remarks::{Remark, beyond_models, compared, remarks};
use super::sentence::{WEIGHTS, is_of_program, sentence};
use crate::finding::{Finding, Severity};
use crate::gate::{APPROVALS, Approved, Cause, Reported, Scorecard, Verdict};
use crate::model::Direction;
use crate::outcome::{Card, Covered, Measure, Particulars};
use crate::text::plural;

/// A verdict without what only one job has.
pub(super) struct Document<'v> {
    /// Name of the job, as the command calls it.
    pub(super) job: &'static str,
    /// Whether the run passed.
    pub(super) passed: bool,
    /// One line: what was found, in how much.
    pub(super) headline: String,
    /// Findings that nobody approved, the most severe first, else in the order of the input. An upgrade has the recorded
    /// exchanges that it breaks before its differences, which come as [`in_turn`] says, and all else that it breaks for no
    /// known reason behind them.
    pub(super) findings: Vec<&'v Reported>,
    /// Findings that were approved.
    pub(super) approved: &'v [Approved],
    /// Approvals that accepted findings: fingerprint, reason, number of findings.
    pub(super) accepted: &'v [(String, String, usize)],
    /// Why the run fails beside findings. Forms that show findings alone would be empty for a run that fails.
    pub(super) reasons: Vec<Reason>,
    /// What was compared with what, where the job compares.
    pub(super) compared: Option<Remark>,
    /// The releases of the models that judged traffic.
    pub(super) judged_by: Option<String>,
    /// Numbers beside findings: how services answer, what of contracts is covered.
    pub(super) tables: Vec<Table>,
    /// What else to know: approvals that are stale or expired, what was not checked.
    pub(super) remarks: Vec<Remark>,
    /// What the job leaves open by its nature, for pages that people read.
    pub(super) beyond: Option<&'static str>,
    /// The file that findings without a place of their own are about, where it is one, and perhaps the line.
    subject: Option<(&'v str, Option<usize>)>,
    is_upgrade: bool,
}

impl<'v> Document<'v> {
    pub(super) fn of(verdict: &'v Verdict) -> Self {
        let mut open: Vec<&Reported> = verdict.findings.iter().collect();
        if matches!(verdict.particulars, Particulars::Upgrade(_)) {
            open = in_turn(open, |one| &one.finding, |one| is_unused(one));
        }
        let mut findings: Vec<&Reported> = broken(verdict).chain(open).chain(&verdict.unexplained).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let subject = match &verdict.particulars {
            Particulars::Upgrade(upgrade) => upgrade.to_file.as_ref().map(|(file, line)| (file.as_str(), *line)),
            Particulars::Wire(wire) => Some((wire.snapshot.as_str(), None)),
            _ => None,
        };
        Self {
            job: verdict.particulars.job(),
            passed: verdict.passed,
            headline: sentence(verdict),
            findings,
            approved: &verdict.approved,
            accepted: &verdict.accepted,
            reasons: verdict.causes.iter().filter_map(|cause| Reason::of(*cause, verdict)).collect(),
            compared: compared(&verdict.particulars),
            judged_by: judged_by(verdict),
            tables: [of_scorecard(verdict), of_trend(verdict), of_coverage(verdict)].into_iter().flatten().collect(),
            remarks: remarks(verdict),
            beyond: beyond_models(&verdict.particulars),
            subject,
            is_upgrade: matches!(verdict.particulars, Particulars::Upgrade(_)),
        }
    }

    /// The file that a finding is about, from the repository's root: its own place, else what the job judged. `None` where
    /// neither is a file, such as standard input or a contract within the binary, and where what was judged is outside of the
    /// repository, such as a wheel: nobody who reads the report has it.
    pub(super) fn file(&self, finding: &Finding, base: &Base) -> Option<String> {
        match finding.location.file.as_str() {
            "" => {
                let (file, _) = self.subject?;
                Some(base.path(file)).filter(|path| !Path::new(path).is_absolute())
            }
            "-" => None,
            file => Some(base.path(file)),
        }
    }

    /// Line and column in the file that a finding is about, where they are known.
    pub(super) fn position(&self, finding: &Finding, base: &Base) -> Option<(usize, usize)> {
        self.file(finding, base)?;
        match self.subject {
            Some((_, line)) if finding.location.file.is_empty() => line.map(|line| (line, 1)),
            _ => finding.location.position,
        }
    }

    /// The file that a report names for a finding, from the repository's root, and line and column where it is about one.
    /// What is about no file is placed where a team would accept it, which is a file of the repository: readers take no
    /// finding without, and a name such as `cleanrooms@2023-08-30` would be a file that nobody has.
    pub(super) fn place(&self, finding: &Finding, base: &Base) -> (String, Option<(usize, usize)>) {
        (self.file(finding, base).unwrap_or_else(|| base.path(APPROVALS)), self.position(finding, base))
    }

    /// Whether a finding is a difference between models, which is weighed by what it breaks.
    fn is_difference(&self, finding: &Finding) -> bool {
        self.is_upgrade && finding.deviation.change().is_some()
    }

    /// All that is said beside findings, the headline last.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        let remarks = self.compared.iter().chain(&self.remarks).map(|remark| &*remark.text);
        remarks.chain([&*self.headline])
    }

    /// A finding's level in the words of the headline.
    pub(super) fn level(&self, finding: &Reported) -> &'static str {
        let weight = WEIGHTS.iter().find(|(level, _)| *level == finding.level);
        let weight = weight.filter(|_| self.is_difference(finding));
        weight.map_or(finding.level.as_str(), |(_, word)| *word)
    }

    /// Whether it is a compatible difference, which a page for people counts.
    pub(super) fn is_compatible(&self, finding: &Reported) -> bool {
        self.is_difference(finding) && finding.level == Severity::Note && !finding.fails
    }

    /// What a finding says. What an upgrade breaks is sound traffic, so that the sentence says who rejects it.
    pub(super) fn message(&self, finding: &Finding) -> String {
        let is_broken = self.is_upgrade && finding.deviation.change().is_none() && !finding.is_unread();
        let message = finding.message();
        if is_broken { format!("now rejected: {message}") } else { message }
    }

    /// All findings, those alike together, in the order of the first of each.
    pub(super) fn alike(&self) -> Vec<Alike<'v>> {
        let mut all: Vec<Alike<'_>> = Vec::new();
        let mut known: HashMap<(Severity, &str), usize> = HashMap::new();
        for &first in &self.findings {
            let at = *known.entry((first.level, first.fingerprint.as_str())).or_insert(all.len());
            if at == all.len() {
                all.push(Alike { first, count: 0 });
            }
            all[at].count += 1;
        }
        all
    }
}

/// A table of numbers.
pub(super) struct Table {
    pub(super) title: &'static str,
    pub(super) header: &'static [&'static str],
    /// What a row is about.
    pub(super) noun: &'static str,
    pub(super) rows: Vec<Vec<String>>,
    /// A sentence on what its columns count, where their names are not enough.
    pub(super) legend: Option<&'static str>,
}

/// How each service answers.
fn of_scorecard(verdict: &Verdict) -> Option<Table> {
    let Particulars::Scorecard(_) = verdict.particulars else { return None };
    let card = Scorecard::of(verdict);
    let total = card.total();
    let all = (card.services.len() > 1).then_some(("all", &total));
    let row = |(service, one): (&str, &Card)| {
        let ratio = Ratio { seen: one.conforming, of: one.called };
        let counts =
            [one.called, one.answered, one.conforming, one.failing, one.refused(), one.never_called(), one.operations];
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once(service.to_owned()).chain(counts).chain([ratio.percent()]).collect()
    };
    Some(Table {
        title: "Scorecard",
        header: &[
            "service",
            "called",
            "answered",
            "conforming",
            "failing",
            "refused",
            "never called",
            "in the model",
            "conforming of called",
        ],
        noun: "service",
        rows: card.services.iter().map(|(service, one)| (*service, one)).chain(all).map(row).collect(),
        legend: Some(LEGEND),
    })
}

/// Findings that a table of changes names, of each kind.
const CHANGES: usize = 20;

/// Which findings came and went since an earlier scorecard.
fn of_trend(verdict: &Verdict) -> Option<Table> {
    let trend = Scorecard::trend_of(verdict)?;
    let mut rows = Vec::new();
    for (word, prints) in
        [("new", &trend.new), ("of an operation not called before", &trend.not_called_before), ("fixed", &trend.fixed)]
    {
        rows.extend(prints.iter().take(CHANGES).map(|print| vec![word.to_owned(), format!("`{print}`")]));
        if prints.len() > CHANGES {
            rows.push(vec![word.to_owned(), format!("and {} more", prints.len() - CHANGES)]);
        }
    }
    Some(Table { title: "Changes", header: &["what became of it", "finding"], noun: "change", rows, legend: None })
}

/// What of each contract was touched.
fn of_coverage(verdict: &Verdict) -> Option<Table> {
    let coverage = verdict.coverage.as_ref()?;
    let row = |(service, covered): (&String, &Covered)| {
        let (seen, all) = (covered.seen(), covered.all(false));
        let part = |measure| {
            let ratio = Ratio::of(measure, &seen, &all);
            format!("{} of {} ({})", ratio.seen, ratio.of, ratio.percent())
        };
        std::iter::once(service.clone()).chain(COVERED.map(part)).collect()
    };
    Some(Table {
        title: "Coverage",
        header: &["service", "operations", "input members", "output members", "enum values", "declared errors"],
        noun: "service",
        rows: coverage.services.iter().map(row).collect(),
        legend: None,
    })
}

const COVERED: [Measure; 5] = [Measure::Operations, Measure::Input, Measure::Output, Measure::Values, Measure::Errors];

/// Recorded exchanges that an upgrade breaks, but for those whose finding is among the open ones.
fn broken(verdict: &Verdict) -> impl Iterator<Item = &Reported> {
    let place = |one: &Reported| (one.fingerprint.as_str().to_owned(), one.location.clone(), one.pointer.clone());
    let open: HashSet<_> = verdict.unexplained.iter().map(place).collect();
    verdict.broken.iter().filter(move |one| !open.contains(&place(one)))
}

/// Findings of one level with the same fingerprint.
pub(super) struct Alike<'v> {
    pub(super) first: &'v Reported,
    pub(super) count: usize,
}

/// Why a run fails, where it is no finding.
pub(super) struct Reason {
    /// What it is, as an id among rules.
    pub(super) id: &'static str,
    /// A sentence on it.
    pub(super) text: String,
}

impl Reason {
    fn of(cause: Cause, verdict: &Verdict) -> Option<Self> {
        let (id, text) = match cause {
            Cause::Unchecked => {
                let counts = verdict.tally.unchecked.iter().map(|(service, count)| format!("{service} ({count})"));
                let counts = counts.collect::<Vec<_>>().join(", ");
                let option = if is_of_program(&verdict.tally) { "" } else { "--fail-on-unchecked: " };
                ("unchecked", format!("{option}not checked for want of a contract: {counts}"))
            }
            Cause::Stale => {
                let prints = verdict.stale.join(", ");
                ("stale-approval", format!("--fail-on-stale: these approvals are no longer needed: {prints}"))
            }
            Cause::Coverage => {
                let all: Vec<String> = verdict.shortfalls.iter().map(ToString::to_string).collect();
                ("coverage", format!("too little is covered: {}", all.join("; ")))
            }
            Cause::Undetected | Cause::Differences => (verdict.particulars.job(), sentence(verdict)),
            Cause::Findings(_) | Cause::Broken | Cause::Unread => return None,
        };
        Some(Self { id, text })
    }
}

/// Service, operation and half of the exchange, as far as they are known. A difference may concern several operations.
pub(super) fn called(finding: &Finding) -> String {
    let operation = finding.operation.clone().or_else(|| match &finding.operations[..] {
        [] => None,
        [first] => Some(first.clone()),
        [first, others @ ..] => Some(format!("{first} and {}", plural(others.len(), "more operation"))),
    });
    let half = finding.direction.map(Direction::as_str);
    let parts = [finding.service.as_deref(), operation.as_deref(), half];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where a CI system takes files from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Base {
    /// The repository's root.
    pub root: PathBuf,
    /// The folder that the job ran in, which relative paths are from.
    pub folder: PathBuf,
}

impl Base {
    /// A file's path from the root, with forward slashes; absolute where it is outside.
    pub(super) fn path(&self, file: &str) -> String {
        let whole = normal(&self.folder.join(file));
        let path = whole.strip_prefix(normal(&self.root)).map_or(whole.as_path(), |below| below);
        path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// A path without `.` and, where that can be told from the path alone, `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_from_the_repository() {
        let base = Base { root: "/work/repository".into(), folder: "/work/repository/crates/a".into() };
        for (file, expected) in [
            ("tests/a.json", "crates/a/tests/a.json"),
            ("./tests/a.json", "crates/a/tests/a.json"),
            ("../b/a.json", "crates/b/a.json"),
            ("/work/repository/a.json", "a.json"),
            ("/elsewhere/a.json", "/elsewhere/a.json"),
        ] {
            assert_eq!(base.path(file), expected, "{file}");
        }
        assert_eq!(Base::default().path("a/b.json"), "a/b.json");
    }
}
