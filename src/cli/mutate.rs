//! `shapegate mutate`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::contracts::Contracts;
use super::progress::Progress;
use super::reading::{Reading, With};
use super::{FOUND, inputs, print};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::mutate::{Count, Score, Undetected, score};

/// Undetected faults that are shown where nothing else is asked for.
const SHOWN: usize = 20;

#[derive(Args)]
/// Break clean recordings in every single way, and report which faults go undetected
#[command(after_help = "\
Examples:
  shapegate mutate fixtures/recordings
  shapegate mutate --model botocore --show 0 cassettes/
  shapegate mutate --format json traffic/ | jq '.rules'

Every value that was recorded is broken in each way that its contract speaks of, one at a time; so are operation, \
status and error code. A fault counts as detected where its own rule finds it at its own place, as excused where only \
the form of the recording keeps the rule from it (a log leaves members out, so none can be missing). Exchanges that \
have findings as they are stay as they are. Exit code 1 where a fault went undetected, 2 where there was nothing to \
break.")]
pub(super) struct Mutate {
    /// Files and folders; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    contracts: Contracts,

    /// How to report
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,

    /// How many undetected faults to show; 0 is all
    #[arg(long, default_value_t = SHOWN)]
    show: usize,

    #[command(flatten)]
    reading: Reading,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Mutate {
    pub(super) fn run(self) -> Result<u8> {
        let catalog = self.contracts.catalog(false)?;
        let names = self.reading.names();
        let progress = Progress::start();
        let expectations = Expectations::shipped()?;
        let add = |bytes| progress.add(bytes);
        let with = With {
            catalog: &catalog,
            expectations: &expectations,
            names: &names,
            threads: self.threads,
            progress: &add,
        };
        let options = self.reading.options(&with);
        let scored = score(inputs(&self.paths), &options);
        progress.end();
        let score = scored?;
        if score.total().faults == 0 {
            let told = format!("there is nothing to break: {} clean exchanges or payloads", score.broken);
            return Err(Error::new(told).remedy("`shapegate check` says what was read and what is wrong with it."));
        }
        let shown = if self.show == 0 { usize::MAX } else { self.show };
        match self.format.as_str() {
            "json" => print(|out| writeln!(out, "{:#}", as_json(&score, shown)))?,
            _ => print(|out| as_text(&score, shown, out))?,
        }
        Ok(if score.undetected.is_empty() { 0 } else { FOUND })
    }
}

/// Percent of what could be detected, rounded down, so that only what is complete is 100.
fn percent(count: Count) -> String {
    let provable = count.faults - count.excused;
    if provable == 0 {
        return "-".to_owned();
    }
    let tenths = count.detected * 1000 / provable;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn as_text(score: &Score, shown: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:22}  {:>9}  {:>9}  {:>9}  {:>9}", "rule", "faults", "detected", "excused", "score")?;
    let total = score.total();
    for (rule, count) in score.rules.iter().chain([(&"all", &total)]) {
        let Count { faults, detected, excused } = count;
        writeln!(out, "{rule:22}  {faults:>9}  {detected:>9}  {excused:>9}  {:>9}", percent(*count))?;
    }
    if !score.undetected.is_empty() {
        writeln!(out, "\nundetected:")?;
    }
    for one in score.undetected.iter().take(shown) {
        writeln!(out, "  {}", told(one))?;
    }
    if score.undetected.len() > shown {
        writeln!(out, "  and {} more; --show 0 lists all", score.undetected.len() - shown)?;
    }
    write!(out, "\nbroken: {} clean exchanges or payloads of {} recordings", score.broken, score.tally.recordings)?;
    if score.unclean > 0 {
        write!(out, "; left as they are: {} with findings", score.unclean)?;
    }
    let unchecked: usize = score.tally.unchecked.values().sum();
    if unchecked > 0 {
        write!(out, "; {unchecked} of services without a contract")?;
    }
    if total.excused > 0 {
        write!(out, "\nexcused: {} faults that a recording of its form cannot prove", total.excused)?;
    }
    writeln!(out)
}

fn told(one: &Undetected) -> String {
    let line = one.location.position.map_or(0, |(line, _)| line);
    let place = if one.pointer.is_empty() { "the exchange" } else { &one.pointer };
    let instead: Vec<String> = one.instead.iter().map(|(rule, pointer)| format!("{rule} at {pointer:?}")).collect();
    let instead = if instead.is_empty() { String::new() } else { format!(", found instead: {}", instead.join(", ")) };
    let Undetected { location, operation, direction, rule, .. } = one;
    format!("{}:{line}: {rule} at {place}, {operation} {direction}{instead}", location.file)
}

fn as_json(score: &Score, shown: usize) -> Value {
    let count = |count: &Count| json!({"faults": count.faults, "detected": count.detected, "excused": count.excused});
    let rules: serde_json::Map<_, _> = score.rules.iter().map(|(rule, own)| ((*rule).to_owned(), count(own))).collect();
    let undetected = |one: &Undetected| {
        let instead = |(rule, pointer): &(&str, String)| json!({"rule": rule, "pointer": pointer});
        json!({
            "file": one.location.file,
            "line": one.location.position.map(|(line, _)| line),
            "entry": one.location.entry,
            "operation": one.operation,
            "direction": one.direction.as_str(),
            "pointer": one.pointer,
            "rule": one.rule,
            "instead": one.instead.iter().map(instead).collect::<Vec<_>>(),
        })
    };
    json!({
        "rules": rules,
        "all": count(&score.total()),
        "broken": score.broken,
        "unclean": score.unclean,
        "undetected": score.undetected.iter().take(shown).map(undetected).collect::<Vec<_>>(),
        "undetectedInAll": score.undetected.len(),
    })
}
