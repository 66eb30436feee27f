//! A first file of configuration for a directory: what was seen in it is set, everything else is there as a comment.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::gate::Edition;
use crate::ingest::pinned::{numbers, wheel_version};
use crate::text::{is_day, plural};

/// The contents of a directory that a configuration is about. Paths are from the directory, with `/`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Seen {
    /// Folders that hold recordings, with their numbers.
    pub recordings: Vec<(String, usize)>,
    /// Sources of models.
    pub models: Vec<String>,
    /// Folders that hold presence expectations.
    pub expectations: Vec<String>,
    /// The version of the installed botocore.
    pub installed: Option<String>,
    /// The file of approvals.
    pub approvals: Option<String>,
}

impl Seen {
    /// The kinds of a directory's files, by their paths from it. `is_expectation` is asked about schemas.
    pub fn of<'p>(files: impl Iterator<Item = &'p Path>, is_expectation: impl Fn(&Path) -> bool) -> Self {
        let (mut models, mut expectations, mut seen) = (BTreeSet::new(), BTreeSet::new(), Self::default());
        for path in files {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if wheel_version(path).is_some() {
                models.insert(slashed(path));
            } else if matches!(name, "service-2.json" | "service-2.json.gz") {
                models.insert(slashed(model(path)));
            } else if name.ends_with(".schema.json") && is_expectation(path) {
                expectations.insert(slashed(path.parent().unwrap_or(Path::new("."))));
            } else if path == Path::new(crate::gate::APPROVALS) {
                seen.approvals = Some(slashed(path));
            }
        }
        let mut models: Vec<String> = models.into_iter().collect();
        // What is named first wins.
        models.sort_by_cached_key(|model| Reverse(wheel_version(Path::new(model)).map(numbers)));
        Self { models, expectations: expectations.into_iter().collect(), ..seen }
    }
}

/// The source that a model file belongs to: in botocore's layout the folder of all services.
fn model(file: &Path) -> &Path {
    let version =
        file.parent().filter(|version| version.file_name().and_then(|name| name.to_str()).is_some_and(is_day));
    let all = version.and_then(|version| version.parent()?.parent()).filter(|all| !all.as_os_str().is_empty());
    all.unwrap_or(file)
}

/// A path from the directory, with `/`; `.` for the directory itself.
pub fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The text of a file of configuration.
pub fn draft(seen: &Seen) -> String {
    let mut text = String::from(
        "# How shapegate checks this repository. Paths are relative to this file; options of the command win.\n\
         # `shapegate config show` says what is in force, and `shapegate config keys` what each key means.\n",
    );
    for (about, lines) in settings(seen) {
        let _ = write!(text, "\n# {about}\n{lines}\n");
    }
    text.push_str(
        "\n# Tables. Write the keys above before the first one: what follows the name of a table is within it.\n",
    );
    for (about, lines) in tables(seen) {
        let _ = write!(text, "\n# {about}\n{lines}\n");
    }
    text
}

/// What single keys are for, and how they are written.
fn settings(seen: &Seen) -> Vec<(&'static str, String)> {
    let approvals = match &seen.approvals {
        Some(file) => format!("approvals = {}", quoted(file)),
        None => "# approvals = \"shapegate-approvals.toml\"".to_owned(),
    };
    let expectations: Vec<String> = seen.expectations.iter().map(|one| quoted(one)).collect();
    let expectations = match &expectations[..] {
        [] => "# expectations = [\"expectations\"]".to_owned(),
        some => format!("expectations = [{}]", some.join(", ")),
    };
    vec![
        ("Files and folders with recordings, for commands that are given none.", recordings(&seen.recordings)),
        (
            "Rules that later versions of shapegate add are notes until this is raised.",
            format!("edition = \"{}\"", Edition::newest()),
        ),
        ("Contracts within shapegate, by name, day or `@recorded`.", "# contracts = [\"cleanrooms\"]".to_owned()),
        (
            "Whether an installed botocore is used for other services where no source is named.",
            "# installed_models = true".to_owned(),
        ),
        (
            "Folders with wheels of botocore, for sources such as botocore==1.44.8 or uv.lock.",
            "# wheels = [\"wheels\"]".to_owned(),
        ),
        (
            "Severity from which findings fail: error, warning, note or never.",
            "# fail_on = \"error\"\n# fail_on_stale = false\n# fail_on_unchecked = false".to_owned(),
        ),
        (
            "How many findings a report lists, the most severe first; all of them are judged and counted.",
            "# max_findings = 1000".to_owned(),
        ),
        (
            "For whom `gate` weighs differences: dynamic (boto3, JavaScript), typed (Rust, Java, Go) or replay (mocks).",
            "# profile = \"dynamic\"".to_owned(),
        ),
        (
            "What `redact` masks: usual, or strict for account ids, e-mail and IP addresses as well.",
            "# redact = \"usual\"".to_owned(),
        ),
        ("Findings that were looked at and are accepted.", approvals),
        (
            "What is not read, beside what .gitignore names.",
            "# exclude = [\"tests/broken/**\"]\n# gitignore = true".to_owned(),
        ),
        ("Folders with presence expectations of your own (*.schema.json).", expectations),
        (
            "Corrections of models that are known to be wrong, beside those within shapegate.",
            "# errata = [\"errata\"]\n# shipped_errata = true".to_owned(),
        ),
    ]
}

/// The folders that hold recordings, with how many there are.
fn recordings(folders: &[(String, usize)]) -> String {
    if folders.is_empty() {
        return "# recordings = [\"tests/recordings\"]".to_owned();
    }
    let line =
        |(folder, count): &(String, usize)| format!("    {},  # {}\n", quoted(folder), plural(*count, "recording"));
    format!("recordings = [\n{}]", folders.iter().map(line).collect::<String>())
}

/// What tables are for, and how they are written. They come last: what follows one in TOML is within it.
fn tables(seen: &Seen) -> Vec<(&'static str, String)> {
    let folder = seen.recordings.first().map_or("tests/recordings", |(folder, _)| folder.as_str());
    let example = quoted(&format!("{folder}/**"));
    let pin = |source: &str| {
        wheel_version(Path::new(source)).map_or(String::new(), |release| format!("\n# pin = {}", quoted(release)))
    };
    let model = |source: &String| format!("[[models]]\nsource = {}{}", quoted(source), pin(source));
    let models: Vec<String> = seen.models.iter().map(model).collect();
    let version = quoted(seen.installed.as_deref().unwrap_or("1.40.0"));
    let models = match &models[..] {
        [] => format!("# [[models]]\n# source = \"botocore\"\n# pin = {version}"),
        some => some.join("\n"),
    };
    vec![
        (
            "Limits on what is read; what exceeds one is reported and not judged.",
            "# [limits]\n# record-bytes = 33554432".to_owned(),
        ),
        (
            "How much of their contracts traffic has to touch, where coverage is counted; a percentage or a number.",
            "# [coverage]\n# operations = \"50%\"\n# \"s3:members\" = 200".to_owned(),
        ),
        ("Levels by rule: error, warning, note or off.", "# [rules]\n# unknown-enum-value = \"warning\"".to_owned()),
        ("Where models of other services are. `pin` is the version that must be used.", models),
        (
            "The service of recordings that do not name theirs.",
            format!("# [[services]]\n# service = \"s3\"\n# paths = [{example}]"),
        ),
        (
            "A level for some findings; the last one that is about a finding counts.",
            format!(
                "# [[overrides]]\n# level = \"off\"\n# rules = [\"unknown-member\"]\n# services = [\"s3\"]\n\
                 # operations = [\"Get*\"]\n# direction = \"response\"\n# paths = [{example}]"
            ),
        ),
    ]
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    // A basic string of TOML escapes as JSON does.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
