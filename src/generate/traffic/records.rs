//! Payload records: a line each.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Form, Recording, Samples, expected};
use crate::error::Result;
use crate::model::Encoding;

pub(super) struct Records;

impl Form for Records {
    fn id(&self) -> &'static str {
        "records"
    }

    fn about(&self) -> &'static str {
        "payload records, one a line; of a fault with `expect`"
    }

    fn is_by_line(&self) -> bool {
        true
    }

    fn extension(&self) -> &'static str {
        "ndjson"
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Recording> {
        let mut text = String::new();
        for sample in &samples.list {
            let mut record = Map::new();
            record.insert("service".into(), samples.service().name.as_str().into());
            record.insert("operation".into(), samples.operation.name.as_str().into());
            record.insert("direction".into(), samples.direction.as_str().into());
            if samples.encoding == Encoding::Parsed {
                record.insert("encoding".into(), samples.encoding.as_str().into());
            }
            record.insert("payload".into(), sample.payload.clone());
            record.extend(expected(sample).map(|expected| ("expect".to_owned(), expected)));
            let _ = writeln!(text, "{}", Value::Object(record));
        }
        Ok(Recording::text(text))
    }
}
