//! Payloads of records that are judged as they are read, before an exchange is made of each.

use std::cell::RefCell;

use super::Catalog;
use super::Options;
use crate::contract::{Contract, Paths, Sure};
use crate::error::Result;
use crate::model::{Direction, Encoding};
use crate::recording::Head;

/// Judges payloads in place. It remembers halves of operations that were asked for: a file has few.
pub(super) struct InPlace<'c> {
    catalog: &'c Catalog,
    known: RefCell<Vec<Known<'c>>>,
}

struct Known<'c> {
    service: String,
    operation: String,
    direction: Direction,
    encoding: Encoding,
    half: Sure<'c>,
}

/// Halves that are remembered.
const MOST: usize = 32;

impl<'c> InPlace<'c> {
    /// Judges by these catalogs; `None` where that is not all there is to do with an exchange.
    pub(super) fn of(catalogs: &[&'c Catalog], options: &Options<'_>) -> Option<Self> {
        let [catalog] = catalogs else { return None };
        let is_all = options.paths == Paths::Both && !options.list && options.onlooker.is_none();
        is_all.then(|| Self { catalog, known: RefCell::new(Vec::new()) })
    }

    /// Bytes of the value that a text begins with, where that is a payload with these names and conforms for certain.
    pub(super) fn conforming(&self, head: &Head<'_>, text: &str) -> Option<usize> {
        let mut known = self.known.borrow_mut();
        let at = match known.iter().position(|known| known.is(head)) {
            Some(at) => at,
            None => {
                let contract = self.catalog.of_record(head.service).ok()??;
                let half = contract.sure(head.operation, head.direction, head.encoding).ok()??;
                if known.len() == MOST {
                    known.clear();
                }
                known.push(Known::new(head, half));
                known.len() - 1
            }
        };
        known.get(at)?.half.conforming(text)
    }
}

impl<'c> Known<'c> {
    fn new(head: &Head<'_>, half: Sure<'c>) -> Self {
        let Head { direction, encoding, .. } = *head;
        Self { service: head.service.to_owned(), operation: head.operation.to_owned(), direction, encoding, half }
    }

    fn is(&self, head: &Head<'_>) -> bool {
        self.direction == head.direction
            && self.operation == head.operation
            && self.encoding == head.encoding
            && self.service == head.service
    }
}

impl Catalog {
    /// The contract that a record of a service is held against, of which nothing but the name is known.
    pub(super) fn of_record(&self, service: &str) -> Result<Option<&Contract>> {
        for catalog in self.with_fallback() {
            let own = catalog.called(service).unwrap_or(service);
            if let Some(contract) = catalog.contract_for(own, None)? {
                return Ok(Some(contract));
            }
        }
        Ok(None)
    }
}
