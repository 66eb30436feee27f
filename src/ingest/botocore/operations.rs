//! The `operations` of a botocore model.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ingest::bodies::{checksum, compression, namespace};
use crate::ingest::fields::{Fields, Losses};
use crate::model::{Fact, Http, Operation, ShapeId, XmlTraits};

pub(super) fn lower(operations: Fields, losses: &mut Losses) -> Result<BTreeMap<String, Operation>> {
    operations.entries().map(|(name, fields)| Ok((name.clone(), operation(name, fields?, losses)?))).collect()
}

/// Reads one operation.
pub(super) fn operation(name: String, mut fields: Fields, losses: &mut Losses) -> Result<Operation> {
    let mut http = fields.object("http")?;
    let http_facts = Http {
        method: http.required_text("method")?,
        uri: http.required_text("requestUri")?,
        status: http.status("responseCode")?,
    };
    http.finish(losses);
    let (input, input_xml, _) = root(&mut fields, "input", losses)?;
    let (output, _, result_wrapper) = root(&mut fields, "output", losses)?;
    let mut errors = Vec::new();
    for mut error in fields.objects("errors")? {
        errors.push(ShapeId::new(error.required_text("shape")?));
        // Old models repeat the error shape's own traits here.
        error.ignore(&["error", "exception", "fault"]);
        error.finish(losses);
    }
    let host_prefix = match fields.opt_object("endpoint")? {
        None => None,
        Some(mut endpoint) => {
            let prefix = endpoint.text("hostPrefix")?;
            endpoint.finish(losses);
            prefix
        }
    };
    // Old models have the flag alone.
    let checksum_required = fields.flag("httpChecksumRequired")?;
    let operation = Operation {
        name,
        input,
        output,
        errors: Fact::Known(errors),
        http: Fact::Known(http_facts),
        deprecated: fields.flag("deprecated")?,
        result_wrapper,
        input_xml,
        host_prefix,
        auth: fields.text("authtype")?,
        auth_schemes: fields.texts("auth")?,
        unsigned_payload: fields.flag("unsignedPayload")?,
        checksum: checksum(&mut fields, "httpChecksum", checksum_required, losses)?,
        compression: compression(&mut fields, "requestcompression", losses)?,
    };
    fields.ignore(&["name"]);
    fields.finish(losses);
    Ok(operation)
}

type Root = (Option<ShapeId>, XmlTraits, Option<String>);

/// Shape, root element and result wrapper of `input` or `output`.
fn root(fields: &mut Fields, key: &str, losses: &mut Losses) -> Result<Root> {
    let Some(mut root) = fields.opt_object(key)? else { return Ok((None, XmlTraits::default(), None)) };
    let shape = ShapeId::new(root.required_text("shape")?);
    let xml = XmlTraits {
        name: root.text("locationName")?,
        namespace: namespace(&mut root, "xmlNamespace", losses)?,
        wrapper: root.flag("wrapper")?,
        ..XmlTraits::default()
    };
    let wrapper = root.text("resultWrapper")?;
    root.finish(losses);
    Ok((Some(shape), xml, wrapper))
}
