//! Lock files of Python projects: which release of botocore they pin, and on which line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::is_version;
use crate::error::{Error, Result};
use crate::limits;

/// Bytes that a lock file may have.
const MOST: u64 = 64 << 20;
/// Bytes of a file that is looked into, for its name does not tell what it is.
const MOST_BY_CONTENT: u64 = 8 << 20;
/// Files that name one another, one after the other.
const DEPTH: usize = 8;

/// A pinned release of botocore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its version.
    pub version: String,
    /// The file that pins it: the lock file, or one that it includes.
    pub file: PathBuf,
    /// The line that says so, from 1.
    pub line: usize,
}

/// The release that a lock file pins; `None` where the file's name is that of none.
///
/// # Errors
/// The file cannot be read, pins no release of botocore, or several.
pub fn of_lock_file(path: &Path) -> Result<Option<Pin>> {
    Form::of(path).map(|form| pinned(form, path)).transpose()
}

/// The release that a file of another name pins, such as `uv-old.lock` or `uv.lock.orig`; `None` where it looks like no lock file.
///
/// # Errors
/// As [`of_lock_file`].
pub fn of_other_file(path: &Path) -> Result<Option<Pin>> {
    Form::by_content(path).map(|form| pinned(form, path)).transpose()
}

fn pinned(form: Form, path: &Path) -> Result<Pin> {
    let mut pins = Vec::new();
    form.read(path, DEPTH, &mut pins)?;
    let versions: BTreeSet<&str> = pins.iter().map(|pin| pin.version.as_str()).collect();
    if versions.len() > 1 {
        let versions = versions.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Error::new(format!("several releases of botocore are pinned: {versions}"))
            .at(path)
            .remedy("Name the one that is meant: botocore==VERSION."));
    }
    pins.into_iter().next().ok_or_else(|| {
        Error::new("no release of botocore is pinned").at(path).remedy(
            "A pin is a package `botocore` with its version, or a line `botocore==VERSION`; a range, or boto3 alone, does not \
             say which release is installed, and `pip freeze` does. botocore==VERSION names a release without a lock file.",
        )
    })
}

/// The one lock file of a folder that pins a release; `None` where no file's name is that of one.
///
/// # Errors
/// Several pin different releases, none pins one, or one cannot be read.
pub fn in_folder(folder: &Path) -> Result<Option<Pin>> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let (mut pins, mut without): (Vec<Pin>, Option<Error>) = (Vec::new(), None);
    for path in paths {
        match of_lock_file(&path) {
            Ok(pin) => pins.extend(pin),
            Err(error) => without = without.or(Some(error)),
        }
    }
    let versions: BTreeSet<&str> = pins.iter().map(|pin| pin.version.as_str()).collect();
    if versions.len() > 1 {
        let files: Vec<String> = pins.iter().map(|pin| format!("{} ({})", pin.file.display(), pin.version)).collect();
        return Err(Error::new(format!("lock files that pin different releases of botocore: {}", files.join(", ")))
            .at(folder)
            .remedy("Name one of them."));
    }
    match (pins.into_iter().next(), without) {
        (Some(pin), _) => Ok(Some(pin)),
        (None, Some(error)) => Err(error),
        (None, None) => Ok(None),
    }
}

/// How lock files are written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// TOML with a table for each package: uv, Poetry, PDM and PEP 751.
    Tables,
    /// Pipenv's JSON.
    Pipenv,
    /// Requirements of pip.
    Requirements,
}

impl Form {
    /// The form of a file, by its name.
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let ends_in = |ending: &str| path.extension().is_some_and(|own| own == ending);
        match name {
            "uv.lock" | "poetry.lock" | "pdm.lock" => Some(Self::Tables),
            "Pipfile.lock" => Some(Self::Pipenv),
            _ if name.starts_with("pylock.") && ends_in("toml") => Some(Self::Tables),
            _ if ends_in("txt") && (name.contains("requirements") || name.contains("constraints")) => {
                Some(Self::Requirements)
            }
            _ => None,
        }
    }

    /// The form of a file that names botocore or boto3, by what it holds.
    fn by_content(path: &Path) -> Option<Self> {
        // A pipe was read already.
        path.metadata().ok().filter(|about| about.is_file() && about.len() <= MOST_BY_CONTENT)?;
        let text = String::from_utf8(limits::read(path, MOST_BY_CONTENT).ok()?).ok()?;
        let has_line = |is_it: &dyn Fn(&str) -> bool| text.lines().any(is_it);
        if !text.contains("boto") {
            None
        } else if text.trim_start().starts_with('{') {
            text.contains("\"_meta\"").then_some(Self::Pipenv)
        } else if has_line(&|line| matches!(line.trim(), "[[package]]" | "[[packages]]")) {
            Some(Self::Tables)
        } else {
            (has_line(&|line| PINNED.is_match(line)) || is_loose(&text)).then_some(Self::Requirements)
        }
    }

    fn read(self, path: &Path, depth: usize, pins: &mut Vec<Pin>) -> Result<()> {
        let bytes = limits::read(path, MOST)?;
        let text = String::from_utf8(bytes).map_err(|_| Error::new("not a lock file: no UTF-8").at(path))?;
        match self {
            Self::Tables => tables(path, &text, pins),
            Self::Pipenv => pipenv(path, &text, pins),
            Self::Requirements => requirements(path, &text, depth, pins),
        }
    }
}

/// The packages of a lock file.
#[derive(Deserialize)]
struct Tables {
    #[serde(default, alias = "packages")]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Option<Spanned<String>>,
}

fn tables(path: &Path, text: &str, pins: &mut Vec<Pin>) -> Result<()> {
    let unread = |error: toml::de::Error| Error::new(format!("not a lock file: {}", error.message())).at(path);
    let tables: Tables = toml::from_str(text).map_err(unread)?;
    for package in tables.package.into_iter().filter(|package| package.name == "botocore") {
        if let Some(version) = package.version.filter(|version| is_version(version.get_ref())) {
            let line = line_of(text, version.span().start);
            pins.push(Pin { version: version.into_inner(), file: path.to_owned(), line });
        }
    }
    Ok(())
}

/// Groups of packages by name, but for what the file says of itself.
#[derive(Deserialize)]
struct Pipfile {
    #[serde(default)]
    default: BTreeMap<String, Locked>,
    #[serde(default)]
    develop: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
struct Locked {
    version: Option<String>,
}

fn pipenv(path: &Path, text: &str, pins: &mut Vec<Pin>) -> Result<()> {
    let file: Pipfile =
        serde_json::from_str(text).map_err(|error| Error::new(format!("not a lock file: {error}")).at(path))?;
    for group in [file.default, file.develop] {
        let version = group.get("botocore").and_then(|locked| locked.version.as_deref()?.strip_prefix("=="));
        if let Some(version) = version.filter(|version| is_version(version)) {
            let line = text.find("\"botocore\"").map_or(1, |at| line_of(text, at));
            pins.push(Pin { version: version.to_owned(), file: path.to_owned(), line });
        }
    }
    Ok(())
}

/// A line that pins botocore, perhaps with extras; what follows are markers, hashes and comments.
static PINNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*botocore\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;#,\\]+)\s*(?:[;#\\]|--|$)")
        .expect("a sound pattern")
});
/// A line that includes another file.
static INCLUDED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]\s*(\S+)").expect("a sound pattern"));

/// A line of requirements: a package with ranges of its versions, an option, what continues a line, a comment.
static REQUIREMENT: LazyLock<Regex> = LazyLock::new(|| {
    let package = r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?(?:@\s*\S+|(?:[<>=!~]{1,3}\s*[^\s;#,\\]+\s*,?\s*)*)";
    Regex::new(&format!(r"^\s*(?:{package}\s*(?:;.*|\\|--.*)?|-.*)?\s*(?:#.*)?$")).expect("a sound pattern")
});
/// A line that names what a release of botocore follows from.
static NAMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:botocore|boto3)\s*(?:[\[<>=!~;#@]|$)").expect("a sound pattern"));

/// Whether a text is requirements alone, one of which is botocore or boto3, in whatever release.
fn is_loose(text: &str) -> bool {
    text.lines().all(|line| REQUIREMENT.is_match(line)) && text.lines().any(|line| NAMED.is_match(line))
}

fn requirements(path: &Path, text: &str, depth: usize, pins: &mut Vec<Pin>) -> Result<()> {
    for (number, line) in text.lines().enumerate() {
        if let Some(version) = PINNED.captures(line).map(|found| found[1].to_owned()).filter(|found| is_version(found))
        {
            pins.push(Pin { version, file: path.to_owned(), line: number + 1 });
        }
        let Some(included) = INCLUDED.captures(line) else { continue };
        if included[1].contains("://") {
            continue;
        }
        if depth == 0 {
            return Err(Error::new("requirements include one another without an end").at(path));
        }
        let other = path.with_file_name("").join(&included[1]);
        Form::Requirements.read(&other, depth - 1, pins)?;
    }
    Ok(())
}

fn line_of(text: &str, at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count() + 1
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn pin(name: &str, text: &str) -> Result<Option<(String, usize)>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        fs::write(folder.path().join("base.txt"), "botocore==1.2.3\n").expect("writable");
        fs::write(folder.path().join("loop.txt"), "-r loop.txt\n").expect("writable");
        fs::write(&path, text).expect("writable");
        let pin = of_lock_file(&path)?.map_or_else(|| of_other_file(&path), |pin| Ok(Some(pin)))?;
        Ok(pin.map(|pin| (pin.version, pin.line)))
    }

    #[test]
    fn each_form_of_lock_file_names_its_release_and_its_line() {
        let table = "version = 1\n\n[[package]]\nname = \"boto3\"\nversion = \"1.44.8\"\n\n\
                     [[package]]\nname = \"botocore\"\nversion = \"1.44.8\"\nsource = { registry = \"https://example.org/simple\" }\n";
        let pipenv = "{\"_meta\": {},\n \"default\": {\n  \"botocore\": {\"hashes\": [\"sha256:0\"], \"version\": \"==1.44.8\"}}}";
        for (name, text, line) in [
            ("uv.lock", table, 9),
            ("poetry.lock", table, 9),
            ("pdm.lock", table, 9),
            ("pylock.toml", &*table.replace("[[package]]", "[[packages]]"), 9),
            ("Pipfile.lock", pipenv, 3),
            ("requirements.txt", "boto3==1.44.8\nbotocore==1.44.8\n", 2),
            (
                "requirements-dev.txt",
                "# all\nBotocore[crt] == 1.44.8 ; python_version >= '3.9' \\\n    --hash=sha256:0\n",
                2,
            ),
            ("constraints.txt", "botocore===1.44.8  # via boto3", 1),
            ("requirements.txt", "botocore==1.44.8 --hash=sha256:0", 1),
        ] {
            assert_eq!(pin(name, text).expect(name), Some(("1.44.8".to_owned(), line)), "{name}");
        }
        assert_eq!(pin("requirements.txt", "-r base.txt\n").expect("sound"), Some(("1.2.3".to_owned(), 1)));
        for (name, text, line) in [
            // Beside the newer one, the older file goes by another name.
            ("uv-old.lock", table, 9),
            ("uv.lock.orig", table, 9),
            ("before.toml", &*table.replace("[[package]]", "[[packages]]"), 9),
            ("Pipfile.lock.old", pipenv, 3),
            ("reqs.in", "boto3==1.44.8\nbotocore==1.44.8\n", 2),
        ] {
            assert_eq!(pin(name, text).expect(name), Some(("1.44.8".to_owned(), line)), "{name}");
        }
        for (name, text) in [
            ("req-loose.txt", "boto3>=1.28\nbotocore >=1.31,<2  # a range\n"),
            ("reqs.in", "# ours\n\nboto3[crt] ~= 1.28 ; python_version >= '3.9' \\\n    --hash=sha256:0\n"),
            ("loose.txt", "boto3\n"),
        ] {
            let [other, usual] =
                [name, "requirements.txt"].map(|name| pin(name, text).expect_err("nothing is pinned").to_string());
            let cut = |error: &str| error.split_once(": ").map(|(_, rest)| rest.to_owned());
            assert!(other.contains("no release of botocore is pinned"), "{other}");
            assert_eq!(cut(&other), cut(&usual), "{name}");
        }
        for (name, text) in [
            ("prose.txt", "boto3 and botocore\nare packages of Python.\n"),
            ("list.txt", "requests>=2\nurllib3\n"),
            ("notes.txt", "Since botocore==1.44.8 it is there.\n"),
            ("Cargo.lock", "[[package]]\nname = \"similar\"\nversion = \"1.44.8\"\n"),
            ("service-2.json", "{\"metadata\": {\"serviceId\": \"botocore\"}}"),
        ] {
            assert_eq!(pin(name, text).expect("no lock file"), None, "{name}");
        }
    }

    #[test]
    fn a_folder_has_one_lock_file_that_pins_a_release() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writable");
        write("uv.lock.orig", "[[package]]\nname = \"botocore\"\nversion = \"1.44.7\"\n");
        assert_eq!(in_folder(folder.path()).expect("no lock file"), None);
        write("requirements.txt", "boto3\n");
        let error = in_folder(folder.path()).expect_err("nothing is pinned").to_string();
        assert!(error.contains("requirements.txt: no release of botocore is pinned"), "{error}");
        write("uv.lock", "[[package]]\nname = \"botocore\"\nversion = \"1.44.8\"\n");
        let pin = in_folder(folder.path()).expect("sound").expect("a pin");
        assert!(pin.version == "1.44.8" && pin.file.ends_with("uv.lock"));
        write("constraints.txt", "botocore==1.44.9\n");
        let error = in_folder(folder.path()).expect_err("two").to_string();
        assert!(error.contains("constraints.txt (1.44.9), ") && error.contains("uv.lock (1.44.8)"), "{error}");
    }

    #[test]
    fn what_pins_nothing_or_too_much_is_an_error() {
        let two = "[[package]]\nname = \"botocore\"\nversion = \"1.1.0\"\n[[package]]\nname = \"botocore\"\nversion = \"1.2.0\"\n";
        for (name, text, cause) in [
            ("uv.lock", two, "several releases of botocore are pinned: 1.1.0, 1.2.0"),
            ("uv.lock", "[[package]]\nname = \"boto3\"\nversion = \"1.1.0\"\n", "no release of botocore is pinned"),
            ("uv.lock", "[[package]\n", "not a lock file"),
            ("Pipfile.lock", "{", "not a lock file"),
            (
                "requirements.txt",
                "botocore>=1.44.8\nbotocore-stubs==1.44.8\nbotocore==1.44.*\n",
                "no release of botocore",
            ),
            ("requirements.txt", "-r loop.txt\n", "without an end"),
        ] {
            let error = pin(name, text).expect_err(name).to_string();
            assert!(error.contains(cause), "{name}: {error}");
        }
    }
}
