//! [`Change`]: what differs between two snapshots, as one of many kinds of facts.

use serde::{Serialize, Serializer};

use super::{Moved, Sent, Texts};

/// What is recorded of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recorded {
    /// HTTP messages.
    Http,
    /// Values of requests.
    Requests,
    /// Values of responses.
    Responses,
}

impl Serialize for Recorded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Recorded {
    /// As a noun.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "HTTP messages",
            Self::Requests => "requests",
            Self::Responses => "responses",
        }
    }
}

/// How characters of a URL differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escaped {
    /// The same character was escaped and is not any more, or the other way round.
    Otherwise,
    /// Merely other characters occur.
    OtherCharacters,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the fields say what they are")]
pub enum Change {
    OperationAppeared,
    OperationGone,
    RecordedAppeared {
        part: Recorded,
    },
    RecordedGone {
        part: Recorded,
    },
    Protocol(Moved),
    Method(Moved),
    Host(Moved),
    Uri(Moved),
    Version(Moved),
    QueryAppeared {
        name: String,
        sent: Sent,
    },
    QueryGone {
        name: String,
    },
    QueryPresence {
        name: String,
        old: Sent,
        new: Sent,
    },
    HeaderAppeared {
        name: String,
        sent: Sent,
        value: Texts,
    },
    HeaderGone {
        name: String,
    },
    HeaderPresence {
        name: String,
        old: Sent,
        new: Sent,
    },
    HeaderSigned {
        name: String,
        #[serde(serialize_with = "signed")]
        old: Option<Sent>,
        #[serde(serialize_with = "signed")]
        new: Option<Sent>,
    },
    HeaderValue {
        name: String,
        #[serde(flatten)]
        moved: Moved,
    },
    MemberAppeared {
        #[serde(skip)]
        path: String,
        sent: Option<Sent>,
    },
    MemberGone {
        #[serde(skip)]
        path: String,
    },
    MemberPresence {
        #[serde(skip)]
        path: String,
        old: Sent,
        new: Sent,
    },
    MemberForm {
        #[serde(skip)]
        path: String,
        #[serde(flatten)]
        moved: Moved,
    },
    MemberEscape {
        #[serde(skip)]
        path: String,
        old: Texts,
        new: Texts,
        how: Escaped,
    },
    EnumValueAppeared {
        #[serde(skip)]
        path: String,
        value: String,
    },
    EnumValueGone {
        #[serde(skip)]
        path: String,
        value: String,
    },
    StatusAppeared {
        status: u16,
    },
    StatusGone {
        status: u16,
    },
    ContentType(Moved),
    ErrorAppeared,
    ErrorGone,
}

/// How often a header is signed.
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field")]
fn signed<S: Serializer>(sent: &Option<Sent>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(sent.map_or("never", Sent::as_str))
}

impl Change {
    /// The value that it is about, of those that are sent.
    pub fn moved(&self) -> Option<&Moved> {
        match self {
            Self::Protocol(moved)
            | Self::Method(moved)
            | Self::Host(moved)
            | Self::Uri(moved)
            | Self::Version(moved)
            | Self::ContentType(moved)
            | Self::HeaderValue { moved, .. }
            | Self::MemberForm { moved, .. } => Some(moved),
            _ => None,
        }
    }

    /// Path of the member that it is about.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::MemberAppeared { path, .. }
            | Self::MemberGone { path }
            | Self::MemberPresence { path, .. }
            | Self::MemberForm { path, .. }
            | Self::MemberEscape { path, .. }
            | Self::EnumValueAppeared { path, .. }
            | Self::EnumValueGone { path, .. } => Some(path),
            _ => None,
        }
    }
}
