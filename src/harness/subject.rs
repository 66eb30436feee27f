//! [`Subject`]: one half of an operation, which values are held against.

use serde_json::Value;

use crate::contract::{Breach, Contract, REDACTED, range_within};
use crate::error::Result;
use crate::finding::Finding;
use crate::model::{Direction, Encoding};
use crate::recording::{Exchange, Payload, ServiceName};
use crate::rules::exchange::judge;

/// One half of an operation, in one encoding.
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
        let payload = Payload::text(text, self.encoding);
        Exchange::of_payload(service, self.operation.into(), self.direction, payload)
    }

    pub(super) fn judge(&self, breach: &Breach) -> Finding {
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
            shown.extend(["\"", REDACTED, "\""]);
            from = range.end;
        }
        shown + &text[from..]
    }
}
