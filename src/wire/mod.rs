//! What travelled, operation by operation, as facts that stay the same from run to run: a [`Snapshot`].
//!
//! It holds no ids, no times, no free text and nothing sensitive, so that it can lie beside the code and be reviewed: names
//! of headers and members, whether each is there always or sometimes, forms of values, values of enumerations. [`mod@file`]
//! is how it is written, [`compare()`] says how two of them differ, as facts without judgement.

mod adopt;
mod change;
mod compare;
mod diff;
pub mod file;
mod moved;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::change::{Change, Escaped, Recorded};
pub use self::compare::{Difference, compare};
pub use self::diff::unified;
pub use self::moved::{Moved, Seen};

/// Several spellings of one fact, sorted.
pub type Texts = BTreeSet<String>;

/// What travelled, by service and operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Operations by service.
    pub services: BTreeMap<String, BTreeMap<String, Operation>>,
}

impl Snapshot {
    /// Service, name and facts of each operation, sorted.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Operation)> {
        let of = |(service, operations)| (service, operations);
        self.services.iter().map(of).flat_map(|(service, operations): (&String, &BTreeMap<_, _>)| {
            operations.iter().map(move |(name, operation): (&String, &Operation)| (&**service, &**name, operation))
        })
    }

    /// The facts of one operation.
    pub fn operation(&self, service: &str, name: &str) -> Option<&Operation> {
        self.services.get(service)?.get(name)
    }
}

/// What travelled when an operation was called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// `None` where no request was recorded.
    pub request: Option<Request>,
    /// `None` where nothing was recorded of what came back when the call was accepted.
    pub response: Option<Answer>,
    /// What came back when it was refused, by error code.
    #[serde(default)]
    pub error: BTreeMap<String, Answer>,
}

/// What was sent. All but the members is known from HTTP messages alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Protocols.
    pub protocol: Texts,
    /// HTTP methods.
    pub method: Texts,
    /// Hosts, with placeholders for what depends on the account, region or resource.
    pub host: Texts,
    /// Paths, as templates.
    pub uri: Texts,
    /// API version that a query protocol states.
    pub version: Texts,
    /// Parameters of the URL that are no members.
    pub query: BTreeMap<String, Query>,
    /// Headers by name, in lower case, but for those that only carry members.
    pub header: BTreeMap<String, Header>,
    /// Members by path.
    pub member: BTreeMap<String, Member>,
}

impl Request {
    /// Whether HTTP messages were recorded, rather than values alone.
    pub fn is_http(&self) -> bool {
        !self.method.is_empty()
    }
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Status codes.
    pub status: BTreeSet<u16>,
    /// Values of the `Content-Type` header.
    #[serde(rename = "content-type")]
    pub content_type: Texts,
    /// Members by path.
    pub member: BTreeMap<String, Member>,
}

/// How often something is there, where it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sent {
    /// In some.
    Sometimes,
    /// In all.
    Always,
}

impl Sent {
    /// Of so many, where there could be so many.
    pub fn of(there: usize, all: usize) -> Self {
        if there < all { Self::Sometimes } else { Self::Always }
    }

    /// `always` or `sometimes`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
        }
    }
}

/// A parameter of the URL.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// In which share of the requests.
    pub sent: Sent,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// In which share of the requests.
    pub sent: Sent,
    /// In which share of them it is part of the signature.
    pub signed: Option<Sent>,
    /// What it says, of headers whose values belong to the protocol.
    #[serde(default)]
    pub value: Texts,
}

/// A member, by its path: `membership.status`, `tags{}` for the values of a map, `memberAbilities[]` for the elements of a
/// list. What is below a structure within itself stands at the outermost place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// In which share of the structures that hold it; `None` for elements and entries.
    pub sent: Option<Sent>,
    /// Forms of its value: `string`, `integer`, `epoch seconds`, `empty list`, `null`. None of what is sensitive.
    #[serde(default)]
    pub form: Texts,
    /// Values, where the model enumerates them.
    #[serde(default)]
    pub value: Texts,
    /// Characters other than letters and digits as they stand in the URL, `%3A` or `:`, where it travels there.
    #[serde(default)]
    pub escape: Texts,
}
