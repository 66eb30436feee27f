//! What is asked of a row.

/// One thing that is asked.
#[derive(Debug, Clone)]
pub struct Aim {
    pub of: Of,
    pub at_most: f64,
    /// It was reached once, so that a run that misses it became slower.
    pub is_held: bool,
}

#[derive(Debug, Clone)]
pub enum Of {
    /// CPU time beside that of the row of this name.
    Cpu(&'static str),
    /// Peak memory, in MiB.
    Peak,
}

impl Aim {
    pub fn cpu(beside: &'static str, at_most: f64) -> Self {
        Self { of: Of::Cpu(beside), at_most, is_held: false }
    }

    pub fn peak(mebibytes: f64) -> Self {
        Self { of: Of::Peak, at_most: mebibytes, is_held: false }
    }

    /// The same, once it was reached.
    pub fn held(self) -> Self {
        Self { is_held: true, ..self }
    }
}
