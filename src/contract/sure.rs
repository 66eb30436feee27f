//! [`Sure`]: one half of an operation, to be asked of a payload before an exchange is made of it.

use super::fast::Nodes;
use super::{Contract, Judge, ValueForm};
use crate::error::Result;
use crate::model::{Direction, Encoding};
use crate::recording::cursor::Cursor;

/// What payloads of one half of an operation are held against by the fast path.
pub(crate) struct Sure<'c>(&'c Judge, Nodes<'c>);

impl Contract {
    /// One half of an operation; `None` where there is no such operation.
    pub(crate) fn sure(&self, operation: &str, direction: Direction, encoding: Encoding) -> Result<Option<Sure<'_>>> {
        let judge = self.judge(operation, direction, ValueForm { encoding, protocol: None })?;
        Ok(judge.map(|judge| Sure(judge, self.nodes(judge))))
    }
}

impl Sure<'_> {
    /// Bytes of the value that the text begins with, where that conforms for certain.
    pub(crate) fn conforming(&self, text: &str) -> Option<usize> {
        let mut cursor = Cursor::new(text);
        self.1.conforms_at(&self.0.root.node, &mut cursor).then(|| cursor.at())
    }
}
