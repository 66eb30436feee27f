//! Which bytes of a payload must not be shown.

use std::borrow::Cow;
use std::ops::Range;

use super::Contract;
use super::observe::plain_code;
use super::place::member;
use crate::model::{Direction, Encoding, ShapeId, ShapeKind};
use crate::recording::{Exchange, Payload, json};

impl Contract {
    /// The values within an exchange that the model marks sensitive, as parts of the recording's text.
    ///
    /// A text that cannot be read, and one that belongs to no modelled shape, is sensitive as a whole.
    pub fn sensitive<'a>(&self, exchange: &Exchange<'a>) -> Vec<&'a str> {
        let mut found = Vec::new();
        let operation = self.service().operations.get(&*exchange.operation);
        for (direction, payload) in [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)]
        {
            if let Some(payload) = payload {
                let root = operation.and_then(|operation| operation.root(direction));
                self.payload_secrets(payload, root, &mut found);
            }
        }
        if let Some(error) = &exchange.error {
            let shape = self.errors.get(plain_code(&error.code)).map(|error| &error.shape);
            self.payload_secrets(&error.payload, shape, &mut found);
        }
        found
    }

    fn payload_secrets<'a>(&self, payload: &Payload<'a>, root: Option<&ShapeId>, found: &mut Vec<&'a str>) {
        match root {
            Some(root) => self.secrets(payload.text, root, payload.encoding, found),
            None => found.push(payload.text),
        }
    }

    fn secrets<'a>(&self, text: &'a str, target: &ShapeId, encoding: Encoding, found: &mut Vec<&'a str>) {
        let Some(shape) = self.service().shape(target) else { return };
        if shape.sensitive {
            found.push(text);
            return;
        }
        match &shape.kind {
            ShapeKind::Structure(structure) => {
                for (key, value) in members(text, found) {
                    if let Some(member) = member(structure, &key, encoding) {
                        self.secrets(value, &member.target, encoding, found);
                    }
                }
            }
            ShapeKind::Map(map) => {
                for (_, value) in members(text, found) {
                    self.secrets(value, &map.value, encoding, found);
                }
            }
            ShapeKind::List(list) => {
                for value in json::elements(text) {
                    self.secrets(value, &list.target, encoding, found);
                }
            }
            _ => {}
        }
    }
}

/// The members of an object. One whose keys cannot be read is sensitive as a whole.
fn members<'a>(text: &'a str, found: &mut Vec<&'a str>) -> Vec<(Cow<'a, str>, &'a str)> {
    let members = json::members(text);
    if members.is_none() && text.starts_with('{') {
        found.push(text);
    }
    members.unwrap_or_default()
}

/// The place of `part` within `whole`, where it was borrowed from it.
pub fn range_within(whole: &[u8], part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    (start + part.len() <= whole.len()).then(|| start..start + part.len())
}
