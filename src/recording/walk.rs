//! Finding files: every file below the given paths, in the same order on every machine.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Something found below a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read.
    File {
        /// Its path, as the given path leads to it.
        path: PathBuf,
        /// Its size in bytes; 0 for a pipe that was named by the user.
        size: u64,
    },
    /// Neither file nor folder: a pipe, socket or device, which reading might wait on for ever.
    Special {
        /// Its path.
        path: PathBuf,
    },
    /// A symbolic link to a folder that holds it. What it leads to is read where it stands.
    Loop {
        /// Path of the link.
        path: PathBuf,
        /// The folder it leads back to.
        ancestor: PathBuf,
    },
    /// The system refused.
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

/// Everything below `path`, folders sorted by name. Links are followed. Version control's own folder is passed over.
pub fn walk(path: &Path) -> impl Iterator<Item = Found> + use<> {
    let root = path.to_owned();
    WalkDir::new(path)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git")
        .filter_map(move |entry| match entry {
            Ok(entry) => found(&entry),
            Err(error) => Some(failed(&error, &root)),
        })
}

fn found(entry: &DirEntry) -> Option<Found> {
    let path = entry.path().to_owned();
    let kind = entry.file_type();
    if kind.is_dir() {
        return None;
    }
    // A pipe in a folder is passed over; one that the user names, as a shell's `<(…)`, is meant to be read.
    if !kind.is_file() && entry.depth() > 0 {
        return Some(Found::Special { path });
    }
    match fs::metadata(&path) {
        Ok(metadata) => Some(Found::File { size: if metadata.is_file() { metadata.len() } else { 0 }, path }),
        Err(error) => Some(Found::Unreadable { path, reason: error.to_string() }),
    }
}

fn failed(error: &walkdir::Error, root: &Path) -> Found {
    let path = error.path().unwrap_or(root).to_owned();
    match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => Found::Loop { path, ancestor: ancestor.to_owned() },
        (None, Some(error)) => Found::Unreadable { path, reason: error.to_string() },
        (None, None) => Found::Unreadable { path, reason: error.to_string() },
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn finds_files_in_order_and_tells_the_rest() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        fs::create_dir_all(root.join("b/.git")).expect("writable");
        for file in ["b/2.json", "b/10.json", "a.json", "b/.git/config"] {
            fs::write(root.join(file), "{}").expect("writable");
        }
        symlink(root, root.join("b/up")).expect("writable");
        symlink(root.join("nowhere"), root.join("c.json")).expect("writable");
        let made = std::process::Command::new("mkfifo").arg(root.join("d.json")).status().expect("mkfifo runs");
        assert!(made.success());
        let told: Vec<String> = walk(root)
            .map(|found| match found {
                Found::File { path, size } => {
                    format!("file {} {size}", path.strip_prefix(root).expect("below").display())
                }
                Found::Special { path } => format!("special {}", path.strip_prefix(root).expect("below").display()),
                Found::Loop { path, .. } => format!("loop {}", path.strip_prefix(root).expect("below").display()),
                Found::Unreadable { path, .. } => {
                    format!("unreadable {}", path.strip_prefix(root).expect("below").display())
                }
            })
            .collect();
        let expected = [
            "file a.json 2",
            "file b/10.json 2",
            "file b/2.json 2",
            "loop b/up",
            "unreadable c.json",
            "special d.json",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_pipe_that_the_user_names_is_a_file() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let pipe = dir.path().join("p");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        assert_eq!(walk(&pipe).collect::<Vec<_>>(), [Found::File { path: pipe, size: 0 }]);
    }
}
