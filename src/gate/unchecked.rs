//! Which exchanges without a contract fail.

use std::collections::{BTreeMap, BTreeSet};

/// Exchanges of AWS services without a contract that make a run fail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailOnUnchecked {
    /// None.
    #[default]
    Never,
    /// Any.
    Any,
    /// Those of these services, in lower case.
    Of(BTreeSet<String>),
}

impl FailOnUnchecked {
    /// Those of the named services; any where none is named.
    pub fn of(services: impl IntoIterator<Item = String>) -> Self {
        let named: BTreeSet<String> = services.into_iter().map(|name| name.trim().to_lowercase()).collect();
        let named: BTreeSet<String> = named.into_iter().filter(|name| !name.is_empty()).collect();
        if named.is_empty() { Self::Any } else { Self::Of(named) }
    }

    /// Whether these numbers by service fail.
    pub fn fails(&self, unchecked: &BTreeMap<String, usize>) -> bool {
        match self {
            Self::Never => false,
            Self::Any => !unchecked.is_empty(),
            Self::Of(services) => unchecked.keys().any(|service| services.contains(&service.to_lowercase())),
        }
    }
}
