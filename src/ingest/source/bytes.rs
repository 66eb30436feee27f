//! The bytes of an archive: at hand, or in a file, of which only what is asked for is read. A wheel has 17 MB, and a run
//! needs the list of its files and a few of them.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(super) enum Bytes {
    AtHand(Cursor<Arc<[u8]>>),
    /// Of systems that read at a place without moving it, so that threads can share the file.
    #[cfg(unix)]
    Of(FileAt),
}

impl Bytes {
    pub(super) fn at_hand(bytes: Vec<u8>) -> Self {
        Self::AtHand(Cursor::new(bytes.into()))
    }

    /// The bytes of a file; `None` where this system, or a file of its kind, has to be read whole.
    pub(super) fn of(file: File) -> Option<Self> {
        #[cfg(unix)]
        {
            let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some(Self::Of(FileAt { file: Arc::new(file), length: metadata.len(), at: 0, buffer: Vec::new(), begin: 0 }))
        }
        #[cfg(not(unix))]
        {
            drop(file);
            None
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::AtHand(cursor) => cursor.read(out),
            #[cfg(unix)]
            Self::Of(file) => file.read(out),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::AtHand(cursor) => cursor.seek(to),
            #[cfg(unix)]
            Self::Of(file) => file.seek(to),
        }
    }
}

/// A place in a file that others read as well, with the bytes around it.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct FileAt {
    file: Arc<File>,
    length: u64,
    at: u64,
    buffer: Vec<u8>,
    /// Where the buffer begins in the file.
    begin: u64,
}

#[cfg(unix)]
impl FileAt {
    /// As much as the beginning of a model.
    const BUFFER: usize = 8 << 10;

    /// What of the buffer is behind the place.
    fn ahead(&self) -> &[u8] {
        let from = self.at.checked_sub(self.begin).and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.buffer.get(from..)).unwrap_or_default()
    }
}

#[cfg(unix)]
impl Clone for FileAt {
    fn clone(&self) -> Self {
        Self { file: Arc::clone(&self.file), buffer: Vec::new(), ..*self }
    }
}

#[cfg(unix)]
impl Read for FileAt {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        use std::os::unix::fs::FileExt as _;
        if self.ahead().is_empty() && out.len() >= Self::BUFFER {
            let count = self.file.read_at(out, self.at)?;
            self.at += count as u64;
            return Ok(count);
        }
        if self.ahead().is_empty() {
            self.buffer.resize(Self::BUFFER, 0);
            let count = self.file.read_at(&mut self.buffer, self.at);
            self.buffer.truncate(*count.as_ref().unwrap_or(&0));
            self.begin = self.at;
            count?;
        }
        let ahead = self.ahead();
        let count = ahead.len().min(out.len());
        out[..count].copy_from_slice(&ahead[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(unix)]
impl Seek for FileAt {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))?;
        Ok(self.at)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_reads_as_its_bytes_do() {
        let text: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&text).expect("written");
        let (mut own, mut other) = (Bytes::of(file).expect("a file"), Bytes::at_hand(text));
        for (to, count) in [
            (SeekFrom::Start(0), 10),
            (SeekFrom::Current(5), 7),
            (SeekFrom::End(-3), 100),
            (SeekFrom::Start(100), 20_000),
            (SeekFrom::Current(-15_000), 8_192),
            (SeekFrom::End(-30_000), 40_000),
            (SeekFrom::Start(1 << 30), 4),
        ] {
            assert_eq!(own.seek(to).expect("a place"), other.seek(to).expect("a place"));
            let read = |bytes: &mut Bytes| {
                let mut found = Vec::new();
                bytes.by_ref().take(count).read_to_end(&mut found).expect("readable");
                found
            };
            let mut second = own.clone();
            let found = read(&mut own);
            assert!(found == read(&mut other) && found == read(&mut second), "{to:?}");
        }
        assert!(own.seek(SeekFrom::End(-1 << 30)).is_err());
    }
}
