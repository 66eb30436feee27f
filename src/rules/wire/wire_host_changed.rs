//! A client calls another host.

use super::{Mirror, WireRule, lighter_if_more, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-host-changed",
        summary: "the operation is sent to another form of host",
        explain: "\
What it does: reports another form of host: another endpoint, a bucket in the host or in the path, a label in front
of it.

Why: recordings are matched by host, firewalls and certificates know hosts by name, and signatures cover them.

Example: `s3.{region}.amazonaws.com` becomes `{Bucket}.s3.{region}.amazonaws.com`.

What to do: allow the new host where hosts are listed, and record again. If it is meant, `--accept` takes it into
the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::Host { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |change| match change {
        Change::Host { old, new } => lighter_if_more(old, new),
        _ => None,
    },
    message: |finding| format!("the host changed {}", text::from_to(finding)),
};
