//! Approvals in every job: what is accepted, what is said of approvals that do not count, and `shapegate approve`.
//!
//! The command runs in folders of its own, on data that the tests make. What single approvals match is tested beside
//! `src/gate/approvals`.

mod approve;
mod jobs;
mod limits;
mod many;
mod matching;

use shapegate::gate::APPROVALS as FILE;
