//! Payload records and payload files of Clean Rooms.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value};

use super::super::{Result, root};
use super::vary::{self, Random};

/// The member whose text is as long as people's.
const QUERY: &str = "\"queryString\":\"";

pub fn templates() -> Result<Vec<String>> {
    let text = fs::read_to_string(root().join("fixtures/recordings/cleanrooms/payloads.ndjson"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Writes so many records, of which so many percent have a fault.
pub fn write(templates: &[String], count: usize, percent: usize, out: &mut impl Write) -> Result<()> {
    let mut random = Random::new(count as u64);
    for _ in 0..count {
        let record = record(templates, &mut random);
        if random.below(100) < percent {
            let mut faulty: Value = serde_json::from_str(&record)?;
            break_payload(&mut faulty["payload"], &mut random);
            writeln!(out, "{faulty}")?;
        } else {
            writeln!(out, "{record}")?;
        }
    }
    Ok(())
}

fn record(templates: &[String], random: &mut Random) -> String {
    let template = &templates[random.below(templates.len())];
    let varied = vary::ids(template, random);
    let Some((before, query)) = varied.split_once(QUERY) else { return varied };
    let Some((_, behind)) = query.split_once('"') else { return varied };
    format!("{before}{QUERY}{}\"{behind}", vary::sql(random))
}

/// Payloads as files, named as the fixtures' are, 64 folders for each half of an operation.
pub fn files(templates: &[String], count: usize, folder: &Path) -> Result<()> {
    let mut random = Random::new(7);
    for number in 0..count {
        let record: Value = serde_json::from_str(&record(templates, &mut random))?;
        let half = [&record["operation"], &record["direction"]].map(|name| name.as_str().unwrap_or_default());
        let folder = folder.join("cleanrooms").join(half[0]).join(half[1]).join(format!("{:03}", number % 64));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{number:06}.json")), format!("{:#}\n", record["payload"]))?;
    }
    Ok(())
}

/// Breaks one thing: a value of an enumeration, a type, a required member, or a member at a place that is not its own.
fn break_payload(payload: &mut Value, random: &mut Random) {
    let within = within(payload, random);
    let keys: Vec<String> = within.keys().cloned().collect();
    let key = &keys[random.below(keys.len())];
    match random.below(4) {
        0 => {
            let is_name = |value: &Value| {
                value.as_str().is_some_and(|text| {
                    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
                })
            };
            let name = keys.iter().find(|key| is_name(&within[*key])).unwrap_or(key);
            within[name] = Value::from("COMPLETED_V2");
        }
        1 => within[key] = Value::Null,
        2 => {
            within.shift_remove(key);
            within.insert("membershipArn2".to_owned(), Value::from("arn:aws:cleanrooms"));
        }
        _ => {
            let moved = within.shift_remove(key).unwrap_or_default();
            within.insert(format!("{key}s"), moved);
        }
    }
}

/// The structure that holds the most: the payload, or the one within a payload of one member.
fn within<'v>(payload: &'v mut Value, random: &mut Random) -> &'v mut Map<String, Value> {
    let is_one = |members: &Map<String, Value>| members.len() == 1 && members.values().all(Value::is_object);
    let is_wrapped = payload.as_object().is_some_and(is_one) && random.below(8) > 0;
    let inner =
        if is_wrapped { payload.as_object_mut().and_then(|all| all.values_mut().next()) } else { Some(payload) };
    inner.and_then(Value::as_object_mut).expect("payloads are objects")
}
