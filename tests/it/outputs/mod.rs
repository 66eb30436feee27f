//! What the command prints and writes, job by job and form by form: a net under changes of how it is made.
//!
//! Each run is a test whose snapshot shows the command line, the exit code, both streams and the files asked for. What
//! other modules keep as a snapshot is not repeated here. Findings and sentences of single rules have their own cases.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{entries, name_of, root};

/// A test for each run, whose name is the snapshot's.
macro_rules! outputs {
    ($($name:ident: $run:expr,)+) => {
        $(
            #[test]
            fn $name() {
                let told = $run.told();
                insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(told) });
            }
        )+
    };
}

mod approve;
mod check;
mod config;
mod explain;
mod gate;
mod generate;
mod history;
mod misuse;
mod models;
mod mutate;
mod snapshot;
mod traffic;

/// A request of Clean Rooms that breaks its contract, a request of a service that no contract is at hand for, and a
/// record that breaks off.
const FAULTY: &str = "{\"service\": \"cleanrooms\", \"operation\": \"GetMembership\", \"request\": {}}\n";
const OTHER: &str = "{\"service\": \"s3\", \"operation\": \"GetObject\", \"request\": {}}\n";
const CUT: &str = "{\"service\":\n";
/// Begins names of files in the folder that a run has for itself.
const OWN: &str = "{dir}";

/// Runs of the command in the package's folder, one after the other, beside a folder of their own.
struct Run {
    folder: TempDir,
    commands: Vec<String>,
    input: String,
    shown: Vec<&'static str>,
    most: usize,
}

/// A run with these arguments, which hold no blanks.
fn run(arguments: &str) -> Run {
    Run {
        folder: tempfile::tempdir().expect("a temporary folder"),
        commands: vec![arguments.to_owned()],
        input: String::new(),
        shown: Vec::new(),
        most: usize::MAX,
    }
}

impl Run {
    /// Another command after those that are there.
    fn then(mut self, arguments: &str) -> Self {
        self.commands.push(arguments.to_owned());
        self
    }

    /// What stands on standard input.
    fn input(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    /// A file in the folder of its own, there before the first command.
    fn with(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, text).expect("writable");
        self
    }

    /// A file or folder that is shown as it is after the last command: a folder by the names in it.
    fn shows(mut self, name: &'static str) -> Self {
        self.shown.push(name);
        self
    }

    /// Shows so many lines of each stream and file at most: the first ones and the last ones.
    fn lines(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    fn told(self) -> String {
        let mut told = String::new();
        for command in &self.commands {
            let words: Vec<&str> = command.split_whitespace().collect();
            self.execute(&words, &mut told);
        }
        for name in &self.shown {
            let path = self.folder.path().join(name);
            let text = if path.is_dir() {
                entries(&path).iter().flat_map(|path| [name_of(path), "\n"]).collect()
            } else {
                fs::read_to_string(&path).unwrap_or_else(|error| format!("{error}\n"))
            };
            self.section(&format!("{OWN}/{name}"), &text, &mut told);
        }
        told
    }

    fn execute(&self, arguments: &[&str], told: &mut String) {
        let folder = self.folder.path().to_str().expect("text");
        let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
            .args(arguments.iter().map(|argument| argument.replace(OWN, folder)))
            .current_dir(root())
            // Neither colours nor a botocore that is installed here.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // A command that fails at once does not read its input.
        let _ = child.stdin.take().expect("piped").write_all(self.input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let code = output.status.code().expect("no signal ends it");
        writeln!(told, "$ shapegate {}\nexit: {code}", arguments.join(" ")).expect("a String can be written to");
        self.section("stdout", &String::from_utf8_lossy(&output.stdout), told);
        self.section("stderr", &String::from_utf8_lossy(&output.stderr), told);
    }

    /// Adds text below a heading; nothing where there is none.
    fn section(&self, heading: &str, text: &str, told: &mut String) {
        if text.is_empty() {
            return;
        }
        let text = scrubbed(text, self.folder.path());
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let half = self.most / 2;
        let text = match lines.len().checked_sub(self.most) {
            None | Some(0) => lines.concat(),
            Some(more) => {
                let [first, last] = [&lines[..half], &lines[half + more..]].map(<[_]>::concat);
                format!("{first}[{more} lines]\n{last}")
            }
        };
        let end = if text.ends_with('\n') { "" } else { "\n[no line ends here]\n" };
        write!(told, "--- {heading}\n{text}{end}").expect("a String can be written to");
    }
}

/// Text without what differs from machine to machine and from release to release.
fn scrubbed(text: &str, folder: &Path) -> String {
    let version = concat!("shapegate ", env!("CARGO_PKG_VERSION"));
    text.replace(folder.to_str().expect("text"), OWN)
        .replace(root().to_str().expect("text"), "{root}")
        .replace(version, "shapegate {version}")
        .replace(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""), "\"version\": \"{version}\"")
}
