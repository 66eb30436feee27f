//! One page of HTML for every job, to be opened from a disk: no other file, no network.
//!
//! The page is a shell that never changes, with the report within as JSON; its script shows what is asked for and nothing
//! else, so that a report of 10,000 findings opens with a few hundred elements. Texts of recordings reach the page as text
//! nodes alone: no template puts them between tags.

mod data;

use std::io::{self, Write};

use self::data::Data;
use super::{Report, Style};
use crate::gate::Verdict;
use crate::text::Escaping;

pub(super) struct Html;

/// The shell, up to where the style, the data and the script come.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What stands in the shell for each of them.
const MARKS: [&str; 3] = ["/*STYLE*/", "/*DATA*/", "/*SCRIPT*/"];

impl Report for Html {
    fn id(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "a page to look at, in one file without network"
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut rest = PAGE;
        for mark in MARKS {
            let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
            out.write_all(before.as_bytes())?;
            match mark {
                "/*STYLE*/" => out.write_all(STYLE.as_bytes())?,
                "/*SCRIPT*/" => out.write_all(SCRIPT.as_bytes())?,
                _ => serde_json::to_writer(Escaping(&mut Inert(&mut *out)), &Data::of(verdict, style))?,
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())
    }
}

/// Writes JSON so that no HTML parser finds the end of a script or the beginning of anything in it. The characters stand
/// in strings alone, where JSON has escapes for them.
struct Inert<W>(W);

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'<' | b'>' | b'&')) {
            self.0.write_all(&rest[..at])?;
            write!(self.0, "\\u{:04x}", rest[at])?;
            rest = &rest[at + 1..];
        }
        self.0.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::tests::{HOSTILE, check, gate, judged, snapshot, unknown_members, written};
    use super::*;

    fn data(page: &str) -> Value {
        let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the data's place");
        let (data, _) = rest.split_once("</script>").expect("its end");
        serde_json::from_str(data).expect("JSON")
    }

    #[test]
    fn the_page_holds_the_whole_report() {
        let verdict = judged(check(), "");
        let data = data(&written(&Html, &verdict));
        let findings = data["report"]["findings"].as_array().expect("a list");
        assert_eq!(findings.len(), verdict.findings.len());
        assert_eq!(data["excerpts"].as_array().map(Vec::len), Some(findings.len()));
        assert_eq!(data["headline"], super::super::sentence::sentence(&verdict));
        for finding in findings {
            let rule = finding["rule"].as_str().expect("an id");
            assert!(data["rules"][rule]["summary"].is_string(), "{rule}");
        }
    }

    #[test]
    fn every_job_has_a_page() {
        for outcome in [gate(), snapshot()] {
            let verdict = judged(outcome, "");
            let page = written(&Html, &verdict);
            assert_eq!(data(&page)["report"]["job"], verdict.particulars.job());
        }
    }

    #[test]
    fn names_in_traffic_are_no_html() {
        let hostile = format!("</script><img src=x onerror=alert(1)><!--\u{9b}\u{202e}{HOSTILE}");
        let page = written(&Html, &judged(unknown_members(&[&hostile]), ""));
        assert_eq!(page.matches("</script>").count(), 2, "the data's end, and the script's");
        assert!(!page.contains("<img") && !page.contains("onerror=alert(1)>"), "{page}");
        assert!(!page.contains(['\u{9b}', '\u{202e}']), "nothing is obeyed where the page is printed");
        let data = data(&page);
        let mut findings = data["report"]["findings"].as_array().into_iter().flatten();
        assert!(findings.any(|finding| finding["member"] == hostile), "and it is all there");
    }

    #[test]
    fn nothing_leads_out_of_the_page() {
        let page = written(&Html, &judged(gate(), ""));
        for part in ["http://", "https://", "url(", "@import", "<link", " src="] {
            assert!(!PAGE.contains(part) && !STYLE.contains(part) && !SCRIPT.contains(part), "{part}");
        }
        assert!(page.contains("default-src 'none'"), "and the browser is told so");
    }
}
