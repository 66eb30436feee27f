//! A body that a recording does not keep.

use crate::finding::{Rule, Severity, Weights};

pub(super) static RULE: Rule = Rule {
    id: "unrecorded-body",
    summary: "a body that the recording does not keep",
    explain: "\
What it does: reports a message that had a body which the recording does not keep: its `Content-Length` is above zero
and no body is there, or a placeholder such as `[REDACTED]` stands for the whole of it. Nothing in it is judged, and
nothing is said to be missing from it. A body that is a stream and an answer to HEAD show nothing. In awsQuery and
ec2Query the body names the operation: without it the answer's root element does, such as `<DescribeVpcsResponse>`.

Why: an exchange without its body may break the contract in every member, and would be called clean. It is also what is
left of a YAML cassette that was cut off.

Example: a Ruby VCR cassette whose response has the header `Content-Length: 522` and no `body`.

What to do: let the recorder keep bodies (and clean them with `shapegate redact`), or record again. Where bodies are
left out on purpose, approve the rule for these files.
",
    weights: Weights::same(Severity::Note),
    message: |_| "there was a body, which the recording does not keep: nothing in it was judged".to_owned(),
    ..Rule::TRAFFIC
};
