//! Which bytes of a payload must not be shown.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use serde_json::Value;

use super::Contract;
use super::log::Restored;
use super::place::member;
use crate::model::{Direction, Encoding, Fact, Location, Member, Service, ShapeId, ShapeKind, Structure};
use crate::recording::json_index::{Index, Indexed};
use crate::recording::{Exchange, Failure, Fidelity, Pattern, Payload, Syntax, credential, json};

/// What hides nothing, whatever it is of.
const EMPTY: &str = "{}";

impl Contract {
    /// The values within an exchange that the model marks sensitive or that are credentials, as parts of the recording's text.
    ///
    /// A text that cannot be read, and one that belongs to no modelled shape, is sensitive as a whole.
    pub fn sensitive<'a>(&self, exchange: &Exchange<'a>) -> Vec<&'a str> {
        self.sensitive_by(exchange, &|_, payload| Rc::new(Index::of_payload(payload)))
    }

    /// The same, by the places of each payload's text.
    pub(crate) fn sensitive_by<'a>(
        &self,
        exchange: &Exchange<'a>,
        index_of: &dyn Fn(Direction, &Payload<'a>) -> Rc<Index<'a>>,
    ) -> Vec<&'a str> {
        let mut found = Vec::new();
        let operation = self.service().operations.get(&*exchange.operation);
        for (direction, payload) in [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)]
        {
            if let Some(payload) = payload {
                let root = operation.and_then(|operation| operation.root(direction));
                if let (Fidelity::Logged, Some(root)) = (exchange.fidelity, root) {
                    self.logged_secrets(payload, root, &|| index_of(direction, payload), &mut found);
                } else {
                    self.payload_secrets(payload, root, &|| index_of(direction, payload), &mut found);
                }
            }
        }
        if let Some(Failure { payload, .. }) = &exchange.error {
            let root = self.shape_of(operation, exchange);
            self.payload_secrets(payload, root, &|| index_of(Direction::Response, payload), &mut found);
        }
        found
    }

    /// Pointers of the values that the model marks sensitive, or that are credentials, within a payload that a protocol put together.
    pub fn sensitive_pointers(&self, exchange: &Exchange<'_>, direction: Direction) -> Vec<String> {
        let operation = self.service().operations.get(&*exchange.operation);
        let root = if exchange.error.is_some() && direction == Direction::Response {
            self.shape_of(operation, exchange)
        } else {
            operation.and_then(|operation| operation.root(direction))
        };
        let mut found = Vec::new();
        match (root, exchange.payload(direction).and_then(|payload| payload.value.as_ref())) {
            (Some(root), Some(value)) => {
                let encoding = exchange.payload(direction).map_or(Encoding::Wire, |payload| payload.encoding);
                self.value_secrets(value, root, ("", encoding), &mut found);
            }
            _ => found.push(String::new()),
        }
        found
    }

    /// Whether what a pattern matches of a request may be sensitive: the operation's input has such a member there. Of an
    /// operation that is not known the body may have.
    pub fn may_match_secrets(&self, operation: &str, pattern: &Pattern) -> bool {
        let service = self.service();
        let Some(operation) = service.operations.get(operation) else { return *pattern == Pattern::Body };
        let Some(input) = operation.root(Direction::Request).and_then(|root| service.shape(root)) else { return false };
        let members = input.structure().map_or(&[][..], |structure| &structure.members);
        let is_there = |member: &Member| match (member.location_in(Direction::Request), pattern) {
            (Fact::Unknown | Fact::Known(Location::Body), Pattern::Body) => true,
            // What travels in a form may travel in the URL, its parts by names behind its own.
            (Fact::Unknown | Fact::Known(Location::Body | Location::Query), Pattern::Query(name)) => {
                let own = [member.wire_name(), member.query_name.as_deref().unwrap_or(&member.name)];
                own.iter().any(|own| name.split('.').next().is_some_and(|first| first.eq_ignore_ascii_case(own)))
            }
            (Fact::Known(Location::Header), Pattern::Header(name)) => member.wire_name().eq_ignore_ascii_case(name),
            _ => false,
        };
        let mut there = members.iter().filter(|member| is_there(member));
        input.sensitive
            || there.any(|member| service.is_credential(&input.id, member) || may_hold_secrets(service, &member.target))
    }

    /// Names under which parameters of an operation's requests are sensitive.
    pub(crate) fn sensitive_parameters(&self, operation: &str) -> Vec<&str> {
        let service = self.service();
        let root = service.operations.get(operation).and_then(|operation| operation.root(Direction::Request));
        let input = root.and_then(|root| Some((root, service.shape(root)?.structure()?)));
        let members =
            input.into_iter().flat_map(|(root, input)| input.members.iter().map(move |member| (root, member)));
        let is_sensitive = |(root, member): &(&ShapeId, &Member)| {
            holds_sensitive(service, &member.target) || service.is_credential(root, member)
        };
        members
            .filter(is_sensitive)
            .flat_map(|(_, member)| [Some(member.wire_name()), member.query_name.as_deref()])
            .flatten()
            .collect()
    }

    /// Whether the body of a half may hold something sensitive: some member of the operation's is. Of an operation that is not
    /// known it may.
    pub fn may_be_sensitive(&self, operation: &str, direction: Direction) -> bool {
        let Some(operation) = self.service().operations.get(operation) else { return true };
        operation.root(direction).is_some_and(|root| may_hold_secrets(self.service(), root))
    }

    /// Whether some member of that name is sensitive or a credential, in whichever letters: of a message that calls no operation
    /// nothing else is known.
    pub fn is_secret_name(&self, name: &str) -> bool {
        let service = self.service();
        let names = self.secret_names.get_or_init(|| {
            let members = service.shapes.iter().flat_map(|(id, shape)| {
                let members = shape.structure().map_or(&[][..], |structure| &structure.members);
                members.iter().map(move |member| (id, member))
            });
            let is_sensitive = |member: &Member| holds_sensitive(service, &member.target);
            let secret = members.filter(|(id, member)| is_sensitive(member) || service.is_credential(id, member));
            secret.map(|(_, member)| member.wire_name().to_ascii_lowercase()).collect()
        });
        names.contains(&name.to_ascii_lowercase())
    }

    /// The secrets of a logged payload, whose names are not the model's.
    fn logged_secrets<'a>(
        &self,
        payload: &Payload<'a>,
        root: &ShapeId,
        index: &dyn Fn() -> Rc<Index<'a>>,
        found: &mut Vec<&'a str>,
    ) {
        let Some(logged) = payload.read() else { return found.push(payload.text) };
        let restored = Restored::new(self.service(), Some(root), &logged);
        let mut pointers = Vec::new();
        self.value_secrets(&restored.value, root, ("", Encoding::Parsed), &mut pointers);
        let index = index();
        let place = |pointer: &String| index.locate(&restored.recorded(pointer), json::Part::Value);
        found.extend(pointers.iter().map(|pointer| &payload.text[place(pointer)]));
    }

    fn value_secrets(&self, value: &Value, target: &ShapeId, at: (&str, Encoding), found: &mut Vec<String>) {
        let (pointer, encoding) = at;
        let Some(shape) = self.service().shape(target) else { return };
        if shape.sensitive {
            found.push(pointer.to_owned());
            return;
        }
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                for (key, value) in members {
                    let below = json::child(pointer, key);
                    match member_spelt(structure, key, encoding) {
                        Some(member) if self.service().is_credential(&shape.id, member) => found.push(below),
                        Some(member) => self.value_secrets(value, &member.target, (&below, encoding), found),
                        None if credential::is_name(key) => found.push(below),
                        None => {}
                    }
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    self.value_secrets(value, &map.value, (&json::child(pointer, key), encoding), found);
                }
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.value_secrets(value, &list.target, (&format!("{pointer}/{index}"), encoding), found);
                }
            }
            // In place of what holds it, something sensitive may stand by itself.
            _ if !value.is_null() && is_container_of_secrets(self.service(), target) => found.push(pointer.to_owned()),
            _ => {}
        }
    }

    fn payload_secrets<'a>(
        &self,
        payload: &Payload<'a>,
        root: Option<&ShapeId>,
        index: &dyn Fn() -> Rc<Index<'a>>,
        found: &mut Vec<&'a str>,
    ) {
        match root {
            Some(root) if payload.syntax != Syntax::Json => {
                let mut pointers = Vec::new();
                let value = payload.read();
                self.value_secrets(
                    value.as_deref().unwrap_or(&Value::Null),
                    root,
                    ("", payload.encoding),
                    &mut pointers,
                );
                if !pointers.is_empty() {
                    let index = index();
                    let part = |pointer: &String| &payload.text[index.locate(pointer, json::Part::Value)];
                    found.extend(pointers.iter().map(part));
                }
            }
            Some(root) => {
                let index = index();
                if let Some(whole) = index.root() {
                    self.secrets(payload.text, (whole, root), payload.encoding, found);
                }
            }
            None if payload.text == EMPTY => {}
            None => found.push(payload.text),
        }
    }

    /// The secrets of a value that stands at a place of a text.
    fn secrets<'a>(
        &self,
        text: &'a str,
        (place, target): (Indexed<'_>, &ShapeId),
        encoding: Encoding,
        found: &mut Vec<&'a str>,
    ) {
        let Some(shape) = self.service().shape(target) else { return };
        let own = &text[place.range()];
        if shape.sensitive {
            found.push(own);
            return;
        }
        match &shape.kind {
            ShapeKind::Structure(structure) if own.starts_with('{') => {
                // One that cannot be read is sensitive as a whole.
                let Some(members) = place.members() else { return found.push(own) };
                for (key, value) in members {
                    match member_spelt(structure, key, encoding) {
                        Some(member) if self.service().is_credential(&shape.id, member) => {
                            found.push(&text[value.range()]);
                        }
                        Some(member) => self.secrets(text, (value, &member.target), encoding, found),
                        None if credential::is_name(key) => found.push(&text[value.range()]),
                        None => {}
                    }
                }
            }
            ShapeKind::Map(map) if own.starts_with('{') => {
                let Some(members) = place.members() else { return found.push(own) };
                members.for_each(|(_, value)| self.secrets(text, (value, &map.value), encoding, found));
            }
            ShapeKind::List(list) if own.starts_with('[') => {
                let Some(elements) = place.elements() else { return found.push(own) };
                elements.for_each(|value| self.secrets(text, (value, &list.target), encoding, found));
            }
            // In place of what holds it, something sensitive may stand by itself.
            _ if own != "null" && is_container_of_secrets(self.service(), target) => found.push(own),
            _ => {}
        }
    }
}

/// The member of that key, or the one that differs in nothing but capitals: it was meant.
fn member_spelt<'m>(structure: &'m Structure, key: &str, encoding: Encoding) -> Option<&'m Member> {
    let is_meant = |own: &str| own.eq_ignore_ascii_case(key);
    let meant = || structure.members.iter().find(|member| is_meant(member.wire_name()) || is_meant(&member.name));
    member(structure, key, encoding).or_else(meant)
}

/// The place of `part` within `whole`, where it was borrowed from it.
pub fn range_within(whole: &[u8], part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    (start + part.len() <= whole.len()).then(|| start..start + part.len())
}

/// Whether a value of a shape may be sensitive or have sensitive parts.
fn may_hold_secrets(service: &Service, shape: &ShapeId) -> bool {
    let (mut open, mut seen) = (vec![shape], BTreeSet::new());
    while let Some(id) = open.pop() {
        let Some(shape) = service.shape(id).filter(|_| seen.insert(id)) else { continue };
        let members = shape.structure().map_or(&[][..], |structure| &structure.members);
        if shape.sensitive || members.iter().any(|member| service.is_credential(id, member)) {
            return true;
        }
        open.extend(shape.kind.targets());
    }
    false
}

/// Whether a shape holds something sensitive: what stands there and is of another type may be that itself.
pub(super) fn is_container_of_secrets(service: &Service, id: &ShapeId) -> bool {
    let is_container =
        |kind: &ShapeKind| matches!(kind, ShapeKind::Structure(_) | ShapeKind::Map(_) | ShapeKind::List(_));
    service.shape(id).is_some_and(|shape| is_container(&shape.kind)) && may_hold_secrets(service, id)
}

/// Whether values of a shape are sensitive, or the elements of lists of them.
fn holds_sensitive(service: &Service, id: &ShapeId) -> bool {
    let (mut next, mut seen) = (Some(id), BTreeSet::new());
    while let Some(shape) = next.filter(|id| seen.insert(*id)).and_then(|id| service.shape(id)) {
        if shape.sensitive {
            return true;
        }
        next = if let ShapeKind::List(list) = &shape.kind { Some(&list.target) } else { None };
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::botocore;
    use crate::recording::{Extent, Failure, ServiceName};

    fn of(model: &Value) -> Contract {
        Contract::new(botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service)
    }

    fn contract() -> Contract {
        let structure = |name: &str, target: &str| json!({"type": "structure", "members": {name: {"shape": target}}});
        let mut gone = structure("c", "Secret");
        gone["exception"] = true.into();
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "x"},
            "operations": {"Op": {
                "name": "Op", "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "In"}, "output": {"shape": "Out"}, "errors": [{"shape": "Gone"}]}},
            "shapes": {
                "In": structure("a", "Secret"), "Out": structure("Several", "Secrets"), "Gone": gone,
                "Other": structure("plain", "Texts"), "Secret": {"type": "string", "sensitive": true},
                "Secrets": {"type": "list", "member": {"shape": "Secret"}},
                "Texts": {"type": "list", "member": {"shape": "Text"}}, "Text": {"type": "string"}}});
        of(&model)
    }

    fn payload(value: Value) -> Payload<'static> {
        Payload { value: Some(value), ..Payload::text("", Encoding::Wire) }
    }

    #[test]
    fn an_error_is_looked_at_as_what_it_is_and_its_request_as_an_input() {
        let named = Exchange::named(ServiceName::Name("x".into()), "Op".into(), Extent::Exchange);
        let error = Failure { code: Some("Gone".into()), needs_code: true, payload: payload(json!({"c": "x"})) };
        let refused = Exchange { request: Some(payload(json!({"a": "x"}))), error: Some(error), ..named };
        let pointers = |half| contract().sensitive_pointers(&refused, half);
        assert_eq!(
            (pointers(Direction::Request), pointers(Direction::Response)),
            (vec!["/a".into()], vec!["/c".into()])
        );
    }

    #[test]
    fn a_credential_that_no_model_marks_is_secret_in_text_and_in_values() {
        let model = json!({
            "metadata": {"endpointPrefix": "eks", "protocol": "rest-json", "serviceId": "EKS"},
            "operations": {"Op": {"name": "Op", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "members": {"license": {"shape": "License"}, "other": {"shape": "Other"}}},
                "License": {"type": "structure", "members": {"token": {"shape": "Text"}}},
                "Other": {"type": "structure", "members": {"token": {"shape": "Text"}}},
                "Text": {"type": "string"}}});
        let contract = of(&model);
        let text = r#"{"license": {"token": "a"}, "other": {"token": "b"}}"#;
        let called = Exchange::named(ServiceName::Name("eks".into()), "Op".into(), Extent::Exchange);
        let as_text = Exchange { request: Some(Payload::text(text, Encoding::Wire)), ..called.clone() };
        assert_eq!(contract.sensitive(&as_text), ["\"a\""]);
        let value = serde_json::from_str(text).expect("JSON");
        let as_value = Exchange { request: Some(payload(value)), ..called };
        assert_eq!(contract.sensitive_pointers(&as_value, Direction::Request), ["/license/token"]);
    }

    #[test]
    fn names_of_what_is_sensitive_somewhere_are_known_in_any_letters() {
        let contract = contract();
        for name in ["a", "A", "c", "several", "SEVERAL"] {
            assert!(contract.is_secret_name(name), "{name}");
        }
        assert!(!contract.is_secret_name("plain") && !contract.is_secret_name("b"));
    }

    #[test]
    fn a_member_is_meant_by_either_of_its_names_in_any_letters() {
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "rest-json", "serviceId": "x"},
            "operations": {"Op": {"name": "Op", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "members": {"Token": {"shape": "Secret", "locationName": "on-the-wire"}}},
                "Secret": {"type": "string", "sensitive": true}}});
        let contract = of(&model);
        let called = Exchange::named(ServiceName::Name("x".into()), "Op".into(), Extent::Exchange);
        for (key, is_meant) in
            [("on-the-wire", true), ("On-The-Wire", true), ("token", true), ("TOKEN", true), ("wire", false)]
        {
            let called = Exchange { request: Some(payload(json!({key: "x"}))), ..called.clone() };
            let pointers = contract.sensitive_pointers(&called, Direction::Request);
            assert_eq!(!pointers.is_empty(), is_meant, "{key}: {pointers:?}");
        }
    }
}
