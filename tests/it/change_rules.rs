//! The rules on differences: every fixture case has the findings it should have, in both directions of time, and the
//! registry is complete and weighs as the catalogue does.
//!
//! `fixtures/rules/<rule-id>/<case>/` holds two models and `expected.txt`; `fixtures/rules/SOURCE.md` describes both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::json;
use shapegate::diff::{Change, Difference, Way, differences, of_sources};
use shapegate::finding::{Mirror, Profile, Severity};
use shapegate::ingest::embedded::{self, Embedded};
use shapegate::ingest::source::Source;
use shapegate::model::{
    Checksum, Direction, End, Location, Member, Presence, Protocol, ShapeId, ShapeKind, TimestampFormat,
};
use shapegate::rules::change::RULES;
use shapegate::rules::find;
use similar::TextDiff;

use crate::support::changes::{Judged, by_service};
use crate::support::{folders, name_of, root};

const FIXTURES: &str = "fixtures/rules";
const EXPECTED: &str = "expected.txt";
/// Facts that no botocore model states, so that no fixture can hold them; the test of each builds its models.
const STATED_BY_SMITHY_ALONE: &[&str] = &["default-changed", "mediatype-changed", "unique-items-changed"];

/// One folder of fixtures, compared.
struct Case {
    /// Folder of the rule.
    rule: String,
    /// Folder of the case.
    name: String,
    old: PathBuf,
    new: PathBuf,
    expected: Vec<String>,
    /// From the older model to the newer one.
    there: Vec<Judged>,
    /// From the newer model to the older one.
    back: Vec<Judged>,
}

/// All cases, sorted by rule and name. Read and compared once for all tests of this file.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let ids = ids();
    let rules = folders(&root().join(FIXTURES)).into_iter().filter(|folder| ids.contains(name_of(folder)));
    let all: Vec<Case> = rules.flat_map(|rule| folders(&rule)).map(|folder| case(&folder)).collect();
    assert!(!all.is_empty(), "no cases in {FIXTURES}");
    all
});

#[test]
fn every_case_has_the_findings_it_should_have() {
    let mut differing = String::new();
    for case in CASES.iter() {
        let mut actual: Vec<String> = case.there.iter().map(Judged::line).collect();
        actual.sort();
        if actual != case.expected {
            let (expected, actual) = (case.expected.concat(), actual.concat());
            let diff = TextDiff::from_lines(&expected, &actual);
            let shown = diff.unified_diff().context_radius(9).header("expected", "found").to_string();
            write!(differing, "\n{}/{}\n{shown}", case.rule, case.name).expect("writing to a String cannot fail");
        }
    }
    assert!(differing.is_empty(), "cases that differ:\n{differing}");
}

#[test]
fn every_rule_has_cases_in_which_it_fires_and_look_alikes_in_which_it_does_not() {
    let mut wrong = Vec::new();
    for id in ids().into_iter().filter(|id| !STATED_BY_SMITHY_ALONE.contains(id)) {
        for kind in ["fires-", "quiet-"] {
            // A rule of one case may be called by its kind alone.
            let is_of = |case: &&Case| case.name.starts_with(kind) || case.name == kind.trim_end_matches('-');
            if !CASES.iter().filter(|case| case.rule == id).any(|case| is_of(&case)) {
                wrong.push(format!("{id} has no case {kind}…"));
            }
        }
    }
    for Case { rule, name, there, .. } in CASES.iter() {
        let fires = there.iter().any(|judged| judged.rule() == rule);
        let promised = name == "fires" || name.starts_with("fires-");
        if !promised && !name.starts_with("quiet-") {
            wrong.push(format!("{rule}/{name} begins with neither fires nor quiet-"));
        } else if fires != promised {
            wrong.push(format!("{rule}/{name}: the rule {}", if fires { "fires" } else { "does not fire" }));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rules_that_weigh_by_direction_have_a_case_of_each() {
    let mut lacking = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.weights.request != rule.weights.response) {
        let of_rule = CASES.iter().filter(|case| case.rule == rule.id).flat_map(|case| &case.there);
        let seen: BTreeSet<Option<Direction>> =
            of_rule.filter(|judged| judged.rule() == rule.id).map(|judged| judged.difference.direction).collect();
        for direction in [Direction::Request, Direction::Response] {
            if !seen.contains(&Some(direction)) {
                lacking.push(format!("{} {direction}", rule.id));
            }
        }
    }
    // A response never has the first one, and what SDKs fill in is in requests alone.
    let never =
        ["idempotency-token-added response", "idempotency-token-removed response", "required-member-added response"];
    assert_eq!(lacking, never);
}

#[test]
fn a_model_against_itself_is_silent() {
    for case in CASES.iter() {
        for side in [&case.old, &case.new] {
            let found: Vec<String> = compared(side, side).iter().map(Judged::line).collect();
            assert!(found.is_empty(), "{}/{}: {}: {found:?}", case.rule, case.name, side.display());
        }
    }
}

#[test]
fn swapped_models_have_the_mirror_of_each_finding() {
    let mut wrong = Vec::new();
    let mut waived: BTreeSet<&str> = BTreeSet::new();
    for case in CASES.iter() {
        for judged in &case.there {
            let rule = find(judged.rule()).expect("it judged");
            let back = case.back.iter().filter(|other| mirrors(judged, other));
            let back: BTreeSet<&str> = back.map(Judged::rule).collect();
            let holds = match rule.mirror {
                Mirror::Itself => back.contains(rule.id),
                Mirror::Rule(other) => back.contains(other) || back.iter().any(|id| is_kin(other, id)),
                Mirror::None(_) => {
                    waived.insert(rule.id);
                    back.is_empty()
                }
                _ => panic!("{:?} has a mirror that is not looked at here", rule.mirror),
            };
            if !holds {
                wrong.push(format!("{}/{}: {} comes back as {back:?}", case.rule, case.name, judged.line().trim_end()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let waivers: BTreeSet<&str> =
        RULES.iter().filter(|rule| matches!(rule.mirror, Mirror::None(_))).map(|rule| rule.id).collect();
    assert_eq!(waived, waivers, "each waiver is seen to be needed");
}

/// Whether a finding of swapped models is about the same place.
fn mirrors(judged: &Judged, other: &Judged) -> bool {
    let (one, two) = (&judged.difference, &other.difference);
    // An operation or member by another name has the other name from the other side.
    if let Change::OperationRenamed { new } = &one.change {
        return two.operations == [new.clone()];
    }
    let member = match &one.change {
        Change::MemberCaseRenamed { new } => Some(new),
        _ => one.member.as_ref(),
    };
    // What an operation demands that took nothing is told by its member; that it took something, by the operation.
    let took_nothing = one.older_shape.is_none() && one.shape.is_some();
    if took_nothing {
        return two.operations == one.operations;
    }
    // A waiter stands with its older operation.
    let operations = match &one.change {
        Change::WaiterOperationChanged { new, .. } => vec![new.clone()],
        _ => one.operations.clone(),
    };
    operations == two.operations
        && one.direction == two.direction
        && one.older_shape == two.shape
        && member == two.member.as_ref()
}

/// Whether a rule stands in for another one's mirror: a member that comes may be a demanded one, and an operation that
/// demands what it took no input for before is told by its input.
fn is_kin(mirror: &str, found: &str) -> bool {
    matches!((mirror, found), ("member-added", "required-member-added") | ("member-removed", "operation-input-removed"))
}

#[test]
fn a_mirrors_mirror_is_the_rule() {
    for rule in RULES {
        let Mirror::Rule(other) = rule.mirror else { continue };
        let back = find(other).unwrap_or_else(|| panic!("{}: no rule {other}", rule.id)).mirror;
        // Two rules tell of members that come, one of those that go.
        let is_back = back == Mirror::Rule(rule.id) || rule.id == "required-member-added";
        assert!(is_back, "{}: the mirror of {other} is {back:?}", rule.id);
    }
}

#[test]
fn messages_read_well() {
    let mut lines = String::new();
    for case in CASES.iter().filter(|case| case.name.starts_with("fires")) {
        for judged in case.there.iter().filter(|judged| judged.rule() == case.rule) {
            let message = judged.findings[0].message();
            let odd = message.is_empty() || message.contains("  ") || message.contains(char::is_control);
            assert!(!odd && !message.ends_with('.'), "{}/{}: {message:?}", case.rule, case.name);
            writeln!(lines, "{}/{}: {message}", case.rule, case.name).expect("writing to a String cannot fail");
        }
    }
    insta::assert_snapshot!("messages", lines);
}

/// What a page does not say differs from nothing.
#[test]
fn a_page_and_its_model_differ_in_nothing() {
    let page = root().join("fixtures/pages/cleanrooms-2023-08-30.txt");
    let page = Source::open(&page).and_then(|source| source.load("cleanrooms")).expect("it can be read");
    let page = page.expect("it is a page of that service");
    let model = embedded::find("cleanrooms@2023-08-30").and_then(Embedded::load).expect("it is embedded");
    for (old, new) in [(&page, &model), (&model, &page)] {
        let lines: String = of_sources(old, new).iter().map(|difference| Judged::of(difference).line()).collect();
        assert!(lines.is_empty(), "{lines}");
    }
    // The newest model has what the page cannot have shown, and lost what it did.
    let newest = embedded::find("cleanrooms").and_then(Embedded::load).expect("it is embedded");
    let rules: BTreeSet<&str> =
        of_sources(&page, &newest).iter().map(|difference| Judged::of(difference).rule()).collect();
    assert!(rules.contains("member-added") && rules.contains("enum-value-added"), "{rules:?}");
    assert!(!rules.contains("operation-added") && !rules.contains("pattern-added"), "{rules:?}");
}

#[test]
fn traits_that_smithy_alone_states() {
    let file = root().join(FIXTURES).join("wire-name-changed/fires-request/old.json");
    let ingested = Source::open(&file).and_then(|source| source.load("thing")).expect("it can be read");
    let old = ingested.expect("it holds the service").service;
    let mut with_default = old.clone();
    let mut with_type = old.clone();
    let input = with_default.shapes.get_mut("MakeThingInput").expect("it is there");
    let ShapeKind::Structure(structure) = &mut input.kind else { panic!("a structure") };
    structure.members[0].default = Some(json!("x"));
    with_type.shapes.get_mut("Name").expect("it is there").media_type = Some("application/json".into());
    let told = |new| differences(&old, new).iter().map(|difference| Judged::of(difference).line()).collect::<Vec<_>>();
    assert_eq!(
        told(&with_default),
        ["compatible/risky/compatible default-changed request MakeThing MakeThingInput.name new=\"x\"\n"]
    );
    assert_eq!(
        told(&with_type),
        [
            "breaking/breaking/risky mediatype-changed request MakeThing Name new=\"application/json\"\n",
            "breaking/breaking/risky mediatype-changed response MakeThing Name new=\"application/json\"\n",
        ]
    );
    // A default of a member that comes, and the media type of a shape that nothing reaches, are no such differences.
    let mut quiet = old.clone();
    let ShapeKind::Structure(structure) = &mut quiet.shapes.get_mut("MakeThingInput").expect("there").kind else {
        panic!("a structure")
    };
    let mut member = Member::plain("more", ShapeId::new("Name"), Presence::Optional);
    member.default = Some(json!("x"));
    structure.members.push(member);
    let mut spare = quiet.shapes["Name"].clone();
    (spare.id, spare.media_type) = (ShapeId::new("Spare"), Some("text/plain".into()));
    quiet.shapes.insert(ShapeId::new("Spare"), spare);
    assert_eq!(told(&quiet), ["compatible/compatible/compatible member-added request MakeThing MakeThingInput.more\n"]);
}

#[test]
#[ignore = "needs the catalogue in ../shared"]
fn severities_are_those_of_the_catalogue() {
    let catalogue = catalogue();
    assert!(catalogue.len() >= 96, "{} ids of the catalogue were read", catalogue.len());
    let mut wrong: Vec<String> = Vec::new();
    for (id, rows) in &catalogue {
        let Some(rule) = find(id) else {
            wrong.push(format!("{id} has no rule"));
            continue;
        };
        for (direction, weights) in rows {
            let told = Profile::ALL.map(|profile| rule.weights.of(profile, Some(*direction)));
            if told != *weights {
                wrong.push(format!("{id} {direction}: {weights:?} by the catalogue, {told:?} by the rule"));
            }
        }
    }
    // Counterparts of what the catalogue lists, and what nobody judges.
    let beyond: Vec<&str> = ids().into_iter().filter(|id| !catalogue.contains_key(*id)).collect();
    let expected = [
        "api-version-added",
        "paginator-detail-changed",
        "pattern-removed",
        "service-added",
        "unique-items-changed",
        "unjudged-difference",
        "waiter-added",
    ];
    assert_eq!(beyond, expected);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Severities for the profiles, by rule and direction.
type Catalogue = BTreeMap<String, Vec<(Direction, [Severity; 3])>>;

/// The table of the catalogue, one entry for each id that a row names.
fn catalogue() -> Catalogue {
    let path = root().join("../shared/change-rules.md");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = Catalogue::new();
    for row in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule id")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (names, direction) = (cells[1], cells[3]);
        let ids: Vec<String> = expanded(names);
        for (at, id) in ids.iter().enumerate() {
            let weights = [5, 6, 7].map(|cell| weight(cells[cell], at));
            let directions: &[Direction] = match direction {
                // What comes and goes with an input or output has no direction of its own.
                "response" => &[Direction::Response],
                "request" => &[Direction::Request],
                _ => &[Direction::Request, Direction::Response],
            };
            found.entry(id.clone()).or_default().extend(directions.iter().map(|direction| (*direction, weights)));
        }
    }
    found
}

/// Names of a row: `a / b`, `min/max-tightened`, `min/max-loosened, -removed`.
fn expanded(names: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names.split(" / ") {
        let Some((prefixes, rest)) = name.split_once("max-").filter(|(before, _)| *before == "min/") else {
            ids.push(name.to_owned());
            continue;
        };
        for ending in rest.split(", -") {
            ids.extend(prefixes.split('/').map(|end| format!("{}-{ending}", if end.is_empty() { "max" } else { end })));
        }
    }
    ids
}

/// `B`, or the letter at that position of `C / R`.
fn weight(cell: &str, at: usize) -> Severity {
    let letters: Vec<&str> = cell.split(" / ").collect();
    match letters.get(at).or(letters.last()) {
        Some(&"B") => Severity::Error,
        Some(&"R") => Severity::Warning,
        Some(&"C") => Severity::Note,
        other => panic!("{other:?} in {cell:?}"),
    }
}

fn ids() -> BTreeSet<&'static str> {
    RULES.iter().map(|rule| rule.id).collect()
}

fn case(folder: &Path) -> Case {
    let rule = folder.parent().expect("a case is in the folder of its rule");
    let text = fs::read_to_string(folder.join(EXPECTED));
    let text = text.unwrap_or_else(|error| panic!("{}: {EXPECTED} cannot be read: {error}", folder.display()));
    let mut expected: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    expected.sort();
    let side = |name: &str| {
        let file = folder.join(format!("{name}.json"));
        if file.exists() { file } else { folder.join(name) }
    };
    let (old, new) = (side("old"), side("new"));
    Case {
        rule: name_of(rule).to_owned(),
        name: name_of(folder).to_owned(),
        expected,
        there: compared(&old, &new),
        back: compared(&new, &old),
        old,
        new,
    }
}

fn compared(old: &Path, new: &Path) -> Vec<Judged> {
    by_service(old, new, None).into_iter().flat_map(|(_, judged)| judged).collect()
}

/// Makes the list of examples and, of the same names, a match without a wildcard: a kind that has no example here does
/// not compile.
macro_rules! examples {
    ($($kind:ident $fields:tt),* $(,)?) => {
        fn examples() -> Vec<Change> {
            let all = vec![$(Change::$kind $fields),*];
            for example in &all {
                match example {
                    $(Change::$kind { .. } => {})*
                }
            }
            all
        }
    };
}

examples! {
    ProtocolChanged { old: Protocol::AwsQuery, new: Protocol::AwsJson },
    ProtocolsListChanged { old: vec![Protocol::AwsQuery], new: vec![Protocol::AwsJson] },
    SignatureVersionChanged { old: "v2".into(), new: "v4".into() },
    AuthSchemesChanged { old: Vec::new(), new: Vec::new() },
    SigningNameChanged { old: "a".into(), new: "b".into() },
    EndpointPrefixChanged { old: "a".into(), new: "b".into() },
    TargetPrefixChanged { old: None, new: Some("b".into()) },
    JsonVersionChanged { old: None, new: Some("1.1".into()) },
    ServiceAdded {},
    ServiceRemoved {},
    ApiVersionAdded { version: "2020-01-01".into() },
    ApiVersionRemoved { version: "2020-01-01".into() },
    EndpointRulesChanged {},
    PaginatorAdded {},
    PaginatorRemoved {},
    PaginatorTokenChanged { old: Vec::new(), new: Vec::new() },
    PaginatorResultKeyChanged { old: None, new: None },
    PaginatorDetailChanged {},
    WaiterAdded { waiter: "w".into() },
    WaiterRemoved { waiter: "w".into() },
    WaiterOperationChanged { waiter: "w".into(), old: "A".into(), new: "B".into() },
    WaiterAcceptorsChanged { waiter: "w".into() },
    DocumentationChanged {},
    Unmodelled { name: "trait".into(), places: Vec::new() },
    OperationAdded {},
    OperationRemoved {},
    OperationRenamed { new: "B".into() },
    OperationDeprecated {},
    InputAdded {},
    InputRemoved {},
    OutputAdded {},
    OutputRemoved {},
    HttpMethodChanged { old: "GET".into(), new: "PUT".into() },
    HttpUriChanged { old: "/a".into(), new: "/b".into() },
    HttpUriCosmeticChanged { old: "/a".into(), new: "/a/".into() },
    HttpUriLabelRenamed { old: "/{a}".into(), new: "/{b}".into() },
    HttpResponseCodeChanged { old: 200, new: 201 },
    OperationEndpointChanged { old: None, new: None },
    OperationAuthChanged { old: None, new: None },
    OperationChecksumChanged { old: Checksum::default(), new: Checksum::default() },
    OperationCompressionChanged { old: Vec::new(), new: Vec::new() },
    OperationUnsignedPayloadChanged { unsigned: true },
    ResultWrapperChanged { old: None, new: None },
    ErrorAdded { error: "Gone".into() },
    ErrorRemoved { error: "Gone".into() },
    ErrorCodeChanged { old: "a".into(), new: "b".into() },
    ErrorStatusChanged { old: None, new: Some(410) },
    ErrorFaultChanged { sender: true },
    ErrorRetryableChanged { retryable: true },
    MemberAdded { required: true },
    MemberRemoved {},
    MemberCaseRenamed { new: "Name".into() },
    MemberBecameRequired {},
    MemberBecameOptional {},
    MemberDeprecated {},
    MemberOrderChanged {},
    UnionVariantAdded {},
    UnionVariantRemoved {},
    WireNameChanged { old: "a".into(), new: "b".into() },
    LocationChanged { old: Location::Body, new: Location::Header },
    PayloadChanged { old: None, new: None },
    FlattenedChanged { flattened: true },
    XmlAttributeChanged { attribute: true },
    XmlNamespaceChanged { old: None, new: None },
    QueryNameChanged { old: None, new: None },
    TimestampFormatChanged { old: TimestampFormat::Iso8601, new: TimestampFormat::HttpDate },
    JsonvalueChanged { json_value: true },
    SparseChanged { sparse: true },
    UniqueItemsChanged { unique: true },
    StreamingChanged { streaming: true },
    RequiresLengthChanged { requires_length: true },
    MediatypeChanged { old: None, new: None },
    BoxChanged { boxed: true },
    DefaultChanged { old: None, new: None },
    EventstreamChanged { event_stream: true },
    EventBindingChanged { payload: true, header: false },
    HostLabelChanged { host_label: true },
    IdempotencyTokenAdded {},
    IdempotencyTokenRemoved {},
    ShapeRenamed { old: "A".into(), new: "B".into() },
    TypeChanged { old: "string", new: "list" },
    NumericTypeWidened { old: "integer", new: "long" },
    NumericTypeNarrowed { old: "long", new: "integer" },
    DocumentChanged { document: true },
    UnionChanged { union: true },
    EnumValueAdded { value: "A".into() },
    EnumValueRemoved { value: "A".into() },
    EnumAdded { values: Vec::new() },
    EnumDropped { values: Vec::new() },
    EnumReordered {},
    BoundChanged { end: End::Min, old: None, new: None, way: Way::Added },
    ConstraintNoop {},
    PatternAdded { new: "a".into() },
    PatternRemoved { old: "a".into() },
    PatternChanged { old: "a".into(), new: "b".into() },
    PatternAnchorsChanged { old: "a".into(), new: "^a$".into() },
    SensitiveAdded {},
    SensitiveRemoved {},
}

/// An example of each kind in each direction; of members that come and of bounds one for each way.
pub(crate) fn every_kind() -> Vec<Difference> {
    let examples = examples();
    let kinds: Vec<Discriminant<Change>> = examples.iter().map(discriminant).collect();
    assert!((1..kinds.len()).all(|at| !kinds[..at].contains(&kinds[at])), "one example of each kind");
    let ways = [Way::Added, Way::Removed, Way::Tightened, Way::Loosened];
    let bound = |end| ways.map(|way| Change::BoundChanged { end, old: None, new: None, way });
    let more = [Change::MemberAdded { required: false }].into_iter().chain(bound(End::Min)).chain(bound(End::Max));
    let directions = [None, Some(Direction::Request), Some(Direction::Response)];
    let changes: Vec<Change> = examples.into_iter().chain(more).collect();
    let in_each =
        |change: Change| directions.map(|direction| Difference { direction, ..Difference::of_service(change.clone()) });
    changes.into_iter().flat_map(in_each).collect()
}
