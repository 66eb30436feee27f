//! What the command takes of memory.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

/// Runs the command in a folder: what it printed, and the KiB that it had in memory at most.
///
/// The kernel's mark is looked at until the process ends, so what it took at the very last may be missing. A limit set
/// before it begins would say nothing of that: allocators ask for more addresses than they use.
pub(crate) fn peak(folder: &Path, arguments: &[&str]) -> (Output, u64) {
    let kept = tempfile::tempdir().expect("a temporary folder");
    let [out, err] = ["out", "err"].map(|name| kept.path().join(name));
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(File::create(&out).expect("writable"))
        .stderr(File::create(&err).expect("writable"))
        .spawn()
        .expect("it starts");
    let status_file = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let status = loop {
        let told = fs::read_to_string(&status_file).unwrap_or_default();
        let mark = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = mark.unwrap_or(0).max(most);
        match child.try_wait().expect("it is ours") {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    assert!(most > 0, "{status}: nothing was seen of its memory");
    let read = |path| fs::read(path).expect("it was written");
    (Output { status, stdout: read(&out), stderr: read(&err) }, most)
}
