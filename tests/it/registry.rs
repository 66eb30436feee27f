//! The registry: every rule is listed once, explains itself, and names no rule that does not exist; identities are pinned.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use shapegate::finding::{Area, Deviation, Finding, LeadsTo, Location, Mirror, Profile, Rule, Severity};
use shapegate::rules::{self, all, change, exchange, find, wire};

use crate::support::{entries, name_of, root};
use crate::{change_rules, rules as traffic_rules, wire_rules};

/// Most characters of a line, here as in the source.
const WIDTH: usize = 120;

#[test]
fn lists_are_sorted_and_no_id_appears_twice() {
    for list in [exchange::RULES, change::RULES, wire::RULES] {
        assert!(list.is_sorted_by(|a, b| a.id < b.id), "{list:?}");
    }
    let mut known = BTreeSet::new();
    for rule in all() {
        for id in std::iter::once(&rule.id).chain(rule.aliases) {
            assert!(known.insert(*id), "{id} appears twice");
            assert_eq!(find(id), Some(rule));
        }
    }
    for (list, area) in [(exchange::RULES, Area::Traffic), (change::RULES, Area::Upgrade), (wire::RULES, Area::Wire)] {
        assert!(list.iter().all(|rule| rule.area == area));
    }
}

#[test]
fn a_rule_on_traffic_has_a_file_of_its_own() {
    let files = entries(&root().join("src/rules/exchange"));
    let files = files.iter().filter_map(|path| name_of(path).strip_suffix(".rs")).filter(|module| *module != "mod");
    let mut files: Vec<String> = files.map(|module| module.replace('_', "-")).collect();
    files.sort();
    assert_eq!(exchange::RULES.iter().map(|rule| rule.id).collect::<Vec<_>>(), files);
}

#[test]
fn every_rule_explains_itself() {
    let headings = ["What it does:", "Why:", "Example:", "What to do:"];
    for Rule { id, summary, explain, .. } in all() {
        let paragraphs: Vec<&str> = explain.trim_end().split("\n\n").collect();
        assert_eq!(paragraphs.len(), headings.len(), "{id}");
        for (paragraph, heading) in paragraphs.iter().zip(headings) {
            let rest = paragraph.strip_prefix(heading).map(str::trim);
            assert!(rest.is_some_and(|rest| !rest.is_empty()), "{id}: {heading} in {paragraph:?}");
        }
        let long = explain.lines().find(|line| line.chars().count() > WIDTH);
        assert_eq!(long, None, "{id}: a line of more than {WIDTH} characters");
        assert!(!summary.is_empty() && !summary.contains('\n') && !summary.ends_with('.'), "{id}");
    }
}

/// A finding of each kind of fact, in each half of the exchange.
fn one_of_each() -> Vec<Finding> {
    let breach = |kind| exchange::judge(&shapegate::contract::Breach::whole(kind), Some("s"), Some("O"));
    let traffic = traffic_rules::every_kind().into_iter().map(breach);
    let changes =
        change_rules::every_kind().into_iter().map(|difference| change::judge(&difference, "s", Profile::Dynamic));
    let wires = wire_rules::examples().into_iter().map(|change| {
        let (service, operation) = ("s".into(), "O".into());
        let difference = shapegate::wire::Difference { service, operation, direction: None, error: None, change };
        wire::judge(&difference, Location::default())
    });
    traffic.chain(changes).chain(wires).collect()
}

#[test]
fn every_rule_judges_some_fact() {
    let judging: BTreeSet<&str> = one_of_each().iter().map(|finding| finding.rule.id).collect();
    let idle: Vec<&str> = all().map(|rule| rule.id).filter(|id| !judging.contains(id)).collect();
    assert!(idle.is_empty(), "rules of no fact: {idle:?}");
    for finding in one_of_each() {
        let area = match finding.deviation {
            Deviation::Breach(_) => Area::Traffic,
            Deviation::Change(_) => Area::Upgrade,
            Deviation::Wire(_) => Area::Wire,
            other => panic!("{other:?} is of no area"),
        };
        assert_eq!(finding.rule.area, area, "{:?}", finding.deviation);
    }
}

/// Approvals hold fingerprints, so neither the form nor the parts of an identity may change unnoticed.
#[test]
fn identities_are_pinned() {
    let mut pinned = BTreeMap::new();
    for finding in one_of_each() {
        for name in finding.rule.identity {
            let value = finding.values.get(name).unwrap_or_else(|| panic!("{:?} has no {name}", finding.rule));
            assert!(!matches!(value, Value::Array(_) | Value::Object(_)), "{:?}: {name} may grow", finding.rule);
            assert!(!["reason", "message", "statement"].contains(name), "{:?}: {name} is a sentence", finding.rule);
        }
        let Rule { id, since, identity, aliases, .. } = finding.rule;
        let former: String = aliases.iter().flat_map(|alias| [" = ", alias]).collect();
        pinned.insert(*id, format!("{id} (since {since}): {identity:?}{former}"));
    }
    let mut lines = String::new();
    for line in pinned.values() {
        writeln!(lines, "{line}").expect("writing to a String cannot fail");
    }
    insta::assert_snapshot!("identities", lines);
}

#[test]
fn a_rule_names_rules_that_there_are() {
    for rule in all() {
        if let LeadsTo::Rules { in_place, anywhere } = rule.leads_to {
            for id in in_place.iter().chain(anywhere) {
                assert_eq!(find(id).map(|found| found.area), Some(Area::Traffic), "{rule:?} leads to {id}");
            }
        }
        for cause in rule.comes_with {
            assert_eq!(
                find(cause.rule).map(|found| found.area),
                Some(Area::Upgrade),
                "{rule:?} comes with {}",
                cause.rule
            );
        }
        if let Mirror::Rule(id) = rule.mirror {
            assert_eq!(find(id).map(|found| found.area), Some(rule.area), "{rule:?} mirrors {id}");
        }
    }
}

/// Traffic that a breaking change breaks must be put down to it, or nothing could ever be approved.
#[test]
fn a_breaking_change_leads_to_findings_on_traffic_or_says_why_not() {
    let silent = |rule: &&&Rule| match rule.leads_to {
        LeadsTo::Rules { in_place, anywhere } => in_place.is_empty() && anywhere.is_empty(),
        LeadsTo::Nothing(reason) => reason.is_empty(),
        _ => true,
    };
    let breaking = change::RULES.iter().filter(|rule| rule.heaviest() == Severity::Error);
    let silent: Vec<&str> = breaking.filter(silent).map(|rule| rule.id).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn what_narrows_leads_somewhere() {
    for finding in one_of_each() {
        let Some(change) = finding.deviation.change() else { continue };
        let leads = matches!(finding.rule.leads_to, LeadsTo::Rules { .. });
        assert!(leads || !(finding.rule.narrows)(change), "{:?} narrows and leads to nothing", finding.rule);
    }
}

#[test]
fn an_unknown_id_is_no_rule() {
    assert_eq!(rules::find("no-such-rule"), None);
}
