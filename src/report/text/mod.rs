//! Text for people. One file for each job; what approvals did stands the same way in all.

mod approvals;
mod block;
mod change_rows;
mod coverage;
mod differences;
mod history;
mod listing;
mod score;
mod scorecard;
mod tables;
mod traffic;
mod upgrade;
mod wire;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use super::sentence::sentence;
use super::{Detail, Report, Style};
use crate::gate::Verdict;
use crate::outcome::{Particulars, Tally};
use crate::text::{inert, plural, visible};

pub(super) struct Text;

impl Report for Text {
    fn id(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "text for people"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        // Names come from recordings and models, which may hold anything.
        let mut text = Vec::new();
        write(verdict, style, &mut text)?;
        out.write_all(inert(&String::from_utf8_lossy(&text), style.color).as_bytes())
    }
}

fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.detail == Detail::Verdict {
        return writeln!(out, "{}", sentence(verdict));
    }
    match &verdict.particulars {
        Particulars::Traffic => traffic::write(verdict, style, out),
        Particulars::Upgrade(upgrade) => upgrade::write(verdict, upgrade, style, out),
        Particulars::Wire(wire) => wire::write(verdict, wire, style, out),
        Particulars::History(history) => history::write(verdict, history, style, out),
        Particulars::Score(score) => score::write(verdict, score, style, out),
        Particulars::Listing(seen) => listing::write(seen, out),
        Particulars::Differences(differences) => differences::write(verdict, differences, out),
        Particulars::Coverage => coverage::write(verdict, style, out),
        Particulars::Scorecard(_) => scorecard::write(verdict, style, out),
    }
}

/// Lists the files that are not recordings, those that were left out, and what of the others is not judged, where
/// everything is to be listed.
fn write_skipped(tally: &Tally, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut skipped: Vec<(&str, Vec<&Path>)> = Vec::new();
    // Of thousands of files each may have a reason of its own.
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (path, reason) in tally.skipped.iter().filter(|_| style.is_verbose()) {
        let place = *places.entry(reason).or_insert_with(|| {
            skipped.push((reason, Vec::new()));
            skipped.len() - 1
        });
        skipped[place].1.push(path);
    }
    for (reason, paths) in skipped {
        if let [path] = paths[..] {
            writeln!(out, "skipped {}: {reason}", path.display())?;
            continue;
        }
        // What is the same of many is said once.
        writeln!(out, "skipped {} files: {reason}", paths.len())?;
        for path in paths {
            writeln!(out, "  {}", path.display())?;
        }
    }
    for (path, reason) in tally.omitted.iter().filter(|_| style.is_verbose()) {
        writeln!(out, "not read {}: {reason}", path.display())?;
    }
    for (place, what) in tally.not_judged.iter().filter(|_| style.is_verbose()) {
        writeln!(out, "not judged {place}: {what}")?;
    }
    if style.is_verbose() { write_elsewhere(tally, out) } else { Ok(()) }
}

/// Hosts that are listed of exchanges that call no modelled API.
const HOSTS: usize = 50;

/// Lists hosts that no modelled API answers at, those with the most exchanges first.
fn write_elsewhere(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    let mut hosts: Vec<(&str, usize)> = tally.elsewhere.iter().map(|(host, count)| (host.as_str(), *count)).collect();
    hosts.sort_by_key(|(_, count)| Reverse(*count));
    for (host, count) in hosts.iter().take(HOSTS) {
        let host = if host.is_empty() { "(no host)" } else { host };
        writeln!(out, "no modelled AWS API: {} ({count})", visible(host))?;
    }
    if hosts.len() > HOSTS {
        let left = &hosts[HOSTS..];
        let exchanges: usize = left.iter().map(|(_, count)| count).sum();
        writeln!(out, "no modelled AWS API: {} ({exchanges})", plural(left.len(), "more host"))?;
    }
    Ok(())
}
