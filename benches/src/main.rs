//! Speed and memory of the command beside what else reads the same data, in one run: `README.md` says how to read it.
//!
//! Each figure is a process of its own: the built command, or this program as one of the [`floors`]. CPU time is user and
//! system time of the process, memory its largest resident set. The runs of a section take turns; ratios are made pair by pair.

mod aim;
mod corpus;
mod floors;
mod machine;
mod measure;
mod sections;
mod table;

use std::env;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use corpus::Corpus;
use sections::Section;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "\
shapegate-bench [--section NAME]... [--quick] [--rounds N] [--binary FILE] [--write] [--hold]

  --section NAME  only this one; may be repeated. --list names them
  --quick         small data and three rounds: what runs at all, not how fast
  --rounds N      so many rounds that count, behind one that warms up
  --binary FILE   the command to measure; target/release/shapegate
  --write         puts the tables into benches/README.md
  --hold          exit code 1 where an aim that was reached once is missed

SHAPEGATE_WHEELS is a folder of botocore's wheels; sections that need one are left out without it.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("floor") => floors::run(&arguments[1..]).map(|()| true),
        Some("make") => corpus::make(&arguments[1..]).map(|()| true),
        _ => Asked::read(&arguments).and_then(|asked| asked.run()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
struct Asked {
    sections: Vec<String>,
    is_quick: bool,
    rounds: usize,
    binary: PathBuf,
    writes: bool,
    holds: bool,
    lists: bool,
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut asked = Self {
            sections: Vec::new(),
            is_quick: false,
            rounds: 0,
            binary: root().join("target/release/shapegate"),
            writes: false,
            holds: false,
            lists: false,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
            match word.as_str() {
                "--section" => asked.sections.push(value()?.clone()),
                "--rounds" => asked.rounds = value()?.parse()?,
                "--binary" => asked.binary = Path::new(value()?).canonicalize()?,
                "--quick" => asked.is_quick = true,
                "--write" => asked.writes = true,
                "--hold" => asked.holds = true,
                "--list" => asked.lists = true,
                _ => return Err(format!("{word} is not known\n\n{USAGE}").into()),
            }
        }
        if asked.rounds == 0 {
            asked.rounds = if asked.is_quick { 3 } else { 5 };
        }
        Ok(asked)
    }

    /// Whether all aims hold that are held.
    fn run(&self) -> Result<bool> {
        let mut out = io::stdout().lock();
        let unknown = self.sections.iter().find(|name| sections::all().iter().all(|section| section.name != **name));
        if let Some(name) = unknown {
            return Err(format!("no section {name}; --list names them").into());
        }
        let chosen: Vec<&Section> = sections::all()
            .iter()
            .filter(|section| self.sections.is_empty() || self.sections.iter().any(|name| name == section.name))
            .collect();
        if self.lists {
            for section in chosen {
                writeln!(out, "{:10} {}", section.name, section.about)?;
            }
            return Ok(true);
        }
        let corpus = Corpus::new(self.is_quick, &self.binary)?;
        let (mut tables, mut all_hold) = (String::new(), true);
        for section in chosen {
            let Some(mut rows) = (section.rows)(&corpus)? else {
                writeln!(out, "\n{}: left out, SHAPEGATE_WHEELS lacks a wheel it needs", section.name)?;
                continue;
            };
            if self.is_quick {
                // Aims are about much data.
                for row in &mut rows {
                    row.aims.clear();
                }
            }
            let measured = measure::in_turn(&rows, self.rounds)?;
            let table = table::markdown(section, &rows, &measured);
            all_hold &= table.holds;
            writeln!(out, "{}\n{}", table.text, table.seconds)?;
            out.flush()?;
            tables.push_str(&table.text);
        }
        if self.writes {
            table::write_readme(&tables, self.rounds)?;
        }
        Ok(all_hold || !self.holds)
    }
}

/// The folder of the package.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
