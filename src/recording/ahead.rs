//! A stream that is read ahead in a thread of its own, so that a long archive is unpacked while what came out is judged.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

type Stream = Box<dyn Read + Send>;

/// Bytes that are read without a thread. Most archives are shorter, and a thread costs more than it gains there.
const FIRST: usize = 1 << 20;
/// Bytes that are handed over at once.
const PIECE: usize = 64 << 10;
/// Pieces that may be read ahead.
const PIECES: usize = 16;

/// The same stream, read ahead where it is long.
pub(crate) fn ahead(stream: Stream) -> Stream {
    Box::new(Ahead { state: State::Here { stream, left: FIRST } })
}

struct Ahead {
    state: State,
}

enum State {
    /// It is read by whoever asks, until so many bytes are.
    Here { stream: Stream, left: usize },
    /// A thread reads it.
    There { pieces: Receiver<io::Result<Vec<u8>>>, piece: Vec<u8>, at: usize },
    /// There is no more.
    Over,
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.state {
                State::Here { stream, left } if *left > 0 => {
                    let read = stream.read(buffer)?;
                    *left = left.saturating_sub(read);
                    return Ok(read);
                }
                State::Here { .. } => self.hand_over()?,
                State::There { piece, at, .. } if *at < piece.len() => {
                    let count = buffer.len().min(piece.len() - *at);
                    buffer[..count].copy_from_slice(&piece[*at..*at + count]);
                    *at += count;
                    return Ok(count);
                }
                State::There { pieces, piece, at } => match pieces.recv() {
                    Ok(Ok(next)) => (*piece, *at) = (next, 0),
                    Ok(Err(error)) => {
                        self.state = State::Over;
                        return Err(error);
                    }
                    // The thread ends behind the end of the stream.
                    Err(_) => self.state = State::Over,
                },
                State::Over => return Ok(0),
            }
        }
    }
}

impl Ahead {
    /// Lets a thread read the rest. It ends when nobody waits for more of it.
    fn hand_over(&mut self) -> io::Result<()> {
        let State::Here { stream, .. } = std::mem::replace(&mut self.state, State::Over) else { return Ok(()) };
        let (sender, pieces) = sync_channel(PIECES);
        thread::Builder::new().name("unpack".to_owned()).spawn(move || send(stream, &sender))?;
        self.state = State::There { pieces, piece: Vec::new(), at: 0 };
        Ok(())
    }
}

fn send(mut stream: Stream, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = stream.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        // What came before an error is read before it is told.
        let is_over = read.is_err() || piece.is_empty();
        if !piece.is_empty() && sender.send(Ok(piece)).is_err() {
            return;
        }
        if let Err(error) = read {
            let _ = sender.send(Err(error));
        }
        if is_over {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Bytes that tell their places.
    fn bytes(length: usize) -> Vec<u8> {
        (0..=250).cycle().take(length).collect()
    }

    #[test]
    fn a_stream_is_the_same_at_any_length() {
        for length in [0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + PIECE, FIRST + PIECE * (PIECES + 3) + 7] {
            let mut read = Vec::new();
            ahead(Box::new(io::Cursor::new(bytes(length)))).read_to_end(&mut read).expect("it can be read");
            assert!(read == bytes(length), "{length}");
        }
    }

    /// A stream that fails behind its end, and counts what is read of it.
    struct Failing(io::Cursor<Vec<u8>>, Arc<AtomicU64>);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1.fetch_add(read as u64, Ordering::Relaxed);
            if read == 0 { Err(io::Error::other("it is torn")) } else { Ok(read) }
        }
    }

    #[test]
    fn an_error_comes_behind_all_that_was_read_before_it() {
        let length = FIRST + PIECE * 2 + 5;
        let mut stream = ahead(Box::new(Failing(io::Cursor::new(bytes(length)), Arc::default())));
        let mut read = Vec::new();
        let error = stream.read_to_end(&mut read).expect_err("it fails");
        assert_eq!((read.len(), error.to_string()), (length, "it is torn".to_owned()));
        assert_eq!(stream.read(&mut [0; 8]).expect("it is over"), 0);
    }

    #[test]
    fn no_more_is_read_ahead_than_is_kept() {
        let (count, length) = (Arc::<AtomicU64>::default(), FIRST + PIECE * 10 * PIECES);
        let mut stream = ahead(Box::new(Failing(io::Cursor::new(bytes(length)), Arc::clone(&count))));
        stream.read_exact(&mut vec![0; FIRST + 1]).expect("there is more");
        drop(stream);
        // One piece is held here, so many wait, and one is in the thread's hands.
        assert!(count.load(Ordering::Relaxed) <= (FIRST + PIECE * (PIECES + 2)) as u64);
    }
}
