//! A copy of a recording without secrets, which still says the same about the contract.
//!
//! Credentials are masked by the readers already, members that the model marks sensitive by values of the same type and
//! length, and both anywhere in the text. Everything else stays byte for byte.

mod alike;
mod body;
mod copy;
mod left;
mod named;
mod yaml;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use self::body::PartOf;
use super::choice::Resolved;
use super::content::{Content, MARK};
use super::hidden::Hidden;
use super::identities::Identities;
use super::judge;
use super::mask::Mask;
use super::passes::{self, Passes, Reader, Turn};
use super::place::{Places, Secret};
use super::resolve::Found;
use super::scan::Scan;
use super::secrets::{Secrets, escaped};
use super::unnamed::Named;
use super::words::Words;
use super::{Checked, Naming, Options};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::limits::Limits;
use crate::model::{Direction, ShapeKind};
use crate::recording::named_text::Names;
use crate::recording::{
    Broken, Entry, Exchange, Format, Headers, HttpExchange, Joined, Mark, Source, Syntax, Unnamed, Written, credential,
    unescaped,
};

/// A cleaned copy.
#[derive(Debug)]
pub struct Cleaned {
    /// The copy.
    pub bytes: Vec<u8>,
    /// Places where something was masked.
    pub masked: usize,
    /// What could not be cleaned, as sentences. Where there is any, the copy is not fit to be passed on.
    pub left: Vec<String>,
    /// Exchanges that call no modelled AWS API. No contract says what is secret in them: what is a credential by its form, its
    /// name or its place is masked, and the rest is copied.
    pub elsewhere: usize,
    /// Something that looks like a secret stands in a place that was not understood, so that the copy must not be kept.
    pub suspect: bool,
}

impl Cleaned {
    /// The lines of the recording, from 1, in which something is open that is masked here. What consists of the letters and
    /// digits of masks alone is none.
    pub fn open_lines(&self, recording: &[u8]) -> Vec<usize> {
        alike::open_lines(recording, &self.bytes)
    }

    /// A text without access keys, which are masked anywhere; other bytes as they are.
    fn of(bytes: Vec<u8>) -> Self {
        let (bytes, masked) = match String::from_utf8(bytes) {
            Ok(text) => match credential::without_keys(&text) {
                Cow::Borrowed(_) => (text.into_bytes(), 0),
                Cow::Owned(without) => (without.into_bytes(), 1),
            },
            Err(binary) => (binary.into_bytes(), 0),
        };
        Self { bytes, masked, left: Vec::new(), elsewhere: 0, suspect: false }
    }

    /// Looks at the copy as it will be written. In one of which a part cannot be read, lists of headers may stand that nobody
    /// understood.
    fn scanned(mut self, scan: &Scan<'_>, is_broken: bool, limits: &Limits) -> Self {
        let left = scan.of_copy(&self.bytes, limits);
        self.suspect =
            !left.is_empty() || is_broken && credential::may_list_headers(&String::from_utf8_lossy(&self.bytes));
        self.left.extend(left);
        self
    }
}

/// Cleans a recording.
///
/// # Errors
/// It is no recording ([`ErrorKind::NothingToJudge`]), or a contract cannot be read.
pub fn clean(path: &Path, bytes: &[u8], options: &Options<'_>) -> Result<Cleaned> {
    cleaned(path, bytes, options, &mut None)
}

/// Cleans a recording of what names people, accounts and machines as well: account ids, addresses of mail and of
/// machines, and long keys of sensitive maps. Each is replaced by the same wherever it stands.
///
/// # Errors
/// As [`clean`].
pub fn clean_strictly(
    path: &Path,
    bytes: &[u8],
    options: &Options<'_>,
    identities: &mut Identities,
) -> Result<Cleaned> {
    cleaned(path, bytes, options, &mut Some(identities))
}

fn cleaned(
    path: &Path,
    bytes: &[u8],
    options: &Options<'_>,
    identities: &mut Option<&mut Identities>,
) -> Result<Cleaned> {
    let options = &Options { service: options.service_of(path), ..*options };
    let format = match Content::of(path, bytes, options) {
        Content::Recording(format) => format,
        Content::Broken { reason, .. } => {
            return Ok(Cleaner::new(options, identities.as_deref_mut(), Mask::ALL[0]).of_unreadable(bytes, &reason));
        }
        Content::Other => {
            return Err(Error::new("it is no recording").kinded(ErrorKind::NothingToJudge).at(path));
        }
    };
    let before = findings(path, bytes, format, options)?;
    let are_json = alike::json(path, bytes, format, options);
    let mut last = None;
    for mask in Mask::ALL {
        let cleaned = Cleaner::new(options, identities.as_deref_mut(), mask).clean(path, bytes, format)?;
        let after = findings(path, &cleaned.bytes, format, options)?;
        let is_readable = cleaned.bytes == bytes || are_json == alike::json(path, &cleaned.bytes, format, options);
        if is_readable && alike::same(&before, &after, identities.as_deref_mut()) {
            return Ok(cleaned);
        }
        last = Some(Cleaned { suspect: cleaned.suspect || !is_readable, ..cleaned });
    }
    let mut cleaned = last.ok_or_else(|| Error::new("there is no mask"))?;
    cleaned.left.push("the copy is not judged as the recording is: no mask fits the contract".to_owned());
    Ok(cleaned)
}

fn findings(path: &Path, bytes: &[u8], format: &'static dyn Format, options: &Options<'_>) -> Result<Vec<Finding>> {
    let Checked { findings, .. } = judge::bytes(path, bytes, format, options)?;
    Ok(findings)
}

/// Which error it is, is said in the open, even where nothing is known of its members.
fn kept(exchange: &Exchange<'_>) -> Vec<String> {
    let Some(error) = &exchange.error else { return Vec::new() };
    let status = exchange.status.map(|status| status.to_string());
    error.code.as_deref().map(str::to_owned).into_iter().chain(status).collect()
}

/// The contract of an exchange of which a half was not decoded, so that names alone say what is secret in it.
fn contract_of<'c>(found: &'c Found<(Resolved<'_>, Exchange<'_>)>, half: Direction) -> Option<&'c Contract> {
    match found {
        Found::Judged((resolved, exchange)) if exchange.payload(half).is_none() => Some(resolved.contract),
        _ => None,
    }
}

/// What is written in place of which bytes, by where these begin, the longest first.
type Edits = BTreeMap<(usize, Reverse<usize>), Vec<u8>>;

struct Cleaner<'o> {
    options: &'o Options<'o>,
    /// What stands for names, where these are replaced, too.
    identities: Option<&'o mut Identities>,
    /// How far it is.
    passes: Passes,
    /// Exchanges that call no modelled AWS API.
    elsewhere: usize,
    mask: Mask,
    /// What is written in place of the recording's bytes.
    edits: Edits,
    left: Vec<String>,
    /// What of that is said once.
    told: BTreeSet<String>,
    /// A byte of the source whose place is known.
    known: Option<Mark>,
    /// A part of it cannot be read.
    is_broken: bool,
    /// A body stands in several frames.
    has_frames: bool,
    /// Something secret may stand where nobody tells what is.
    is_hidden: bool,
    /// Texts that are no secret wherever they stand.
    kept: Vec<String>,
    /// What is called like a credential and is none.
    words: Words,
    /// Values that were masked somewhere, so that they are masked wherever they stand.
    secrets: Secrets,
    /// Bodies that cannot be read in the source, as they will stand in the copy but packed, with the numbers of their entries.
    encoded: Vec<(Written<'static>, usize)>,
    /// Parts of the copy that are no text.
    binary: Vec<Vec<u8>>,
    /// Bytes of bodies in files of their own, which a copy holds.
    beside: u64,
}

impl Reader for Cleaner<'_> {
    fn passes(&mut self) -> &mut Passes {
        &mut self.passes
    }

    fn entry(&mut self, source: &Source<'_>, entry: &Entry<'_>) -> Result<()> {
        match entry {
            Entry::Exchange(exchange) => return self.exchange(source, exchange),
            Entry::Http(http) => return self.http(source, http),
            Entry::Unnamed(unnamed) => return self.unnamed(source, unnamed.clone()),
            Entry::PassedOver(what) => self.stays(what),
            Entry::Masked { entry, texts } => texts.iter().for_each(|text| self.masked(source, *entry, text)),
            Entry::Malformed(malformed) => self.malformed(source, malformed),
            Entry::Broken(Broken { told, .. }) => told.iter().for_each(|malformed| self.malformed(source, malformed)),
            Entry::Sure(_) => {}
        }
        Ok(())
    }
}

impl<'o> Cleaner<'o> {
    fn new(options: &'o Options<'o>, identities: Option<&'o mut Identities>, mask: Mask) -> Self {
        Self {
            options,
            identities,
            passes: Passes::by(options),
            elsewhere: 0,
            mask,
            edits: BTreeMap::new(),
            left: Vec::new(),
            told: BTreeSet::new(),
            known: None,
            is_broken: false,
            has_frames: false,
            is_hidden: false,
            kept: Vec::new(),
            words: Words::default(),
            secrets: Secrets::default(),
            encoded: Vec::new(),
            binary: Vec::new(),
            beside: 0,
        }
    }
}

impl Cleaner<'_> {
    fn clean(mut self, path: &Path, bytes: &[u8], format: &dyn Format) -> Result<Cleaned> {
        let start = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let source = Source::whole(path, &bytes[start..]).within(self.options.limits);
        self.secrets.found_in(&String::from_utf8_lossy(source.bytes));
        passes::read(&source, format, None, std::slice::from_mut(&mut self))?;
        Ok(self.written(&bytes[..start], source.bytes, format))
    }

    /// An exchange whose operation the recording does not name.
    fn unnamed(&mut self, source: &Source<'_>, unnamed: Unnamed<'_>) -> Result<()> {
        let Options { catalog, service, operations, paths, .. } = self.options;
        match catalog.name(unnamed, *service, Naming::of(operations, source.path), *paths)? {
            Named::Exchange(exchange, _) => self.exchange(source, &exchange),
            Named::Unclear(what) => {
                self.stays(what);
                Ok(())
            }
        }
    }

    /// An exchange whose payloads stand in the source as they are.
    fn exchange(&mut self, source: &Source<'_>, exchange: &Exchange<'_>) -> Result<()> {
        let turn = self.passes.resolve(self.options.catalog, self.options.service, exchange)?;
        let Turn::Now(resolved) = turn else { return Ok(()) };
        let Some(resolved) = resolved else {
            self.unknown(exchange.service.as_str());
            return Ok(());
        };
        self.kept = kept(exchange);
        self.words.take(exchange, resolved.contract);
        self.keys(exchange, resolved.contract);
        self.unread(exchange, None, &resolved);
        let is_yaml =
            |half: &Direction| exchange.payload(*half).is_some_and(|own| matches!(own.syntax, Syntax::Yaml { .. }));
        if let Some(half) = [Direction::Request, Direction::Response].into_iter().find(is_yaml) {
            self.printed(source, exchange, half, resolved.contract);
            return Ok(());
        }
        let halves = [Direction::Request, Direction::Response].into_iter().filter_map(|half| exchange.payload(half));
        let strings = halves.map(|own| if let Syntax::Escaped { strings } = own.syntax { strings } else { 0 }).max();
        let strings = strings.unwrap_or_default();
        for secret in resolved.contract.sensitive(exchange) {
            let start = source.offset_of(secret);
            let range = (start, Reverse(start + secret.len()));
            let unescaped = (0..strings).try_fold(secret.to_owned(), |text, _| unescaped(&text));
            let layers = if unescaped.is_some() { strings } else { 0 };
            let plain = unescaped.as_deref().unwrap_or(secret);
            if let Ok(value) = serde_json::from_str(plain) {
                self.secrets.take(&value, &self.kept);
            }
            let masked = (0..layers).fold(self.json(plain), |masked, _| escaped(&masked));
            self.edits.insert(range, masked.into_bytes());
        }
        Ok(())
    }

    /// Takes the keys of sensitive maps, where names are replaced.
    fn keys(&mut self, exchange: &Exchange<'_>, contract: &Contract) {
        let Some(identities) = &mut self.identities else { return };
        contract.visit(exchange, &mut |visited| {
            let shape = contract.service().shape(visited.shape);
            let Some((shape, ShapeKind::Map(map))) = shape.map(|shape| (shape, &shape.kind)) else { return };
            let is_sensitive = |id| contract.service().shape(id).is_some_and(|part| part.sensitive);
            if shape.sensitive || is_sensitive(&map.key) || is_sensitive(&map.value) {
                visited
                    .value
                    .as_object()
                    .into_iter()
                    .flat_map(|entries| entries.keys())
                    .for_each(|key| identities.key(key));
            }
        });
    }

    fn http(&mut self, source: &Source<'_>, http: &HttpExchange<'_>) -> Result<()> {
        let evidence = Evidence::of_exchange(http);
        let turn = self.passes.resolve_http(self.options.catalog, self.options.service, http, &evidence)?;
        let Turn::Now(found) = turn else { return Ok(()) };
        let headers =
            http.request.headers.iter().chain(http.response.iter().flat_map(|response| response.headers.iter()));
        for written in headers.map(|(_, value)| value).chain([&http.request.url]).chain(&http.asides) {
            self.masked(source, http.entry, written);
        }
        let (secrets, in_url) = match &found {
            Found::Judged((resolved, exchange)) => {
                self.kept = kept(exchange);
                self.words.take(exchange, resolved.contract);
                self.keys(exchange, resolved.contract);
                self.patterns(http, exchange, resolved.contract);
                self.unread(exchange, Some(http), resolved);
                self.secrets(source, http, exchange, resolved.contract)
            }
            Found::Unchecked => {
                self.unknown(&evidence.label());
                Default::default()
            }
            Found::Elsewhere => {
                self.elsewhere += 1;
                Default::default()
            }
        };
        let judged = match &found {
            Found::Judged((resolved, exchange)) => Some((resolved.contract, exchange)),
            _ => None,
        };
        self.url(source, http, &in_url);
        let sent = secrets.iter().filter(|(half, _)| *half == Direction::Request).map(|(_, range)| range);
        self.pairs(source, http, &in_url, sent);
        let bodies = [(Direction::Request, http.request.body.as_ref())];
        let answered = (Direction::Response, http.response.as_ref().and_then(|response| response.body.as_ref()));
        for (direction, body) in bodies.into_iter().chain([answered]) {
            let Some(body) = body else { continue };
            self.has_frames |= body.joined.as_ref().is_some_and(Joined::is_frames);
            let within = secrets.iter().filter(|(half, _)| *half == direction).map(|(_, range)| range.clone());
            let contract = contract_of(&found, direction);
            let is_more = |name: &str| contract.is_some_and(|own| own.is_secret_name(name));
            let names: Option<&Names<'_>> = if contract.is_some() { Some(&is_more) } else { None };
            let part_of =
                judged.map_or(PartOf::Other, |(contract, exchange)| PartOf::of(exchange, direction, contract));
            let content = self.body(&body.bytes, (within.collect(), part_of), names);
            // A copy has no files beside it.
            if body.is_beside() {
                self.beside(content.len(), source)?;
            }
            if content != *body.bytes || body.is_beside() {
                self.rewrite(source.bytes, http.entry, body, &content);
            }
            if body.is_encoded() {
                self.keep_encoded(body, content, http.entry);
            }
        }
        Ok(())
    }

    /// What is sensitive within bodies and the URL; a sensitive header is masked at once.
    fn secrets(
        &mut self,
        source: &Source<'_>,
        http: &HttpExchange<'_>,
        exchange: &Exchange<'_>,
        contract: &Contract,
    ) -> (Vec<(Direction, Range<usize>)>, Hidden) {
        let places = Places::new(source, exchange, Some(http), contract);
        let (mut within, mut in_url) = (Vec::new(), Hidden::default());
        for direction in [Direction::Request, Direction::Response] {
            for secret in places.secrets(direction) {
                match secret {
                    Secret::Body(range) => within.push((direction, range)),
                    Secret::Header(name) => {
                        let headers = match direction {
                            Direction::Request => Some(&http.request.headers),
                            Direction::Response => http.response.as_ref().map(|response| &response.headers),
                        };
                        let all = headers.into_iter().flat_map(Headers::iter);
                        for (_, value) in all.filter(|(own, _)| own.eq_ignore_ascii_case(&name)) {
                            self.secrets.note(&value.text(), &self.kept);
                            let masked = self.mask.text(&value.text()).into_bytes();
                            self.rewrite(source.bytes, http.entry, value, &masked);
                        }
                    }
                    Secret::Url(hidden) => in_url = hidden,
                }
            }
        }
        (within, in_url)
    }

    /// Writes down what its reader has masked.
    fn masked(&mut self, source: &Source<'_>, entry: usize, written: &Written<'_>) {
        if written.masked {
            self.secrets.masked(source, written, &self.kept);
            self.rewrite(source.bytes, entry, written, &written.bytes);
        }
    }

    fn rewrite(&mut self, source: &[u8], entry: usize, written: &Written<'_>, content: &[u8]) {
        let Some(edits) = written.rewritten(source, content) else {
            let told = "holds something secret and is written in several pieces or packed";
            self.left.push(format!("a text of entry {entry} {told}"));
            self.is_hidden = true;
            return;
        };
        // What is masked twice is masked once: a later mask knows of the earlier one.
        self.edits.extend(edits.into_iter().map(|(range, text)| ((range.start, Reverse(range.end)), text)));
    }
}

#[cfg(test)]
mod tests;
