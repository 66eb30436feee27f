//! What decoding an HTTP exchange leaves beside its values: where they came from, and what made no sense.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use crate::model::Direction;

/// What every description of an error in XML may hold beside the members of its shape.
pub const XML_ERROR_PARTS: &[&str] = &["Type", "Code", "Message", "Detail", "RequestId", "RequestID", "HostId"];

/// Where the parts of a decoded value came from, by their JSON pointers.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// In the order that they were noted in; of one pointer the last counts.
    places: Vec<(String, Origin)>,
    /// Numbers of places by pointer. Most exchanges have nothing wrong, and nobody asks.
    by_pointer: OnceLock<HashMap<String, usize>>,
    /// Pointers of keys that stand more than once in the body.
    pub repeated: Vec<String>,
    /// Numbers of the body that floating point does not hold as they are written: pointer and text of each.
    pub rounded: Vec<(String, String)>,
    /// Members under names that the protocol does not know them by.
    pub misnamed: Vec<Misnamed>,
    /// Pointers of values within which a recorder hid something, so that what they were is not known.
    pub hidden: BTreeSet<String>,
    /// The body could not be decoded, so its members are unknown rather than missing.
    pub partial: bool,
}

/// A member under a name of its that counts elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misnamed {
    /// Pointer of the structure.
    pub pointer: String,
    /// The name that is there.
    pub name: String,
    /// The name that belongs there.
    pub own: String,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A label of the path.
    Label(String),
    /// A parameter of the query string.
    Query(String),
    /// A header.
    Header(String),
    /// The status code.
    Status,
    /// A JSON body, at this pointer of it.
    Body(String),
    /// Bytes of a body: a form parameter or an element, by its name.
    Part {
        /// What it is called there.
        name: String,
        /// Bytes of the body.
        range: Range<usize>,
    },
}

impl Origins {
    /// Notes where the value at a pointer came from.
    pub fn insert(&mut self, pointer: String, origin: Origin) {
        self.places.push((pointer, origin));
        self.by_pointer.take();
    }

    /// Where the value at a pointer came from: the origin of the nearest value around it that has one, and the rest of
    /// the pointer below that.
    pub fn find<'p>(&self, pointer: &'p str) -> Option<(&Origin, &'p str)> {
        let by_pointer = self.by_pointer.get_or_init(|| {
            self.places.iter().enumerate().map(|(number, (pointer, _))| (pointer.clone(), number)).collect()
        });
        let mut end = pointer.len();
        loop {
            if let Some((_, origin)) = by_pointer.get(&pointer[..end]).and_then(|number| self.places.get(*number)) {
                return Some((origin, &pointer[end..]));
            }
            end = pointer[..end].rfind('/')?;
        }
    }
}

/// A part of an exchange that its protocol could not make sense of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Half of the exchange.
    pub direction: Direction,
    /// Where in the value it would be.
    pub pointer: String,
    /// What is the matter.
    pub kind: FlawKind,
}

impl Flaw {
    /// A half whose body the recording does not keep.
    pub(crate) fn unrecorded(direction: Direction, has_other: bool) -> Self {
        Self { direction, pointer: String::new(), kind: FlawKind::Unrecorded { has_other } }
    }
}

/// What is said of an answer that is called otherwise than it should be.
pub(crate) fn other_root(found: &str, expected: &str) -> String {
    format!("its root element is <{found}> where <{expected}> belongs")
}

/// What is the matter with a part of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawKind {
    /// A body cannot be decoded.
    Undecodable {
        /// Why, as a clause.
        reason: String,
        /// Byte of the body it is about.
        at: usize,
    },
    /// An answer in XML is called otherwise than the model says.
    OtherRoot {
        /// Name of its root element.
        found: String,
        /// The name that belongs there.
        expected: String,
        /// Byte of the body it is about.
        at: usize,
    },
    /// There was a body, and the recording does not keep it.
    Unrecorded {
        /// It keeps another one, as the request's own hash proves.
        has_other: bool,
    },
    /// A label of the path is empty.
    EmptyLabel {
        /// Its name.
        name: String,
    },
    /// A body of another media type than the protocol's or the payload's, or the type of a body that is not there.
    ContentType {
        /// What the header says.
        found: String,
        /// What it should say; `None` where there is no body to have a type.
        expected: Option<String>,
    },
    /// It calls another release of the API, or another service, than the model's.
    OtherRelease {
        /// What the request says: a version, or a target.
        found: String,
        /// What the model says.
        expected: String,
    },
    /// An error without the header that clients from awsQuery take its code from.
    NoQueryError {
        /// The error's name in the model.
        code: String,
        /// What awsQuery calls it, where that is known.
        in_query: Option<String>,
    },
    /// A header that says another error than the body.
    ErrorCodes {
        /// The header's code.
        header: String,
        /// The body's code.
        body: String,
    },
    /// A member where the model has it elsewhere or not at all.
    Stray {
        /// Its name.
        name: String,
        /// Where it stands.
        place: &'static str,
    },
    /// A value of another type than the model's, told by the protocol's own notation.
    WrongType {
        /// Kind of value that belongs there.
        expected: &'static str,
        /// Kind of value found.
        found: &'static str,
    },
}
