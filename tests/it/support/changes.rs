//! Differences as each profile judges them, written in one line.

use std::fmt::Write as _;
use std::path::Path;

use shapegate::diff::Difference;
use shapegate::finding::{Finding, Profile, Severity};
use shapegate::ingest::source::Source;
use shapegate::model::Direction;
use shapegate::rules::change::judge;
use shapegate::upgrade::{Models, Options, compare};

/// A difference as each profile judges it.
pub(crate) struct Judged {
    pub(crate) difference: Difference,
    /// In the order of the profiles.
    pub(crate) findings: Vec<Finding>,
}

impl Judged {
    pub(crate) fn of(difference: &Difference) -> Self {
        let findings = Profile::ALL.map(|profile| judge(difference, "thing", profile)).into();
        Self { difference: difference.clone(), findings }
    }

    pub(crate) fn rule(&self) -> &'static str {
        self.findings[0].rule.id
    }

    /// Its weight for each profile.
    pub(crate) fn severities(&self) -> Vec<Severity> {
        self.findings.iter().map(|finding| finding.weight).collect()
    }

    /// Weights, rule, direction, operations, place and identifying values.
    pub(crate) fn line(&self) -> String {
        let Difference { direction, operations, shape, member, .. } = &self.difference;
        let weights: Vec<&str> = self.severities().into_iter().map(weight).collect();
        let direction = direction.map_or("-", Direction::as_str);
        let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        let operations = or_dash(operations.join(","));
        let place: Vec<&str> = shape.iter().chain(member).map(String::as_str).collect();
        let place = or_dash(place.join("."));
        let mut line = format!("{} {} {direction} {operations} {place}", weights.join("/"), self.rule());
        for name in self.findings[0].rule.identity {
            write!(line, " {name}={}", self.findings[0].values[*name]).expect("writing to a String cannot fail");
        }
        line + "\n"
    }
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "breaking",
        Severity::Warning => "risky",
        Severity::Note => "compatible",
    }
}

/// What differs between two sources, by service.
pub(crate) fn by_service(old: &Path, new: &Path, service: Option<&str>) -> Vec<(String, Vec<Judged>)> {
    let open = |path: &Path| {
        let source = Source::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Models::Source(source)
    };
    let services: Vec<String> = service.map(str::to_owned).into_iter().collect();
    let options = Options { services: &services, threads: 2, ..Options::new(Profile::Dynamic) };
    let comparison = compare(&open(old), &open(new), &options);
    let comparison = comparison.unwrap_or_else(|error| panic!("{}: {error}", old.display()));
    let judged = |differences: &[Difference]| differences.iter().map(Judged::of).collect();
    comparison.services.into_iter().map(|one| (one.service, judged(&one.differences))).collect()
}
