//! `shapegate completions`

use clap::Args;
use clap_complete::Shell;

use super::print;
use crate::error::Result;

#[derive(Args)]
/// Print completions for a shell
#[command(after_help = "Example:\n  shapegate completions bash > ~/.local/share/bash-completion/completions/shapegate")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<u8> {
        let text = text(self.shell);
        print(|out| out.write_all(&text))?;
        Ok(0)
    }
}

/// Completions for a shell.
pub(super) fn text(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "shapegate", &mut text);
    text
}
