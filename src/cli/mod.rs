//! The command: arguments and streams in, exit code out. One file per subcommand.

mod approve;
mod check;
mod checking;
mod chosen;
mod completions;
mod config;
mod configuring;
mod contracts;
mod correcting;
mod coverage;
mod covering;
mod diff;
mod explain;
mod gate;
mod generate;
mod history;
mod init;
mod judging;
mod list;
mod merge;
mod mutate;
mod names;
mod narrowing;
mod offered;
mod progress;
mod reading;
mod redact;
mod reporting;
mod rules;
mod schema;
mod scorecard;
mod signals;
mod snapshot;
mod traffic;
mod unchecked;
mod unused;
mod walking;
mod wheels;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use self::configuring::Configuring;
use crate::check::Input;
use crate::counters;
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::recording::credential::{self, MASK};
use crate::text::{inert, visible};

/// Something was found at or above `--fail-on`.
const FOUND: u8 = 1;
/// The work could not be done.
const FAILED: u8 = 2;

/// What errors call the stream.
const STDOUT: &str = "standard output";

#[derive(Parser)]
#[command(name = "shapegate", version, max_term_width = 100, arg_required_else_help = true)]
/// Checks recorded AWS API traffic against the API's documented contract.
///
/// Exit codes: 0 clean, 1 findings at or above --fail-on, 2 the work could not be done.
#[command(after_help = "\
Examples:
  shapegate check traffic/                                  check recordings of Clean Rooms
  shapegate check --contract cleanrooms@2023-08-30 a.json   against the contract of that release
  shapegate check --model botocore.whl traffic/             any AWS service, by its model
  shapegate coverage traffic/                               what of the contract it touches
  shapegate scorecard traffic/                              how well an emulator answers
  shapegate merge 1.json 2.json                             the verdict on several runs
  shapegate approve traffic/ --reason 'TICKET-12'           accept what fails now
  shapegate list traffic/                                   which exchanges recordings hold
  shapegate redact traffic/ cleaned/                        a copy without secrets
  shapegate generate GetMembership --response --cover       payloads that the contract allows
  shapegate mutate traffic/                                 which faults in it would go undetected
  shapegate gate --from old.whl --to new.whl                what an SDK upgrade breaks
  shapegate diff --from old.whl --to new.whl                what differs, with no judgement
  shapegate history traffic/                                since which release traffic fails
  shapegate snapshot --compare wire.toml traffic/           what an upgraded client sends otherwise
  shapegate init                                            a first shapegate.toml
  shapegate explain misplaced-member                        what a finding means and what to do
  shapegate schema GetMembership --out schemas/             the contract as JSON Schema")]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    configuring: Configuring,
}

/// The variable that has the command print on stderr how often costly work was done, for tests. As an option, clap would offer
/// it in its tips and to shells.
const COUNTS: &str = "SHAPEGATE_COUNTS";

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Coverage(coverage::Coverage),
    Scorecard(scorecard::Scorecard),
    Merge(merge::Merge),
    Approve(approve::Approve),
    List(list::List),
    Redact(redact::Redact),
    Generate(generate::Generate),
    Mutate(mutate::Mutate),
    Gate(gate::Gate),
    Diff(diff::Diff),
    History(history::History),
    Snapshot(snapshot::Snapshot),
    Schema(schema::Schema),
    Rules(rules::Rules),
    Explain(explain::Explain),
    Init(init::Init),
    Config(config::ConfigCommand),
    Completions(completions::Completions),
}

/// The command with its subcommands and options, for what writes manual pages.
pub fn command() -> clap::Command {
    Arguments::command().mut_subcommands(offered::offered)
}

/// The process's arguments.
fn arguments() -> std::result::Result<Arguments, clap::Error> {
    let mut matches = command().try_get_matches().map_err(tipped)?;
    Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command()))
}

/// With the option that was probably meant: where `gate` is given a path as the commands that read recordings take it, and
/// where a value is taken for an option.
fn tipped(mut error: clap::Error) -> clap::Error {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let tip = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(given)) if error.kind() == ErrorKind::UnknownArgument => match given.as_str() {
            "--strict" if usage.contains("shapegate redact") => "to mask more, use '--redact strict'",
            path if !path.starts_with('-') && usage.contains("shapegate gate") => {
                "to weigh differences by recorded traffic, use '--traffic PATH'"
            }
            _ => return error,
        },
        _ => return error,
    };
    if error.remove(ContextKind::SuggestedArg).is_some() {
        // It shows what was suggested.
        error.remove(ContextKind::Usage);
    }
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.to_owned().into()]));
    error
}

/// Completions for a shell by its name, such as `bash`.
pub fn completions(shell: &str) -> Option<Vec<u8>> {
    shell.parse().ok().map(completions::text)
}

/// Runs the command with the process's arguments and streams.
pub fn run() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Help and version are told on stdout and are no failure. A reader that has gone away is none either.
            let printed = if told.use_stderr() {
                let _ = write!(anstream::stderr(), "{}", inert(&told.render().ansi().to_string(), true));
                Ok(())
            } else {
                heard(told.print().map_err(|error| Error::io(STDOUT, error)))
            };
            return ended(printed.map(|()| u8::try_from(told.exit_code()).unwrap_or(FAILED)));
        }
    };
    signals::watch();
    let done = match arguments.command {
        Command::Check(check) => check.run(&arguments.configuring),
        Command::Coverage(coverage) => coverage.run(&arguments.configuring),
        Command::Scorecard(scorecard) => scorecard.run(&arguments.configuring),
        Command::Merge(merge) => merge.run(&arguments.configuring),
        Command::Approve(approve) => approve.run(&arguments.configuring),
        Command::List(list) => list.run(&arguments.configuring),
        Command::Redact(redact) => redact.run(&arguments.configuring),
        Command::Generate(generate) => generate.run(&arguments.configuring),
        Command::Mutate(mutate) => mutate.run(&arguments.configuring),
        Command::Gate(gate) => gate.run(&arguments.configuring),
        Command::Diff(diff) => diff.run(&arguments.configuring),
        Command::History(history) => history.run(&arguments.configuring),
        Command::Snapshot(snapshot) => snapshot.run(&arguments.configuring),
        Command::Schema(schema) => schema.run(&arguments.configuring),
        Command::Rules(rules) => rules.run(),
        Command::Explain(explain) => explain.run(),
        Command::Init(init) => init.run(),
        Command::Config(config) => config.run(&arguments.configuring),
        Command::Completions(completions) => completions.run(),
    };
    if std::env::var_os(COUNTS).is_some() {
        let counts = counters::all().map(|(name, count)| format!("{name} {count}"));
        tell(format_args!("counts: {}", counts.join(", ")));
    }
    ended(done)
}

/// The exit code of what was done; an error is told.
fn ended(done: Result<u8>) -> ExitCode {
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_unheard(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell(format_args!("error: {error}"));
            ExitCode::from(FAILED)
        }
    }
}

/// Paths as inputs; `-` is standard input.
fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    let input = |path: &PathBuf| {
        if path.as_os_str() == "-" { Input::Stream(Box::new(io::stdin())) } else { Input::Path(path.clone()) }
    };
    paths.iter().map(input).collect()
}

/// Writes data to stdout, byte for byte. A reader that has gone away is an error of its own kind.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    print_to(io::stdout().lock(), write)
}

/// Writes text for people to stdout. What a terminal would take for a command is left out where there is none, so this is
/// nothing for data.
fn print_text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    print_to(anstream::stdout().lock(), write)
}

fn print_to(stream: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, stream);
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Error::io(STDOUT, error))
}

/// Whether it is about a reader of stdout that has gone away. What was to be in a pipe that a file's name leads to is
/// missing there.
fn is_unheard(error: &Error) -> bool {
    error.is_broken_pipe() && error.path() == Some(Path::new(STDOUT))
}

/// What came of printing, where the exit code says more: who stops reading has seen enough, and the verdict stands.
fn heard(printed: Result<()>) -> Result<()> {
    if printed.as_ref().is_err_and(is_unheard) { Ok(()) } else { printed }
}

/// Tells something on stderr, where names from recordings and models are shown and nothing obeys them. Even a path may hold a
/// credential.
fn tell(told: std::fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{}", inert(&credential::replaced(&told.to_string(), MASK), false));
}

/// Tells on stderr what a run goes by that no argument names; `--quiet` leaves it out.
fn inform(told: std::fmt::Arguments<'_>) {
    if !progress::is_silent() {
        tell(told);
    }
}

/// Tells on stderr which parts of recordings could not be read, where the report on stdout has no room for them.
fn tell_unread(findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.is_unread()) {
        let told = format!("{}: {}: {}", finding.location.text(), finding.weight, finding.message());
        tell(format_args!("{}", visible(&told)));
    }
}

/// Whether a part of recordings is missing from what was read.
fn is_lost(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.is_unread() && finding.weight == Severity::Error)
}

/// The severity that an argument names; `None` for `never`.
fn severity(word: &str) -> Option<Severity> {
    match word {
        "note" | "compatible" => Some(Severity::Note),
        "warning" | "risky" => Some(Severity::Warning),
        "error" | "breaking" => Some(Severity::Error),
        _ => None,
    }
}
