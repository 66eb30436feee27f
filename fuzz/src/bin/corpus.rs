//! Writes the corpora that libFuzzer begins with: `corpus FOLDER` makes `FOLDER/<target>/`, a file for each seed.

use std::path::PathBuf;
use std::{env, fs, io};

use shapegate_fuzz::targets::TARGETS;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).unwrap_or_else(|| "corpus".into()));
    for target in TARGETS {
        let folder = folder.join(target.id);
        fs::create_dir_all(&folder)?;
        let seeds = (target.seeds)();
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at:05}")), seed)?;
        }
        println!("{}: {} seeds", target.id, seeds.len());
    }
    Ok(())
}
