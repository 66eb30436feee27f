//! HAR 1.2.

use serde_json::{Value, json};

use super::{Form, Samples, Written};
use crate::error::Result;
use crate::model::Encoding;
use crate::protocol::encode::Message;

pub(super) struct Har;

impl Form for Har {
    fn id(&self) -> &'static str {
        "har"
    }

    fn about(&self) -> &'static str {
        "an HTTP archive (HAR 1.2)"
    }

    fn encoding(&self) -> Option<Encoding> {
        Some(Encoding::Wire)
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Written> {
        let entries: Vec<Value> = samples.messages()?.iter().map(entry).collect();
        let creator = json!({"name": "shapegate", "version": env!("CARGO_PKG_VERSION")});
        let log = json!({"log": {"version": "1.2", "creator": creator, "entries": entries}});
        Ok(Written::Text(format!("{log:#}\n")))
    }
}

fn entry((request, response): &(Message, Message)) -> Value {
    let mut sent = json!({
        "method": request.target.0, "url": request.target.1, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers(request), "queryString": [], "headersSize": -1, "bodySize": -1,
    });
    if let Some(body) = &request.body {
        sent["postData"] = json!({"mimeType": media_type(request), "text": body});
    }
    json!({
        "startedDateTime": "2023-08-30T00:00:00Z", "time": 0, "request": sent,
        "response": {
            "status": response.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(response), "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "content": {
                "size": response.body.as_ref().map_or(0, String::len),
                "mimeType": media_type(response), "text": response.body.as_deref().unwrap_or_default(),
            },
        },
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0},
    })
}

fn headers(message: &Message) -> Value {
    message.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn media_type(message: &Message) -> &str {
    message.headers.iter().find(|(name, _)| name == "Content-Type").map_or("", |(_, value)| value)
}
