//! Every value of an exchange, with the shape that the contract has for it.

use serde_json::Value;

use super::Contract;
use super::log::Restored;
use super::place::member;
use crate::model::{Direction, Encoding, ShapeId, ShapeKind};
use crate::recording::{Exchange, Fidelity, Payload};

/// One value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Visited<'v> {
    /// Half of the exchange; an error's members are a response.
    pub direction: Direction,
    /// The structure and its member that it is the value of; `None` for roots, elements, keys and entries.
    pub member: Option<(&'v ShapeId, &'v str)>,
    /// The value's own shape.
    pub shape: &'v ShapeId,
    /// The value.
    pub value: &'v Value,
}

impl Contract {
    /// Hands over every value of an exchange that the contract has a shape for, what holds others before these. `null` is
    /// no value, and what cannot be read has none.
    pub fn visit(&self, exchange: &Exchange<'_>, sink: &mut dyn FnMut(&Visited<'_>)) {
        let operation = self.service().operations.get(&*exchange.operation);
        for (direction, payload) in [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)]
        {
            let root = operation.and_then(|operation| operation.root(direction));
            if let (Some(payload), Some(root)) = (payload, root) {
                self.visit_payload(payload, (root, direction), exchange.fidelity, sink);
            }
        }
        if let Some(error) = &exchange.error
            && let Some(shape) = self.shape_of(operation, exchange)
        {
            self.visit_payload(&error.payload, (shape, Direction::Response), exchange.fidelity, sink);
        }
    }

    fn visit_payload(
        &self,
        payload: &Payload<'_>,
        (root, direction): (&ShapeId, Direction),
        fidelity: Fidelity,
        sink: &mut dyn FnMut(&Visited<'_>),
    ) {
        let Some(value) = payload.read() else { return };
        let whole = |value| Visited { direction, member: None, shape: root, value };
        if fidelity == Fidelity::Logged {
            let restored = Restored::new(self.service(), Some(root), &value);
            self.visit_value(whole(&restored.value), Encoding::Parsed, sink);
        } else {
            self.visit_value(whole(&value), payload.encoding, sink);
        }
    }

    fn visit_value(&self, visited: Visited<'_>, encoding: Encoding, sink: &mut dyn FnMut(&Visited<'_>)) {
        let Some(shape) = self.service().shape(visited.shape).filter(|_| !visited.value.is_null()) else { return };
        sink(&visited);
        match (&shape.kind, visited.value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                for (key, value) in members {
                    if let Some(member) = member(structure, key, encoding) {
                        let (target, member) = (&member.target, Some((&shape.id, member.name.as_str())));
                        self.visit_value(Visited { member, shape: target, value, ..visited }, encoding, sink);
                    }
                }
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                for value in items {
                    let element = Visited { member: None, shape: &list.target, value, ..visited };
                    self.visit_value(element, encoding, sink);
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    let key = Value::from(key.as_str());
                    self.visit_value(Visited { member: None, shape: &map.key, value: &key, ..visited }, encoding, sink);
                    let entry = Visited { member: None, shape: &map.value, value, ..visited };
                    self.visit_value(entry, encoding, sink);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::ingest::embedded;
    use crate::recording::{Extent, ServiceName};

    fn exchange(operation: &'static str) -> Exchange<'static> {
        Exchange::named(ServiceName::Name(Cow::from("cleanrooms")), Cow::from(operation), Extent::Exchange)
    }

    fn seen(exchange: &Exchange<'_>) -> Vec<String> {
        let contract = embedded::find("cleanrooms@2023-08-30").and_then(embedded::Embedded::load).expect("embedded");
        let mut seen = Vec::new();
        Contract::new(contract.service).visit(exchange, &mut |visited| {
            let member = visited.member.map_or_else(String::new, |(shape, member)| format!(" {shape}.{member}"));
            seen.push(format!("{} {}{member}", visited.direction, visited.shape));
        });
        seen
    }

    #[test]
    fn keys_of_maps_are_values_as_well() {
        let mut exchange = exchange("CreateMembership");
        exchange.request = Some(Payload::text(r#"{"tags": {"team": "a"}}"#, Encoding::Wire));
        let tags = ["request TagMap CreateMembershipInput.tags", "request TagKey", "request TagValue"];
        assert_eq!(seen(&exchange), [&["request CreateMembershipInput"][..], &tags].concat());
    }

    #[test]
    fn values_come_with_their_shapes() {
        let mut exchange = exchange("ListMemberships");
        exchange.request = Some(Payload::text(r#"{"status": null, "stranger": 1}"#, Encoding::Wire));
        exchange.response = Some(Payload::text(
            r#"{"membershipSummaries": [{"status": "ACTIVE", "memberAbilities": ["CAN_QUERY"]}]}"#,
            Encoding::Wire,
        ));
        assert_eq!(
            seen(&exchange),
            [
                "request ListMembershipsInput",
                "response ListMembershipsOutput",
                "response MembershipSummaryList ListMembershipsOutput.membershipSummaries",
                "response MembershipSummary",
                "response MembershipStatus MembershipSummary.status",
                "response MemberAbilities MembershipSummary.memberAbilities",
                "response MemberAbility",
            ]
        );
    }
}
