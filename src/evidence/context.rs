//! What the rest of a recording says about one of its exchanges.

use std::collections::{BTreeMap, BTreeSet};

/// Services that exchanges of a recording are of for sure, by the hosts that they went to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    services: BTreeSet<String>,
    by_host: BTreeMap<String, BTreeSet<String>>,
}

impl Context {
    /// Notes that an exchange is of a service; `host` is where it went, where that is known.
    pub fn add(&mut self, service: &str, host: Option<&str>) {
        if !self.services.contains(service) {
            self.services.insert(service.to_owned());
        }
        if let Some(host) = host.filter(|host| !host.is_empty()) {
            if !self.by_host.get(host).is_some_and(|services| services.contains(service)) {
                self.by_host.entry(host.to_owned()).or_default().insert(service.to_owned());
            }
        }
    }

    /// Whether some exchange is of the service.
    pub fn has(&self, service: &str) -> bool {
        self.services.contains(service)
    }

    /// Services that exchanges with a host are of.
    pub fn of_host(&self, host: &str) -> impl Iterator<Item = &str> {
        self.by_host.get(host).into_iter().flatten().map(String::as_str)
    }
}
