//! Operations and halves of exchanges that one snapshot has.

use crate::finding::{Mirror, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static OPERATION_NEWLY_RECORDED: Rule = Rule {
    id: "operation-newly-recorded",
    summary: "an operation was not recorded before",
    explain: "\
What it does: reports an operation that is in the traffic and not in the snapshot.

Why: nothing is known of what it did before.

Example: a client asks for a bucket with `HeadBucket` before it writes.

What to do: see whether the client or the recording changed. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("operation-no-longer-recorded"),
    message: |_| "the operation was not recorded before".to_owned(),
    ..Rule::WIRE
};

pub(super) static OPERATION_NO_LONGER_RECORDED: Rule = Rule {
    id: "operation-no-longer-recorded",
    summary: "an operation is no longer recorded",
    explain: "\
What it does: reports an operation that is in the snapshot and not in the traffic.

Why: nothing is known of what it does now; either the client does not call it, or it was not recorded.

Example: a client no longer asks for `GetBucketLocation`.

What to do: see whether the client or the recording changed. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("operation-newly-recorded"),
    message: |_| "the operation is no longer recorded".to_owned(),
    ..Rule::WIRE
};

pub(super) static MESSAGE_NEWLY_RECORDED: Rule = Rule {
    id: "message-newly-recorded",
    summary: "requests, responses or HTTP messages were not recorded before",
    explain: "\
What it does: reports an operation of which requests, responses, or HTTP messages are in the traffic and not in the
snapshot.

Why: nothing is known of what they were before.

Example: a HAR takes the place of placebo files, which hold responses alone.

What to do: If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::same(Severity::Note),
    identity: &["part"],
    mirror: Mirror::Rule("message-no-longer-recorded"),
    message: |finding| format!("{} were not recorded before", text::value(finding, "part")),
    ..Rule::WIRE
};

pub(super) static MESSAGE_NO_LONGER_RECORDED: Rule = Rule {
    id: "message-no-longer-recorded",
    summary: "requests, responses or HTTP messages are no longer recorded",
    explain: "\
What it does: reports an operation of which requests, responses, or HTTP messages are in the snapshot and not in
the traffic.

Why: nothing of them is compared. It is no pass.

Example: placebo files, which hold responses alone, take the place of a HAR.

What to do: record in a form that keeps as much as before. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::same(Severity::Warning),
    identity: &["part"],
    mirror: Mirror::Rule("message-newly-recorded"),
    message: |finding| format!("{} are no longer recorded", text::value(finding, "part")),
    ..Rule::WIRE
};
