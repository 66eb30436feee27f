//! [`Correction`]: what an erratum changed of a model.

/// A change that an erratum made to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Correction {
    /// The erratum's name.
    pub erratum: String,
    /// The fault that it corrects, where the erratum says it.
    pub about: Option<String>,
    /// Where that is shown.
    pub references: Vec<String>,
    /// JSON pointers to what it changed, in the model as it is written.
    pub places: Vec<String>,
}

impl Correction {
    /// Whether it changed a shape or an operation, by its kind (`shapes` or `operations`) and name.
    pub fn concerns(&self, kind: &str, name: &str) -> bool {
        self.places.iter().any(|place| {
            let mut parts = place.split('/').skip(1);
            parts.next() == Some(kind) && parts.next() == Some(name)
        })
    }
}
