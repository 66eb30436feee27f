//! placebo: a file for each response, as boto hands it over.

use serde_json::{Value, json};

use super::{Form, Output, Recording, Samples};
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Service, ShapeId, ShapeKind};
use crate::output::FileName;

pub(super) struct Placebo;

impl Form for Placebo {
    fn id(&self) -> &'static str {
        "placebo"
    }

    fn about(&self) -> &'static str {
        "placebo files, one a response (needs --out DIR)"
    }

    fn encoding(&self) -> Option<Encoding> {
        Some(Encoding::Parsed)
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Recording> {
        if samples.direction == Direction::Request {
            return Err(Error::new("placebo keeps no requests").remedy("--response writes responses."));
        }
        let prefix = samples.service().endpoint_prefix.known().unwrap_or(&samples.service().name);
        let files = samples.list.iter().enumerate().map(|(number, sample)| {
            let mut data = sample.payload.clone();
            if let Some(output) = &samples.operation.output {
                datetimes(samples.service(), output, &mut data);
            }
            let file = json!({"status_code": samples.status(), "data": data});
            let name = FileName::of(&format!("{prefix}.{}_{}.json", samples.operation.name, number + 1));
            (name, format!("{file:#}\n"))
        });
        Ok(Output::Files(files.collect()).into())
    }
}

/// Writes times as placebo does. What is no time of a calendar stays as it is.
fn datetimes(service: &Service, shape: &ShapeId, value: &mut Value) {
    let Some(shape) = service.shape(shape) else { return };
    match (&shape.kind, &mut *value) {
        (ShapeKind::Structure(structure), Value::Object(members)) => {
            for member in &structure.members {
                if let Some(value) = members.get_mut(&member.name) {
                    datetimes(service, &member.target, value);
                }
            }
        }
        (ShapeKind::List(list), Value::Array(items)) => {
            for item in items {
                datetimes(service, &list.target, item);
            }
        }
        (ShapeKind::Map(map), Value::Object(entries)) => {
            for entry in entries.values_mut() {
                datetimes(service, &map.value, entry);
            }
        }
        (ShapeKind::Timestamp(_), Value::String(text)) => {
            if let Some(time) = datetime(text) {
                *value = time;
            }
        }
        _ => {}
    }
}

/// `2023-08-30T01:02:03.5Z` in parts; `None` for another form or zone.
fn datetime(text: &str) -> Option<Value> {
    let whole = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<u32>().ok();
    let fraction = whole.get(19..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| {
        let digits: String = rest.strip_prefix('.')?.chars().chain("000000".chars()).take(6).collect();
        digits.parse().ok()
    })?;
    Some(json!({
        "__class__": "datetime", "year": part(0, 4)?, "month": part(5, 7)?, "day": part(8, 10)?,
        "hour": part(11, 13)?, "minute": part(14, 16)?, "second": part(17, 19)?, "microsecond": fraction,
    }))
}
