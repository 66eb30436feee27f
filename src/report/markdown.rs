//! Markdown: a page for a comment on a change, and what the pages of CI systems are made of.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use super::document::{Alike, Document, called};
use super::facts::{recorded, witness};
use super::remarks::{file_name, not_listed};
use super::{LENGTH, Report, Style};
use crate::finding::Finding;
use crate::gate::Verdict;
use crate::text::{plural, shortened, visible};

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
    if let Some(compared) = &document.compared {
        let _ = write!(page, "\n{}\n", cell(&compared.text));
    }
    if let Some(judged_by) = &document.judged_by {
        let _ = write!(page, "\n{}\n", cell(judged_by));
    }
    for numbers in &document.tables {
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            (1, format!("| {} |\n", cells.join(" | ")))
        };
        let rows = numbers.rows.iter().map(line);
        table(&mut page, room / 5, numbers.title, numbers.header, numbers.noun, rows);
        if let Some(legend) = numbers.legend {
            let _ = write!(page, "\n{}.\n", cell(legend));
        }
    }
    let is_counted = |one: &Alike<'_>| !style.is_verbose() && document.is_compatible(one.first);
    let (counted, listed): (Vec<_>, Vec<_>) = document.alike().into_iter().partition(is_counted);
    // What is about the whole run stands for its subject, which is named above.
    let places: Vec<String> = listed.iter().map(|one| place(one.first, document, style)).collect();
    let has_places = places.iter().any(|place| !place.is_empty());
    let rows = listed.iter().zip(&places).map(|(one, place)| {
        let place = if has_places { format!(" {place} |") } else { String::new() };
        (one.count, row(one, &place, document))
    });
    let columns = ["level", "rule", "operation", "finding", "place", "how many"];
    let header: Vec<&str> = columns.into_iter().filter(|name| has_places || *name != "place").collect();
    table(&mut page, room, "Findings", &header, "finding", rows);
    let counted: usize = counted.iter().map(|one| one.count).sum();
    if counted > 0 {
        let _ = write!(page, "\n{}.\n", not_listed(counted));
    }
    let rows = document.accepted.iter().map(|(fingerprint, reason, findings)| {
        (1, format!("| {} | {} | {findings} |\n", code(fingerprint), cell(reason)))
    });
    table(&mut page, room / 5, "Approvals", &["fingerprint", "reason", "findings"], "approval", rows);
    let rows = document
        .remarks
        .iter()
        .filter(|remark| !remark.is_tabled)
        .map(|remark| (1, format!("| {} |\n", cell(&remark.text))));
    table(&mut page, room / 5, "Notes", &["what else to know"], "note", rows);
    if let Some(beyond) = document.beyond {
        let _ = write!(page, "\n{}.\n", cell(beyond));
    }
    page.push('\n');
    page
}

/// A row of the table of findings.
fn row(one: &Alike<'_>, place: &str, document: &Document<'_>) -> String {
    let (rule, called) = (code(one.first.rule.id), cell(&called(one.first)));
    let said = [Some(document.message(one.first)), recorded(one.first), witness(one.first, false)];
    let said: Vec<String> = said.iter().flatten().map(|text| cell(text)).collect();
    let (level, said) = (document.level(one.first), said.join("<br>"));
    format!("| {level} | {rule} | {called} | {said} |{place} {} |\n", one.count)
}

/// File, line and column of a finding that has a place of its own.
fn place(finding: &Finding, document: &Document<'_>, style: &Style) -> String {
    let own = Some(&*finding.location.file).filter(|file| !file.is_empty());
    let Some(path) = own.and_then(|_| document.file(finding, &style.base)) else { return String::new() };
    // A scorecard is for publishing: whose folders are outside of the repository concerns nobody.
    let is_private = document.job == "scorecard" && Path::new(&path).is_absolute();
    let path = if is_private { file_name(&path).to_owned() } else { path };
    let position = document.position(finding, &style.base);
    code(&position.map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}")))
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

/// A text in Markdown, within a row of a table: what stands between backticks is code, no other mark of it means anything,
/// and nothing of it is HTML.
fn cell(text: &str) -> String {
    let text = visible(text);
    let text = shortened(&text, LENGTH);
    let mut written = String::with_capacity(text.len());
    let mut pieces = text.split('`').enumerate().peekable();
    while let Some((at, piece)) = pieces.next() {
        // A backtick without a second one is a character.
        let is_last = pieces.peek().is_none();
        match at % 2 {
            1 if is_last => written.extend(["\\`", &plain(piece)]),
            1 => written.push_str(&code(piece)),
            _ => written.push_str(&plain(piece)),
        }
    }
    written
}

/// A name or the like as code; as plain text where code cannot show it.
fn code(name: &str) -> String {
    let name = visible(name);
    // Rows are divided before code is found: a bar needs its escape there, and a backslash before it would be another.
    let is_shown = !name.trim().is_empty() && !name.contains(['`', '<', '>', '&']) && !name.contains("\\|");
    if is_shown && !name.ends_with('\\') { format!("`{}`", name.replace('|', "\\|")) } else { plain(&name) }
}

/// A text none of whose characters mean anything.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A name of a person is looked for behind all escapes, but in no code.
            '@' if !before.is_alphanumeric() && after.is_alphanumeric() => escaped.push_str("`@`"),
            c if is_mark(c, before, after) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// Whether a character in the middle of a line may mean something between these two.
fn is_mark(c: char, before: char, after: char) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => true,
        // Within a word it means nothing.
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        // Links and emoji; before a space it ends a clause.
        ':' | '@' => !after.is_whitespace(),
        // `www.example.com`
        '.' => before == 'w' && !after.is_whitespace(),
        // Numbers of issues.
        '#' => after.is_ascii_digit(),
        _ => false,
    }
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
        let escaped = r"\*\_\~\[x\](https\://example.com)&lt;script&gt;";
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
            "### shapegate check\n\nfailed: ",
            "| level | rule | operation | finding | how many |\n| --- |",
            "| error | `unknown-member` | cleanrooms GetMembership request | GetMembershipInput has no member `b` | 1 |",
            "| of old | 1 |",
            "| stale: the approval of unknown-member\\:cleanrooms",
            "| expired on 2025-12-31: the approval of unknown-member",
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
        assert!(page.contains("<br>recorded: ") && page.contains("<br>now rejected: "), "{page}");
        let mut whole = Vec::new();
        let style = super::super::tests::style().detail(super::super::Detail::All);
        Markdown.write(&verdict, &style, &mut whole).expect("a Vec takes everything");
        assert!(String::from_utf8_lossy(&whole).contains("\n| compatible | "));
    }

    #[test]
    fn marks_are_escaped_where_they_would_mean_something() {
        for (text, expected) in [
            ("`a_b` of T-x (both)", "`a_b` of T-x (both)"),
            ("from `[a|b]*` to `a\\|b`", r"from `[a\|b]*` to a\\\|b"),
            ("a `b", r"a \`b"),
            ("my_name _x_ *x* $1$ #12 # :smile: a: b", r"my_name \_x\_ \*x\* \$1\$ \#12 # \:smile: a: b"),
            ("@someone a@b.c www.x.y", r"`@`someone a\@b.c www\.x.y"),
            ("<b>&", "&lt;b&gt;&amp;"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    #[test]
    fn what_is_about_the_newer_model_is_said_once() {
        let mut outcome = gate();
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        upgrade.to_file = Some(("requirements.txt".to_owned(), Some(2)));
        upgrade.to = "requirements.txt (botocore 1.44.8)".to_owned();
        let page = page(&judged(outcome, ""));
        assert_eq!(page.matches("requirements.txt").count(), 1, "{page}");
        assert!(page.contains(" | `fixtures/upgrades/orders/traffic/orders.ndjson:1:61` | "), "{page}");
    }

    #[test]
    fn what_models_leave_open_is_said_where_there_is_traffic() {
        let mut outcome = gate();
        let line = "\nwhat the SDK does beyond its models (headers, checksums, retries) is for `shapegate snapshot --compare`.\n";
        assert!(page(&judged(outcome.clone(), "")).contains(line));
        let json = written(&super::super::json::Json, &judged(outcome.clone(), ""));
        assert!(!json.contains("checksums"), "{json}");
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        upgrade.replay = None;
        assert!(!page(&judged(outcome, "")).contains("checksums"));
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
