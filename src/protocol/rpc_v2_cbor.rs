//! rpcv2Cbor: the path names service and operation, everything else is a CBOR body.

use super::cbor::Unit;
use super::{Call, Half, Shaped, Wire, cbor_body, query_error};
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
        cbor_body::error_code(call.service, body).or_else(|| query_error::code(response))
    }

    fn media_types(&self, _: &Service, _: Direction) -> &'static [&'static str] {
        &["application/cbor"]
    }
}
