//! A recording with secrets planted in it: the copy has the same findings and none of the secrets.

use std::path::Path;

use shapegate::check::{Options, clean};

use super::super::{mutation, seeds};
use super::Target;
use super::fixed::options;
use super::recordings::parts;

pub(super) const TARGET: Target = Target {
    id: "redact",
    about: "redact: a copy that is said to be clean has no secret that was planted, and is clean itself",
    seeds,
    mutate: |random, seed, other| {
        let (head, rest) = seed.split_at(seed.len().min(1));
        [head, &*mutation::text(random, rest, other)].concat()
    },
    run: |input| {
        let Some((slot, _, bytes)) = parts(input) else { return };
        let (planted, secrets) = plant(bytes);
        is_clean(Path::new(slot.name), &planted, &options(), &secrets);
    },
};

/// Stands in seeds for an access key, which is put together when it is planted.
const KEY: &str = "@@key@@";
/// Stands for a bearer token.
const BEARER: &str = "@@bearer@@";

fn seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (at, seed) in seeds::recordings().into_iter().enumerate() {
        let Ok(text) = String::from_utf8(seed.bytes) else { continue };
        // Each takes the place of a text that recordings have.
        let planted = match at % 4 {
            0 => text.replacen("3e3be000", KEY, 2),
            1 => text.replacen("application/json", &format!("Bearer {BEARER}"), 1),
            2 => text.replacen("https://", &format!("https://h/?X-Amz-Credential={KEY}/x&u="), 1),
            _ => text.replacen("ACTIVE", KEY, 1),
        };
        if planted != text {
            all.push(super::recordings::input(&seed.name, planted.as_bytes()));
        }
    }
    all
}

/// The input with secrets in it, and the secrets.
fn plant(bytes: &[u8]) -> (Vec<u8>, Vec<String>) {
    let key = ["AK", "IA", "Q3EGRIDJX7V2LPMT"].concat();
    let bearer = ["eyJ", "hbGciOiJub25lIn0.eyJz", "dWIiOiJ4NzM5In0.c2lnbmVk"].concat();
    let mut text = bytes.to_vec();
    let mut secrets = Vec::new();
    for (mark, secret, before) in [(KEY, key, ""), (BEARER, bearer, "Bearer ")] {
        let whole = format!("{before}{mark}");
        let mut from = 0;
        while let Some(at) = memchr::memmem::find(&text[from..], whole.as_bytes()).map(|found| from + found) {
            let start = at + before.len();
            text.splice(start..start + mark.len(), secret.bytes());
            from = start + secret.len();
            // What letters or digits touch is another word, which nobody can know for a secret.
            let touches = |byte: Option<&u8>| {
                byte.is_some_and(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"/+=_-.%\\".contains(byte))
            };
            if !touches(at.checked_sub(1).and_then(|before| text.get(before))) && !touches(text.get(from)) {
                secrets.push(secret.clone());
            } else {
                return (bytes.to_vec(), Vec::new());
            }
        }
    }
    (text, secrets)
}

/// Asserts that a copy that is said to be clean is.
pub(super) fn is_clean(name: &Path, bytes: &[u8], options: &Options<'_>, secrets: &[String]) {
    let Ok(copy) = clean(name, bytes, options) else { return };
    if copy.suspect || !copy.left.is_empty() {
        return;
    }
    for secret in secrets {
        let found = memchr::memmem::find(&copy.bytes, secret.as_bytes());
        assert!(found.is_none(), "a secret is left: {}", String::from_utf8_lossy(&copy.bytes));
    }
    let again = clean(name, &copy.bytes, options).expect("the copy is a recording, too");
    assert!(!again.suspect && again.left.is_empty(), "the copy cannot be cleaned: {:?}", again.left);
}
