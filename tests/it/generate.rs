//! What is generated, held against the checker: valid payloads have no finding, and each broken one has exactly its own.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::finding::{Finding, Severity};
use shapegate::generate::{self, Fault, Payloads};
use shapegate::model::{Direction, Encoding};
use shapegate::recording::{Exchange, Extent, Failure, Payload, ServiceName};
use shapegate::rules;
use shapegate::schema::{Emitter, half};

use crate::drawing::contracts::{DOCUMENTED, embedded, thing};
use crate::support::wheels::{NEWEST, release};

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];
const ENCODINGS: [Encoding; 2] = [Encoding::Wire, Encoding::Parsed];

/// Payloads that were judged or made wrongly once, as small as they could be made.
const COUNTEREXAMPLES: &str = "tests/it/counterexamples.ndjson";

/// One half of an operation in one encoding.
struct Subject<'c> {
    contract: &'c Contract,
    operation: &'c str,
    direction: Direction,
    encoding: Encoding,
}

impl Subject<'_> {
    fn payloads(&self) -> Payloads {
        generate::payloads(self.contract, self.operation, self.direction, self.encoding).expect("something fits")
    }

    /// What the checker finds in a payload. Notes are no fault of the payload.
    fn findings(&self, payload: &Value) -> Vec<Finding> {
        let text = payload.to_string();
        let name = ServiceName::Name(self.contract.service().name.as_str().into());
        let mut exchange = Exchange::named(name, self.operation.into(), Extent::Payload);
        let payload = Payload::text(&text, self.encoding);
        match self.direction {
            Direction::Request => exchange.request = Some(payload),
            Direction::Response => exchange.response = Some(payload),
        }
        let observed = self.contract.observe(&exchange).expect("emitted schemas compile");
        let findings =
            observed.breaches.iter().map(|breach| rules::exchange::judge(breach, None, Some(self.operation)));
        findings.filter(|finding| finding.weight > Severity::Note).collect()
    }

    fn valid(&self, payload: &Value) -> TestCaseResult {
        let found = told(&self.findings(payload));
        prop_assert!(found.is_empty(), "{}: {:?} in {}{}", self.name(), found, shown(payload), self.keep(payload, &[]));
        Ok(())
    }

    fn broken_once(&self, fault: &Fault) -> TestCaseResult {
        let found = told(&self.findings(&fault.payload));
        let labelled = format!("{} {}", fault.rule, fault.pointer);
        let keep = self.keep(&fault.payload, &[&labelled]);
        prop_assert_eq!(found, [labelled], "{}: {}{}", self.name(), shown(&fault.payload), keep);
        Ok(())
    }

    /// The line that keeps a counter-example, once it is mended.
    fn keep(&self, payload: &Value, expect: &[&str]) -> String {
        let line = json!({
            "found": "what was wrong",
            "contract": self.contract.service().name,
            "operation": self.operation,
            "direction": self.direction.as_str(),
            "encoding": self.encoding.as_str(),
            "payload": payload,
            "expect": expect,
        });
        format!("\nonce it is mended, keep it in {COUNTEREXAMPLES}: {line}")
    }

    fn name(&self) -> String {
        format!("{} {} {}", self.operation, half(self.direction), self.encoding.as_str())
    }
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.rule.id, finding.pointer)).collect()
}

fn subjects<'c>(contract: &'c Contract, operations: &[&'c str]) -> Vec<Subject<'c>> {
    let mut subjects = Vec::new();
    for operation in operations {
        for direction in DIRECTIONS {
            for encoding in ENCODINGS {
                subjects.push(Subject { contract, operation, direction, encoding });
            }
        }
    }
    subjects
}

/// JSON in one line. Long runs of one character, and elements that repeat, are told by their number.
fn shown(value: &Value) -> String {
    shortened(value).to_string()
}

fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => without_runs(text).into(),
        Value::Array(list) if list.len() > 3 && list.iter().all(|item| *item == list[0]) => {
            vec![shortened(&list[0]), format!("…×{}", list.len()).into()].into()
        }
        Value::Array(list) => list.iter().map(shortened).collect(),
        Value::Object(object) if object.len() > 24 => {
            let some = object.iter().take(2).map(|(key, value)| (without_runs(key), shortened(value)));
            some.chain([(format!("…×{}", object.len()), Value::Null)]).collect()
        }
        Value::Object(object) => object.iter().map(|(key, value)| (without_runs(key), shortened(value))).collect(),
        other => other.clone(),
    }
}

fn without_runs(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let mut count = 1;
        while rest.next_if_eq(&c).is_some() {
            count += 1;
        }
        if count > 12 {
            write!(out, "{c}…×{count}").expect("a String takes it");
        } else {
            out.extend(std::iter::repeat_n(c, count));
        }
    }
    out
}

/// The same cases on every run, but where `PROPTEST_CASES` or `PROPTEST_RNG_SEED` ask for more or for others. What fails
/// is shrunk.
fn run<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let asked = Config::default();
    let config = Config {
        cases: if env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases },
        rng_seed: if env::var_os("PROPTEST_RNG_SEED").is_some() { asked.rng_seed } else { RngSeed::Fixed(20_230_830) },
        failure_persistence: None,
        ..asked
    };
    if let Err(error) = TestRunner::new(config).run(strategy, property) {
        panic!("{error}");
    }
}

/// Holds everything that is made for a subject against the checker: so many samples, the cover, and all faults. Says
/// how often each rule was broken.
fn hold(subject: &Subject<'_>, samples: u32) -> BTreeMap<&'static str, usize> {
    let strategy = subject.payloads();
    run(samples, &strategy, |payload| subject.valid(&payload));
    run(samples, &strategy.one_fault(), |fault| subject.broken_once(&fault));
    let sure = |held: TestCaseResult| held.unwrap_or_else(|error| panic!("{error}"));
    let cover = strategy.cover();
    assert_eq!(cover[0], strategy.simplest());
    for payload in &cover {
        sure(subject.valid(payload));
    }
    let mut rules = BTreeMap::new();
    for fault in strategy.faults() {
        sure(subject.broken_once(&fault));
        *rules.entry(fault.rule).or_default() += 1;
    }
    rules
}

#[test]
fn payloads_of_the_documented_operations_are_what_they_are_labelled() {
    let contract = Contract::new(embedded("cleanrooms@2023-08-30"));
    let mut rules: BTreeSet<&str> = BTreeSet::new();
    for subject in subjects(&contract, &DOCUMENTED) {
        rules.extend(hold(&subject, 250).keys());
    }
    let expected = [
        "length-out-of-range",
        "misplaced-member",
        "missing-member",
        "null-member",
        "number-out-of-range",
        "pattern-mismatch",
        "timestamp-form",
        "union-arity",
        "unknown-enum-value",
        "unknown-member",
        "wrong-type",
    ];
    assert_eq!(rules, BTreeSet::from(expected));
}

#[test]
fn payloads_of_the_service_of_our_own_making_are_what_they_are_labelled() {
    let contract = Contract::new(thing());
    let mut rules: BTreeSet<&str> = BTreeSet::new();
    for subject in subjects(&contract, &["EchoThing", "MeasureThing", "KeepThing", "ChooseThing", "DoubtThing", "Ping"])
    {
        rules.extend(hold(&subject, 120).keys());
    }
    assert!(rules.contains("blob-form"), "{rules:?}");
}

#[test]
fn what_nothing_fits_is_left_out_and_told() {
    let contract = Contract::new(thing());
    let strategy = generate::input(&contract, "DoubtThing", Encoding::Wire).expect("all of it is optional");
    let told: Vec<String> = strategy.omissions().iter().map(ToString::to_string).collect();
    assert_snapshot!(told.join("\n"));
    let missing = |name| generate::input(&contract, name, Encoding::Wire).expect_err("there is none").to_string();
    assert_eq!(missing("Unheard"), "thing has no operation Unheard");
    assert_eq!(missing("echoThing"), "thing has no operation echoThing\n  Did you mean EchoThing?");
}

#[test]
fn what_is_too_large_is_left_out_and_told() {
    let told = |schema: Value| match generate::of_schema(&schema) {
        Ok(made) => made.omissions().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    };
    let text = json!({"type": "string", "minLength": 2_147_483_648_u64});
    let list = json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1_000_000_000});
    let object =
        |required: &[&str], text: &Value| json!({"type": "object", "properties": {"s": text}, "required": required});
    for schema in [&text, &list] {
        assert!(told(schema.clone()).contains("are not made"), "{}", told(schema.clone()));
        assert!(told(object(&["s"], schema)).contains("no payload can be made"), "{}", told(object(&["s"], schema)));
        assert!(told(object(&[], schema)).contains("or more"), "{}", told(object(&[], schema)));
    }
}

/// What payloads show of a schema, or what there is to show: members there and not there, values, ends of lengths and
/// ranges; each by the definition it belongs to.
#[derive(Default)]
struct Shown(BTreeSet<String>);

impl Shown {
    fn expect(&mut self, name: &str, schema: &Value) {
        let ends = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"];
        for end in ends.iter().filter(|end| !schema[**end].is_null() && schema["pattern"].is_null()) {
            self.0.insert(format!("{name} at {end} {}", schema[*end]));
        }
        for value in schema["enum"].as_array().into_iter().flatten() {
            self.0.insert(format!("{name} is {value}"));
        }
        // Of a union one member is there, whichever.
        let is_required = |key: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
        for key in schema["properties"].as_object().into_iter().flat_map(|all| all.keys()) {
            self.0.insert(format!("{name}.{key} is there"));
            if !is_required(key) && schema["minProperties"].is_null() {
                self.0.insert(format!("{name}.{key} is absent"));
            }
        }
    }

    fn see(&mut self, document: &Value, name: &str, schema: &Value, value: &Value) {
        if let Some(target) = schema["$ref"].as_str() {
            let target = target.trim_start_matches('#');
            let name = target.rsplit('/').next().expect("a name");
            return self.see(document, name, document.pointer(target).expect("it leads somewhere"), value);
        }
        let length = match value {
            Value::String(text) => text.chars().count() as u64,
            Value::Array(list) => list.len() as u64,
            _ => 0,
        };
        for end in ["minLength", "maxLength", "minItems", "maxItems"] {
            if schema[end] == length {
                self.0.insert(format!("{name} at {end} {length}"));
            }
        }
        for end in ["minimum", "maximum"].iter().filter(|end| schema[**end] == *value) {
            self.0.insert(format!("{name} at {end} {value}"));
        }
        self.0.insert(format!("{name} is {value}"));
        for (key, of_member) in schema["properties"].as_object().into_iter().flatten() {
            self.0.insert(format!("{name}.{key} is {}", if value.get(key).is_some() { "there" } else { "absent" }));
            if let Some(value) = value.get(key) {
                self.see(document, &format!("{name}.{key}"), of_member, value);
            }
        }
        for value in value.as_array().into_iter().flatten() {
            self.see(document, name, &schema["items"], value);
        }
        if schema["properties"].is_null() {
            for (key, value) in value.as_object().into_iter().flatten() {
                self.see(document, name, &schema["propertyNames"], &key.as_str().into());
                self.see(document, name, &schema["additionalProperties"], value);
            }
        }
    }
}

/// What a subject's cover does not show of its schema, and how much there is to show.
fn uncovered(subject: &Subject<'_>) -> (Vec<String>, usize) {
    let emitter = Emitter::new(subject.contract.service());
    let schema = emitter.operation(subject.operation, subject.direction, subject.encoding).expect("it has it");
    let (mut expected, mut shown) = (Shown::default(), Shown::default());
    expected.expect("root", &schema);
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        expected.expect(name, definition);
    }
    for payload in subject.payloads().cover() {
        shown.see(&schema, "root", &schema, &payload);
    }
    (expected.0.difference(&shown.0).cloned().collect(), expected.0.len())
}

/// Whether it is the end of a length that is longer than what is made, as [`Payloads::cover`] tells.
fn is_beyond(shown: &str) -> bool {
    let beyond = |keyword: &str, most: u64| {
        let length = shown.split_once(keyword).and_then(|(_, length)| length.parse::<u64>().ok());
        length.is_some_and(|length| length > most)
    };
    beyond(" at maxLength ", 131_072) || beyond(" at maxItems ", 1_024)
}

#[test]
fn the_cover_shows_what_the_schemas_allow() {
    let contract = Contract::new(embedded("cleanrooms@2023-08-30"));
    let mut count = 0;
    for subject in subjects(&contract, &DOCUMENTED) {
        let (missing, all) = uncovered(&subject);
        assert!(missing.is_empty(), "{}: {missing:#?}", subject.name());
        count += all;
    }
    assert!(count > 500, "{count}");
}

#[test]
fn the_same_seed_gives_the_same_payload() {
    let contract = Contract::new(thing());
    let make = || generate::output(&contract, "EchoThing", Encoding::Wire).expect("something fits");
    let (one, other) = (make(), make());
    let payloads: BTreeSet<String> = (0..100).map(|seed| one.seeded(seed).to_string()).collect();
    assert!(payloads.len() > 90, "{}", payloads.len());
    assert!((0..100).all(|seed| one.seeded(seed) == other.seeded(seed)));
    assert!((0..100).all(|seed| one.one_fault().seeded(seed) == other.one_fault().seeded(seed)));
    assert_eq!(one.cover(), other.cover());
    assert_eq!(one.faults(), other.faults());
}

#[test]
fn the_newest_contract_holds_too() {
    let contract = Contract::new(embedded("cleanrooms@2026-11-17"));
    for subject in subjects(&contract, &["CreateMembership", "GetProtectedQuery"]) {
        hold(&subject, 20);
    }
}

#[test]
fn the_lists_of_the_documented_operations_are_as_reviewed() {
    let contract = Contract::new(embedded("cleanrooms@2023-08-30"));
    for operation in DOCUMENTED {
        for direction in DIRECTIONS {
            let subject = Subject { contract: &contract, operation, direction, encoding: Encoding::Wire };
            let strategy = subject.payloads();
            let mut text = String::from("cover\n");
            for payload in strategy.cover() {
                writeln!(text, "  {}", shown(&payload)).expect("a String takes it");
            }
            text.push_str("\nfaults\n");
            for fault in strategy.faults() {
                // The rest of the payload is the simplest; what is broken tells enough.
                let found = fault.payload.pointer(&fault.pointer).map_or_else(|| "absent".to_owned(), shown);
                let pointer = without_runs(&fault.pointer);
                writeln!(text, "  {:19} {pointer} = {found}", fault.rule).expect("a String takes it");
            }
            assert_snapshot!(format!("{operation}.{}", half(direction)), text);
        }
    }
}

/// Services over all protocols, large and small, with unions, documents, recursion and event streams.
const SERVICES: &[&str] = &[
    "accessanalyzer",
    "acm",
    "amplify",
    "apigateway",
    "appsync",
    "athena",
    "autoscaling",
    "backup",
    "batch",
    "bedrock-runtime",
    "cleanrooms",
    "cloudformation",
    "cloudfront",
    "cloudwatch",
    "codebuild",
    "cognito-idp",
    "connect",
    "dynamodb",
    "ec2",
    "ecs",
    "eks",
    "events",
    "firehose",
    "glue",
    "iam",
    "iot",
    "kinesis",
    "kms",
    "lambda",
    "lexv2-models",
    "logs",
    "quicksight",
    "rds",
    "redshift-data",
    "route53",
    "s3",
    "sagemaker",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "sts",
    "wafv2",
];

#[test]
#[ignore = "needs a botocore wheel, run by .ci/run"]
#[allow(clippy::print_stdout, reason = "it tells how far it is")]
fn services_of_the_newest_release_hold() {
    let source = release(NEWEST);
    assert!(SERVICES.len() >= 40);
    let only = env::var("SHAPEGATE_SERVICE").ok();
    let mut count = 0;
    for name in SERVICES.iter().filter(|name| only.as_deref().is_none_or(|only| only == **name)) {
        let service = source.load(name).expect("a sound model").expect("a service of the wheel").service;
        let contract = Contract::new(service);
        let operations: Vec<&str> = contract.service().operations.keys().map(String::as_str).collect();
        // Enough of each service, spread over its alphabet; all of the one that this project is about.
        let step = if *name == "cleanrooms" { 1 } else { operations.len().div_ceil(6).max(1) };
        let some: Vec<&str> = operations.iter().step_by(step).copied().collect();
        for subject in subjects(&contract, &some) {
            let mut missing = uncovered(&subject).0;
            missing.retain(|shown| !is_beyond(shown));
            assert!(missing.is_empty(), "{name} {}: {missing:#?}", subject.name());
            let rules = hold(&subject, 10);
            count += rules.values().sum::<usize>();
        }
        println!("{name}: {} operations, {count} faults so far", some.len());
    }
    assert!(count > 0);
}

#[test]
fn counter_examples_stay_mended() {
    let contracts = [thing(), embedded("cleanrooms@2023-08-30")].map(Contract::new);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(COUNTEREXAMPLES);
    let text = fs::read_to_string(path).expect("the file is part of the tests");
    for line in text.lines() {
        let kept: Value = serde_json::from_str(line).expect("JSON");
        let word = |key: &str| kept[key].as_str().unwrap_or_default();
        let service = word("contract").split('@').next().unwrap_or_default();
        let contract = contracts.iter().find(|contract| contract.service().name == service).expect("a contract");
        let encoding = if word("encoding") == "parsed" { Encoding::Parsed } else { Encoding::Wire };
        let text = kept["payload"].to_string();
        let payload = Payload::text(&text, encoding);
        let name = ServiceName::Name(service.into());
        let mut exchange = Exchange::named(name, word("operation").into(), Extent::Exchange);
        match (word("error"), word("direction")) {
            ("", "request") => exchange.request = Some(payload),
            ("", "response") => exchange.response = Some(payload),
            (code, "") => exchange.error = Some(Failure { code: Some(code.into()), needs_code: true, payload }),
            other => panic!("{other:?} in {line}"),
        }
        for observed in [contract.observe(&exchange), contract.observe_in_full(&exchange)] {
            let breaches = observed.expect("the contract is sound").breaches;
            let found: Vec<Finding> =
                breaches.iter().map(|breach| rules::exchange::judge(breach, None, None)).collect();
            assert_eq!(json!(told(&found)), kept["expect"], "{}: {line}", word("found"));
        }
    }
}
