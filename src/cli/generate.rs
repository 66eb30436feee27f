//! `shapegate generate`

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::configuring::Configuring;
use super::contracts::Contracts;
use super::names;
use super::print;
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::generate::traffic::{FORMS, Form, Output, Recording, Sample, Samples};
use crate::generate::{Payloads, payloads};
use crate::model::{Direction, Encoding};
use crate::output::{FileName, Folder};
use crate::protocol::encode::Unwritable;
use crate::schema::half;
use crate::text::Escaping;

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
  shapegate generate --request --response --count 5 | shapegate check -

The same seed gives the same bytes. What no text can be made for is left out where it may be, and what no HTTP \
message holds; both are reported on stderr. Payloads keep the contract; presence expectations, which `check` asks of \
whole exchanges as well, are more than the contract, and their warnings may remain.")]
pub(super) struct Generate {
    /// Operations; all where none is named
    #[arg(value_name = "OPERATION")]
    operations: Vec<String>,

    /// Payloads of its input
    #[arg(long)]
    request: bool,

    /// Payloads of its output, also where neither half is named
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

    /// Folder to write files to: several where the form is of several, else one for each operation and half
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    contracts: Contracts,

    /// Service, where the source holds several
    #[arg(long)]
    service: Option<String>,
}

impl Generate {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        let catalog = self.contracts.catalog(&configuring.read()?, false)?;
        let name = names::only_one(self.service.as_deref(), catalog)?;
        let contract =
            catalog.contract(name)?.ok_or_else(|| Error::new(format!("no service {name:?} in the source")))?;
        let form = *FORMS.iter().find(|form| form.id() == self.form).ok_or_else(|| Error::new("no such form"))?;
        let named: Vec<&str> = self.operations.iter().map(String::as_str).collect();
        let all = || contract.service().operations.keys().map(String::as_str).collect();
        let operations = if named.is_empty() { all() } else { named };
        let halves = [(self.request, Direction::Request), (self.response || !self.request, Direction::Response)];
        let halves: Vec<Direction> = halves.iter().filter(|(asked, _)| *asked).map(|(_, half)| *half).collect();
        if operations.len() * halves.len() > 1 && self.out.is_none() && !form.is_by_line() {
            return Err(Error::new(format!("--as {} holds one operation", self.form)).remedy(
                "Name one operation and one of --request and --response, or give --out DIR for a file of each.",
            ));
        }
        let mut folder = self.out.as_ref().map(Folder::new);
        let mut written = 0;
        for operation in operations {
            for direction in &halves {
                match self.recording(contract, operation, *direction, form) {
                    Ok(recording) => {
                        let name = format!("{operation}.{}.{}", half(*direction), form.extension());
                        self.write(&name, recording, folder.as_mut())?;
                    }
                    // Of all, some may be beyond what can be made.
                    Err(error) if self.operations.is_empty() => {
                        super::tell(format_args!("left out: {operation} {direction}: {}", error.cause()));
                        continue;
                    }
                    Err(error) => return Err(error),
                }
                written += 1;
            }
        }
        if written == 0 {
            return Err(Error::new(format!("nothing can be made for {name}")));
        }
        Ok(0)
    }

    fn recording(
        &self,
        contract: &Contract,
        operation: &str,
        direction: Direction,
        form: &dyn Form,
    ) -> Result<Recording> {
        let encoding = form.encoding().unwrap_or(match self.encoding.as_str() {
            "parsed" => Encoding::Parsed,
            _ => Encoding::Wire,
        });
        let strategy = payloads(contract, operation, direction, encoding)?;
        for omission in strategy.omissions() {
            super::tell(format_args!("left out: {omission}"));
        }
        if let Some(told) = strategy.beyond().filter(|_| self.cover || self.faults) {
            super::tell(format_args!("{operation} {direction}: {told}"));
        }
        let samples = Samples::new(contract, operation, direction, encoding, Vec::new())?;
        let list = self.list(&strategy, &|sample| !form.is_http() || samples.fits_http(sample));
        form.write(&samples.with(list))
    }

    fn write(&self, name: &str, recording: Recording, folder: Option<&mut Folder>) -> Result<()> {
        tell(&recording.left_out);
        match (recording.written, folder) {
            // A model's names may hold what a terminal obeys; in JSON it means the same as an escape.
            (Output::Text(text), None) => print(|out| Escaping(out).write_all(text.as_bytes())),
            (Output::Text(text), Some(folder)) => folder.write(&FileName::of(name), text),
            (Output::Files(_), None) => {
                Err(Error::new(format!("--as {} is several files", self.form)).remedy("--out DIR takes them."))
            }
            (Output::Files(files), Some(folder)) => files.iter().try_for_each(|(name, text)| folder.write(name, text)),
        }
    }

    /// The payloads to write. Of random ones those that do not fit are passed over, and as many others drawn.
    fn list(&self, strategy: &Payloads, fits: &dyn Fn(&Sample) -> bool) -> Vec<Sample> {
        let count = self.count.unwrap_or(10);
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        let seeds = (0..count.saturating_mul(PATIENCE)).map(|turn| self.seed.wrapping_add(turn));
        if self.cover {
            return strategy.cover().into_iter().map(Sample::from).collect();
        }
        if self.faults && self.count.is_some() {
            let one = strategy.one_fault();
            let faults = seeds.filter_map(|seed| one.seeded(seed)).map(Sample::from);
            return faults.filter(fits).take(wanted).collect();
        }
        if self.faults {
            return strategy.faults().into_iter().map(Sample::from).collect();
        }
        seeds.map(|seed| strategy.seeded(seed)).map(Sample::from).filter(fits).take(wanted).collect()
    }
}

/// Tells on stderr which payloads are not written, by reason.
fn tell(left_out: &[Unwritable]) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for Unwritable(reason) in left_out {
        *reasons.entry(reason).or_default() += 1;
    }
    for (reason, count) in reasons {
        super::tell(format_args!("left out: {count} payloads that no HTTP message holds: {reason}"));
    }
}
