//! `shapegate init`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::contracts::installed;
use super::print_text;
use crate::check::{Catalog, Options, survey};
use crate::config::{FILE, Seen, draft, find_above, slashed};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::ingest::installed::home;
use crate::limits::{self, WRITTEN_BYTES};
use crate::output;
use crate::recording::{Filter, Found, walk};
use crate::text::plural;

#[derive(Args)]
/// Write a commented shapegate.toml from what is found in the directory
#[command(after_help = "\
It looks for recordings, models, presence expectations and approvals below the working directory, and writes what it \
found and every other key as a comment. Where a configuration is there already it writes nothing without --force, and \
one further up is reported, for the new file takes its place below the working directory.")]
pub(super) struct Init {
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

impl Init {
    pub(super) fn run(self) -> Result<u8> {
        let place = Path::new(FILE);
        if !self.force && std::fs::symlink_metadata(place).is_ok() {
            return Err(Error::new("there is a configuration already").at(place).remedy("--force writes over it."));
        }
        let home = home(|name| std::env::var_os(name));
        let above = std::env::current_dir().ok().and_then(|here| find_above(&here, home.as_deref()));
        let seen = look()?;
        output::write(place, draft(&seen))?;
        let recordings: usize = seen.recordings.iter().map(|(_, count)| count).sum();
        print_text(|out| {
            writeln!(
                out,
                "{FILE}: written; found {}, {} of models, {} of expectations",
                plural(recordings, "recording"),
                plural(seen.models.len(), "source"),
                plural(seen.expectations.len(), "folder")
            )?;
            if let Some(above) = &above {
                let place = above.display();
                writeln!(
                    out,
                    "it takes the place of {place} here and below; nothing of that file counts there any more"
                )?;
            }
            writeln!(out, "next: {}", next_step(&seen))
        })?;
        Ok(0)
    }
}

/// The command to run with the file that was written.
fn next_step(seen: &Seen) -> &'static str {
    match seen.recordings[..] {
        [] => "`shapegate check PATH` with a folder of recordings; `shapegate config show` says what is in force",
        _ => "`shapegate check`, which reads what `recordings` lists; `shapegate config show` says what is in force",
    }
}

/// What is below the working directory.
fn look() -> Result<Seen> {
    let here = Path::new(".");
    let below = |path: PathBuf| path.strip_prefix(here).map(Path::to_path_buf).unwrap_or(path);
    let files: Vec<PathBuf> = walk(here, &Filter::USUAL)
        .filter_map(|found| match found {
            Found::File { path, .. } => Some(below(path)),
            _ => None,
        })
        .collect();
    let is_expectation =
        |path: &Path| limits::read_text(path, WRITTEN_BYTES).is_ok_and(|text| text.contains("\"expectation\""));
    let mut seen = Seen::of(files.iter().map(PathBuf::as_path), is_expectation);
    let (catalog, expectations) = (Catalog::default(), Expectations::default());
    let mut folders: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for recording in survey(vec![here.to_owned()], &Options::new(&catalog, &expectations))?.recordings {
        let recording = below(recording);
        // The outermost folders are enough to say where recordings are.
        let folder: PathBuf = recording.parent().into_iter().flat_map(Path::iter).take(2).collect();
        *folders.entry(folder).or_default() += 1;
    }
    seen.installed = installed().and_then(|installed| installed.version);
    seen.recordings = outermost(folders);
    Ok(seen)
}

/// Folders with their numbers of recordings; what is within another one is read with it, and counts there.
fn outermost(folders: BTreeMap<PathBuf, usize>) -> Vec<(String, usize)> {
    let mut outer: Vec<(PathBuf, usize)> = Vec::new();
    // In this order a folder comes before what is below it.
    for (folder, count) in folders {
        match outer.last_mut() {
            Some((around, all)) if folder.starts_with(&*around) => *all += count,
            _ => outer.push((folder, count)),
        }
    }
    outer.into_iter().map(|(folder, count)| (slashed(&folder), count)).collect()
}
