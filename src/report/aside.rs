//! What was found in the traffic and not judged, as ends of a summary: the same words for every job.

use std::fmt::Write as _;

use crate::outcome::Tally;
use crate::text::plural;

/// `; passed over: …; 2 other files skipped; not read: …`: what holds no exchange of a known operation.
pub(super) fn passed_over(tally: &Tally) -> String {
    let mut line = String::new();
    if !tally.passed_over.is_empty() {
        let parts = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})"));
        let _ = write!(line, "; passed over: {}", parts.collect::<Vec<_>>().join(", "));
    }
    line + &unread(tally)
}

/// `; 2 other files skipped; not read: …`: files that hold no exchange, or that were left out.
pub(super) fn unread(tally: &Tally) -> String {
    let skipped = match tally.skipped.len() {
        0 => String::new(),
        some => format!("; {} skipped", plural(some, "other file")),
    };
    skipped + &omitted(tally)
}

/// `; not read: folders of tools (2)`: what was left out, by the reason.
fn omitted(tally: &Tally) -> String {
    let parts: Vec<String> = tally.omissions().iter().map(|(reason, count)| format!("{reason} ({count})")).collect();
    if parts.is_empty() { String::new() } else { format!("; not read: {}", parts.join(", ")) }
}

/// `; not checked for want of a contract: …; 3 exchanges that call no modelled AWS API`: exchanges without a contract.
/// `remedy` says where one comes from.
pub(super) fn without_contract(tally: &Tally, remedy: &str) -> String {
    let mut line = String::new();
    if !tally.unchecked.is_empty() {
        let meant =
            |name: &str| tally.meant.get(name).map_or(String::new(), |meant| format!("; did you mean {meant}?"));
        let named = |(name, count): (&String, _)| format!("{name} ({count}{})", meant(name));
        let services: Vec<String> = tally.unchecked.iter().map(named).collect();
        let _ = write!(line, "; not checked for want of a contract: {}{remedy}", services.join(", "));
    }
    let elsewhere = tally.elsewhere.values().sum();
    if elsewhere > 0 {
        let _ = write!(line, "; {}", of_no_api(elsewhere));
    }
    line
}

/// `3 exchanges that call no modelled AWS API`. Beside other hosts than AWS's these are AWS's that no model is of, such as
/// the console's, servers of users below AWS's hosts, and what browsers ask before they call.
pub(crate) fn of_no_api(exchanges: usize) -> String {
    let call = if exchanges == 1 { "calls" } else { "call" };
    format!("{} that {call} no modelled AWS API", plural(exchanges, "exchange"))
}

/// `; not of thing: s3 (1)`: exchanges that a job about one service cannot judge.
pub(super) fn of_others(tally: &Tally, service: &str) -> String {
    let of_aws = tally.unchecked.iter().map(|(name, count)| format!("{name} ({count})"));
    let elsewhere = Some(tally.elsewhere.values().sum::<usize>()).filter(|count| *count > 0);
    let others: Vec<String> = of_aws.chain(elsewhere.map(|count| format!("no modelled AWS API ({count})"))).collect();
    if others.is_empty() { String::new() } else { format!("; not of {service}: {}", others.join(", ")) }
}

/// What was read and is not part of the snapshot.
pub(crate) fn left_out(tally: &Tally) -> String {
    let passed_over = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})"));
    let unchecked =
        tally.unchecked.iter().map(|(service, count)| format!("{service}, for want of a contract ({count})"));
    let parts: Vec<String> = passed_over.chain(unchecked).collect();
    let left_out = if parts.is_empty() { String::new() } else { format!("; left out: {}", parts.join(", ")) };
    left_out + &unread(tally)
}
