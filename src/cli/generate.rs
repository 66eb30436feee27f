//! `shapegate generate`

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::contracts::Contracts;
use super::print;
use crate::error::{Error, Result};
use crate::generate::traffic::{FORMS, Sample, Samples, Written};
use crate::generate::{Payloads, payloads};
use crate::model::{Direction, Encoding};
use crate::protocol::encode::Unwritable;

/// So many times as many payloads as are wanted are drawn at most.
const PATIENCE: u64 = 50;

#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
/// Write payloads that the contract allows, or such as break it in exactly one way
#[command(after_help = "\
Examples:
  shapegate generate GetMembership --response | shapegate check -
  shapegate generate StartProtectedQuery --request --faults | shapegate check -
  shapegate generate GetMembership --response --cover --as har > cover.har
  shapegate generate DescribeInstances --response --model botocore --service ec2 --count 100 --seed 7

The same seed gives the same bytes. What no text can be made for is left out where it may be, and what no HTTP message holds;
both are told on stderr.")]
pub(super) struct Generate {
    /// Operation
    operation: String,

    /// Payloads of its input
    #[arg(long, required_unless_present = "response", conflicts_with = "response")]
    request: bool,

    /// Payloads of its output
    #[arg(long)]
    response: bool,

    /// How many, drawn at random; 10 where nothing else is asked for
    #[arg(long, conflicts_with = "cover")]
    count: Option<u64>,

    /// Where the draws begin
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// A small list that shows everything the contract allows, in place of random ones
    #[arg(long)]
    cover: bool,

    /// Every rule at every place where it can break, each in a payload of its own; with --count, so many at random
    #[arg(long, conflicts_with = "cover")]
    faults: bool,

    /// How values are written
    #[arg(long, default_value = "wire", value_parser = ["wire", "parsed"])]
    encoding: String,

    /// What to write
    #[arg(long = "as", default_value = "records", value_parser = PossibleValuesParser::new(FORMS.iter().map(|f| f.id())))]
    form: String,

    /// Folder for forms of several files
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    contracts: Contracts,

    /// Service, where the source holds several
    #[arg(long)]
    service: Option<String>,
}

impl Generate {
    pub(super) fn run(self) -> Result<u8> {
        let catalog = self.contracts.catalog(false)?;
        let name = catalog.only_service(self.service.as_deref())?;
        let contract =
            catalog.contract(name)?.ok_or_else(|| Error::new(format!("no service {name:?} in the source")))?;
        let form = FORMS.iter().find(|form| form.id() == self.form).ok_or_else(|| Error::new("no such form"))?;
        let direction = if self.request { Direction::Request } else { Direction::Response };
        let encoding = form.encoding().unwrap_or(match self.encoding.as_str() {
            "parsed" => Encoding::Parsed,
            _ => Encoding::Wire,
        });
        let strategy = payloads(contract, &self.operation, direction, encoding)?;
        for omission in strategy.omissions() {
            let _ = writeln!(anstream::stderr(), "left out: {omission}");
        }
        let samples = Samples::new(contract, &self.operation, direction, encoding, Vec::new())?;
        let list = self.list(&strategy, &|payload| !form.is_http() || samples.fits_http(payload));
        let samples = samples.with(list);
        let recording = form.write(&samples)?;
        tell(&recording.left_out);
        match (recording.written, &self.out) {
            (Written::Text(text), None) => print(|out| out.write_all(text.as_bytes()))?,
            (Written::Text(_), Some(_)) => {
                return Err(Error::new(format!("--as {} is one text", self.form)).remedy("Leave out --out."));
            }
            (Written::Files(_), None) => {
                return Err(Error::new(format!("--as {} is several files", self.form)).remedy("--out DIR takes them."));
            }
            (Written::Files(files), Some(folder)) => {
                fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
                for (name, text) in files {
                    let path = folder.join(name);
                    fs::write(&path, text).map_err(|error| Error::io(&path, error))?;
                }
            }
        }
        Ok(0)
    }

    /// The payloads to write. Of random ones those that do not fit are passed over, and as many others drawn.
    fn list(&self, strategy: &Payloads, fits: &dyn Fn(&Value) -> bool) -> Vec<Sample> {
        let count = self.count.unwrap_or(10);
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        let seeds = (0..count.saturating_mul(PATIENCE)).map(|turn| self.seed.wrapping_add(turn));
        if self.cover {
            return strategy.cover().into_iter().map(Sample::from).collect();
        }
        if self.faults && self.count.is_some() {
            let one = strategy.one_fault();
            let faults = seeds.filter_map(|seed| one.seeded(seed)).filter(|fault| fits(&fault.payload));
            return faults.take(wanted).map(Sample::from).collect();
        }
        if self.faults {
            return strategy.faults().into_iter().map(Sample::from).collect();
        }
        seeds.map(|seed| strategy.seeded(seed)).filter(fits).take(wanted).map(Sample::from).collect()
    }
}

/// Tells on stderr which payloads are not written, by reason.
fn tell(left_out: &[Unwritable]) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for Unwritable(reason) in left_out {
        *reasons.entry(reason).or_default() += 1;
    }
    for (reason, count) in reasons {
        let _ = writeln!(anstream::stderr(), "left out: {count} payloads that no HTTP message holds: {reason}");
    }
}
