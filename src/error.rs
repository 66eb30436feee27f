//! [`Error`]: the tool could not do its work.
//!
//! What is wrong with recorded traffic is a [`Finding`](crate::finding::Finding), never an `Error`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the tool could not work: where, what, and what to do about it. `Debug` shows the same text, since that is what
/// `unwrap` and a failing test print.
#[derive(Clone)]
pub struct Error(Box<Repr>);

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A kind of [`Error`], by what a program can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or stream could not be read or written; the error's source is the system's.
    Io,
    /// A file is not what it should be: a model, a configuration, a file of approvals.
    Invalid,
    /// Nothing has the name that was given: of a contract, a service, an operation.
    Unknown,
    /// Several are meant, and one has to be named.
    Ambiguous,
    /// There was nothing to judge, which is never a pass.
    NothingToJudge,
    /// None of these.
    Other,
}

#[derive(Debug, Clone)]
struct Repr {
    kind: Option<ErrorKind>,
    path: Option<PathBuf>,
    position: Option<(usize, usize)>,
    cause: String,
    remedy: Option<String>,
    io: Option<Arc<io::Error>>,
}

/// The result of the crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a cause alone. Add the place and the remedy wherever they are known.
    pub fn new(cause: impl Into<String>) -> Self {
        Self(Box::new(Repr { kind: None, path: None, position: None, cause: cause.into(), remedy: None, io: None }))
    }

    /// A text that is not JSON, with its place.
    pub fn not_json(error: &serde_json::Error) -> Self {
        Self::new(format!("not JSON: {error}")).position(error.line().max(1), error.column().max(1))
    }

    /// A file or stream that could not be read or written.
    pub fn io(path: impl Into<PathBuf>, error: io::Error) -> Self {
        let mut made = Self::new(error.to_string()).at(path);
        made.0.io = Some(Arc::new(error));
        made
    }

    /// Names the file (or other source) it happened in.
    #[must_use]
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Names the line and column within the file, both from 1.
    #[must_use]
    pub fn position(mut self, line: usize, column: usize) -> Self {
        self.0.position = Some((line, column));
        self
    }

    /// Names the line and column of a byte of the file's text.
    #[must_use]
    pub fn byte(self, text: &str, at: usize) -> Self {
        let before = &text[..at.min(text.len())];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.position(before.matches('\n').count() + 1, column)
    }

    /// Says of which kind it is, where that does not follow from what else it says.
    #[must_use]
    pub(crate) fn kinded(mut self, kind: ErrorKind) -> Self {
        self.0.kind = Some(kind);
        self
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        let Repr { kind, io, path, position, .. } = &*self.0;
        match kind {
            Some(kind) => *kind,
            None if io.is_some() => ErrorKind::Io,
            // What is wrong at a place of a file is wrong with its content.
            None if path.is_some() || position.is_some() => ErrorKind::Invalid,
            None => ErrorKind::Other,
        }
    }

    /// Says what the user can do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// The same error as one about the line of a file that names what it happened in.
    #[must_use]
    pub fn named_by(mut self, file: impl Into<PathBuf>, line: usize) -> Self {
        if let Some(path) = self.0.path.take() {
            let place = self.0.position.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
            self.0.cause = format!("{}{place}: {}", path.display(), self.0.cause);
        }
        self.at(file).position(line, 1)
    }

    /// The same error, with what could not be done named before its cause.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.0.cause = format!("{what}: {}", self.0.cause);
        self
    }

    /// This error and another one, where both keep the work from being done.
    #[must_use]
    #[cfg(feature = "cli")]
    pub(crate) fn and(self, other: &Self) -> Self {
        let (own, others) = (self.to_string(), other.to_string());
        if own == others { self } else { Self::new(format!("{own}\n{others}")).kinded(self.kind()) }
    }

    /// The file it happened in.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Line and column within the file, both from 1.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        self.0.position
    }

    /// The cause without its place.
    pub fn cause(&self) -> &str {
        &self.0.cause
    }

    /// The file is not there.
    pub fn is_not_found(&self) -> bool {
        self.0.io.as_ref().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// A reader of our output went away. Commands end quietly then.
    pub fn is_broken_pipe(&self) -> bool {
        self.0.io.as_ref().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}", path.display())?;
            if let Some((line, column)) = self.0.position {
                write!(f, ":{line}:{column}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.0.cause)?;
        if let Some(remedy) = &self.0.remedy {
            write!(f, "\n  {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.io.as_deref().map(|error| error as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_file_place_cause_and_remedy_in_this_order() {
        let error = Error::new("line ends too early").at("page.txt").position(3, 7).remedy("Save the page again.");
        assert_eq!(error.to_string(), "page.txt:3:7: line ends too early\n  Save the page again.");
    }

    #[test]
    fn has_a_kind() {
        assert_eq!(Error::new("a").kind(), ErrorKind::Other);
        assert_eq!(Error::new("a").at("file").kind(), ErrorKind::Invalid);
        assert_eq!(Error::io("file", io::ErrorKind::NotFound.into()).kind(), ErrorKind::Io);
        assert_eq!(Error::new("a").kinded(ErrorKind::Unknown).at("file").kind(), ErrorKind::Unknown);
        let error = Error::io("file", io::ErrorKind::NotFound.into()).clone();
        assert!(error.is_not_found() && std::error::Error::source(&error).is_some());
    }

    #[test]
    fn knows_a_broken_pipe() {
        assert!(Error::io("-", io::ErrorKind::BrokenPipe.into()).is_broken_pipe());
        assert!(!Error::io("-", io::ErrorKind::NotFound.into()).is_broken_pipe());
    }
}
