//! Which service an exchange is of, and why: what its request says, weighed against what models say of themselves.
//!
//! [`Evidence`] is what a request says, [`Host`] what its host name alone does, [`Directory`] the services that may be
//! meant. Nothing is judged here, and a contract that happens to be at hand is no evidence.

mod directory;
mod host;
mod request;

pub use self::directory::Directory;
pub(crate) use self::host::{DOMAINS, is_region, without_region};
pub use self::request::Evidence;
pub(crate) use self::request::{decoded, query_pairs};
