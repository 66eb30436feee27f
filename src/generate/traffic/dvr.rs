//! smithy-rs DVR: the events of one connection for each exchange.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Form, Pair, Recording, Samples};
use crate::error::Result;
use crate::protocol::encode::Message;

pub(super) struct Dvr;

impl Form for Dvr {
    fn id(&self) -> &'static str {
        "dvr"
    }

    fn about(&self) -> &'static str {
        "network traffic of the Rust SDK's recording client"
    }

    fn is_http(&self) -> bool {
        true
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Recording> {
        let mut events: Vec<Value> = Vec::new();
        let (messages, left_out) = samples.messages()?;
        for (connection, Pair { request, response, .. }) in messages.iter().enumerate() {
            let mut push = |action: Value| events.push(json!({"connection_id": connection, "action": action}));
            let (method, uri) = &request.target;
            let sent = json!({"uri": uri, "headers": headers(request), "method": method});
            push(json!({"Request": {"request": sent}}));
            frames(request, "Request", &mut push);
            let status = response.status;
            push(json!({"Response": {"response": {"Ok": {"status": status, "headers": headers(response)}}}}));
            frames(response, "Response", &mut push);
        }
        let traffic = json!({"events": events, "docs": "made by shapegate generate", "version": "V0"});
        Ok(Recording { left_out, ..Recording::text(format!("{traffic:#}\n")) })
    }
}

fn frames(message: &Message, direction: &str, push: &mut impl FnMut(Value)) {
    if let Some(body) = &message.body {
        let data = match message.text() {
            Some(text) => json!({"Utf8": text}),
            None => json!({"Base64": STANDARD.encode(body)}),
        };
        push(json!({"Data": {"data": data, "direction": direction}}));
    }
    push(json!({"Eof": {"ok": true, "direction": direction}}));
}

fn headers(message: &Message) -> Map<String, Value> {
    message.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), json!([value]))).collect()
}
