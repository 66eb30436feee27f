//! What the model marks sensitive in the URL of a request and in its form, beside what is decoded.

use std::ops::Range;

use super::hidden::Hidden;
use crate::contract::Contract;
use crate::model::{Direction, Protocol};
use crate::protocol;
use crate::recording::{Exchange, Origin};

/// The sensitive parts of a URL, as they are written in it: values of parameters, every one of a name, and what labels took.
pub(super) fn sensitive(url: &str, exchange: &Exchange<'_>, contract: &Contract) -> Hidden {
    let mut ranges = Vec::new();
    let payload = exchange.payload(Direction::Request);
    if let Some(origins) = payload.and_then(|payload| payload.origins.as_ref()) {
        for pointer in contract.sensitive_pointers(exchange, Direction::Request) {
            match origins.find(&pointer) {
                Some((Origin::Query(name), _)) => {
                    ranges.extend(protocol::values_of_parameters(url, |own| own == name));
                }
                Some((Origin::Label(_), _)) => {
                    let value = payload.and_then(|payload| payload.value.as_ref()?.pointer(&pointer));
                    let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                    ranges.extend(text.into_iter().flat_map(|text| protocol::parts_of_path(url, &text)));
                }
                _ => {}
            }
        }
    }
    ranges.extend(protocol::values_of_parameters(url, meant(exchange, contract)));
    Hidden::of(ranges)
}

/// Values of a form that stand under the name of a sensitive member in other capitals.
pub(super) fn meant_in_form(body: &[u8], exchange: &Exchange<'_>, contract: &Contract) -> Vec<Range<usize>> {
    match (exchange.protocol, std::str::from_utf8(body)) {
        (Some(Protocol::AwsQuery | Protocol::Ec2Query), Ok(form)) => {
            protocol::values_of_form(form, meant(exchange, contract))
        }
        _ => Vec::new(),
    }
}

/// Whether a parameter is meant to be a sensitive one: written in other capitals it is no member.
fn meant<'c>(exchange: &Exchange<'_>, contract: &'c Contract) -> impl Fn(&str) -> bool + use<'c> {
    let names = contract.sensitive_parameters(&exchange.operation);
    move |own| names.iter().any(|name| name.eq_ignore_ascii_case(own))
}
