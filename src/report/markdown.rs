//! Markdown: a page for a comment on a change, and what the pages of CI systems are made of.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::document::{Alike, Document, called, shortened};
use super::facts::{recorded, witness};
use super::{LENGTH, Report, Style};
use crate::gate::Verdict;
use crate::text::{plural, visible};

pub(super) struct Markdown;

/// Bytes of the table of findings. With the two tables of a fifth each that follow it, and texts of limited length around
/// them, a page stays below the 65,536 characters that GitHub takes as a comment.
const ROOM: usize = 38_000;

impl Report for Markdown {
    fn id(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "a page in Markdown, for a comment on a pull request"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(page(&Document::of(verdict), style, ROOM).as_bytes())
    }
}

/// Headline and tables, each with what there is room for. `room` is of the table of findings, in bytes.
pub(super) fn page(document: &Document<'_>, style: &Style, room: usize) -> String {
    let mut page = format!("### shapegate {}\n\n{}\n", document.job, cell(&document.headline));
    let is_counted = |one: &Alike<'_>| !style.is_verbose() && document.is_compatible(one.first);
    let (counted, listed): (Vec<_>, Vec<_>) = document.alike().into_iter().partition(is_counted);
    let rows = listed.iter().map(|one| (one.count, row(one, document, style)));
    let header = ["level", "rule", "operation", "finding", "place", "how many"];
    table(&mut page, room, "Findings", &header, "finding", rows);
    let counted: usize = counted.iter().map(|one| one.count).sum();
    if counted > 0 {
        let counted = plural(counted, "compatible difference");
        let _ = write!(page, "\n{counted} not listed: `--verbose` lists all.\n");
    }
    let rows = document.accepted.iter().map(|(fingerprint, reason, findings)| {
        (1, format!("| {} | {} | {findings} |\n", cell(fingerprint), cell(reason)))
    });
    table(&mut page, room / 5, "Approvals", &["fingerprint", "reason", "findings"], "approval", rows);
    let rows = document.notes.iter().map(|note| (1, format!("| {} |\n", cell(note))));
    table(&mut page, room / 5, "Notes", &["what else to know"], "note", rows);
    page.push('\n');
    page
}

/// A row of the table of findings.
fn row(one: &Alike<'_>, document: &Document<'_>, style: &Style) -> String {
    let place = document.file(one.first).map_or_else(String::new, |file| {
        let path = style.base.path(file);
        document.position(one.first).map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}"))
    });
    let [rule, called, place] = [one.first.rule.id, &called(one.first), &place].map(cell);
    let said = [Some(document.message(one.first)), recorded(one.first), witness(one.first, false)];
    let said: Vec<String> = said.iter().flatten().map(|text| cell(text)).collect();
    let (level, said) = (document.level(one.first), said.join("<br>"));
    format!("| {level} | {rule} | {called} | {said} | {place} | {} |\n", one.count)
}

/// Adds a table, as far as there is room, and how much was left out. Each row comes with the number of things it is about.
fn table(
    page: &mut String,
    mut room: usize,
    title: &str,
    header: &[&str],
    noun: &str,
    rows: impl Iterator<Item = (usize, String)>,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n#### {title}\n\n| {} |\n|{}\n", header.join(" | "), " --- |".repeat(header.len()));
    let mut omitted = 0;
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

/// A text in Markdown, within a row of a table: no mark of it means anything, and nothing of it is HTML.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shortened(&visible(text), LENGTH).chars() {
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

#[cfg(test)]
mod tests {
    use super::super::tests::{HOSTILE, count, gate, judged, unknown_members, written};
    use super::*;
    use crate::finding::Severity;

    fn page(verdict: &Verdict) -> String {
        written(&Markdown, verdict)
    }

    #[test]
    fn names_in_traffic_are_no_markdown() {
        let mut outcome = unknown_members(&[HOSTILE]);
        outcome.tally.unchecked.insert(HOSTILE.to_owned(), 1);
        let page = page(&judged(outcome, ""));
        assert!(!page.contains("<script>") && !page.contains(['\u{1b}', '\u{202e}', '\r']), "{page}");
        let escaped = r"\|\`a\`\*\_\~\[x\]\(https\://example\.com\)&lt;script&gt;";
        assert_eq!(page.matches(escaped).count(), 3, "the verdict, a finding, a note: {page}");
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
    fn differences_are_weighed_in_the_words_of_the_headline() {
        let mut outcome = gate();
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        // What breaks a recorded exchange is listed whatever its level.
        upgrade.replay.as_mut().expect("traffic was given").broken_by_it.clear();
        let verdict = judged(outcome, "");
        let page = page(&verdict);
        assert!(page.contains("\n| breaking | ") && page.contains("\n| risky | "), "{page}");
        assert!(!page.contains("\n| compatible | ") && !page.contains("\n| error | "), "{page}");
        assert!(page.contains("\n1 compatible difference not listed: `--verbose` lists all.\n"), "{page}");
        assert!(page.contains("<br>recorded\\: ") && page.contains("<br>now rejected\\: "), "{page}");
        let mut whole = Vec::new();
        let style = super::super::tests::style().detail(super::super::Detail::All);
        Markdown.write(&verdict, &style, &mut whole).expect("a Vec takes everything");
        assert!(String::from_utf8_lossy(&whole).contains("\n| compatible | "));
    }

    #[test]
    fn a_page_fits_into_a_comment() {
        // Long names of characters that take the most room, in findings, approvals and notes.
        let names: Vec<String> = (0..200).map(|number| format!("m{number}{}", "<&>*".repeat(200))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut outcome = unknown_members(&names);
        outcome.tally.unchecked.extend(names.iter().map(|name| ((*name).to_owned(), 1)));
        let reason = "<&>*".repeat(200);
        let line = |name: &&str| {
            format!(
                "\"unknown-member:cleanrooms:GetMembership:request:*{name}\" = {{ reason = \"{reason}\" }}\n",
                name = &name[..4]
            )
        };
        let approvals: String = names[..99].iter().map(line).collect();
        let page = page(&judged(outcome, &approvals));
        assert!(page.chars().count() < 60_000 && page.contains("left out"), "{}", page.chars().count());
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
