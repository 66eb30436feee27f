//! Verdict → bytes. One file per format, for every job; sentences come from the rules.
//!
//! JSON, NDJSON and text show what only one job has; all other formats see the `document` that every verdict lowers to,
//! so that a format is one file and one entry of [`FORMATS`].

mod api_changes;
mod aside;
mod badge;
mod document;
mod facts;
mod github;
mod gitlab;
mod html;
mod in_file;
mod json;
mod junit;
mod markdown;
mod models;
mod ndjson;
mod order;
mod part;
mod remarks;
mod sarif;
mod sentence;
mod text;
mod wire_diff;

use std::fmt;
use std::io::{self, Write};

pub use self::api_changes::changes_block;
#[cfg(feature = "cli")]
pub(crate) use self::aside::{left_out, of_no_api};
pub use self::document::Base;
#[cfg(feature = "cli")]
pub(crate) use self::json::VERSION;
pub use self::json::row;
use crate::gate::Verdict;

/// How much a text lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Detail {
    /// The verdict alone.
    Verdict,
    /// As much as fits on a few screens; the rest is counted.
    #[default]
    Usual,
    /// Everything.
    All,
}

/// How a report is written.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Style {
    /// With colours (text only).
    pub color: bool,
    /// How much is listed (text only; data has everything).
    pub detail: Detail,
    /// Counts findings by rule (text only).
    pub statistics: bool,
    /// Where files are named from in forms that a CI system reads.
    pub base: Base,
}

impl Style {
    /// The same with colours, or without.
    #[must_use]
    pub fn color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// The same with more or less listed.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    fn is_verbose(&self) -> bool {
        self.detail == Detail::All
    }

    /// The same with numbers by rule, or without.
    #[must_use]
    pub fn statistics(mut self, statistics: bool) -> Self {
        self.statistics = statistics;
        self
    }

    /// The same with files named from a repository's root.
    #[must_use]
    pub fn base(mut self, base: Base) -> Self {
        self.base = base;
        self
    }
}

/// One report format.
pub trait Report: Sync {
    /// Name for `--report`.
    fn id(&self) -> &'static str;

    /// One line about it.
    fn about(&self) -> &'static str;

    /// Whether it is text for people rather than data: a terminal's escapes are taken out where there is no terminal.
    fn is_for_people(&self) -> bool {
        false
    }

    /// Whether it can show the outcome of a job, by the job's name.
    fn shows(&self, _job: &str) -> bool {
        true
    }

    /// Markdown for the page that a CI system shows for a run, where the format belongs to one.
    fn page(&self, _verdict: &Verdict, _style: &Style) -> Option<String> {
        None
    }

    /// Writes the whole report.
    ///
    /// # Errors
    /// The stream does not take it.
    fn write(&self, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()>;
}

/// Characters of one text where a reader has little room.
const LENGTH: usize = 600;

/// Every format, the default first.
pub const FORMATS: &[&dyn Report] = &[
    &text::Text,
    &json::Json,
    &ndjson::Ndjson,
    &sarif::Sarif,
    &github::Github,
    &gitlab::Gitlab,
    &junit::Junit,
    &markdown::Markdown,
    &html::Html,
    &part::Part,
    &badge::Badge,
    &api_changes::ApiChanges,
];

/// The report as text, in full sentences and without colours.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        text::Text.write(self, &Style::default(), &mut text).map_err(|_| fmt::Error)?;
        f.write_str(String::from_utf8_lossy(&text).trim_end_matches('\n'))
    }
}

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Report> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}

#[cfg(test)]
mod tests {
    //! Verdicts of real jobs, for the tests of the formats.

    use std::path::{Path, PathBuf};

    use super::*;
    use crate::check::{self, Catalog, Input};
    use crate::expectation::Expectations;
    use crate::finding::{Profile, Severity};
    use crate::gate::{Approvals, Day, Settings, judge};
    use crate::ingest::embedded;
    use crate::ingest::source::Source;
    use crate::limits::Limits;
    use crate::outcome::Outcome;
    use crate::recording::Filter;
    use crate::upgrade::{self, Models, Traffic};

    /// A name with everything that commands, Markdown, HTML and terminals obey.
    pub(super) const HOSTILE: &str =
        "\n::error::x\r,:%0A|`a`*_~[x](https://example.com)<script>\u{1b}[31m\u{202e}##[add-mask]";

    pub(super) fn fixture(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
    }

    /// The package's folder, as the root of a repository.
    pub(super) fn style() -> Style {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Style::default().base(Base { folder: root.clone(), root })
    }

    pub(super) fn written(form: &dyn Report, verdict: &Verdict) -> String {
        let mut bytes = Vec::new();
        form.write(verdict, &style(), &mut bytes).expect("a Vec takes everything");
        String::from_utf8(bytes).expect("reports are UTF-8")
    }

    /// Judges with approvals, which are the lines of a file, on 2026-01-01.
    pub(super) fn judged(outcome: Outcome, approvals: &str) -> Verdict {
        let text = format!("[approvals]\n{approvals}");
        let approvals = Approvals::parse(&text, Path::new("shapegate-approvals.toml")).expect("sound approvals");
        let today = Day::parse("2026-01-01").expect("a day");
        judge(outcome, &Settings::default(), &approvals, today).expect("something was read")
    }

    fn options<'a>(catalog: &'a Catalog, expectations: &'a Expectations) -> check::Options<'a> {
        check::Options { threads: 1, ..check::Options::new(catalog, expectations) }
    }

    fn cleanrooms() -> Catalog {
        let mut catalog = Catalog::default();
        catalog.add_embedded(embedded::find("cleanrooms@2023-08-30").expect("an embedded contract"));
        catalog
    }

    fn checked(input: Input) -> Outcome {
        let (catalog, expectations) = (cleanrooms(), Expectations::shipped().expect("shipped ones are sound"));
        check::run(vec![input], &options(&catalog, &expectations)).expect("it can be read").into_outcome()
    }

    /// Faulty traffic.
    pub(super) fn check() -> Outcome {
        checked(Input::Path(fixture("faulty/cleanrooms")))
    }

    /// A request with members of these names, from standard input.
    pub(super) fn unknown_members(names: &[&str]) -> Outcome {
        let payload: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), 1.into())).collect();
        let record = serde_json::json!({
            "service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": payload,
        });
        checked(Input::Stream(Box::new(std::io::Cursor::new(record.to_string()))))
    }

    /// An upgrade of a service, with the traffic that it breaks.
    pub(super) fn gate() -> Outcome {
        let models = |name: &str| Models::Source(Source::open(&fixture(name)).expect("a model"));
        let (old, new) = (models("upgrades/orders/old.json"), models("upgrades/orders/new.json"));
        let options = upgrade::Options { threads: 1, ..upgrade::Options::new(Profile::default()) };
        let traffic = Traffic {
            paths: &[fixture("upgrades/orders/traffic")],
            threads: 1,
            filter: &Filter::USUAL,
            services: &[],
            format: None,
            operations: &[],
            limits: Limits::default(),
            all_services: false,
            progress: &|_| {},
        };
        let (compared, replayed) =
            upgrade::replay(&old, &new, &options, &traffic).expect("models and traffic that can be read");
        compared.into_outcome([&old, &new], Profile::default(), Some(replayed))
    }

    /// An upgrade between two contracts within the binary.
    pub(super) fn gate_of_releases() -> Outcome {
        let models = |name: &str| Models::Embedded(embedded::find(name).expect("an embedded contract"));
        let (old, new) = (models("cleanrooms@2023-07-31"), models("cleanrooms@2023-08-30"));
        let options = upgrade::Options { threads: 1, ..upgrade::Options::new(Profile::default()) };
        let compared = upgrade::compare(&old, &new, &options).expect("models that can be compared");
        compared.into_outcome([&old, &new], Profile::default(), None)
    }

    /// Two snapshots of traffic.
    pub(super) fn snapshot() -> Outcome {
        let (catalog, expectations) = (cleanrooms(), Expectations::default());
        let take = |folder: &str| {
            let input = Input::Path(fixture("rules/member-newly-sent/fires-in-a-response").join(folder));
            crate::snapshot::take(vec![input], &options(&catalog, &expectations)).expect("traffic")
        };
        take("after").against(&take("before").snapshot, "wire.toml", false).0
    }

    /// The findings of a level, as the neutral document has them.
    pub(super) fn count(verdict: &Verdict, level: Severity) -> usize {
        verdict.findings.iter().chain(&verdict.unexplained).filter(|finding| finding.level == level).count()
    }

    #[test]
    fn every_format_has_its_own_name() {
        for (at, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..at].iter().all(|other| other.id() != format.id()), "{}", format.id());
            assert!(find(format.id()).is_some_and(|found| found.about() == format.about()), "{}", format.id());
        }
    }

    #[test]
    fn only_a_form_of_a_ci_system_has_a_page() {
        let verdict = judged(unknown_members(&["a"]), "");
        let with_page: Vec<&str> = FORMATS
            .iter()
            .filter(|format| format.page(&verdict, &style()).is_some())
            .map(|format| format.id())
            .collect();
        assert_eq!(with_page, ["github"]);
    }

    #[test]
    fn what_an_upgrade_breaks_for_no_known_reason_is_reported() {
        let mut outcome = gate();
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        outcome.findings.clear();
        upgrade.fallout.clear();
        let replay = upgrade.replay.as_mut().expect("traffic was given");
        replay.broken_by_it.truncate(1);
        replay.broken_by_it[0].by.fill(None);
        let first = &replay.broken_by_it[0].findings[0];
        let (message, line) = (first.message(), first.location.position.expect("a place").0);
        let verdict = judged(outcome, "");
        assert!(!verdict.passed);
        for (id, place) in
            [("github", format!("orders.ndjson,line={line},")), ("sarif", format!("\"startLine\":{line},"))]
        {
            let text = written(find(id).expect("a format"), &verdict);
            assert!(text.contains(&message) && text.contains(&place), "{id}: {text}");
        }
    }

    #[test]
    fn a_broken_exchange_names_the_difference_that_has_to_be_approved() {
        let verdict = judged(gate(), "");
        let difference = "required-member-added:orders:PlaceOrder:request:PlaceOrderInput.payer";
        let broken: Vec<_> = verdict.broken.iter().filter(|one| one.approved_by() == difference).collect();
        assert_eq!(broken.len(), 2, "{:?}", verdict.broken);
        assert!(broken.iter().all(|one| one.fingerprint.as_str() != difference));
        let all = verdict.to_approve.iter().map(|one| one.fingerprint.as_str());
        let all: std::collections::BTreeSet<&str> = all.collect();
        assert!(verdict.broken.iter().all(|one| all.contains(one.approved_by())), "each can be pasted");
        for (id, how) in
            [("sarif", "\"fingerprint\":\"{}\""), ("junit", "value=\"{}\""), ("gitlab", "; it comes from {}\"")]
        {
            let text = written(find(id).expect("a format"), &verdict);
            for one in &verdict.broken {
                let said = how.replace("{}", one.approved_by());
                assert!(text.contains(&said), "{id} {said}: {text}");
            }
            assert!(!text.contains("\"fingerprint\":\"missing-member:"), "{id}: {text}");
        }
    }

    #[test]
    fn no_more_broken_exchanges_are_listed_than_findings() {
        let approvals = Approvals::parse("[approvals]", Path::new("a.toml")).expect("sound approvals");
        let settings = Settings { max_findings: Some(1), ..Settings::default() };
        let verdict = judge(gate(), &settings, &approvals, Day::parse("2026-01-01").expect("a day"));
        let verdict = verdict.expect("something was read");
        assert_eq!((verdict.findings.len(), verdict.broken.len(), verdict.unlisted_broken), (1, 1, 3));
        let text = written(&text::Text, &verdict);
        assert!(text.contains("recorded traffic: 4 of 6 exchanges break the new contract"), "{text}");
        assert!(text.contains("  3 more exchanges not listed (--max-findings)\n"), "{text}");
        let data: serde_json::Value = serde_json::from_str(&written(&json::Json, &verdict)).expect("JSON");
        let replay = &data["upgrade"]["replay"];
        assert_eq!((replay["brokenByIt"].as_array().map(Vec::len), &replay["brokenUnlisted"]), (Some(1), &3.into()));
    }

    #[test]
    fn forms_say_how_what_fails_is_accepted_and_what_of_it_nobody_uses() {
        let verdict = judged(gate(), "");
        for id in ["text", "sarif", "junit", "github", "markdown"] {
            let text = written(find(id).expect("a format"), &verdict);
            assert!(text.contains("shapegate approve --report report.json --reason WHY"), "{id}: {text}");
            assert!(text.contains("`--unused-as note` makes such differences notes"), "{id}: {text}");
        }
    }

    #[test]
    fn what_breaks_the_old_contract_already_comes_with_the_command_that_shows_it() {
        for (mut outcome, source) in [(gate(), "--model OLD"), (gate_of_releases(), "--contract cleanrooms@")] {
            let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
            upgrade.replay.get_or_insert_default().broken_before = 2;
            let text = written(find("text").expect("a format"), &judged(outcome, ""));
            let told = format!("  2 break the old contract already (`shapegate check {source}");
            assert!(text.contains(&told), "{told}: {text}");
        }
    }

    #[test]
    fn each_form_names_the_recorded_exchanges_that_an_upgrade_breaks() {
        let mut outcome = gate();
        let crate::outcome::Particulars::Upgrade(upgrade) = &mut outcome.particulars else { panic!("an upgrade") };
        let replay = upgrade.replay.as_ref().expect("traffic was given");
        assert!(replay.broken_by_it.iter().all(|one| one.by.iter().all(Option::is_some)), "all are explained");
        let first = replay.broken_by_it[0].findings[0].clone();
        let line = first.location.position.expect("a place").0;
        let verdict = judged(outcome, "");
        assert_eq!(verdict.broken.len(), 4);
        for (id, place) in [
            ("github", format!("orders.ndjson,line={line},")),
            ("gitlab", format!("\"begin\": {line}\n")),
            ("junit", format!("orders.ndjson:{line}:")),
            ("markdown", format!("orders.ndjson:{line}:")),
            ("sarif", format!("\"startLine\":{line},")),
        ] {
            let text = written(find(id).expect("a format"), &verdict).replace('\\', "");
            let said = ["now rejected: PlaceOrderInput requires", "orders.ndjson", first.rule.id];
            assert!(said.iter().all(|part| text.contains(part)) && text.contains(&place), "{id}: {text}");
        }
    }
}
