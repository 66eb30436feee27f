//! `shapegate schema`

use std::path::PathBuf;

use clap::Args;

use super::configuring::Configuring;
use super::contracts::Contracts;
use super::correcting::tell_stale;
use super::names;
use super::print;
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::model::{Correction, Direction, Encoding};
use crate::output::{FileName, Folder};
use crate::schema::{Emitter, half};
use crate::text::visible;

#[derive(Args)]
/// Write the contract as JSON Schema 2020-12: a file for each operation's input and output
#[command(after_help = "\
Examples:
  shapegate schema --contract cleanrooms@2023-08-30 GetMembership --out schemas/
  shapegate schema --model page.txt --out schemas/
  shapegate schema --model botocore --service s3 --encoding parsed --out schemas/")]
pub(super) struct Schema {
    /// Operations; all where none is named
    #[arg(value_name = "OPERATION")]
    operations: Vec<String>,

    /// Folder to write to; made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    contracts: Contracts,

    /// Service, where the source holds several
    #[arg(long)]
    service: Option<String>,

    /// How values are written
    #[arg(long, default_value = "wire", value_parser = ["wire", "parsed"])]
    encoding: String,
}

impl Schema {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        let catalog = self.contracts.catalog(&configuring.read()?, false)?;
        let name = names::only_one(self.service.as_deref(), catalog)?;
        let contract =
            catalog.contract(name)?.ok_or_else(|| Error::new(format!("no service {name:?} in the source")))?;
        let service = contract.service();
        let operations = self.chosen(contract)?;
        let encoding = if self.encoding == "parsed" { Encoding::Parsed } else { Encoding::Wire };
        let emitter = Emitter::new(service);
        let mut folder = Folder::new(&self.out);
        let mut written = 0;
        for operation in operations {
            for direction in [Direction::Request, Direction::Response] {
                let Some(schema) = emitter.operation(operation, direction, encoding) else { continue };
                let name = FileName::of(&format!("{operation}.{}.schema.json", half(direction)));
                folder.write(&name, format!("{schema:#}\n"))?;
                written += 1;
            }
        }
        print(|out| {
            for Correction { erratum, places, .. } in &service.corrections {
                writeln!(out, "corrected by {erratum}: {}", visible(&places.join(", ")))?;
            }
            writeln!(out, "{written} schemas of {} in {}", visible(name), self.out.display())
        })?;
        tell_stale(&catalog.stale_errata(false));
        Ok(0)
    }

    fn chosen<'a>(&'a self, contract: &'a Contract) -> Result<Vec<&'a str>> {
        let service = contract.service();
        if self.operations.is_empty() {
            return Ok(service.operations.keys().map(String::as_str).collect());
        }
        for operation in &self.operations {
            if !service.operations.contains_key(operation) {
                return Err(contract.no_operation(operation));
            }
        }
        Ok(self.operations.iter().map(String::as_str).collect())
    }
}
