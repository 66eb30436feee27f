//! One unit of work: reading it, holding its exchanges against their contracts, and placing the findings.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use super::catalog::Resolved;
use super::place::Places;
use super::units::{MARK, Unit, Units, probe};
use super::unnamed::Named;
use super::{Checked, Judged, Naming, Options, Seen};
use crate::contract::{Breach, BreachKind, Contract};
use crate::error::Result;
use crate::finding::{Finding, Location};
use crate::gate::Tally;
use crate::model::Direction;
use crate::protocol::{self, Evidence};
use crate::recording::{self, Entry, Exchange, Extent, Format, HttpExchange, Malformed, Mark, Source, Unnamed};
use crate::recording::{json, packed};
use crate::rules;

pub(super) fn unit(unit: Unit, options: &Options<'_>) -> Result<Checked> {
    match unit {
        Unit::File(path) => match fs::read(&path) {
            Ok(bytes) if packed::is_packed(&bytes) => unpacked(path, bytes, options),
            Ok(bytes) => {
                (options.progress)(bytes.len() as u64);
                whole(path, &bytes, options)
            }
            Err(error) => Ok(unreadable(&path, error.to_string(), false)),
        },
        Unit::Whole { path, bytes, read: count } => {
            (options.progress)(count);
            whole(path, &bytes, options)
        }
        Unit::Piece { path, format, chunk, read: count } => {
            (options.progress)(count);
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

/// A small file may unpack to a large one, so it is read as any stream.
fn unpacked(path: PathBuf, bytes: Vec<u8>, options: &Options<'_>) -> Result<Checked> {
    let mut all = Checked::default();
    for part in Units::of_stream(path, Box::new(Cursor::new(bytes)), options.format) {
        let part = unit(part, options)?;
        all.tally.add(part.tally);
        all.findings.extend(part.findings);
        all.seen.extend(part.seen);
    }
    Ok(all)
}

fn whole(path: PathBuf, bytes: &[u8], options: &Options<'_>) -> Result<Checked> {
    let source = Source { path: &path, bytes, first_line: 1, first_entry: 0 };
    match recognised(&path, bytes, options) {
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

/// The format that a file is read in; `None` where it is of none.
pub(super) fn recognised(path: &Path, bytes: &[u8], options: &Options<'_>) -> Option<&'static dyn Format> {
    let recognised = options.format.or_else(|| probe(path, bytes, recording::recognise));
    recognised.or_else(|| bare(path, bytes, options))
}

/// The format of single responses, where the user names their operation and the file may be one.
fn bare(path: &Path, bytes: &[u8], options: &Options<'_>) -> Option<&'static dyn Format> {
    let is_json = path.extension().is_some_and(|extension| extension == "json") || path == Path::new("-");
    let object = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii_start().starts_with(b"{");
    (Naming::of(options.operations, path).is_some() && is_json && object)
        .then(|| recording::format(recording::BARE))
        .flatten()
}

/// What is wrong with a file that by its name should be a recording and is none: it may have been one.
pub(super) fn broken(path: &Path, bytes: &[u8]) -> Option<(String, usize)> {
    let extension = packed::plain_name(path).extension().and_then(|extension| extension.to_str());
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
    Checked { tally: Tally { skipped: vec![(path, reason)], ..Tally::default() }, ..Checked::default() }
}

fn unreadable(path: &Path, reason: String, harmless: bool) -> Checked {
    let source = Source { path, bytes: b"", first_line: 1, first_entry: 0 };
    let reason = if harmless { reason } else { format!("it cannot be read: {reason}") };
    let mut finding = malformed(&Malformed { reason, offset: 0, entry: None, harmless }, &source);
    finding.location.position = None;
    Checked { findings: vec![finding], ..Checked::default() }
}

fn malformed(malformed: &Malformed, source: &Source<'_>) -> Finding {
    let kind = BreachKind::Malformed { reason: malformed.reason.clone(), harmless: malformed.harmless };
    let mut finding = rules::judge(&Breach::whole(kind), None, None);
    finding.location = location(source, malformed.offset, source.start(), malformed.entry);
    finding
}

pub(super) fn location(source: &Source<'_>, offset: usize, known: Mark, entry: Option<usize>) -> Location {
    Location { file: source.path.display().to_string(), position: Some(source.mark(offset, known).place()), entry }
}

/// Judges the content of a file whose format is known.
pub(super) fn bytes(path: &Path, bytes: &[u8], format: &dyn Format, options: &Options<'_>) -> Result<Checked> {
    read(Source { path, bytes, first_line: 1, first_entry: 0 }, format, options)
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
    let mut reading = Reading { source: &source, options, known: source.start(), calls: HashMap::new() };
    format.read(&source, &mut |entry| {
        if failed.is_some() {
            return;
        }
        match entry {
            Entry::Malformed(told) => checked.findings.push(malformed(&told, &source)),
            Entry::Exchange(exchange) => failed = reading.exchange(&exchange, None, &mut checked).err(),
            Entry::Unnamed(unnamed) => failed = reading.unnamed(unnamed, &mut checked).err(),
            Entry::PassedOver(what) => *checked.tally.passed_over.entry(what).or_default() += 1,
            Entry::Http(http) => failed = reading.http(&http, &mut checked).err(),
        }
    });
    failed.map_or(Ok(checked), Err)
}

/// A source that is being read.
struct Reading<'r> {
    source: &'r Source<'r>,
    options: &'r Options<'r>,
    /// A byte of the source with its line; moves on to the exchange where that is counted.
    known: Mark,
    /// Findings about requests, by the call that they are attempts at.
    calls: HashMap<String, Vec<Finding>>,
}

impl Reading<'_> {
    /// Finds out the operation of an exchange and judges it.
    fn unnamed(&mut self, unnamed: Unnamed<'_>, checked: &mut Checked) -> Result<()> {
        let Options { catalog, service, operations, .. } = self.options;
        match catalog.name(unnamed, *service, Naming::of(operations, self.source.path))? {
            Named::Exchange(exchange, ambiguous) => self.exchange(&exchange, ambiguous, checked),
            Named::Unclear(what) => {
                *checked.tally.passed_over.entry(what).or_default() += 1;
                Ok(())
            }
        }
    }

    /// Judges an exchange whose operation is known. `ambiguous` says that it is one of several.
    fn exchange(&mut self, exchange: &Exchange<'_>, ambiguous: Option<Breach>, checked: &mut Checked) -> Result<()> {
        checked.tally.exchanges += usize::from(exchange.extent == Extent::Exchange);
        let Some(mut resolved) = self.options.catalog.resolve(exchange, self.options.service)? else {
            let service = exchange.service.as_str().to_owned();
            *checked.tally.unchecked.entry(service.clone()).or_default() += 1;
            self.list(exchange, service, None, checked);
            return Ok(());
        };
        resolved.ambiguous = resolved.ambiguous.or(ambiguous);
        let service = resolved.contract.service().name.clone();
        let contract = resolved.contract;
        let findings = self.judge(exchange, None, resolved, &mut checked.tally);
        self.show(exchange, contract, &findings)?;
        self.list(exchange, service, Some(findings.len()), checked);
        checked.findings.extend(findings);
        Ok(())
    }

    /// Decodes an HTTP exchange and judges it.
    fn http(&mut self, http: &HttpExchange<'_>, checked: &mut Checked) -> Result<()> {
        checked.tally.exchanges += 1;
        let evidence = Evidence::of(&http.request);
        let resolved = self.options.catalog.resolve_http(http, &evidence, self.options.service)?;
        let Some((resolved, exchange)) = resolved else {
            let service = evidence.label();
            *checked.tally.unchecked.entry(service.clone()).or_default() += 1;
            self.list(&protocol::undecoded(http, &evidence), service, None, checked);
            return Ok(());
        };
        let service = resolved.contract.service().name.clone();
        let contract = resolved.contract;
        let mut findings = self.judge(&exchange, Some(http), resolved, &mut checked.tally);
        self.show(&exchange, contract, &findings)?;
        if let Some(call) = evidence.invocation {
            match self.calls.entry(call) {
                Occupied(earlier) => {
                    // The same request once more, with the same to be said about it.
                    checked.tally.retries += 1;
                    findings.retain(|finding| !earlier.get().iter().any(|told| is_same(told, finding)));
                }
                Vacant(first) => {
                    let on_request = |finding: &&Finding| finding.direction == Some(Direction::Request);
                    first.insert(findings.iter().filter(on_request).cloned().collect());
                }
            }
        }
        self.list(&exchange, service, Some(findings.len()), checked);
        checked.findings.extend(findings);
        Ok(())
    }

    /// Shows an exchange to the onlooker.
    fn show(&mut self, exchange: &Exchange<'_>, contract: &Contract, findings: &[Finding]) -> Result<()> {
        let Some(onlooker) = self.options.onlooker else { return Ok(()) };
        self.known = self.source.mark(exchange.offset, self.known);
        let location = location(self.source, exchange.offset, self.known, Some(exchange.entry));
        onlooker(&Judged { exchange, contract, location, findings })
    }

    /// Notes an exchange where that is asked for; `findings` is `None` where it was not checked.
    fn list(&mut self, exchange: &Exchange<'_>, service: String, findings: Option<usize>, checked: &mut Checked) {
        if !self.options.list {
            return;
        }
        self.known = self.source.mark(exchange.offset, self.known);
        checked.seen.push(Seen {
            location: location(self.source, exchange.offset, self.known, Some(exchange.entry)),
            service,
            operation: exchange.operation.to_string(),
            protocol: exchange.protocol,
            status: exchange.status,
            checked: findings.is_some(),
            findings: findings.unwrap_or(0),
        });
    }

    /// Turns what was observed into findings, in the order of their places.
    fn judge(
        &mut self,
        exchange: &Exchange<'_>,
        http: Option<&HttpExchange<'_>>,
        resolved: Resolved<'_>,
        tally: &mut Tally,
    ) -> Vec<Finding> {
        let Resolved { contract, mut observation, ambiguous } = resolved;
        tally.payloads += observation.payloads;
        self.count_release(exchange, contract, tally);
        tally.streams += exchange.streams;
        tally.events += exchange.events;
        observation.breaches.extend(ambiguous);
        if exchange.fidelity.is_complete() {
            let unmet = self.options.expectations.observe(contract.service(), exchange, &observation.breaches);
            observation.breaches.extend(unmet);
        }
        if observation.breaches.is_empty() {
            return Vec::new();
        }
        self.known = self.source.mark(exchange.offset, self.known);
        let places = Places::new(self.source, self.known, exchange, http, contract);
        let mut findings: Vec<(usize, Finding)> =
            observation.breaches.iter().map(|breach| places.place(breach)).collect();
        findings
            .sort_by(|(a, first), (b, second)| (a, first.rule, &first.pointer).cmp(&(b, second.rule, &second.pointer)));
        findings.into_iter().map(|(_, finding)| finding).collect()
    }

    /// Counts the release that an exchange was held against, where its time chose it.
    fn count_release(&self, exchange: &Exchange<'_>, contract: &Contract, tally: &mut Tally) {
        let service = contract.service();
        let told = self.options.catalog.told_by_time(&service.name, exchange.recorded_at.as_deref());
        let Some(told) = told else { return };
        let release = service.release.known().map_or("", String::as_str);
        let counts = if told { &mut tally.releases } else { &mut tally.undated };
        *counts.entry(format!("{}@{release}", service.name)).or_default() += 1;
    }
}

/// Whether two findings of one call say the same.
fn is_same(a: &Finding, b: &Finding) -> bool {
    (a.rule, a.direction, &a.pointer, &a.values) == (b.rule, b.direction, &b.pointer, &b.values)
}
