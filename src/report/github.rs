//! Annotations for GitHub Actions, as workflow commands, and a page for the step's summary.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::document::{Alike, Document, called};
use super::{LENGTH, Report, Style, markdown};
use crate::finding::Severity;
use crate::gate::Verdict;
use crate::text::{plural, shortened, visible};

pub(super) struct Github;

/// Annotations of one kind that GitHub shows of a step; it drops the rest without a word.
const SHOWN: usize = 10;
/// Bytes of the table of findings on a page. GitHub shows nothing of a step whose pages have more than 1 MiB together.
const ROOM: usize = 100_000;

impl Report for Github {
    fn id(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations for GitHub Actions, and a page where GITHUB_STEP_SUMMARY is set"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::of(verdict);
        let all = document.alike();
        let mut omitted = 0;
        for reason in &document.reasons {
            let text = shortened(&reason.text, LENGTH);
            writeln!(out, "::error title={}::{}", property(reason.id), data(&text))?;
        }
        let room = |level| if level == Severity::Error { SHOWN - document.reasons.len().min(SHOWN) } else { SHOWN };
        // One notice is kept for what is left out; it is needed where another kind has more than is shown, too.
        let is_cut =
            Severity::ALL.iter().any(|level| all.iter().filter(|one| one.first.level == *level).count() > room(*level));
        for level in Severity::ALL {
            let room = if level == Severity::Note && is_cut { SHOWN - 1 } else { room(level) };
            let mut own = all.iter().filter(|one| one.first.level == level);
            for one in own.by_ref().take(room) {
                writeln!(out, "{}", annotation(one, &document, style))?;
            }
            omitted += own.map(|one| one.count).sum::<usize>();
        }
        if omitted > 0 {
            let more = plural(omitted, "more finding");
            writeln!(out, "::notice title=shapegate::{more}: GitHub shows no more than {SHOWN} annotations of a kind")?;
        }
        for line in document.lines() {
            writeln!(out, "{}", plain(line))?;
        }
        Ok(())
    }

    fn page(&self, verdict: &Verdict, style: &Style) -> Option<String> {
        Some(markdown::page(&Document::of(verdict), style, ROOM))
    }
}

/// A workflow command.
fn annotation(one: &Alike<'_>, document: &Document<'_>, style: &Style) -> String {
    let command = match one.first.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut text = format!("::{command} ");
    if let Some(file) = document.file(one.first, &style.base) {
        let _ = write!(text, "file={},", property(&file));
        if let Some((line, column)) = document.position(one.first, &style.base) {
            let _ = write!(text, "line={line},col={column},");
        }
    }
    let mut message = document.message(one.first);
    let about = [called(one.first), one.first.pointer.clone()];
    let about: Vec<&str> = about.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if !about.is_empty() {
        let _ = write!(message, " ({})", about.join(", "));
    }
    let more = match one.count {
        1 => String::new(),
        many => format!(", and {} more", many - 1),
    };
    let _ = write!(text, "title={}::{}{more}", property(one.first.rule.id), data(&shortened(&message, LENGTH)));
    text
}

/// The message of a command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line that is no command: runners look for the older form, `##[command]`, anywhere in a line.
fn plain(text: &str) -> String {
    visible(text).replace("##[", "## [")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{HOSTILE, check, gate, gate_of_releases, judged, snapshot, unknown_members, written};
    use super::*;
    use crate::finding::Finding;

    fn lines(verdict: &Verdict) -> Vec<String> {
        written(&Github, verdict).lines().map(str::to_owned).collect()
    }

    /// How many findings a line is about.
    fn about(line: &str) -> usize {
        let more = line.rsplit_once(", and ").and_then(|(_, more)| more.strip_suffix(" more"));
        more.map_or(1, |more| more.parse::<usize>().expect("a number") + 1)
    }

    #[test]
    fn an_annotation_says_where_and_what() {
        let lines = lines(&judged(check(), ""));
        let expected = "::error file=fixtures/faulty/cleanrooms/exchanges/error-string-for-double.ndjson,line=1,col=544,\
                        title=wrong-type::`quotaValue` of ServiceQuotaExceededException should be a double and is a string \
                        (cleanrooms StartProtectedQuery response, /quotaValue)";
        assert!(lines.iter().any(|line| line == expected), "{lines:#?}");
    }

    #[test]
    fn ten_of_a_kind_are_shown_and_the_rest_counted() {
        let mut notes = check();
        notes.findings.iter_mut().for_each(|finding| finding.weight = Severity::Note);
        for outcome in [check(), gate(), gate_of_releases(), snapshot(), notes] {
            let verdict = judged(outcome, "");
            let lines = lines(&verdict);
            let of = |command: &str| lines.iter().filter(|line| line.starts_with(command)).collect::<Vec<_>>();
            let commands = ["::error ", "::warning ", "::notice "].map(of);
            assert!(commands.iter().all(|own| own.len() <= SHOWN), "{lines:#?}");
            let is_rest = |line: &&&String| line.contains("title=shapegate::");
            let shown: usize = commands.iter().flatten().filter(|line| !is_rest(line)).map(|line| about(line)).sum();
            let rest = commands.iter().flatten().find(is_rest).map_or(0, |line| {
                let (_, text) = line.rsplit_once("::").expect("a message");
                text.split(' ').next().expect("a word").parse::<usize>().expect("a number")
            });
            let all = Document::of(&verdict).findings.len();
            assert_eq!(shown + rest, all, "{lines:#?}");
            let is_cut = commands.iter().any(|own| own.len() == SHOWN);
            assert!(is_cut || rest == 0, "nothing is left out while there is room: {lines:#?}");
            // The worst come first, and the verdict last.
            let kinds: Vec<&str> = lines.iter().filter_map(|line| line.split([' ', ',']).next()).collect();
            let mut sorted = kinds.clone();
            sorted.sort_by_key(|kind| {
                ["::error", "::warning", "::notice"].iter().position(|one| one == kind).unwrap_or(3)
            });
            assert_eq!(kinds, sorted);
            assert!(lines.last().is_some_and(|line| line.starts_with("failed: ") || line.starts_with("passed: ")));
        }
    }

    #[test]
    fn like_findings_are_reported_once() {
        let mut outcome = unknown_members(&["a"]);
        outcome.findings.retain(|finding| finding.rule.id == "missing-member");
        let one = outcome.findings.pop().expect("one");
        // What a sentence says of a place is no part of the fingerprint.
        outcome.findings = (0..5).map(|number| Finding { pointer: format!("/{number}"), ..one.clone() }).collect();
        let lines = lines(&judged(outcome, ""));
        assert!(lines[0].ends_with(", and 4 more"), "{lines:#?}");
        assert_eq!(lines.len(), 2, "{lines:#?}");
        // Standard input is no file of the repository.
        assert!(lines[0].starts_with("::error title=missing-member::"), "{lines:#?}");
    }

    #[test]
    fn names_in_traffic_are_no_commands() {
        let mut outcome = unknown_members(&[HOSTILE]);
        outcome.findings.retain(|finding| finding.rule.id == "unknown-member");
        outcome.findings[0].location.file = format!("a{HOSTILE}.json");
        outcome.tally.unchecked.insert(HOSTILE.to_owned(), 1);
        let verdict = judged(outcome, "");
        let lines = lines(&verdict);
        assert_eq!(lines.len(), 3, "{lines:#?}");
        let (properties, message) = lines[0][2..].split_once("::").expect("a command");
        assert_eq!(properties.matches(',').count(), 3, "file, line, column, title: {properties}");
        assert!(properties.starts_with("error file=a<U+000A>%3A%3Aerror%3A%3Ax<U+000D>%2C%3A%250A|"), "{properties}");
        assert!(message.contains("%250A|"), "{message}");
        for line in &lines {
            assert!(!line.contains(['\u{1b}', '\u{202e}', '\r']), "{line:?}");
        }
        // Any line may hold a command of the older form, unless it is one of the newer.
        assert!(lines[1..].iter().all(|line| !line.starts_with("::") && !line.contains("##[")), "{lines:#?}");
    }
}
