//! HAR 1.2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Form, Pair, Recording, Samples, expected};
use crate::error::Result;
use crate::protocol::encode::Message;

pub(super) struct Har;

impl Form for Har {
    fn id(&self) -> &'static str {
        "har"
    }

    fn about(&self) -> &'static str {
        "an HTTP archive (HAR 1.2)"
    }

    fn extension(&self) -> &'static str {
        "har"
    }

    fn is_http(&self) -> bool {
        true
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Recording> {
        let (messages, left_out) = samples.messages()?;
        let entries: Vec<Value> = messages.iter().map(|pair| entry(samples, pair)).collect();
        let creator = json!({"name": "shapegate", "version": env!("CARGO_PKG_VERSION")});
        let log = json!({"log": {"version": "1.2", "creator": creator, "entries": entries}});
        Ok(Recording { left_out, ..Recording::text(format!("{log:#}\n")) })
    }
}

fn entry(samples: &Samples<'_>, Pair { request, response, sample }: &Pair<'_>) -> Value {
    let mut sent = json!({
        "method": request.target.0, "url": request.target.1, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers(request), "queryString": [], "headersSize": -1, "bodySize": -1,
    });
    if request.body.is_some() {
        sent["postData"] = content(request);
    }
    // Names with such a beginning are everybody's own.
    let mut made = json!({
        "operation": samples.operation.name, "direction": samples.direction.as_str(), "payload": sample.payload,
    });
    if let Some(expected) = expected(sample) {
        made["expect"] = expected;
    }
    json!({
        "_shapegate": made,
        "startedDateTime": "2023-08-30T00:00:00Z", "time": 0, "request": sent,
        "response": {
            "status": response.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(response), "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "content": content(response),
        },
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0},
    })
}

/// The body. HAR knows base64 of responses alone; of requests it is the same convention.
fn content(message: &Message) -> Value {
    let bytes = message.body.as_deref().unwrap_or_default();
    let mut content = json!({"size": bytes.len(), "mimeType": media_type(message)});
    match message.text() {
        None if !bytes.is_empty() => {
            content["text"] = STANDARD.encode(bytes).into();
            content["encoding"] = "base64".into();
        }
        text => content["text"] = text.unwrap_or_default().into(),
    }
    content
}

fn headers(message: &Message) -> Value {
    message.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn media_type(message: &Message) -> &str {
    message.headers.iter().find(|(name, _)| name == "Content-Type").map_or("", |(_, value)| value)
}
