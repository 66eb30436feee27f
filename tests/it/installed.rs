//! The installed botocore: where it is found, which version it is, and that no code is run to find it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use shapegate::ingest::installed::{Product, Surroundings, find};
use tempfile::TempDir;

/// Sets the surroundings to folders of a test.
type Set = fn(&mut Surroundings, &Path);

/// One kind of place: the package's folder, further files, the surroundings, and the version.
type Kind = (&'static str, &'static [(&'static str, &'static str)], Set, Option<&'static str>);

const KINDS: &[Kind] = &[
    (
        "env/lib/python3.12/site-packages/botocore",
        &[("env/lib/python3.12/site-packages/botocore/__init__.py", "import os\n__version__ = '1.35.99'\n")],
        |to, root| to.virtual_env = Some(root.join("env")),
        Some("1.35.99"),
    ),
    (
        "conda/lib/python3.10/site-packages/botocore",
        &[(
            "conda/lib/python3.10/site-packages/botocore-1.30.0.dist-info/METADATA",
            "Name: botocore\nVersion: 1.30.0\n",
        )],
        |to, root| to.conda_prefix = Some(root.join("conda")),
        Some("1.30.0"),
    ),
    ("tools/botocore", &[], |to, root| to.python_path = vec![root.join("tools")], None),
    (
        "repo/.venv/lib/python3.13/site-packages/botocore",
        &[("repo/.git", "gitdir: elsewhere"), ("repo/a/b/x", "")],
        |to, root| to.working_folder = Some(root.join("repo/a/b")),
        None,
    ),
    (
        "plain/venv/lib/python3.13/site-packages/botocore",
        &[],
        |to, root| to.working_folder = Some(root.join("plain")),
        None,
    ),
    (
        "usr/lib/python3/dist-packages/botocore",
        &[
            ("usr/bin/python3", ""),
            ("usr/lib/python3/dist-packages/botocore-1.29.27.egg-info/PKG-INFO", "Version: 1.29.27"),
        ],
        |to, root| to.path = vec![root.join("usr/bin")],
        Some("1.29.27"),
    ),
    (
        "usr/local/lib/python3.11/dist-packages/botocore",
        &[("usr/bin/python3", ""), ("usr/lib/python3/dist-packages/botocore/data/x", "")],
        |to, root| to.path = vec![root.join("usr/bin")],
        None,
    ),
    (
        "Python312/Lib/site-packages/botocore",
        &[("Python312/python.exe", "")],
        |to, root| to.path = vec![root.join("Python312")],
        None,
    ),
    (
        "env/Lib/site-packages/botocore",
        &[("env/Scripts/python.exe", "")],
        |to, root| to.path = vec![root.join("env/Scripts")],
        None,
    ),
    (
        "pyenv/versions/3.11.7/lib/python3.11/site-packages/botocore",
        &[
            ("pyenv/shims/python3", "#!/bin/sh\n"),
            ("pyenv/versions/3.9.18/lib/python3.9/site-packages/botocore/data/x", ""),
        ],
        |to, root| to.path = vec![root.join("pyenv/shims")],
        None,
    ),
    (
        "else/versions/3.12.1/lib/python3.12/site-packages/botocore",
        &[],
        |to, root| to.pyenv_root = Some(root.join("else")),
        None,
    ),
    (
        "home/.pyenv/versions/3.12.1/lib/python3.12/site-packages/botocore",
        &[],
        |to, root| to.home = Some(root.join("home")),
        None,
    ),
    ("home/.local/lib/python3.12/site-packages/botocore", &[], |to, root| to.home = Some(root.join("home")), None),
    (
        "home/Library/Python/3.9/lib/python/site-packages/botocore",
        &[],
        |to, root| to.home = Some(root.join("home")),
        None,
    ),
    (
        "home/AppData/Roaming/Python/Python312/site-packages/botocore",
        &[],
        |to, root| to.home = Some(root.join("home")),
        None,
    ),
    ("late/lib/python3.12/site-packages/botocore", &[], |to, root| to.usual = vec![root.join("late")], None),
    ("cli/awscli/botocore", &[("cli/aws.exe", "")], |to, root| to.path = vec![root.join("cli")], None),
    (
        "v2/2.15.0/dist/awscli/botocore",
        &[("v2/2.15.0/dist/awscli/botocore/__init__.py", "__version__ = '2.0.0'")],
        |to, root| to.usual = vec![root.join("v2/2.15.0")],
        Some("2.15.0"),
    ),
    (
        "env/lib/python3.13/site-packages/awscli/botocore",
        &[("env/lib/python3.13/site-packages/awscli-2.22.1.dist-info/METADATA", "Version: 2.22.1\n")],
        |to, root| to.virtual_env = Some(root.join("env")),
        Some("2.22.1"),
    ),
];

#[test]
fn each_kind_of_place_is_found() {
    for (package, files, set, version) in KINDS {
        let dir = tree(files);
        put(dir.path(), &format!("{package}/data/sts/2011-06-15/service-2.json"), "{}");
        let mut surroundings = Surroundings::default();
        set(&mut surroundings, dir.path());
        let found = find(&surroundings).unwrap_or_else(|| panic!("nothing found for {package}"));
        assert_eq!(found.folder, dir.path().join(package));
        assert_eq!(found.version.as_deref(), *version, "{package}");
        let is_cli = package.contains("awscli");
        assert_eq!(found.product == Product::AwsCli, is_cli, "{package}");
        let told =
            format!("{} {}", if is_cli { "AWS CLI" } else { "botocore" }, version.unwrap_or("of an unknown version"));
        assert_eq!(found.to_string(), format!("{told} in {}", found.folder.display()));
    }
}

#[test]
fn the_environment_that_python_would_use_comes_first() {
    let packages = [
        "active/lib/python3.12/site-packages",
        "conda/lib/python3.12/site-packages",
        "repo/.venv/lib/python3.12/site-packages",
        "first/lib/python3.12/site-packages",
        "first/lib/python3.9/site-packages",
        "second/lib/python3.12/site-packages",
        "home/.pyenv/versions/3.12.1/lib/python3.12/site-packages",
        "home/.local/lib/python3.12/site-packages",
    ];
    let dir = tree(&[("first/bin/aws", ""), ("first/bin/python3", ""), ("second/bin/python3", "")]);
    let root = dir.path();
    for packages in packages {
        put(root, &format!("{packages}/botocore/data/x"), "");
    }
    let surroundings = Surroundings {
        home: Some(root.join("home")),
        working_folder: Some(root.join("repo")),
        virtual_env: Some(root.join("active")),
        conda_prefix: Some(root.join("conda")),
        path: vec![root.join("first/bin"), root.join("second/bin")],
        ..Surroundings::default()
    };
    for packages in packages {
        let expected = root.join(packages).join("botocore");
        assert_eq!(find(&surroundings).map(|found| found.folder), Some(expected.clone()));
        fs::remove_dir_all(expected).expect("a folder of this test");
    }
    assert_eq!(find(&surroundings), None);
}

#[test]
fn folders_of_others_are_not_looked_into() {
    let dir = tree(&[
        // Above the repository, above a folder in no repository, and the working folder itself.
        ("venv/lib/python3.12/site-packages/botocore/data/x", ""),
        ("repo/.git/HEAD", ""),
        ("repo/a/botocore/data/x", ""),
        ("plain/a/x", ""),
    ]);
    for folder in ["repo/a", "plain/a"] {
        let working_folder = Some(dir.path().join(folder));
        assert_eq!(find(&Surroundings { working_folder, ..Surroundings::default() }), None, "{folder}");
    }
}

#[test]
fn a_relative_search_path_leads_nowhere() {
    // The tests run in the folder of the package.
    let dir = tempfile::tempdir_in(".").expect("a temporary folder");
    let name = PathBuf::from(dir.path().file_name().expect("it has a name"));
    for file in ["botocore/data/x", "bin/python3", "bin/aws", "lib/python3.12/site-packages/botocore/data/x"] {
        put(dir.path(), file, "");
    }
    let relative =
        Surroundings { python_path: vec![name.clone()], path: vec![name.join("bin")], ..Surroundings::default() };
    assert_eq!(find(&relative), None);
    let absolute = |path: &Path| std::path::absolute(path).expect("the working folder is there");
    for surroundings in [
        Surroundings { python_path: vec![absolute(&name)], ..Surroundings::default() },
        Surroundings { path: vec![absolute(&name.join("bin"))], ..Surroundings::default() },
    ] {
        assert!(find(&surroundings).is_some(), "{surroundings:?}");
    }
}

#[test]
fn a_version_is_shown_where_it_is_one() {
    for text in
        ["__version__ = '\u{1b}[31m1.0'", "__version__ = read('VERSION')", "", "__version__", "__version__ = '1 :'"]
    {
        let dir = tree(&[("botocore/data/x", ""), ("botocore/__init__.py", text)]);
        let surroundings = Surroundings { python_path: vec![dir.path().to_owned()], ..Surroundings::default() };
        assert_eq!(find(&surroundings).expect("it is there").version, None, "{text}");
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    fn link(root: &Path, from: &str, to: &str) {
        let from = root.join(from);
        fs::create_dir_all(from.parent().expect("below the root")).expect("writable");
        symlink(root.join(to), from).expect("writable");
    }

    #[test]
    fn the_environment_behind_the_link_of_a_python_is_found() {
        let dir = tree(&[
            ("opt/lib/python3.9/site-packages/botocore/data/x", ""),
            ("opt/lib/python3.11/site-packages/botocore/data/x", ""),
            ("opt/bin/python3.9", ""),
        ]);
        link(dir.path(), "bin/python3", "opt/bin/python3.9");
        let surroundings = Surroundings { path: vec![dir.path().join("bin")], ..Surroundings::default() };
        let expected = fs::canonicalize(dir.path()).expect("there").join("opt/lib/python3.9/site-packages/botocore");
        assert_eq!(find(&surroundings).map(|found| found.folder), Some(expected), "the release that the link names");
    }

    #[test]
    fn the_users_own_packages_come_before_those_of_the_system_and_not_into_an_environment() {
        let own = "home/.local/lib/python3.11/site-packages/botocore";
        let system = "usr/lib/python3/dist-packages/botocore";
        let dir = tree(&[("usr/bin/python3.11", ""), ("env/lib/python3.11/site-packages/botocore/data/x", "")]);
        for package in [own, system, "home/.local/lib/python3.13/site-packages/botocore"] {
            put(dir.path(), &format!("{package}/data/x"), "");
        }
        link(dir.path(), "usr/bin/python3", "usr/bin/python3.11");
        link(dir.path(), "env/bin/python3", "usr/bin/python3.11");
        put(dir.path(), "env/pyvenv.cfg", "");
        let found = |bin: &str| {
            let home = Some(dir.path().join("home"));
            let path = vec![dir.path().join(bin)];
            find(&Surroundings { home, path, ..Surroundings::default() }).expect("one of them").folder
        };
        assert_eq!(found("usr/bin"), dir.path().join(own));
        assert_eq!(found("env/bin"), dir.path().join("env/lib/python3.11/site-packages/botocore"));
    }

    #[test]
    fn the_aws_cli_is_found_by_its_link_and_named_by_its_folder() {
        let dir = tree(&[("aws-cli/v2/2.15.0/dist/awscli/botocore/data/x", ""), ("aws-cli/v2/2.15.0/dist/aws", "")]);
        let root = dir.path();
        link(root, "aws-cli/v2/current", "aws-cli/v2/2.15.0");
        link(root, "aws-cli/v2/2.15.0/bin/aws", "aws-cli/v2/2.15.0/dist/aws");
        link(root, "bin/aws", "aws-cli/v2/current/bin/aws");
        for surroundings in [
            Surroundings { path: vec![root.join("bin")], ..Surroundings::default() },
            Surroundings { usual: vec![root.join("aws-cli/v2/current")], ..Surroundings::default() },
        ] {
            let found = find(&surroundings).expect("it is there");
            assert_eq!((found.product, found.version.as_deref()), (Product::AwsCli, Some("2.15.0")));
            let same = fs::canonicalize(root.join("aws-cli/v2/2.15.0/dist/awscli/botocore")).expect("there");
            assert_eq!(fs::canonicalize(found.folder).expect("there"), same);
        }
    }

    #[test]
    fn a_command_runs_no_python_and_no_code_of_the_working_folder() {
        use std::os::unix::fs::PermissionsExt as _;

        let traffic = r#"{"service": "sts", "operation": "GetCallerIdentity", "direction": "request", "payload": {}}"#;
        let dir = tree(&[
            ("work/botocore/__init__.py", "open('EXECUTED', 'w').close()\n"),
            ("work/traffic.ndjson", traffic),
            ("bin/python3", "#!/bin/sh\n: > EXECUTED\necho \"$PWD/botocore\"\n"),
        ]);
        let program = dir.path().join("bin/python3");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a file of this test");
        fs::create_dir_all(dir.path().join("work/botocore/data")).expect("writable");
        for arguments in [["check", "traffic.ndjson"], ["list", "traffic.ndjson"]] {
            let output = Command::new(env!("CARGO_BIN_EXE_shapegate"))
                .args(arguments)
                .current_dir(dir.path().join("work"))
                .env_clear()
                .env("PATH", dir.path().join("bin"))
                .env("HOME", dir.path().join("home"))
                .output();
            assert_ne!(output.expect("the binary starts").status.code(), None);
            assert!(!dir.path().join("work/EXECUTED").exists(), "{arguments:?}");
        }
    }
}

#[test]
fn the_command_says_which_one_it_takes() {
    let packages = "env/lib/python3.12/site-packages";
    let dir = tree(&[
        (&format!("{packages}/botocore/data/thing/2020-01-01/service-2.json"), MODEL),
        (&format!("{packages}/botocore/__init__.py"), "__version__ = '1.2.3'\n"),
        ("x.ndjson", r#"{"service": "thing", "operation": "Get", "direction": "request", "payload": {}}"#),
    ]);
    let told = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_shapegate"))
            .args(arguments)
            .current_dir(dir.path())
            .env("VIRTUAL_ENV", dir.path().join("env"))
            .env_remove("PYTHONPATH")
            .output()
            .expect("the binary starts");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let found = format!("botocore 1.2.3 in {}", dir.path().join(packages).join("botocore").display());
    for arguments in [&["check", "x.ndjson"][..], &["check", "--model", "botocore", "x.ndjson"]] {
        let told = told(arguments);
        assert!(told.contains(&found), "{told}");
    }
}

#[test]
fn no_source_file_starts_a_process() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("\nmod tests").next().unwrap_or_default();
            let starts = ["process::Command", "process::{", "process as", "Command::new("];
            assert!(!starts.iter().any(|word| code.contains(word)), "{} starts a process", path.display());
            read += 1;
        }
    }
    assert!(read > 100, "the sources were not found");
}

/// A model of one operation.
const MODEL: &str = r#"{"metadata": {"serviceId": "Thing", "protocol": "json", "endpointPrefix": "thing"},
    "operations": {"Get": {"name": "Get", "http": {"method": "POST", "requestUri": "/"}}}, "shapes": {}}"#;

/// A folder with these files, those below it made as well.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        put(dir.path(), path, text);
    }
    dir
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("below the root")).expect("writable");
    fs::write(path, text).expect("writable");
}
