//! Whether the body that a recording keeps of a request is the one that was sent: a signed request says the hash of it.
//!
//! Clients wrap and rewind their bodies, and recorders that read them at the wrong moment keep an empty one, a part, or a
//! form that they parsed. A hash proves that; nothing else does.

use sha2::{Digest as _, Sha256};

use super::digits::hexadecimal;
use super::http::HttpRequest;
use super::redact;
use super::written::Notation;

/// The header that says the hash of the body.
const HASH: &str = "x-amz-content-sha256";

impl HttpRequest<'_> {
    /// Whether the request says another hash than that of its body, and nothing but another body explains it.
    ///
    /// It proves nothing where the request says none (`UNSIGNED-PAYLOAD` and `STREAMING-…` are none), where the body stands
    /// in another form than it travelled in, and where somebody may have masked a part of it: what is found in such a body
    /// is found in what was sent.
    pub(super) fn is_disproved(&self) -> bool {
        let Some(said) = self.hash() else { return false };
        if self.has_own_coding() || self.was_redacted() || self.has_its_length() {
            return false;
        }
        let differs = |bytes: &[u8]| said != Sha256::digest(bytes)[..];
        let Some(body) = &self.body else { return differs(b"") };
        let is_verbatim = !body.masked && !body.parsed && body.codings.is_empty() && body.form != Notation::Pieces;
        is_verbatim && differs(&body.bytes) && !redact::bears_masks(&body.text())
    }

    /// Whether the request says the hash of nothing, so that there was no body.
    pub(super) fn is_proved_empty(&self) -> bool {
        self.hash().is_some_and(|said| said == Sha256::digest(b"")[..])
    }

    /// The hash that the request says of its body, where it says one.
    fn hash(&self) -> Option<Vec<u8>> {
        self.headers.get(HASH).and_then(|said| hexadecimal(said.trim())).filter(|said| said.len() == 32)
    }

    /// Whether the body has as many bytes as the request says: it is the one that was sent, with an account's id or another
    /// value replaced by one of the same length.
    fn has_its_length(&self) -> bool {
        let length = self.headers.get("content-length").and_then(|length| length.trim().parse().ok());
        length.is_some_and(|length: usize| self.body.as_ref().is_some_and(|body| body.bytes.len() == length))
    }

    /// Whether the body has fewer bytes than the request says.
    pub(super) fn is_shorter(&self) -> bool {
        let said = self.headers.get("content-length").and_then(|length| length.trim().parse::<usize>().ok());
        said.zip(self.body.as_ref()).is_some_and(|(said, body)| body.bytes.len() < said)
    }

    /// Whether it travelled in a coding that a recorder may have undone.
    fn has_own_coding(&self) -> bool {
        let coding = self.headers.get("content-encoding");
        coding.is_some_and(|coding| !matches!(coding.trim(), "" | "identity"))
    }

    /// Whether its signature stands in the recording as `redact` leaves it, so that the body may be masked in ways that do
    /// not show.
    fn was_redacted(&self) -> bool {
        let signature = self.headers.written("authorization").filter(|written| !written.masked);
        signature.is_some_and(|written| redact::is_masked_signature(&written.text()))
    }
}
