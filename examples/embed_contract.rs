//! Makes an embedded contract: reads a botocore `service-2.json` (plain), drops its prose and compresses it.
//!
//! ```sh
//! cargo run --example embed_contract -- service-2.json src/ingest/embedded/cleanrooms-2023-08-30.json.gz
//! ```

use std::fs;
use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use serde_json::Value;

const PROSE: [&str; 3] = ["documentation", "deprecatedMessage", "deprecatedSince"];

fn main() -> io::Result<()> {
    let mut paths = std::env::args().skip(1);
    let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
        return Err(io::Error::other("usage: embed_contract service-2.json OUT.json.gz"));
    };
    let mut model: Value = serde_json::from_slice(&fs::read(from)?)?;
    strip(&mut model);
    // No file name and no time in the header: the same model gives the same bytes.
    let mut out = GzBuilder::new().mtime(0).write(fs::File::create(to)?, Compression::best());
    serde_json::to_writer(&mut out, &model)?;
    out.finish()?.flush()
}

/// Prose is a string under one of its keys; a *member* of such a name is an object and stays.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !(value.is_string() && PROSE.contains(&key.as_str())));
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
