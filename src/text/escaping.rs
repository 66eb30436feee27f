//! JSON without characters that a terminal obeys: as escapes they mean the same to whoever reads it.

use std::io::{self, Write};

/// Takes JSON, in pieces of whole characters, and hands it on.
pub(crate) struct Escaping<'o>(pub(crate) &'o mut dyn Write);

/// What JSON does not escape by itself. White space around values is none of a name, and nobody obeys what is no character.
fn is_obeyed(c: char) -> bool {
    let is_character = u32::from(c) & 0xfffe != 0xfffe;
    is_character && !c.is_ascii_whitespace() && super::is_obeyed(c)
}

impl Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains(is_obeyed) => {
                let mut plain = text;
                while let Some(at) = plain.find(is_obeyed) {
                    let c = plain[at..].chars().next().unwrap_or_default();
                    self.0.write_all(&plain.as_bytes()[..at])?;
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(self.0, "\\u{unit:04x}")?;
                    }
                    plain = &plain[at + c.len_utf8()..];
                }
                self.0.write_all(plain.as_bytes())?;
            }
            _ => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_obeyed_is_escaped_and_means_the_same() {
        let text = "a\u{9b}ü\u{202e}\u{2066}\u{7f}b\u{61c}\u{2028}\u{e0041}";
        let mut bytes = Vec::new();
        serde_json::to_writer(Escaping(&mut bytes), text).expect("a Vec takes it");
        let json = String::from_utf8(bytes).expect("text");
        assert_eq!(json, r#""a\u009bü\u202e\u2066\u007fb\u061c\u2028\udb40\udc41""#);
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
    }
}
