//! GitLab's code quality report: a list of issues, each with a fingerprint of its own.

use std::io::{self, Write};

use serde::Serialize;

use super::document::{Document, Reason, called};
use super::in_file::InFile;
use super::{LENGTH, Report, Style};
use crate::finding::Severity;
use crate::gate::{APPROVALS, Verdict};
use crate::text::{Escaping, shortened, visible};

pub(super) struct Gitlab;

impl Report for Gitlab {
    fn id(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab's code quality report, in JSON"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let out = &mut Escaping(out);
        let document = Document::of(verdict);
        let mut in_file = InFile::default();
        let mut issues: Vec<Issue> =
            document.reasons.iter().map(|reason| Issue::of_run(reason, style, &mut in_file)).collect();
        issues.extend(document.findings.iter().map(|finding| {
            let (path, position) = document.place(finding, &style.base);
            let called = called(finding);
            let from = finding.comes_from.as_ref().map(|difference| format!("; it comes from {difference}"));
            let about = if called.is_empty() { String::new() } else { format!(" ({called})") };
            let about = about + &from.unwrap_or_default();
            Issue {
                description: shortened(&visible(&format!("{}{about}", document.message(finding))), LENGTH).into_owned(),
                check_name: finding.rule.id,
                fingerprint: in_file.identity(finding.fingerprint.as_str(), &path),
                severity: severity(finding.level),
                location: Location {
                    path: visible(&path),
                    lines: Lines { begin: position.map_or(1, |(line, _)| line) },
                },
            }
        }));
        serde_json::to_writer_pretty(&mut *out, &issues)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

impl Issue {
    /// What fails the run and is about no file stands where findings without one do.
    fn of_run(reason: &Reason, style: &Style, in_file: &mut InFile) -> Self {
        let path = style.base.path(APPROVALS);
        Self {
            description: shortened(&visible(&reason.text), LENGTH).into_owned(),
            check_name: reason.id,
            fingerprint: in_file.identity(reason.id, &path),
            severity: severity(Severity::Error),
            location: Location { path: visible(&path), lines: Lines { begin: 1 } },
        }
    }
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// A level in GitLab's words.
fn severity(level: Severity) -> &'static str {
    match level {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::tests::{HOSTILE, check, gate, gate_of_releases, judged, snapshot, unknown_members, written};
    use super::*;

    #[test]
    fn every_finding_is_an_issue_with_a_fingerprint_of_its_own() {
        for outcome in [check(), gate(), gate_of_releases(), snapshot()] {
            let verdict = judged(outcome, "");
            let issues: Vec<Value> = serde_json::from_str(&written(&Gitlab, &verdict)).expect("JSON");
            assert_eq!(issues.len(), Document::of(&verdict).findings.len());
            let prints: BTreeSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
            assert_eq!(prints.len(), issues.len());
            for issue in &issues {
                let path = issue["location"]["path"].as_str().expect("a path");
                assert!(!path.is_empty() && !path.starts_with('/') && issue["location"]["lines"]["begin"].is_u64());
                assert!(["major", "minor", "info"].contains(&issue["severity"].as_str().expect("a text")));
            }
        }
    }

    #[test]
    fn what_is_approved_is_no_issue() {
        let line = r#""*:cleanrooms:*:*:*" = { reason = "x" }"#;
        let line = line.replacen('*', "unknown-member", 1) + "\n" + &line.replacen('*', "missing-member", 1);
        assert_eq!(written(&Gitlab, &judged(unknown_members(&["a"]), &line)), "[]\n");
    }

    #[test]
    fn names_in_traffic_are_text() {
        let text = written(&Gitlab, &judged(unknown_members(&[HOSTILE]), ""));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']) && !text.contains("\\n"), "{text}");
    }
}
