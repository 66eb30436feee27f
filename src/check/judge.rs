//! One unit of work: reading it, holding its exchanges against their contracts, and placing the findings.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalog::Resolved;
use super::units::{MARK, Unit, probe};
use super::{Checked, Options, excerpt};
use crate::contract::{Breach, BreachKind, Contract, REDACTED};
use crate::error::Result;
use crate::finding::{Finding, Location};
use crate::gate::Tally;
use crate::model::{Aspect, Direction};
use crate::recording::json;
use crate::recording::{self, Entry, Exchange, Extent, Format, Malformed, Source};
use crate::rules;

pub(super) fn unit(unit: Unit, options: &Options<'_>) -> Result<Checked> {
    match unit {
        Unit::File(path) => match fs::read(&path) {
            Ok(bytes) => whole(path, &bytes, options),
            Err(error) => Ok(unreadable(&path, error.to_string(), false)),
        },
        Unit::Whole { path, bytes } => whole(path, &bytes, options),
        Unit::Piece { path, format, chunk } => {
            (options.progress)(chunk.bytes.len() as u64);
            let source = Source {
                path: &path,
                bytes: &chunk.bytes,
                first_line: chunk.first_line,
                first_entry: chunk.first_entry,
            };
            read(source, format, options)
        }
        Unit::Skipped { path, reason } => Ok(skipped(path, reason)),
        Unit::Unreadable { path, reason, harmless } => Ok(unreadable(&path, reason, harmless)),
    }
}

fn whole(path: PathBuf, bytes: &[u8], options: &Options<'_>) -> Result<Checked> {
    (options.progress)(bytes.len() as u64);
    let source = Source { path: &path, bytes, first_line: 1, first_entry: 0 };
    match options.format.or_else(|| probe(&path, bytes, recording::recognise)) {
        Some(format) => read(source, format, options),
        None => Ok(match broken(&path, bytes) {
            Some((reason, offset)) => {
                let told = Malformed { reason, offset, entry: None, harmless: false };
                Checked { findings: vec![malformed(&told, &source)], ..Checked::default() }
            }
            None => skipped(path, "no recording of a known format".into()),
        }),
    }
}

/// What is wrong with a file that by its name should be a recording and is none: it may have been one.
fn broken(path: &Path, bytes: &[u8]) -> Option<(String, usize)> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if !matches!(extension, Some("json" | "ndjson" | "jsonl")) && path != Path::new("-") {
        return None;
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(("it is UTF-16 text; JSON is UTF-8".into(), 0));
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Some(("the file is empty".into(), 0));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(("it is not UTF-8 text".into(), error.valid_up_to())),
    };
    // Several JSON values one after the other are sound JSON of some other kind. A value that is nested too deep for
    // any reader is sound as well, but nothing that could be judged.
    match serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>().next()? {
        Ok(_) => None,
        Err(error) => Some(json::complaint(text, &error)),
    }
}

fn skipped(path: PathBuf, reason: String) -> Checked {
    Checked { tally: Tally { skipped: vec![(path, reason)], ..Tally::default() }, findings: Vec::new() }
}

fn unreadable(path: &Path, reason: String, harmless: bool) -> Checked {
    let source = Source { path, bytes: b"", first_line: 1, first_entry: 0 };
    let reason = if harmless { reason } else { format!("it cannot be read: {reason}") };
    let mut finding = malformed(&Malformed { reason, offset: 0, entry: None, harmless }, &source);
    finding.location.position = None;
    Checked { tally: Tally::default(), findings: vec![finding] }
}

fn malformed(malformed: &Malformed, source: &Source<'_>) -> Finding {
    let kind = BreachKind::Malformed { reason: malformed.reason.clone(), harmless: malformed.harmless };
    let mut finding = rules::judge(&Breach::whole(kind), None, None);
    finding.location = location(source, malformed.offset, (0, source.first_line), malformed.entry);
    finding
}

fn location(source: &Source<'_>, offset: usize, known: (usize, usize), entry: Option<usize>) -> Location {
    Location { file: source.path.display().to_string(), position: Some(source.position(offset, known)), entry }
}

/// Reads a file, or a piece of one, and judges what is in it.
fn read(mut source: Source<'_>, format: &dyn Format, options: &Options<'_>) -> Result<Checked> {
    let mut checked = Checked::default();
    let is_beginning = source.first_line == 1;
    checked.tally.recordings = usize::from(is_beginning);
    if let Some(rest) = source.bytes.strip_prefix(MARK).filter(|_| is_beginning) {
        source.bytes = rest;
        let reason = "it begins with a byte order mark, which is passed over".to_owned();
        let told = Malformed { reason, offset: 0, entry: None, harmless: true };
        checked.findings.push(malformed(&told, &source));
    }
    let mut failed = None;
    let mut known = (0, source.first_line);
    format.read(&source, &mut |entry| {
        if failed.is_some() {
            return;
        }
        match entry {
            Entry::Malformed(told) => checked.findings.push(malformed(&told, &source)),
            Entry::Exchange(exchange) => failed = judge(&source, &exchange, &mut known, options, &mut checked).err(),
        }
    });
    failed.map_or(Ok(checked), Err)
}

/// Judges one exchange. `known` is a byte before it with its line, and moves on to the exchange where that is counted.
fn judge(
    source: &Source<'_>,
    exchange: &Exchange<'_>,
    known: &mut (usize, usize),
    options: &Options<'_>,
    checked: &mut Checked,
) -> Result<()> {
    checked.tally.exchanges += usize::from(exchange.extent == Extent::Exchange);
    let resolved = options.catalog.resolve(exchange, options.service)?;
    let Some(Resolved { contract, mut observation, ambiguous }) = resolved else {
        *checked.tally.unchecked.entry(exchange.service.as_str().to_owned()).or_default() += 1;
        return Ok(());
    };
    checked.tally.payloads += observation.payloads;
    observation.breaches.extend(ambiguous);
    let unmet = options.expectations.observe(contract.service(), exchange, &observation.breaches);
    observation.breaches.extend(unmet);
    if observation.breaches.is_empty() {
        return Ok(());
    }
    let secrets = contract.sensitive(exchange);
    *known = (exchange.offset, source.position(exchange.offset, *known).0);
    let mut placed: Vec<(usize, Finding)> =
        observation.breaches.iter().map(|breach| place(source, exchange, *known, contract, breach, &secrets)).collect();
    placed.sort_by(|(a, first), (b, second)| (a, first.rule, &first.pointer).cmp(&(b, second.rule, &second.pointer)));
    checked.findings.extend(placed.into_iter().map(|(_, finding)| finding));
    Ok(())
}

/// Judges a breach and finds its place in the text; with it, the offset to sort by.
fn place(
    source: &Source<'_>,
    exchange: &Exchange<'_>,
    known: (usize, usize),
    contract: &Contract,
    breach: &Breach,
    secrets: &[&str],
) -> (usize, Finding) {
    let mut finding = rules::judge(breach, Some(&contract.service().name), Some(&exchange.operation));
    let payload = breach.direction.and_then(|direction: Direction| exchange.payload(direction));
    let range = match payload {
        Some(payload) => {
            let start = source.offset_of(payload.text);
            let mut within = json::locate(payload.text, &breach.pointer, breach.part);
            if matches!(breach.kind, BreachKind::AbsentMember) {
                // What should hold it is shown by its beginning.
                within.end = within.end.min(within.start + 1);
            }
            start + within.start..start + within.end
        }
        None => exchange.offset..exchange.offset,
    };
    finding.location = location(source, range.start, known, Some(exchange.entry));
    if breach.sensitive && breach.aspect == Aspect::Key {
        // The key is the value at fault. Elsewhere keys stay in pointers, for a finding must be findable.
        let above = finding.pointer.rfind('/').unwrap_or_default();
        finding.pointer.replace_range(above.., &format!("/{REDACTED}"));
    }
    finding.values.values_mut().for_each(excerpt::mask_keys);
    if payload.is_some() {
        finding.excerpt = excerpt::excerpt(source, range.clone(), secrets);
    }
    (range.start, finding)
}
