//! How large, deep and numerous what is read may be, so that no input takes more time or memory than is there.
//!
//! [`Limits`] are about recordings, and a user may set them. What exceeds one is the finding `limit-reached`, and the
//! rest is read. Models, expectations and files of ours have bounds that nobody sets; what exceeds them is an error.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};

/// Levels within each other, of a model's shapes and of a payload's values. Validators and writers walk both on the stack.
pub const DEPTH: usize = 128;

/// Bytes of a file of models: a wheel has 15 MB.
pub const SOURCE_BYTES: u64 = 256 << 20;
/// Bytes of one model, unpacked: the largest has 12 MB.
pub const MODEL_BYTES: u64 = 32 << 20;
/// Bytes of a file that people write: expectations, approvals.
pub const WRITTEN_BYTES: u64 = 16 << 20;
/// Bytes of a file that this tool writes: snapshots, reports.
pub const OUTPUT_BYTES: u64 = 128 << 20;

/// The limits on recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a record that is one line, or of one exchange in a list of such; a file of these may be of any size.
    pub record_bytes: u64,
    /// Bytes of a file that is one document, unpacked, and is not read exchange by exchange.
    pub document_bytes: u64,
    /// Values within a file that is one document, or within one exchange of a list.
    pub document_values: u64,
    /// Bytes that the packed body of a message may unpack to.
    pub body_bytes: u64,
    /// Bytes that a byte of an archive may unpack to.
    pub ratio: u64,
    /// Levels of values within each other in a payload; less than 128, at which the parser of JSON gives up.
    pub depth: u64,
    /// Values within a payload.
    pub values: u64,
    /// Bytes that the aliases of a YAML document may unfold to.
    pub alias_bytes: u64,
}

/// One of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are described where they are set")]
pub enum Limit {
    RecordBytes,
    DocumentBytes,
    DocumentValues,
    BodyBytes,
    Ratio,
    Depth,
    Values,
    AliasBytes,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: 32 << 20,
            document_bytes: 96 << 20,
            document_values: 2_000_000,
            body_bytes: 32 << 20,
            ratio: 1_000,
            depth: DEPTH as u64 - 1,
            values: 100_000,
            alias_bytes: 32 << 20,
        }
    }
}

impl Limits {
    /// What a limit is set to.
    pub fn of(&self, limit: Limit) -> u64 {
        *self.clone().place(limit)
    }

    /// Sets the limit of that name.
    ///
    /// # Errors
    /// There is none, or it cannot be as high.
    pub fn set(&mut self, name: &str, value: u64) -> Result<()> {
        let limit = Limit::ALL.into_iter().find(|limit| limit.name() == name);
        let limit = limit.ok_or_else(|| {
            let names: Vec<_> = Limit::ALL.into_iter().map(Limit::name).collect();
            Error::new(format!("there is no limit {name:?}")).remedy(format!("Limits are {}.", names.join(", ")))
        })?;
        if value == 0 {
            return Err(Error::new(format!("`{name}` cannot be 0, for nothing could be read")));
        }
        *self.place(limit) = value;
        self.checked()
    }

    /// Whether each can be as high as it is set.
    ///
    /// # Errors
    /// One cannot.
    pub fn checked(&self) -> Result<()> {
        if self.depth < DEPTH as u64 {
            return Ok(());
        }
        Err(Error::new(format!("`depth` cannot be more than {}", DEPTH - 1)))
    }

    fn place(&mut self, limit: Limit) -> &mut u64 {
        match limit {
            Limit::RecordBytes => &mut self.record_bytes,
            Limit::DocumentBytes => &mut self.document_bytes,
            Limit::DocumentValues => &mut self.document_values,
            Limit::BodyBytes => &mut self.body_bytes,
            Limit::Ratio => &mut self.ratio,
            Limit::Depth => &mut self.depth,
            Limit::Values => &mut self.values,
            Limit::AliasBytes => &mut self.alias_bytes,
        }
    }
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RecordBytes,
        Self::DocumentBytes,
        Self::DocumentValues,
        Self::BodyBytes,
        Self::Ratio,
        Self::Depth,
        Self::Values,
        Self::AliasBytes,
    ];

    /// Its name, in arguments, configuration and findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::RecordBytes => "record-bytes",
            Self::DocumentBytes => "document-bytes",
            Self::DocumentValues => "document-values",
            Self::BodyBytes => "body-bytes",
            Self::Ratio => "ratio",
            Self::Depth => "depth",
            Self::Values => "values",
            Self::AliasBytes => "alias-bytes",
        }
    }

    /// What exceeds it, as a noun phrase.
    pub fn about(self) -> &'static str {
        match self {
            Self::RecordBytes => "bytes of one record",
            Self::DocumentBytes => "bytes of one document",
            Self::DocumentValues => "values of one document",
            Self::BodyBytes => "bytes of one unpacked body",
            Self::Ratio => "unpacked bytes for each packed one",
            Self::Depth => "levels within each other",
            Self::Values => "values of one payload",
            Self::AliasBytes => "bytes that aliases unfold to",
        }
    }
}

/// The content of a file that has no reason to be larger than `most` bytes. What a device hands over without end is not
/// read to its end.
///
/// # Errors
/// It cannot be read, or is larger.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    read_sized(file, length, path, most)
}

/// The content of a stream that has no reason to be larger than `most` bytes, where `path` is its name.
///
/// # Errors
/// As [`read`].
pub fn read_all(stream: impl io::Read, path: &Path, most: u64) -> Result<Vec<u8>> {
    read_sized(stream, 0, path, most)
}

/// The same of a stream that is said to have so many bytes, which are not copied as they grow where that is right.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_sized(stream: impl io::Read, length: u64, path: &Path, most: u64) -> Result<Vec<u8>> {
    let length = usize::try_from(length.min(most)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(if length == 0 { 0 } else { length + 1 });
    stream.take(most + 1).read_to_end(&mut bytes).map_err(|error| Error::io(path, error))?;
    if bytes.len() as u64 > most {
        return Err(Error::new(format!("it has more than {} MiB", most >> 20)).at(path));
    }
    Ok(bytes)
}

/// The content of such a file as text.
///
/// # Errors
/// As [`read`], and it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    text(read(path, most)?, path)
}

/// The text of a stream of at most so many bytes; `path` names it.
///
/// # Errors
/// It cannot be read, is longer, or is no UTF-8.
pub fn read_all_text(stream: impl io::Read, path: &Path, most: u64) -> Result<String> {
    text(read_all(stream, path, most)?, path)
}

fn text(bytes: Vec<u8>, path: &Path) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::new("it is not UTF-8 text").at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_is_too_long_is_told_and_not_cut() {
        let read = |text: &'static str| read_all_text(text.as_bytes(), Path::new("-"), 4);
        assert_eq!(read("1\n2\n").expect("four bytes"), "1\n2\n");
        assert!(read("1\n2\n3\n").expect_err("six").to_string().contains("it has more than"));
    }

    #[test]
    fn limits_are_set_by_name() {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            limits.set(limit.name(), 7).expect("a limit");
            assert_eq!(limits.of(limit), 7);
        }
        assert!(limits.set("depth", 128).is_err());
        let error = Limits::default().set("size", 1).expect_err("no such limit");
        assert!(error.to_string().contains("record-bytes"), "{error}");
    }

    #[test]
    fn a_configuration_may_set_some() {
        let limits: Limits = serde_json::from_str(r#"{"record-bytes": 5}"#).expect("limits");
        assert_eq!(limits, Limits { record_bytes: 5, ..Limits::default() });
        assert!(serde_json::from_str::<Limits>(r#"{"size": 5}"#).is_err());
    }
}
