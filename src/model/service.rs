//! A service: its names, its protocols, its operations and shapes.

use std::collections::BTreeMap;

use super::{
    Companions, Correction, Direction, ErrorTrait, Fact, Location, Member, Operation, Protocol, Routes, Shape, ShapeId,
    Shapes, Structure,
};

/// One service: everything its contract says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Service {
    /// The canonical name: botocore's folder name, such as `cleanrooms` ([`crate::ingest::names`]).
    pub name: String,
    /// The full name for people, such as `AWS Clean Rooms Service`.
    pub full_name: String,
    /// The API version date, such as `2022-02-17`; a page does not state it.
    pub api_version: Fact<String>,
    /// The day of the release these facts stand for (`YYYY-MM-DD`), where the source states it.
    pub release: Fact<String>,
    /// First label of the host name, which recordings made by some tools use as the service's name.
    pub endpoint_prefix: Fact<String>,
    /// The service name within a credential scope of `SigV4`.
    pub signing_name: Fact<String>,
    /// How requests are signed, such as `v4`, where the model states it.
    pub signature_version: Fact<String>,
    /// Signing schemes, the model's preference first, such as `aws.auth#sigv4`.
    pub auth_schemes: Fact<Vec<String>>,
    /// Name of the service before the operation in `X-Amz-Target`.
    pub target_prefix: Option<String>,
    /// `1.0` or `1.1` of the awsJson protocol.
    pub json_version: Option<String>,
    /// All protocols the service speaks, the model's preference first.
    pub protocols: Fact<Vec<Protocol>>,
    /// The service as clients of awsQuery see it, where it answers these although it speaks another protocol; unknown
    /// where the source does not keep the names of that protocol. `None` where it is what it is to all clients.
    pub in_query: Option<Fact<Box<Service>>>,
    /// Operations by name.
    pub operations: BTreeMap<String, Operation>,
    /// Shapes by name.
    pub shapes: Shapes,
    /// The data for SDKs that stand beside the API itself.
    pub companions: Companions,
    /// The changes that errata made.
    pub corrections: Vec<Correction>,
    /// Operations by method and path.
    pub(crate) routes: Routes,
}

impl Service {
    /// The shape of that name. Sources refuse dangling references, so a target taken from this service resolves.
    pub fn shape(&self, id: &ShapeId) -> Option<&Shape> {
        self.shapes.get(id)
    }

    /// The structure or union of that name.
    pub fn structure(&self, id: &ShapeId) -> Option<&Structure> {
        self.shape(id)?.structure()
    }

    /// The structure of one half of an operation; `None` where it takes or returns nothing.
    pub fn half(&self, operation: &Operation, direction: Direction) -> Option<&Structure> {
        self.structure(operation.root(direction)?)
    }

    /// Whether the status is itself a member of the output, so that it may vary.
    pub fn binds_status(&self, operation: &Operation) -> bool {
        let is_status = |member: &Member| member.location == Fact::Known(Location::Status);
        self.half(operation, Direction::Response).is_some_and(|output| output.members.iter().any(is_status))
    }

    /// The service as messages of a protocol have it; `None` where the source does not say how it writes these.
    pub fn in_protocol(&self, protocol: Protocol) -> Option<&Self> {
        match &self.in_query {
            Some(in_query) if protocol == Protocol::AwsQuery => in_query.known().map(|service| &**service),
            _ => Some(self),
        }
    }

    /// The error that a code, without its namespace, stands for in a protocol. Several may: one that the operation declares
    /// is meant before others, and one of that name before one that has the code beside its name.
    pub fn error(&self, operation: Option<&Operation>, code: &str, protocol: Option<Protocol>) -> Option<&Shape> {
        if protocol == Some(Protocol::AwsQuery) {
            return self.in_protocol(Protocol::AwsQuery).unwrap_or(self).error_of_code(operation, code, true);
        }
        // Headers keep the codes of awsQuery for clients that came from there.
        let in_query = || {
            let service = self.in_query.as_ref()?.known()?;
            self.shape(&service.error_of_code(operation, code, true)?.id)
        };
        self.error_of_code(operation, code, false).or_else(in_query)
    }

    /// `renamed` says that an error with a code of its own is not called by its name.
    fn error_of_code(&self, operation: Option<&Operation>, code: &str, renamed: bool) -> Option<&Shape> {
        let has_own = |shape: &Shape| shape.error().is_some_and(|error| error.code.is_some());
        let is_named = |shape: &&Shape| shape.id.as_str() == code && !(renamed && has_own(shape));
        let has_code = |error: &ErrorTrait| error.code.as_deref() == Some(code);
        let answers = |shape: &&Shape| shape.error().is_some_and(|error| is_named(shape) || has_code(error));
        let declared = operation.and_then(|operation| operation.errors.known()).into_iter().flatten();
        let declared = declared.filter_map(|id| self.shape(id)).filter(answers).min_by_key(|shape| !is_named(shape));
        let named = || self.shapes.get(code).filter(answers);
        declared.or_else(named).or_else(|| self.shapes.error_of_code(code))
    }

    /// The protocol that clients speak with the service; `None` where the source does not say it.
    pub fn protocol(&self) -> Option<Protocol> {
        Protocol::chosen(self.protocols.known()?)
    }

    /// Whether the source knows a part alone, as a documentation page does: what it does not show may well be.
    pub fn is_partial(&self) -> bool {
        self.protocols == Fact::Unknown
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::botocore;

    #[test]
    fn a_code_stands_for_the_error_that_is_meant() {
        let error =
            |code: &str| json!({"type": "structure", "members": {}, "exception": true, "error": {"code": code}});
        let model = json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {
                "Act": {"name": "Act", "http": {"method": "POST", "requestUri": "/"}, "errors": [{"shape": "Late"}]},
                "Rest": {"name": "Rest", "http": {"method": "POST", "requestUri": "/"}}},
            "shapes": {"Gone": error("Other"), "Late": error("Gone"), "Early": error("Gone"), "Data": {"type": "string"}},
        });
        let service = botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        let meant = |operation: &str, code: &str| {
            service.error(service.operations.get(operation), code, None).map(|shape| shape.id.to_string())
        };
        let in_query = |code: &str| service.error(None, code, Some(Protocol::AwsQuery)).map(|shape| shape.id.as_str());
        assert_eq!(in_query("Late"), None, "awsQuery knows it by its code alone");
        assert_eq!(meant("Act", "Gone").as_deref(), Some("Late"), "declared by the operation");
        assert_eq!(meant("Rest", "Gone").as_deref(), Some("Gone"), "named like the code");
        assert_eq!(meant("Rest", "Other").as_deref(), Some("Gone"), "has the code beside its name");
        assert_eq!((meant("", "Early").as_deref(), meant("", "Data")), (Some("Early"), None));
    }
}
