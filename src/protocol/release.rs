//! The release of an API that a request calls: the version that a form states, and the service that a target or path names,
//! which often ends with the day of a release.

use super::Call;
use super::evidence::{query_pairs, rpc, target};
use crate::model::{Direction, Protocol};
use crate::recording::{Flaw, FlawKind, Written};

/// A request that calls another release, or another service, than the model's. One that states none says nothing.
pub(super) fn other(call: &Call<'_, '_>) -> Option<Flaw> {
    let (found, expected) = match call.routed.protocol {
        Protocol::AwsQuery | Protocol::Ec2Query => (version(call)?, call.service.api_version.known()?),
        Protocol::AwsJson => (target(&call.http.request)?.0, call.service.target_prefix.as_ref()?),
        Protocol::RpcV2Cbor => (rpc(call.http.request.parts().path)?.0, call.service.target_prefix.as_ref()?),
        Protocol::RestJson | Protocol::RestXml => return None,
    };
    let kind = FlawKind::OtherRelease { found: found.clone(), expected: expected.clone() };
    let is_other = !found.is_empty() && found != *expected;
    is_other.then_some(Flaw { direction: Direction::Request, pointer: String::new(), kind })
}

fn version(call: &Call<'_, '_>) -> Option<String> {
    let request = &call.http.request;
    let body = request.body.as_ref().map(Written::text).unwrap_or_default();
    let mut pairs = query_pairs(&body).chain(query_pairs(request.parts().query));
    // Where an operation has a parameter of that name it is no version.
    let has_own = call.input().is_some_and(|input| {
        let mut members = input.structure.members.iter();
        members.any(|member| member.wire_name() == VERSION)
    });
    pairs.find(|(name, _)| *name == VERSION).map(|(_, version)| version.into_owned()).filter(|_| !has_own)
}

/// The parameter that states the version.
const VERSION: &str = "Version";
