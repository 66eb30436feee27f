//! Members and their values.

use super::predicate;
use crate::finding::{Deviation, Mirror, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;
use crate::wire::{Change, Escaped};

pub(super) static MEMBER_NEWLY_SENT: Rule = Rule {
    id: "member-newly-sent",
    summary: "a member is sent that was not sent before",
    explain: "\
What it does: reports a member that no exchange of the operation had. What is within it is not told again.

Why: in a request, the client now says something of its own accord, such as a default; recordings that are matched
by body do not match. In a response, code may meet what it does not know.

Example: `clientToken` is in each request, filled in by the SDK.

What to do: see that the service may act on it. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::by_half(Severity::Warning, Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("member-no-longer-sent"),
    message: |finding| match finding.direction {
        Some(Direction::Response) => format!("{} is there and was not", text::member(finding)),
        _ => format!("{} is sent and was not{}", text::member(finding), text::share(finding)),
    },
    ..Rule::WIRE
};

pub(super) static MEMBER_NO_LONGER_SENT: Rule = Rule {
    id: "member-no-longer-sent",
    summary: "a member is no longer sent",
    explain: "\
What it does: reports a member that some exchange of the operation had and none has now. What is within it is
not told again.

Why: in a request, what the program says does not arrive: SDKs drop what their model does not know, without a word.
In a response, code waits for what does not come.

Example: an SDK for a compiled language that is older than the model leaves out `payerConfiguration`.

What to do: see whether the program still sets it; if it does, the client loses data. If it is meant, `--accept`
takes it into the snapshot.
",
    weights: Weights::by_half(Severity::Error, Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("member-newly-sent"),
    message: |finding| match finding.direction {
        Some(Direction::Response) => format!("{} was there and is gone", text::member(finding)),
        _ => format!("{} is no longer sent", text::member(finding)),
    },
    ..Rule::WIRE
};

pub(super) static MEMBER_PRESENCE_CHANGED: Rule = Rule {
    id: "member-presence-changed",
    summary: "a member is there always and was not, or the other way round",
    explain: "\
What it does: reports a member that was in all structures that may have it and is in some, in requests a warning;
or was in some and is in all, a note.

Why: what is only sometimes there cannot be relied on.

Example: `DelaySeconds` was in each request and is left out where it is 0.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::by_half(Severity::Warning, Severity::Note),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::MemberPresence { old, new, .. }) if old < new => Some(Severity::Note),
        _ => None,
    },
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} was {} there, and is {} there",
            text::member(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
    ..Rule::WIRE
};

pub(super) static MEMBER_FORM_CHANGED: Rule = Rule {
    id: "member-form-changed",
    summary: "a value is written in another form",
    explain: "\
What it does: reports a member whose values are of other forms than before: a number for a string, ISO 8601 for
epoch seconds, an empty list, null. Where forms are only added, or only fewer, it is a warning.

Why: the service may refuse what it cannot read, or read it otherwise; recordings that are matched by body do not
match. In a response it is a note: check judges it by the contract.

Example: a timestamp was 1693562400 and is 2023-09-01T10:00:00Z, for the protocol changed.

What to do: hold the traffic against the contract with `shapegate check`. If it is meant, `--accept` takes it into
the snapshot.
",
    weights: Weights::by_half(Severity::Error, Severity::Note),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::MemberForm { moved, .. }) => super::lighter_if_more(moved),
        _ => None,
    },
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the form of {} {}", text::member(finding), predicate(finding)),
    ..Rule::WIRE
};

pub(super) static WIRE_ESCAPING_CHANGED: Rule = Rule {
    id: "wire-escaping-changed",
    summary: "a member is written into the URL with other escapes",
    explain: "\
What it does: reports a label of the path or a parameter in which characters stand that did not stand there,
escaped or not. It is an error where the same character was escaped and no longer is, or the other way round,
and a note where merely other characters occur.

Why: signatures and recordings are matched by the URL as it is written, and some routers take `%2F` for a slash.

Example: an ARN in a path is sent as `arn:aws:…` and was sent as `arn%3Aaws%3A…`.

What to do: record again, and see that routers in between keep the two apart. If it is meant, `--accept` takes it
into the snapshot.
",
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::MemberEscape { how: Escaped::OtherCharacters, .. }) => Some(Severity::Note),
        _ => None,
    },
    identity: &["how"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("in the URL, characters of {} changed {}", text::member(finding), text::from_any_to_any(finding))
    },
    ..Rule::WIRE
};

pub(super) static ENUM_VALUE_NEWLY_SENT: Rule = Rule {
    id: "enum-value-newly-sent",
    summary: "a value of an enumeration occurs that did not",
    explain: "\
What it does: reports a value of a member that the model enumerates, which no exchange had.

Why: in a response, code that switches over the values takes its default branch. In a request it says what the
client asks for now.

Example: protected queries are seen as `TIMED_OUT`.

What to do: see that code knows the value. If it is meant, `--accept` takes it into the snapshot.
",
    weights: Weights::same(Severity::Note),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-no-longer-sent"),
    message: |finding| format!("{} is also {}", text::member(finding), text::value(finding, "value")),
    ..Rule::WIRE
};

pub(super) static ENUM_VALUE_NO_LONGER_SENT: Rule = Rule {
    id: "enum-value-no-longer-sent",
    summary: "a value of an enumeration no longer occurs",
    explain: "\
What it does: reports a value of a member that the model enumerates, which some exchange had and none has now.

Why: in a response, code that switches over the values keeps a branch that no traffic proves. In a request it says
what the client no longer asks for.

Example: protected queries are no longer seen as `STARTED`: the recordings do not wait as long.

What to do: see that the traffic still exercises what it should. If it is meant, `--accept` takes it into the
snapshot.
",
    weights: Weights::same(Severity::Note),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-newly-sent"),
    message: |finding| format!("{} is no longer {}", text::member(finding), text::value(finding, "value")),
    ..Rule::WIRE
};
