//! Reference sections that the code writes: between `<!-- generated: NAME -->` and `<!-- end -->` stands what it says now.

use std::fmt::Write as _;

use serde_json::Value;
use shapegate::finding::{Area, Profile, Rule, Severity};
use shapegate::model::Direction;
use shapegate::{config, recording, report, rules};

use super::{documents, hold};

/// Writes a section.
type Section = fn() -> String;

/// Sections by name, and what writes them.
const SECTIONS: &[(&str, Section)] = &[
    ("formats", formats),
    ("reports", reports),
    ("configuration", configuration),
    ("rules on traffic", || rules_of(Area::Traffic)),
    ("rules on differences", || rules_of(Area::Upgrade)),
    ("rules on snapshots", || rules_of(Area::Wire)),
];

#[test]
fn reference_says_what_the_code_says() {
    let (mut wrong, mut written) = (Vec::new(), Vec::new());
    for document in documents() {
        let mut parts = document.text.split("<!-- generated: ");
        let mut actual = parts.next().expect("the beginning").to_owned();
        for part in parts {
            let (name, rest) = part.split_once(" -->").expect("a mark ends");
            let (_, after) =
                rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{}: {name} has no end", document.name));
            let write = SECTIONS.iter().find(|(section, _)| *section == name);
            let (_, write) = write.unwrap_or_else(|| panic!("{}: no section {name:?}", document.name));
            actual.extend(["<!-- generated: ", name, " -->\n\n", &write(), "\n<!-- end -->", after]);
            written.push(name.to_owned());
        }
        wrong.extend(document.should_be(&actual).err());
    }
    hold(&wrong);
    for (name, _) in SECTIONS {
        assert_eq!(written.iter().filter(|one| one == name).count(), 1, "{name} stands in one document");
    }
}

fn formats() -> String {
    let mut text = "| `--recording-format` | what it is |\n|---|---|\n".to_owned();
    for format in recording::FORMATS {
        let _ = writeln!(text, "| `{}` | {} |", format.id(), escaped(format.about()));
    }
    text
}

fn reports() -> String {
    const JOBS: [&str; 9] = ["check", "coverage", "scorecard", "gate", "snapshot", "history", "diff", "mutate", "list"];
    let mut text = "| `--report` | what it is | not for |\n|---|---|---|\n".to_owned();
    for form in report::FORMATS {
        let unable: Vec<String> =
            JOBS.into_iter().filter(|job| !form.shows(job)).map(|job| format!("`{job}`")).collect();
        let _ = writeln!(text, "| `{}` | {} | {} |", form.id(), escaped(form.about()), unable.join(", "));
    }
    text
}

/// Each key with its meaning, those of tables below their table.
fn configuration() -> String {
    let schema: Value = serde_json::from_str(config::SCHEMA).expect("JSON");
    let mut text = "| key | type | meaning |\n|---|---|---|\n".to_owned();
    let properties = |of: &Value| of["properties"].as_object().cloned().unwrap_or_default();
    for (key, about) in properties(&schema) {
        text += &row(&schema, &key, &about);
        let within = referred(&schema, &about["items"]).or_else(|| referred(&schema, &about));
        for (inner, about) in within.map(properties).unwrap_or_default() {
            text += &row(&schema, &format!("{key}.{inner}"), &about);
        }
    }
    text
}

/// The row of a key.
fn row(schema: &Value, key: &str, about: &Value) -> String {
    let named = referred(schema, about).or_else(|| referred(schema, &about["additionalProperties"]));
    let values = named.and_then(|of| of["oneOf"].as_array()).into_iter().flatten();
    let values: Vec<String> =
        values.filter_map(|value| value["const"].as_str()).map(|value| format!("`{value}`")).collect();
    let kind = match about["type"].as_str().or_else(|| named.and_then(|of| of["type"].as_str())) {
        Some("object") if !values.is_empty() => format!("table of {}", values.join(", ")),
        _ if !values.is_empty() => values.join(", "),
        Some("array") => "list".to_owned(),
        Some("object") => "table".to_owned(),
        Some("string") => "text".to_owned(),
        Some("integer") => "number".to_owned(),
        Some(kind) => kind.to_owned(),
        None => "boolean or list".to_owned(),
    };
    let mut meaning = about["description"].as_str().unwrap_or_default().replace('\n', " ");
    if let Some(value) = about["default"].as_u64() {
        let _ = write!(meaning, " The default is {value}.");
    }
    format!("| `{key}` | {kind} | {} |\n", escaped(&meaning))
}

/// The definition that a part of a schema refers to.
fn referred<'s>(schema: &'s Value, part: &Value) -> Option<&'s Value> {
    schema.pointer(part["$ref"].as_str()?.trim_start_matches('#'))
}

/// Rules of an area: a table of all, then what `explain` says of each.
fn rules_of(area: Area) -> String {
    let rules: Vec<&Rule> = rules::all().filter(|rule| rule.area == area).collect();
    let mut text = "| rule | what it reports | weight |\n|---|---|---|\n".to_owned();
    for rule in &rules {
        let _ = writeln!(text, "| [`{0}`](#{0}) | {1} | {2} |", rule.id, escaped(rule.summary), weights(rule));
    }
    for rule in rules {
        let _ = write!(text, "\n## {}\n\n{}\n", rule.id, explained(rule.explain));
    }
    text
}

/// How much findings of a rule weigh.
fn weights(rule: &Rule) -> String {
    let word = |weight| match (rule.area, weight) {
        (Area::Upgrade, Severity::Error) => "breaking",
        (Area::Upgrade, Severity::Warning) => "risky",
        (Area::Upgrade, Severity::Note) => "compatible",
        (_, Severity::Error) => "error",
        (_, Severity::Warning) => "warning",
        (_, Severity::Note) => "note",
    };
    // By profile where the profiles differ.
    let of = |half| {
        let words = Profile::ALL.map(|profile| word(rule.weights.of(profile, Some(half))));
        if words.iter().all(|one| *one == words[0]) {
            return words[0].to_owned();
        }
        Profile::ALL
            .iter()
            .zip(words)
            .map(|(profile, word)| format!("{word} ({})", profile.as_str()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (rule.half, of(Direction::Request), of(Direction::Response)) {
        (Some(Direction::Request), request, _) => request,
        (Some(Direction::Response), _, response) => response,
        (None, request, response) if request == response => request,
        (None, request, response) => format!("requests: {request}; responses: {response}"),
    }
}

/// What `explain` says, as Markdown: its headings in bold.
fn explained(text: &str) -> String {
    let mut text = escaped_text(text.trim_end());
    for heading in ["What it does:", "Why:", "Example:", "What to do:"] {
        text = text.replace(&format!("\n\n{heading}"), &format!("\n\n**{heading}**"));
        if let Some(rest) = text.strip_prefix(heading) {
            text = format!("**{heading}**{rest}");
        }
    }
    text
}

/// A text within a table.
fn escaped(text: &str) -> String {
    escaped_text(text).replace('|', "\\|").replace('\n', " ")
}

/// A text whose marks mean nothing outside of its code.
fn escaped_text(text: &str) -> String {
    let parts = text.split('`');
    let mut escaped = String::new();
    let mut is_code = false;
    for part in parts {
        if is_code {
            escaped.extend(["`", part, "`"]);
        } else {
            escaped += &part.replace('&', "&amp;").replace('<', "&lt;").replace('*', "\\*").replace('[', "\\[");
        }
        is_code = !is_code;
    }
    escaped
}
