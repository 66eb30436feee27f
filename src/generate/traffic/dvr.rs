//! smithy-rs DVR: the events of one connection for each exchange.

use serde_json::{Map, Value, json};

use super::{Form, Samples, Written};
use crate::error::Result;
use crate::model::Encoding;
use crate::protocol::encode::Message;

pub(super) struct Dvr;

impl Form for Dvr {
    fn id(&self) -> &'static str {
        "dvr"
    }

    fn about(&self) -> &'static str {
        "network traffic of the Rust SDK's recording client"
    }

    fn encoding(&self) -> Option<Encoding> {
        Some(Encoding::Wire)
    }

    fn write(&self, samples: &Samples<'_>) -> Result<Written> {
        let mut events: Vec<Value> = Vec::new();
        for (connection, (request, response)) in samples.messages()?.iter().enumerate() {
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
        Ok(Written::Text(format!("{traffic:#}\n")))
    }
}

fn frames(message: &Message, direction: &str, push: &mut impl FnMut(Value)) {
    if let Some(body) = &message.body {
        push(json!({"Data": {"data": {"Utf8": body}, "direction": direction}}));
    }
    push(json!({"Eof": {"ok": true, "direction": direction}}));
}

fn headers(message: &Message) -> Map<String, Value> {
    message.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), json!([value]))).collect()
}
