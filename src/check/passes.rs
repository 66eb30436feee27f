//! The two passes over a recording.
//!
//! What an exchange itself leaves open the others of its recording may decide, those behind it too. Such exchanges are
//! deferred in the first pass and read once more at the end; there are none in most recordings.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::Options;
use super::bounds::beyond;
use super::catalog::Catalog;
use super::choice::Resolved;
use super::resolve::{Found, Known};
use super::sure::InPlace;
use crate::contract::{Contract, Paths};
use crate::error::{Error, Result};
use crate::evidence::{Context, Evidence};
use crate::recording::{Broken, Entry, Exchange, Format, HttpExchange, Malformed, Source};

/// What reads the entries of a recording.
pub(super) trait Reader {
    /// How far it is.
    fn passes(&mut self) -> &mut Passes;

    /// The entries that follow are of this source.
    fn moves_to(&mut self, _source: &Source<'_>) {}

    /// Reads an entry of a source.
    ///
    /// # Errors
    /// A contract cannot be read.
    fn entry(&mut self, source: &Source<'_>, entry: &Entry<'_>) -> Result<()>;

    /// Turns back to the beginning. Whether entries were deferred that have to be read again.
    fn begins_again(&mut self) -> bool {
        self.passes().begin_again()
    }
}

/// Hands all entries of a source to its readers, those that are deferred twice. Whether there is none.
/// Payloads that `sure` is sure of are judged as they are read.
pub(super) fn read<R: Reader>(
    source: &Source<'_>,
    format: &dyn Format,
    sure: Option<&InPlace<'_>>,
    readers: &mut [R],
) -> Result<bool> {
    let is_empty = pass(source, format, sure, readers)?;
    // What the rest of the recording decides is known behind its end alone, so the recording is read once more for that.
    if begin_again(readers) {
        pass(source, format, sure, readers)?;
    }
    Ok(is_empty)
}

/// Turns back to the beginning. Whether entries were deferred that have to be read again.
pub(super) fn begin_again<R: Reader>(readers: &mut [R]) -> bool {
    // Each reader has to know of it, so that none goes on where the first pass ended.
    readers.iter_mut().map(R::begins_again).fold(false, |again, one| again | one)
}

fn pass<R: Reader>(
    source: &Source<'_>,
    format: &dyn Format,
    sure: Option<&InPlace<'_>>,
    readers: &mut [R],
) -> Result<bool> {
    let mut hand = Hand::new(readers);
    hand.moves_to(source);
    let mut sink = |entry: Entry<'_>| hand.over(source, &entry);
    match sure {
        Some(sure) => format.read_surely(source, &|head, text| sure.conforming(head, text), &mut sink),
        None => format.read(source, &mut sink),
    }
    hand.failed()?;
    Ok(hand.is_empty)
}

/// What hands entries over to readers.
pub(super) struct Hand<'h, R> {
    readers: &'h mut [R],
    failed: Option<Error>,
    /// There was none yet.
    pub(super) is_empty: bool,
}

impl<'h, R: Reader> Hand<'h, R> {
    pub(super) fn new(readers: &'h mut [R]) -> Self {
        Self { readers, failed: None, is_empty: true }
    }

    /// The entries that follow are of this source.
    pub(super) fn moves_to(&mut self, source: &Source<'_>) {
        self.readers.iter_mut().for_each(|reader| reader.moves_to(source));
    }

    /// Hands an entry over to each reader that reads it in this pass.
    pub(super) fn over(&mut self, source: &Source<'_>, entry: &Entry<'_>) {
        self.is_empty = false;
        let beyond = beyond(entry, source).map(|told| broken(entry, told));
        let entry = beyond.as_ref().unwrap_or(entry);
        if self.failed.is_none() {
            let next = |reader: &mut R| reader.passes().reads_next().then(|| reader.entry(source, entry));
            self.failed = self.readers.iter_mut().filter_map(next).find_map(Result::err);
        }
    }

    /// Number of the last entry that was handed over, from 1.
    pub(super) fn number(&mut self) -> usize {
        self.readers.first_mut().map_or(0, |reader| reader.passes().number())
    }

    /// The readers.
    pub(super) fn readers(&mut self) -> &mut [R] {
        self.readers
    }

    /// What a reader failed with.
    pub(super) fn failed(&mut self) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

/// An entry that holds more than is judged.
fn broken<'a>(entry: &Entry<'a>, told: Malformed) -> Entry<'a> {
    match entry {
        Entry::Http(http) => Entry::of_broken(Some(http.request.clone()), told, false),
        _ => Entry::Malformed(told),
    }
}

/// A reader's way through a recording.
#[derive(Default)]
pub(super) struct Passes {
    /// Number of the entry at hand, from 1.
    number: usize,
    /// What exchanges that are decided say about those that are not.
    context: Context,
    /// Entries that the rest of the recording may decide, each with its host where that is nobody's.
    deferred: BTreeMap<usize, Option<Arc<str>>>,
    /// These hosts, each of which many entries may have.
    hosts: HashSet<Arc<str>>,
    /// Nothing more is deferred: what an exchange leaves open, those before it decide.
    is_final: bool,
    /// Whether the deferred entries are read, and no others.
    is_second: bool,
    /// How exchanges are judged.
    paths: Paths,
    /// Whether anybody asks why an exchange is taken for a service's.
    is_asked_why: bool,
}

/// What an exchange is to the pass at hand.
#[allow(clippy::large_enum_variant, reason = "nearly all are decided")]
pub(super) enum Turn<T> {
    /// The rest of the recording may decide it: it is read again.
    Later,
    /// It is decided, as far as anything can.
    Now(T),
}

impl Passes {
    /// A way that begins, on which exchanges are judged so.
    pub(super) fn by(options: &Options<'_>) -> Self {
        Self { paths: options.paths, is_asked_why: options.list, ..Self::default() }
    }

    /// Number of the entry at hand, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Goes on to the next entry. Whether it is read in this pass.
    fn reads_next(&mut self) -> bool {
        self.number += 1;
        !self.is_second || self.deferred.remove(&self.number).is_some()
    }

    /// Stands at this entry, as it did before.
    pub(super) fn stand_at(&mut self, number: usize) {
        self.number = number;
    }

    /// Whether entries behind this one wait for a second reading.
    pub(super) fn waits(&self, behind: usize) -> bool {
        self.deferred.last_key_value().is_some_and(|(last, _)| *last > behind)
    }

    /// Defers nothing from here on.
    pub(super) fn decide_at_once(&mut self) {
        self.is_final = true;
    }

    /// Turns back to the beginning. Whether entries were deferred.
    pub(super) fn begin_again(&mut self) -> bool {
        (self.number, self.is_second) = (0, true);
        !self.deferred.is_empty()
    }

    /// Takes back the deferred entries where no other exchange went to the host of any of them, so that a second look
    /// would tell nothing: their hosts, with the number of them.
    pub(super) fn settle(&mut self) -> BTreeMap<Arc<str>, usize> {
        let is_nobodys = |host: &Arc<str>| self.context.of_host(host).next().is_none();
        let mut settled = BTreeMap::new();
        if self.deferred.values().all(Option::is_some) && self.hosts.iter().all(is_nobodys) {
            for host in std::mem::take(&mut self.deferred).into_values().flatten() {
                *settled.entry(host).or_default() += 1;
            }
        }
        settled
    }

    /// Takes an exchange that was judged already.
    pub(super) fn judged(&mut self, contract: &Contract) {
        self.context.add(&contract.service().name, None);
    }

    /// Holds an exchange against the contract of its service; `None` where there is none.
    pub(super) fn resolve<'c>(
        &mut self,
        catalog: &'c Catalog,
        service: Option<&str>,
        exchange: &Exchange<'_>,
    ) -> Result<Turn<Option<Resolved<'c>>>> {
        let resolved = catalog.resolve(
            exchange,
            Known { service, context: &self.context, paths: self.paths, is_asked_why: self.is_asked_why },
        )?;
        Ok(match &resolved {
            Some(resolved) if resolved.ambiguous.is_some() && self.defers(None) => Turn::Later,
            _ => {
                self.note(resolved.as_ref(), None);
                Turn::Now(resolved)
            }
        })
    }

    /// Finds service and operation of an HTTP exchange, decodes it and holds it against the contract.
    pub(super) fn resolve_http<'c, 'h>(
        &mut self,
        catalog: &'c Catalog,
        service: Option<&str>,
        http: &'h HttpExchange<'h>,
        evidence: &Evidence,
    ) -> Result<Turn<Found<(Resolved<'c>, Exchange<'h>)>>> {
        let found = catalog.resolve_http(
            http,
            evidence,
            Known { service, context: &self.context, paths: self.paths, is_asked_why: self.is_asked_why },
        )?;
        let is_later = match &found {
            Found::Elsewhere => !evidence.is_strong() && self.defers(Some(&evidence.host)),
            Found::Judged((resolved, _)) => resolved.ambiguous.is_some() && self.defers(None),
            Found::Unchecked => false,
        };
        if is_later {
            return Ok(Turn::Later);
        }
        if let Found::Judged((resolved, _)) = &found {
            self.note(Some(resolved), Some(&evidence.host));
        }
        Ok(Turn::Now(found))
    }

    /// Whether an exchange in which something is wrong is with a host that is no service's, as far as its request and the
    /// rest of the recording say. Where the user says which service exchanges are of, any may be of that.
    pub(super) fn is_elsewhere(
        &mut self,
        broken: &Broken<'_>,
        evidence: &Evidence,
        service: Option<&str>,
    ) -> Turn<bool> {
        if service.is_some() || !evidence.is_of_another_host() || self.context.of_host(&evidence.host).next().is_some()
        {
            return Turn::Now(false);
        }
        // One that is handed over as well is counted then.
        let host = Some(evidence.host.as_str()).filter(|_| !broken.is_read);
        if evidence.is_of_a_user() || !self.defers(host) { Turn::Now(true) } else { Turn::Later }
    }

    /// Defers the entry at hand, unless this is its second reading already.
    fn defers(&mut self, host: Option<&str>) -> bool {
        let is_later = !self.is_second && !self.is_final;
        if is_later {
            let host = host.map(|host| self.host(host));
            self.deferred.insert(self.number, host);
        }
        is_later
    }

    /// A host that is kept once.
    fn host(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.hosts.get(name) {
            return Arc::clone(known);
        }
        let host: Arc<str> = name.into();
        self.hosts.insert(Arc::clone(&host));
        host
    }

    /// Notes which service an exchange is of, where that is certain.
    fn note(&mut self, resolved: Option<&Resolved<'_>>, host: Option<&str>) {
        if let Some(resolved) = resolved.filter(|resolved| resolved.ambiguous.is_none()) {
            self.context.add(&resolved.contract.service().name, host);
        }
    }
}
