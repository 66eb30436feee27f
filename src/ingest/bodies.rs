//! Traits on the bodies of messages that botocore and Smithy write alike but for their names.

use super::fields::{Fields, Losses};
use crate::error::Result;
use crate::model::Checksum;

/// The checksum trait at `key`; `required` is what another trait says of it.
pub(super) fn checksum(fields: &mut Fields, key: &str, required: bool, losses: &mut Losses) -> Result<Checksum> {
    let Some(mut checksum) = fields.opt_object(key)? else {
        return Ok(Checksum { required, ..Checksum::default() });
    };
    let lowered = Checksum {
        required: checksum.flag("requestChecksumRequired")? | required,
        request_member: checksum.text("requestAlgorithmMember")?,
        validation_member: checksum.text("requestValidationModeMember")?,
        response_algorithms: checksum.texts("responseAlgorithms")?.unwrap_or_default(),
    };
    checksum.finish(losses);
    Ok(lowered)
}

/// Encodings of the compression trait at `key`.
pub(super) fn compression(fields: &mut Fields, key: &str, losses: &mut Losses) -> Result<Vec<String>> {
    let Some(mut compression) = fields.opt_object(key)? else { return Ok(Vec::new()) };
    let encodings = compression.texts("encodings")?.unwrap_or_default();
    compression.finish(losses);
    Ok(encodings)
}

/// The URI of the XML namespace at `key`.
pub(super) fn namespace(fields: &mut Fields, key: &str, losses: &mut Losses) -> Result<Option<String>> {
    let Some(mut namespace) = fields.opt_object(key)? else { return Ok(None) };
    let uri = namespace.text("uri")?;
    namespace.ignore(&["prefix"]);
    namespace.finish(losses);
    Ok(uri)
}

/// Whether the retry trait at `key` is there.
pub(super) fn retryable(fields: &mut Fields, key: &str, losses: &mut Losses) -> Result<bool> {
    let Some(mut retryable) = fields.opt_object(key)? else { return Ok(false) };
    retryable.ignore(&["throttling"]);
    retryable.finish(losses);
    Ok(true)
}
