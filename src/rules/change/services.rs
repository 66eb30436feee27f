//! Changes of a service as a whole, and of what it says about itself.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Weights};
use crate::rules::text;

pub(super) static SERVICE_ADDED: Rule = Rule {
    id: "service-added",
    summary: "a service is new",
    explain: "\
What it does: reports a service that only the newer source holds.

Why: nothing that is called today is concerned.

Example: `cleanroomsml` came in botocore 1.33.3.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("service-removed"),
    message: |_| "the service is new".to_owned(),
    ..Rule::CHANGE
};

pub(super) static SERVICE_REMOVED: Rule = Rule {
    id: "service-removed",
    summary: "a service is gone",
    explain: "\
What it does: reports a service that only the older source holds.

Why: no client can be made for it.

Example: `worklink` is gone.

What to do: stay with the older release, or do without the service.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("service-added"),
    message: |_| "the service is gone".to_owned(),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static API_VERSION_ADDED: Rule = Rule {
    id: "api-version-added",
    summary: "a service has another API version",
    explain: "\
What it does: reports an API version of a service that only the newer source holds. Models are compared by the newest
version of each source.

Why: clients take the newest version unless told otherwise, so that calls may change.

Example: `2020-05-31` comes beside `2019-03-26` of cloudfront.

What to do: look at the differences told beside it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["version"],
    mirror: Mirror::Rule("api-version-removed"),
    message: |finding| format!("API version {} is new", text::value(finding, "version")),
    ..Rule::CHANGE
};

pub(super) static API_VERSION_REMOVED: Rule = Rule {
    id: "api-version-removed",
    summary: "an API version of a service is gone",
    explain: "\
What it does: reports an API version of a service that only the older source holds.

Why: a client that names it cannot be made.

Example: `2019-03-26` of cloudfront is gone.

What to do: name another version, or none.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["version"],
    mirror: Mirror::Rule("api-version-added"),
    message: |finding| format!("API version {} is gone", text::value(finding, "version")),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static ENDPOINT_PREFIX_CHANGED: Rule = Rule {
    id: "endpoint-prefix-changed",
    summary: "the service has another host",
    explain: "\
What it does: reports a service whose host name begins with another label.

Why: recordings, mocks and rules of firewalls have the old one.

Example: `email` becomes `ses`.

What to do: look at what names the host.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the endpoint prefix of the service changed {}", text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static ENDPOINT_RULES_CHANGED: Rule = Rule {
    id: "endpoint-rules-changed",
    summary: "the rules that choose an endpoint differ",
    explain: "\
What it does: reports endpoint rules that differ, by a digest of them.

Why: what they mean takes evaluating them for each region and setting, which is not done.

Example: a partition comes.

What to do: look at hosts of recorded traffic after the upgrade: `shapegate snapshot`.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |_| "the endpoint rules of the service differ; what they choose was not evaluated".to_owned(),
    ..Rule::CHANGE
};

pub(super) static SIGNATURE_VERSION_CHANGED: Rule = Rule {
    id: "signature-version-changed",
    summary: "requests are signed by another version",
    explain: "\
What it does: reports a service whose version of signatures differs.

Why: credentials that worked may not.

Example: `s3v4` becomes `v4`.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the signature version of the service changed {}", text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static SIGNING_NAME_CHANGED: Rule = Rule {
    id: "signing-name-changed",
    summary: "requests are signed for another name",
    explain: "\
What it does: reports a service whose name within signatures differs.

Why: policies, proxies and recordings that look at the scope have the old one.

Example: `ses` becomes `email`.

What to do: look at what reads the credential scope.
",
    weights: Weights::both([BREAKING, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the signing name of the service changed {}", text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static AUTH_SCHEMES_CHANGED: Rule = Rule {
    id: "auth-schemes-changed",
    summary: "the service takes other signing schemes",
    explain: "\
What it does: reports a service whose list of signing schemes differs as it takes effect.

Why: credentials that worked may not, or others are preferred.

Example: `smithy.api#httpBearerAuth` comes first.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |finding| format!("the signing schemes of the service changed {}", text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static DOCUMENTATION_CHANGED: Rule = Rule {
    id: "documentation-changed",
    summary: "the documentation differs",
    explain: "\
What it does: reports that the words of the documentation differ, by a digest of them; they are not read.

Why: words change no message, though they may tell of a change that the model does not show.

Example: a sentence about limits comes.

What to do: read the change log of the release.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |_| "the words of the documentation differ".to_owned(),
    ..Rule::CHANGE
};

pub(super) static UNJUDGED_DIFFERENCE: Rule = Rule {
    id: "unjudged-difference",
    summary: "a difference that no rule judges",
    explain: "\
What it does: reports a trait that the contract has no place for and that differs between the sources, with the places
where it does.

Why: nothing that differs is passed over; what it means is for you to tell.

Example: `staticContextParams` of an operation, which endpoint rules read.

What to do: look it up in the documentation of models.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["trait"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("`{}` differs at {}, and no rule judges it", text::value(finding, "trait"), text::places(finding))
    },
    ..Rule::CHANGE
};
