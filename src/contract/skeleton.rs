//! What an operation is called with as `--generate-cli-skeleton` prints it: every member, without a value.

use serde_json::Value;

use super::Contract;
use crate::model::{Direction, EnumValues, ShapeKind};
use crate::recording::{Exchange, Payload};

/// The key of a map that is to be filled in.
const KEY: &str = "KeyName";

impl Contract {
    /// Whether a request has every member and holds no value yet: texts are empty but for those of enumerations and times,
    /// numbers 0 and booleans true. One without any empty text may be meant.
    pub fn is_skeleton(&self, exchange: &Exchange<'_>) -> bool {
        let Some(value) = exchange.request.as_ref().and_then(Payload::read) else { return false };
        let members = self.members(&exchange.operation, Direction::Request);
        if members.iter().any(|name| value.get(name).is_none()) {
            return false;
        }
        let (mut is_empty, mut texts) = (true, 0);
        self.visit(exchange, &mut |visited| {
            let kind = self.service().shape(visited.shape).map(|shape| &shape.kind);
            is_empty &= match (visited.value, kind) {
                (Value::String(_), Some(ShapeKind::String(EnumValues(Some(_))) | ShapeKind::Timestamp(_))) => true,
                (Value::String(text), _) => {
                    texts += usize::from(text.is_empty());
                    text.is_empty() || text == KEY
                }
                (Value::Number(number), _) => number.as_f64() == Some(0.0),
                (Value::Bool(is_set), _) => *is_set,
                _ => true,
            };
        });
        is_empty && texts > 0
    }
}
