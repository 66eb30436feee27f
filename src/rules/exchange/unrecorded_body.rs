//! A body that a recording does not keep.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unrecorded-body",
    summary: "a body that the recording does not keep",
    explain: "\
What it does: reports a message that had a body which the recording does not keep: its `Content-Length`, or the size
that a browser's HAR tells, is above zero and no body is there, or a placeholder such as `[REDACTED]` stands for the
whole of it. Nothing in it is judged, and nothing is said to be missing from it. A body that is a stream and an answer
to HEAD show nothing. In awsQuery and ec2Query the body names the operation: without it the answer's root element does,
such as `<DescribeVpcsResponse>`. The same goes for a request whose recorded body is not the one that was sent. Its
header `x-amz-content-sha256` proves that, which says another SHA-256 than that of the recorded body, or its
`Content-Length`, where the body is shorter, breaks off or lacks a required member, and the service took it; where it
breaks off, also if the service refused it for another reason, such as AccessDeniedException. A body that breaks nothing
is not asked for its hash, and one with masks in it, of the length that the request states, or of a recording that was
redacted, is judged as it is.

Why: an exchange without its body may break the contract in every member, and would be called clean. It is also what is
left of a YAML cassette that was cut off.

Example: a Ruby VCR cassette whose response has the header `Content-Length: 522` and no `body`; a go-vcr cassette that
keeps an empty body, for the client had rewound it, beside the hash of the one that it sent.

What to do: let the recorder keep bodies (and clean them with `shapegate redact`), or record again. Where bodies are
left out on purpose, approve the rule for these files.
",
    weights: Weights::same(Severity::Note),
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let told = if text::flag(finding, "hasOther") {
        "the recording keeps another body than was sent, as its headers show: nothing in it was judged"
    } else {
        "there was a body, which the recording does not keep: nothing in it was judged"
    };
    told.to_owned()
}
