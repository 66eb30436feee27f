//! The signature covers other headers.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::{Change, Sent};

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "request-header-signing-changed",
        summary: "a header is part of the signature and was not, or the other way round",
        explain: "\
What it does: reports a header that was sent before and after, of which the signature covers more or fewer.

Why: what is signed must not be changed on the way: a proxy that rewrites the header breaks the signature. What is
not signed may be changed by anyone.

Example: `transfer-encoding` becomes part of the signature.

What to do: see what stands between client and service. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["name"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::HeaderSigned { name, old, new } => {
            let of = |signed: &Option<Sent>| signed.map_or("never", Sent::as_str);
            Some(Values::from([("name", name.clone().into()), ("old", of(old).into()), ("new", of(new).into())]))
        }
        _ => None,
    },
    lighter: |_| None,
    message: |finding| {
        format!(
            "the header {} was {} signed, and is {} signed",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
};
