//! Annotations for GitHub Actions, as workflow commands, and a page for the step's summary.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::document::Document;
use super::{Report, Style};
use crate::finding::{Finding, Severity};
use crate::gate::{Reported, Verdict};
use crate::model::Direction;
use crate::text::{plural, visible};

pub(super) struct Github;

/// Annotations of one kind that GitHub shows of a step; it drops the rest without a word.
const SHOWN: usize = 10;
/// Bytes of each table and list of a page. GitHub shows nothing of a step whose pages have more than 1 MiB together.
const ROOM: usize = 100_000;
/// Characters of one text.
const LENGTH: usize = 600;

impl Report for Github {
    fn id(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations for GitHub Actions, and a page where GITHUB_STEP_SUMMARY is set"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::of(verdict);
        let all = alike(&document);
        let mut omitted = 0;
        // One notice is kept for what is left out; it is needed where another kind has more than is shown, too.
        let is_cut = Severity::ALL.iter().any(|level| all.iter().filter(|one| one.level == *level).count() > SHOWN);
        for level in Severity::ALL {
            let room = if level == Severity::Note && is_cut { SHOWN - 1 } else { SHOWN };
            let mut own = all.iter().filter(|one| one.level == level);
            for one in own.by_ref().take(room) {
                writeln!(out, "{}", annotation(one, &document, style))?;
            }
            omitted += own.map(|one| one.count).sum::<usize>();
        }
        if omitted > 0 {
            let more = plural(omitted, "more finding");
            writeln!(out, "::notice title=shapegate::{more}: GitHub shows no more than {SHOWN} annotations of a kind")?;
        }
        for line in document.notes.iter().chain([&document.headline]) {
            writeln!(out, "{}", plain(line))?;
        }
        Ok(())
    }

    fn page(&self, verdict: &Verdict, style: &Style) -> Option<String> {
        let document = Document::of(verdict);
        let mut page = format!("### shapegate {}\n\n{}\n", document.job, cell(&document.headline));
        let rows = alike(&document).into_iter().map(|one| (one.count, row(&one, &document, style)));
        let header = ["level", "rule", "operation", "finding", "place", "how many"];
        table(&mut page, "Findings", &header, "finding", rows);
        let rows = document.accepted.iter().map(|(fingerprint, reason, findings)| {
            (1, format!("| {} | {} | {findings} |\n", cell(fingerprint), cell(reason)))
        });
        table(&mut page, "Approvals", &["fingerprint", "reason", "findings"], "approval", rows);
        let rows = document.notes.iter().map(|note| (1, format!("| {} |\n", cell(note))));
        table(&mut page, "Notes", &["what else to know"], "note", rows);
        page.push('\n');
        Some(page)
    }
}

/// Findings of one level with the same fingerprint.
struct Alike<'v> {
    first: &'v Reported,
    level: Severity,
    count: usize,
}

/// All findings, those alike together, in the order of the first of each.
fn alike<'v>(document: &Document<'v>) -> Vec<Alike<'v>> {
    let mut all: Vec<Alike<'_>> = Vec::new();
    let mut known: HashMap<(Severity, &str), usize> = HashMap::new();
    for &first in &document.findings {
        let at = *known.entry((first.level, first.fingerprint.as_str())).or_insert(all.len());
        if at == all.len() {
            all.push(Alike { first, level: first.level, count: 0 });
        }
        all[at].count += 1;
    }
    all
}

/// A workflow command.
fn annotation(one: &Alike<'_>, document: &Document<'_>, style: &Style) -> String {
    let command = match one.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut text = format!("::{command} ");
    if let Some(file) = document.file(one.first) {
        let _ = write!(text, "file={},", property(&style.base.path(file)));
        if let Some((line, column)) = one.first.location.position {
            let _ = write!(text, "line={line},col={column},");
        }
    }
    let mut message = one.first.message();
    let about = [called(one.first), one.first.pointer.clone()];
    let about: Vec<&str> = about.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if !about.is_empty() {
        let _ = write!(message, " ({})", about.join(", "));
    }
    let more = match one.count {
        1 => String::new(),
        many => format!(", and {} more", many - 1),
    };
    let _ = write!(text, "title={}::{}{more}", property(one.first.rule.id), data(&shortened(&message)));
    text
}

/// A row of the table of findings.
fn row(one: &Alike<'_>, document: &Document<'_>, style: &Style) -> String {
    let place = document.file(one.first).map_or_else(String::new, |file| {
        let path = style.base.path(file);
        one.first.location.position.map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}"))
    });
    let [rule, called, message, place] =
        [one.first.rule.id, &called(one.first), &one.first.message(), &place].map(cell);
    format!("| {} | {rule} | {called} | {message} | {place} | {} |\n", one.level, one.count)
}

/// Adds a table, as far as there is room, and how much was left out. Each row comes with the number of things it is about.
fn table(page: &mut String, title: &str, header: &[&str], noun: &str, rows: impl Iterator<Item = (usize, String)>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n#### {title}\n\n| {} |\n|{}\n", header.join(" | "), " --- |".repeat(header.len()));
    let (mut room, mut omitted) = (ROOM, 0);
    for (count, row) in rows {
        // Once one is left out all that follow are: the worst come first.
        match room.checked_sub(row.len()).filter(|_| omitted == 0) {
            Some(less) => {
                room = less;
                page.push_str(&row);
            }
            None => omitted += count,
        }
    }
    if omitted > 0 {
        let more = plural(omitted, &format!("more {noun}"));
        let _ = write!(page, "\n{more} left out: this page has no room for more.\n");
    }
}

/// Service, operation and half of the exchange, as far as they are known. A difference may concern several operations.
fn called(finding: &Finding) -> String {
    let operation = finding.operation.clone().or_else(|| match &finding.operations[..] {
        [] => None,
        [first] => Some(first.clone()),
        [first, others @ ..] => Some(format!("{first} and {}", plural(others.len(), "more operation"))),
    });
    let half = finding.direction.map(Direction::as_str);
    let parts = [finding.service.as_deref(), operation.as_deref(), half];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
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

/// A text in Markdown, within a row of a table: no mark of it means anything, and nothing of it is HTML.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shortened(&visible(text)).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            ' ' | ',' | ';' | '/' | '\'' | '"' => escaped.push(c),
            c if c.is_ascii_punctuation() => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{
        check, count, gate, gate_of_releases, judged, snapshot, style, unknown_members, written,
    };
    use super::*;

    /// A name with everything that commands, Markdown, HTML and terminals obey.
    const HOSTILE: &str = "\n::error::x\r,:%0A|`a`*_~[x](https://example.com)<script>\u{1b}[31m\u{202e}##[add-mask]";

    fn lines(verdict: &Verdict) -> Vec<String> {
        written(&Github, verdict).lines().map(str::to_owned).collect()
    }

    fn page(verdict: &Verdict) -> String {
        Github.page(verdict, &style()).expect("it has one")
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
            let all: usize = Severity::ALL.map(|level| count(&verdict, level)).iter().sum();
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

    #[test]
    fn names_in_traffic_are_no_markdown() {
        let mut outcome = unknown_members(&[HOSTILE]);
        outcome.tally.unchecked.insert(HOSTILE.to_owned(), 1);
        let page = page(&judged(outcome, ""));
        assert!(!page.contains("<script>") && !page.contains(['\u{1b}', '\u{202e}', '\r']), "{page}");
        let escaped = r"\|\`a\`\*\_\~\[x\]\(https\://example\.com\)&lt;script&gt;";
        assert_eq!(page.matches(escaped).count(), 2, "{page}");
        // Each row of a table has as many cells as its header.
        for table in page.split("\n\n").filter(|part| part.starts_with('|')) {
            let cells = |line: &str| line.replace(r"\|", "").matches('|').count();
            let counts: Vec<usize> = table.lines().map(cells).collect();
            assert!(counts.iter().all(|count| *count == counts[0]), "{table}");
        }
    }

    #[test]
    fn the_page_has_verdict_findings_and_approvals() {
        let prefix = "\"unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.";
        let approvals = format!(
            "{prefix}a\" = {{ reason = \"of old\" }}\n{prefix}gone\" = {{ reason = \"x\" }}\n\
             {prefix}b\" = {{ reason = \"x\", expires = 2025-12-31 }}"
        );
        let page = page(&judged(unknown_members(&["a", "b"]), &approvals));
        for part in [
            "### shapegate check\n\nfailed\\: ",
            "| level | rule | operation | finding | place | how many |\n| --- |",
            "| error | unknown\\-member | cleanrooms GetMembership request | ",
            "| of old | 1 |",
            "| stale\\: the approval of unknown\\-member",
            "| expired on 2025\\-12\\-31\\: the approval of unknown\\-member",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    #[test]
    fn a_page_has_an_end() {
        let names: Vec<String> = (0..600).map(|number| format!("member{number}{}", "x".repeat(700))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let verdict = judged(unknown_members(&names), "");
        let page = page(&verdict);
        assert!(page.len() < 2 * ROOM, "{}", page.len());
        let shown = page.lines().filter(|line| line.starts_with("| error ")).count();
        let rest = format!("\n{} more findings left out", count(&verdict, Severity::Error) - shown);
        assert!(page.contains(&rest), "{rest}: {}", &page[page.len() - 200..]);
    }
}
