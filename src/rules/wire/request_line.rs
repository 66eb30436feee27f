//! How an operation is called.

use super::predicate;
use crate::finding::{Deviation, Mirror, Rule, Severity, Weights};
use crate::model::Direction;
use crate::wire::Change;

pub(super) static WIRE_PROTOCOL_CHANGED: Rule = Rule {
    id: "wire-protocol-changed",
    summary: "the operation is called in another protocol",
    explain: "\
What it does: reports an operation that is called in another protocol than before.

Why: code stays as it is, but no recording, mock or emulator of the service matches now. No model shows it
where the service speaks several protocols and the client chooses.

Example: boto3 calls SQS in awsQuery up to botocore 1.31.80, and in awsJson from 1.31.81 on.

What to do: record the traffic of the service again, and see that mocks and proxies know the new form. If it is
meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the protocol {}", predicate(finding)),
    ..Rule::WIRE
};

pub(super) static WIRE_METHOD_CHANGED: Rule = Rule {
    id: "wire-method-changed",
    summary: "the operation is called by another HTTP method",
    explain: "\
What it does: reports an operation that is called by another HTTP method than before.

Why: recordings and mocks are matched by method, and so are routes of proxies and emulators.

Example: a list is asked for by POST, with the filter in the body, and was by GET, with the filter in the URL.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the HTTP method {}", predicate(finding)),
    ..Rule::WIRE
};

pub(super) static WIRE_HOST_CHANGED: Rule = Rule {
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
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::Host(moved)) => super::lighter_if_more(moved),
        _ => None,
    },
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the host {}", predicate(finding)),
    ..Rule::WIRE
};

pub(super) static WIRE_URI_CHANGED: Rule = Rule {
    id: "wire-uri-changed",
    summary: "the operation is called at another path",
    explain: "\
What it does: reports a path of another form: another template, a slash more or less at its end, a base path before
it.

Why: recordings and mocks are matched by path, and so are routes of proxies and emulators.

Example: `/2015-03-31/functions` becomes `/2015-03-31/functions/`.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::Uri(moved)) => super::lighter_if_more(moved),
        _ => None,
    },
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the path {}", predicate(finding)),
    ..Rule::WIRE
};

pub(super) static WIRE_VERSION_CHANGED: Rule = Rule {
    id: "wire-version-changed",
    summary: "the operation is called in another version of the API",
    explain: "\
What it does: reports a query protocol's `Version` that differs.

Why: the service may answer otherwise, and recordings that are matched by body or URL do not match.

Example: `Version=2010-08-01` becomes `Version=2016-11-15`.

What to do: read what the other version changes, and record again. If it is meant, `--accept` takes it into the
snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the API version {}", predicate(finding)),
    ..Rule::WIRE
};
