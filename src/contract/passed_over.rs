//! What real traffic has beside what its model says, and every SDK passes over.

use memchr::memmem;
use serde_json::Value;

use super::breach::{Breach, BreachKind};
use crate::model::{Direction, Encoding, Protocol, Structure};
use crate::recording::XML_ERROR_PARTS;
use crate::schema::RESPONSE_METADATA;

/// A member's key that JSON protocols add to name a value's shape; receivers ignore it.
const TYPE_NAME: &str = "__type";

/// What of a payload is passed over: the name of a value's shape beside its members, and an error's code and message, in
/// upper or lower case, whether the error's shape has them or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct PassedOver {
    is_response: bool,
    is_error: bool,
    /// What stands beside an error in XML, SDKs hand on with its members.
    has_xml_parts: bool,
}

impl PassedOver {
    /// Of a payload in that encoding, of a service of that protocol.
    pub(super) fn of(direction: Direction, is_error: bool, encoding: Encoding, protocol: Option<Protocol>) -> Self {
        Self {
            is_response: direction == Direction::Response,
            is_error,
            has_xml_parts: encoding == Encoding::Parsed && protocol.is_some_and(Protocol::is_xml),
        }
    }

    /// Whether a member is passed over that the structure at `above` does not have.
    pub(super) fn has(self, above: &str, member: &str) -> bool {
        if member == TYPE_NAME {
            return self.is_response;
        }
        let of_every_error = matches!(member, "code" | "Code" | "message" | "Message" | RESPONSE_METADATA);
        let is_part = of_every_error || (self.has_xml_parts && XML_ERROR_PARTS.contains(&member));
        self.is_error && above.is_empty() && is_part
    }

    /// Whether a payload's text may have such a member.
    pub(super) fn may_be_in(self, text: &str) -> bool {
        self.is_error || self.is_response && memmem::find(text.as_bytes(), TYPE_NAME.as_bytes()).is_some()
    }

    /// A payload without the members that are passed over; `None` where there are none, or it is no structure's. What SDKs
    /// add to responses stays: schemas have it, and something in its place is a breach.
    pub(super) fn left_out_of(self, payload: &Value, structure: &Structure, encoding: Encoding) -> Option<Value> {
        let is_kept = |key: &str| {
            key == RESPONSE_METADATA || !self.has("", key) || structure.member_of_key(key, encoding).is_some()
        };
        let members = payload.as_object()?;
        if members.keys().all(|key| is_kept(key)) {
            return None;
        }
        let kept = members.iter().filter(|(key, _)| is_kept(key));
        Some(Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect()))
    }

    /// Whether a breach of a payload is passed over.
    pub(super) fn has_breach(self, breach: &Breach, payload: &Value) -> bool {
        let member = breach.member.as_deref().unwrap_or_default();
        let above = breach.pointer.rsplit_once('/').map_or("", |(above, _)| above);
        match breach.kind {
            BreachKind::UnexpectedMember { .. } => self.has(above, member),
            BreachKind::AbsentMember { .. } if self.is_error && above.is_empty() => {
                let is_message = member.eq_ignore_ascii_case("message");
                is_message && payload.get("message").or(payload.get("Message")).is_some()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::Contract;
    use crate::recording::{Exchange, Extent, Failure, Payload, ServiceName};

    fn contract() -> Contract {
        let structure = |members: Value, more: Value| {
            let mut shape = json!({"type": "structure", "members": members});
            shape.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            shape
        };
        let text = json!({"shape": "Text"});
        let model = json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {"Act": {"name": "Act", "http": {"method": "POST", "requestUri": "/"},
                "output": {"shape": "Out"}, "errors": [{"shape": "Gone"}, {"shape": "Lost"}]}},
            "shapes": {
                "Text": {"type": "string", "max": 3},
                "Out": structure(json!({"a": text, "b": {"shape": "Choice"}}), json!({})),
                "Choice": structure(json!({"c": text, "d": text}), json!({"union": true})),
                "Gone": structure(json!({"message": text}), json!({"exception": true, "required": ["message"]})),
                "Lost": structure(json!({"Code": text, "a": text}), json!({"exception": true})),
            },
        });
        let service =
            crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        Contract::new(service)
    }

    fn exchange<'a>(text: &'a str, code: Option<&'a str>, encoding: Encoding) -> Exchange<'a> {
        let payload = || Payload::text(text, encoding);
        let error = code.map(|code| Failure { code: Some(code.into()), needs_code: true, payload: payload() });
        let response = code.is_none().then(payload);
        let named = Exchange::named(ServiceName::Name("x".into()), "Act".into(), Extent::Exchange);
        Exchange { response, error, ..named }
    }

    #[test]
    fn both_paths_say_the_same_of_what_is_passed_over() {
        let contract = contract();
        let members = [
            r#""__type":"x#Gone""#,
            r#""code":7"#,
            r#""Code":"long""#,
            r#""Message":"m""#,
            r#""message":"m""#,
            r#""ResponseMetadata":{}"#,
            r#""ResponseMetadata":200"#,
            r#""a":"text""#,
            r#""b":{"c":"x"}"#,
            r#""b":{"__type":"Choice","c":"x"}"#,
            r#""Type":1"#,
            r#""code":1e999"#,
        ];
        let mut surely = 0;
        for first in members {
            for second in members {
                let text = format!("{{{first},{second}}}");
                for code in [None, Some("Gone"), Some("Lost"), Some("Other")] {
                    for encoding in [Encoding::Wire, Encoding::Parsed] {
                        let exchange = exchange(&text, code, encoding);
                        let quick = contract.observe(&exchange).expect("schemas compile");
                        let full = contract.observe_in_full(&exchange).expect("schemas compile");
                        assert_eq!(quick.breaches, full.breaches, "{text} {code:?} {encoding:?}");
                        surely += quick.surely;
                    }
                }
            }
        }
        assert!(surely > 20, "{surely}");
    }
}
