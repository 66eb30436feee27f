//! What the command asks of the system, as strace sees it: no socket, no process, no file opened for writing but those
//! that were asked for; and what becomes of files where the system says no, or a signal comes while one is written.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use regex::Regex;

use crate::interrupted::{Job, files, is_content, jobs, neither, prepared, whole};
use crate::support::folder::run_in;

/// Commands that write nothing but to their streams.
const READING: &[&str] = &[
    "check in.ndjson --verbose",
    "check . --model one.json --model two.json --threads 4",
    "check in.ndjson --coverage",
    "coverage in.ndjson",
    "scorecard in.ndjson",
    "merge part.json",
    "list in --why",
    "mutate thing.ndjson --model two.json",
    "gate --from one.json --to two.json",
    "gate --from one.json --to two.json --traffic thing.ndjson --service thing",
    "diff --from one.json --to two.json",
    "history in.ndjson",
    "snapshot in.ndjson",
    "snapshot in.ndjson --compare old.toml",
    "redact in.ndjson -",
    "redact --check in.ndjson",
    "approve in.ndjson --reason reason --dry-run",
    "generate --contract cleanrooms@2023-08-30 GetMembership --response --cover",
    "rules",
    "explain unknown-member",
    "config show",
    "config keys",
    "config schema",
    "completions bash",
    "--help",
];

/// What strace is asked for: all that opens, makes, moves or removes a file, opens a socket or starts a process.
const CALLS: &str = "trace=execve,execveat,fork,vfork,clone,clone3,socket,socketpair,connect,bind,ptrace,open,openat,creat,\
    openat2,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,unlink,unlinkat,rmdir,truncate,mknod,mknodat";

/// What a command asked for.
#[derive(Default)]
struct Asked {
    written: BTreeSet<String>,
    sockets: usize,
    processes: usize,
}

impl Asked {
    fn of(log: &str) -> Self {
        let call = Regex::new(r"(?m)^(?:\d+ +)?(\w+)\((.*)$").expect("sound");
        let name = Regex::new(r#""((?:[^"\\]|\\.)*)""#).expect("sound");
        let mut asked = Self::default();
        for (_, [call, rest]) in call.captures_iter(log).map(|found| found.extract()) {
            let mut written = || asked.written.extend(name.captures_iter(rest).map(|name| name[1].to_owned()));
            match call {
                "socket" | "socketpair" | "connect" | "bind" => asked.sockets += 1,
                "clone" | "clone3" if rest.contains("CLONE_THREAD") => {}
                "execve" | "execveat" | "fork" | "vfork" | "clone" | "clone3" | "ptrace" => asked.processes += 1,
                "open" | "openat" | "openat2"
                    if !["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| rest.contains(flag)) => {}
                _ => written(),
            }
        }
        asked
    }

    /// Files and folders written, those beside a target by what they become.
    fn elsewhere<'a>(&'a self, targets: &[&str]) -> Vec<&'a str> {
        let is_beside =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".shapegate-"));
        let is_meant = |path: &str| {
            let path = Path::new(path.trim_start_matches("./"));
            targets.iter().any(|target| {
                let target = Path::new(target);
                let folder = target.parent().unwrap_or(Path::new(""));
                path.starts_with(target)
                    || is_beside(path) && (path.parent() == Some(folder) || path.starts_with(target))
            })
        };
        self.written.iter().map(String::as_str).filter(|path| !is_meant(path)).collect()
    }
}

#[test]
#[ignore = "needs strace, run by .ci/run"]
#[allow(clippy::print_stdout, reason = "the table is what a reader wants to see")]
fn no_command_opens_a_socket_starts_a_process_or_writes_elsewhere() {
    let mut all = jobs();
    all.extend(READING.iter().map(|line| Job::new(line, &["summary.md"])));
    let mut table = String::from("| command | opened for writing | sockets | processes |\n|---|---|---|---|\n");
    let of_random_name = Regex::new(r"\.shapegate-\w+").expect("sound");
    for job in &all {
        let folder = prepared();
        // Paths of files that links are followed to are absolute.
        let own = format!("{}/", fs::canonicalize(folder.path()).expect("there").display());
        let traced = ["strace", "-f", "-q", "-o", "strace.log", "-e", CALLS, "-e", "signal=none", "--"];
        let output = job.command(folder.path(), &traced).stdin(Stdio::null()).output().expect("strace");
        assert!(output.status.code().is_some_and(|code| code < 2), "{}: {output:?}", job.name);
        let log = fs::read_to_string(folder.path().join("strace.log")).expect("a log");
        let asked = Asked::of(&log.replace(&own, ""));
        // The first is the command's own.
        assert_eq!((asked.sockets, asked.processes), (0, 1), "{}", job.name);
        assert_eq!(asked.elsewhere(&job.targets), Vec::<&str>::new(), "{}", job.name);
        let written: BTreeSet<_> =
            asked.written.iter().map(|path| of_random_name.replace(path, ".shapegate-*").into_owned()).collect();
        let written = if written.is_empty() { "-".to_owned() } else { Vec::from_iter(written).join(", ") };
        writeln!(table, "| {} | {written} | 0 | 0 |", job.name).expect("a String");
    }
    println!("{table}");
    let help = run_in(prepared().path(), &["--help"], &[]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()));
    for command in names.filter(|name| *name != "help") {
        assert!(all.iter().any(|job| job.name.split(' ').next() == Some(command)), "{command} was not traced");
    }
}

#[test]
fn what_is_asked_for_is_read_from_the_log() {
    let log = "1 execve(\"/bin/x\", [\"x\"], 0x7 /* 1 var */) = 0\n\
               1 openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 3\n\
               2 openat(AT_FDCWD, \"out/.shapegate-aB\", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0666) = 3\n\
               1 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0}, 88) = 3\n\
               2 rename(\"out/.shapegate-aB\", \"elsewhere\") = 0\n\
               1 socket(AF_INET, SOCK_STREAM, 0) = -1 EPERM\n\
               1 vfork() = 7\n";
    let asked = Asked::of(log);
    assert_eq!((asked.sockets, asked.processes), (1, 2));
    assert_eq!(asked.elsewhere(&["out/a"]), ["elsewhere"]);
    assert_eq!(asked.elsewhere(&["other"]), ["elsewhere", "out/.shapegate-aB"]);
}

#[test]
#[ignore = "needs strace, run by .ci/run"]
fn whatever_call_fails_a_file_is_the_old_one_or_the_new_one() {
    for job in jobs() {
        let (new, code, _) = whole(&job);
        for call in ["write", "fsync", "rename", "fchmod", "mkdir"] {
            for number in 1.. {
                let folder = prepared();
                let old = files(folder.path());
                let log = tempfile::NamedTempFile::new().expect("a file");
                let inject = format!("inject={call}:error=ENOSPC:when={number}");
                let path = log.path().to_str().expect("text");
                let traced = ["strace", "-f", "-q", "-o", path, "-e", &format!("trace={call}"), "-e", &inject, "--"];
                let output = job.command(folder.path(), &traced).stdin(Stdio::null()).output().expect("strace");
                let what = format!("{}, {call} {number}: {}", job.name, String::from_utf8_lossy(&output.stderr));
                if !fs::read_to_string(path).expect("a log").contains("INJECTED") {
                    break;
                }
                let now = files(folder.path());
                assert_eq!(neither(&old, &new, &now), Vec::<PathBuf>::new(), "{what}");
                let ended = output.status.code();
                // What cannot be said on stderr changes nothing.
                assert!(ended == Some(2) || now == new && ended == code, "{what} ended with {ended:?}");
                assert!(now == new || !is_content(&output), "{what} says it is clean");
            }
        }
    }
}

/// The process that strace runs.
fn traced_by(strace: u32) -> Option<String> {
    let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children")).ok()?;
    children.split_whitespace().next().map(str::to_owned)
}

#[test]
#[ignore = "needs strace, run by .ci/run"]
fn a_signal_while_a_file_is_written_leaves_nothing_beside_it() {
    let is_beside = |path: &Path| path.to_string_lossy().contains(".shapegate-");
    for job in jobs().into_iter().filter(|job| !job.name.contains("--report") || job.name.contains("json=")) {
        let (new, ..) = whole(&job);
        for signal in ["TERM", "INT", "HUP"] {
            let folder = prepared();
            let old = files(folder.path());
            let traced = [
                "strace",
                "-f",
                "-q",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync",
                "-e",
                "inject=fsync:delay_enter=400000",
                "--",
            ];
            let mut command = job.command(folder.path(), &traced);
            let mut strace =
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("strace");
            let since = Instant::now();
            while !files(folder.path()).keys().any(|path| is_beside(path)) {
                assert!(since.elapsed() < Duration::from_secs(60), "{} writes nothing", job.name);
                std::thread::sleep(Duration::from_millis(5));
            }
            let traced = traced_by(strace.id()).expect("it runs");
            assert!(
                Command::new("sh").args(["-c", &format!("kill -{signal} {traced}")]).status().expect("sh").success()
            );
            strace.wait().expect("it ends");
            let now = files(folder.path());
            assert_eq!(neither(&old, &new, &now), Vec::<PathBuf>::new(), "{} ended by {signal}", job.name);
        }
    }
}
