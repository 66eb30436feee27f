//! Finding an installed botocore: Python environments and the AWS CLI bring the same model files.

use std::fs;
use std::path::{Path, PathBuf};

/// What of the process's surroundings the search needs; the caller reads the environment.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The active virtual environment.
    pub virtual_env: Option<PathBuf>,
    /// Folders with programs, in the order of the search path.
    pub path: Vec<PathBuf>,
}

/// The `botocore` folder of the environment that `python3` or `aws` would use; `None` where there is none.
///
/// Looks, in this order, into the virtual environment, the environments around the programs on the search path, the
/// user's own packages, and the usual places of the AWS CLI.
pub fn find(surroundings: &Surroundings) -> Option<PathBuf> {
    let mut roots: Vec<PathBuf> = surroundings.virtual_env.iter().cloned().collect();
    roots.extend(surroundings.path.iter().filter_map(|folder| folder.parent().map(Path::to_owned)));
    roots.extend(surroundings.home.iter().map(|home| home.join(".local")));
    let of_python = roots.iter().flat_map(|root| packages(root));
    let of_cli = surroundings.path.iter().filter_map(|folder| cli(folder));
    let usual = ["/usr/local/aws-cli/v2/current/dist", "/opt/aws-cli/v2/current/dist"].map(PathBuf::from);
    let candidates = of_python.chain(of_cli).chain(usual);
    candidates
        .flat_map(|root| [root.join("botocore"), root.join("awscli/botocore")])
        .find(|path| path.join("data").is_dir())
}

/// Package folders of a Python environment.
fn packages(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for lib in ["lib", "lib64"] {
        let Ok(entries) = fs::read_dir(root.join(lib)) else { continue };
        let mut pythons: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        pythons.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("python3")));
        // The newest Python first: 3.11 is above 3.9.
        pythons.sort_by_key(|path| std::cmp::Reverse(minor_version(path)));
        found.extend(pythons.into_iter().flat_map(|path| [path.join("site-packages"), path.join("dist-packages")]));
    }
    found
}

fn minor_version(path: &Path) -> u32 {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.rsplit('.').next().and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

/// The folder behind the `aws` program of AWS CLI v2, which is a link into it.
fn cli(folder: &Path) -> Option<PathBuf> {
    let program = fs::canonicalize(folder.join("aws")).ok()?;
    let beside = program.parent()?;
    Some(if beside.ends_with("dist") { beside.to_owned() } else { beside.join("dist") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_the_virtual_environment_then_the_search_path() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let make = |path: &str| fs::create_dir_all(dir.path().join(path)).expect("writable");
        make("usr/bin");
        make("usr/lib/python3.9/site-packages/botocore/data");
        make("usr/lib/python3.11/site-packages/botocore/data");
        make("venv/lib/python3.12/site-packages/botocore/data");
        let mut surroundings = Surroundings { path: vec![dir.path().join("usr/bin")], ..Surroundings::default() };
        let found = |surroundings: &Surroundings| {
            find(surroundings).map(|path| path.strip_prefix(dir.path()).expect("below").display().to_string())
        };
        assert_eq!(found(&surroundings).as_deref(), Some("usr/lib/python3.11/site-packages/botocore"));
        surroundings.virtual_env = Some(dir.path().join("venv"));
        assert_eq!(found(&surroundings).as_deref(), Some("venv/lib/python3.12/site-packages/botocore"));
    }

    #[cfg(unix)]
    #[test]
    fn follows_the_cli_to_its_own_packages() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(dir.path().join("v2/dist/awscli/botocore/data")).expect("writable");
        fs::create_dir_all(dir.path().join("bin")).expect("writable");
        fs::write(dir.path().join("v2/dist/aws"), "").expect("writable");
        std::os::unix::fs::symlink(dir.path().join("v2/dist/aws"), dir.path().join("bin/aws")).expect("writable");
        let surroundings = Surroundings { path: vec![dir.path().join("bin")], ..Surroundings::default() };
        let expected = fs::canonicalize(dir.path().join("v2/dist/awscli/botocore")).expect("there");
        assert_eq!(find(&surroundings), Some(expected));
    }
}
