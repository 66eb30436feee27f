//! Event streams (`application/vnd.amazon.eventstream`): messages in a row, each with its length in front.

/// Bytes before a message's headers: its length, the headers' length, and a checksum of both.
const PRELUDE: usize = 12;

/// How many messages a body holds. One that breaks off is not counted.
pub(super) fn count(body: &[u8]) -> usize {
    messages(body).count()
}

/// The messages of a body, prelude and checksum included.
pub(super) fn messages(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let length: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let length = u32::from_be_bytes(length) as usize;
        if length < PRELUDE + 4 || length > rest.len() {
            return None;
        }
        let (message, after) = rest.split_at(length);
        rest = after;
        Some(message)
    })
}
