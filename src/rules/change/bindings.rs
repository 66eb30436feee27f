//! Changes of where a member travels and under which name.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Weights};
use crate::rules::text;

pub(super) static WIRE_NAME_CHANGED: Rule = Rule {
    id: "wire-name-changed",
    summary: "a member is written by another name",
    explain: "\
What it does: reports a member whose name on the wire differs while SDKs call it as before; in XML also the elements of
a list or map, and a request's root. Labels of a path have no such name, and names of headers no case.

Why: code does not see it; recordings and mocks have the old key.

Example: `Tags` is written `tags` now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        let what = match (&finding.shape, &finding.member) {
            (Some(_), Some(_)) => text::changed(finding),
            (Some(shape), None) => format!("each element of {shape}"),
            (None, _) => format!("a request of {}", text::changed(finding)),
        };
        format!("{what} is written by another name, {}", text::from_to(finding))
    },
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"]),
    ..Rule::CHANGE
};

pub(super) static LOCATION_CHANGED: Rule = Rule {
    id: "location-changed",
    summary: "a member travels elsewhere",
    explain: "\
What it does: reports a member that moved between body, path, query string, header and status.

Why: code does not see it; recordings and mocks look for it at the old place.

Example: `nextToken` moves from the body to the query string.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("{} moved {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"]),
    comes_with: &[Root::of_operation("http-method-changed"), Root::of_operation("http-uri-changed")],
    ..Rule::CHANGE
};

pub(super) static PAYLOAD_CHANGED: Rule = Rule {
    id: "payload-changed",
    summary: "another member is the whole body",
    explain: "\
What it does: reports a structure whose payload member differs, or of which only one model has one.

Why: the body has another root.

Example: the body of `PutThing` is `thing` itself now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the payload of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::Rules {
        in_place: &["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"],
        anywhere: &["undecodable-body", "unexpected-content-type", "wrong-type"],
    },
    comes_with: &[Root::of_operation("http-method-changed"), Root::of_operation("http-uri-changed")],
    ..Rule::CHANGE
};

pub(super) static QUERY_NAME_CHANGED: Rule = Rule {
    id: "query-name-changed",
    summary: "a member has another name in EC2 query strings",
    explain: "\
What it does: reports a member whose `queryName` differs.

Why: requests have another key.

Example: `blockDeviceMapping` becomes `BlockDeviceMapping`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the query name of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"]),
    ..Rule::CHANGE
};

pub(super) static FLATTENED_CHANGED: Rule = Rule {
    id: "flattened-changed",
    summary: "a list has its wrapping element in one model alone",
    explain: "\
What it does: reports a list or map that is flattened in one of the models.

Why: XML and query strings are laid out otherwise.

Example: `<Tags><Tag/></Tags>` becomes `<Tag/>`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["flattened"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {} flattened",
            text::changed(finding),
            if text::flag(finding, "flattened") { "is now" } else { "is no longer" }
        )
    },
    leads_to: LeadsTo::in_place(&[
        "blob-form",
        "misplaced-member",
        "missing-member",
        "timestamp-form",
        "unknown-member",
        "wrong-type",
    ]),
    ..Rule::CHANGE
};

pub(super) static XML_ATTRIBUTE_CHANGED: Rule = Rule {
    id: "xml-attribute-changed",
    summary: "a member is an XML attribute in one model alone",
    explain: "\
What it does: reports a member that is written as an attribute in one of the models and as an element in the other.

Why: XML is laid out otherwise.

Example: `xsi:type` of a grantee becomes an element.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["attribute"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is written as an {} now",
            text::changed(finding),
            if text::flag(finding, "attribute") { "attribute" } else { "element" }
        )
    },
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"]),
    ..Rule::CHANGE
};

pub(super) static XML_NAMESPACE_CHANGED: Rule = Rule {
    id: "xml-namespace-changed",
    summary: "an XML namespace differs",
    explain: "\
What it does: reports an element whose namespace differs.

Why: services and mocks may refuse the other one.

Example: requests of S3 Control get a namespace.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the namespace of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member", "wrong-type"]),
    ..Rule::CHANGE
};

pub(super) static HOST_LABEL_CHANGED: Rule = Rule {
    id: "host-label-changed",
    summary: "a member is part of the host in one model alone",
    explain: "\
What it does: reports a member that is written into the host name by one of the models.

Why: recordings and mocks that match on the host have the old one.

Example: `AccountId` becomes part of the host.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["hostLabel"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {} part of the host",
            text::changed(finding),
            if text::flag(finding, "hostLabel") { "is now" } else { "is no longer" }
        )
    },
    ..Rule::CHANGE
};

pub(super) static EVENT_BINDING_CHANGED: Rule = Rule {
    id: "event-binding-changed",
    summary: "a member of an event travels elsewhere",
    explain: "\
What it does: reports a member of an event that is its payload, or a header of it, in one of the models.

Why: events are laid out otherwise.

Example: `bytes` becomes the payload of its event.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["payload", "header"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is {} of its event now",
            text::changed(finding),
            match (text::flag(finding, "payload"), text::flag(finding, "header")) {
                (true, _) => "the payload",
                (_, true) => "a header",
                _ => "part of the payload",
            }
        )
    },
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "unknown-member", "wrong-type"]),
    ..Rule::CHANGE
};
