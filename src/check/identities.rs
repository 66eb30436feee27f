//! What names people, accounts and machines, each replaced by a made-up one of its kind, the same wherever it stands.

// Addresses alone: nothing here has a socket.
use core::net::{Ipv4Addr, Ipv6Addr};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::finder::Finder;

/// Digits of an account id.
const ACCOUNT: usize = 12;
/// What no account id begins with, but a counter does: that of a shard, or of an emulator's account.
const COUNTER: &str = "00000000";
/// Characters of a map's key that is replaced wherever it stands; shorter ones are words.
const LEAST: usize = 8;

/// Addresses of mail and of machines, and host names of EC2 that hold one.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    let mail = r"(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]*(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?-u:\b))";
    let host = r"(?:ip|ec2)-(?P<host>[0-9]{1,3}(?:-[0-9]{1,3}){3})";
    let v4 = r"(?P<v4>[0-9]{1,3}(?:\.[0-9]{1,3}){3})";
    let v6 = r"(?P<v6>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})";
    Regex::new(&format!("{mail}|{host}|{v4}|{v6}")).expect("a pattern of ours")
});

/// Runs of digits, of which some are account ids.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]+").expect("a pattern of ours"));

/// Names with what stands for them. Kept for several recordings, they are the same in all of them.
#[derive(Debug, Default)]
pub struct Identities {
    known: HashMap<String, String>,
    /// What stands for them. It is no name: a text may be looked through twice.
    made_up: HashSet<String>,
    /// Keys of sensitive maps.
    keys: Vec<String>,
    /// What finds the keys; made anew where one comes.
    finder: Option<Finder>,
}

impl Identities {
    /// Takes a key of a sensitive map. Whether it is new.
    pub(super) fn key(&mut self, key: &str) {
        if key.chars().count() >= LEAST && !self.known.contains_key(key) && !self.made_up.contains(key) {
            let number = self.known.len() + 1;
            self.keys.push(key.to_owned());
            self.finder = None;
            let made_up = numbered(key, key.len(), number);
            self.made_up.insert(made_up.clone());
            self.known.insert(key.to_owned(), made_up);
        }
    }

    /// A text with every name replaced, and how many were.
    pub(super) fn without(&mut self, text: &str) -> (String, usize) {
        let (text, keys) = self.without_keys(text);
        let (text, addresses) = replaced(&text, &ADDRESSES, |found, text| self.address(found, text));
        let (text, accounts) = replaced(&text, &DIGITS, |found, text| {
            let start = account(text, found.get(0)?.range())?;
            let made_up = self.of_account(&text[start..found.get(0)?.end()])?;
            Some((start, made_up))
        });
        (text, keys + addresses + accounts)
    }

    /// Whether there is a name in a text.
    pub(super) fn are_in(&mut self, text: &str) -> bool {
        self.without(text).1 > 0
    }

    fn without_keys(&mut self, text: &str) -> (String, usize) {
        if self.finder.is_none() {
            self.finder = Finder::of(self.keys.iter().cloned());
        }
        let Some(finder) = &self.finder else { return (text.to_owned(), 0) };
        finder.replaced(text, |key| self.known.get(key).map_or_else(|| key.to_owned(), Clone::clone).into())
    }

    /// Where an address begins, and what stands for it.
    fn address(&mut self, found: &Captures<'_>, text: &str) -> Option<(usize, String)> {
        let whole = found.get(0)?.range();
        // What is before the end of an escape is a part of that.
        let start = escape_end(text, whole.start).unwrap_or(whole.start);
        if found.name("mail").is_some() {
            return Some((start, self.of_mail(&text[start..whole.end])?));
        }
        if let Some(dashed) = found.name("host") {
            let is_part = text[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_escape(text, start);
            let made_up =
                self.of_v4(&dashed.as_str().replace('-', ".")).filter(|_| !is_part && start == whole.start)?;
            return Some((dashed.start(), made_up.replace('.', "-")));
        }
        let address = text.get(start..whole.end)?;
        if found.name("v4").is_some() {
            let starts = starts(text, start) || is_behind_word(&text[..start]);
            return Some((start, self.of_v4(address).filter(|_| starts)?));
        }
        // A colon may end what is before the address.
        let is_behind = address.starts_with(':') && !address.starts_with("::");
        let start = start + usize::from(is_behind);
        let made_up = self.of_v6(&text[start..whole.end]).filter(|_| is_behind || starts(text, start))?;
        Some((start, made_up))
    }

    /// What stands for a name, the same each time; `None` where that is what was found.
    fn of(&mut self, name: &str, made_up: impl Fn(usize) -> String) -> Option<String> {
        if self.made_up.contains(name) {
            return None;
        }
        if let Some(known) = self.known.get(name) {
            return Some(known.clone());
        }
        // One that is a name itself, or stands for another one, would make two into one. There are fewer of both than of these.
        let first = self.known.len() + 1;
        let is_free = |one: &String| !self.known.contains_key(one) && !self.made_up.contains(one);
        let made_up = (first..=3 * first).map(made_up).find(is_free)?;
        self.known.insert(name.to_owned(), made_up.clone());
        self.made_up.insert(made_up.clone());
        Some(made_up)
    }

    fn of_account(&mut self, account: &str) -> Option<String> {
        self.of(account, |number| format!("1{number:011}"))
    }

    /// An address of as many characters, in the same top-level domain.
    fn of_mail(&mut self, mail: &str) -> Option<String> {
        // An escaped `@` is the same address.
        let (at, mark) = mail.find('@').map_or_else(|| (mail.find("%40").unwrap_or(0), "%40"), |at| (at, "@"));
        let (user, host) = (&mail[..at], &mail[at + mark.len()..]);
        let plain = format!("{user}@{host}");
        let made_up = self.of(&plain, |number| {
            let end = host.rfind('.').unwrap_or(host.len());
            let domain: String = host[..end].chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }).collect();
            format!("{}@{domain}{}", numbered(user, user.len(), number), &host[end..])
        })?;
        Some(made_up.replacen('@', mark, 1))
    }

    fn of_v4(&mut self, address: &str) -> Option<String> {
        let parsed: Ipv4Addr = address.parse().ok()?;
        if parsed.is_loopback() || parsed.is_unspecified() || parsed.is_broadcast() {
            return None;
        }
        // 198.18.0.0/15 is for tests (RFC 2544), 240.0.0.0/4 for nobody (RFC 1112).
        let made_up = |number: usize| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let (first, number) =
                if number < 1 << 17 { (0xC612_0000, number) } else { (0xF000_0000, number - (1 << 17)) };
            Ipv4Addr::from(first + number % (1 << 28)).to_string()
        };
        self.of(address, made_up)
    }

    fn of_v6(&mut self, address: &str) -> Option<String> {
        let parsed: Ipv6Addr = address.parse().ok()?;
        let has_digit = address.bytes().any(|byte| byte.is_ascii_digit());
        if parsed.is_loopback() || parsed.is_unspecified() || !has_digit {
            return None;
        }
        // 2001:db8::/32 is for documentation (RFC 3849).
        let first = 0x2001_0db8_u128 << 96;
        self.of(address, |number| Ipv6Addr::from(first + number as u128).to_string())
    }
}

/// A text with what a pattern finds replaced, where something is put in its place: from which byte of the text on, and what.
/// What goes on with a letter or digit is part of something else.
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
        let Some((start, replacement)) = made_up(&found, text) else { continue };
        without.push_str(&text[at..start]);
        without.push_str(&replacement);
        (at, count) = (range.end, count + 1);
    }
    without.push_str(&text[at..]);
    (without, count)
}

/// Whether a name may begin at a byte.
fn starts(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':')) || is_escape(text, at)
}

/// Whether a text ends with a word and a colon. Digits of a longer address may be letters, four at most.
fn is_behind_word(text: &str) -> bool {
    let Some(before) = text.strip_suffix(':') else { return false };
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    !before.ends_with(':') && (word.len() > 4 || !word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether an escape ends before a byte.
fn is_escape(text: &str, at: usize) -> bool {
    escape_end(text, at) == Some(at)
}

/// Bytes of the longest escape that is looked for: `\U0001F600`.
const ESCAPE: usize = 10;

/// Where the escape of a string or URL ends that begins before a byte and holds it, or ends there. A backslash counts
/// whatever is before it, for strings stand within strings.
fn escape_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let start = (at.saturating_sub(ESCAPE)..at).rev().find(|start| matches!(bytes[*start], b'\\' | b'%'))?;
    let is_hexadecimal = |from: usize, count: usize| {
        bytes.get(from..from + count).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let length = match bytes.get(start + 1)? {
        b'u' if bytes[start] == b'\\' && is_hexadecimal(start + 2, 4) => 6,
        b'U' if bytes[start] == b'\\' && is_hexadecimal(start + 2, 8) => 10,
        b'x' if bytes[start] == b'\\' && is_hexadecimal(start + 2, 2) => 4,
        b'a' | b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'v' | b'N' | b'L' | b'P' if bytes[start] == b'\\' => 2,
        _ if bytes[start] == b'%' && is_hexadecimal(start + 1, 2) => {
            // `%25` is a percent sign, perhaps of another escape.
            let mut length = 3;
            while bytes[start + length - 2..].starts_with(b"25") && is_hexadecimal(start + length, 2) {
                length += 2;
            }
            length
        }
        _ => return None,
    };
    (start + length >= at).then_some(start + length)
}

/// Where an account id begins within a run of digits.
fn account(text: &str, run: Range<usize>) -> Option<usize> {
    // `%20` before an id looks like two digits more.
    let behind = escape_end(text, run.start).filter(|end| end + ACCOUNT == run.end);
    let start = behind.or((run.len() == ACCOUNT).then_some(run.start))?;
    let before = &text[..start];
    let is_part = behind.is_none() && before.ends_with(|c: char| c.is_ascii_alphanumeric());
    let is_fraction = before.ends_with('.') && before[..before.len() - 1].ends_with(|c: char| c.is_ascii_digit());
    let is_counter = text[start..].starts_with(COUNTER);
    (!is_part && !is_fraction && !is_counter && !is_in_uuid(before)).then_some(start)
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
        // `x` is no digit, so that no two numbers are alike.
        *c = if rest > 0 { char::from(b'a' + u8::try_from(rest % 23).unwrap_or(0)) } else { 'x' };
        rest /= 23;
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
             foo@1.2.3 sdk/1.2.3 shardId-000000000001"
        );
        let (without, count) = identities.without(&text);
        assert_eq!(
            without,
            "arn:aws:iam::100000000005:role/x bucket-100000000005 arn%3Aaws%3Aiam%3A%3A100000000005%3Arole \
             100000000006 xxx.xxxxb@xxxx.xxxxxxx.org xxx.xxxxb%40xxxx.xxxxxxx.org 198.18.0.2 198.18.0.3/16 127.0.0.1 \
             ::1 2001:db8::4 2024-01-01T12:34:56Z AWS::S3::Bucket 3e3be000-5c1d-4e2a-9b3f-000000000001 0.123456789012 "
                .to_owned()
                + &format!("a{account} foo@1.2.3 sdk/1.2.3 shardId-000000000001")
        );
        assert_eq!(count, 9);
        let again = identities.without(&format!("{other} and {account}")).0;
        assert_eq!(again, "100000000006 and 100000000005");
    }

    /// A text, and what it is without names.
    fn assert_without(text: &str, expected: &str) {
        let mut identities = Identities::default();
        let (without, _) = identities.without(text);
        assert_eq!(without, expected, "{text}");
        assert_eq!(identities.without(&without), (expected.to_owned(), 0), "what stands for names is none");
    }

    #[test]
    fn names_are_looked_for_outside_of_escapes() {
        let account = ["1234", "56789012"].concat();
        for escape in [
            "\\n",
            "\\t",
            "\\\\n",
            "\\u00e9",
            "\\u0020",
            "\\x0a",
            "\\U0001F600",
            "%20",
            "%3A",
            "%253A",
            "%2520",
            " ",
            "from ",
            "/",
        ] {
            let text = |mail: &str, v4: &str, v6: &str, account: &str| {
                format!("\"{escape}{mail}\", \"{escape}{v4}\", \"{escape}{v6}\", \"{escape}{account}\"")
            };
            assert_without(
                &text("bob@corp.example.org", "203.0.113.9", "fe80::1", &account),
                &text("xxb@xxxx.xxxxxxx.org", "198.18.0.2", "2001:db8::3", "100000000004"),
            );
        }
        assert_without(r"jos\u00e9@corp.org", r"jos\u00e91@xxxx.org");
        assert_without(&format!("%{account}"), "%100000000001");
    }

    #[test]
    fn addresses_are_found_behind_words_and_in_host_names() {
        assert_without("from:203.0.113.9 from:2001:db9::1", "from:198.18.0.1 from:2001:db8::2");
        assert_without("https://ip-10-1-2-3.ec2.internal/", "https://ip-198-18-0-1.ec2.internal/");
        assert_without(
            r"\nec2-203-0-113-9.eu-west-1.compute.amazonaws.com 203.0.113.9",
            r"\nec2-198-18-0-1.eu-west-1.compute.amazonaws.com 198.18.0.1",
        );
        for same in ["ab:1.2.3.4", "::1.2.3", "zip-10-1-2-3", "ip-10-1-2-300", "a\\qb 1.2.3"] {
            assert_without(same, same);
        }
    }

    #[test]
    fn no_two_names_become_one() {
        let mut identities = Identities::default();
        let mut seen = HashSet::new();
        for number in 0..140_000_u32 {
            let address = Ipv4Addr::from(0x0A00_0000 + number).to_string();
            assert!(seen.insert(identities.without(&address).0), "{address}");
        }
        let mut identities = Identities::default();
        let mut seen = HashSet::new();
        for number in 0..70_000_u32 {
            let mail = format!("{number:06}@a.org");
            assert!(seen.insert(identities.without(&mail).0), "{mail}");
            let address = format!("fe80::{:x}:{:x}", number >> 16, number & 0xffff);
            assert!(seen.insert(identities.without(&address).0), "{address}");
        }
    }

    #[test]
    fn keys_are_replaced_wherever_they_stand() {
        let mut identities = Identities::default();
        identities.key("customer-jane");
        identities.key("short");
        assert_eq!(identities.without("customer-jane short /customer-jane").0, "xxxxxxxx-xxxb short /xxxxxxxx-xxxb");
    }
}
