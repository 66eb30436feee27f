//! A first file of configuration for a directory: what was seen in it is set, everything else is there as a comment.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::gate::Edition;
use crate::text::is_day;

/// What was seen in a directory. Paths are from the directory, with `/`.
#[derive(Debug, Clone, Default)]
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
    /// What the files of a directory are, by their paths from it. `is_expectation` is asked about schemas.
    pub fn of<'p>(files: impl Iterator<Item = &'p Path>, is_expectation: impl Fn(&Path) -> bool) -> Self {
        let (mut models, mut expectations, mut seen) = (BTreeSet::new(), BTreeSet::new(), Self::default());
        for path in files {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_wheel = name.starts_with("botocore-") && path.extension().is_some_and(|ending| ending == "whl");
            if is_wheel {
                models.insert(slashed(path));
            } else if matches!(name, "service-2.json" | "service-2.json.gz") {
                models.insert(slashed(model(path)));
            } else if name.ends_with(".schema.json") && is_expectation(path) {
                expectations.insert(slashed(path.parent().unwrap_or(Path::new("."))));
            } else if path == Path::new(crate::gate::APPROVALS) {
                seen.approvals = Some(slashed(path));
            }
        }
        Self { models: models.into_iter().collect(), expectations: expectations.into_iter().collect(), ..seen }
    }
}

/// The source that a model file belongs to: in botocore's layout the folder of all services.
fn model(file: &Path) -> &Path {
    let version =
        file.parent().filter(|version| version.file_name().and_then(|name| name.to_str()).is_some_and(is_day));
    let all = version.and_then(|version| version.parent()?.parent()).filter(|all| !all.as_os_str().is_empty());
    all.unwrap_or(file)
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The text of a file of configuration.
pub fn draft(seen: &Seen) -> String {
    let mut text = String::from(
        "# How shapegate checks this repository. Paths are relative to this file; options of the command win.\n\
         # `shapegate config show` says what is in force, and `shapegate config keys` what each key means.\n",
    );
    for (folder, count) in &seen.recordings {
        let recordings = if *count == 1 { "recording" } else { "recordings" };
        let _ = writeln!(text, "# Seen here: {count} {recordings} in {folder}");
    }
    let models = |source: &String| format!("[[models]]\nsource = {}\n", quoted(source));
    let folder = seen.recordings.first().map_or("tests/recordings", |(folder, _)| folder.as_str());
    let example = quoted(&format!("{folder}/**"));
    let _ = write!(
        text,
        "\n# Rules that later versions of shapegate add are notes until this is raised.\n\
         edition = \"{}\"\n\
         \n# Contracts within shapegate, by name, day or `@recorded`; `shapegate schema --help` has more.\n\
         # contracts = [\"cleanrooms\"]\n\
         \n# Whether an installed botocore is used for other services where no source is named.\n\
         # installed_models = true\n\
         \n# Severity from which findings fail: error, warning, note or never.\n\
         # fail_on = \"error\"\n\
         # fail_on_stale = false\n\
         \n# For whom `gate` weighs differences: dynamic (boto3, JavaScript), typed (Rust, Java, Go) or replay (mocks).\n\
         # profile = \"dynamic\"\n\
         \n# Findings that were looked at and are accepted.\n{}\
         \n# What is not read, beside what .gitignore names.\n\
         # exclude = [\"tests/broken/**\"]\n\
         # gitignore = true\n\
         \n# Folders with presence expectations of your own (*.schema.json).\n{}\
         \n# Corrections of models that are known to be wrong, beside those within shapegate.\n\
         # errata = [\"errata\"]\n\
         # shipped_errata = true\n\
         \n# Levels by rule: error, warning, note or off.\n\
         [rules]\n\
         # unknown-enum-value = \"warning\"\n\
         \n# Where models of other services are. `pin` is the version that must be used.\n{}\
         \n# The service of recordings that do not name theirs.\n\
         # [[services]]\n\
         # service = \"s3\"\n\
         # paths = [{example}]\n\
         \n# A level for some findings; the last one that is about a finding counts.\n\
         # [[overrides]]\n\
         # level = \"off\"\n\
         # rules = [\"unknown-member\"]\n\
         # services = [\"s3\"]\n\
         # operations = [\"Get*\"]\n\
         # direction = \"response\"\n\
         # paths = [{example}]\n",
        Edition::newest(),
        seen.approvals.as_ref().map_or_else(
            || "# approvals = \"shapegate-approvals.toml\"\n".to_owned(),
            |file| format!("approvals = {}\n", quoted(file))
        ),
        if seen.expectations.is_empty() {
            "# expectations = [\"expectations\"]\n".to_owned()
        } else {
            format!(
                "expectations = [{}]\n",
                seen.expectations.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ")
            )
        },
        if seen.models.is_empty() {
            let version = seen.installed.as_deref().unwrap_or("1.40.0");
            format!("# [[models]]\n# source = \"botocore\"\n# pin = {}\n", quoted(version))
        } else {
            seen.models.iter().map(models).collect()
        },
    );
    text
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    // A basic string of TOML escapes as JSON does.
    serde_json::Value::from(text).to_string()
}
