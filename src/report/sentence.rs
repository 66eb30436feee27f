//! The verdict in one sentence, with the same words and counts in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::aside;
use super::facts::{Ratio, counts_of, percent};
use crate::finding::Severity;
use crate::gate::{Cause, Scorecard, Verdict};
use crate::outcome::{
    Differences, EMPTY, History, Measure, MoreModels, Particulars, Score, Seen, Span, State, Tally, Totals, Upgrade,
    Wire,
};
use crate::text::plural;

/// Differences by weight, the heaviest first.
pub(super) const WEIGHTS: [(Severity, &str); 3] =
    [(Severity::Error, "breaking"), (Severity::Warning, "risky"), (Severity::Note, "compatible")];

/// Whether the run passed, or why not; what was found in how much; and what was not judged.
pub(super) fn sentence(verdict: &Verdict) -> String {
    let told = match &verdict.particulars {
        Particulars::Traffic => traffic(verdict),
        Particulars::Upgrade(upgrade) => of_upgrade(verdict, upgrade),
        Particulars::Wire(wire) => of_wire(verdict, wire),
        Particulars::History(history) => of_history(history, &verdict.tally),
        Particulars::Score(score) => of_score(score),
        Particulars::Listing(seen) => listing(seen, verdict),
        Particulars::Differences(differences) => of_differences(differences),
        Particulars::Coverage => of_coverage(verdict),
        Particulars::Scorecard(_) => of_scorecard(verdict),
    };
    match word(verdict) {
        Some(word) => format!("{word}: {told}"),
        None => told,
    }
}

/// What the run comes to; `None` where the rest of the sentence says it.
fn word(verdict: &Verdict) -> Option<String> {
    if !verdict.passed {
        let causes: Vec<String> = verdict.causes.iter().filter_map(|cause| named(*cause, verdict)).collect();
        let causes = if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
        return Some(format!("failed{causes}"));
    }
    let tally = &verdict.tally;
    let word = match &verdict.particulars {
        Particulars::Traffic => match tally.not_checked() {
            Some((unchecked, of)) => return Some(format!("{unchecked} of {of} not checked")),
            None if tally.judged == 0 && tally.payloads == 0 => "nothing checked",
            None if verdict.has_nothing() && !tally.passed_over.contains_key(EMPTY) => "clean",
            None => "passed",
        },
        Particulars::Upgrade(upgrade) if verdict.has_nothing() => {
            if upgrade.partial.is_empty() {
                "no differences"
            } else {
                "nothing is shown that differs"
            }
        }
        Particulars::Wire(wire) if wire.accepted => "accepted",
        Particulars::Wire(_) if verdict.has_nothing() => "no differences",
        Particulars::Upgrade(_) | Particulars::Wire(_) | Particulars::Score(_) => "passed",
        Particulars::Coverage
        | Particulars::Scorecard(_)
        | Particulars::History(_)
        | Particulars::Differences(_)
        | Particulars::Listing(_) => return None,
    };
    Some(word.to_owned())
}

/// Why a run fails, where its counts do not say so.
fn named(cause: Cause, verdict: &Verdict) -> Option<String> {
    match cause {
        Cause::Findings(least) if verdict.count(Severity::Error) == 0 => {
            let is_upgrade = matches!(verdict.particulars, Particulars::Upgrade(_));
            let weight = WEIGHTS.iter().find(|(level, _)| *level == least).map_or("", |(_, weight)| *weight);
            let option = if is_of_program(&verdict.tally) { "fail_on:" } else { "--fail-on" };
            Some(format!("{option} {}", if is_upgrade { weight } else { least.as_str() }))
        }
        Cause::Unchecked if is_of_program(&verdict.tally) => {
            Some("unchecked exchanges: add `.model(…)` or `.allow_unchecked()`".to_owned())
        }
        Cause::Unchecked => Some("--fail-on-unchecked".to_owned()),
        Cause::Stale => Some("--fail-on-stale".to_owned()),
        Cause::Broken if verdict.count(Severity::Error) == 0 => Some("recorded exchanges break".to_owned()),
        Cause::Unread => Some("parts cannot be read".to_owned()),
        Cause::Coverage => Some(format!("{} of coverage not reached", plural(verdict.shortfalls.len(), "threshold"))),
        Cause::Findings(_) | Cause::Broken | Cause::Undetected | Cause::Differences => None,
    }
}

/// Whether a program asked, which has methods in place of the command's options.
pub(super) fn is_of_program(tally: &Tally) -> bool {
    tally.more_models == MoreModels::OfProgram
}

/// `2 errors, 1 warning, 0 notes`
fn counts(verdict: &Verdict) -> String {
    Severity::ALL.map(|level| plural(verdict.count(level), level.as_str())).join(", ")
}

/// `3 exchanges with 5 payloads`
fn read(tally: &Tally, exchanges: usize) -> String {
    match exchanges {
        0 => plural(tally.payloads, "payload"),
        some => format!("{} with {}", plural(some, "exchange"), plural(tally.payloads, "payload")),
    }
}

/// `; 3 approved; 1 stale`: what there is of each.
fn approvals(verdict: &Verdict) -> String {
    let counts = [
        (verdict.approved.len(), "approved"),
        (verdict.stale.len(), "stale"),
        (verdict.expired.len(), "expired"),
        (verdict.off.values().sum(), "off by configuration"),
        (verdict.without_effect.values().sum(), "without effect"),
        (verdict.beside, "not asked for"),
        (verdict.unlisted.values().sum(), "not listed"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0);
    said.fold(String::new(), |text, (count, word)| format!("{text}; {count} {word}"))
}

fn traffic(verdict: &Verdict) -> String {
    let tally = &verdict.tally;
    let recordings = plural(tally.recordings, "recording");
    let mut line = format!("{} in {} of {recordings}", counts(verdict), read(tally, tally.exchanges));
    match tally.retries {
        0 => {}
        1 => line.push_str("; 1 retry"),
        many => drop(write!(line, "; {many} retries")),
    }
    if tally.streams > 0 {
        let within = if tally.events > 0 { format!(" of {}", plural(tally.events, "event")) } else { String::new() };
        let _ = write!(line, "; {}{within} not judged", plural(tally.streams, "stream"));
    }
    match tally.unrecorded {
        0 => {}
        1 => line.push_str("; 1 body was not recorded"),
        many => drop(write!(line, "; {many} bodies were not recorded")),
    }
    for told in releases(tally) {
        let _ = write!(line, "; {told}");
    }
    line.push_str(&aside::passed_over(tally));
    line.push_str(&approvals(verdict));
    line.push_str(&aside::without_contract(tally, &format!(" ({})", tally.more_models.remedy())));
    line
}

/// Which contracts the exchanges' times chose, and which those took that tell none.
fn releases(tally: &Tally) -> Vec<String> {
    let listed = |counts: &BTreeMap<String, usize>| {
        let parts: Vec<String> = counts.iter().map(|(release, count)| format!("{release} ({count})")).collect();
        parts.join(", ")
    };
    let dated = (!tally.releases.is_empty()).then(|| format!("by their time held against {}", listed(&tally.releases)));
    let undated = (!tally.undated.is_empty()).then(|| {
        let option = if is_of_program(tally) { "`.contract(…)`" } else { "--contract" };
        format!("without a time of any release, against {} (a further {option} chooses)", listed(&tally.undated))
    });
    dated.into_iter().chain(undated).collect()
}

fn of_upgrade(verdict: &Verdict, upgrade: &Upgrade) -> String {
    // Findings are counted as in all other forms, though the halves of an exchange may share a line of text.
    let counts = WEIGHTS.map(|(level, word)| format!("{} {word}", verdict.count(level))).join(", ");
    let services = plural(upgrade.services.len(), "service");
    let partial = match &upgrade.partial[..] {
        [] => String::new(),
        services => format!("; only part of {} is known, so this proves nothing compatible", services.join(", ")),
    };
    format!("{counts} in {services}{}{partial}", approvals(verdict))
}

fn of_wire(verdict: &Verdict, wire: &Wire) -> String {
    let differing: BTreeSet<_> = verdict.kinds().into_keys().map(|kind| (kind.service, kind.operation)).collect();
    let differing = differing.iter().filter(|(service, _)| service.is_some()).count();
    let tally = &verdict.tally;
    format!(
        "{}; {differing} of {} in {} with {} of {}{}{}",
        counts(verdict),
        plural(wire.operations.len(), "operation"),
        plural(tally.exchanges, "exchange"),
        plural(tally.payloads, "payload"),
        plural(tally.recordings, "recording"),
        approvals(verdict),
        aside::left_out(tally)
    )
}

fn of_score(score: &Score) -> String {
    let total = score.total();
    let provable = plural(total.faults - total.excused, "fault");
    format!("{} of {provable} detected, {}", total.detected, percent(total))
}

/// How much of the operations and members of all services was touched.
fn of_coverage(verdict: &Verdict) -> String {
    let services = verdict.coverage.iter().flat_map(|coverage| coverage.services.values());
    let (mut seen, mut all) = (Totals::default(), Totals::default());
    for covered in services.clone() {
        seen += covered.seen();
        all += covered.all(false);
    }
    let part = |measure: Measure| {
        let ratio = Ratio::of(measure, &seen, &all);
        format!("{} of {} {}", ratio.seen, ratio.of, measure.about())
    };
    let tally = &verdict.tally;
    format!(
        "{} and {} of {} in {} of {}{}{}",
        part(Measure::Operations),
        part(Measure::Members),
        plural(services.count(), "service"),
        read(tally, tally.exchanges),
        plural(tally.recordings, "recording"),
        aside::passed_over(tally),
        aside::without_contract(tally, &format!(" ({})", tally.more_models.remedy()))
    )
}

fn of_scorecard(verdict: &Verdict) -> String {
    let card = Scorecard::of(verdict);
    let (total, tally) = (card.total(), &verdict.tally);
    let trend = card.trend.as_ref().map_or_else(String::new, |trend| format!("; {}", counts_of(trend)));
    format!(
        "{} conforming and {} failing of {} called, of {} in {}; {} in {} of {}{trend}{}{}{}",
        total.conforming,
        total.failing,
        plural(total.called, "operation"),
        total.operations,
        plural(card.services.len(), "service"),
        counts(verdict),
        read(tally, tally.exchanges),
        plural(tally.recordings, "recording"),
        approvals(verdict),
        aside::passed_over(tally),
        aside::without_contract(tally, &format!(" ({})", tally.more_models.remedy()))
    )
}

fn of_differences(differences: &Differences) -> String {
    let partial = differences.partial();
    let count = match differences.count() {
        0 if !partial.is_empty() => "nothing is shown that differs".to_owned(),
        0 => "no differences".to_owned(),
        some => plural(some, "difference"),
    };
    let partial = if partial.is_empty() {
        String::new()
    } else {
        format!("; only part of {} is known, and what it does not show was not compared", partial.join(", "))
    };
    format!("{count} in {}{partial}", plural(differences.services.len(), "service"))
}

fn listing(seen: &[Seen], verdict: &Verdict) -> String {
    let found = |one: &Seen| if let State::Checked(findings) = one.state { findings } else { 0 };
    let mut line = format!(
        "{} listed of {}, with {}",
        plural(seen.len(), "exchange"),
        plural(verdict.tally.recordings, "recording"),
        plural(seen.iter().map(found).sum(), "finding")
    );
    let unread = verdict.open().count();
    if unread > 0 {
        let _ = write!(line, "; {} not read", plural(unread, "part"));
    }
    line.push_str(&aside::passed_over(&verdict.tally));
    line.push_str(&aside::without_contract(&verdict.tally, ""));
    line
}

/// When the traffic fails, and how much of it there is.
fn of_history(history: &History, tally: &Tally) -> String {
    let spans = history.spans();
    let count = spans.len();
    let told: Vec<String> = spans.iter().enumerate().map(|(at, span)| turn(*span, at == 0, at + 1 == count)).collect();
    let always = match history.always {
        0 => String::new(),
        1 => "; besides, 1 fails under every release".to_owned(),
        many => format!("; besides, {many} fail under every release"),
    };
    let others: usize = tally.elsewhere.values().chain(tally.unchecked.values()).sum();
    let read = read(tally, tally.exchanges.saturating_sub(others));
    let mut line = format!("{}{always}: {read} of {}", told.join(", "), plural(history.recordings, "recording"));
    line.push_str(&aside::unread(tally));
    line.push_str(&aside::of_others(tally, &history.service));
    line
}

/// `fails until 2023-07-31`, `holds from 2023-08-30 to 2023-10-03`, `fails from 2023-11-14 on`.
fn turn(span: Span<'_>, is_first: bool, is_last: bool) -> String {
    let word = if span.fails { "fails" } else { "holds" };
    match (is_first, is_last) {
        (true, true) => format!("{word} under every release from {} to {}", span.first.day, span.last.day),
        (true, false) => format!("{word} until {}", span.last.day),
        (false, true) => format!("{word} from {} on", span.first.day),
        (false, false) if span.first == span.last => format!("{word} under {}", span.first.day),
        (false, false) => format!("{word} from {} to {}", span.first.day, span.last.day),
    }
}
