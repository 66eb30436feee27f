//! [`conforms`]: one value against one operation.

use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::{excerpt, repair};
use crate::contract::{Breach, Contract, range_within};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::ingest::embedded;
use crate::model::{Direction, Encoding};
use crate::recording::{Exchange, Extent, Payload, ServiceName};
use crate::rules::exchange::judge;

/// A contract within shapegate: `cleanrooms` (the newest) or `cleanrooms@2023-08-30`.
///
/// # Errors
/// There is none of that name.
pub fn contract(name: &str) -> Result<Contract> {
    Ok(Contract::new(embedded::find(name)?.load()?.service))
}

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

/// What a value is held against.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s> {
    pub(super) contract: &'s Contract,
    pub(super) operation: &'s str,
    pub(super) direction: Direction,
    pub(super) encoding: Encoding,
}

impl Subject<'_> {
    /// What deviates in a value.
    pub(super) fn observe(&self, value: &Value) -> Result<Vec<Breach>> {
        let text = value.to_string();
        let seen = self.contract.observe(&self.exchange(&text))?;
        // Where the service has no such operation nothing was judged.
        Ok(seen.breaches)
    }

    fn exchange<'t>(&'t self, text: &'t str) -> Exchange<'t> {
        let service = ServiceName::Name(self.contract.service().name.as_str().into());
        let mut exchange = Exchange::named(service, self.operation.into(), Extent::Payload);
        let payload = Some(Payload::text(text, self.encoding));
        match self.direction {
            Direction::Request => exchange.request = payload,
            Direction::Response => exchange.response = payload,
        }
        exchange
    }

    fn judge(&self, breach: &Breach) -> Finding {
        judge(breach, Some(&self.contract.service().name), Some(self.operation))
    }

    /// A value as text for people, without what the model marks sensitive.
    pub(super) fn shown(&self, value: &Value) -> String {
        let text = format!("{value:#}");
        let secrets = self.contract.sensitive(&self.exchange(&text));
        let mut ranges: Vec<_> = secrets.iter().filter_map(|part| range_within(text.as_bytes(), part)).collect();
        ranges.sort_by_key(|range| range.start);
        let mut shown = String::new();
        let mut from = 0;
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            shown.push_str(&text[from..range.start]);
            shown.push_str(SECRET);
            from = range.end;
        }
        shown + &text[from..]
    }

    fn failure(&self, value: &Value, judged: Vec<(Breach, Finding)>) -> Failure {
        let shown = self.shown(value);
        let told = judged.iter().map(|(breach, finding)| {
            let Finding { weight, rule, pointer, .. } = finding;
            let place = if pointer.is_empty() { "the whole value" } else { pointer };
            let excerpt = excerpt::around(&shown, pointer, breach.part);
            format!("{weight}[{}] at {place}\n  {}\n{excerpt}", rule.id, finding.message())
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

/// Stands for a value that must not be shown, as JSON.
const SECRET: &str = "\"<redacted>\"";
