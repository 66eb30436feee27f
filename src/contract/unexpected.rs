//! Members that a structure does not have, and what they may have been meant to be.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use super::full::BreachReader;
use super::homes::{Elsewhere, Homes, SeenFrom};
use super::place::Place;
use crate::model::Aspect;
use crate::recording::json::{Part, child};
use crate::schema::member_keys;
use crate::text::{AMONG_MANY, nearest};

/// What was found out about members that are not expected. Traffic has the same ones again and again, and to look for what was
/// meant takes longer than to judge a payload.
#[derive(Default)]
pub(super) struct Unexpected(Mutex<HashMap<String, BreachKind>>);

/// Members of which it is remembered.
const REMEMBERED: usize = 1_000;
/// Bytes of the longest question that is remembered.
const LONGEST: usize = 1_000;

impl Unexpected {
    /// What a member may have been meant to be, found out where it is not known.
    fn kind(&self, asked: String, find: impl FnOnce() -> BreachKind) -> BreachKind {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = known().get(&asked) {
            return kind.clone();
        }
        // Nobody waits while it is found out.
        let kind = find();
        let mut known = known();
        if known.len() < REMEMBERED {
            known.insert(asked, kind.clone());
        }
        kind
    }
}

impl<'m> BreachReader<'m> {
    /// A member that the structure at a place does not have.
    pub(super) fn unexpected(&self, pointer: &str, name: &str, value: &Value) -> Breach {
        let place = self.place(pointer);
        let kind = if !self.closely || self.passed_over.has(pointer, name) {
            BreachKind::UnexpectedMember { elsewhere: Vec::new(), namesakes: Vec::new(), nearest: None }
        } else {
            let find = || self.unexpected_kind(pointer, &place, name, value);
            match self.as_asked(pointer, name, value) {
                Some(asked) => self.contract.unexpected.kind(asked, find),
                None => find(),
            }
        };
        Breach {
            kind,
            direction: Some(self.direction),
            pointer: child(pointer, name),
            part: Part::Key,
            shape: place.target.map(|shape| shape.id.to_string()),
            member: Some(name.to_owned()),
            aspect: Aspect::Whole,
            sensitive: place.sensitive,
        }
    }

    /// What an unexpected member may have been meant to be.
    fn unexpected_kind(&self, pointer: &str, place: &Place<'_>, name: &str, value: &Value) -> BreachKind {
        // A member that is there already was not meant.
        let absent = |key: &&str| value.get(key).is_none();
        let keys = place.structure().into_iter().flat_map(|structure| member_keys(structure, self.encoding));
        let keys = keys.map(|(key, _)| key).filter(absent);
        let Self { service, root, direction, encoding, .. } = *self;
        let names = &self.contract.names;
        let seen_from = SeenFrom { service, names, root, pointer, direction, encoding };
        let (elsewhere, namesakes) = match seen_from.elsewhere(|| self.homes(), name) {
            Elsewhere::Belongs(home) => (vec![home], Vec::new()),
            Elsewhere::Namesakes(places) => (Vec::new(), places),
        };
        let nearest = nearest(name, keys, AMONG_MANY).map(str::to_owned);
        BreachKind::UnexpectedMember { elsewhere, namesakes, nearest }
    }

    /// Where names are at home, the nearest first. The tree of an operation is walked for it.
    fn homes(&self) -> Vec<&'m Homes> {
        let of_error = self.error.and_then(|error| self.contract.homes_of_error(error, self.encoding));
        of_error.into_iter().chain([self.contract.homes(self.operation, self.encoding)]).collect()
    }

    /// All that decides on what a member may have been meant to be, as a text; `None` where that is long.
    fn as_asked(&self, pointer: &str, name: &str, value: &Value) -> Option<String> {
        use std::fmt::Write as _;
        let (root, error) = (self.root.map_or("", |root| root.as_str()), self.error.map_or("", |error| error.as_str()));
        let beside = value.as_object()?.keys().map(String::as_str);
        let mut asked = String::new();
        for part in [root, error, &self.operation.name, pointer, name].into_iter().chain(beside) {
            if asked.len() + part.len() > LONGEST {
                return None;
            }
            // With their lengths, for a name may have any character.
            write!(asked, "{}:{part}", part.len()).ok()?;
        }
        write!(asked, "{:?}{:?}", self.direction, self.encoding).ok()?;
        Some(asked)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::Contract;
    use crate::ingest::botocore;
    use crate::model::{Direction, Encoding};
    use crate::recording::{Exchange, Payload, ServiceName};

    #[test]
    fn each_question_has_an_answer_of_its_own() {
        let operation = |name: &str, input: &str| json!({"name": name, "http": {"method": "POST", "requestUri": format!("/{name}")}, "input": {"shape": input}});
        let structure = |members: &[&str]| {
            let members: serde_json::Map<_, _> =
                members.iter().map(|name| ((*name).to_owned(), json!({"shape": "Text"}))).collect();
            json!({"type": "structure", "members": members})
        };
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {"One": operation("One", "A"), "Two": operation("Two", "B")},
            "shapes": {"A": structure(&["colour", "colours"]), "B": structure(&["color"]), "Text": {"type": "string"}}});
        let of = || Contract::new(botocore::parse(model.to_string().as_bytes(), None).expect("a model").service);
        let nearest = |contract: &Contract, operation: &str, text: &str| {
            let (name, payload) = (ServiceName::Name("x".into()), Payload::text(text, Encoding::Wire));
            let exchange = Exchange::of_payload(name, operation.to_owned().into(), Direction::Request, payload);
            let breaches = contract.observe(&exchange).expect("schemas compile").breaches;
            let nearest = |breach: &Breach| match &breach.kind {
                BreachKind::UnexpectedMember { nearest, .. } => nearest.clone(),
                _ => None,
            };
            breaches.iter().map(|breach| (breach.pointer.clone(), nearest(breach))).collect::<Vec<_>>()
        };
        let long = format!(r#"{{"colou": "x", "{}": 1}}"#, "n".repeat(LONGEST));
        let questions = [
            ("One", r#"{"colou": "x"}"#),
            ("Two", r#"{"colou": "x"}"#),
            // What is there already is not meant.
            ("One", r#"{"colour": "y", "colou": "x"}"#),
            ("One", r#"{"colours": "y", "colou": "x"}"#),
            ("One", r#"{"4:colo": 1, "colou": "x"}"#),
            ("One", &long),
        ];
        let remembering = of();
        for _ in 0..2 {
            for (operation, text) in questions {
                assert_eq!(
                    nearest(&remembering, operation, text),
                    nearest(&of(), operation, text),
                    "{operation} {text}"
                );
            }
        }
        let answer = |operation, text| nearest(&remembering, operation, text)[0].1.clone();
        assert_eq!(answer("One", r#"{"colou": "x"}"#).as_deref(), Some("colour"));
        assert_eq!(answer("Two", r#"{"colou": "x"}"#).as_deref(), Some("color"));
        let remembered = remembering.unexpected.0.lock().expect("no panic");
        assert!(remembered.len() > 4 && remembered.keys().all(|asked| asked.len() < LONGEST + 100));
    }
}
