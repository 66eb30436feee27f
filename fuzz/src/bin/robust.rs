//! The whole counts: so many inputs of a target, each in a process that is bounded in memory and time.
//!
//! ```text
//! robust recordings 50000 [--seed 1] [--from 0] [--binary target/release/shapegate]
//! robust recordings FILE        the target with one input, such as one that failed
//! ```
//!
//! The inputs run in child processes: one that aborts, hangs or takes too much memory is reported and the next one goes
//! on. `--binary` hands each fiftieth recording to the command as well, whose exit code and report are held. What failed is
//! written below `target/robust/`.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use shapegate_fuzz::invariants;
use shapegate_fuzz::targets::{self, Inputs, Slot, Target};

/// What an input may take.
const SECONDS: u64 = 10;
/// KiB of memory: 512 MiB.
const MEMORY: u64 = 512 << 10;
/// The command reads one input in so many.
const SHARE: usize = 50;

struct Arguments {
    target: &'static Target,
    count: usize,
    from: usize,
    seed: u64,
    binary: Option<PathBuf>,
    is_child: bool,
}

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    if let (Some(target), Some(input)) =
        (words.next().and_then(|id| targets::find(&id)), words.next().and_then(|file| fs::read(file).ok()))
    {
        (target.run)(&input);
        return ExitCode::SUCCESS;
    }
    let Some(arguments) = arguments() else {
        let names: Vec<_> = targets::TARGETS.iter().map(|target| target.id).collect();
        eprintln!("robust TARGET COUNT [--seed N] [--from N] [--binary PATH]; targets: {}", names.join(", "));
        return ExitCode::from(2);
    };
    if arguments.is_child { child(&arguments) } else { parent(&arguments) }
}

fn arguments() -> Option<Arguments> {
    let mut words = env::args().skip(1);
    let target = targets::find(&words.next()?)?;
    let count = words.next()?.parse().ok()?;
    let mut all = Arguments { target, count, from: 0, seed: 1, binary: None, is_child: false };
    while let Some(word) = words.next() {
        match &*word {
            "--from" => all.from = words.next()?.parse().ok()?,
            "--seed" => all.seed = words.next()?.parse().ok()?,
            "--binary" => all.binary = Some(fs::canonicalize(words.next()?).ok()?),
            "--child" => all.is_child = true,
            _ => return None,
        }
    }
    Some(all)
}

/// Runs the inputs one after the other, and says before each which one it is.
fn child(arguments: &Arguments) -> ExitCode {
    let inputs = Inputs::new(arguments.target, arguments.seed);
    let mut out = io::stdout().lock();
    for number in arguments.from..arguments.count {
        let _ = writeln!(out, "{number}").and_then(|()| out.flush());
        let input = inputs.input(number);
        // The message of a panic is on stderr, which is the parent's.
        if catch_unwind(|| (arguments.target.run)(&input)).is_err() {
            let _ = writeln!(out, "panic {number}").and_then(|()| out.flush());
        }
    }
    let _ = writeln!(out, "done");
    ExitCode::SUCCESS
}

/// Starts children until every input was run, and counts what went wrong.
fn parent(arguments: &Arguments) -> ExitCode {
    let Arguments { target, count, seed, .. } = arguments;
    let (began, inputs) = (Instant::now(), Inputs::new(target, *seed));
    let (mut next, mut faults, mut slowest) = (arguments.from, 0, (Duration::ZERO, 0));
    let mut fault = |number: usize, what: &str| {
        faults += 1;
        println!("{what} {} {number}, kept as {}", target.id, keep(target, number, &inputs.input(number)).display());
    };
    while next < *count {
        let (mut child, lines) = start(arguments, next);
        let mut at = Instant::now();
        loop {
            match lines.recv_timeout(Duration::from_secs(SECONDS)) {
                Ok(line) if line == "done" => next = *count,
                Ok(line) => {
                    if let Some(number) = line.strip_prefix("panic ").and_then(|number| number.parse().ok()) {
                        fault(number, "panic in");
                    } else if let Ok(number) = line.parse() {
                        // Starting up is not the first input's time.
                        if number > next.max(arguments.from) {
                            slowest = slowest.max((at.elapsed(), number - 1));
                        }
                        (next, at) = (number, Instant::now());
                    }
                }
                Err(end) => {
                    if next < *count {
                        let what = if end == RecvTimeoutError::Timeout { "more than 10 s in" } else { "abort in" };
                        fault(next, what);
                        next += 1;
                    }
                    break;
                }
            }
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    let ran = count - arguments.from;
    let by_command = arguments.binary.as_deref().map_or(0, |binary| {
        let numbers = (arguments.from..*count).step_by(SHARE);
        numbers
            .filter(|number| {
                let said = command(binary, *number, &inputs.input(*number));
                said.inspect_err(|said| fault(*number, said)).is_ok()
            })
            .count()
    });
    let (time, number) = slowest;
    println!(
        "{}: {ran} inputs of seed {seed} in {:.0} s, {by_command} of them by the command too; the slowest took {time:.1?} (number {number}); {faults} faults",
        target.id,
        began.elapsed().as_secs_f64()
    );
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A child that is bounded in memory, and the lines that it prints.
fn start(arguments: &Arguments, from: usize) -> (Child, Receiver<String>) {
    let own = env::current_exe().expect("a process has a path");
    let words = [arguments.count, from].map(|number| number.to_string());
    let mut child = bounded(&own)
        .args([arguments.target.id, &words[0], "--from", &words[1], "--seed", &arguments.seed.to_string(), "--child"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started again");
    let (sender, lines) = channel();
    let out = child.stdout.take().expect("it is a pipe");
    thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    (child, lines)
}

/// A command that has 512 MiB of memory. Allocators reserve more of the address space than they use.
fn bounded(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -d {MEMORY}; exec \"$0\" \"$@\"")).arg(program);
    command
}

/// Has the command read a recording: `check` in every form, and the other jobs.
fn command(binary: &Path, number: usize, input: &[u8]) -> Result<(), String> {
    const JOBS: [&[&str]; 12] = [
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "junit"],
        &["check", "--format", "text"],
        &["check", "--format", "gitlab"],
        &["check", "--format", "ndjson"],
        &["check", "--format", "markdown"],
        &["check", "--format", "github"],
        &["list", "--format", "json"],
        &["snapshot", "--format", "json"],
        &["mutate", "--format", "json"],
        &["redact"],
    ];
    let Some((first, bytes)) = input.split_first() else { return Ok(()) };
    let slot = Slot::ALL[usize::from(first & 0x7F) % Slot::ALL.len()];
    let dir = env::temp_dir().join(format!("robust-{}", std::process::id()));
    let path = dir.join(slot.name);
    let write = || fs::create_dir_all(path.parent()?).and_then(|()| fs::write(&path, bytes)).ok();
    write().ok_or("cannot write")?;
    let job = JOBS[(number / SHARE) % JOBS.len()];
    let mut run = bounded(binary);
    run.args(job).arg("--").arg(slot.name).args((job[0] == "redact").then_some("-")).current_dir(&dir);
    let began = Instant::now();
    let output = run.output().map_err(|error| error.to_string())?;
    let _ = fs::remove_dir_all(&dir);
    if began.elapsed() > Duration::from_secs(SECONDS) {
        return Err(format!("{job:?} took more than 10 s"));
    }
    if !matches!(output.status.code(), Some(0..=2)) {
        return Err(format!("{job:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    // What is no text is broken, and its copy has the same bytes.
    let is_copied = job[0] == "redact" && std::str::from_utf8(bytes).is_err();
    if let ([.., form], false) = (job, output.stdout.is_empty() || is_copied) {
        let text = String::from_utf8(output.stdout).map_err(|_| format!("{job:?} is no text"))?;
        if job[0] != "redact" && catch_unwind(|| invariants::report(form, &text)).is_err() {
            return Err(format!("{job:?} is broken"));
        }
    } else if output.status.code() != Some(2) && job[0] == "check" && job[2] == "json" {
        return Err("there is no report".to_owned());
    }
    Ok(())
}

/// Keeps an input that failed.
fn keep(target: &Target, number: usize, input: &[u8]) -> PathBuf {
    let path = shapegate_fuzz::root().join("target/robust").join(format!("{}-{number}", target.id));
    let written = fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, input));
    if let Err(error) = written {
        eprintln!("{}: {error}", path.display());
    }
    path
}
