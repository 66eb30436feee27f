//! A client speaks another protocol.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-protocol-changed",
        summary: "the operation is called in another protocol",
        explain: "\
What it does: reports an operation that is called in another protocol than before.

Why: code stays as it is, but no recording, mock or emulator of the service matches any more. No model shows it
where the service speaks several protocols and the client chooses.

Example: boto3 calls SQS in awsQuery up to botocore 1.31.80, and in awsJson from 1.31.81 on.

What to do: record the traffic of the service again, and see that mocks and proxies know the new form. If it is
meant, `--accept` takes it into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::Protocol { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the protocol changed {}", text::from_to(finding)),
};
