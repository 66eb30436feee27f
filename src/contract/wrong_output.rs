//! Responses that are another operation's.

use super::breach::{Breach, BreachKind};
use super::{Contract, ValueForm};
use crate::error::Result;
use crate::model::{Direction, Operation};
use crate::recording::Payload;

impl Contract {
    /// Where no member of an output is this operation's and all are another's, says that instead of everything else
    /// about it. `before` is how many breaches there were before the output was looked at.
    pub(super) fn wrong_output(
        &self,
        operation: &Operation,
        payload: &Payload<'_>,
        written: ValueForm,
        before: usize,
        breaches: &mut Vec<Breach>,
    ) -> Result<()> {
        let foreign = |breach: &&Breach| {
            matches!(breach.kind, BreachKind::UnexpectedMember { .. }) && breach.pointer.matches('/').count() == 1
        };
        let foreign = breaches[before..].iter().filter(foreign).count();
        if foreign == 0 {
            return Ok(());
        }
        let Some(value) = payload.read() else { return Ok(()) };
        if value.as_object().is_none_or(|members| members.len() != foreign) {
            return Ok(());
        }
        let mut fitting = Vec::new();
        for other in self.service().operations.values() {
            if other.name == operation.name || other.output.is_none() || other.output == operation.output {
                continue;
            }
            let Some(judge) = self.judge(&other.name, Direction::Response, written)? else { continue };
            if judge.validator()?.is_valid(&value) {
                fitting.push(&other.name);
            }
            if fitting.len() > 1 {
                break;
            }
        }
        let fits = match fitting[..] {
            [] => return Ok(()),
            [one] => Some(one.clone()),
            // Which of several it is, nothing says.
            _ => None,
        };
        breaches.truncate(before);
        breaches
            .push(Breach { direction: Some(Direction::Response), ..Breach::whole(BreachKind::WrongOutput { fits }) });
        Ok(())
    }
}
