//! `cargo xtask fixtures`: records the fixtures again, by the programs in `fixtures/record`.

use clap::{Args, ValueEnum};
use shapegate::error::Result;

use super::shell::run;

#[derive(Args)]
/// Record fixtures again; needs Python 3.11, and brings the SDKs that they were recorded with
pub(super) struct Fixtures {
    /// Which of them
    #[arg(value_enum)]
    which: Which,
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    /// fixtures/recordings/cleanrooms and fixtures/faulty
    Recordings,
    /// fixtures/moto
    Moto,
    /// schemas/cleanrooms
    Schemas,
}

impl Fixtures {
    pub(super) fn run(self) -> Result<()> {
        let python = |name: &str, requirements: &str| -> Result<String> {
            let folder = format!("target/record-{name}");
            run("python3", &["-m", "venv", &folder], &[])?;
            let python = format!("{folder}/bin/python");
            run(&python, &["-m", "pip", "install", "--quiet", "-r", &format!("fixtures/record/{requirements}")], &[])?;
            Ok(python)
        };
        match self.which {
            Which::Recordings => {
                let sdk = python("sdk", "requirements.txt")?;
                let moto = python("moto", "requirements-moto.txt")?;
                run(&sdk, &["fixtures/record/record.py", "--moto-python", &moto], &[])
            }
            Which::Moto => {
                let services = python("services", "requirements-services.txt")?;
                run(&services, &["fixtures/record/services.py"], &[])
            }
            Which::Schemas => schemas(),
        }
    }
}

/// Both views of the six operations that a page of the API change log documents.
fn schemas() -> Result<()> {
    const OPERATIONS: [&str; 6] = [
        "CreateMembership",
        "GetMembership",
        "GetProtectedQuery",
        "StartProtectedQuery",
        "UpdateMembership",
        "UpdateProtectedQuery",
    ];
    let shapegate = ["run", "--quiet", "--", "schema"];
    let page =
        ["--model", "fixtures/pages/cleanrooms-2023-08-30.txt", "--out", "schemas/cleanrooms/2023-08-30/documented"];
    run("cargo", &[&shapegate[..], &page].concat(), &[])?;
    let contract = ["--contract", "cleanrooms@2023-08-30", "--out", "schemas/cleanrooms/2023-08-30/modelled"];
    run("cargo", &[&shapegate[..], &contract, &OPERATIONS].concat(), &[])
}
