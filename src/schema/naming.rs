//! URNs and references of schemas. Names in models may hold anything, and a schema with a reference that is no URI does not
//! compile.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in a URI as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const DEFINITIONS: &str = "#/$defs/";

/// The URN of these parts.
pub(super) fn urn<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let plain = |part: &str| format!(":{}", utf8_percent_encode(part, PLAIN));
    parts.into_iter().fold("urn:shapegate".to_owned(), |urn, part| urn + &plain(part))
}

/// A reference to the definition of that name.
pub(super) fn reference(name: &str) -> String {
    let pointer = name.replace('~', "~0").replace('/', "~1");
    format!("{DEFINITIONS}{}", utf8_percent_encode(&pointer, PLAIN))
}

/// The name of the definition that a reference leads to; `None` where it leads elsewhere.
pub fn definition(reference: &str) -> Option<String> {
    let pointer = percent_decode_str(reference.strip_prefix(DEFINITIONS)?).decode_utf8().ok()?;
    Some(pointer.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_back_to_any_name() {
        for name in ["Plain_1.x", "a/b", "~", "~1", "100 %", "%41", "#", "[]", "ü\u{202e}\n", ""] {
            assert_eq!(definition(&reference(name)).as_deref(), Some(name));
        }
        assert_eq!(reference("Plain_1.x"), "#/$defs/Plain_1.x");
        assert_eq!(definition("https://example.com"), None);
    }

    #[test]
    fn a_urn_has_no_character_of_its_own() {
        assert_eq!(urn(["s3", "2006-03-01", "a:b[é]"]), "urn:shapegate:s3:2006-03-01:a%3Ab%5B%C3%A9%5D");
    }
}
