//! The property of the rules on differences: one change of a known kind, anywhere in a model where an operation reaches
//! it, is found by its rule, at its place, for the operations that reach it, and nothing else is found.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::num::usize::ANY;
use proptest::prop_assert;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use serde_json::{Value, json};
use shapegate::diff::{Difference, of_sources};
use shapegate::ingest::embedded;
use shapegate::ingest::{Ingested, botocore};
use shapegate::model::Direction;
use shapegate::rules::change::RULES;

use crate::changing::{Documents, How, Mutation, Reach, Spot, mutations, reach};
use crate::drawing::draw::Draw;
use crate::drawing::{choices, hold};
use crate::support::changes::Judged;
use crate::support::root;

/// Cases of each kind of change; of those that a model has no place for, others are drawn.
const CASES: u32 = 8;

/// Models of every protocol.
static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let contracts = ["thing/2020-01-01", "rest-xml", "aws-query", "ec2-query", "rpc-v2-cbor"];
    let mut documents: Vec<Value> = contracts
        .iter()
        .map(|folder| {
            let path = root().join("fixtures/contracts").join(folder).join("service-2.json");
            let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            serde_json::from_slice(&text).expect("a model")
        })
        .collect();
    documents.push(flagship());
    // None of ours speaks awsJson.
    let mut json = documents[0].clone();
    json["metadata"]["protocol"] = "json".into();
    json["metadata"]["protocols"] = json!(["json"]);
    json["metadata"]["targetPrefix"] = "Thing".into();
    documents.push(json);
    documents
});

fn flagship() -> Value {
    let embedded = embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
    serde_json::from_str(&embedded.document().expect("sound bytes")).expect("a model")
}

#[test]
fn a_change_of_a_known_kind_is_found_by_its_rule_and_nothing_else_is() {
    let all = mutations();
    for mutation in &all {
        let change = match &mutation.how {
            How::Swapped(other) => all.iter().filter(|one| one.rule == *other).collect(),
            How::Elsewhere(_) => continue,
            _ => vec![mutation],
        };
        let made = Cell::new(0);
        hold(CASES, &(ANY, ANY, choices(4)), |(model, which, choices)| {
            let change = change[which % change.len()];
            made.set(made.get() + u32::from(is_found(mutation, change, model, &choices)?));
            Ok(())
        });
        assert!(made.get() > 1, "{}: no model had a place for it", mutation.rule);
    }
}

#[test]
fn every_rule_has_its_change_or_a_reason() {
    let table: BTreeSet<&str> = mutations().iter().map(|mutation| mutation.rule).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(table, rules);
    for mutation in mutations() {
        if let How::Elsewhere(reason) = mutation.how {
            assert!(!reason.is_empty(), "{}", mutation.rule);
        }
    }
}

/// Whether the change could be made; an error where it was and was not found.
fn is_found(mutation: &Mutation, change: &Mutation, model: usize, choices: &[u32]) -> Result<bool, TestCaseError> {
    // Of the models those are tried that come after the drawn one, for not every model has a place for everything.
    for at in 0..DOCUMENTS.len() {
        let document = &DOCUMENTS[(model + at) % DOCUMENTS.len()];
        let Some(made) = make(change, document, choices) else { continue };
        let is_swapped = matches!(mutation.how, How::Swapped(_));
        let [old, new] = if is_swapped { [&made.new, &made.old] } else { [&made.old, &made.new] };
        judge(mutation, &made, &of_sources(old, new))?;
        return Ok(true);
    }
    Ok(false)
}

/// A change that was made.
struct Made {
    old: Ingested,
    new: Ingested,
    spot: Spot,
    /// What both documents reach.
    reach: Reach,
    /// Operations by the errors that they declare.
    declared: BTreeMap<String, BTreeSet<String>>,
}

fn make(change: &Mutation, document: &Value, choices: &[u32]) -> Option<Made> {
    let mut draw = Draw::new(choices);
    let reach = reach(document);
    let declared = declared(document);
    match &change.how {
        How::Documents(make) => {
            let mut documents = Documents::new(document, draw);
            let spot = make(&mut documents)?;
            Some(Made { old: read(&documents.old), new: read(&documents.new), spot, reach, declared })
        }
        How::Services(make) => {
            let (mut old, mut new) = (read(document), read(document));
            let has_input = |(_, operation): &(&String, &Value)| !operation["input"].is_null();
            let operations: Vec<&String> =
                document["operations"].as_object()?.iter().filter(has_input).map(|(name, _)| name).collect();
            let operation = *draw.of(&operations);
            let spot = make(&mut old.service, &mut new.service, operation);
            Some(Made { old, new, spot, reach, declared })
        }
        How::Swapped(_) | How::Elsewhere(_) => None,
    }
}

fn read(document: &Value) -> Ingested {
    let text = document.to_string();
    botocore::parse(text.as_bytes(), Some("thing")).unwrap_or_else(|error| panic!("a change broke the model: {error}"))
}

fn declared(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, operation) in document["operations"].as_object().expect("operations") {
        for error in operation["errors"].as_array().into_iter().flatten() {
            let error = error["shape"].as_str().expect("a shape").to_owned();
            found.entry(error).or_default().insert(name.clone());
        }
    }
    found
}

fn judge(mutation: &Mutation, made: &Made, differences: &[Difference]) -> TestCaseResult {
    let judged: Vec<Judged> = differences.iter().map(Judged::of).collect();
    let lines: String = judged.iter().map(Judged::line).collect();
    for expected in expected(made) {
        let is_it = |one: &&Judged| one.rule() == mutation.rule && expected.is(&one.difference);
        prop_assert!(
            judged.iter().filter(is_it).count() == 1,
            "{} at {expected:?} is not found, but:\n{lines}",
            mutation.rule
        );
    }
    let allowed = |one: &&Judged| one.rule() == mutation.rule || mutation.implied.contains(&one.rule());
    let others: String = judged.iter().filter(|one| !allowed(one)).map(Judged::line).collect();
    prop_assert!(others.is_empty(), "beside {} at {:?} there is\n{others}", mutation.rule, made.spot);
    let own = judged.iter().filter(|one| one.rule() == mutation.rule).count();
    let places = expected(made).len();
    prop_assert!(own == places, "{} is told {own} times of {places} places:\n{lines}", mutation.rule);
    Ok(())
}

/// What a finding must be about.
#[derive(Debug)]
struct Expected {
    direction: Option<Direction>,
    operations: BTreeSet<String>,
    shape: Option<String>,
    member: Option<String>,
}

impl Expected {
    fn is(&self, difference: &Difference) -> bool {
        let operations: BTreeSet<String> = difference.operations.iter().cloned().collect();
        self.direction == difference.direction
            && self.operations == operations
            && self.shape == difference.shape
            && self.member == difference.member
    }
}

fn expected(made: &Made) -> Vec<Expected> {
    let whole = |operations, shape| Expected { direction: None, operations, shape, member: None };
    let in_halves = |reached: &str, shape: &str, member: Option<&str>| -> Vec<Expected> {
        let halves = [Direction::Request, Direction::Response].into_iter();
        let operations = halves.filter_map(|half| Some((half, made.reach.get(&(reached.to_owned(), half))?)));
        let expected = operations.map(|(direction, operations)| Expected {
            direction: Some(direction),
            operations: operations.clone(),
            shape: Some(shape.to_owned()),
            member: member.map(str::to_owned),
        });
        expected.collect()
    };
    match &made.spot {
        Spot::Service => vec![whole(BTreeSet::new(), None)],
        Spot::Operation(name) => vec![whole(BTreeSet::from([name.clone()]), None)],
        Spot::Error(name) => vec![whole(made.declared[name].clone(), Some(name.clone()))],
        Spot::Shape(name) => in_halves(name, name, None),
        Spot::Member(owner, member) => in_halves(owner, owner, Some(member)),
        Spot::Demanded(owner, member) => {
            let halves = in_halves(owner, owner, Some(member)).into_iter();
            halves.filter(|expected| expected.direction == Some(Direction::Request)).collect()
        }
        Spot::Renamed(newer, older) => in_halves(older, newer, None),
    }
}
