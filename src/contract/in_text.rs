//! Values that stand where everything is text: in XML, a form, a path, a query string or a header.

use serde_json::Value;

use super::breach::BreachKind;
use super::full::{BreachReader, Located};
use super::written;
use crate::model::{Encoding, Location};
use crate::recording::json::segments;

impl BreachReader<'_> {
    /// A value of another type than belongs there. `shown` stands for it.
    pub(super) fn wrong_type(&self, located: &Located<'_>, expected: &'static str, shown: Value) -> BreachKind {
        let found = written::json_type(located.error.instance());
        BreachKind::WrongType {
            expected,
            found,
            value: shown,
            element: None,
            in_text: self.is_in_text(located.pointer),
        }
    }

    /// Whether a value stands where everything is text.
    fn is_in_text(&self, pointer: &str) -> bool {
        let Some(top) = segments(pointer).next() else { return self.is_all_text };
        let structure = self.root.and_then(|root| self.service.structure(root));
        let member = structure.and_then(|structure| structure.member_of_key(&top, self.encoding));
        let is_beside = member.is_some_and(|member| {
            let location = member.location_in(self.direction);
            location.known().is_some_and(|location| *location != Location::Body)
        });
        self.is_all_text || self.encoding == Encoding::Wire && is_beside
    }
}
