//! Finding an installed botocore by its files: Python environments and the AWS CLI bring the same model files.
//!
//! No process is started and no code is run: whoever wrote the folder that is worked in must not decide what runs.

use std::cmp::Reverse;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The part of the process's surroundings that the search needs; the caller reads the environment.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The folder that is worked in.
    pub working_folder: Option<PathBuf>,
    /// Folders that Python looks into first: `PYTHONPATH`.
    pub python_path: Vec<PathBuf>,
    /// The active virtual environment: `VIRTUAL_ENV`.
    pub virtual_env: Option<PathBuf>,
    /// The active conda environment: `CONDA_PREFIX`.
    pub conda_prefix: Option<PathBuf>,
    /// Folders with programs, in the order of the search path: `PATH`.
    pub path: Vec<PathBuf>,
    /// The folder of pyenv, where it is not `~/.pyenv`: `PYENV_ROOT`.
    pub pyenv_root: Option<PathBuf>,
    /// Folders to look into last; [`USUAL`] on the system itself.
    pub usual: Vec<PathBuf>,
}

impl Surroundings {
    /// The surroundings of a process, by its variables. `split` takes a list of paths apart.
    pub fn of(
        variable: impl Fn(&str) -> Option<OsString>,
        split: impl Fn(&OsStr) -> Vec<PathBuf>,
        working_folder: Option<PathBuf>,
    ) -> Self {
        let folder = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folders = |name| -> Vec<PathBuf> { variable(name).map(|value| split(&value)).unwrap_or_default() };
        Self {
            home: home(&variable),
            working_folder,
            python_path: folders("PYTHONPATH"),
            virtual_env: folder("VIRTUAL_ENV"),
            conda_prefix: folder("CONDA_PREFIX"),
            path: folders("PATH"),
            pyenv_root: folder("PYENV_ROOT"),
            usual: USUAL.map(PathBuf::from).to_vec(),
        }
    }
}

/// The user's home folder, by the variables of a process alone: to ask the system's list of users may open a socket.
pub fn home(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    variable(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The name of the installed botocore, as a source of models.
pub const INSTALLED: &str = "botocore";

/// Where the AWS CLI v2 and the system's own Python are usually installed.
pub const USUAL: [&str; 3] = ["/usr/local/aws-cli/v2/current", "/usr/local", "/usr"];

/// An installed botocore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The folder of the package, which holds `data`.
    pub folder: PathBuf,
    /// The product that brings it.
    pub product: Product,
    /// The product's version, where a file or the name of a folder tells it.
    pub version: Option<String>,
}

/// A product that brings botocore's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// The Python package.
    Botocore,
    /// The AWS CLI v2, which holds a botocore of its own.
    AwsCli,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Botocore => "botocore",
            Self::AwsCli => "AWS CLI",
        })
    }
}

impl fmt::Display for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.version.as_deref().unwrap_or("of an unknown version");
        write!(f, "{} {version} in {}", self.product, self.folder.display())
    }
}

/// The botocore of the environment that `python3` or `aws` would use; `None` where there is none.
///
/// Looks, in this order, into
/// 1. the absolute folders of `PYTHONPATH`, the active virtual environment, the active conda environment;
/// 2. `.venv` and `venv` in the working folder and in those around it, up to the root of the repository (the first that
///    holds `.git`; outside of a repository in the working folder alone, for the others may be anybody's);
/// 3. for each `python3` or `python` on the (absolute) search path the environment around it, as it is named and behind its links.
///    The user's own packages of that Python come before those of the system. In place of shims, the installed versions
///    are looked into, the newest first;
/// 4. for each `aws` on the search path the same, and the folder behind its link;
/// 5. the versions of pyenv, the user's own packages of any Python, and the usual places.
pub fn find(surroundings: &Surroundings) -> Option<Installed> {
    let home = surroundings.home.as_deref();
    let active = [&surroundings.virtual_env, &surroundings.conda_prefix].into_iter().flatten();
    let named = active.flat_map(|prefix| packages(prefix, None));
    let around = surroundings.working_folder.iter().flat_map(|folder| repository(folder));
    let local = around.flat_map(|folder| [".venv", "venv"].map(|name| folder.join(name)));
    let local = local.flat_map(|prefix| packages(&prefix, None));
    let search = absolute(&surroundings.path);
    let pythons = search.clone().flat_map(|folder| of_programs(folder, &["python3", "python"], home));
    let clis = search.flat_map(|folder| of_programs(folder, &["aws"], None));
    let pyenv = surroundings.pyenv_root.clone().or_else(|| Some(home?.join(".pyenv")));
    let users = home.into_iter().flat_map(of_user);
    let usual = surroundings.usual.iter().flat_map(|root| packages(root, None).into_iter().chain([root.join("dist")]));
    (absolute(&surroundings.python_path).cloned())
        .chain(named)
        .chain(local)
        .chain(pythons)
        .chain(clis)
        .chain(pyenv.iter().flat_map(|root| of_versions(root)))
        .chain(users)
        .chain(usual)
        .find_map(|folder| installed(&folder))
}

/// The absolute ones. A relative one lies within the working folder, whose author is anybody.
fn absolute(folders: &[PathBuf]) -> impl Iterator<Item = &PathBuf> + Clone {
    folders.iter().filter(|folder| folder.is_absolute())
}

/// The botocore in a folder of packages.
fn installed(packages: &Path) -> Option<Installed> {
    let whole = [(Product::Botocore, packages.join("botocore")), (Product::AwsCli, packages.join("awscli/botocore"))];
    let (product, folder) = whole.into_iter().find(|(_, folder)| folder.join("data").is_dir())?;
    let version = match product {
        Product::Botocore => stated_version(&folder).or_else(|| noted_version(packages, "botocore")),
        Product::AwsCli => noted_version(packages, "awscli").or_else(|| version_of_cli(&folder)),
    };
    Some(Installed { folder, product, version })
}

/// The botocore in a Python environment, which is a folder that holds `lib/python3.…` or `Lib`.
pub(super) fn in_environment(prefix: &Path) -> Option<Installed> {
    packages(prefix, None).into_iter().find_map(|packages| installed(&packages))
}

/// The product that a folder of models belongs to, whichever of its folders that is.
pub(super) fn around(models: &Path) -> Option<Installed> {
    let own = [Some(models), models.parent(), models.parent().and_then(Path::parent)];
    let belongs = |installed: &Installed| installed.folder.starts_with(models) || models.starts_with(&installed.folder);
    let installed = own.into_iter().flatten().filter_map(installed).find(belongs);
    installed.or_else(|| in_environment(models))
}

/// The working folder and those around it, up to the root of its repository.
fn repository(folder: &Path) -> Vec<&Path> {
    let around: Vec<&Path> = folder.ancestors().collect();
    let root = around.iter().position(|folder| folder.join(".git").exists()).unwrap_or(0);
    around.into_iter().take(root + 1).collect()
}

/// Folders of packages that the programs of a folder use.
fn of_programs(folder: &Path, names: &[&str], home: Option<&Path>) -> Vec<PathBuf> {
    let files = names.iter().flat_map(|name| ["", ".exe", ".bat"].map(|ending| folder.join(format!("{name}{ending}"))));
    let programs: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
    // A shim is a script that chooses one of several versions.
    if let (false, true, Some(root)) = (programs.is_empty(), folder.ends_with("shims"), folder.parent()) {
        return of_versions(root);
    }
    programs.iter().flat_map(|program| of_program(program, home)).collect()
}

/// Folders of packages that a program uses: around it, and around the file behind its links.
fn of_program(program: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let real = fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let release = real.file_name().and_then(|name| name.to_str()).filter(|name| name.starts_with("python3."));
    let mut found = Vec::new();
    for folder in [program.parent(), real.parent()].into_iter().flatten() {
        let prefix = folder.parent().unwrap_or(folder);
        let is_virtual = prefix.join("pyvenv.cfg").is_file();
        if let (Some(home), Some(release), false) = (home, release, is_virtual) {
            found.push(home.join(".local/lib").join(release).join("site-packages"));
        }
        found.extend(packages(prefix, release));
        // On Windows Python lies beside its packages, and so does the program of the AWS CLI everywhere.
        found.extend(packages(folder, release));
        if program.file_stem().is_some_and(|name| name == "aws") {
            found.extend([folder.to_owned(), folder.join("dist")]);
        }
    }
    found
}

/// Folders of packages of all versions that pyenv, asdf or mise installed, the newest version first.
fn of_versions(root: &Path) -> Vec<PathBuf> {
    let versions = ["versions", "installs/python"].into_iter().flat_map(|below| newest_first(&root.join(below), ""));
    versions.flat_map(|version| packages(&version, None)).collect()
}

/// Folders of the user's own packages on Linux, macOS and Windows, whatever Python they are for.
fn of_user(home: &Path) -> Vec<PathBuf> {
    let mac =
        newest_first(&home.join("Library/Python"), "3.").into_iter().map(|path| path.join("lib/python/site-packages"));
    let windows = newest_first(&home.join("AppData/Roaming/Python"), "Python3");
    let windows = windows.into_iter().map(|path| path.join("site-packages"));
    packages(&home.join(".local"), None).into_iter().chain(mac).chain(windows).collect()
}

/// Folders of packages below the prefix of a Python; those of one release first, then the newest.
fn packages(prefix: &Path, release: Option<&str>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    // What Debian's users install lies below `local`.
    for lib in ["local/lib", "lib", "lib64"] {
        let mut pythons = newest_first(&prefix.join(lib), "python3");
        pythons.sort_by_key(|path| release.is_some() && path.file_name().and_then(|name| name.to_str()) != release);
        found.extend(pythons.into_iter().flat_map(|path| [path.join("site-packages"), path.join("dist-packages")]));
    }
    found.push(prefix.join("Lib/site-packages"));
    found
}

/// What a folder holds whose name begins so, by the numbers in its name: 3.11 is above 3.9.
fn newest_first(folder: &Path, beginning: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(Vec<u64>, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| name.starts_with(beginning))
        .map(|(name, path)| (numbers(&name), path))
        .collect();
    found.sort_by(|one, other| Reverse(one).cmp(&Reverse(other)));
    found.into_iter().map(|(_, path)| path).collect()
}

fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// The version in the line `__version__ = '1.35.99'` of a package.
fn stated_version(package: &Path) -> Option<String> {
    let text = beginning(&package.join("__init__.py"))?;
    let value = text.lines().find_map(|line| line.strip_prefix("__version__")?.trim_start().strip_prefix('='))?;
    version(value.trim().trim_matches(['\'', '"']))
}

/// The version that the installer noted beside a package, in `botocore-1.35.99.dist-info` or the like.
fn noted_version(packages: &Path, name: &str) -> Option<String> {
    let notes = newest_first(packages, &format!("{name}-"));
    let text = notes.iter().find_map(|note| {
        // Debian writes a single file, or a folder of the older form.
        let files = [note.join("METADATA"), note.join("PKG-INFO"), note.clone()];
        files.iter().find_map(|file| beginning(file))
    })?;
    version(text.lines().find_map(|line| line.strip_prefix("Version:"))?.trim())
}

/// The version that the AWS CLI v2 names its folder by: `aws-cli/v2/2.15.0/dist/awscli/botocore`, also behind `current`.
fn version_of_cli(package: &Path) -> Option<String> {
    let real = fs::canonicalize(package).ok()?;
    let home = real.ancestors().find(|folder| folder.ends_with("dist"))?.parent()?;
    version(home.file_name()?.to_str()?)
}

/// A text that may be a version. Whatever else a file says is not shown.
fn version(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '!' | '_');
    let is_version = text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(fits);
    is_version.then(|| text.to_owned())
}

/// The beginning of a plain file. A pipe is not opened, for nobody may ever write to it.
fn beginning(path: &Path) -> Option<String> {
    const ENOUGH: u64 = 64 * 1024;
    let mut bytes = Vec::new();
    if path.is_file() {
        File::open(path).ok()?.take(ENOUGH).read_to_end(&mut bytes).ok()?;
    }
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
