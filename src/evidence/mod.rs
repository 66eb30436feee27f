//! Which service an exchange is of, and why: what its request says, weighed against what models say of themselves.
//!
//! [`Evidence`] is what a request says, [`Context`] what the rest of the recording does, [`Directory`] the services that may
//! be meant, [`Ground`] a reason. Nothing is judged here, and a contract that happens to be at hand is no evidence.

mod context;
mod directory;
mod ground;
mod host;
mod request;

pub use self::context::Context;
pub use self::directory::{Candidates, Directory};
pub use self::ground::Ground;
pub(crate) use self::host::{DOMAINS, is_region, without_region};
pub use self::request::{Action, Evidence};
pub(crate) use self::request::{query_pairs, rpc, target};
