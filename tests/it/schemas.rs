//! Emitted schemas: the golden files, and what holds for every schema of every contract at hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use shapegate::ingest::api_changes;
use shapegate::model::{Direction, Encoding, EnumValues, Presence, Service, Shape, ShapeId, ShapeKind, Structure};
use shapegate::schema::{ANNOTATIONS, Emitter, half};
use similar::TextDiff;

use crate::drawing::contracts;

const GOLDEN: &str = "schemas/cleanrooms/2023-08-30";
const PAGE: &str = "fixtures/pages/cleanrooms-2023-08-30.txt";
const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];
const ENCODINGS: [Encoding; 2] = [Encoding::Wire, Encoding::Parsed];

/// Everything that an emitted schema may say.
const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "title",
    ANNOTATIONS,
    "type",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "pattern",
    "enum",
    "minimum",
    "maximum",
    "contentEncoding",
    "if",
    "else",
    "$ref",
    "$defs",
];

#[test]
fn the_golden_files_are_what_is_emitted() {
    let mut told = String::new();
    let mut expected = BTreeSet::new();
    for (folder, arguments, service) in golden_sources() {
        let emitter = Emitter::new(&service);
        for (operation, direction) in documented() {
            let schema = emitter.operation(operation, direction, Encoding::Wire).expect("the contract has it");
            let path = format!("{GOLDEN}/{folder}/{operation}.{}.schema.json", half(direction));
            let now = format!("{schema:#}\n");
            let golden = fs::read_to_string(at(&path)).unwrap_or_default();
            if golden != now {
                let diff = TextDiff::from_lines(&golden, &now);
                let diff = diff.unified_diff().header(&path, "emitted now").to_string();
                let command = command(folder, arguments);
                write!(told, "\n{diff}\nIf that is as it should be:\n  {command}\n").expect("a String takes it");
            }
            expected.insert(at(&path));
        }
    }
    assert!(told.is_empty(), "golden files and emitted schemas differ\n{told}");
    let mut found = BTreeSet::new();
    files(&at("schemas/cleanrooms"), &mut found);
    assert_eq!(found, expected, "a golden file too many, or too few");
    assert_eq!(found.len(), 24);
}

fn command(folder: &str, arguments: &str) -> String {
    format!("cargo run -- schema {arguments} {} --out {GOLDEN}/{folder}", contracts::DOCUMENTED.join(" "))
}

/// Folder, the arguments that name the source, and the service.
fn golden_sources() -> [(&'static str, &'static str, Service); 2] {
    [
        ("documented", "--model fixtures/pages/cleanrooms-2023-08-30.txt", page()),
        ("modelled", "--contract cleanrooms@2023-08-30", contracts::embedded("cleanrooms@2023-08-30")),
    ]
}

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn page() -> Service {
    let text = fs::read_to_string(at(PAGE)).expect("the page");
    api_changes::parse(&text, PAGE).expect("a sound page").ingested.service
}

fn documented() -> impl Iterator<Item = (&'static str, Direction)> {
    contracts::DOCUMENTED.into_iter().flat_map(|operation| DIRECTIONS.map(|direction| (operation, direction)))
}

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path);
        }
    }
}

/// All schemas of a service: each half of each operation and each error, in both encodings.
fn all_schemas(service: &Service) -> Vec<Value> {
    let emitter = Emitter::new(service);
    let mut schemas = Vec::new();
    for encoding in ENCODINGS {
        for operation in service.operations.keys() {
            schemas.extend(DIRECTIONS.map(|d| emitter.operation(operation, d, encoding).expect("an operation")));
        }
        let errors = service.shapes.values().filter(|shape| is_error(shape));
        schemas.extend(errors.map(|shape| emitter.error(&shape.id, encoding).expect("a shape")));
    }
    schemas
}

fn is_error(shape: &Shape) -> bool {
    matches!(&shape.kind, ShapeKind::Structure(Structure { error: Some(_), .. }))
}

fn services() -> impl Iterator<Item = Service> {
    contracts::all().into_iter().chain([page()])
}

#[test]
fn every_schema_is_json_schema_and_compiles() {
    let mut count = 0;
    for service in services() {
        let mut ids = BTreeSet::new();
        for schema in all_schemas(&service) {
            let id = schema["$id"].as_str().expect("every schema has an id").to_owned();
            if let Err(error) = jsonschema::meta::validate(&schema) {
                panic!("{id}: {error} at {}", error.instance_path());
            }
            jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert!(ids.insert(id), "two schemas of one id: {}", schema["$id"]);
            count += 1;
        }
    }
    assert!(count > 600, "{count}");
}

#[test]
fn every_schema_is_of_our_dialect() {
    for service in services() {
        for schema in all_schemas(&service) {
            let id = schema["$id"].to_string();
            let mut referenced = BTreeSet::new();
            check_dialect(&schema, &id, &mut referenced);
            let defined: BTreeSet<&str> =
                schema["$defs"].as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
            assert_eq!(referenced, defined, "{id}: what is defined is what is referred to");
            for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
                assert_eq!(definition["title"], **name, "{id}");
                assert_eq!(definition[ANNOTATIONS]["shape"], **name, "{id}");
            }
        }
    }
}

/// Asserts that a schema and those below it say nothing else than [`KEYWORDS`].
fn check_dialect<'s>(schema: &'s Value, id: &str, referenced: &mut BTreeSet<&'s str>) {
    let Some(map) = schema.as_object() else { return assert!(schema.is_boolean(), "{id}: {schema}") };
    for (keyword, value) in map {
        assert!(KEYWORDS.contains(&keyword.as_str()), "{id}: {keyword}");
        match keyword.as_str() {
            "properties" | "$defs" => {
                value.as_object().into_iter().flat_map(Map::values).for_each(|of| check_dialect(of, id, referenced));
            }
            "items" | "additionalProperties" | "propertyNames" | "if" | "else" => check_dialect(value, id, referenced),
            "$ref" => {
                let name = value.as_str().and_then(|target| target.strip_prefix("#/$defs/"));
                referenced.insert(name.expect("references stay within"));
            }
            "required" => {
                for name in value.as_array().expect("a list") {
                    assert!(!map["properties"][name.as_str().expect("a name")].is_null(), "{id}: {name} is no member");
                }
            }
            _ => {}
        }
    }
}

#[test]
fn emitting_twice_gives_the_same_bytes() {
    let texts = || -> Vec<String> {
        services().flat_map(|service| all_schemas(&service)).map(|schema| format!("{schema:#}")).collect()
    };
    assert_eq!(texts(), texts());
}

/// The page's own words, walked on two ways: over what was read off it, and over its schemas.
#[test]
fn documented_schemas_say_what_the_page_says() {
    let service = page();
    let emitter = Emitter::new(&service);
    let mut lines = 0;
    for (operation, direction) in documented() {
        let (mut of_page, mut of_schema) = (Vec::new(), Vec::new());
        let root = service.operations[operation].root(direction).expect("each takes and returns something");
        model_outline(&service, root, "", &mut of_page);
        let schema = emitter.operation(operation, direction, Encoding::Wire).expect("the page has it");
        schema_outline(&schema, &schema, "", &mut of_schema);
        assert_eq!(of_page.join("\n"), of_schema.join("\n"), "{operation} {direction}");
        lines += of_page.len();
    }
    // Every bullet and parameter of the page, and the twelve roots.
    let text = fs::read_to_string(at(PAGE)).expect("the page");
    let bullets = text.lines().filter(|line| line.trim_start().starts_with('•') || line.starts_with("type "));
    // Each map has a bullet for its keys, which an outline has no line for.
    let maps = of_maps(&service);
    assert_eq!(lines + maps, bullets.count() + 6);
}

fn of_maps(service: &Service) -> usize {
    service.shapes.values().filter(|shape| matches!(shape.kind, ShapeKind::Map(_))).count()
}

fn model_outline(service: &Service, id: &ShapeId, place: &str, lines: &mut Vec<String>) {
    let shape = service.shape(id).expect("targets resolve");
    let (kind, inner): (&str, Vec<(String, &ShapeId)>) = match &shape.kind {
        ShapeKind::Structure(structure) => {
            let name =
                |name: &str, presence| format!("{name}{}", if presence == Presence::Required { "!" } else { "" });
            ("object", structure.members.iter().map(|m| (name(&m.name, m.presence), &m.target)).collect())
        }
        ShapeKind::List(list) => ("array", vec![("[]".to_owned(), &list.target)]),
        ShapeKind::Map(map) => ("object", vec![("{}".to_owned(), &map.value)]),
        ShapeKind::String(EnumValues(Some(values))) => return lines.push(format!("{place}: {}", values.join("|"))),
        ShapeKind::String(_) => ("string", Vec::new()),
        ShapeKind::Integer(_) => ("integer", Vec::new()),
        ShapeKind::Timestamp(_) => ("number or string", Vec::new()),
        other => panic!("the page has no {}", other.name()),
    };
    lines.push(format!("{place}: {kind}"));
    for (name, target) in inner {
        model_outline(service, target, &format!("{place}/{name}"), lines);
    }
}

fn schema_outline(document: &Value, schema: &Value, place: &str, lines: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.trim_start_matches('#')).expect("references resolve");
        return schema_outline(document, target, place, lines);
    }
    let texts = |value: &Value, between| -> String {
        let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.collect::<Vec<_>>().join(between)
    };
    let kind = match (&schema["enum"], &schema["type"]) {
        (values @ Value::Array(_), _) => texts(values, "|"),
        (_, Value::String(one)) => one.clone(),
        (_, several) => texts(several, " or "),
    };
    lines.push(format!("{place}: {kind}"));
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let mark = if required.contains(&name.as_str().into()) { "!" } else { "" };
        schema_outline(document, member, &format!("{place}/{name}{mark}"), lines);
    }
    if schema["items"].is_object() {
        schema_outline(document, &schema["items"], &format!("{place}/[]"), lines);
    }
    if schema["additionalProperties"].is_object() {
        schema_outline(document, &schema["additionalProperties"], &format!("{place}/{{}}"), lines);
    }
}
