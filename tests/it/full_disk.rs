//! A disk that is full: each file is the old one or the new one, nothing lies beside it, and the exit code says so.
//!
//! The disk is a small tmpfs, mounted where nobody but the command sees it. Unlike a limit on the size of files it also has no
//! room for a file that is begun, and what fails there is what fails on a machine.

use std::path::Path;
use std::process::Output;
use std::thread;

use crate::interrupted::{Files, Job, files, is_content, jobs, neither, prepared, whole};

/// What leaves so many pages on a disk and runs a command there: its pages, the files it begins with, the mount point, where
/// what it left is copied, and the command.
const ON_A_DISK: &str = r#"
set -e
pages=$1 from=$2 disk=$3 out=$4
shift 4
mount -t tmpfs -o size=16m shapegate-test "$disk" || exit 97
cp -a "$from/." "$disk/"
cd "$disk"
free=$(df -Pk . | awk 'NR == 2 {print $4}')
head -c $(((free / 4 - pages) * 4096)) /dev/zero > filler
code=0
"$@" || code=$?
rm filler
cp -a . "$out/"
exit $code
"#;

/// The exit code of the script where nothing could be mounted.
const NOT_MOUNTED: Option<i32> = Some(97);

/// Ways to a namespace in which a disk may be mounted: as root, and as anybody where the kernel lets them.
const NAMESPACES: [&str; 2] = ["-m", "-rm"];

/// Runs a job where so many pages are free: what it said, and what it left.
fn run(job: &Job, pages: usize) -> (Output, Files) {
    let mut told = Vec::new();
    for namespace in NAMESPACES {
        let [from, disk, out] = [prepared().keep(), folder(), folder()];
        let (pages, paths) = (pages.to_string(), [&from, &disk, &out].map(|path| path.to_str().expect("UTF-8")));
        let words = ["unshare", namespace, "sh", "-c", ON_A_DISK, "sh", &pages, paths[0], paths[1], paths[2]];
        let output = job.command(Path::new("/"), &words).output().expect("unshare of util-linux");
        let left = files(&out);
        for path in [from, disk, out] {
            std::fs::remove_dir_all(path).expect("ours");
        }
        if output.status.code() != NOT_MOUNTED && !(left.is_empty() && output.status.code() == Some(1)) {
            return (output, left);
        }
        told.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    panic!("no disk can be mounted here, neither as root nor in a namespace of one's own: {told:?}");
}

fn folder() -> std::path::PathBuf {
    tempfile::tempdir().expect("a temporary folder").keep()
}

/// All jobs that write, and each command that writes reports by the forms of others.
fn all_jobs() -> Vec<Job> {
    let mut all = jobs();
    let reports = [
        "gate --from one.json --to two.json --fail-on never",
        "gate --from one.json --to two.json --traffic thing.ndjson --fail-on never",
        "snapshot in.ndjson --compare old.toml --fail-on never",
        "history in.ndjson",
        "merge part.json --fail-on never",
        "mutate thing.ndjson --model two.json",
        "scorecard in.ndjson",
        "coverage in.ndjson",
    ];
    all.extend(reports.map(|line| Job::new(&format!("{line} --report json=report"), &["report"])));
    all.push(Job::new("check in.ndjson --fail-on never --coverage --report json=report", &["report"]));
    all
}

#[test]
#[ignore = "mounts a disk, which needs root or namespaces of users; run by .ci/run"]
fn on_a_full_disk_a_file_is_the_old_one_or_the_new_one() {
    let (jobs, old) = (all_jobs(), files(prepared().path()));
    // Half of the time is starting.
    let failures: usize = thread::scope(|scope| {
        let halves = jobs.chunks(jobs.len().div_ceil(2)).map(|half| scope.spawn(|| failures_of(half, &old)));
        halves.collect::<Vec<_>>().into_iter().map(|half| half.join().expect("its jobs hold")).sum()
    });
    assert!(failures > jobs.len() / 2, "the disk was full in {failures} runs alone");
}

/// Runs jobs with ever more room, until each is done: how often there was too little.
fn failures_of(jobs: &[Job], old: &Files) -> usize {
    let mut failures = 0;
    for job in jobs {
        let (new, code, _) = whole(job);
        let mut sizes = [0, 1, 4, 32, 2_048].into_iter();
        let is_whole = sizes.any(|pages| {
            let (output, now) = run(job, pages);
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let name = &job.name;
            assert_eq!(neither(old, &new, &now), Vec::<std::path::PathBuf>::new(), "{name} with {pages}: {told}");
            if now == new {
                assert_eq!(output.status.code(), code, "{name} with {pages}: {told}");
                return true;
            }
            failures += 1;
            assert_eq!(output.status.code(), Some(2), "{name} with {pages}: {told}");
            assert!(told.contains("No space left") && !is_content(&output), "{name} with {pages}: {told}");
            false
        });
        assert!(is_whole, "{}", job.name);
    }
    failures
}
