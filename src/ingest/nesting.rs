//! Shapes within each other, as deep as can be walked.

use crate::error::{Error, Result};
use crate::limits::DEPTH;
use crate::model::Service;

/// A model that nests its shapes without end would overflow the stack of whatever walks it, so it is an error.
pub(super) fn check_nesting(service: &Service) -> Result<()> {
    match service.nesting() {
        Some(nesting) if nesting.depth > DEPTH => Err(Error::new(format!(
            "the shapes below {} nest {} levels deep, and {DEPTH} is the limit",
            nesting.from, nesting.depth
        ))
        .remedy("No API nests its shapes so deep; take the model from its publisher.")),
        _ => Ok(()),
    }
}
