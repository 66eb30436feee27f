//! Holding one exchange against the contract.

use super::breach::{Breach, BreachKind};
use super::full::Reader;
use super::nearest::{AMONG_MANY, nearest};
use super::{Contract, Judge};
use crate::error::Result;
use crate::model::{Direction, Encoding, Fact, Operation, ShapeId};
use crate::recording::json;
use crate::recording::{Exchange, Failure, Payload};
use crate::schema::RESPONSE_METADATA;

/// What one exchange looks like against the contract.
#[derive(Debug, Default)]
pub struct Observation {
    /// Everything that deviates, request first.
    pub breaches: Vec<Breach>,
    /// Payloads that were judged.
    pub payloads: usize,
    /// Payloads of which the fast path was sure.
    pub surely: usize,
}

/// Codes that every AWS service may answer with, whatever the operation declares. Source: the page "Common errors"
/// that each service's API reference repeats, and the codes of request signing.
const COMMON_ERRORS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InternalServerError",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MalformedHttpRequestException",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestAbortedException",
    "RequestEntityTooLargeException",
    "RequestExpired",
    "RequestTimeoutException",
    "RequestTimeTooSkewed",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "Throttling",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
];

/// A member's key that JSON protocols add to name a value's shape; receivers ignore it.
const TYPE_NAME: &str = "__type";

impl Contract {
    /// What deviates in an exchange of this service.
    ///
    /// # Errors
    /// A schema of the contract does not compile, which is a fault of ours or of the model's.
    pub fn observe(&self, exchange: &Exchange<'_>) -> Result<Observation> {
        self.observe_by(exchange, Paths::Both)
    }

    /// What [`Contract::observe`] says, found without the fast path: the judge that the fast path is held against.
    ///
    /// # Errors
    /// Those of [`Contract::observe`].
    pub fn observe_in_full(&self, exchange: &Exchange<'_>) -> Result<Observation> {
        self.observe_by(exchange, Paths::FullAlone)
    }

    fn observe_by(&self, exchange: &Exchange<'_>, paths: Paths) -> Result<Observation> {
        let mut seen = Observation::default();
        let Some(operation) = self.service().operations.get(&*exchange.operation) else {
            let names = self.service().operations.keys().map(String::as_str);
            let nearest = nearest(&exchange.operation, names, AMONG_MANY).map(str::to_owned);
            seen.breaches.push(Breach::whole(BreachKind::UnknownOperation { nearest }));
            return Ok(seen);
        };
        for (direction, payload) in [(Direction::Request, &exchange.request), (Direction::Response, &exchange.response)]
        {
            if let Some(payload) = payload {
                let judge = self.judge(&operation.name, direction, payload.encoding)?;
                let judged = Judged { operation, root: operation.root(direction), direction, error: false, paths };
                if let Some(judge) = judge {
                    self.payload(&judged, judge, payload, &mut seen)?;
                }
            }
        }
        if let Some(error) = &exchange.error {
            self.error(operation, error, paths, &mut seen)?;
        }
        Ok(seen)
    }

    fn error(&self, operation: &Operation, error: &Failure<'_>, paths: Paths, seen: &mut Observation) -> Result<()> {
        let code = plain_code(&error.code);
        let judge = self.error_judge(code, error.payload.encoding);
        if let Fact::Known(declared) = &operation.errors
            && !COMMON_ERRORS.contains(&code)
            && !judge.as_ref().is_some_and(|(shape, _)| declared.contains(shape))
        {
            let declared = declared.iter().map(ToString::to_string).collect();
            let kind = BreachKind::UndeclaredError { code: code.to_owned(), declared };
            seen.breaches.push(Breach { direction: Some(Direction::Response), ..Breach::whole(kind) });
        }
        if let Some((shape, judge)) = judge {
            let judged = Judged { operation, root: Some(shape), direction: Direction::Response, error: true, paths };
            self.payload(&judged, judge?, &error.payload, seen)?;
        }
        Ok(())
    }

    fn payload(&self, judged: &Judged<'_>, judge: &Judge, payload: &Payload<'_>, seen: &mut Observation) -> Result<()> {
        seen.payloads += 1;
        if judged.paths == Paths::Both && payload.value.is_none() && judge.program.conforms(payload.text) {
            seen.surely += 1;
            return Ok(());
        }
        let (parsed, repeated) = match json::parse(payload.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let (reason, _) = json::complaint(payload.text, &error);
                let kind = BreachKind::Malformed { reason, harmless: false };
                seen.breaches.push(Breach { direction: Some(judged.direction), ..Breach::whole(kind) });
                return Ok(());
            }
        };
        let value = payload.value.as_ref().unwrap_or(&parsed);
        let reader = self.reader(judged, judge, payload.encoding);
        seen.breaches.extend(repeated.iter().map(|pointer| reader.repeated(pointer)));
        let breaches = reader.read(judge.validator()?, value);
        seen.breaches.extend(breaches.into_iter().filter(|breach| !is_tolerated(judged, breach, value)));
        Ok(())
    }

    fn reader<'m>(&'m self, judged: &Judged<'m>, judge: &'m Judge, encoding: Encoding) -> Reader<'m> {
        Reader {
            service: self.service(),
            schema: &judge.schema,
            root: judged.root,
            direction: judged.direction,
            encoding,
            homes: self.homes(judged.operation, encoding),
        }
    }
}

/// The half of an exchange at hand.
struct Judged<'m> {
    operation: &'m Operation,
    root: Option<&'m ShapeId>,
    direction: Direction,
    error: bool,
    paths: Paths,
}

/// Which of the two paths to a verdict are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paths {
    /// The full path where the fast one is not sure.
    Both,
    FullAlone,
}

/// What real traffic has and every SDK passes over: the name of a value's shape beside its members, and an error's code
/// and message, in upper or lower case, whether the error's shape has them or not.
fn is_tolerated(judged: &Judged<'_>, breach: &Breach, value: &serde_json::Value) -> bool {
    let member = breach.member.as_deref().unwrap_or_default();
    let in_error = judged.error && breach.pointer == format!("/{member}");
    match breach.kind {
        BreachKind::UnexpectedMember { .. } if member == TYPE_NAME => judged.direction == Direction::Response,
        BreachKind::UnexpectedMember { .. } => {
            in_error && matches!(member, "code" | "Code" | "message" | "Message" | RESPONSE_METADATA)
        }
        BreachKind::AbsentMember if in_error && member.eq_ignore_ascii_case("message") => {
            value.get("message").or(value.get("Message")).is_some()
        }
        _ => false,
    }
}

/// An error code without its namespace (`com.amazonaws.x#Code`) and without a URI behind it (`Code:http://…`).
pub(super) fn plain_code(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    code.split_once(':').map_or(code, |(code, _)| code)
}
