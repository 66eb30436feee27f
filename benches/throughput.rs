//! Speed and memory of the main job, as ratios within one run: machines differ and are noisy.
//!
//! ```sh
//! cargo bench --bench throughput                       # records made from the project's fixtures
//! cargo bench --bench throughput -- records.ndjson     # records of your own (Clean Rooms, NDJSON)
//! ```
//!
//! Prints how long checking takes beside parsing the same records into `serde_json::Value`s, two threads beside one,
//! and how much the peak memory of the process grows from a file to one eight times as long.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;
use shapegate::check::{Catalog, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::embedded;

const ROUNDS: usize = 5;
/// Bytes of the records that are made when none are named.
const MADE: usize = 64 << 20;

fn main() -> io::Result<()> {
    let scratch = tempfile::tempdir()?;
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let records = match named {
        Some(path) => path,
        None => make(&scratch.path().join("records.ndjson"), MADE)?,
    };
    let mut out = io::stdout().lock();
    memory(&mut out, scratch.path(), &records)?;
    let mut seconds: [Vec<f64>; 3] = Default::default();
    for round in 0..=ROUNDS {
        let measured = [time(|| parse(&records)), time(|| check(&records, 1)), time(|| check(&records, 2))];
        // The first round warms the caches and is not counted.
        if round > 0 {
            for (all, one) in seconds.iter_mut().zip(measured) {
                all.push(one);
            }
        }
    }
    let [parsed, one, two] = seconds.map(median);
    writeln!(out, "check, one thread / parse into Values   {:.2}", one / parsed)?;
    writeln!(out, "check, two threads / one thread         {:.2}", two / one)?;
    writeln!(out, "({ROUNDS} rounds in turn, medians: parse {parsed:.2} s, one thread {one:.2} s, two {two:.2} s)")
}

/// Grows first with the short file, then with the long one, so that the difference is the file's doing.
fn memory(out: &mut impl Write, scratch: &Path, records: &Path) -> io::Result<()> {
    let short = scratch.join("short.ndjson");
    let mut reader = BufReader::new(File::open(records)?);
    let mut writer = BufWriter::new(File::create(&short)?);
    let length = fs::metadata(records)?.len() / 8;
    let (mut line, mut written) = (Vec::new(), 0);
    while written < length && reader.read_until(b'\n', &mut line)? > 0 {
        writer.write_all(&line)?;
        written += line.len() as u64;
        line.clear();
    }
    writer.flush()?;
    check(&short, 1);
    let after_short = peak();
    check(records, 1);
    match (after_short, peak()) {
        (Some(short), Some(long)) => {
            writeln!(
                out,
                "peak memory, 8 times the file / the file {:.2} ({short} KiB, {long} KiB)",
                ratio(long, short)
            )
        }
        _ => writeln!(out, "peak memory is not known on this system"),
    }
}

#[allow(clippy::cast_precision_loss, reason = "a ratio to two places")]
fn ratio(long: u64, short: u64) -> f64 {
    long as f64 / short as f64
}

/// Peak resident memory of this process, in KiB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

fn make(path: &Path, size: usize) -> io::Result<PathBuf> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings/cleanrooms/payloads.ndjson");
    let records = fs::read(fixture)?;
    let mut writer = BufWriter::new(File::create(path)?);
    for _ in 0..=size / records.len() {
        writer.write_all(&records)?;
    }
    writer.flush()?;
    Ok(path.to_owned())
}

fn parse(path: &Path) {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path).expect("readable"));
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).expect("readable") > 0 {
        let value: Value = serde_json::from_slice(&line).expect("a record");
        std::hint::black_box(value);
        line.clear();
    }
}

fn check(path: &Path, threads: usize) {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find("cleanrooms@2023-08-30").expect("it is embedded"));
    let expectations = Expectations::shipped().expect("they compile");
    let options = Options { threads, ..Options::new(&catalog, &expectations) };
    let checked = run(vec![Input::Path(path.to_owned())], &options).expect("it can be checked");
    assert!(checked.tally.payloads > 0, "nothing was checked");
}

fn time(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
