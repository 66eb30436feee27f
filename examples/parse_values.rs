//! The yardstick of the throughput claim: parses every line of an NDJSON file into a `serde_json::Value`.
//!
//! ```sh
//! cargo run --release --example parse_values -- records.ndjson
//! ```

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};

use serde_json::Value;

fn main() -> io::Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| io::Error::other("usage: parse_values RECORDS.ndjson"))?;
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut line, mut count) = (Vec::new(), 0_u64);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let value: Value = serde_json::from_slice(&line)?;
        count += u64::from(value.is_object());
        line.clear();
    }
    // Said, so that the work cannot be left out.
    writeln!(io::stdout(), "{count} records")
}
