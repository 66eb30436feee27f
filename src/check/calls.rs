//! Attempts at the same call, by the id that SDKs give each call.

use std::collections::{HashMap, HashSet};

use crate::finding::Finding;
use crate::model::Direction;

/// Calls that were seen. There may be as many as exchanges, so that little is kept of each.
#[derive(Default)]
pub(super) struct Calls {
    /// Those about whose first request nothing was found: their ids, where these are UUIDs.
    clean: HashSet<u128>,
    /// What findings about the first request say, of all others.
    others: HashMap<String, HashSet<String>>,
}

impl Calls {
    /// Whether a request is another attempt at a call. Of what was found in it, then, what was said of the first is taken out.
    pub(super) fn are_retried(&mut self, call: &str, findings: &mut Vec<Finding>) -> bool {
        if let Some(said_before) = self.others.get(call) {
            findings.retain(|finding| !said_before.contains(&said(finding)));
            return true;
        }
        let number = uuid(call);
        if number.is_some_and(|number| self.clean.contains(&number)) {
            return true;
        }
        let on_request = |finding: &&Finding| finding.direction == Some(Direction::Request);
        let said: HashSet<String> = findings.iter().filter(on_request).map(said).collect();
        match number.filter(|_| said.is_empty()) {
            Some(number) => drop(self.clean.insert(number)),
            None => drop(self.others.insert(call.to_owned(), said)),
        }
        false
    }
}

/// What a finding says, by which it is known again in another attempt at the same call.
fn said(finding: &Finding) -> String {
    let Finding { rule, direction, pointer, values, .. } = finding;
    let values = serde_json::to_string(values).unwrap_or_default();
    format!("{}\n{direction:?}\n{pointer}\n{values}", rule.id)
}

/// The number that an id stands for, where it is a UUID in the one spelling that SDKs write.
fn uuid(id: &str) -> Option<u128> {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let mut number = 0;
    for (at, byte) in id.bytes().enumerate() {
        let digit = match byte {
            b'-' if is_dash(at) => continue,
            b'0'..=b'9' if !is_dash(at) => byte - b'0',
            b'a'..=b'f' if !is_dash(at) => byte - b'a' + 10,
            _ => return None,
        };
        number = number << 4 | u128::from(digit);
    }
    (id.len() == 36).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "12345678-9abc-def0-0123-456789abcdef";

    #[test]
    fn an_id_is_one_number() {
        assert_eq!(uuid(ID), Some(0x1234_5678_9abc_def0_0123_4567_89ab_cdef));
        let upper = ID.to_uppercase();
        let long = format!("{ID}0");
        for other in ["", &ID[1..], &long, &upper, &ID.replace('-', "0"), "12345678-9abc-def0-0123-456789abcde-"] {
            assert_eq!(uuid(other), None, "{other}");
        }
    }

    #[test]
    fn the_second_attempt_is_one() {
        let mut calls = Calls::default();
        for id in [ID, "other"] {
            let seen: Vec<bool> = (0..3).map(|_| calls.are_retried(id, &mut Vec::new())).collect();
            assert_eq!(seen, [false, true, true], "{id}");
        }
    }
}
