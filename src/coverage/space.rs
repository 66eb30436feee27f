//! What there is to touch in an operation, by its model.

use std::collections::{BTreeMap, HashSet};

use crate::model::{Direction, EnumValues, Fact, Operation, Presence, Service, ShapeId, ShapeKind};
use crate::outcome::{Calls, Covered, CoveredOperation, Half, Present, Totals};
use crate::schema::{is_stream, is_union};

/// Every operation of a service, none of them called.
pub(super) fn of_service(service: &Service) -> Covered {
    let operations = service.operations.values().map(|operation| {
        let [input, output] = [Direction::Request, Direction::Response].map(|half| totals(service, operation, half));
        let all = Totals {
            operations: 1,
            input: input.input,
            output: output.input,
            values: input.values + output.values,
            variants: input.variants + output.variants,
            // Some models list an error twice.
            errors: operation.errors.known().map_or(0, |errors| errors.iter().collect::<HashSet<_>>().len()),
        };
        (operation.name.clone(), CoveredOperation { all, calls: None })
    });
    Covered { operations: operations.collect() }
}

/// An operation without any exchange: everything that can be seen in its calls, never seen.
pub(super) fn of_operation(service: &Service, operation: &Operation) -> Calls {
    let errors = operation.errors.known().into_iter().flatten().map(|id| (id.to_string(), 0));
    Calls {
        errors: errors.collect(),
        input: half(service, operation, Direction::Request),
        output: half(service, operation, Direction::Response),
        ..Calls::default()
    }
}

fn half(service: &Service, operation: &Operation, direction: Direction) -> Half {
    let mut half = Half::default();
    each(service, operation, direction, &mut |id, part| match part {
        Part::Structure { members, variant } => {
            let present =
                |(name, required): (&str, bool)| (name.to_owned(), Present { required, variant, ..Present::default() });
            half.members.insert(id.to_string(), members.into_iter().map(present).collect());
        }
        Part::Values(values) => {
            let values: BTreeMap<String, usize> = values.iter().map(|value| (value.clone(), 0)).collect();
            half.values.insert(id.to_string(), values);
        }
    });
    half
}

/// Members are told as those of an input.
fn totals(service: &Service, operation: &Operation, direction: Direction) -> Totals {
    let mut totals = Totals::default();
    each(service, operation, direction, &mut |_, part| match part {
        Part::Structure { members, variant: true } => totals.variants += members.len(),
        Part::Structure { members, variant: false } => totals.input += members.len(),
        Part::Values(values) => totals.values += values.iter().collect::<HashSet<_>>().len(),
    });
    totals
}

/// A shape that something can be seen of.
enum Part<'m> {
    /// Names of its members, and whether they must be there. `variant`: one of them is.
    Structure { members: Vec<(&'m str, bool)>, variant: bool },
    /// Values of an enumeration.
    Values(&'m [String]),
}

/// Hands over each shape that a half of an operation reaches, once, however often it stands within itself. What is a stream
/// is not judged, so nothing of it is seen.
fn each<'m>(
    service: &'m Service,
    operation: &'m Operation,
    direction: Direction,
    sink: &mut dyn FnMut(&'m ShapeId, Part<'m>),
) {
    let mut next: Vec<&ShapeId> = operation.root(direction).into_iter().collect();
    let mut known: HashSet<&ShapeId> = next.iter().copied().collect();
    while let Some(id) = next.pop() {
        let Some(shape) = service.shape(id) else { continue };
        let mut targets = Vec::new();
        match &shape.kind {
            ShapeKind::Structure(structure) => {
                let seen = structure.members.iter().filter(|member| {
                    !member.streaming && service.shape(&member.target).is_none_or(|shape| !is_stream(&shape.kind))
                });
                let members = seen.clone().map(|one| (one.name.as_str(), one.presence == Presence::Required)).collect();
                targets.extend(seen.map(|member| &member.target));
                sink(id, Part::Structure { members, variant: is_union(&shape.kind) });
            }
            ShapeKind::String(EnumValues(Some(values))) => sink(id, Part::Values(values)),
            kind => targets = kind.targets(),
        }
        next.extend(targets.into_iter().filter(|target| known.insert(target)));
    }
}

/// Whether the model declares an error of an operation.
pub(super) fn declares(operation: &Operation, error: &ShapeId) -> bool {
    matches!(&operation.errors, Fact::Known(errors) if errors.contains(error))
}
