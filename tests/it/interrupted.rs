//! Nothing is half-written: whatever keeps a command from its end, each file is the old one or the new one, nothing lies
//! beside it, and the exit code says so.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use shapegate::report;

use crate::support::folder::{Folder, model, request, run_in, thing};
use crate::support::root;

/// Moments at which each command is ended by each signal.
const MOMENTS: u32 = 3;

/// Where the moments are drawn from, a number that stays the same.
const SEED: u64 = 0x5eed_0f12;

/// Bytes by file, of all files in a folder.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A command that writes files.
pub(crate) struct Job {
    pub(crate) name: String,
    arguments: Vec<String>,
    /// Files and folders that it may write.
    pub(crate) targets: Vec<&'static str>,
}

impl Job {
    /// A command of words with blanks between them.
    pub(crate) fn new(line: &str, targets: &[&'static str]) -> Self {
        let arguments = line.split(' ').map(str::to_owned).collect();
        Self { name: line.to_owned(), arguments, targets: targets.into() }
    }
}

/// All commands that write files, in each form of report.
pub(crate) fn jobs() -> Vec<Job> {
    let mut jobs: Vec<Job> = [
        ("redact in.ndjson copy.ndjson", "copy.ndjson"),
        ("redact --redact strict in copies", "copies"),
        ("approve in.ndjson --reason reason", "shapegate-approvals.toml"),
        ("approve in.ndjson --prune", "shapegate-approvals.toml"),
        ("snapshot in.ndjson --out wire.toml", "wire.toml"),
        ("snapshot in.ndjson --compare old.toml --accept", "old.toml"),
        ("schema --contract cleanrooms@2023-08-30 GetMembership UpdateMembership --out schemas", "schemas"),
        ("generate --contract cleanrooms@2023-08-30 GetMembership --request --response --out made", "made"),
        ("generate --contract cleanrooms@2023-08-30 GetMembership --response --as placebo --out made", "made"),
        ("init --force", "shapegate.toml"),
    ]
    .map(|(line, target)| Job::new(line, &[target]))
    .into();
    for form in report::FORMATS {
        let line = match form.id() {
            form @ "api-changes" => format!("diff --from one.json --to two.json --report {form}=report"),
            form @ "badge" => format!("coverage in.ndjson --report {form}=report"),
            form => format!("check in.ndjson --fail-on never --report {form}=report"),
        };
        jobs.push(Job::new(&line, &["report", "summary.md"]));
    }
    jobs
}

/// A folder with what the commands read and with old files where they write.
pub(crate) fn prepared() -> Folder {
    let members: Vec<String> = (0..40).map(|number| format!("member{number}")).collect();
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let traffic = request("GetMembership", &members).repeat(20);
    let own: Vec<String> = members.iter().map(|member| (*member).to_owned()).collect();
    let folder = Folder::new()
        .with("in.ndjson", &traffic)
        .with("in/a.ndjson", &traffic)
        .with("in/b.ndjson", &request("ListMemberships", &members))
        .with("one.json", &model(&own[..1]))
        .with("two.json", &model(&own))
        .with("thing.ndjson", &thing(&own))
        .with("shapegate.toml", "# old\n")
        .with("report", "old\n");
    folder.approvals(
        "# old\n\"unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.gone\" = { reason = \"old\" }",
    );
    for old in ["copy.ndjson", "copies/a.ndjson", "wire.toml", "schemas/GetMembership.input.schema.json", "summary.md"]
    {
        folder.write(old, "old\n");
    }
    folder.write("old.toml", &SNAPSHOT);
    folder.write("part.json", &PART);
    folder
}

const EXCHANGES: &str = "fixtures/recordings/cleanrooms/exchanges.ndjson";

/// A snapshot of other traffic.
static SNAPSHOT: LazyLock<String> = LazyLock::new(|| {
    let taken = run_in(root(), &["snapshot", EXCHANGES], &[]);
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    taken.stdout
});

/// A part of other traffic.
static PART: LazyLock<String> = LazyLock::new(|| {
    let checked = run_in(root(), &["check", EXCHANGES, "--contract", "cleanrooms@2023-08-30", "--report", "part"], &[]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    checked.stdout
});

impl Job {
    /// The command, begun by other words where there are some.
    pub(crate) fn command(&self, folder: &Path, before: &[&str]) -> Command {
        let words = [before, &[env!("CARGO_BIN_EXE_shapegate")]].concat();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(&self.arguments).current_dir(folder).env_clear();
        command.env("GITHUB_STEP_SUMMARY", "summary.md").env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    fn run(&self, folder: &Path, before: &[&str]) -> Output {
        self.command(folder, before).stdin(Stdio::null()).output().expect("it starts")
    }
}

/// All files of a folder.
pub(crate) fn files(folder: &Path) -> Files {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("a folder can be read"));
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files.map(|path| (path.strip_prefix(folder).expect("below").to_owned(), fs::read(&path).expect("there"))).collect()
}

/// Files that are neither what they were nor what the whole command makes of them.
pub(crate) fn neither(old: &Files, new: &Files, now: &Files) -> Vec<PathBuf> {
    let is_sound = |path: &Path, bytes: &Vec<u8>| [old, new].iter().any(|files| files.get(path) == Some(bytes));
    let gone = old.keys().filter(|path| !now.contains_key(*path)).cloned();
    now.iter().filter(|(path, bytes)| !is_sound(path, bytes)).map(|(path, _)| path.clone()).chain(gone).collect()
}

/// Whether a command says that all is well.
pub(crate) fn is_content(output: &Output) -> bool {
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    text.lines().any(|line| line.starts_with("clean") || line.contains("\"passed\": true"))
}

/// What a whole run makes of the files, and its exit code.
pub(crate) fn whole(job: &Job) -> (Files, Option<i32>, Duration) {
    let folder = prepared();
    let (since, old) = (Instant::now(), files(folder.path()));
    let output = job.run(folder.path(), &[]);
    let took = since.elapsed();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let new = files(folder.path());
    assert!(output.status.code().is_some_and(|code| code < 2), "{}: {text}", job.name);
    assert_ne!(old, new, "{} writes nothing", job.name);
    (new, output.status.code(), took)
}

#[test]
fn a_file_that_may_not_grow_is_the_old_one_or_the_new_one() {
    for job in jobs() {
        let (new, code, _) = whole(&job);
        // Blocks of 512 bytes.
        let mut limits = [0, 1, 4, 16, 64, 256, 1 << 20].into_iter();
        let is_whole = limits.any(|blocks| {
            let folder = prepared();
            let old = files(folder.path());
            let limited = format!("ulimit -f {blocks} && exec \"$0\" \"$@\"");
            let output = job.run(folder.path(), &["sh", "-c", &limited]);
            let (now, told) = (files(folder.path()), String::from_utf8_lossy(&output.stderr).into_owned());
            assert_eq!(neither(&old, &new, &now), Vec::<PathBuf>::new(), "{} within {blocks}: {told}", job.name);
            if now == new {
                assert_eq!(output.status.code(), code, "{} within {blocks}: {told}", job.name);
                return true;
            }
            assert_eq!(output.status.code(), Some(2), "{} within {blocks}: {told}", job.name);
            assert!(told.contains("File too large") && !is_content(&output), "{} within {blocks}: {told}", job.name);
            false
        });
        assert!(is_whole, "{}", job.name);
    }
}

#[test]
fn a_stream_without_room_fails_and_a_reader_that_goes_away_does_not() {
    let folder = prepared();
    let members: Vec<String> = (0..1_500).map(|number| format!("member{number}")).collect();
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    folder.write("many.ndjson", &request("GetMembership", &members));
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let run = |line: &str, stdout: Stdio| {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_shapegate"));
        command.args(words).current_dir(folder.path()).stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
        command.spawn().expect("it starts")
    };
    let mut lines: Vec<(String, i32)> = [
        ("list in.ndjson", 0),
        ("redact in.ndjson -", 0),
        ("snapshot in.ndjson", 0),
        ("generate --contract cleanrooms@2023-08-30 GetMembership --request", 0),
        ("rules", 0),
        ("config keys", 0),
        ("explain unknown-member", 0),
        ("completions bash", 0),
        ("history in.ndjson", 0),
        ("mutate thing.ndjson --model two.json", 0),
        ("approve in.ndjson --reason reason --dry-run", 0),
        ("--help", 0),
        ("--version", 0),
    ]
    .map(|(line, code)| (line.to_owned(), code))
    .into();
    for form in report::FORMATS.iter().filter(|form| form.shows("check")) {
        lines.push((format!("check in.ndjson --format {}", form.id()), 1));
        lines.push((format!("check thing.ndjson --model two.json --format {}", form.id()), 0));
        // More than fits into the buffers of a report and of a pipe.
        lines.push((format!("check many.ndjson --verbose --format {}", form.id()), 1));
    }
    for (line, code) in lines {
        let ended = |mut child: Child| {
            let mut told = String::new();
            child.stderr.take().expect("piped").read_to_string(&mut told).expect("UTF-8");
            (child.wait().expect("it ends").code(), told)
        };
        let (ended_full, told) = ended(run(&line, full().into()));
        assert_eq!(ended_full, Some(2), "{line} > /dev/full: {told}");
        assert!(told.contains("No space left"), "{line} > /dev/full: {told}");
        let mut child = run(&line, Stdio::piped());
        drop(child.stdout.take());
        let (ended_unheard, told) = ended(child);
        assert_eq!(ended_unheard, Some(code), "{line} | true: {told}");
    }
    for line in
        ["check in.ndjson --report json=/dev/full", "check thing.ndjson --model two.json --report json=/dev/full"]
    {
        let output = run(line, Stdio::piped()).wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && !is_content(&output), "{line}: {told}");
    }
}

#[test]
fn a_pipe_of_a_report_whose_reader_goes_away_is_told() {
    let folder = prepared();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    // It opens the pipe and closes it unread.
    let mut reader = Command::new("sh").args(["-c", ": < pipe"]).current_dir(folder.path()).spawn().expect("it starts");
    let many = request("GetMembership", &["a", "b", "c"]).repeat(2_000);
    folder.write("many.ndjson", &many);
    let ran = folder.run(&["check", "many.ndjson", "--report", "json=pipe"]);
    reader.wait().expect("it ends");
    assert!(ran.code == Some(2) && ran.stderr.contains("Broken pipe"), "{:?}: {}", ran.code, ran.stderr);
}

/// Begins a command that obeys signals. Whoever runs tests in the background of a script leaves INT ignored to all that they
/// start.
#[cfg(target_os = "linux")]
const OBEYS: &[&str] = &["env", "--default-signal=INT,TERM"];
#[cfg(not(target_os = "linux"))]
const OBEYS: &[&str] = &[];

#[test]
fn a_signal_leaves_the_old_file_or_the_new_one() {
    let mut random = SEED;
    let mut counts = BTreeMap::<(&str, bool), usize>::new();
    for job in jobs() {
        let (new, _, mut took) = whole(&job);
        for (signal, number) in [("TERM", 15), ("INT", 2), ("KILL", 9)] {
            for _ in 0..MOMENTS {
                // A linear congruential generator: its high bits are random enough for moments.
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let folder = prepared();
                let old = files(folder.path());
                let mut command = job.command(folder.path(), OBEYS);
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
                let child = command.spawn().expect("it starts");
                std::thread::sleep(took.mul_f64(f64::from((random >> 44) as u32) / f64::from(1 << 20)));
                let id = child.id().to_string();
                let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {id}")]).output();
                sent.expect("sh");
                let output = child.wait_with_output().expect("it ends");
                let mut now = files(folder.path());
                if signal == "KILL" {
                    let is_beside = |path: &Path| {
                        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".shapegate-"))
                    };
                    now.retain(|path, _| !is_beside(path));
                }
                assert_eq!(neither(&old, &new, &now), Vec::<PathBuf>::new(), "{} ended by {signal}", job.name);
                let is_ended = output.status.signal() == Some(number);
                assert!(is_ended || now == new, "{} with {signal} ended with {}", job.name, output.status);
                // All may have been done but the end itself.
                let is_sound = now == new || !is_content(&output);
                assert!(!is_ended || is_sound, "{} ended by {signal} says it is clean", job.name);
                if !is_ended {
                    // The signal came too late, as it does on a machine that was slower a moment ago.
                    took = took.mul_f64(0.7);
                }
                *counts.entry((signal, is_ended)).or_default() += 1;
            }
        }
    }
    for signal in ["TERM", "INT", "KILL"] {
        assert!(counts.get(&(signal, true)) > Some(&(jobs().len() / 2)), "too few were ended: {counts:?}");
    }
}
