//! [`Breach`]: one fact about traffic that does not keep the contract, before any rule judges it.

use serde::Serialize;
use serde_json::Value;

use super::allowed::Allowed;
use crate::model::{Aspect, Direction, End};
use crate::recording::json::Part;

/// One deviation of recorded traffic, or one thing that kept it from being judged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Breach {
    /// The kind of deviation.
    pub kind: BreachKind,
    /// Half of the exchange; `None` where it concerns all of it.
    pub direction: Option<Direction>,
    /// RFC 6901 pointer into the payload; for something missing, where it should be.
    pub pointer: String,
    /// The part of the text at the pointer that is shown.
    pub part: Part,
    /// Structure that the member belongs to.
    pub shape: Option<String>,
    /// The member.
    pub member: Option<String>,
    /// Part of the member's value.
    pub aspect: Aspect,
    /// The model marks the value sensitive, so it stays out of every report.
    pub sensitive: bool,
}

impl Breach {
    /// A breach of the exchange, or the recording, as a whole.
    pub fn whole(kind: BreachKind) -> Self {
        Self {
            kind,
            direction: None,
            pointer: String::new(),
            part: Part::Value,
            shape: None,
            member: None,
            aspect: Aspect::Whole,
            sensitive: false,
        }
    }
}

/// A kind of deviation. Values of sensitive members are replaced by [`REDACTED`] before they get here.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum BreachKind {
    /// A part of the file cannot be read.
    Malformed {
        /// Why, as a clause.
        reason: String,
        /// Nothing was lost by it.
        harmless: bool,
    },
    /// The file or folder that the user named is no recording.
    NoRecording {
        /// Why, as a clause.
        reason: String,
    },
    /// A part of the file is larger, deeper or more than what is read.
    LimitReached {
        /// Name of the limit.
        limit: &'static str,
        /// The thing that exceeds it, as a noun phrase.
        #[serde(skip)]
        about: &'static str,
        /// Its value.
        most: u64,
    },
    /// The service has no such operation.
    UnknownOperation {
        /// The known name that is most like it.
        nearest: Option<String>,
    },
    /// Several services fit equally well.
    AmbiguousService {
        /// Their names, the one that was judged by first.
        candidates: Vec<String>,
    },
    /// The recording does not name the operation, and several fit equally well.
    AmbiguousOperation {
        /// Their names, the one that was judged by first; with their service's before them where services differ.
        candidates: Vec<String>,
    },
    /// A body, or a part of one, that its protocol cannot decode.
    Undecodable {
        /// Why, as a clause.
        reason: String,
        /// Byte of the body it is about.
        #[serde(skip)]
        at: usize,
        /// Its root element, where that alone is another than modelled: most SDKs read what is in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        root: Option<String>,
        /// The code of the error by which the service refused the request for that.
        #[serde(skip_serializing_if = "Option::is_none")]
        refused: Option<String>,
    },
    /// There was a body, and the recording does not keep it, so that nothing in it was judged.
    Unrecorded {
        /// It keeps another one than was sent, as the request's own hash proves.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        has_other: bool,
    },
    /// A label of the path is empty, so the path is another operation's or nobody's.
    EmptyLabel {
        /// Name of the label.
        #[serde(rename = "label")]
        name: String,
    },
    /// A request for another release of the API, or another service, than the model's.
    OtherRelease {
        /// The version or target that the request states.
        found: String,
        /// The model's.
        expected: String,
    },
    /// A body of another media type than the protocol's or the payload's, or the type of a body that is not there.
    ContentType {
        /// The value of the header.
        found: String,
        /// The value that it should have; `None` where there is no body to have a type.
        #[serde(skip_serializing_if = "Option::is_none")]
        expected: Option<String>,
    },
    /// A success with another status than the model's, or a redirection.
    UnexpectedStatus {
        /// The status.
        found: u16,
        /// The one that the model states.
        #[serde(skip_serializing_if = "Option::is_none")]
        expected: Option<u16>,
    },
    /// The header says another error than the body.
    ContradictingCodes {
        /// The header's code.
        header: String,
        /// The body's code.
        body: String,
    },
    /// An error with another status than the model's.
    ErrorStatus {
        /// The error's code.
        code: String,
        /// The status.
        found: u16,
        /// The model's.
        expected: u16,
    },
    /// An error that comes with the status of a success.
    ErrorInSuccess {
        /// The error's code.
        code: String,
        /// The status.
        status: u16,
    },
    /// An answer to a refused request that does not say which error it is.
    MissingErrorCode {
        /// The status, where it is known.
        status: Option<u16>,
    },
    /// An error in JSON without the header that clients from awsQuery take its code from.
    MissingQueryError {
        /// The error's name in the model.
        code: String,
        /// What awsQuery calls it, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        in_query: Option<String>,
    },
    /// An output that has nothing of this operation's, and everything of another's.
    WrongOutput {
        /// The other operation, where one alone fits.
        #[serde(skip_serializing_if = "Option::is_none")]
        fits: Option<String>,
    },
    /// An error that is not declared for the operation.
    UndeclaredError {
        /// Its code.
        code: String,
        /// Codes that are declared.
        declared: Vec<String>,
        /// The part of the model that knows the code although the operation does not declare it.
        #[serde(skip_serializing_if = "Option::is_none")]
        known: Option<Acquaintance>,
    },
    /// A member that its structure does not have.
    UnexpectedMember {
        /// The one place nearby in this operation or service where the name is at home.
        #[serde(rename = "belongs", skip_serializing_if = "Vec::is_empty")]
        elsewhere: Vec<String>,
        /// Other places that have a member of the name, none of which need be meant.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        namesakes: Vec<String>,
        /// The member of the structure that is most like it.
        nearest: Option<String>,
    },
    /// A required member is not there.
    AbsentMember {
        /// The XML element that it is, where that is not called like the member.
        #[serde(skip_serializing_if = "Option::is_none")]
        element: Option<String>,
    },
    /// `null` in place of a value.
    Null {
        /// Kind of shape that belongs there.
        expected: &'static str,
    },
    /// A value of another type.
    WrongType {
        /// Kind of shape that belongs there.
        expected: &'static str,
        /// JSON type found.
        found: &'static str,
        /// The value.
        value: Value,
        /// The XML elements that the value consists of.
        #[serde(skip_serializing_if = "Option::is_none")]
        element: Option<String>,
        /// It stands where everything is text: in XML, a form, the path, the query string or a header.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        in_text: bool,
    },
    /// Text that is none of the enumeration's values.
    UnknownEnumValue {
        /// The text.
        found: Value,
        /// The enumeration.
        allowed: Allowed,
        /// The value that is most like it.
        nearest: Option<String>,
        /// It is `nearest` but for upper and lower case.
        only_case: bool,
    },
    /// Too short or too long.
    Length {
        /// The unit that is counted.
        unit: &'static str,
        /// How many there are.
        found: u64,
        /// The bound that is broken.
        limit: u64,
        /// Which of the two it is.
        #[serde(rename = "bound")]
        end: End,
    },
    /// Two elements of a list are equal whose elements differ.
    RepeatedItem {
        /// Numbers of the first two that are.
        items: [usize; 2],
    },
    /// Too small or too large a number.
    Number {
        /// The number.
        found: Value,
        /// The bound that is broken.
        limit: Value,
        /// Which of the two it is.
        #[serde(rename = "bound")]
        end: End,
    },
    /// Text that does not match the pattern.
    Pattern {
        /// The text.
        found: Value,
        /// The pattern as the model writes it.
        pattern: String,
        /// It is anchored at one end, and the text matches where it is searched for.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        half_open: bool,
    },
    /// A union without exactly one member.
    Arity {
        /// How many are set: `none` or `several`.
        found: &'static str,
        /// Members that are set.
        set: Vec<String>,
    },
    /// A timestamp in another form.
    TimestampForm {
        /// Form that belongs there.
        expected: &'static str,
        /// The value that is there.
        found: Value,
        /// Form in which it is written, or its JSON type.
        form: &'static str,
    },
    /// A timestamp of the right form that is finer than milliseconds.
    TimestampPrecision {
        /// What is there.
        found: Value,
    },
    /// A blob that is not base64.
    BlobForm {
        /// JSON type found; `string` where its characters are wrong.
        found: &'static str,
    },
    /// A key stands more than once in its object.
    RepeatedKey,
    /// A constraint of the model that nothing can keep.
    Unsatisfiable {
        /// Why.
        reason: String,
    },
    /// A constraint of the model that cannot be checked.
    NotChecked {
        /// Name of the constraint.
        constraint: String,
        /// Why.
        reason: String,
    },
    /// A check that did not come to an end.
    Undecided {
        /// The reason why it stopped.
        reason: String,
    },
    /// A presence expectation that does not hold.
    Unmet {
        /// Id of the expectation.
        expectation: String,
        /// Its statement, as a sentence.
        statement: String,
        /// Whether the documentation states it, or it is inferred.
        stated: bool,
        /// The facts of the exchange that are against it, as a clause.
        reason: String,
    },
}

/// The part of a model that knows an error's code which the operation does not declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Acquaintance {
    /// The service's model has such an error.
    Model,
    /// It is one of the codes that AWS documents for every service, or for all operations of this one.
    Common,
}

/// Stands for a value that must not be shown.
pub const REDACTED: &str = "<redacted>";

impl BreachKind {
    /// A value of another type, of which nothing else is known.
    pub(super) fn wrong_type(expected: &'static str, found: &'static str, value: Value) -> Self {
        Self::WrongType { expected, found, value, element: None, in_text: false }
    }

    /// Whether it is about a part of the file that was not read, so that nothing is known of the values in it.
    pub fn is_unread(&self) -> bool {
        matches!(self, Self::Malformed { harmless: false, .. } | Self::LimitReached { .. })
    }

    /// Whether a member is not there that has to be.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::AbsentMember { .. })
    }

    /// Whether it is about what a text says.
    pub(super) fn is_about_a_text(&self) -> bool {
        matches!(
            self,
            Self::WrongType { .. }
                | Self::UnknownEnumValue { .. }
                | Self::Length { .. }
                | Self::Pattern { .. }
                | Self::TimestampForm { .. }
                | Self::Undecided { .. }
        )
    }

    /// Whether the value itself is unfit, so that its other constraints say nothing more.
    pub(super) fn settles_the_value(&self) -> bool {
        matches!(self, Self::Null { .. } | Self::WrongType { .. } | Self::TimestampForm { .. } | Self::BlobForm { .. })
    }
}
