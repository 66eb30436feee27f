//! An older snapshot with single differences taken over from a newer one.

use std::collections::BTreeMap;

use super::{Answer, Change, Difference, Member, Operation, Recorded, Request, Snapshot};
use crate::model::Direction;

impl Snapshot {
    /// Takes a difference over from the newer snapshot that it was found in, so that the two do not differ in it any more.
    pub fn adopt(&mut self, new: &Self, difference: &Difference) {
        let Difference { service, operation, change, .. } = difference;
        let new = new.operation(service, operation);
        let own = self.services.entry(service.clone()).or_default();
        match (change, new) {
            (Change::OperationAppeared | Change::OperationGone, Some(new)) => {
                own.insert(operation.clone(), new.clone());
            }
            (Change::OperationAppeared | Change::OperationGone, None) => drop(own.remove(operation)),
            (_, Some(new)) => {
                if let Some(own) = own.get_mut(operation) {
                    own.adopt(new, difference);
                }
            }
            _ => {}
        }
        self.services.retain(|_, operations| !operations.is_empty());
    }
}

impl Operation {
    fn adopt(&mut self, new: &Self, Difference { direction, error, change, .. }: &Difference) {
        match change {
            Change::RecordedAppeared { part } | Change::RecordedGone { part } => return self.adopt_part(new, *part),
            Change::ErrorAppeared | Change::ErrorGone => {
                return copy(&mut self.error, &new.error, error.as_deref().unwrap_or_default());
            }
            _ => {}
        }
        let answers = match error {
            Some(code) => (self.error.get_mut(code), new.error.get(code)),
            None => (self.response.as_mut(), new.response.as_ref()),
        };
        match (direction, &mut self.request, &new.request, answers) {
            (Some(Direction::Request), Some(own), Some(new), _) => {
                own.adopt(new, change);
                adopt_member(&mut own.member, &new.member, change);
            }
            (Some(Direction::Response), _, _, (Some(own), Some(new))) => {
                own.adopt(change);
                adopt_member(&mut own.member, &new.member, change);
            }
            _ => {}
        }
    }

    fn adopt_part(&mut self, new: &Self, part: Recorded) {
        match part {
            Recorded::Requests => self.request.clone_from(&new.request),
            Recorded::Responses => self.response.clone_from(&new.response),
            Recorded::Http => {
                if let (Some(own), Some(new)) = (&mut self.request, &new.request) {
                    let member = std::mem::take(&mut own.member);
                    *own = Request { member, ..new.clone() };
                }
                // Without messages there are no headers either.
                if let (Some(own), Some(new)) = (&mut self.response, &new.response) {
                    own.content_type.clone_from(&new.content_type);
                }
                for (code, own) in &mut self.error {
                    if let Some(new) = new.error.get(code) {
                        own.content_type.clone_from(&new.content_type);
                    }
                }
            }
        }
    }
}

impl Request {
    fn adopt(&mut self, new: &Self, change: &Change) {
        match change {
            Change::Protocol(moved) => moved.adopt(&mut self.protocol),
            Change::Method(moved) => moved.adopt(&mut self.method),
            Change::Host(moved) => moved.adopt(&mut self.host),
            Change::Uri(moved) => moved.adopt(&mut self.uri),
            Change::Version(moved) => moved.adopt(&mut self.version),
            Change::QueryAppeared { name, .. } | Change::QueryGone { name } | Change::QueryPresence { name, .. } => {
                copy(&mut self.query, &new.query, name);
            }
            Change::HeaderAppeared { name, .. } | Change::HeaderGone { name } => {
                copy(&mut self.header, &new.header, name);
            }
            Change::HeaderPresence { name, .. }
            | Change::HeaderSigned { name, .. }
            | Change::HeaderValue { name, .. } => {
                let (Some(own), Some(new)) = (self.header.get_mut(name), new.header.get(name)) else { return };
                match change {
                    Change::HeaderPresence { .. } => own.sent = new.sent,
                    Change::HeaderSigned { .. } => own.signed = new.signed,
                    Change::HeaderValue { moved, .. } => moved.adopt(&mut own.value),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

impl Answer {
    fn adopt(&mut self, change: &Change) {
        match change {
            Change::StatusAppeared { status } => drop(self.status.insert(*status)),
            Change::StatusGone { status } => drop(self.status.remove(status)),
            Change::ContentType(moved) => moved.adopt(&mut self.content_type),
            _ => {}
        }
    }
}

type Members = BTreeMap<String, Member>;

fn adopt_member(own: &mut Members, new: &Members, change: &Change) {
    let Some(path) = change.member() else { return };
    match change {
        Change::MemberAppeared { .. } | Change::MemberGone { .. } => return copy_within(own, new, path),
        // Elements that come or go with the form are no difference of their own.
        Change::MemberForm { .. } => {
            for element in ["[]", "{}"].map(|end| format!("{path}{end}")) {
                if own.contains_key(&element) != new.contains_key(&element) {
                    copy_within(own, new, &element);
                }
            }
        }
        _ => {}
    }
    let (Some(own), Some(new)) = (own.get_mut(path), new.get(path)) else { return };
    match change {
        Change::MemberPresence { .. } => own.sent = new.sent,
        Change::MemberForm { moved, .. } => moved.adopt(&mut own.form),
        Change::MemberEscape { .. } => own.escape.clone_from(&new.escape),
        Change::EnumValueAppeared { value, .. } => drop(own.value.insert(value.clone())),
        Change::EnumValueGone { value, .. } => drop(own.value.remove(value)),
        _ => {}
    }
}

/// Makes a member, and all that is within it, as it is on the newer side.
fn copy_within(own: &mut Members, new: &Members, path: &str) {
    let is_within =
        |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']));
    own.retain(|key, _| !is_within(key));
    own.extend(new.iter().filter(|(key, _)| is_within(key)).map(|(key, member)| (key.clone(), member.clone())));
}

/// Makes an entry as it is on the newer side.
fn copy<V: Clone>(own: &mut BTreeMap<String, V>, new: &BTreeMap<String, V>, key: &str) {
    match new.get(key) {
        Some(value) => drop(own.insert(key.to_owned(), value.clone())),
        None => drop(own.remove(key)),
    }
}
