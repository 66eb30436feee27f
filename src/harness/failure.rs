//! [`Failure`]: why a value does not conform.

use std::error::Error;
use std::fmt;

use crate::finding::Finding;

/// Why a value does not conform: the findings, and a text about them for people.
#[derive(Clone)]
pub struct Failure {
    title: String,
    findings: Vec<Finding>,
    text: String,
}

impl Failure {
    pub(super) fn new(title: String, findings: Vec<Finding>, text: String) -> Self {
        Self { title, findings, text }
    }

    /// The findings, in the order of the places; empty where the value could not be judged.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.findings.len();
        match count {
            0 => writeln!(f, "{}", self.title)?,
            1 => writeln!(f, "{}: 1 finding", self.title)?,
            many => writeln!(f, "{}: {many} findings", self.title)?,
        }
        write!(f, "\n{}", self.text)
    }
}

/// The same text, which is what `unwrap` shows.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Failure {}
