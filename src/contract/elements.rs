//! Names of XML elements, for what is said of those that are not there or are called otherwise.

use super::place::Place;
use crate::model::{Member, Service, ShapeKind};

/// The element that a member is, where it is not called like the member.
pub(super) fn of_member(service: &Service, place: &Place<'_>) -> Option<String> {
    let member = member(service, place)?;
    if member.xml.attribute {
        return None;
    }
    let element = member.element(service.shape(&member.target)?);
    (element != member.name).then(|| format!("<{element}>"))
}

/// The elements that a list or map at a place consists of.
pub(super) fn of_parts(service: &Service, place: &Place<'_>) -> Option<String> {
    let shape = service.shape(&place.target?.id)?;
    let flat = member(service, place).filter(|member| member.target == shape.id && member.is_flattened(shape));
    match &shape.kind {
        ShapeKind::List(list) => {
            let element = flat.map_or(list.element(), |member| member.element(shape));
            Some(format!("<{element}>"))
        }
        ShapeKind::Map(map) => {
            let entry = flat.map_or("entry", |member| member.element(shape));
            let (key, value) = map.elements();
            Some(format!("<{entry}> with <{key}> and <{value}>"))
        }
        _ => None,
    }
}

fn member<'m>(service: &'m Service, place: &Place<'_>) -> Option<&'m Member> {
    let holder = service.structure(&place.structures.last()?.id)?;
    holder.member(place.member?)
}
