//! What the model says about a place in a payload.

use std::borrow::Cow;

use crate::model::{Aspect, Encoding, Service, Shape, ShapeId, ShapeKind, Structure};

/// What stands at a pointer, according to the model.
#[derive(Debug)]
pub(super) struct Place<'m> {
    /// Structures on the way, the outermost first.
    pub(super) structures: Vec<&'m Shape>,
    /// Member of the innermost structure that led here; `None` at the root.
    pub(super) member: Option<&'m str>,
    /// Part of that member's value.
    pub(super) aspect: Aspect,
    /// Shape of the value; `None` where the model has none for it.
    pub(super) target: Option<&'m Shape>,
    /// A shape on the way is sensitive.
    pub(super) sensitive: bool,
}

impl<'m> Place<'m> {
    /// The place behind a pointer into a value of `root`.
    pub(super) fn find<'p>(
        service: &'m Service,
        root: Option<&'m ShapeId>,
        segments: impl Iterator<Item = Cow<'p, str>>,
        encoding: Encoding,
    ) -> Self {
        let mut place =
            Self { structures: Vec::new(), member: None, aspect: Aspect::Whole, target: None, sensitive: false };
        place.enter(service, root);
        for segment in segments {
            let Some(shape) = place.target else { break };
            let mut is_credential = false;
            let next = match &shape.kind {
                ShapeKind::Structure(structure) => {
                    place.structures.push(shape);
                    place.aspect = Aspect::Whole;
                    let found = member(structure, &segment, encoding);
                    is_credential = found.is_some_and(|member| service.is_credential(&shape.id, member));
                    place.member = found.map(|member| member.name.as_str());
                    found.map(|member| &member.target)
                }
                ShapeKind::List(list) => {
                    place.aspect = Aspect::Element;
                    Some(&list.target)
                }
                ShapeKind::Map(map) => {
                    place.aspect = Aspect::Element;
                    Some(&map.value)
                }
                // Within a document nothing is modelled.
                _ => {
                    place.aspect = Aspect::Element;
                    None
                }
            };
            place.enter(service, next);
            place.sensitive |= is_credential;
        }
        place
    }

    fn enter(&mut self, service: &'m Service, target: Option<&'m ShapeId>) {
        self.target = target.and_then(|target| service.shape(target));
        self.sensitive |= self.target.is_some_and(|shape| shape.sensitive);
    }

    /// The structure that the member belongs to; at the root, the root.
    pub(super) fn holder(&self) -> Option<&'m Shape> {
        self.structures.last().copied().or(self.target)
    }

    /// The structure at the place, where there is one.
    pub(super) fn structure(&self) -> Option<&'m Structure> {
        self.target?.structure()
    }
}

/// The member that `key` stands for in a value of that encoding.
pub(super) fn member<'m>(structure: &'m Structure, key: &str, encoding: Encoding) -> Option<&'m crate::model::Member> {
    structure.member_of_key(key, encoding)
}
