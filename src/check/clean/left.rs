//! What could not be cleaned, as sentences.

use super::Cleaner;
use crate::recording::{Malformed, Source};

impl Cleaner<'_> {
    /// Says of a part that it cannot be read.
    pub(super) fn malformed(&mut self, source: &Source<'_>, malformed: &Malformed) {
        if malformed.harmless {
            return;
        }
        // A line may hold thousands of them, and is counted once.
        let mark = source.mark(malformed.offset, self.known.unwrap_or_else(|| source.start()));
        self.known = Some(mark);
        let (line, column) = mark.place();
        self.left.push(format!("what cannot be read stays as it is: line {line}, column {column}"));
        self.is_broken = true;
    }

    /// Says once of each kind of content that it was not looked into.
    pub(super) fn stays(&mut self, what: &str) {
        self.left_once(format!("{what} stay as they are"));
    }

    pub(super) fn unknown(&mut self, service: &str) {
        let told = format!("there is no contract for {service}, so nothing says which of its members are sensitive");
        self.left_once(told);
    }

    pub(super) fn left_once(&mut self, told: String) {
        if self.told.insert(told.clone()) {
            self.left.push(told);
        }
    }
}
