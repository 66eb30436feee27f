//! Exchanges whose operation the recording does not name as the API does.

use super::Exchange;

/// An exchange whose operation is to be found out.
#[derive(Debug, Clone)]
pub struct Unnamed<'a> {
    /// The exchange. Its operation is what the recording calls it, or empty.
    pub exchange: Exchange<'a>,
    /// What there is to find it by.
    pub clue: Clue,
}

/// What there is to find an operation by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clue {
    /// The exchange's operation is a name, spelt in another way than the API's, such as `get-membership`.
    Spelling,
    /// The values tell; the exchange's operation is a label that somebody chose and that may hold the name, such as
    /// `create-membership-response`.
    Values,
    /// The user says it; where not, the values tell.
    User,
}
