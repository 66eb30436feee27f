//! What is measured, by section.
//!
//! Aims in seconds are held as ratios: on the machine that they were set on, parsing 54 MB of records into `Value`s took 0.264 s
//! (November 2026), so that [`UNIT`], the same of these records, is as long as [`SECONDS`] there.

#![allow(clippy::unnecessary_wraps, reason = "all sections have one form")]

use std::env;
use std::ffi::OsString;

use super::Result;
use super::aim::Aim;
use super::corpus::{Corpus, SERVICES};
use super::measure::Row;

pub const CONTRACT: &str = "cleanrooms@2023-08-30";

/// Rows of a section; `None` where a wheel is missing.
type Rows = fn(&Corpus) -> Result<Option<Vec<Row>>>;

pub struct Section {
    pub name: &'static str,
    pub about: &'static str,
    /// The row that the others are measured by.
    pub base: &'static str,
    pub rows: Rows,
}

pub fn all() -> &'static [Section] {
    &[
        Section { name: "start", about: "Small inputs.", base: UNIT, rows: start },
        Section {
            name: "ndjson",
            about: "Payload records of Clean Rooms without a fault, and such as the library draws.",
            base: VALUE,
            rows: ndjson,
        },
        Section { name: "packed", about: "The same records as gz and zst.", base: VALUE, rows: packed },
        Section {
            name: "growth",
            about: "Records from 10^3 on; memory does not grow with them.",
            base: VALUE,
            rows: growth,
        },
        Section { name: "faults", about: "Shares of faulty records.", base: "0 %", rows: faults },
        Section { name: "files", about: "A folder of payload files.", base: "reading", rows: files },
        Section {
            name: "har",
            about: "HAR of one service and of many, without what is known to be wrong.",
            base: VALUE,
            rows: har,
        },
        Section { name: "yaml", about: "A cassette of vcrpy, of many services.", base: "events", rows: yaml },
        Section {
            name: "redact",
            about: "Copies without secrets, beside a check of the same.",
            base: "check",
            rows: redact,
        },
        Section { name: "services", about: "Recordings of so many services.", base: UNIT, rows: services },
        Section { name: "gates", about: "Upgrades.", base: UNIT, rows: gates },
    ]
}

/// The newest wheel, the one before it, and one that is years older.
const NEWEST: &str = "1.44.8";
const ADJACENT: [&str; 2] = ["1.35.99", "1.36.0"];

const VALUE: &str = "serde_json::Value";
/// What a second is measured by: parsing the clean records, 33 MB, into `Value`s.
const UNIT: &str = "Value of the records";
/// Seconds that [`UNIT`] took where the aims were set.
const SECONDS: f64 = 0.163;

/// An aim in seconds.
fn seconds(most: f64) -> Aim {
    Aim::cpu(UNIT, most / SECONDS)
}

fn row(name: impl Into<String>, command: impl IntoIterator<Item = OsString>) -> Row {
    Row { name: name.into(), command: command.into_iter().collect(), less: None, aims: Vec::new() }
}

/// This program as what is measured beside the command.
fn floor(name: impl Into<String>, kind: &str, paths: &[&OsString]) -> Row {
    let own = env::current_exe().map_or_else(|_| "shapegate-bench".into(), OsString::from);
    row(name, [own, "floor".into(), kind.into()].into_iter().chain(paths.iter().copied().cloned()))
}

/// The command with these words and paths.
fn command(name: impl Into<String>, corpus: &Corpus, words: &str, paths: &[&OsString]) -> Row {
    let words = words.split_whitespace().map(OsString::from);
    row(name, [corpus.binary.clone().into()].into_iter().chain(words).chain(paths.iter().copied().cloned()))
}

/// `check` by the embedded contract.
fn check(name: impl Into<String>, corpus: &Corpus, words: &str, path: &str) -> Row {
    command(name, corpus, &format!("check --contract {CONTRACT} {words}"), &[&corpus.path(path)])
}

/// `check` by a wheel.
fn check_by(name: impl Into<String>, corpus: &Corpus, wheel: &OsString, threads: usize, path: &str) -> Row {
    let words = format!("check --threads {threads} --model");
    command(name, corpus, &words, &[wheel, &corpus.path(path)])
}

fn unit(corpus: &Corpus) -> Row {
    floor(UNIT, "value", &[&corpus.path("faulty-0.ndjson")])
}

#[allow(clippy::unnecessary_wraps, reason = "a section of several that may lack a wheel")]
fn start(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let Some(wheel) = Corpus::wheel(NEWEST) else { return Ok(None) };
    let own = corpus.path("small.har");
    Ok(Some(vec![
        unit(corpus),
        floor("nothing at all", "nothing", &[]),
        command("--version", corpus, "--version", &[]),
        check("1,000 records", corpus, "--threads 1", "records-1000.ndjson"),
        check("a small HAR, contract within", corpus, "--threads 1", "small.har"),
        check_by("a small HAR, wheel", corpus, &wheel, 1, "small.har").aims([seconds(0.060).held()]),
        floor("the same HAR into a Value", "value", &[&own]),
        floor("all models of the wheel, unpacked", "models", &[&wheel]),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn ndjson(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let clean = "faulty-0.ndjson";
    let (own, drawn, schemas) = (corpus.path(clean), corpus.path("generated.ndjson"), corpus.path("schemas"));
    Ok(Some(vec![
        floor("reading", "read", &[&own]),
        floor("IgnoredAny", "ignored", &[&own]),
        floor(VALUE, "value", &[&own]),
        floor("jsonschema", "jsonschema", &[&schemas, &own]),
        floor("boon", "boon", &[&schemas, &own]),
        check("full path", corpus, "--threads 1 --no-fast-path", clean),
        check("shapegate", corpus, "--threads 1", clean).aims([Aim::cpu(VALUE, 0.50), Aim::peak(64.0).held()]),
        check("shapegate, 2 threads", corpus, "--threads 2", clean)
            .aims([Aim::cpu("shapegate", 1.10).held(), Aim::peak(64.0).held()]),
        floor("drawn: IgnoredAny", "ignored", &[&drawn]),
        floor("drawn: Value", "value", &[&drawn]),
        floor("drawn: jsonschema", "jsonschema", &[&schemas, &drawn]),
        check("drawn: full path", corpus, "--threads 1 --no-fast-path", "generated.ndjson"),
        check("drawn: shapegate", corpus, "--threads 1", "generated.ndjson"),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn packed(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let (gz, zst) = (corpus.path("records.ndjson.gz"), corpus.path("records.ndjson.zst"));
    Ok(Some(vec![
        floor(VALUE, "value", &[&corpus.path("faulty-0.ndjson")]),
        check("shapegate, not packed", corpus, "--threads 1", "faulty-0.ndjson"),
        floor("gz unpacked", "unpack", &[&gz]),
        floor("gz into Values", "unpack-value", &[&gz]),
        check("shapegate, gz", corpus, "--threads 1", "records.ndjson.gz").aims([Aim::peak(64.0).held()]),
        check("shapegate, gz, 2 threads", corpus, "--threads 2", "records.ndjson.gz"),
        floor("zst unpacked", "unpack", &[&zst]),
        floor("zst into Values", "unpack-value", &[&zst]),
        check("shapegate, zst", corpus, "--threads 1", "records.ndjson.zst").aims([Aim::peak(64.0).held()]),
        check("shapegate, zst, 2 threads", corpus, "--threads 2", "records.ndjson.zst"),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn growth(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let base = if corpus.is_quick { "records-1000.ndjson" } else { "records-100000.ndjson" };
    let mut rows = vec![floor(VALUE, "value", &[&corpus.path(base)])];
    let most = if corpus.is_quick { 4 } else { 6 };
    for power in 3..=most {
        let name = format!("records-{}.ndjson", 10_usize.pow(power));
        rows.push(floor(format!("10^{power}: Value"), "value", &[&corpus.path(&name)]));
        rows.push(check(format!("10^{power}: shapegate"), corpus, "--threads 1", &name).aims([Aim::peak(64.0).held()]));
    }
    Ok(Some(rows))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn faults(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    Ok(Some(vec![
        floor(VALUE, "value", &[&corpus.path("faulty-0.ndjson")]),
        check("0 %", corpus, "--threads 1", "faulty-0.ndjson"),
        check("2 %", corpus, "--threads 1", "faulty-2.ndjson").aims([Aim::cpu("0 %", 1.25)]),
        check("30 %", corpus, "--threads 1", "faulty-30.ndjson").aims([Aim::cpu("0 %", 2.0)]),
        check("2 %, full path", corpus, "--threads 1 --no-fast-path", "faulty-2.ndjson"),
        check("30 %, full path", corpus, "--threads 1 --no-fast-path", "faulty-30.ndjson"),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn files(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let folder = corpus.path("files");
    Ok(Some(vec![
        floor("reading", "read", &[&folder]),
        floor("IgnoredAny", "ignored", &[&folder]),
        floor(VALUE, "value", &[&folder]),
        check("shapegate", corpus, "--threads 1", "files").aims([Aim::cpu("reading", 1.3)]),
        check("shapegate, 2 threads", corpus, "--threads 2", "files"),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn har(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let (one, many) = (corpus.path("one.har"), corpus.path("many.har"));
    let mut rows = vec![
        floor("reading", "read", &[&one]),
        floor("IgnoredAny", "ignored", &[&one]),
        floor("messages, bodies passed over", "har", &[&one]),
        floor(VALUE, "value", &[&one]),
        check("each exchange once", corpus, "--threads 1", "one-once.har"),
        check("one service, full path", corpus, "--threads 1 --no-fast-path", "one.har").less("each exchange once"),
        check("one service", corpus, "--threads 1", "one.har")
            .less("each exchange once")
            .aims([Aim::cpu(VALUE, 1.0).held()]),
        check("one service, 2 threads", corpus, "--threads 2", "one.har"),
    ];
    if let Some(wheel) = Corpus::wheel(NEWEST) {
        let aims = [Aim::cpu("many: Value", 1.5)];
        rows.extend([
            floor("many: messages", "har", &[&many]),
            floor("many: Value", "value", &[&many]),
            check_by("many: each exchange once", corpus, &wheel, 1, "many-once.har"),
            check_by("many services", corpus, &wheel, 1, "many.har").less("many: each exchange once").aims(aims),
            check_by("many services, 2 threads", corpus, &wheel, 2, "many.har"),
        ]);
    }
    Ok(Some(rows))
}

fn yaml(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let Some(wheel) = Corpus::wheel(NEWEST) else { return Ok(None) };
    let cassette = corpus.path("cassette.yaml");
    let aims = [Aim::cpu("events", 2.5)];
    Ok(Some(vec![
        floor("events", "events", &[&cassette]),
        check_by("each exchange once", corpus, &wheel, 1, "cassette-once.yaml"),
        check_by("shapegate", corpus, &wheel, 1, "cassette.yaml").less("each exchange once").aims(aims),
        check_by("shapegate, 2 threads", corpus, &wheel, 2, "cassette.yaml"),
    ]))
}

#[allow(clippy::unnecessary_wraps, reason = "as above")]
fn redact(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let (har, to) = (corpus.path("small.har"), OsString::from("-"));
    let copy = |name, how| command(name, corpus, &format!("redact --redact {how} --contract {CONTRACT}"), &[&har, &to]);
    Ok(Some(vec![
        check("check", corpus, "--threads 1", "small.har"),
        copy("redact", "usual"),
        copy("redact, strict", "strict"),
    ]))
}

fn services(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let Some(wheel) = Corpus::wheel(NEWEST) else { return Ok(None) };
    let mut rows = vec![unit(corpus)];
    for count in SERVICES {
        let row = check_by(format!("{count} services"), corpus, &wheel, 1, &format!("services-{count}"));
        let aims = if count == 39 { vec![seconds(0.25), Aim::peak(90.0)] } else { Vec::new() };
        rows.push(row.aims(aims));
    }
    rows.push(check_by("39 services, 2 threads", corpus, &wheel, 2, "services-39"));
    Ok(Some(rows))
}

fn gates(corpus: &Corpus) -> Result<Option<Vec<Row>>> {
    let [older, newer] = ADJACENT.map(Corpus::wheel);
    let (Some(older), Some(newer), Some(newest)) = (older, newer, Corpus::wheel(NEWEST)) else { return Ok(None) };
    let gate = |name: &str, words: &str, to: &OsString, rest: &[&OsString]| {
        let words = format!("gate --threads 1 {words} --from");
        let between = OsString::from("--to");
        command(name, corpus, &words, &[&[&older, &between, to], rest].concat())
    };
    let (traffic, services) = (OsString::from("--traffic"), corpus.path("services-10"));
    let ten = [&traffic, &services];
    Ok(Some(vec![
        unit(corpus),
        floor("models of a wheel, unpacked", "models", &[&newest]),
        floor("models of a wheel, into Values", "models-value", &[&newest]),
        gate("adjacent, no witnesses", "--no-witnesses", &newer, &[]),
        gate("adjacent", "", &newer, &[]).aims([seconds(0.35).held()]),
        gate("years apart, no witnesses", "--no-witnesses", &newest, &[]),
        gate("years apart", "", &newest, &[]).aims([seconds(8.0), Aim::peak(300.0).held()]),
        gate("years apart, traffic of 10 services", "", &newest, &ten).aims([seconds(4.0).held()]),
    ]))
}
