//! [`conforms`]: one value against one operation.

use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::subject::Subject;
use super::{excerpt, repair};
use crate::contract::{Breach, BreachKind, Contract};
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::model::{Direction, Encoding};

/// Holds a value against an operation's request or response.
///
/// A value that a test makes has no excuse that real traffic has, so warnings fail as well as errors. Notes do not.
///
/// # Errors
/// The value does not keep the contract, the service has no such operation, or the value is none of JSON.
pub fn conforms<V>(
    contract: &Contract,
    operation: &str,
    direction: Direction,
    encoding: Encoding,
    value: &V,
) -> Result<(), Failure>
where
    V: Serialize + ?Sized,
{
    let subject = Subject { contract, operation, direction, encoding };
    let value = serde_json::to_value(value)
        .map_err(|error| subject.unable(&Error::new(format!("the value cannot be written as JSON: {error}"))))?;
    let breaches = subject.observe(&value).map_err(|error| subject.unable(&error))?;
    let mut judged: Vec<(Breach, Finding)> =
        breaches.into_iter().map(|breach| (breach.clone(), subject.judge(&breach))).collect();
    judged.retain(|(_, finding)| finding.weight >= Severity::Warning);
    if judged.is_empty() {
        return Ok(());
    }
    judged.sort_by(|(_, a), (_, b)| (&a.pointer, a.rule.id).cmp(&(&b.pointer, b.rule.id)));
    Err(subject.failure(&value, judged))
}

impl Subject<'_> {
    fn failure(&self, value: &Value, judged: Vec<(Breach, Finding)>) -> Failure {
        let shown = self.shown(value);
        let told = judged.iter().map(|(breach, finding)| {
            let Finding { weight, rule, pointer, .. } = finding;
            if matches!(breach.kind, BreachKind::UnknownOperation { .. }) {
                // The name is at fault, and of the value nobody knows what is secret.
                return format!("{weight}[{rule}]\n  {}\n", finding.message());
            }
            let place = if pointer.is_empty() { "the whole value" } else { pointer };
            let excerpt = excerpt::around(&shown, pointer, breach.part);
            format!("{weight}[{rule}] at {place}\n  {}\n{excerpt}", finding.message())
        });
        let mut text = told.collect::<Vec<_>>().join("\n");
        let nearest = repair::nearest(self, value);
        if nearest.value != *value {
            text.push_str("\nnearest conforming value (- as it is, + as it might be):\n");
            text.push_str(&excerpt::difference(&shown, &self.shown(&nearest.value)));
        }
        if nearest.left > 0 {
            text.push_str("what else there is to mend cannot be told mechanically\n");
        }
        Failure::new(self.title(), judged.into_iter().map(|(_, finding)| finding).collect(), text)
    }

    /// A failure that is none of the value's.
    fn unable(&self, error: &Error) -> Failure {
        Failure::new(self.title(), Vec::new(), format!("{error}\n"))
    }

    fn title(&self) -> String {
        let Self { contract, operation, direction, .. } = self;
        format!("{} {operation} {direction} does not keep its contract", contract.service().name)
    }
}
