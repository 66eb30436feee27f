//! One unit of work: reading it, holding its exchanges against their contracts, and placing the findings.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use super::choice::Resolved;
use super::content::{Content, MARK, OTHER};
use super::place::{Places, location};
use super::units::{Unit, Units};
use super::unnamed::Named;
use super::{Catalog, Checked, Judged, Naming, Options};
use crate::contract::{Breach, BreachKind, Contract};
use crate::error::Result;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::model::Direction;
use crate::outcome::{Seen, Tally};
use crate::protocol;
use crate::recording::packed;
use crate::recording::{Entry, Exchange, Extent, Format, HttpExchange, Malformed, Mark, Source, Unnamed};
use crate::rules;

/// Reads a unit once and judges it by each of the catalogs: one outcome for each.
pub(super) fn unit(unit: Unit, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    match unit {
        Unit::File(path) => match fs::read(&path) {
            Ok(bytes) if packed::is_packed(&bytes) => unpacked(path, bytes, options, catalogs),
            Ok(bytes) => {
                (options.progress)(bytes.len() as u64);
                whole(path, &bytes, options, catalogs)
            }
            Err(error) => Ok(alike(&unreadable(&path, error.to_string(), false), catalogs)),
        },
        Unit::Whole { path, bytes, read: count } => {
            (options.progress)(count);
            whole(path, &bytes, options, catalogs)
        }
        Unit::Piece { path, format, chunk, read: count } => {
            (options.progress)(count);
            let source = Source {
                path: &path,
                bytes: &chunk.bytes,
                first_line: chunk.first_line,
                first_entry: chunk.first_entry,
            };
            read(source, format, options, catalogs)
        }
        Unit::Skipped { path, reason } => Ok(alike(&skipped(path, reason), catalogs)),
        Unit::Omitted { path, reason } => {
            let tally = Tally { omitted: vec![(path, reason.as_str())], ..Tally::default() };
            Ok(alike(&Checked { tally, ..Checked::default() }, catalogs))
        }
        Unit::Unreadable { path, reason, harmless } => Ok(alike(&unreadable(&path, reason, harmless), catalogs)),
    }
}

/// The same outcome by each catalog.
fn alike(checked: &Checked, catalogs: &[&Catalog]) -> Vec<Checked> {
    catalogs.iter().map(|_| checked.clone()).collect()
}

/// A small file may unpack to a large one, so it is read as any stream.
fn unpacked(path: PathBuf, bytes: Vec<u8>, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    let mut all = alike(&Checked::default(), catalogs);
    for part in Units::of_stream(path, Box::new(Cursor::new(bytes)), options.format) {
        for (all, part) in all.iter_mut().zip(unit(part, options, catalogs)?) {
            all.tally.add(part.tally);
            all.scope.add(part.scope);
            all.findings.extend(part.findings);
            all.seen.extend(part.seen);
        }
    }
    Ok(all)
}

fn whole(path: PathBuf, bytes: &[u8], options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    let source = Source::whole(&path, bytes);
    let checked = match Content::of(&path, bytes, options) {
        Content::Recording(format) => return read(source, format, options, catalogs),
        Content::Broken { reason, offset } => {
            let told = Malformed { reason, offset, entry: None, harmless: false };
            Checked { findings: vec![malformed(&told, &source)], ..Checked::default() }
        }
        Content::Other => skipped(path, OTHER.into()),
    };
    Ok(alike(&checked, catalogs))
}

fn skipped(path: PathBuf, reason: String) -> Checked {
    Checked { tally: Tally { skipped: vec![(path, reason)], ..Tally::default() }, ..Checked::default() }
}

fn unreadable(path: &Path, reason: String, harmless: bool) -> Checked {
    let source = Source::whole(path, b"");
    let reason = if harmless { reason } else { format!("it cannot be read: {reason}") };
    let mut finding = malformed(&Malformed { reason, offset: 0, entry: None, harmless }, &source);
    finding.location.position = None;
    Checked { findings: vec![finding], ..Checked::default() }
}

fn malformed(malformed: &Malformed, source: &Source<'_>) -> Finding {
    let kind = BreachKind::Malformed { reason: malformed.reason.clone(), harmless: malformed.harmless };
    let mut finding = rules::exchange::judge(&Breach::whole(kind), None, None);
    finding.location = location(source, malformed.offset, source.start(), malformed.entry);
    finding
}

/// Judges the content of a file whose format is known.
pub(super) fn bytes(path: &Path, bytes: &[u8], format: &dyn Format, options: &Options<'_>) -> Result<Checked> {
    let source = Source::whole(path, bytes);
    Ok(read(source, format, options, &[options.catalog])?.pop().unwrap_or_default())
}

/// Reads a file, or a piece of one, and judges what is in it by each catalog.
fn read(
    mut source: Source<'_>,
    format: &dyn Format,
    options: &Options<'_>,
    catalogs: &[&Catalog],
) -> Result<Vec<Checked>> {
    let mut checked = Checked::default();
    let is_beginning = source.first_line == 1;
    checked.tally.recordings = usize::from(is_beginning);
    if is_beginning {
        checked.scope.read(&source.path.to_string_lossy());
    }
    if let Some(rest) = source.bytes.strip_prefix(MARK).filter(|_| is_beginning) {
        source.bytes = rest;
        let reason = "it begins with a byte order mark, which is passed over".to_owned();
        let told = Malformed { reason, offset: 0, entry: None, harmless: true };
        checked.findings.push(malformed(&told, &source));
    }
    let reading = |catalog| Reading {
        source: &source,
        options,
        catalog,
        known: source.start(),
        calls: HashMap::new(),
        checked: checked.clone(),
    };
    let mut readings: Vec<Reading<'_>> = catalogs.iter().copied().map(reading).collect();
    let mut failed = None;
    format.read(&source, &mut |entry| {
        if failed.is_none() {
            failed = readings.iter_mut().find_map(|reading| reading.entry(&entry).err());
        }
    });
    failed.map_or(Ok(readings.into_iter().map(|reading| reading.checked).collect()), Err)
}

/// A source that is being read.
struct Reading<'r> {
    source: &'r Source<'r>,
    options: &'r Options<'r>,
    /// The contracts that it is judged by.
    catalog: &'r Catalog,
    /// A byte of the source with its line; moves on to the exchange where that is counted.
    known: Mark,
    /// Findings about requests, by the call that they are attempts at.
    calls: HashMap<String, Vec<Finding>>,
    /// What was found.
    checked: Checked,
}

impl Reading<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> Result<()> {
        match entry {
            Entry::Malformed(told) => self.checked.findings.push(malformed(told, self.source)),
            Entry::PassedOver(what) => self.pass_over(what),
            Entry::Exchange(exchange) => return self.exchange(exchange, None),
            Entry::Unnamed(unnamed) => return self.unnamed(unnamed.clone()),
            Entry::Http(http) => return self.http(http),
        }
        Ok(())
    }

    fn pass_over(&mut self, what: &'static str) {
        *self.checked.tally.passed_over.entry(what).or_default() += 1;
    }

    /// Finds out the operation of an exchange and judges it.
    fn unnamed(&mut self, unnamed: Unnamed<'_>) -> Result<()> {
        let Options { service, operations, .. } = self.options;
        match self.catalog.name(unnamed, *service, Naming::of(operations, self.source.path))? {
            Named::Exchange(exchange, ambiguous) => self.exchange(&exchange, ambiguous)?,
            Named::Unclear(what) => self.pass_over(what),
        }
        Ok(())
    }

    /// Judges an exchange whose operation is known. `ambiguous` says that it is one of several.
    fn exchange(&mut self, exchange: &Exchange<'_>, ambiguous: Option<Breach>) -> Result<()> {
        self.checked.tally.exchanges += usize::from(exchange.extent == Extent::Exchange);
        let Some(mut resolved) = self.catalog.resolve(exchange, self.options.service)? else {
            let service = exchange.service.as_str().to_owned();
            *self.checked.tally.unchecked.entry(service.clone()).or_default() += 1;
            self.list(exchange, service, None);
            return Ok(());
        };
        resolved.ambiguous = resolved.ambiguous.or(ambiguous);
        let service = resolved.contract.service().name.clone();
        let contract = resolved.contract;
        let findings = self.judge(exchange, None, resolved);
        self.show(exchange, None, contract, &findings)?;
        self.list(exchange, service, Some(findings.len()));
        self.checked.findings.extend(findings);
        Ok(())
    }

    /// Decodes an HTTP exchange and judges it.
    fn http(&mut self, http: &HttpExchange<'_>) -> Result<()> {
        self.checked.tally.exchanges += 1;
        let evidence = Evidence::of(&http.request);
        let resolved = self.catalog.resolve_http(http, &evidence, self.options.service)?;
        let Some((resolved, exchange)) = resolved else {
            let service = evidence.label();
            *self.checked.tally.unchecked.entry(service.clone()).or_default() += 1;
            self.list(&protocol::undecoded(http, &evidence), service, None);
            return Ok(());
        };
        let service = resolved.contract.service().name.clone();
        let contract = resolved.contract;
        let mut findings = self.judge(&exchange, Some(http), resolved);
        self.show(&exchange, Some(http), contract, &findings)?;
        if let Some(call) = evidence.invocation {
            match self.calls.entry(call) {
                Occupied(earlier) => {
                    // The same request once more, with the same to be said about it.
                    self.checked.tally.retries += 1;
                    findings.retain(|finding| !earlier.get().iter().any(|told| is_same(told, finding)));
                }
                Vacant(first) => {
                    let on_request = |finding: &&Finding| finding.direction == Some(Direction::Request);
                    first.insert(findings.iter().filter(on_request).cloned().collect());
                }
            }
        }
        self.list(&exchange, service, Some(findings.len()));
        self.checked.findings.extend(findings);
        Ok(())
    }

    /// Shows an exchange to the onlooker.
    fn show(
        &mut self,
        exchange: &Exchange<'_>,
        http: Option<&HttpExchange<'_>>,
        contract: &Contract,
        findings: &[Finding],
    ) -> Result<()> {
        let Some(onlooker) = self.options.onlooker else { return Ok(()) };
        self.known = self.source.mark(exchange.offset, self.known);
        let location = location(self.source, exchange.offset, self.known, Some(exchange.entry));
        onlooker(&Judged { exchange, http, contract, location, findings })
    }

    /// Notes an exchange where that is asked for; `findings` is `None` where it was not checked.
    fn list(&mut self, exchange: &Exchange<'_>, service: String, findings: Option<usize>) {
        if !self.options.list {
            return;
        }
        self.known = self.source.mark(exchange.offset, self.known);
        self.checked.seen.push(Seen {
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
    ) -> Vec<Finding> {
        let Resolved { contract, mut observation, ambiguous } = resolved;
        self.count_release(exchange, contract);
        let file = self.source.path.to_string_lossy();
        self.checked.scope.judged(&file, &contract.service().name, &exchange.operation, exchange.halves());
        let tally = &mut self.checked.tally;
        tally.payloads += observation.payloads;
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
        let places = Places::new(self.source, exchange, http, contract);
        let mut findings: Vec<(usize, Finding)> =
            observation.breaches.iter().map(|breach| places.place(breach)).collect();
        findings.sort_by(|(a, first), (b, second)| {
            (a, first.rule.id, &first.pointer).cmp(&(b, second.rule.id, &second.pointer))
        });
        // In their order, so that a long line is counted once.
        let mut known = self.known;
        let located = findings.into_iter().map(|(offset, mut finding)| {
            known = self.source.mark(offset, known);
            finding.location = location(self.source, offset, known, Some(exchange.entry));
            finding
        });
        located.collect()
    }

    /// Counts the release that an exchange was held against, where its time chose it.
    fn count_release(&mut self, exchange: &Exchange<'_>, contract: &Contract) {
        let service = contract.service();
        let told = self.catalog.told_by_time(&service.name, exchange.recorded_at.as_deref());
        let Some(told) = told else { return };
        let release = service.release.known().map_or("", String::as_str);
        let tally = &mut self.checked.tally;
        let counts = if told { &mut tally.releases } else { &mut tally.undated };
        *counts.entry(format!("{}@{release}", service.name)).or_default() += 1;
    }
}

/// Whether two findings of one call say the same.
fn is_same(a: &Finding, b: &Finding) -> bool {
    (a.rule, a.direction, &a.pointer, &a.values) == (b.rule, b.direction, &b.pointer, &b.values)
}
