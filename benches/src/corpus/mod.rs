//! The data: recordings of this project again and again, each time with other ids, numbers and texts. Seeded, so that every
//! machine measures the same bytes. Made once, by a process of its own (the one that measures stays small, for a process
//! begins with the peak memory of the one that starts it), below `target/bench/`.

mod http;
mod records;
mod vary;

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Result, root};
use vary::Random;

/// Changes whenever the data does.
const EDITION: &str = "1";

/// Where the data is, and how it is measured.
pub struct Corpus {
    folder: PathBuf,
    pub binary: PathBuf,
    pub is_quick: bool,
}

impl Corpus {
    /// Makes what is not there yet.
    pub fn new(is_quick: bool, binary: &Path) -> Result<Self> {
        if !binary.is_file() {
            return Err(format!("{} is not there; cargo build --release makes it", binary.display()).into());
        }
        let folder = root().join("target/bench").join(if is_quick { "quick" } else { "full" });
        if fs::read_to_string(folder.join("edition")).ok().as_deref() != Some(EDITION) {
            let size = if is_quick { "quick" } else { "full" };
            let made = Command::new(env::current_exe()?).args(["make", size]).arg(&folder).arg(binary).status()?;
            if !made.success() {
                return Err(format!("the data was not made: {made}").into());
            }
        }
        Ok(Self { folder, binary: binary.to_owned(), is_quick })
    }

    pub fn path(&self, name: &str) -> OsString {
        self.folder.join(name).into()
    }

    /// A wheel of botocore; `None` where there is none of this release.
    pub fn wheel(version: &str) -> Option<OsString> {
        let folder = PathBuf::from(env::var_os("SHAPEGATE_WHEELS")?);
        let wheel = folder.join(format!("botocore-{version}-py3-none-any.whl"));
        wheel.is_file().then(|| wheel.into())
    }
}

/// How much there is of what.
struct Size {
    records: usize,
    /// Powers of ten up to here.
    most: usize,
    files: usize,
    har: usize,
    yaml: usize,
}

const FULL: Size = Size { records: 50_000, most: 1_000_000, files: 20_000, har: 20 << 20, yaml: 6 << 20 };
const QUICK: Size = Size { records: 1_000, most: 10_000, files: 200, har: 1 << 19, yaml: 1 << 19 };

/// Numbers of services that are measured together.
pub const SERVICES: [usize; 5] = [1, 5, 10, 20, 39];

/// `make quick|full FOLDER BINARY`
pub fn make(arguments: &[String]) -> Result<()> {
    let [size, folder, binary] = arguments else { return Err("make quick|full FOLDER BINARY".into()) };
    let size = if size == "quick" { QUICK } else { FULL };
    let folder = Path::new(folder);
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    made_records(folder, &size)?;
    http::har(folder, size.har)?;
    http::yaml(folder, size.yaml)?;
    http::services(folder)?;
    by_the_command(folder, Path::new(binary), size.records)?;
    fs::write(folder.join("edition"), EDITION)?;
    Ok(())
}

fn made_records(folder: &Path, size: &Size) -> Result<()> {
    let templates = records::templates()?;
    let mut count = 1_000;
    while count <= size.most {
        let mut out = BufWriter::new(File::create(folder.join(format!("records-{count}.ndjson")))?);
        records::write(&templates, count, 0, &mut out)?;
        out.flush()?;
        count *= 10;
    }
    for percent in [0, 2, 30] {
        let mut out = BufWriter::new(File::create(folder.join(format!("faulty-{percent}.ndjson")))?);
        records::write(&templates, size.records, percent, &mut out)?;
        out.flush()?;
    }
    records::files(&templates, size.files, &folder.join("files"))?;
    let clean = fs::read(folder.join("faulty-0.ndjson"))?;
    let mut gz =
        flate2::write::GzEncoder::new(File::create(folder.join("records.ndjson.gz"))?, flate2::Compression::default());
    gz.write_all(&clean)?;
    gz.finish()?;
    let zst = ruzstd::encoding::compress_to_vec(&clean[..], ruzstd::encoding::CompressionLevel::Fastest);
    fs::write(folder.join("records.ndjson.zst"), zst)?;
    Ok(())
}

/// Schemas for other validators, and records as the library draws them.
fn by_the_command(folder: &Path, binary: &Path, records: usize) -> Result<()> {
    let contract = ["--contract", super::sections::CONTRACT];
    let schemas =
        Command::new(binary).arg("schema").args(contract).arg("--out").arg(folder.join("schemas")).output()?;
    if !schemas.status.success() {
        return Err(String::from_utf8_lossy(&schemas.stderr).into());
    }
    let operations = [
        "CreateMembership",
        "GetMembership",
        "UpdateMembership",
        "StartProtectedQuery",
        "GetProtectedQuery",
        "UpdateProtectedQuery",
    ];
    let count = (records / 12 / 5).to_string();
    let drawn = Command::new(binary)
        .arg("generate")
        .args(operations)
        .args(["--request", "--response", "--seed", "1", "--count", &count])
        .args(contract)
        .output()?;
    if !drawn.status.success() {
        return Err(String::from_utf8_lossy(&drawn.stderr).into());
    }
    // By operation as they are drawn, in turn as traffic has them.
    let mut lines: Vec<&[u8]> = drawn.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    Random::new(1).shuffle(&mut lines);
    fs::write(folder.join("generated.ndjson"), lines.join(&b'\n'))?;
    Ok(())
}
