//! Parts that name the same recording: their sum would count it twice.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::Part;
use crate::error::{Error, Result};
use crate::paths::STDIN;

/// # Errors
/// Two parts name the same file. Standard input has no name of its own, so that parts of it are never alike.
pub(super) fn refuse(parts: &[Part]) -> Result<()> {
    let mut known: HashMap<PathBuf, usize> = HashMap::new();
    for (number, part) in parts.iter().enumerate() {
        for file in part.scope.files.keys().filter(|file| *file != STDIN) {
            let Some(first) = known.insert(plain(file), number).filter(|first| *first != number) else { continue };
            let [first, second] = [first, number].map(|number| called(parts, number));
            let told = format!("the same recording was read for two parts, {first} and {second}");
            return Err(Error::new(told).at(Path::new(file)).remedy(
                "Read each recording for one part alone. Where runs have different files of that name, check them below \
                 a folder of the run's own.",
            ));
        }
    }
    Ok(())
}

/// A path without `.`: `./a` is `a`.
fn plain(file: &str) -> PathBuf {
    Path::new(file).components().filter(|part| *part != Component::CurDir).collect()
}

fn called(parts: &[Part], number: usize) -> String {
    parts[number].read_from.clone().unwrap_or_else(|| format!("part {}", number + 1))
}
