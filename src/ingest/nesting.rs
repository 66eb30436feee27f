//! Shapes within each other, as deep as can be walked.

use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::limits::DEPTH;
use crate::model::{Nesting, Service, ShapeId};

/// A model that nests its shapes without end would overflow the stack of whatever walks it, so it is an error.
pub(super) fn check_nesting(service: &Service) -> Result<()> {
    check(service.nesting())
}

/// Makes sure that all shapes below one can be read and walked, of a service whose shapes are read as they are needed.
pub(crate) fn check_below(service: &Service, root: &ShapeId) -> Result<()> {
    let mut seen = HashSet::from([root]);
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        let Some(shape) = service.shapes.read(id)? else { continue };
        open.extend(shape.kind.targets().into_iter().filter(|target| seen.insert(*target)));
    }
    // No way is longer than there are shapes.
    if seen.len() <= DEPTH {
        return Ok(());
    }
    check(service.nesting_below(root)).map_err(|error| service.shapes.located(error))
}

/// The same of all shapes of a service.
pub(crate) fn check_whole(service: &Service) -> Result<()> {
    if !service.shapes.is_lazy() {
        return Ok(());
    }
    service.shapes.keys().try_for_each(|id| service.shapes.read(id).map(drop))?;
    check_nesting(service).map_err(|error| service.shapes.located(error))
}

fn check(nesting: Option<Nesting<'_>>) -> Result<()> {
    match nesting {
        Some(nesting) if nesting.depth > DEPTH => Err(Error::new(format!(
            "the shapes below {} nest {} levels deep, and {DEPTH} is the limit",
            nesting.from, nesting.depth
        ))
        .remedy("No API nests its shapes so deep; take the model from its publisher.")),
        _ => Ok(()),
    }
}
