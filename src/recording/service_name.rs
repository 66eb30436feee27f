//! What a recording says about the service.

use std::borrow::Cow;
use std::path::{Component, Path};

/// How a recording names the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceName<'a> {
    /// By the service's own name.
    Name(Cow<'a, str>),
    /// By its endpoint prefix, which services may share, perhaps with text and a dot before it.
    EndpointPrefix(Cow<'a, str>),
    /// Not at all; one of the folders around the file may be named like it.
    Unstated {
        /// Names of the folders, the innermost first.
        folders: Vec<&'a str>,
    },
}

impl ServiceName<'_> {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(name) | Self::EndpointPrefix(name) => name,
            Self::Unstated { folders } => folders.first().copied().unwrap_or_default(),
        }
    }

    /// The same, kept apart from the recording; folders are not kept.
    pub(super) fn into_owned(self) -> ServiceName<'static> {
        match self {
            Self::Name(name) => ServiceName::Name(name.into_owned().into()),
            Self::EndpointPrefix(name) => ServiceName::EndpointPrefix(name.into_owned().into()),
            Self::Unstated { .. } => ServiceName::Unstated { folders: Vec::new() },
        }
    }
}

/// Folders around a file, the innermost first.
pub(super) fn folders(file: &Path) -> impl Iterator<Item = &str> {
    // Most paths are texts, which are taken apart sooner than any path.
    let text = file.to_str().filter(|text| cfg!(unix) && !text.ends_with(['.', '/']));
    let is_name = |part: &&str| !matches!(*part, "" | "." | "..");
    let of_text = text.map(|text| text.rsplit('/').skip(1).filter(is_name));
    let of_path = text.is_none().then(|| by_component(file));
    of_text.into_iter().flatten().chain(of_path.into_iter().flatten())
}

/// The same of any path.
fn by_component(file: &Path) -> impl Iterator<Item = &str> {
    file.components().rev().skip(1).filter_map(name)
}

fn name(part: Component<'_>) -> Option<&str> {
    match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dots_and_slashes_at_the_end_are_no_names() {
        for path in ["a/./", "a/b/.", "a/b/..", "a//", "/", "", "./a", "../a/b", "a/.b/c"] {
            let path = Path::new(path);
            assert!(folders(path).eq(by_component(path)), "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn folders_of_a_text_are_those_of_its_path(path in "[/.a]{0,4}(\\.?\\.?[ab]?/{0,2}){0,6}x?") {
            let path = Path::new(&path);
            prop_assert!(folders(path).eq(by_component(path)), "{path:?}");
        }
    }
}
