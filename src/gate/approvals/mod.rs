//! `shapegate-approvals.toml`: findings that someone looked at and accepts, in any job.
//!
//! A line is `"fingerprint" = { reason = "why", expires = 2027-01-31, paths = ["tests/**"], at_most = 3 }`; only `reason`
//! is required. In the service, operation, direction and subject of a fingerprint `*` stands for any characters. A
//! fingerprint carries no place, so an approval accepts the finding in every file unless `paths` or `at_most` say otherwise.

mod edit;
mod entry;
mod ledger;
mod pattern;

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

pub use self::edit::Draft;
pub use self::entry::Approval;
use self::entry::{Entry, approval};
pub(super) use self::ledger::Ledger;
use super::Day;
use crate::error::Result;
use crate::finding::Rule;
use crate::limits::{self, WRITTEN_BYTES};
use crate::mistake::Text;
use crate::paths::folder_of;
use crate::rules;

/// Name of the file where none is given.
pub const FILE: &str = "shapegate-approvals.toml";

/// What the file holds.
const LINES: &str = "Below [approvals] each line is \"fingerprint\" = { reason = \"why\" }; `expires`, `paths` and `at_most` \
                     are optional.";

/// Finds a rule by its id, or by a former one.
type Find<'f> = &'f dyn Fn(&str) -> Option<&'static Rule>;

/// All approvals of a file.
#[derive(Debug, Clone)]
pub struct Approvals {
    all: Vec<Approval>,
    /// Numbers of those without wildcards, by fingerprint.
    exact: HashMap<String, usize>,
    /// Numbers of the others.
    wild: Vec<usize>,
    /// Folder of the file, which `paths` may be relative to.
    folder: PathBuf,
}

/// A finding that would have to be approved for the run to pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ToApprove {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Globs for the files that it was found in, where it is approved only for named paths.
    pub paths: Vec<String>,
    /// How many there are, where an approval accepts fewer.
    pub at_most: Option<usize>,
    /// The file has a line for it already, which does not accept it: it has expired, or is about other files, or about
    /// fewer findings.
    pub has_line: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    approvals: BTreeMap<Spanned<String>, Entry>,
}

impl Default for Approvals {
    /// None, of the file that would be read: where paths are seen from is known all the same.
    fn default() -> Self {
        Self { all: Vec::new(), exact: HashMap::new(), wild: Vec::new(), folder: folder_of(Path::new(FILE)) }
    }
}

impl Approvals {
    /// Reads a file of approvals; `place` is its path.
    ///
    /// # Errors
    /// It is not TOML, has other keys, names a rule that does not exist, a reason is empty, a day or a glob makes no sense,
    /// an approval that needs `paths` has none, or one could never accept anything.
    pub fn parse(text: &str, place: &Path) -> Result<Self> {
        Self::parse_by(text, place, &rules::find)
    }

    /// The same with other rules.
    fn parse_by(text: &str, place: &Path, find: Find<'_>) -> Result<Self> {
        let written = Text { text, path: place };
        let file: File = toml::from_str(text).map_err(|error| written.unread(&error, Some(LINES)))?;
        let folder = folder_of(place);
        let read = |(fingerprint, entry): (Spanned<String>, Entry)| {
            let at = fingerprint.span().start;
            approval(fingerprint.into_inner(), entry, find, &folder).map_err(|error| error.at(place).byte(text, at))
        };
        let all = file.approvals.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        let (mut exact, mut wild) = (HashMap::new(), Vec::new());
        for (at, approval) in all.iter().enumerate() {
            match approval.pattern.exact().map(|fingerprint| exact.entry(fingerprint)) {
                Some(Slot::Vacant(free)) => drop(free.insert(at)),
                // Under a former id of its rule, a second one is about the same.
                Some(Slot::Occupied(_)) | None => wild.push(at),
            }
        }
        Ok(Self { all, exact, wild, folder })
    }

    /// No approvals, in a file that is not there yet.
    pub fn none(place: &Path) -> Self {
        Self { folder: folder_of(place), ..Self::default() }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, or as [`Approvals::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let text = limits::read_text(path, WRITTEN_BYTES)
            .map_err(|error| error.remedy("`shapegate approve PATH… --reason TEXT` writes a file of approvals."))?;
        Self::parse(&text, path)
    }

    /// Reads a file that need not be there; `None` where it is not.
    ///
    /// # Errors
    /// As [`Approvals::read`].
    pub fn read_if_there(path: &Path) -> Result<Option<Self>> {
        match Self::read(path) {
            Err(error) if error.is_not_found() => Ok(None),
            read => read.map(Some),
        }
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
        let paths = match &open.paths[..] {
            [] => String::new(),
            paths => format!(", paths = {}", paths.iter().collect::<toml_edit::Value>()),
        };
        format!("{} = {{ reason = \"\"{paths} }}", toml_edit::Key::new(&open.fingerprint).display_repr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Approvals> {
        Approvals::parse(text, Path::new("a.toml"))
    }

    #[test]
    fn a_line_that_is_printed_is_read_again() {
        let fingerprint = "unknown-enum-value:s3:::Key:\"[a-z]\\d+\"%3A";
        let open =
            ToApprove { fingerprint: fingerprint.into(), paths: vec!["a\"b.json".into()], ..ToApprove::default() };
        let line = Approvals::line(&open).replace("reason = \"\"", "reason = \"seen\"");
        let approvals = parse(&format!("[approvals]\n{line}\n")).expect(&line);
        let read: Vec<_> = approvals.iter().map(|one| (&*one.fingerprint, &*one.reason, one.expires)).collect();
        assert_eq!(read, [(fingerprint, "seen", None)]);
    }

    #[test]
    fn days_are_written_with_or_without_quotes() {
        let text = "[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", expires = 2027-01-31 }\n\
                    \"wrong-type:b:::\" = { reason = \"x\", expires = \"2024-02-29\" }";
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
    fn a_former_id_of_a_rule_is_known_and_a_second_line_counts_too() {
        let find = |id: &str| rules::find(if id == "former-id" { "wrong-type" } else { id });
        let text = "[approvals]\n\"former-id:a:::\" = { reason = \"one\" }\n\"wrong-type:a:::\" = { reason = \"two\" }\n\
                    \"former-id:*:::B\" = { reason = \"three\" }\n";
        let approvals = Approvals::parse_by(text, Path::new("a.toml"), &find).expect("sound");
        let of = |fingerprint| approvals.of(fingerprint).map(|at| &*approvals.all[at].reason).collect::<Vec<_>>();
        assert_eq!(of("wrong-type:a:::"), ["one", "two"]);
        assert_eq!(of("wrong-type:a:::B"), ["three"]);
        assert!(parse(text).is_err(), "no rule is called so");
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, message) in [
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"\" }", "no reason"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", expires = \"2027-02-29\" }", "not a day"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", expires = 2027-02-29 }", "invalid date"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", until = 1 }", "unknown key \"until\""),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", path = [\"a\"] }", "Did you mean \"paths\"?"),
            (
                "[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", paths = \"a\" }",
                "`paths` takes a list; this is a text",
            ),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = 1 }", "`reason` takes a text; this is 1"),
            ("[approvals]\n\"wrong-type:a:::\" = { paths = [\"a\"] }", "`reason` is missing"),
            (
                "[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", at_most = \"2\" }",
                "`at_most` takes a whole number",
            ),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", expires = 5 }", "`expires` takes a day"),
            ("[approval]\n", "Did you mean \"approvals\"?"),
            ("\"wrong-type:a:::\" = { reason = \"x\" }", "Below [approvals] each line is"),
            ("[approvals]\n\"wrong-tpye:a:::\" = { reason = \"x\" }", "names no rule"),
            ("[approvals]\n\"malformed-recording::::\" = { reason = \"x\" }", "names no paths"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", paths = [\"[\"] }", "glob"),
            ("[approvals]\n\"wrong-type:a:::\" = 1", "`wrong-type:a:::` takes a table; this is 1"),
            ("approvals", "expected"),
            ("[approvals]\n\"wrong-type:a\" = { reason = \"x\" }", "accepts nothing"),
            ("[approvals]\n\"wrong-type:*\" = { reason = \"x\" }", "accepts nothing"),
            ("[approvals]\n\"wrong-type:a:B:reqest:\" = { reason = \"x\" }", "accepts nothing"),
            ("[approvals]\n\"*:a:B:request:\" = { reason = \"x\" }", "names no rule"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", paths = [] }", "`paths` is empty"),
            ("[approvals]\n\"wrong-type:a:::\" = { reason = \"x\", at_most = 0 }", "`at_most` is 0"),
            ("[approvals]\n\"max-added:a:::\" = { reason = \"x\", paths = [\"a\"] }", "in no recording"),
            // The key is not written as it reads, and another one holds it.
            ("[approvals]\n\"wrong-type:a:::A\\u0041\" = { reason = \"\" }", "no reason"),
            (
                "[approvals]\n\"wrong-type:a:::AB\" = { reason = \"x\" }\n\"wrong-type:a:::A\" = { reason = \"\" }",
                "no reason",
            ),
        ] {
            let error = parse(text).map(drop).expect_err(text).to_string();
            assert!(!error.contains("struct") && !error.contains("enum"), "{text}: {error}");
            let line = text.trim_end().matches('\n').count() + 1;
            assert!(error.contains(message) && error.contains(&format!("a.toml:{line}:")), "{text}: {error}");
        }
    }
}
