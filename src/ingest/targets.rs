//! References between shapes lead to shapes.

use crate::error::{Error, Result};
use crate::model::{Service, ShapeId};

/// The error about a target that leads nowhere.
pub(super) fn undefined(target: &ShapeId, place: &str) -> Error {
    Error::new(format!("shape {target} is used at {place} and not defined"))
}

/// A target that leads nowhere would make a smaller contract, so it is an error.
pub(super) fn check_targets(service: &Service) -> Result<()> {
    let defined = |target: &ShapeId, place: &str| match service.shape(target) {
        Some(_) => Ok(()),
        None => Err(undefined(target, place)),
    };
    for operation in service.operations.values() {
        let errors = operation.errors.known().into_iter().flatten();
        for target in operation.input.iter().chain(&operation.output).chain(errors) {
            defined(target, &operation.name)?;
        }
    }
    for shape in service.shapes.values() {
        for target in shape.kind.targets() {
            defined(target, shape.id.as_str())?;
        }
    }
    Ok(())
}
