//! [`Edition`]: the version of shapegate whose rules a team has agreed to.

use std::fmt;

use crate::rules;

/// A version of shapegate. Rules that are younger than the edition of a team are notes until it is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition([u32; 3]);

impl Edition {
    /// The edition of this shapegate, which has all of its rules.
    ///
    /// # Panics
    /// Never: Cargo has checked the version.
    pub fn newest() -> Self {
        Self::parse(env!("CARGO_PKG_VERSION")).expect("a package has a version of three numbers")
    }

    /// The edition of the first release, which has the oldest rules.
    pub fn oldest() -> Self {
        rules::all().filter_map(|rule| Self::parse(rule.since)).min().unwrap_or_else(Self::newest)
    }

    /// Reads a version such as `0.1.0`; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let [major, minor, patch] = parts[..] else { return None };
        if ![major, minor, patch].into_iter().all(is_number) {
            return None;
        }
        Some(Self([major.parse().ok()?, minor.parse().ok()?, patch.parse().ok()?]))
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_editions_from_the_first_release_on() {
        assert_eq!(Edition::oldest().to_string(), "0.1.0");
        assert!(Edition::oldest() <= Edition::newest());
    }

    #[test]
    fn editions_are_versions() {
        for text in ["0.1.0", "1.22.333"] {
            assert_eq!(Edition::parse(text).map(|edition| edition.to_string()).as_deref(), Some(text));
        }
        for text in ["", "1", "0.1", "0.1.0.1", "0.1.x", "0.+1.0", "v0.1.0", "0..1"] {
            assert_eq!(Edition::parse(text), None, "{text}");
        }
        assert!(Edition::parse("0.9.0") < Edition::parse("0.10.0"));
        assert!(rules::all().all(|rule| Edition::parse(rule.since) <= Some(Edition::newest())));
    }
}
