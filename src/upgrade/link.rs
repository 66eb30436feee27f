//! Which difference of two contracts is why an exchange keeps the older and breaks the newer.
//!
//! Which rules on traffic find what a difference leads to is the rule's to say ([`crate::finding::Rule::leads_to`]); here it
//! is decided whether this finding is about the same place, value and operation.

use crate::contract::{BreachKind, REDACTED};
use crate::diff::{Change, Difference};
use crate::finding::{Deviation, Finding, Nearness};
use crate::model::{Aspect, Member, Service, ShapeId, ShapeKind};

/// The two contracts, the older first.
#[derive(Clone, Copy)]
pub(super) struct Link<'m>(pub(super) [&'m Service; 2]);

impl Link<'_> {
    /// Whether `change`, what a difference means, is why `broken` was found by the newer contract. `operation` is what the
    /// older calls it: where a path is known no more, the newer has no name for it.
    pub(super) fn explains(
        self,
        (difference, change): (&Difference, &Finding),
        broken: &Finding,
        operation: &str,
    ) -> Option<Nearness> {
        let same_half =
            change.direction.is_none() || broken.direction.is_none() || change.direction == broken.direction;
        let concerns =
            difference.operations.is_empty() || difference.operations.iter().any(|concerned| concerned == operation);
        if change.service != broken.service || !same_half || !concerns || !self.is_the_same(difference, broken) {
            return None;
        }
        let mut near = change.rule.leads_to.nearness(broken.rule.id);
        near.find(|near| *near == Nearness::Anywhere || self.is_at(difference, change, broken))
    }

    /// Whether a difference is about the member that was found, or about the shape of its value.
    fn is_at(self, difference: &Difference, change: &Finding, broken: &Finding) -> bool {
        let (Some(changed), Some(holder)) = (&change.shape, &broken.shape) else { return false };
        match (&change.member, &broken.member) {
            (Some(member), Some(found)) if changed == holder => {
                member == found || self.was_called(difference, found) || is_called_now(difference, found)
            }
            (None, Some(found)) => {
                let is_part = |of: &Member| is_part_of(self.0[1], &of.target, changed, broken);
                // A shape that had no members of its own now demands or refuses some.
                changed == holder
                    && matches!(difference.change, Change::DocumentChanged { .. } | Change::TypeChanged { .. })
                    || member_of(self.0[1], holder, found).is_some_and(is_part)
            }
            (None, None) => changed == holder,
            _ => false,
        }
    }

    /// Whether both are about the same value, bound or error, where they are about one: traffic breaks on nothing else.
    fn is_the_same(self, difference: &Difference, broken: &Finding) -> bool {
        let Some(breach) = broken.deviation.breach() else { return true };
        match (&difference.change, breach) {
            (Change::EnumValueRemoved { value }, BreachKind::UnknownEnumValue { found, .. }) => {
                found == value || found == REDACTED
            }
            (
                Change::BoundChanged { end, .. },
                BreachKind::Length { end: broken, .. } | BreachKind::Number { end: broken, .. },
            ) => broken == end,
            (Change::ErrorRemoved { error }, BreachKind::UndeclaredError { code, .. }) => self.is_code(error, code),
            (Change::ErrorCodeChanged { old, .. }, BreachKind::UndeclaredError { code, .. }) => old == code,
            (Change::ErrorStatusChanged { .. }, BreachKind::ErrorStatus { code, .. }) => {
                difference.older_shape.as_ref().is_none_or(|error| self.is_code(error, code))
            }
            _ => true,
        }
    }

    /// Whether an error shape of the older contract has that code.
    fn is_code(self, error: &str, code: &str) -> bool {
        let shape = self.0[0].shapes.get(error);
        let own = shape.and_then(|shape| match &shape.kind {
            ShapeKind::Structure(structure) => structure.error.as_ref()?.code.as_deref(),
            _ => None,
        });
        error == code || own == Some(code)
    }

    /// Whether the older contract calls the member so on the wire.
    fn was_called(self, difference: &Difference, found: &str) -> bool {
        let (Some(shape), Some(member)) = (&difference.older_shape, &difference.member) else { return false };
        member_of(self.0[0], shape, member).is_some_and(|member| member.wire_name() == found)
    }
}

/// Whether a member that differs in case alone is now called so.
fn is_called_now(difference: &Difference, found: &str) -> bool {
    matches!(&difference.change, Change::MemberCaseRenamed { new } if new == found)
}

fn member_of<'m>(service: &'m Service, shape: &str, member: &str) -> Option<&'m Member> {
    match &service.shapes.get(shape)?.kind {
        ShapeKind::Structure(structure) => structure.member(member),
        _ => None,
    }
}

/// Whether the wanted shape is that part of a value of `shape` in which something was found.
fn is_part_of(service: &Service, shape: &ShapeId, wanted: &str, broken: &Finding) -> bool {
    let is_whole = shape.as_str() == wanted;
    // It is lists that allow `null` in them, not their elements.
    if broken.aspect == Aspect::Whole
        || is_whole && matches!(broken.deviation, Deviation::Breach(BreachKind::Null { .. }))
    {
        return is_whole;
    }
    // Lists of lists end, but for a model that was made to have no end.
    let mut open = vec![(shape, 0)];
    while let Some((id, depth)) = open.pop() {
        let (key, value) = match service.shape(id).map(|shape| &shape.kind) {
            Some(ShapeKind::List(list)) if depth < 16 => (None, &list.target),
            Some(ShapeKind::Map(map)) if depth < 16 => (Some(&map.key), &map.value),
            _ => continue,
        };
        let part = if broken.aspect == Aspect::Key { key } else { Some(value) };
        if part.is_some_and(|part| part.as_str() == wanted) {
            return true;
        }
        open.push((value, depth + 1));
    }
    false
}
