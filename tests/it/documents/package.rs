//! What the README names is shipped with it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::documents;
use crate::support::root;

#[test]
fn what_the_readme_names_is_in_the_package() {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shipped = String::from_utf8(output.stdout).expect("UTF-8");
    let text = &documents()[0].text;
    let named = Regex::new(r"\]\(([A-Za-z][^)#:]*)(?:#[^)]*)?\)|\b((?:fixtures|schemas)/[A-Za-z0-9_./-]*[A-Za-z0-9])");
    let named = named.expect("a pattern of ours");
    let named: BTreeSet<&str> =
        named.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2))).map(|name| name.as_str()).collect();
    assert!(named.len() > 10, "{named:?}");
    // Cargo leaves out packages within the package; those are read in the repository.
    let is_apart = |name: &str| {
        let folders = Path::new(name).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        folders.into_iter().any(|folder| root().join(folder).join("Cargo.toml").is_file())
    };
    let is_shipped = |name: &str| {
        let below = format!("{}/", name.trim_end_matches('/'));
        shipped.lines().any(|file| file == name || file.starts_with(&below))
    };
    let missing: Vec<&&str> = named.iter().filter(|name| !is_apart(name) && !is_shipped(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        assert!(is_shipped(license));
    }
}
