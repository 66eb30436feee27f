//! A vcrpy cassette, in JSON, which is YAML too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Form, Pair, Recording, Samples};
use crate::error::Result;
use crate::protocol::encode::Message;

pub(super) struct Vcr;

impl Form for Vcr {
    fn id(&self) -> &'static str {
        "vcr"
    }

    fn about(&self) -> &'static str {
        "a vcrpy cassette (JSON)"
    }

    fn is_http(&self) -> bool {
        true
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Recording> {
        let (messages, left_out) = samples.messages()?;
        let interactions: Vec<Value> = messages
            .iter()
            .map(|Pair { request, response, .. }| {
                json!({
                    "request": {
                        "method": request.target.0, "uri": request.target.1,
                        "body": request.body.as_ref().map(|_| body(request)), "headers": headers(request),
                    },
                    "response": {
                        "status": {"code": response.status, "message": ""}, "headers": headers(response),
                        "body": answer(response),
                    },
                })
            })
            .collect();
        let cassette = json!({"version": 1, "interactions": interactions});
        Ok(Recording { left_out, ..Recording::text(format!("{cassette:#}\n")) })
    }
}

/// A body; one of bytes in the form that other recorders of this kind have for them.
fn body(message: &Message) -> Value {
    match (message.text(), &message.body) {
        (Some(text), _) => text.into(),
        (None, Some(bytes)) => json!({"base64_string": STANDARD.encode(bytes)}),
        (None, None) => "".into(),
    }
}

fn answer(message: &Message) -> Value {
    let body = body(message);
    if body.is_string() { json!({"string": body}) } else { body }
}

fn headers(message: &Message) -> Map<String, Value> {
    message.headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect()
}
