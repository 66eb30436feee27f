//! `cargo xtask`: the workshop of shapegate. Each task is one file.

mod decode;
mod dist;
mod embed;
mod fixtures;
mod licences;
mod new_format;
mod new_rule;
mod shell;
mod strip_page;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use shapegate::error::{Error, Result};

#[derive(Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true, max_term_width = 100)]
/// What developers of shapegate run.
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    NewRule(new_rule::NewRule),
    NewFormat(new_format::NewFormat),
    Fixtures(fixtures::Fixtures),
    Embed(embed::Embed),
    StripPage(strip_page::StripPage),
    Decode(decode::Decode),
    Dist(dist::Dist),
    Licences(licences::Licences),
    /// Run the CI of this repository, as `bash .ci/run` does
    Ci {
        /// What takes too long for each change as well
        #[arg(long)]
        slow: bool,
    },
    /// Renew what the README and the book show, and what reference pages say; build the book where mdbook is there
    Docs,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::NewRule(task) => task.run(),
        Task::NewFormat(task) => task.run(),
        Task::Fixtures(task) => task.run(),
        Task::Embed(task) => task.run(),
        Task::StripPage(task) => task.run(),
        Task::Decode(task) => task.run(),
        Task::Dist(task) => task.run(),
        Task::Licences(task) => task.run(),
        Task::Ci { slow } => ci(slow),
        Task::Docs => docs(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn ci(slow: bool) -> Result<()> {
    shell::run("bash", &[".ci/run"], &[])?;
    if slow { shell::run("bash", &[".ci/slow"], &[]) } else { Ok(()) }
}

fn docs() -> Result<()> {
    let test = ["test", "--test", "it", "documents::"];
    shell::run("cargo", &test, &[("UPDATE_DOCS", "1")])?;
    // What was written is what is printed, twice.
    shell::run("cargo", &test, &[])?;
    if shell::is_there("mdbook") {
        return shell::run("mdbook", &["build", "docs"], &[]);
    }
    eprintln!("mdbook is not here: `cargo install mdbook --locked` brings it; the pages were written all the same");
    Ok(())
}

/// Folder of the package that this one is the workshop of.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workshop is a folder of the package")
}

/// Reads a file of the package.
fn read(name: &str) -> Result<String> {
    let path = root().join(name);
    std::fs::read_to_string(&path).map_err(|error| Error::io(path, error))
}

/// Writes a file of the package, and says so; one that is there already is an error unless it is to be changed.
fn write(name: &str, text: &str, is_change: bool) -> Result<()> {
    let path: PathBuf = root().join(name);
    if !is_change && path.exists() {
        return Err(Error::new("it is there already").at(path));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
    }
    std::fs::write(&path, text).map_err(|error| Error::io(&path, error))?;
    println!("{} {name}", if is_change { "changed" } else { "written" });
    Ok(())
}

/// A text with a line put among lines that begin and end in the same way, in their order, whoever may see what they name.
fn with_line(text: &str, begins: &str, ends: &str, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let plain = |at: &&str| -> String { at.trim_start_matches("pub(crate) ").trim_start_matches("pub ").to_owned() };
    let is_one = |at: &&str| plain(at).starts_with(begins) && at.ends_with(ends);
    let last = lines.iter().rposition(is_one).ok_or_else(|| Error::new(format!("no line like {line:?}")))?;
    let first = lines[..last].iter().rposition(|at| !is_one(at)).map_or(0, |at| at + 1);
    let place = lines[first..=last].iter().position(|at| plain(at).as_str() > line).map_or(last + 1, |at| first + at);
    if lines[first..=last].contains(&line) {
        return Err(Error::new(format!("{line:?} is there already")));
    }
    lines.insert(place, line);
    Ok(lines.join("\n") + "\n")
}

/// A name in kebab case, in snake case and in camel case; `None` where it is none.
fn spelled(id: &str) -> Option<(String, String)> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !id.split('-').all(is_word) || !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        return None;
    }
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    Some((id.replace('-', "_"), id.split('-').map(capital).collect()))
}

/// The name of something new, or what is wrong with it.
fn name(id: &str) -> Result<(String, String)> {
    spelled(id).ok_or_else(|| Error::new(format!("{id:?} is no name")).remedy("Write it like padded-error-code."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_in_order() {
        let text = "mod a;\nmod c;\n\nmod z;\nuse b;\n";
        assert_eq!(
            with_line(text, "mod ", ";", "mod y;").expect("a list"),
            "mod a;\nmod c;\n\nmod y;\nmod z;\nuse b;\n"
        );
        let one = "x\nmod a;\nmod c;\ny\n";
        assert_eq!(with_line(one, "mod ", ";", "mod b;").expect("a list"), "x\nmod a;\nmod b;\nmod c;\ny\n");
        assert_eq!(with_line(one, "mod ", ";", "mod d;").expect("a list"), "x\nmod a;\nmod c;\nmod d;\ny\n");
        let seen = "mod a;\npub(crate) mod c;\npub mod e;\nmod g;\n";
        assert_eq!(
            with_line(seen, "mod ", ";", "mod d;").expect("a list"),
            "mod a;\npub(crate) mod c;\nmod d;\npub mod e;\nmod g;\n"
        );
        assert!(with_line(one, "mod ", ";", "mod a;").is_err() && with_line(one, "use ", ";", "use a;").is_err());
    }

    #[test]
    fn names_have_three_spellings() {
        assert_eq!(
            spelled("padded-error-code2"),
            Some(("padded_error_code2".to_owned(), "PaddedErrorCode2".to_owned()))
        );
        for wrong in ["", "-", "a--b", "A-b", "a_b", "2a", "a/b"] {
            assert_eq!(spelled(wrong), None, "{wrong}");
        }
    }
}
