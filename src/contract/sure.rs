//! [`Sure`]: one half of an operation, to be asked of a payload before an exchange is made of it.

use super::{Contract, Judge, ValueForm};
use crate::error::Result;
use crate::model::{Direction, Encoding};
use crate::recording::cursor::Cursor;

/// What payloads of one half of an operation are held against by the fast path.
#[derive(Clone, Copy)]
pub(crate) struct Sure<'c>(&'c Judge);

impl Contract {
    /// One half of an operation; `None` where there is no such operation.
    pub(crate) fn sure(&self, operation: &str, direction: Direction, encoding: Encoding) -> Result<Option<Sure<'_>>> {
        Ok(self.judge(operation, direction, ValueForm { encoding, protocol: None })?.map(Sure))
    }
}

impl Sure<'_> {
    /// Bytes of the value that the text begins with, where that conforms for certain.
    pub(crate) fn conforming(self, text: &str) -> Option<usize> {
        let mut cursor = Cursor::new(text);
        self.0.program.conforms_at(&mut cursor).then(|| cursor.at())
    }
}
