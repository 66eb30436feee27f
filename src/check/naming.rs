//! What the user says about operations that recordings do not name.

use std::path::Path;

use crate::paths::Paths;
use crate::text::is_like;

/// The operation of single responses, perhaps of some files alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Names of the files that it is about, with `*` for any characters; all files where it is `None`.
    pub files: Option<String>,
    /// The operation, as the API or the AWS CLI spells it.
    pub operation: String,
}

/// The service of some recordings that do not name theirs.
#[derive(Debug, Clone)]
pub struct ServiceOfPaths {
    /// Its name.
    pub service: String,
    /// The recordings.
    pub paths: Paths,
}

impl Naming {
    /// Reads `OPERATION` or `FILES=OPERATION`.
    pub fn parse(text: &str) -> Self {
        match text.rsplit_once('=') {
            Some((files, operation)) => Self { files: Some(files.to_owned()), operation: operation.to_owned() },
            None => Self { files: None, operation: text.to_owned() },
        }
    }

    /// The operation that the first fitting one of `namings` gives a file.
    pub(super) fn of<'n>(namings: &'n [Self], path: &Path) -> Option<&'n str> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let fits = |naming: &&Self| naming.files.as_deref().is_none_or(|files| is_like(files, name));
        namings.iter().find(fits).map(|naming| naming.operation.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_names_the_operation() {
        let namings = ["members-*.json=ListMembers", "*one*=GetMembership", "ListMemberships"].map(Naming::parse);
        let of = |name: &str| Naming::of(&namings, Path::new(name));
        assert_eq!(of("d/members-2.json"), Some("ListMembers"));
        assert_eq!(of("d/the-one.json"), Some("GetMembership"));
        assert_eq!(of("members.json"), Some("ListMemberships"));
        assert_eq!(Naming::of(&namings[..1], Path::new("members.json")), None);
    }
}
