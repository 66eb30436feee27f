//! Nothing read is not a pass: the error that says why nothing was judged.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::outcome::{EMPTY, MoreModels, NAME_RECORDINGS, Outcome, Particulars, Tally};
use crate::recording::Omission;

/// Files that are named where none of them is a recording.
const SHOWN: usize = 3;

/// # Errors
/// The job judges traffic, and there was none: no recording, and no finding that says why.
pub(super) fn refuse(outcome: &Outcome) -> Result<()> {
    let judges_traffic = match outcome.particulars {
        Particulars::Traffic
        | Particulars::Wire(_)
        | Particulars::History(_)
        | Particulars::Coverage
        | Particulars::Scorecard(_) => true,
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
        let skipped = tally.skipped.iter().map(|(path, why)| format!("\n  {}: {why}", path.display()));
        let is_skipped = |one: &&Finding| tally.skipped.iter().any(|(path, _)| *path == *one.location.file);
        let broken: Vec<&Finding> = outcome.findings.iter().filter(|one| !is_skipped(one)).collect();
        let told = broken.iter().map(|one| format!("\n  {}: {}", one.location.file, (one.rule.message)(one)));
        let seen = match tally.skipped.len() + broken.len() {
            0 => tally.without_files().unwrap_or_else(|| "there are no files".to_owned()),
            1 => "the only file is not one".to_owned(),
            many => format!("none of the {many} files is one"),
        };
        let files = skipped.chain(told).take(SHOWN);
        let cause = format!("no recordings: {seen}{}", files.collect::<String>());
        return Err(Error::new(cause).remedy(what_else_is_read(tally)));
    }
    if tally.payloads == 0 && !tally.unchecked.is_empty() {
        let services: Vec<&str> = tally.unchecked.keys().map(String::as_str).collect();
        let meant: BTreeSet<&str> = tally.meant.values().map(String::as_str).collect();
        let meant: Vec<&str> = meant.into_iter().collect();
        let meant = if meant.is_empty() { String::new() } else { format!("Did you mean {}? ", meant.join(", ")) };
        let remedy = match tally.more_models {
            MoreModels::NotInstalled => {
                "`pip install botocore` brings every service; so does --model SOURCE: a botocore wheel, folder or \
                 service-2.json."
            }
            MoreModels::NotSought => {
                "--model SOURCE brings one: a botocore wheel, folder or service-2.json, or `botocore` for the installed one."
            }
            MoreModels::Named => {
                "None of the named models has it; a further --model SOURCE may: a botocore wheel, folder or service-2.json."
            }
            MoreModels::Installed => {
                "The installed botocore does not have it; --model SOURCE may: a newer wheel, a folder or a service-2.json."
            }
            MoreModels::OfProgram => "A model of the service brings one: a botocore wheel, folder or service-2.json.",
        };
        return Err(Error::new(format!("nothing was checked: there is no contract for {}", services.join(", ")))
            .remedy(format!("{meant}{remedy}")));
    }
    if tally.payloads == 0 && !tally.elsewhere.is_empty() {
        let hosts: Vec<&str> =
            tally.elsewhere.keys().map(String::as_str).filter(|host| !host.is_empty()).take(SHOWN).collect();
        if hosts.is_empty() {
            return Err(Error::new("nothing was checked: the exchanges name no host")
                .remedy("--service NAME says whose API answers there."));
        }
        let more = if tally.elsewhere.len() > SHOWN { ", …" } else { "" };
        let told = format!(
            "nothing was checked: no exchange calls a modelled AWS API; the hosts are {}{more}",
            hosts.join(", ")
        );
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

/// What reads more than was read, by the reasons for which files were left out.
fn what_else_is_read(tally: &Tally) -> String {
    let omissions = tally.omissions();
    if tally.without_files().is_some() {
        return NAME_RECORDINGS.to_owned();
    }
    if omissions.is_empty() {
        return "`shapegate check --help` lists the formats; --recording-format names one.".to_owned();
    }
    let has = |reason: Omission| omissions.contains_key(reason.as_str());
    let named: Vec<String> = omissions.iter().map(|(why, count)| format!("{why} ({count})")).collect();
    let mut remedy = format!("Left out were: {}. A file that is named itself is read", named.join(", "));
    if has(Omission::Ignored) || has(Omission::OfTools) {
        remedy.push_str("; --no-ignore reads what .gitignore names and folders of tools");
    }
    if has(Omission::Excluded) {
        remedy.push_str("; what is excluded, `exclude` in the configuration says");
    }
    remedy + "."
}
