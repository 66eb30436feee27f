//! What could not be cleaned, as sentences.

use super::Cleaner;
use crate::check::choice::Resolved;
use crate::contract::{Breach, BreachKind};
use crate::model::Direction;
use crate::recording::{Exchange, HttpExchange, Malformed, Source};

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
        self.left.push(format!("what cannot be read is masked by forms alone: line {line}, column {column}"));
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

    /// Refuses an exchange of which a body is none of its protocol or no object, so that nobody finds what is sensitive in it.
    pub(super) fn unread(&mut self, exchange: &Exchange<'_>, http: Option<&HttpExchange<'_>>, resolved: &Resolved<'_>) {
        let is_unread = |breach: &&Breach| match breach.kind {
            BreachKind::Undecodable { .. } => true,
            BreachKind::WrongType { .. } => breach.pointer.is_empty(),
            _ => false,
        };
        let has_body = |http: &HttpExchange<'_>, half| match half {
            Direction::Request => http.request.body.is_some(),
            Direction::Response => http.response.as_ref().is_some_and(|response| response.body.is_some()),
        };
        for breach in resolved.observation.breaches.iter().filter(is_unread) {
            let half = breach.direction.unwrap_or(Direction::Response);
            let is_there = http.is_none_or(|http| has_body(http, half));
            if is_there && resolved.contract.may_be_sensitive(&exchange.operation, half) {
                let entry = exchange.entry;
                self.left_once(format!("the {half} of entry {entry} cannot be read, and may hold something secret"));
                self.is_hidden = true;
            }
        }
    }

    fn left_once(&mut self, told: String) {
        if self.told.insert(told.clone()) {
            self.left.push(told);
        }
    }
}
