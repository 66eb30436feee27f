//! `shapegate-approvals.toml`: findings that someone looked at and accepts, in any job.
//!
//! A line is `"fingerprint" = { reason = "why", expires = 2027-01-31, paths = ["tests/**"], at_most = 3 }`; only `reason`
//! is required. In the service, operation, direction and subject of a fingerprint `*` stands for any characters. A
//! fingerprint carries no place, so an approval accepts the finding in every file unless `paths` or `at_most` say otherwise.

mod edit;
mod ledger;
mod pattern;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

pub use self::edit::{ToApprove, add, prune};
pub(super) use self::ledger::Ledger;
use self::pattern::Pattern;
use super::Day;
use crate::error::{Error, Result};
use crate::rules;

/// Name of the file where none is given.
pub const FILE: &str = "shapegate-approvals.toml";

/// Rules whose findings are approved only for named paths: what cannot be read may hold anything.
const BY_PATH: &[&str] = &["malformed-recording"];

/// All approvals of a file.
#[derive(Debug, Clone, Default)]
pub struct Approvals {
    all: Vec<Approval>,
    /// Numbers of those without wildcards, by fingerprint.
    exact: HashMap<String, usize>,
    /// Numbers of those with wildcards.
    wild: Vec<usize>,
    /// Folder of the file, which `paths` may be relative to.
    folder: PathBuf,
}

/// One approval.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The fingerprint, perhaps with wildcards, as the file has it.
    pub fingerprint: String,
    /// Why the finding is accepted.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Option<Day>,
    /// Findings that it accepts at most in one run.
    pub at_most: Option<usize>,
    /// Files in which it accepts findings; all without it.
    paths: Option<GlobSet>,
    pattern: Pattern,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    approvals: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    reason: String,
    expires: Option<Date>,
    paths: Option<Vec<String>>,
    at_most: Option<usize>,
}

/// A date as TOML has it, or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Toml(toml::value::Datetime),
    Text(String),
}

impl Approvals {
    /// Reads a file of approvals; `place` is its path.
    ///
    /// # Errors
    /// It is not TOML, has other keys, names a rule that does not exist, a reason is empty, a day or a glob makes no sense,
    /// or an approval that needs `paths` has none.
    pub fn parse(text: &str, place: &Path) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            Error::new(error.message().to_owned()).at(place).byte(text, at).remedy(
                "Below [approvals] each line is \"fingerprint\" = { reason = \"why\" }; `expires`, `paths` and `at_most` \
                 are optional.",
            )
        })?;
        let read = |(fingerprint, entry): (String, Entry)| {
            let at = text.find(&fingerprint).unwrap_or_default();
            approval(fingerprint, entry).map_err(|error| error.at(place).byte(text, at))
        };
        let all = file.approvals.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        let (mut exact, mut wild) = (HashMap::new(), Vec::new());
        for (at, approval) in all.iter().enumerate() {
            match approval.pattern.exact() {
                Some(fingerprint) => drop(exact.insert(fingerprint, at)),
                None => wild.push(at),
            }
        }
        Ok(Self { all, exact, wild, folder: place.parent().map(Path::to_owned).unwrap_or_default() })
    }

    /// Numbers of the approvals that a fingerprint may have: its own before those with wildcards.
    fn of<'a>(&'a self, fingerprint: &'a str) -> impl Iterator<Item = usize> + 'a {
        let wild = self.wild.iter().copied().filter(|at| self.all[*at].pattern.matches(fingerprint));
        self.exact.get(fingerprint).copied().into_iter().chain(wild)
    }

    /// All approvals, sorted by fingerprint.
    pub fn iter(&self) -> impl Iterator<Item = &Approval> {
        self.all.iter()
    }

    /// The line that approves a finding, but for its reason.
    pub fn line(open: &ToApprove) -> String {
        // TOML reads what JSON writes as texts and lists of them.
        let paths = match &open.paths[..] {
            [] => String::new(),
            paths => format!(", paths = {}", serde_json::Value::from(paths)),
        };
        format!("{} = {{ reason = \"\"{paths} }}", serde_json::Value::from(open.fingerprint.as_str()))
    }
}

/// Whether a rule's findings are approved only for named paths.
pub(super) fn needs_paths(rule: &str) -> bool {
    BY_PATH.contains(&rule)
}

fn approval(fingerprint: String, entry: Entry) -> Result<Approval> {
    if entry.reason.trim().is_empty() {
        return Err(Error::new(format!("the approval of {fingerprint} gives no reason"))
            .remedy("Say in `reason` why it is accepted; who reads it later was not there."));
    }
    let pattern = Pattern::parse(&fingerprint);
    let Some(rule) = rules::find(pattern.rule()) else {
        return Err(Error::new(format!("the approval of {fingerprint} names no rule"))
            .remedy("A fingerprint begins with the id of a rule; `shapegate rules` lists them."));
    };
    if needs_paths(rule.id) && entry.paths.is_none() {
        return Err(Error::new(format!("the approval of {fingerprint} names no paths")).remedy(
            "What cannot be read may hold anything: say in `paths` which files are meant, such as [\"tests/old/*.json\"].",
        ));
    }
    let expires = entry.expires.map(|date| match date {
        Date::Toml(date) => date.to_string(),
        Date::Text(text) => text,
    });
    let day = |text: String| {
        Day::parse(&text).ok_or_else(|| {
            Error::new(format!("the approval of {fingerprint} expires on {text:?}, which is not a day"))
                .remedy("Write the last day on which it counts, such as 2027-01-31.")
        })
    };
    let expires = expires.map(day).transpose()?;
    let paths = entry.paths.as_deref().map(globs).transpose()?;
    let pattern = pattern.of_rule(rule.id);
    Ok(Approval { reason: entry.reason, expires, at_most: entry.at_most, paths, pattern, fingerprint })
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let wrong = |error: globset::Error| {
        Error::new(format!("a glob in `paths` cannot be read: {error}"))
            .remedy("`*` stands for any characters but `/` and `**/` for any folders, as in .gitignore.")
    };
    for pattern in patterns {
        let glob = globset::GlobBuilder::new(pattern.trim_start_matches("./")).literal_separator(true).build();
        set.add(glob.map_err(wrong)?);
        // A folder stands for all that is in it.
        set.add(Glob::new(&format!("{}/**", pattern.trim_start_matches("./").trim_end_matches('/'))).map_err(wrong)?);
    }
    set.build().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Approvals> {
        Approvals::parse(text, Path::new("a.toml"))
    }

    #[test]
    fn a_line_that_is_printed_is_read_again() {
        let fingerprint = "pattern-changed:s3:::Key:\"[a-z]\\d+\"%3A";
        let open = ToApprove { fingerprint: fingerprint.into(), paths: vec!["a\"b.json".into()] };
        let line = Approvals::line(&open).replace("reason = \"\"", "reason = \"seen\"");
        let approvals = parse(&format!("[approvals]\n{line}\n")).expect(&line);
        let read: Vec<_> = approvals.iter().map(|one| (&*one.fingerprint, &*one.reason, one.expires)).collect();
        assert_eq!(read, [(fingerprint, "seen", None)]);
    }

    #[test]
    fn days_are_written_with_or_without_quotes() {
        let text = "[approvals]\n\"wrong-type:a\" = { reason = \"x\", expires = 2027-01-31 }\n\
                    \"wrong-type:b\" = { reason = \"x\", expires = \"2024-02-29\" }";
        let approvals = parse(text).expect("sound");
        let days: Vec<_> = approvals.iter().filter_map(|one| one.expires).map(|day| day.to_string()).collect();
        assert_eq!(days, ["2027-01-31", "2024-02-29"]);
    }

    #[test]
    fn a_file_may_hold_none() {
        for text in ["", "# none yet", "[approvals]"] {
            assert_eq!(parse(text).expect(text).iter().count(), 0);
        }
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, message) in [
            ("[approvals]\n\"wrong-type:a\" = { reason = \"\" }", "no reason"),
            ("[approvals]\n\"wrong-type:a\" = { reason = \"x\", expires = \"2027-02-29\" }", "not a day"),
            ("[approvals]\n\"wrong-type:a\" = { reason = \"x\", expires = 2027-02-29 }", "invalid date"),
            ("[approvals]\n\"wrong-type:a\" = { reason = \"x\", until = 1 }", "unknown field"),
            ("[approvals]\n\"wrong-tpye:a\" = { reason = \"x\" }", "names no rule"),
            ("[approvals]\n\"malformed-recording::::\" = { reason = \"x\" }", "names no paths"),
            ("[approvals]\n\"wrong-type:a\" = { reason = \"x\", paths = [\"[\"] }", "glob"),
            ("[approvals]\n\"wrong-type:a\" = 1", "expected"),
            ("approvals", "expected"),
        ] {
            let error = parse(text).map(drop).expect_err(text).to_string();
            let line = text.matches('\n').count() + 1;
            assert!(error.contains(message) && error.contains(&format!("a.toml:{line}:")), "{text}: {error}");
        }
    }
}
