//! Nothing read is not a pass: the error that says why nothing was judged.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::outcome::{EMPTY, Outcome, Particulars};

/// Files that are named where none of them is a recording.
const SHOWN: usize = 3;

/// # Errors
/// The job judges traffic, and there was none: no recording, and no finding that says why.
pub(super) fn refuse(outcome: &Outcome) -> Result<()> {
    let judges_traffic = match outcome.particulars {
        Particulars::Traffic | Particulars::Wire(_) | Particulars::History(_) => true,
        Particulars::Upgrade(_) | Particulars::Score(_) | Particulars::Listing(_) | Particulars::Differences(_) => {
            false
        }
    };
    let tally = &outcome.tally;
    // What was not read is a reason; a note about what was passed over, such as a byte order mark, is none.
    let is_reason = |finding: &Finding| finding.weight == Severity::Error || !finding.rule.needs_paths;
    if !judges_traffic || outcome.findings.iter().any(is_reason) {
        return Ok(());
    }
    if tally.recordings == 0 {
        let seen = match tally.skipped.len() {
            0 => "there are no files".to_owned(),
            1 => "the only file is not one".to_owned(),
            many => format!("none of the {many} files is one"),
        };
        let files = tally.skipped.iter().take(SHOWN).map(|(path, why)| format!("\n  {}: {why}", path.display()));
        let omitted: Vec<String> = tally.omissions().iter().map(|(why, count)| format!("{why} ({count})")).collect();
        let remedy = if omitted.is_empty() {
            "`shapegate check --help` lists the formats; --recording-format names one.".to_owned()
        } else {
            format!("Left out were: {}. What is named itself is read; --no-ignore reads more.", omitted.join(", "))
        };
        return Err(Error::new(format!("no recordings: {seen}{}", files.collect::<String>())).remedy(remedy));
    }
    if tally.payloads == 0 && !tally.unchecked.is_empty() {
        let services: Vec<&str> = tally.unchecked.keys().map(String::as_str).collect();
        let meant: BTreeSet<&str> = tally.meant.values().map(String::as_str).collect();
        let meant: Vec<&str> = meant.into_iter().collect();
        let meant = if meant.is_empty() { String::new() } else { format!("Did you mean {}? ", meant.join(", ")) };
        return Err(Error::new(format!("nothing was checked: there is no contract for {}", services.join(", "))).remedy(
            format!("{meant}`pip install botocore` brings every service; so does --model SOURCE: a botocore wheel, folder or service-2.json."),
        ));
    }
    if tally.payloads == 0 && !tally.elsewhere.is_empty() {
        let hosts: Vec<&str> = tally.elsewhere.keys().take(SHOWN).map(String::as_str).collect();
        let more = if tally.elsewhere.len() > SHOWN { ", …" } else { "" };
        let told = format!("nothing was checked: no exchange is with an AWS API, but with {}{more}", hosts.join(", "));
        return Err(Error::new(told).remedy("--service NAME says whose API an endpoint of one's own serves."));
    }
    if tally.payloads == 0 && tally.exchanges == 0 && tally.passed_over.keys().all(|what| *what == EMPTY) {
        let holders = if tally.recordings == 1 { "the recording holds" } else { "the recordings hold" };
        return Err(Error::new(format!("nothing was checked: {holders} no exchange"))
            .remedy("A recorder that was not asked, or a filter that drops all, leaves such a file."));
    }
    if tally.payloads == 0 && tally.exchanges == 0 {
        let what: Vec<String> = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})")).collect();
        return Err(Error::new(format!("nothing was checked: there are only {}", what.join(", ")))
            .remedy("--service and --operation say what a recording does not."));
    }
    Ok(())
}
