//! `cargo xtask dist`: the archive of a release, with manual pages and completions.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use shapegate::error::{Error, Result};

use super::{licences, root, shell};

/// Shells that completions are written for, and their files.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "shapegate.bash"),
    ("zsh", "_shapegate"),
    ("fish", "shapegate.fish"),
    ("powershell", "_shapegate.ps1"),
    ("elvish", "shapegate.elv"),
];

#[derive(Args)]
/// Make the archive of a release from a binary that is built: manual pages, completions and licences beside it
pub(super) struct Dist {
    /// The target that the binary is for, which names the archive
    target: String,

    /// The binary
    #[arg(long)]
    binary: PathBuf,

    /// Folder for the archive
    #[arg(long, default_value = "target/dist")]
    out: PathBuf,
}

impl Dist {
    pub(super) fn run(self) -> Result<()> {
        let name = format!("shapegate-{}", self.target);
        let folder = self.out.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        }
        make(&folder)?;
        let binary = self.binary.file_name().ok_or_else(|| Error::new("the binary has no name").at(&self.binary))?;
        copy(&self.binary, &folder.join(binary))?;
        for file in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            copy(&root().join(file), &folder.join(file))?;
        }
        licences::write(&folder.join(licences::FILE))?;
        manual(&folder.join("man"))?;
        completions(&folder.join("completions"))?;
        let archive = self.out.join(format!("{name}.tar.gz"));
        let [archive_text, out] = [&archive, &self.out].map(|path| path.to_string_lossy().into_owned());
        shell::run("tar", &["-czf", &archive_text, "-C", &out, &name], &[])?;
        println!("{}", archive.display());
        Ok(())
    }
}

/// A page for the command and one for each of its subcommands.
fn manual(folder: &Path) -> Result<()> {
    make(folder)?;
    clap_mangen::generate_to(shapegate::cli::command(), folder).map_err(|error| Error::io(folder, error))
}

fn completions(folder: &Path) -> Result<()> {
    make(folder)?;
    for (shell, file) in SHELLS {
        let text = shapegate::cli::completions(shell).ok_or_else(|| Error::new(format!("no such shell: {shell}")))?;
        let path = folder.join(file);
        fs::write(&path, text).map_err(|error| Error::io(&path, error))?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).map_err(|error| Error::io(from, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_completions_and_each_command_a_page() {
        let folder = std::env::temp_dir().join(format!("shapegate-dist-{}", std::process::id()));
        let [pages, words] = ["man", "completions"].map(|name| folder.join(name));
        manual(&pages).expect("writable");
        completions(&words).expect("writable");
        for (_, file) in SHELLS {
            let text = fs::read_to_string(words.join(file)).expect("written");
            assert!(text.contains("shapegate") && text.contains("snapshot"), "{file}");
        }
        for command in shapegate::cli::command().get_subcommands() {
            let page = pages.join(format!("shapegate-{}.1", command.get_name()));
            let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            assert!(text.contains(".SH SYNOPSIS"), "{text}");
        }
        fs::remove_dir_all(folder).expect("a folder of ours");
    }
}
