//! A vcrpy cassette, in JSON, which is YAML too.

use serde_json::{Map, Value, json};

use super::{Form, Samples, Written};
use crate::error::Result;
use crate::model::Encoding;
use crate::protocol::encode::Message;

pub(super) struct Vcr;

impl Form for Vcr {
    fn id(&self) -> &'static str {
        "vcr"
    }

    fn about(&self) -> &'static str {
        "a vcrpy cassette (JSON)"
    }

    fn encoding(&self) -> Option<Encoding> {
        Some(Encoding::Wire)
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Written> {
        let interactions: Vec<Value> = samples
            .messages()?
            .iter()
            .map(|(request, response)| {
                json!({
                    "request": {
                        "method": request.target.0, "uri": request.target.1,
                        "body": request.body, "headers": headers(request),
                    },
                    "response": {
                        "status": {"code": response.status, "message": ""}, "headers": headers(response),
                        "body": {"string": response.body.as_deref().unwrap_or_default()},
                    },
                })
            })
            .collect();
        Ok(Written::Text(format!("{:#}\n", json!({"version": 1, "interactions": interactions}))))
    }
}

fn headers(message: &Message) -> Map<String, Value> {
    message.headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect()
}
