//! The names that a model gives its service, read from the beginning of the file.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use crate::ingest::Identity;
use crate::ingest::aliases::Stated;

/// Bytes that are unpacked at once: the metadata has some hundreds, and stands before all else.
const METADATA: usize = 1 << 10;

/// Reads a model's metadata and no further. What is no model states nothing.
pub(in crate::ingest) fn stated(model: impl Read) -> Stated {
    let mut found = None;
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(METADATA, model));
    // The visitor stops with an error, whether it has found the metadata or not.
    let _ = json.deserialize_map(UpToMetadata(&mut found));
    let identity = found.as_ref().map(Metadata::identity);
    let Metadata { service_id, api_version, .. } = found.unwrap_or_default();
    Stated { service_id, shape: None, api_version, identity }
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    service_id: Option<String>,
    api_version: Option<String>,
    endpoint_prefix: Option<String>,
    signing_name: Option<String>,
    target_prefix: Option<String>,
}

impl Metadata {
    /// What names the service in traffic.
    pub(super) fn identity(&self) -> Identity {
        Identity {
            endpoint_prefix: self.endpoint_prefix.clone(),
            signing_name: self.signing_name.clone().or_else(|| self.endpoint_prefix.clone()),
            target_prefix: self.target_prefix.clone(),
            api_version: self.api_version.clone(),
        }
    }
}

struct UpToMetadata<'f>(&'f mut Option<Metadata>);

impl<'de> Visitor<'de> for UpToMetadata<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a model")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            if key == "metadata" {
                *self.0 = Some(members.next_value()?);
                return Err(A::Error::custom("the rest is not needed"));
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_alone_is_read() {
        let text =
            r#"{"version": "2.0", "metadata": {"serviceId": "Big Thing", "apiVersion": "2020-01-01"}, "operations": {"#;
        let expected = Stated {
            service_id: Some("Big Thing".to_owned()),
            shape: None,
            api_version: Some("2020-01-01".to_owned()),
            identity: Some(Identity { api_version: Some("2020-01-01".to_owned()), ..Identity::default() }),
        };
        assert_eq!(stated(text.as_bytes()), expected);
        let reordered = r#"{"operations": {"a": [1]}, "metadata": {"serviceId": "Big Thing"}}"#;
        assert_eq!(stated(reordered.as_bytes()).service_id.as_deref(), Some("Big Thing"));
        let nameless = Stated { identity: Some(Identity::default()), ..Stated::default() };
        assert_eq!(stated("{\"metadata\": {}}".as_bytes()), nameless);
        for nothing in ["", "[]", "{\"metadata\": 1}", "{\"metadata\": {\"serviceId\": 1}}"] {
            assert_eq!(stated(nothing.as_bytes()), Stated::default(), "{nothing}");
        }
    }
}
