//! What names people, accounts and machines, each replaced by a made-up one of its kind, the same wherever it stands.

// Addresses alone: nothing here has a socket.
use core::net::{Ipv4Addr, Ipv6Addr};
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::finder::Finder;

/// Digits of an account id.
const ACCOUNT: usize = 12;
/// Characters of a map's key that is replaced wherever it stands; shorter ones are words.
const LEAST: usize = 8;

/// Addresses of mail and of machines.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    let mail = r"(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]*(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b)";
    let v4 = r"(?P<v4>[0-9]{1,3}(?:\.[0-9]{1,3}){3})";
    let v6 = r"(?P<v6>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})";
    Regex::new(&format!("{mail}|{v4}|{v6}")).expect("a pattern of ours")
});

/// Runs of digits, of which some are account ids.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]+").expect("a pattern of ours"));

/// Names with what stands for them. Kept for several recordings, they are the same in all of them.
#[derive(Debug, Default)]
pub struct Identities {
    known: HashMap<String, String>,
    /// Keys of sensitive maps.
    keys: Vec<String>,
    /// What finds the keys; made anew where one comes.
    finder: Option<Finder>,
}

impl Identities {
    /// Takes a key of a sensitive map. Whether it is new.
    pub(super) fn key(&mut self, key: &str) {
        if key.chars().count() >= LEAST && !self.known.contains_key(key) {
            let number = self.known.len() + 1;
            self.keys.push(key.to_owned());
            self.finder = None;
            self.known.insert(key.to_owned(), numbered(key, key.len(), number));
        }
    }

    /// A text with every name replaced, and how many were.
    pub(super) fn without(&mut self, text: &str) -> (String, usize) {
        let (text, keys) = self.without_keys(text);
        let (text, addresses) = replaced(&text, &ADDRESSES, |found, before| {
            let start = before.len();
            if let Some(mail) = found.name("mail") {
                return Some((start, self.of_mail(mail.as_str())));
            }
            let address = found.get(0).filter(|_| starts(before))?.as_str();
            let made_up = if found.name("v4").is_some() { self.of_v4(address) } else { self.of_v6(address) };
            made_up.map(|address| (start, address))
        });
        let (text, accounts) = replaced(&text, &DIGITS, |found, before| {
            let run = found.get(0)?.as_str();
            let start = account(before, run)?;
            Some((start, self.of_account(&run[start - before.len()..])))
        });
        (text, keys + addresses + accounts)
    }

    fn without_keys(&mut self, text: &str) -> (String, usize) {
        if self.finder.is_none() {
            self.finder = Finder::of(self.keys.iter().cloned());
        }
        let Some(finder) = &self.finder else { return (text.to_owned(), 0) };
        finder.replaced(text, |key| self.known.get(key).map_or_else(|| key.to_owned(), Clone::clone).into())
    }

    fn of(&mut self, name: &str, made_up: impl FnOnce(usize) -> String) -> String {
        let number = self.known.len() + 1;
        self.known.entry(name.to_owned()).or_insert_with(|| made_up(number)).clone()
    }

    fn of_account(&mut self, account: &str) -> String {
        self.of(account, |number| format!("1{number:011}"))
    }

    /// An address of as many characters, in the same top-level domain.
    fn of_mail(&mut self, mail: &str) -> String {
        // An escaped `@` is the same address.
        let (at, mark) = mail.find('@').map_or_else(|| (mail.find("%40").unwrap_or(0), "%40"), |at| (at, "@"));
        let (user, host) = (&mail[..at], &mail[at + mark.len()..]);
        let plain = format!("{user}@{host}");
        let made_up = self.of(&plain, |number| {
            let end = host.rfind('.').unwrap_or(host.len());
            let domain: String = host[..end].chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }).collect();
            format!("{}@{domain}{}", numbered(user, user.len(), number), &host[end..])
        });
        made_up.replacen('@', mark, 1)
    }

    fn of_v4(&mut self, address: &str) -> Option<String> {
        let parsed: Ipv4Addr = address.parse().ok()?;
        if parsed.is_loopback() || parsed.is_unspecified() || parsed.is_broadcast() {
            return None;
        }
        // 198.18.0.0/15 is for tests (RFC 2544).
        let made_up = |number: usize| format!("198.18.{}.{}", number / 256 % 256, number % 256);
        Some(self.of(address, made_up))
    }

    fn of_v6(&mut self, address: &str) -> Option<String> {
        let parsed: Ipv6Addr = address.parse().ok()?;
        let has_digit = address.bytes().any(|byte| byte.is_ascii_digit());
        if parsed.is_loopback() || parsed.is_unspecified() || !has_digit {
            return None;
        }
        // 2001:db8::/32 is for documentation (RFC 3849).
        Some(self.of(address, |number| format!("2001:db8::{:x}", number % 0x1_0000)))
    }
}

/// A text with what a pattern finds replaced, where something is put in its place: from which byte on, and what. Handed
/// over is what stands before. What goes on with a letter or digit is part of something else.
fn replaced(
    text: &str,
    pattern: &Regex,
    mut made_up: impl FnMut(&Captures<'_>, &str) -> Option<(usize, String)>,
) -> (String, usize) {
    let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for found in pattern.captures_iter(text) {
        let Some(range) = found.get(0).map(|whole| whole.range()) else { continue };
        if text[range.end..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let Some((start, replacement)) = made_up(&found, &text[..range.start]) else { continue };
        without.push_str(&text[at..start]);
        without.push_str(&replacement);
        (at, count) = (range.end, count + 1);
    }
    without.push_str(&text[at..]);
    (without, count)
}

/// Whether a name may begin behind a text.
fn starts(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':')) || is_escape(before)
}

/// Whether a text ends with an escaped character of a URL.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 3 && bytes[bytes.len() - 3] == b'%' && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_hexdigit)
}

/// Where an account id begins within a run of digits behind a text.
fn account(before: &str, run: &str) -> Option<usize> {
    // `%20` before an id looks like two digits more.
    if run.len() == ACCOUNT + 2 && before.ends_with('%') {
        return Some(before.len() + 2);
    }
    let is_part = before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_escape(before);
    let is_fraction = before.ends_with('.') && before[..before.len() - 1].ends_with(|c: char| c.is_ascii_digit());
    (run.len() == ACCOUNT && !is_part && !is_fraction && !is_in_uuid(before)).then_some(before.len())
}

/// Whether a text ends with all of a UUID but its last part.
fn is_in_uuid(before: &str) -> bool {
    let Some(head) = before.len().checked_sub(24).and_then(|start| before.get(start..)) else { return false };
    head.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// A text of so many bytes at least, its letters and digits by `x` but for the last ones, which hold a number.
fn numbered(text: &str, length: usize, number: usize) -> String {
    let mut rest = number;
    let mut made_up: Vec<char> = text.chars().collect();
    for c in made_up.iter_mut().rev().filter(|c| c.is_alphanumeric()) {
        *c = if rest > 0 { char::from(b'a' + u8::try_from(rest % 24).unwrap_or(0)) } else { 'x' };
        rest /= 24;
    }
    let made_up: String = made_up.into_iter().collect();
    if rest > 0 { format!("{made_up}{rest}") } else { made_up.chars().take(length.max(1)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_alike_and_by_their_kind() {
        let mut identities = Identities::default();
        let (account, other) = (["1234", "56789012"].concat(), ["9876", "54321098"].concat());
        let text = format!(
            "arn:aws:iam::{account}:role/x bucket-{account} arn%3Aaws%3Aiam%3A%3A{account}%3Arole {other} \
             bob.smith@corp.example.org bob.smith%40corp.example.org 203.0.113.9 10.1.2.3/16 127.0.0.1 ::1 fe80::1 \
             2024-01-01T12:34:56Z AWS::S3::Bucket 3e3be000-5c1d-4e2a-9b3f-000000000001 0.123456789012 a{account} \
             foo@1.2.3 sdk/1.2.3"
        );
        let (without, count) = identities.without(&text);
        assert_eq!(
            without,
            "arn:aws:iam::100000000005:role/x bucket-100000000005 arn%3Aaws%3Aiam%3A%3A100000000005%3Arole \
             100000000006 xxx.xxxxb@xxxx.xxxxxxx.org xxx.xxxxb%40xxxx.xxxxxxx.org 198.18.0.2 198.18.0.3/16 127.0.0.1 \
             ::1 2001:db8::4 2024-01-01T12:34:56Z AWS::S3::Bucket 3e3be000-5c1d-4e2a-9b3f-000000000001 0.123456789012 "
                .to_owned()
                + &format!("a{account} foo@1.2.3 sdk/1.2.3")
        );
        assert_eq!(count, 9);
        let again = identities.without(&format!("{other} and {account}")).0;
        assert_eq!(again, "100000000006 and 100000000005");
    }

    #[test]
    fn keys_are_replaced_wherever_they_stand() {
        let mut identities = Identities::default();
        identities.key("customer-jane");
        identities.key("short");
        assert_eq!(identities.without("customer-jane short /customer-jane").0, "xxxxxxxx-xxxb short /xxxxxxxx-xxxb");
    }
}
