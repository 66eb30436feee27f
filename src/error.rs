//! [`Error`]: the tool could not do its work.
//!
//! What is wrong with recorded traffic is a [`Finding`](crate::finding::Finding), never an `Error`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the tool could not work: where, what, and what to do about it.
#[derive(Debug)]
pub struct Error(Box<Repr>);

#[derive(Debug)]
struct Repr {
    path: Option<PathBuf>,
    position: Option<(usize, usize)>,
    cause: String,
    remedy: Option<String>,
    io: Option<io::Error>,
}

/// What the crate's fallible functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a cause alone. Add the place and the remedy wherever they are known.
    pub fn new(cause: impl Into<String>) -> Self {
        Self(Box::new(Repr { path: None, position: None, cause: cause.into(), remedy: None, io: None }))
    }

    /// A text that is not JSON, with its place.
    pub fn not_json(error: &serde_json::Error) -> Self {
        Self::new(format!("not JSON: {error}")).position(error.line().max(1), error.column().max(1))
    }

    /// A file or stream that could not be read or written.
    pub fn io(path: impl Into<PathBuf>, error: io::Error) -> Self {
        let mut made = Self::new(error.to_string()).at(path);
        made.0.io = Some(error);
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
        self.0.io.as_ref().map(|error| error as _)
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
    fn knows_a_broken_pipe() {
        assert!(Error::io("-", io::ErrorKind::BrokenPipe.into()).is_broken_pipe());
        assert!(!Error::io("-", io::ErrorKind::NotFound.into()).is_broken_pipe());
    }
}
