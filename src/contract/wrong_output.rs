//! Responses that are another operation's.

use super::Contract;
use super::breach::{Breach, BreachKind};
use super::observe::Judged;
use crate::error::Result;
use crate::model::Direction;
use crate::recording::Payload;
use crate::schema::RESPONSE_METADATA;

impl Contract {
    /// Where no member of an output is this operation's and all are another's, says that instead of everything else
    /// about it. `before` is how many breaches there were before the output was looked at.
    pub(super) fn wrong_output(
        &self,
        judged: &Judged<'_>,
        payload: &Payload<'_>,
        before: usize,
        breaches: &mut Vec<Breach>,
    ) -> Result<()> {
        let Judged { operation, written, look, .. } = *judged;
        let foreign = |breach: &&Breach| {
            matches!(breach.kind, BreachKind::UnexpectedMember { .. }) && breach.pointer.matches('/').count() == 1
        };
        let foreign = breaches[before..].iter().filter(foreign).count();
        if foreign == 0 {
            return Ok(());
        }
        let Some(value) = payload.read() else { return Ok(()) };
        let Some(members) = value.as_object().filter(|members| members.len() == foreign) else { return Ok(()) };
        let mut fitting = Vec::new();
        for other in self.service().operations.values().filter(|other| other.output != operation.output) {
            let output = other.output.as_ref().and_then(|output| self.service().structure(output));
            let Some(output) = output else { continue };
            // What no member of it has is not looked at any closer, and most are that.
            let has = |key: &str| output.member_of_key(key, written.encoding).is_some();
            if !members.keys().all(|key| key == RESPONSE_METADATA || has(key)) {
                continue;
            }
            let Some(judge) = self.judge(&other.name, Direction::Response, written)? else { continue };
            if self.is_valid(judge, &value, look.paths)? {
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
