//! What holds of every output, whatever was read. A breach of it panics.

use std::path::Path;

use serde_json::Value;
use shapegate::Verdict;
use shapegate::error::Result;
use shapegate::gate::{Approvals, Day, Settings, judge};
use shapegate::outcome::Outcome;
use shapegate::report::{FORMATS, Style};

/// Judges what a job found and asserts that every report of it is whole. Findings that were judged.
///
/// # Panics
/// A report is broken.
pub fn outcome(outcome: Outcome) -> usize {
    let judged =
        judge(outcome, &Settings::default(), &Approvals::none(Path::new("approvals.toml")), Day::of_unix_time(0));
    judged_or_refused(judged)
}

/// Asserts that every report of a verdict is whole, or that an error says why there is none.
///
/// # Panics
/// A report is broken, or the error is silent.
pub fn judged_or_refused(judged: Result<Verdict>) -> usize {
    match judged {
        Ok(verdict) => {
            verdict_is_told(&verdict);
            verdict.findings.len()
        }
        Err(error) => {
            assert!(!error.to_string().trim().is_empty(), "an error that says nothing");
            0
        }
    }
}

fn verdict_is_told(verdict: &Verdict) {
    for format in FORMATS {
        let mut bytes = Vec::new();
        format.write(verdict, &Style::default(), &mut bytes).expect("a Vec takes it");
        report(format.id(), &String::from_utf8(bytes).expect("reports are UTF-8"));
    }
}

/// Asserts that a report in that format is whole, and that nothing in it is obeyed.
///
/// # Panics
/// It is not.
pub fn report(format: &str, text: &str) {
    match format {
        "json" | "sarif" | "gitlab" | "part" => {
            let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{format}: {error}"));
            assert!(format != "sarif" || value["version"] == "2.1.0", "no SARIF: {value}");
        }
        "ndjson" => {
            for line in text.lines() {
                serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("ndjson: {error}: {line}"));
            }
        }
        "junit" | "badge" => well_formed(text),
        // Its commands are its form.
        "github" => assert!(!text.contains(|c: char| c != '\n' && is_obeyed(c)), "{format}: {text:?}"),
        _ => {
            assert!(!text.contains(|c: char| c != '\n' && is_obeyed(c)), "{format}: {text:?}");
            let command =
                text.lines().find(|line| line.trim_start().starts_with("::") || line.trim_start().starts_with("##["));
            assert!(command.is_none(), "{format}: a CI system obeys {command:?}");
        }
    }
}

/// Characters that a terminal obeys, and those that turn what is read around. Lines of a recording keep their tabs.
fn is_obeyed(c: char) -> bool {
    c.is_control() && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("no XML: {error}: {text}"),
        }
    }
}
