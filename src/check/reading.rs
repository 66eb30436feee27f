//! Reading one recording: holding its exchanges against their contracts, and placing the findings.

use std::path::Path;

use super::calls::Calls;
use super::choice::Resolved;
use super::content::MARK;
use super::excerpt;
use super::passes::{self, Passes, Reader, Turn};
use super::place::{Places, location};
use super::resolve::Found;
use super::sure::InPlace;
use super::unnamed::Named;
use super::{Catalog, Checked, Judged, Naming, Options};
use crate::contract::{Breach, BreachKind, Contract};
use crate::error::Result;
use crate::evidence::{Evidence, Ground};
use crate::finding::Finding;
use crate::outcome::{EMPTY, Operations, SERVICE_OF, Seen, State};
use crate::paths::text_of;
use crate::protocol;
use crate::recording::{
    Broken, Entry, Exchange, Excuse, Extent, Format, Head, HttpExchange, Malformed, Mark, NO_LIST, Source, Unnamed,
};
use crate::rules;
use crate::text::plural;

/// Reads a file, or a piece of one, and judges what is in it by each catalog.
pub(super) fn read(
    mut source: Source<'_>,
    format: &dyn Format,
    options: &Options<'_>,
    catalogs: &[&Catalog],
) -> Result<Vec<Checked>> {
    let options = &Options { service: options.service_of(source.path), ..*options };
    let is_beginning = source.first_line == 1;
    let mut checked = if is_beginning { beginning(source.path) } else { Checked::default() };
    if let Some(rest) = source.bytes.strip_prefix(MARK).filter(|_| is_beginning) {
        source.bytes = rest;
        checked.findings.push(marked(source.path));
    }
    let mut readings = Reading::each(&source, options, catalogs, &checked);
    let sure = InPlace::of(catalogs, options);
    let is_empty = passes::read(&source, format, sure.as_ref(), &mut readings)?;
    if is_empty && is_beginning {
        readings.iter_mut().for_each(Reading::is_empty);
    }
    Ok(readings.into_iter().map(Reading::finish).collect())
}

/// What is known of a recording that begins.
pub(super) fn beginning(path: &Path) -> Checked {
    let mut checked = Checked::default();
    checked.tally.recordings = 1;
    checked.scope.read(&text_of(path));
    checked
}

/// The finding that a file begins with a byte order mark.
pub(super) fn marked(path: &Path) -> Finding {
    let reason = "it begins with a byte order mark, which is passed over";
    let told = Malformed { harmless: true, ..Malformed::new(reason, 0, None) };
    let source = Source::whole(path, b"");
    malformed(&told, &source, source.start())
}

/// A recording, or a piece of one, that is being read.
pub(super) struct Reading<'r> {
    path: &'r Path,
    /// Number of its first entry within the file, from 0.
    first_entry: usize,
    options: &'r Options<'r>,
    /// The contracts that it is judged by.
    catalog: &'r Catalog,
    /// A byte of the source at hand with its line; moves on to the exchange where that is counted.
    known: Mark,
    /// Calls that requests were attempts at.
    calls: Calls,
    /// Operations that were judged.
    judged: Operations,
    /// How far it is.
    passes: Passes,
    /// Findings by the numbers of their entries.
    found: Vec<(usize, Vec<Finding>)>,
    /// Exchanges by the numbers of their entries.
    seen: Vec<(usize, Seen)>,
    /// What was counted.
    checked: Checked,
}

impl Reader for Reading<'_> {
    fn passes(&mut self) -> &mut Passes {
        &mut self.passes
    }

    fn moves_to(&mut self, source: &Source<'_>) {
        self.known = source.start();
    }

    fn entry(&mut self, source: &Source<'_>, entry: &Entry<'_>) -> Result<()> {
        match entry {
            Entry::Malformed(told) => self.malformed(source, told),
            Entry::Broken(broken) => self.broken(source, broken),
            Entry::PassedOver(what) => self.pass_over(what),
            Entry::Masked { .. } => {}
            Entry::Exchange(exchange) => return self.exchange(source, exchange, None),
            Entry::Unnamed(unnamed) => return self.unnamed(source, unnamed.clone()),
            Entry::Http(http) => return self.http(source, http),
            Entry::Sure(head) => return self.sure(head),
        }
        Ok(())
    }

    fn begins_again(&mut self) -> bool {
        if !self.options.list {
            for (host, count) in self.passes.settle() {
                self.checked.tally.exchanges += count;
                *self.checked.tally.elsewhere.entry(host.to_string()).or_default() += count;
            }
        }
        self.passes.begin_again()
    }
}

impl<'r> Reading<'r> {
    /// A reading by each catalog, of which so much is known.
    pub(super) fn each(
        source: &Source<'r>,
        options: &'r Options<'r>,
        catalogs: &[&'r Catalog],
        checked: &Checked,
    ) -> Vec<Self> {
        let reading = |catalog: &&'r Catalog| Self {
            path: source.path,
            first_entry: source.first_entry,
            options,
            catalog,
            known: source.start(),
            calls: Calls::default(),
            judged: Operations::default(),
            passes: Passes::by(options),
            found: Vec::new(),
            seen: Vec::new(),
            checked: checked.clone(),
        };
        catalogs.iter().map(reading).collect()
    }

    /// Notes that there is nothing in it.
    pub(super) fn is_empty(&mut self) {
        self.pass_over(EMPTY);
    }

    /// What was found, in the order of the entries.
    pub(super) fn finish(mut self) -> Checked {
        self.checked.scope.judged(&text_of(self.path), self.judged);
        self.found.sort_by_key(|(number, _)| *number);
        self.seen.sort_by_key(|(number, _)| *number);
        self.checked.findings.extend(self.found.into_iter().flat_map(|(_, findings)| findings));
        self.checked.seen.extend(self.seen.into_iter().map(|(_, seen)| seen));
        self.checked
    }

    /// Keeps what was found in the entry at hand.
    fn find(&mut self, findings: Vec<Finding>) {
        if !findings.is_empty() {
            self.found.push((self.passes.number(), findings));
        }
    }

    fn pass_over(&mut self, what: &'static str) {
        *self.checked.tally.passed_over.entry(what.into()).or_default() += 1;
        if self.options.places {
            let file = self.path.display();
            // What has no entry is about the whole recording.
            let place = match self.passes.number().checked_sub(1) {
                Some(number) => format!("{file}, entry {}", self.first_entry + number),
                None => file.to_string(),
            };
            self.checked.tally.not_judged.push((place, what.to_owned()));
        }
    }

    /// Counts the bodies of an exchange that are streams.
    fn pass_over_streams(&mut self, source: &Source<'_>, exchange: &Exchange<'_>, service: &str) {
        let tally = &mut self.checked.tally;
        tally.streams += exchange.streams;
        tally.events += exchange.events;
        if exchange.streams > 0 && self.options.places {
            self.known = source.mark(exchange.offset, self.known);
            let place = location(source, exchange.offset, self.known, Some(exchange.entry)).text();
            let what = format!("{} of {service} {}", plural(exchange.streams, "stream"), exchange.operation);
            self.checked.tally.not_judged.push((place, what));
        }
    }

    /// Counts a payload that was judged as it was read.
    fn sure(&mut self, head: &Head<'_>) -> Result<()> {
        let Some(contract) = self.catalog.of_record(head.service)? else { return Ok(()) };
        self.passes.judged(contract);
        self.count_release(None, contract);
        self.judged.add(&contract.service().name, head.operation, [head.direction]);
        let tally = &mut self.checked.tally;
        tally.judged += 1;
        tally.payloads += 1;
        Ok(())
    }

    /// Finds out the operation of an exchange and judges it.
    fn unnamed(&mut self, source: &Source<'_>, unnamed: Unnamed<'_>) -> Result<()> {
        let Options { service, operations, paths, .. } = self.options;
        match self.catalog.name(unnamed, *service, Naming::of(operations, self.path), *paths)? {
            Named::Exchange(exchange, ambiguous) => self.exchange(source, &exchange, ambiguous)?,
            Named::Unclear(what) => self.pass_over(what),
        }
        Ok(())
    }

    /// Judges an exchange whose operation is known. `ambiguous` says that it is one of several.
    fn exchange(&mut self, source: &Source<'_>, exchange: &Exchange<'_>, ambiguous: Option<Breach>) -> Result<()> {
        let catalog = self.catalog;
        let Turn::Now(resolved) = self.passes.resolve(catalog, self.options.service, exchange)? else { return Ok(()) };
        self.checked.tally.exchanges += usize::from(exchange.extent == Extent::Exchange);
        let Some(mut resolved) = resolved else {
            let named = exchange.service.as_str();
            let of_user = self.options.service.filter(|_| named.is_empty());
            let unnamed = || format!("{SERVICE_OF}{}", exchange.operation);
            let service =
                of_user.map_or_else(|| if named.is_empty() { unnamed() } else { named.to_owned() }, str::to_owned);
            *self.checked.tally.unchecked.entry(service.clone()).or_default() += 1;
            self.list(source, exchange, &service, State::Unchecked, &[]);
            return Ok(());
        };
        let service = &resolved.contract.service().name;
        resolved.ambiguous = resolved.ambiguous.or(ambiguous);
        let (contract, grounds) = (resolved.contract, std::mem::take(&mut resolved.grounds));
        let findings = self.judge(source, exchange, None, resolved);
        self.show(source, exchange, None, contract, &findings)?;
        self.list(source, exchange, service, State::Checked(findings.len()), &grounds);
        self.find(findings);
        Ok(())
    }

    /// Tells what is wrong with an exchange, unless it is with a host that is no service's: then it is counted as such.
    fn broken(&mut self, source: &Source<'_>, broken: &Broken<'_>) {
        let evidence = Evidence::of(&broken.request);
        match self.passes.is_elsewhere(broken, &evidence, self.options.service) {
            Turn::Now(false) => broken.told.iter().for_each(|told| self.malformed(source, told)),
            Turn::Now(true) if !broken.is_read => {
                self.checked.tally.exchanges += 1;
                *self.checked.tally.elsewhere.entry(evidence.label()).or_default() += 1;
            }
            Turn::Now(true) | Turn::Later => {}
        }
    }

    /// Decodes an HTTP exchange and judges it.
    fn http(&mut self, source: &Source<'_>, http: &HttpExchange<'_>) -> Result<()> {
        let evidence = Evidence::of_exchange(http);
        let catalog = self.catalog;
        let turn = self.passes.resolve_http(catalog, self.options.service, http, &evidence)?;
        let Turn::Now(found) = turn else { return Ok(()) };
        // A body that breaks nothing is not asked for its hash.
        if let Found::Judged((resolved, exchange)) = &found
            && resolved.doubts_request()
            && let Some(http) = http.without_other_body(resolved.lacks_part_of_request(exchange))
        {
            let turn = self.passes.resolve_http(catalog, self.options.service, &http, &evidence)?;
            return if let Turn::Now(found) = turn { self.found(source, &http, evidence, found) } else { Ok(()) };
        }
        self.found(source, http, evidence, found)
    }

    /// Tells of a part that cannot be read.
    fn malformed(&mut self, source: &Source<'_>, told: &Malformed) {
        // A line may hold thousands of them, and is counted once.
        self.known = source.mark(told.offset, self.known);
        let is_forced = self.options.format.is_some() && told.reason == NO_LIST;
        let reason = || format!("{NO_LIST}; leave out --recording-format, and its own format is recognised");
        let of_another = is_forced.then(|| Malformed { reason: reason(), ..told.clone() });
        self.find(vec![malformed(of_another.as_ref().unwrap_or(told), source, self.known)]);
    }

    /// Judges an HTTP exchange by what was found of it.
    fn found(
        &mut self,
        source: &Source<'_>,
        http: &HttpExchange<'_>,
        evidence: Evidence,
        found: Found<(Resolved<'_>, Exchange<'_>)>,
    ) -> Result<()> {
        self.checked.tally.exchanges += 1;
        let (mut resolved, exchange) = match found {
            Found::Judged(found) => found,
            Found::Unchecked | Found::Elsewhere => {
                let label = evidence.label();
                let is_elsewhere = matches!(found, Found::Elsewhere);
                let tally = &mut self.checked.tally;
                let counts = if is_elsewhere { &mut tally.elsewhere } else { &mut tally.unchecked };
                *counts.entry(label.clone()).or_default() += 1;
                let state = if is_elsewhere { State::Elsewhere } else { State::Unchecked };
                self.list(source, &protocol::undecoded(http, &evidence), &label, state, &evidence.grounds());
                return Ok(());
            }
        };
        let service = &resolved.contract.service().name;
        let (contract, grounds) = (resolved.contract, std::mem::take(&mut resolved.grounds));
        let mut findings = self.judge(source, &exchange, Some(http), resolved);
        self.show(source, &exchange, Some(http), contract, &findings)?;
        if let Some(call) = evidence.invocation {
            self.checked.tally.retries += usize::from(self.calls.are_retried(&call, &mut findings));
        }
        self.list(source, &exchange, service, State::Checked(findings.len()), &grounds);
        self.find(findings);
        Ok(())
    }

    /// Shows an exchange to the onlooker.
    fn show(
        &mut self,
        source: &Source<'_>,
        exchange: &Exchange<'_>,
        http: Option<&HttpExchange<'_>>,
        contract: &Contract,
        findings: &[Finding],
    ) -> Result<()> {
        let Some(onlooker) = self.options.onlooker else { return Ok(()) };
        self.known = source.mark(exchange.offset, self.known);
        let location = location(source, exchange.offset, self.known, Some(exchange.entry));
        onlooker(&Judged { exchange, http, catalog: self.catalog, contract, location, findings })
    }

    /// Notes an exchange where that is asked for.
    fn list(&mut self, source: &Source<'_>, exchange: &Exchange<'_>, service: &str, state: State, grounds: &[Ground]) {
        if !self.options.list {
            return;
        }
        self.known = source.mark(exchange.offset, self.known);
        let seen = Seen {
            location: location(source, exchange.offset, self.known, Some(exchange.entry)),
            service: service.to_owned(),
            operation: exchange.operation.to_string(),
            protocol: exchange.protocol,
            status: exchange.status,
            state,
            why: grounds.iter().map(ToString::to_string).collect(),
        };
        self.seen.push((self.passes.number(), seen));
    }

    /// Turns what was observed into findings, in the order of their places.
    fn judge(
        &mut self,
        source: &Source<'_>,
        exchange: &Exchange<'_>,
        http: Option<&HttpExchange<'_>>,
        resolved: Resolved<'_>,
    ) -> Vec<Finding> {
        let Resolved { contract, mut observation, ambiguous, .. } = resolved;
        self.count_release(exchange.recorded_at.as_deref(), contract);
        self.judged.add(&contract.service().name, &exchange.operation, exchange.halves());
        let tally = &mut self.checked.tally;
        tally.judged += 1;
        tally.payloads += observation.payloads;
        let is_unrecorded = |breach: &&Breach| matches!(breach.kind, BreachKind::Unrecorded { .. });
        tally.unrecorded += observation.breaches.iter().filter(is_unrecorded).count();
        self.pass_over_streams(source, exchange, &contract.service().name);
        observation.breaches.extend(ambiguous);
        if !Excuse::Incomplete.holds(exchange.fidelity) {
            let unmet = self.options.expectations.observe(contract.service(), exchange, &observation.breaches);
            observation.breaches.extend(unmet);
        }
        if observation.breaches.is_empty() {
            return Vec::new();
        }
        // Later releases require more; hardly any takes something back.
        let lacks = observation.breaches.iter().any(|breach| breach.kind.is_absence());
        if lacks
            && let Some(newest) = self.catalog.newer_than(&contract.service().name, exchange.recorded_at.as_deref())
        {
            *self.checked.tally.outdated.entry(format!("{}@{}", newest.service, newest.release)).or_default() += 1;
        }
        self.known = source.mark(exchange.offset, self.known);
        let places = Places::new(source, exchange, http, contract);
        let mut findings: Vec<(usize, Finding)> =
            observation.breaches.iter().map(|breach| places.place(breach)).collect();
        findings.sort_by(|(a, first), (b, second)| {
            (a, first.rule.id, &first.pointer).cmp(&(b, second.rule.id, &second.pointer))
        });
        // In their order, so that a long line is counted once.
        let mut known = self.known;
        let located = findings.into_iter().map(|(offset, mut finding)| {
            known = source.mark(offset, known);
            finding.location = location(source, offset, known, Some(exchange.entry));
            finding
        });
        located.collect()
    }

    /// Notes what an exchange was held against, and counts the release where its time chose it.
    fn count_release(&mut self, recorded_at: Option<&str>, contract: &Contract) {
        let service = contract.service();
        let told = self.catalog.told_by_time(&service.name, recorded_at);
        // Where there is no choice by time, one exchange says it for all of the service.
        if told.is_some() || !self.checked.tally.contracts.contains_key(&service.name) {
            let sources = self.checked.tally.contracts.entry(service.name.clone()).or_default();
            sources.extend(self.catalog.source_of(contract));
        }
        let Some(told) = told else { return };
        let release = service.release.known().map_or("", String::as_str);
        let tally = &mut self.checked.tally;
        let counts = if told { &mut tally.releases } else { &mut tally.undated };
        *counts.entry(format!("{}@{release}", service.name)).or_default() += 1;
    }
}

/// A finding about a part that cannot be read; `known` is a byte before it, if any is counted already.
pub(super) fn malformed(malformed: &Malformed, source: &Source<'_>, known: Mark) -> Finding {
    let kind = match malformed.limit {
        Some((limit, most)) => BreachKind::LimitReached { limit: limit.name(), about: limit.about(), most },
        // An error about a value often shows it.
        None => BreachKind::Malformed {
            reason: excerpt::without_credentials(&malformed.reason),
            harmless: malformed.harmless,
        },
    };
    let mut finding = rules::exchange::judge(&Breach::whole(kind), None, None);
    finding.location = location(source, malformed.offset, known, malformed.entry);
    finding
}

/// The finding that what was named is no recording.
pub(super) fn no_recording(path: &Path, reason: &str) -> Finding {
    let kind = BreachKind::NoRecording { reason: reason.to_owned() };
    let mut finding = rules::exchange::judge(&Breach::whole(kind), None, None);
    finding.location.file = path.to_string_lossy().into_owned();
    finding
}
