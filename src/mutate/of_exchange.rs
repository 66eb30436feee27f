//! What an exchange says beyond its values, broken: its operation, its status, its error's code.

use crate::contract::Contract;
use crate::model::Direction;
use crate::recording::{Exchange, Extent, Fidelity};

/// Rules whose faults are made here.
pub const RULES: &[&str] = &[
    "error-in-success",
    "error-status-mismatch",
    "missing-error-code",
    "undeclared-error",
    "unexpected-status",
    "unknown-operation",
    "wrong-output",
];

/// A name that no operation and no error has.
const STRANGER: &str = "ShapegateStranger";

/// An exchange with one fault: the rule that should find it, the half it is in, and the exchange.
pub(super) type Mutation<'a> = (&'static str, Direction, Exchange<'a>);

/// Every way in which an exchange can be broken without touching its values. `whole` stands for the exchange, of which
/// `shell` has all but the values.
pub(super) fn mutations<'a>(contract: &Contract, whole: &Exchange<'a>, shell: &Exchange<'a>) -> Vec<Mutation<'a>> {
    let mut made = Vec::new();
    let Some(operation) = contract.service().operations.get(&*whole.operation) else { return made };
    made.push(("unknown-operation", Direction::Request, Exchange { operation: STRANGER.into(), ..shell.clone() }));
    if whole.extent == Extent::Payload {
        return made;
    }
    let mut of_response = |rule, broken| made.push((rule, Direction::Response, broken));
    match &whole.error {
        Some(error) => {
            let with = |code: Option<&str>, status: Option<u16>| {
                let mut error = error.clone();
                error.code = code.map(|code| code.to_owned().into());
                Exchange { error: Some(error), status, ..shell.clone() }
            };
            let code = error.plain_code();
            let has_body = operation.http.known().is_none_or(|http| http.method != "HEAD");
            if error.needs_code && has_body {
                of_response("missing-error-code", with(None, whole.status));
            }
            if contract.declares_errors(operation) && whole.fidelity != Fidelity::Logged {
                of_response("undeclared-error", with(Some(STRANGER), whole.status));
            }
            if let (Some(code), Some(status)) = (code, whole.status) {
                // S3 may, as documented.
                if contract.service().name != "s3" {
                    of_response("error-in-success", with(Some(code), Some(200)));
                }
                if contract.stated_status(operation, code, whole.protocol).is_some() {
                    of_response("error-status-mismatch", with(Some(code), Some(status + 1)));
                }
            }
        }
        None if !contract.service().binds_status(operation) => {
            // 206 is a part of what was asked for.
            let other = |status: u16| if status == 205 { 207 } else { status + 1 };
            let states_one = operation.http.known().is_some_and(|http| http.status.is_some());
            if let Some(status) = whole.status.filter(|_| states_one) {
                of_response("unexpected-status", Exchange { status: Some(other(status)), ..shell.clone() });
            }
        }
        None => {}
    }
    made
}
