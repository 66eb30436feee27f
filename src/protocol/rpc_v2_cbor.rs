//! rpcv2Cbor: the path names service and operation, everything else is a CBOR body.

use super::cbor::Unit;
use super::{Call, Half, Shaped, Wire, cbor_body};
use crate::model::{Direction, Protocol, Service};
use crate::recording::HttpResponse;

pub(super) struct RpcV2Cbor;

impl Wire for RpcV2Cbor {
    fn protocol(&self) -> Protocol {
        Protocol::RpcV2Cbor
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let Some(shaped) = call.input() else { return Half::empty() };
        cbor_body::half(call.service, call.http.request.body.as_ref(), &shaped, Unit::Seconds)
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        cbor_body::half(call.service, response.body.as_ref(), shaped, Unit::Seconds)
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        let body = response.body.as_ref().filter(|_| response.status >= 400)?;
        // Services that once spoke awsQuery say its code there, and whose fault it is.
        let in_header = || {
            let header = response.headers.get("x-amzn-query-error")?;
            let code = header.split(';').next().unwrap_or_default().trim();
            (!code.is_empty()).then(|| code.to_owned())
        };
        cbor_body::error_code(call.service, body).or_else(in_header)
    }

    fn media_types(&self, _: &Service, _: Direction) -> &'static [&'static str] {
        &["application/cbor"]
    }
}
